package store

import (
	"os"
	"path/filepath"
	"testing"

	"axgbind/batch/journal"
)

// TestRecreated: a witness is a copy if it holds the id of another file. One that a power
// failure left empty, or full of zeros, is none.
func TestRecreated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "witness")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	own := journal.FileID(f)
	if own == "" {
		t.Skip("files have no id here")
	}
	for text, want := range map[string]bool{
		"": false, "\x00\x00\x00": false, own: false, own + "\x00": false,
		"1-1": true, "x" + own: true,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := recreated(path); got != want {
			t.Errorf("%q in the place of %q: %v", text, own, got)
		}
	}
	if recreated(path + "-none") {
		t.Error("one that is not there is a copy")
	}
}
