package batch

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/report"
)

// fate says why a row stands where it stands.
type fate uint8

const (
	fateEntry     fate = iota // as its journal entry says; not to be sent
	fateSend                  // to be sent in this run
	fateRenew                 // its call changes the live binding of journal entry `other`
	fateLook                  // UNKNOWN, and its X is named: what became of it is looked up
	fateInvalid               // a fault of its own
	fateDuplicate             // equal to the earlier row `other`
	fateEdited                // journal entry `other` is this row before it was edited
	fateStill                 // journal entry `other`, of another results file, still lives
	fateAlready               // the same, and the user takes it as good
	fateLate                  // its Expiration came too near before its turn
	fatePoolStop              // its pool or city was stopped before its turn
	fateNoNumber              // the list of X numbers had none left for it
	fateTwice                 // the row `other` changes the same binding to something else
	fateClaimed               // a results file names a binding of this row, and no journal knows it
	fateNoBinding             // it names no binding that could be changed, or nothing to change
	fateRest                  // to be sent, but not by this run, which only looks
	fateLeft                  // none of this plan's rows: it is not to be released
	fateDamaged               // the id of its binding was damaged by a spreadsheet
	fateOther                 // the binding that it names is not the row's
	fateReleasing             // a release of its binding was begun and may be done
)

// planned is one row of the plan: small, for there may be ten million.
type planned struct {
	id         Identity
	occurrence uint32
	line       uint32
	entry      int32 // of the journal; -1 for rows that never had nor need one
	other      int32 // a row or an entry, as fate says
	fate       fate
	carried    bool   // its verdict came in with the input and is not in the journal yet
	odd        bool   // a look-up in this run showed what no rule covers
	twin       bool   // another row names the same X
	code       uint16 // of its own first fault, in the journal's codes; 0: none
}

// goes reports whether a row with this fate takes a call.
func (f fate) goes() bool { return f == fateSend || f == fateRenew }

// WhenBound says what becomes of a row whose pool, A and group have a live
// binding in the journal under another identity.
type WhenBound uint8

const (
	RefuseWhenBound WhenBound = iota // hold it back as INVALID
	SkipWhenBound                    // take the binding as this row's
	RenewWhenBound                   // change the binding to what this row says
)

// Resend names the settled rows that are sent again all the same. The zero
// value names none.
type Resend struct {
	Failed   bool
	Unknown  bool
	Released bool
	Codes    map[string]bool // of FAILED rows
}

// PlanOptions says how an input is matched against a journal.
type PlanOptions struct {
	Now             time.Time // against which Expiration is judged
	Results         string    // file name of the results: the job's name
	AllowDuplicates bool
	WhenBound       WhenBound
	Resend          Resend
	LookOnly        bool // nothing is to be sent: rows that would be stay as they are
	AsSent          bool // settled rows stand as they were sent, whatever changed their bindings since
	// Changes makes a plan of updates: each row changes these things of the
	// binding that it names. nil: a plan of bindings. The input must have been
	// opened with Bindings.
	Changes []aliyun.Operate
	// Release makes a plan of releases; nil: a plan of bindings or updates. Results
	// is then the results file of the job whose bindings are released, blank if
	// the input is none.
	Release *Release
	// Rate is at how many calls a second rows will have their turn, for the
	// warning that an Expiration comes before it; 0 gives no such warning.
	Rate float64
	// Finding is called for all that is found in each data row (from 1) and the
	// line it starts on, in order; nil for none. Rows that are settled are not
	// checked.
	Finding func(row, line int, f *Fault)
}

