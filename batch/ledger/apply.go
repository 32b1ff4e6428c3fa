package ledger

import (
	"math"
	"slices"
)

// The codes that the ledger gives by itself: to a row whose process died between
// an intent and its end, and to one that was told a SubsId which is known already.
const (
	CodeInterrupted = "client.Interrupted"
	CodeIDTwice     = "client.IdTwice"
)

// Apply makes a record known. An error says that the record fits no line of the
// table or names what is not known; then nothing has changed.
func (l *Ledger) Apply(r *Record) error {
	switch r.Kind {
	case Run:
		l.interrupt(r.Elapsed)
		l.runs = append(l.runs, l.BatchNumber(r.Batch))
		return nil
	case End:
		l.interrupt(r.Elapsed)
		return nil
	case Intent:
		return l.begin(r, open)
	case Doubt:
		return l.begin(r, doubted)
	case Known:
		return l.know(r)
	case Gone:
		return l.vanish(r)
	}
	return l.end(r)
}

// interrupt notes that the process of every open call is gone.
func (l *Ledger) interrupt(held int64) {
	for i := range l.calls {
		if c := &l.calls[i]; c.stage == open {
			c.stage, c.code, c.end, c.since = doubted, l.Code(CodeInterrupted), -1, held
			r := &l.rows[c.row]
			r.code, r.last = c.code, -1
			if !l.has(c) {
				r.verdict = notDone
			}
		}
	}
}

// begin takes an intent, or a call that is in doubt.
func (l *Ledger) begin(r *Record, at stage) error {
	if _, known := l.byNumber[r.Call]; known || r.Call == 0 || r.Kind == Intent && r.Call <= l.last {
		return r.errorf("call %d is no new one", r.Call)
	}
	if r.Op == 0 || r.Op >= Ops || (r.Op == Bind) != (r.Binding == 0) {
		return r.errorf("operation %s with binding %d", r.Op, r.Binding)
	}
	if r.Kind == Intent && r.Ago != 0 || !l.hasRun(r.Ago) { // an intent is of its own run
		return r.errorf("no run %d runs ago", r.Ago)
	}
	n := int32(l.Intern(l.KeyOf(r)))
	row := &l.rows[n]
	wasOp, wasRun := row.op, row.run
	b := int32(-1)
	if r.Op != Bind {
		b = l.bindingNamed(r)
	}
	end := int64(-1)
	if at == doubted {
		end = r.Ref
	}
	switch {
	case at == open:
		row.op = r.Op
		l.touch(row, l.run())
		if row.tries < math.MaxUint16 {
			row.tries++
		}
	default:
		row.tries = tries(r.Attempts)
		l.touch(row, l.run()-int32(r.Ago))
		if row.op == 0 { // else it shows already how it stands
			row.op, row.code, row.last = r.Op, l.Code(r.Code), r.Ref
		}
	}
	if r.Op == Update || r.Op == Release {
		row.binding = b
	}
	l.addCall(call{
		number: r.Call, row: n, binding: b, place: r.Place, ends: r.Ends, at: r.At, wait: r.Due - r.At, since: r.Elapsed, ref: r.Ref,
		op: r.Op, stage: at, named: r.Named, elsewhere: r.Elsewhere, passed: r.Passed && at == doubted, consent: r.Consent, sets: r.Sets, code: l.Code(r.Code), end: end, wasOp: wasOp, wasRun: wasRun,
	})
	return nil
}

// touch notes which run touched a row last. A run of another batch leaves it the
// row of its own.
func (l *Ledger) touch(r *row, run int32) {
	if run >= 0 && l.runs[run] == l.batch(r) {
		r.run = run
	}
}

// hasRun reports whether there was a run so many runs ago. One more leads to the
// time before the first run, whose rows belong to no batch.
func (l *Ledger) hasRun(ago int) bool { return ago >= 0 && ago <= len(l.runs) }

// bindingNamed is the binding of a record; one that nobody spoke of yet is made
// known: it lives, and it is none of ours.
func (l *Ledger) bindingNamed(r *Record) int32 {
	if b := l.bindingFor(r.Binding); b >= 0 {
		return b
	}
	return l.addBinding(binding{id: r.Binding, place: r.From, ok: -1, values: -1, holder: -1, maker: -1, heldSince: -1})
}

// end takes what became of a call.
func (l *Ledger) end(r *Record) error {
	at, known := l.byNumber[r.Call]
	if !known {
		return r.errorf("call %d is not known, or was settled", r.Call)
	}
	c := l.calls[at]
	for _, e := range l.effects {
		if e.kind == r.Kind && (e.op == 0 || e.op == c.op) && e.from&c.stage != 0 {
			l.follow(e, r, at)
			return nil
		}
	}
	return r.errorf("it does not follow: call %d is %s of stage %d", r.Call, c.op, c.stage)
}

