package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/gofrs/flock"
)

// LockEnding follows the path of a journal in the name of its lock file. The lock
// is not on the journal itself, since a locked file cannot be read on Windows.
const LockEnding = ".lock"

// File is a Place on disk. Its lock comes first: what is done with a file that was
// opened before may be another run's work by then.
type File struct {
	file *os.File // nil: there is none yet
	path string
	lock *flock.Flock // nil: not held
}

// NewFile returns the place at path, by which the next run will look for it. It
// has no file until Use, and only Lock and Close may be called before.
func NewFile(path string) *File { return &File{path: path} }

// Use makes a file that was opened with O_RDWR and O_APPEND that of the place,
// which owns it, and closes the one before. nil: there is none for now.
func (f *File) Use(file *os.File) {
	if f.file != nil {
		f.file.Close()
	}
	f.file = file
}

// ReadAt implements [io.ReaderAt].
func (f *File) ReadAt(b []byte, at int64) (int, error) { return f.file.ReadAt(b, at) }

// Append implements [Place].
func (f *File) Append(b []byte) error {
	if _, err := f.file.Write(b); err != nil {
		if diskFull(err) {
			return fmt.Errorf("%w: %w", ErrFull, err)
		}
		return err
	}
	return f.file.Sync() // never ErrFull: after a failed sync nobody knows what is there
}

// Length implements [Place].
func (f *File) Length() (int64, error) {
	info, err := f.file.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Cut implements [Place].
func (f *File) Cut(length int64) error {
	if err := f.file.Truncate(length); err != nil {
		return err
	}
	return f.file.Sync()
}

// lockTries bounds how often a lock file may be deleted between our opening and
// our locking it.
const lockTries = 10

// Lock implements [Place]: it locks a file beside the journal, which it leaves
// there. A lock file that was deleted or replaced meanwhile holds nobody back, so
// the one that stands there now is tried.
func (f *File) Lock() (held bool, err error) {
	for range lockTries {
		if f.lock != nil {
			return true, nil
		}
		lock := flock.New(f.path+LockEnding, flock.SetFlag(os.O_CREATE|os.O_RDWR|lockFlags), flock.SetPermissions(0o600))
		if ok, err := lock.TryLock(); err != nil || !ok {
			return false, errors.Join(err, lock.Close())
		}
		if !displaced(lock.Stat, lock.Path()) {
			f.lock = lock
		} else if err := lock.Close(); err != nil {
			return false, err
		}
	}
	return f.lock != nil, nil
}

// Displaced reports whether the file is not at its path any more.
func (f *File) Displaced() bool { return displaced(f.file.Stat, f.path) }

func displaced(stat func() (fs.FileInfo, error), path string) bool {
	held, err := stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(held, there)
}

// Close gives up the lock and closes the file.
func (f *File) Close() error {
	var err error
	if f.file != nil {
		err = f.file.Close()
		f.file = nil
	}
	if f.lock != nil {
		err = errors.Join(err, f.lock.Close())
		f.lock = nil
	}
	return err
}
