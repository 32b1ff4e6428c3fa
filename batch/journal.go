package batch

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"axgbind/report"
)

// JournalFile is where a journal lives. Write appends. An *os.File opened with
// O_APPEND is one.
type JournalFile interface {
	io.Writer
	io.ReaderAt
	Sync() error
	Truncate(size int64) error
}

// Displaceable is a JournalFile that can tell that what is written to it will not
// be found again: its name leads elsewhere, or nowhere.
type Displaceable interface {
	JournalFile
	Displaced() bool
}

// commitEvery is the least time between two syncs. A lone record is durable as
// soon as the disk says so; under load, records wait for each other and share
// a sync, which is what keeps durability from costing throughput.
const commitEvery = 10 * time.Millisecond

// ErrJournal wraps each failure to write or sync. It is final: after a failed
// fsync nobody knows what the disk holds, so it is never tried again.
var ErrJournal = errors.New("journal cannot be written")

// entry is what a journal knows of one row. Offsets lead back to the full
// record; -1 means none.
type entry struct {
	intent   int64  // the first: when the row may first have been executed
	last     int64  // the last intent
	outcome  int64  // the last outcome, look-up or carried verdict
	link     int32  // of an update: the entry that made the binding. Of that one: the update whose values the binding has now, or its release. -1: none
	attempts uint16 // calls, as far as they fit
	run      uint16 // index of the run that touched it last
	code     uint16 // index into codes
	status   report.Status
	marks    marks
	doubted  bool // an answer of one of its calls was lost, now or earlier
	touched  bool // there was an intent or a verdict; otherwise the row was never reached
	update   bool // its calls change or release the binding of another entry, and may be repeated
}

// marks are more of what is known of an entry, packed: there may be ten million.
type marks uint8

const (
	markOpen    marks = 1 << iota // an intent without its end
	markNamed                     // its last call named an X
	markBlind                     // a call that named none, or another, is in doubt: its X cannot tell what became of the row
	markGone                      // the service said that its binding is gone
	markRelease                   // of an update: it releases the binding
)

func (e *entry) is(m marks) bool { return e.marks&m != 0 }

func (e *entry) mark(m marks, on bool) {
	e.marks &^= m
	if on {
		e.marks |= m
	}
}

// Journal is the memory of what was sent: append-only, one writer, durable
// before it counts. It stands in for an embedded database (deps.md section 4
// has the comparison): two kinds of append and one scan are all it needs, and
// a line log can be read with grep at 2 a.m.
//
// Entries belong to the rows of a plan; each is changed only by the goroutine
// that carries its row. Everything else is safe for concurrent use.
type Journal struct {
	Header Header
	Runs   []RunStart
	// Torn is how many bytes of a record that was never completed were dropped
	// from the end; 0 after a run that ended in good order.
	Torn int64
	// Last is the last sample, and Ended the end of the last run in Runs; the
	// zero Sample and nil if there is none.
	Last  Sample
	Ended *RunEnd

	ends    []*RunEnd // of Runs, as read back; nil where there is none
	records int       // read back
	entries []entry

	// sentAnew is, of rows whose binding was released or was another row's and that
	// are sent anew, what they were before: their call may be withdrawn.
	sentAnew map[int32]entry

	index  map[Key]int32
	owners owners
	codes  []string
	codeOf map[string]uint16

	file    JournalFile
	release func() error // frees reserved disk space; nil if there is none

	mu      sync.Mutex
	size    int64 // where the next record will stand
	pending []byte
	group   *commit
	failed  error
	barred  error // the disk is full, or the file was taken away: outcomes only
	wake    chan struct{}
	done    chan struct{}
	closed  bool
}

// commit is one group of records on its way to the disk.
type commit struct {
	done chan struct{}
	err  error
}

// wait returns once the group is durable, or the error that keeps it from
// ever being so.
func (c *commit) wait() error {
	<-c.done
	return c.err
}

