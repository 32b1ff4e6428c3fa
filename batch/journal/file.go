package journal

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// ErrLinks says that a journal has more than one name: by another one, another run
// could write a journal of its own.
var ErrLinks = errors.New("the journal has more than one hard link")

// File is a Place on disk, with its lock file. The lock is held on the journal
// itself, so that it is the same by whatever name the journal is reached; on Windows,
// where nobody can read a locked file, it is held on the lock file.
type File struct {
	path string
	open func(name string, flag int) (*os.File, error)
	file *os.File  // nil: there is none
	lock *LockFile // nil: Lock did not succeed
	held bool
}

// NewFile returns the place at path, by which the next run will look for it. open
// opens its files, with these flags of [os.OpenFile]; nil: without following links.
// It has no file until Use or Lock.
func NewFile(path string, open func(name string, flag int) (*os.File, error)) *File {
	if open == nil {
		open = func(name string, flag int) (*os.File, error) { return os.OpenFile(name, flag|lockFlags, 0o600) }
	}
	return &File{path: path, open: open}
}

// Use makes a file that was opened with O_RDWR and O_APPEND that of the place,
// which owns it, and closes the one before. It has to be locked then. nil: there is
// none for now.
func (f *File) Use(file *os.File) {
	if f.file != nil {
		f.unlock()
		f.file.Close()
	}
	f.file = file
}

// LockFile is the lock file beside the journal; nil unless Lock has succeeded.
func (f *File) LockFile() *LockFile { return f.lock }

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

// lockTries bounds how often another file may come to stand at the path between our
// opening and our locking it.
const lockTries = 10

// Lock implements [Place]. It opens the journal if there is no file yet, and the
// lock file. What stands at the path when the lock is held is what is locked.
// ErrLinks: it has another name.
func (f *File) Lock() (held bool, err error) {
	for range lockTries {
		if held, gone, err := f.lockOpen(); !gone {
			return held, err
		}
	}
	return false, nil
}

// lockOpen locks the file that is open or stands at the path now. gone says that another
// came to stand there before the lock was held.
func (f *File) lockOpen() (held, gone bool, err error) {
	if f.file == nil {
		if f.file, err = f.open(f.path, os.O_RDWR|os.O_APPEND); err != nil {
			return false, false, err
		}
	}
	if lockBeside {
		if err := f.openLock(); err != nil {
			return false, false, err
		}
	}
	before := f.held
	if held, err := f.take(); err != nil || !held {
		return false, false, err
	}
	if lockBeside && !before { // until now another run was writing it
		f.lock.read()
	}
	if displaced(f.file.Stat, f.path) {
		f.Use(nil)
		return false, true, nil
	}
	if n, err := links(f.file); err != nil || n > 1 {
		f.Use(nil)
		return false, false, cmp.Or(err, ErrLinks)
	}
	if err := f.openLock(); err != nil {
		f.Use(nil)
		return false, false, err
	}
	return true, false, nil
}

// take takes the lock, unless it is held already.
func (f *File) take() (bool, error) {
	if f.held {
		return true, nil
	}
	target := f.file
	if lockBeside {
		target = f.lock.file
	}
	for try := 1; ; try++ {
		var err error
		if f.held, err = TryLock(target); f.held || err != nil || try == askedTries {
			return f.held, err
		}
		time.Sleep(askedFor)
	}
}

// unlock gives up a lock that is held on the file itself. Closing it would do, but
// for a process that is being started at that moment and has the file too.
func (f *File) unlock() {
	if !lockBeside && f.held {
		unlock(f.file)
		f.held = false
	}
}

// Held takes the lock for a moment, to find out whether a run has it, and is in the way of
// others then. So the lock counts as held only if it is found taken askedTries times, with
// pauses of askedFor.
const (
	askedTries = 25
	askedFor   = 4 * time.Millisecond
)

// openLock opens the lock file, or makes it.
func (f *File) openLock() error {
	if f.lock != nil {
		return nil
	}
	file, err := f.open(f.path+LockEnding, os.O_CREATE|os.O_RDWR)
	if err == nil {
		f.lock = OpenLock(file)
	}
	return err
}

// FileID tells an open file from every other one: from its copies, and from one that is
// put in its place. It stays where the file gets another name. Blank: the system does not
// tell.
func FileID(f *os.File) string { return fileID(f) }

// IsFileID reports whether an open file may be the one that an id tells: none tells every
// one.
func IsFileID(f *os.File, id string) bool {
	is := fileID(f)
	return is == "" || id == "" || sameID(is, id)
}

// fileText is an id of a file: its inode, and when that was born; 0: not known.
func fileText(inode uint64, born int64) string {
	id := strconv.FormatUint(inode, 16)
	if born != 0 {
		id += "-" + strconv.FormatInt(born, 16)
	}
	return id
}

// sameID reports whether two ids are of one file, as far as both tell.
func sameID(a, b string) bool {
	ai, ab, aok := strings.Cut(a, "-")
	bi, bb, bok := strings.Cut(b, "-")
	return ai == bi && (ab == bb || !aok || !bok)
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

// Close gives up the lock and closes the files.
func (f *File) Close() error {
	var err error
	if f.file != nil {
		f.unlock()
		err = f.file.Close()
	}
	if f.lock != nil {
		err = errors.Join(err, f.lock.Close())
	}
	f.file, f.lock, f.held = nil, nil, false
	return err
}
