package cli

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
	f, err := createTemporary(path, 0)
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

// seal makes what was written durable under the temporary name. The file stays
// open where it can be renamed so: as long as it is, no other run sweeps it away.
func (r *replacement) seal() error {
	err := r.file.Chmod(r.mode)
	if err == nil {
		err = r.file.Sync()
	}
	if err == nil && !removeOpen {
		err = r.file.Close()
	}
	if err != nil {
		r.discard()
	}
	return err
}

// rename puts the sealed file at path, or leaves it where it is.
func (r *replacement) rename(path string) error {
	if err := os.Rename(r.file.Name(), path); err != nil {
		return err
	}
	return r.placed(path)
}

func (r *replacement) placed(path string) error {
	r.file.Close()
	return syncDir(filepath.Dir(path))
}

// Results that another program holds open can often be replaced a little later.
const (
	replaceFor   = 10 * time.Second
	replaceEvery = 500 * time.Millisecond
)

// commit puts the sealed file in place. busy is called once if that has to be
// tried again, which ends with stop. If it cannot be done, the file is kept as
// kept, a name beside it, if its folder is still there.
func (r *replacement) commit(o output, stop <-chan struct{}, busy func()) (kept string, err error) {
	deadline := time.Now().Add(replaceFor)
	for first := true; ; first = false {
		var v verdict
		if v, err = o.judge(r.path); v != fits { // another file stands there now
			break
		}
		if err = os.Rename(r.file.Name(), r.path); err == nil {
			return "", r.placed(r.path)
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
	kept = r.file.Name()
	if beside, berr := o.beside(r.path); berr == nil && os.Rename(r.file.Name(), beside) == nil {
		kept = beside
	}
	r.file.Close()
	if _, serr := os.Lstat(kept); serr != nil {
		kept = ""
	}
	return kept, err
}

// hopeless reports whether a rename failed for a reason that no other program can
// take away by closing a file.
func hopeless(err error) bool {
	_, judged := errors.AsType[worded](err) // something else stands there
	return judged || errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EISDIR) ||
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
		f, err := os.OpenFile(path, os.O_RDWR|openWithoutWait, 0)
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

// openDevice opens a device or pipe to write to. A pipe that nobody reads yet is
// waited for, but not for ever.
func openDevice(path string) (*os.File, error) {
	for deadline := time.Now().Add(replaceFor); ; time.Sleep(replaceEvery / 10) {
		f, err := os.OpenFile(path, os.O_WRONLY|openWithoutWait, 0)
		if !errors.Is(err, syscall.ENXIO) || time.Now().After(deadline) {
			return f, err
		}
	}
}
