package input

import (
	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/rules"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// repairs tells what was put right in a cell, one bit a kind.
type repairs uint16

const (
	repairedSpaces repairs = 1 << iota
	repairedInvisible
	repairedWidth
	repairedApostrophe
	repairedFormula
	repairedDecimal // numbers and ids: 13800138000.0; 2,000,000,000,001
	repairedSeparators
	repairedCountry
	repairedZero // one that was lost, or, in a plain number, ones too many
	repairedSuffix
	repairedNotation
	repairedSeconds
	repairedZone
	repairedSerial
	repairedNull
	repairedTrunk
)

// repairRules are the rules that tell of the repairs, in the order of the bits; of a
// number another one, if that is given.
var repairRules = [...]struct{ rule, ofNumber string }{
	{rules.CellSpaces, ""},
	{rules.CellInvisible, ""},
	{rules.CellWidth, ""},
	{rules.CellApostrophe, ""},
	{rules.CellFormula, ""},
	{rules.GroupNotation, rules.PhoneDecimal},
	{rules.PhoneSpaced, ""},
	{rules.PhoneCountry, ""},
	{rules.NumberZeros, rules.PhoneZero},
	{rules.CitySuffix, ""},
	{rules.ExpiryNotation, ""},
	{rules.ExpirySeconds, ""},
	{rules.ExpiryZone, ""},
	{rules.ExpirySerial, ""},
	{rules.CellNull, ""},
	{rules.MobileZero, ""},
}

// rules calls do with the rule of each repair of a field.
func (r repairs) rules(f field.Field, do func(rule string)) {
	for i, told := range repairRules {
		switch {
		case r>>i&1 == 0:
		case told.ofNumber != "" && (f == field.PhoneNoA || f == field.PhoneNoB || f == field.PhoneNoX):
			do(told.ofNumber)
		default:
			do(told.rule)
		}
	}
}

// repair gives the text of a cell its normal form and tells what was put right
// on the way. What it cannot make sense of stays as it is, for Row.Check to
// find. Three kinds of fields differ in how far it goes: texts that are echoed
// or parsed as they stand lose only what surrounds them; names also get rid of
// full-width forms; numbers, dates and words of the API are read for what they
// mean. The words for yes and no, and lower case, are other spellings and no
// repairs.
//
// A text that the service takes as it stands has itself as normal form, today
// and in every later version: identities, and so the journals of years ago,
// stand on it.
func repair(f field.Field, s string) (string, repairs) {
	s, done := around(s)
	if s == "" || s == "'" || s == `=""` { // what spreadsheets put around a text, an empty one too
		return "", done
	}
	if nullWord(f, s) == standsForNothing {
		return "", done | repairedNull
	}
	switch f {
	case field.RingConfig:
		return s, done
	case field.OutID, field.OutOrderID:
		s, more := unwrapped(s)
		return readable(s, done|more)
	case field.ExpectCity:
		var more repairs
		s, more = unwrapped(s)
		s, done = readable(s, done|more)
		for { // what is left is a cell of its own
			city, _ := around(strings.TrimSuffix(s, "市"))
			if city == "" || city == s {
				return s, done
			}
			s, done = city, done|repairedSuffix
		}
	}
	if t := ascii(s); t != s {
		s, done = t, done|repairedWidth
	}
	if f == field.ASRModelID {
		s, more := unwrapped(s)
		return readable(s, done|more)
	}
	s, more := within(s)
	done |= more
	switch f {
	case field.PhoneNoA, field.PhoneNoB, field.PhoneNoX:
		s, more = repairPhone(s)
	case field.GroupID:
		s, more = repairInteger(s)
	case field.CallDisplayType:
		s, more = repairZeros(s)
	case field.Expiration:
		s, more = repairExpiration(s)
	case field.IsRecordingEnabled, field.ASRStatus:
		s, more = boolean(s), 0
	case field.CallRestrict:
		s, more = strings.ToUpper(s), 0
	default:
		more = 0
	}
	return s, done | more
}

// around trims a text.
func around(s string) (string, repairs) {
	t := trim(s)
	if len(t) == len(s) {
		return s, 0
	}
	at := strings.Index(s, t)
	var done repairs
	for _, outer := range []string{s[:at], s[at+len(t):]} {
		for _, r := range outer {
			if csvtext.Invisible(r) {
				done |= repairedInvisible
			} else {
				done |= repairedSpaces
			}
		}
	}
	return t, done
}

// within takes out of a text in ASCII what a spreadsheet or a web page put
// around or into it: ="13800138000", '13800138000, characters without width.
func within(s string) (string, repairs) {
	var done repairs
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			if t := strings.Map(visible, s); t != s {
				s, done = trim(t), repairedInvisible
			}
			break
		}
	}
	s, more := unwrapped(s)
	return s, done | more
}

