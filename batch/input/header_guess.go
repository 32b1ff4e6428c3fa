package input

import (
	"runtime"
	"strings"
	"unicode/utf8"

	"axgbind/report"
)

// fieldHints are parts of headers that speak for a field, compared by headerKey.
// They suggest a --map and never decide: a wrong number bound costs money.
var fieldHints = map[Field][]string{
	PhoneNoA:   {"主叫", "手机", "电话", "号码", "phone", "mobile", "tel", "cell", "msisdn"},
	GroupID:    {"group", "分组", "组", "grp"},
	Expiration: {"expir", "到期", "过期", "失效", "有效", "截止", "结束", "deadline", "valid", "until", "endtime", "enddate"},
}

// guess returns the file column that most likely fills a field for which none
// was recognised, or -1: the header that contains a known one, that differs from
// a known one by a slip of the keyboard, or that hints at the field.
func (l *layout) guess(f Field, taken map[int]bool) int {
	best, score := -1, 0
	for _, i := range l.own {
		if taken[i] {
			continue
		}
		if n := likeness(f, HeaderKey(l.header[i])); n > score {
			best, score = i, n
		}
	}
	return best
}

// likeness tells how much a header looks like one of the field, from 0.
func likeness(f Field, key string) int {
	if key == "" {
		return 0
	}
	best := 0
	for _, name := range append([]string{f.String()}, fieldAliases[f]...) {
		name = HeaderKey(name)
		n := utf8.RuneCountInString(name)
		switch slips := EditDistance(key, name); {
		case n >= 2 && strings.Contains(key, name):
			best = max(best, 300+n)
		case n >= 4 && slips <= n/4:
			best = max(best, 200-slips)
		}
	}
	if best > 0 {
		return best
	}
	for _, hint := range fieldHints[f] {
		if strings.Contains(key, hint) {
			return 100
		}
	}
	return 0
}

// nearestHeader returns the own column whose header is most like text, or -1. It
// leaves out headers that mean a field already.
func (l *layout) nearestHeader(text string) int {
	key, known := HeaderKey(text), fieldByKey()
	best, least := -1, 1+max(1, utf8.RuneCountInString(key)/3)
	for _, i := range l.own {
		other := HeaderKey(l.header[i])
		if _, taken := known[other]; taken {
			continue
		}
		if d := EditDistance(key, other); d < least && d < utf8.RuneCountInString(other) {
			best, least = i, d
		}
	}
	return best
}

// EditDistance returns how many characters have to be inserted, dropped, replaced or
// swapped with their neighbour to make b of a.
func EditDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, next := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		next[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			d := min(last[j+1]+1, next[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, before[j-1]+1)
			}
			next[j+1] = d
		}
		before, last, next = last, next, before
	}
	return last[len(y)]
}

// mapFlag returns the flag that gives a column a field, ready to be typed in a
// shell, with COLUMN for a header that must not or cannot be shown as it is.
func (l *layout) mapFlag(column int, f Field) string {
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
	if HeaderKey(h) == "" || HeaderKey(typed) != HeaderKey(h) || numberLike(h) || utf8.RuneCountInString(typed) > 120 || report.Plain(typed) != typed || strings.ContainsRune(typed, utf8.RuneError) {
		return "", false
	}
	return typed, true
}
