package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// finishLine is the line for machines at the end of a run.
var finishLine = regexp.MustCompile(`(?m)^axgbind: finished status=(\d+) rows=(\d+) bound=(\d+) failed=(\d+) invalid=(\d+) held=0 unknown=(\d+) pending=(\d+) already=0 calls=(\d+) `)

// told checks that finish line, summary and metrics all say what the service has,
// whatever could not be written. Paths that are blank are not looked at.
func told(t *testing.T, got outcome, sim *service, rows int, summary, metrics string) {
	t.Helper()
	m := finishLine.FindStringSubmatch(got.stderr)
	if m == nil {
		t.Fatalf("no finish line\n%s", got)
	}
	live := len(sim.bindings())
	if m[2] != fmt.Sprint(rows) || m[3] != fmt.Sprint(live) || m[7] != fmt.Sprint(rows-live) {
		t.Errorf("%d bindings of %d rows, but %s", live, rows, m[0])
	}
	if strings.Contains(got.stderr, "do not balance") {
		t.Errorf("not balanced\n%s", got)
	}
	if m[1] == "1" && !strings.Contains(got.stderr, "  cure: ") {
		t.Errorf("no cure\n%s", got)
	}
	if summary != "" {
		if s := summaryOf(t, summary); s.Counts["BOUND"] != live || s.Counts["PENDING"] != rows-live || fmt.Sprint(s.ExitStatus) != m[1] {
			t.Errorf("summary: status %d, %v; %d bindings", s.ExitStatus, s.Counts, live)
		}
	}
	if metrics != "" {
		g := gauges(t, metrics, strings.TrimSuffix(filepath.Base(metrics), ".prom"))
		if g[`axgbind_rows,state="bound"`] != float64(live) || g[`axgbind_rows,state="pending"`] != float64(rows-live) || fmt.Sprint(g["axgbind_run_exit_status"]) != m[1] {
			t.Errorf("metrics: %v; %d bindings", g, live)
		}
	}
}

// TestInputRewritten: whatever becomes of the input during a run, the numbers are
// right, and the same command with the same input gives the results without a call.
func TestInputRewritten(t *testing.T) {
	t.Parallel()
	const rows = 120
	text := content(0, rows).String()
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		change func(t *testing.T, path string)
		status int
		cure   string
	}{
		{"cut short", func(t *testing.T, path string) { must(t, os.Truncate(path, 900)) }, 1, "put back the input"},
		{"emptied", func(t *testing.T, path string) { must(t, os.Truncate(path, 0)) }, 1, "put back the input"},
		{"a digit changed", func(t *testing.T, path string) { // of the last A
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			must(t, err)
			_, err = f.WriteAt([]byte("9"), int64(strings.LastIndex(text, "\n138")+2))
			must(t, err)
			f.Close()
		}, 1, "put back the input"},
		{"the next night's rows", func(t *testing.T, path string) { write(t, path, content(rows, rows).String()) }, 1, "put back the input"},
		{"rows in another order", func(t *testing.T, path string) {
			lines := strings.SplitAfter(text, "\n")
			lines[1], lines[2] = lines[2], lines[1]
			write(t, path, strings.Join(lines, ""))
		}, 1, "put back the input"},
		{"rows added", func(t *testing.T, path string) {
			write(t, path, text+strings.Split(content(rows, 1).String(), "\n")[1]+"\n")
		}, 0, ""},
		{"deleted", func(t *testing.T, path string) { must(t, os.Remove(path)) }, 0, ""},
		{"replaced by another", func(t *testing.T, path string) {
			write(t, path+".new", content(rows, 3).String())
			must(t, os.Rename(path+".new", path))
		}, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "50ms")
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), text)
			summary, metrics := filepath.Join(dir, "s.json"), filepath.Join(dir, "night.prom")
			letGo := sim.hold(8)
			args := sim.bind(in, "--rate", "100", "--summary", summary, "--metrics", metrics, "--failed", filepath.Join(dir, "failed.csv"))
			p := under(t, dir, args...)
			c.change(t, in)
			letGo()
			got := p.wait().want(t, c.status)
			told(t, got, sim, rows, summary, metrics)
			if !strings.Contains(got.stderr, c.cure) || c.status == 1 && !strings.Contains(got.stderr, "in.csv is not what it was") {
				t.Errorf("no cure %q\n%s", c.cure, got)
			}
			for _, f := range files(t, dir) {
				if strings.HasSuffix(f, ".tmp") {
					t.Errorf("left %s", f)
				}
			}
			if text := pageOf(t, filepath.Join(dir, "in.results.csv")); !strings.Contains(text, fmt.Sprint(len(sim.bindings()))) {
				t.Error("the page does not know the number of bindings")
			}
			write(t, in, text)
			spawn(t, dir, args...).wait().want(t, 0)
			rs := results(t, filepath.Join(dir, "in.results.csv"))
			wantCounts(t, rs, fmt.Sprintf("BOUND %d", rows))
			agree(t, rs, sim.bindings())
			if n := sim.calls(); n != rows {
				t.Errorf("%d calls, want %d", n, rows)
			}
		})
	}
}

