package batch

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Normalise gives a cell the form in which it is judged, compared and sent: see
// repair. Texts that need no repair, which is nearly all of them, take a short
// way.
func Normalise(f Field, s string) string {
	switch f {
	case PhoneNoA, PhoneNoB, PhoneNoX:
		if digits(s) && (mobile(s) || s[0] == '0' && landline(s)) {
			return s
		}
	case GroupID:
		if s != "" && s[0] != '0' && digits(s) {
			return s
		}
	case Expiration:
		if _, rule := ExpirationUnix(s); rule == "" {
			return s
		}
	case IsRecordingEnabled, ASRStatus:
		if b := boolean(s); b == "true" || b == "false" {
			return b
		}
	case PoolKey:
		if keyLetters(s) == len(s) {
			return s
		}
	}
	s, _ = repair(f, s)
	return s
}

// keyLetters returns how many bytes of a pool key are letters and digits before
// the first that is not.
func keyLetters(s string) int {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return i
		}
	}
	return len(s)
}

// trim removes spaces of every kind, zero-width characters and byte order marks
// from both ends.
func trim(s string) string {
	if s == "" {
		return s
	}
	if a, z := s[0], s[len(s)-1]; a > ' ' && a < utf8.RuneSelf && z > ' ' && z < utf8.RuneSelf {
		return s
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	if !outer(first) && !outer(last) { // TrimFunc takes five times as long to find that out
		return s
	}
	return strings.TrimFunc(s, outer)
}

// outer tells characters that mean nothing around a value.
func outer(r rune) bool { return unicode.IsSpace(r) || invisible(r) }

// ascii turns full-width forms into ASCII.
func ascii(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return trim(strings.Map(narrow, s))
		}
	}
	return s
}

// integer drops leading zeros from digits.
func integer(s string) string {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return s
		}
	}
	if t := strings.TrimLeft(s, "0"); t != "" {
		return t
	}
	return "0"
}

// boolean returns true or false for the words that mean it.
func boolean(s string) string {
	switch s {
	case "true", "是":
		return "true"
	case "false", "否":
		return "false"
	}
	switch strings.ToLower(s) {
	case "true", "1", "y", "yes":
		return "true"
	case "false", "0", "n", "no":
		return "false"
	}
	return s
}
