package ledger

import (
	"fmt"
	"slices"
)

// shown says what is wrong with how a row stands after the record of what became
// of its call; blank if nothing is.
func (s *state) shown(w *world, f *fact, k Kind, twice bool, was RowInfo) string {
	n, ok := s.l.Row(f.row)
	if !ok {
		return "I4: a row has gone to another batch"
	}
	row := s.l.Info(n)
	if f.op == Bind && k != OK && k != Found && was.Binding >= 0 && s.l.bindings[was.Binding].holder == int32(n) && s.l.MayLive(was.Binding, Clock{Now: f.at, Service: f.at}) {
		if row.Last != was.Last && row.State != Unknown && was.State != Unknown && !s.isOpen(f.row) && was.Last >= 0 || k == Withdrawn && row.Attempts != was.Attempts-1 {
			return "I10: a row that has its binding shows what became of another call"
		}
		return ""
	}
	tries := was.Attempts
	switch {
	case k == Withdrawn && row.Attempts != tries-1:
		return "I10: a call that never left counts as an attempt"
	case k != Withdrawn && row.Attempts != tries:
		return "I10: an end counts as an attempt"
	case twice && row.Code != CodeIDTwice:
		return "I10: an id that is known already is not shown"
	case row.State == Unknown && k != Lost && (k != Looked || len(s.l.Calls(n)) > 1): // it shows the latest call in doubt
	case k != Withdrawn && !twice && (row.Code != k.String() || row.Last != ref(f, k)) && !s.isOpen(f.row):
		return fmt.Sprintf("I10: after %s the row shows %s", k, row.Code)
	case !twice && (k == OK || k == Refused || k == NotSent || k == Withdrawn || k == Absent || k == Taken) && s.stage(f.call) != settled:
		return fmt.Sprintf("I10: after %s the call is not settled", k)
	case k == NotSent && row.Absent != f.before.Absent && len(s.l.Calls(n)) == 0 && f.op == Bind:
		return "I10: a call that was not executed changes what a look-up showed"
	case row.Absent != (k == Absent && (row.State != Bound || row.Anew)) && k != Looked && k != Withdrawn && k != NotSent && len(s.l.Calls(n)) == 0:
		return fmt.Sprintf("I10: after %s the row was shown not to be bound: %v", k, row.Absent)
	case k == Part && !s.l.Settleable(uint64(f.call), s.clock()):
		return "I10: the second half of a change has to wait"
	}
	if f.before.Op == 0 && k == Withdrawn {
		f.before.State = Pending
	}
	others := false // other calls of the row or on its binding, which tell how it stands
	for _, c := range s.l.Calls(n) {
		if others = others || c.Number != uint64(f.call) && !c.Passed; others && f.op == Renew && c.Op == Bind {
			return "" // a bind of the row is in doubt besides
		}
	}
	if f.op != Bind {
		if at := s.l.bindingFor(f.binding); at >= 0 {
			for _, c := range s.l.CallsOn(int(at)) {
				if k == OK && f.op == Update && f.place == 0 && c.Place != 0 {
					continue // it sets what this call does not
				}
				others = others || c.Number != uint64(f.call) && !c.Passed
			}
		}
	}
	want := f.before.State
	holds := row.Binding >= 0 && s.l.bindings[row.Binding].holder == int32(n)
	switch {
	case twice, k == Lost && f.op == Bind, k == Looked:
		want = Unknown
	case k == OK && f.op == Release:
		want = Released
	case k == OK, k == Found:
		if want = Bound; f.op != Bind && s.l.bindings[s.l.bindingFor(f.binding)].life != lives {
			return "" // the service did what it could not do
		}
		if k == OK && others {
			return fmt.Sprintf("I10: after ok of call %d earlier calls keep the row from being settled", f.call)
		}
		if f.op != Bind && row.Binding != int(s.l.bindingFor(f.binding)) {
			return "I10: the row does not name the binding that it changed"
		}
	case (f.op == Renew || f.op == Bind) && holds && s.l.bindings[row.Binding].life == lives && k != Lost && k != Part:
		if want = Bound; s.l.Releasing(n) {
			want = Unknown
		}
	case k == Refused, k == Taken:
		want = Failed
	case k == NotSent, k == Lost, k == Part, k == Absent:
		want = Pending
	}
	if k == Lost && f.op != Bind || k == Part {
		others = false
	}
	if !others && row.State != want {
		return fmt.Sprintf("I10: after %s of a %s (call %d) the row is %s, want %s", k, f.op, f.call, row.State, want)
	}
	if (k == OK && f.op == Bind || k == Found) && !twice {
		b := s.l.Binding(row.Binding)
		if b.Maker != row.Run || s.l.Batch(row.Run) != batchNames[f.row.Batch] || b.HeldSince != b.Maker || b.Holder != n || b.Place != f.place || b.Ends != s.endsOf(f.val) || b.OK != ref(f, k) || valuesOf(b.Values) != f.val {
			return fmt.Sprintf("I4: the binding that call %d made is %+v", f.call, b)
		}
	}
	if k == OK && f.op == Renew {
		if b := s.l.Binding(row.Binding); b.Holder != n || b.HeldSince != s.l.Runs()-1 {
			return "I4: a renewed binding is not the row's"
		}
	}
	return ""
}

