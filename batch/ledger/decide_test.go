package ledger_test

import (
	"testing"

	"axgbind/batch/ledger"
)

// TestDecide has a row 9 with place 1 meet what is there.
func TestDecide(t *testing.T) {
	const (
		unknown, released, duplicates = ledger.ResendUnknown, ledger.ResendReleased, ledger.Duplicates
		stands, sends, takes          = ledger.Stands, ledger.Sends, ledger.Takes
		renews, holds                 = ledger.Renews, ledger.Holds
	)
	present := func(list ...int) func(int) bool {
		return func(n int) bool {
			for _, p := range list {
				if p == n {
					return true
				}
			}
			return false
		}
	}
	refuse := func(b *book, n byte, op ledger.Op, id ledger.SubsID) {
		call := b.Next()
		b.apply(ledger.Record{Kind: ledger.Intent, Op: op, Call: call, Row: key(n), Binding: id, Place: 1, At: 1, Due: 100})
		b.apply(ledger.Record{Kind: ledger.Refused, Call: call})
	}
	release := func(b *book, id ledger.SubsID) {
		call := b.Next()
		b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Release, Call: call, Row: key(8), Binding: id, At: 1, Due: 100})
		b.apply(ledger.Record{Kind: ledger.OK, Call: call, At: 2})
	}
	for _, c := range []struct {
		name  string
		world func(b *book)
		wish  ledger.Wish
		want  ledger.Decision
	}{
		{"a free place", func(*book) {}, ledger.Wish{}, ledger.Decision{Act: sends, Binding: -1}},
		{"words that are not needed", func(*book) {}, ledger.Wish{Consent: 7}, ledger.Decision{Act: sends, Binding: -1}},
		{"its own binding", func(b *book) { b.bound(9, 5, 1, 0) }, ledger.Wish{Consent: 7, Resend: true}, ledger.Decision{Act: stands, Binding: -1}},
		{"its own doubt", func(b *book) { b.lost(9, ledger.Bind, 0, 1, 0) }, ledger.Wish{}, ledger.Decision{Act: stands, Binding: -1}},
		{"its own doubt, the wrong words", func(b *book) { b.lost(9, ledger.Bind, 0, 1, 0) }, ledger.Wish{Consent: released | duplicates, Resend: true}, ledger.Decision{Act: stands, Binding: -1}},
		{"its own doubt and the word", func(b *book) { b.lost(9, ledger.Bind, 0, 1, 0) }, ledger.Wish{Consent: unknown | released}, ledger.Decision{Act: sends, Binding: -1, Consent: unknown}},
		{"its own open call and the word", func(b *book) {
			b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: key(9), Place: 1, At: 1, Due: 100})
		}, ledger.Wish{Consent: unknown}, ledger.Decision{Act: stands, Binding: -1}},
		{"its binding, and another bind in doubt", func(b *book) {
			b.lost(9, ledger.Bind, 0, 1, 0)
			call := b.lost(9, ledger.Bind, 0, 1, 0)
			b.apply(ledger.Record{Kind: ledger.Found, Call: call, Binding: 5, At: 200})
		}, ledger.Wish{Consent: unknown, WhenBound: ledger.SkipWhenBound}, ledger.Decision{Act: stands, Binding: -1}},
		{"its release in doubt", func(b *book) { b.bound(9, 5, 1, 0); b.lost(8, ledger.Release, 5, 0, 0) }, ledger.Wish{Consent: 7}, ledger.Decision{Act: stands, Binding: -1}},
		{"its release", func(b *book) { b.bound(9, 5, 1, 0); release(b, 5) }, ledger.Wish{Consent: unknown}, ledger.Decision{Act: stands, Binding: -1}},
		{"its release and the word", func(b *book) { b.bound(9, 5, 1, 0); release(b, 5) }, ledger.Wish{Consent: released | unknown}, ledger.Decision{Act: sends, Binding: -1, Consent: released}},
		{"its refusal", func(b *book) { refuse(b, 9, ledger.Bind, 0) }, ledger.Wish{Consent: 7}, ledger.Decision{Act: stands, Binding: -1}},
		{"its refusal and the word", func(b *book) { refuse(b, 9, ledger.Bind, 0) }, ledger.Wish{Resend: true}, ledger.Decision{Act: sends, Binding: -1}},
		{"another's binding", func(b *book) { b.bound(2, 5, 1, 0) }, ledger.Wish{}, ledger.Decision{Act: holds, Reason: ledger.BindingThere, Binding: 0}},
		{"another's binding, to take", func(b *book) { b.bound(2, 5, 1, 0) }, ledger.Wish{WhenBound: ledger.SkipWhenBound}, ledger.Decision{Act: takes, Reason: ledger.BindingThere, Binding: 0}},
		{"another's binding, to renew", func(b *book) { b.bound(2, 5, 1, 0) }, ledger.Wish{WhenBound: ledger.RenewWhenBound}, ledger.Decision{Act: renews, Reason: ledger.BindingThere, Binding: 0}},
		{"another's binding and the word, which is for rows of the input", func(b *book) { b.bound(2, 5, 1, 0) }, ledger.Wish{Consent: duplicates}, ledger.Decision{Act: holds, Reason: ledger.BindingThere, Binding: 0}},
		{"a binding of the input and the word", func(b *book) { b.bound(2, 5, 1, 0) }, ledger.Wish{Consent: duplicates, Present: present(0)}, ledger.Decision{Act: sends, Binding: -1, Consent: duplicates}},
		{"a binding of the input", func(b *book) { b.bound(2, 5, 1, 0) }, ledger.Wish{WhenBound: ledger.RenewWhenBound, Present: present(0)}, ledger.Decision{Act: holds, Reason: ledger.BindingThere, Binding: 0}},
		{"a binding of nobody", func(b *book) {
			b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Call: 1, Row: key(2), Binding: 5, From: 1, At: 1, Due: 100})
		}, ledger.Wish{Present: present(-1)}, ledger.Decision{Act: holds, Reason: ledger.BindingThere, Binding: 0}},
		{"a binding of another that may go", func(b *book) { b.bound(2, 5, 1, 0); b.lost(8, ledger.Release, 5, 0, 0) }, ledger.Wish{WhenBound: ledger.RenewWhenBound}, ledger.Decision{Act: holds, Reason: ledger.BindingThere, Binding: 0}},
		{"two bindings", func(b *book) {
			b.bound(2, 6, 1, 0)
			b.bound(3, 5, 2, 0)
			b.lost(4, ledger.Update, 5, 1, 0)
		}, ledger.Wish{WhenBound: ledger.SkipWhenBound}, ledger.Decision{Act: holds, Reason: ledger.BindingThere, Binding: 1}},
		{"another's doubt", func(b *book) { b.lost(2, ledger.Bind, 0, 1, 0) }, ledger.Wish{WhenBound: ledger.RenewWhenBound}, ledger.Decision{Act: holds, Reason: ledger.BindThere, Binding: -1, Call: 1}},
		{"two doubts", func(b *book) {
			b.apply(ledger.Record{Kind: ledger.Doubt, Op: ledger.Bind, Call: 7, Row: key(3), Place: 1, Due: 100})
			b.apply(ledger.Record{Kind: ledger.Doubt, Op: ledger.Bind, Call: 4, Row: key(4), Place: 1, Due: 100})
		}, ledger.Wish{}, ledger.Decision{Act: holds, Reason: ledger.BindThere, Binding: -1, Call: 4}},
		{"a doubt of the input", func(b *book) { b.lost(2, ledger.Bind, 0, 1, 0) }, ledger.Wish{Present: present(0)}, ledger.Decision{Act: holds, Reason: ledger.BindThere, Binding: -1, Call: 1}},
		{"a doubt of the input and the word", func(b *book) { b.lost(2, ledger.Bind, 0, 1, 0) }, ledger.Wish{Consent: duplicates, Present: present(0)}, ledger.Decision{Act: sends, Binding: -1, Consent: duplicates}},
		{"a doubt elsewhere", func(b *book) { b.lost(2, ledger.Bind, 0, 2, 0) }, ledger.Wish{}, ledger.Decision{Act: sends, Binding: -1}},
		{"its renewal begun", func(b *book) { b.bound(2, 5, 1, 0); b.lost(9, ledger.Renew, 5, 1, 0) }, ledger.Wish{}, ledger.Decision{Act: renews, Binding: 0}},
		{"its renewal begun, of a binding of the input", func(b *book) { b.bound(2, 5, 1, 0); b.lost(9, ledger.Renew, 5, 1, 0) }, ledger.Wish{Present: present(0)}, ledger.Decision{Act: holds, Reason: ledger.BindingThere, Binding: 0}},
		{"its renewal begun, of a binding that is gone", func(b *book) {
			b.bound(2, 5, 1, 0)
			b.lost(9, ledger.Renew, 5, 1, 0)
			b.apply(ledger.Record{Kind: ledger.Gone, Binding: 5})
		}, ledger.Wish{}, ledger.Decision{Act: sends, Binding: -1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			c.world(b)
			c.wish.Key, c.wish.Place = key(9), 1
			if got := b.Decide(&c.wish, ledger.Clock{Now: 50}); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

// TestStates tells how rows stand, and what the ledger says of them.
func TestStates(t *testing.T) {
	b := open(t)
	b.bound(1, 5, 1, 77)
	if n, want := b.Intern(key(7)), (ledger.RowInfo{Key: key(7), Run: -1, Last: -1, Binding: -1}); n != 1 || b.Info(n) != want {
		t.Errorf("a row that has only a number: %+v, want %+v", b.Info(n), want)
	}
	b.apply(ledger.Record{Kind: ledger.Run, Batch: "two"})
	call := b.Next()
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Call: call, Row: keyIn(2, 2), Binding: 5, Place: 3, Ends: 99, At: 1, Due: 100, Ref: 40, Named: true, Consent: 1})
	n, _ := b.Row(keyIn(2, 2))
	if i := b.Info(n); i.State != ledger.Pending || i.Code != ledger.CodeInterrupted || i.Last != -1 || i.Run != 1 || i.Attempts != 1 || b.Current(n) {
		t.Errorf("under way: %+v", i)
	}
	want := ledger.CallInfo{Number: call, Op: ledger.Update, Row: n, At: 1, Due: 100, Ref: 40, Named: true, Open: true, Place: 3, Ends: 99}
	if list := b.Calls(n); len(list) != 1 || list[0] != want {
		t.Errorf("calls %+v, want %+v", list, want)
	}
	b.apply(ledger.Record{Kind: ledger.OK, Call: call, Code: "OK", At: 5, Ref: 41})
	if i := b.Info(n); i.State != ledger.Bound || i.Code != "OK" || i.Last != 41 || i.Binding != 0 || !b.Current(n) {
		t.Errorf("done: %+v", i)
	}
	if got, want := b.Binding(0), (ledger.BindingInfo{ID: 5, Place: 3, OK: 41, Values: 40, Ends: 99, Holder: 0, Maker: 0, HeldSince: 0, Life: ledger.Bound, Edited: true}); got != want || b.Bindings() != 1 {
		t.Errorf("the binding: %+v, want %+v", got, want)
	}
	b.lost(3, ledger.Update, 5, 3, 0)
	if b.Current(n) {
		t.Error("current, though another change was begun")
	}
	if b.Runs() != 2 || b.Batch(0) != "one" || b.Batch(1) != "two" || b.Batch(2) != "" || b.Batch(-1) != "" {
		t.Errorf("%d runs, of %q and %q", b.Runs(), b.Batch(0), b.Batch(1))
	}
	if next := b.Next(); next != 4 {
		t.Errorf("next call %d", next)
	}
}

// TestGone holds what a row shows whose binding is no more.
func TestGone(t *testing.T) {
	for n := range byte(2) {
		b := open(t)
		if n > 0 {
			b.bound(1, 4, 2, 0)
		}
		b.bound(9, 5, 1, 0)
		b.apply(ledger.Record{Kind: ledger.Gone, Binding: 5, Code: "gone", Ref: 70})
		if i := b.Info(int(n)); i.State != ledger.Pending || i.Code != "gone" || i.Last != 70 || b.Holding(int(n)) {
			t.Errorf("row %d: %+v", n, i)
		}
		b = open(t)
		if n > 0 {
			b.bound(1, 4, 2, 0)
		}
		b.bound(9, 5, 1, 0)
		b.lost(8, ledger.Release, 5, 0, 0)
		if !b.Releasing(int(n)) || b.Info(int(n)).State != ledger.Unknown {
			t.Errorf("row %d is not unknown", n)
		}
		b.apply(ledger.Record{Kind: ledger.Gone, Binding: 5, Code: "gone", Ref: 70})
		if i := b.Info(int(n)); i.State != ledger.Released || i.Code == "gone" || len(b.CallsOn(int(n))) > 0 {
			t.Errorf("row %d: %+v", n, i)
		}
	}
}
