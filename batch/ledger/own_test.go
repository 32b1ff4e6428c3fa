package ledger_test

import (
	"bytes"
	"testing"

	"axgbind/batch/ledger"
)

// twoBatches is a book in whose second run batch "two" renewed binding 5, which
// batch "one" made, and bound a row that is equal to another of batch "one".
func twoBatches(t *testing.T) *book {
	b := open(t)
	b.bound(1, 5, 1, 0)
	b.bound(2, 6, 2, 0)
	b.lost(3, ledger.Bind, 0, 3, 0)
	b.apply(ledger.Record{Kind: ledger.Run, Batch: "two"})
	call := b.Next()
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Renew, Call: call, Row: key(1), Binding: 5, Place: 1, At: 1, Due: 100})
	b.apply(ledger.Record{Kind: ledger.OK, Call: call, At: 200})
	b.bound(2, 7, 4, 0)
	return b
}

// TestClaim holds what a batch may do with a binding.
func TestClaim(t *testing.T) {
	const one, two, none = 1, 2, ledger.None
	for _, c := range []struct {
		name    string
		binding int
		op      ledger.Op
		batch   uint32
		renewed bool
		want    ledger.Reason
	}{
		{"released by its maker, which lost it", 0, ledger.Release, one, false, ledger.NotHeld},
		{"the same with the word", 0, ledger.Release, one, true, ledger.NotHeld},
		{"changed by its maker, which lost it", 0, ledger.Update, one, false, ledger.NotHeld},
		{"released by its holder, which did not make it", 0, ledger.Release, two, false, ledger.NotMade},
		{"the same with the word", 0, ledger.Release, two, true, none},
		{"changed by its holder", 0, ledger.Update, two, false, none},
		{"released by its maker and holder", 1, ledger.Release, one, false, none},
		{"released by a stranger", 1, ledger.Release, two, true, ledger.NotHeld},
		{"its own", 2, ledger.Release, two, false, none},
	} {
		if got := twoBatches(t).Claim(c.binding, c.op, c.batch, c.renewed); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestTwoBatchesCompacted: a compaction leaves each row and each binding its batch,
// in the order in which batches were named, whatever numbers they had; and what was
// found in a run of another batch stays its row's.
func TestTwoBatchesCompacted(t *testing.T) {
	b := twoBatches(t)
	b.apply(ledger.Record{Kind: ledger.Found, Call: 3, Binding: 8, At: 200})
	b.lost(4, ledger.Bind, 0, 5, 0)
	b.apply(ledger.Record{Kind: ledger.Run, Batch: "one"})
	c := ledger.New(0)
	c.BatchNumber("zero") // the numbers are one ledger's own
	for e := range b.Snapshot(nil) {
		if err := c.Apply(&e.Record); err != nil {
			t.Fatal(err)
		}
	}
	var before, after bytes.Buffer
	_, _ = b.Dump(&before, true), c.Dump(&after, true) // a Buffer takes all
	if before.String() != after.String() {
		t.Errorf("after a compaction\n%sbefore\n%s", after.String(), before.String())
	}
	for _, l := range []*ledger.Ledger{b.Ledger, c} {
		for id, want := range map[ledger.SubsID][2]string{5: {"one", "two"}, 6: {"one", "one"}, 7: {"two", "two"}, 8: {"one", "one"}} {
			n, _ := l.BindingOf(id)
			maker, holder := l.Owners(n)
			if got := [2]string{l.BatchName(maker), l.BatchName(holder)}; got != want {
				t.Errorf("binding %d belongs to %q, want %q", id, got, want)
			}
		}
		// A row of a batch that the ledger does not know takes what is equal to it; it
		// leaves no record, so that it takes it again.
		third := l.BatchNumber("three")
		for row, want := range map[byte]ledger.Act{1: ledger.Takes, 9: ledger.Holds} {
			d := l.Decide(&ledger.Wish{Key: keyIn(third, row), Place: 1}, ledger.Clock{Now: 300})
			if d.Act != want || l.Binding(d.Binding).ID != 5 {
				t.Errorf("row %d: %+v, want %d of binding 5", row, d, want)
			}
			if _, ok := l.Row(keyIn(third, row)); ok {
				t.Error("a row that was only asked about has a number")
			}
		}
	}
}

// TestEditedKept: a binding that a list changed does not count as its row's after
// a compaction either, though the list has left.
func TestEditedKept(t *testing.T) {
	b := open(t)
	b.bound(1, 5, 1, 0)
	call := b.Next()
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Call: call, Row: key(2), Binding: 5, At: 1, Due: 100})
	b.apply(ledger.Record{Kind: ledger.OK, Call: call, At: 200})
	c := ledger.New(0)
	for e := range b.Snapshot(func(n int) bool { return n == 0 }) {
		if err := c.Apply(&e.Record); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range []*ledger.Ledger{b.Ledger, c} {
		if d := l.Decide(&ledger.Wish{Key: keyIn(l.BatchNumber("two"), 1), Place: 1}, ledger.Clock{Now: 300}); d.Act != ledger.Holds {
			t.Errorf("%+v, want it held", d)
		}
	}
}

// TestTaker holds whose renewal in doubt may have taken a binding from its holder.
func TestTaker(t *testing.T) {
	const one, two = 1, 2
	at := int64(200)
	renew := func(b *book, batch uint32, n byte, kind ledger.Kind) {
		call := b.Next()
		b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Renew, Call: call, Row: keyIn(batch, n), Binding: 6, Place: 2, At: 1, Due: 100})
		if kind != 0 {
			b.apply(ledger.Record{Kind: kind, Call: call, Code: "lost", At: at})
		}
	}
	for _, c := range []struct {
		name       string
		happens    func(b *book)
		taker      uint32
		mayRelease bool // batch "one"
	}{
		{"nothing", func(*book) {}, 0, true},
		{"on its way", func(b *book) { renew(b, two, 9, 0) }, two, false},
		{"lost", func(b *book) { renew(b, two, 9, ledger.Lost) }, two, false},
		{"refused", func(b *book) { renew(b, two, 9, ledger.Refused) }, 0, true},
		{"done", func(b *book) { renew(b, two, 9, ledger.OK) }, 0, false},
		{"lost, and done when it was made again", func(b *book) { renew(b, two, 9, ledger.Lost); renew(b, two, 9, ledger.OK) }, 0, false},
		{"and that before the lost one is due", func(b *book) {
			renew(b, two, 9, ledger.Lost)
			at = 50
			renew(b, two, 9, ledger.OK)
		}, 0, false},
		{"lost, of the batch itself", func(b *book) {
			b.apply(ledger.Record{Kind: ledger.Run, Batch: "one"})
			renew(b, one, 9, ledger.Lost)
		}, 0, true},
		{"an update that was lost", func(b *book) {
			call := b.Next()
			b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Call: call, Row: keyIn(two, 9), Binding: 6, Place: 2, At: 1, Due: 100})
			b.apply(ledger.Record{Kind: ledger.Lost, Call: call, Code: "lost"})
		}, 0, true},
	} {
		b := twoBatches(t)
		at = 200
		c.happens(b)
		n, _ := b.BindingOf(6)
		if got := b.Taker(n, one); got != c.taker {
			t.Errorf("%s: batch %d, want %d", c.name, got, c.taker)
		}
		if got := b.Claim(n, ledger.Release, one, false); (got == ledger.None) != c.mayRelease {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}
