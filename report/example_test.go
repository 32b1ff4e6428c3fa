package report_test

import (
	"fmt"
	"strings"
	"time"

	"axgbind/report"
)

// The outcome of an input of two rows: its results file, what they add up to, and text as
// a person sees it.
func Example() {
	header := []string{"PhoneNoA", "GroupId"}
	rows := []report.Record{
		{
			Input: []string{"13800138000", "7"}, Line: 2, Status: report.Bound, Code: "OK", Message: "OK", SecretNo: "17100000001",
			SubsID: "1000000000000001", RequestID: "R-1", Attempts: 1, LatencyMs: 38, FinishedAt: time.Date(2026, 11, 30, 1, 2, 3, 0, time.UTC),
		},
		{Input: []string{"13800138001", "x"}, Line: 3, Status: report.Invalid, Code: "client.Invalid", Reason: "GroupId is no number", Action: "=correct it"},
	}
	var results strings.Builder
	w := report.NewWriter(&results, header, false)
	s := report.NewSummary()
	for i := range rows {
		if err := w.Write(&rows[i]); err != nil {
			fmt.Println(err)
		}
		s.Rows++
		s.Add(&rows[i], func(status report.Status, code string) (meaning, who string) { return "a cell is not valid", "you" })
	}
	if err := w.Flush(); err != nil {
		fmt.Println(err)
	}
	fmt.Print(strings.TrimPrefix(results.String(), report.BOM))
	fmt.Println(s.Balanced(), s.Count(report.Bound), s.Count(report.Invalid))
	for _, f := range s.Failures {
		fmt.Println(f.Status, f.Code, f.Count, f.Lines)
	}
	fmt.Println(report.Shown("13800138001 has no group"))
	// Output:
	// PhoneNoA,GroupId,Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt
	// 13800138000,7,2,BOUND,OK,OK,,,17100000001,1000000000000001,R-1,1,38,2026-11-30T09:02:03+08:00
	// 13800138001,x,3,INVALID,client.Invalid,,GroupId is no number,'=correct it,,,,0,,
	// true 1 1
	// INVALID client.Invalid 1 [3]
	// 138****8001 has no group
}