// follow does what a line of the table says.
func (l *Ledger) follow(e effect, r *Record, at int32) {
	c, code := l.calls[at], r.Code
	if e.has(makes) && (r.Binding == 0 || l.bindingFor(r.Binding) >= 0) {
		e, code = effect{to: doubted, does: reopens | tells}, CodeIDTwice
	}
	if c.op == Bind && !e.has(makes) && l.has(&c) {
		e.does &= untries
	}
	if e.has(makes) {
		l.made(r, &c)
	}
	if e.has(changes) {
		l.changed(r, &c, e.has(holds))
	}
	if e.has(holds) {
		l.held(&c)
	}
	if e.has(ends) {
		l.released(r, &c)
	}
	if e.has(passes) {
		l.pass(at, r.Passed)
	}
	l.stand(e, r, &c, code)
	l.close(e, r, at, code)
}

func (e *effect) has(d deeds) bool { return e.does&d != 0 }

// made notes the binding that a call made.
func (l *Ledger) made(r *Record, c *call) {
	row := &l.rows[c.row]
	if row.twice = row.twice || l.has(c); !row.twice {
		l.bury(c.row)
	}
	l.touch(row, l.run())
	run := max(row.run, -1) // of the row's batch, though a run of another may have found it
	row.binding = l.addBinding(binding{
		id: r.Binding, place: c.place, ok: r.Ref, values: c.ref, ends: c.ends, holder: c.row, maker: run, heldSince: run,
	})
}

// changed notes the values that a call gave its binding, which the row holds now, or not.
func (l *Ledger) changed(r *Record, c *call, holds bool) {
	row := &l.rows[c.row]
	if holds && row.binding != c.binding && !l.has(c) {
		l.bury(c.row)
	}
	b := &l.bindings[c.binding]
	b.ok, b.values, b.ends, b.edited = r.Ref, c.ref, c.ends, b.holder >= 0 && !holds
	row.binding = c.binding
	if c.place != 0 {
		l.settleAt(c.binding, c.place)
	}
}

// held gives the binding of a call to its row.
func (l *Ledger) held(c *call) {
	b := &l.bindings[c.binding]
	was := b.holder
	b.holder, b.heldSince = c.row, l.run()
	if was != c.row {
		l.leave(was)
	}
}

// released notes that a call ended its binding.
func (l *Ledger) released(r *Record, c *call) {
	l.rows[c.row].binding = c.binding
	b := &l.bindings[c.binding]
	b.life, b.ok = released, r.Ref
	l.leave(b.holder)
}

// stand says how the row of a call stands now.
func (l *Ledger) stand(e effect, r *Record, c *call, code string) {
	row := &l.rows[c.row]
	switch {
	case e.has(succeeds):
		row.verdict = done
	case e.has(refuses):
		row.verdict = refused
	case e.has(reopens) && !(e.has(recalls) && row.verdict == absent):
		row.verdict = notDone
	case e.has(denies):
		row.verdict = absent
	}
	if e.has(unties) && row.binding >= 0 {
		if b := &l.bindings[row.binding]; b.life != lives || b.holder != c.row && (c.op == Bind || c.op == Renew) {
			row.binding = -1
			l.leave(c.row)
		}
	}
	if e.has(untries) {
		row.tries--
		row.op, row.run = c.wasOp, c.wasRun
	}
	if e.has(tells) {
		row.code, row.last = l.Code(code), r.Ref
		l.touch(row, l.run())
	}
}

// close brings a call to the stage in which it is now.
func (l *Ledger) close(e effect, r *Record, at int32, code string) {
	if r.Elsewhere {
		l.calls[at].elsewhere = true
	}
	if e.has(expires) {
		l.calls[at].wait = 0
	}
	if l.calls[at].stage == open {
		l.calls[at].since = r.Elapsed
	}
	switch {
	case e.to != settled:
		l.calls[at].stage, l.calls[at].code, l.calls[at].end = e.to, l.Code(code), r.Ref
	case e.has(lingers) && l.besides(at):
		l.passCall(at, r.Passed)
	default:
		l.dropCall(at)
	}
}

// besides reports whether another bind may have made, or may make, a binding where
// a call would.
func (l *Ledger) besides(at int32) bool {
	return slices.ContainsFunc(l.targets[l.calls[at].place], func(i int32) bool {
		return i != at && l.calls[i].op == Bind
	})
}

// leave has a row turn to another living binding that it holds, if it has one: a
// row that was sent twice may have come to two.
func (l *Ledger) leave(n int32) {
	if n < 0 || !l.rows[n].twice {
		return
	}
	for i := range l.bindings {
		if b := &l.bindings[i]; b.holder == n && b.life == lives {
			l.rows[n].binding = int32(i)
			return
		}
	}
}

// pass lets the other calls on a call's binding that it covers and, if its row has
// that now, the row's other binds count only until they are due.
func (l *Ledger) pass(at int32, due bool) {
	c := l.calls[at]
	if c.binding >= 0 {
		for _, i := range l.callsOn(c.binding) {
			if i != at && l.covers(&c, &l.calls[i]) {
				l.passCall(i, due || c.op == Release) // what is done to a binding that is no more does nothing
			}
		}
	}
	if c.op == Bind || c.op == Renew {
		for _, i := range l.callsOf(c.row) {
			if i != at && l.calls[i].op == Bind {
				l.passCall(i, due)
			}
		}
	}
}

