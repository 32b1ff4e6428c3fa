package batch

import (
	"errors"
	"math"
	"time"

	"axgbind/aliyun"
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
	holders []holder            // of the rows to be sent, in order; only if the journal knows anything
	err     error               // of reading the journal
	gone    map[string]bool     // SubsIds of bindings that were released; nil: not read yet
	kin     kin
	faulty  []faulty        // rows that cannot be sent; only if the journal knows anything
	claims  map[int32]int32 // roots that rows name which are not called bound to them, by row
	turn    int             // rows to be sent so far

	// Roots of bindings by SubsId, for an update and for verdicts; and of an update
	// the first row that changes each.
	bySubsID map[string]int32
	first    map[int32]int32
}

// judged is what a plan needs of a row. It is found out by several goroutines at
// once, and depends on nothing but the row.
type judged struct {
	id     Identity
	holder holder // 0 unless the journal knows anything
	owner  uint64 // of kin: its pool, A and group
	pinned uint64 // of kin: its pool and X
	line   int

	x, expiration string
	expires       int64 // expiration in seconds since 1970; 0 if it cannot be read
	pooled        bool

	named   *named   // of a release: its binding
	unbound bool     // it names nothing that an update could change
	subsID  string   // of an update: of the binding
	binding Identity // likewise: names it in the journal

	faults  []Fault
	verdict *Verdict
}

func (m *matcher) judge(row *Row, j *judged) {
	f := &row.Fields
	*j = judged{
		id: m.identify(row), owner: m.kin.hash(f[PoolKey], f[PhoneNoA], f[GroupID]), line: row.Line,
		x: f[PhoneNoX], expiration: f[Expiration], pooled: f[PoolKey] != "",
		faults: row.Check(m.now), verdict: row.Verdict,
	}
	if m.releases != nil {
		j.named, j.faults = m.releases.nameOf(row), ofRecord(row.faults)
		return
	}
	if j.faults == nil {
		row.vouch()
	}
	if m.changes != nil {
		j.faults, j.unbound = m.ofUpdate(j.faults), !row.changeable(m.changes)
		j.subsID, j.binding = row.target.subsID, bindingKey(row).ID
		j.verdict = nil // it is about the bind
	}
	if j.x != "" {
		j.pinned = m.kin.hash(f[PoolKey], j.x)
	}
	if at, rule := expirationUnix(j.expiration); rule == "" {
		j.expires = at
	}
	if m.known > 0 {
		j.holder = holderOf(f[PoolKey], f[PhoneNoA], f[GroupID])
	}
}

