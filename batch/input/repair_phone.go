package input

import (
	"regexp"
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
	if !ok || n.foreign() || n.extension() > 0 || n.several() > 0 {
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

// areas are the area codes of the mainland, without their zero. 852, 853 and 65 are no
// such codes but Hong Kong, Macao and Singapore, and 86 is a country code.
var areas = regexp.MustCompile(`^(?:10|2[0-57-9]|` +
	`3(?:1\d|35|49|5\d|7\d|9[1-68])|4(?:1\d|2[179]|3[1-9]|40|5[1-9]|6[4789]|7\d|8[23])|` +
	`5(?:[15]\d|2[37]|3\d|4[36]|6[1-6]|7\d|80|9\d)|6(?:3[1-5]|6[0238]|9[12])|` +
	`7(?:01|1\d|2[248]|3\d|4[3-6]|5\d|6[0235689]|7\d|9\d)|8(?:1[2-8]|2[5-7]|3\d|5[14-9]|7\d|8[36-8]|9\d)|` +
	`9(?:0\d|1\d|3\d|4[13]|5[1-5]|7\d|9\d))`)

// zeroLost tells an area code and number whose leading zero is missing. No
// mobile number and no service number has that shape.
func zeroLost(s string) bool {
	if len(s) != 10 && len(s) != 11 || s[0] == '0' || s[0] == '1' && s[1] != '0' {
		return false
	}
	if s[0] == '1' && len(s) == 11 || s[:3] == "400" || s[:3] == "800" {
		return false
	}
	return areas.MatchString(s) && landline("0"+s)
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
	if t := "0" + s; s[0] != '0' && landline(t) && areas.MatchString(s) {
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

// several returns the position, in bytes, behind which a second whole number stands; 0
// means there is none.
func (n *marked) several() int {
	for i := 1; i < len(n.groups); i++ {
		if whole(n.groups[:i], n.plus) && whole(n.groups[i:], false) {
			return n.ends[i-1]
		}
	}
	return 0
}

// whole reports whether groups of digits are a number.
func whole(groups []string, plus bool) bool {
	n := marked{groups: groups, plus: plus}
	t, ok := n.withoutCountry()
	if !ok {
		t, _ = repairDigits(t)
	}
	return mobile(t) || t[0] == '0' && landline(t)
}

// extension returns the position, in bytes, behind which an extension stands:
// there is a whole number before the last group of digits, or one without area code,
// which with the extension would pass for a number that has lost its zero. 0 means there
// is none.
func (n *marked) extension() int {
	last := len(n.groups) - 1
	if last == 0 || len(n.groups[last]) > 6 {
		return 0
	}
	if whole(n.groups[:last], n.plus) || n.localBefore(last) {
		return n.ends[last-1]
	}
	return 0
}

// localBefore reports whether the digits are those of a number that has lost its zero, of
// which no group ends with the area code: 57123456-801.
func (n *marked) localBefore(last int) bool {
	all := strings.Join(n.groups, "")
	for _, code := range []string{"0086", "86", ""} {
		rest, ok := strings.CutPrefix(all, code)
		if !ok || !zeroLost(rest) {
			continue
		}
		area, at := len(code)+len(areas.FindString(rest)), 0
		for _, g := range n.groups[:last] {
			if at += len(g); at == area {
				return false
			}
		}
		return true
	}
	return false
}
