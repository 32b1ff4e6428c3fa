package plan

import (
	"slices"

	"axgbind/aliyun"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
)

// scope is what a plan of releases or updates may touch.
type scope struct {
	op      ledger.Op // Release or Update; 0: a plan of bindings
	of      uint32    // number of the batch whose bindings are meant; 0: a list names them
	renewed bool      // the batch's are also those that it only renewed
	foreign bool      // and bindings that no batch is known to have made
}

// objection is why a plan leaves a binding alone. The zero value is none.
type objection uint8

const (
	notTheirs    objection = iota // there is none
	othersHold                    // another batch holds it
	othersMay                     // a renewal of another batch, in doubt, may have taken it
	othersMade                    // the batch only renewed it
	nobodys                       // no batch is known to have made it
	takenFromOne                  // the row of a list took it as bound, and its batch is not known here
)

// objects says why a binding of the ledger, -1 for one that it does not know, is to be
// left alone. adopted says that the row took it from another (client.AlreadyBound).
func (s *scope) objects(l *ledger.Ledger, binding int32, adopted bool) objection {
	if s.of == 0 && adopted && !s.foreign {
		return takenFromOne
	}
	maker, holder := uint32(0), uint32(0)
	if binding >= 0 {
		maker, holder = l.Owners(int(binding))
	}
	unknown := maker == 0 && (s.op == ledger.Release || holder == 0)
	switch {
	case s.of != 0 && holder != s.of && (maker != 0 || holder != 0):
		return othersHold
	case unknown && !s.foreign:
		return nobodys
	case unknown || s.of == 0:
		return notTheirs
	}
	switch l.Claim(int(binding), s.op, s.of, s.renewed) {
	case ledger.NotHeld:
		return othersMay
	case ledger.NotMade:
		return othersMade
	}
	return notTheirs
}

// occupancy is what is known of a place whose pool, A and group are all that a row says of
// its binding.
type occupancy struct {
	bindings int // that live or, if none does, that this batch released last
	doubts   int // calls and bindings of which nobody knows whether they are there
}

// onlyAt is the binding that surely is the only one at a place; -1 if there is none.
func (m *matcher) onlyAt(place ledger.Place) (binding int32, c occupancy) {
	bindings, binds := m.l.At(place, m.clock)
	c.bindings, c.doubts = len(bindings), len(binds)
	for _, b := range bindings {
		binding = int32(b)
		elsewhere := func(call ledger.CallInfo) bool { return call.Place != 0 && call.Place != place }
		if m.l.Binding(b).Place != place || slices.ContainsFunc(m.l.CallsOn(b), elsewhere) {
			c.doubts++
		}
	}
	if c != (occupancy{bindings: 1}) {
		binding = -1
	}
	return binding, c
}

// noteOccupancy notes why row i, which gives no SubsId, names no binding.
func (m *matcher) noteOccupancy(i int32, c occupancy) {
	if c != (occupancy{}) {
		m.occupancies[i] = c
	}
}

// reference is what a row of a release or an update says of its binding.
type reference struct {
	row                                    ledger.Identity // of the bind that made it
	pool, a, group, secretNo, subsID, code string
	bound, released                        bool // by its verdict
	evidence                               bool // its SubsId is what stood in the way of a row that is not bound
	unread                                 bool // its results name a binding, and their status cannot be read
	wanted                                 bool
	id                                     ledger.SubsID
	ends                                   int64 // by its Expiration, Unix seconds; 0: it does not say

	// Of an update: what it may change, the values for that, and the last call that its
	// results know of; a list knows of none.
	changes   []aliyun.Operate
	fields    [field.NumFields]string
	listed    bool
	requestID string
}

// place is where the binding is that a row names by pool, A and group; 0 if the row
// does not say it.
func (n *reference) place() ledger.Place {
	if n.pool == "" || n.a == "" || n.group == "" {
		return 0
	}
	return input.PlaceOf(n.pool, n.a, n.group)
}
