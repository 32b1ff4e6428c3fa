package ledger_test

import (
	"math"
	"testing"

	"axgbind/batch/ledger"
)

// TestHolds: a row holds its binding while that lives or was released, also the
// first binding of all; not one that is gone, that another row took, or none.
func TestHolds(t *testing.T) {
	b := open(t)
	b.bound(1, 1001, 1, 0)
	b.bound(2, 1002, 2, 0)
	b.lost(3, ledger.Bind, 0, 3, 0)
	if !b.Holds(0) || !b.Holds(1) || b.Holds(2) {
		t.Errorf("holds: %v %v %v, want the two that are bound", b.Holds(0), b.Holds(1), b.Holds(2))
	}
	call := b.lost(4, ledger.Release, 1001, 0, 0)
	if !b.Holds(0) || !b.Releasing(0) || b.State(0) != ledger.Unknown {
		t.Error("a release in doubt leaves the row its binding, and makes it UNKNOWN")
	}
	b.apply(ledger.Record{Kind: ledger.Gone, Binding: 1001})
	if !b.Holds(0) || b.State(0) != ledger.Released {
		t.Error("what is gone after a release was begun was released")
	}
	b.apply(ledger.Record{Kind: ledger.Gone, Binding: 1002})
	if b.Holds(1) {
		t.Error("a row holds a binding that is gone")
	}
	if _, ok := b.Call(call); ok {
		t.Error("the call of a binding that is gone is in doubt")
	}
}

// TestUpdateWhileReleased: a row of an update is not bound to what may have been
// released since.
func TestUpdateWhileReleased(t *testing.T) {
	b := open(t)
	b.bound(1, 1001, 1, 0)
	call := b.Next()
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Call: call, Row: key(2), Binding: 1001, At: 1, Due: 2})
	b.apply(ledger.Record{Kind: ledger.OK, Call: call, At: 2, Ref: 7})
	n, _ := b.Row(key(2))
	if b.State(n) != ledger.Bound || b.Releasing(n) {
		t.Errorf("state %s before a release", b.State(n))
	}
	b.lost(3, ledger.Release, 1001, 0, 0)
	if b.State(n) != ledger.Unknown || !b.Releasing(n) {
		t.Errorf("state %s while a release is in doubt", b.State(n))
	}
}

// TestManyTries: calls are counted as far as the count goes, and no further.
func TestManyTries(t *testing.T) {
	b := open(t)
	for range math.MaxUint16 + 2 {
		call := b.Next()
		b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: call, Row: key(1), Place: 1, At: 1, Due: 2})
		b.apply(ledger.Record{Kind: ledger.Refused, Call: call, At: 2})
	}
	if n := b.Info(0).Attempts; n != math.MaxUint16 {
		t.Errorf("%d attempts", n)
	}
}

// TestWithdrawn: a call that never left leaves its row as it stood, also one that
// was never sent.
func TestWithdrawn(t *testing.T) {
	b := open(t)
	b.bound(1, 1001, 1, 0)
	b.Intern(key(2))
	before := []ledger.RowInfo{b.Info(0), b.Info(1)}
	b.apply(ledger.Record{Kind: ledger.Run, Batch: "one"})
	for n, r := range []ledger.Record{{Op: ledger.Renew, Binding: 1001, Row: key(1)}, {Op: ledger.Bind, Row: key(2), Place: 2}} {
		r.Kind, r.Call, r.At, r.Due = ledger.Intent, b.Next(), 1, 100
		b.apply(r)
		b.apply(ledger.Record{Kind: ledger.Withdrawn, Call: r.Call})
		if after := b.Info(n); after != before[n] {
			t.Errorf("%+v, was %+v", after, before[n])
		}
	}
}
