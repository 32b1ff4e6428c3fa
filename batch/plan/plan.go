package plan

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// Fate says why a row stands where it stands.
type Fate uint8

const (
	fateEntry     Fate = iota // as the ledger says; not to be sent
	FateSend                  // to be sent in this run
	FateRenew                 // its call changes the live binding `other`
	FateLook                  // UNKNOWN, and its X is named: what became of it is looked up
	fateInvalid               // a fault of its own
	fateDuplicate             // equal to the earlier row `other`
	fateSamePlace             // it has pool, A and group of the row `other`
	fateEdited                // what `other` tells is this row before it was edited
	fateStill                 // what `other` tells, of another batch, lives or may live in its place
	fateAlready               // the binding `other` counts as its own
	FateLate                  // its Expiration came too near before its turn
	FatePoolStop              // its pool or city was stopped before its turn
	FateNoNumber              // the list of X numbers had none left for it
	fateTwice                 // the row `other` changes the same binding to something else
	fateClaimed               // a results file names a binding of this row, and no journal knows it
	fateNoBinding             // it names no binding that could be changed, or nothing to change; `other` is no more
	fateRest                  // to be sent, but not by this run, which only looks
	fateLeft                  // none of this plan's rows
	FateDamaged               // the id of its binding was damaged by a spreadsheet
	FateOther                 // the binding that it names is not the row's
	fateDoubt                 // of a release: the row of doubtOf is UNKNOWN, so nobody knows whether it has a binding
	FateUnshown               // no look-up shows the binding that it names, which nobody else knows of
	fateOlder                 // of an update: it would take back what was changed of the binding `other` since
	fateOthers                // the binding `other` is another batch's, and not this one's to change or release

	numFates
)

// Entry is one row of the plan: small, for there may be ten million.
type Entry struct {
	Row   int32 // of the ledger; -1 in a plan without journal
	other int32 // a row of the plan, or a binding of the ledger, or doubtOf a row of it, as fate says; -1: none
	line  uint32
	code  uint16 // of its own first fault, or of the verdict that it carries, as the ledger numbers codes; 0: none
	Fate  Fate
	Marks Marks
}

// Marks are more of what is known of a planned row.
type Marks uint8

const (
	markBound     Marks = 1 << iota // its verdict came in with the input and is not in the journal yet: bound,
	markUnknown                     // unknown,
	markReleased                    // or released
	MarkOdd                         // a look-up in this run showed what no rule covers
	MarkSameX                       // another row names the same X
	markUnknowing                   // its call has a person's consent: a call of it is in doubt,
	markAnew                        // its binding was released,
	markBeside                      // or its place is not free

	carried = markBound | markUnknown | markReleased
)

// Is reports whether the row has one of these marks.
func (p *Entry) Is(m Marks) bool { return p.Marks&m != 0 }

// Consent is what a person said of the call of a row. second is what they said of
// a place that is not free: Duplicates or Another.
func (p *Entry) Consent(second ledger.Consent) (c ledger.Consent) {
	if p.Is(markUnknowing) {
		c |= ledger.ResendUnknown
	}
	if p.Is(markAnew) {
		c |= ledger.ResendReleased
	}
	if p.Is(markBeside) {
		c |= second
	}
	return c
}

// allow notes the consent of a row.
func (p *Entry) allow(c ledger.Consent) {
	if c&ledger.ResendUnknown != 0 {
		p.Marks |= markUnknowing
	}
	if c&ledger.ResendReleased != 0 {
		p.Marks |= markAnew
	}
	if c&(ledger.Duplicates|ledger.Another) != 0 {
		p.Marks |= markBeside
	}
}

// doubtOf is what Entry.other says of a row of the ledger whose call in doubt
// is in the way; doubtful undoes it.
func doubtOf(row int32) int32 { return -2 - row }

func (p *Entry) doubtful() (row int32, ok bool) { return -2 - p.other, p.other < -1 }

