package journal_test

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// A journal that was written anew is opened like any other, and what Record and
// Append make of a record is the same.
func TestWrite(t *testing.T) {
	synctest.Test(t, testWrite)
}

func testWrite(t *testing.T) {
	d := &disk{}
	j := create(t, d, journal.Options{})
	odd := ledger.Record{Kind: ledger.Refused, Call: 9, Code: "a b\x01", Ref: 77}
	j.Append(intent(1), detail{Line: 2})
	j.Note(detail{Line: 3})
	j.Append(odd, nil)
	shut(t, j)

	var anew bytes.Buffer
	w := journal.Write(&anew, j.Header())
	rec := intent(1)
	if err := errors.Join(w.Record(&rec, detail{Line: 2}), w.Note(detail{Line: 3}), w.Record(&odd, nil), w.Flush()); err != nil {
		t.Fatal(err)
	}
	if anew.String() != string(d.text) {
		t.Errorf("written anew:\n%s\nappended:\n%s", anew.Bytes(), d.text)
	}
	if odd.Code != "a b\x01" || odd.Ref != 77 {
		t.Errorf("the record was changed: %+v", odd)
	}
}

// The first error stays, whatever comes behind it.
func TestWriteFails(t *testing.T) {
	broken := errors.New("I/O error")
	good := intent(1)
	for name, test := range map[string]struct {
		w     func() *journal.Writer
		bad   func(*journal.Writer) error
		cause error // nil: any
	}{
		"record": {nil, func(w *journal.Writer) error { return w.Record(&ledger.Record{}, nil) }, nil},
		"note":   {nil, func(w *journal.Writer) error { return w.Note(nil) }, nil},
		"flush":  {func() *journal.Writer { return journal.Write(badWriter{broken}, journal.Header{}) }, (*journal.Writer).Flush, broken},
		"header": {func() *journal.Writer {
			return journal.Write(&bytes.Buffer{}, journal.Header{Created: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)})
		}, func(w *journal.Writer) error { return w.Record(&good, nil) }, nil},
		"large": {func() *journal.Writer { return journal.Write(badWriter{broken}, journal.Header{}) }, func(w *journal.Writer) error {
			return w.Record(&good, append(append([]byte(`{"`), bytes.Repeat([]byte("x"), 1<<20)...), `":1}`...))
		}, broken},
	} {
		var out bytes.Buffer
		w := journal.Write(&out, journal.Header{})
		if test.w != nil {
			w = test.w()
		}
		first := test.bad(w)
		if first == nil || test.cause != nil && !errors.Is(first, test.cause) {
			t.Errorf("%s: %v", name, first)
		}
		for i, err := range []error{w.Record(&good, nil), w.Note(detail{}), w.Flush()} {
			if err != first {
				t.Errorf("%s: behind it, %d: %v, want %v", name, i, err, first)
			}
		}
		if out.Len() > 0 {
			t.Errorf("%s: written: %s", name, out.Bytes())
		}
	}
}

type badWriter struct{ err error }

func (b badWriter) Write([]byte) (int, error) { return 0, b.err }

// A journal written anew keeps its ID and its mark, however many lines it has.
func TestRewrite(t *testing.T) {
	for _, test := range []struct {
		number      uint64
		told, lines int
		fails       bool
	}{
		{number: 9, told: 2, lines: 2},
		{number: 2, told: 2, lines: 2},
		{number: 1, told: 2, lines: 2},
		{number: 0, told: 0, lines: 0},
		{number: 9, told: 0, lines: 0},
		{number: 9, told: 1, lines: 2, fails: true},
		{number: 9, told: 3, lines: 2, fails: true},
		{number: 9, told: 0, lines: 1, fails: true},
	} {
		at := journal.Mark{Number: test.number, Sum: journal.Sum(test.number * 77)}
		d := &disk{}
		h := journal.Header{ID: "00000000000000a1"}
		var out bytes.Buffer
		w := journal.Rewrite(&out, h, at, test.told)
		for i := range test.lines {
			rec := intent(i)
			if err := w.Record(&rec, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); (err != nil) != test.fails {
			t.Errorf("%+v: %v", test, err)
		}
		if test.fails {
			continue
		}
		d.text = out.Bytes()
		j, err := journal.Open(d, func(*journal.Line) error { return nil }, journal.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if j.Header().ID != h.ID || j.Mark() != at {
			t.Errorf("%+v: %+v, %v", test, j.Header(), j.Mark())
		}
		if err := j.Append(intent(5), nil).Wait(); err != nil || j.Mark().Number != test.number+1 || j.Mark().Sum == at.Sum {
			t.Errorf("%+v: %v, %v after one more", test, err, j.Mark())
		}
		shut(t, j)
		if test.lines == 0 {
			continue
		}
		short := out.Bytes()[:bytes.LastIndexByte(out.Bytes()[:out.Len()-1], '\n')+1]
		_, err = journal.Open(&disk{text: short}, none, journal.Options{})
		if damage, ok := errors.AsType[*journal.DamageError](err); !ok || damage.Offset != int64(len(short)) {
			t.Errorf("%+v without its last line: %v", test, err)
		}
	}
}
