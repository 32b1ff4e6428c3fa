package cli

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
	f, err := openOwn(name, os.O_RDWR|os.O_CREATE|os.O_EXCL|flag)
	if err != nil {
		return nil, err
	}
	_ = hold(f) // a file system without locks: sweeps leave it alone
	return f, nil
}

// temporaryName reports whether a file of any run could stand at path while it is
// written.
func temporaryName(path string) bool {
	path, err := resolve(path)
	if err != nil {
		return false
	}
	name := filepath.Base(path)
	at := len(name) - len(".axgbind-.tmp") - 32
	return at > 1 && name[0] == '.' && temporaryForm.MatchString(name[at:])
}

// sweep removes what killed runs left half written beside path: regular files of
// this user with exactly the form of a temporary name, which no process holds.
func sweep(path string) {
	if path == "" {
		return
	}
	path, err := resolve(path)
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
		sweepOne(filepath.Join(filepath.Dir(path), name))
	}
}

// sweepOne removes a temporary file of this user that no process holds.
func sweepOne(path string) {
	f, err := openOwn(path, os.O_RDWR)
	if err != nil {
		return
	}
	dead := ours(f) && hold(f)
	if dead && !removeOpen {
		f.Close()
	}
	if dead {
		os.Remove(f.Name())
	}
	f.Close()
}

// temporariesIn are the paths of temporary files in a folder.
func temporariesIn(dir string) (paths []string) {
	for _, name := range namesIn(dir) {
		if path := filepath.Join(dir, name); temporaryName(path) {
			paths = append(paths, path)
		}
	}
	return paths
}