// covers reports whether a call that was done settles what another on its binding
// may have done before: it sets all that the other sets, or ends the binding.
func (l *Ledger) covers(c, o *call) bool {
	if c.op == Release || o.op == Release {
		return true
	}
	return o.sets&^c.sets == 0 && (c.place != 0 || o.place == 0 || o.place == l.bindings[o.binding].place)
}

// passCall lets a call count only until it is due.
func (l *Ledger) passCall(at int32, due bool) {
	if due || l.calls[at].wait <= 0 {
		l.dropCall(at)
	} else {
		l.calls[at].passed = true
	}
}

// PassesDue reports whether the calls that an OK or Found of a call may pass are due
// all, which the record has to tell: whoever reads it back has waited for none.
func (l *Ledger) PassesDue(number uint64, clock Clock) (due bool) {
	at, ok := l.byNumber[number]
	if !ok {
		return false
	}
	list := l.callsOf(l.calls[at].row)
	if b := l.calls[at].binding; b >= 0 {
		list = append(list, l.callsOn(b)...)
	}
	for _, i := range list {
		if i == at && l.calls[at].stage == open {
			continue
		}
		if due = l.calls[i].due(clock); !due {
			return false
		}
	}
	return due
}

// bury notes that the binding of a row is no more: it had lapsed when the call left
// by which the row came to another.
func (l *Ledger) bury(n int32) {
	if b := l.rows[n].binding; b >= 0 && l.bindings[b].holder == n && l.bindings[b].life == lives {
		l.bindings[b].life = gone
		for _, i := range l.callsOn(b) {
			l.dropCall(i)
		}
	}
}

// vanish takes that a binding is no more.
func (l *Ledger) vanish(r *Record) error {
	b := l.bindingFor(r.Binding)
	if b < 0 || l.bindings[b].life != lives {
		return r.errorf("no live binding %d", r.Binding)
	}
	l.bindings[b].life = gone
	for _, i := range l.callsOn(b) {
		if l.calls[i].op == Release {
			l.bindings[b].life = released
		}
		l.dropCall(i)
	}
	if h := l.bindings[b].holder; h >= 0 && l.bindings[b].life == gone {
		row := &l.rows[h]
		if row.last, row.code = r.Ref, l.Code(r.Code); row.verdict == absent { // that was of a bind since it had lapsed
			row.verdict = notDone
		}
	}
	l.leave(l.bindings[b].holder)
	return nil
}

// know takes what is known of a row in one line.
func (l *Ledger) know(r *Record) error {
	b, own := l.bindingFor(r.Binding), r.Op == Bind || r.Op == Renew
	known := false
	if n, ok := l.Row(l.KeyOf(r)); ok {
		known = l.rows[n].op != 0
	}
	switch {
	case !l.hasRun(r.Ago):
		return r.errorf("no run %d runs ago", r.Ago)
	case r.Op == 0 || r.Op >= Ops:
		return r.errorf("no operation")
	case r.State == Bound && r.Binding == 0:
		return r.errorf("bound to nothing")
	case r.State == Superseded && (b < 0 || !own):
		return r.errorf("no row has binding %d", r.Binding)
	case b >= 0 && own && r.State != Superseded:
		return r.errorf("binding %d is known already", r.Binding)
	case known && r.State != Superseded && (b >= 0 || !own || r.Binding == 0): // else it is another binding of the row
		return r.errorf("row %s is known already", r.Row)
	}
	n := int32(l.Intern(l.KeyOf(r)))
	row := &l.rows[n]
	row.twice = known
	row.op, row.code, row.last, row.tries = r.Op, l.Code(r.Code), r.Ref, tries(r.Attempts)
	l.touch(row, l.run()-int32(r.Ago))
	switch {
	case r.Absent: // though it may be bound: its binding has lapsed
		row.verdict = absent
	case r.State == Bound, r.State == Released:
		row.verdict = done
	case r.State == Failed:
		row.verdict = refused
	}
	if r.Binding == 0 {
		return nil
	}
	if b < 0 {
		b = l.addBinding(binding{id: r.Binding, place: r.Place, ok: r.Ref, values: r.Ref, ends: r.Ends, holder: -1, maker: -1, heldSince: -1})
		if own {
			l.bindings[b].holder, l.bindings[b].maker, l.bindings[b].heldSince, l.bindings[b].edited = n, int32(r.Maker), int32(r.Holder), !r.Last
		}
		switch {
		case r.State == Released:
			l.bindings[b].life = released
		case own && r.State != Bound && r.State != Failed: // a refused renewal of it leaves it as it was
			l.bindings[b].life = gone
		}
	}
	row.binding = b
	if r.Last {
		l.bindings[b].ok = r.Ref
	}
	return nil
}

func tries(n int) uint16 { return uint16(min(max(n, 0), math.MaxUint16)) }
