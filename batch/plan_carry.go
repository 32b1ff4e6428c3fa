package batch

import (
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"axgbind/aliyun"
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
			last = p.carry(i, row, rounded)
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
func (p *Plan) carry(i int, row *Row, rounded map[ledger.SubsID]bool) *journal.Commit {
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
		Kind: ledger.Known, Op: ledger.Bind, Row: p.key(i), Place: placeOf(f[PoolKey], f[PhoneNoA], f[GroupID]), Ends: endOf(f[Expiration]),
		At: d.T, Code: v.Code, Attempts: v.Attempts,
	}
	switch m := &p.rows[i]; {
	case m.is(markUnknown):
		r.Kind, r.Named, r.Due = ledger.Doubt, d.PhoneNoX != "", d.T+settledAfter(p.journal.timeout()).Milliseconds()
	default:
		r.State, r.Binding, r.Maker, r.Holder = ledger.Bound, ledger.ParseSubsID(v.SubsID), -1, len(p.journal.Runs)-1
		if r.Binding == 0 || rounded[r.Binding] { // it lives, and only its row can name it
			r.Binding = ledger.ParseSubsID("row " + r.Row.String())
		} else if roundedID(v.SubsID) {
			rounded[r.Binding] = true
		}
		if m.is(markReleased) {
			r.State = ledger.Released
		}
	}
	return p.journal.carry(r, &d)
}

// Settled reports whether the input carries verdicts that must not get lost:
// rows called BOUND, UNKNOWN or RELEASED, or that name a binding.
func (in *Input) Settled() (bool, error) {
	return in.anyVerdict(func(v *Verdict) bool {
		status, ok := report.ParseStatus(v.Status)
		return ok && status.Lasts() || v.SubsID != "" && v.Code != aliyun.CodeBindConflict
	})
}

// Strange reports whether the input carries verdicts that must not get lost, as
// Settled does, which nothing in a journal is about: no run of the journal wrote
// the file, and of its bindings one at least is not known, or of its UNKNOWN rows
// none. A binding that has lapsed by now holds nothing, and what a spreadsheet did
// to its id does not count against the rows beside it.
func (in *Input) Strange(j *Journal, now time.Time) (bool, error) {
	settled, err := in.Settled()
	if err != nil || !settled {
		return false, err
	}
	digest := in.SHA256()
	text := hex.EncodeToString(digest[:])
	if slices.ContainsFunc(j.ends, func(e *RunEnd) bool { return e != nil && e.Digest == text }) {
		return false, nil
	}
	var row Row
	known, open := false, false
	for rows := in.Rows(); ; {
		err := rows.Read(&row)
		if errors.Is(err, io.EOF) {
			return open && !known, nil
		}
		if err != nil {
			return false, err
		}
		v := row.Verdict
		if v == nil || v.Code == aliyun.CodeBindConflict {
			continue
		}
		_, ours := j.ledger.BindingOf(ledger.ParseSubsID(v.SubsID))
		if n, numbered := j.ledger.Row(Key{ID: identifyRow(&row)}); numbered && j.ledger.Info(n).Op != 0 || ours {
			known = true
			continue
		}
		status, ok := report.ParseStatus(v.Status)
		if !(ok && status.Lasts() || v.SubsID != "") {
			continue
		}
		if at, rule := expirationUnix(row.Fields[Expiration]); rule == "" && at < now.Unix() {
			continue
		}
		if _, damaged := in.layout.damagedVerdict(v); v.SubsID != "" && !damaged {
			return true, nil
		}
		open = true
	}
}

// Simulated reports whether the input carries verdicts of a simulated service.
func (in *Input) Simulated() (bool, error) {
	return in.anyVerdict(func(v *Verdict) bool { return strings.HasPrefix(v.Message, simulatedMark) })
}

func (in *Input) anyVerdict(is func(*Verdict) bool) (bool, error) {
	if !in.Carries() {
		return false, nil
	}
	var row Row
	for rows := in.Rows(); ; {
		err := rows.Read(&row)
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if row.Verdict != nil && is(row.Verdict) {
			return true, nil
		}
	}
}
