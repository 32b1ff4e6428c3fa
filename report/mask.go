package report

import (
	"fmt"
	"unicode/utf8"
)

// Mask hides the middle of a phone number or key: the first 3 and last 4
// characters remain if there are 9 or more, otherwise only the length does.
// Everything shown to people, logged or sent goes through it; input, results
// and journal hold full values.
func Mask(s string) string {
	n := utf8.RuneCountInString(s)
	if n == 0 {
		return ""
	}
	if n < 9 {
		return fmt.Sprintf("(%d)", n)
	}
	r := []rune(s)
	return string(r[:3]) + "****" + string(r[n-4:])
}
