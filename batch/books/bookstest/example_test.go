package bookstest_test

import (
	"bytes"
	"fmt"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// A run binds one row, loses the answer to another, and is killed.
func Example() {
	w := bookstest.NewWriter()
	w.Begin("a.csv", 3)
	w.Bind(1, ledger.OK, "OK", 80)
	w.Bind(2, ledger.Lost, "client.Timeout", 10_000)
	w.Sent(3)

	j, err := books.Read(bytes.NewReader(w.Text), int64(len(w.Text)), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	b := j.Standing(w.Now).Batches[0]
	fmt.Println(b.ID, "bound:", b.Rows[report.Bound], "unknown:", b.Rows[report.Unknown], "under way:", b.Open)
	// Output: a.csv bound: 1 unknown: 1 under way: 1
}
