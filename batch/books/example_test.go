package books_test

import (
	"fmt"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// A call is written down before it leaves. Whoever opens the books after a crash at that
// moment knows that it may have been executed; once its end is written too, how it ended.
func Example() {
	place := new(bookstest.Memory)
	j, err := books.Create(place, journal.Header{}, journal.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	tell := func(when string) {
		now, err := books.Open(bookstest.NewMemory(place.Text()), journal.Options{}, 0)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer now.Close()
		rows := now.Standing(time.Now()).Batches[0].Rows
		fmt.Println(when, rows[report.Unknown], "unknown,", rows[report.Bound], "bound")
	}
	if err := j.Begin(books.RunStart{Run: "r1", Batch: "monday", Rows: 1}); err != nil {
		fmt.Println(err)
		return
	}
	bind := ledger.Record{Op: ledger.Bind, Row: ledger.Key{ID: ledger.Identity{1}, Batch: j.Ledger.BatchNumber("monday")}, Place: 7}
	row := books.Detail{T: time.Now().UnixMilli(), Line: 2, PoolKey: "FC1", PhoneNoA: "13800138000", GroupID: "7"}
	call, err := j.Intend(bind, 30*time.Second, &row)
	if err != nil { // then it must not leave
		fmt.Println(err)
		return
	}
	tell("killed before the answer:")

	done := ledger.Record{Kind: ledger.OK, Call: call, Code: "OK", Binding: ledger.ParseSubsID("1000000000000001")}
	if err := j.EndCall(done, &books.Detail{SecretNo: "17100000001", SubsID: "1000000000000001"}); err != nil {
		fmt.Println(err)
		return
	}
	tell("killed after it:")

	_, err = j.Intend(bind, 30*time.Second, &row)
	fmt.Println(err)
	if err := j.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// killed before the answer: 1 unknown, 0 bound
	// killed after it: 0 unknown, 1 bound
	// the ledger forbids this call: the row is bound
}
