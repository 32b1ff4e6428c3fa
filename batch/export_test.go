package batch

import (
	"context"
	"math/rand/v2"
	"time"

	"axgbind/aliyun"
	"axgbind/report"
)

// What the tests of the engine see of its inside.

type (
	Governor = governor
	Gate     = gate
	Detail   = detail
)

const (
	Prepare      = prepare
	ThrottleBase = throttleBase
	ConnectBase  = connectBase
	LongestWait  = longestWait
)

func NewGovernor(limit, throttled float64, now time.Time) *Governor {
	return newGovernor(limit, throttled, now)
}
func (g *governor) Observe(released time.Time, throttled bool) { g.observe(released, throttled) }
func (g *governor) Tick(now time.Time) float64                 { return g.tick(now).limit }

func NewGate(limit int) *Gate                            { return newGate(limit) }
func (g *gate) Enter(ctx context.Context) error          { return g.enter(ctx) }
func (g *gate) Leave()                                   { g.leave() }
func (g *gate) Resize(limit int)                         { g.resize(limit) }
func (g *gate) Holders() int                             { return g.holders() }
func (p *Pace) Preparing() int                           { return p.ahead.holders() }
func (f *failures) Add(bad, refused bool, c string) Stop { return f.add(bad, refused, c) }

func NewFailures(max MaxFailures) interface {
	Add(bad, refused bool, code string) Stop
} {
	return &failures{max: max}
}

func Backoff(base time.Duration, n int, asked time.Duration, r *rand.Rand) time.Duration {
	return backoff(base, n, asked, r)
}

func (j *Journal) Intent(key Key, attempt uint16, d *Detail) error {
	_, err := j.intent(key, attempt, d)
	return err
}

func (j *Journal) Withdraw(key Key, attempt uint16) error { return j.withdraw(key, attempt) }

func (j *Journal) Outcome(key Key, attempt uint16, status report.Status, code string, d *Detail) error {
	_, err := j.outcome(key, attempt, status, code, d)
	return err
}

func (j *Journal) Carried(key Key, status report.Status, code string, d *Detail) error {
	_, c := j.carry(key, status, code, d)
	return c.wait()
}

// RowState is what a journal knows of a row.
type RowState struct {
	Status   report.Status
	Code     string
	Attempts int
	Intent   Detail
	End      Detail
}

// Rows returns the state of every row that the journal was opened with.
func (j *Journal) Rows() (map[Key]RowState, error) {
	rows := map[Key]RowState{}
	for key, i := range j.index {
		e := &j.entries[i]
		s := RowState{Status: e.status, Code: j.codeText(e.code), Attempts: int(e.attempts)}
		var err error
		if s.Intent, err = j.detailAt(e.intent); err != nil {
			return nil, err
		}
		if s.End, err = j.detailAt(e.outcome); err != nil {
			return nil, err
		}
		rows[key] = s
	}
	return rows, nil
}

// Capacity and Brake.

type (
	Capacity = capacity
	Brake    = brake
)

func NewCapacity() *Capacity                                   { return newCapacity() }
func (c *capacity) Stopped(pool, city string) bool             { return c.stopped(pool, city) }
func (c *capacity) Report(pool, city, a string, dry bool) bool { return c.report(pool, city, a, dry) }

func (b *brake) Count(trouble bool) bool { return b.count(trouble) }

// Door.

type (
	Door = door
	Pass = pass
)

// NewDoor returns a door at the start of a run. asks: its rows have look-ups made
// before they probe.
func NewDoor(tell func(Message), give func(), asks bool) *Door {
	d := newDoor(tell, give)
	d.asks = func() bool { return asks }
	return d
}

func (p pass) Probes() bool    { return p.probe }
func (p pass) LookFirst() bool { return p.lookFirst }

func (d *door) Enter(ctx context.Context, look bool) (Pass, error) { return d.enter(ctx, look) }
func (d *door) Pull()                                              { d.pull() }
func (d *door) Forgo(p Pass)                                       { d.forgo(p) }
func (d *door) Bars(p Pass) bool                                   { return d.bars(p) }

// Call notes that the call of a pass leaves; asked instead makes a look-up of it.
func (d *door) Call(p Pass) Pass  { p.generation = d.generation.Load(); return p }
func (d *door) Asked(p Pass) Pass { p.look = true; return d.Call(p) }

// Report takes the end of a call with a code.
func (d *door) Report(p Pass, code string) bool {
	return d.report(p, aliyun.Lookup(code).Class, code)
}

// ExcelPlain undoes report.ExcelText in one cell.
func ExcelPlain(s string) string { return excelPlain(s) }

// Keys returns the name of every row in the journal, in input order.
func (p *Plan) Keys() []Key {
	keys := make([]Key, len(p.rows))
	for i := range keys {
		keys[i] = p.key(i)
	}
	return keys
}

// Flight.

type Flight = flight

func NewFlight(bound int) *Flight { return &flight{bound: bound} }
func (f *flight) Bound() int      { return f.bound }
func (f *flight) Tick(now time.Time, want int, ended int64, limit float64, latency time.Duration) {
	f.tick(now, want, ended, limit, latency)
}

// The reader.

// ReadInPartsOf makes the input be read in parts of some n bytes.
func (in *Input) ReadInPartsOf(n int) { in.partSize = n }

func ColumnLetter(n int) string { return columnLetter(n) }

func ExpirationUnix(s string) (int64, bool) {
	at, rule := expirationUnix(s)
	return at, rule == ""
}

// RunRecord, and the others, are lines of a journal as a run writes them.
func RunRecord(r RunStart) []byte  { return must(appendLine(nil, kindRun, nil, r)) }
func EndRecord(r RunEnd) []byte    { return must(appendLine(nil, kindEnd, nil, r)) }
func SampleRecord(s Sample) []byte { return must(appendLine(nil, kindSample, nil, s)) }
func HeaderRecord(h Header) []byte {
	h.Format, h.Version, h.Identity = journalFormat, journalVersion, IdentityVersion
	return must(appendLine(nil, kindHeader, nil, h))
}

func IntentRecord(key Key, attempt uint16, d *Detail) []byte {
	return must(appendLine(nil, kindIntent, attemptHead(key, attempt), d))
}

func OutcomeRecord(key Key, attempt uint16, status report.Status, code string, d *Detail) []byte {
	return must(appendLine(nil, kindOutcome, appendVerdict(attemptHead(key, attempt), status, code), d))
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

// Owners tells whose binding a SubsId is.
type Owners = owners

// Claim gives an id to an entry, or returns the one that has it.
func (o *owners) Claim(id string, entry int32) int32 { return o.claim(id, entry) }

// Has reports whether some entry has the id.
func (o *owners) Has(id string) bool {
	_, ok := o.of(id)
	return ok
}
