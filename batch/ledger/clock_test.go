package ledger_test

import (
	"testing"

	"axgbind/batch/ledger"
)

// book is a ledger with short ways to write records.
type book struct {
	*ledger.Ledger
	t *testing.T
}

func open(t *testing.T) *book {
	t.Helper()
	b := &book{ledger.New(0), t}
	b.apply(ledger.Record{Kind: ledger.Run, Batch: "one"})
	return b
}

func (b *book) apply(r ledger.Record) {
	b.t.Helper()
	if err := b.Apply(&r); err != nil {
		b.t.Fatal(err)
	}
}

// key is row n of "one", the first batch of a book; keyIn is one of a later batch.
func key(n byte) ledger.Key { return keyIn(1, n) }

func keyIn(batch uint32, n byte) ledger.Key {
	return ledger.Key{ID: ledger.Identity{n}, Batch: batch}
}

// bound has row n bound by a binding at a place that ends at some second.
func (b *book) bound(n byte, id ledger.SubsID, place ledger.Place, ends int64) {
	b.t.Helper()
	call := b.Next()
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: call, Row: key(n), Place: place, Ends: ends, At: 1, Due: 100, Ref: int64(call)})
	b.apply(ledger.Record{Kind: ledger.OK, Call: call, Binding: id, At: 2, Ref: int64(call) + 1_000})
}

// lost has a call of row n in doubt, and returns its number.
func (b *book) lost(n byte, op ledger.Op, id ledger.SubsID, place ledger.Place, ends int64) uint64 {
	b.t.Helper()
	call := b.Next()
	b.apply(ledger.Record{Kind: ledger.Intent, Op: op, Call: call, Row: key(n), Binding: id, Place: place, Ends: ends, At: 1, Due: 100})
	b.apply(ledger.Record{Kind: ledger.Lost, Call: call, Code: "lost"})
	return call
}

const day = 24 * 60 * 60 * 1000

// TestDue holds the instant from which a call can no longer be executed: so long after
// this process gave it up, or came to know it, or so long after the last time at which
// the service would have taken it. This machine's clock has no say.
func TestDue(t *testing.T) {
	const window = 31 * 60 * 1000
	b := open(t)
	call := b.lost(1, ledger.Bind, 0, 1, 0) // it is waited for 99 ms
	for _, c := range []struct {
		clock ledger.Clock
		want  bool
	}{
		{ledger.Clock{Elapsed: 98}, false}, {ledger.Clock{Elapsed: 99}, true},
		{ledger.Clock{Now: 1 << 50, Elapsed: 98}, false}, {ledger.Clock{Now: -1 << 50, Elapsed: 99}, true},
		{ledger.Clock{Service: window + 99}, false}, {ledger.Clock{Service: window + 100}, true},
	} {
		if got := b.Settleable(call, c.clock); got != c.want || got != (b.DueIn(call, c.clock) <= 0) || got != (b.SettleableIn(call, c.clock) <= 0) {
			t.Errorf("at %+v settleable: %v, due in %d, settleable in %d", c.clock, got, b.DueIn(call, c.clock), b.SettleableIn(call, c.clock))
		}
	}
	if b.Settleable(call+1, ledger.Clock{Elapsed: 1_000}) {
		t.Error("a call that is not known is settleable")
	}
	// Another bind at the place that may still be executed bars it, one elsewhere does not.
	b.lost(2, ledger.Bind, 0, 2, 0)
	other := b.Next()
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: other, Row: key(3), Place: 2, At: 1, Due: 100})
	if b.Settleable(2, ledger.Clock{Elapsed: 1 << 50, Service: 1 << 50}) {
		t.Error("while a call at the place has not ended, as that of a process that was stopped, a look-up settles")
	}
	b.apply(ledger.Record{Kind: ledger.Lost, Call: other, Elapsed: 400})
	if !b.Settleable(call, ledger.Clock{Elapsed: 100}) || b.Settleable(2, ledger.Clock{Elapsed: 498}) || !b.Settleable(2, ledger.Clock{Elapsed: 499}) {
		t.Error("a bind at the same place, and only that, bars a look-up, from when it was given up")
	}
	b.apply(ledger.Record{Kind: ledger.Looked, Call: other, Elapsed: 450})
	if in := b.SettleableIn(2, ledger.Clock{Elapsed: 490}); in != 9 {
		t.Errorf("it is settleable in %d ms, want 9: a look-up began the wait anew", in)
	}
	b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: b.Next(), Row: key(4), Place: 4, At: 1, Due: 100, Elapsed: 600})
	b.apply(ledger.Record{Kind: ledger.End, Elapsed: 700})
	if last := b.Next() - 1; b.Settleable(last, ledger.Clock{Elapsed: 798}) || !b.Settleable(last, ledger.Clock{Elapsed: 799}) {
		t.Error("the process of a call ended, and that does not begin the wait")
	}
}

