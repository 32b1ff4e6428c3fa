//go:build unix

package journal

import (
	"errors"
	"os"
	"syscall"
)

// lockFlags keep the opening of a file from waiting for the other end of a pipe, and
// from following a link.
const lockFlags = syscall.O_NONBLOCK | syscall.O_NOFOLLOW

// lockBeside says that the lock is held on the lock file.
const lockBeside = false

// TryLock tries to lock an open file for one process, and says whether it did. It is
// held until the file is closed.
func TryLock(f *os.File) (held bool, err error) { return tryFlock(f, syscall.LOCK_EX) }

// tryShare tries to take a lock of an open file that excludes only TryLock.
func tryShare(f *os.File) (held bool, err error) { return tryFlock(f, syscall.LOCK_SH) }

// tryRun and shareRun are the like for the lock that a run holds on the lock file from
// its first record to its end; endRun gives that up.
func tryRun(f *os.File) (held bool, err error)   { return TryLock(f) }
func shareRun(f *os.File) (held bool, err error) { return tryShare(f) }
func endRun(f *os.File)                          { unlock(f) }

func tryFlock(f *os.File, how int) (held bool, err error) {
	conn, err := f.SyscallConn()
	if err != nil {
		return false, err
	}
	if cerr := conn.Control(func(fd uintptr) {
		for {
			if err = syscall.Flock(int(fd), how|syscall.LOCK_NB); err != syscall.EINTR {
				return
			}
		}
	}); cerr != nil {
		return false, cerr
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, os.NewSyscallError("flock", err)
}

// unlock gives up the lock of a file.
func unlock(f *os.File) {
	if conn, err := f.SyscallConn(); err == nil {
		_ = conn.Control(func(fd uintptr) { _ = syscall.Flock(int(fd), syscall.LOCK_UN) })
	}
}

// links is how many names an open file has.
func links(f *os.File) (uint64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Nlink), nil
	}
	return 1, nil
}

// diskFull reports whether a write failed for want of space or quota.
func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
