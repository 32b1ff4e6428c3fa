package cli

import (
	"os"
	"path/filepath"
	"strings"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// candidate is a journal of which it is asked whether it is the one in use.
type candidate struct {
	place     place
	lock      *journal.LockState // what its lock file said before
	id        string
	runs      []books.RunStart
	simulated bool
}

// fault is why no run would use it: it was carried away, it is a copy, or nobody knows;
// nil: it is the one. brings says that results may be brought to it, if nothing is sent.
func (c *candidate) fault() (wrong *fault, brings bool) {
	is, known := isFile(c.lock, c.place.dir())
	original := c.original()
	if is && known && original != "" && stale(original) {
		original = ""
	}
	switch {
	case c.lock.Moved != "": // whatever was put back there since
		return c.place.none(), false
	case original != "":
		return refuseCopy(c.place.path, original), false
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
	return c.lock.Place == "" || c.lock.Place == maskedPath(c.place.path) || files.Same(c.lock.Place, c.place.path)
}

// original is the journal that it is a copy of, if that is still in use: where its lock
// file or its last run says that it was.
func (c *candidate) original() string {
	if original := originalOf(c.place.path, c.id, c.lock.Place); original != "" || len(c.runs) == 0 {
		return original
	}
	return originalOf(c.place.path, c.id, c.runs[len(c.runs)-1].Journal)
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
	s, _ := lockState(path)
	is, _ := isFile(&s, filepath.Dir(path))
	return !is
}

// retireOthers tells the lock file that the first one left behind that this is the
// journal now.
func (c *candidate) retireOthers() {
	if c.here() {
		return
	}
	for _, at := range unmasked(c.lock.Place) {
		if s, ok := lockState(at); !ok || s.Journal != c.id || files.Exists(at) {
			continue
		}
		if f, err := files.OpenOwn(at+journal.LockEnding, os.O_RDWR); err == nil {
			l := journal.OpenLock(f)
			_ = l.Retire(c.place.path)
			l.Close()
		}
	}
}

// refuse says what the last run of the journal was, and the words with which a person
// takes it for the newest.
func (c *candidate) refuse(why report.Phrase, more ...any) *fault {
	last := report.Say(report.WhyNoRun)
	if n := len(c.runs); n > 0 {
		r := &c.runs[n-1]
		last = report.Say(report.CheckRun, beijing(r.Start), r.Verb(), report.Whole(r.Batch), r.Results)
	}
	args := []any{c.place.path, last, c.place.accept()}
	return refuse(statusUsage, why, append(args, more...)...)
}

// refuseCopy says that a journal is a copy of another one.
func refuseCopy(path, original string) *fault {
	return refuse(statusUsage, report.ErrCopied, path, original, report.Whole("--journal "+shellWord(original)))
}

// originalOf is the journal that the one at path is a copy of, if it is still in use:
// where the last run found it, or where it was carried to from there, a journal with
// the same id stands. Blank: this is the only one.
func originalOf(path, id, was string) string {
	paths := unmasked(was)
	for _, lock := range unmasked(was + journal.LockEnding) { // it may have been carried away
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
		s, _ := lockState(at)
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

// looked is a journal that is read without its lock, and what its lock file said before.
func looked(p place, said journal.LockState, id string, runs []books.RunStart) *candidate {
	return &candidate{place: p, lock: &said, id: id, runs: runs, simulated: filepath.Base(p.path) != journalName}
}

// candidate is the journal that is looked at.
func (g *glance) candidate(runs []books.RunStart) *candidate {
	return looked(g.place, g.lock, g.trail.ID(), runs)
}

// refusal is why no run would use a journal that was read without its lock, and which
// lacks that of what its lock file says; nil: one would.
func (a *app) refusal(c *candidate, behind *journal.BehindError) (wrong *fault, brings bool) {
	if behind != nil && c.lock.Moved == "" {
		return a.behindFault(c.place, behind), false
	}
	return c.fault()
}

// doubt warns that no run would use the journal that is looked at.
func (a *app) doubt(g *glance, runs []books.RunStart) {
	c := g.candidate(runs)
	if f, _ := a.refusal(c, g.lock.Compare(g.trail)); f != nil {
		a.warn(f)
	}
}

// warn says what is wrong, and its cure, and the command goes on.
func (a *app) warn(f *fault) {
	what, cure := cutCure(f.in(a.lang))
	a.say(report.WarnLine, report.Whole(what))
	a.sayCure(cure)
}