// TestLapse holds that a binding leaves its place 24 hours after its Expiration,
// unless a call may have given it a later one.
func TestLapse(t *testing.T) {
	const ends = 1_000
	at := func(b *book, now int64) (bindings, binds int) {
		x, y := b.At(1, ledger.Clock{Now: now, Service: now})
		return len(x), len(y)
	}
	b := open(t)
	b.bound(1, 5, 1, ends)
	for now, want := range map[int64]int{ends * 1000: 1, ends*1000 + day - 1: 1, ends*1000 + day: 0} {
		if n, _ := at(b, now); n != want || b.MayLive(0, ledger.Clock{Now: now, Service: now}) != (want == 1) {
			t.Errorf("at %d there are %d bindings, want %d", now, n, want)
		}
	}
	b.lost(2, ledger.Renew, 5, 1, 2*ends)
	if n, _ := at(b, ends*1000+day); n != 1 {
		t.Error("a binding that may have been renewed is gone")
	}
	if n, _ := at(b, 2*ends*1000+day); n != 0 {
		t.Error("a binding that may have been renewed never lapses")
	}
	b = open(t)
	b.bound(1, 5, 1, ends)
	b.lost(2, ledger.Release, 5, 0, 0)
	if n, _ := at(b, ends*1000+day); n != 0 {
		t.Error("a release keeps a binding from lapsing")
	}
	b = open(t)
	b.bound(1, 5, 1, 0)
	if n, _ := at(b, 1<<50); n != 1 {
		t.Error("a binding of no known Expiration lapses")
	}
	b = open(t)
	b.lost(1, ledger.Bind, 0, 1, ends)
	if _, n := at(b, ends*1000+day-1); n != 1 {
		t.Error("a bind lapses too early")
	}
	if _, n := at(b, ends*1000+day); n != 0 {
		t.Error("a bind does not lapse")
	}
}

// TestLapseByTheService holds that a machine's clock that is ahead lets nothing lapse,
// and tells when it would.
func TestLapseByTheService(t *testing.T) {
	const ends, ahead = 1_000, 1 << 50
	for what, stands := range map[string]func(b *book){
		"a binding":       func(b *book) { b.bound(1, 5, 1, ends) },
		"a bind in doubt": func(b *book) { b.lost(1, ledger.Bind, 0, 1, ends) },
	} {
		b := open(t)
		stands(b)
		for service, holds := range map[int64]bool{0: true, ends*1000 + day - 1: true, ends*1000 + day: false} {
			clock := ledger.Clock{Now: ahead, Service: service}
			if got := b.Check(&ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Row: key(2), Place: 1, Ends: 2 * ends}, clock); (got == ledger.None) == holds {
				t.Errorf("%s, the service's time %d: %v", what, service, got)
			}
			if got := b.Lapses(clock, ledger.Clock{Now: ahead, Service: ahead}); got != holds {
				t.Errorf("%s, the service's time %d: lapses by the machine's: %v", what, service, got)
			}
			if b.Lapses(clock, clock) {
				t.Errorf("%s lapses at once", what)
			}
		}
	}
	b := open(t)
	b.bound(1, 5, 1, 0)
	call := b.lost(2, ledger.Bind, 0, 2, ends)
	b.apply(ledger.Record{Kind: ledger.Absent, Call: call})
	if b.Lapses(ledger.Clock{}, ledger.Clock{Now: ahead, Service: ahead}) {
		t.Error("what has no Expiration, or settled, lapses")
	}
}

// TestSets holds that a change settles earlier ones that set nothing else.
func TestSets(t *testing.T) {
	for _, c := range []struct {
		name         string
		first, then  uint16
		place, moves ledger.Place // of the first, and of the second
		left         int
	}{
		{"the same", 1, 1, 0, 0, 0}, {"more", 1, 3, 0, 0, 0}, {"less", 3, 1, 0, 0, 1}, {"other", 2, 1, 0, 0, 1},
		{"not its move", 1, 1, 2, 0, 1}, {"its move", 1, 1, 2, 3, 0}, {"a move to where it is", 1, 1, 1, 0, 0},
	} {
		b := open(t)
		b.bound(1, 5, 1, 0)
		for i, r := range []ledger.Record{{Sets: c.first, Place: c.place}, {Sets: c.then, Place: c.moves}} {
			r.Kind, r.Op, r.Call, r.Row, r.Binding, r.At, r.Due = ledger.Intent, ledger.Update, b.Next(), key(byte(i+2)), 5, 1, 10
			b.apply(r)
			b.apply(ledger.Record{Kind: []ledger.Kind{ledger.Lost, ledger.OK}[i], Call: r.Call, Passed: b.PassesDue(r.Call, ledger.Clock{Elapsed: 20})})
		}
		if got := len(b.CallsOn(0)); got != c.left {
			t.Errorf("%s: %d calls are left, want %d", c.name, got, c.left)
		}
	}
}

