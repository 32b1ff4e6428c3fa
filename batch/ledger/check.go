package ledger

import (
	"cmp"
	"slices"
)

// Clock is when a question is asked.
type Clock struct {
	Now int64 // this machine's time, Unix milliseconds
	// Elapsed is for how long this process has known the ledger, milliseconds, by a
	// monotonic clock.
	Elapsed int64
	// Service is what the service's time has come to at least, Unix milliseconds; 0: not
	// known. A binding lapses by it alone: a machine's clock that is ahead frees no place.
	Service int64
}

// lapse is how long after its Expiration a binding still holds a place,
// milliseconds: clocks differ.
const lapse = 24 * 60 * 60 * 1000

// FreeFrom is when a binding, whatever its values are, holds its place no more by the
// service's time, Unix seconds; it has an Expiration.
func (l *Ledger) FreeFrom(binding int, clock Clock) int64 {
	ends := l.bindings[binding].ends
	for _, i := range l.callsOn(int32(binding)) {
		if c := &l.calls[i]; c.counts(clock) && c.op != Release {
			ends = max(ends, c.ends)
		}
	}
	return ends + lapse/1000
}

// window is how far the time with which a call is signed may be from the service's time
// when the service takes the call, milliseconds: 15 minutes by most documents, 31 by one.
const window = 31 * 60 * 1000

// due reports whether a call can no longer be executed: its wait has passed since the
// call was surely written to the wire. A call of a process that died was written before
// this process began; one of this process, before this process gave it up, however long
// it was stopped between its last look at the clock and the write. An open call is not
// given up yet, and is not due. This machine's clock does not count, for it may be set at
// any time. The service's does: it takes no call that was signed longer ago than window.
func (c *call) due(clock Clock) bool { return c.dueIn(clock) <= 0 }

// dueIn is in how many milliseconds a call will be due; 0 or less if it is.
func (c *call) dueIn(clock Clock) int64 {
	switch {
	case c.stage == open:
		return max(c.wait, 1)
	case c.wait <= 0: // nothing of it is under way any more
		return c.wait
	}
	return c.wait + min(c.since-clock.Elapsed, c.at+window-clock.Service)
}

// counts reports whether a call may still have done something, or do it.
func (c *call) counts(clock Clock) bool { return !(c.passed && c.due(clock)) }

// Check says why a call may not be made now; None if it may. r is the Intent that
// would be recorded; its Row has its batch, for a plan asks before its run begins.
// Nothing changes.
func (l *Ledger) Check(r *Record, clock Clock) Reason {
	c := call{row: -1, binding: l.bindingFor(r.Binding), place: r.Place, ends: r.Ends, op: r.Op, consent: r.Consent}
	if n, ok := l.Row(r.Row); ok {
		c.row = int32(n)
	}
	for i := range l.guards {
		g := &l.guards[i]
		if slices.Contains(g.ops, c.op) && g.lifts&c.consent == 0 && g.bars(l, &c, clock) {
			return g.reason
		}
	}
	return None
}

func (l *Ledger) isOpen(c *call, _ Clock) bool { return c.row >= 0 && l.opened(c.row) }

// opened reports whether a call of a row is open.
func (l *Ledger) opened(r int32) bool {
	return slices.ContainsFunc(l.callsOf(r), func(i int32) bool { return l.calls[i].stage == open })
}

func (l *Ledger) isBound(c *call, clock Clock) bool {
	if c.row < 0 {
		return false
	}
	b := l.rows[c.row].binding
	return b >= 0 && b != c.binding && l.bindings[b].holder == c.row && l.mayLive(b, clock) &&
		!(c.op == Bind && c.consent&Another != 0 && l.over(b, clock))
}

// has reports whether a row had its binding when a bind of it left: what became of
// that bind says nothing then of where the row stands. One that left though the row has
// a binding did so because that had lapsed by the service's time, which is never taken
// for later than this machine's; the call is signed with that, so that an answer by
// which it was done says that the service's was not far from it.
func (l *Ledger) has(c *call) bool { return l.isBound(c, Clock{Now: c.at, Service: c.at}) }

