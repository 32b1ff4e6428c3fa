package page

import (
	"math"
	"strconv"
	"strings"
)

// grouped writes a whole number with commas: 1,000,000.
func grouped[N int | int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// rounded writes a number with as many digits as a reader takes in.
func rounded(x float64) string {
	switch {
	case x >= 100 || x == math.Trunc(x):
		return grouped(int64(math.Round(x)))
	case x >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return trimmed(x, 2)
}

// percentOf writes a position in a chart: 33.25%.
func percentOf(x float64) string { return trimmed(x, 2) + "%" }

// ratio writes how long the bar of a number is beside that of the most.
func ratio(n, most int) string {
	if n == 0 {
		return ""
	}
	return percentOf(100 * float64(n) / float64(most))
}

// coordinate writes a position in a path.
func coordinate(x float64) string { return trimmed(x, 1) }

func trimmed(x float64, digits int) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', digits, 64), "0"), ".")
}
