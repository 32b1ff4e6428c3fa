package ledger

import "math"

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
		l.interrupt()
		l.runs = append(l.runs, r.Batch)
		return nil
	case End:
		l.interrupt()
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
func (l *Ledger) interrupt() {
	for i := range l.calls {
		if c := &l.calls[i]; c.stage == open {
			c.stage = doubted
			l.rows[c.row].code, l.rows[c.row].last = l.Code(CodeInterrupted), -1
		}
	}
}

// begin takes an intent, or a call that is in doubt.
func (l *Ledger) begin(r *Record, at stage) error {
	if _, known := l.byNumber[r.Call]; known || r.Call == 0 || r.Kind == Intent && r.Call <= l.last {
		return r.errorf("call %d is no new one", r.Call)
	}
	if r.Op == 0 || r.Op >= ops || (r.Op == Bind) != (r.Binding == 0) {
		return r.errorf("operation %s with binding %d", r.Op, r.Binding)
	}
	n := int32(l.Intern(r.Row))
	row := &l.rows[n]
	b := int32(-1)
	if r.Op != Bind {
		b = l.bindingNamed(r)
	}
	row.op, row.run = r.Op, l.run()
	if at == open {
		if row.tries < math.MaxUint16 {
			row.tries++
		}
	} else {
		row.tries, row.code, row.last = tries(r.Attempts), l.Code(r.Code), r.Ref
	}
	l.addCall(call{
		number: r.Call, row: n, binding: b, place: r.Place, ends: r.Ends, at: r.At, dueAt: r.Due, ref: r.Ref,
		op: r.Op, stage: at, named: r.Named, consent: r.Consent,
	})
	return nil
}

// bindingNamed is the binding of a record; one that nobody spoke of yet is made
// known: it lives, and it is none of ours.
func (l *Ledger) bindingNamed(r *Record) int32 {
	if b := l.bindingFor(r.Binding); b >= 0 {
		return b
	}
	return l.addBinding(binding{id: r.Binding, place: r.From, ok: -1, values: -1, holder: -1, maker: -1, held: -1})
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
	if e.does&makes != 0 && (r.Binding == 0 || l.bindingFor(r.Binding) >= 0) {
		e, code = effect{to: doubted, does: reopens | tells}, CodeIDTwice
	}
	row := &l.rows[c.row]
	has := func(d deeds) bool { return e.does&d != 0 }
	if has(makes) {
		row.binding = l.addBinding(binding{
			id: r.Binding, place: c.place, ok: r.Ref, values: c.ref, ends: c.ends, holder: c.row, maker: l.run(), held: l.run(),
		})
	}
	if has(changes) {
		b := &l.bindings[c.binding]
		b.ok, b.values, b.ends = r.Ref, c.ref, c.ends
		row.binding = c.binding
		if c.place != 0 {
			l.settleAt(c.binding, c.place)
		}
	}
	if has(holds) {
		l.bindings[c.binding].holder, l.bindings[c.binding].held = c.row, l.run()
	}
	if has(ends) {
		row.binding = c.binding
		l.bindings[c.binding].life, l.bindings[c.binding].ok = released, r.Ref
	}
	if has(passes) {
		l.pass(at, r.At)
	}
	switch {
	case has(succeeds):
		row.verdict = done
	case has(refuses):
		row.verdict = refused
	case has(reopens):
		row.verdict = notDone
	case has(denies):
		row.verdict = absent
	}
	if has(unties) && row.binding >= 0 && l.bindings[row.binding].life != lives {
		row.binding = -1
	}
	if has(untries) {
		row.tries--
	}
	if has(tells) {
		row.code, row.last, row.run = l.Code(code), r.Ref, l.run()
	}
	if l.calls[at].stage = e.to; has(expires) {
		l.calls[at].dueAt = r.At
	}
	if e.to == settled {
		l.dropCall(at)
	}
}

// pass lets the other binds of a call's row, or the other calls on its binding,
// count only until they are due.
func (l *Ledger) pass(at int32, now int64) {
	c := &l.calls[at]
	others := l.callsOf(c.row)
	if c.binding >= 0 {
		others = l.callsOn(c.binding)
	}
	for _, i := range others {
		switch o := &l.calls[i]; {
		case i == at || (o.binding >= 0) != (c.binding >= 0):
		case now >= o.dueAt:
			l.dropCall(i)
		default:
			o.passed = true
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
		l.rows[h].last, l.rows[h].code = r.Ref, l.Code(r.Code)
	}
	return nil
}

// know takes what is known of a row in one line.
func (l *Ledger) know(r *Record) error {
	n := int32(l.Intern(r.Row))
	row := &l.rows[n]
	switch {
	case row.op != 0:
		return r.errorf("row %s is known already", r.Row)
	case r.Op == 0 || r.Op >= ops:
		return r.errorf("no operation")
	case r.State == Bound && r.Binding == 0:
		return r.errorf("bound to nothing")
	}
	row.op, row.code, row.last, row.tries, row.run = r.Op, l.Code(r.Code), r.Ref, tries(r.Attempts), l.run()
	switch r.State {
	case Bound, Released:
		row.verdict = done
	case Failed:
		row.verdict = refused
	}
	if r.Binding == 0 {
		return nil
	}
	own := r.Op == Bind || r.Op == Renew
	b := l.bindingFor(r.Binding)
	switch {
	case b >= 0 && own:
		row.op = 0
		return r.errorf("binding %d is known already", r.Binding)
	case b < 0:
		b = l.addBinding(binding{id: r.Binding, place: r.Place, ok: r.Ref, values: r.Ref, ends: r.Ends, holder: -1, maker: -1, held: -1})
		switch {
		case r.State == Released:
			l.bindings[b].life = released
		case own && r.State != Bound:
			l.bindings[b].life = gone
		}
	}
	row.binding = b
	if own {
		l.bindings[b].holder, l.bindings[b].maker, l.bindings[b].held = n, int32(r.Maker), int32(r.Holder)
	}
	if r.Last {
		l.bindings[b].ok = r.Ref
	}
	return nil
}

func tries(n int) uint16 { return uint16(min(max(n, 0), math.MaxUint16)) }
