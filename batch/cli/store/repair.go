package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// damagedEnding follows the name of a journal that was written anew because of its
// damage.
const damagedEnding = ".damaged"

// Repair writes a damaged journal anew as it was, where that is certain, and keeps the
// old one beside it: kept. Blank: there was nothing to mend, or it is not certain.
func Repair(p Place) (damages int, kept string, err error) {
	if _, err := os.Stat(p.Path); errors.Is(err, fs.ErrNotExist) {
		return 0, "", p.None()
	}
	j := &Journal{path: p.Path}
	defer j.Close()
	if err := j.lock(p, false); err != nil {
		return 0, "", err
	}
	size, err := j.place.Length()
	if err != nil {
		return 0, "", fail(report.ErrJournal, p.Path, Reason(err))
	}
	found, err := journal.Examine(j.place, size, nil)
	if err != nil {
		return 0, "", Unread(p.Path, err)
	}
	if len(found.Damages) == 0 || !Repairable(found) {
		return 0, "", nil
	}
	if kept, err = keepDamaged(j, size); err != nil {
		return 0, "", failBroken(report.ErrWrite, p.Path+damagedEnding, Reason(err))
	}
	r, err := files.ReplaceOwn(p.Path)
	if err != nil {
		return 0, "", failBroken(report.ErrJournal, p.Path, Reason(err))
	}
	err = writeRight(r, j.place, size, found.Damages)
	if err == nil {
		err = readable(p, r.File)
	}
	if err != nil {
		r.Discard()
	} else if err = r.Seal(); err == nil {
		err = j.replaceBy(r)
	}
	if _, told := errors.AsType[*Error](err); told {
		return 0, "", err
	}
	if err != nil {
		return 0, "", failBroken(report.ErrJournal, p.Path, Reason(err))
	}
	return len(found.Damages), kept, nil
}

// readable refuses a journal that cannot be read although its lines are right.
func readable(p Place, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := books.Read(f, info.Size(), nil); err != nil {
		wrong := Unread(p.Path, err)
		wrong.Broken = true
		return wrong
	}
	return nil
}

// Repairable reports whether it is certain what all damaged lines were.
func Repairable(found *journal.Examined) bool {
	for _, d := range found.Damages {
		if d.Right == nil {
			return false
		}
	}
	return true
}

// keepDamaged copies a journal to a name beside it that is free, durably.
func keepDamaged(j *Journal, size int64) (string, error) {
	const most = 99 // copies
	for n := 1; ; n++ {
		name := j.path + damagedEnding
		if n > 1 {
			name += strconv.Itoa(n)
		}
		f, err := files.OpenIn(filepath.Dir(name))(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
		if errors.Is(err, fs.ErrExist) && n < most {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = io.Copy(f, io.NewSectionReader(j.place, 0, size))
		if err == nil {
			err = f.Sync()
		}
		err = errors.Join(err, f.Close())
		if err == nil {
			err = files.SyncDir(filepath.Dir(name))
		}
		if err != nil {
			os.Remove(name)
			return "", err
		}
		return name, nil
	}
}

// writeRight writes a journal with its damaged lines as they were.
func writeRight(w io.Writer, r io.ReaderAt, size int64, damages []journal.Damage) error {
	at := int64(0)
	for _, d := range damages {
		if _, err := io.Copy(w, io.NewSectionReader(r, at, d.Offset-at)); err != nil {
			return err
		}
		if _, err := w.Write(d.Right); err != nil {
			return err
		}
		at = d.Offset + d.Length
	}
	_, err := io.Copy(w, io.NewSectionReader(r, at, size-at))
	return err
}

// Accept lets a journal count as whole that lacks what some batches sent: a
// person says so, who knows what became of that.
func Accept(p Place, now time.Time) error {
	if s, ok := LockState(p.Path); ok && s.Moved != "" { // no run uses it, whatever it has
		return p.None()
	}
	header, err := HeaderAt(p)
	if err != nil {
		return err
	}
	j, err := Open(p, Opening{accept: true, Simulated: header.Simulated, Instance: header.Instance, Now: now})
	if err != nil {
		return err
	}
	defer j.Close()
	c := candidate{place: p, lock: &j.said, id: j.Header.ID, runs: j.Runs}
	if original := c.original(); original != "" {
		if wrong, _ := c.fault(); wrong != nil {
			return wrong
		}
	}
	j.Begun = true // the lock file stays
	j.use()
	if err := j.place.LockFile().Accept(); err != nil {
		return failBroken(report.ErrJournal, p.Path, Reason(err))
	}
	if err := j.writeWitness(); err != nil {
		return failBroken(report.ErrJournal, p.Path, Reason(err))
	}
	c.retireOthers()
	return nil
}

// HeaderAt is the header of the journal at a place.
func HeaderAt(p Place) (journal.Header, error) {
	f, err := files.OpenRegular(p.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return journal.Header{}, p.None()
	}
	if err != nil {
		return journal.Header{}, fail(report.ErrJournal, p.Path, Reason(err))
	}
	defer f.Close()
	h, err := books.ReadHeader(f)
	if err != nil {
		return journal.Header{}, Unread(p.Path, err)
	}
	return h, nil
}
