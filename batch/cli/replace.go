package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"axgbind/report"
)

// temporary is what a temporary name ends in; the star is chance.
const temporary = ".*.tmp"

// sweep removes what killed runs left half written beside path. Only the
// holder of the job's lock may call it.
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
	for _, f := range files {
		if strings.HasPrefix(f.Name(), "."+filepath.Base(path)+".") && strings.HasSuffix(f.Name(), ".tmp") {
			os.Remove(filepath.Join(filepath.Dir(path), f.Name()))
		}
	}
}

// replacement is a file being written under a temporary name, to take the
// place of another whole or not at all. It stands in for google/renameio,
// which exports nothing on Windows.
type replacement struct {
	path string
	file *os.File
	sum  hash.Hash
	mode fs.FileMode
}

// replace begins a replacement of path, or of what it links to.
func replace(path string, mode fs.FileMode) (*replacement, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+temporary)
	if err != nil {
		return nil, err
	}
	return &replacement{path: path, file: f, sum: sha256.New(), mode: mode}, nil
}

// Write implements io.Writer.
func (r *replacement) Write(p []byte) (int, error) {
	n, err := r.file.Write(p)
	r.sum.Write(p[:n])
	return n, err
}

// digest is the SHA-256 of what was written, in hexadecimal.
func (r *replacement) digest() string { return hex.EncodeToString(r.sum.Sum(nil)) }

// discard gives up.
func (r *replacement) discard() {
	r.file.Close()
	os.Remove(r.file.Name())
}

// seal makes what was written durable under the temporary name.
func (r *replacement) seal() error {
	err := r.file.Chmod(r.mode)
	if err == nil {
		err = r.file.Sync()
	}
	if cerr := r.file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(r.file.Name())
	}
	return err
}

// Results that another program holds open can often be replaced a little later.
const (
	replaceFor   = 10 * time.Second
	replaceEvery = 500 * time.Millisecond
)

// commit puts the sealed file in place. busy is called once if that has to be
// tried again, which ends with stop. If it cannot be done, the file is kept as kept,
// if its folder is still there.
func (r *replacement) commit(stop <-chan struct{}, busy func()) (kept string, err error) {
	deadline := time.Now().Add(replaceFor)
	for first := true; ; first = false {
		if err = os.Rename(r.file.Name(), r.path); err == nil {
			return "", syncDir(filepath.Dir(r.path))
		}
		if hopeless(err) || time.Now().After(deadline) {
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
	kept = r.path + ".new.csv"
	if kerr := os.Rename(r.file.Name(), kept); kerr != nil {
		kept = r.file.Name()
	}
	if _, serr := os.Lstat(kept); serr != nil {
		kept = ""
	}
	return kept, err
}

// hopeless reports whether a rename failed for a reason that no other program can
// take away by closing a file.
func hopeless(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EISDIR) ||
		errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.EROFS) || isFull(err)
}

// replaceable tries, before anything is sent, whether path could be replaced.
func replaceable(path string) error {
	if info, err := os.Stat(path); err == nil {
		if info.IsDir() {
			return worded{report.Say(report.WhyDirectory, "is a directory")}
		}
		if !info.Mode().IsRegular() {
			return worded{report.Say(report.WhyDevice)}
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		f.Close()
	}
	r, err := replace(path, 0o600)
	if err != nil {
		return err
	}
	r.discard()
	return nil
}

// isDevice reports whether there is something at path that is neither file nor
// folder, such as /dev/stderr or a pipe.
func isDevice(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && !info.Mode().IsRegular()
}

// writeFile writes a whole file through a replacement, without retries. A
// device is written to as it is.
func writeFile(path string, mode fs.FileMode, write func(io.Writer) error) error {
	if isDevice(path) {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		err = write(f)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		return err
	}
	r, err := replace(path, mode)
	if err != nil {
		return err
	}
	if err := write(r); err != nil {
		r.discard()
		return err
	}
	if err := r.seal(); err != nil {
		return err
	}
	if err := os.Rename(r.file.Name(), r.path); err != nil {
		os.Remove(r.file.Name())
		return err
	}
	return syncDir(filepath.Dir(r.path))
}
