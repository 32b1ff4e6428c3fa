package aliyun

import "golang.org/x/sys/unix"

const clockAwake, clockAll = unix.CLOCK_UPTIME_RAW, unix.CLOCK_MONOTONIC
