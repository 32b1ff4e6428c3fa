package batch

import (
	"bytes"
	"errors"
	"hash/maphash"
	"io"
	"unicode/utf8"
)

// parser turns parts into rows. It is used by one goroutine at a time.
type parser struct {
	in   *Input
	lean bool // a Record needs no cells but those that fill fields, and not for long
	row  InputRow
	text []byte
	// gocsv is told about the header when it is needed first.
	narrow, wide *records
	lent         []string
	familiar     *familiar // nil unless rows are judged as they are read
}

func (in *Input) newParser(lean bool) *parser {
	ps := &parser{in: in, row: InputRow{layout: in.layout, Fields: in.layout.defaults, relative: in.layout.relative != ""}, lean: lean && len(in.layout.own) == len(in.layout.header) && !in.layout.bindings}
	if lean {
		ps.familiar = &familiar{seed: maphash.MakeSeed()}
	}
	return ps
}

// read calls emit for each row of p; the row is the parser's, but its Record is
// the caller's to keep.
func (ps *parser) read(p *part, emit func(*InputRow)) error {
	in := ps.in
	text := p.text
	if text == nil {
		if text = p.raw; in.survey.encoding != encodingUTF8 {
			ps.text = decode(ps.text[:0], p.raw, in.survey.encoding)
			text = ps.text
		}
		in.survey.unify(text)
	}
	p.used = len(p.raw)
	if p.long {
		return ps.readLong(p, text, emit)
	}
	suspect := !in.survey.clean && (bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) || bytes.Contains(text, []byte("\uFFFD")))
	r, err := ps.records(suspect)
	if err != nil {
		return err
	}
	marks, walked, line := p.marks, p.walked, p.line
	for at := 0; at < len(text); {
		end := len(text)
		for len(marks) > 0 && marks[0].at < at {
			marks = marks[1:]
		}
		if len(marks) > 0 {
			end = marks[0].at
		}
		read, err := ps.stretch(r, text[at:end], line, suspect, emit)
		if err != nil {
			return err
		}
		line += bytes.Count(text[at:at+read], []byte{'\n'})
		at += read
		switch {
		case at == len(text):
		case at < end && !walked: // csv met a fault: find out what it is
			walked = true
			var whole int
			if marks, whole = in.scanner.walk(text[at:], p.last); at+whole < len(text) {
				p.used = rawLength(p.raw, text, at+whole, in.survey.encoding)
				text = text[:at+whole]
			}
			for i := range marks {
				marks[i].at += at
				marks[i].end += at
			}
		default:
			m := in.lineMark(text, at)
			if at == end {
				m, marks = marks[0], marks[1:]
			}
			ps.begin(line + bytes.Count(text[at:m.at], []byte{'\n'}))
			ps.mend(text[m.at:m.end], &m)
			emit(&ps.row)
			line += bytes.Count(text[at:m.end], []byte{'\n'})
			at = m.end
		}
	}
	p.usedLines = line - p.line
	return nil
}

// lineMark takes the line at an offset for a malformed record. It serves where
// csv finds a fault that the scanner does not see, which is not known to happen.
func (in *Input) lineMark(text []byte, at int) mark {
	rest, _ := in.scanner.skipBlank(text[at:])
	m := mark{at: len(text) - len(rest), end: len(text), column: 1}
	if nl := bytes.IndexByte(rest, '\n'); nl >= 0 {
		m.end = m.at + nl + 1
	}
	return m
}

// records returns what reads the next part: all columns where a cell of any may
// have lost characters.
func (ps *parser) records(suspect bool) (r *records, err error) {
	at := &ps.narrow
	if !ps.lean || suspect {
		at = &ps.wide
	}
	if *at == nil {
		*at, err = newRecords(ps.in, at == &ps.wide)
	}
	return *at, err
}

// stretch reads the records of text up to the first whose quotation marks do
// not match, and returns where that one begins, blank lines before it included.
func (ps *parser) stretch(r *records, text []byte, line int, suspect bool, emit func(*InputRow)) (read int, err error) {
	r.reset(text)
	_, blank := ps.in.scanner.skipBlank(text)
	line += blank
	for first := true; ; first = false {
		at := r.offset()
		fields, all, err := r.read()
		if errors.Is(err, io.EOF) {
			return len(text), nil
		}
		if err != nil && !miscounted(err) {
			return at, nil
		}
		if first {
			line -= r.line() // from here on the difference between the counts
		}
		ps.begin(line + r.line())
		switch {
		case err != nil:
			record, _ := ps.in.scanner.skipBlank(text[at:r.offset()])
			ps.place(ps.in.split(record), ruleColumns)
		case fields != nil:
			ps.fillFields(fields)
		default:
			ps.fillAll(all[:len(ps.in.layout.header)], suspect)
		}
		emit(&ps.row)
	}
}

// begin clears the row for the next record. Its Fields are overwritten as far as
// they can differ from row to row.
func (ps *parser) begin(line int) {
	r := &ps.row
	r.Line, r.Record, r.Verdict, r.faults, r.missing, r.SecretNo, r.SubsID = line, nil, nil, nil, 0, "", ""
	r.good, r.strangers = 0, r.strangers[:0]
}

// readLong reads the beginning of a line that is too long to be a record.
func (ps *parser) readLong(p *part, text []byte, emit func(*InputRow)) error {
	rest, blank := ps.in.scanner.skipBlank(text)
	ps.begin(p.line + blank)
	_, m, bad, _ := ps.in.scanner.record(rest)
	if bad {
		ps.mend(rest, &m)
	} else {
		ps.place(ps.in.split(rest), ruleLong, maxRecord>>20)
	}
	emit(&ps.row)
	return nil
}
