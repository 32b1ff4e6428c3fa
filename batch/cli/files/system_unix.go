//go:build unix

package files

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// openWithoutWait keeps the opening of a pipe from waiting for its other end, and
// openNoLink a link from being followed.
const (
	openWithoutWait = syscall.O_NONBLOCK
	openNoLink      = syscall.O_NOFOLLOW
)

// RemovesOpen says that a file can be renamed and removed while it is open.
const RemovesOpen = true

// names is how many names an open file has.
func names(f *os.File) uint64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Nlink)
	}
	return 1
}

// ours reports whether an open file belongs to this user.
func ours(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Geteuid()
}

// hold locks an open file for as long as it is open, unless another process has.
func hold(f *os.File) bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil }

// SyncDir makes a rename or a new name in dir durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Usable says why this user cannot read and write in a folder; nil: nothing is
// known to be in the way.
func Usable(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return unix.ENOTDIR
	}
	return unix.Access(dir, unix.R_OK|unix.W_OK|unix.X_OK)
}
