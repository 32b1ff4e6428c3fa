package plan

import (
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// sinceLapsed changes what is told of row i, which is BOUND. If its binding has lapsed and
// the plan sends the row anew or holds it back, the row counts as one without a binding.
// Else it is told as bound, even if a bind that was made after the lapse failed.
func (p *Plan) sinceLapsed(i int, info *ledger.RowInfo) {
	r := &p.Entries[i]
	if r.Fate != fateEntry && p.over(int32(info.Binding)) {
		refused := info.Refused
		info.State, info.Binding, info.Refused = ledger.Pending, -1, false
		switch {
		case !info.Anew:
			info.Code, info.Last = "", -1
		case refused:
			info.State = ledger.Failed
		}
		return
	}
	if info.Anew && !info.Refused {
		info.Code, info.Last = aliyun.CodeOK, p.Journal.Binding(int32(info.Binding)).OK
	}
}

// over reports whether a binding had lapsed, by this machine's clock, when the plan
// was made.
func (p *Plan) over(b int32) (yes bool) {
	p.Journal.Asks(func(l *ledger.Ledger) { yes = l.Over(int(b), p.clock()) })
	return yes
}

// clock is when the plan was made, by this machine's clock.
func (p *Plan) clock() ledger.Clock { return ledger.Clock{Now: p.Now.UnixMilli()} }

// Ended is how many rows are BOUND whose binding had ended at its Expiration, by
// this machine's clock, when the plan was made.
func (p *Plan) Ended() (n int) {
	for i := range p.Entries {
		r, b := &p.Entries[i], -1
		switch info := p.Info(i); {
		case r.Fate == fateAlready:
			b = int(r.other)
		case r.Fate == fateEntry:
			b = info.Binding
		}
		if b >= 0 && p.Status(i) == report.Bound && books.Expired(p.Journal.Binding(int32(b)), p.Now) {
			n++
		}
	}
	return n
}

// HeldByEnded reports whether every row that is held back is so for a binding that
// has ended, by this machine's clock, and holds its place for a while yet; until is
// when the last of them no more does, by the service's time. It may lie before the time
// of the plan: then the service's is not known to have come so far.
func (p *Plan) HeldByEnded() (until time.Time, all bool) {
	for i := range p.Entries {
		r := &p.Entries[i]
		if p.Status(i) != report.Held {
			continue
		}
		if r.Fate != fateStill && r.Fate != fateEdited || r.other < 0 || !p.over(r.other) {
			return time.Time{}, false
		}
		if free := p.freeFrom(r.other); free.After(until) {
			until = free
		}
	}
	return until, !until.IsZero()
}

// freeFrom is when a binding with an Expiration holds its place no more.
func (p *Plan) freeFrom(b int32) (at time.Time) {
	p.Journal.Asks(func(l *ledger.Ledger) { at = time.Unix(l.FreeFrom(int(b), p.clock()), 0).In(report.Beijing) })
	return at
}

// Unrecorded calls do with a line for each row whose binding, or call in doubt, the
// journal had and has no more: somebody else wrote over it. It returns how many those
// are, with those of which the run has told already.
func (p *Plan) Unrecorded(do func(line string)) (n int) {
	for i := range p.Entries {
		r := &p.Entries[i]
		if r.Row < 0 {
			continue
		}
		info := p.Journal.Row(r.Row)
		kind, subsID := ledger.OK, ""
		switch {
		case info.Op == 0 || info.State == ledger.Pending || info.State == ledger.Failed || info.State == ledger.Superseded:
			continue
		case info.State == ledger.Unknown:
			kind = ledger.Lost
		case info.Binding >= 0:
			subsID = books.IDText(p.Journal.Binding(int32(info.Binding)).ID)
		}
		if p.Journal.Recorded(r.Row, &info) {
			continue
		}
		n++
		if _, told := p.Rescued.Load(r.line); !told {
			do(books.RescueLine(int(r.line), kind, info.Code, subsID, ""))
		}
	}
	return n
}
