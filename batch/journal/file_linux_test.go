package journal_test

import (
	"errors"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"axgbind/batch/journal"
)

// /dev/full has room for nothing.
func TestFullDevice(t *testing.T) {
	f, err := os.OpenFile("/dev/full", os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		t.Skip(err)
	}
	p := onFile(f, "/dev/full")
	defer p.Close()
	if err := p.Append([]byte("x")); !errors.Is(err, journal.ErrFull) || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
}

// A pipe takes what is written, and has no sync.
func TestNoSync(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := onFile(w, "pipe")
	defer p.Close()
	if err := p.Append([]byte("x")); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("%v", err)
	}
}

// A lock file that its holder deletes holds nobody back, and lets no two in.
func TestLockDeleted(t *testing.T) {
	path := t.TempDir() + "/a.journal"
	var inside, most atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 300 {
				f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
				if err != nil {
					t.Error(err)
					return
				}
				p := onFile(f, path)
				held, err := p.Lock()
				if err != nil {
					t.Error(err)
				}
				if held {
					if n := inside.Add(1); n > most.Load() {
						most.Store(n)
					}
					for range 20 { // others run meanwhile
						_, _ = p.Length()
						runtime.Gosched()
					}
					inside.Add(-1)
					os.Remove(path + journal.LockEnding) // and with it the lock
				}
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if most.Load() != 1 {
		t.Errorf("%d at once", most.Load())
	}
}
