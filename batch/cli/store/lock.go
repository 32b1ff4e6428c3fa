package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// LockState is what the lock file of the journal at path, and its witnesses, say; false:
// there is none.
func LockState(path string) (s journal.LockState, ok bool) {
	seen, copied := readWitnesses(path)
	f, err := files.OpenOwn(path+journal.LockEnding, os.O_RDONLY)
	if err == nil {
		s, ok = journal.ReadLock(f)
		s.Self = journal.FileID(f)
		f.Close()
	}
	s.Seen, s.Copied = seen, copied
	return s, ok
}

// holding is the run that has the journal at path, or had when it was killed; nil if
// that cannot be read.
func holding(path string) *journal.Holder {
	s, _ := LockState(path)
	return s.Holder
}

// HolderOf is who has the journal at path, in words.
func HolderOf(path string) report.Said {
	h := holding(path)
	switch {
	case h == nil && !files.Exists(path+journal.LockEnding): // it was deleted: only there stood who it is
		return report.Say(report.HolderUntold)
	case h == nil:
		return report.Say(report.HolderUnknown)
	}
	since := h.Start.In(report.Beijing).Format(time.RFC3339)
	if d, known := h.Remaining(); known {
		return report.Say(report.HolderLeft, h.PID, h.Host, since, report.Whole(h.Batch), h.Input, h.Left, h.Rows, max(d, time.Second).Round(time.Second))
	}
	return report.Say(report.HolderRun, h.PID, h.Host, since, report.Whole(h.Batch), h.Input, h.Left, h.Rows)
}

// waitEvery is how often a run that waits tries again.
const waitEvery = 250 * time.Millisecond

// Wait takes the lock of a journal and waits for it, at most so long; with 0
// it does not wait. Of the runs of one batch, named by its results' path, one waits.
// waits is told if it does wait. What it returns goes into Opening.Held, or is closed.
func Wait(ctx context.Context, p Place, most time.Duration, results string, waits func(holder report.Said)) (*journal.File, error) {
	var waiting *os.File
	defer func() {
		if waiting != nil {
			files.RemoveOpen(waiting)
		}
	}()
	for deadline := time.Now().Add(most); ; {
		j := &Journal{path: p.Path}
		err := j.lock(p, false)
		if err == nil {
			return j.place, nil
		}
		j.Close()
		f, ok := errors.AsType[*Error](err)
		if !ok || !f.Locked {
			return nil, err
		}
		if err = failLocked(report.ErrLocked, p.Path, HolderOf(p.Path)); !time.Now().Before(deadline) {
			return nil, err
		}
		if waiting == nil {
			var fault error
			if waiting, fault = waitLock(p, results); fault != nil {
				return nil, fault
			}
			waits(HolderOf(p.Path))
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(min(waitEvery, time.Until(deadline))):
		}
	}
}

// waitLock takes the lock by which one run of a batch waits.
func waitLock(p Place, results string) (*os.File, error) {
	if abs, err := filepath.Abs(results); err == nil {
		results = abs
	}
	sum := sha256.Sum256([]byte(results))
	dir := filepath.Dir(p.Path)
	name := filepath.Join(dir, "wait-"+hex.EncodeToString(sum[:8])+journal.LockEnding)
	const tries = 10 // another may remove it between our opening and our locking it
	for range tries {
		f, err := files.OpenIn(dir)(name, os.O_CREATE|os.O_RDWR)
		if files.Gone(err) {
			continue
		}
		if err != nil {
			return nil, fail(report.ErrJournal, name, Reason(err))
		}
		held, err := journal.TryLock(f)
		if err == nil && held && files.Own(f) == nil {
			return f, nil
		}
		f.Close()
		switch {
		case err != nil:
			return nil, fail(report.ErrJournal, name, Reason(err))
		case !held:
			return nil, failLocked(report.ErrWaits, p.Path, results)
		}
	}
	return nil, fail(report.ErrJournal, name, Reason(fs.ErrExist))
}