func (l *Ledger) inDoubt(c *call, clock Clock) bool {
	return c.row >= 0 && slices.ContainsFunc(l.callsOf(c.row), func(i int32) bool {
		return l.calls[i].op == Bind && l.calls[i].counts(clock)
	})
}

func (l *Ledger) wasReleased(c *call, _ Clock) bool {
	return c.row >= 0 && l.State(int(c.row)) == Released
}

func (l *Ledger) bindingThere(c *call, clock Clock) bool {
	return slices.ContainsFunc(l.bindingsAt(c.place, clock), func(b int32) bool { return b != c.binding })
}

func (l *Ledger) bindThere(c *call, clock Clock) bool {
	return slices.ContainsFunc(l.bindsAt(c.place, clock), func(i int32) bool {
		return l.calls[i].row != c.row
	})
}

func (l *Ledger) notLive(c *call, clock Clock) bool {
	return c.binding >= 0 && (l.bindings[c.binding].life != lives || c.op == Renew && !l.mayLive(c.binding, clock))
}

func (l *Ledger) underWay(c *call, clock Clock) bool {
	return c.binding >= 0 && slices.ContainsFunc(l.callsOn(c.binding), func(i int32) bool {
		o := &l.calls[i]
		return !o.due(clock) && !(o.row == c.row && o.stage == doubted)
	})
}

func (l *Ledger) placeTaken(c *call, clock Clock) bool {
	return c.place != 0 && !l.stays(c, clock) && (l.bindingThere(c, clock) || l.bindThere(c, clock))
}

// stays reports whether a change leaves its binding where it surely is.
func (l *Ledger) stays(c *call, clock Clock) bool {
	return c.binding >= 0 && l.bindings[c.binding].place == c.place && !slices.ContainsFunc(l.callsOn(c.binding), func(i int32) bool {
		o := &l.calls[i]
		return o.place != 0 && o.place != c.place && o.counts(clock)
	})
}

// bindingsAt are the bindings that live, or may live, at a place and have not
// lapsed, in the order of their ids.
func (l *Ledger) bindingsAt(place Place, clock Clock) (list []int32) {
	if place == 0 {
		return nil
	}
	l.livesAt.each(mix(uint64(place)), func(i int32) bool {
		if l.bindings[i].place == place && l.mayLive(i, clock) {
			list = append(list, i)
		}
		return true
	})
	for _, i := range l.targets[place] {
		if c := &l.calls[i]; c.binding >= 0 && c.counts(clock) && l.mayLive(c.binding, clock) {
			list = append(list, c.binding)
		}
	}
	slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(l.bindings[a].id, l.bindings[b].id) })
	return slices.Compact(list)
}

// mayLive reports whether a binding was not ended, and whatever its values are,
// has not lapsed.
func (l *Ledger) mayLive(b int32, clock Clock) bool {
	return l.bindings[b].life == lives && !l.ended(b, clock, clock.Service-lapse)
}

// over reports whether a binding that was not ended has lapsed by this machine's
// clock, whatever its values are. By the service's it may live, until mayLive says no.
func (l *Ledger) over(b int32, clock Clock) bool {
	return l.bindings[b].life == lives && l.ended(b, clock, clock.Now)
}

// ended reports whether the Expiration of a binding, whatever its values are, lies
// before a time in milliseconds.
func (l *Ledger) ended(b int32, clock Clock, at int64) bool {
	return passed(l.bindings[b].ends, at) && !slices.ContainsFunc(l.callsOn(b), func(i int32) bool {
		return l.calls[i].counts(clock) && l.calls[i].op != Release && !passed(l.calls[i].ends, at)
	})
}

// bindsAt are the binds that may have made, or may make, a binding at a place, the
// first made first.
func (l *Ledger) bindsAt(place Place, clock Clock) (list []int32) {
	for _, i := range l.targets[place] {
		if c := &l.calls[i]; c.op == Bind && c.counts(clock) && !(c.due(clock) && lapsed(c.ends, clock)) {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(l.calls[a].number, l.calls[b].number) })
	return list
}

// lapsed reports whether an end frees its place: by the service's clock.
func lapsed(ends int64, clock Clock) bool { return passed(ends, clock.Service-lapse) }

// passed reports whether an end lies before a time in milliseconds.
func passed(ends, at int64) bool { return ends != 0 && at >= ends*1000 }
