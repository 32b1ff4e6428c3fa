package report_test

import (
	"testing"
	"time"

	"axgbind/report"
)

// TestDuration: people read durations in their own language, wherever a sentence has one.
func TestDuration(t *testing.T) {
	const h, m, s, ms, us = time.Hour, time.Minute, time.Second, time.Millisecond, time.Microsecond
	for d, want := range map[time.Duration]string{
		0: "0 秒", 360 * us: "360 微秒", 12500 * us: "12.5 毫秒", 999 * ms: "999 毫秒", 26 * s: "26 秒", 2350 * ms: "2.35 秒",
		m: "1 分钟", 80 * s: "1 分 20 秒", h: "1 小时", 2*h + 5*m: "2 小时 5 分", h + 20*s: "1 小时 20 秒", 30*h + m + s: "30 小时 1 分 1 秒", -s: "-1s",
	} {
		if got := report.Duration(d, report.ZH); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
		if got := report.Duration(d, report.EN); got != d.String() {
			t.Errorf("%v is %q in English", d, got)
		}
	}
	for lang, want := range []string{"waiting 1m20s, until no earlier call of these rows can still be executed", "等待 1 分 20 秒，直到这些行先前的请求不会再被执行"} {
		if got := report.SaySweepWaits.In(report.Lang(lang), 80*s); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for d, want := range map[time.Duration]string{1234 * ms: "1 秒", 12345 * us: "12 毫秒", 1234567: "1.23 毫秒"} {
		if got := report.Short(d, report.ZH); got != want {
			t.Errorf("short: %v is %q, want %q", d, got, want)
		}
	}
}

// TestLabel: what a summary calls a state can be read back, in either language.
func TestLabel(t *testing.T) {
	for s := range report.NumStatuses {
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			if got, ok := report.ReadStatus(s.Label(lang)); !ok || got != s {
				t.Errorf("%s is read as %v, %v", s.Label(lang), got, ok)
			}
		}
	}
	if got := report.Unknown.Label(report.ZH); got != "结果未知 UNKNOWN" {
		t.Error(got)
	}
	if got := report.NumStatuses.Label(report.ZH); got != "Status(7)" {
		t.Error(got)
	}
}
