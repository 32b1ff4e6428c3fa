package ledger

// Owners are the batches that a binding belongs to: the one that made it and the
// one that bound or renewed it last. 0 is none that the ledger knows.
func (l *Ledger) Owners(binding int) (maker, holder uint32) {
	b := &l.bindings[binding]
	if b.holder >= 0 {
		holder = l.batch(&l.rows[b.holder])
	}
	return l.batchAt(b.maker), holder
}

// Claim says whether a batch may have a call of an operation made on a binding:
//
//	release  it made the binding and holds it; with renewed, it holds it
//	update   it holds it
//
// A batch does not hold what a renewal for another, which is in doubt, may have
// taken from it. The reasons are NotHeld and NotMade. A list of bindings names what
// it means, and needs no claim.
func (l *Ledger) Claim(binding int, op Op, batch uint32, renewed bool) Reason {
	switch maker, holder := l.Owners(binding); {
	case holder != batch || l.Taker(binding, batch) != 0:
		return NotHeld
	case op == Release && maker != batch && !renewed:
		return NotMade
	}
	return None
}

// Taker is another batch a renewal for which, in doubt, may have taken a binding from a
// batch; 0 if there is none.
func (l *Ledger) Taker(binding int, batch uint32) uint32 {
	for _, i := range l.callsOn(int32(binding)) {
		c := &l.calls[i]
		if of := l.batch(&l.rows[c.row]); c.op == Renew && !c.passed && of != batch {
			return of
		}
	}
	return 0
}
