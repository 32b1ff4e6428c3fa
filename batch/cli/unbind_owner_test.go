package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
)

// TestUnbindOtherBatch: what a later batch may have renewed is left alone, with the
// batch, and the command that settles whose it is; then with the one that releases it.
func TestUnbindOtherBatch(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"drop-before@UpdateSubscription=1", "drop-after@UpdateSubscription=1"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
			dir := newFolder(t)
			first := write(t, filepath.Join(dir, "first.csv"), content(0, 2).String())
			second := write(t, filepath.Join(dir, "second.csv"), strings.ReplaceAll(content(0, 1).String(), expiration, soon(60*24*time.Hour)))
			axgbind(t, sim.bind(first)...).want(t, 0)
			if err := played.SetFaults(faultList(t, []string{fault})); err != nil {
				t.Fatal(err)
			}
			axgbind(t, sim.bind(second, "--when-bound", "renew", "--retries", "0")...).want(t, 5)
			if err := played.SetFaults(nil); err != nil {
				t.Fatal(err)
			}
			held := results(t, filepath.Join(dir, "first.results.csv"))[0]
			owner := filepath.Join(dir, "second.results.csv")
			service := []string{"--endpoint", sim.url, "--progress", "none"}
			unbind := append([]string{"unbind", filepath.Join(dir, "first.results.csv")}, service...)
			unbound := filepath.Join(dir, "first.results.unbound.csv")

			calls := sim.calls()
			axgbind(t, unbind...).want(t, 3).says(t, "may have renewed", "(results "+owner+")", "axgbind bind "+owner, "1 to release")
			axgbind(t, append(unbind, "--lines", "2", "--yes")...).want(t, 3).says(t, "may have renewed", "axgbind bind "+owner)
			if now := sim.calls(); now != calls {
				t.Errorf("%d calls", now-calls)
			}
			update := append([]string{"update", filepath.Join(dir, "first.results.csv"), "--pool-key", testPool}, service...)
			axgbind(t, update...).want(t, 3).says(t, "may have renewed", "axgbind bind "+owner, "held=1")
			axgbind(t, append(unbind, "--renewed", "--yes")...).want(t, 3).says(t, "held=1", "released=1")
			r := results(t, unbound)[0]
			if r.status() != "HELD" || r["Code"] != "client.OtherBatch" || r["SubsId"] != held["SubsId"] ||
				!strings.Contains(r["Reason"], owner) || !strings.Contains(r["Reason"], "in doubt") || !strings.Contains(r["Action"], "axgbind bind "+owner) {
				t.Errorf("%v", r)
			}
			if live := sim.bound(); len(live) != 1 || live[0] != held["SubsId"] {
				t.Fatalf("live %v", live)
			}

			_, command, _ := strings.Cut(r["Action"], ": axgbind ")
			command, _, _ = strings.Cut(command, ";")
			writeJournal(t, memoryOf(t), moved(t, read(t, memoryOf(t)), time.Minute)) // the call is due
			axgbind(t, append(strings.Fields(command), service...)...).want(t, 0).says(t, "1 rows renewed a live binding")
			axgbind(t, append(unbind, "--yes")...).want(t, 3)
			_, command, _ = strings.Cut(results(t, unbound)[0]["Action"], ": axgbind ")
			axgbind(t, append(strings.Fields(command), service...)...).want(t, 0)
			if live := sim.bound(); len(live) != 0 {
				t.Errorf("live %v", live)
			}
		})
	}
}

