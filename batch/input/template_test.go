package input_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"
)

func TestWriteTemplate(t *testing.T) {
	var fields [2][field.NumFields]string
	for lang, first := range []string{"PhoneNoA,", "A号码,"} {
		var b bytes.Buffer
		if err := input.WriteTemplate(&b, report.Lang(lang)); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(b.String(), "\uFEFF"+first) {
			t.Errorf("template begins %q", b.String()[:20])
		}
		in := openText(t, b.String(), input.Options{})
		if len(in.Columns()) != int(field.NumFields) || in.Prefixed() || in.IsResults() {
			t.Errorf("columns %v", in.Columns())
		}
		for i, c := range in.Columns() {
			if c.Field != field.Field(i) {
				t.Errorf("column %q is taken for %v, stands where %v does", c.Header, c.Field, field.Field(i))
			}
		}
		rows := readAll(t, in)
		if len(rows) != 1 || rows[0].Check(inputNow) != nil {
			t.Errorf("rows %v: %v", rows, ruleIDs(rows[0].Check(inputNow)))
		}
		fields[lang] = rows[0].Fields
	}
	if fields[0] != fields[1] {
		t.Errorf("the templates are not the same row: %q, %q", fields[0], fields[1])
	}
}

func TestWriteTemplateError(t *testing.T) {
	r, w := io.Pipe()
	r.CloseWithError(io.ErrShortWrite)
	if err := input.WriteTemplate(w, report.EN); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("error %v", err)
	}
}
