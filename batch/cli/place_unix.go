//go:build unix

package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// usable says why this user cannot read and write in a folder; nil: nothing is
// known to be in the way.
func usable(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return unix.ENOTDIR
	}
	return unix.Access(dir, unix.R_OK|unix.W_OK|unix.X_OK)
}
