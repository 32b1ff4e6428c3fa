package ledger

import "slices"

// State is where row n stands:
//
//	BOUND       its binding lives, the row holds it, no release of it is in doubt
//	UNKNOWN     a bind of the row is in doubt, or a release of its binding
//	RELEASED    its binding was ended by a release
//	FAILED      its last call was refused
//	PENDING     no call, or the last was surely not executed; the binding is gone without a release
//	SUPERSEDED  its binding lives, and another row has it now
//
// A row of an update or a release has no doubt of its own: what it did not
// finish is PENDING, for it is made again.
func (l *Ledger) State(n int) State {
	r := &l.rows[n]
	if r.op == Update || r.op == Release {
		return l.stateOfChange(n)
	}
	for _, i := range l.callsOf(int32(n)) {
		if c := &l.calls[i]; c.op == Bind && !c.passed {
			return Unknown
		} else if c.op == Renew && !c.passed {
			return Pending
		}
	}
	if r.binding >= 0 {
		switch b := &l.bindings[r.binding]; {
		case b.life == released:
			return Released
		case b.holder != int32(n) && b.life == lives:
			return Superseded
		case b.holder != int32(n), b.life == gone:
			return Pending
		case l.Releasing(n):
			return Unknown
		}
		return Bound
	}
	if r.verdict == refused {
		return Failed
	}
	return Pending
}

// Holds reports whether row n holds a binding that lives, or that was released.
func (l *Ledger) Holds(n int) bool {
	b := l.rows[n].binding
	return b >= 0 && l.bindings[b].holder == int32(n) && l.bindings[b].life != gone
}

func (l *Ledger) stateOfChange(n int) State {
	r := &l.rows[n]
	for _, i := range l.callsOf(int32(n)) {
		if !l.calls[i].passed {
			return Pending
		}
	}
	switch {
	case r.verdict == refused:
		return Failed
	case r.verdict != done || r.binding < 0:
		return Pending
	case r.op == Release || l.bindings[r.binding].life == released:
		return Released
	case l.bindings[r.binding].life == gone:
		return Pending
	case l.Releasing(n):
		return Unknown
	}
	return Bound
}

// Releasing reports whether a release is in doubt of the binding that row n
// holds, or, if it is one of an update, changed.
func (l *Ledger) Releasing(n int) bool {
	b := l.rows[n].binding
	return (l.Holding(n) || b >= 0 && l.rows[n].op == Update && l.bindings[b].life == lives) && l.releaseOn(b) >= 0
}

// Holding reports whether row n has a living binding, whatever else is in doubt.
func (l *Ledger) Holding(n int) bool { return l.isBound(&call{row: int32(n), binding: -1}, Clock{}) }

func (l *Ledger) releaseOn(b int32) int32 {
	for _, i := range l.callsOn(b) {
		if l.calls[i].op == Release && !l.calls[i].passed {
			return i
		}
	}
	return -1
}

// Current reports whether the binding that row n of an update changed still has
// the values which that gave it, and nothing else was begun on it.
func (l *Ledger) Current(n int) bool {
	r := &l.rows[n]
	return r.verdict == done && r.binding >= 0 && l.bindings[r.binding].ok == r.last && l.bindings[r.binding].life == lives &&
		!slices.ContainsFunc(l.callsOn(r.binding), func(i int32) bool { return l.calls[i].row != int32(n) })
}

// RowInfo is what a ledger tells of a row. The zero value is one that was never sent.
type RowInfo struct {
	Key      Key
	State    State
	Op       Op     // of its last call; 0: it was never sent
	Code     string // how its last call ended
	Run      int    // of its batch that touched it last; -1: none
	Attempts int    // calls made for it
	Last     int64  // Ref of the last record about how it ended; -1: none
	Binding  int    // that it has, had, changed or ended; -1: none
	Absent   bool   // a look-up showed that its last call was not executed
	Refused  bool   // its last call, a renewal of its own binding, was refused: it is Bound as it was
	Anew     bool   // its last call, a bind since its binding had lapsed, made no other: Code and Last are of that
}

// Info tells of row n.
func (l *Ledger) Info(n int) RowInfo {
	r := &l.rows[n]
	i := RowInfo{
		Key: l.Key(n), State: l.State(n), Op: r.op, Code: l.Text(r.code), Run: max(int(r.run), -1), Attempts: int(r.tries), Last: r.last,
		Binding: int(r.binding), Absent: r.verdict == absent && r.calls < 0,
	}
	i.Refused = r.verdict == refused && i.State == Bound
	i.Anew = r.op == Bind && r.verdict != done && i.State == Bound
	switch {
	case l.opened(int32(n)):
		i.Code, i.Last = CodeInterrupted, -1
	case i.State == Unknown && !l.Releasing(n):
		for _, at := range l.callsOf(int32(n)) { // the latest that is in doubt
			if c := &l.calls[at]; c.op == Bind && !c.passed {
				i.Code, i.Last = l.Text(c.code), c.end
				break
			}
		}
	}
	return i
}

// BindingInfo is what a ledger tells of a binding.
type BindingInfo struct {
	ID        SubsID
	Place     Place // 0: not known
	OK        int64 // Ref of the record of the last call on it that was done; -1: none
	Values    int64 // Ref of the record with its values; -1: none
	Ends      int64 // Expiration, Unix seconds; 0: not known
	Holder    int   // row; -1: none
	Maker     int   // run that made it; -1: none of ours
	HeldSince int   // run in which its holder got it; -1 likewise
	Life      State // Bound, Released, or Pending if it is gone
	Edited    bool  // an update changed it since its holder got it
}

