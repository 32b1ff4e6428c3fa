//go:build unix

package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ways are how one file can be reached under another name.
var ways = map[string]func(t *testing.T, victim, name string) string{
	"relative": func(t *testing.T, victim, _ string) string {
		here, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		rel, err := filepath.Rel(here, victim)
		if err != nil {
			t.Fatal(err)
		}
		return rel
	},
	"roundabout": func(_ *testing.T, victim, _ string) string {
		dir, base := filepath.Split(victim)
		return dir + "." + string(filepath.Separator) + ".." + string(filepath.Separator) + filepath.Base(filepath.Clean(dir)) + string(filepath.Separator) + base
	},
	"symbolic link": func(t *testing.T, victim, name string) string { return linked(t, os.Symlink, victim, name) },
	"link to a link": func(t *testing.T, victim, name string) string {
		return linked(t, os.Symlink, linked(t, os.Symlink, victim, "first-"+name), name)
	},
	"hard link": func(t *testing.T, victim, name string) string { return linked(t, os.Link, victim, name) },
}

func linked(t *testing.T, link func(old, name string) error, victim, name string) string {
	t.Helper()
	path := filepath.Join(filepath.Dir(victim), "link-"+name)
	if err := link(victim, path); err != nil {
		t.Skip(err)
	}
	return path
}

// TestOutputsSpareOthersByAnyName: a victim is spared by whatever name it is reached.
func TestOutputsSpareOthersByAnyName(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	all := victims(t, sim)
	for _, kind := range []string{"journal", "results", "input", "foreign text", "failed that was corrected"} {
		text := all[kind]
		for way, name := range ways {
			for i, o := range outputFlags {
				if o.flag == "--journal" && kind == "journal" {
					continue // another name of a journal is a journal; hard links: TestLinkedJournal
				}
				t.Run(kind+" "+way+" "+o.flag, func(t *testing.T) {
					dir := newFolder(t)
					in := write(t, filepath.Join(dir, "in.csv"), lastBad(1000*(i+1), 2).String())
					victim := write(t, filepath.Join(dir, o.name), text)
					given := name(t, victim, o.name)
					got := axgbind(t, sim.bind(in, o.flag, given)...)
					if now := read(t, victim); now != text {
						t.Fatalf("the victim was written to: %.200q\n%s", now, got)
					}
					if text, err := os.ReadFile(given); err != nil || string(text) != all[kind] {
						t.Errorf("its other name leads elsewhere now: %v\n%s", err, got)
					}
					if got.status != 10 && !strings.Contains(got.stderr, ".new.") && !strings.Contains(got.stderr, ".new"+filepath.Ext(o.name)) {
						t.Errorf("neither refused nor said\n%s", got)
					}
				})
			}
		}
	}
}

