//go:build unix

package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"axgbind/batch/cli/files"
)

// TestPlaceForbidden: a folder that cannot be used is never passed over.
func TestPlaceForbidden(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may do everything")
	}
	system := filepath.Join(newFolder(t), "system")
	for _, mode := range []os.FileMode{0o500, 0o300, 0o600, 0} {
		if err := os.Mkdir(system, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(system, mode); err != nil {
			t.Fatal(err)
		}
		path, _, err := placeOf(system, "", "HOME="+newFolder(t))
		if !refused(err) || !strings.Contains(err.Error(), system) {
			t.Errorf("%v: %q, %v", mode, path, err)
		}
		if err := os.Remove(system); err != nil {
			t.Fatal(err)
		}
	}
}

// TestJournalMode: a folder that hands its group down shares its journal with the
// group, in spite of the umask; any other keeps it to its owner.
func TestJournalMode(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	for folder, want := range map[os.FileMode]os.FileMode{0o700: 0o600, 0o770: 0o600, 0o770 | os.ModeSetgid: 0o660} {
		dir := newFolder(t)
		if err := os.Chmod(dir, folder); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "axgbind.journal")
		j, err := openFor(path, true, false, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{path, path + ".lock", path + ".reserve"} {
			info, err := os.Stat(name)
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("folder %v: %s has %v, want %v (%v)", folder, filepath.Base(name), info.Mode(), want, err)
			}
		}
		j.Close()
		if left := files.Names(dir); len(left) > 0 {
			t.Errorf("a run that sent nothing left %v", left)
		}
	}
}
