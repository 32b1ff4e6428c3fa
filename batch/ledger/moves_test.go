package ledger

import (
	"fmt"
	"slices"
)

// move is what leads from one state to the next.
type move struct {
	verb    string
	call    uint32
	binding SubsID
}

// String tells a move as a line of a trace: what was written, if anything was.
func (m move) String() string {
	text := m.verb
	if m.call > 0 {
		text += fmt.Sprintf(" call %d", m.call)
	}
	if m.binding > 0 {
		text += fmt.Sprintf(" binding %d", m.binding)
	}
	return text
}

// tell is the line of a move, with what its intent says.
func (m move) tell(n *state) string {
	f := n.fact(m.call)
	if m.verb != "intent" || f == nil {
		return m.String()
	}
	text := fmt.Sprintf("%s: %s", m, f.op)
	if f.row.Batch > 0 {
		text += " for batch " + batchNames[f.row.Batch]
	}
	if f.row.ID[0] == bindRow {
		text += fmt.Sprintf(" row %d/%d/%d.%d", f.row.ID[1], f.row.ID[2], f.row.ID[3], f.row.Occurrence)
	}
	if f.binding > 0 {
		text += fmt.Sprintf(" on binding %d", f.binding)
	}
	return text + fmt.Sprintf(" to place %d values %d X %d consent %d", f.place, f.val, f.x, f.consent)
}

// ledgerAsked is the ledger that a call is checked against.
func (w *world) asked(s *state, f *fact) *Ledger {
	if w.lets&twoMemories != 0 && f.row.ID[0] == bindRow && f.row.ID[2] > 1 {
		return New(0)
	}
	return s.l
}

// moves calls yield with all that may happen next.
func (w *world) moves(s *state, yield func(move, *state)) {
	do := func(m move, n *state) {
		n.tidy()
		yield(m, n)
	}
	w.people(s, do)
	w.service(s, do)
	w.engine(s, do)
	w.lookUps(s, do)
}

// people send rows and lists.
func (w *world) people(s *state, do func(move, *state)) {
	begin := func(f fact, from Place) {
		for _, n := range w.begin(s, f, from) {
			do(move{verb: "intent", call: n.used}, n)
		}
	}
	for _, t := range w.rows {
		val, sendable := w.sent(s, t)
		if !sendable || t.batch != s.batch() {
			continue // it would be refused before it is sent, or is of no row of the run
		}
		begin(fact{op: Bind, row: t.key(), place: t.place, val: val, x: t.x}, 0)
		if !w.renews {
			continue
		}
		for i := range s.l.bindings { // what a plan said may be out of date
			b := &s.l.bindings[i]
			begin(fact{op: Renew, row: t.key(), binding: b.id, place: t.place, val: w.renewal(t)}, b.place)
		}
	}
	named := make([]SubsID, 0, 4) // by a list: what the ledger knows, or what the service shows
	for i := range s.l.bindings {
		named = append(named, s.l.bindings[i].id)
	}
	for _, b := range s.live {
		if !slices.Contains(named, b.id) && b.others && b.call == 0 {
			named = append(named, b.id)
		}
	}
	for _, id := range named {
		from := Place(0)
		if b := s.l.bindingFor(id); b >= 0 {
			from = s.l.bindings[b].place
		} else {
			from = s.lives(id).place
		}
		for _, c := range w.changes {
			if c.val == 1 && s.clock().Now == t1 {
				continue
			}
			begin(fact{op: Update, row: updateKey(s.batch(), id, c), binding: id, place: c.place, val: c.val}, from)
		}
		if w.releases {
			begin(fact{op: Release, row: releaseKey(s.batch(), id), binding: id}, from)
		}
	}
}

// service executes calls, late too, and others change what it has.
func (w *world) service(s *state, do func(move, *state)) {
	for i := range s.facts {
		if f := &s.facts[i]; f.phase == flying && (!f.due || w.lets&afterDue != 0) && (!f.early || w.lets&unsigned != 0) {
			n := s.next()
			n.execute(&n.facts[i], w)
			do(move{"executed", f.call, 0}, n)
		}
	}
	for i := range s.live {
		b := &s.live[i]
		if w.world&frees != 0 {
			n := s.next()
			n.ended = append(n.ended, b.id)
			n.live = slices.Delete(n.live, i, i+1)
			do(move{"others release", 0, b.id}, n)
		}
		if w.world&alters != 0 && !b.others {
			n := s.next()
			n.live[i].others, n.live[i].val = true, 3
			do(move{"others change", 0, b.id}, n)
		}
	}
	if w.world&binds != 0 && s.others == 0 {
		for _, place := range w.places() {
			n := s.next()
			n.others++
			n.live = append(n.live, living{id: foreign, place: place, val: 3, others: true})
			do(move{"others bind at " + string('0'+rune(place)), 0, foreign}, n)
		}
	}
	if w.world&aheads != 0 && !s.late {
		n := s.next()
		n.ahead = !s.ahead
		do(move{verb: map[bool]string{true: "the clock goes ahead", false: "the clock is set right"}[n.ahead]}, n)
	}
	if w.world&lapses != 0 && !s.late && !slices.ContainsFunc(s.l.calls, func(c call) bool { return c.stage == open }) {
		n := s.next()
		n.late, n.ahead = true, false
		n.live = slices.DeleteFunc(n.live, func(b living) bool {
			if b.val == 1 {
				n.ended = append(n.ended, b.id)
			}
			return b.val == 1
		})
		for i := range n.facts {
			n.due(w, i)
		}
		do(move{verb: "values 1 lapse"}, n)
	}
}

func (w *world) places() (list []Place) {
	for _, t := range w.rows {
		if !slices.Contains(list, t.place) {
			list = append(list, t.place)
		}
	}
	return list
}

