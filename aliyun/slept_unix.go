//go:build linux || darwin

package aliyun

import (
	"time"

	"golang.org/x/sys/unix"
)

// slept is how long this machine has slept since it was started: what a clock that
// counts it is ahead of the one that Go uses. 0 if they do not tell.
func slept() (d time.Duration) {
	for range 5 { // until nothing came in between
		var before, all, after unix.Timespec
		if unix.ClockGettime(clockAwake, &before) != nil || unix.ClockGettime(clockAll, &all) != nil || unix.ClockGettime(clockAwake, &after) != nil {
			return 0
		}
		if d = time.Duration(all.Nano() - after.Nano()); after.Nano()-before.Nano() < int64(time.Millisecond) {
			break
		}
	}
	return d
}
