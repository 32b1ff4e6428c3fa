package field

import (
	"strings"
	"unicode/utf8"
)

// hints are parts of headers that speak for a field, compared by Key.
// They suggest a --map and never decide: a wrong number bound costs money.
var hints = map[Field][]string{
	PhoneNoA:   {"主叫", "手机", "电话", "号码", "phone", "mobile", "tel", "cell", "msisdn"},
	GroupID:    {"group", "分组", "组", "grp"},
	Expiration: {"expir", "到期", "过期", "失效", "有效", "截止", "结束", "deadline", "valid", "until", "endtime", "enddate"},
}

// Likeness tells how much a header looks like one of the field, from 0. It serves to suggest
// a column for a field that is missing, and decides nothing.
func (f Field) Likeness(header string) int {
	key := Key(header)
	if key == "" {
		return 0
	}
	if near, ok := Near(header, func(g Field) bool { return g == f }); ok && near == f {
		return 500
	}
	best := 0
	for _, name := range append([]string{f.String()}, aliases[f]...) {
		name = Key(name)
		n := utf8.RuneCountInString(name)
		switch slips := Distance(key, name); {
		case n >= 2 && strings.Contains(key, name):
			best = max(best, 300+n)
		case n >= 4 && slips <= n/4:
			best = max(best, 200-slips)
		}
	}
	if best > 0 {
		return best
	}
	for _, hint := range hints[f] {
		if strings.Contains(key, hint) {
			return 100
		}
	}
	return 0
}

// Distance returns how many characters have to be inserted, dropped, replaced or
// swapped with their neighbour to make b of a.
func Distance(a, b string) int {
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
