package plan_test

import (
	"fmt"
	"strings"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/plan"
	"axgbind/report"
)

// The answers to a night were a binding and a silence. In the morning the file has one row
// edited, one wrong and one more: only what is new goes.
func Example() {
	const header = "PhoneNoA,GroupId,Expiration,PoolKey,Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt\n"
	const end = ",7,2099-01-31 23:59:59,FC1"
	j, err := books.Create(new(bookstest.Memory), journal.Header{}, journal.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer j.Close()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	match := func(text string) *plan.Plan {
		in, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{})
		if err != nil {
			fmt.Println(err)
			return nil
		}
		p, err := plan.New(in, j, plan.Options{Now: now, Batch: "monday"})
		if err != nil {
			fmt.Println(err)
			return nil
		}
		return p
	}

	results := match(header +
		"13800138000" + end + ",2,BOUND,OK,,,,17100000001,1000000000000001,R-1,1,40,2026-11-23T23:00:00+08:00\n" +
		"13800138001" + end + ",3,UNKNOWN,client.Timeout,,,,,,,1,10000,2026-11-23T23:00:10+08:00\n")
	if err := j.Begin(books.RunStart{Run: "r1", Batch: "monday"}); err != nil {
		fmt.Println(err)
		return
	}
	if err := results.Carry(); err != nil { // from now on the journal knows it
		fmt.Println(err)
		return
	}

	p := match("PhoneNoA,GroupId,Expiration,PoolKey\n" +
		"13800138000" + strings.Replace(end, "01-31", "02-28", 1) + "\n" +
		"13800138001" + end + "\n" +
		"1380013800" + end + "\n" +
		"13800138002" + end + "\n")
	err = p.Results(report.EN, books.StopNone, func(r *report.Record) error {
		fmt.Println(strings.TrimSpace(fmt.Sprint(r.Line, " ", r.Status, " ", r.Code)))
		return nil
	})
	fmt.Println(p.ToSend, "to send of", p.Rows, err)
	// Output:
	// 2 HELD client.EditedAfterSend
	// 3 UNKNOWN client.Timeout
	// 4 INVALID isv.MOBILE_NUMBER_ILLEGAL
	// 5 PENDING
	// 1 to send of 4 <nil>
}
