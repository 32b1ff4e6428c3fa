package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOverwrittenJournal: what a run sent that somebody wrote over is on standard error,
// each binding, and nothing says that it is recorded.
func TestOverwrittenJournal(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 60).String())
	axgbind(t, sim.bind(in, "--limit", "5")...).want(t, 5)
	path := memoryOf(t)
	old := read(t, path)
	before := map[string]bool{}
	for _, id := range sim.bound() {
		before[id] = true
	}
	p := spawn(t, dir, sim.bind(in, "--rate", "50")...)
	p.eventually("some rows were sent", func() bool { return len(sim.bound()) >= 15 })
	write(t, path, old) // as cp does, into the file that the run has
	o := p.wait().want(t, 1)
	for _, id := range sim.bound() {
		if !before[id] && !strings.Contains(o.stderr, "end=ok code=OK subs_id="+id+" ") {
			t.Errorf("nothing tells of %s", id)
		}
	}
	for _, lie := range []string{"nothing that was sent is lost", "what was sent is recorded", "run the same command again"} {
		if strings.Contains(o.stderr, lie) {
			t.Errorf("%q", lie)
		}
	}
	o.says(t, "keep the rescue lines", "axgbind journal check --accept", "status 1: ")
	if t.Failed() {
		t.Log(o)
	}
	axgbind(t, sim.bind(in)...).want(t, 10)
}

// TestJournalGrewMeanwhile: a journal to which others only added something has lost nothing.
func TestJournalGrewMeanwhile(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 60).String())
	p := spawn(t, dir, sim.bind(in, "--rate", "50")...)
	p.eventually("some rows were sent", func() bool { return len(sim.bound()) >= 5 })
	f, err := os.OpenFile(memoryOf(t), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("x"); err != nil {
		t.Fatal(err)
	}
	if o := p.wait().want(t, 1); strings.Contains(o.stderr, "has lost it") || !strings.Contains(o.stderr, "nothing that was sent is lost") {
		t.Errorf("%s", o)
	}
}
