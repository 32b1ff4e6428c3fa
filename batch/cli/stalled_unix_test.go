//go:build unix

package cli_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fullPipe is a pipe that takes no byte more until it is read.
func fullPipe(t *testing.T) (r, w *os.File, holds int) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	_ = w.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	for {
		n, err := w.Write([]byte(strings.Repeat("x", 512)))
		if holds += n; errors.Is(err, os.ErrDeadlineExceeded) {
			return r, w, holds
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestNobodyReads: a terminal that is stopped, or an ssh that is lost but not yet
// given up, takes nothing that is said. Calls and results do not wait for it.
func TestNobodyReads(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		signal syscall.Signal
		status int
	}{{"to the end", 0, 0}, {"hang-up", syscall.SIGHUP, 129}, {"SIGTERM", syscall.SIGTERM, 143}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			heedHangup(t)
			sim := simulate(t, "--latency", "50ms", "--qps", "60") // throttled: there is something to say
			dir := newFolder(t)
			const rows = 300
			in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
			r, w, held := fullPipe(t)
			p := prepare(t, dir, nil, nil, "bind", in, "--endpoint", sim.url, "--pool-key", testPool, "-v", "--progress", "plain")
			p.cmd.Stderr = w
			p.start()
			w.Close()
			out := filepath.Join(dir, "in.results.csv")
			if c.signal != 0 {
				p.eventually("calls", func() bool { _, ended, _ := journalCalls(t, memoryOf(t)); return ended > 10 })
				p.signal(c.signal)
				began := time.Now()
				p.wait().want(t, c.status)
				if took := time.Since(began); took > 15*time.Second {
					t.Errorf("it took %v", took)
				}
			} else {
				p.eventually("results", func() bool { return size(out) > 0 })
				p.eventually("the lock is given up", func() bool { return size(memoryOf(t)+".reserve") == 0 })
				all, err := io.ReadAll(r)
				if err != nil {
					t.Fatal(err)
				}
				p.wait().want(t, c.status)
				lines := strings.Split(strings.TrimSpace(string(all[held:])), "\n")
				if !strings.HasPrefix(lines[0], "300 rows, 300 to send") || !strings.HasPrefix(lines[len(lines)-1], "status 0: ") {
					t.Errorf("first and last of %d lines: %q, %q", len(lines), lines[0], lines[len(lines)-1])
				}
			}
			rs := results(t, out)
			if n := count(rs); n["UNKNOWN"] > 0 || n["BOUND"]+n["PENDING"] != rows {
				t.Errorf("%v", n)
			}
			agree(t, rs, sim.bindings())
		})
	}
}
