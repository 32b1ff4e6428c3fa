package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// syncDir does nothing: Windows has no sync of directories, and NTFS journals
// renames by itself.
func syncDir(string) error { return nil }

// ignorePipe does nothing: Windows has no SIGPIPE.
func ignorePipe() {}

// notifyStatus does nothing: Windows has no SIGUSR1.
func notifyStatus(chan<- os.Signal) {}

// enableCursor has a console obey codes that move the cursor, and reports
// whether it does: older ones print them.
func enableCursor(f *os.File) bool {
	var mode uint32
	h := windows.Handle(f.Fd())
	if windows.GetConsoleMode(h, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(h, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}
