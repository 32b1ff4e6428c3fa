package plan

import (
	"encoding/binary"
	"time"

	"axgbind/batch/field"
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
	known   int                        // rows that the ledger had before
	batch   uint32                     // number of the plan's
	own     int                        // rows of the batch that the ledger had before
	begun   bool                       // the ledger had a run of the batch before
	first   []int32                    // by row of the ledger: the row of the plan that it is, + 1; 0: none
	seen    firstRows                  // of identities, if the ledger does not tell
	repeats map[ledger.Identity]uint32 // rows that followed the first of an identity
	shared  sharing
	places  []ledger.Place // of the rows to be sent or looked up, in order; only if the ledger knows anything
	faulty  []faulty       // rows that cannot be sent; only if the ledger knows anything
	turn    int            // rows to be sent so far
	err     error          // of reading the journal

	// Of rows with verdicts:
	disputed    map[int32]int32         // live bindings that they name and the ledger does not call theirs, by row
	brought     map[ledger.Place]int32  // the row that is or may be bound at a place by what its verdict says
	firstOfID   map[ledger.SubsID]claim // the first row that names a binding which the ledger does not know
	firstOfX    firstRows               // the first BOUND one that names an X, by verdictXHash
	firstOfCall firstRows               // the first UNKNOWN one with a call, by callHash
}

// judged is what a plan needs of a row. It is found out by several goroutines at
// once, and depends on nothing but the row.
type judged struct {
	id    ledger.Identity
	place ledger.Place // 0 unless the ledger knows anything
	line  int

	placeHash    uint64 // of its pool, A and group
	xHash        uint64 // of its pool and X
	verdictXHash uint64 // of its pool and the X of its verdict
	callHash     uint64 // of an UNKNOWN one: of the row and the call that its verdict tells of; 0: there is none

	fields        *[field.NumFields]string // of a row with a verdict of a binding
	x, expiration string
	expires       int64 // expiration in seconds since 1970; 0 if it cannot be read
	pooled        bool

	ref     *reference    // of a release or an update: its binding
	unbound bool          // it names nothing that an update could change
	subsID  ledger.SubsID // of an update: of the binding
	moves   bool          // of an update: it changes the group

	pool, a, group string // of an update that moves

	relative bool // its Expiration counts from when it is sent
	left     bool // it is none of the plan's

	faults  []input.Fault
	verdict *input.Verdict
}

// judge finds out what the plan needs of a row.
func (m *matcher) judge(rows rows, row *input.Row, j *judged) {
	f := &row.Fields
	*j = judged{
		id: m.identify(row), placeHash: m.shared.hash(f[field.PoolKey], f[field.PhoneNoA], f[field.GroupID]), line: row.Line,
		x: f[field.PhoneNoX], expiration: f[field.Expiration], pooled: f[field.PoolKey] != "", relative: row.Relative,
		left: m.opt.Select != nil && !m.opt.Select(row),
	}
	if at, rule := input.ExpirationUnix(j.expiration); rule == "" {
		j.expires = at
	}
	rows.judge(row, j)
}

// addAll takes rows in order. Finding equal ones waits for memory: asking for
// the places of many rows first lets the waiting overlap.
func (m *matcher) addAll(of rows, rows []judged) error {
	const many = 256
	for len(rows) > 0 {
		next := rows[:min(many, len(rows))]
		for i := range next {
			m.seen.touch(halfOf(&next[i].id))
			m.shared.places.touch(next[i].placeHash)
		}
		for i := range next {
			m.add(of, &next[i])
		}
		rows = rows[len(next):]
	}
	return nil
}

// number gives a row its numbers, and returns the first row that equals it: the
// row itself, if there is none before.
func (m *matcher) number(p *Entry, id ledger.Identity, index int32) (first int32) {
	if m.ids != nil {
		m.ids = append(m.ids, id)
		return m.seen.add(halfOf(&id), index)
	}
	n := m.intern(ledger.Key{ID: id, Batch: m.batch})
	first = index
	if m.first[n] > 0 {
		first = m.first[n] - 1
		m.repeats[id]++
		n = m.intern(ledger.Key{ID: id, Occurrence: m.repeats[id], Batch: m.batch})
	}
	p.Row, m.first[n] = n, index+1
	return first
}