// TestBigInputRewritten: the run itself comes upon the change, and stops.
func TestBigInputRewritten(t *testing.T) {
	t.Parallel()
	const rows = 30000
	sim := simulate(t)
	dir := newFolder(t)
	text := content(0, rows).String()
	in := write(t, filepath.Join(dir, "in.csv"), text)
	summary, metrics := filepath.Join(dir, "s.json"), filepath.Join(dir, "night.prom")
	args := sim.bind(in, "--rate", "2000", "--summary", summary, "--metrics", metrics)
	p := spawn(t, dir, args...)
	p.eventually("calls", func() bool { return sim.calls() > 500 })
	write(t, in, content(rows, 40).String())
	got := p.wait().want(t, 1)
	told(t, got, sim, rows, summary, metrics)
	if s := summaryOf(t, summary); s.StopReason != "input" || s.Counts["PENDING"] == 0 {
		t.Errorf("stopped for %q, %v", s.StopReason, s.Counts)
	}
	if n := strings.Count(got.stderr, "in.csv is not what it was"); n != 1 {
		t.Errorf("said %d times\n%s", n, got)
	}
	write(t, in, text)
	spawn(t, dir, append(typed(t, got, "")[0], "--limit", "100")...).wait().want(t, 5)
	agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
}

// TestFewHandles: as many calls as handles. The files at the end do not find none
// left; too few to begin with are told before the first call.
func TestFewHandles(t *testing.T) {
	t.Parallel()
	const rows = 400
	for limit := 8; limit <= 40; limit++ {
		if limit > 20 && limit%5 > 0 { // below lies where the first call finds no handle
			continue
		}
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "200ms")
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
			summary, metrics := filepath.Join(dir, "s.json"), filepath.Join(dir, "night.prom")
			args := sim.bind(in, "--rate", "300", "--until", "3s", "--summary", summary, "--metrics", metrics,
				"--failed", filepath.Join(dir, "failed.csv"))
			p := prepare(t, dir, nil, nil, args...)
			inShell(t, p, fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, limit))
			p.start()
			got := p.wait()
			if !strings.Contains(got.stderr, "axgbind: finished") { // refused
				if n := sim.calls(); n != 0 || got.status != 1 && got.status != 6 && got.status != 10 && got.status != 2 {
					t.Errorf("%d calls\n%s", n, got)
				}
				t.Log(got.atEnd())
				return
			}
			told(t, got, sim, rows, summary, metrics)
			if got.status == 1 {
				t.Errorf("%s", got)
			}
			agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
			if len(sim.bindings()) == 0 {
				t.Errorf("it could not make a call, and was not refused: %s", got)
			}
		})
	}
}

