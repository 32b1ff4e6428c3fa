package files

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
)

// A temporary file stands beside the file that it is to replace, under that
// file's name with a dot before it and this behind it. Its digits are chance, so
// that nobody can put something there beforehand.
var temporaryForm = regexp.MustCompile(`^\.axgbind-[0-9a-f]{32}\.tmp$`)

// createTemporary makes a temporary file for path. flag is that of os.OpenFile, as
// far as the file is not like all of them.
func createTemporary(path string, flag int) (*os.File, error) {
	digits := make([]byte, 16)
	_, _ = rand.Read(digits) // never fails
	name := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".axgbind-"+hex.EncodeToString(digits)+".tmp")
	f, err := OpenOwn(name, os.O_RDWR|os.O_CREATE|os.O_EXCL|flag)
	if err != nil {
		return nil, err
	}
	_ = hold(f) // a file system without locks: sweeps leave it alone
	return f, nil
}

// Temporary reports whether a file of any run could stand at path while it is
// written.
func Temporary(path string) bool {
	path, err := Resolve(path)
	if err != nil {
		return false
	}
	name := filepath.Base(path)
	at := len(name) - len(".axgbind-.tmp") - 32
	return at > 1 && name[0] == '.' && temporaryForm.MatchString(name[at:])
}

// Sweep removes what killed runs left half written beside path: regular files of
// this user with exactly the form of a temporary name, which no process holds.
func Sweep(path string) {
	if path == "" {
		return
	}
	path, err := Resolve(path)
	if err != nil {
		return
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return
	}
	before := "." + filepath.Base(path)
	for _, file := range files {
		name := file.Name()
		if len(name) <= len(before) || name[:len(before)] != before || !temporaryForm.MatchString(name[len(before):]) {
			continue
		}
		SweepOne(filepath.Join(filepath.Dir(path), name))
	}
}

// SweepOne removes a temporary file of this user that no process holds.
func SweepOne(path string) {
	f, err := OpenOwn(path, os.O_RDWR)
	if err != nil {
		return
	}
	dead := ours(f) && hold(f)
	if dead && !RemovesOpen {
		f.Close()
	}
	if dead {
		os.Remove(f.Name())
	}
	f.Close()
}

// Temporaries are the paths of temporary files in a folder.
func Temporaries(dir string) (paths []string) {
	for _, name := range Names(dir) {
		if path := filepath.Join(dir, name); Temporary(path) {
			paths = append(paths, path)
		}
	}
	return paths
}