// addAll takes rows in order. Finding equal ones waits for memory: asking for
// the places of many rows first lets the waiting overlap.
func (m *matcher) addAll(rows []judged) error {
	const many = 256
	for len(rows) > 0 {
		next := rows[:min(many, len(rows))]
		for i := range next {
			m.seen.touch(&next[i].id)
			m.kin.owners.touch(next[i].owner)
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
	if m.releases != nil {
		m.releases.add(&p, row, index)
		m.rows[index] = p
		return
	}
	var known *entry
	key := Key{ID: p.id, Occurrence: p.occurrence}
	if i, ok := m.journal.index[key]; ok {
		p.entry, known = i, &m.journal.entries[i]
		m.matched[i] = true
	}
	if known == nil && row.verdict != nil {
		m.takeVerdict(&p, row, index)
	}
	if p.fate == fateSend && known != nil && !m.sendable(p.entry) {
		p.fate = fateEntry
	}
	if m.changes != nil && !row.unbound {
		m.ofBinding(&p, row)
	}
	if p.fate == fateEntry && m.journal.entries[p.entry].status == report.Unknown && m.worthLooking(row, &m.journal.entries[p.entry]) {
		p.fate = fateLook
		m.ToLook++
	}
	switch p.fate {
	case fateEntry:
		m.Settled++
		if e := &m.journal.entries[p.entry]; e.status == report.Unknown && m.opt.Resend.Codes[m.journal.codeText(e.code)] {
			m.Withheld++
		}
	case fateSend:
		m.decide(&p, row, again, first)
	}
	if (known != nil || p.carried) && row.x != "" {
		m.pin(&p, row, index)
	}
	if m.changes != nil && (p.fate == fateSend || p.fate == fateEntry) {
		m.changesOnce(&p, index)
	}
	if p.fate == fateSend {
		m.turn++
		if at := time.Unix(row.expires, 0); row.expires != 0 && (m.Soonest.IsZero() || at.Before(m.Soonest)) {
			m.Soonest = at.In(beijingTime())
		}
	}
	if m.known > 0 && p.fate == fateSend {
		m.holders = append(m.holders, row.holder)
	}
	if m.known > 0 && p.fate == fateInvalid && p.entry < 0 && m.changes == nil {
		m.faulty = append(m.faulty, faulty{index, row.holder})
	}
	m.rows[index] = p
}

// worthLooking reports whether a look-up can still tell what became of an
// UNKNOWN row: it names its X, or one was chosen for it, and a binding would
// still live.
func (m *matcher) worthLooking(row *judged, e *entry) bool {
	if !row.pooled || row.expires == 0 || !time.Unix(row.expires, 0).After(m.now.Add(sendAhead)) {
		return false
	}
	if row.x != "" {
		return true
	}
	sent, err := m.journal.detailAt(e.last)
	if err != nil && m.err == nil {
		m.err = err
	}
	return sent.PhoneNoX != ""
}

// takeVerdict settles a row that a results file given as input calls BOUND or
// UNKNOWN, and holds one back of which it names a binding. Everything else such
// a file says is judged afresh.
func (m *matcher) takeVerdict(p *planned, row *judged, index int32) {
	v := row.verdict
	status, ok := v.standing()
	if status == report.Bound && m.isReleased(v.SubsID) {
		status = report.Released // since the file was written
	}
	if !ok || !status.Lasts() {
		// A row that was held back, whose cells were at fault, or whose binding was to
		// be changed: it is not bound by itself, but a binding is there. One that the
		// journal knows is judged as every binding in it is.
		if v.SubsID != "" && v.Code != aliyun.CodeBindConflict {
			if root, known := m.rootOfVerdict(v); known {
				if m.claims == nil {
					m.claims = map[int32]int32{}
				}
				m.claims[index] = root
				return
			}
			if m.isReleased(v.SubsID) {
				return
			}
		}
		held := v.Code == aliyun.CodeStillBound || v.Code == aliyun.CodeEditedAfterSend
		if v.SubsID != "" && v.Code != aliyun.CodeBindConflict || held && m.known == 0 {
			p.fate = fateClaimed
		}
		return
	}
	if status == report.Bound {
		if root, known := m.rootOfVerdict(v); known { // a row before it was edited, or that of another file
			p.fate, p.other = fateAlready, m.journal.now(root)
			m.Taken++
			return
		}
	}
	p.entry = m.journal.addEntry()
	p.carried = true
	e := &m.journal.entries[p.entry]
	e.touched, e.status, e.attempts = true, status, uint16(min(max(v.Attempts, 0), math.MaxUint16))
	e.code = m.journal.codeIndex(v.Code)
	if !m.sendable(p.entry) {
		p.fate = fateEntry
	}
	if f, damaged := m.input.layout.damagedVerdict(v); damaged {
		m.found(row, f)
		m.Warnings++
	}
}

// rootOfVerdict is the root of the live binding that a verdict names. There is to
// be one for each: what becomes of a binding is noted at its root.
func (m *matcher) rootOfVerdict(v *Verdict) (root int32, known bool) {
	if m.bySubsID == nil {
		var err error
		m.bySubsID, err = m.journal.boundBy()
		m.err = errors.Join(m.err, err)
	}
	root, known = m.bySubsID[v.SubsID]
	return root, known && v.SubsID != "" && m.journal.entries[root].status == report.Bound
}

// isReleased reports whether the journal knows that a binding was released.
func (m *matcher) isReleased(subsID string) bool {
	if m.gone == nil {
		m.gone = map[string]bool{}
		for i := range m.known {
			if e := &m.journal.entries[i]; e.is(markRelease) && e.status == report.Released {
				end, err := m.journal.detailAt(e.outcome)
				if m.err = errors.Join(m.err, err); err == nil {
					m.gone[end.SubsID] = true
				}
			}
		}
	}
	return m.gone[subsID]
}

// sendable reports whether a row the journal knows may be sent in this run.
func (m *matcher) sendable(i int32) bool {
	e := &m.journal.entries[i]
	if !e.touched || e.status == report.Pending {
		return true
	}
	switch m.journal.standing(i) {
	case report.Released:
		return m.opt.Resend.Released
	case report.Failed:
		return m.opt.Resend.Failed || m.opt.Resend.Codes[m.journal.codeText(e.code)]
	case report.Unknown: // whatever its code: that says what was learnt, not what the first call did
		return m.opt.Resend.Unknown
	}
	return false
}

// decide tells whether a row that would be sent is fit to be, and what is found
// in it: by itself first, then beside the rows before it. again says that row
// first equals it.
func (m *matcher) decide(p *planned, row *judged, again bool, first int32) {
	var warned, repaired, faulty bool
	tell := func(f *Fault) {
		m.found(row, f)
		switch f.Severity {
		case report.Error:
			if !faulty {
				p.code = m.journal.codeIndex(f.Code())
			}
			faulty = true
		case report.Warning:
			warned = true
		case report.Repaired:
			repaired = true
		}
	}
	for i := range row.faults {
		tell(&row.faults[i])
	}
	switch {
	case faulty && p.entry >= 0 && m.journal.entries[p.entry].status == report.Unknown:
		p.fate = fateEntry // it was sent, so it cannot become INVALID
		m.Settled++
	case faulty:
		p.fate = fateInvalid
	case row.unbound:
		p.fate = fateNoBinding
	case again && p.entry < 0 && !m.opt.AllowDuplicates:
		p.fate, p.other = fateDuplicate, first
		f := duplicateOf(m.rows[first].line)
		tell(&f)
	case m.changes == nil:
		m.beside(p, row, again, tell)
	}
	if faulty {
		return
	}
	if warned {
		m.Warnings++
	}
	if repaired {
		m.Repaired++
	}
}

// found passes a finding on.
func (m *matcher) found(row *judged, f *Fault) {
	if m.opt.Finding != nil {
		m.opt.Finding(m.Rows, row.line, f)
	}
}
