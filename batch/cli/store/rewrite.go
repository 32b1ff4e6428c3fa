package store

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
)

// Large is the size, in bytes, to which a journal has grown that is compacted every
// compactEvery, whether rows leave or not, and sooner if it has grown to growth times
// what its rows take: each run reads all of it.
const Large = 64 << 20

// Whether rows leave is looked at once leaveEvery.
const (
	leaveEvery   = 24 * time.Hour
	compactEvery = 7 * 24 * time.Hour
	growth       = 4
	rowSize      = 512 // bytes, roughly
)

// Due reports whether the journal is to be compacted now: rows that ended before
// cutoff leave, or it is large.
func (j *Journal) Due(now, cutoff time.Time) (bool, error) {
	since := j.Header.Created
	if j.Header.Compacted.After(since) {
		since = j.Header.Compacted
	}
	age := now.Sub(since)
	if 0 <= age && age < leaveEvery { // less: the clock was ahead then
		return false, nil
	}
	if size, err := j.place.Length(); err == nil && size >= Large && (age >= compactEvery || size >= growth*rowSize*int64(j.Header.Rows)) {
		return true, nil
	}
	return j.Leaves(cutoff)
}

// Rewrite replaces the journal by what write writes: beside it, synced, renamed, so
// that a crash leaves either whole. The lock is held all the while. rows is how many
// rows the input has at most. It returns the sizes before and after. Unless the old
// journal was closed by then, an error leaves it as it was, to go on with.
func (j *Journal) Rewrite(rows int, write func(io.Writer) error) (before, after int64, err error) {
	if before, err = j.place.Length(); err != nil {
		return 0, 0, err
	}
	r, err := files.ReplaceOwn(j.path)
	if err != nil {
		return 0, 0, err
	}
	if err = write(r); err != nil {
		r.Discard()
		return 0, 0, err
	}
	if err := r.Seal(); err != nil {
		return 0, 0, err
	}
	if err := j.replacing(r); err != nil {
		return 0, 0, err
	}
	if err := j.Journal.Close(); err != nil {
		r.Discard()
		return 0, 0, err
	}
	j.Journal = nil
	if err := j.replaceBy(r); err != nil {
		return 0, 0, err
	}
	if after, err = j.place.Length(); err != nil {
		return 0, 0, err
	}
	options, err := j.options()
	if err != nil {
		return 0, 0, err
	}
	j.Journal, err = books.Open(j.place, options, rows)
	return before, after, err
}

// replacing prepares for a sealed file to be put in the journal's place: a mark of before
// could not be found again in that, so those beside the journal are to say how far it has
// come, durably. A failure leaves the journal as it was.
func (j *Journal) replacing(r *files.Replacement) error {
	if j.said.Journal == "" { // it must not look as if its lock file had been there
		return nil
	}
	err := j.writeWitness()
	if err == nil {
		err = j.place.LockFile().Keep()
	}
	if err != nil {
		r.Discard()
	}
	return err
}

// replaceBy puts a sealed file in the journal's place, with the lock held all the
// while: the new file was locked under its temporary name. Windows renames onto no
// open file, and its lock is on the lock file.
func (j *Journal) replaceBy(r *files.Replacement) error {
	if !files.RemovesOpen {
		j.place.Use(nil)
	}
	if err := os.Rename(r.File.Name(), j.path); err != nil {
		r.Discard()
		return err
	}
	if files.RemovesOpen {
		j.place.Use(r.File)
	}
	if err := files.SyncDir(filepath.Dir(j.path)); err != nil {
		return err
	}
	held, err := j.place.Lock()
	if err == nil && !held {
		err = fs.ErrExist
	}
	return err
}