func (s *state) isOpen(row Key) bool {
	n, _ := s.l.Row(row)
	return slices.ContainsFunc(s.l.Calls(n), func(c CallInfo) bool { return c.Open })
}

// check says which invariant a state breaks; blank if none.
func (w *world) check(s *state) string {
	if s.fault != "" {
		return s.fault
	}
	for _, test := range []func(*world, *state) string{onePlace, allKnown, saidToLive, oneState, owned} {
		if text := test(w, s); text != "" {
			return text
		}
	}
	if w.checked++; w.checked%w.every() != 0 {
		return ""
	}
	for _, test := range []func(*world, *state) string{sound, resumed, compacted, finishes} {
		if text := test(w, s); text != "" {
			return text
		}
	}
	return ""
}

// every is which part of the states the dearer invariants are looked at in.
func (w *world) every() int {
	if w.sample > 0 {
		return w.sample
	}
	return 1
}

// happened notes that something did.
func (w *world) happened(what string) {
	if w.counts != nil {
		w.counts[what]++
	}
}

// onePlace is I1: no place has two bindings, unless the later one was sent with a
// person's consent for just that.
func onePlace(w *world, s *state) string {
	for i := range s.live {
		for j := range i {
			a, b := &s.live[i], &s.live[j]
			if a.place != b.place || a.others || b.others {
				continue
			}
			if a.by > b.by {
				a, b = b, a
			}
			first, last := s.fact(a.by), s.fact(b.by)
			switch {
			case first == nil || last == nil: // from before the world began
				if last != nil && last.consent&(Duplicates|Another) != 0 {
					continue
				}
			case first.given && first.due || last.given && last.due || s.givenUp(a):
				continue
			case first.row.ID == last.row.ID && first.row.Batch == last.row.Batch && last.doubted && last.consent&ResendUnknown != 0, last.consent&(Duplicates|Another) != 0:
				continue
			}
			return fmt.Sprintf("I1: bindings %d and %d at place %d", a.id, b.id, a.place)
		}
	}
	return ""
}

// allKnown is I2: the ledger shows every living binding of ours at its place, with
// its values, or the call that made it.
func allKnown(w *world, s *state) string {
	for i := range s.live {
		b := &s.live[i]
		if b.others {
			continue
		}
		bindings, binds := s.l.At(b.place, s.clock())
		at := s.l.bindingFor(b.id)
		if at < 0 {
			if s.unanswered(b, binds) {
				return fmt.Sprintf("I2: nothing at place %d answers for binding %d", b.place, b.id)
			}
			continue
		}
		if !slices.Contains(bindings, int(at)) {
			return fmt.Sprintf("I2: binding %d is not known to be at place %d", b.id, b.place)
		}
		known := &s.l.bindings[at]
		if valuesOf(known.values) == b.val || known.values < 0 {
			continue
		}
		if !slices.ContainsFunc(s.l.callsOn(at), func(i int32) bool {
			c := &s.l.calls[i]
			return c.counts(s.clock()) && c.op != Release && valuesOf(c.ref) == b.val
		}) {
			return fmt.Sprintf("I2: binding %d is not known to have values %d", b.id, b.val)
		}
	}
	return ""
}

