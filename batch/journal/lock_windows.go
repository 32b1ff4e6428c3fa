package journal

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockFlags are none: pipes stand in no folder on Windows, and no flag there keeps
// a link from being followed.
const lockFlags = 0

// lockBeside says that the lock is held on the lock file.
const lockBeside = true

// TryLock tries to lock an open file for one process, and says whether it did. It is
// held until the file is closed. What is locked is a byte far behind its end, so that
// others can read it.
func TryLock(f *os.File) (held bool, err error) {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return false, nil
	}
	return err == nil, os.NewSyscallError("LockFileEx", err)
}

// tryRun and shareRun are the like of TryLock and tryShare for the lock that a run holds
// on the lock file from its first record to its end, on another byte; endRun gives it up.
func tryRun(f *os.File) (held bool, err error) {
	return lockRun(f, windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY)
}

func shareRun(f *os.File) (held bool, err error) {
	return lockRun(f, windows.LOCKFILE_FAIL_IMMEDIATELY)
}

func lockRun(f *os.File, flags uint32) (held bool, err error) {
	err = windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{Offset: 1, OffsetHigh: 1 << 30})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return false, nil
	}
	return err == nil, os.NewSyscallError("LockFileEx", err)
}

func endRun(f *os.File) {
	_ = windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &windows.Overlapped{Offset: 1, OffsetHigh: 1 << 30})
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
