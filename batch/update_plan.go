package batch

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"axgbind/aliyun"
	"axgbind/report"
)

// updatable are the fields that UpdateSubscription can change, in the order of
// the calls: Expiration first, since it is what cannot wait.
var updatable = [...]struct {
	field Field
	what  aliyun.Operate
}{
	{Expiration, aliyun.UpdateExpire}, {PhoneNoB, aliyun.UpdateNoB}, {GroupID, aliyun.UpdateGroup},
	{IsRecordingEnabled, aliyun.UpdateRecording}, {CallRestrict, aliyun.UpdateCallRestrict}, {OutID, aliyun.UpdateOutID},
}

// ParseChanges returns what is to be changed of bindings when fields of these
// names are, in the order of the calls.
func ParseChanges(names []string) (changes []aliyun.Operate, fields []Field, err error) {
	wanted := map[Field]bool{}
	for _, name := range names {
		f, err := ParseField(name)
		if err != nil {
			return nil, nil, err
		}
		wanted[f] = true
	}
	var known []string
	for _, u := range updatable {
		known = append(known, u.field.String())
		if wanted[u.field] {
			changes, fields = append(changes, u.what), append(fields, u.field)
			delete(wanted, u.field)
		}
	}
	for f := range wanted {
		return nil, nil, fmt.Errorf("%s: %s", f, strings.Join(known, " | "))
	}
	return changes, fields, nil
}

// fieldOf is the field whose value a change takes.
func fieldOf(what aliyun.Operate) Field {
	for _, u := range updatable {
		if u.what == what {
			return u.field
		}
	}
	return NumFields
}

// identifyUpdate is the identity of a row of an update: the binding, and what it
// is to be changed to.
func (p *Plan) identifyUpdate(row *Row) Identity {
	var room [512]byte
	b := append(room[:0], "axgbind update v1"...)
	t := row.target
	for _, s := range []string{row.Fields[PoolKey], t.secretNo, t.subsID} {
		b = appendPrefixed(b, s)
	}
	for _, c := range p.changes {
		b = appendPrefixed(b, string(c))
		b = appendPrefixed(b, row.Fields[fieldOf(c)])
	}
	sum := sha256.Sum256(b)
	return Identity(sum[:16])
}

// bindingKey names, in the journal, the binding that a row of an update is about,
// for when the journal does not know the row that made it.
func bindingKey(row *Row) Key {
	var room [128]byte
	b := append(room[:0], "axgbind binding v1"...)
	for _, s := range []string{row.Fields[PoolKey], row.target.secretNo, row.target.subsID} {
		b = appendPrefixed(b, s)
	}
	sum := sha256.Sum256(b)
	return Key{ID: Identity(sum[:16])}
}

// with returns the binding with what is to change of it: of the changes those
// for which the row has a value. A blank yes-or-no is no, and a blank
// restriction is none; a blank B, group or OutId cannot be set.
func (t *target) with(changes []aliyun.Operate, fields *[NumFields]string) *target {
	mine := *t
	for _, c := range changes {
		if fields[fieldOf(c)] != "" || c == aliyun.UpdateRecording || c == aliyun.UpdateCallRestrict {
			mine.changes = append(mine.changes, c)
		}
	}
	return &mine
}

// changeable reports whether the row names a binding and something to change.
func (r *Row) changeable(changes []aliyun.Operate) bool {
	return digits(r.target.secretNo) && digits(r.target.subsID) && r.Fields[PoolKey] != "" &&
		len(r.target.with(changes, &r.Fields).changes) > 0
}

// ofUpdate keeps the faults that matter to an update: those of the record and of
// the fields that change.
func (p *Plan) ofUpdate(faults []Fault) []Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f Fault) bool {
		return f.Field != NumFields && f.Field != PoolKey &&
			!slices.ContainsFunc(p.changes, func(c aliyun.Operate) bool { return fieldOf(c) == f.Field })
	})
}

// ofBinding finds the root of the binding that a row of an update is about. A
// row that is done is done only until a later update.
func (m *matcher) ofBinding(p *planned, row *judged) {
	j := m.journal
	root, ok := m.bySubsID[row.subsID]
	if !ok {
		root = j.rootFor(Key{ID: row.binding})
	}
	p.other = root
	if p.fate == fateEntry && j.entries[p.entry].status == report.Bound && (j.now(root) != p.entry || m.overtaken(root)) {
		p.fate = fateSend // the binding has had other values since
	}
}

// changesOnce refuses a second change of one binding: which would stay?
func (m *matcher) changesOnce(p *planned, index int32) {
	first, twice := m.first[p.other]
	switch {
	case !twice:
		m.first[p.other] = index
	case m.rows[first].id == p.id:
	case p.fate == fateEntry && m.journal.entries[p.entry].status == report.Bound && m.rows[first].fate == fateSend:
		m.Settled--
		p.fate, p.other = fateTwice, first
	case p.fate == fateSend:
		p.fate, p.other = fateTwice, first
	}
}

// boundBy returns the roots of the journal's bindings by SubsId.
func (j *Journal) boundBy() (map[string]int32, error) {
	roots := map[string]int32{}
	for i := range j.entries {
		if e := &j.entries[i]; e.touched && !e.update && (e.status == report.Bound || e.status == report.Released) {
			end, err := j.detailAt(e.outcome)
			if err != nil {
				return nil, err
			}
			roots[end.SubsID] = int32(i)
		}
	}
	return roots, nil
}
