package journal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"sync"
	"time"
)

// LockEnding follows the path of a journal in the name of its lock file.
const LockEnding = ".lock"

// LockState is what a lock file says: which journal stands beside it, how far it
// had come, and who has it. It is one JSON object.
type LockState struct {
	Journal string `json:"journal"` // its ID
	Mark           // of a record that is durable

	// Batches are those of the latest runs, each once, in the order of their last
	// records. Missing are those of which this journal has lost records, and Lost is how
	// far those went: nothing was sent since, so a journal that has Lost is whole.
	Batches []LockBatch `json:"batches"`
	Missing []LockBatch `json:"missing,omitempty"`
	Lost    Mark        `json:"lost,omitzero"`

	Holder *Holder `json:"holder,omitempty"` // nil: no run has it

	// Begun is where the latest runs began, ascending. Dropped is the last record of the
	// batches that Batches has no room for.
	Begun   []Mark `json:"begun,omitempty"`
	Dropped Mark   `json:"dropped,omitzero"`

	Moved string `json:"moved,omitempty"` // where the journal was carried to; blank: it was not

	// Place is where the journal is in use, and File is [FileID] of its lock file, so that a
	// copy of the lock file has another one: Self. Blank: not known.
	Place string `json:"place,omitempty"`
	File  string `json:"file,omitempty"`
	Self  string `json:"-"`

	// Seen are marks that the journal once had, whatever the lock file says.
	Seen []Mark `json:"-"`
}

// Had is how many records the journal is known to have had.
func (s *LockState) Had() uint64 {
	had := s.Number
	for _, m := range s.Seen {
		had = max(had, m.Number)
	}
	return had
}

// IsFile reports whether the lock file is the one in use, and no copy of it; known says
// that both ids are known.
func (s *LockState) IsFile() (is, known bool) {
	if s.Self == "" || s.File == "" {
		return true, false
	}
	return sameID(s.Self, s.File), true
}

