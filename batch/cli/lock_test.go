package cli_test

import (
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"axgbind/batch/cli"
)

// TestLockDeleted: refused runs take their lock file away while others take the
// lock. Never do two hold it.
func TestLockDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	var holders, took atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				if cli.LockOnce(path, func() {
					if n := holders.Add(1); n != 1 {
						t.Errorf("%d hold the lock", n)
					}
					for range 100 { // others come meanwhile
						runtime.Gosched()
					}
					holders.Add(-1)
				}) {
					took.Add(1)
				}
			}
		})
	}
	all.Wait()
	if took.Load() == 0 {
		t.Error("nobody got it")
	}
	if left := files(t, filepath.Dir(path)); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}
