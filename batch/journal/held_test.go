package journal_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"axgbind/batch/journal"
)

// TestHeld: whoever asks is told whether a place is locked, and leaves no lock.
func TestHeld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	if _, err := journal.Held(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of a journal that is not there: %v", err)
	}
	for _, name := range []string{path, path + journal.LockEnding} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	asked := func(want bool) {
		t.Helper()
		if held, err := journal.Held(path); err != nil || held != want {
			t.Errorf("held %v, %v; want %v", held, err, want)
		}
	}
	asked(false)
	f := journal.NewFile(path, nil)
	if held, err := f.Lock(); err != nil || !held {
		t.Fatalf("held %v, %v", held, err)
	}
	asked(true)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	asked(false)
}

// created begins a journal in a place and ends its work there.
func created(t *testing.T, f *journal.File) {
	t.Helper()
	j, err := journal.Create(f, journal.Header{}, journal.Options{Lock: f.LockFile()})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRunning: the run that is noted goes on until its process ends; who has the lock after
// that is another. Where no run is noted, whoever has the lock may be one.
func TestRunning(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	asked := func(when string, want bool) {
		t.Helper()
		if running, err := journal.Running(path); running != want || err != nil {
			t.Errorf("%s: running %v, %v; want %v", when, running, err, want)
		}
	}
	if _, err := journal.Running(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of a journal that is not there: %v", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	lock := func() *journal.File {
		t.Helper()
		f := journal.NewFile(path, nil)
		if held, err := f.Lock(); err != nil || !held {
			t.Fatalf("held %v, %v", held, err)
		}
		return f
	}
	hold := func(f *journal.File) {
		t.Helper()
		if err := f.LockFile().Hold(journal.Holder{PID: 1, Batch: "b"}, "r.csv"); err != nil {
			t.Fatal(err)
		}
	}
	f := lock()
	created(t, f)
	asked("locked", true)
	hold(f)
	asked("begun", true)
	f.LockFile().Left(1, 1)
	asked("under way", true)
	if err := f.LockFile().Release(""); err != nil {
		t.Fatal(err)
	}
	asked("ended", true)
	hold(f)
	asked("begun again", true)
	if err := f.Close(); err != nil { // as a process that is killed
		t.Fatal(err)
	}
	asked("killed", false)
	next := lock()
	asked("killed, and the next one plans", false)
	hold(next)
	asked("the next one has begun", true)
	if err := os.Remove(path + journal.LockEnding); err != nil && !errors.Is(err, fs.ErrPermission) {
		t.Skip(err) // Windows removes no open file
	}
	asked("without its lock file", true)
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRunningWhileAsked: whoever asks when a run begins hides it for no longer than until
// it tells how many rows are left.
func TestRunningWhileAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := journal.NewFile(path, nil)
	if held, err := f.Lock(); err != nil || !held {
		t.Fatalf("held %v, %v", held, err)
	}
	defer f.Close()
	created(t, f)
	asking, err := os.OpenFile(path+journal.LockEnding, os.O_RDONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if shared, err := journal.ShareRun(asking); err != nil || !shared {
		t.Fatalf("shared %v, %v", shared, err)
	}
	if err := f.LockFile().Hold(journal.Holder{Batch: "b"}, "r.csv"); err != nil {
		t.Fatal(err)
	}
	asking.Close()
	f.LockFile().Left(1, 1)
	if running, err := journal.Running(path); err != nil || !running {
		t.Errorf("running %v, %v", running, err)
	}
}
