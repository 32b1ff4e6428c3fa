package journal_test

import (
	"fmt"
	"os"
	"path/filepath"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// A call is recorded before it leaves, and again when its end is known; whoever
// opens the journal later is told both.
func Example() {
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "axgbind.journal")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		panic(err)
	}
	place := journal.NewFile(path, nil)
	place.Use(f)
	defer place.Close()

	known := ledger.New(1)
	j, err := journal.Create(place, journal.Header{Identity: 1, Simulated: true}, journal.Options{Applied: known.Apply})
	if err != nil {
		panic(err)
	}
	row := ledger.Key{ID: ledger.Identity{15: 1}}
	j.Append(ledger.Record{Kind: ledger.Run, Batch: "a.csv"}, nil)
	intent := j.Append(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: known.Next(), Row: row, At: 1000, Due: 61000}, map[string]string{"a": "13800138000"})
	if err := intent.Wait(); err != nil { // then nothing is sent
		panic(err)
	}
	j.Append(ledger.Record{Kind: ledger.OK, Call: 1, Binding: ledger.ParseSubsID("17"), At: 1080, Code: "OK"}, nil)
	if err := j.Close(); err != nil {
		panic(err)
	}

	again := ledger.New(1)
	j, err = journal.Open(place, func(l *journal.Line) error {
		fmt.Println(l.Word, l.Record.Call, len(l.Detail))
		return again.Apply(&l.Record)
	}, journal.Options{Identity: 1, Applied: again.Apply})
	if err != nil {
		panic(err)
	}
	n, _ := again.Row(ledger.Key{ID: row.ID, Batch: again.BatchNumber("a.csv")})
	fmt.Println(again.State(n) == ledger.Bound, again.State(n) == known.State(n))
	if err := j.Close(); err != nil {
		panic(err)
	}
	// Output:
	// run 0 0
	// intent 1 19
	// ok 1 0
	// true true
}
