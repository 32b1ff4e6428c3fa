package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"axgbind/report"
)

// Replacement is a file being written under a temporary name, to take the
// place of another whole or not at all. It stands in for google/renameio,
// which exports nothing on Windows.
type Replacement struct {
	Path string   // of what is to be replaced, links followed
	File *os.File // the temporary one; closed once it is sealed where RemovesOpen is false
	sum  hash.Hash
	mode fs.FileMode
}

// Replace begins a replacement of path, or of what it links to.
func Replace(path string, mode fs.FileMode) (*Replacement, error) {
	return begin(path, 0, func(string) fs.FileMode { return mode })
}

// ReplaceOwn is Replace for a file of axgbind's own, which is appended to once it
// stands at its place.
func ReplaceOwn(path string) (*Replacement, error) { return begin(path, os.O_APPEND, ModeIn) }

func begin(path string, flag int, mode func(dir string) fs.FileMode) (*Replacement, error) {
	path, err := Resolve(path)
	if err != nil {
		return nil, err
	}
	f, err := createTemporary(path, flag)
	if err != nil {
		return nil, err
	}
	return &Replacement{Path: path, File: f, sum: sha256.New(), mode: mode(filepath.Dir(path))}, nil
}

// Write implements io.Writer.
func (r *Replacement) Write(p []byte) (int, error) {
	n, err := r.File.Write(p)
	r.sum.Write(p[:n])
	return n, err
}

// Digest is the SHA-256 of what was written, in hexadecimal.
func (r *Replacement) Digest() string { return hex.EncodeToString(r.sum.Sum(nil)) }

// Discard gives up.
func (r *Replacement) Discard() {
	r.File.Close()
	os.Remove(r.File.Name())
}

// Seal makes what was written durable under the temporary name. The file stays
// open where it can be renamed so: as long as it is, no other run sweeps it away.
func (r *Replacement) Seal() error {
	err := r.File.Chmod(r.mode)
	if err == nil {
		err = r.File.Sync()
	}
	if err == nil && !RemovesOpen {
		err = r.File.Close()
	}
	if err != nil {
		r.Discard()
	}
	return err
}

// Rename puts the sealed file at path, or leaves it where it is.
func (r *Replacement) Rename(path string) error {
	if err := os.Rename(r.File.Name(), path); err != nil {
		return err
	}
	return r.placed(path)
}

// placed closes the file, which stands at path now, durably.
func (r *Replacement) placed(path string) error {
	r.File.Close()
	return SyncDir(filepath.Dir(path))
}

// Replaceable tries, before anything is sent, whether path could be replaced.
func Replaceable(path string) error {
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return report.Say(report.WhyDirectory, "is a directory")
		}
		if !info.Mode().IsRegular() {
			return report.Say(report.WhyDevice)
		}
		f, err := os.OpenFile(path, os.O_RDWR|openWithoutWait, 0)
		if err != nil {
			return err
		}
		f.Close()
	}
	r, err := Replace(path, 0o600)
	if err != nil {
		return err
	}
	r.Discard()
	return nil
}

// Full reports whether a disk, or what a user may have of it, is full.
func Full(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// Results that another program holds open can often be replaced a little later.
const (
	replaceFor   = 10 * time.Second
	replaceEvery = 500 * time.Millisecond
)

// Commit puts the sealed file in place. busy is called once if that has to be
// tried again, which ends with stop. allowed says why what stands there is to stay; nil:
// it is not. If it cannot be done, the file is kept as kept, a name that beside gives,
// if its folder is still there.
func (r *Replacement) Commit(allowed func(path string) error, beside func(path string) (string, error), stop <-chan struct{}, busy func()) (kept string, err error) {
	deadline := time.Now().Add(replaceFor)
	for first := true; ; first = false {
		if err = allowed(r.Path); err != nil { // another file stands there now
			break
		}
		if err = os.Rename(r.File.Name(), r.Path); err == nil {
			return "", r.placed(r.Path)
		}
		if Hopeless(err) || time.Now().After(deadline) {
			break
		}
		if first {
			busy()
		}
		select {
		case <-time.After(replaceEvery):
			continue
		case <-stop:
		}
		break
	}
	kept = r.File.Name()
	if name, berr := beside(r.Path); berr == nil && os.Rename(r.File.Name(), name) == nil {
		kept = name
	}
	r.File.Close()
	if _, serr := os.Lstat(kept); serr != nil {
		kept = ""
	}
	return kept, err
}

// Hopeless reports whether a rename failed for a reason that no other program can
// take away by closing a file.
func Hopeless(err error) bool {
	_, judged := errors.AsType[report.Said](err) // something else stands there
	return judged || errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EISDIR) ||
		errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.EROFS) || Full(err)
}
