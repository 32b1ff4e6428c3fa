package cli_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"
)

// TestVerifyTouchesNothing: verify looks at a job whose journal somebody else
// holds, torn tail and all, and leaves every file as it was.
func TestVerifyTouchesNothing(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := t.TempDir()
	in := write(t, filepath.Join(dir, "in.csv"), input(0, 5).String())
	axgbind(t, sim.bind(in)...).want(t, 0)
	out, journal := filepath.Join(dir, "in.results.csv"), filepath.Join(dir, "in.results.csv.journal")
	write(t, journal, read(t, journal)+"0123abcd intent 7 op=bi") // a record that is being written
	lock := flock.New(journal + ".lock")
	if ok, err := lock.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	defer lock.Close()
	before := photograph(t, dir)
	axgbind(t, "reconcile", out, "--endpoint", sim.url).want(t, 11) // which shows that it is held
	got := axgbind(t, "verify", out, "--endpoint", sim.url).want(t, 0)
	if diff := cmp.Diff(before, photograph(t, dir)); diff != "" {
		t.Errorf("verify changed files: %s\n%s", diff, got)
	}
	axgbind(t, "verify", out, "--endpoint", "http://127.0.0.1:1").want(t, 10) // a journal of another endpoint
	lines := read(t, journal)
	write(t, journal, lines[:200]+"x"+lines[201:])
	axgbind(t, "verify", out, "--endpoint", sim.url).want(t, 10) // a damaged one
}

// TestVerifyFlags: verify takes no flag that it would ignore.
func TestVerifyFlags(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--log=x", "--verbose", "--out-mode=0644", "--summary=x", "--limit=1"} {
		if got := axgbind(t, "verify", "in.results.csv", flag).want(t, 10); !strings.Contains(got.stderr, "unknown") {
			t.Errorf("%s: %s", flag, got)
		}
		if got := axgbind(t, "verify", "--help"); strings.Contains(got.stdout, strings.SplitN(flag, "=", 2)[0]) {
			t.Errorf("the help of verify lists %s", flag)
		}
	}
}
