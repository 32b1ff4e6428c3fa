package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// TestUpdateKnowsItsJob: a bind after an update knows what the bindings are now: what an update changed is neither renewed again nor taken for what it was.
func TestUpdateKnowsItsJob(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	const rows = 20
	in, later := content(0, rows), soon(60*24*time.Hour)
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), in.String()))...).want(t, 0)
	write(t, out, strings.ReplaceAll(read(t, out), expiration, later))
	axgbind(t, "update", out, "--endpoint", sim.url, "--pool-key", testPool).want(t, 0)
	if updated := results(t, filepath.Join(dir, "in.results.updated.csv")); count(updated)["BOUND"] != rows {
		t.Errorf("%v", count(updated))
	}
	journal := memoryOf(t)
	writeJournal(t, journal, moved(t, read(t, journal), 2*time.Minute)) // no call of the update can come late
	renew := func(name, text string, want int64) {
		before := sim.stats().Actions
		axgbind(t, sim.bind(write(t, filepath.Join(dir, name), text), "--when-bound", "renew")...).want(t, 0)
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
	dir := newFolder(t)
	in, later := content(0, 3), soon(60*24*time.Hour)
	out, list := filepath.Join(dir, "in.results.csv"), filepath.Join(dir, "list.csv")
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), in.String()))...).want(t, 0)
	write(t, list, strings.ReplaceAll(read(t, out), expiration, later))
	update := []string{"update", list, "--endpoint", sim.url, "--pool-key", testPool}
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
	dir := newFolder(t)
	in := filepath.Join(dir, "in.csv")
	text := "PhoneNoA,GroupId,Expiration\n13800138000,2000000000001," + expiration + "\n"
	bind := sim.bind(write(t, in, text))
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, bind...).want(t, 0)
	was := read(t, out)
	list := write(t, filepath.Join(dir, "list.csv"), strings.ReplaceAll(was, "2000000000001", "2000000000002"))
	axgbind(t, "update", list, "--field", "GroupId", "--endpoint", sim.url, "--pool-key", testPool).want(t, 0)
	for _, flag := range []string{"refuse", "skip", "renew"} {
		axgbind(t, append(bind, "--when-bound", flag)...).want(t, 3)
		r := results(t, out)[0]
		if live := sim.bindings(); len(live) != 1 || r["Code"] != "client.StillBound" || r["SubsId"] != live[0].SubsId || !strings.Contains(r["Reason"], "another group") {
			t.Errorf("%s: %v; live %+v", flag, r, live)
		}
	}
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "two.csv"), strings.ReplaceAll(text, "0001,", "0002,")), "--when-bound", "skip")...).want(t, 0)
	axgbind(t, "unbind", out, "--yes", "--endpoint", sim.url).want(t, 0)
	axgbind(t, append(bind, "--resend", "released")...).want(t, 0)
	if live := sim.bindings(); len(live) != 1 || live[0].GroupId != "2000000000001" {
		t.Errorf("%+v", live)
	}
}

// TestUpdateBegun: a change whose answer was lost may be done, and the words say so.
func TestUpdateBegun(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
	dir := newFolder(t)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 3).String()))...).want(t, 0)
	if err := played.SetFaults(faultList(t, []string{"drop-after@UpdateSubscription=1"})); err != nil {
		t.Fatal(err)
	}
	update := []string{"update", filepath.Join(dir, "in.results.csv"), "--endpoint", sim.url, "--pool-key", testPool, "--retries", "0", "--field", "OutId", "--default", "OutId=renewed"}
	mayBeDone(t, axgbind(t, update...).want(t, 5), filepath.Join(dir, "in.results.updated.csv"))
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	axgbind(t, update...).want(t, 0)
}

// TestHeldOfOthers: rows that an update or an unbind leaves alone are told with their
// owner, and not as rows that a binding holds back.
func TestHeldOfOthers(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "a.csv"), content(0, 2).String()))...).want(t, 0)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "b.csv"), content(0, 2).String()))...).want(t, 0)
	const line = "rows held back because their place is, or may be, taken"
	for _, args := range [][]string{{"unbind", "--yes"}, {"update", "--pool-key", testPool, "--field", "OutId", "--default", "OutId=x"}} {
		got := axgbind(t, append(args, filepath.Join(dir, "b.results.csv"), "--endpoint", sim.url)...).want(t, 3)
		if strings.Contains(got.stderr, line) || !strings.Contains(got.stderr, "a.results.csv") || !strings.Contains(got.stderr, "held=2") {
			t.Errorf("%s", got)
		}
	}
	later := write(t, filepath.Join(dir, "c.csv"), strings.ReplaceAll(content(0, 2).String(), expiration, soon(60*24*time.Hour)))
	fix := filepath.Join(dir, "fix.csv")
	got := axgbind(t, sim.bind(later, "--failed", fix)...).want(t, 3).says(t, line+": 2")
	if strings.Contains(got.stderr, fix+"\n") { // it is empty
		t.Errorf("rows to correct are said to be in %s\n%s", fix, got)
	}
}

// TestUpdateWords: a row that may not bring its binding to a place says why and what to
// do, in both languages, in columns that the last line names as they are called.
func TestUpdateWords(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), "PhoneNoA,GroupId,Expiration\n13800138000,1,"+expiration+"\n13800138000,2,"+expiration+"\n")
	axgbind(t, sim.bind(in)...).want(t, 0)
	bound := results(t, filepath.Join(dir, "in.results.csv"))
	move := func(name string, groups ...string) string {
		text := "SecretNo,SubsId,GroupId\n"
		for i, group := range groups {
			text += bound[i]["SecretNo"] + "," + bound[i]["SubsId"] + "," + group + "\n"
		}
		return write(t, filepath.Join(dir, name+".csv"), text)
	}
	for _, lang := range []struct{ name, column, action string }{{"en", "column AxgAction ", "another GroupId"}, {"zh", " AxgAction 列", "改填 GroupId"}} {
		for _, c := range []struct {
			name   string
			groups []string
			codes  string
		}{
			{"taken", []string{"2", "1"}, "HELD client.StillBound"},
			{"one place", []string{"7", "7"}, "INVALID client.SamePlace"},
		} {
			name := c.name + " " + lang.name
			axgbind(t, "update", move(name, c.groups...), "--field", "GroupId", "--lang", lang.name, "--endpoint", sim.url, "--pool-key", testPool).want(t, 3).says(t, lang.column)
			r := results(t, filepath.Join(dir, name+".updated.csv"))[1]
			if got := r["AxgStatus"] + " " + r["AxgCode"]; got != c.codes || r["AxgReason"] == "" || !strings.Contains(r["AxgAction"], lang.action) {
				t.Errorf("%s: %s: %s: %s", name, got, r["AxgReason"], r["AxgAction"])
			}
		}
		move("back "+lang.name, "1")
		axgbind(t, "update", filepath.Join(dir, "back "+lang.name+".csv"), "--field", "GroupId", "--endpoint", sim.url, "--pool-key", testPool).want(t, 0)
	}
}
