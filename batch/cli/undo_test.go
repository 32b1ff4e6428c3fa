package cli_test

import (
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// commandIn is the command line that a text shows behind a mark, as arguments.
func commandIn(t testing.TB, text, mark string) []string {
	t.Helper()
	_, command, ok := strings.Cut(text, mark)
	if !ok {
		t.Fatalf("no %q in\n%s", mark, text)
	}
	command, _, _ = strings.Cut(command, "\n")
	for _, end := range []string{", then", ";", " ("} {
		command, _, _ = strings.Cut(command, end)
	}
	return strings.Fields(command)
}

// TestUndoOfHeldRows: rows whose bindings a batch made and another renewed are named by an
// undo also when its own results hold them back by now.
func TestUndoOfHeldRows(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	first := write(t, filepath.Join(dir, "first.csv"), content(0, 3).String())
	second := write(t, filepath.Join(dir, "second.csv"), strings.ReplaceAll(content(0, 2).String(), expiration, soon(60*24*time.Hour)))
	axgbind(t, sim.bind(first)...).want(t, 0)
	axgbind(t, sim.bind(second, "--when-bound", "renew")...).want(t, 0)
	axgbind(t, sim.bind(first)...).want(t, 3).says(t, "held=2")
	out, owner := filepath.Join(dir, "first.results.csv"), filepath.Join(dir, "second.results.csv")
	wantCounts(t, results(t, out), "BOUND 1, HELD 2")
	unbind := []string{"unbind", out, "--endpoint", sim.url, "--progress", "none"}
	axgbind(t, unbind...).want(t, 3).says(t, "left alone: 2 rows", "axgbind unbind "+owner+" --renewed", "1 to release")
	axgbind(t, append(unbind, "--yes")...).want(t, 3).says(t, "released=1", "held=2")
	unbound := results(t, filepath.Join(dir, "first.results.unbound.csv"))
	wantCounts(t, unbound, "HELD 2, RELEASED 1")
	for _, r := range unbound[:2] {
		if r["Code"] != "client.OtherBatch" || !strings.Contains(r["Action"], owner) {
			t.Errorf("%v", r)
		}
		axgbind(t, append(commandIn(t, r["Action"], ": axgbind "), "--endpoint", sim.url)...).want(t, 0)
	}
	if live := sim.bound(); len(live) != 0 {
		t.Errorf("live %v", live)
	}
}

// TestUndoOfHeldRenewals: likewise of bindings that a batch renewed, and another after it.
func TestUndoOfHeldRenewals(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	ends := map[string]string{"first": expiration, "second": soon(60 * 24 * time.Hour), "third": soon(90 * 24 * time.Hour)}
	for i, name := range []string{"first", "second", "third", "second"} {
		in := write(t, filepath.Join(dir, name+".csv"), strings.ReplaceAll(content(0, 2).String(), expiration, ends[name]))
		axgbind(t, sim.bind(in, "--when-bound", []string{"refuse", "renew", "renew", "refuse"}[i])...).want(t, []int{0, 0, 0, 3}[i])
	}
	wantCounts(t, results(t, filepath.Join(dir, "second.results.csv")), "HELD 2")
	axgbind(t, "unbind", filepath.Join(dir, "second.results.csv"), "--endpoint", sim.url).want(t, 3).
		says(t, "left alone: 2 rows", "axgbind unbind "+filepath.Join(dir, "third.results.csv")+" --renewed")
}

// TestHeldRowsOfOthers: a row that was held back by a binding which another batch made is
// not about that binding.
func TestHeldRowsOfOthers(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "first.csv"), content(0, 2).String()))...).want(t, 0)
	second := write(t, filepath.Join(dir, "second.csv"), strings.ReplaceAll(content(0, 2).String(), expiration, soon(60*24*time.Hour)))
	axgbind(t, sim.bind(second)...).want(t, 3).says(t, "held=2")
	out := filepath.Join(dir, "second.results.csv")
	made := results(t, filepath.Join(dir, "first.results.csv"))[0]
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(read(t, out), bom))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"SubsId", "SecretNo"} { // as somebody copied them there
		all[1][slices.Index(all[0], name)] = made[name]
	}
	write(t, out, bom+table(all).String())
	axgbind(t, "unbind", filepath.Join(dir, "second.results.csv"), "--yes", "--endpoint", sim.url).want(t, 0).says(t, "no selected row is bound")
	if n := len(sim.bindings()); n != 2 {
		t.Errorf("%d live", n)
	}
}

// TestUnbindOldResultsInPlace: where older results were put back at the path of the newer
// ones, no row is told to do what was just done: the list of what the batch has leads on.
func TestUnbindOldResultsInPlace(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in, out := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String()), filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 0)
	old, id := read(t, out), batchOf(t, out)
	write(t, in, strings.ReplaceAll(content(0, 2).String(), expiration, soon(60*24*time.Hour)))
	axgbind(t, sim.bind(in, "--when-bound", "renew")...).want(t, 0)
	write(t, out, old)
	unbind := []string{"unbind", out, "--endpoint", sim.url, "--progress", "none"}
	o := axgbind(t, unbind...).want(t, 3).says(t, "left alone: 2 rows", "after "+out+" was written")
	if strings.Contains(o.stderr, "axgbind unbind "+out) {
		t.Errorf("it was just typed\n%s", o)
	}
	axgbind(t, append(unbind, "--yes")...).want(t, 3).says(t, "held=2")
	for _, r := range results(t, filepath.Join(dir, "in.results.unbound.csv")) {
		if strings.Contains(r["Action"], "axgbind unbind "+out) || !strings.Contains(r["Action"], "axgbind status "+id+" --bindings") {
			t.Errorf("%v", r)
		}
	}
	listed := axgbind(t, "status", id, "--bindings", "--journal", memoryOf(t)).want(t, 0).stdout
	axgbind(t, "unbind", write(t, filepath.Join(dir, "list.csv"), listed), "--yes", "--endpoint", sim.url).want(t, 0).says(t, "released=2")
}

// TestUnbindNamesAll: bindings of rows that left the input are in no row of the results;
// that they stay is said, with the command that releases them as well.
func TestUnbindNamesAll(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	out := filepath.Join(dir, "x.csv")
	all := write(t, filepath.Join(dir, "all.csv"), content(0, 12).String())
	part := write(t, filepath.Join(dir, "part.csv"), content(0, 8).String())
	axgbind(t, sim.bind(all, "-o", out)...).want(t, 0)
	unbind := []string{"unbind", out, "--endpoint", sim.url}
	if got := axgbind(t, unbind...).want(t, 0); strings.Contains(got.stderr, "in no row of") {
		t.Errorf("%s", got)
	}
	axgbind(t, sim.bind(part, "-o", out)...).want(t, 0)
	got := axgbind(t, append(unbind, "--yes")...).want(t, 0).says(t, "left alone: 4 live bindings of this batch, of rows that left its input, are in no row of "+out)
	if n := len(sim.bindings()); n != 4 {
		t.Errorf("%d bindings live", n)
	}
	status := commandIn(t, got.stderr, "all that the batch has: ")
	list := filepath.Join(dir, status[len(status)-1])
	write(t, list, axgbind(t, status[1:len(status)-2]...).want(t, 0).stdout)
	axgbind(t, "unbind", list, "--endpoint", sim.url, "--yes").want(t, 0)
	if n := len(sim.bindings()); n != 0 {
		t.Errorf("%d bindings live", n)
	}
}
