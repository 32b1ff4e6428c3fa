package store

import (
	"errors"
	"io/fs"
	"os"

	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// Sight is a journal that is only looked at, without its lock. What is written to it
// meanwhile is not read.
type Sight struct {
	*os.File
	Place Place
	Size  int64
	Lock  journal.LockState // what its lock file said before
}

// Look opens the journal of a place to look at it.
func Look(p Place) (*Sight, error) {
	s := &Sight{Place: p}
	s.Lock, _ = LockState(p.Path) // before the records: a run may be writing them
	var err error
	if s.File, err = files.OpenRegular(p.Path); errors.Is(err, fs.ErrNotExist) {
		return nil, p.None()
	}
	if err != nil {
		return nil, fail(report.ErrJournal, p.Path, Reason(err))
	}
	info, err := s.Stat()
	if err != nil {
		s.Close()
		return nil, fail(report.ErrJournal, p.Path, Reason(err))
	}
	s.Size = info.Size()
	return s, nil
}
