package input

import (
	"bytes"
	"errors"
	"hash/maphash"
	"io"
	"unicode/utf8"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/rules"
)

// parser turns parts into rows. It is used by one goroutine at a time.
type parser struct {
	in   *Input
	lean bool // a Record needs no cells but those that fill fields, and not for long
	row  Row
	text []byte
	// gocsv is told about the header when it is needed first.
	narrow, wide *records
	lent         []string
	cache        *cellCache     // nil unless rows are judged as they are read
	blank        Blank          // of the part that was read last
	foreign      map[int][]byte // its lines that are in another encoding, as they stand
}

func (in *Input) newParser(lean bool) *parser {
	ps := &parser{in: in, row: Row{layout: in.layout, Fields: in.layout.defaults, Relative: in.layout.relative != ""}, lean: lean && len(in.layout.own) == len(in.layout.header) && !in.layout.bindings}
	if lean {
		ps.cache = &cellCache{seed: maphash.MakeSeed()}
	}
	return ps
}

// read calls emit for each row of p; the row is the parser's, but its Record is
// the caller's to keep.
func (ps *parser) read(p *csvtext.Part, emit func(*Row)) error {
	in := ps.in
	text := ps.unified(p)
	p.Used, ps.blank = len(p.Raw), Blank{}
	if p.Long {
		return ps.readLong(p, text, emit)
	}
	suspect := ps.suspects(p, text)
	r, err := ps.records(suspect)
	if err != nil {
		return err
	}
	marks, walked, line := p.Marks, p.Walked, p.Line
	for at := 0; at < len(text); {
		end := len(text)
		if marks = from(marks, at); len(marks) > 0 {
			end = marks[0].At
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
			text, marks = in.walk(p, text, at)
		default:
			m := in.lineMark(text, at)
			if at == end {
				m, marks = marks[0], marks[1:]
			}
			ps.malformed(text[m.At:m.End], line+bytes.Count(text[at:m.At], []byte{'\n'}), &m, emit)
			line += bytes.Count(text[at:m.End], []byte{'\n'})
			at = m.End
		}
	}
	p.UsedLines = line - p.Line
	return nil
}

// suspects reports whether a part may hold what is no text in its encoding, and notes the
// lines that are in another one.
func (ps *parser) suspects(p *csvtext.Part, text []byte) bool {
	ps.foreign = nil
	s := &ps.in.text.Survey
	if s.Clean {
		return false
	}
	if s.Encoding == csvtext.EncodingGB18030 {
		for n, line := range csvtext.LinesInUTF8(p.Raw) {
			if ps.foreign == nil {
				ps.foreign = map[int][]byte{}
			}
			ps.foreign[p.Line+n] = line
		}
	}
	return ps.foreign != nil || bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(text) || bytes.Contains(text, []byte("\uFFFD"))
}

// malformed makes a row of a record whose quotation marks do not match, unless there is
// nothing else in it.
func (ps *parser) malformed(record []byte, line int, m *csvtext.Mark, emit func(*Row)) {
	if ps.in.isBlank(record) {
		ps.blank.note(line)
		return
	}
	ps.begin(line)
	if cells := ps.in.loose.split(bytes.TrimLeft(record, "\r\n")); len(cells) == len(ps.in.layout.header) {
		ps.fillAll(cells, true)
	} else {
		ps.mend(record, m)
	}
	emit(&ps.row)
}

// names reports whether the row begins with a number, or with a binding. 12 is a count, and
// 11位 a hint.
func (ps *parser) names() bool {
	number := ps.row.Fields[ps.in.layout.key()]
	return len(number) > 6 && Digits(number[:7]) || startsWithDigit(ps.row.SubsID)
}

// cellsOf are the cells of a record, also of one that stands in quotation marks as a whole.
func (ps *parser) cellsOf(record []byte) []string {
	cells := ps.in.split(bytes.TrimLeft(record, "\r\n"))
	if len(cells) == 1 && len(ps.in.layout.header) > 1 {
		return ps.in.split([]byte(cells[0]))
	}
	return cells
}

// unified returns the text of a part in UTF-8, whose lines end in LF.
func (ps *parser) unified(p *csvtext.Part) []byte {
	if p.Text != nil {
		return p.Text
	}
	text, s := p.Raw, &ps.in.text.Survey
	if s.Encoding != csvtext.EncodingUTF8 {
		ps.text = csvtext.Decode(ps.text[:0], p.Raw, s.Encoding)
		text = ps.text
	}
	s.Unify(text)
	return text
}

// from drops the marks that lie before an offset.
func from(marks []csvtext.Mark, at int) []csvtext.Mark {
	for len(marks) > 0 && marks[0].At < at {
		marks = marks[1:]
	}
	return marks
}

