package books

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// Journal is the memory of what was sent: a [journal.Journal] and the ledger that
// its records come to. A record changes the ledger once it is durable, in the
// order of the file, so that whoever reads the file back knows the same. It is
// safe for concurrent use, but for its exported fields.
type Journal struct {
	Header journal.Header
	Runs   []RunStart
	// Torn is how many bytes of a record that was never completed were dropped
	// from the end; 0 after a run that ended in good order.
	Torn int64
	// Last is the last sample, and Ended the end of the last run in Runs; the
	// zero Sample and nil if there is none.
	Last  Sample
	Ended *RunEnd

	ends   []*RunEnd // of Runs, as read back; nil where there is none
	opened time.Time // when this process came to know it
	heard  atomic.Pointer[heardTime]
	text   io.ReaderAt
	store  *journal.Journal // nil: it is only looked at
	trail  *journal.Trail   // of one that is

	order sync.Mutex // held while a call gets its number and its intent its place
	next  uint64     // number of the next call

	mu     sync.Mutex // guards the rest
	Ledger *ledger.Ledger
	told   map[ledger.SubsID]int32 // rows that were told an id, until the ledger knows it
}

// Create begins a journal in an empty place.
func Create(p journal.Place, h journal.Header, opt journal.Options) (*Journal, error) {
	h.Identity = input.IdentityVersion
	j := NewJournal(p)
	opt.Applied = j.apply
	var err error
	if j.store, err = journal.Create(p, h, opt); err != nil {
		return nil, err
	}
	j.Header = j.store.Header()
	return j, nil
}

// Open reads a journal back and goes on with it. A record torn off at the
// end by a crash is dropped: it was never durable, so nothing was done on its
// strength. Damage elsewhere is a *journal.DamageError. rows is how many rows the
// input has at most: memory for those, or for those of the journal if they are
// more, is taken once. 0: nobody knows.
func Open(p journal.Place, opt journal.Options, rows int) (*Journal, error) {
	j := NewJournal(p)
	opt.Applied, opt.Identity = j.apply, input.IdentityVersion
	length, err := p.Length()
	if err != nil {
		return nil, err
	}
	room := rows
	if h, err := journal.ReadHeader(io.NewSectionReader(p, 0, length)); err == nil {
		room = max(rows, h.Rows+h.Rows/100)
	}
	if room == rows {
		const perRow = 512 // bytes: an intent and its end
		room = max(rows, int(length/perRow))
	}
	j.Ledger.Reserve(room, room)
	if j.store, err = journal.Open(p, j.take, opt); err != nil {
		return nil, err
	}
	// Who has the journal is the only process that sends: calls that are open lost
	// theirs, as the record of the next run will say.
	if err := j.Ledger.Apply(&ledger.Record{Kind: ledger.End}); err != nil {
		return nil, err
	}
	j.Header, j.Torn, j.next = j.store.Header(), j.store.Torn(), j.Ledger.Next()
	return j, nil
}

// Read reads a journal for those who only look: no byte of it changes, so
// that another process may be writing to it. What stands behind the last whole
// record is left alone and counted in Torn. Rows whose call is on its way count
// as UNKNOWN. The journal takes no record; r is read until nobody uses it any more.
// trail follows; it may be nil.
func Read(r io.ReaderAt, size int64, trail *journal.Trail) (*Journal, error) {
	j := NewJournal(r)
	if j.trail = trail; trail == nil {
		j.trail = journal.NewTrail()
	}
	h, end, err := journal.Read(r, size, j.trail, j.take)
	if err == nil {
		err = Readable(h)
	}
	if err != nil {
		return nil, err
	}
	j.Header, j.Torn, j.next = h, size-end, j.Ledger.Next()
	return j, nil
}

// Readable refuses a journal whose keys this version cannot compute: it could not
// tell which rows were sent.
func Readable(h journal.Header) error {
	if h.Identity != input.IdentityVersion {
		return fmt.Errorf("%w: identity %d; this version computes %d", journal.ErrNewerJournal, h.Identity, input.IdentityVersion)
	}
	return nil
}

// NewJournal is one without records. text is where they are read back from.
func NewJournal(text io.ReaderAt) *Journal {
	return &Journal{Ledger: ledger.New(0), opened: time.Now(), next: 1, told: map[ledger.SubsID]int32{}, text: text}
}

