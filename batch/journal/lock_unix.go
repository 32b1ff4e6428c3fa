//go:build unix

package journal

import "syscall"

// lockFlags keep the opening of a lock file from waiting for the other end of a
// pipe, and from following a link.
const lockFlags = syscall.O_NONBLOCK | syscall.O_NOFOLLOW