// TestOutputsAreNoInput: the files that a command reads, named as an output by
// any name.
func TestOutputsAreNoInput(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	for way, name := range ways {
		for _, o := range outputFlags {
			for _, read1 := range []string{"input", "numbers"} {
				t.Run(way+" "+o.flag+" "+read1, func(t *testing.T) {
					dir := newFolder(t)
					in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
					list := write(t, filepath.Join(dir, "list.csv"), "PhoneNoX\n17199999999\n")
					victim := map[string]string{"input": in, "numbers": list}[read1]
					before := read(t, victim)
					got := axgbind(t, sim.bind(in, "--x-numbers", list, o.flag, name(t, victim, o.name))...)
					if read(t, victim) != before || got.status != 10 {
						t.Errorf("%s", got)
					}
				})
			}
		}
	}
	if n := sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// soonEnds runs a command as a process and fails if it hangs.
func soonEnds(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	p := prepare(t, dir, nil, nil, args...)
	p.late = 20 * time.Second
	p.start()
	got := p.wait()
	if got.status < 0 { // killed: the others would hang as well
		t.FailNow()
	}
	return got
}

// TestNamesOfOursAreNoTraps: in a folder that others write to, the names that
// axgbind makes up are links, pipes or folders of theirs. Nothing is written
// through them, nothing hangs, and the run is refused before its first call.
func TestNamesOfOursAreNoTraps(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	traps := map[string]func(path, victim string) error{
		"symbolic link": func(path, victim string) error { return os.Symlink(victim, path) },
		"dangling link": func(path, victim string) error { return os.Symlink(victim+".none", path) },
		"hard link":     func(path, victim string) error { return os.Link(victim, path) },
		"pipe":          func(path, _ string) error { return syscall.Mkfifo(path, 0o666) },
		"folder":        func(path, _ string) error { return os.Mkdir(path, 0o777) },
		"link to a pipe": func(path, victim string) error {
			_ = syscall.Mkfifo(victim+".p", 0o666)
			return os.Symlink(victim+".p", path)
		},
		"link to a device": func(path, _ string) error { return os.Symlink("/dev/zero", path) },
	}
	for trap, set := range traps {
		for _, name := range []string{"axgbind.journal.lock", "axgbind.journal.reserve"} {
			for _, victimText := range []string{"dear diary\n", ""} {
				t.Run(trap+" "+name, func(t *testing.T) {
					t.Parallel()
					dir, elsewhere := newFolder(t), newFolder(t)
					in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
					victim := write(t, filepath.Join(elsewhere, "victim"), victimText)
					os.Remove(filepath.Join(memory(t), name))
					if err := set(filepath.Join(memory(t), name), victim); err != nil {
						t.Skip(err)
					}
					got := soonEnds(t, dir, sim.bind(in)...).want(t, 10)
					if !strings.Contains(got.stderr, name) || !strings.Contains(got.stderr, "cure: ") {
						t.Errorf("does not say where and why\n%s", got)
					}
					if read(t, victim) != victimText {
						t.Error("the victim was written to")
					}
					if _, err := os.Stat(victim + ".none"); err == nil {
						t.Error("a file was made through the link")
					}
					if _, err := os.Lstat(filepath.Join(memory(t), name)); err != nil {
						t.Error("what stood there was taken away")
					}
				})
			}
		}
	}
	t.Cleanup(func() {
		if n := sim.calls(); n != 0 {
			t.Errorf("%d calls", n)
		}
	})
}

// TestJournalIsAFile: a journal that is a pipe or a device is refused by every
// command that reads it, and none waits for its other end.
func TestJournalIsAFile(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 0)
	calls := sim.calls()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	named := *sim
	tunnel := named.real()
	for _, args := range [][]string{
		sim.bind(in, "--journal", pipe), tunnel.bind(in, "--journal", pipe), tunnel.bind(in, "--journal", "/dev/zero"), sim.bind(in, "--dry-run", "--journal", in+"none", "--failed", pipe), sim.bind(in, "--journal", "/dev/zero"),
		{"status", out, "--journal", pipe}, {"report", out, "--journal", pipe}, {"report", pipe},
		{"verify", out, "--journal", pipe, "--endpoint", sim.url}, {"reconcile", out, "--journal", pipe, "--endpoint", sim.url},
		{"unbind", out, "--journal", pipe, "--endpoint", sim.url}, {"update", out, "--journal", pipe, "--endpoint", sim.url, "--pool-key", testPool},
		sim.bind(in, "--metrics", pipeNamed(t, "m.prom")),
		sim.bind(in, "-o", pipe), sim.bind(in, "--log", pipe), {"report", out, "-o", pipeNamed(t, "q.html")},
	} {
		got := soonEnds(t, dir, args...)
		if got.status != 10 || !strings.Contains(got.stderr, "cure: ") {
			t.Errorf("%q: %s", args, got)
		}
	}
	// A lock that is one keeps nobody from looking.
	if err := os.Remove(memoryOf(t) + ".lock"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(memoryOf(t)+".lock", 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"status", out}, {"report", out}, {"verify", out, "--endpoint", sim.url}} {
		soonEnds(t, dir, args...).want(t, 0)
	}
	if n := sim.stats().Actions["BindAxg"]; n != calls {
		t.Errorf("%d calls, want %d", n, calls)
	}
}

func pipeNamed(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(newFolder(t), name)
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	return path
}

