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
