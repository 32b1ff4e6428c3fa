package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// LockEnding follows the path of a journal in the name of its lock file.
const LockEnding = ".lock"

// LockState is what a lock file says: which journal stands beside it, how far it
// had come, and who has it. It is one JSON object.
type LockState struct {
	Journal string `json:"journal"` // its ID
	Last    uint64 `json:"last"`    // number of a record that is durable

	// Batches are those of the latest runs, each once, in the order of their last
	// records. Missing are those of which this journal has lost records.
	Batches []LockBatch `json:"batches"`
	Missing []LockBatch `json:"missing,omitempty"`

	Holder *Holder `json:"holder,omitempty"` // nil: no run has it

	// Dropped is the number of the last record of the batches that Batches has no room
	// for.
	Dropped uint64 `json:"dropped,omitempty"`

	Moved string `json:"moved,omitempty"` // where the journal was carried to; blank: it was not
}

// LockBatch is a batch in a lock file.
type LockBatch struct {
	Batch   string `json:"batch"`            // id
	Results string `json:"results"`          // absolute path
	Last    uint64 `json:"last"`             // number of its last record
	Digest  string `json:"sha256,omitempty"` // of the results that its last run wrote; blank: it did not end
}

// Holder is the run that has a journal.
type Holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Start time.Time `json:"start"`
	Batch string    `json:"batch"` // id
	Input string    `json:"input"`
	Rows  int       `json:"rows"` // to be sent
	Left  int       `json:"left"` // of them
	Rate  float64   `json:"rate"` // rows a second
}

// Remaining is how long the run will take at its rate; false if that is not known.
func (h *Holder) Remaining() (time.Duration, bool) {
	if h.Rate <= 0 || h.Left < 0 {
		return 0, false
	}
	return time.Duration(float64(h.Left) / h.Rate * float64(time.Second)), true
}

// ErrOtherJournal is in the error of a journal that is not the one of its lock file.
var ErrOtherJournal = errors.New("the lock file is of another journal")

// BehindError says that a journal has fewer records than its lock file tells: it was
// put back from an old copy, or is another one. What was sent since is not known.
type BehindError struct {
	Have, Want uint64      // record numbers
	Batches    []LockBatch // of which records are missing
	Other      string      // ID in the lock file, if it is not that of the journal
}

func (e *BehindError) Error() string {
	if e.Other != "" {
		return fmt.Sprintf("journal: %v (%s)", ErrOtherJournal, e.Other)
	}
	return fmt.Sprintf("journal: it has %d records, and had %d", e.Have, e.Want)
}

func (e *BehindError) Unwrap() error {
	if e.Other != "" {
		return ErrOtherJournal
	}
	return nil
}

// mostBatches is how many batches a lock file keeps.
const mostBatches = 100

// LockFile is the lock file of a journal. It holds nobody back by itself, and it is
// not synced: it may know less than the journal, and never more than is durable. It
// is safe for concurrent use.
type LockFile struct {
	mu     sync.Mutex
	file   *os.File
	state  LockState
	behind *BehindError // what compare found
	begun  bool         // the file is kept up
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
	l.state, _ = ReadLock(l.file)
}

// maxLock bounds what is read of a lock file: paths may be long.
const maxLock = 4 << 20

// ReadLock reads what a lock file says; ok is false for one that is empty or damaged.
func ReadLock(r io.ReaderAt) (s LockState, ok bool) {
	const tries = 3 // another process may be writing
	for range tries {
		if err := json.NewDecoder(io.NewSectionReader(r, 0, maxLock)).Decode(&s); err == nil && isID(s.Journal) {
			return s, true
		}
		s = LockState{}
	}
	return s, false
}

// State is what the lock file says.
func (l *LockFile) State() LockState {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.state
	s.Batches, s.Missing = slices.Clone(s.Batches), slices.Clone(s.Missing)
	return s
}

// compare tells whether a journal has all that the lock file knows of.
func (l *LockFile) compare(id string, number uint64) *BehindError {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.behind = l.state.Compare(id, number)
	return l.behind
}

// Compare tells what a journal of an ID and so many records lacks of what the lock
// file knew; nil: nothing. From then on the state is of that journal.
func (s *LockState) Compare(id string, number uint64) *BehindError {
	s.ended()
	var behind *BehindError
	switch {
	case s.Journal == "":
	case s.Journal != id:
		behind = &BehindError{Have: number, Want: s.Last, Batches: join(s.Missing, s.Batches), Other: s.Journal}
	case number < s.Last:
		lost := slices.DeleteFunc(slices.Clone(s.Batches), func(b LockBatch) bool { return b.Last <= number })
		behind = &BehindError{Have: number, Want: s.Last, Batches: join(s.Missing, lost)}
		if number < s.Dropped { // more were lost than have names
			behind.Batches = nil
			return behind
		}
	case len(s.Missing) > 0:
		behind = &BehindError{Have: number, Want: s.Last, Batches: slices.Clone(s.Missing)}
	}
	s.Journal, s.Last = id, number
	if behind != nil {
		s.Missing = slices.Clone(behind.Batches)
		s.Batches = slices.DeleteFunc(slices.Clone(s.Batches), func(b LockBatch) bool { return indexOf(s.Missing, b.Batch) >= 0 })
	}
	return behind
}

