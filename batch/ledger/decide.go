package ledger

import "slices"

// WhenBound says what becomes of a row in whose place a binding lives that is not
// the row's own.
type WhenBound uint8

// What may become of it: it is held, it takes the binding as its own, or the
// binding is changed to what it says.
const (
	RefuseWhenBound WhenBound = iota
	SkipWhenBound
	RenewWhenBound
)

// Wish is what a person wants of a row of an input.
type Wish struct {
	Key       Key
	Place     Place
	Resend    bool    // send it though its last call was refused
	Consent   Consent // what the person said besides
	WhenBound WhenBound
	// Prolongs: the row's own binding, though it stands, is to have a later end. If it
	// has lapsed, the row is sent anew.
	Prolongs bool
	// Relative: the row's values depend on when it is sent, so that rows of other
	// batches with its identity may have others.
	Relative bool
	// Present reports whether a row of the ledger stands in the same input, or its
	// binding was given to one that does. nil: none does.
	Present func(row int) bool
}

// Act is what a bind does with a row.
type Act uint8

// The acts.
const (
	Stands Act = iota // nothing: it stands where it stands
	Sends             // a bind
	Takes             // nothing: a binding that lives counts as its own
	Renews            // a renewal of a binding
	Holds             // nothing: a person has to decide
)

// Decision is what a bind does with a row, and why.
type Decision struct {
	Act     Act
	Reason  Reason
	Binding int     // that is taken, renewed, or in the way; -1: none
	Call    uint64  // bind that is in the way; 0: none
	Consent Consent // of the person's words those that a bind needs
}

// Decide says what a bind does with a row. Nothing changes.
func (l *Ledger) Decide(w *Wish, clock Clock) Decision {
	d := Decision{Act: Stands, Binding: -1}
	if n, ok := l.Row(w.Key); ok && l.answered(w, n, &d, clock) {
		return d
	}
	for d.Reason = l.checkBind(w, &d, clock); d.Reason != None; d.Reason = l.checkBind(w, &d, clock) {
		lifts := l.guardOf(d.Reason).lifts & w.Consent
		switch {
		case lifts&Duplicates != 0 && l.allPresent(w, clock):
			lifts = Duplicates
		case lifts&Another != 0:
			lifts = Another
		case lifts == 0 || lifts == Duplicates:
			return l.meet(w, d, clock)
		}
		d.Consent |= lifts
	}
	d.Act = Sends
	return d
}

// answered decides on a row that is known, and reports whether that is all; else a bind
// of it is to be looked at.
func (l *Ledger) answered(w *Wish, n int, d *Decision, clock Clock) bool {
	switch l.State(n) {
	case Bound:
		if l.kept(w, n, d, clock) {
			return true
		}
	case Unknown:
		if l.opened(int32(n)) || l.isBound(&call{row: int32(n), binding: -1}, clock) || w.Consent&ResendUnknown == 0 {
			return true
		}
	case Released:
		if w.Consent&ResendReleased == 0 {
			return true
		}
	case Failed:
		if !w.Resend {
			return true
		}
	}
	b := l.renewing(n, clock)
	if b < 0 {
		return false
	}
	d.Binding = b // whatever the person says now: it may be done already
	if w.otherHolds(l, b, n) {
		d.Act, d.Reason = Holds, BindingThere
	} else {
		d.Act = Renews
	}
	return true
}

// kept decides on a row that has its binding, and reports whether it keeps that.
func (l *Ledger) kept(w *Wish, n int, d *Decision, clock Clock) bool {
	own := l.rows[n].binding
	switch lapsed := !l.mayLive(own, clock); {
	case w.Prolongs && lapsed: // a row of nothing
		return !w.Resend && l.refusedAnew(n)
	case l.Moved(n, w.Place):
		d.Act, d.Reason, d.Binding = Holds, IsBound, int(own)
	case l.Overtaken(n):
		*d = l.meet(w, Decision{Reason: IsBound, Binding: -1}, clock)
	case w.Prolongs && l.over(own, clock) && w.Consent&Another != 0:
		d.Consent = Another
		return false
	case w.Prolongs && l.over(own, clock):
		d.Act, d.Reason, d.Binding = Holds, BindingThere, int(own)
	case w.Prolongs:
		d.Act, d.Binding = Renews, int(own)
	}
	return true
}

// checkBind is Check of a bind of a row, with the consents that are needed so far.
func (l *Ledger) checkBind(w *Wish, d *Decision, clock Clock) Reason {
	return l.Check(&Record{Kind: Intent, Op: Bind, Row: w.Key, Place: w.Place, Consent: d.Consent}, clock)
}

