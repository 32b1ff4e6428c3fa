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
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', 2, 64), "0"), ".")
}

// latency writes milliseconds as people say them: 81 ms, 1.2 s.
func latency(ms float64) string {
	if ms >= 1000 {
		return rounded(math.Round(ms/100)/10) + " s"
	}
	return rounded(ms) + " ms"
}

// niceAbove is the round number at or above x that a scale ends with.
func niceAbove(x float64) float64 {
	if x <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(x)))
	for _, step := range []float64{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10} {
		if step*unit >= x*(1-1e-9) {
			return step * unit
		}
	}
	return 10 * unit
}

// clock writes a moment in Beijing, the date only if asked for.
func clock(t time.Time, dated bool) string {
	if dated {
		return t.In(report.Beijing).Format("01-02 15:04:05")
	}
	return t.In(report.Beijing).Format("15:04:05")
}

// percentOf writes a position in a chart: 33.25%.
func percentOf(x float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', 2, 64), "0"), ".") + "%"
}

// coordinate writes a position in a path.
func coordinate(x float64) string {
	return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', 1, 64), "0"), ".")
}
