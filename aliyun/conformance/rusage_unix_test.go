//go:build unix

package conformance_test

import (
	"syscall"
	"time"
)

// processTime is the CPU time of this process so far.
func processTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
