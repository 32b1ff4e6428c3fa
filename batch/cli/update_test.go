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
	write(t, journal, moved(t, read(t, journal), 2*time.Minute)) // no call of the update can come late
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

// TestUpdateOfReleased: an update leaves alone what the journal knows to be
// released, says so, and changes the rest.
func TestUpdateOfReleased(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := t.TempDir()
	in, later := input(0, 3), soon(60*24*time.Hour)
	out, list := filepath.Join(dir, "in.results.csv"), filepath.Join(dir, "list.csv")
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), in.String()))...).want(t, 0)
	write(t, list, strings.ReplaceAll(read(t, out), expiration, later))
	update := []string{"update", list, "--endpoint", sim.url, "--pool-key", testPool, "--journal", out + ".journal"}
	release := func(lines string) {
		axgbind(t, "unbind", out, "--yes", "--lines", lines, "--endpoint", sim.url).want(t, 0)
	}
	states := func() string {
		var list []string
		for _, r := range results(t, filepath.Join(dir, "list.updated.csv")) {
			list = append(list, r.status())
		}
		return strings.Join(list, " ")
	}
	release("3")
	axgbind(t, update...).want(t, 3)
	if got := states(); got != "BOUND INVALID BOUND" {
		t.Errorf("a binding was released before: %s", got)
	}
	if calls := sim.stats().Actions["UpdateSubscription"]; calls != 2 {
		t.Errorf("%d updates, want 2", calls)
	}
	release("2") // what the update changed
	axgbind(t, update...).want(t, 3)
	if got := states(); got != "RELEASED INVALID BOUND" {
		t.Errorf("a binding was released after: %s", got)
	}
	if calls := sim.stats().Actions["UpdateSubscription"]; calls != 2 {
		t.Errorf("%d updates, want no more", calls)
	}
}

// TestUpdateMoves: a row whose binding an update brought to another group is not
// called bound where nothing of it is, and is not sent beside it either.
func TestUpdateMoves(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := t.TempDir()
	in := filepath.Join(dir, "in.csv")
	text := "PhoneNoA,GroupId,Expiration\n13800138000,2000000000001," + expiration + "\n"
	bind := sim.bind(write(t, in, text))
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, bind...).want(t, 0)
	was := read(t, out)
	list := write(t, filepath.Join(dir, "list.csv"), strings.ReplaceAll(was, "2000000000001", "2000000000002"))
	axgbind(t, "update", list, "--field", "GroupId", "--endpoint", sim.url, "--pool-key", testPool, "--journal", out+".journal").want(t, 0)
	for _, flag := range []string{"refuse", "skip", "renew"} {
		axgbind(t, append(bind, "--when-bound", flag)...).want(t, 3)
		r := results(t, out)[0]
		if live := sim.bindings(); len(live) != 1 || r["Code"] != "client.StillBound" || r["SubsId"] != live[0].SubsId || !strings.Contains(r["Reason"], "another group") {
			t.Errorf("%s: %v; live %+v", flag, r, live)
		}
	}
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "two.csv"), strings.ReplaceAll(text, "0001,", "0002,")), "--journal", out+".journal", "--when-bound", "skip")...).want(t, 0)
	axgbind(t, "unbind", out, "--yes", "--endpoint", sim.url).want(t, 0)
	axgbind(t, append(bind, "--resend", "released")...).want(t, 0)
	if live := sim.bindings(); len(live) != 1 || live[0].GroupId != "2000000000001" {
		t.Errorf("%+v", live)
	}
}
