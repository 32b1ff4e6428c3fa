package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
)

// Restore puts a journal back that was deleted or moved while this run wrote to
// it, with its folder: without it the next run would bind every row again. If
// another file stands at its path by now, it is put beside that. It returns where
// it stands, blank if it needed nothing. Called again, it adds what came since; first
// says that it was not yet put back.
func (j *Journal) Restore() (path string, first bool, err error) {
	first = j.restored == nil
	if j.restored == nil {
		if !j.place.Displaced() {
			return "", first, nil
		}
		if err := os.MkdirAll(filepath.Dir(j.path), 0o700); err != nil {
			return "", first, err
		}
		j.restored, err = files.OpenIn(filepath.Dir(j.path))(j.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
		if errors.Is(err, fs.ErrExist) {
			j.restored, err = os.CreateTemp(filepath.Dir(j.path), filepath.Base(j.path)+".kept.*")
		}
		if err != nil {
			return "", first, err
		}
		j.restoreLock()
	}
	size, err := j.place.Length()
	if err != nil {
		return "", first, err
	}
	n, err := io.Copy(j.restored, io.NewSectionReader(j.place, j.copied, size-j.copied))
	j.copied += n
	if err == nil {
		err = j.restored.Sync()
	}
	if err == nil {
		err = files.SyncDir(filepath.Dir(j.path))
	}
	return j.restored.Name(), first, err
}

// restoreLock tells the lock file that the restored journal is the one in use, and puts
// it back too. Where that fails, the next run is refused until a person has looked.
func (j *Journal) restoreLock() {
	j.keepLock()
	_ = j.writeWitness()
}

// keepLock puts a lock file back that was deleted, as people do who take it for a lock
// that was left behind.
func (j *Journal) keepLock() {
	lock, name := j.place.LockFile(), j.path+journal.LockEnding
	if !lock.Displaced(name) {
		return
	}
	if f, err := files.OpenIn(filepath.Dir(name))(name, os.O_CREATE|os.O_EXCL|os.O_RDWR); err == nil {
		_ = lock.MoveTo(f, j.path)
	}
}
