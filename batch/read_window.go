package batch

import (
	"bytes"
	"io"
	"slices"
	"unicode/utf8"
)

// maxRecord is how long the text of one record may be, in bytes. The longest
// honest one is some kilobytes; a quotation mark that is never closed makes a
// record of the rest of the file.
const maxRecord = 1 << 20

// window is the text on its way to a csv.Reader. It remembers the bytes since
// the end of the last good record: gocsv drops the cells of a record with a
// fault, and they are wanted for the results.
type window struct {
	src   io.Reader
	buf   []byte // text handed out, from offset start on
	start int64
	from  int64 // end of the last record
	lines int   // line ends before start
	cut   bool  // the record behind from is too long; csv was told the text ends
}

// keep says that the text before offset is no longer needed.
func (w *window) keep(offset int64) { w.from = offset }

// text returns the text from the end of the last record to offset, or all of
// it if it was cut. It is valid until the next Read.
func (w *window) text(offset int64) []byte {
	if w.cut {
		return w.buf[w.from-w.start:]
	}
	return w.buf[w.from-w.start : offset-w.start]
}

// rest returns a copy of the text behind the last record.
func (w *window) rest() []byte { return slices.Clone(w.buf[w.from-w.start:]) }

// line returns the number of the line that begins where the last record ends.
func (w *window) line() int {
	return 1 + w.lines + bytes.Count(w.buf[:w.from-w.start], []byte("\n"))
}

// Read implements io.Reader.
func (w *window) Read(p []byte) (int, error) {
	if done := w.from - w.start; done > 0 {
		w.lines += bytes.Count(w.buf[:done], []byte("\n"))
		w.buf = w.buf[:copy(w.buf, w.buf[done:])]
		w.start = w.from
	}
	if len(w.buf) > maxRecord {
		w.cut = true
		return 0, io.EOF
	}
	n, err := w.src.Read(p)
	w.buf = append(w.buf, p[:n]...)
	return n, err
}

// skipLine drops the source up to and including the next line end and returns
// what was read beyond it.
func (w *window) skipLine() ([]byte, error) {
	buf := make([]byte, buffered)
	for {
		n, err := w.src.Read(buf)
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return buf[i+1 : n], nil
		}
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// scanQuotes walks the cells of one record as encoding/csv does, and stops
// where csv does. open is the position of the quotation mark that opens a cell
// which text does not close, or -1. stray tells of a quotation mark inside a
// cell that is not quoted, or of text behind a closing one.
func scanQuotes(text []byte, delimiter rune) (open int, stray bool) {
	var sep [utf8.UTFMax]byte
	comma := sep[:utf8.EncodeRune(sep[:], delimiter)]
	for at := 0; ; {
		if at >= len(text) || text[at] != '"' {
			cell := text[at:]
			i, nl := bytes.Index(cell, comma), bytes.IndexByte(cell, '\n')
			last := i < 0 || nl >= 0 && nl < i
			if last {
				if i = nl; nl < 0 {
					i = len(cell)
				}
			}
			if bytes.IndexByte(cell[:i], '"') >= 0 {
				return -1, true
			}
			if last {
				return -1, false
			}
			at += i + len(comma)
			continue
		}
		opened := at
		for at++; ; {
			i := bytes.IndexByte(text[at:], '"')
			if i < 0 {
				return opened, false
			}
			at += i + 1
			if at < len(text) && text[at] == '"' {
				at++
				continue
			}
			break
		}
		tail := text[at:]
		switch {
		case len(tail) == 0, tail[0] == '\n', bytes.HasPrefix(tail, []byte("\r\n")), len(tail) == 1 && tail[0] == '\r':
			return -1, false
		case bytes.HasPrefix(tail, comma):
			at += len(comma)
		default:
			return -1, true
		}
	}
}
