package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ExcelText is a cell in the form in which Excel and WPS show and keep exactly
// s, whatever it looks like: 17-digit ids with all their digits, numbers with
// their leading zeros, dates unchanged, and nothing run as a formula. A cell
// that is safe as it stands is left as it is; every other one becomes a formula
// that yields the text: ="13800138000". Both programs obey that form, unlike a
// leading apostrophe, which they show, or a tab, which stays in the value and
// breaks look-ups. When they save the file, they write the value, so that what
// comes back is s again. [ExcelPlain] undoes the form in files that were not
// saved since.
func ExcelText(s string) string {
	if excelSafe(s) {
		return s
	}
	whole, b := s, &strings.Builder{}
	b.WriteString("=")
	open, n := false, 0 // within a string constant, and its length
	part := func() {
		if b.Len() > 1 {
			b.WriteString("&")
		}
	}
	shut := func() {
		if open {
			b.WriteString(`"`)
		}
		open, n = false, 0
	}
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		text := s[:size] // as it stands, even if it is no text
		s = s[size:]
		if r < ' ' {
			shut()
			part()
			b.WriteString("CHAR(" + strconv.Itoa(int(r)) + ")")
			continue
		}
		if n >= mostConstant {
			shut()
		}
		if !open {
			part()
			b.WriteString(`"`)
			open = true
		}
		if r == '"' {
			b.WriteString(`"`)
		}
		b.WriteString(text)
		n += 2 // a character may be two UTF-16 units
	}
	shut()
	if b.Len() > mostFormula {
		return "'" + whole
	}
	return b.String()
}

// longestDate is more bytes than any text has that is taken for a date.
const longestDate = 40

// Limits of Excel: 255 characters of a string constant, and 8192 of a formula.
// WPS has the same.
const (
	mostConstant = 250
	mostFormula  = 8000
)

// excelSafe reports whether a spreadsheet takes a cell for the text, or for the
// number of up to nine digits, that it is.
func excelSafe(s string) bool {
	if s == "" {
		return true
	}
	if first, _ := utf8.DecodeRuneInString(s); unicode.IsLetter(first) {
		switch low := strings.ToLower(s); {
		case low == "true", low == "false", strings.ContainsAny(s, "\r\t\x00"):
			return false
		case len(s) < longestDate && strings.ContainsAny(s, "0123456789"): // Mar 3, 上午9:30
			return !strings.Contains(s, ":") && !month(low)
		}
		return true
	}
	return len(s) <= 9 && (s == "0" || s[0] != '0') && strings.Trim(s, "0123456789") == ""
}

// month reports whether a text in small letters begins with an English month,
// in full or short.
func month(low string) bool {
	return len(low) >= 3 && strings.Contains("jan feb mar apr may jun jul aug sep oct nov dec", low[:3])
}

// ExcelPlain undoes ExcelText. A cell that is not in that form stays as
// it is.
func ExcelPlain(s string) string {
	if rest, long := strings.CutPrefix(s, "'"); long {
		return rest
	}
	rest, more := strings.CutPrefix(s, "=")
	plain := ""
	for more {
		text, after, ok := excelOperand(rest)
		switch plain += text; {
		case !ok:
			return s
		case after == "":
			return plain
		}
		rest, more = strings.CutPrefix(after, "&")
	}
	return s
}

// excelOperand takes a text in quotation marks, or a control character, from the
// beginning of a formula.
func excelOperand(s string) (text, rest string, ok bool) {
	if call, is := strings.CutPrefix(s, "CHAR("); is {
		number, rest, closed := strings.Cut(call, ")")
		n, err := strconv.ParseUint(number, 10, 5) // below 32
		return string(rune(n)), rest, closed && err == nil
	}
	if rest, ok = strings.CutPrefix(s, `"`); !ok {
		return "", "", false
	}
	for {
		before, after, closed := strings.Cut(rest, `"`)
		if !closed {
			return "", "", false
		}
		text += before
		if rest, ok = strings.CutPrefix(after, `"`); !ok { // not doubled
			return text, after, true
		}
		text += `"`
	}
}

// ExcelMark is the header of the first column of ours in a file whose cells are
// written with ExcelText: by it such a file is known when it comes back.
func ExcelMark(name string) string { return `="` + name + `"` }
