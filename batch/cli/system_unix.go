//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// openWithoutWait keeps the opening of a pipe from waiting for its other end, and
// openNoLink a link from being followed.
const (
	openWithoutWait = syscall.O_NONBLOCK
	openNoLink      = syscall.O_NOFOLLOW
)

// removeOpen says that a file can be renamed and removed while it is open.
const removeOpen = true

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

// syncDir makes a rename or a new name in dir durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// ignorePipe keeps a reader of standard error that went away, such as head,
// from killing a run in its middle.
func ignorePipe() { signal.Ignore(syscall.SIGPIPE) }

// notifyStatus delivers SIGUSR1, which asks for a status line.
func notifyStatus(c chan<- os.Signal) { signal.Notify(c, syscall.SIGUSR1) }

// enableCursor reports whether codes that move the cursor work on a terminal.
func enableCursor(*os.File) bool { return true }
