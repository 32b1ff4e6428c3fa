package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// TestRewriteOnFullDisk: where there is no room for a second journal, the first stays:
// nothing is forgotten, and that is an error; no row leaves, and the run goes on.
func TestRewriteOnFullDisk(t *testing.T) {
	t.Parallel()
	disk, dir := smallDisk(t, 3<<20), newFolder(t)
	sim := simulate(t)
	args := sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 2).String()), "--journal", disk)
	axgbind(t, args...).want(t, 0)
	path := simulatedJournal(t, disk)
	head, rest, _ := strings.Cut(read(t, path), "\n")
	header, err := journal.ReadHeader(strings.NewReader(head))
	if err != nil {
		t.Fatal(err)
	}
	ago := time.Now().AddDate(0, 0, -40)
	header.Created = ago
	w := &written{t: t, text: &strings.Builder{}, at: ago}
	w.out = journal.Write(w.text, header)
	w.add(ledger.Record{Kind: ledger.Run, Batch: "b0"}, books.RunStart{Batch: "b0", Start: ago})
	w.sent(forgottenNumber, ledger.Refused, "")
	w.add(ledger.Record{Kind: ledger.End}, books.RunEnd{End: ago})
	w.at = time.Now()
	w.add(ledger.Record{Kind: ledger.Run, Batch: "b1"}, books.RunStart{Batch: "b1", Start: w.at})
	for range 300 {
		w.sent("13900139000", ledger.Refused, `{"t":1,"msg":"`+strings.Repeat("padding ", 500)+`"}`)
	}
	old := w.String() + rewritten(t, rest, func(l *journal.Line) {
		if l.Record.Call > 0 {
			l.Record.Call += w.call
		}
	})
	writeJournal(t, path, old)

	got := axgbind(t, "journal", "forget", "--journal", path, forgottenNumber).want(t, 1)
	if !strings.Contains(got.stderr, "no space left") && !strings.Contains(got.stderr, "disk is full") {
		t.Errorf("does not say why:\n%s", got)
	}
	if read(t, path) != old {
		t.Error("the journal changed")
	}
	got = axgbind(t, args...).want(t, 0)
	if !strings.Contains(got.stderr, "no room to rewrite the journal") {
		t.Errorf("does not say that it stays:\n%s", got)
	}
	if text := read(t, path); !strings.HasPrefix(text, old) {
		t.Errorf("the journal does not go on: %d bytes, had %d", len(text), len(old))
	}
	agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
	for _, name := range files(t, disk) {
		if strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s was left behind", name)
		}
	}
}
