package csvtext

import (
	"bytes"
	"unicode/utf8"
)

// RecordScanner walks over records as encoding/csv does, without taking them apart,
// and says of those with wrong quotation marks where they end and where the
// trouble began. csv does not: a mark that is never closed makes one record of
// the rest of the file for it.
type RecordScanner struct {
	comma []byte
	lone  bool // a CR alone ends a line; the scanner makes it an LF
}

// NewRecordScanner returns a scanner of text with that delimiter and those line ends.
func NewRecordScanner(delimiter rune, ends LineEnds) RecordScanner {
	return RecordScanner{comma: utf8.AppendRune(nil, delimiter), lone: ends == endsMixed}
}

// Mark is a record whose quotation marks do not match.
type Mark struct {
	At, End int // where its text begins, and behind its line end
	Lines   int // line ends in it before the cell at fault
	Column  int // of that cell, from 1
	Open    bool
}

// Walk goes over the records of text. It returns those whose quotation marks
// do not match and the length of the records that are complete, which is all of
// text if text is final. A record that text ends in is not complete: more text
// may close its cell.
func (s RecordScanner) Walk(text []byte, final bool) (marks []Mark, whole int) {
	if !final {
		text = bytes.TrimSuffix(text, []byte{'\r'}) // it may belong to an LF that follows
	}
	for whole < len(text) {
		rest, _ := s.SkipBlank(text[whole:])
		at := len(text) - len(rest)
		if len(rest) == 0 {
			return marks, at
		}
		end, m, bad, complete := s.Record(rest)
		if !complete && !final {
			return marks, whole
		}
		if bad {
			m.At, m.End = at, at+end
			marks = append(marks, m)
		}
		whole = at + end
	}
	return marks, whole
}

// Record finds the end of the record that text begins with. If its quotation
// marks do not match, bad is true and it ends with its line; if a cell went over
// lines by then, with the line on which that cell was opened: its closing mark is
// most likely the opening one of a later cell. complete is false if text ends
// before the record does.
func (s RecordScanner) Record(text []byte) (end int, m Mark, bad, complete bool) {
	stop, end, ended := s.line(text, 0)
	first, firstColumn := -1, 0 // the first cell that goes over lines
	done := func() (int, Mark, bool, bool) {
		s.endLine(text, end)
		return end, m, false, ended
	}
	fault := func(column int) (int, Mark, bool, bool) {
		if m.Column = column; first >= 0 {
			m.Column, m.Open = firstColumn, true
			_, end, ended = s.line(text, first)
		}
		s.endLine(text, end)
		return end, m, true, ended
	}
	for at, column := 0, 1; ; column++ {
		if at >= len(text) || text[at] != '"' {
			cell, _, more := bytes.Cut(text[at:stop], s.comma)
			switch {
			case bytes.IndexByte(cell, '"') >= 0:
				return fault(column)
			case !more:
				return done()
			}
			at += len(cell) + len(s.comma)
			continue
		}
		opened := at
		if at = closed(text, opened); at < 0 {
			m.Column, m.Open, m.Lines = column, true, bytes.Count(text[:opened], []byte{'\n'})
			_, end, _ = s.line(text, opened)
			s.endLine(text, end)
			return end, m, true, false
		}
		if at > end {
			if first < 0 {
				first, firstColumn = opened, column
			}
			stop, end, ended = s.line(text, at)
		}
		switch tail := text[at:stop]; {
		case len(tail) == 0:
			return done()
		case bytes.HasPrefix(tail, s.comma):
			at += len(s.comma)
		default:
			return fault(column)
		}
	}
}

// closed returns where the text goes on behind a cell that is opened by a quotation
// mark; -1 if nothing closes it.
func closed(text []byte, opened int) int {
	for at := opened + 1; ; at++ {
		i := bytes.IndexByte(text[at:], '"')
		if i < 0 {
			return -1
		}
		if at += i + 1; at == len(text) || text[at] != '"' { // not doubled
			return at
		}
	}
}

// line returns where the content of the line ends that goes on at from, and
// where the line itself does. ended is false if text ends before it.
func (s RecordScanner) line(text []byte, from int) (stop, end int, ended bool) {
	rest := text[from:]
	nl := bytes.IndexByte(rest, '\n')
	if s.lone {
		line := rest
		if nl >= 0 {
			line = rest[:nl]
		}
		if cr := bytes.IndexByte(line, '\r'); cr >= 0 && (cr+1 < len(line) || nl < 0) {
			// A CR at the very end of text may belong to an LF that follows.
			return from + cr, from + cr + 1, cr+1 < len(rest)
		}
	}
	if nl < 0 {
		return len(bytes.TrimSuffix(text, []byte{'\r'})), len(text), false
	}
	end = from + nl + 1
	if nl > 0 && rest[nl-1] == '\r' {
		return end - 2, end, true
	}
	return end - 1, end, true
}

// endLine makes a CR that ends the line before end an LF.
func (s RecordScanner) endLine(text []byte, end int) {
	if s.lone && end > 0 && text[end-1] == '\r' {
		text[end-1] = '\n'
	}
}

// SkipBlank drops the blank lines that text begins with, and counts them.
func (s RecordScanner) SkipBlank(text []byte) (rest []byte, lines int) {
	for len(text) > 0 {
		switch {
		case text[0] == '\n':
			text = text[1:]
		case bytes.HasPrefix(text, []byte("\r\n")):
			text = text[2:]
		case s.lone && text[0] == '\r':
			text[0] = '\n'
			text = text[1:]
		case len(text) == 1 && text[0] == '\r':
			return nil, lines // csv drops it at the end of the text
		default:
			return text, lines
		}
		lines++
	}
	return text, lines
}
