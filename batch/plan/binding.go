package plan

import (
	"cmp"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
)

// Target is the binding that a row is about, and what is to change of it, if it
// is not to be released.
type Target struct {
	Binding          ledger.SubsID
	SecretNo, SubsID string
	place            ledger.Place // where it is; 0: not known
	ends             int64        // its Expiration, Unix seconds; 0: not known
	known            bool         // to the journal: they are the service's own words
	foreign          bool         // nothing but a file tells whose it is: it is proven
	Changes          []aliyun.Operate
	Done             int           // of the changes
	Was              *books.Detail // the binding before, so far as the journal knows; may be nil
	After            time.Time     // until then another call on it may be executed late
}

// targetOf is the binding that row i changes, read back from the journal, and
// what is to change of it. A call on it that is in doubt may have been made in
// part: what differs from that is changed too. ok is false if the binding cannot
// be made what the row says.
func (p *Plan) targetOf(i int, row *Row) (t *Target, ok bool, err error) {
	k, err := p.Journal.BindingAt(p.Entries[i].other)
	if err != nil {
		return nil, false, err
	}
	t = targetKnown(&k)
	t.foreign = p.onlyFromFile(&k)
	if p.extends(i, row, &k) {
		t.Changes = []aliyun.Operate{aliyun.UpdateExpire}
		p.await(t, i)
		return t, t.SubsID != "", nil
	}
	t.Changes, ok = books.Renewal(&k.Detail, t.SecretNo, &row.Fields)
	for _, c := range p.callsOn(k.N) {
		begun, err := p.Journal.DetailAt(c.Ref)
		if err != nil {
			return nil, false, err
		}
		changes, can := books.Renewal(&begun, t.SecretNo, &row.Fields)
		ok = ok && (can || c.Op == ledger.Release)
		for _, what := range changes {
			if !slices.Contains(t.Changes, what) {
				t.Changes = append(t.Changes, what)
			}
		}
	}
	p.await(t, i)
	return t, ok && t.SubsID != "", nil
}

// extends reports whether row i gives its own binding a later end, and nothing
// else: what an update changed of it since stays.
func (p *Plan) extends(i int, row *Row, k *books.Known) bool {
	n := int(p.Entries[i].Row)
	overtaken := false
	p.Journal.Asks(func(l *ledger.Ledger) { overtaken = l.Overtaken(n) })
	return row.Relative && k.Holder == n && !overtaken
}

// targetKnown is a binding that the journal knows, as what a call is about.
func targetKnown(k *books.Known) *Target {
	t := &Target{
		Binding: k.ID, SecretNo: k.SecretNo, SubsID: k.SubsID, place: k.Place, ends: k.Ends, known: true,
	}
	if k.Detail.PoolKey != "" {
		t.Was = &k.Detail
	}
	return t
}

// onlyFromFile reports whether only a file told of a binding: no batch is known to have made
// it, and no call of ours has changed it since it was proven.
func (p *Plan) onlyFromFile(k *books.Known) bool {
	return p.strange(k.N) && (k.Holder < 0 || k.Detail.Undated)
}

func (p *Plan) callsOn(binding int32) (list []ledger.CallInfo) {
	p.Journal.Asks(func(l *ledger.Ledger) { list = l.CallsOn(int(binding)) })
	return list
}

// await notes until when calls on a binding for other rows than row i may be
// executed late.
func (p *Plan) await(t *Target, i int) {
	var calls []ledger.CallInfo
	p.Journal.Asks(func(l *ledger.Ledger) {
		if b, ok := l.BindingOf(t.Binding); ok {
			calls = l.CallsOn(b)
		}
	})
	for _, c := range calls {
		if at := p.Journal.DueOf(c); c.Row != int(p.Entries[i].Row) && at.After(t.After) {
			t.After = at
		}
	}
}

// UpdateTarget is the binding that row i of an update changes, with what is to
// change of it.
func (p *Plan) UpdateTarget(i int, row *Row) (*Target, error) {
	t := row.Target.with(p.op.(*Update).Changes, &row.Fields)
	t.Binding = ledger.ParseSubsID(t.SubsID)
	if b := p.Entries[i].other; b >= 0 {
		k, err := p.Journal.BindingAt(b)
		if err != nil {
			return nil, err
		}
		mine := targetKnown(&k)
		mine.SecretNo, mine.SubsID, mine.Changes = cmp.Or(k.SecretNo, t.SecretNo), cmp.Or(k.SubsID, t.SubsID), t.Changes
		mine.known, mine.foreign = k.SubsID != "", p.onlyFromFile(&k)
		t = mine
	} else if !slices.Contains(t.Changes, aliyun.UpdateGroup) {
		t.place = row.Place()
	}
	p.await(t, i)
	return t, nil
}

// RenewalOf is targetOf for a row about to be sent. One that differs in nothing
// any more, because what it began was done, says so again: that is one harmless
// call, and then it is known.
func (p *Plan) RenewalOf(i int, row *Row) (*Target, error) {
	t, _, err := p.targetOf(i, row)
	if err == nil && len(t.Changes) == 0 {
		t.Changes = []aliyun.Operate{aliyun.UpdateExpire}
	}
	return t, err
}

// Intent is what a call of a row on its binding is recorded as, so far as the
// row and the binding say.
func (t *Target) Intent(op ledger.Op, row *Row, d *books.Detail) ledger.Record {
	r := ledger.Record{Op: op, Binding: t.Binding, From: t.place, Ends: t.ends}
	if op == ledger.Release {
		return r
	}
	for i, u := range books.Updatable {
		if slices.Contains(t.Changes, u.What) {
			r.Sets |= 1 << i
		}
	}
	if slices.Contains(t.Changes, aliyun.UpdateExpire) {
		r.Ends = EndOf(d.Expiration)
	}
	if slices.Contains(t.Changes, aliyun.UpdateGroup) {
		a := row.Fields[field.PhoneNoA]
		if t.Was != nil {
			a = cmp.Or(t.Was.PhoneNoA, a)
		}
		if a != "" { // else nobody can tell which place that is
			r.Place = input.PlaceOf(row.Fields[field.PoolKey], a, d.GroupID)
		}
	}
	return r
}

// Doubtful reports whether nobody but a file told of a binding.
func (t *Target) Doubtful() bool { return !t.known || t.foreign }

// Complete makes of an intent's detail, which says what the row of an update has,
// what the binding will be.
func (t *Target) Complete(d *books.Detail) {
	if t.Was == nil {
		d.Fixed = books.UnknownFixed
		return
	}
	all := *d
	w := t.Was
	all.PhoneNoA, all.PhoneNoB, all.GroupID, all.Expiration = w.PhoneNoA, w.PhoneNoB, w.GroupID, w.Expiration
	all.Recording, all.Restrict, all.OutID, all.Fixed = w.Recording, w.Restrict, w.OutID, w.Fixed
	for _, u := range books.Updatable {
		if slices.Contains(t.Changes, u.What) {
			*u.Value(&all) = *u.Value(d)
		}
	}
	*d = all
}
