package input

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/rules"
)

// isBlank reports whether a record has nothing but delimiters, blanks and quotation marks.
// The first character of nearly every record tells that it has more.
func (in *Input) isBlank(record []byte) bool {
	for rest := record; len(rest) > 0; {
		r, n := rune(rest[0]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(rest)
		}
		if r != '"' && r != in.text.Delimiter && !csvtext.Blank(r) {
			return false
		}
		rest = rest[n:]
	}
	return true
}

// What stands among the rows of files that people made, and is no row.
var (
	totalWords = regexp.MustCompile(`^[(（【*]*(?:(?:本页|总|累)?(?:合\s*[计計]|[总總][计計])|小[计計]|共[计計]|汇总|累[计計]|总数|总和|总记录数|grand total|sub-?total|totals?|sum|count|records)[)）】]?(?:\s*[:：=(（0-9].*|\s+[0-9].*)?$|^共\s*[0-9]+\s*[条行笔个]`)
	hintWords  = regexp.MustCompile(`^[(（【*]*(?:必填|选填|非必填|可不填|可选|不能为空|请|填写|说明|示例|样例|例如|[例如注][:：]|格式|注意|备注[:：]|required|optional|example|e\.g|format|yyyy|please|note[:：]|instruction|[0-9]+\s*位|数字|文本|字符串|日期|(?:varchar|bigint|int|string|text|datetime|number)\b|(?:y|n|y/n|是/否)$)`)
)

// noteAside looks at a record that begins with no number and names no binding: a header that
// comes again, a total or a hint is told as what it is, and not by what is wrong with each
// of its cells. A header that differs ends the reading: the rows below it are another file's.
func (ps *parser) noteAside(cells []string) error {
	l := ps.in.layout
	first := ""
	if at := l.column[l.key()]; at >= 0 && at < len(cells) {
		first = cells[at]
	}
	rule := ""
	switch {
	case numberLike(first), l.good(cells, field.Expiration):
	case l.isHeaderAgain(cells):
		rule = rules.RowHeader
	case l.differs(cells):
		return &Error{Kind: "two-headers", args: []any{l.headerLine, ps.row.Line}}
	case count(cells, totalWords) > 0:
		rule = rules.RowTotal
	case !l.good(cells, field.GroupID) && (count(cells, hintWords) > 1 || hintWords.MatchString(strings.ToLower(trim(first)))):
		rule = rules.RowHint
	}
	if rule != "" {
		ps.row.skipCells, ps.row.Faults = true, []Fault{RowFault(rule)}
	}
	return nil
}

// key is the field that says whom a row is about.
func (l *layout) key() field.Field {
	if l.numbers {
		return field.PhoneNoX
	}
	return field.PhoneNoA
}

// count tells how many cells are like an expression, in lower case.
func count(cells []string, like *regexp.Regexp) (n int) {
	for _, s := range cells {
		if like.MatchString(strings.ToLower(trim(s))) {
			n++
		}
	}
	return n
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

// Aside reports whether the record is no row, but a header that comes again, a total or a
// hint.
func (r *Row) Aside() bool {
	return r.skipCells && slices.Contains([]string{rules.RowHeader, rules.RowTotal, rules.RowHint}, r.Faults[0].Rule)
}

func startsWithDigit[T ~string | ~[]byte](s T) bool { return len(s) > 0 && s[0] >= '0' && s[0] <= '9' }
