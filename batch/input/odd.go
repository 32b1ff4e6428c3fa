package input

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/rules"
)

// isBlank reports whether nothing stands in any cell of a record, a malformed one
// excepted. The first character of nearly every record says that it is not.
func (in *Input) isBlank(record []byte) bool {
	nothing, quoted := in.onlyBlank(record)
	return nothing && (!quoted || blankCells(in.split(bytes.TrimLeft(record, "\r\n"))))
}

// onlyBlank reports whether a record has nothing but delimiters, blanks and quotation
// marks, and whether it has any of the last.
func (in *Input) onlyBlank(record []byte) (nothing, quoted bool) {
	for rest := record; len(rest) > 0; {
		r, n := rune(rest[0]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(rest)
		}
		switch {
		case r == '"':
			quoted = true
		case r != in.text.Delimiter && !csvtext.Blank(r):
			return false, quoted
		}
		rest = rest[n:]
	}
	return true, quoted
}

// What stands among the rows of files that people made, and is no row.
var (
	totalWords = regexp.MustCompile(`^(?:合计|总计|小计|共计|汇总|总数|总和|grand total|sub-?total|totals?|sum)\b?[\s:：(（]?`)
	hintWords  = regexp.MustCompile(`必填|选填|非必填|可不填|不能为空|请填|填写|说明|示例|样例|例如|例：|如：|格式|注意|备注：|注：|required|optional|example|e\.g\.|format|yyyy|please|note:|instruction`)
)

// noteOdd looks at a record that begins with no number and names no binding: a header that comes again, a total or a
// hint is told as what it is, and not by what is wrong with each of its cells.
func (ps *parser) noteOdd(record []byte) {
	cells := ps.in.split(bytes.TrimLeft(record, "\r\n"))
	l := ps.in.layout
	a := ""
	if at := l.column[field.PhoneNoA]; at >= 0 && at < len(cells) {
		a = cells[at]
	}
	rule := ""
	switch {
	case strings.IndexFunc(a, unicode.IsDigit) >= 0 && numberLike(a):
	case l.isHeaderAgain(cells):
		rule = rules.RowHeader
	case l.good(cells, field.Expiration):
	case slices.ContainsFunc(cells, func(s string) bool { return totalWords.MatchString(strings.ToLower(trim(s))) }):
		rule = rules.RowTotal
	case !l.good(cells, field.GroupID) && slices.ContainsFunc(cells, func(s string) bool { return hintWords.MatchString(strings.ToLower(s)) }):
		rule = rules.RowHint
	}
	if rule != "" {
		ps.row.odd, ps.row.Faults = true, []Fault{l.rowFault(rule)}
	}
}

// isHeaderAgain reports whether a record has the headers of the columns that are read, or
// other names of them.
func (l *layout) isHeaderAgain(cells []string) bool {
	same, other := 0, 0
	for i, s := range cells {
		if i >= len(l.header) || trim(s) == "" {
			continue
		}
		f, ok := field.Of(s)
		switch {
		case field.Key(s) == field.Key(l.header[i]), ok && l.column[f] == i:
			same++
		case l.fieldNames[i] != "":
			other++
		}
	}
	return same >= 2 && other == 0
}

// good reports whether a record has a group, or an end, that can be read.
func (l *layout) good(cells []string, f field.Field) bool {
	at := l.column[f]
	if at < 0 || at >= len(cells) {
		return false
	}
	s := Normalise(f, cells[at])
	if f == field.GroupID {
		return Digits(s)
	}
	_, rule := ExpirationUnix(s)
	return rule == ""
}

func startsWithDigit[T ~string | ~[]byte](s T) bool { return len(s) > 0 && s[0] >= '0' && s[0] <= '9' }