// Binding tells of a binding by its number, which is below Bindings.
func (l *Ledger) Binding(n int) BindingInfo {
	b := &l.bindings[n]
	return BindingInfo{
		ID: b.id, Place: b.place, OK: b.ok, Values: b.values, Ends: b.ends, Holder: int(b.holder), Maker: int(b.maker), HeldSince: int(b.heldSince),
		Life: [...]State{lives: Bound, gone: Pending, released: Released}[b.life], Edited: b.edited,
	}
}

// Bindings is how many bindings are known.
func (l *Ledger) Bindings() int { return len(l.bindings) }

// BindingOf is the number of the binding with an id; ok is false if none is known.
func (l *Ledger) BindingOf(id SubsID) (n int, ok bool) {
	b := l.bindingFor(id)
	return int(b), b >= 0
}

// CallInfo is what a ledger tells of a call that is not settled.
type CallInfo struct {
	Number    uint64
	Op        Op
	Row       int
	Binding   int   // -1: of a bind
	At, Due   int64 // as in Record, Unix milliseconds; DueIn tells more
	Ref       int64 // of its intent
	Named     bool  // it names an X
	Open      bool  // its process lives
	Passed    bool  // a later call was done: it counts until it is due
	Elsewhere bool  // its answer named a binding on another X
	Place     Place
	Ends      int64
	Code      string // how it came to be in doubt; blank if it did not
}

func (l *Ledger) info(at int32) CallInfo {
	c := &l.calls[at]
	return CallInfo{c.number, c.op, int(c.row), int(c.binding), c.at, c.at + c.wait, c.ref, c.named, c.stage == open, c.passed, c.elsewhere, c.place, c.ends, l.Text(c.code)}
}

// Calls are the unsettled calls of row n, the latest first.
func (l *Ledger) Calls(n int) (list []CallInfo) {
	for _, at := range l.callsOf(int32(n)) {
		list = append(list, l.info(at))
	}
	return list
}

// CallsOn are the unsettled calls on a binding, the latest first.
func (l *Ledger) CallsOn(binding int) (list []CallInfo) {
	for _, at := range l.callsOn(int32(binding)) {
		list = append(list, l.info(at))
	}
	return list
}

// Call is an unsettled call by its number; ok is false if there is none.
func (l *Ledger) Call(number uint64) (c CallInfo, ok bool) {
	at, ok := l.byNumber[number]
	if !ok {
		return CallInfo{}, false
	}
	return l.info(at), true
}

// At tells what is, or may be, at a place: the bindings, in the order of their ids,
// and the binds that may have made one, in the order of their numbers.
func (l *Ledger) At(place Place, clock Clock) (bindings []int, binds []CallInfo) {
	for _, b := range l.bindingsAt(place, clock) {
		bindings = append(bindings, int(b))
	}
	for _, at := range l.bindsAt(place, clock) {
		binds = append(binds, l.info(at))
	}
	return bindings, binds
}

// Knows reports whether anything is known of a place: of a binding that is or was
// there, or of a bind there in doubt.
func (l *Ledger) Knows(place Place) bool {
	known := len(l.targets[place]) > 0
	l.livesAt.each(mix(uint64(place)), func(i int32) bool {
		known = known || l.bindings[i].place == place
		return !known
	})
	return known
}

// MayLive reports whether a binding was not ended, and has not lapsed.
func (l *Ledger) MayLive(binding int, clock Clock) bool { return l.mayLive(int32(binding), clock) }

// Lapses reports whether a binding, or what a bind in doubt may have made, lapses
// between two times, or a call in doubt comes to be due.
func (l *Ledger) Lapses(from, to Clock) bool {
	for b := range l.bindings {
		if l.mayLive(int32(b), from) && !l.mayLive(int32(b), to) {
			return true
		}
	}
	return slices.ContainsFunc(l.calls, func(c call) bool {
		return c.op == Bind && lapsed(c.ends, to) && !lapsed(c.ends, from) || c.stage != settled && c.due(to) && !c.due(from)
	})
}

// Over reports whether a binding that was not ended has lapsed by this machine's
// clock. It holds its place until MayLive says no: by the service's it may live.
func (l *Ledger) Over(binding int, clock Clock) bool { return l.over(int32(binding), clock) }

// Settleable reports whether look-ups may settle a call as not executed now: it
// can no longer be executed late, and neither can another bind at its place, whose
// binding may have been taken for this one's.
func (l *Ledger) Settleable(call uint64, clock Clock) bool {
	_, known := l.byNumber[call]
	return known && l.SettleableIn(call, clock) <= 0
}

// SettleableIn is in how many milliseconds a call will be settleable; 0 or less if it is,
// or is not known.
func (l *Ledger) SettleableIn(call uint64, clock Clock) int64 {
	at, known := l.byNumber[call]
	if !known {
		return 0
	}
	c := &l.calls[at]
	in := c.dueIn(clock)
	if c.op == Bind {
		for _, i := range l.targets[c.place] {
			if l.calls[i].op == Bind {
				in = max(in, l.calls[i].dueIn(clock))
			}
		}
	}
	return in
}

// DueIn is in how many milliseconds a call can no longer be executed; 0 or less if it
// cannot now, or is not known.
func (l *Ledger) DueIn(call uint64, clock Clock) int64 {
	at, ok := l.byNumber[call]
	if !ok {
		return 0
	}
	return l.calls[at].dueIn(clock)
}

// Runs is how many runs are known.
func (l *Ledger) Runs() int { return len(l.runs) }

// Batch is the batch that a run worked on; blank if there is no such run.
func (l *Ledger) Batch(run int) string {
	if run < 0 || run >= len(l.runs) {
		return ""
	}
	return l.batches[l.runs[run]]
}