// unanswered reports whether more bindings like one live unknown than calls are
// known that may have made them. Equal calls answer for each other, and those that
// a person gave up need no answer once they are due.
func (s *state) unanswered(b *living, binds []CallInfo) bool {
	n := 0
	for i := range s.live {
		if o := &s.live[i]; !o.others && o.place == b.place && o.val == b.val && o.x == b.x && s.l.bindingFor(o.id) < 0 {
			n++
		}
	}
	for i := range s.facts {
		f := &s.facts[i]
		if f.op != Bind || f.place != b.place || f.val != b.val || f.x != b.x {
			continue
		}
		if f.given && f.due || slices.ContainsFunc(binds, func(c CallInfo) bool { return c.Number == uint64(f.call) }) {
			n--
		}
	}
	return n > 0
}

// givenUp reports whether a person gave up a call that may have made a binding.
func (s *state) givenUp(b *living) bool {
	return slices.ContainsFunc(s.facts, func(f fact) bool {
		return f.given && f.due && f.place == b.place && f.val == b.val && f.x == b.x
	})
}

// saidToLive is I9: what the ledger says to live, lives, unless somebody else ended
// it or a release of it is in doubt.
func saidToLive(w *world, s *state) string {
	for i := range s.l.bindings {
		b := &s.l.bindings[i]
		if b.life != lives || s.lives(b.id) != nil || slices.Contains(s.ended, b.id) || s.l.releaseOn(int32(i)) >= 0 {
			continue
		}
		return fmt.Sprintf("I9: binding %d is said to live", b.id)
	}
	return ""
}

// owned is that the ledger knows whose a binding is, and lets that batch have it.
func owned(w *world, s *state) string {
	for i := range s.l.bindings {
		b := s.lives(s.l.bindings[i].id)
		if b == nil || b.others || b.maker == 0 {
			continue
		}
		maker, holder := s.l.Owners(i)
		if maker != b.maker {
			return fmt.Sprintf("I3: batch %d made binding %d, and the ledger says %d", b.maker, b.id, maker)
		}
		if slices.ContainsFunc(s.l.callsOn(int32(i)), func(at int32) bool {
			c := &s.l.calls[at]
			return c.op == Renew && s.l.batch(&s.l.rows[c.row]) != holder
		}) { // it may be another's
			continue
		}
		if holder != b.holder {
			return fmt.Sprintf("I3: batch %d holds binding %d, and the ledger says %d", b.holder, b.id, holder)
		}
		for batch := range w.batches {
			batch++
			holds, made := batch == holder, batch == maker
			if (s.l.Claim(i, Update, batch, false) == None) != holds || (s.l.Claim(i, Release, batch, false) == None) != (holds && made) || (s.l.Claim(i, Release, batch, true) == None) != holds {
				return fmt.Sprintf("I3: batch %d may not do with binding %d what it should, or may do more", batch, b.id)
			}
		}
	}
	return ""
}

// lostLast reports whether nobody knows what became of the last call of a row.
func lostLast(r *row) bool {
	k := Kind(r.last >> 8 & 0xff)
	return r.op != 0 && r.tries > 0 && (r.last < 0 || k == Lost || k == Part)
}

// oneState is I4 and I5: two rows never have one binding, two bindings never one id.
func oneState(w *world, s *state) string {
	for i := range s.l.rows {
		r := &s.l.rows[i]
		if s.l.Info(i).Absent && !slices.Contains([]Kind{Absent, NotSent}, Kind(r.last>>8&0xff)) {
			return fmt.Sprintf("I4: row %d was shown not to be bound, but not by the last that is known of it", i)
		}
		if lostLast(r) && (s.l.State(i) == Failed || r.op == Update && s.l.State(i) == Bound) {
			return fmt.Sprintf("I4: row %d is settled, but nobody knows what became of its call", i)
		}
		if r.op == Update || r.op == Release || s.l.State(i) != Bound {
			continue
		}
		for j := range i {
			if o := &s.l.rows[j]; o.op != Update && o.op != Release && o.binding == r.binding && s.l.State(j) == Bound {
				return fmt.Sprintf("I4: two rows are bound by binding %d", s.l.bindings[r.binding].id)
			}
		}
	}
	for i := range s.l.bindings {
		if b := &s.l.bindings[i]; b.holder >= 0 && b.life == lives {
			if has := s.l.rows[b.holder].binding; has < 0 || s.l.bindings[has].life != lives || s.l.bindings[has].holder != b.holder {
				return fmt.Sprintf("I4: a row holds binding %d and does not know it", b.id)
			}
		}
		for j := range i {
			if s.l.bindings[i].id == s.l.bindings[j].id {
				return fmt.Sprintf("I5: binding %d is known twice", s.l.bindings[i].id)
			}
		}
	}
	return ""
}