// execute has the service do a call, if it can.
func (s *state) execute(f *fact, w *world) {
	f.phase = executed
	switch f.op {
	case Bind:
		if w.lets&twoAnX == 0 && f.x > 0 && slices.ContainsFunc(s.live, func(b living) bool { return b.x == f.x }) {
			f.phase = spent
			return
		}
		s.live = append(s.live, living{id: SubsID(f.call), place: f.place, val: f.val, x: f.x, call: f.call, by: f.call, maker: f.row.Batch, holder: f.row.Batch, hidden: w.world&lies != 0})
	case Renew, Update:
		b := s.lives(f.binding)
		if b == nil {
			f.phase = spent
			return
		}
		if b.edited = f.op == Update; f.op == Renew {
			b.holder = f.row.Batch
		}
		if b.val = f.val; f.place != 0 && f.place != b.place {
			b.place, b.by = f.place, f.call
		}
	case Release:
		if s.lives(f.binding) == nil {
			f.phase = spent
			return
		}
		s.live = slices.DeleteFunc(s.live, func(b living) bool { return b.id == f.binding })
	}
}

// due is that a call can no longer be executed, and that the process has waited for
// that.
func (s *state) due(w *world, i int) {
	f := &s.facts[i]
	f.due = true
	if f.phase == flying {
		f.phase = spent
	}
	for j := range s.live { // and what it made has been shown since, if it ever is
		if b := &s.live[j]; b.call == f.call {
			b.hidden = b.hidden && w.lets&showsLate != 0
		}
	}
	if at, ok := s.l.byNumber[uint64(f.call)]; ok {
		s.l = s.l.clone()
		s.l.calls[at].since = -wait
	}
}

// starts is that another process has the journal, which has waited for nothing yet.
func (s *state) starts() {
	for i := range s.l.calls { // of a ledger that is no other state's
		s.l.calls[i].since = 0
	}
}

// knowsDue reports whether a call can no longer be executed, and the process knows it.
func (s *state) knowsDue(f *fact) bool {
	return f.due && s.l.DueIn(uint64(f.call), s.clock()) <= 0
}

// engine hears answers, loses them, and dies.
func (w *world) engine(s *state, do func(move, *state)) {
	opened := false
	for i := range s.facts {
		f := s.facts[i]
		end := func(k Kind, phase phase, binding SubsID) {
			n := s.next()
			n.facts[i].phase = phase
			n.end(w, i, k, binding)
			do(move{k.String(), f.call, binding}, n)
		}
		if s.stage(f.call) != open {
			if !s.knowsDue(&f) {
				n := s.next()
				if n.due(w, i); w.lets&afterDue != 0 && f.phase == flying {
					n.facts[i].phase = flying
				}
				do(move{"due", f.call, 0}, n)
			}
			continue
		}
		opened = true
		end(Lost, f.phase, 0)
		switch f.phase {
		case executed:
			made := SubsID(0)
			if f.op == Bind {
				made = SubsID(f.call)
			}
			end(OK, executed, made)
			if w.world&idtwices != 0 && f.op == Bind && len(s.l.bindings) > 0 {
				end(OK, executed, s.l.bindings[0].id)
			}
		case spent:
			end(Refused, spent, 0)
		case flying:
			if w.world&refusals != 0 {
				end(Refused, spent, 0)
			}
			if w.world&notsents != 0 {
				end(NotSent, spent, 0)
			}
			if w.world&withdraws != 0 {
				end(Withdrawn, spent, 0)
			}
			if w.world&parts != 0 && (f.op == Renew || f.op == Update) {
				end(Part, spent, 0)
			}
		}
		if w.world&parts != 0 && f.phase == executed && (f.op == Renew || f.op == Update) {
			end(Part, executed, 0)
		}
	}
	if !opened && w.world&compacts != 0 {
		n := s.next()
		if l, err := w.compact(s, nil); err != nil {
			n.failf("I7: a compaction cannot be read: %v", err)
		} else {
			n.l = l
		}
		do(move{verb: "compaction"}, n)
	}
	if opened {
		n := s.next()
		n.apply(w, Record{Kind: Run, Batch: batchNames[s.batch()]})
		n.starts()
		w.happened("run with an open call")
		do(move{verb: "crash, run"}, n)
	}
	for b := range w.batches {
		if b+1 != s.batch() && !opened {
			n := s.next()
			n.apply(w, Record{Kind: Run, Batch: batchNames[b+1]})
			n.starts()
			do(move{verb: "run of batch " + batchNames[b+1]}, n)
		}
	}
}

// end applies the record of what became of a call, and looks whether the row shows
// it.
func (s *state) end(w *world, i int, k Kind, binding SubsID) {
	f := &s.facts[i]
	r := Record{Kind: k, Call: uint64(f.call), Binding: binding, Code: k.String(), Ref: ref(f, k)}
	r.Passed = (k == OK || k == Found) && s.l.PassesDue(r.Call, s.clock())
	twice := (k == OK || k == Found) && f.op == Bind && s.l.bindingFor(binding) >= 0
	if b := s.lives(binding); k == Found && b != nil { // equal calls answer for each other
		b.maker, b.holder = f.row.Batch, f.row.Batch
	}
	before, _ := s.l.Row(f.row)
	was := s.l.Info(before)
	w.seen(s, f, &r, twice)
	s.apply(w, r)
	if k == OK && (f.op == Bind || f.op == Renew) && !twice {
		for j := range s.facts {
			if o := &s.facts[j]; o.row == f.row && o.op == Bind && o.call != f.call {
				o.given = true
			}
		}
	}
	if s.fault == "" {
		s.fault = s.shown(w, f, k, twice, was)
	}
	if k == Part {
		s.facts[i].due = true
	}
}
