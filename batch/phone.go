package batch

import "strings"

// judgePhone names the rule that a normalised number breaks, "" if none, and
// the position that the rule's sentence wants: that of the first character
// which is no digit, counted in bytes from 0, otherwise 0. It stands in for
// nyaruka/phonenumbers, which knows fewer mobile ranges than are in use; what
// is merely unusual is a warning, since the service decides.
func judgePhone(s string) (rule string, at int) {
	for at < len(s) && s[at]-'0' <= 9 {
		at++
	}
	if at < len(s) {
		return judgeMarked(s, at), at
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
		case n == 15 && s[:4] == "0086" && mobile(s[4:]):
			return rulePhoneCountry, 0
		case 10 <= n && n <= 12:
			return ruleLandlineShape, 0
		}
		return rulePhoneShape, 0
	case n == 13 && s[:2] == "86" && mobile(s[2:]):
		return rulePhoneCountry, 0
	case n == 10 && (s[:3] == "400" || s[:3] == "800"), 5 <= n && n <= 8 && s[:2] == "95":
		return ruleServiceNumber, 0
	case n == 7 || n == 8:
		return ruleLandlineArea, 0
	}
	return rulePhoneShape, 0
}

// judgeOne judges digits that begin with 1.
func judgeOne(s string) string {
	n := len(s)
	switch {
	case mobile(s):
		return ""
	case n == 11:
		return ruleMobilePrefix
	case n > 1 && s[1] >= '3':
		return ruleMobileLength
	case 5 <= n && n <= 8 && s[1] == '0':
		return ruleServiceNumber // 10086, 1010xxxx, 106xxxxx
	}
	return rulePhoneShape
}

// judgeMarked judges a number in which s[at] is the first character that is no
// digit.
func judgeMarked(s string, at int) string {
	var digits strings.Builder
	for i, r := range s {
		switch {
		case '0' <= r && r <= '9':
			digits.WriteRune(r)
		case r == '+' && i == 0:
		case strings.ContainsRune(" -().·_/\t\u00a0\u2010\u2011\u2012\u2013\u2014\u2015\u2212（）－", r):
		default:
			return rulePhoneDigits
		}
	}
	d := digits.String()
	for _, code := range []string{"0086", "86"} {
		if rest, ok := strings.CutPrefix(d, code); ok && (s[0] == '+' || mobile(rest)) {
			return rulePhoneCountry
		}
	}
	if s[0] == '+' {
		return rulePhoneDigits
	}
	if d == "" {
		return rulePhoneDigits
	}
	return rulePhoneSpaced
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