// TestPlaceGoes: the place of a file is taken away, filled or made read-only in
// the middle of a run. Only that file is missing, with its own cure.
func TestPlaceGoes(t *testing.T) {
	t.Parallel()
	const rows = 120
	remove := func(path string) error { return os.RemoveAll(filepath.Dir(path)) }
	directory := func(path string) error { os.Remove(path); return os.MkdirAll(filepath.Join(path, "x"), 0o700) }
	for _, c := range []struct {
		name, flag, file, cure string
		wrong                  func(path string) error
		right                  func(path string) error
	}{
		{"results' folder deleted", "--out", "o.csv", "make its folder again", remove, nil},
		{"results became a folder", "--out", "o.csv", "move away what stands", directory, os.RemoveAll},
		{"failed's folder deleted", "--failed", "o.csv", "make its folder again", remove, nil},
		{"summary's folder deleted", "--summary", "o.json", "make its folder again", remove, nil},
		{"metrics' folder deleted", "--metrics", "o.prom", "make its folder again", remove, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "50ms")
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
			path := filepath.Join(dir, "sub", c.file)
			paths := map[string]string{
				"--out": filepath.Join(dir, "out.csv"), "--failed": filepath.Join(dir, "failed.csv"), "--summary": filepath.Join(dir, "s.json"),
				"--metrics": filepath.Join(dir, "night.prom"),
			}
			paths[c.flag] = path
			letGo := sim.hold(8)
			args := sim.bind(in, "--rate", "100")
			for flag, p := range paths {
				args = append(args, flag, p)
			}
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(os.Mkdir(filepath.Dir(path), 0o700))
			p := under(t, dir, args...)
			must(c.wrong(path))
			letGo()
			got := p.wait().want(t, 1)
			if !strings.Contains(got.stderr, c.cure) || !strings.Contains(got.stderr, c.file) {
				t.Errorf("no cure\n%s", got)
			}
			summary, metrics := paths["--summary"], paths["--metrics"]
			for flag, p := range paths {
				switch {
				case flag == c.flag:
				case size(p) <= 0:
					t.Errorf("%s is missing too", flag)
				}
			}
			if c.flag == "--summary" {
				summary = ""
			}
			if c.flag == "--metrics" {
				metrics = ""
			}
			told(t, got, sim, rows, summary, metrics)
			if c.right != nil {
				must(c.right(path))
			}
			must(os.MkdirAll(filepath.Dir(path), 0o700))
			spawn(t, dir, args...).wait().want(t, 0)
			agree(t, results(t, paths["--out"]), sim.bindings())
			if n := sim.calls(); n != rows {
				t.Errorf("%d calls", n)
			}
		})
	}
}

// TestDiskFillsOfOne: the disk of one file fills up, or is made read-only.
func TestDiskFillsOfOne(t *testing.T) {
	t.Parallel()
	const rows = 200
	for _, flag := range []string{"--out", "--failed", "--summary", "--metrics"} {
		for _, kind := range []string{"full", "read-only"} {
			t.Run(kind+flag, func(t *testing.T) {
				t.Parallel()
				sim := simulate(t, "--latency", "50ms")
				disk, dir := smallDisk(t, 64<<10), newFolder(t)
				in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
				ending := map[string]string{"--out": ".csv", "--failed": ".csv", "--summary": ".json", "--metrics": ".prom"}
				paths := map[string]string{}
				letGo := sim.hold(8)
				args := sim.bind(in, "--rate", "100")
				for f, e := range ending {
					paths[f] = filepath.Join(dir, strings.Trim(f, "-")+e)
					if f == flag {
						paths[f] = filepath.Join(disk, strings.Trim(f, "-")+e)
					}
					args = append(args, f, paths[f])
				}
				p := under(t, dir, args...)
				cure := "free some space"
				if kind == "full" {
					_ = os.WriteFile(filepath.Join(disk, "ballast"), make([]byte, 64<<10), 0o600) // as far as it goes
				} else {
					cure = "file system writable"
					if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
						t.Skip(err)
					}
				}
				letGo()
				got := p.wait().want(t, 1)
				if !strings.Contains(got.stderr, cure) {
					t.Errorf("no cure\n%s", got)
				}
				for f, p := range paths {
					if f != flag && size(p) <= 0 {
						t.Errorf("%s is missing too", f)
					}
				}
				summary, metrics := paths["--summary"], paths["--metrics"]
				if flag == "--summary" {
					summary = ""
				}
				if flag == "--metrics" {
					metrics = ""
				}
				told(t, got, sim, rows, summary, metrics)
				if kind == "read-only" {
					if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, ""); err != nil {
						t.Fatal(err)
					}
				}
				os.Remove(filepath.Join(disk, "ballast"))
				spawn(t, dir, args...).wait().want(t, 0)
				agree(t, results(t, paths["--out"]), sim.bindings())
				if n := sim.calls(); n != rows {
					t.Errorf("%d calls", n)
				}
			})
		}
	}
}

