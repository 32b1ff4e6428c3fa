//go:build unix

package terminal

import (
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// ignorePipe keeps a reader of standard error that went away, such as head,
// from killing a run in its middle.
func ignorePipe() { signal.Ignore(syscall.SIGPIPE) }

// NotifyStatus delivers SIGUSR1, which asks for a status line.
func NotifyStatus(c chan<- os.Signal) { signal.Notify(c, syscall.SIGUSR1) }

// enableCursor reports whether codes that move the cursor work on a terminal.
func enableCursor(*os.File) bool { return true }

// Closed reports whether w is a standard stream that the shell closed, as with >&-. The
// runtime opens the null device in its place, to read and write; who means to drop what is
// said opens it to write.
func Closed(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	var stream, null unix.Stat_t
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_ACCMODE != unix.O_RDWR {
		return false
	}
	return unix.Fstat(int(f.Fd()), &stream) == nil && unix.Stat(os.DevNull, &null) == nil && stream.Mode&unix.S_IFMT == unix.S_IFCHR && stream.Rdev == null.Rdev
}