// walk marks the malformed records of a part from an offset on, and cuts off the record
// that its text ends in, if more text may belong to it.
func (in *Input) walk(p *csvtext.Part, text []byte, at int) ([]byte, []csvtext.Mark) {
	marks, whole := in.text.Scanner.Walk(text[at:], p.Last)
	if at+whole < len(text) {
		p.Used = csvtext.RawLength(p.Raw, text, at+whole, in.text.Survey.Encoding)
		text = text[:at+whole]
	}
	for i := range marks {
		marks[i].At += at
		marks[i].End += at
	}
	return text, marks
}

// lineMark takes the line at an offset for a malformed record. It serves where
// csv finds a fault that the scanner does not see, which is not known to happen.
func (in *Input) lineMark(text []byte, at int) csvtext.Mark {
	rest, _ := in.text.Scanner.SkipBlank(text[at:])
	m := csvtext.Mark{At: len(text) - len(rest), End: len(text), Column: 1}
	if nl := bytes.IndexByte(rest, '\n'); nl >= 0 {
		m.End = m.At + nl + 1
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
func (ps *parser) stretch(r *records, text []byte, line int, suspect bool, emit func(*Row)) (read int, err error) {
	r.reset(text)
	_, blank := ps.in.text.Scanner.SkipBlank(text)
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
		if !startsWithDigit(text[at:]) && ps.in.isBlank(text[at:r.offset()]) {
			ps.blank.note(line + r.line())
			continue
		}
		ps.begin(line + r.line())
		switch {
		case err != nil:
			record, _ := ps.in.text.Scanner.SkipBlank(text[at:r.offset()])
			ps.placeMiscounted(ps.in.split(record))
		case fields != nil:
			ps.fillFields(fields)
		default:
			ps.fillAll(all[:len(ps.in.layout.header)], suspect)
		}
		if !ps.names() {
			if err := ps.noteAside(ps.cellsOf(text[at:r.offset()])); err != nil {
				return at, err
			}
		}
		emit(&ps.row)
	}
}

// begin clears the row for the next record. Its Fields are overwritten as far as
// they can differ from row to row.
func (ps *parser) begin(line int) {
	r := &ps.row
	r.Line, r.Record, r.Verdict, r.Faults, r.missing, r.skipCells, r.SecretNo, r.SubsID = line, nil, nil, nil, 0, false, "", ""
	r.good, r.nulled, r.unjudged = 0, 0, r.unjudged[:0]
}

// readLong reads the beginning of a line that is too long to be a record.
func (ps *parser) readLong(p *csvtext.Part, text []byte, emit func(*Row)) error {
	rest, blank := ps.in.text.Scanner.SkipBlank(text)
	ps.begin(p.Line + blank)
	_, m, bad, _ := ps.in.text.Scanner.Record(rest)
	if bad {
		ps.mend(rest, &m)
	} else {
		ps.place(ps.in.split(rest), rules.Long, csvtext.MaxRecord>>20)
	}
	emit(&ps.row)
	return nil
}

// cellCache keeps cells of columns in which few texts come again and again, such as
// groups, expirations and cities: what they are normalised to, and whether they were
// found good. It belongs to one goroutine and one reading of the file, so that what was
// good a moment ago still is.
type cellCache struct {
	seed maphash.Seed
	// By field and hash; a later text with the hash of an earlier one replaces it.
	cells [field.NumFields][256]cachedCell
}

// cachedCell is a cell and its normalised text.
type cachedCell struct {
	cell, normal string
	good         bool
}

// repeats tells the fields whose cells are judged by themselves, and repeat
// themselves: numbers and ids do not.
func repeats(f field.Field) bool {
	switch f {
	case field.PhoneNoA, field.PhoneNoB, field.PhoneNoX, field.OutID, field.OutOrderID:
		return false
	}
	return true
}

// normalise is Normalise of a cell of row, and notes there whether the same text was
// found good before.
func (c *cellCache) normalise(row *Row, f field.Field, s string) string {
	if len(s) > 64 { // not worth the memory
		return Normalise(f, s)
	}
	known := &c.cells[f][maphash.String(c.seed, s)%256]
	if known.cell != s {
		*known = cachedCell{cell: s, normal: Normalise(f, s)}
	}
	if known.good {
		row.good |= 1 << f
	} else {
		row.unjudged = append(row.unjudged, known)
	}
	return known.normal
}

// MarkGood notes that nothing was found wrong in the row, so that later cells with the
// texts of its cells need no check.
func (r *Row) MarkGood() {
	for _, known := range r.unjudged {
		known.good = true
	}
}
