package report

import (
	"strconv"
	"strings"
	"time"
)

// Duration is a duration as people say it: 1m20s in English, as Go writes it, and
// 1 分 20 秒 in Chinese. An argument of a Text that is a time.Duration is said so.
func Duration(d time.Duration, lang Lang) string {
	if lang == EN || d < 0 {
		return d.String()
	}
	number := func(n, unit time.Duration) string {
		return strconv.FormatFloat(float64(n)/float64(unit), 'f', -1, 64)
	}
	switch {
	case d < time.Millisecond && d > 0:
		return DurationMicroseconds.In(lang, number(d, time.Microsecond))
	case d < time.Second && d > 0:
		return DurationMilliseconds.In(lang, number(d, time.Millisecond))
	}
	hours, minutes, rest := d/time.Hour, d%time.Hour/time.Minute, d%time.Minute
	var parts []string
	if hours > 0 {
		parts = append(parts, DurationHours.In(lang, number(hours, 1)))
	}
	switch {
	case minutes > 0 && hours == 0 && rest == 0:
		parts = append(parts, DurationWholeMinutes.In(lang, number(minutes, 1)))
	case minutes > 0:
		parts = append(parts, DurationMinutes.In(lang, number(minutes, 1)))
	}
	if rest > 0 || len(parts) == 0 {
		parts = append(parts, DurationSeconds.In(lang, number(rest, time.Second)))
	}
	return strings.Join(parts, " ")
}

// Short is a duration in the precision that people want.
func Short(d time.Duration, lang Lang) string {
	unit := 10 * time.Microsecond
	switch {
	case d >= time.Second:
		unit = time.Second
	case d >= 10*time.Millisecond:
		unit = time.Millisecond
	}
	return Duration(d.Round(unit), lang)
}

// Millis is a latency in milliseconds, likewise.
func Millis(ms float64, lang Lang) string {
	d, unit := time.Duration(ms*float64(time.Millisecond)), time.Millisecond
	if d < 10*time.Millisecond {
		unit = 10 * time.Microsecond
	}
	return Duration(d.Round(unit), lang)
}

// Span is a long duration in words, in the unit that people would choose.
func Span(d time.Duration, lang Lang) string {
	switch {
	case d < 2*time.Hour:
		return SpanMinutes.In(lang, int(d.Round(time.Minute)/time.Minute))
	case d < 48*time.Hour:
		return SpanHours.In(lang, int(d.Round(time.Hour)/time.Hour))
	}
	return SpanDays.In(lang, int(d.Round(24*time.Hour)/(24*time.Hour)))
}
