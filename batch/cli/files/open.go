package files

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"

	"axgbind/report"
)

// OpenRegular opens a file to read it. A pipe or a device, which could keep the
// opening or the reading waiting for ever, is refused.
func OpenRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|openWithoutWait, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = regular(info)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// OpenOwn opens a file whose name axgbind chose, such as a lock. Others may have
// put something of that name into a shared folder, to have a file of theirs or
// of somebody else written to: links are not followed, and a file with a second
// name is refused.
func OpenOwn(path string, flag int) (*os.File, error) { return openOwnAs(path, flag, 0o600) }

// openOwnAs is OpenOwn with the mode of a file that is made.
func openOwnAs(path string, flag int, mode fs.FileMode) (*os.File, error) {
	f, err := os.OpenFile(path, flag|openWithoutWait|openNoLink, mode)
	if err != nil {
		if info, lerr := os.Lstat(path); lerr == nil {
			if oerr := regular(info); oerr != nil {
				return nil, oerr
			}
		}
		return nil, err
	}
	if err := Own(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Own refuses an open file that was opened by a name that is a link, or that has
// another name besides.
func Own(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := regular(info); err != nil {
		return err
	}
	there, err := os.Lstat(f.Name()) // where a link cannot be kept from being followed
	if err != nil {
		return err
	}
	if err := regular(there); err != nil {
		return err
	}
	if !os.SameFile(info, there) {
		return swapped{report.Say(report.WhySwapped)}
	}
	if names(f) > 1 {
		return HardLinked{report.Say(report.WhyHardLink)}
	}
	return nil
}

// swapped says that another file stands at the name since.
type swapped struct{ report.Said }

func (e swapped) Unwrap() error { return e.Said }

// HardLinked says that a file has another name besides.
type HardLinked struct{ report.Said }

// Unwrap returns it in words alone.
func (e HardLinked) Unwrap() error { return e.Said }

// regular refuses what is no plain file.
func regular(info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return report.Say(report.WhyDirectory, "is a directory")
	case mode&fs.ModeSymlink != 0:
		return report.Say(report.WhyLink)
	case !mode.IsRegular():
		return report.Say(report.WhyNoFile)
	}
	return nil
}

// Gone reports whether a file could not be opened because somebody deleted it, or
// put another in its place, at that moment.
func Gone(err error) bool {
	_, other := errors.AsType[swapped](err)
	return other || errors.Is(err, fs.ErrNotExist)
}

// OpenIn opens files of axgbind's own in a folder. Where the folder hands down its
// group, the group may write them.
func OpenIn(dir string) func(name string, flag int) (*os.File, error) {
	mode := ModeIn(dir)
	return func(name string, flag int) (*os.File, error) {
		f, err := openOwnAs(name, flag, mode)
		if err == nil && flag&os.O_CREATE != 0 && mode != 0o600 {
			_ = f.Chmod(mode) // in spite of the umask; another's file has it already
		}
		return f, err
	}
}

// ModeIn is the mode of a journal and its files in a folder.
func ModeIn(dir string) fs.FileMode {
	if info, err := os.Stat(dir); err == nil && info.Mode()&fs.ModeSetgid != 0 {
		return 0o660
	}
	return 0o600
}

// OpenDevice opens a device or pipe to write to. A pipe that nobody reads yet is
// waited for, but not for ever.
func OpenDevice(path string) (*os.File, error) {
	const most, every = 10 * time.Second, 50 * time.Millisecond
	for deadline := time.Now().Add(most); ; time.Sleep(every) {
		f, err := os.OpenFile(path, os.O_WRONLY|openWithoutWait, 0)
		if !errors.Is(err, syscall.ENXIO) || time.Now().After(deadline) {
			return f, err
		}
	}
}

// RemoveOpen removes a file that is a lock, and gives the lock up.
func RemoveOpen(f *os.File) {
	if RemovesOpen {
		os.Remove(f.Name())
	}
	f.Close()
	if !RemovesOpen {
		os.Remove(f.Name()) // fails if another has opened it
	}
}

// OpenAppend opens a file to append to it, and makes it if it is not there. A pipe that
// nobody reads is not waited for.
func OpenAppend(path string, mode fs.FileMode) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND|openWithoutWait, mode)
}
