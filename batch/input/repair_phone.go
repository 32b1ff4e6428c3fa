package input

import (
	"strings"
	"unicode"
)

// repairPhone reads a phone number as people and spreadsheets write it. It
// puts right what can mean one number only; a number that stays wrong all the
// same is returned without its marks, so that its true fault can be told.
func repairPhone(s string) (string, repairs) {
	if Digits(s) {
		return repairDigits(s)
	}
	if t, ok := wholeNumber(s); ok {
		t, done := repairDigits(t)
		return t, repairedDecimal | done
	}
	n, ok := splitPhone(s)
	if !ok || n.foreign() || n.extension() > 0 {
		return s, 0
	}
	var done repairs
	if n.marks {
		done = repairedSeparators
	}
	all := strings.Join(n.groups, "")
	if rest, ok := n.withoutCountry(); ok {
		return rest, done | repairedCountry
	}
	all, more := repairDigits(all)
	return all, done | more
}

// repairDigits drops a country code, or the 0 before a mobile number, from digits, and
// gives a landline number its lost zero back. Digits that are a number as they stand are not touched.
func repairDigits(s string) (string, repairs) {
	switch n := len(s); {
	case n == 13 && s[:2] == "86" && mobile(s[2:]):
		return s[2:], repairedCountry
	case n > 12 && s[:4] == "0086":
		if rest, ok := national(s[4:]); ok {
			return rest, repairedCountry
		}
	case trunkZero(s):
		return s[1:], repairedTrunk
	case zeroLost(s):
		return "0" + s, repairedZero
	}
	return s, 0
}

// trunkZero tells a mobile number with the 0 that is dialled before one of another city.
// No area code begins with 013 to 019.
func trunkZero(s string) bool { return len(s) == 12 && s[0] == '0' && mobile(s[1:]) }

// zeroLost tells an area code and number whose leading zero is missing. No
// mobile number and no service number has that shape.
func zeroLost(s string) bool {
	if len(s) != 10 && len(s) != 11 || s[0] == '0' || s[0] == '1' && s[1] != '0' {
		return false
	}
	if s[0] == '1' && len(s) == 11 || s[:3] == "400" || s[:3] == "800" {
		return false
	}
	var room [12]byte
	return landline(string(append(append(room[:0], '0'), s...)))
}

// national reads the digits behind a country code: a mobile number, or a
// landline number whose area code has its zero or, as is right there, has none.
func national(s string) (string, bool) {
	if s == "" {
		return s, false
	}
	if mobile(s) || s[0] == '0' && landline(s) {
		return s, true
	}
	if trunkZero(s) {
		return s[1:], true
	}
	if t := "0" + s; s[0] != '0' && landline(t) {
		return t, true
	}
	return s, false
}

// marked is a number with marks between groups of digits.
type marked struct {
	groups []string
	plus   bool // before the first digit
	marks  bool // other than that plus sign
	ends   []int
}

// splitPhone cuts a number at its separators; ok is false if it has anything
// else. ends are the positions behind each group, in bytes.
func splitPhone(s string) (n marked, ok bool) {
	start := -1
	for i, r := range s {
		if '0' <= r && r <= '9' {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			n.groups, n.ends = append(n.groups, s[start:i]), append(n.ends, i)
			start = -1
		}
		switch {
		case r == '+' && !n.plus && len(n.groups) == 0:
			n.plus = true
		case separator(r):
			n.marks = true
		default:
			return n, false
		}
	}
	if start >= 0 {
		n.groups, n.ends = append(n.groups, s[start:]), append(n.ends, len(s))
	}
	return n, len(n.groups) > 0
}

// separator tells what people put between the digits of one number.
func separator(r rune) bool {
	return strings.ContainsRune("-().·_•‐‑‒–—―−", r) || unicode.IsSpace(r)
}

// foreign tells a country code other than that of China.
func (n *marked) foreign() bool {
	return n.plus && !strings.HasPrefix(strings.Join(n.groups, ""), "86")
}

// withoutCountry drops a country code that stands by itself or behind a plus
// sign. With a plus sign, what follows need not be a whole number: then it is
// judged for what it is.
func (n *marked) withoutCountry() (string, bool) {
	all := strings.Join(n.groups, "")
	for _, code := range []string{"0086", "86"} {
		rest, ok := strings.CutPrefix(all, code)
		if !ok {
			continue
		}
		if t, ok := national(rest); ok && (n.plus || code == "0086" || n.groups[0] == code || mobile(t)) {
			return t, true
		}
		if n.plus && rest != "" {
			return rest, true
		}
	}
	return all, false
}

// extension returns the position, in bytes, behind which an extension stands:
// there is a whole number before the last group of digits. 0 means there is
// none.
func (n *marked) extension() int {
	last := len(n.groups) - 1
	if last == 0 || len(n.groups[last]) > 6 {
		return 0
	}
	head := marked{groups: n.groups[:last], plus: n.plus}
	t, ok := head.withoutCountry()
	if !ok {
		t, _ = repairDigits(t)
	}
	if mobile(t) || t[0] == '0' && landline(t) {
		return n.ends[last-1]
	}
	return 0
}