// CreateJournal begins a journal in an empty file. release frees reserved disk
// space and is called once, when the disk is full; it may be nil.
func CreateJournal(f JournalFile, h Header, release func() error) (*Journal, error) {
	h.Format, h.Version, h.Identity = journalFormat, journalVersion, IdentityVersion
	j := newJournal(f, release)
	j.Header = h
	text, err := appendLine(nil, kindHeader, nil, h)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(text); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	if err := f.Sync(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	j.size = int64(len(text))
	j.start()
	return j, nil
}

func newJournal(f JournalFile, release func() error) *Journal {
	return &Journal{
		file: f, release: release, index: map[Key]int32{}, sentAnew: map[int32]entry{},
		codes: []string{""}, codeOf: map[string]uint16{"": 0},
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

func (j *Journal) start() { go j.commitLoop() }

// append hands a record to the next group and returns where it will stand.
func (j *Journal) append(k kind, head []byte, v any) (int64, *commit) {
	text, err := appendLine(nil, k, head, v)
	j.mu.Lock()
	defer j.mu.Unlock()
	if err == nil {
		err = j.failed
	}
	if err == nil && (k == kindIntent || k == kindUpdate || k == kindRelease) {
		err = j.barred
	}
	if err == nil && j.closed {
		err = fmt.Errorf("%w: it is closed", ErrJournal)
	}
	if err != nil {
		c := &commit{done: make(chan struct{}), err: err}
		close(c.done)
		return -1, c
	}
	at := j.size
	j.size += int64(len(text))
	j.pending = append(j.pending, text...)
	if j.group == nil {
		j.group = &commit{done: make(chan struct{})}
		select {
		case j.wake <- struct{}{}:
		default:
		}
	}
	return at, j.group
}

// commitLoop writes and syncs one group after the other until Close.
func (j *Journal) commitLoop() {
	defer close(j.done)
	var last time.Time
	for range j.wake {
		if rest := commitEvery - time.Since(last); rest > 0 {
			time.Sleep(rest)
		}
		last = time.Now()
		j.mu.Lock()
		text, group := j.pending, j.group
		j.pending, j.group = nil, nil
		j.mu.Unlock()
		if group == nil {
			continue
		}
		if err := j.write(text); err != nil {
			group.err = fmt.Errorf("%w: %w", ErrJournal, err)
			j.mu.Lock()
			j.failed = group.err
			if j.group != nil { // joined while this one failed
				j.group.err = group.err
				close(j.group.done)
				j.pending, j.group = nil, nil
			}
			j.mu.Unlock()
		}
		close(group.done)
	}
}

// write makes text durable. A full disk gives back the reserved space once.
func (j *Journal) write(text []byte) error {
	n, err := j.file.Write(text)
	if err != nil && diskFull(err) && j.release != nil {
		if ferr := j.release(); ferr == nil {
			j.release = nil
			j.bar(errFull)
			text = text[n:]
			n, err = j.file.Write(text)
		}
	}
	if err == nil && n < len(text) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		return err
	}
	if f, ok := j.file.(Displaceable); ok && f.Displaced() {
		j.bar(ErrDisplaced)
	}
	return nil
}

// bar takes outcomes only from now on.
func (j *Journal) bar(why error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.barred == nil {
		j.barred = why
	}
}

// errFull says that the disk is full. Outcomes of calls under way are still
// recorded, in the space that was reserved for them.
var errFull = fmt.Errorf("%w: the disk is full", ErrJournal)

// ErrDisplaced says that the journal was deleted, moved or replaced while a run
// wrote to it. Outcomes are still recorded there, for whoever has it open.
var ErrDisplaced = fmt.Errorf("%w: it was deleted or moved", ErrJournal)

// Err returns the failure that ended the journal, or nil.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return cmp.Or(j.failed, j.barred)
}

// Close commits what is pending and ends the journal's goroutine. The file
// stays open; it belongs to the caller.
func (j *Journal) Close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		<-j.done
		return j.Err()
	}
	j.closed = true
	group := j.group
	j.mu.Unlock()
	if group != nil {
		<-group.done
	}
	close(j.wake)
	<-j.done
	return j.Err()
}

