package cli_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestResultsBeside: where the journal's folder was put back from a backup, lock file
// and all, results beside the input tell what the journal does not know, whatever -o
// says.
func TestResultsBeside(t *testing.T) {
	t.Parallel()
	s := simulate(t)
	dir := newFolder(t)
	first := write(t, filepath.Join(dir, "first.csv"), input(0, 1).String())
	in := write(t, filepath.Join(dir, "in.csv"), input(1, 4).String())
	axgbind(t, s.bind(first)...).want(t, 0)
	path := memoryOf(t)
	old, lock := read(t, path), read(t, path+".lock")
	axgbind(t, s.bind(in)...).want(t, 0)
	write(t, path, old)
	write(t, path+".lock", lock)
	before := s.calls()
	axgbind(t, s.bind(in, "-o", filepath.Join(dir, "other.csv"))...).want(t, 10).says(t, "in.results.csv stand beside the input")
	if now := s.calls(); now != before {
		t.Errorf("%d calls", now-before)
	}
	axgbind(t, s.bind(filepath.Join(dir, "in.results.csv"))...).want(t, 0)
	axgbind(t, s.bind(in, "-o", filepath.Join(dir, "other.csv"))...).want(t, 0)
	if now := s.calls(); now != before {
		t.Errorf("%d calls", now-before)
	}
}

// TestJournalCopied: a copy of a journal that is still in use is refused, with its lock
// file and without; where the journal was moved, it goes on.
func TestJournalCopied(t *testing.T) {
	t.Parallel()
	s := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), input(0, 3).String())
	more := write(t, filepath.Join(dir, "more.csv"), input(0, 5).String())
	axgbind(t, s.bind(in)...).want(t, 0)
	path, calls := memoryOf(t), s.calls()
	for _, locked := range []bool{true, false} {
		copied := newFolder(t)
		write(t, filepath.Join(copied, filepath.Base(path)), read(t, path))
		if locked {
			write(t, filepath.Join(copied, filepath.Base(path)+".lock"), read(t, path+".lock"))
		}
		axgbind(t, s.bind(more, "--journal", copied)...).want(t, 10).says(t, "is a copy of the journal "+path)
	}
	if now := s.calls(); now != calls {
		t.Errorf("%d calls", now-calls)
	}
	moved := newFolder(t)
	for _, ending := range []string{"", ".lock"} {
		if err := os.Rename(path+ending, filepath.Join(moved, filepath.Base(path)+ending)); err != nil {
			t.Fatal(err)
		}
	}
	axgbind(t, s.bind(more, "--journal", moved)...).want(t, 0)
	if live := s.bindings(); len(live) != 5 {
		t.Errorf("%d bindings live", len(live))
	}
}
