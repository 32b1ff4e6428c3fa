package plan

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"slices"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
)

// identifyUpdate is the identity of a row of an update: the binding, and what it
// is to be changed to.
func (p *Plan) identifyUpdate(row *input.Row) input.Identity {
	var room [512]byte
	b := append(room[:0], "axgbind update v1"...)
	for _, s := range []string{row.Fields[input.PoolKey], row.SecretNo, row.SubsID} {
		b = input.AppendPrefixed(b, s)
	}
	if row.SubsID == "" {
		b = input.AppendPrefixed(input.AppendPrefixed(b, row.Fields[input.PhoneNoA]), row.Fields[input.GroupID])
	}
	for _, c := range p.Changes {
		b = input.AppendPrefixed(b, string(c))
		b = input.AppendPrefixed(b, row.Fields[books.FieldOf(c)])
	}
	sum := sha256.Sum256(b)
	return input.Identity(sum[:16])
}

// with returns the binding with what is to change of it: of the changes those
// for which the row has a value. A blank yes-or-no is no, and a blank
// restriction is none; a blank B, group or OutId cannot be set.
func (t *Target) with(changes []aliyun.Operate, fields *[input.NumFields]string) *Target {
	mine := *t
	for _, c := range changes {
		if fields[books.FieldOf(c)] != "" || c == aliyun.UpdateRecording || c == aliyun.UpdateCallRestrict {
			mine.Changes = append(mine.Changes, c)
		}
	}
	return &mine
}

// moves reports whether changes bring the row's binding to the group that it says.
func moves(r *input.Row, changes []aliyun.Operate) bool {
	return slices.Contains(changes, aliyun.UpdateGroup) && r.Fields[input.GroupID] != ""
}

// changeable reports whether the row names a binding, by its SubsId or by the place
// where it is, and something to change.
func changeable(r *input.Row, changes []aliyun.Operate) bool {
	named := input.Digits(r.SubsID) || r.SubsID == "" && r.Place() != 0 && !moves(r, changes)
	return named && (r.SecretNo == "" || input.Digits(r.SecretNo)) && r.Fields[input.PoolKey] != "" && len(targetNamed(r).with(changes, &r.Fields).Changes) > 0
}

// ofUpdate keeps the faults that matter to an update: those of the record and of
// the fields that change.
func (p *Plan) ofUpdate(faults []input.Fault) []input.Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f input.Fault) bool {
		return f.Field != input.NumFields && f.Field != input.PoolKey &&
			!slices.ContainsFunc(p.Changes, func(c aliyun.Operate) bool { return books.FieldOf(c) == f.Field })
	})
}

// ofBinding finds the binding that a row of an update is about, and says whether it
// may be changed. A row that is done is done only until another change of the binding;
// one whose binding is no more is not sent.
func (m *matcher) ofBinding(p *Entry, row *judged, index int32) {
	n := row.named
	at, known := m.l.BindingOf(n.id)
	b, whole := int32(at), true
	if n.subsID == "" {
		b = m.meant(p, n.place(), index)
		known, whole = b >= 0, false
	}
	refuse := func(f Fate) {
		if p.Fate == FateSend {
			p.Fate = f
		}
	}
	if n.evidence {
		refuse(fateNoBinding)
		return
	}
	if !known {
		switch {
		case !input.Digits(n.subsID) || !input.Digits(n.secretNo):
			refuse(fateNoBinding)
		case m.scope.objects(m.l, -1, n.adopted()) != notTheirs:
			refuse(fateOthers)
		}
		return
	}
	k, err := m.Journal.BindingAt(b)
	if m.err = errors.Join(m.err, err); err != nil {
		return
	}
	switch {
	case !m.agrees(n, &k, whole):
		refuse(FateOther)
		return
	case !input.Digits(cmp.Or(k.SubsID, n.subsID)) || !input.Digits(cmp.Or(k.SecretNo, n.secretNo)):
		refuse(fateNoBinding)
		return
	}
	p.other, row.subsID = b, k.ID
	if k.Life != ledger.Bound {
		refuse(fateNoBinding)
		return
	}
	if p.Fate == fateEntry && m.l.Info(int(p.Row)).State != ledger.Failed && !m.l.Current(int(p.Row)) {
		p.Fate = FateSend // the binding has had other values since
	}
	if m.scope.objects(m.l, b, n.adopted()) != notTheirs {
		refuse(fateOthers)
	}
	if m.older(n, &k) {
		refuse(fateOlder)
	}
}

