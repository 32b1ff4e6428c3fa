package batch

import (
	"time"

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
}

// judged is what a plan needs of a row. It is found out by several goroutines at
// once, and depends on nothing but the row.
type judged struct {
	id      Identity
	holder  holder // 0 unless the journal knows anything
	line    int
	expires int64 // Expiration in seconds since 1970; 0 if it cannot be read
	named   bool  // X and pool are
	faults  []Fault
	verdict *Verdict
}

func (m *matcher) judge(row *Row) judged {
	f := &row.Fields
	j := judged{
		id: m.identify(f), line: row.Line, verdict: row.Verdict, faults: row.Check(m.now),
		named: f[PhoneNoX] != "" && f[PoolKey] != "",
	}
	if at, rule := expirationUnix(f[Expiration]); rule == "" {
		j.expires = at
	}
	if m.known > 0 {
		j.holder = holderOf(f[PoolKey], f[PhoneNoA], f[GroupID])
	}
	return j
}

// addAll takes rows in order. Finding equal ones waits for memory: asking for
// the places of many rows first lets the waiting overlap.
func (m *matcher) addAll(rows []judged) error {
	const many = 256
	for len(rows) > 0 {
		next := rows[:min(many, len(rows))]
		for i := range next {
			m.seen.touch(&next[i].id)
		}
		for i := range next {
			m.add(&next[i])
		}
		rows = rows[len(next):]
	}
	return nil
}

// add takes one row.
func (m *matcher) add(row *judged) {
	index := int32(len(m.rows))
	p := planned{id: row.id, line: uint32(row.line), entry: -1, other: -1, fate: fateSend}
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
	if known == nil && row.verdict != nil {
		m.takeVerdict(&p, row.verdict)
	}
	if p.fate == fateSend && known != nil && !m.sendable(known) {
		p.fate = fateEntry
	}
	if p.fate == fateEntry && m.journal.entries[p.entry].status == report.Unknown && m.worthLooking(row) {
		p.fate = fateLook
		m.ToLook++
	}
	switch p.fate {
	case fateEntry:
		m.Settled++
	case fateSend:
		m.check(&p, row)
		if p.fate == fateSend && again && p.entry < 0 && !m.opt.AllowDuplicates {
			p.fate, p.other = fateDuplicate, first
		}
	}
	if p.fate == fateSend && row.expires != 0 {
		if at := time.Unix(row.expires, 0); m.Soonest.IsZero() || at.Before(m.Soonest) {
			m.Soonest = at.In(beijingTime())
		}
	}
	if m.known > 0 {
		m.holders = append(m.holders, row.holder)
	}
	m.rows[index] = p
}

// worthLooking reports whether a look-up can still tell what became of an
// UNKNOWN row: it names its X, and a binding would still live.
func (m *matcher) worthLooking(row *judged) bool {
	return row.named && row.expires != 0 && time.Unix(row.expires, 0).After(m.now.Add(sendAhead))
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
	e.touched, e.status, e.attempts = true, status, uint32(max(v.Attempts, 0))
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
func (m *matcher) check(p *planned, row *judged) {
	warned, faulty := false, false
	for _, f := range row.faults {
		if m.opt.Finding != nil {
			m.opt.Finding(row.line, f)
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

// hold finds the journal's live rows that no input row matched, and holds back
// input rows that would occupy the same pool, A and group a second time.
func (m *matcher) hold() error {
	live := map[holder]int32{}
	blocks := map[int32]bool{}
	for i := range m.known {
		e := &m.journal.entries[i]
		if m.matched[i] || !e.touched || e.status != report.Bound && e.status != report.Unknown {
			continue
		}
		m.Gone++
		d, err := m.journal.detailAt(e.intent)
		if err != nil {
			return err
		}
		if at, err := parseExpiration(d.Expiration); err == nil && !at.After(m.now) {
			continue // a lapsed binding holds nothing back
		}
		h := holderOf(d.PoolKey, d.PhoneNoA, d.GroupID)
		if old, ok := live[h]; !ok || m.journal.entries[old].status == report.Bound {
			live[h] = int32(i) // an UNKNOWN one weighs more: it cannot be skipped
		}
	}
	if len(live) == 0 {
		return nil
	}
	for i := range m.rows {
		p := &m.rows[i]
		if p.fate != fateSend || p.entry >= 0 {
			continue
		}
		other, ok := live[m.holders[i]]
		if !ok {
			continue
		}
		e := &m.journal.entries[other]
		p.other = other
		if !blocks[other] {
			blocks[other] = true
			m.Gone--
		}
		switch {
		case e.status == report.Bound && m.opt.WhenBound == SkipWhenBound:
			p.fate = fateAlready
			m.Taken++
			continue
		case int(e.run) < len(m.journal.Runs) && m.journal.Runs[e.run].Results == m.opt.Results:
			p.fate = fateEdited
		default:
			p.fate = fateStill
		}
		m.Held++
	}
	return nil
}
