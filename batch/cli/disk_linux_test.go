package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk is a file system of that many bytes, or the test is skipped.
func smallDisk(t *testing.T, bytes int) string {
	t.Helper()
	dir := newFolder(t)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skip("no file system can be mounted here: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestFullDisk: a disk that fills up in the middle of a run ends it with
// status 1; outcomes under way are still recorded, nothing is lost, and the
// next run, with room again, goes on.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	const rows = 1500 // their records take more than is left
	sim := simulate(t, "--latency", "20ms")
	disk, dir := smallDisk(t, 3<<20), newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
	out := filepath.Join(disk, "out.csv")
	// Fill it, but for what the reserve and a few hundred rows take.
	ballast := write(t, filepath.Join(disk, "ballast"), strings.Repeat("x", 1<<20+1<<19+1<<18))
	args := sim.bind(in, "-o", out, "--rate", "1000", "--timeout", "5s", "--journal", disk)
	got := spawn(t, dir, args...).wait().want(t, 1)
	if !strings.Contains(got.stderr, "disk is full") && !strings.Contains(got.stderr, "no space left") {
		t.Errorf("not said: %s", got)
	}
	live := sim.bindings()
	if len(live) == 0 || len(live) == rows {
		t.Fatalf("the disk did not fill up in the middle: %d bindings", len(live))
	}
	if _, _, open := journalCalls(t, simulatedJournal(t, disk)); open > 0 && strings.Count(got.stderr, "rescue:") < open {
		t.Errorf("%d intents are open, and %d outcomes were rescued\n%s", open, strings.Count(got.stderr, "rescue:"), got)
	}
	for _, f := range files(t, disk) {
		if strings.HasSuffix(f, ".tmp") {
			t.Errorf("left %s behind on a full disk", f)
		}
	}
	calls, next := sim.calls(), typed(t, got, "")[0]
	// Too full for another reserve: nothing is sent that could perhaps not be
	// recorded.
	got = spawn(t, dir, args...).wait().want(t, 1)
	if n := sim.calls() - calls; n != 0 {
		t.Errorf("%d calls without a reserve\n%s", n, got)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	got = spawn(t, dir, next...).wait()
	rs := results(t, out)
	n := count(rs)
	if len(rs) != rows || n["BOUND"]+n["UNKNOWN"] != rows {
		t.Errorf("%v\n%s", n, got)
	}
	agree(t, rs, sim.bindings())
	t.Logf("%d bindings when the disk was full, %d calls; in the end %v", len(live), calls, n)
	if n["UNKNOWN"] > 0 {
		t.Errorf("%d outcomes were lost to the full disk", n["UNKNOWN"])
	}
}

// TestFullDiskOfResults: only the results' disk is full. Their journal
// suffices.
func TestFullDiskOfResults(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	disk, dir := smallDisk(t, 256<<10), newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 400).String())
	out := filepath.Join(disk, "out.csv")
	args := sim.bind(in, "-o", out, "--rate", "5000")
	ballast := write(t, filepath.Join(disk, "ballast"), strings.Repeat("x", 240<<10))
	got := spawn(t, dir, args...).wait().want(t, 1)
	if !strings.Contains(got.atEnd(), "axgbind bind") {
		t.Errorf("no next command: %s", got)
	}
	if n := len(sim.bindings()); n != 400 {
		t.Errorf("%d bindings", n)
	}
	if size(out) > 0 {
		t.Errorf("a part of the results stands at their path")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	spawn(t, dir, typed(t, got, "")[0]...).wait().want(t, 0)
	agree(t, results(t, out), sim.bindings())
	if n := sim.calls(); n != 400 {
		t.Errorf("%d calls", n)
	}
}

// TestFullLog: a log that cannot be written harms nothing.
func TestFullLog(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip(err)
	}
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 20).String())
	got := spawn(t, dir, sim.bind(in, "--log", "/dev/full", "-v")...).wait()
	wantCounts(t, results(t, filepath.Join(dir, "in.results.csv")), "BOUND 20")
	if got.status != 0 && got.status != 1 {
		t.Errorf("%s", got)
	}
	// A summary that cannot be written is status 1, and everything else stands.
	got = spawn(t, dir, sim.bind(in, "--summary", "/dev/full")...).wait().want(t, 1)
	if !strings.Contains(got.stderr, "/dev/full") {
		t.Errorf("%s", got)
	}
	wantCounts(t, results(t, filepath.Join(dir, "in.results.csv")), "BOUND 20")
	if n := sim.calls(); n != 20 {
		t.Errorf("%d calls", n)
	}
	if info, err := os.Stat("/dev/full"); err != nil || info.Mode().IsRegular() {
		t.Fatalf("/dev/full was replaced: %v", err)
	}
	// Standard error that takes nothing.
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	p := prepare(t, dir, nil, nil, sim.bind(in)...)
	p.cmd.Stderr = full
	p.start()
	p.wait().want(t, 0)
}

