//go:build unix && !linux

package journal

import (
	"os"
	"syscall"
)

// fileID is the inode of an open file, which a later one may get again. Blank: it
// cannot be told.
func fileID(f *os.File) string {
	info, err := f.Stat()
	if err != nil {
		return ""
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fileText(uint64(s.Ino), 0)
}
