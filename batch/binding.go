package batch

import (
	"cmp"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
)

// target is the binding that a row is about, and what is to change of it, if it
// is not to be released.
type target struct {
	binding          ledger.SubsID
	secretNo, subsID string
	place            ledger.Place // where it is; 0: not known
	ends             int64        // its Expiration, Unix seconds; 0: not known
	known            bool         // to the journal: they are the service's own words
	foreign          bool         // nothing but a file tells whose it is: it is proven
	changes          []aliyun.Operate
	done             int       // of the changes
	was              *detail   // the binding before, so far as the journal knows; may be nil
	after            time.Time // until then another call on it may be executed late
}

// targetOf is the binding that row i changes, read back from the journal, and
// what is to change of it. A call on it that is in doubt may have been made in
// part: what differs from that is changed too. ok is false if the binding cannot
// be made what the row says.
func (p *Plan) targetOf(i int, row *Row) (t *target, ok bool, err error) {
	k, err := p.journal.bindingAt(p.rows[i].other)
	if err != nil {
		return nil, false, err
	}
	t = targetKnown(&k)
	t.foreign = p.hearsay(&k)
	if p.extends(i, row, &k) {
		t.changes = []aliyun.Operate{aliyun.UpdateExpire}
		p.await(t, i)
		return t, t.subsID != "", nil
	}
	t.changes, ok = renewal(&k.values, t.secretNo, &row.Fields)
	for _, c := range p.callsOn(k.n) {
		begun, err := p.journal.detailAt(c.Ref)
		if err != nil {
			return nil, false, err
		}
		changes, can := renewal(&begun, t.secretNo, &row.Fields)
		ok = ok && (can || c.Op == ledger.Release)
		for _, what := range changes {
			if !slices.Contains(t.changes, what) {
				t.changes = append(t.changes, what)
			}
		}
	}
	p.await(t, i)
	return t, ok && t.subsID != "", nil
}

// extends reports whether row i gives its own binding a later end, and nothing
// else: what an update changed of it since stays.
func (p *Plan) extends(i int, row *Row, k *known) bool {
	n := int(p.rows[i].row)
	overtaken := false
	p.journal.asks(func(l *ledger.Ledger) { overtaken = l.Overtaken(n) })
	return row.Relative && k.Holder == n && !overtaken
}

// targetKnown is a binding that the journal knows, as what a call is about.
func targetKnown(k *known) *target {
	t := &target{
		binding: k.ID, secretNo: k.secretNo, subsID: k.subsID, place: k.Place, ends: k.Ends, known: true,
	}
	if k.values.PoolKey != "" {
		t.was = &k.values
	}
	return t
}

// hearsay reports whether only a file told of a binding: no batch is known to have made
// it, and no call of ours has changed it since it was proven.
func (p *Plan) hearsay(k *known) bool {
	return p.strange(k.n) && (k.Holder < 0 || k.values.Undated)
}

func (p *Plan) callsOn(binding int32) (list []ledger.CallInfo) {
	p.journal.asks(func(l *ledger.Ledger) { list = l.CallsOn(int(binding)) })
	return list
}

// await notes until when calls on a binding for other rows than row i may be
// executed late.
func (p *Plan) await(t *target, i int) {
	var calls []ledger.CallInfo
	p.journal.asks(func(l *ledger.Ledger) {
		if b, ok := l.BindingOf(t.binding); ok {
			calls = l.CallsOn(b)
		}
	})
	for _, c := range calls {
		if at := p.journal.dueOf(c); c.Row != int(p.rows[i].row) && at.After(t.after) {
			t.after = at
		}
	}
}

// updateTarget is the binding that row i of an update changes, with what is to
// change of it.
func (p *Plan) updateTarget(i int, row *Row) (*target, error) {
	t := row.target.with(p.changes, &row.Fields)
	t.binding = ledger.ParseSubsID(t.subsID)
	if b := p.rows[i].other; b >= 0 {
		k, err := p.journal.bindingAt(b)
		if err != nil {
			return nil, err
		}
		mine := targetKnown(&k)
		mine.secretNo, mine.subsID, mine.changes = cmp.Or(k.secretNo, t.secretNo), cmp.Or(k.subsID, t.subsID), t.changes
		mine.known, mine.foreign = k.subsID != "", p.hearsay(&k)
		t = mine
	} else if !slices.Contains(t.changes, aliyun.UpdateGroup) {
		t.place = row.Place()
	}
	p.await(t, i)
	return t, nil
}

// renewalOf is targetOf for a row about to be sent. One that differs in nothing
// any more, because what it began was done, says so again: that is one harmless
// call, and then it is known.
func (p *Plan) renewalOf(i int, row *Row) (*target, error) {
	t, _, err := p.targetOf(i, row)
	if err == nil && len(t.changes) == 0 {
		t.changes = []aliyun.Operate{aliyun.UpdateExpire}
	}
	return t, err
}

// intent is what a call of a row on its binding is recorded as, so far as the
// row and the binding say.
func (t *target) intent(op ledger.Op, row *Row, d *detail) ledger.Record {
	r := ledger.Record{Op: op, Binding: t.binding, From: t.place, Ends: t.ends}
	if op == ledger.Release {
		return r
	}
	for i, u := range updatable {
		if slices.Contains(t.changes, u.what) {
			r.Sets |= 1 << i
		}
	}
	if slices.Contains(t.changes, aliyun.UpdateExpire) {
		r.Ends = endOf(d.Expiration)
	}
	if slices.Contains(t.changes, aliyun.UpdateGroup) {
		a := row.Fields[input.PhoneNoA]
		if t.was != nil {
			a = cmp.Or(t.was.PhoneNoA, a)
		}
		if a != "" { // else nobody can tell which place that is
			r.Place = input.PlaceOf(row.Fields[input.PoolKey], a, d.GroupID)
		}
	}
	return r
}

// doubtful reports whether nobody but a file told of a binding.
func (t *target) doubtful() bool { return !t.known || t.foreign }

// complete makes of an intent's detail, which says what the row of an update has,
// what the binding will be.
func (t *target) complete(d *detail) {
	if t.was == nil {
		d.Fixed = unknownFixed
		return
	}
	all := *d
	w := t.was
	all.PhoneNoA, all.PhoneNoB, all.GroupID, all.Expiration = w.PhoneNoA, w.PhoneNoB, w.GroupID, w.Expiration
	all.Recording, all.Restrict, all.OutID, all.Fixed = w.Recording, w.Restrict, w.OutID, w.Fixed
	for _, c := range t.changes {
		switch c {
		case aliyun.UpdateExpire:
			all.Expiration = d.Expiration
		case aliyun.UpdateNoB:
			all.PhoneNoB = d.PhoneNoB
		case aliyun.UpdateGroup:
			all.GroupID = d.GroupID
		case aliyun.UpdateRecording:
			all.Recording = d.Recording
		case aliyun.UpdateCallRestrict:
			all.Restrict = d.Restrict
		case aliyun.UpdateOutID:
			all.OutID = d.OutID
		}
	}
	*d = all
}
