package aliyun

import "golang.org/x/sys/unix"

const clockAwake, clockAll = unix.CLOCK_MONOTONIC, unix.CLOCK_BOOTTIME
