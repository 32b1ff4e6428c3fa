package journal

import (
	"os"

	"golang.org/x/sys/unix"
)

// fileNumber tells an open file from every other one that ever stood on its file
// system, and from its copies: it is made of its inode and, since inodes are used again,
// of when that was born, where the file system says so. 0: it cannot be told.
func fileNumber(f *os.File) uint64 {
	conn, err := f.SyscallConn()
	if err != nil {
		return 0
	}
	var s unix.Statx_t
	if cerr := conn.Control(func(fd uintptr) {
		err = unix.Statx(int(fd), "", unix.AT_EMPTY_PATH, unix.STATX_INO|unix.STATX_BTIME, &s)
	}); cerr != nil || err != nil {
		return 0
	}
	return numberOf(s.Ino, s.Btime.Sec, s.Btime.Nsec)
}
