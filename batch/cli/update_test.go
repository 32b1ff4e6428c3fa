package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestUpdateKnowsItsJob: an update of results whose journal stands beside them
// goes on with that journal, so that a later bind knows what the bindings are
// now: what an update changed is neither renewed again nor taken for what it was.
func TestUpdateKnowsItsJob(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := t.TempDir()
	const rows = 20
	in, later := input(0, rows), soon(60*24*time.Hour)
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), in.String()))...).want(t, 0)
	write(t, out, strings.ReplaceAll(read(t, out), expiration, later))
	axgbind(t, "update", out, "--endpoint", sim.url, "--pool-key", testPool).want(t, 0)
	if updated := results(t, filepath.Join(dir, "in.results.updated.csv")); count(updated)["BOUND"] != rows {
		t.Errorf("%v", count(updated))
	}
	if list, err := filepath.Glob(filepath.Join(dir, "*.updated.csv.journal")); err != nil || len(list) > 0 {
		t.Errorf("the update began a journal of its own: %v %v", list, err)
	}
	journal := out + ".journal"
	write(t, journal, moved(read(t, journal), 2*time.Minute)) // no call of the update can come late
	renew := func(name, text string, want int64) {
		before := sim.stats().Actions
		axgbind(t, sim.bind(write(t, filepath.Join(dir, name), text), "--journal", journal, "--when-bound", "renew")...).want(t, 0)
		after := sim.stats().Actions
		if n := after["UpdateSubscription"] - before["UpdateSubscription"]; n != want || after["BindAxg"] != rows {
			t.Errorf("%s: %d updates, want %d; %d BindAxg in all", name, n, want, after["BindAxg"])
		}
	}
	renew("same.csv", strings.ReplaceAll(in.String(), expiration, later), 0)
	next := soon(90 * 24 * time.Hour)
	renew("next.csv", strings.ReplaceAll(in.String(), expiration, next), rows)
	for _, b := range sim.bindings() {
		if b.Expiration != next {
			t.Errorf("%+v", b)
		}
	}
}
