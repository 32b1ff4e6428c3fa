package cli

import "os"

// usable says why a folder is none. Whether this user may write in it, only writing
// tells on Windows.
func usable(dir string) error {
	_, err := os.ReadDir(dir)
	return err
}
