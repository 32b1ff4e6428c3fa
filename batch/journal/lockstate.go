package journal

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

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

	// Seen are marks that the journal once had, whatever the lock file says. Copied says
	// that what tells of them is a copy, as the files beside it must be.
	Seen   []Mark `json:"-"`
	Copied bool   `json:"-"`
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
// that this is certain.
func (s *LockState) IsFile() (is, known bool) {
	if s.Copied {
		return false, true
	}
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
