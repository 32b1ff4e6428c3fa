package plan

import (
	"slices"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// Carry writes the verdicts that came in with the input to the journal, so
// that they hold whatever becomes of that file.
func (p *Plan) Carry() error {
	if !slices.ContainsFunc(p.Entries, func(r Entry) bool { return r.Is(carried) }) {
		return nil
	}
	var last *journal.Commit
	rounded := map[ledger.SubsID]bool{}
	err := p.EachRow(func(i int, row *Row) error {
		if r := &p.Entries[i]; r.Is(carried) && row.Verdict != nil {
			last = p.carry(i, &row.Row, rounded)
			r.Marks &^= carried
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
	v, d := row.Verdict, DetailOf(row)
	d.Message, d.SecretNo, d.SubsID, d.RequestID, d.LatencyMs = v.Message, v.SecretNo, v.SubsID, v.RequestID, v.LatencyMs
	if at, err := time.Parse(time.RFC3339, v.FinishedAt); err == nil {
		d.T = at.UnixMilli()
	} else { // killed with the call on its way: nobody knows when that was
		d.T = time.Now().UnixMilli()
	}
	d.Undated = true // FinishedAt is when its last call ended, or when it was looked up
	f := &row.Fields
	r := ledger.Record{
		Kind: ledger.Known, Op: ledger.Bind, Row: p.Key(i), Place: input.PlaceOf(f[field.PoolKey], f[field.PhoneNoA], f[field.GroupID]), Ends: EndOf(f[field.Expiration]),
		At: d.T, Code: v.Code, Attempts: v.Attempts,
	}
	if row.Relative { // its end counted from when it was sent
		r.Ends += d.T/1000 - p.Now.Unix()
		d.Expiration = endText(r.Ends)
	}
	switch m := &p.Entries[i]; {
	case m.Is(markUnknown):
		r.Kind, r.Named, r.At = ledger.Doubt, d.PhoneNoX != "", p.Now.UnixMilli() // a cell says when it was signed, or what somebody wrote there
		r.Due = r.At + books.SettledAfter(p.Journal.Timeout()).Milliseconds()
	default:
		r.State, r.Binding, r.Maker, r.Holder = ledger.Bound, ledger.ParseSubsID(v.SubsID), -1, len(p.Journal.Runs)-1
		if r.Binding == 0 || rounded[r.Binding] { // it lives, and only its row can name it
			r.Binding = ledger.ParseSubsID("row " + r.Row.String())
		} else if input.RoundedID(v.SubsID) {
			rounded[r.Binding] = true
		}
		if m.Is(markReleased) {
			r.State = ledger.Released
		}
	}
	return p.Journal.Carry(r, &d)
}
