package journal

import (
	"bufio"
	"fmt"
	"io"

	"axgbind/batch/ledger"
)

// Writer writes a journal at once, and durable only by the care of whoever has its
// file.
type Writer struct {
	out   *bufio.Writer
	text  []byte
	lines int   // written, the header included
	want  int   // lines that Rewrite was told of; 0: any
	err   error // the first
}

// Write begins a journal. Format and Version of the header are set here, and its
// ID if it has none. Errors come with the next Record, Note or Flush.
func Write(w io.Writer, h Header) *Writer {
	h.complete()
	out := &Writer{out: bufio.NewWriterSize(w, 1<<20)}
	out.text, out.err = encodeHeader(h)
	_ = out.write() // kept in err
	return out
}

// Rewrite begins to write a journal anew that has come to a mark, with so many lines
// behind its header. Its ID and its mark stay. Flush fails unless the lines are as many.
func Rewrite(w io.Writer, h Header, at Mark, lines int) *Writer {
	h.Kept, h.Lines = at, lines
	out := Write(w, h)
	out.want = 1 + lines
	return out
}

// Record adds a record; of its fields and detail holds what Append says.
func (w *Writer) Record(rec *ledger.Record, detail any) error {
	if w.err == nil {
		r := *rec
		r.Code = Word(r.Code)
		w.text, w.err = encode(w.text[:0], &r, r.Kind.String(), detail)
	}
	return w.write()
}

// Note adds a sample, a line that no ledger knows of.
func (w *Writer) Note(detail any) error {
	if w.err == nil {
		w.text, w.err = encode(w.text[:0], &ledger.Record{}, Sample, detail)
	}
	return w.write()
}

func (w *Writer) write() error {
	if w.err == nil {
		_, w.err = w.out.Write(w.text)
		w.lines++
	}
	return w.err
}

// Flush writes what is buffered and returns the first error of all.
func (w *Writer) Flush() error {
	if w.err == nil && w.want > 0 && w.lines != w.want {
		w.err = fmt.Errorf("journal: %d lines were written anew, and %d were foretold", w.lines, w.want)
	}
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}