// unwrapped takes off what a spreadsheet puts around a text to keep it one.
func unwrapped(s string) (string, repairs) {
	var done repairs
	if n := len(s); n > 3 && s[0] == '=' && s[1] == '"' && s[n-1] == '"' && strings.Count(s, `"`) == 2 {
		s, done = trim(s[2:n-1]), done|repairedFormula
	}
	for _, mark := range []string{"'", "\u2018", "\u2019", "`"} {
		if t, ok := strings.CutPrefix(s, mark); ok && t != "" {
			return trim(t), done | repairedApostrophe
		}
	}
	return s, done
}

// readable drops what cannot be seen from an id or a name, but for what joins letters of
// other scripts than ours, and emoji.
func readable(s string, done repairs) (string, repairs) {
	foreign := strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII && !csvtext.Invisible(r) && !unicode.Is(unicode.Han, r)
	})
	t := strings.Map(func(r rune) rune {
		if foreign && csvtext.Joins(r) {
			return r
		}
		return visible(r)
	}, s)
	if t == s || !utf8.ValidString(s) {
		return s, done
	}
	return trim(t), done | repairedInvisible
}

// visible drops characters without width.
func visible(r rune) rune {
	if csvtext.Invisible(r) {
		return -1
	}
	return r
}

// repairZeros drops leading zeros from digits.
func repairZeros(s string) (string, repairs) {
	t := strings.TrimLeft(s, "0")
	if t == "" {
		t = "0"
	}
	if t == s || strings.Trim(s, "0123456789") != "" {
		return s, 0
	}
	return t, repairedZero
}

// repairInteger reads a whole number written as 2000000000001.0, as
// 2,000,000,000,001 or in scientific notation that lost no digit.
func repairInteger(s string) (string, repairs) {
	if Digits(s) {
		return repairZeros(s)
	}
	t, ok := wholeNumber(s)
	if !ok {
		t, ok = ungrouped(s)
	}
	if !ok {
		return s, 0
	}
	t, zeros := repairZeros(t)
	return t, repairedDecimal | zeros
}

// Digits tells a text of digits and nothing else.
func Digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// wholeNumber reads digits with zeros behind a point, or in scientific notation
// with all digits given: 13800138000.0, 1.3800138E+7.
func wholeNumber(s string) (string, bool) {
	if whole, zeros, ok := strings.Cut(s, "."); ok && Digits(whole) && Digits(zeros) && strings.Trim(zeros, "0") == "" {
		return whole, true
	}
	if kept, all, ok := Scientific(s); ok && kept >= all {
		mantissa, _, _ := strings.Cut(strings.ToUpper(s), "E")
		number := strings.Replace(mantissa, ".", "", 1)
		return number[:all], strings.Trim(number[all:], "0") == ""
	}
	return "", false
}