// ended notes that whoever had the journal has it no more, without a word: it was
// killed, or this is a copy.
func (s *LockState) ended() {
	if h := s.Holder; h != nil {
		s.reach(h.Batch, "", "", s.Last)
		s.Holder = nil
	}
}

// join adds batches to others that lack them.
func join(list, more []LockBatch) []LockBatch {
	list = slices.Clone(list)
	for _, b := range more {
		if indexOf(list, b.Batch) < 0 {
			list = append(list, b)
		}
	}
	return list
}

func indexOf(list []LockBatch, batch string) int {
	return slices.IndexFunc(list, func(b LockBatch) bool { return b.Batch == batch })
}

// reach notes that a batch has come to a record.
func (s *LockState) reach(batch, results, digest string, number uint64) {
	if batch == "" {
		return
	}
	if i := indexOf(s.Batches, batch); i >= 0 {
		if results == "" {
			results = s.Batches[i].Results
		}
		s.Batches = slices.Delete(s.Batches, i, i+1)
	}
	s.Batches = append(s.Batches, LockBatch{batch, results, number, digest})
	if more := len(s.Batches) - mostBatches; more > 0 {
		s.Dropped = max(s.Dropped, s.Batches[more-1].Last)
		s.Batches = slices.Delete(s.Batches, 0, more)
	}
}

// begin notes a journal that was begun. With lost, what the file knows of an earlier
// one is missing in it.
func (l *LockFile) begin(id string, number uint64, lost bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var missing []LockBatch
	if lost {
		missing = join(l.state.Missing, l.state.Batches)
	}
	l.state = LockState{Journal: id, Last: number, Missing: missing}
}

// Inherit takes over what the lock file of a journal says of which this one is a copy,
// with so many records. Of two that know of the same journal, the one that knows of
// more records stays: what is put there may be an old copy, and Open finds that out.
func (l *LockFile) Inherit(from LockState, id string, number uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	had := l.state
	if had.Journal != id {
		had = LockState{}
	}
	missing := join(had.lacking(from), from.lacking(had))
	if l.state = from; had.Last > from.Last {
		l.state = had
	}
	l.state.Moved, l.state.Missing = "", missing
	l.state.ended()
	l.state.Journal, l.state.Last = id, max(l.state.Last, number)
}

// lacking are the batches that a lock file calls missing, but for those of which
// another one knows as much.
func (s *LockState) lacking(other LockState) []LockBatch {
	return slices.DeleteFunc(slices.Clone(s.Missing), func(b LockBatch) bool {
		i := indexOf(other.Batches, b.Batch)
		return i >= 0 && other.Batches[i].Last >= b.Last
	})
}

// Keep writes what the file is to say, before any run.
func (l *LockFile) Keep() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun = true
	return l.write()
}

// Retire notes that the journal was carried to another place, and is not used here any
// more.
func (l *LockFile) Retire(to string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Moved, l.begun = to, true
	return l.write()
}

// The file begins with the journal and its number, in a text that has always the
// same length, so that the number can be written anew without the rest.
const lockForm = `{"journal":"%s","last":%20d,`

// durable notes that a record is durable. Before a run began nothing is written, so
// that a refused one leaves no trace.
func (l *LockFile) durable(number uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state.Last = number; l.begun {
		_, _ = fmt.Fprintf(io.NewOffsetWriter(l.file, 0), lockForm, l.state.Journal, number)
	}
}

// write writes all that the file says.
func (l *LockFile) write() error {
	if l.file == nil {
		return os.ErrClosed
	}
	rest, err := json.Marshal(struct {
		Batches []LockBatch `json:"batches"`
		Missing []LockBatch `json:"missing,omitempty"`
		Holder  *Holder     `json:"holder,omitempty"`
		Dropped uint64      `json:"dropped,omitempty"`
		Moved   string      `json:"moved,omitempty"`
	}{l.state.Batches, l.state.Missing, l.state.Holder, l.state.Dropped, l.state.Moved})
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, lockForm, l.state.Journal, l.state.Last)
	b.Write(rest[1:])
	b.WriteByte('\n')
	stood, rerr := io.ReadAll(io.NewSectionReader(l.file, 0, maxLock))
	if _, err := l.file.WriteAt([]byte(b.String()), 0); err != nil {
		if rerr == nil { // a full disk: what stood there has its room
			_, _ = l.file.WriteAt(stood, 0)
			_ = l.file.Truncate(int64(len(stood)))
		}
		return err
	}
	return l.file.Truncate(int64(b.Len()))
}

// Hold notes the run that has the journal, and the results of its batch. It is
// called before the run's first record.
func (l *LockFile) Hold(h Holder, results string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Holder, l.begun = &h, true
	l.state.reach(h.Batch, results, "", l.state.Last)
	return l.write()
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
	l.state.reach(h.Batch, "", digest, l.state.Last)
	l.state.Holder = nil
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
	l.begun = true
	return true, l.write()
}

// Bring takes the batches whose results have a digest out of Missing, and reports
// whether there was one.
func (s *LockState) Bring(digest string) bool {
	have := len(s.Missing)
	s.Missing = slices.DeleteFunc(s.Missing, func(b LockBatch) bool { return b.Digest == digest && digest != "" })
	return len(s.Missing) < have
}

// Accept notes that a person takes the journal for whole, whatever it lacks.
func (l *LockFile) Accept() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Missing, l.state.Dropped, l.behind, l.begun = nil, 0, nil, true
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
