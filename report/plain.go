package report

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Plain is a text that is not ours in the form in which it may leave: on one
// line, and with nothing in it that cannot be seen. Cells, headers, the names of
// files, flags, the words of the service and of the system, and what an old
// journal holds could otherwise forge a line, colour or clear a terminal, or
// turn the order of letters round. What is left out of sight stands as Go
// writes it, \n or \u202e, but for what only shapes its neighbours, such as the
// joiner of an emoji, which is left out; every other blank is a space.
//
// A plain text is itself. Plain does not mask: see Shown.
func Plain(s string) string {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f {
			return plainFrom(s, i, false)
		}
	}
	return s
}

// PlainLines is Plain for lines of our own making, whose ends stay: the last
// gate before a terminal or a page.
func PlainLines(s string) string {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' || c >= 0x7f {
			return plainFrom(s, i, true)
		}
	}
	return s
}

// plainFrom is Plain of a text that is ASCII up to a byte.
func plainFrom(s string, from int, lines bool) string {
	var b strings.Builder
	done := 0 // copied up to here
	for i := from; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		at := i
		i += size
		bad := r == utf8.RuneError && size == 1
		if !bad && seen(r) || lines && r == '\n' {
			continue
		}
		b.WriteString(s[done:at])
		done = i
		switch {
		case bad:
			b.WriteRune(utf8.RuneError)
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case shapes(r):
		default:
			b.WriteString(escaped(r))
		}
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// seen reports whether a character shows as itself. Tags, fillers and selectors
// are letters and marks to Unicode, and show nothing.
func seen(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= ' ' && r != 0x7f
	case r >= 0x4e00 && r <= 0x9fa5: // nearly all of what is not ASCII
		return true
	case r == 0x2800: // a braille cell without dots
		return false
	}
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// shapes tells the characters that have an honest use between others, and whose
// loss changes no word.
func shapes(r rune) bool {
	return r == 0x200c || r == 0x200d || r == 0x00ad || unicode.Is(unicode.Variation_Selector, r)
}

// escaped is a character as Go writes it.
func escaped(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// longest is how many characters of a text that is not ours stand in a
// sentence: the longest path that systems take is not much longer.
const longest = 2000

// Shown is Plain for people: phone numbers in it are masked too, whether a cell,
// the name of a file or a flag brought them, and it is cut to a length that
// leaves the sentence readable. A Text puts every text through it, unless it
// says that it is Whole.
func Shown(s string) string { return clipped(Plain(maskNumbers(s))) }

// clipped is the beginning of a text that is longer than a sentence bears, or a cell
// of a spreadsheet.
func clipped(s string) string {
	if len(s) <= longest {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > longest {
			return s[:i] + "…"
		}
	}
	return s
}

// Whole is a text of a sentence that must not lose a digit: an id of the service,
// a command to type, the X number in the reason of a results file, or a
// sentence that was made of sentences already. It is no less plain for that.
type Whole string

// plainArgs are the arguments of a sentence as they may stand in it.
func plainArgs(args []any, lang Lang) []any {
	plain := make([]any, len(args))
	for i, a := range args {
		plain[i] = plainArg(a, lang)
		if text, ok := plain[i].(string); ok && strings.HasPrefix(text, finished) { // it could stand where a line's own words begin
			plain[i] = `"` + text + `"`
		}
	}
	return plain
}

// plainArg is an argument of a sentence as it may stand in it.
func plainArg(a any, lang Lang) any {
	switch a := a.(type) {
	case string:
		return Shown(a)
	case Whole:
		return Plain(string(a))
	case Command:
		return Plain(string(a))
	case Text:
		return a.In(lang)
	case time.Duration:
		return Duration(a, lang)
	case interface{ In(Lang) string }:
		return a.In(lang)
	case error:
		return Shown(a.Error())
	case fmt.Stringer:
		return Shown(a.String())
	}
	if reflect.ValueOf(a).Kind() == reflect.String {
		return Shown(fmt.Sprint(a))
	}
	return a // a number
}
