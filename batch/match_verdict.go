package batch

import (
	"errors"
	"slices"

	"axgbind/aliyun"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// takeVerdict settles a row that a results file given as input calls BOUND or
// UNKNOWN, and holds one back of which it names a binding. Everything else such
// a file says is judged afresh.
func (m *matcher) takeVerdict(p *planned, row *judged, index int32) {
	v := row.verdict
	status, ok := v.standing()
	b, known := m.l.BindingOf(ledger.ParseSubsID(v.SubsID))
	var life ledger.State
	if known {
		life = m.l.Binding(b).Life
	}
	if status == report.Bound && known && life != ledger.Bound { // since the file was written
		if life == ledger.Pending { // gone: a row of nothing
			return
		}
		status = report.Released
	}
	if known && life == ledger.Bound && !(ok && (status == report.Unknown || status == report.Released)) {
		m.meetBinding(p, row, index, int32(b), ok && status == report.Bound)
		return
	}
	if !ok || !status.Lasts() {
		// A row that was held back, whose cells were at fault, or whose binding was to
		// be changed: it is not bound by itself, but a binding is there.
		if known {
			return // it is no more
		}
		held := v.Code == aliyun.CodeStillBound || v.Code == aliyun.CodeEditedAfterSend
		if v.SubsID != "" && v.Code != aliyun.CodeBindConflict || held && m.known == 0 {
			p.fate = fateClaimed
		}
		return
	}
	if status == report.Released && known { // by its own row
		if !m.opt.Resend.Released {
			p.fate, p.other = fateAlready, int32(b)
			m.Taken++
		}
		return
	}
	if slices.ContainsFunc(row.faults, unplaced) && status != report.Released { // nobody could tell what it holds back
		p.fate = fateClaimed
		return
	}
	if id := ledger.ParseSubsID(v.SubsID); id != 0 && status != report.Unknown {
		if m.told[id] && !roundedID(v.SubsID) {
			p.fate = fateOther
			return
		}
		if m.told == nil {
			m.told = map[ledger.SubsID]bool{}
		}
		m.told[id] = true
	}
	p.marks |= map[report.Status]marks{report.Bound: markBound, report.Unknown: markUnknown, report.Released: markReleased}[status]
	p.code = m.l.Code(v.Code)
	if !m.sendable(map[report.Status]ledger.State{report.Bound: ledger.Bound, report.Unknown: ledger.Unknown, report.Released: ledger.Released}[status], v.Code) {
		p.fate = fateEntry
	}
	if f, damaged := m.input.damagedVerdict(v); damaged {
		m.found(row, f)
		m.Warnings++
	}
}

// unplaced reports whether a fault leaves nobody able to tell which place a row is at:
// its A was masked, say.
func unplaced(f Fault) bool {
	return f.isError() && (f.Field == PhoneNoA || f.Field == GroupID || f.Field == PoolKey)
}

// later reports whether a verdict tells of a call that was made after all that the
// ledger knows of a row: it names a binding that the ledger does not know, or the
// ledger is known to be behind.
func (m *matcher) later(known *ledger.RowInfo, v *Verdict) bool {
	if known.State != ledger.Pending && known.State != ledger.Failed {
		return false
	}
	switch status, ok := v.standing(); {
	case !ok:
		return false
	case status == report.Bound:
		_, ours := m.l.BindingOf(ledger.ParseSubsID(v.SubsID))
		return v.SubsID != "" && !ours
	case status == report.Unknown:
		return m.opt.Behind
	}
	return false
}

// meetBinding judges a row that a results file gives a binding which the ledger
// knows, and not as this row's: the row was edited since, or the file is another
// batch's.
func (m *matcher) meetBinding(p *planned, row *judged, index, b int32, bound bool) {
	if bound && m.l.Binding(int(b)).Place != row.place {
		p.fate, p.other = fateOther, b
		return
	}
	if m.opt.LookOnly && bound && row.verdict.Code == aliyun.CodeAlreadyBound { // as a person said when the row was judged
		p.fate, p.other = fateAlready, b
		m.Taken++
		return
	}
	if m.claims == nil {
		m.claims = map[int32]int32{}
	}
	m.claims[index] = b
	if !bound {
		return
	}
	k, err := m.journal.bindingAt(b)
	if err != nil {
		m.err = errors.Join(m.err, err)
		return
	}
	if changes, can := renewal(&k.values, k.secretNo, row.fields); can && len(changes) == 0 {
		delete(m.claims, index)
		p.fate, p.other = fateAlready, b
		m.Taken++
	}
}