// TestStays holds that a binding which may be elsewhere is not at its place for
// sure: a change that names the place wants it free.
func TestStays(t *testing.T) {
	for _, c := range []struct {
		name  string
		moves ledger.Place // of a change in doubt; 0: it names no place
		other bool         // another binding is at the place
		want  ledger.Reason
	}{
		{"alone", 2, false, ledger.None}, {"both for sure", 0, true, ledger.None}, {"a change in doubt that stays", 1, true, ledger.None},
		{"it may be elsewhere", 2, true, ledger.PlaceTaken},
	} {
		b := open(t)
		b.bound(1, 5, 1, 0)
		if c.other {
			b.bound(2, 6, 1, 0)
		}
		b.lost(3, ledger.Update, 5, c.moves, 0)
		r := ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Row: key(4), Binding: 5, Place: 1}
		if got := b.Check(&r, ledger.Clock{Elapsed: 100}); got != c.want {
			t.Errorf("%s: reason %d, want %d", c.name, got, c.want)
		}
		if r.Place = 0; b.Check(&r, ledger.Clock{Elapsed: 100}) != ledger.None {
			t.Errorf("%s: a change that names no place is barred", c.name)
		}
	}
}

// TestOver holds what a row may do whose binding has lapsed: nothing for 24 hours but
// with a person's word, and then be sent anew.
func TestOver(t *testing.T) {
	const ends = 1_000
	type want struct {
		act     ledger.Act
		reason  ledger.Reason
		consent ledger.Consent
	}
	for _, c := range []struct {
		name string
		own  bool // the binding is the row's
		wish ledger.Wish
		now  int64 // the service's, too
		want want
	}{
		{"its own, before", true, ledger.Wish{Prolongs: true}, ends*1000 - 1, want{act: ledger.Renews}},
		{"its own, before, and the word", true, ledger.Wish{Prolongs: true, Consent: ledger.Another}, ends*1000 - 1, want{act: ledger.Renews}},
		{"its own, at its end", true, ledger.Wish{Prolongs: true, WhenBound: ledger.RenewWhenBound}, ends * 1000, want{ledger.Holds, ledger.BindingThere, 0}},
		{"its own, and the word", true, ledger.Wish{Prolongs: true, Consent: ledger.Another}, ends * 1000, want{act: ledger.Sends, consent: ledger.Another}},
		{"its own, and the wrong words", true, ledger.Wish{Prolongs: true, Consent: ledger.Duplicates | ledger.ResendUnknown}, ends * 1000, want{ledger.Holds, ledger.BindingThere, 0}},
		{"its own, which is as it should be", true, ledger.Wish{Consent: ledger.Another}, ends*1000 + day, want{act: ledger.Stands}},
		{"its own, a second before a day", true, ledger.Wish{Prolongs: true}, ends*1000 + day - 1, want{ledger.Holds, ledger.BindingThere, 0}},
		{"its own, a day", true, ledger.Wish{Prolongs: true}, ends*1000 + day, want{act: ledger.Sends}},
		{"another's, before", false, ledger.Wish{WhenBound: ledger.SkipWhenBound}, ends*1000 - 1, want{ledger.Takes, ledger.BindingThere, 0}},
		{"another's, to take", false, ledger.Wish{WhenBound: ledger.SkipWhenBound}, ends * 1000, want{ledger.Holds, ledger.BindingThere, 0}},
		{"another's, to renew", false, ledger.Wish{WhenBound: ledger.RenewWhenBound}, ends * 1000, want{ledger.Holds, ledger.BindingThere, 0}},
		{"another's, and the word", false, ledger.Wish{Consent: ledger.Another}, ends * 1000, want{act: ledger.Sends, consent: ledger.Another}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			holder := byte(2)
			if c.own {
				holder = 9
			}
			b.bound(holder, 5, 1, ends)
			c.wish.Key, c.wish.Place = key(9), 1
			clock := ledger.Clock{Now: c.now, Service: c.now}
			d := b.Decide(&c.wish, clock)
			if got := (want{d.Act, d.Reason, d.Consent}); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			for _, service := range []int64{0, ends * 1000, ends*1000 + day - 1} { // by these its place is not free
				before := b.Decide(&c.wish, ledger.Clock{Now: ends*1000 + day - 1, Service: service})
				for _, ahead := range []int64{day, 400 * day} {
					if got := b.Decide(&c.wish, ledger.Clock{Now: ends*1000 + ahead, Service: service}); got != before || got.Act == ledger.Sends && got.Consent == 0 {
						t.Errorf("this machine's clock %d ahead, the service's time %d: %+v, want %+v", ahead, service, got, before)
					}
				}
			}
			if d.Act != ledger.Sends {
				return
			}
			if why := b.Check(&ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Row: key(9), Place: 1, Consent: d.Consent}, clock); why != ledger.None {
				t.Errorf("it is to be sent, and may not: %s", why)
			}
		})
	}
	b := open(t)
	b.bound(1, 5, 1, ends)
	b.lost(1, ledger.Renew, 5, 1, 2*ends)
	if b.Over(0, ledger.Clock{Now: ends * 1000}) || !b.Over(0, ledger.Clock{Now: 2 * ends * 1000}) {
		t.Error("a renewal that may be done is not counted")
	}
	if at := b.FreeFrom(0, ledger.Clock{}); at != 2*ends+day/1000 {
		t.Errorf("its place is free from %d", at)
	}
	b.apply(ledger.Record{Kind: ledger.Gone, Binding: 5})
	if b.Over(0, ledger.Clock{Now: 2 * ends * 1000}) {
		t.Error("what is gone is over")
	}
}

