package plan

import (
	"slices"
	"strconv"
	"time"

	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// matcher builds a Plan.
type matcher struct {
	*Plan
	opt     Options
	l       *ledger.Ledger // nothing is recorded while a plan is made
	clock   ledger.Clock
	known   int                       // rows that the ledger had before
	batch   uint32                    // number of the plan's
	own     int                       // rows of the batch that the ledger had before
	first   []int32                   // by row of the ledger: the row of the plan that it is, + 1; 0: none
	seen    *identityIndex            // first row of an identity, if the ledger does not tell
	repeats map[input.Identity]uint32 // rows that followed the first of an identity
	places  []ledger.Place            // of the rows to be sent or looked up, in order; only if the ledger knows anything
	err     error                     // of reading the journal
	kin     kin
	faulty  []faulty                // rows that cannot be sent; only if the ledger knows anything
	claims  map[int32]int32         // bindings that rows name which are not called bound to them, by row
	begun   bool                    // the ledger had a run of the batch before
	told    map[ledger.SubsID]claim // bindings that verdicts bring in
	claimed firstRows               // rows by the X that their verdicts bring in
	doubted firstRows               // rows that verdicts call UNKNOWN, by the call
	brought map[ledger.Place]int32  // rows that are or may be bound by what verdicts say, by place
	turn    int                     // rows to be sent so far

	// Of an update: the first row that changes each binding, and that moves one to
	// each place.
	changers map[ledger.SubsID]int32
	movers   map[ledger.Place]int32
}

// judged is what a plan needs of a row. It is found out by several goroutines at
// once, and depends on nothing but the row.
type judged struct {
	id     input.Identity
	place  ledger.Place // 0 unless the ledger knows anything
	owner  uint64       // of kin: its pool, A and group
	pinned uint64       // of kin: its pool and X
	claims uint64       // of kin: its pool and the X of its verdict
	call   uint64       // of kin: the row and the call, by its verdict, of one that is UNKNOWN; 0: none
	line   int

	fields        *[input.NumFields]string // of a row with a verdict of a binding
	x, expiration string
	expires       int64 // expiration in seconds since 1970; 0 if it cannot be read
	pooled        bool

	named   *named        // of a release or an update: its binding
	unbound bool          // it names nothing that an update could change
	subsID  ledger.SubsID // of an update: of the binding
	moves   bool          // of an update: it changes the group

	pool, a, group string // of an update that moves

	relative bool // its Expiration counts from when it is sent
	left     bool // it is none of the plan's

	faults  []input.Fault
	verdict *input.Verdict
}

func (m *matcher) judge(row *input.Row, j *judged) {
	f := &row.Fields
	*j = judged{
		id: m.identify(row), owner: m.kin.hash(f[input.PoolKey], f[input.PhoneNoA], f[input.GroupID]), line: row.Line,
		x: f[input.PhoneNoX], expiration: f[input.Expiration], pooled: f[input.PoolKey] != "", relative: row.Relative,
		faults: row.Check(m.Now), verdict: row.Verdict,
	}
	j.left = m.opt.Select != nil && !m.opt.Select(row)
	if m.Releaser != nil {
		j.named, j.faults = m.Releaser.nameOf(row), ofRecord(row.Faults)
		return
	}
	if j.faults == nil {
		row.Vouch()
	}
	if m.Changes != nil {
		j.faults, j.unbound = m.ofUpdate(j.faults), !changeable(row, m.Changes)
		j.named, j.moves = m.nameOf(row), moves(row, m.Changes)
		j.subsID = j.named.id
		if j.moves {
			j.pool, j.a, j.group = f[input.PoolKey], f[input.PhoneNoA], f[input.GroupID]
		}
		j.verdict = nil // it is about the bind
	}
	if v := row.Verdict; v != nil && v.SubsID != "" && m.known > 0 {
		fields := *f
		j.fields = &fields
	}
	if v := row.Verdict; v != nil && v.SecretNo != "" {
		j.claims = m.kin.hash(f[input.PoolKey], v.SecretNo)
	}
	if v := row.Verdict; v != nil && v.Status == report.Unknown.String() && v.Line > 0 && v.FinishedAt != "" {
		j.call = m.kin.hash(string(j.id[:]), strconv.Itoa(v.Line), v.FinishedAt, v.RequestID)
	}
	if j.x != "" {
		j.pinned = m.kin.hash(f[input.PoolKey], j.x)
	}
	if at, rule := input.ExpirationUnix(j.expiration); rule == "" {
		j.expires = at
	}
	if m.known > 0 || row.Verdict != nil {
		j.place = input.PlaceOf(f[input.PoolKey], f[input.PhoneNoA], f[input.GroupID])
	}
}

// addAll takes rows in order. Finding equal ones waits for memory: asking for
// the places of many rows first lets the waiting overlap.
func (m *matcher) addAll(rows []judged) error {
	const many = 256
	for len(rows) > 0 {
		next := rows[:min(many, len(rows))]
		for i := range next {
			if m.seen != nil {
				m.seen.touch(&next[i].id)
			}
			m.kin.owners.touch(next[i].owner)
		}
		for i := range next {
			m.add(&next[i])
		}
		rows = rows[len(next):]
	}
	return nil
}

// number gives a row its numbers, and returns the first row that equals it: the
// row itself, if there is none before.
func (m *matcher) number(p *Entry, id input.Identity, index int32) (first int32) {
	if m.ids != nil {
		m.ids = append(m.ids, id)
		return m.seen.add(m.ids, index)
	}
	n := m.intern(input.Key{ID: id, Batch: m.batch})
	first = index
	if m.first[n] > 0 {
		first = m.first[n] - 1
		m.repeats[id]++
		n = m.intern(input.Key{ID: id, Occurrence: m.repeats[id], Batch: m.batch})
	}
	p.Row, m.first[n] = n, index+1
	return first
}

func (m *matcher) intern(key input.Key) int32 {
	n := m.l.Intern(key)
	if n == len(m.first) {
		m.first = append(m.first, 0)
	}
	return int32(n)
}

// asks reports whether the ledger, or what the input brings in, may hold back a row.
func (m *matcher) asks() bool {
	return m.Changes == nil && m.Releaser == nil && (m.known > 0 || m.input.Carries())
}

// present reports whether a row of the ledger stands in the input.
func (m *matcher) present(n int) bool { return n >= 0 && n < len(m.first) && m.first[n] > 0 }

// leave takes one row that is none of the plan's: where it stands is not told, and if
// the batch has it, it is gone.
func (m *matcher) leave(row *judged) {
	m.Entries = append(m.Entries, Entry{Row: m.intern(input.Key{ID: row.id, Batch: m.batch}), other: -1, line: uint32(row.line), Fate: fateLeft})
	m.Rows++
	m.Left++
}

// add takes one row.
func (m *matcher) add(row *judged) {
	if row.left {
		m.leave(row)
		return
	}
	index := int32(len(m.Entries))
	p := Entry{Row: -1, line: uint32(row.line), other: -1, Fate: FateSend}
	first := m.number(&p, row.id, index)
	m.Entries = append(m.Entries, p)
	again := first != index
	m.Rows++
	if m.Releaser != nil {
		m.Releaser.add(&p, row, index)
		m.Entries[index] = p
		return
	}
	var known ledger.RowInfo
	if p.Row >= 0 {
		known = m.l.Info(int(p.Row))
	}
	sent := known.Op != 0
	if m.lapsed(&known, row) {
		if known.State = ledger.Pending; known.Refused && known.Anew {
			known.State = ledger.Failed
		}
	}
	if row.verdict != nil && !m.copied(&p, row, index, sent) && (!sent || m.later(&known, row.verdict)) {
		m.takeVerdict(&p, row, index)
	}
	meets := known.State == ledger.Bound && m.Changes == nil &&
		(m.l.Overtaken(int(p.Row)) || !m.opt.AsSent && m.l.Moved(int(p.Row), row.place) || m.prolongs(&known, row))
	if p.Fate == FateSend && sent && (m.opt.AsSent && known.State == ledger.Superseded || !meets && !m.sendable(known.State, known.Code)) {
		p.Fate = fateEntry
	}
	if m.Changes != nil && !row.unbound {
		m.ofBinding(&p, row, index)
	}
	unknown := p.Is(markUnknown) || known.State == ledger.Unknown
	if p.Fate == fateEntry && unknown && m.worthLooking(row, &p) {
		p.Fate = FateLook
		m.ToLook++
		if m.opt.AllowDuplicates {
			m.share(&p, row, index)
		}
	}
	switch p.Fate {
	case fateEntry:
		m.Settled++
		if unknown && m.opt.Resend.Codes[m.codeOf(&p)] {
			m.Withheld++
		}
	case FateSend:
		m.decide(&p, row, again, first)
	}
	if (sent || p.Is(carried)) && row.x != "" {
		m.pin(&p, row, index)
	}
	if m.Changes != nil && (p.Fate == FateSend || p.Fate == fateEntry) {
		m.changesOnce(&p, row, index)
	}
	if p.Fate == FateSend {
		m.turn++
		if at := time.Unix(row.expires, 0); row.expires != 0 && (m.Soonest.IsZero() || at.Before(m.Soonest)) {
			m.Soonest = at.In(report.Beijing)
		}
	}
	if m.asks() && (p.Fate == FateSend || p.Fate == FateLook) {
		m.places = append(m.places, row.place)
	}
	if p.Is(markBound) || p.Is(markUnknown) && p.Fate != FateSend || row.verdict != nil && (p.Fate == fateClaimed || p.Fate == FateOther) {
		m.bring(row.place, index)
	}
	if m.known > 0 && p.Fate == fateInvalid && !sent && !p.Is(carried) && m.Changes == nil {
		m.faulty = append(m.faulty, faulty{index, row.place})
	}
	m.Entries[index] = p
}

// lengthens reports whether a row is bound that would get another end if it was
// sent now.
func (m *matcher) lengthens(known *ledger.RowInfo, row *judged) bool {
	return known.State == ledger.Bound && row.relative && m.Changes == nil && !m.opt.LookOnly && !m.opt.AsSent
}

// lapsed reports whether a row is one of nothing, for its binding lapsed so long ago
// that it holds nothing back: it is sent anew.
func (m *matcher) lapsed(known *ledger.RowInfo, row *judged) bool {
	return m.lengthens(known, row) && !m.l.MayLive(known.Binding, m.clock)
}

// prolongs reports whether a row that is bound is to have the end that it would
// get if it was sent now: if the user said so and it is time. One whose binding has
// just lapsed needs that too, but cannot get it yet; see [ledger.Ledger.Over].
func (m *matcher) prolongs(known *ledger.RowInfo, row *judged) bool {
	if !m.lengthens(known, row) {
		return false
	}
	ends := m.l.Binding(known.Binding).Ends
	return m.l.Over(known.Binding, m.clock) || m.opt.WhenBound == RenewWhenBound && ends < row.expires && m.due(ends)
}

// due reports whether a binding with an end is to be renewed now.
func (m *matcher) due(ends int64) bool {
	return m.opt.RenewBefore == 0 || ends <= m.Now.Add(m.opt.RenewBefore).Unix()
}

func (m *matcher) codeOf(p *Entry) string {
	if p.Is(carried) {
		return m.l.Text(p.code)
	}
	return m.l.Info(int(p.Row)).Code
}

// worthLooking reports whether a look-up can still tell what became of an
// UNKNOWN row: a call in doubt names its X, and a binding would still live.
func (m *matcher) worthLooking(row *judged, p *Entry) bool {
	if !row.pooled || row.expires == 0 || !time.Unix(row.expires, 0).After(m.Now.Add(input.SendAhead)) {
		return false
	}
	if p.Is(markUnknown) {
		return row.x != ""
	}
	return slices.ContainsFunc(m.l.Calls(int(p.Row)), InDoubt)
}

// InDoubt reports whether a look-up by X can settle a call.
func InDoubt(c ledger.CallInfo) bool { return c.Op == ledger.Bind && c.Named && !c.Passed }

// sendable reports whether a row in a state, with a code, may be sent in this
// run.
func (m *matcher) sendable(state ledger.State, code string) bool {
	switch state {
	case ledger.Pending, ledger.Superseded:
		return true
	case ledger.Released:
		return m.opt.Resend.Released
	case ledger.Failed:
		return m.opt.Resend.Failed || m.opt.Resend.Codes[code]
	case ledger.Unknown: // whatever its code: that says what was learnt, not what the first call did
		return m.opt.Resend.Unknown
	}
	return false
}

// decide tells whether a row that would be sent is fit to be, and what is found
// in it: by itself first, then beside the rows before it. again says that row
// first equals it.
func (m *matcher) decide(p *Entry, row *judged, again bool, first int32) {
	var warned, repaired, faulty bool
	tell := func(f *input.Fault) {
		m.found(row, f)
		switch f.Severity {
		case report.Error:
			if !faulty {
				p.code = m.l.Code(f.Code())
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
	case faulty && (p.Is(markUnknown) || p.Row >= 0 && m.l.State(int(p.Row)) == ledger.Unknown):
		p.Fate = fateEntry // it was sent, so it cannot become INVALID
		m.Settled++
	case faulty:
		p.Fate = fateInvalid
	case row.unbound:
		p.Fate = fateNoBinding
	case again && !m.opt.AllowDuplicates && !p.Is(carried) && (p.Row < 0 || m.l.Info(int(p.Row)).Op == 0):
		p.Fate, p.other = fateDuplicate, first
		f := duplicateOf(m.Entries[first].line)
		tell(&f)
	case m.Changes == nil:
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
func (m *matcher) found(row *judged, f *input.Fault) {
	if m.opt.Finding != nil {
		m.opt.Finding(m.Rows, row.line, f)
	}
}
