package journal_test

import (
	"errors"
	"fmt"
	"io/fs"
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

// A journal that its holder writes anew, and one that is deleted, lets no two in.
func TestLockReplaced(t *testing.T) {
	dir := t.TempDir()
	path := dir + "/a.journal"
	openFile(t, path)
	var inside, most, took, made atomic.Int32
	anew := func(p *journal.File) {
		name := fmt.Sprint(dir, "/", made.Add(1), ".tmp")
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND, 0o600)
		if err != nil {
			t.Error(err)
			return
		}
		if err := errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB), os.Rename(name, path)); err != nil {
			t.Error(err)
		}
		p.Use(f)
		if held, err := p.Lock(); !held || err != nil {
			t.Errorf("written anew: %v, %v", held, err)
		}
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 300 {
				p := journal.NewFile(path, nil)
				held, err := p.Lock()
				if err != nil {
					t.Error(err)
				}
				if held {
					took.Add(1)
					if n := inside.Add(1); n > most.Load() {
						most.Store(n)
					}
					if i%3 == 0 {
						anew(p)
					}
					if os.Remove(path + journal.LockEnding); i%5 == 0 { // that holds nobody back
						runtime.Gosched()
					}
					for range 20 { // others run meanwhile
						_, _ = p.Length()
						runtime.Gosched()
					}
					inside.Add(-1)
				}
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if most.Load() != 1 || took.Load() == 0 {
		t.Errorf("%d at once, %d in all", most.Load(), took.Load())
	}
}

// A journal that was replaced between its opening and its locking is opened again.
func TestLockLate(t *testing.T) {
	path := t.TempDir() + "/a.journal"
	old := openFile(t, path)
	if err := errors.Join(os.Rename(path, path+".old"), os.WriteFile(path, []byte("new"), 0o600)); err != nil {
		t.Fatal(err)
	}
	held, err := old.Lock()
	if n, lerr := old.Length(); !held || err != nil || n != 3 || lerr != nil || old.Displaced() {
		t.Errorf("%v, %v, %d bytes, %v", held, err, n, lerr)
	}
	gone := openFile(t, path+".x")
	if err := os.Remove(path + ".x"); err != nil {
		t.Fatal(err)
	}
	if held, err := gone.Lock(); held || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a journal that is gone: %v, %v", held, err)
	}
}

// A journal with two names is refused by both, whoever holds it.
func TestLockLinks(t *testing.T) {
	path := t.TempDir() + "/a.journal"
	openFile(t, path)
	if err := os.Link(path, path+"2"); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{path, path + "2"} {
		p := journal.NewFile(name, nil)
		if held, err := p.Lock(); held || !errors.Is(err, journal.ErrLinks) || p.LockFile() != nil {
			t.Errorf("%v, %v", held, err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := os.Remove(path + "2"); err != nil {
		t.Fatal(err)
	}
	p := journal.NewFile(path, nil)
	defer p.Close()
	if held, err := p.Lock(); !held || err != nil {
		t.Errorf("%v, %v", held, err)
	}
}

// Whoever reads the journal is not held back by the lock, and other names of its
// folder lead to the same lock.
func TestLockByOtherNames(t *testing.T) {
	dir := t.TempDir()
	path := dir + "/a.journal"
	one := openFile(t, path)
	if held, err := one.Lock(); !held || err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dir, dir+"/link"); err != nil {
		t.Skip(err)
	}
	two := openFile(t, dir+"/link/a.journal")
	if held, err := two.Lock(); held || err != nil {
		t.Errorf("by another name: %v, %v", held, err)
	}
	if n, err := two.Length(); n != 0 || err != nil {
		t.Errorf("it cannot be looked at: %v", err)
	}
}

// The lock is given up by closing the file, also while a process that is being
// started has the file as well.
func TestLockGivenUp(t *testing.T) {
	path := t.TempDir() + "/a.journal"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	p := onFile(f, path)
	if held, err := p.Lock(); !held || err != nil {
		t.Fatal(err)
	}
	child, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(child)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if held, err := openFile(t, path).Lock(); !held || err != nil {
		t.Errorf("%v, %v", held, err)
	}
}
