package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"time"
)

// LockEnding follows the path of a journal in the name of its lock file.
const LockEnding = ".lock"

// LockFile is the lock file of a journal. It holds nobody back by itself, and a
// run does not sync it: it may know less than the journal, and never more than is durable. It
// is safe for concurrent use.
type LockFile struct {
	mu     sync.Mutex
	file   *os.File
	state  LockState
	behind *BehindError // what Compare found
	begun  bool         // the file is kept up
	idle   bool         // the holder sends nothing and brought nothing yet

	running bool // the lock of a run is held
}

// OpenLock reads a lock file, which was opened with O_RDWR. One that is empty or
// damaged counts as none. The LockFile owns the file.
func OpenLock(file *os.File) *LockFile {
	l := &LockFile{file: file}
	l.read()
	return l
}

// read reads what the file says.
func (l *LockFile) read() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state, _ = ReadLock(l.file); l.file != nil {
		l.state.Self = FileID(l.file)
	}
}

// maxLock bounds what is read of a lock file: paths may be long.
const maxLock = 4 << 20

// ReadLock reads what a lock file says; ok is false for one that is empty or damaged. Of
// one whose front is whole, that counts: a journal that has its mark lacks nothing.
func ReadLock(r io.ReaderAt) (s LockState, ok bool) {
	const tries = 3 // another process may be writing
	for range tries {
		if err := json.NewDecoder(io.NewSectionReader(r, 0, maxLock)).Decode(&s); err == nil && isID(s.Journal) {
			return s, true
		}
		s = LockState{}
	}
	front := make([]byte, len(fmt.Sprintf(lockForm, newID(), 0, 0)))
	_, _ = r.ReadAt(front, 0) // what cannot be read does not match
	front[len(front)-1] = '}'
	if err := json.Unmarshal(front, &s); err != nil || !isID(s.Journal) || s.Number == 0 {
		return LockState{}, false
	}
	s.Dropped = s.Mark // whose batches nobody knows
	return s, true
}

// State is what the lock file says.
func (l *LockFile) State() LockState {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.state
	s.Batches, s.Missing, s.Begun, s.Seen = slices.Clone(s.Batches), slices.Clone(s.Missing), slices.Clone(s.Begun), slices.Clone(s.Seen)
	return s
}

// trail asks about the marks that the file knows; nil has no file.
func (l *LockFile) trail() *Trail {
	if l == nil {
		return NewTrail()
	}
	return NewTrail(l.State())
}

// Compare is [LockState.Compare] of what the file says, which Behind returns from then on.
func (l *LockFile) Compare(t *Trail) *BehindError {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.behind = l.state.Compare(t)
	return l.behind
}

// begin notes a journal that was begun. With lost, what the file knows of an earlier
// one is missing in it.
func (l *LockFile) begin(id string, at Mark, lost bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := LockState{Journal: id, Mark: at, Place: l.state.Place, File: l.state.File, Self: l.state.Self}
	if lost {
		s.Missing = join(l.state.Missing, l.state.Batches)
	}
	l.state = s
}

// Inherit takes over what the lock file of a journal says of which this one is a copy,
// unless this one had records that the copy lacks. What either calls missing is missing,
// if the copy has it not. t asked for the marks of both.
func (l *LockFile) Inherit(from LockState, t *Trail) {
	l.mu.Lock()
	seen, copied, self := l.state.Seen, l.state.Copied, l.state.Self
	switch had := l.state; {
	case had.Journal != t.id:
		l.state = from
	case t.has(had.Mark):
		l.state = from
		l.state.Place, l.state.File = had.Place, had.File
		l.state.lack(had, t)
	default:
		l.state.lack(from, t)
	}
	l.state.Moved, l.state.Seen, l.state.Copied, l.state.Self = "", seen, copied, self
	l.mu.Unlock()
	l.Compare(t)
}

// Keep writes what the file is to say, before any run, durably: of a journal that is
// written anew, no mark before that can be found again.
func (l *LockFile) Keep() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun = true
	if err := l.write(); err != nil {
		return err
	}
	return l.file.Sync()
}

// Use notes where the journal is in use from now on. It is written with the next Keep,
// Hold or Accept.
func (l *LockFile) Use(place string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Place, l.state.File = place, l.state.Self
}

// See notes marks that the journal once had, and whether what tells of them is a copy.
func (l *LockFile) See(marks []Mark, copied bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Seen, l.state.Copied = marks, copied
}

// Displaced reports whether the file is not at a path any more.
func (l *LockFile) Displaced(path string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file != nil && displaced(l.file.Stat, path)
}

