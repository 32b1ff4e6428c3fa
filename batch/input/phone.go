package input

import (
	"strings"

	"axgbind/batch/rules"
)

// JudgePhone names the rule that a normalised number breaks, "" if none, and
// the position that the rule's sentence wants, such as that of the first
// character which is no digit, counted in bytes from 0; otherwise 0. It stands
// in for nyaruka/phonenumbers, which knows fewer mobile ranges than are in use;
// what is merely unusual is a warning, since the service decides.
func JudgePhone(s string) (rule string, at int) {
	for at < len(s) && s[at]-'0' <= 9 {
		at++
	}
	if at < len(s) {
		return judgeMarked(s, at)
	}
	n := len(s)
	switch {
	case n == 0:
		return "", 0
	case s[0] == '1':
		return judgeOne(s), 0
	case s[0] == '0':
		switch {
		case landline(s):
			return "", 0
		case 10 <= n && n <= 12:
			return rules.LandlineShape, 0
		}
		return rules.PhoneShape, 0
	case n == 10 && (s[:3] == "400" || s[:3] == "800"), 5 <= n && n <= 8 && s[:2] == "95":
		return rules.ServiceNumber, 0
	case n == 7 || n == 8:
		return rules.LandlineArea, 0
	}
	return rules.PhoneShape, 0
}

// judgeOne judges digits that begin with 1.
func judgeOne(s string) string {
	n := len(s)
	switch {
	case mobile(s):
		return ""
	case n == 11:
		return rules.MobilePrefix
	case n > 1 && s[1] >= '3':
		return rules.MobileLength
	case 5 <= n && n <= 8 && s[1] == '0':
		return rules.ServiceNumber // 10086, 1010xxxx, 106xxxxx
	}
	return rules.PhoneShape
}

// judgeMarked judges a number in which s[at] is the first character that is no
// digit, and that repair could make nothing of. The position it returns is what
// the rule's sentence wants.
func judgeMarked(s string, at int) (string, int) {
	if spreadsheetError(s) {
		return rules.CellError, 0
	}
	if _, _, ok := Scientific(s); ok {
		return rules.PhoneScientific, 0
	}
	if n, ok := splitPhone(s); ok {
		switch end := n.extension(); {
		case n.foreign():
			return rules.PhoneForeign, 0
		case end > 0:
			return rules.PhoneExtension, end
		}
		if end := n.several(); end > 0 {
			return rules.PhoneSeveral, end
		}
	}
	if end := severalNumbers(s); end > 0 {
		return rules.PhoneSeveral, end
	}
	if end := wordedExtension(s); end > 0 {
		return rules.PhoneExtension, end
	}
	return rules.PhoneDigits, at
}

// severalNumbers returns where the second of several numbers in a cell is split
// off, in bytes; 0 if there is but one.
func severalNumbers(s string) int {
	for i, r := range s {
		if i > 0 && strings.ContainsRune(",;/|、，；\n\\和或", r) {
			if numberLike(s[:i]) && numberLike(s[i:]) {
				return i
			}
		}
	}
	return 0
}

// wordedExtension returns where an extension begins that is marked by a word,
// as in 057188992688转801, in bytes; 0 if there is none.
func wordedExtension(s string) int {
	for _, word := range []string{"转", "分机", "ext", "Ext", "EXT", "x", "X", "#", "*"} {
		head, tail, ok := strings.Cut(s, word)
		if !ok || strings.Trim(tail, "0123456789 .:：-") != "" || tail == "" {
			continue
		}
		if head = trim(head); head == "" {
			continue
		}
		if head, _ = repairPhone(head); Digits(head) && (mobile(head) || head[0] == '0' && landline(head)) {
			return strings.Index(s, word)
		}
	}
	return 0
}

// mobile tells ^1[3-9]\d{9}$ of digits.
func mobile(s string) bool { return len(s) == 11 && s[0] == '1' && s[1] >= '3' }

// landline tells ^0(10|2[0-57-9]|[3-9]\d{2})[2-8]\d{6,7}$ of digits that begin
// with 0: area code and number without a hyphen.
func landline(s string) bool {
	if len(s) < 10 || len(s) > 12 {
		return false
	}
	area := 4
	switch {
	case s[1] == '1':
		if s[2] != '0' {
			return false
		}
		area = 3
	case s[1] == '2':
		if s[2] == '6' {
			return false
		}
		area = 3
	case s[1] == '0':
		return false
	}
	n := len(s) - area
	return (n == 7 || n == 8) && '2' <= s[area] && s[area] <= '8'
}
