package plan

import (
	"errors"
	"slices"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// takeVerdict settles a row that a results file given as input calls BOUND, UNKNOWN or
// RELEASED, and holds one back of which it tells, or may tell, a binding. What the
// ledger knows of that binding, or of the row's place, goes before what the file says.
// Everything else such a file says is judged afresh.
func (m *matcher) takeVerdict(p *Entry, row *judged, index int32) {
	v := row.verdict
	status, ok := v.Standing()
	if b, known := m.l.BindingOf(ledger.ParseSubsID(v.SubsID)); known && !(ok && status == report.Unknown) && // an UNKNOWN row may name what is in its way
		m.takeKnown(p, row, index, b, status, ok) {
		return
	}
	switch {
	case !ok, v.Code == aliyun.CodeUnproven && !status.Lasts():
		m.holdUnproven(p, row)
		return
	case !status.Lasts():
		// A row that was held back, whose cells were at fault, or whose binding was to
		// be changed: it is not bound by itself, but a binding is there.
		if v.SubsID != "" && v.Code != aliyun.CodeBindConflict || v.HeldBack() && !m.begun {
			p.Fate = fateClaimed
		}
		return
	case slices.ContainsFunc(row.faults, unplaced) && status != report.Released: // nobody could tell what it holds back
		p.Fate = fateClaimed
		return
	}
	switch told, err := m.outranked(v, status, row.place); {
	case err != nil:
		m.err = errors.Join(m.err, err)
		return
	case told:
		return
	case status != report.Unknown && !m.claimOnce(p, row, index):
		return
	}
	becomes := lasting[status]
	p.Marks |= becomes.mark
	p.code = m.l.Code(v.Code)
	if !m.sendable(becomes.state, v.Code) {
		p.Fate = fateEntry
	} else { // the ledger will know it by then, and ask for the person's word
		p.allow(becomes.consent)
	}
	if f, damaged := m.input.DamagedVerdict(v); damaged {
		m.found(row, f)
		m.Warnings++
	}
}

// lasting is what becomes of a row by a status that lasts: its mark, its state in the
// ledger once that has the verdict, and the consent that a call of it needs then.
var lasting = map[report.Status]struct {
	mark    Marks
	state   ledger.State
	consent ledger.Consent
}{
	report.Bound:    {markBound, ledger.Bound, 0},
	report.Unknown:  {markUnknown, ledger.Unknown, ledger.ResendUnknown},
	report.Released: {markReleased, ledger.Released, ledger.ResendReleased},
}

// takeKnown settles a row whose verdict names a binding that the ledger knows, by what
// that knows. It returns false if that leaves it to the verdict.
func (m *matcher) takeKnown(p *Entry, row *judged, index int32, b int, status report.Status, ok bool) bool {
	life, there := m.l.Binding(b).Life, m.l.Binding(b).Place == row.place
	bound, released := ok && status == report.Bound, ok && status == report.Released
	switch {
	case (bound || released) && !there:
		p.Fate, p.other = FateOther, int32(b)
	case released && life == ledger.Bound: // it lives
	case life == ledger.Bound:
		m.meetBinding(p, row, index, int32(b), bound)
	case released || bound && life == ledger.Released:
		if !m.opt.Resend.Released {
			p.Fate, p.other = fateAlready, int32(b)
			m.Taken++
		}
	default:
		return ok || there // it is no more
	}
	return true
}

// outranked reports whether the ledger tells what became of a row whose verdict names no
// binding that it knows. Of one that is BOUND it does if it has a binding in the row's
// place that fits what is left of a damaged id or, whatever the id, has the row's last
// call; or that any run of this batch knew of, unless it lacks records or several may be
// there. Of one that is UNKNOWN it does if it knows this batch's own row of the same line
// there.
func (m *matcher) outranked(v *input.Verdict, status report.Status, place ledger.Place) (bool, error) {
	if status == report.Released {
		return false, nil
	}
	every := m.begun && !m.opt.Behind && !m.opt.AllowDuplicates
	bindings, binds := m.l.At(place, m.clock)
	for _, b := range bindings {
		k, err := m.Journal.BindingAt(int32(b))
		if err != nil {
			return false, err
		}
		_, holder := m.l.Owners(b)
		if status == report.Unknown && holder == m.batch && k.Detail.Line == v.Line || status == report.Bound && isIts(v, &k, every) {
			return true, nil
		}
	}
	for _, c := range binds {
		if status != report.Unknown || m.l.Key(c.Row).Batch != m.batch {
			continue
		}
		if sent, err := m.Journal.DetailAt(c.Ref); err != nil || sent.Line == v.Line {
			return err == nil, err
		}
	}
	return false, nil
}

// isIts reports whether a binding is the one of a verdict: it fits what is left of a
// damaged id or, whatever the id, has the row's last call; every takes any for it.
func isIts(v *input.Verdict, k *books.Known, every bool) bool {
	if v.SubsID != "" && !input.RoundedID(v.SubsID) {
		return every || v.RequestID != "" && v.RequestID == k.End.RequestID
	}
	fits := func(cell, have string) bool { return cell == "" || cell == have || cutFrom(cell, have) }
	return fits(v.SubsID, k.SubsID) && fits(v.SecretNo, k.SecretNo)
}

// holdUnproven holds back a row that may have been sent, so far as its file can be
// read, unless the ledger knows something in its place: then that decides.
func (m *matcher) holdUnproven(p *Entry, row *judged) {
	if bindings, binds := m.l.At(row.place, m.clock); len(bindings)+len(binds) == 0 {
		p.Fate = fateClaimed
	}
}

// claimOnce gives a row the binding that its verdict names and the ledger does not
// know, and reports whether it may have it. Of two rows in one place that name one
// binding the first has it. Where two in different places name one, or one X, nobody
// can tell whose it is, and neither has it.
func (m *matcher) claimOnce(p *Entry, row *judged, index int32) bool {
	v := row.verdict
	if id := ledger.ParseSubsID(v.SubsID); id != 0 && !input.RoundedID(v.SubsID) {
		first, twice := m.firstOfID[id]
		if !twice {
			m.firstOfID[id] = claim{index, row.place}
		} else {
			if p.Fate = FateOther; first.place == row.place {
				p.Fate, p.other = fateSamePlace, first.row
				m.likens(p)
			} else {
				m.disown(first.row, first.place)
			}
			return false
		}
	}
	if x := v.SecretNo; v.Status == report.Bound.String() && input.Digits(x) && !input.RoundedID(x) && row.expires > m.Now.Unix() {
		if first := m.firstOfX.add(row.verdictXHash, index); first != index {
			p.Fate = FateOther
			m.disown(first, 0) // its place is taken already, for it is BOUND
			return false
		}
	}
	return true
}

// claim is the first row that names a binding, and its place.
type claim struct {
	row   int32
	place ledger.Place
}

// copied refuses a row that was not sent and is a copy of an earlier one whose outcome
// nobody knows, and reports whether it is one: it was on the same line, and its last
// call is the same.
func (m *matcher) copied(p *Entry, row *judged, index int32, sent bool) bool {
	if row.callHash == 0 {
		return false
	}
	first := m.firstOfCall.add(row.callHash, index)
	if first == index || sent {
		return false
	}
	p.Fate, p.other = fateDuplicate, first
	return true
}

// likens makes of a row in the place of p.other a duplicate, if it equals that.
func (m *matcher) likens(p *Entry) {
	if p.Row >= 0 && m.l.Key(int(p.Row)).ID == m.l.Key(int(m.Entries[p.other].Row)).ID {
		p.Fate = fateDuplicate
	}
}

// disown takes from a row that is settled the binding that another claims as well. Its
// place stays taken.
func (m *matcher) disown(row int32, place ledger.Place) {
	p := &m.Entries[row]
	if p.Fate != fateEntry { // a person wants it sent again
		return
	}
	m.Settled--
	p.Fate = FateOther
	p.Marks &^= carried
	m.brought[place] = row
}

// unplaced reports whether a fault leaves nobody able to tell which place a row is at:
// its A was masked, say.
func unplaced(f input.Fault) bool {
	return f.IsError() && (f.Field == field.PhoneNoA || f.Field == field.GroupID || f.Field == field.PoolKey)
}

// later reports whether a verdict tells of a call that was made after all that the
// ledger knows of a row: it names a binding that the ledger does not know, or the
// ledger is known to be behind.
func (m *matcher) later(known *ledger.RowInfo, v *input.Verdict) bool {
	if known.State != ledger.Pending && known.State != ledger.Failed {
		return false
	}
	_, ours := m.l.BindingOf(ledger.ParseSubsID(v.SubsID))
	switch status, ok := v.Standing(); {
	case !ok || status == report.Bound:
		return v.SubsID != "" && !ours
	case status == report.Unknown:
		return m.opt.Behind
	}
	return false
}

// meetBinding judges a row that a results file gives a live binding which the ledger
// knows, and not as this row's: the row was edited since, or the file is another
// batch's. bound says that the file calls the row BOUND to it.
func (m *matcher) meetBinding(p *Entry, row *judged, index, b int32, bound bool) {
	if m.opt.LookOnly && bound && row.verdict.Code == aliyun.CodeAlreadyBound { // as a person said when the row was judged
		p.Fate, p.other = fateAlready, b
		m.Taken++
		return
	}
	m.disputed[index] = b
	if !bound {
		return
	}
	k, err := m.Journal.BindingAt(b)
	if err != nil {
		m.err = errors.Join(m.err, err)
		return
	}
	if changes, can := books.Renewal(&k.Detail, k.SecretNo, row.fields); can && len(changes) == 0 {
		delete(m.disputed, index)
		p.Fate, p.other = fateAlready, b
		m.Taken++
	}
}
