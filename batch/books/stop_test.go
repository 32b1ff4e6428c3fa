package books_test

import (
	"testing"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/report"
)

func TestStopWords(t *testing.T) {
	for _, s := range []books.Stop{books.StopLimit, books.StopUntil, books.StopInterrupt, books.StopTerminate, books.StopHangup,
		books.StopAccount, books.StopMaxFailures, books.StopAllAlike, books.StopTrouble, books.StopJournal, books.StopInput, books.StopInternal, books.StopCapacity, books.StopNetwork, books.StopThrottled, books.StopLookups} {
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			if s.Words() == (report.Text{}) || s.Words().In(lang) == "" {
				t.Errorf("%s has no words", s)
			}
		}
		if s.Error() != "stopped: "+string(s) {
			t.Errorf("Error: %q", s.Error())
		}
	}
	if books.StopNone.Words() != (report.Text{}) {
		t.Error("StopNone has words")
	}
}

// TestStopAfter: a clock that is off, and a token that has ended, have words of their own
// where the account is refused for them, and nowhere else.
func TestStopAfter(t *testing.T) {
	off := ""
	for _, e := range aliyun.Entries() {
		if aliyun.ClockRefused(e.Code) {
			off = e.Code
		}
	}
	for _, c := range []struct {
		stop books.Stop
		code string
		want report.Text
	}{
		{books.StopAccount, off, report.StopClock},
		{books.StopAccount, aliyun.CodeTokenExpired, report.StopToken},
		{books.StopAccount, "isp.RAM_PERMISSION_DENY", books.StopAccount.Words()},
		{books.StopAccount, "", books.StopAccount.Words()},
		{books.StopThrottled, off, books.StopThrottled.Words()},
		{books.StopThrottled, aliyun.CodeTokenExpired, books.StopThrottled.Words()},
		{books.StopNone, off, report.Text{}},
	} {
		if got := c.stop.After(c.code); got != c.want {
			t.Errorf("%s after %s: %q, want %q", c.stop, c.code, got.EN, c.want.EN)
		}
	}
}