// MoveTo writes what the file says to another one, which is the lock file from then on.
// The old one, wherever it is, says that the journal was carried to a place.
func (l *LockFile) MoveTo(file *os.File, place string) error {
	l.mu.Lock()
	if l.file != nil {
		l.state.Moved = place
		_ = l.write() // perhaps it was deleted
		l.state.Moved = ""
		l.file.Close()
	}
	if l.file, l.running = file, false; l.state.Holder != nil {
		l.run()
	}
	if is, _ := l.state.IsFile(); is {
		l.state.File = FileID(file)
	}
	l.state.Self = FileID(file)
	l.mu.Unlock()
	return l.Keep()
}

// Retire notes that the journal was carried to another place, and is not used here any
// more.
func (l *LockFile) Retire(to string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Moved, l.begun = to, true
	return l.write()
}

// The file begins with the journal and its mark, in a text that has always the same
// length, so that the mark can be written anew without the rest.
const lockForm = `{"journal":"%s","last":%20d,"sum":"%016x",`

// durable notes how far the journal has come. Before a run began nothing is written, so
// that a refused one leaves no trace.
func (l *LockFile) durable(at Mark) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state.Mark = at; l.begun {
		_, _ = fmt.Fprintf(io.NewOffsetWriter(l.file, 0), lockForm, l.state.Journal, at.Number, uint64(at.Sum))
	}
}

// write writes all that the file says.
func (l *LockFile) write() error {
	if l.file == nil {
		return os.ErrClosed
	}
	s := &l.state
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	b := fmt.Appendf(nil, lockForm, s.Journal, s.Number, uint64(s.Sum))
	b = append(b, text[bytes.Index(text, []byte(`"batches":`)):]...) // an id has no quotes
	b = append(b, '\n')
	stood, rerr := io.ReadAll(io.NewSectionReader(l.file, 0, maxLock))
	if _, err := l.file.WriteAt(b, 0); err != nil {
		if rerr == nil { // a full disk: what stood there has its room
			_, _ = l.file.WriteAt(stood, 0)
			_ = l.file.Truncate(int64(len(stood)))
		}
		return err
	}
	return l.file.Truncate(int64(len(b)))
}

// Hold notes the run that has the journal, and the results of its batch. It is
// called before the run's first record.
func (l *LockFile) Hold(h Holder, results string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Holder, l.begun, l.idle = &h, true, len(l.state.Missing) > 0
	if n := len(l.state.Begun); n == 0 || l.state.Begun[n-1] != l.state.Mark {
		l.state.Begun = append(l.state.Begun, l.state.Mark)
	}
	if more := len(l.state.Begun) - mostBegun; more > 0 {
		l.state.Begun = slices.Delete(l.state.Begun, 0, more)
	}
	if !l.idle { // it may send
		l.state.reach(h.Batch, results, "", l.state.Mark)
		l.state.Lost = Mark{}
	}
	if err := l.write(); err != nil {
		return err
	}
	l.running = false
	l.run()
	return nil
}

// run takes the lock that says that the run goes on, for those who ask. One who asks just
// then is in its way for a moment; then it is tried again with the next Left.
func (l *LockFile) run() {
	for try := 1; !l.running; try++ {
		if l.running, _ = tryRun(l.file); l.running || try == askedTries {
			return
		}
		time.Sleep(askedFor)
	}
}

// Left notes how many rows the holder has left, and its rate.
func (l *LockFile) Left(rows int, rate float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.state.Holder
	if h == nil {
		return
	}
	h.Left, h.Rate = rows, rate
	_ = l.write() // for people
	l.run()
}

// Release notes that the run is over, and the digest of the results that it wrote; blank
// if it wrote none. Its batch has come as far as the journal.
func (l *LockFile) Release(digest string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.state.Holder
	if h == nil {
		return nil
	}
	if !l.idle {
		l.state.reach(h.Batch, "", digest, l.state.Mark)
	}
	l.state.Holder = nil
	endRun(l.file)
	l.running = false
	return l.write()
}

// Behind is what Open found: nil if the journal had all that the lock file knew of.
func (l *LockFile) Behind() *BehindError {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.behind
}

// Missing are the batches of which the journal has lost records, and which were not
// brought since.
func (l *LockFile) Missing() []LockBatch {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.state.Missing)
}

// Brought notes that the results with a digest stand in the journal: all rows of a batch
// as its last run left them. It reports whether that was a batch that was missing. An
// older file of the batch, or one that was changed, brings nothing: what it calls
// PENDING may have been sent.
func (l *LockFile) Brought(digest string) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.state.Bring(digest) {
		return false, nil
	}
	l.begun, l.idle = true, false
	return true, l.write()
}

// Accept notes that a person takes the journal for whole, whatever it lacks.
func (l *LockFile) Accept() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &l.state
	for _, b := range s.Missing {
		s.reach(b.Batch, b.Results, b.Digest, s.Mark)
	}
	s.Missing, s.Seen, s.Dropped, l.behind, l.begun = nil, nil, Mark{}, nil, true
	return l.write()
}

// Close closes the file.
func (l *LockFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file, l.begun = nil, false
	return err
}