// Scientific recognises a number like 1.38E+10: how many digits it shows, and
// how many it has.
func Scientific(s string) (kept, all int, ok bool) {
	if s == "" || s[0] < '1' || s[0] > '9' {
		return 0, 0, false
	}
	at := max(strings.IndexByte(s, 'E'), strings.IndexByte(s, 'e'))
	if at < 0 {
		return 0, 0, false
	}
	mantissa, exponent := s[:at], strings.TrimPrefix(s[at+1:], "+")
	first, fraction, point := strings.Cut(mantissa, ".")
	if len(first) != 1 || point && !Digits(fraction) || len(exponent) == 0 || len(exponent) > 2 || !Digits(exponent) {
		return 0, 0, false
	}
	for _, c := range []byte(exponent) {
		all = 10*all + int(c-'0')
	}
	return 1 + len(fraction), all + 1, true
}

// ungrouped reads digits in groups of three: 2,000,000,000,001.
func ungrouped(s string) (string, bool) {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(groups) < 2 || len(groups[0]) > 3 {
		return "", false
	}
	n := len(groups) - 1 // separators
	for i, g := range groups {
		if !Digits(g) || i > 0 && len(g) != 3 {
			return "", false
		}
		n += len(g)
	}
	return strings.Join(groups, ""), utf8.RuneCountInString(s) == n
}

// RoundedDigits returns how many digits a long id has if all behind the 15th
// are 0, as a spreadsheet leaves them, and it ends in two zeros: every tenth id
// ends in one by chance. Otherwise it returns 0.
func RoundedDigits(s string) int {
	if len(s) < 16 || s[len(s)-2:] != "00" || !Digits(s) || strings.Trim(s[15:], "0") != "" {
		return 0
	}
	return len(s)
}

// spreadsheetErrors are what spreadsheets show instead of a value, in capitals and ASCII:
// Excel, WPS, LibreOffice (Err:502) and Visual Basic (Error 2042).
var spreadsheetErrors = regexp.MustCompile(`^(?:=?#(?:N/A(?: N/A)?|REF|VALUE|NAME|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|UNKNOWN|BUSY|PYTHON|EXTERNAL|TIMEOUT|ERROR|GETTING_DATA|名称|值|数值)[!?]?|#+|(?:ERR|错误):5[0-9][0-9]|ERROR 20[0-9][0-9]|LOADING\.\.\.)$`)

// spreadsheetError recognises what a spreadsheet shows instead of a value.
func spreadsheetError(s string) bool {
	if s == "" || len(s) > 24 {
		return false
	}
	switch s[0] {
	case '#', '=', 'E', 'e', 'L':
		return spreadsheetErrors.MatchString(strings.ToUpper(s))
	}
	return (strings.HasPrefix(s, "错误") || strings.HasPrefix(s, "＃")) && spreadsheetErrors.MatchString(strings.ToUpper(ascii(s)))
}

// Normalise gives a cell the form in which it is judged, compared and sent: see
// repair. Texts that need no repair, which is nearly all of them, take a short
// way.
func Normalise(f field.Field, s string) string {
	switch f {
	case field.PhoneNoA, field.PhoneNoB, field.PhoneNoX:
		if Digits(s) && (mobile(s) || s[0] == '0' && landline(s)) {
			return s
		}
	case field.GroupID:
		if s != "" && s[0] != '0' && Digits(s) {
			return s
		}
	case field.Expiration:
		if _, rule := ExpirationUnix(s); rule == "" {
			return s
		}
	case field.IsRecordingEnabled, field.ASRStatus:
		if b := boolean(s); b == "true" || b == "false" {
			return b
		}
	case field.OutID, field.OutOrderID, field.ASRModelID:
		if seen(s) && nullWord(f, s) != standsForNothing {
			return s
		}
	case field.PoolKey:
		if keyLetters(s) == len(s) && nullWord(f, s) == aValue {
			return s
		}
	}
	s, _ = repair(f, s)
	return s
}

// seen reports whether a text is in ASCII, and each character of it can be seen.
func seen(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "'"
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
	if !csvtext.Blank(first) && !csvtext.Blank(last) { // TrimFunc takes five times as long to find that out
		return s
	}
	return strings.TrimFunc(s, csvtext.Blank)
}

// ascii turns full-width forms into ASCII.
func ascii(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return trim(strings.Map(csvtext.Narrow, s))
		}
	}
	return s
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
