package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask hides the middle of a phone number or key: the first 3 and last 4
// characters remain if there are 9 or more, otherwise only the length does.
// Everything shown to people, logged or sent goes through it; input, results
// and journal hold full values.
func Mask(s string) string {
	n := utf8.RuneCountInString(s)
	if n == 0 {
		return ""
	}
	if n < 9 {
		return fmt.Sprintf("(%d)", n)
	}
	r := []rune(s)
	return string(r[:3]) + stars + string(r[n-4:])
}

// MaskIn is Mask for a table that people read: of a short value it says how long it is in
// words.
func MaskIn(lang Lang, s string) string {
	n, digits := 0, 0
	for _, r := range s {
		n++
		if _, ok := digit(r); ok {
			digits++
		}
	}
	switch {
	case n == 0 || n >= 9:
		return Mask(s)
	case n == 1:
		return MaskedOne.In(lang)
	case n == digits:
		return MaskedDigits.In(lang, n)
	}
	return MaskedShort.In(lang, n)
}

// stars stand for what Mask hides.
const stars = "****"

// Masked reports whether a text holds a value as Mask leaves it: somebody took
// it from a screen, and nobody can tell what it was.
func Masked(s string) bool { return strings.Contains(s, stars) }

// digits is a run of digits in a text: where it stands, and what it says in
// ASCII.
type digits struct {
	from, to int
	text     string
}

// maskNumbers masks what looks like a phone number of mainland China in a text,
// however its digits are written or grouped. What is longer stays, such as ids
// of groups and bindings; so do RequestIds, digests and addresses.
func maskNumbers(s string) string {
	if countDigits(s) < 10 { // the shortest number that can be told has ten
		return s
	}
	runs := digitRuns(s)
	var b strings.Builder
	done := 0
	for i := 0; i < len(runs); {
		n := numberAt(s, runs[i:])
		if n == 0 {
			i++
			continue
		}
		from, to, all := runs[i].from, runs[i+n-1].to, ""
		for _, r := range runs[i : i+n] {
			all += r.text
		}
		b.WriteString(s[done:from])
		b.WriteString(maskRun(all))
		done = to
		i += n
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

func countDigits(s string) (n int) {
	for i := range len(s) {
		if c := s[i]; c >= '0' && c <= '9' || c >= utf8.RuneSelf && utf8.RuneStart(c) {
			n++
		}
	}
	return n
}

// numberAt returns how many of the runs that a text begins with make a phone
// number together; 0 if they make none.
func numberAt(s string, runs []digits) int {
	if number(runs[0].text) && !partOfID(s, runs[0]) || datedNumber(runs[0].text) {
		return 1
	}
	all := runs[0].text
	if len(all) < 3 && all != "86" { // the day or month of a date, rather
		return 0
	}
	for n := 2; n <= min(len(runs), 6); n++ {
		if !joins(s[runs[n-2].to:runs[n-1].from]) {
			return 0
		}
		if all += runs[n-1].text; len(all) > 16 {
			return 0
		}
		if number(all) && !address(s, runs[:n]) && !partOfID(s, runs[0]) && !partOfID(s, runs[n-1]) {
			return n
		}
	}
	return 0
}

// number tells the digits of a phone number: a mobile one, with its country code
// or without, a landline with its area code, or one of a service.
func number(d string) bool {
	for _, code := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(d, code); ok && (mobile(rest) || landline("0"+rest) || landline(rest)) {
			return true
		}
	}
	return mobile(d) || landline(d) || len(d) == 10 && (d[:3] == "400" || d[:3] == "800")
}

func mobile(d string) bool { return len(d) == 11 && d[0] == '1' && d[1] >= '3' }

// landline tells an area code, which begins with 0, and seven or eight digits
// that begin with 2 to 8.
func landline(d string) bool {
	if len(d) < 10 || len(d) > 12 || d[0] != '0' || d[1] == '0' {
		return false
	}
	area := 4
	switch {
	case d[1] == '1' && d[2] != '0':
		return false
	case d[1] <= '2':
		area = 3
	}
	local := d[area:]
	return (len(local) == 7 || len(local) == 8) && local[0] >= '2' && local[0] <= '8'
}

// datedNumber tells a mobile number that stands before or behind a date or a
// time without anything between, as in the names of files.
func datedNumber(d string) bool {
	if len(d) < 19 {
		return false
	}
	dated := func(rest string) bool {
		return strings.HasPrefix(rest, "20") && (len(rest) == 8 || len(rest) == 12 || len(rest) == 14)
	}
	return mobile(d[:11]) && dated(d[11:]) || mobile(d[len(d)-11:]) && dated(d[:len(d)-11])
}

// maskRun masks the digits of a number, or of one beside a date.
func maskRun(d string) string {
	switch {
	case !datedNumber(d):
		return Mask(d)
	case mobile(d[:11]):
		return Mask(d[:11]) + d[11:]
	}
	return d[:len(d)-11] + Mask(d[len(d)-11:])
}

// digitRuns finds the digits of a text, of every script. What cannot be seen
// does not part them.
func digitRuns(s string) (runs []digits) {
	open := false
	for i, r := range s {
		d, ok := digit(r)
		switch {
		case !ok && r >= utf8.RuneSelf && !seen(r) && !unicode.IsSpace(r):
		case !ok:
			open = false
		case open:
			last := &runs[len(runs)-1]
			last.to, last.text = i+utf8.RuneLen(r), last.text+string(rune('0'+d))
		default:
			runs, open = append(runs, digits{i, i + utf8.RuneLen(r), string(rune('0' + d))}), true
		}
	}
	return runs
}

// digit is the value of a decimal digit of whatever script.
func digit(r rune) (int, bool) {
	switch {
	case r < utf8.RuneSelf:
		return int(r - '0'), r >= '0' && r <= '9'
	case !unicode.IsDigit(r):
		return 0, false
	}
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10, true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return int(r-rune(t.Lo)) % 10, true
		}
	}
	return 0, false
}

// joins tells what people put between the digits of one number: a sign or two.
// A slash parts folders, and a comma numbers.
func joins(between string) bool {
	n := 0
	for _, r := range between {
		switch {
		case strings.ContainsRune("-().·_•‐‑‒–—―−", r), unicode.IsSpace(r):
			n++
		case !seen(r):
		default:
			return false
		}
	}
	return n <= 2
}

// address tells the four numbers of an address of the internet.
func address(s string, runs []digits) bool {
	if len(runs) != 4 {
		return false
	}
	for i, r := range runs {
		if len(r.text) > 3 || i > 0 && s[runs[i-1].to:r.from] != "." {
			return false
		}
	}
	return true
}

// partOfID reports whether digits stand within an id or a digest: 32 or more
// hexadecimal digits, with hyphens or without.
func partOfID(s string, d digits) bool {
	hex := func(c byte) bool {
		return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' || c == '-'
	}
	from, to := d.from, d.to
	for from > 0 && hex(s[from-1]) {
		from--
	}
	for to < len(s) && hex(s[to]) {
		to++
	}
	word := s[from:to]
	n := len(word) - strings.Count(word, "-")
	return n == 64 || n == 40 || n == 32 && (len(word) == 32 || len(word) == 36)
}
