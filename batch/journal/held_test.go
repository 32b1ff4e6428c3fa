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