// simulatedIn is the journal of a simulator in a folder, blank if there is none.
func simulatedIn(dir string) string {
	found, _ := filepath.Glob(filepath.Join(dir, "simulated-*.journal")) // it fails on a bad pattern only
	return strings.Join(found, " ")
}

// TestDiskFullAtTheEnd: input, journal and results on one disk that others fill
// during the run. What was kept for outcomes serves the results in the end.
func TestDiskFullAtTheEnd(t *testing.T) {
	t.Parallel()
	const rows = 200
	sim := simulate(t, "--latency", "300ms")
	disk, dir := smallDisk(t, 4<<20), newFolder(t)
	in := write(t, filepath.Join(disk, "in.csv"), content(0, rows).String())
	summary, metrics := filepath.Join(disk, "s.json"), filepath.Join(disk, "night.prom")
	args := sim.bind(in, "--rate", "1000", "--summary", summary, "--metrics", metrics, "--journal", disk)
	p := spawn(t, dir, args...)
	p.eventually("all calls", func() bool { intended, _, _ := journalCalls(t, simulatedIn(disk)); return intended == rows })
	// Room for the outcomes, and no more.
	var s syscall.Statfs_t
	if err := syscall.Statfs(disk, &s); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(disk, "ballast"), strings.Repeat("x", int(s.Bavail)*int(s.Bsize)-60<<10))
	got := p.wait()
	told(t, got, sim, rows, summary, metrics)
	if got.status == 0 {
		agree(t, results(t, filepath.Join(disk, "in.results.csv")), sim.bindings())
	}
	t.Log(got.atEnd())
	os.Remove(filepath.Join(disk, "ballast"))
	spawn(t, dir, args...).wait().want(t, 0)
	agree(t, results(t, filepath.Join(disk, "in.results.csv")), sim.bindings())
	if n := sim.calls(); n != rows {
		t.Errorf("%d calls", n)
	}
}

