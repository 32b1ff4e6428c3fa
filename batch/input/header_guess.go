package input

import (
	"runtime"
	"strings"
	"unicode/utf8"

	"axgbind/batch/field"
	"axgbind/batch/rules"
	"axgbind/report"
)

// guess returns the file column that most likely fills a field for which none
// was recognised, or -1: the header that contains a known one, that differs from
// a known one by a slip of the keyboard, or that hints at the field.
func (l *layout) guess(f field.Field, taken map[int]bool) int {
	best, score := -1, 0
	for _, i := range l.own {
		if taken[i] || field.Misread(f, l.header[i]) {
			continue
		}
		if n := f.Likeness(l.header[i]); n > score {
			best, score = i, n
		}
	}
	return best
}

// nearestHeader returns the own column whose header is most like text, or -1. It
// leaves out headers that mean a field already.
func (l *layout) nearestHeader(text string) int {
	key := field.Key(text)
	best, least := -1, 1+max(1, utf8.RuneCountInString(key)/3)
	for _, i := range l.own {
		other := field.Key(l.header[i])
		if _, taken := field.Of(l.header[i]); taken {
			continue
		}
		if d := field.Distance(key, other); d < least && d < utf8.RuneCountInString(other) {
			best, least = i, d
		}
	}
	return best
}

// mapFlag returns the flag that gives a column a field, ready to be typed in a
// shell, with COLUMN for a header that must not or cannot be shown as it is.
func (l *layout) mapFlag(column int, f field.Field) string {
	header := "COLUMN"
	if column >= 0 {
		h, ok := typedHeader(l.header[column])
		if _, quoted := report.Quoted(runtime.GOOS, h); ok && quoted {
			header = h
		}
	}
	word, _ := report.Quoted(runtime.GOOS, header+"="+f.String())
	return "--map " + word
}

// typedHeader returns a header as it is typed: blanks, line breaks and what has no width do not count when headers are
// compared, so each of the former is one blank, and the latter are gone. ok is false
// for a header that cannot be typed, or that may be somebody's number.
func typedHeader(h string) (typed string, ok bool) {
	typed = strings.Join(strings.Fields(strings.Map(visible, h)), " ")
	if field.Key(h) == "" || field.Key(typed) != field.Key(h) || numberLike(h) || utf8.RuneCountInString(typed) > 120 || report.Plain(typed) != typed || strings.ContainsRune(typed, utf8.RuneError) {
		return "", false
	}
	return typed, true
}

// Unread returns the columns that fill no field, under a header that is almost one of a
// field no column fills, in file order. What stands in them would be left out of every
// call. They are told and never read: a wrong number bound costs money.
func (in *Input) Unread() (list []Remark) {
	l := in.layout
	for _, i := range l.own {
		if l.fieldNames[i] != "" || l.bindings && (i == l.secretNo || i == l.subsID) {
			continue
		}
		f, ok := field.Near(l.header[i], func(f field.Field) bool { return l.column[f] < 0 })
		if !ok || numberLike(l.header[i]) || isVerdictColumn(l.header[i]) {
			continue
		}
		r := Remark{Rule: rules.Unread, Line: l.headerLine, Field: f, Letter: ColumnLetter(i + 1), Header: report.Plain(shownHeader(l.header[i]))}
		if _, ok := typedHeader(l.header[i]); ok && !field.Misread(f, l.header[i]) {
			r.Map = l.mapFlag(i, f)
		}
		list = append(list, r)
	}
	return list
}
