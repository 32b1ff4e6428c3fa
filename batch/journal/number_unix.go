//go:build unix && !linux

package journal

import (
	"os"
	"syscall"
)

// fileNumber is the inode of an open file, which a later one may get again. 0: it
// cannot be told.
func fileNumber(f *os.File) uint64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	return numberOf(s.Ino)
}
