package batch

import (
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/report"
)

// renewal returns what must change of the binding that an earlier row made for
// it to be the one that a row asks for, in the order of the calls: Expiration
// first, since it is what cannot wait. ok is false if UpdateSubscription cannot
// make it so: another X, or a B to be taken away. What it cannot change and
// nobody can look up (city, order id, tones, speech recognition) stays as it
// was when the binding was made.
func renewal(old *detail, secretNo string, f *[NumFields]string) (changes []aliyun.Operate, ok bool) {
	if x := f[PhoneNoX]; x != "" && x != secretNo {
		return nil, false
	}
	if f[PhoneNoB] == "" && old.PhoneNoB != "" {
		return nil, false
	}
	add := func(differs bool, what aliyun.Operate) {
		if differs {
			changes = append(changes, what)
		}
	}
	restrict := func(s string) string {
		if s == clearRestrict {
			return ""
		}
		return s
	}
	add(f[Expiration] != old.Expiration, aliyun.UpdateExpire)
	add(f[PhoneNoB] != old.PhoneNoB, aliyun.UpdateNoB)
	add((f[IsRecordingEnabled] == "true") != (old.Recording == "true"), aliyun.UpdateRecording)
	add(restrict(f[CallRestrict]) != restrict(old.Restrict), aliyun.UpdateCallRestrict)
	add(f[OutID] != "" && f[OutID] != old.OutID, aliyun.UpdateOutID)
	return changes, true
}

// targetOf is the binding that row i changes, read back from the journal, and
// what is to change of it. A change of it that was begun and is not known to be
// done may have been made in part: what differs from that is changed too.
func (p *Plan) targetOf(i int, row *Row) (t *target, ok bool, err error) {
	t = &target{entry: -1}
	for at := p.rows[i].other; ; {
		e := &p.journal.entries[at]
		made, err := p.journal.recordAt(e.last)
		if err != nil {
			return nil, false, err
		}
		old, err := made.decode()
		if err != nil {
			return nil, false, err
		}
		whole := e.status == report.Bound
		if whole {
			end, err := p.journal.detailAt(e.outcome)
			if err != nil {
				return nil, false, err
			}
			t.of, t.entry, t.secretNo, t.subsID = made.key, at, end.SecretNo, end.SubsID
		}
		changes, ok := renewal(&old, t.secretNo, &row.Fields)
		for _, c := range changes {
			if !slices.Contains(t.changes, c) {
				t.changes = append(t.changes, c)
			}
		}
		if at := time.UnixMilli(old.T); e.update && at.After(t.after) {
			t.after = at // also of one that is done: an earlier call of it may come late
		}
		if whole || e.of < 0 {
			return t, ok && whole, nil
		}
		at = e.of
	}
}

// chosenBefore is the X that was chosen for row i when it was last sent; blank
// if it names its own, or none was.
func (p *Plan) chosenBefore(i int, row *Row) (string, error) {
	if row.Fields[PhoneNoX] != "" {
		return "", nil
	}
	d, err := p.journal.detailAt(p.journal.entries[p.rows[i].entry].last)
	return d.PhoneNoX, err
}
