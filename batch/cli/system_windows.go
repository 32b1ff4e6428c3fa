package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// openWithoutWait and openNoLink have no like on Windows: pipes stand in no
// folder there, and a link is found after it was opened.
const openWithoutWait, openNoLink = 0, 0

// removeOpen says that a file can be renamed and removed while it is open.
const removeOpen = false

// names is how many names an open file has.
func names(f *os.File) uint64 {
	var info windows.ByHandleFileInformation
	if windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info) != nil {
		return 1
	}
	return uint64(info.NumberOfLinks)
}

// ours says yes: what another user's process writes cannot be removed anyway.
func ours(*os.File) bool { return true }

// hold says yes: an open file cannot be removed on Windows.
func hold(*os.File) bool { return true }

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
