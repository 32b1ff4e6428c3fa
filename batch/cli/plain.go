package cli

import (
	"io/fs"
	"os"

	"axgbind/report"
)

// openRegular opens a file to read it. A pipe or a device, which could keep the
// opening or the reading waiting for ever, is refused.
func openRegular(path string) (*os.File, error) {
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

// openOwn opens a file whose name axgbind chose, such as a lock. Others may have
// put something of that name into a shared folder, to have a file of theirs or
// of somebody else written to: links are not followed, and a file with a second
// name is refused.
func openOwn(path string, flag int) (*os.File, error) { return openOwnAs(path, flag, 0o600) }

// openOwnAs is openOwn with the mode of a file that is made.
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
	if err := own(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// own refuses a file that was opened by a name that is a link, or that has
// another name besides.
func own(f *os.File) error {
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
		return swapped{worded{report.Say(report.WhySwapped)}}
	}
	if names(f) > 1 {
		return hardLinked{worded{report.Say(report.WhyHardLink)}}
	}
	return nil
}

// swapped says that another file stands at the name since.
type swapped struct{ worded }

func (e swapped) Unwrap() error { return e.worded }

// hardLinked says that a file has another name besides.
type hardLinked struct{ worded }

func (e hardLinked) Unwrap() error { return e.worded }

// regular refuses what is no plain file.
func regular(info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return worded{report.Say(report.WhyDirectory, "is a directory")}
	case mode&fs.ModeSymlink != 0:
		return worded{report.Say(report.WhyLink)}
	case !mode.IsRegular():
		return worded{report.Say(report.WhyNoFile)}
	}
	return nil
}