// note appends a record about the run itself and waits until it is durable.
func (j *Journal) note(k kind, v any) error {
	_, c := j.append(k, nil, v)
	return c.wait()
}

// Begin records that a run starts.
func (j *Journal) Begin(r RunStart) error {
	if err := j.note(kindRun, r); err != nil {
		return err
	}
	j.Runs = append(j.Runs, r)
	return nil
}

// End records that a run ended in good order.
func (j *Journal) End(r RunEnd) error { return j.note(kindEnd, r) }

// Record adds a sample. It does not wait: a lost sample costs a point of a chart.
func (j *Journal) Record(s Sample) { j.append(kindSample, nil, s) }

// intent makes an attempt known before its call may leave.
func (j *Journal) intent(key Key, attempt uint16, d *detail) (int64, error) {
	at, c := j.append(kindIntent, attemptHead(key, attempt), d)
	return at, c.wait()
}

// intentOn is intent for a call that changes or releases, as k says, the binding
// of the entry of, and that may be repeated.
func (j *Journal) intentOn(k kind, key Key, attempt uint16, of Key, d *detail) (int64, error) {
	at, c := j.append(k, of.append(append(attemptHead(key, attempt), ' ')), d)
	return at, c.wait()
}

// withdraw tells that the attempt's call never left.
func (j *Journal) withdraw(key Key, attempt uint16) error {
	_, c := j.append(kindWithdrawn, attemptHead(key, attempt), nil)
	return c.wait()
}

// outcome makes the end of an attempt count.
func (j *Journal) outcome(key Key, attempt uint16, status report.Status, code string, d *detail) (int64, error) {
	at, c := j.append(kindOutcome, appendVerdict(attemptHead(key, attempt), status, code), d)
	return at, c.wait()
}

// look records what a look-up showed.
func (j *Journal) look(key Key, status report.Status, code string, d *detail) (int64, error) {
	at, c := j.lookLater(key, status, code, d)
	return at, c.wait()
}

// lookLater is look for many: the caller waits for the last.
func (j *Journal) lookLater(key Key, status report.Status, code string, d *detail) (int64, *commit) {
	return j.append(kindLook, appendVerdict(key.append(nil), status, code), d)
}

// carry records a verdict that came in with the input. It does not wait; the
// caller waits for the last.
func (j *Journal) carry(key Key, status report.Status, code string, d *detail) (int64, *commit) {
	return j.append(kindCarried, appendVerdict(key.append(nil), status, code), d)
}

// detailAt reads back the detail of the record at an offset. A zero detail and
// no error means that there is none.
func (j *Journal) detailAt(at int64) (detail, error) {
	if at < 0 {
		return detail{}, nil
	}
	l, err := j.recordAt(at)
	if err != nil {
		return detail{}, err
	}
	d, err := l.decode()
	if err != nil {
		return d, fmt.Errorf("journal: byte %d: %w", at, err)
	}
	return d, nil
}

// recordAt reads back the record at an offset.
func (j *Journal) recordAt(at int64) (line, error) {
	for room := 1 << 10; ; room *= 4 {
		buf := make([]byte, room)
		n, err := j.file.ReadAt(buf, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return line{}, fmt.Errorf("journal: %w", err)
		}
		end := indexNewline(buf[:n])
		if end < 0 {
			if n < room {
				return line{}, fmt.Errorf("journal: no record at byte %d", at)
			}
			continue
		}
		l, err := parseLine(buf[:end])
		if err != nil {
			return line{}, fmt.Errorf("journal: byte %d: %w", at, err)
		}
		return l, nil
	}
}

// codeIndex interns a code: a million rows share a few dozen.
func (j *Journal) codeIndex(code string) uint16 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.internLocked(code)
}

func (j *Journal) internLocked(code string) uint16 {
	if i, ok := j.codeOf[code]; ok {
		return i
	}
	if len(j.codes) == 1<<16-1 {
		return 0
	}
	i := uint16(len(j.codes))
	j.codes = append(j.codes, code)
	j.codeOf[code] = i
	return i
}

// codeText is the code behind an index.
func (j *Journal) codeText(i uint16) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.codes[i]
}
