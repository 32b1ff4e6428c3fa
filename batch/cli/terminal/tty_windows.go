package terminal

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// ignorePipe does nothing: Windows has no SIGPIPE.
func ignorePipe() {}

// NotifyStatus does nothing: Windows has no SIGUSR1.
func NotifyStatus(chan<- os.Signal) {}

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

// Closed reports whether w is a standard stream that the shell closed, which is not known
// here.
func Closed(io.Writer) bool { return false }
