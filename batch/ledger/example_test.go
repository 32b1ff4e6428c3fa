package ledger_test

import (
	"fmt"

	"axgbind/batch/ledger"
)

// A row is sent, and its answer is lost: nobody may send it again, nor another row
// at its place, until a look-up shows what became of the call.
func Example() {
	l := ledger.New(1)
	batch := l.BatchNumber("monday")
	row, other := ledger.Key{ID: ledger.Identity{1}, Batch: batch}, ledger.Key{ID: ledger.Identity{2}, Batch: batch}
	const place, now, wait = 7, 1_000, 30_000
	apply := func(r ledger.Record) {
		if err := l.Apply(&r); err != nil {
			fmt.Println(err)
		}
	}
	bind := func(row ledger.Key) ledger.Record {
		return ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: l.Next(), Row: row, Place: place, At: now, Due: now + wait}
	}
	ask := func(row ledger.Key) ledger.Reason {
		intent := bind(row)
		return l.Check(&intent, ledger.Clock{Now: now})
	}
	apply(ledger.Record{Kind: ledger.Run, Batch: "monday"})
	fmt.Println("before:", ask(row) == ledger.None)

	apply(bind(row)) // durable: the call may leave
	apply(ledger.Record{Kind: ledger.Lost, Call: 1, Code: "client.Timeout"})
	n, _ := l.Row(row)
	fmt.Println("lost:", l.State(n), ask(row) == ledger.InDoubt, ask(other) == ledger.BindThere)
	fmt.Println("none was made:", l.Settleable(1, ledger.Clock{Now: now}), l.Settleable(1, ledger.Clock{Now: now, Elapsed: wait}))

	apply(ledger.Record{Kind: ledger.Found, Call: 1, Binding: ledger.ParseSubsID("4700001"), Code: "OK", At: now})
	fmt.Println("found:", l.State(n), ask(row) == ledger.IsBound, ask(other) == ledger.BindingThere)
	// Output:
	// before: true
	// lost: unknown true true
	// none was made: false true
	// found: bound true true
}
