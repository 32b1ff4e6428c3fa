package journal

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

// lockFlags are none: pipes stand in no folder on Windows, and no flag there keeps
// a link from being followed.
const lockFlags = 0

// lockBeside says that the lock is held on the lock file.
const lockBeside = true

// TryLock tries to lock an open file for one process, and says whether it did. It is
// held until the file is closed.
func TryLock(f *os.File) (held bool, err error) {
	return lockByte(f, 0, windows.LOCKFILE_EXCLUSIVE_LOCK)
}

// tryShare tries to take a lock of an open file that excludes only TryLock.
func tryShare(f *os.File) (held bool, err error) { return lockByte(f, 0, 0) }

// tryRun and shareRun are the like for the lock that a run holds on the lock file from
// its first record to its end, on another byte; endRun gives that up.
func tryRun(f *os.File) (held bool, err error) {
	return lockByte(f, 1, windows.LOCKFILE_EXCLUSIVE_LOCK)
}

func shareRun(f *os.File) (held bool, err error) { return lockByte(f, 1, 0) }

func endRun(f *os.File) {
	_ = windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &windows.Overlapped{Offset: 1, OffsetHigh: behind})
}

// behind is where the bytes are that are locked, in 4 GiB: far behind the end of a file,
// so that others can read it.
const behind = 1 << 30

// lockByte tries to lock one byte of a file, by itself or with others as how says.
func lockByte(f *os.File, at, how uint32) (held bool, err error) {
	err = windows.LockFileEx(windows.Handle(f.Fd()), how|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{Offset: at, OffsetHigh: behind})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return false, nil
	}
	return err == nil, os.NewSyscallError("LockFileEx", err)
}

// unlock does nothing: no lock is held on the file itself.
func unlock(*os.File) {}

// fileID tells an open file from every other one on its file system, and from its
// copies. Blank: it cannot be told.
func fileID(f *os.File) string {
	var info windows.ByHandleFileInformation
	if windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info) != nil {
		return ""
	}
	return fileText(uint64(info.FileIndexHigh)<<32|uint64(info.FileIndexLow), info.CreationTime.Nanoseconds())
}

// links is how many names an open file has.
func links(f *os.File) (uint64, error) {
	var info windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info); err != nil {
		return 0, os.NewSyscallError("GetFileInformationByHandle", err)
	}
	return uint64(info.NumberOfLinks), nil
}

// diskFull reports whether a write failed for want of space: ERROR_DISK_FULL
// or ERROR_HANDLE_DISK_FULL.
func diskFull(err error) bool {
	return errors.Is(err, syscall.Errno(112)) || errors.Is(err, syscall.Errno(39))
}
