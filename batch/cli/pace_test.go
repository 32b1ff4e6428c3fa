package cli_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestThrottled: a service that takes a fifth of the rate gets few calls too many.
func TestThrottled(t *testing.T) {
	t.Parallel()
	rows := 600
	if testing.Short() || raced {
		rows = 300
	}
	sim := simulate(t, "--qps", "200")
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
	spawn(t, dir, sim.bind(in, "--rate", "1000")...).wait().want(t, 0)
	got := results(t, filepath.Join(dir, "in.results.csv"))
	wantCounts(t, got, fmt.Sprintf("BOUND %d", rows))
	agree(t, got, sim.bindings())
	perRow := float64(sim.calls()) / float64(rows)
	t.Logf("%.2f calls a row", perRow)
	if perRow > 4 {
		t.Errorf("%.2f calls a row, want at most 4", perRow)
	}
}

// TestLock: one run at a time; the lock dies with its process, the lock file stays.
func TestLock(t *testing.T) {
	sim := simulate(t, "--latency", "20ms")
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 400).String())
	args := sim.bind(in, "--rate", "50")
	first := spawn(t, dir, args...)
	first.eventually("its first outcome", func() bool { _, ended, _ := journalCalls(t, memoryOf(t)); return ended > 0 })

	second := spawn(t, dir, args...).wait().want(t, 11)
	for _, says := range []string{fmt.Sprintf("pid %d", first.cmd.Process.Pid), "host ", "since ", "cure"} {
		if !strings.Contains(second.stderr, says) {
			t.Errorf("want %q in\n%s", says, second.stderr)
		}
	}
	if second.stdout != "" {
		t.Errorf("on standard output: %q", second.stdout)
	}
	// In this process, by another spelling of the path, and for another input.
	axgbind(t, sim.bind(in, "-o", filepath.Join(dir, ".", "in.results.csv"))...).want(t, 11)
	other := write(t, filepath.Join(dir, "other.csv"), content(1000, 2).String())
	axgbind(t, sim.bind(other)...).want(t, 11)
	axgbind(t, append(args, "--lang", "zh")...).want(t, 11)

	first.kill()
	first.wait()
	if size(memoryOf(t)+".lock") == 0 {
		t.Error("the lock file is gone")
	}
	// Free again; 1 row more is enough to see that it goes on.
	got := spawn(t, dir, append(args, "--limit", "1")...).wait()
	if got.status != 5 && got.status != 4 {
		t.Fatalf("after the kill: %s", got)
	}
	if size(memoryOf(t)+".lock") == 0 {
		t.Error("the lock file is gone after a run in good order")
	}
	agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
}

// TestSimultaneous: of many runs that start at once, one works and the others
// leave; nothing is bound twice.
func TestSimultaneous(t *testing.T) {
	sim := simulate(t, "--latency", "10ms")
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 60).String())
	const n = 5
	statuses := make([]int, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { statuses[i] = spawn(t, dir, sim.bind(in)...).wait().status })
	}
	all.Wait()
	slices.Sort(statuses)
	if statuses[0] != 0 || strings.Trim(fmt.Sprint(statuses), "[01 ]") != "" || slices.Max(statuses) > 11 {
		t.Errorf("statuses %v, want 0 and 11", statuses)
	}
	agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
	if c := sim.calls(); c != 60 {
		t.Errorf("%d calls, want 60", c)
	}
}
