//go:build unix

package terminal

import (
	"os"
	"os/signal"
	"syscall"
)

// ignorePipe keeps a reader of standard error that went away, such as head,
// from killing a run in its middle.
func ignorePipe() { signal.Ignore(syscall.SIGPIPE) }

// NotifyStatus delivers SIGUSR1, which asks for a status line.
func NotifyStatus(c chan<- os.Signal) { signal.Notify(c, syscall.SIGUSR1) }

// enableCursor reports whether codes that move the cursor work on a terminal.
func enableCursor(*os.File) bool { return true }
