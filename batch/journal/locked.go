package journal

import "os"

// Held reports whether a run has the lock of the journal at path. It asks by taking
// a lock that those who ask share, and gives it up at once; [File.Lock] has patience
// with that.
func Held(path string) (bool, error) {
	if lockBeside {
		path += LockEnding
	}
	f, err := os.OpenFile(path, os.O_RDONLY|lockFlags, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	shared, err := tryShare(f)
	return err == nil && !shared, err
}

// Running reports whether a run may go on in the journal at path: it is locked, and the run
// that its lock file names, if it names one, has not ended as a process. A command that has
// the lock to plan, to wait or to ask is not taken for the run that was killed before it.
func Running(path string) (bool, error) {
	held, err := Held(path)
	if err != nil || !held {
		return false, err
	}
	f, err := os.OpenFile(path+LockEnding, os.O_RDONLY|lockFlags, 0)
	if err != nil {
		return true, nil
	}
	defer f.Close()
	if s, ok := ReadLock(f); !ok || s.Holder == nil {
		return true, nil
	}
	shared, err := shareRun(f)
	return err == nil && !shared, err
}
