//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestDevices: what is neither file nor folder is never replaced by a file.
// Named pipes stand in for /dev/null, which root could really replace.
func TestDevices(t *testing.T) {
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for _, flag := range []string{"-o", "--failed"} {
		got := axgbind(t, sim.bind(in, flag, pipe)...).want(t, 10)
		if !strings.Contains(got.stderr, "device") {
			t.Errorf("%s: %s", flag, got)
		}
	}
	axgbind(t, "check", in, "--failed", pipe).want(t, 10)
	if n := sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}

	// A summary may go to one.
	text := make(chan string, 1)
	go func() {
		b, _ := os.ReadFile(pipe)
		text <- string(b)
	}()
	axgbind(t, sim.bind(in, "--summary", pipe)...).want(t, 0)
	if s := <-text; !strings.Contains(s, `"exit_status": 0`) {
		t.Errorf("the summary in the pipe: %q", s)
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode().IsRegular() {
		t.Errorf("the pipe became a file: %v", err)
	}
	if got := files(t, dir); len(got) != 3 { // in, results, pipe
		t.Errorf("files: %v", got)
	}
}

// TestInputPipe: an input that is a pipe is spooled, as standard input is.
func TestInputPipe(t *testing.T) {
	sim := simulate(t)
	dir := newFolder(t)
	pipe := filepath.Join(dir, "in.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for range 2 {
		go func() { _ = os.WriteFile(pipe, []byte(content(0, 5).String()), 0o600) }()
		axgbind(t, sim.bind(pipe)...).want(t, 0)
		wantCounts(t, results(t, filepath.Join(dir, "in.results.csv")), "BOUND 5")
	}
	if n := sim.calls(); n != 5 {
		t.Errorf("%d calls, want 5", n)
	}
}
