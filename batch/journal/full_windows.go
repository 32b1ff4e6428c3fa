package journal

import (
	"errors"
	"syscall"
)

// diskFull reports whether a write failed for want of space: ERROR_DISK_FULL
// or ERROR_HANDLE_DISK_FULL.
func diskFull(err error) bool {
	return errors.Is(err, syscall.Errno(112)) || errors.Is(err, syscall.Errno(39))
}
