package books_test

import (
	"testing"

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