// TestLinkedJournal: a journal with two names has two locks, and would let two
// runs bind at once. By a symbolic link it is the one journal.
func TestLinkedJournal(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.sim.real()
	p.write("in.csv", content(0, 2))
	own := filepath.Join(memory(t), "axgbind.journal")
	p.bind(0, 2, "in.csv")
	if err := os.Symlink(own, p.path("soft")); err != nil {
		t.Skip(err)
	}
	p.bind(0, 0, "in.csv", "--journal", p.path("soft"))
	if err := os.Link(own, p.path("hard")); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{own, p.path("hard"), p.path("soft")} {
		if got := p.bind(10, 0, "in.csv", "--journal", name); !strings.Contains(got.stderr, "hard link") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestSweepSparesOthers: links under a temporary name are left alone, and so is
// what a living run writes.
func TestSweepSparesOthers(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("in.csv", lastBad(0, 2))
	temporary := func(digit string) string {
		return p.path(".in.results.csv.axgbind-" + strings.Repeat(digit, 32) + ".tmp")
	}
	victim := write(t, p.path("victim"), "mine\n")
	if err := os.Symlink(victim, temporary("1")); err != nil {
		t.Skip(err)
	}
	if err := os.Link(victim, temporary("2")); err != nil {
		t.Skip(err)
	}
	if err := syscall.Mkfifo(temporary("3"), 0o600); err != nil {
		t.Skip(err)
	}
	f, err := os.Open(write(t, temporary("4"), "half written\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Skip(err)
	}
	p.bind(3, 1, "in.csv")
	for _, digit := range []string{"1", "2", "3", "4"} {
		if _, err := os.Lstat(temporary(digit)); err != nil {
			t.Error(err)
		}
	}
	f.Close() // the run that wrote it is dead
	p.bind(3, 0, "in.csv")
	if _, err := os.Lstat(temporary("4")); err == nil {
		t.Error("what a dead run left is still there")
	}
	if read(t, victim) != "mine\n" {
		t.Error("the victim was written to")
	}
}

// TestPipedNights: an input that comes through a pipe has another name every
// night, and is the same job all the same.
func TestPipedNights(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	text := lastBad(0, 2).String()
	for night := range 2 {
		dir := newFolder(t)
		pipe := filepath.Join(dir, "in")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Skip(err)
		}
		go func() { _ = os.WriteFile(pipe, []byte(text), 0o600) }()
		got := axgbind(t, p.sim.bind(pipe, "-o", p.path("out.csv"), "--failed", p.path("fix.csv"))...).want(t, 3)
		if strings.Contains(got.stderr, ".new") {
			t.Errorf("night %d: %s", night, got)
		}
		got = axgbindWith(t, nil, text, p.sim.bind("-", "-o", p.path("out.csv"), "--failed", p.path("fix.csv"))...).want(t, 3)
		if strings.Contains(got.stderr, ".new") {
			t.Errorf("night %d, standard input: %s", night, got)
		}
	}
}

// TestOutputsAreNoKeys: the files that hold a key are no outputs, there or not.
func TestOutputsAreNoKeys(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	for _, there := range []bool{true, false} {
		home := newFolder(t)
		in := write(t, filepath.Join(home, "in.csv"), content(0, 1).String())
		keys := filepath.Join(home, ".aliyun", "config.json")
		if err := os.MkdirAll(filepath.Dir(keys), 0o700); err != nil {
			t.Fatal(err)
		}
		if there {
			write(t, keys, `{"current":"default"}`)
		}
		for _, flag := range []string{"--summary", "--findings", "--failed", "--log", "-o"} {
			got := spawnWith(t, home, map[string]string{"HOME": home}, nil, sim.bind(in, flag, keys)...).wait().want(t, 10)
			if !strings.Contains(got.stderr, "keys are kept") {
				t.Errorf("%s: %s", flag, got)
			}
		}
		if text, err := os.ReadFile(keys); there != (err == nil) || there && string(text) != `{"current":"default"}` {
			t.Errorf("the keys: %q, %v", text, err)
		}
	}
	if n := sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}
