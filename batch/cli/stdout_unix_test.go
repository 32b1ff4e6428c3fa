//go:build unix

package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestClosedStdout: findings are not lost where the shell closed standard output, and where
// somebody sends them nowhere they stay there.
func TestClosedStdout(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	rows := content(0, 1)
	rows[1][0] = "12"
	in := write(t, filepath.Join(dir, "in.csv"), rows.String())
	for to, finds := range map[string]bool{"1>&-": true, "1>/dev/null": false} {
		c := exec.Command("sh", "-c", `exec "$0" check "$1" `+to, os.Args[0], in)
		c.Env = append(os.Environ(), actAs+"=1")
		out, _ := c.CombinedOutput()
		if strings.Contains(string(out), "[phone-shape]") != finds {
			t.Errorf("%s: %s", to, out)
		}
	}
}

// TestDashIsNoFile: a file of the name - was hardly meant.
func TestDashIsNoFile(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
	for _, flag := range []string{"--summary", "--findings", "--failed", "--log", "--metrics"} {
		axgbind(t, "bind", in, "--simulate", flag, "-").want(t, 10).says(t, flag+" needs a file", "cure: name a file, or /dev/stdout")
	}
}
