//go:build unix

package keychain

import (
	"os/exec"
	"syscall"
)

// alone gives a command a session of its own: it has no terminal to ask at, and
// ends with all it started.
func alone(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
