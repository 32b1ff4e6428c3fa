package batch_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"axgbind/batch"
)

func TestWriteTemplate(t *testing.T) {
	var b bytes.Buffer
	if err := batch.WriteTemplate(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), "\uFEFFPhoneNoA,") {
		t.Errorf("template begins %q", b.String()[:20])
	}
	in := openText(t, b.String(), batch.InputOptions{})
	if len(in.Columns()) != int(batch.NumFields) || in.Prefixed() || in.Carries() {
		t.Errorf("columns %v", in.Columns())
	}
	rows := readAll(t, in)
	if len(rows) != 1 || rows[0].Check(inputNow) != nil {
		t.Errorf("rows %v: %v", rows, ruleIDs(rows[0].Check(inputNow)))
	}
}

func TestWriteTemplateError(t *testing.T) {
	r, w := io.Pipe()
	r.CloseWithError(io.ErrShortWrite)
	if err := batch.WriteTemplate(w); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("error %v", err)
	}
}
