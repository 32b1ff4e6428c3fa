package ledger_test

import (
	"strings"
	"testing"

	"axgbind/batch/ledger"
)

// TestSnapshot holds what a compaction yields, in which order, and where it says
// that the particulars stand.
func TestSnapshot(t *testing.T) {
	b := open(t)
	b.bound(1, 5, 1, 77) // calls 1
	b.bound(2, 6, 2, 0)  // 2
	b.apply(ledger.Record{Kind: ledger.Run, Batch: "two"})
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Call: 3, Row: keyIn(2, 3), Binding: 5, Place: 3, Ends: 99, At: 1, Due: 100, Ref: 30})
	b.apply(ledger.Record{Kind: ledger.OK, Call: 3, Code: "OK", At: 5, Ref: 31})
	b.apply(ledger.Record{Kind: ledger.Gone, Binding: 6, Code: "gone", Ref: 61})
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 4, Row: keyIn(2, 4), Place: 4, Ends: 44, At: 3, Due: 90, Ref: 40, Named: true, Consent: 2})
	b.apply(ledger.Record{Kind: ledger.Lost, Call: 4, Code: "lost", Ref: 41})
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Renew, Call: 5, Row: keyIn(2, 5), Binding: 5, Place: 3, At: 3, Due: 90, Ref: 50, Sets: 6})
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 6, Row: keyIn(2, 6), Place: 6, At: 3, Due: 90, Ref: 60})
	b.apply(ledger.Record{Kind: ledger.Refused, Call: 6, Code: "refused", Ref: 62})
	want := []ledger.Entry{
		{Record: ledger.Record{Kind: ledger.Run, Batch: "one"}, Last: -1, OK: -1, Values: -1},
		{Record: ledger.Record{Kind: ledger.Run, Batch: "two"}, Last: -1, OK: -1, Values: -1},
		{Record: ledger.Record{Kind: ledger.Known, Op: ledger.Bind, Row: key(1), Binding: 5, Place: 3, Ends: 99, State: ledger.Bound, Attempts: 1, Ago: 1}, Last: 1001, OK: 31, Values: 30},
		{Record: ledger.Record{Kind: ledger.Known, Op: ledger.Bind, Row: key(2), Binding: 6, Place: 2, State: ledger.Pending, Code: "gone", Attempts: 1, Ago: 1, Last: true}, Last: 61, OK: 1002, Values: 2},
		{Record: ledger.Record{Kind: ledger.Known, Op: ledger.Update, Row: keyIn(2, 3), Binding: 5, Place: 3, Ends: 99, State: ledger.Bound, Code: "OK", Attempts: 1, Last: true}, Last: 31, OK: 31, Values: 30},
		{Record: ledger.Record{Kind: ledger.Known, Op: ledger.Bind, Row: keyIn(2, 4), Code: "lost", Attempts: 1, Maker: -1, Holder: -1}, Last: 41, OK: -1, Values: -1},
		{Record: ledger.Record{Kind: ledger.Known, Op: ledger.Renew, Row: keyIn(2, 5), Code: ledger.CodeInterrupted, Attempts: 1, Maker: -1, Holder: -1}, Last: -1, OK: -1, Values: -1},
		{Record: ledger.Record{Kind: ledger.Known, Op: ledger.Bind, Row: keyIn(2, 6), State: ledger.Failed, Code: "refused", Attempts: 1, Maker: -1, Holder: -1}, Last: 62, OK: -1, Values: -1},
		{Record: ledger.Record{Kind: ledger.Doubt, Op: ledger.Bind, Call: 4, Row: keyIn(2, 4), Place: 4, Ends: 44, At: 3, Due: 90, Code: "lost", Attempts: 1, Named: true, Consent: 2}, Last: 41, OK: -1, Values: 40},
		{Record: ledger.Record{Kind: ledger.Doubt, Op: ledger.Renew, Call: 5, Row: keyIn(2, 5), Binding: 5, Place: 3, From: 3, At: 3, Due: 90, Code: ledger.CodeInterrupted, Attempts: 1, Sets: 6}, Last: -1, OK: 31, Values: 50},
	}
	var got []ledger.Entry
	for e := range b.Snapshot(nil) {
		got = append(got, e)
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("entry %d of %d: %+v, want %+v", i, len(got), got[min(i, len(got)-1)], want[min(i, len(want)-1)])
		}
	}
	kept := 0
	for e := range b.Snapshot(func(int) bool { return false }) {
		if kept++; e.Row == key(2) || e.Row == keyIn(2, 3) || e.Row == keyIn(2, 6) {
			t.Errorf("kept, though it has ended: %+v", e)
		}
	}
	if kept != len(want)-3 {
		t.Errorf("%d entries are kept, want %d", kept, len(want)-3)
	}
	for n := range len(want) {
		seen := 0
		for range b.Snapshot(nil) {
			if seen++; seen > n {
				break
			}
		}
	}
}

// TestEqual holds that two ledgers are equal if they know the same of what has not
// ended, wherever it stands.
func TestEqual(t *testing.T) {
	one, two := open(t), open(t)
	one.bound(1, 5, 1, 77)
	two.apply(ledger.Record{Kind: ledger.Known, Op: ledger.Bind, Row: key(1), State: ledger.Bound, Binding: 5, Place: 1, Ends: 77, Attempts: 1, Last: true, Ref: 9})
	two.apply(ledger.Record{Kind: ledger.Known, Op: ledger.Bind, Row: key(2), State: ledger.Failed, Maker: -1, Holder: -1})
	if !one.Equal(two.Ledger) || !two.Equal(one.Ledger) {
		t.Error("not equal")
	}
	var text strings.Builder
	if err := two.Dump(&text, true); err != nil || strings.Count(text.String(), "\n") != 3 || !strings.Contains(text.String(), " failed ") {
		t.Errorf("%v: %s", err, text.String())
	}
	two.lost(3, ledger.Bind, 0, 1, 0)
	if one.Equal(two.Ledger) {
		t.Error("equal, though only one knows a call")
	}
}

// TestSnapshotForeign holds that a living binding which no row holds stays known by
// the change that named it, and leaves with that.
func TestSnapshotForeign(t *testing.T) {
	b := open(t)
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Call: 1, Row: key(3), Binding: 5, From: 1, Place: 2, At: 1, Due: 100})
	b.apply(ledger.Record{Kind: ledger.OK, Call: 1, At: 5})
	c := ledger.New(0)
	for e := range b.Snapshot(nil) {
		if err := c.Apply(&e.Record); err != nil {
			t.Fatal(err)
		}
	}
	for e := range b.Snapshot(func(int) bool { return false }) {
		if e.Kind != ledger.Run {
			t.Errorf("kept: %+v", e)
		}
	}
	if bindings, _ := c.At(2, ledger.Clock{Now: 50}); len(bindings) != 1 || !b.Equal(c) {
		t.Error("the binding is forgotten")
	}
}

// TestLateOK holds that an answer which comes when its call is due settles that
// call once, and lets no later call share its place.
func TestLateOK(t *testing.T) {
	b := open(t)
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: key(1), Place: 1, At: 1, Due: 100})
	b.apply(ledger.Record{Kind: ledger.OK, Call: 1, Binding: 5, At: 200})
	b.lost(2, ledger.Bind, 0, 2, 0)
	b.lost(3, ledger.Bind, 0, 3, 0)
	for n := range 3 {
		if got, want := len(b.Calls(n)), min(n, 1); got != want {
			t.Errorf("row %d has %d calls, want %d", n, got, want)
		}
	}
}
