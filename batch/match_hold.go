package batch

import "axgbind/report"

// hold finds the journal's live bindings that no input row matched, and holds
// back input rows that would occupy the same pool, A and group a second time,
// or has them take that binding, or change it, as the user said.
func (m *matcher) hold() error {
	if m.changes != nil {
		return nil // another change of the same binding is no second binding
	}
	live, err := m.unmatched()
	if err != nil {
		return err
	}
	blocks := map[int32]bool{}
	renews := false
	for i := range m.rows {
		p := &m.rows[i]
		if p.fate != fateSend {
			continue
		}
		if p.entry >= 0 {
			if m.unfinished(&m.journal.entries[p.entry]) {
				// Whatever the user says now: its binding may have changed already.
				p.fate, p.other = fateRenew, m.journal.entries[p.entry].of
				m.Renew++
			}
			continue
		}
		if len(live) == 0 {
			continue
		}
		other, ok := live[m.holders[i]]
		if !ok {
			continue
		}
		e := &m.journal.entries[other]
		p.other = other
		if !blocks[other] && (e.status == report.Bound || e.status == report.Unknown) {
			blocks[other] = true
			m.Gone--
		}
		switch {
		case e.status != report.Unknown && m.opt.WhenBound == RenewWhenBound:
			p.fate = fateRenew
			m.Renew++
			renews = true
		case e.status == report.Bound && m.opt.WhenBound == SkipWhenBound:
			p.fate = fateAlready
			m.Taken++
		default:
			m.holdBack(p)
		}
	}
	if renews {
		return m.weighRenewals()
	}
	return nil
}

// unfinished reports whether an entry is a change of another's binding that
// was begun and is not known to be done, nor to be in vain.
func (m *matcher) unfinished(e *entry) bool {
	return e.update && e.of >= 0 && !m.journal.entries[e.of].passed && e.status != report.Bound
}

// unmatched returns the live bindings that no input row matched, by what they
// occupy. Of several the last counts, but for an UNKNOWN one, which weighs
// more: nobody can skip it.
func (m *matcher) unmatched() (map[holder]int32, error) {
	live := map[holder]int32{}
	for i := range m.known {
		e := &m.journal.entries[i]
		if m.matched[i] || !e.touched || e.passed {
			continue
		}
		switch {
		case e.status == report.Bound, e.status == report.Unknown:
			m.Gone++
		case m.unfinished(e):
		default:
			continue
		}
		d, err := m.journal.detailAt(e.last)
		if err != nil {
			return nil, err
		}
		if at, err := parseExpiration(d.Expiration); err == nil && !at.After(m.now) {
			continue // a lapsed binding holds nothing back
		}
		h := holderOf(d.PoolKey, d.PhoneNoA, d.GroupID)
		if old, ok := live[h]; !ok || m.journal.entries[old].status != report.Unknown {
			live[h] = int32(i)
		}
	}
	return live, nil
}

// holdBack keeps a row from being sent because of the entry `other`.
func (m *matcher) holdBack(p *planned) {
	e := &m.journal.entries[p.other]
	p.fate = fateStill
	if int(e.run) < len(m.journal.Runs) && m.journal.Runs[e.run].Results == m.opt.Results {
		p.fate = fateEdited
	}
	m.Held++
}

// weighRenewals finds out what the rows that are to change a binding would
// change. A row that differs in nothing that can be changed takes the binding as
// its own; one that wants what cannot be changed is held back.
func (m *matcher) weighRenewals() error {
	return m.again(func(i int, row *Row) error {
		p := &m.rows[i]
		if p.fate != fateRenew {
			return nil
		}
		t, ok, err := m.targetOf(i, row)
		switch {
		case err != nil:
			return err
		case !ok:
			m.Renew--
			m.holdBack(p)
		case len(t.changes) == 0:
			m.Renew--
			m.Taken++
			p.fate, p.other = fateAlready, t.entry
		}
		return nil
	})
}
