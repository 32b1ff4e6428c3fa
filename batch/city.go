package batch

import (
	"slices"
	"strings"
	"sync"
)

// knownCity reports whether a city, without 市, is in the table. Every row asks.
func knownCity(s string) bool {
	_, ok := citySet()[s]
	return ok
}

// citySet returns the table for looking up.
var citySet = sync.OnceValue(func() map[string]struct{} {
	set := make(map[string]struct{}, len(cityNames))
	for _, name := range cityNames {
		set[name] = struct{}{}
	}
	return set
})

// nearestCity returns the city that was most likely meant: one whose name
// stands in the text, as in 浙江省杭州, or is one character away. Only a single
// candidate is a guess worth making; otherwise it returns "".
func nearestCity(s string) string {
	within := ""
	for _, name := range cityNames {
		if strings.Contains(s, name) && len(name) > len(within) {
			within = name
		}
	}
	if within != "" {
		return within
	}
	// A name is seldom wrong in its first character.
	var same, others []string
	wanted := []rune(s)
	for _, name := range cityNames {
		if near := []rune(name); oneSlip(wanted, near) {
			if near[0] == wanted[0] {
				same = append(same, name)
			} else if len(near) > 2 {
				others = append(others, name)
			}
		}
	}
	if len(same) == 0 {
		same = others
	}
	if len(same) == 1 {
		return same[0]
	}
	return ""
}

// oneSlip reports whether one character replaced, left out or added makes one
// text of the other.
func oneSlip(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(b) < 2 {
		return false
	}
	same := 0
	for same < len(a) && a[same] == b[same] {
		same++
	}
	if len(a) == len(b) {
		return same < len(a) && slices.Equal(a[same+1:], b[same+1:])
	}
	return slices.Equal(a[same:], b[same+1:])
}