// take makes a line known that is read back.
func (j *Journal) take(l *journal.Line) error {
	switch l.Record.Kind {
	case ledger.Run:
		var r RunStart
		if err := json.Unmarshal(l.Detail, &r); err != nil {
			return err
		}
		j.Runs, j.ends, j.Ended = append(j.Runs, r), append(j.ends, nil), nil
	case ledger.End:
		j.Ended = new(RunEnd)
		if err := json.Unmarshal(l.Detail, j.Ended); err != nil {
			return err
		}
		if n := len(j.ends); n > 0 {
			j.ends[n-1] = j.Ended
		}
		if !j.Ended.Service.IsZero() {
			j.heard.Store(&heardTime{service: j.Ended.Service, at: j.opened})
		}
	case 0:
		return json.Unmarshal(l.Detail, &j.Last)
	}
	return j.Ledger.Apply(&l.Record)
}

// apply makes a record known that has become durable.
func (j *Journal) apply(r *ledger.Record) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.told, r.Binding)
	r.Elapsed = j.elapsed()
	return j.Ledger.Apply(r)
}

// mark is how far the journal has come.
func (j *Journal) mark() journal.Mark {
	if j.store == nil {
		return j.trail.Last()
	}
	return j.store.Mark()
}

// Err returns the failure that ended the journal, or nil.
func (j *Journal) Err() error { return j.store.Err() }

// Close commits what is pending and ends the journal's goroutine. The place stays
// open; it belongs to the caller.
func (j *Journal) Close() error { return j.store.Close() }

// Begin records that a run starts.
func (j *Journal) Begin(r RunStart) error {
	if err := j.store.Append(ledger.Record{Kind: ledger.Run, Batch: r.Batch}, r).Wait(); err != nil {
		return err
	}
	j.Runs = append(j.Runs, r)
	return nil
}

// End records that a run ended in good order, and the service's time if that is known.
func (j *Journal) End(r RunEnd) error {
	if h := j.heard.Load(); h != nil {
		r.Service = h.now().UTC().Truncate(time.Second)
	}
	return j.store.Append(ledger.Record{Kind: ledger.End}, r).Wait()
}

// Record adds a sample. It does not wait: a lost sample costs a point of a chart.
func (j *Journal) Record(s Sample) { j.store.Note(s) }

// ForbiddenError says that the ledger forbids a call which the plan wants.
type ForbiddenError struct{ Reason ledger.Reason }

func (e *ForbiddenError) Error() string {
	return fmt.Sprintf("the ledger forbids this call: %s", e.Reason)
}

// Intend makes a call known before it may leave, and returns its number. The
// error is a *ForbiddenError if the call must not be made.
func (j *Journal) Intend(r ledger.Record, wait time.Duration, d *Detail) (call uint64, err error) {
	j.order.Lock()
	r.Kind, r.Call, r.At = ledger.Intent, j.next, d.T
	r.Due = r.At + wait.Milliseconds()
	j.mu.Lock()
	reason := j.Ledger.Check(&r, j.ClockAt(time.UnixMilli(r.At)))
	j.mu.Unlock()
	if reason != ledger.None {
		j.order.Unlock()
		return 0, &ForbiddenError{reason}
	}
	j.next++
	commit := j.store.Append(r, d)
	j.order.Unlock()
	return r.Call, commit.Wait()
}

// Carry records what a results file says of a row: that it is bound or was
// released, or that a call of it is in doubt.
func (j *Journal) Carry(r ledger.Record, d *Detail) *journal.Commit {
	j.order.Lock()
	defer j.order.Unlock()
	if r.Kind == ledger.Doubt {
		r.Call = j.next
		j.next++
	}
	return j.store.Append(r, d)
}

// EndCall makes count what became of a call.
func (j *Journal) EndCall(r ledger.Record, d *Detail) error { return j.EndCallLater(r, d).Wait() }

// EndCallLater is EndCall for many calls: the caller waits for the last Commit.
func (j *Journal) EndCallLater(r ledger.Record, d *Detail) *journal.Commit {
	r.At = time.Now().UnixMilli()
	if r.Kind == ledger.OK || r.Kind == ledger.Found {
		j.Asks(func(l *ledger.Ledger) { r.Passed = l.PassesDue(r.Call, j.Clock()) })
	}
	if d == nil {
		return j.store.Append(r, nil)
	}
	return j.store.Append(r, d)
}

// Claim tells which row has the binding of an id: the one that is told it now,
// unless another was told it before. -1 is a row that nobody knows.
func (j *Journal) Claim(id ledger.SubsID, row int32) int32 {
	j.mu.Lock()
	defer j.mu.Unlock()
	if id == 0 { // nobody's
		return row
	}
	if b, known := j.Ledger.BindingOf(id); known {
		return int32(j.Ledger.Binding(b).Holder)
	}
	if owner, told := j.told[id]; told {
		return owner
	}
	j.told[id] = row
	return row
}