// Goes reports whether a row with this fate takes a call.
func (f Fate) Goes() bool { return f == FateSend || f == FateRenew }

// WhenBound says what becomes of a row whose pool, A and group have a live
// binding in the journal under another identity.
type WhenBound = ledger.WhenBound

// The row is held back, it takes the binding as its own, or the binding is changed
// to what it says.
const (
	RefuseWhenBound = ledger.RefuseWhenBound
	SkipWhenBound   = ledger.SkipWhenBound
	RenewWhenBound  = ledger.RenewWhenBound
)

// Resend names the settled rows that are sent again all the same. The zero
// value names none.
type Resend struct {
	Failed   bool
	Unknown  bool
	Released bool
	Codes    map[string]bool // of FAILED rows
}

// Options says how an input is matched against a journal.
type Options struct {
	Now             time.Time // against which Expiration is judged
	Batch           string    // id of the batch that the input is; its rows in the journal are the input's
	AllowDuplicates bool
	WhenBound       WhenBound
	Another         bool          // a row gets a binding of its own whatever lives in its place
	RenewBefore     time.Duration // with WhenBound, only bindings that end within this time are renewed; 0: all
	Resend          Resend
	Behind          bool // the journal lacks records: what the input's verdicts say counts though it knows the row
	LookOnly        bool // nothing is to be sent: rows that would be stay as they are
	AsSent          bool // settled rows stand as they were sent, whatever changed their bindings since
	// Select tells the rows of the input that are the plan's, which is against a
	// journal and no release; nil: all.
	Select func(*input.Row) bool
	// Operation is what the rows ask for: Bind (nil, too), *Update or *Release. For the
	// latter two the input must have been opened with Bindings.
	Operation Operation
	// Of is the batch whose bindings are changed or released; blank: the input is a
	// list of bindings, whoever made them.
	Of string
	// Path is that of the input as the records of runs hold paths; blank: it has none.
	Path string
	// Rate is at how many calls a second rows will have their turn, for the
	// warning that an Expiration comes before it; 0 gives no such warning.
	Rate float64
	// Finding is called for all that is found in each data row (from 1) and the
	// line it starts on, in order; nil for none. Rows that are settled are not
	// checked.
	Finding func(row, line int, f *input.Fault)
}

// Plan is an input matched against a journal: for each row, where it stands
// and whether it is to be sent.
type Plan struct {
	Rows     int // in the input, but for those of Left
	ToSend   int // rows that this run would send
	ToLook   int // UNKNOWN rows that name their X, so that this run looks them up
	Settled  int // rows that a journal or a results file given as input has settled
	Taken    int // rows that take another live binding as theirs
	Renew    int // of ToSend: rows whose calls change a live binding
	Withheld int // UNKNOWN rows with a code of Resend, which is no word to send them
	Gone     int // BOUND or UNKNOWN rows of the batch that left the input
	// GoneUnknown are those of Gone that are UNKNOWN.
	GoneUnknown int
	Left        int         // rows of the input that are none of Rows: the plan leaves them alone
	StopCode    string      // the code that stopped the run, for the rows that it left; blank: none did
	Warnings    int         // rows without error that have warnings
	Blank       input.Blank // records that are no rows
	Repaired    int         // rows without error that have repaired values
	// Soonest is the Expiration, among rows to be sent, that comes
	// first; zero if there is none.
	Soonest time.Time

	// identify gives a row its identity: Identify, unless no journal is there
	// to be matched.
	identify    func(*input.Row) ledger.Identity
	op          Operation
	kept        map[int32]int32     // bindings whose ids rows keep that are no more what they were, by row
	holds       map[int32]int       // how many rows are held back because of what Entry.other says
	alike       map[int32]int32     // of a release: rows that release what an earlier row does, that row
	scope       scope               // of a plan of releases or updates
	occupancies map[int32]occupancy // rows that name a place where not exactly one binding is
	past        map[int32]int       // rows that name a place and changed another binding before: the run that did
	Second      ledger.Consent      // the word that allows a second binding at a place
	when        WhenBound           // likewise, what becomes of a row whose place is taken
	path        string              // of the input
	Rescued     sync.Map            // lines of rows of which the run said what the journal could not take
	batches     map[string]string   // where each batch wrote its results last, once that was asked

	Now     time.Time
	Entries []Entry
	ids     []ledger.Identity // of rows, if the ledger does not have them
	Journal *books.Journal
	input   *input.Input
}

