//go:build unix

package journal

import (
	"errors"
	"os"
	"syscall"
)

// tryShare tries to take a lock of an open file that excludes only TryLock.
func tryShare(f *os.File) (held bool, err error) {
	conn, err := f.SyscallConn()
	if err != nil {
		return false, err
	}
	if cerr := conn.Control(func(fd uintptr) {
		for {
			if err = syscall.Flock(int(fd), syscall.LOCK_SH|syscall.LOCK_NB); err != syscall.EINTR {
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
