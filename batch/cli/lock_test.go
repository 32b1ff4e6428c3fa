package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/store"
	"axgbind/batch/journal"
)

// openFor opens a journal as a run of the real service does, or of a simulator.
func openFor(path string, begin, simulated, carries bool) (*store.Journal, error) {
	return store.Open(store.Place{Path: path}, store.Opening{Begin: begin, Simulated: simulated, Results: carries, Now: time.Now()})
}

// begun makes a journal with a run of each batch, and returns its path.
func begun(t testing.TB, dir string, batches ...string) string {
	t.Helper()
	path := filepath.Join(dir, "axgbind.journal")
	for _, b := range batches {
		runOf(t, path, b)
	}
	return path
}

// runOf records a run of a batch.
func runOf(t testing.TB, path, name string) {
	t.Helper()
	j, err := openFor(path, true, false, true)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, j, name)
	if err := j.End(runEnd(name)); err != nil {
		t.Fatal(err)
	}
	j.Close()
}

// runEnd is the end of a run that wrote results.
func runEnd(of string) books.RunEnd { return books.RunEnd{Run: "r", Digest: "results of " + of} }

func begin(t testing.TB, j *store.Journal, name string) {
	t.Helper()
	if err := j.Begin(books.RunStart{Run: "r", Batch: name, Input: "/in/" + name + ".csv", Results: "/in/" + name + ".results.csv", Rows: 400, Start: time.Now()}); err != nil {
		t.Fatal(err)
	}
	j.Begun = true
}

// TestHolderLeft: how many rows a run has left is told as it goes.
func TestHolderLeft(t *testing.T) {
	t.Parallel()
	const rows, rate = 150, 50
	sim := simulate(t).real()
	dir := newFolder(t)
	p := spawn(t, dir, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, rows).String()), "--rate", fmt.Sprint(rate))...)
	lock := filepath.Join(memory(t), "axgbind.journal.lock")
	p.eventually("most rows were sent", func() bool {
		sent := int(sim.stats().Actions["BindAxg"]) // of before: the file may say more
		f, err := os.Open(lock)
		if err != nil {
			return false
		}
		defer f.Close()
		s, _ := journal.ReadLock(f)
		if s.Holder == nil {
			return false
		}
		if told := rows - s.Holder.Left; told < sent-2*rate || s.Holder.Rows != rows {
			t.Errorf("%d sent, and %+v", sent, s.Holder)
		}
		return sent > 2*rate+rate/2
	})
	p.kill()
}

// TestStatusOfKilled: the moment a run was killed it is told as that, also while another
// command has the journal that has begun no run: one that plans, waits or asks.
func TestStatusOfKilled(t *testing.T) {
	t.Parallel()
	sim := simulate(t, "--latency", "100ms").real()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 500).String())
	p := spawn(t, dir, sim.bind(in, "--rate", "50")...)
	p.eventually("some rows were sent", func() bool { return sim.stats().Actions["BindAxg"] > 5 })
	told := func(when, state, not string) {
		t.Helper()
		for _, args := range [][]string{{"status"}, {"status", filepath.Join(dir, "in.results.csv")}} {
			if got := axgbind(t, args...).want(t, 0); !strings.Contains(got.stdout, "\n  "+state+" ") || strings.Contains(got.stdout, "\n  "+not+" ") {
				t.Errorf("%s, %v: wants %s\n%s", when, args, state, got)
			}
		}
		got := axgbind(t, "status", "--json").want(t, 0).stdout
		if !strings.Contains(got, `"state": "`+state+`"`) || !strings.Contains(got, fmt.Sprintf(`"running": %v`, state == "running")) {
			t.Errorf("%s: wants %s\n%s", when, state, got)
		}
	}
	told("as it goes", "running", "killed")
	p.kill()
	p.wait()
	told("killed", "killed", "running")
	f := journal.NewFile(filepath.Join(memory(t), "axgbind.journal"), nil)
	if held, err := f.Lock(); err != nil || !held {
		t.Fatalf("held %v, %v", held, err)
	}
	defer f.Close()
	told("killed, and another plans", "killed", "running")
}

// TestBroughtEnds: a run that only brought in what a restored journal lacks, and was
// refused for what is missing besides, did not die.
func TestBroughtEnds(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	path := memoryOf(t)
	old := read(t, path)
	for i, name := range []string{"a", "b"} {
		axgbind(t, sim.bind(write(t, filepath.Join(dir, name+".csv"), content(2*i, 2).String()))...).want(t, 0)
	}
	write(t, path, old)
	axgbind(t, sim.bind(filepath.Join(dir, "a.results.csv"))...).want(t, 10).says(t, "b.results.csv")
	if got := axgbind(t, "status").want(t, 0).says(t, "with status 10"); strings.Contains(got.stdout, "killed") {
		t.Errorf("%s", got)
	}
	axgbind(t, sim.bind(filepath.Join(dir, "b.results.csv"))...).want(t, 0)
	if n := sim.stats().Actions["BindAxg"]; n != 4 {
		t.Errorf("%d calls", n)
	}
}
