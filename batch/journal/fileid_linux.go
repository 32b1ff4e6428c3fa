package journal

import (
	"os"

	"golang.org/x/sys/unix"
)

// fileID tells an open file from every other one on its file system, and from its
// copies. Inodes are used again, so it also says when this one was born, where the file
// system knows. Blank: it cannot be told.
func fileID(f *os.File) string {
	conn, err := f.SyscallConn()
	if err != nil {
		return ""
	}
	var s unix.Statx_t
	if cerr := conn.Control(func(fd uintptr) {
		err = unix.Statx(int(fd), "", unix.AT_EMPTY_PATH, unix.STATX_INO|unix.STATX_BTIME, &s)
	}); cerr != nil || err != nil {
		return ""
	}
	born := int64(0)
	if s.Mask&unix.STATX_BTIME != 0 {
		born = s.Btime.Sec*1e9 + int64(s.Btime.Nsec)
	}
	return fileText(s.Ino, born)
}
