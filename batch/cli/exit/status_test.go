package exit_test

import (
	"fmt"
	"strings"
	"testing"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/report"
)

// stands is the summary of a run of a command whose rows stand so; gone of them
// left the input while they were UNKNOWN.
func stands(command string, gone int, counts map[report.Status]int) *report.Summary {
	s := report.NewSummary()
	s.Command, s.GoneUnknown, s.Results = command, gone, "july.results.csv"
	codes := map[report.Status]string{report.Failed: "isv.NO_NOT_EXIST", report.Invalid: "client.Duplicate", report.Held: "client.StillBound", report.Unknown: "client.Timeout"}
	for _, status := range report.Statuses {
		for range counts[status] {
			s.Rows++
			s.Add(&report.Record{Line: s.Rows + 1, Status: status, Code: codes[status]}, func(report.Status, string) (string, string) { return "", "" })
		}
	}
	s.Sort()
	return s
}

// endOf ends a run whose rows stand as the summary says: its exit status, and the
// status in words.
func endOf(s *report.Summary, stop books.Stop, lang report.Lang) (status int, words string) {
	s.ExitStatus = exit.Status(s, stop, false)
	return s.ExitStatus, exit.Words(s).In(lang)
}

// TestEnd: the exit status of rows that stand so, in words that name the kinds
// of rows there are and no other.
func TestEnd(t *testing.T) {
	type rows = map[report.Status]int
	const refused, invalid, held = "were refused", "are invalid", "are held back for someone to decide (HELD)"
	for _, c := range []struct {
		command string
		counts  rows
		gone    int
		stop    books.Stop
		status  int
		words   string
	}{
		{"bind", rows{report.Bound: 3}, 0, books.StopNone, 0, "every row is bound"},
		{"bind", rows{report.Bound: 3, report.Released: 1}, 0, books.StopNone, 0, "every row is bound, or was released"},
		{"bind", rows{report.Bound: 3, report.Failed: 1}, 0, books.StopNone, 3, "finished; some rows " + refused},
		{"bind", rows{report.Bound: 3, report.Invalid: 1}, 0, books.StopNone, 3, "finished; some rows " + invalid},
		{"bind", rows{report.Bound: 3, report.Held: 1}, 0, books.StopNone, 3, "finished; some rows " + held},
		{"bind", rows{report.Failed: 2, report.Invalid: 1}, 0, books.StopNone, 3, "finished; some rows " + refused + ", some " + invalid},
		{"bind", rows{report.Failed: 2, report.Held: 1}, 0, books.StopNone, 3, "finished; some rows " + refused + ", some " + held},
		{"bind", rows{report.Invalid: 2, report.Held: 1}, 0, books.StopNone, 3, "finished; some rows " + invalid + ", some " + held},
		{"bind", rows{report.Failed: 1, report.Invalid: 2, report.Held: 1}, 0, books.StopNone, 3, "finished; some rows " + refused + ", some " + invalid + ", some " + held},
		{"unbind", rows{report.Released: 1, report.Held: 1}, 0, books.StopNone, 3, "finished; some rows " + held},
		{"bind", rows{report.Held: 1, report.Pending: 1}, 0, books.StopNone, 5, "some rows are PENDING: they were not executed"},
		{"bind", rows{report.Held: 1, report.Unknown: 1}, 0, books.StopNone, 4, "some rows are UNKNOWN: they were sent, and nobody knows whether they are bound"},
		{"bind", rows{report.Held: 1, report.Unknown: 1}, 2, books.StopNone, 4, "some rows are UNKNOWN: they were sent, and nobody knows whether they are bound"},
		// Rows that left the input while UNKNOWN make the status 4, in its place of the order.
		{"bind", rows{report.Bound: 1}, 2, books.StopNone, 4, "rows that left the input are UNKNOWN: 2; they were sent, and nobody knows whether they are bound"},
		{"bind", rows{report.Bound: 1, report.Pending: 1, report.Held: 1}, 2, books.StopLimit, 4, "rows that left the input are UNKNOWN: 2; they were sent, and nobody knows whether they are bound"},
		{"bind", rows{report.Bound: 1, report.Pending: 1}, 2, books.StopInterrupt, 130, "interrupted; calls under way were finished; the rest waits for the next run"},
		{"reconcile", rows{report.Bound: 1, report.Unknown: 1}, 0, books.StopTerminate, 143, "ended on request; calls under way were finished; the rest waits for the next run"},
		{"reconcile", rows{report.Bound: 1, report.Held: 1}, 0, books.StopTerminate, 3, "finished; some rows are held back for someone to decide (HELD)"},
		{"bind", rows{report.Bound: 1}, 2, books.StopMaxFailures, 8, "too many failures; find the cause before going on"},
	} {
		s := stands(c.command, c.gone, c.counts)
		status, words := endOf(s, c.stop, report.EN)
		if status != c.status || words != c.words {
			t.Errorf("%s %v, %d gone: %d %q, want %d %q", c.command, c.counts, c.gone, status, words, c.status, c.words)
		}
		if _, zh := endOf(s, c.stop, report.ZH); strings.Contains(zh, "%!") || strings.Contains(zh, "some") {
			t.Errorf("%v: %q", c.counts, zh)
		}
	}
	s := stands("bind", 0, rows{report.Failed: 1, report.Invalid: 2, report.Held: 1})
	if _, zh := endOf(s, books.StopNone, report.ZH); zh != "已完成；部分行被拒绝，部分无效，部分暂不发送、等人决定（HELD）" {
		t.Error(zh)
	}
	s.Command = "check"
	if _, en := endOf(s, books.StopNone, report.EN); !strings.HasPrefix(en, "some rows were refused, ") || !strings.HasSuffix(en, "; nothing was sent") {
		t.Error(en)
	}
	for _, command := range []string{"bind", "update", "unbind"} { // what was begun may be done
		s := report.NewSummary()
		s.Command, s.Rows = command, 1
		s.Add(&report.Record{Line: 9, Status: report.Pending, Code: "client.Timeout"}, func(report.Status, string) (string, string) { return "", "" })
		if status, words := endOf(s, books.StopNone, report.EN); status != 5 || words != "some rows are PENDING: their change or release may be done already; running again is safe" {
			t.Errorf("%s: %d %q", command, status, words)
		}
	}
	s = stands("bind", 0, nil)
	s.Rows++ // no row is missing silently, and HELD rows are part of the balance
	if status, _ := endOf(s, books.StopNone, report.EN); status != 1 {
		t.Errorf("counts that do not balance end %d", status)
	}
	if got := exit.StatusWords(3).In(report.EN); got != "finished; some rows were refused, are invalid or are held back" {
		t.Error(got)
	}
}

// A run is over whose rows stand like this. Its status follows from them, and the words
// from both.
func ExampleWords() {
	s := report.NewSummary()
	s.Command, s.Rows = "bind", 3
	for line, status := range []report.Status{report.Bound, report.Bound, report.Failed} {
		s.Add(&report.Record{Line: line + 2, Status: status}, func(report.Status, string) (meaning, who string) { return "", "" })
	}
	s.ExitStatus = exit.Status(s, books.StopNone, false)
	fmt.Println(s.ExitStatus, exit.Words(s).In(report.EN))
	// Output: 3 finished; some rows were refused
}

// What ends a command is a fault: the reason, and below it what helps.
func ExampleRefuse() {
	var err error = exit.Refuse(exit.Usage, report.ErrNoPool)
	if f, ok := exit.FaultOf(err); ok {
		reason, cure := exit.CutCure(f.In(report.EN))
		fmt.Println(f.Status, reason)
		fmt.Println(cure)
	}
	// Output:
	// 10 no pool key
	// add --pool-key KEY or a column PoolKey; the console of Phone Number Protection shows the key of each pool
}