// New reads the whole input and matches it. journal may be nil: then every
// row is new, which is what a check wants. Nothing is written.
func New(in *input.Input, journal *books.Journal, opt Options) (*Plan, error) {
	forCheck := journal == nil
	if forCheck {
		journal = books.NewJournal(nil)
	}
	m := matcher{
		Plan: &Plan{
			Now: opt.Now, Journal: journal, input: in, identify: (*input.Row).Identity, op: opt.Operation, Second: ledger.Duplicates, when: opt.WhenBound, path: opt.Path,
			kept: map[int32]int32{}, holds: map[int32]int{}, alike: map[int32]int32{}, occupancies: map[int32]occupancy{}, past: map[int32]int{},
		},
		opt:   opt,
		l:     journal.Ledger,
		clock: journal.ClockAt(opt.Now),
		known: journal.Ledger.Len(),
		batch: journal.Ledger.BatchNumber(opt.Batch),
		first: make([]int32, journal.Ledger.Len()), repeats: map[ledger.Identity]uint32{},
		disputed: map[int32]int32{}, firstOfID: map[ledger.SubsID]claim{}, brought: map[ledger.Place]int32{},
	}
	if m.op == nil {
		m.op = Bind{}
	}
	if opt.Another {
		m.Second = ledger.Another
	}
	m.begun = slices.ContainsFunc(journal.Runs, func(r books.RunStart) bool { return r.Batch == opt.Batch })
	for n := range m.known {
		if m.l.Key(n).Batch == m.batch {
			m.own++
		}
	}
	m.shared = newSharing(max(in.Lines()-1-m.own, 0)) // settled rows have none
	m.Entries = make([]Entry, 0, in.Lines()-1)
	if forCheck {
		m.index()
		m.identify = in.NewQuickIdentity().Of
	}
	rows := m.op.begin(&m)
	if m.ids == nil {
		m.l.Reserve(max(in.Lines()-1-m.own, 0), 0)
	}
	var err error
	m.Blank, err = input.Scan(in, true, func(row *input.Row, j *judged) { m.judge(rows, row, j) }, func(list []judged) error { return m.addAll(rows, list) })
	if err != nil {
		return nil, err
	}
	if err := errors.Join(m.err, rows.end()); err != nil {
		return nil, err
	}
	if opt.LookOnly {
		m.rest()
	}
	m.Rows -= m.Left
	m.shared, m.places, m.first, m.seen = sharing{}, nil, nil, firstRows{} // make room for the bindings
	for i := range m.Entries {
		if m.Entries[i].Fate.Goes() {
			m.ToSend++
		}
	}
	if !forCheck && m.scope.op == 0 {
		m.l.Reserve(0, m.ToSend) // each may come to a binding
	}
	return m.Plan, nil
}

// index makes the rows be told apart by their identities alone.
func (m *matcher) index() {
	rows := m.input.Lines() - 1
	m.ids, m.seen = make([]ledger.Identity, 0, rows), newFirstRows(rows)
}

// rest leaves the rows that would be sent to a later run.
func (p *Plan) rest() {
	for i := range p.Entries {
		if r := &p.Entries[i]; r.Fate.Goes() {
			r.Fate = fateRest
		}
	}
	p.Renew = 0
}

