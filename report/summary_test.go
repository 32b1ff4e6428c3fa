package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"axgbind/report"
)

func summary() *report.Summary {
	s := report.NewSummary()
	s.Program, s.Command, s.Simulated = "axgbind test", "bind", true
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
	s.Gone, s.Warnings = 3, 2
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
		if n := strings.Count(b.String(), "\n"); n > 18 {
			t.Errorf("%s: %d lines, want at most 18 and two more for the end", c.golden, n)
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
	if n := strings.Count(b.String(), "\n"); n > 18 || !strings.Contains(b.String(), "24 more codes") {
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
	if back.Count(report.Failed) != 10 || !back.Balanced() || back.Version != report.SummaryVersion {
		t.Errorf("read back: %+v", back)
	}
}