// TestOverEnds holds what becomes of a row by the end of a bind that left since its
// binding lapsed. Only one that made another binding proves that the clock was right:
// until then nothing is forgotten.
func TestOverEnds(t *testing.T) {
	const ends, late = 1_000, 1_000*1000 + day
	begin := func(t *testing.T, consent ledger.Consent, at int64) *book {
		b := open(t)
		b.bound(9, 5, 1, ends)
		b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 2, Row: key(9), Place: 1, Ends: 9 * ends, At: at, Due: at + 100, Consent: consent, Ref: 30})
		return b
	}
	for _, c := range []struct {
		kind                   ledger.Kind
		state                  ledger.State
		refused, absent, stays bool // the binding is still known to live
	}{
		{ledger.OK, ledger.Bound, false, false, false},
		{ledger.Refused, ledger.Bound, true, false, true},
		{ledger.NotSent, ledger.Bound, false, false, true},
		{ledger.Lost, ledger.Unknown, false, false, true},
		{ledger.Absent, ledger.Bound, false, true, true},
		{ledger.Withdrawn, ledger.Bound, false, false, true},
	} {
		for _, consent := range []ledger.Consent{0, ledger.Another} {
			t.Run(c.kind.String(), func(t *testing.T) {
				at := int64(late)
				if consent != 0 {
					at = ends * 1000
				}
				b := begin(t, consent, at)
				n, _ := b.Row(key(9))
				if c.kind == ledger.Absent {
					b.apply(ledger.Record{Kind: ledger.Lost, Call: 2, At: at})
				}
				r := ledger.Record{Kind: c.kind, Call: 2, Code: "end", At: at + 200, Ref: 31}
				if c.kind == ledger.OK {
					r.Binding = 6
				}
				b.apply(r)
				i := b.Info(n)
				if i.State != c.state || i.Refused != c.refused || i.Absent != c.absent || (b.Binding(0).Life == ledger.Bound) != c.stays {
					t.Errorf("%+v; its old binding %+v", i, b.Binding(0))
				}
				if anew := c.state == ledger.Bound && c.kind != ledger.OK && c.kind != ledger.Withdrawn; i.Anew != anew || anew && (i.Code != "end" || i.Last != 31) {
					t.Errorf("anew %t, want %t: %+v", i.Anew, anew, i)
				}
				if c.state == ledger.Bound && c.stays { // the clock was wrong
					if d := b.Decide(&ledger.Wish{Key: key(9), Place: 1}, ledger.Clock{Now: 500}); d.Act != ledger.Stands {
						t.Errorf("by the right clock: %+v", d)
					}
				}
				if c.kind != ledger.OK {
					return
				}
				call := b.Next()
				b.apply(ledger.Record{Kind: ledger.Intent, Op: ledger.Release, Call: call, Row: key(8), Binding: 6, At: at + 300, Due: at + 400})
				b.apply(ledger.Record{Kind: ledger.OK, Call: call, At: at + 310})
				if s := b.State(n); s != ledger.Released {
					t.Errorf("its new binding was released, and it is %s", s)
				}
			})
		}
	}
}
