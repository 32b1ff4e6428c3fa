package files

import (
	"os"

	"golang.org/x/sys/windows"
)

// openWithoutWait and openNoLink have no like on Windows: pipes stand in no
// folder there, and a link is found after it was opened.
const openWithoutWait, openNoLink = 0, 0

// RemovesOpen says that a file can be renamed and removed while it is open.
const RemovesOpen = false

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

// SyncDir does nothing: Windows has no sync of directories, and NTFS journals
// renames by itself.
func SyncDir(string) error { return nil }

// Usable says why a folder is none. Whether this user may write in it, only writing
// tells on Windows.
func Usable(dir string) error {
	_, err := os.ReadDir(dir)
	return err
}