// LockBatch is a batch in a lock file.
type LockBatch struct {
	Batch   string `json:"batch"`   // id
	Results string `json:"results"` // absolute path
	Mark           // of its last record
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

// BehindError says that a journal lacks records of which its lock file tells: it was
// put back from an old copy, or is another one. What was sent since is not known.
type BehindError struct {
	Have, Want uint64      // record numbers; Have is not less if it went on from an old copy
	Batches    []LockBatch // of which records are missing
	Other      string      // ID in the lock file, if it is not that of the journal
}

func (e *BehindError) Error() string {
	if e.Other != "" {
		return fmt.Sprintf("journal: %v (%s)", ErrOtherJournal, e.Other)
	}
	return fmt.Sprintf("journal: it has %d records, and not all of the %d that it had", e.Have, e.Want)
}

func (e *BehindError) Unwrap() error {
	if e.Other != "" {
		return ErrOtherJournal
	}
	return nil
}

// mostBatches is how many batches a lock file keeps, and mostBegun how many runs.
const (
	mostBatches = 100
	mostBegun   = 100
)

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

// Compare tells what a journal lacks of what the lock file knew; nil: nothing. t is what
// NewTrail returned, and followed all of the journal since. From then on the state is of that
// journal.
func (s *LockState) Compare(t *Trail) *BehindError {
	if h := s.Holder; h != nil { // it was killed
		if len(s.Missing) == 0 { // else it sent nothing
			s.reach(h.Batch, "", "", s.Mark)
		}
		s.Holder = nil
	}
	behind := &BehindError{Have: t.last.Number, Want: s.Number}
	past, common := t, s.common(t)
	switch {
	case s.Journal == "":
		s.Journal, s.Mark = t.id, t.last
		return nil
	case s.Journal != t.id:
		behind.Other, past, common = s.Journal, &Trail{}, 0
	case s.Lost != Mark{} && t.has(s.Lost) && s.explains(t): // nothing was sent by the one that stood here meanwhile
		s.restore(t)
		return nil
	}
	had := s.Mark
	named := s.Dropped.Number <= common && s.explains(t) // else more were lost than have names
	s.lose(common, past)
	s.Journal, s.Mark = t.id, t.last
	if len(s.Missing) == 0 && had.Number <= common && named {
		return nil
	}
	if s.Lost == (Mark{}) {
		s.Lost = had
	}
	if named && len(s.Missing) > 0 {
		behind.Batches = slices.Clone(s.Missing)
		return behind
	}
	for _, m := range append(slices.Clone(s.Seen), had) { // until a person says that it does not matter
		if !past.has(m) && m.Number >= s.Dropped.Number {
			s.Dropped = m
		}
	}
	return behind
}

// explains reports whether the lock file knows of all that the journal is seen to lack.
func (s *LockState) explains(t *Trail) bool {
	known := append(s.marks(), s.Lost)
	return !slices.ContainsFunc(s.Seen, func(m Mark) bool { return !t.has(m) && !slices.Contains(known, m) })
}

// lose notes that the journal lacks what the lock file knows to come after a record. It is
// whole again as to missing batches whose last records it has.
func (s *LockState) lose(common uint64, t *Trail) {
	here := func(b LockBatch) bool { return t.has(b.Mark) }
	lost := func(b LockBatch) bool { return b.Number > common && !here(b) }
	back := keepOnly(s.Missing, here)
	s.Missing = join(slices.DeleteFunc(slices.Clone(s.Missing), here), keepOnly(s.Batches, lost))
	missing := func(b LockBatch) bool { return indexOf(s.Missing, b.Batch) >= 0 }
	s.Batches = slices.DeleteFunc(join(slices.DeleteFunc(slices.Clone(s.Batches), lost), back), missing)
	slices.SortStableFunc(s.Batches, func(a, b LockBatch) int { return cmp.Compare(a.Number, b.Number) })
	s.Begun = slices.DeleteFunc(slices.Clone(s.Begun), func(m Mark) bool { return m.Number > common })
}

// restore notes that a journal is back which lacks nothing: what was put in its place
// meanwhile sent nothing.
func (s *LockState) restore(t *Trail) {
	s.Batches, s.Missing, s.Lost = join(s.Batches, s.Missing), nil, Mark{}
	for i := range s.Batches {
		if b := &s.Batches[i]; !t.has(b.Mark) {
			b.Mark = t.last
		}
	}
	slices.SortStableFunc(s.Batches, func(a, b LockBatch) int { return cmp.Compare(a.Number, b.Number) })
	s.Begun = slices.DeleteFunc(slices.Clone(s.Begun), func(m Mark) bool { return !t.has(m) })
	if !t.has(s.Dropped) {
		s.Dropped = t.last
	}
	s.Mark = t.last
}

// keepOnly are the batches of which is is true.
func keepOnly(list []LockBatch, is func(LockBatch) bool) []LockBatch {
	return slices.DeleteFunc(slices.Clone(list), func(b LockBatch) bool { return !is(b) })
}

// common is the number of the last record that a journal is certain to have of those that
// the lock file knows.
func (s *LockState) common(t *Trail) (last uint64) {
	for _, m := range s.marks() {
		if t.has(m) {
			last = max(last, m.Number)
		}
	}
	return last
}

// marks are all that the past of the lock file's journal has.
func (s *LockState) marks() []Mark {
	list := append(slices.Clone(s.Begun), s.Mark, s.Dropped)
	for _, b := range s.Batches {
		list = append(list, b.Mark)
	}
	return list
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
func (s *LockState) reach(batch, results, digest string, at Mark) {
	if batch == "" {
		return
	}
	if i := indexOf(s.Batches, batch); i >= 0 {
		if results == "" {
			results = s.Batches[i].Results
		}
		s.Batches = slices.Delete(s.Batches, i, i+1)
	}
	s.Batches = append(s.Batches, LockBatch{batch, results, at, digest})
	if more := len(s.Batches) - mostBatches; more > 0 {
		if last := s.Batches[more-1].Mark; last.Number > s.Dropped.Number {
			s.Dropped = last
		}
		s.Batches = slices.Delete(s.Batches, 0, more)
	}
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
	seen, self := l.state.Seen, l.state.Self
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
	l.state.Moved, l.state.Seen, l.state.Self = "", seen, self
	l.mu.Unlock()
	l.Compare(t)
}

// lack adds what another lock file of the same journal calls missing.
func (s *LockState) lack(other LockState, t *Trail) {
	switch {
	case len(other.Missing) == 0:
		return
	case len(s.Missing) == 0 && t.has(s.Mark):
		s.Lost = other.Lost
	case s.Lost != other.Lost: // no journal is known that has what both lost
		s.Lost = Mark{Number: math.MaxUint64}
	}
	s.Missing = join(s.Missing, other.Missing)
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

// See notes marks that the journal once had.
func (l *LockFile) See(marks []Mark) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Seen = marks
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
	l.file = file
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
	if !l.idle {
		l.state.reach(h.Batch, "", digest, l.state.Mark)
	}
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
	l.begun, l.idle = true, false
	return true, l.write()
}

// Bring takes the batches whose results have a digest out of Missing, and reports
// whether there was one.
func (s *LockState) Bring(digest string) (was bool) {
	for i := 0; i < len(s.Missing); {
		b := s.Missing[i]
		if b.Digest != digest || digest == "" {
			i++
			continue
		}
		s.Missing, was = slices.Delete(s.Missing, i, i+1), true
		s.reach(b.Batch, b.Results, digest, s.Mark)
	}
	if was && len(s.Missing) == 0 { // things may be sent
		s.Lost, s.Seen = Mark{}, nil
	}
	return was
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