func (l *Ledger) guardOf(r Reason) *guard {
	return &l.guards[slices.IndexFunc(l.guards, func(g guard) bool { return g.reason == r })]
}

// equals reports whether a binding surely has the values of a row with an identity:
// its holder has that, and no call changed it since, or may have.
func (l *Ledger) equals(binding int, id Identity) bool {
	b := &l.bindings[binding]
	return b.holder >= 0 && l.rows[b.holder].id == id && b.calls < 0 && !b.edited
}

// moving reports whether a call may have brought, or may bring, a binding to another
// place than it is known at.
func (l *Ledger) moving(binding int32, clock Clock) bool {
	return slices.ContainsFunc(l.callsOn(binding), func(i int32) bool {
		c := &l.calls[i]
		return c.place != 0 && c.place != l.bindings[binding].place && c.counts(clock)
	})
}

// Overtaken reports whether a renewal for another row was begun on the binding of
// row n and is not known to be done: the binding may be that row's by now.
func (l *Ledger) Overtaken(n int) bool {
	if l.rows[n].binding < 0 {
		return false
	}
	return slices.ContainsFunc(l.callsOn(l.rows[n].binding), func(i int32) bool {
		return l.calls[i].op == Renew && l.calls[i].row != int32(n) && !l.calls[i].passed
	})
}

// Moved reports whether the binding of row n was brought to another place than
// the row's, and is surely not there any more.
func (l *Ledger) Moved(n int, place Place) bool {
	b := l.rows[n].binding
	if b < 0 || place == 0 || l.bindings[b].place == 0 || l.bindings[b].place == place {
		return false
	}
	return !slices.ContainsFunc(l.callsOn(b), func(i int32) bool { return l.calls[i].place == place })
}

// refusedAnew reports whether a bind of row n was refused that left since its binding
// had lapsed.
func (l *Ledger) refusedAnew(n int) bool {
	return l.rows[n].op == Bind && l.rows[n].verdict == refused
}

// renewing is the live binding that a renewal of row n was begun on and is not
// known to be done; -1 if there is none.
func (l *Ledger) renewing(n int, clock Clock) int {
	for _, i := range l.callsOf(int32(n)) {
		if c := &l.calls[i]; c.op == Renew && !c.passed && l.mayLive(c.binding, clock) {
			return int(c.binding)
		}
	}
	return -1
}

// otherHolds reports whether a row of the input other than n has a binding.
func (w *Wish) otherHolds(l *Ledger, binding, n int) bool {
	h := int(l.bindings[binding].holder)
	return h >= 0 && h != n && w.Present != nil && w.Present(h)
}

// allPresent reports whether all that is in the way of a row belongs to other
// rows of its input.
func (l *Ledger) allPresent(w *Wish, clock Clock) bool {
	bindings, binds := l.Others(w, clock)
	return len(bindings) == 0 && len(binds) == 0
}

// Others are what is, or may be, at the place of a row and belongs to no row of
// its input: bindings, and binds of other rows.
func (l *Ledger) Others(w *Wish, clock Clock) (bindings []int, binds []CallInfo) {
	bindings, binds = l.At(w.Place, clock)
	n, known := l.Row(w.Key)
	present := func(row int) bool { return row >= 0 && w.Present != nil && w.Present(row) && !(known && row == n) }
	bindings = slices.DeleteFunc(bindings, func(b int) bool { return present(l.Binding(b).Holder) })
	binds = slices.DeleteFunc(binds, func(c CallInfo) bool { return present(c.Row) || known && c.Row == n })
	return bindings, binds
}

// meet says what becomes of a row that may not be sent for what is in its place.
func (l *Ledger) meet(w *Wish, d Decision, clock Clock) Decision {
	bindings, binds := l.Others(w, clock)
	d.Act = Holds
	switch {
	case len(binds) > 0:
		d.Reason, d.Call = BindThere, binds[0].Number
	case len(bindings) > 0:
		d.Binding = bindings[0]
		if b := int32(d.Binding); len(bindings) > 1 || l.releaseOn(b) >= 0 || l.moving(b, clock) || l.over(b, clock) {
			return d // one that is over cannot be changed, and is nobody's gain
		}
		switch {
		case w.WhenBound == SkipWhenBound, !w.Relative && l.equals(d.Binding, w.Key.ID):
			d.Act = Takes
		case w.WhenBound == RenewWhenBound:
			d.Act = Renews
		}
	default: // of rows of the input
		all, calls := l.At(w.Place, clock)
		if len(all) > 0 {
			d.Binding = all[0]
		} else if len(calls) > 0 {
			d.Call = calls[0].Number
		}
	}
	return d
}
