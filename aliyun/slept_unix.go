//go:build linux || darwin

package aliyun

import (
	"time"

	"golang.org/x/sys/unix"
)

// slept is how long this machine has slept since it was started: what a clock that
// counts it is ahead of the one that Go uses, and what passes between two readings. 0 if
// they do not tell.
func slept() time.Duration {
	var awake, all unix.Timespec
	if unix.ClockGettime(clockAwake, &awake) != nil || unix.ClockGettime(clockAll, &all) != nil {
		return 0
	}
	return time.Duration(all.Nano() - awake.Nano())
}