// TestUnbindOldResults: a copy of a batch's results from before its bindings were renewed
// releases none; the command that its rows name does.
func TestUnbindOldResults(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 0)
	old := write(t, filepath.Join(dir, "old.csv"), read(t, out))
	write(t, in, strings.ReplaceAll(content(0, 2).String(), expiration, soon(60*24*time.Hour)))
	axgbind(t, sim.bind(in, "--when-bound", "renew")...).want(t, 0)
	before := sim.bound()
	unbind := func(path string, flags ...string) []string {
		return append([]string{"unbind", path, "--endpoint", sim.url, "--progress", "none"}, flags...)
	}
	axgbind(t, unbind(old)...).want(t, 3).says(t, "left alone: 2 rows", "axgbind unbind "+out, "1 to release")
	axgbind(t, unbind(old, "--yes")...).want(t, 3).says(t, "held=2", "released=1")
	rows := results(t, filepath.Join(dir, "old.unbound.csv"))
	wantCounts(t, rows, "HELD 2, RELEASED 1")
	if live := sim.bound(); len(live) != 2 || len(before) != 3 {
		t.Fatalf("live %v, were %v", live, before)
	}
	for i, r := range rows[:2] {
		_, command, ok := strings.Cut(r["Action"], ": axgbind ")
		if !ok || r["Code"] != "client.OtherBatch" {
			t.Fatalf("%v", r)
		}
		axgbind(t, append(strings.Fields(command), "--endpoint", sim.url)...).want(t, 0)
		if n := len(sim.bound()); n != 1-i {
			t.Errorf("%d live after %s", n, command)
		}
	}
}

// numbered are names of folders with a phone number, of which the journal keeps the
// masked form.
var numbered = []string{"13800138000", "of 138-0013-8000", "[2026] 13800138000"}

// TestNumberedResults: the id of a batch whose results stand in a folder that has the
// name of a phone number means them, for each command that takes an id.
func TestNumberedResults(t *testing.T) {
	t.Parallel()
	for _, name := range numbered {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t)
			dir := filepath.Join(newFolder(t), name)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 2).String()))...).want(t, 0)
			if text := read(t, memoryOf(t)); strings.Contains(text, name) || !strings.Contains(text, "138****8000") {
				t.Errorf("not masked in the journal:\n%s", text)
			}
			out := filepath.Join(dir, "in.results.csv")
			id := batchOf(t, out)
			with := func(words ...string) []string { return append(words, "--endpoint", sim.url, "--progress", "none") }
			axgbind(t, with("update", id, "--pool-key", testPool)...).want(t, 0)
			axgbind(t, with("reconcile", id)...).want(t, 0)
			axgbind(t, with("unbind", id, "--lines", "2", "--yes")...).want(t, 0).says(t, "released=1")
			wantCounts(t, results(t, filepath.Join(dir, "in.results.unbound.csv")), "RELEASED 1")

			// Once they are gone only the journal knows the bindings.
			if err := os.Remove(out); err != nil {
				t.Fatal(err)
			}
			axgbind(t, with("update", id, "--pool-key", testPool)...).want(t, 10)
			axgbind(t, with("unbind", id)...).want(t, 0).says(t, "1 to release")
		})
	}
}

// TestReplacedResults: where a later batch has written its results over those of a batch,
// the id of the first one means its bindings and nothing of the later one's.
func TestReplacedResults(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in, out := filepath.Join(dir, "in.csv"), filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(write(t, in, content(0, 2).String()))...).want(t, 0)
	id := batchOf(t, out)
	axgbind(t, sim.bind(write(t, in, content(10, 3).String()))...).want(t, 0)
	later := results(t, out)
	if batchOf(t, out) == id {
		t.Fatalf("%s goes on", id)
	}
	axgbind(t, "update", id, "--pool-key", testPool, "--endpoint", sim.url).want(t, 10).says(t, id)
	axgbind(t, "reconcile", id, "--endpoint", sim.url).want(t, 10).says(t, id)
	axgbind(t, "unbind", id, "--yes", "--endpoint", sim.url, "-o", filepath.Join(dir, "unbound.csv")).want(t, 0).says(t, "released=2")
	if live := sim.bound(); !slices.Equal(live, subsIDs(later)) {
		t.Errorf("live %v, want %v", live, subsIDs(later))
	}
}

// batchOf is the id of the batch that wrote to a path last.
func batchOf(t testing.TB, path string) string {
	t.Helper()
	text := read(t, memoryOf(t))
	j, err := books.Read(strings.NewReader(text), int64(len(text)), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, ok := j.BatchAt(path)
	if !ok {
		t.Fatalf("no batch wrote to %s", path)
	}
	return b.ID
}
