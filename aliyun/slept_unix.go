//go:build linux || darwin

package aliyun

import (
	"time"

	"golang.org/x/sys/unix"
)

// slept is how long this machine has slept since it was started: how far a clock that
// goes on meanwhile is ahead of the one that Go uses, which stands still. It includes the
// time between the two readings, and is 0 if one of them fails.
func slept() time.Duration {
	var awake, all unix.Timespec
	if unix.ClockGettime(clockAwake, &awake) != nil || unix.ClockGettime(clockAll, &all) != nil {
		return 0
	}
	return time.Duration(all.Nano() - awake.Nano())
}
