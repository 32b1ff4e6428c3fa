package page

import (
	"math"
	"strconv"
	"strings"
	"time"

	"axgbind/report"
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

// lasted writes how long something took: 1.4 s, 26 s, 1 min 20 s.
func (p *Page) lasted(d time.Duration) string {
	switch s := int(d.Round(time.Second) / time.Second); {
	case s >= 3600:
		return report.PageHours.In(p.Lang, s/3600, s/60%60)
	case s >= 60:
		return report.PageMinutes.In(p.Lang, s/60, s%60)
	case s >= 10:
		return report.PageSeconds.In(p.Lang, strconv.Itoa(s))
	}
	return report.PageSeconds.In(p.Lang, strconv.FormatFloat(d.Seconds(), 'f', 1, 64))
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
