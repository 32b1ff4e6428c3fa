package input

import (
	"strings"
	"unicode/utf8"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/rules"
	"axgbind/report"
)

// mend makes a row of a record whose quotation marks do not match: its cells as
// well as they can be told, and the fault.
func (ps *parser) mend(text []byte, m *csvtext.Mark) {
	rule, args := rules.Quotes, []any(nil)
	if m.Open {
		rule, args = rules.QuoteOpen, []any{ps.row.Line + m.Lines}
	}
	ps.place(ps.in.split(text), rule, args...)
	if l := ps.in.layout; m.Column <= len(l.header) {
		f := &ps.row.Faults[len(ps.row.Faults)-1]
		*f = f.in(l, m.Column-1) // the cell itself is not judged
	}
}

// place fills the row from the cells of a malformed record and adds the fault.
// What is missing is empty. Empty cells in excess are no fault: spreadsheets
// write them for columns that were cleared.
func (ps *parser) place(got []string, rule string, args ...any) {
	l := ps.in.layout
	for len(got) > len(l.header) && strings.TrimSpace(got[len(got)-1]) == "" {
		got = got[:len(got)-1]
	}
	ps.row.missing = len(l.header) - len(got)
	all := make([]string, len(l.header))
	copy(all, got)
	ps.fillAll(all, true)
	switch {
	case rule != rules.Columns:
		ps.row.Faults = append(ps.row.Faults, RowFault(rule, args...))
	case len(got) != len(l.header):
		ps.row.Faults = append(ps.row.Faults, RowFault(rule, len(got), len(l.header)))
	}
}

// placeMiscounted fills the row from a record that has not as many cells as the header. One
// whose only cell is a whole line, with as many cells as there should be, is that line.
func (ps *parser) placeMiscounted(got []string) {
	if want := len(ps.in.layout.header); len(got) == 1 && want > 1 {
		got = ps.in.split([]byte(got[0]))
		if len(got) == want {
			ps.fillAll(got, true)
			ps.row.Faults = append(ps.row.Faults, RowFault(rules.InQuotes))
			return
		}
	}
	if n := len(got); n > 0 && n < len(ps.in.layout.header) && blankCells(ps.in.layout.header[n:]) {
		ps.fillAll(append(got, make([]string, len(ps.in.layout.header)-n)...), true)
		return // the header ends in delimiters
	}
	if other := ps.otherDelimiter(got); other != "" {
		ps.place(got, rules.RowDelimiter, other)
		ps.row.skipCells = true // what is wrong with its cells is that
		return
	}
	ps.place(got, rules.Columns)
}

// otherDelimiter is what separates cells of a row that the delimiter does not, if it then
// has as many as the header; else blank.
func (ps *parser) otherDelimiter(got []string) string {
	for _, d := range delimiters {
		n := 0
		for _, s := range got {
			n += 1 + strings.Count(s, string(d))
		}
		if n == len(ps.in.layout.header) && n > len(got) {
			return string(d)
		}
	}
	return ""
}

// fillAll completes the row from all cells of its record, which it keeps.
// suspect says that they may hold what is no text.
func (ps *parser) fillAll(all []string, suspect bool) {
	l, row := ps.in.layout, &ps.row
	if l.excel {
		undoExcel(all)
	}
	if suspect {
		ps.noteDamage(all)
	}
	for _, f := range l.order[:l.filled] {
		ps.fill(f, all[l.column[f]])
	}
	switch {
	case l.isResults:
		row.Verdict = l.readVerdict(all)
	case l.failed: // or results, cut down to the same columns
		if status, ok := report.ParseStatus(trim(all[l.standing])); ok && status.Lasts() {
			row.Verdict = &Verdict{Status: status.String()}
		}
	}
	if l.bindings {
		if l.secretNo >= 0 {
			row.SecretNo = readID(all[l.secretNo])
		}
		if l.subsID >= 0 {
			row.SubsID = readID(all[l.subsID])
		}
	}
	n := len(l.own)
	if n > 0 && l.own[n-1] == n-1 { // the first n columns, as nearly always
		row.Record = all[:n:n]
		return
	}
	row.Record = make([]string, n)
	for i, col := range l.own {
		row.Record[i] = all[col]
	}
}

// noteDamage finds the cells that hold what is no text, and makes it visible.
func (ps *parser) noteDamage(all []string) {
	l, row := ps.in.layout, &ps.row
	if line, is := ps.foreign[row.Line]; is {
		if cells := ps.in.split(line); len(cells) == len(all) {
			copy(all, cells) // the row is written as it is meant
		}
		row.skipCells, row.Faults = true, append(row.Faults, RowFault(rules.Encoding, l.encoding))
		return
	}
	for _, col := range l.own {
		switch s := all[col]; {
		case undecodable(s):
			s = strings.ToValidUTF8(s, "\uFFFD")
			all[col] = s
			row.Faults = append(row.Faults, RowFault(rules.Undecodable, position(s, strings.Index(s, "\uFFFD")), l.encoding).in(l, col))
		case strings.IndexByte(s, 0) >= 0:
			row.Faults = append(row.Faults, RowFault(rules.NUL, position(s, strings.IndexByte(s, 0))).in(l, col))
		}
	}
}

// position is that of a byte of a text, in characters from 1.
func position(s string, at int) int { return utf8.RuneCountInString(s[:at]) + 1 }

// fillFields completes the row from the cells that fill fields. Its Record holds
// nothing else, and is overwritten by the next row.
func (ps *parser) fillFields(c *cells) {
	l := ps.in.layout
	if ps.lent == nil {
		ps.lent = make([]string, len(l.own))
	}
	texts := c.byField()
	for _, f := range l.order[:l.filled] {
		ps.lent[l.column[f]] = texts[f]
		ps.fill(f, texts[f])
	}
	ps.row.Record = ps.lent
}

// fill gives a field the normalised text of its cell, or its default. A cell that is not
// empty, and read as if it were, is noted.
func (ps *parser) fill(f field.Field, s string) {
	if s != "" {
		if ps.cache != nil && repeats(f) {
			s = ps.cache.normalise(&ps.row, f, s)
		} else {
			s = Normalise(f, s)
		}
		if s == "" {
			ps.row.nulled |= 1 << f
		}
	}
	if f == field.Expiration {
		ps.row.Relative = s == "" && ps.in.layout.relative != ""
	}
	if s == "" {
		s = ps.in.layout.defaults[f]
	}
	ps.row.Fields[f] = s
}

// undecodable tells a cell with bytes that are no text in the input's
// encoding. A U+FFFD that stands in the file itself counts: some earlier
// conversion lost the character.
func undecodable(s string) bool {
	return strings.Contains(s, "\uFFFD") || !utf8.ValidString(s)
}