// Plan is an input matched against a journal: for each row, where it stands
// and whether it is to be sent.
type Plan struct {
	Rows     int // in the input, but for those of Left
	ToSend   int // rows that this run would send
	ToLook   int // UNKNOWN rows that name their X, so that this run looks them up
	Settled  int // rows that a journal or a results file given as input has settled
	Held     int // rows held back because of another binding
	Taken    int // rows that take another live binding as theirs
	Renew    int // of ToSend: rows whose calls change a live binding
	Withheld int // UNKNOWN rows with a code of Resend, which is no word to send them
	Gone     int // BOUND or UNKNOWN rows of the journal that left the input
	Left     int // rows of the input that are none of Rows: a plan of releases leaves them alone
	Warnings int // rows without error that have warnings
	Repaired int // rows without error that have repaired values
	// Soonest is the Expiration, among rows to be sent, that comes
	// first; zero if there is none.
	Soonest time.Time

	// identify gives a row its identity: Identify, unless no journal is there
	// to be matched.
	identify func(*Row) Identity
	changes  []aliyun.Operate  // of an update; nil for a bind
	kept     map[int32]int32   // entries whose ids rows keep that are no more what they were, by row
	holds    map[int32]int     // how many rows are held back because of a binding, by its entry
	begun    map[int32][]int32 // updates and releases that are not known to be done, by root
	releases *releaser         // of a plan of releases; nil otherwise

	now     time.Time
	rows    []planned
	journal *Journal
	input   *Input
}

// NewPlan reads the whole input and matches it. journal may be nil: then every
// row is new, which is what a check wants. Nothing is written.
func NewPlan(in *Input, journal *Journal, opt PlanOptions) (*Plan, error) {
	forCheck := journal == nil
	if forCheck {
		journal = newJournal(nil, nil)
	}
	m := matcher{
		Plan:  &Plan{now: opt.Now, journal: journal, input: in, identify: identifyRow, changes: opt.Changes},
		opt:   opt,
		known: len(journal.entries),
		seen:  newIdentityIndex(in.survey.lines), repeats: map[Identity]uint32{},
		kin: newKin(max(in.survey.lines-len(journal.entries), 0)), // settled rows have none
	}
	m.matched = make([]bool, m.known)
	m.rows = make([]planned, 0, in.survey.lines)
	if forCheck {
		m.identify = newQuickIdentity(in.layout.order[:in.layout.filled]).of
	}
	if opt.Changes != nil {
		m.identify = m.identifyUpdate
		m.begun, m.first = journal.unfinished(), map[int32]int32{}
		var err error
		if m.bySubsID, err = journal.boundBy(); err != nil {
			return nil, err
		}
	}
	if opt.Release != nil {
		if err := m.releasing(); err != nil {
			return nil, err
		}
	}
	err := scan(in, true, m.judge, m.addAll)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(m.err, m.hold()); err != nil {
		return nil, err
	}
	if opt.LookOnly {
		m.rest()
	}
	m.Rows -= m.Left
	m.seen, m.kin, m.holders = nil, kin{}, nil // make room for the entries
	if m.releases != nil {
		m.releases.drop()
	}
	if !forCheck {
		journal.entries = slices.Grow(journal.entries, m.toSend())
		if opt.Changes == nil && opt.Release == nil {
			journal.owners.reserve(m.toSend())
		}
	}
	for i := range m.rows {
		if r := &m.rows[i]; r.fate.goes() {
			m.ToSend++
			if r.entry < 0 && !forCheck {
				r.entry = journal.addEntry()
			}
		}
	}
	return m.Plan, nil
}

// rest leaves the rows that would be sent to a later run.
func (p *Plan) rest() {
	for i := range p.rows {
		if r := &p.rows[i]; r.fate.goes() {
			r.fate = fateRest
		}
	}
	p.Renew = 0
}

func (p *Plan) toSend() (n int) {
	for i := range p.rows {
		if p.rows[i].fate.goes() {
			n++
		}
	}
	return n
}

// status is where row i stands now.
func (p *Plan) status(i int) report.Status {
	r := &p.rows[p.speaker(i)]
	var e *entry
	if r.entry >= 0 {
		e = &p.journal.entries[r.entry]
	}
	switch r.fate {
	case fateInvalid, fateDuplicate, fateEdited, fateStill, fateNoBinding, fateTwice, fateClaimed, fateDamaged, fateOther:
		return report.Invalid
	case fateReleasing:
		return report.Unknown
	case fateLate:
		if e != nil && e.status == report.Unknown {
			return report.Unknown
		}
		return report.Invalid
	case fateAlready:
		return report.Bound
	}
	if e == nil || !e.touched {
		return report.Pending
	}
	return p.journal.standing(r.entry)
}

