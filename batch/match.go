package batch

import (
	"math"

	"axgbind/report"
)

// matcher builds a Plan.
type matcher struct {
	*Plan
	opt     PlanOptions
	known   int                 // journal entries that were there before
	matched []bool              // of those
	seen    *identityIndex      // first row of an identity
	repeats map[Identity]uint32 // how many followed it
	holders []holder            // by row; only if the journal knows anything
	err     error               // of reading the journal
}

func (m *matcher) add(row *Row) {
	index := int32(len(m.rows))
	p := planned{id: Identify(&row.Fields), line: uint32(row.Line), entry: -1, other: -1, fate: fateSend}
	m.rows = append(m.rows, p)
	first := m.seen.add(m.rows, index)
	again := first != index
	if again {
		m.repeats[p.id]++
		p.occurrence = m.repeats[p.id]
	}
	m.Rows++
	var known *entry
	key := Key{ID: p.id, Occurrence: p.occurrence}
	if i, ok := m.journal.index[key]; ok {
		p.entry, known = i, &m.journal.entries[i]
		m.matched[i] = true
	}
	if known == nil && row.Verdict != nil {
		m.takeVerdict(&p, row.Verdict)
	}
	if p.fate == fateSend && known != nil && !m.sendable(known) {
		p.fate = fateEntry
	}
	if p.fate == fateEntry && m.journal.entries[p.entry].status == report.Unknown && m.worthLooking(row, &m.journal.entries[p.entry]) {
		p.fate = fateLook
		m.ToLook++
	}
	switch p.fate {
	case fateEntry:
		m.Settled++
	case fateSend:
		m.check(&p, row, known)
		if p.fate == fateSend && again && p.entry < 0 && !m.opt.AllowDuplicates {
			p.fate, p.other = fateDuplicate, first
		}
	}
	if p.fate == fateSend {
		if at, err := parseExpiration(row.Fields[Expiration]); err == nil && (m.Soonest.IsZero() || at.Before(m.Soonest)) {
			m.Soonest = at
		}
	}
	if m.known > 0 {
		m.holders = append(m.holders, holderOf(row.Fields[PoolKey], row.Fields[PhoneNoA], row.Fields[GroupID]))
	}
	m.rows[index] = p
}

// worthLooking reports whether a look-up can still tell what became of an
// UNKNOWN row: it names its X, or one was chosen for it, and a binding would
// still live.
func (m *matcher) worthLooking(row *Row, e *entry) bool {
	at, err := parseExpiration(row.Fields[Expiration])
	if err != nil || !at.After(m.now.Add(sendAhead)) || row.Fields[PoolKey] == "" {
		return false
	}
	if row.Fields[PhoneNoX] != "" {
		return true
	}
	sent, err := m.journal.detailAt(e.last)
	if err != nil && m.err == nil {
		m.err = err
	}
	return sent.PhoneNoX != ""
}

// takeVerdict settles a row that a results file given as input calls BOUND or
// UNKNOWN. Everything else such a file says is judged afresh.
func (m *matcher) takeVerdict(p *planned, v *Verdict) {
	status, ok := report.ParseStatus(v.Status)
	if !ok || status != report.Bound && status != report.Unknown {
		return
	}
	p.entry = m.journal.addEntry()
	p.carried = true
	e := &m.journal.entries[p.entry]
	e.touched, e.status, e.attempts = true, status, uint16(min(max(v.Attempts, 0), math.MaxUint16))
	e.code = m.journal.codeIndex(v.Code)
	if !m.sendable(e) {
		p.fate = fateEntry
	}
}

// sendable reports whether a row the journal knows may be sent in this run.
func (m *matcher) sendable(e *entry) bool {
	if !e.touched || e.status == report.Pending {
		return true
	}
	again := m.opt.Resend.Codes[m.journal.codeText(e.code)]
	switch e.status {
	case report.Failed:
		return again || m.opt.Resend.Failed
	case report.Unknown:
		return again || m.opt.Resend.Unknown
	}
	return false
}

// check judges a row that would be sent.
func (m *matcher) check(p *planned, row *Row, known *entry) {
	warned, faulty := false, false
	for _, f := range row.Check(m.now) {
		if m.opt.Finding != nil {
			m.opt.Finding(row.Line, f)
		}
		if f.Warning {
			warned = true
		} else {
			faulty = true
		}
	}
	if warned {
		m.Warnings++
	}
	if !faulty {
		return
	}
	if p.entry >= 0 && m.journal.entries[p.entry].status == report.Unknown {
		p.fate = fateEntry // it was sent, so it cannot become INVALID
		m.Settled++
		return
	}
	p.fate = fateInvalid
}