// Info is what the ledger tells of row i; of one that it does not have, or knows only
// by a change of another binding, that it was never sent.
func (p *Plan) Info(i int) ledger.RowInfo {
	if n := p.Entries[i].Row; n >= 0 {
		info := p.Journal.Row(n)
		if run, is := p.past[int32(i)]; !is || info.Run != run {
			if info.State == ledger.Bound {
				p.sinceLapsed(i, &info)
			}
			return info
		}
	}
	return ledger.RowInfo{Run: -1, Binding: -1, Last: -1}
}

// Key names row i in the journal.
func (p *Plan) Key(i int) (key ledger.Key) {
	p.Journal.Asks(func(l *ledger.Ledger) { key = l.Key(int(p.Entries[i].Row)) })
	return key
}

// id is the identity of row i.
func (p *Plan) id(i int) ledger.Identity {
	if p.ids != nil {
		return p.ids[i]
	}
	return p.Key(i).ID
}

// ErrInputChanged says that the input was written to while it was being read.
var ErrInputChanged = errors.New("the input changed during the run")

// EachRow reads the input once more and calls do for each row. The rows must be
// those of the plan.
func (p *Plan) EachRow(do func(i int, row *Row) error) error {
	type identified struct {
		row Row
		id  ledger.Identity
	}
	i := 0
	_, err := input.Scan(p.input, false,
		func(row *input.Row, r *identified) {
			*r = identified{Row{Row: *row}, p.identify(row)}
			if p.input.NamesBindings() {
				r.row.Target = targetNamed(row)
			}
		},
		func(rows []identified) error {
			for j := range rows {
				r := &rows[j]
				if i >= len(p.Entries) || r.id != p.id(i) {
					return fmt.Errorf("%w: line %d", ErrInputChanged, r.row.Line)
				}
				r.row.Index = i
				p.asSent(i, &r.row)
				i++
				if err := do(i-1, &r.row); err != nil {
					return err
				}
			}
			return nil
		})
	if err == nil && i != len(p.Entries) {
		err = fmt.Errorf("%w: %d rows, had %d", ErrInputChanged, i, len(p.Entries))
	}
	return err
}

// asSent gives a row whose Expiration counts from when it is sent the one that it
// was sent with, if it stands as it was sent.
func (p *Plan) asSent(i int, row *Row) {
	if !row.Relative || p.Entries[i].Fate.Goes() || p.Entries[i].Row < 0 {
		return
	}
	ends, r, info := int64(0), &p.Entries[i], p.Info(i)
	p.Journal.Asks(func(l *ledger.Ledger) {
		switch calls := l.Calls(int(r.Row)); {
		case r.Fate == fateAlready:
			ends = l.Binding(int(r.other)).Ends
		case info.Binding >= 0:
			ends = l.Binding(info.Binding).Ends
		case len(calls) > 0:
			ends = calls[0].Ends
		}
	})
	if ends != 0 {
		row.Fields[field.Expiration] = endText(ends)
	}
}

// endText is an Expiration as a cell has it.
func endText(ends int64) string {
	return time.Unix(ends, 0).In(report.Beijing).Format(time.DateTime)
}

// EndOf is an Expiration as the ledger has it; 0 if it cannot be read.
func EndOf(expiration string) int64 {
	if at, rule := input.ExpirationUnix(expiration); rule == "" {
		return at
	}
	return 0
}

// DetailOf is what an intent says of its row.
func DetailOf(row *input.Row) books.Detail {
	return books.Detail{
		Line: row.Line, PoolKey: row.Fields[field.PoolKey], PhoneNoA: row.Fields[field.PhoneNoA], PhoneNoB: row.Fields[field.PhoneNoB],
		PhoneNoX: row.Fields[field.PhoneNoX], GroupID: row.Fields[field.GroupID], Expiration: row.Fields[field.Expiration],
		Recording: row.Fields[field.IsRecordingEnabled], Restrict: row.Fields[field.CallRestrict], OutID: row.Fields[field.OutID], Fixed: books.FixedOf(&row.Fields),
	}
}
