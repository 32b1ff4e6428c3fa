//go:build unix

package journal_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"axgbind/batch/journal"
)

// TestLockWhileAsked: whoever asks at the moment when a run wants the lock does not
// turn it away, and others that ask then are told that no run has it.
func TestLockWhileAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	asking, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer asking.Close()
	if err := syscall.Flock(int(asking.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	if held, err := journal.Held(path); err != nil || held {
		t.Errorf("a second asker is told %v, %v", held, err)
	}
	answered := make(chan error, 1)
	time.AfterFunc(5*time.Millisecond, func() { answered <- syscall.Flock(int(asking.Fd()), syscall.LOCK_UN) })
	f := journal.NewFile(path, nil)
	held, err := f.Lock()
	if err != nil || !held {
		t.Errorf("held %v, %v", held, err)
	}
	if err := <-answered; err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
