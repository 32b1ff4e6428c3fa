package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"axgbind/batch/journal"
)

// onePage is a folder on a disk with room for one page, or the test is skipped.
func onePage(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4096"); err != nil {
		t.Skip("no file system can be mounted here: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// On a full disk a part of the new text would stand where the old one did. A lock file
// that says nothing any more lets an old copy of the journal pass for the newest.
func TestLockFileFull(t *testing.T) {
	long := "/" + strings.Repeat("x", os.Getpagesize())
	for name, write := range map[string]func(l *journal.LockFile) error{
		"hold":   func(l *journal.LockFile) error { return l.Hold(journal.Holder{Batch: "b2", Input: long}, long) },
		"retire": func(l *journal.LockFile) error { return l.Retire(long) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(onePage(t), "lock")
			d := &disk{}
			l := lockOn(t, path)
			j := create(t, d, journal.Options{Lock: l})
			if err := l.Hold(journal.Holder{Batch: "b1"}, "/b1"); err != nil {
				t.Fatal(err)
			}
			writes(t, j, 3)
			if err := l.Release("of b1"); err != nil {
				t.Fatal(err)
			}
			shut(t, j)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := write(l); !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("the disk is not full: %v", err)
			}
			if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
				t.Errorf("it was %q and is %d bytes, %.200q (%v)", before, len(after), after, err)
			}
			l.Close()

			old, _, _ := strings.Cut(string(d.text), "\n")
			if _, _, err := opened(t, &disk{text: []byte(old + "\n")}, path, false); err == nil {
				t.Error("an old copy is taken for the newest")
			}
			j, l, err = opened(t, d, path, false)
			if err != nil {
				t.Fatalf("the newest is refused: %v", err)
			}
			if err := l.Hold(journal.Holder{Batch: "b3"}, "/b3"); err != nil { // what it had has its room
				t.Error(err)
			}
			shut(t, j)
		})
	}
}
