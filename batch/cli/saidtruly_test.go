package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"axgbind/batch/cli"
)

// TestOldCopyOfKilled: of a batch whose last run did not end no results tell what it
// sent, so none are asked for.
func TestOldCopyOfKilled(t *testing.T) {
	t.Parallel()
	for _, ended := range []bool{false, true} {
		path := begun(t, newFolder(t), "b1")
		old := read(t, path)
		if ended {
			runOf(t, path, "b2")
		}
		j, err := openFor(path, false, false, false)
		if err != nil {
			t.Fatal(err)
		}
		begin(t, j, "b3")
		j.Close() // without its end
		write(t, path, old)
		_, err = openFor(path, false, false, false)
		if cli.StatusOf(err) != 10 {
			t.Fatalf("%v", err)
		}
		text := err.Error()
		for _, want := range []string{"batch b3 (results /in/b3.results.csv)", "did not end", "axgbind journal check --accept"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in %s", want, text)
			}
		}
		if strings.Contains(text, "axgbind bind /in/b3.results.csv") || strings.Contains(text, "axgbind bind /in/b2.results.csv") != ended {
			t.Errorf("ended %v: %s", ended, text)
		}
	}
}

// TestCheckOfOldCopy: a check that finds a fault sends nothing, and its last line does
// not speak of what was sent.
func TestCheckOfOldCopy(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	path := memoryOf(t)
	old := read(t, path)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 2).String()))...).want(t, 0)
	write(t, path, old)
	if o := axgbind(t, "journal", "check").want(t, 1).says(t, "old copy"); strings.Contains(o.atEnd(), "recorded") || !strings.Contains(o.atEnd(), "nothing was sent") {
		t.Errorf("%s", o)
	}
}

// TestHolderUntold: who has a journal whose lock file was deleted is not known, and
// nothing else is said.
func TestHolderUntold(t *testing.T) {
	t.Parallel()
	path := begun(t, newFolder(t), "b1")
	j, err := openFor(path, false, false, false)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	begin(t, j, "b2")
	if err := os.Remove(path + ".lock"); err != nil {
		t.Fatal(err)
	}
	_, err = openFor(path, false, false, false)
	if cli.StatusOf(err) != 11 || !strings.Contains(err.Error(), "nothing is known") || strings.Contains(err.Error(), "sent nothing") {
		t.Errorf("%v", err)
	}
}

// TestRealJournalAtSimulator: whoever names the journal of the real service means it, and
// a simulator must not have it; its folder names a simulator's journal as well.
func TestRealJournalAtSimulator(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	real := filepath.Join(memory(t), "axgbind.journal")
	before := read(t, real)
	axgbind(t, sim.bind(in, "--journal", real)...).want(t, 10).says(t, real, "is of a real run")
	axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": real}, "", sim.bind(in)...).want(t, 10).says(t, "is of a real run")
	if n := sim.calls(); n != 0 || read(t, real) != before {
		t.Errorf("%d calls", n)
	}
	axgbind(t, sim.bind(in, "--journal", memory(t))...).want(t, 0)
	axgbind(t, sim.bind(in, "--journal", memoryOf(t))...).want(t, 0).says(t, "2 settled")
	for _, command := range []string{"reconcile", "verify", "unbind", "update"} {
		axgbind(t, command, filepath.Join(dir, "in.results.csv"), "--endpoint", sim.url, "--journal", real).want(t, 10).says(t, "is of a real run")
	}
}

// TestKeepForm: a time to keep rows that is none is told with the form that it has.
func TestKeepForm(t *testing.T) {
	t.Parallel()
	in := write(t, filepath.Join(newFolder(t), "in.csv"), content(0, 2).String())
	axgbindWith(t, map[string]string{"AXGBIND_KEEP": "abc"}, "", "check", in, "--pool-key", testPool).want(t, 10).
		says(t, `"abc" is no time to keep rows for: give days or hours, such as 30d or 72h`)
}
