package ledger

import (
	"cmp"
	"iter"
	"slices"
)

// Entry is a record of a compaction, and where its particulars stand now: whoever
// writes it merges them into one line.
type Entry struct {
	Record

	// Refs, as in BindingInfo and RowInfo; -1: none. Last is of the last record about
	// how the row, or the call of a Doubt, ended; OK is of the last call on its binding that was done; Values
	// is of the record with the values of the binding or, for a Doubt, of the call.
	Last, OK, Values int64
}

// Snapshot yields records that make an empty ledger know what this one knows, in
// an order that Apply accepts: every Run, Known for rows, Doubt for calls that are
// not settled; an open one is interrupted. Their Ref is for the caller to set.
//
// Left out are rows that are superseded and those for which keep returns false,
// with their bindings, unless they or those have an unsettled call. nil keeps all.
// The ledger must not change meanwhile.
func (l *Ledger) Snapshot(keep func(row int) bool) iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		s := snapshot{l: l, keep: keep, yield: yield, told: make([]bool, len(l.rows))}
		_ = s.runs() && s.bindings() && s.rows() && s.calls()
	}
}

type snapshot struct {
	l     *Ledger
	keep  func(int) bool
	yield func(Entry) bool
	told  []bool // of a row: it was yielded
}

func (s *snapshot) runs() bool {
	for _, batch := range s.l.runs {
		if !s.yield(Entry{Record{Kind: Run, Batch: s.l.batches[batch]}, -1, -1, -1}) {
			return false
		}
	}
	return true
}

// bindings yields the rows that hold one; of a row that came to two, last the one
// that it has.
func (s *snapshot) bindings() bool {
	for _, last := range []bool{false, true} {
		for i := range s.l.bindings {
			b := &s.l.bindings[i]
			if b.holder < 0 || (s.l.rows[b.holder].binding == int32(i)) != last || b.calls < 0 && !s.keeps(int(b.holder)) || b.life != lives && !last {
				continue
			}
			e := s.entry(int(b.holder), int32(i))
			e.Op, e.State = Bind, s.l.Binding(i).Life
			e.Record.Last = !b.edited
			if op := s.l.rows[b.holder].op; op == Renew {
				e.Op = op
			}
			if last && s.l.Info(int(b.holder)).Refused {
				e.State = Failed
			}
			s.told[b.holder] = true
			if !s.yield(e) {
				return false
			}
		}
	}
	return true
}

func (s *snapshot) keeps(n int) bool {
	return s.keep == nil || s.keep(n) || s.l.rows[n].calls >= 0
}

// rows yields the others.
func (s *snapshot) rows() bool {
	for n := range s.l.rows {
		if e, ok := s.other(n); ok && !s.yield(e) {
			return false
		}
	}
	return true
}

// other is what is known of a row that was not yielded with a binding; ok is false if it
// is left out.
func (s *snapshot) other(n int) (e Entry, ok bool) {
	r := &s.l.rows[n]
	change := r.op == Update || r.op == Release
	taken := !change && s.taken(n)
	if r.op == 0 || s.told[n] || !s.keeps(n) || taken && r.calls < 0 && s.l.bindings[r.binding].life == lives {
		return e, false
	}
	e = s.entry(n, -1)
	switch {
	case taken:
		e.State, e.Binding = Superseded, s.l.bindings[r.binding].id
	case r.verdict == refused && (change || r.binding < 0):
		e.State = Failed
	case r.verdict == done && change && r.binding >= 0 && !s.l.opened(int32(n)):
		switch s.l.bindings[r.binding].life {
		case lives:
			e.State = Bound
		case released:
			e.State = Released
		}
	}
	if change && r.binding >= 0 && (s.l.bindings[r.binding].life == lives || e.State == Released) {
		e = s.with(e, r.binding)
	}
	return e, true
}

// taken reports whether the binding of row n is another row's, which was yielded
// with it.
func (s *snapshot) taken(n int) bool {
	at := s.l.rows[n].binding
	if at < 0 {
		return false
	}
	b := &s.l.bindings[at]
	return b.holder >= 0 && b.holder != int32(n) && s.told[b.holder] && (b.life == lives || b.life == released && s.l.rows[b.holder].binding == at)
}

// entry is what is known of row n, with a binding unless that is -1.
func (s *snapshot) entry(n int, b int32) Entry {
	i := s.l.Info(n)
	e := Entry{Record{
		Kind: Known, Op: i.Op, Row: i.Key, Code: i.Code, Attempts: i.Attempts, Absent: i.Absent, Ago: int(s.l.run()) - i.Run, Maker: -1, Holder: -1,
	}, i.Last, -1, -1}
	if b >= 0 {
		e = s.with(e, b)
	}
	return e
}

// with adds what is known of a binding.
func (s *snapshot) with(e Entry, at int32) Entry {
	b := &s.l.bindings[at]
	e.Binding, e.Place, e.Ends, e.Maker, e.Holder = b.id, b.place, b.ends, int(b.maker), int(b.heldSince)
	e.OK, e.Values, e.Record.Last = b.ok, b.values, b.ok >= 0 && b.ok == e.Last
	return e
}

// calls yields those that are not settled, the first made first.
func (s *snapshot) calls() bool {
	var order []int32
	for at := range s.l.calls {
		if s.l.calls[at].stage != settled {
			order = append(order, int32(at))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(s.l.calls[a].number, s.l.calls[b].number) })
	for _, at := range order {
		c := &s.l.calls[at]
		e := s.entry(int(c.row), -1)
		e.Record = Record{
			Kind: Doubt, Op: c.op, Call: c.number, Row: e.Row, Place: c.place, Ends: c.ends, At: c.at, Due: c.at + c.wait, Consent: c.consent,
			Named: c.named, Elsewhere: c.elsewhere, Passed: c.passed, Sets: c.sets, Code: s.l.Text(c.code), Attempts: e.Attempts, Ago: e.Ago,
		}
		if e.Last = c.end; c.stage == open {
			e.Code = CodeInterrupted
		}
		if e.Values = c.ref; c.binding >= 0 {
			b := &s.l.bindings[c.binding]
			e.Binding, e.From, e.OK = b.id, b.place, b.ok
		}
		if !s.yield(e) {
			return false
		}
	}
	return true
}
