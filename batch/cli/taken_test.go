package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTakenStaysTaken: a row that took a live binding as its own goes on to be
// BOUND for those who only look, though it differs from the binding: a reconcile
// does not undo what a person said, and verify names the difference.
func TestTakenStaysTaken(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := content(0, 3)
	first := filepath.Join(dir, "first.csv")
	axgbind(t, sim.bind(write(t, first, in.String()))...).want(t, 0)
	second := write(t, filepath.Join(dir, "second.csv"), strings.ReplaceAll(in.String(), expiration, soon(60*24*time.Hour)))
	axgbind(t, sim.bind(second, "--when-bound", "skip")...).want(t, 0)
	out := filepath.Join(dir, "second.results.csv")
	look := []string{out, "--endpoint", sim.url, "--pool-key", testPool}
	axgbind(t, append([]string{"reconcile"}, look...)...).want(t, 0)
	for _, r := range results(t, out) {
		if r.status() != "BOUND" || r["Code"] != "client.AlreadyBound" || r["SubsId"] == "" {
			t.Errorf("%v", r)
		}
	}
	if got := axgbind(t, append([]string{"verify"}, look...)...).want(t, 3); !strings.Contains(got.stderr, "3 rows BOUND: 0 equal at the service, 3 different") {
		t.Error(got.stderr)
	}
}
