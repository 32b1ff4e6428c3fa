package history_test

import (
	"bytes"
	"fmt"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/history"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// A batch is killed in its first run and bound in its second.
func Example() {
	w := bookstest.NewWriter()
	w.Begin("monday.csv", 3)
	w.Bind(1, ledger.OK, "OK", 80)
	w.Bind(2, ledger.NotSent, "isv.FLOW_LIMIT", 20)
	w.Sent(3) // and no answer
	w.Now = w.Now.Add(time.Minute)
	w.Begin("monday.csv", 3)
	w.Bind(2, ledger.OK, "OK", 80)
	w.Record(ledger.Record{Kind: ledger.End}, books.RunEnd{Status: 4, End: w.Now, Calls: 1})

	h, err := history.Read(bytes.NewReader(w.Text), int64(len(w.Text)), nil, "monday.csv", false)
	if err != nil {
		fmt.Println(err)
		return
	}
	p := h.Page(report.EN)
	for _, r := range p.Runs {
		fmt.Println(r.Calls, "calls,", r.Throttled, "throttled;", r.Settled[report.Bound], "bound,", r.Settled[report.Unknown], "unknown")
	}
	for _, f := range p.Failures {
		fmt.Println(f.Status, f.Code, "line", f.Lines[0])
	}
	// Output:
	// 3 calls, 1 throttled; 1 bound, 1 unknown
	// 1 calls, 0 throttled; 2 bound, 1 unknown
	// UNKNOWN client.Interrupted line 3
}
