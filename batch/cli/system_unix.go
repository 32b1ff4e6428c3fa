//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// syncDir makes a rename or a new name in dir durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// ignorePipe keeps a reader of standard error that went away, such as head,
// from killing a run in its middle.
func ignorePipe() { signal.Ignore(syscall.SIGPIPE) }

// notifyStatus delivers SIGUSR1, which asks for a status line.
func notifyStatus(c chan<- os.Signal) { signal.Notify(c, syscall.SIGUSR1) }

// enableCursor reports whether codes that move the cursor work on a terminal.
func enableCursor(*os.File) bool { return true }
