package store

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// movedEnding follows the name of a journal that was carried to another place.
const movedEnding = ".moved"

// Move carries a journal to another place, with what its lock file knows: of two, each
// would send what the other has sent, so the old one is not used any more, and stands as
// retired. copied is told in between.
func Move(from, to Place, copied func(records int, held bool)) (retired string, err error) {
	if s, ok := LockState(from.Path); ok && s.Moved != "" { // whatever was put back there since
		return "", from.None()
	}
	if s, ok := LockState(to.Path); ok && s.Moved != "" { // it may come back, and no copy of it
		if other := carriedTo(s.Moved, from.Path, s.Journal); other != "" {
			return "", refuseCopy(from.Path, other)
		}
	}
	source := &Journal{path: from.Path}
	defer source.Close()
	if err := source.lock(from, false); err != nil {
		return "", err
	}
	n, held, err := copyRecords(from, to, false)
	if err != nil {
		return "", err
	}
	copied(n, held)
	retired = from.Path + movedEnding
	// The mark stands first: then no run takes the old one for a lost one.
	err = source.place.LockFile().Retire(to.Path)
	source.Begun = true     // the mark stays
	if !files.RemovesOpen { // that system renames no open file
		source.place.Use(nil)
	}
	if err == nil {
		err = os.Rename(from.Path, retired)
	}
	if err == nil {
		err = files.SyncDir(from.Dir())
	}
	if err != nil {
		return "", failBroken(report.ErrNotRetired, from.Path, Reason(err))
	}
	return retired, nil
}

// Backup copies a journal to another place and leaves the old one in use, also while a run
// writes to it; then that is what counts. copied is told of it.
func Backup(from, to Place, copied func(records int, held bool)) error {
	for _, p := range []Place{from, to} {
		if s, ok := LockState(p.Path); ok && s.Moved != "" { // whatever was put back there since, or may come back
			return p.None()
		}
	}
	n, held, err := copyRecords(from, to, true)
	if err == nil {
		copied(n, held)
	}
	return err
}

// copyRecords copies the whole records of a journal. It returns how many, and whether a
// run was writing to it meanwhile.
func copyRecords(from, to Place, backup bool) (n int, held bool, err error) {
	state, _ := LockState(from.Path) // before the records: it must not know more than they tell
	stood, _ := LockState(to.Path)
	f, err := files.OpenRegular(from.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, from.None()
	}
	if err != nil {
		return 0, false, fail(report.ErrJournal, from.Path, Reason(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, false, fail(report.ErrJournal, from.Path, Reason(err))
	}
	trail := journal.NewTrail(state, stood)
	h, end, err := journal.Read(f, info.Size(), trail, func(*journal.Line) error { n++; return nil })
	if err != nil {
		return 0, false, Unread(from.Path, err)
	}
	_, runs, err := books.ReadRuns(io.NewSectionReader(f, 0, end))
	if err != nil {
		return 0, false, Unread(from.Path, err)
	}
	c := newCandidate(from, state, h.ID, runs)
	if wrong, _ := c.fault(); wrong != nil && (!backup || state.Journal == "") { // nothing would tell that the copy is one
		return 0, false, wrong
	}
	if err := makeFolder(to.Dir()); err != nil {
		return 0, false, fail(report.ErrPlaceFolder, to.Dir(), Reason(err))
	}
	j := &Journal{path: to.Path}
	defer j.Close()
	if err := j.copyHere(to, f, end, &copied{id: h.ID, state: state, trail: trail, backup: backup}); err != nil {
		return 0, false, err
	}
	j.Begun = true
	return n, holding(from.Path) != nil && state.Holder != nil, nil
}

// copied is what is known of a journal that is copied.
type copied struct {
	id     string
	state  journal.LockState // of its lock file
	trail  *journal.Trail
	backup bool
}

// copyHere makes the place of a journal hold the first end bytes of another, if none is
// there.
func (j *Journal) copyHere(to Place, from io.ReaderAt, end int64, c *copied) error {
	if err := j.lock(to, true); err != nil {
		return err
	}
	size, err := j.place.Length()
	if err == nil {
		var empty bool
		if empty, err = journal.Empty(j.place, size); err == nil && !empty {
			return fail(report.ErrThere, to.Path)
		}
	}
	if s := j.place.LockFile().State(); err == nil && s.Number > 0 && s.Journal != c.id {
		return to.None() // another one was lost there
	}
	var r *files.Replacement
	if err == nil {
		r, err = files.ReplaceOwn(to.Path)
	}
	if err == nil { // whole or not at all: a part would be an old copy
		if _, err = io.Copy(r, io.NewSectionReader(from, 0, end)); err != nil {
			r.Discard()
		} else if err = r.Seal(); err == nil {
			err = j.inherit(r, c.state, c.trail, c.backup)
		}
	}
	if err != nil {
		return failBroken(report.ErrJournal, to.Path, Reason(err))
	}
	return nil
}

// inherit puts the sealed copy of a journal in its place, with what the lock file of the
// first one said. A backup is not in use: who puts it somewhere is told that it is a copy.
func (j *Journal) inherit(r *files.Replacement, from journal.LockState, t *journal.Trail, backup bool) error {
	lock := j.place.LockFile()
	lock.Inherit(from, t)
	if !backup {
		lock.Use(report.Shown(j.path))
	}
	if err := lock.Keep(); err != nil { // before the journal: without it, nobody would use that
		r.Discard()
		return err
	}
	if err := j.replaceBy(r); err != nil {
		return err
	}
	if backup {
		return nil
	}
	return j.writeWitness()
}