// Has reports whether a row of the ledger has the binding of an id, and that lives.
func (j *Journal) Has(row int32, id ledger.SubsID) (yes bool) {
	j.Asks(func(l *ledger.Ledger) {
		if b, known := l.BindingOf(id); known {
			info := l.Binding(b)
			yes = info.Life == ledger.Bound && info.Holder == int(row)
		}
	})
	return yes
}

// Vanish makes count that a binding is no more.
func (j *Journal) Vanish(id ledger.SubsID, code string, d *Detail) error {
	return j.EndCall(ledger.Record{Kind: ledger.Gone, Binding: id, Code: code}, d)
}

// Withdraw tells that a call never left.
func (j *Journal) Withdraw(call uint64) error {
	return j.EndCall(ledger.Record{Kind: ledger.Withdrawn, Call: call}, nil)
}

// elapsed is for how long this process has known the journal, milliseconds, by a
// monotonic clock. That it may stand still while the machine sleeps only makes waits
// longer.
func (j *Journal) elapsed() int64 { return time.Since(j.opened).Milliseconds() }

// Clock is now, for the ledger's questions.
func (j *Journal) Clock() ledger.Clock { return j.ClockAt(time.Now()) }

// ClockAt is Clock where another time is taken for this machine's.
func (j *Journal) ClockAt(now time.Time) ledger.Clock {
	c := ledger.Clock{Now: now.UnixMilli(), Elapsed: j.elapsed()}
	if at := j.ServiceTime(now); !at.IsZero() {
		c.Service = at.UnixMilli()
	}
	return c
}

// Asks has questions answered by the ledger; do must keep nothing of it.
func (j *Journal) Asks(do func(l *ledger.Ledger)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	do(j.Ledger)
}

// Row is what is known of a row of the ledger.
func (j *Journal) Row(n int32) (info ledger.RowInfo) {
	j.Asks(func(l *ledger.Ledger) { info = l.Info(int(n)) })
	return info
}

// Binding is what is known of a binding of the ledger.
func (j *Journal) Binding(n int32) (info ledger.BindingInfo) {
	j.Asks(func(l *ledger.Ledger) { info = l.Binding(int(n)) })
	return info
}

// Calls are the unsettled calls of a row, the latest first.
func (j *Journal) Calls(n int32) (list []ledger.CallInfo) {
	j.Asks(func(l *ledger.Ledger) { list = l.Calls(int(n)) })
	return list
}

// DetailAt reads back the particulars of the record at a Ref. Zero particulars
// and no error mean that there are none.
func (j *Journal) DetailAt(ref int64) (Detail, error) {
	if ref < 0 {
		return Detail{}, nil
	}
	l, err := journal.At(j.text, ref)
	if err != nil {
		return Detail{}, err
	}
	return DecodeDetail(l)
}

// Known is a binding with its particulars.
type Known struct {
	ledger.BindingInfo
	N                int32 // its number
	SecretNo, SubsID string
	End              Detail // of the last call on it that was done
	Detail           Detail // what it is now
}

// BindingAt reads back what is known of a binding. One that another journal made
// has no particulars.
func (j *Journal) BindingAt(n int32) (k Known, err error) {
	k.N, k.BindingInfo = n, j.Binding(n)
	if k.End, err = j.DetailAt(k.OK); err == nil {
		k.Detail, err = j.DetailAt(k.Values)
	}
	k.SecretNo, k.SubsID = k.End.SecretNo, k.End.SubsID
	return k, err
}

// ReadHeader returns the header of a journal.
func ReadHeader(r io.Reader) (journal.Header, error) {
	h, err := journal.ReadHeader(r)
	if err == nil {
		err = Readable(h)
	}
	return h, err
}

// ReadRuns returns the header and the runs of a journal without changing it
// and without building its rows.
func ReadRuns(r io.Reader) (journal.Header, []RunStart, error) {
	var runs []RunStart
	var broken error
	h, err := journal.ReadRuns(r, func(_ string, text []byte) {
		var run RunStart
		broken = errors.Join(broken, json.Unmarshal(text, &run))
		runs = append(runs, run)
	})
	return h, runs, errors.Join(err, broken)
}

// Recorded reports whether the journal still has what it knows of a row.
func (j *Journal) Recorded(row int32, info *ledger.RowInfo) bool {
	refs := []int64{info.Last}
	if info.State == ledger.Unknown {
		for _, c := range j.Calls(row) {
			refs = append(refs, c.Ref)
		}
	} else if info.Binding >= 0 {
		refs = append(refs, j.Binding(int32(info.Binding)).OK)
	}
	for _, ref := range refs {
		if _, err := j.DetailAt(ref); err != nil {
			return false
		}
	}
	return true
}