// TestFileSizeLimit: a limit of the process on file sizes, as ulimit -f sets
// it, is a full disk too. The signal that comes with it must not kill a run.
func TestFileSizeLimit(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	sim := simulate(t, "--latency", "10ms")
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3000).String())
	args := sim.bind(in, "--rate", "3000")
	p := prepare(t, dir, nil, nil, args...)
	p.cmd.Args = append([]string{sh, "-c", `ulimit -f 1100 && exec "$0" "$@"`, p.cmd.Path}, args...)
	p.cmd.Path = sh
	p.start()
	got := p.wait()
	if got.status != 1 {
		t.Errorf("%s", got)
	}
	got = spawn(t, dir, args...).wait()
	rs := results(t, filepath.Join(dir, "in.results.csv"))
	agree(t, rs, sim.bindings())
	if n := count(rs); n["BOUND"]+n["UNKNOWN"] != 3000 {
		t.Errorf("%v\n%s", n, got)
	}
	t.Log(count(rs))
}

// TestFullDiskOfLock: where the lock file has no room for the run, nothing is sent, and
// it says what it said: an old copy of the journal does not pass for the newest.
func TestFullDiskOfLock(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	disk, dir := smallDisk(t, 4<<20), newFolder(t)
	page := int64(os.Getpagesize())
	bind := func(i int) []string {
		name := fmt.Sprintf("%s-%d.csv", strings.Repeat("long", 45), i)
		return sim.bind(write(t, filepath.Join(dir, name), content(i, 1).String()), "--journal", disk)
	}
	var old, lock string // what stood there before the last run
	n, path := 0, ""
	for grows := int64(0); path == "" || size(path+".lock")+grows <= page; n++ { // the next one takes another page
		before := int64(0)
		if path != "" {
			old, lock, before = read(t, path), read(t, path+".lock"), size(path+".lock")
		}
		axgbind(t, bind(n)...).want(t, 0)
		path = simulatedJournal(t, disk)
		grows = size(path+".lock") - before
	}
	newest, whole := read(t, path), read(t, path+".lock")
	if len(lock) >= len(whole) || len(whole) > int(page) {
		t.Fatalf("the lock file has %d bytes, and had %d", len(whole), len(lock))
	}
	var free syscall.Statfs_t
	if err := syscall.Statfs(disk, &free); err != nil {
		t.Fatal(err)
	}
	ballast := write(t, filepath.Join(disk, "ballast"), strings.Repeat("x", int(free.Bavail)*int(free.Bsize)-1<<20)) // but for the reserve
	calls := sim.calls()
	axgbind(t, bind(n)...).want(t, 1)
	if now := sim.calls(); now != calls {
		t.Errorf("%d calls", now-calls)
	}
	if have := read(t, path+".lock"); have != whole {
		t.Errorf("the lock file changed: %d bytes, had %d", len(have), len(whole))
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	write(t, path, old)
	axgbind(t, bind(n)...).want(t, 10).says(t, "it is an old copy")
	write(t, path, newest)
	axgbind(t, bind(n)...).want(t, 0)
	if live := sim.bindings(); len(live) != n+1 {
		t.Errorf("%d bindings live, want %d", len(live), n+1)
	}
}
