package store

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// candidate is a journal of which it is asked whether it is the one in use.
type candidate struct {
	place     Place
	lock      *journal.LockState // what its lock file said before
	id        string
	runs      []books.RunStart
	simulated bool
}

// fault is why no run would use it: it was carried away, it is a copy, or nobody knows;
// nil: it is the one. brings says that results may be brought to it, if nothing is sent.
func (c *candidate) fault() (wrong *Error, brings bool) {
	is, known := isFile(c.lock, c.place.Dir())
	original := c.original()
	if is && known && original != "" && stale(original) {
		original = ""
	}
	switch {
	case c.lock.Moved != "": // whatever was put back there since
		return c.place.None(), false
	case original != "":
		return refuseCopy(c.place.Path, original), false
	case c.lock.Journal == "" && len(c.runs) == 0 && c.simulated: // it was begun by a run that was killed
		return nil, false
	case c.lock.Journal == "":
		return c.refuse(report.ErrNoLock), false
	case is && (known || c.here()):
		return nil, false
	case !c.here():
		return c.refuse(report.ErrCopy, c.lock.Place), false
	}
	return c.refuse(report.ErrPutBack), true
}

// here reports whether the lock file names the place where it stands.
func (c *candidate) here() bool {
	return c.lock.Place == "" || c.lock.Place == report.Shown(c.place.Path) || files.Same(c.lock.Place, c.place.Path)
}

// original is the journal that it is a copy of, if that is still in use: where its lock
// file or its last run says that it was.
func (c *candidate) original() string {
	if original := originalOf(c.place.Path, c.id, c.lock.Place); original != "" || len(c.runs) == 0 {
		return original
	}
	return originalOf(c.place.Path, c.id, c.runs[len(c.runs)-1].Journal)
}

// isFile reports whether a lock file in a folder is the one in use; known says that it is
// certain.
func isFile(s *journal.LockState, dir string) (is, known bool) {
	if !files.Steady(dir) {
		return true, false
	}
	return s.IsFile()
}

// stale reports whether the lock file of a journal is certainly a copy.
func stale(path string) bool {
	s, _ := LockState(path)
	is, _ := isFile(&s, filepath.Dir(path))
	return !is
}

// retireOthers tells the lock file that the first one left behind that this is the
// journal now.
func (c *candidate) retireOthers() {
	if c.here() {
		return
	}
	for _, at := range Unmasked(c.lock.Place) {
		if s, ok := LockState(at); !ok || s.Journal != c.id || files.Exists(at) {
			continue
		}
		if f, err := files.OpenOwn(at+journal.LockEnding, os.O_RDWR); err == nil {
			l := journal.OpenLock(f)
			_ = l.Retire(c.place.Path)
			l.Close()
		}
	}
}

// refuse says what the last run of the journal was, and the words with which a person
// takes it for the newest.
func (c *candidate) refuse(why report.Text, more ...any) *Error {
	last := report.Say(report.WhyNoRun)
	if n := len(c.runs); n > 0 {
		r := &c.runs[n-1]
		last = report.Say(report.CheckRun, r.Start.In(report.Beijing).Format(time.DateTime), r.Command, report.Whole(r.Batch), r.Results)
	}
	args := []any{c.place.Path, last, c.place.Accept()}
	return fail(why, append(args, more...)...)
}

// refuseCopy says that a journal is a copy of another one.
func refuseCopy(path, original string) *Error {
	return fail(report.ErrCopied, path, original, report.Whole("--journal "+files.Word(original)))
}

// originalOf is the journal that the one at path is a copy of, if it is still in use:
// where the last run found it, or where it was carried to from there, a journal with
// the same id stands. Blank: this is the only one.
func originalOf(path, id, was string) string {
	paths := Unmasked(was)
	for _, lock := range Unmasked(was + journal.LockEnding) { // it may have been carried away
		paths = append(paths, strings.TrimSuffix(lock, journal.LockEnding))
	}
	for _, at := range paths {
		if other := carriedTo(at, path, id); other != "" {
			return other
		}
	}
	return ""
}

// carriedTo follows a journal with an ID from a place to where it was carried, and
// returns where it stands; blank if that is nowhere, or at path.
func carriedTo(at, path, id string) string {
	for range mostCarried {
		if at == "" || files.Same(at, path) {
			break
		}
		if idAt(at) == id {
			return at
		}
		s, _ := LockState(at)
		at = s.Moved
	}
	return ""
}

// idAt is the ID of the journal at a path; blank if none stands there.
func idAt(path string) string {
	f, err := files.OpenRegular(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h, _ := books.ReadHeader(f) // of what is no journal, nothing
	return h.ID
}

// newCandidate is a journal that is read without its lock. said is what its lock file said
// before the journal was compared with it.
func newCandidate(p Place, said journal.LockState, id string, runs []books.RunStart) *candidate {
	return &candidate{place: p, lock: &said, id: id, runs: runs, simulated: filepath.Base(p.Path) != Name}
}

// Refusal is why no run would use a journal that was read without its lock; nil: one
// would. said is what the lock file said before the journal was compared with it, and
// behind what the journal lacks of that. brings says that results may be brought to the
// journal, if nothing is sent.
func Refusal(p Place, said journal.LockState, id string, runs []books.RunStart, behind *journal.BehindError) (wrong *Error, brings bool) {
	if behind != nil && said.Moved == "" {
		return Behind(p, behind), false
	}
	return newCandidate(p, said, id, runs).fault()
}

// Refusal is why no run goes on with the journal that was opened; nil: one does.
func (j *Journal) Refusal(p Place, simulated bool) (wrong *Error, brings bool) {
	if j.first {
		return nil, false
	}
	c := candidate{place: p, lock: &j.said, id: j.Header.ID, runs: j.Runs, simulated: simulated}
	return c.fault()
}

// mostCarried is how often a journal is followed to where it was carried.
const mostCarried = 10

// Unmasked are the paths that a path of a run's record may mean: itself, or what stands
// anywhere and would be masked so.
func Unmasked(path string) (paths []string) {
	if !report.Masked(path) {
		return []string{path}
	}
	dir := filepath.Dir(path)
	if dir == path { // the name of a volume
		return nil
	}
	for _, parent := range Unmasked(dir) {
		if !report.Masked(filepath.Base(path)) {
			paths = append(paths, filepath.Join(parent, filepath.Base(path)))
			continue
		}
		for _, name := range files.Names(parent) {
			if candidate := filepath.Join(parent, name); report.Shown(candidate) == path {
				paths = append(paths, candidate)
			}
		}
	}
	return paths
}