// older reports whether a row would take back what was changed of its binding since
// its file was written. Of results it would where it stands as it was sent, and the
// binding has other values now; or where it makes the Expiration earlier, and does not
// know of the last call. A list means what it says, unless it is a row that was sent
// and would end the binding earlier.
func (m *matcher) older(n *named, k *books.Known) bool {
	earlier := slices.Contains(n.changes, aliyun.UpdateExpire) && n.ends != 0 && n.ends < k.Ends
	differs := slices.ContainsFunc(n.changes, func(c aliyun.Operate) bool {
		return k.Detail.Differs(c, &n.fields) && !(c == aliyun.UpdateExpire && n.ends == 0)
	})
	if n.listed {
		return earlier && m.asSent(n.row, k)
	}
	return earlier && (n.requestID == "" || n.requestID != k.End.RequestID) || differs && m.asSent(n.row, k)
}

// asSent reports whether a row stands as a batch sent it which made or renewed a
// binding for it.
func (m *matcher) asSent(id input.Identity, k *books.Known) bool {
	maker, holder := m.l.Owners(int(k.N))
	return slices.ContainsFunc([]uint32{m.scope.of, maker, holder}, func(batch uint32) bool {
		n, ok := m.l.Row(input.Key{ID: id, Batch: batch})
		return ok && batch != 0 && m.l.Info(n).Binding == int(k.N)
	})
}

// meant is the binding that a row of an update by place is about, -1 if nobody can
// say: the one to which a call of the row may have been made, the one that this batch
// found there before if nothing else is there now, or else the only one there.
func (m *matcher) meant(p *Entry, place ledger.Place, index int32) int32 {
	info := m.l.Info(int(p.Row))
	begun := slices.ContainsFunc(m.l.Calls(int(p.Row)), func(c ledger.CallInfo) bool { return !c.Passed })
	if info.Binding >= 0 && (begun || m.nothingElse(place, info.Binding)) {
		return int32(info.Binding)
	}
	b, c := m.at(place)
	if b < 0 {
		m.crowded(index, c)
	}
	if info.Op != 0 && b != int32(info.Binding) {
		if m.past == nil {
			m.past = map[int32]int{}
		}
		m.past[index] = info.Run
		if p.Fate == fateEntry {
			p.Fate = FateSend
		}
	}
	return b
}

// nothingElse reports whether nothing but a binding is at a place, or may be.
func (m *matcher) nothingElse(place ledger.Place, binding int) bool {
	bindings, binds := m.l.At(place, m.clock)
	return len(binds) == 0 && !slices.ContainsFunc(bindings, func(b int) bool { return b != binding })
}

// changesOnce refuses a second change of one binding: which would stay? It also
// holds back what would bring a binding to a place that is not free.
func (m *matcher) changesOnce(p *Entry, row *judged, index int32) {
	first, twice := m.changers[row.subsID]
	switch {
	case !twice:
		m.changers[row.subsID] = index
	case m.ids == nil && m.Entries[first].Row == p.Row || m.id(int(first)) == row.id:
	case p.Fate == fateEntry && m.l.State(int(p.Row)) == ledger.Bound && m.Entries[first].Fate == FateSend:
		m.Settled--
		p.Fate, p.other = fateTwice, first
	case p.Fate == FateSend:
		p.Fate, p.other = fateTwice, first
	}
	if p.Fate == FateSend && row.moves {
		m.moves(p, row, index)
	}
}

// moves judges a row that brings its binding to another place.
func (m *matcher) moves(p *Entry, row *judged, index int32) {
	var k books.Known
	if p.other >= 0 {
		var err error
		k, err = m.Journal.BindingAt(p.other)
		if m.err = errors.Join(m.err, err); err != nil {
			return
		}
	}
	a := cmp.Or(k.Detail.PhoneNoA, row.a)
	if a == "" { // nobody can tell which place that is
		return
	}
	place := input.PlaceOf(cmp.Or(k.Detail.PoolKey, row.pool), a, row.group)
	if k.Place == place {
		return
	}
	if first, taken := m.movers[place]; taken && first != index {
		p.Fate, p.other = fateSamePlace, first
		return
	}
	m.movers[place] = index
	bindings, binds := m.l.At(place, m.clock)
	bindings = slices.DeleteFunc(bindings, func(b int) bool { return int32(b) == p.other })
	switch {
	case len(bindings) > 0:
		p.other = int32(bindings[0])
		m.holdBack(p)
	case len(binds) > 0:
		p.other = doubtOf(int32(binds[0].Row))
		m.holdBack(p)
	}
}
