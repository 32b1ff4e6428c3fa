package batch

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// normalise gives a cell the form in which it is judged, compared and sent. It
// only removes what cannot carry meaning: spaces and invisible characters
// around the text, and, in numbers, ids, dates and words of the API, full-width
// forms. It repairs nothing: a text it cannot make sense of stays as it is, for
// Row.Check to find.
func normalise(f Field, s string) string {
	s = trim(s)
	if s == "" {
		return ""
	}
	switch f {
	case OutID, OutOrderID, RingConfig:
		return s // echoed or parsed as it stands
	case ExpectCity:
		if city := strings.TrimSuffix(s, "市"); city != "" {
			return city
		}
		return s
	}
	s = ascii(s)
	switch f {
	case GroupID, CallDisplayType:
		return integer(s)
	case IsRecordingEnabled, ASRStatus:
		return boolean(s)
	case CallRestrict:
		return strings.ToUpper(s)
	}
	return s
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
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
}

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
	switch strings.ToLower(s) {
	case "true", "1", "是", "y", "yes":
		return "true"
	case "false", "0", "否", "n", "no":
		return "false"
	}
	return s
}
