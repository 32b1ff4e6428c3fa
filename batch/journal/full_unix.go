//go:build unix

package journal

import (
	"errors"
	"syscall"
)

// diskFull reports whether a write failed for want of space or quota.
func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
