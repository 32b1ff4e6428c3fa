package batch

import (
	"io"
	"slices"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// Carry writes the verdicts that came in with the input to the journal, so
// that they hold whatever becomes of that file.
func (p *Plan) Carry() error {
	if !slices.ContainsFunc(p.rows, func(r planned) bool { return r.is(carried) }) {
		return nil
	}
	var last *journal.Commit
	rounded := map[ledger.SubsID]bool{}
	err := p.again(func(i int, row *Row) error {
		if r := &p.rows[i]; r.is(carried) && row.Verdict != nil {
			last = p.carry(i, &row.Row, rounded)
			r.marks &^= carried
		}
		return nil
	})
	if err != nil || last == nil {
		return err
	}
	return last.Wait()
}

// carry writes the verdict of row i. rounded are the ids that a spreadsheet may
// have made of several, so far.
func (p *Plan) carry(i int, row *input.Row, rounded map[ledger.SubsID]bool) *journal.Commit {
	v, d := row.Verdict, detailOf(row)
	d.Message, d.SecretNo, d.SubsID, d.RequestID, d.LatencyMs = v.Message, v.SecretNo, v.SubsID, v.RequestID, v.LatencyMs
	if at, err := time.Parse(time.RFC3339, v.FinishedAt); err == nil {
		d.T = at.UnixMilli()
	} else { // killed with the call on its way: nobody knows when that was
		d.T = time.Now().UnixMilli()
	}
	d.Undated = true // FinishedAt is when its last call ended, or when it was looked up
	f := &row.Fields
	r := ledger.Record{
		Kind: ledger.Known, Op: ledger.Bind, Row: p.key(i), Place: input.PlaceOf(f[input.PoolKey], f[input.PhoneNoA], f[input.GroupID]), Ends: endOf(f[input.Expiration]),
		At: d.T, Code: v.Code, Attempts: v.Attempts,
	}
	if row.Relative { // its end counted from when it was sent
		r.Ends += d.T/1000 - p.now.Unix()
		d.Expiration = endText(r.Ends)
	}
	switch m := &p.rows[i]; {
	case m.is(markUnknown):
		r.Kind, r.Named, r.At = ledger.Doubt, d.PhoneNoX != "", p.now.UnixMilli() // a cell says when it was signed, or what somebody wrote there
		r.Due = r.At + settledAfter(p.journal.timeout()).Milliseconds()
	default:
		r.State, r.Binding, r.Maker, r.Holder = ledger.Bound, ledger.ParseSubsID(v.SubsID), -1, len(p.journal.Runs)-1
		if r.Binding == 0 || rounded[r.Binding] { // it lives, and only its row can name it
			r.Binding = ledger.ParseSubsID("row " + r.Row.String())
		} else if input.RoundedID(v.SubsID) {
			rounded[r.Binding] = true
		}
		if m.is(markReleased) {
			r.State = ledger.Released
		}
	}
	return p.journal.carry(r, &d)
}

// Loses reports whether an input carries verdicts that must not get lost and that
// the journal does not know: a binding that may live, a row that may have been sent and
// that no batch sent, or one that was held back for what is not known here. What a
// spreadsheet did to an id does not count against a row that is known. What brings
// carries, the input of the run, counts as known; it may be nil. ended tells of an
// Expiration that what had it has ended.
func (j *Journal) Loses(in, brings *input.Input, ended func(at time.Time) bool) (unknown bool, err error) {
	brought, rows, err := verdictsOf(brings)
	if err != nil {
		return false, err
	}
	doubtful := map[input.Identity]bool{} // rows that only a batch which sent them vouches for
	err = in.EachRow(func(row *input.Row) error {
		v := row.Verdict
		if v == nil || v.Code == aliyun.CodeBindConflict || !j.Header.Simulated && strings.HasPrefix(v.Message, input.SimulatedMark) {
			return nil
		}
		held := v.SubsID == "" && v.HeldBack() && !j.ledger.Knows(row.Place())
		if !v.Counts() && !held {
			return nil
		}
		id := ledger.ParseSubsID(v.SubsID)
		if _, known := j.ledger.BindingOf(id); v.SubsID != "" && (known || brought[id]) {
			return nil
		}
		if at, rule := input.ExpirationUnix(row.Fields[input.Expiration]); rule == "" && ended(time.Unix(at, 0)) {
			return nil
		}
		if _, damaged := in.DamagedVerdict(v); v.SubsID == "" || damaged {
			if id := row.Identity(); !rows[id] {
				doubtful[id] = true
			}
			return nil
		}
		unknown = true
		return io.EOF
	})
	if unknown || err != nil || len(doubtful) == 0 {
		return unknown, err
	}
	for n := range j.ledger.Len() {
		if key := j.ledger.Key(n); doubtful[key.ID] && j.ledger.Info(n).Op != 0 {
			delete(doubtful, key.ID)
		}
	}
	return len(doubtful) > 0, nil
}

// Unproven reports whether an input is results with rows that were held back since
// only the file before them told of a call, and nothing else is known in their place.
func (j *Journal) Unproven(in *input.Input) (yes bool, err error) {
	if !in.Carries() {
		return false, nil
	}
	err = in.EachRow(func(row *input.Row) error {
		if v := row.Verdict; v == nil || v.Status != report.Held.String() || v.Code != aliyun.CodeUnproven {
			return nil
		}
		if bindings, binds := j.ledger.At(row.Place(), j.clock()); len(bindings)+len(binds) > 0 {
			return nil
		}
		yes = true
		return io.EOF
	})
	return yes, err
}

// verdictsOf are the ids and rows of which a results file says something that must not
// get lost; none if it is nil, or no results file.
func verdictsOf(in *input.Input) (ids map[ledger.SubsID]bool, rows map[input.Identity]bool, err error) {
	if in == nil || !in.Carries() {
		return nil, nil, nil
	}
	ids, rows = map[ledger.SubsID]bool{}, map[input.Identity]bool{}
	err = in.EachRow(func(row *input.Row) error {
		if v := row.Verdict; v != nil && v.SubsID != "" {
			ids[ledger.ParseSubsID(v.SubsID)] = true
		} else if v != nil && (v.Counts() || v.HeldBack()) {
			rows[row.Identity()] = true
		}
		return nil
	})
	return ids, rows, err
}
