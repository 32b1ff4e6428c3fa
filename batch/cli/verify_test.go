package cli_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch/journal"
)

// TestVerifyTouchesNothing: verify looks at a job whose journal somebody else
// holds, torn tail and all, and leaves every file as it was.
func TestVerifyTouchesNothing(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 5).String())
	axgbind(t, sim.bind(in)...).want(t, 0)
	out, path := filepath.Join(dir, "in.results.csv"), memoryOf(t)
	write(t, path, read(t, path)+"0123abcd intent 7 op=bi") // a record that is being written
	lock := journal.NewFile(path, nil)
	if ok, err := lock.Lock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	defer lock.Close()
	before, remembered := photograph(t, dir), photograph(t, memory(t))
	axgbind(t, "reconcile", out, "--endpoint", sim.url).want(t, 11) // which shows that it is held
	got := axgbind(t, "verify", out, "--endpoint", sim.url).want(t, 0)
	if diff := cmp.Diff(before, photograph(t, dir)); diff != "" {
		t.Errorf("verify changed files: %s\n%s", diff, got)
	}
	if diff := cmp.Diff(remembered, photograph(t, memory(t))); diff != "" {
		t.Errorf("verify changed the journal or what is beside it: %s\n%s", diff, got)
	}
	lines := read(t, path)
	write(t, path, strings.Replace(lines, " intent 1 op=bind", " intent 2 op=bind", 1))
	axgbind(t, "verify", out, "--endpoint", sim.url).want(t, 10) // a damaged one
}

// TestIgnoredFlags: verify and check take no flag that they would ignore.
func TestIgnoredFlags(t *testing.T) {
	t.Parallel()
	for command, flags := range map[string][]string{
		"verify": {"--log=x", "--verbose", "--summary=x", "--limit=1"},
		"check": {
			"--log=x", "--verbose", "--out=x", "--journal=x", "--wait=1s", "--metrics=x.prom", "--simulate", "--dry-run", "--x-numbers=x", "--limit=1", "--yes",
			"--resend=failed", "--max-inflight=1", "--retries=1", "--adaptive", "--max-failures=1", "--until=1h", "--when-bound=skip", "--renew-before=7d", "--at-most=1",
		},
	} {
		for _, flag := range flags {
			if got := axgbind(t, command, "in.csv", flag).want(t, 10); !strings.Contains(got.stderr, "unknown flag") {
				t.Errorf("%s: %s", flag, got)
			}
			if got := axgbind(t, command, "--help"); strings.Contains(got.stdout, strings.SplitN(flag, "=", 2)[0]+" ") {
				t.Errorf("the help of %s lists %s", command, flag)
			}
		}
	}
}