// TestJournalGoes: a journal that is deleted, moved or replaced under a run stops
// it, and what was sent stays known: without it every row would be bound again.
func TestJournalGoes(t *testing.T) {
	t.Parallel()
	const rows = 300
	for _, c := range []struct {
		name string
		away func(dir, journal string) error
		back func(dir, journal string) error // what the message asks for; nil: nothing
	}{
		{"deleted", func(_, journal string) error { return os.Remove(journal) }, nil},
		{"moved", func(_, journal string) error { return os.Rename(journal, journal+".old") }, nil},
		{"its folder moved", func(dir, _ string) error { return os.Rename(dir, dir+"-2") }, func(dir, journal string) error {
			_, err := os.Stat(journal)
			return err
		}},
		{"its folder deleted", func(dir, _ string) error { return os.RemoveAll(dir) }, nil},
		{"replaced", func(_, journal string) error {
			os.Remove(journal)
			return os.WriteFile(journal, nil, 0o600)
		}, func(dir, journal string) error {
			kept, err := filepath.Glob(journal + ".kept.*")
			if err != nil || len(kept) != 1 {
				return fmt.Errorf("kept: %v, %v", kept, err)
			}
			return os.Rename(kept[0], journal)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "50ms")
			dir := filepath.Join(newFolder(t), "job")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			text := content(0, rows).String()
			in := write(t, filepath.Join(dir, "in.csv"), text)
			letGo := sim.hold(8)
			args := sim.bind(in, "--rate", "100", "--journal", dir)
			heedHangup(t)
			p := spawn(t, filepath.Dir(dir), args...)
			p.eventually("calls are under way", func() bool { _, ended, open := journalCalls(t, simulatedIn(dir)); return ended > 5 && open > 0 })
			journal := simulatedIn(dir)
			if err := c.away(dir, journal); err != nil {
				t.Fatal(err)
			}
			letGo()
			got := p.wait().want(t, 1)
			told(t, got, sim, rows, "", "")
			if n := len(sim.bindings()); n == rows || !strings.Contains(got.stderr, "during the run") {
				t.Errorf("%d bindings\n%s", n, got)
			}
			agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
			if c.back != nil {
				if err := c.back(dir, journal); err != nil {
					t.Fatalf("%v\n%s", err, got)
				}
			}
			write(t, in, text)
			spawn(t, dir, args...).wait().want(t, 0)
			rs := results(t, filepath.Join(dir, "in.results.csv"))
			wantCounts(t, rs, fmt.Sprintf("BOUND %d", rows))
			agree(t, rs, sim.bindings())
			if n := sim.calls(); n != rows {
				t.Errorf("%d calls, want %d", n, rows)
			}
		})
	}
}

// TestResultsHeld: results that another holds in place are tried again for a
// while, but not past a signal.
func TestResultsHeld(t *testing.T) {
	t.Parallel()
	for _, signalled := range []bool{false, true} {
		t.Run(fmt.Sprint(signalled), func(t *testing.T) {
			t.Parallel()
			heedHangup(t)
			sim := simulate(t, "--latency", "50ms")
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 60).String())
			out := filepath.Join(dir, "in.results.csv")
			letGo := sim.hold(9)
			args := sim.bind(in, "--rate", "100", "--limit", "1")
			spawn(t, dir, args...).wait().want(t, 5)
			args = args[:len(args)-2]
			p := under(t, dir, args...)
			if err := syscall.Mount(out, out, "", syscall.MS_BIND, ""); err != nil {
				t.Skip(err)
			}
			letGo()
			held := true
			let := func() {
				if held {
					held = false
					_ = syscall.Unmount(out, syscall.MNT_DETACH)
				}
			}
			defer let()
			p.until(p.stderr, "trying for 10 s")
			if !signalled {
				let()
				p.wait().want(t, 0)
				wantCounts(t, results(t, out), "BOUND 60")
				return
			}
			p.signal(syscall.SIGHUP)
			got := p.wait().want(t, 1)
			told(t, got, sim, 60, "", "")
			wantCounts(t, results(t, out+".new.csv"), "BOUND 60")
			let()
			spawn(t, dir, args...).wait().want(t, 0)
			wantCounts(t, results(t, out), "BOUND 60")
		})
	}
}

// TestLockFileDeleted: a lock file that somebody deletes under a run, as if it had been
// left behind, is back when the run ends.
func TestLockFileDeleted(t *testing.T) {
	t.Parallel()
	s := simulate(t, "--latency", "30ms")
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 60).String())
	letGo := s.hold(8)
	p := spawn(t, dir, s.bind(in, "--rate", "60", "--journal", dir)...)
	p.eventually("calls are under way", func() bool { _, ended, open := journalCalls(t, simulatedIn(dir)); return ended > 5 && open > 0 })
	remove(t, simulatedIn(dir)+".lock")
	letGo()
	p.wait().want(t, 0)
	more := write(t, filepath.Join(dir, "more.csv"), content(0, 61).String())
	axgbind(t, s.bind(more, "--journal", dir)...).want(t, 0)
	if n := len(s.bindings()); n != 61 {
		t.Errorf("%d bindings live", n)
	}
}
