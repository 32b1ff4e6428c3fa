package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// Create makes the folder of a place and an empty journal in it, all durable.
func Create(p Place, now time.Time) error {
	if err := makeFolder(p.Dir()); err != nil {
		return fail(report.ErrPlaceFolder, p.Dir(), Reason(err))
	}
	j := &Journal{path: p.Path}
	defer j.Close()
	if err := j.lock(p, true); err != nil {
		return err
	}
	size, err := j.place.Length()
	if err == nil {
		var empty bool
		if empty, err = journal.Empty(j.place, size); err == nil && !empty { // another was quicker
			return fail(report.ErrThere, p.Path)
		}
	}
	if err == nil {
		lock := j.place.LockFile()
		j.Journal, err = books.Create(j.place, journal.Header{Created: now}, journal.Options{Lock: lock, Behind: true})
		if err == nil {
			j.use()
			err = errors.Join(files.SyncDir(p.Dir()), lock.Keep(), j.writeWitness())
		}
	}
	if err != nil {
		return failBroken(report.ErrJournal, p.Path, Reason(err))
	}
	j.Begun = true
	return nil
}

// makeFolder makes a folder, and those above it, durably.
func makeFolder(dir string) error {
	at := Standing(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for ; dir != at; dir = filepath.Dir(dir) {
		if err := files.SyncDir(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	return nil
}

// Standing is the part of a folder's path that exists.
func Standing(dir string) string {
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		dir = filepath.Dir(dir)
	}
	return dir
}

// emptyFile reports whether a file holds no journal yet.
func emptyFile(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	return journal.Empty(f, info.Size())
}

// Free refuses a place where a journal stands, or something else.
func (p Place) Free() error {
	f, err := files.OpenRegular(p.Path)
	if err != nil {
		return nil // there is none, or creating it will tell
	}
	defer f.Close()
	empty, err := emptyFile(f)
	_, herr := journal.ReadHeader(f)
	switch {
	case err == nil && !empty && errors.Is(herr, journal.ErrNotJournal):
		return Unread(p.Path, herr)
	case err == nil && !empty:
		return fail(report.ErrThere, p.Path)
	}
	return nil
}

// RealAt is where the journal of the real service stands that is, or was, at path; blank:
// there is none. One that cannot be read is there all the same.
func RealAt(path string) string {
	for range mostCarried { // it may have been carried on
		if s, ok := LockState(path); ok && s.Moved != "" {
			path = s.Moved
		}
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	f, err := files.OpenRegular(path)
	if err != nil {
		return path
	}
	defer f.Close()
	h, err := journal.ReadHeader(io.NewSectionReader(f, 0, info.Size()))
	empty, eerr := emptyFile(f)
	if err == nil && h.Simulated || eerr == nil && empty {
		return ""
	}
	return path
}
