package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"axgbind/report"
)

// mostLines is how long the text may be; why the run stopped, the line for
// machines and the status make twenty.
const mostLines = 17

func summary() *report.Summary {
	s := report.NewSummary()
	s.Program, s.Command, s.Simulated = "axgbind test", "bind", true
	s.ExitText = "every row is bound"
	s.Started = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	s.Finished = s.Started.Add(90 * time.Second)
	for _, r := range records() {
		s.Rows++
		s.Add(&r, explain)
	}
	for line := range 9 {
		s.Rows++
		s.Add(&report.Record{Line: 10 + line, Status: report.Failed, Code: "isv.NO_NOT_EXIST"}, explain)
	}
	s.Sort()
	s.Gone, s.Ended, s.Warnings = 3, 1, 2
	s.Calls, s.Retries, s.Throttled, s.Limit, s.AverageRate, s.PeakRate = 12, 2, 1, 100, 97.4, 100
	s.LatencyMs.P50, s.LatencyMs.P95, s.LatencyMs.P99, s.LatencyMs.Max = 81, 95.5, 120, 10000
	s.Input, s.Results, s.Journal, s.Failed = "in.csv", "in.results.csv", "in.results.csv.journal", "fix.csv"
	s.Run, s.Commit, s.User, s.Key = "mi2k3-77", "0123abcd", "ops@night-1", "LTA****abcd"
	s.InputSHA256, s.ResultsSHA256 = strings.Repeat("0a", 32), strings.Repeat("b1", 32)
	return s
}

func explain(_ report.Status, code string) (meaning, who string) {
	return "meaning of " + code, "data owner"
}

func TestSummaryText(t *testing.T) {
	for _, c := range []struct {
		golden string
		lang   report.Lang
	}{{"summary.en.txt", report.EN}, {"summary.zh.txt", report.ZH}} {
		var b bytes.Buffer
		if err := summary().WriteText(&b, c.lang); err != nil {
			t.Fatal(err)
		}
		golden(t, c.golden, b.Bytes())
		if n := strings.Count(b.String(), "\n"); n > mostLines {
			t.Errorf("%s: %d lines, want at most %d and three more for the end", c.golden, n, mostLines)
		}
	}
}

func TestSummaryManyCodes(t *testing.T) {
	s := report.NewSummary()
	s.Command = "bind"
	for i := range 30 {
		s.Rows++
		s.Add(&report.Record{Line: i, Status: report.Failed, Code: "isv.CODE_" + string(rune('A'+i))}, explain)
	}
	s.Sort()
	var b bytes.Buffer
	if err := s.WriteText(&b, report.EN); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n > mostLines || !strings.Contains(b.String(), "25 more codes") {
		t.Errorf("%d lines:\n%s", n, b.String())
	}
}

func TestSummaryBalance(t *testing.T) {
	s := summary()
	if !s.Balanced() {
		t.Error("counts do not balance")
	}
	s.Rows++
	var b bytes.Buffer
	if err := s.WriteText(&b, report.EN); err != nil {
		t.Fatal(err)
	}
	if s.Balanced() || !strings.Contains(b.String(), "do not balance") {
		t.Errorf("a row that is missing goes unnoticed:\n%s", b.String())
	}
}

func TestSummaryJSON(t *testing.T) {
	var b bytes.Buffer
	if err := summary().WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.json", b.Bytes())
	var back report.Summary
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Count(report.Failed) != 10 || !back.Balanced() || back.Version != report.SummaryVersion || back.Count(report.Held) != 1 || back.Already != 1 {
		t.Errorf("read back: %+v", back)
	}
}

// TestSummaryLongest: with everything that can be said at once.
func TestSummaryLongest(t *testing.T) {
	s := summary()
	for range 30 {
		s.Failures = append(s.Failures, report.Failure{Status: "UNKNOWN", Code: "isp.UNKNOWN", Count: 1})
	}
	s.Rows++ // does not balance
	var b bytes.Buffer
	if err := s.WriteText(&b, report.ZH); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != mostLines+2 { // in Chinese the states take two lines more
		t.Errorf("%d lines, want %d\n%s", n, mostLines+2, b.String())
	}
}