// verdict is where row i stands now and the code that says why. Plan and journal
// know it: it needs neither the input nor anything that is written.
func (p *Plan) verdict(i int) (status report.Status, code string) {
	r := &p.rows[p.speaker(i)]
	status = p.status(i)
	if r.entry >= 0 && p.journal.entries[r.entry].touched {
		code = p.journal.codeText(p.journal.entries[r.entry].code)
	}
	switch r.fate {
	case fateInvalid:
		return status, p.journal.codeText(r.code)
	case fateDamaged:
		return status, aliyun.CodeSubsIDDamaged
	case fateOther:
		return status, aliyun.CodeOtherBinding
	case fateReleasing:
		return status, aliyun.CodeReleaseBegun
	case fateEdited:
		return status, aliyun.CodeEditedAfterSend
	case fateStill, fateClaimed:
		return status, aliyun.CodeStillBound
	case fateAlready:
		return status, aliyun.CodeAlreadyBound
	case fateDuplicate, fateTwice:
		return status, aliyun.CodeDuplicate
	case fateNoBinding:
		return status, aliyun.CodeNoBinding
	case fateLate:
		if status == report.Invalid {
			return status, codeExpiry
		}
	case fatePoolStop:
		if status == report.Pending {
			return status, aliyun.CodePoolStopped
		}
	case fateNoNumber:
		if status == report.Pending {
			return status, aliyun.CodeNoFreeNumber
		}
	}
	switch {
	case status == report.Released && p.releases == nil:
		code = aliyun.CodeReleased
	case status == report.Pending && p.releases != nil && code == aliyun.CodeInterrupted:
		code = aliyun.CodeReleaseBegun
	}
	return status, code
}

// Standing calls do with where each row stands now, in input order. It reads
// nothing, so it holds whatever became of the input and the results.
func (p *Plan) Standing(do func(line int, status report.Status, code string)) {
	for i := range p.rows {
		if p.rows[i].fate != fateLeft {
			status, code := p.verdict(i)
			do(int(p.rows[i].line), status, code)
		}
	}
}

// Counts adds up where the rows stand now. The sum is Rows, always.
func (p *Plan) Counts() map[report.Status]int {
	counts := map[report.Status]int{}
	for i := range p.rows {
		if p.rows[i].fate != fateLeft {
			counts[p.status(i)]++
		}
	}
	return counts
}

// key names row i in the journal.
func (p *Plan) key(i int) Key {
	r := &p.rows[i]
	return Key{ID: r.id, Occurrence: r.occurrence}
}

// ErrInputChanged says that the input was written to while it was being read.
var ErrInputChanged = errors.New("the input changed during the run")

// again reads the input once more and calls do for each row. The rows must be
// those of the plan.
func (p *Plan) again(do func(i int, row *Row) error) error {
	type identified struct {
		row Row
		id  Identity
	}
	i := 0
	err := scan(p.input, false,
		func(row *Row, r *identified) { *r = identified{*row, p.identify(row)} },
		func(rows []identified) error {
			for j := range rows {
				r := &rows[j]
				if i >= len(p.rows) || r.id != p.rows[i].id {
					return fmt.Errorf("%w: line %d", ErrInputChanged, r.row.Line)
				}
				r.row.Index = i
				i++
				if err := do(i-1, &r.row); err != nil {
					return err
				}
			}
			return nil
		})
	if err == nil && i != len(p.rows) {
		err = fmt.Errorf("%w: %d rows, had %d", ErrInputChanged, i, len(p.rows))
	}
	return err
}

