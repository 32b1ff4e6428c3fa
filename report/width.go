package report

import (
	"strings"

	"golang.org/x/text/width"
)

// Pad fills s with blanks to a width in columns; a wide character takes two.
func Pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-Columns(s), 1))
}

// Columns is how many columns of a terminal s takes.
func Columns(s string) int {
	n := 0
	for _, r := range s {
		n += columns(r)
	}
	return n
}

// Cut shortens s to at most so many columns.
func Cut(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += columns(r); n > most {
			return s[:i]
		}
	}
	return s
}

// columns is how many columns a terminal gives a character: two if its East Asian Width
// is wide or full (Unicode Standard Annex 11).
func columns(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