// TestSummaryHeld: HELD is counted and shown even when there is none, what takes
// an earlier binding is counted apart, and what left the input is not counted
// among the rows.
func TestSummaryHeld(t *testing.T) {
	s := report.NewSummary()
	s.Command = "bind"
	text := func() string {
		var b bytes.Buffer
		if err := s.WriteText(&b, report.EN); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if n, ok := s.Counts["HELD"]; !ok || n != 0 || !strings.Contains(text(), " + INVALID 0 + HELD 0 + UNKNOWN 0") {
		t.Errorf("HELD is not shown: %v\n%s", s.Counts, text())
	}
	for _, bad := range []string{"another row or batch", "left the input"} {
		if strings.Contains(text(), bad) {
			t.Errorf("%q is said of no row\n%s", bad, text())
		}
	}
	for line, r := range []report.Record{
		{Status: report.Bound, Code: "OK"},
		{Status: report.Bound, Code: "client.AlreadyBound"},
		{Status: report.Bound, Code: "client.AlreadyBound"},
		{Status: report.Unknown, Code: "client.AlreadyBound"}, // a release of its binding was begun
		{Status: report.Held, Code: "client.StillBound"},
	} {
		r.Line = line + 2
		s.Rows++
		s.Add(&r, explain)
	}
	s.GoneUnknown = 4
	s.Sort()
	if s.Already != 2 || s.Count(report.Held) != 1 || !s.Balanced() {
		t.Errorf("already %d, held %d, %v", s.Already, s.Count(report.Held), s.Counts)
	}
	for _, want := range []string{
		"rows      5 = BOUND 3 + FAILED 0 + INVALID 0 + HELD 1 + UNKNOWN 1 + PENDING 0",
		"BOUND rows that use the binding of another row or batch: 2", "UNKNOWN rows that left the input, and may be bound: 4",
		"1 HELD client.StillBound: ",
	} {
		if !strings.Contains(text(), want) {
			t.Errorf("no %q in\n%s", want, text())
		}
	}
	if e := s.Empty(); e.Already != 0 || e.GoneUnknown != 4 || e.Count(report.Held) != 0 || e.Rows != 0 {
		t.Errorf("without rows: %+v", e)
	}
}

// TestShares: what is not nothing never shows as 0%, and what is not everything
// never as 100%.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		bound, failed int
		want          []string
	}{
		{0, 0, nil},
		{1, 0, []string{" 100.0%", " 0.0%"}},
		{1, 2, []string{" 33.3%", " 66.7%"}},
		{999999, 1, []string{">99.9%", "<0.1%"}},
		{998, 2, []string{" 99.8%", " 0.2%"}},
		{1, 1000000, []string{"<0.1%", ">99.9%"}},
	} {
		s := report.NewSummary()
		s.Rows = c.bound + c.failed
		s.Counts["BOUND"], s.Counts["FAILED"] = c.bound, c.failed
		var b bytes.Buffer
		if err := s.WriteText(&b, report.EN); err != nil {
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(strings.SplitN(b.String(), "\n", 2)[1], "\n")
		if len(c.want) == 0 && strings.Contains(b.String(), "%") {
			t.Errorf("shares of nothing:\n%s", b.String())
		}
		for _, w := range c.want {
			if !strings.Contains(line, w) {
				t.Errorf("%d of %d: %q lacks %q", c.bound, s.Rows, line, w)
			}
		}
	}
}

// TestFinishLine: the keys, which scripts look for years later.
func TestFinishLine(t *testing.T) {
	s := summary()
	want := "axgbind: finished status=0 rows=16 bound=2 failed=10 invalid=1 held=1 unknown=1 pending=1 already=1 calls=12 retries=2 throttled=1 seconds=90.0 stop=- command=bind service=simulated version=test"
	if got := s.Line(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s.ExitStatus, s.StopReason, s.Simulated = 5, "until", false
	if got := s.Line(); !strings.HasPrefix(got, "axgbind: finished status=5 ") || !strings.HasSuffix(got, " stop=until command=bind service=real version=test") {
		t.Errorf("got %s", got)
	}
	s.Command, s.Program = report.CommandUnbind, ""
	if got := s.Line(); !strings.HasSuffix(got, " command=unbind service=real released=0 version=-") {
		t.Errorf("got %s", got)
	}
}