// Carry writes the verdicts that came in with the input to the journal, so
// that they hold whatever becomes of that file.
func (p *Plan) Carry() error {
	some := false
	for i := range p.rows {
		some = some || p.rows[i].carried
	}
	if !some {
		return nil
	}
	var last *commit
	err := p.again(func(i int, row *Row) error {
		r := &p.rows[i]
		if !r.carried || row.Verdict == nil {
			return nil
		}
		v, e := row.Verdict, &p.journal.entries[r.entry]
		d := detailOf(row)
		d.Message, d.SecretNo, d.SubsID, d.RequestID = v.Message, v.SecretNo, v.SubsID, v.RequestID
		d.LatencyMs, d.Attempts = v.LatencyMs, v.Attempts
		if at, err := time.Parse(time.RFC3339, v.FinishedAt); err == nil {
			d.T = at.UnixMilli()
		} else { // killed with the call on its way: nobody knows when that was
			d.T = time.Now().UnixMilli()
		}
		d.Undated = true // FinishedAt is when its last call ended, or when it was looked up
		at, c := p.journal.carry(p.key(i), e.status, v.Code, &d)
		e.intent, e.last, e.outcome, last = at, at, at, c
		if e.status.Lasts() && e.status != report.Unknown {
			p.journal.owners.claim(d.SubsID, r.entry)
		}
		e.doubted = e.status == report.Unknown
		e.mark(markNamed, d.PhoneNoX != "")
		r.carried = false
		return nil
	})
	if err != nil || last == nil {
		return err
	}
	return last.wait()
}

// detailOf is what an intent says of its row.
func detailOf(row *Row) detail {
	return detail{
		Line: row.Line, PoolKey: row.Fields[PoolKey], PhoneNoA: row.Fields[PhoneNoA], PhoneNoB: row.Fields[PhoneNoB],
		PhoneNoX: row.x(), GroupID: row.Fields[GroupID], Expiration: row.Fields[Expiration],
		Recording: row.Fields[IsRecordingEnabled], Restrict: row.Fields[CallRestrict], OutID: row.Fields[OutID],
	}
}

// Settled reports whether the input carries verdicts that must not get lost:
// rows called BOUND, UNKNOWN or RELEASED, or that name a binding.
func (in *Input) Settled() (bool, error) {
	return in.anyVerdict(func(v *Verdict) bool {
		status, ok := report.ParseStatus(v.Status)
		return ok && status.Lasts() || v.SubsID != "" && v.Code != aliyun.CodeBindConflict
	})
}

// Strange reports whether the input carries verdicts that must not get lost, as
// Settled does, which nothing in a journal is about: no run of the journal wrote
// the file, and of its bindings one at least is not known, or of its UNKNOWN rows
// none. A binding that has lapsed by now holds nothing, and what a spreadsheet did
// to its id does not count against the rows beside it.
func (in *Input) Strange(j *Journal, now time.Time) (bool, error) {
	settled, err := in.Settled()
	if err != nil || !settled {
		return false, err
	}
	digest := in.SHA256()
	text := hex.EncodeToString(digest[:])
	if slices.ContainsFunc(j.ends, func(e *RunEnd) bool { return e != nil && e.Digest == text }) {
		return false, nil
	}
	var row Row
	known, open := false, false
	for rows := in.Rows(); ; {
		err := rows.Read(&row)
		if errors.Is(err, io.EOF) {
			return open && !known, nil
		}
		if err != nil {
			return false, err
		}
		v := row.Verdict
		if v == nil || v.Code == aliyun.CodeBindConflict {
			continue
		}
		_, ours := j.owners.of(v.SubsID)
		if _, sent := j.index[Key{ID: identifyRow(&row)}]; sent || v.SubsID != "" && ours {
			known = true
			continue
		}
		status, ok := report.ParseStatus(v.Status)
		if !(ok && status.Lasts() || v.SubsID != "") {
			continue
		}
		if at, rule := expirationUnix(row.Fields[Expiration]); rule == "" && at < now.Unix() {
			continue
		}
		if _, damaged := in.layout.damagedVerdict(v); v.SubsID != "" && !damaged {
			return true, nil
		}
		open = true
	}
}

// Simulated reports whether the input carries verdicts of a simulated service.
func (in *Input) Simulated() (bool, error) {
	return in.anyVerdict(func(v *Verdict) bool { return strings.HasPrefix(v.Message, simulatedMark) })
}

func (in *Input) anyVerdict(is func(*Verdict) bool) (bool, error) {
	if !in.Carries() {
		return false, nil
	}
	var row Row
	for rows := in.Rows(); ; {
		err := rows.Read(&row)
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if row.Verdict != nil && is(row.Verdict) {
			return true, nil
		}
	}
}