// halfOf is 64 bits of an identity, which is a hash already.
func halfOf(id *ledger.Identity) uint64 { return binary.LittleEndian.Uint64(id[:8]) }

func (m *matcher) intern(key ledger.Key) int32 {
	n := m.l.Intern(key)
	if n == len(m.first) {
		m.first = append(m.first, 0)
	}
	return int32(n)
}

// present reports whether a row of the ledger stands in the input.
func (m *matcher) present(n int) bool { return n >= 0 && n < len(m.first) && m.first[n] > 0 }

// leave takes one row that is none of the plan's: where it stands is not told, and if
// the batch has it, it is gone.
func (m *matcher) leave(row *judged) {
	m.Entries = append(m.Entries, Entry{Row: m.intern(ledger.Key{ID: row.id, Batch: m.batch}), other: -1, line: uint32(row.line), Fate: fateLeft})
	m.Rows++
	m.Left++
}

// add takes one row.
func (m *matcher) add(rows rows, row *judged) {
	if row.left {
		m.leave(row)
		return
	}
	index := int32(len(m.Entries))
	m.Entries = append(m.Entries, Entry{Row: -1, line: uint32(row.line), other: -1, Fate: FateSend})
	m.Rows++
	p := &m.Entries[index]
	rows.add(p, row, index, m.number(p, row.id, index))
}

// info is what the ledger knows of a row, the zero value for one that it does not have.
func (m *matcher) info(p *Entry) (info ledger.RowInfo) {
	if p.Row >= 0 {
		info = m.l.Info(int(p.Row))
	}
	return info
}

// settle counts a row that stands as it is known.
func (m *matcher) settle(p *Entry, unknown bool) {
	m.Settled++
	if unknown && m.opt.Resend.Codes[m.codeOf(p)] {
		m.Withheld++
	}
}

// turned counts a row that is to be sent.
func (m *matcher) turned(row *judged) {
	m.turn++
	if at := time.Unix(row.expires, 0); row.expires != 0 && (m.Soonest.IsZero() || at.Before(m.Soonest)) {
		m.Soonest = at.In(report.Beijing)
	}
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

// told is what was told of a row that would be sent.
type told struct {
	m   *matcher
	p   *Entry
	row *judged

	warned, repaired, faulty bool
}

// tell passes a finding on, and notes how bad it is.
func (t *told) tell(f *input.Fault) {
	t.m.found(t.row, f)
	switch f.Severity {
	case report.Error:
		if !t.faulty {
			t.p.code = t.m.l.Code(f.Code())
		}
		t.faulty = true
	case report.Warning:
		t.warned = true
	case report.Repaired:
		t.repaired = true
	}
}

// count counts a row that is fit to be sent by what was told of it.
func (t *told) count() {
	switch {
	case t.faulty:
		return
	case t.warned:
		t.m.Warnings++
	}
	if t.repaired {
		t.m.Repaired++
	}
}

// decide tells what is found in a row that would be sent, by itself, and gives it its fate
// if it is not fit. Row first equals it, if that is not the row itself. It returns true if
// only the rows before it can be in its way.
func (m *matcher) decide(t *told, index, first int32) bool {
	p, row := t.p, t.row
	for i := range row.faults {
		t.tell(&row.faults[i])
	}
	switch {
	case t.faulty && (p.Is(markUnknown) || p.Row >= 0 && m.l.State(int(p.Row)) == ledger.Unknown):
		p.Fate = fateEntry // it was sent, so it cannot become INVALID
		m.Settled++
	case t.faulty:
		p.Fate = fateInvalid
	case row.unbound:
		p.Fate = fateNoBinding
	case index != first && !m.opt.AllowDuplicates && !p.Is(carried) && (p.Row < 0 || m.l.Info(int(p.Row)).Op == 0):
		p.Fate, p.other = fateDuplicate, first
		f := duplicateOf(m.Entries[first].line)
		t.tell(&f)
	default:
		return true
	}
	return false
}

// found passes a finding on.
func (m *matcher) found(row *judged, f *input.Fault) {
	if m.opt.Finding != nil {
		m.opt.Finding(m.Rows, row.line, f)
	}
}
