package cli_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/report"
)

var undoRows = flag.Int("undo-rows", 0, "rows of TestUndo; 0: a number that takes some seconds. Issue: 10000")

// bound are the SubsIds that live at the service.
func (s *service) bound() []string {
	s.t.Helper()
	var ids []string
	for _, b := range s.bindings() {
		ids = append(ids, b.SubsId)
	}
	slices.Sort(ids)
	return ids
}

func subsIDs(rows []row) []string {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r["SubsId"])
	}
	slices.Sort(ids)
	return ids
}

// through runs a command to its end through kills at random moments: each time
// the journal has grown by a random number of lines, as long as kills are left.
func through(t *testing.T, random *rand.Rand, dir string, kills, status int, args ...string) (killed int) {
	t.Helper()
	journal := memoryOf(t)
	for killed < kills {
		before, more := wholeLines(journal), int64(1+random.IntN(120))
		p := spawn(t, dir, args...)
		if !p.sooner(func() bool { return wholeLines(journal) >= before+more }) {
			p.wait().want(t, status)
			return killed
		}
		p.kill()
		if p.wait().status != -1 {
			return killed
		}
		killed++
		// The service is done with a call in 40 ms; nobody has to wait out the half
		// minute after which it is believed to be.
		writeJournal(t, journal, moved(t, read(t, journal), time.Minute))
	}
	spawn(t, dir, args...).wait().want(t, status)
	return killed
}

// TestUndo is the life of a job: bind, verify, update, verify, unbind, verify;
// what writes is killed at random moments and goes on. In the end nothing of it
// lives, and all of another job's does.
func TestUndo(t *testing.T) {
	t.Parallel()
	rows, kills := 400, 3
	switch {
	case *undoRows > 0:
		rows, kills = *undoRows, 10
	case testing.Short() || raced:
		rows, kills = 120, 1
	}
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-crash-seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	sim := simulate(t, "--latency", "20ms", "--jitter", "20ms", "--numbers", fmt.Sprint(2*rows+100))
	dir := newFolder(t)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "other.csv"), content(rows, 40).String()), "--rate", "1000")...).want(t, 0)
	other := subsIDs(results(t, filepath.Join(dir, "other.results.csv")))

	in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
	// Rows that got their X from a list are never UNKNOWN after a kill.
	list := write(t, filepath.Join(dir, "numbers.json"), sim.numbers())
	out, updated, unbound := filepath.Join(dir, "in.results.csv"), filepath.Join(dir, "in.results.updated.csv"), filepath.Join(dir, "in.results.unbound.csv")
	rate := []string{"--rate", "4000"}
	verify := func(path string, equal int) {
		t.Helper()
		got := axgbind(t, "verify", path, "--endpoint", sim.url, "--progress", "none").want(t, 0)
		if want := fmt.Sprintf("%d rows BOUND: %d equal at the service, 0 different", equal, equal); !strings.Contains(got.stderr, want) {
			t.Errorf("verify %s: want %q\n%s", filepath.Base(path), want, got)
		}
	}
	killed := through(t, random, dir, kills, 0, sim.bind(in, append(rate, "--x-numbers", list)...)...)
	wantCounts(t, results(t, out), fmt.Sprintf("BOUND %d", rows))
	verify(out, rows)

	later := soon(60 * 24 * time.Hour)
	write(t, out, strings.ReplaceAll(read(t, out), expiration, later))
	killed += through(t, random, dir, kills, 0, append(rate, "update", out, "--endpoint", sim.url, "--pool-key", testPool, "--progress", "none")...)
	verify(updated, rows)
	for _, b := range sim.bindings() {
		if !slices.Contains(other, b.SubsId) && b.Expiration != later {
			t.Fatalf("%+v", b)
		}
	}

	unbind := append(rate, "unbind", out, "--endpoint", sim.url, "--yes", "--progress", "none")
	killed += through(t, random, dir, kills, 0, unbind...)
	wantCounts(t, results(t, unbound), fmt.Sprintf("RELEASED %d", rows))
	if !slices.Equal(sim.bound(), other) {
		t.Errorf("%d bindings live, want the other job's %d", len(sim.bound()), len(other))
	}
	verify(out, 0)
	// And it stays so.
	calls := sim.stats().Actions
	axgbind(t, unbind...).want(t, 0)
	write(t, in, content(0, rows).String())
	axgbind(t, sim.bind(in, rate...)...).want(t, 0)
	after := sim.stats().Actions
	if after["BindAxg"] != calls["BindAxg"] || after["UnbindSubscription"] != calls["UnbindSubscription"] {
		t.Errorf("further runs made calls: %v, then %v", calls, after)
	}
	wantCounts(t, results(t, out), fmt.Sprintf("RELEASED %d", rows))
	t.Logf("%d kills, %d UnbindSubscription calls for %d bindings", killed, after["UnbindSubscription"], rows)
}

// TestUnbindPart: a dry run says what would be released and touches nothing;
// --lines and --only take a part.
func TestUnbindPart(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	in := content(0, 12)
	in[0] = append(in[0], "城市", "备注")
	for i := range in[1:] {
		in[1+i][1] = fmt.Sprint(1 + i%3)
		in[1+i] = append(in[1+i], []string{"上海", "北京"}[i%2], fmt.Sprintf("n%d", i))
	}
	in[12][0] = "1380013800x"
	p.write("in.csv", in)
	p.bind(3, 11, "in.csv")
	out, unbound := p.path("in.results.csv"), p.path("in.results.unbound.csv")
	before, journal := p.sim.bound(), read(t, memoryOf(t))
	unbind := func(status int, flags ...string) outcome {
		t.Helper()
		return axgbind(t, append([]string{"unbind", out, "--endpoint", p.sim.url, "--progress", "none"}, flags...)...).want(t, status)
	}
	calls := p.sim.calls()
	got := unbind(0)
	if !strings.Contains(got.stdout, "11 bindings of ") || strings.Count(got.stdout, testPool) != 3 || !strings.Contains(got.stdout, expiration[:10]) {
		t.Errorf("%s", got)
	}
	if !strings.Contains(got.atEnd(), "nothing was released yet\nnext: release them:\n  axgbind unbind --endpoint ") || !strings.Contains(got.atEnd(), "--yes") {
		t.Errorf("%s", got.atEnd())
	}
	for line := range strings.Lines(unbind(0, "--lang", "zh").stdout) { // its columns are told by what a terminal shows
		for _, cell := range []string{"号码池", testPool} {
			if at := strings.Index(line, cell); at >= 0 && report.Columns(line[:at]) != 10 {
				t.Errorf("%q", line)
			}
		}
	}
	if p.sim.calls() != calls || read(t, memoryOf(t)) != journal {
		t.Error("a dry run made calls or wrote to the journal")
	}
	if _, err := os.Stat(unbound); err == nil {
		t.Error("a dry run wrote results")
	}

	unbind(0, "--lines", "2,4-5", "--yes")
	rows := results(t, unbound)
	wantCounts(t, rows, "RELEASED 3")
	if rows[1]["Line"] != "4" || rows[1]["PhoneNoA"] != in[3][0] || rows[1]["备注"] != "n2" {
		t.Errorf("%v", rows[1])
	}
	got = unbind(0, "--only", "城市=北京", "--only", "GroupId=2", "--yes") // rows 1 and 7 of 0..10
	wantCounts(t, results(t, unbound), "RELEASED 5")
	if !strings.Contains(got.stderr, "12 rows: 2 to release, 3 released already, 0 left alone, 7 not bound or not selected") || !strings.Contains(got.stderr, "UnbindSubscription 2 calls") {
		t.Errorf("%s", got)
	}
	unbind(0, "--only", "Code=client.AlreadyBound,isv.BIND_CONFLICT", "--yes")
	if len(p.sim.bound()) != 6 {
		t.Errorf("%d live", len(p.sim.bound()))
	}
	unbind(0, "--only", "code=client.AlreadyBound,OK", "--only", "备注=n10", "--yes")
	live := p.sim.bound()
	if len(live) != 5 {
		t.Errorf("%d live", len(live))
	}
	// What is released is shown by bind, status and summary, and not bound again.
	got = p.bind(3, 0, "in.csv")
	if !strings.Contains(got.stderr, "6 rows were bound and have been released since") || !strings.Contains(got.stderr, " released=6 version=") {
		t.Errorf("%s", got)
	}
	rows = results(t, out)
	wantCounts(t, rows, "BOUND 5, INVALID 1, RELEASED 6")
	if rows[0]["Code"] != "client.Released" || rows[0]["SubsId"] == "" || !strings.Contains(rows[0]["Action"], "--resend released") {
		t.Errorf("%v", rows[0])
	}
	if s := axgbind(t, "status", out).want(t, 0); !strings.Contains(s.stdout, "released  6") || !strings.Contains(s.stdout, "BOUND 5") {
		t.Errorf("%s", s)
	}
	if s := axgbind(t, "status", out, "--json").want(t, 0); !strings.Contains(s.stdout, `"RELEASED": 6`) {
		t.Errorf("%s", s)
	}
	for _, lang := range []string{"en", "zh"} {
		if s := axgbind(t, "report", unbound, "--lang", lang).want(t, 0); !strings.Contains(s.stdout, "RELEASED") {
			t.Errorf("%s", s)
		}
	}
	p.bind(3, 6, "in.csv", "--resend", "released")
	wantCounts(t, results(t, out), "BOUND 11, INVALID 1")
	again := p.sim.bound()
	for _, id := range live {
		if !slices.Contains(again, id) {
			t.Errorf("%s is gone", id)
		}
	}
	for _, id := range before {
		if slices.Contains(again, id) != slices.Contains(live, id) {
			t.Errorf("%s", id)
		}
	}
	unbind(0, "--yes", "-q")
	if len(p.sim.bound()) != 0 {
		t.Errorf("live: %v", p.sim.bound())
	}
}

// TestUnbindWrong: what cannot work is refused with its cure, and rows that name
// no binding of theirs are refused one by one; none of it releases anything else.
func TestUnbindWrong(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("in.csv", content(0, 6))
	p.bind(0, 6, "in.csv")
	out := p.path("in.results.csv")
	rows := results(t, out)
	bare := write(t, p.path("bare.csv"), "SecretNo,SubsId,PhoneNoA\n"+
		rows[0]["SecretNo"]+","+rows[0]["SubsId"]+","+rows[0]["PhoneNoA"]+"\n"+
		rows[1]["SecretNo"]+",1E+15,\n"+
		rows[2]["SecretNo"]+","+rows[3]["SubsId"]+",\n"+
		rows[4]["SecretNo"]+","+rows[4]["SubsId"]+","+rows[5]["PhoneNoA"]+"\n")
	neither := write(t, p.path("neither.csv"), "PhoneNoA,Expiration\n"+phone(0)+","+expiration+"\n")
	for _, test := range []struct {
		status int
		says   string
		args   []string
	}{
		{10, "COLUMN=VALUE", []string{out, "--only", "GroupId"}},
		{10, "SubsId", []string{out, "--only", "Colour=red"}},
		{10, "2-11,40", []string{out, "--lines", "x"}},
		{10, "--summary", []string{out, "--summary", p.path("s.json")}},
		{10, "SecretNo | SubsId\n", []string{bare, "--only", "Code=OK", "--pool-key", testPool}},
		{10, "SubsId | Code\n", []string{out, "--only", "Colour=red"}},
		{6, "absent.csv", []string{p.path("absent.csv")}},
		{0, "6 to release", []string{p.path("in.csv"), "--pool-key", testPool}}, // by pool, A and group
		{6, "SubsId", []string{neither, "--pool-key", testPool}},
		{10, "pool", []string{bare}},
		{10, "--limit", []string{out, "--limit", "3"}},
		{0, "nothing to release: no selected row is bound", []string{out, "--only", "OutId=none"}},
		{0, "nothing to release: no selected row is bound", []string{out, "--only", "OutId=none", "--yes"}},
		{10, "in.results.csv holds the results of bind", []string{bare, "--pool-key", testPool, "-o", out, "--yes"}},
		{3, "subsid-damaged", []string{bare, "--pool-key", testPool}},
	} {
		got := axgbind(t, append([]string{"unbind", "--endpoint", p.sim.url}, test.args...)...).want(t, test.status)
		if !strings.Contains(got.stderr, test.says) {
			t.Errorf("%v: want %q in\n%s", test.args, test.says, got)
		}
	}
	if n := len(p.sim.bound()); n != 6 {
		t.Fatalf("%d live", n)
	}
	found := p.path("found.csv")
	axgbind(t, "unbind", bare, "--endpoint", p.sim.url, "--pool-key", testPool, "--yes", "--findings", found, "--failed", p.path("fix.csv")).want(t, 3)
	var got []string
	for _, r := range results(t, p.path("bare.unbound.csv")) {
		got = append(got, r.status()+" "+r["AxgCode"])
	}
	want := []string{"RELEASED OK", "INVALID client.SubsIdDamaged", "INVALID client.OtherBinding", "INVALID client.OtherBinding"}
	if !slices.Equal(got, want) || !strings.Contains(read(t, found), "error,subsid-damaged,2,3,") {
		t.Errorf("%v\n%s", got, read(t, found))
	}
	if n := len(p.sim.bound()); n != 5 {
		t.Errorf("%d live", n)
	}
	// Where their journal is not known, no row is known to be anybody's: left alone
	// or, if that is wanted, asked about first and released.
	vars := map[string]string{"AXGBIND_JOURNAL": newFolder(t)}
	alone := []string{"unbind", out, "--endpoint", p.sim.url, "--pool-key", testPool, "--yes"}
	axgbindWith(t, vars, "", alone...).want(t, 3)
	wantCounts(t, results(t, p.path("in.results.unbound.csv")), "HELD 6")
	if n := len(p.sim.bound()); n != 5 {
		t.Errorf("%d live", n)
	}
	axgbindWith(t, vars, "", append(alone, "--foreign")...).want(t, 0)
	wantCounts(t, results(t, p.path("in.results.unbound.csv")), "RELEASED 6")
	for _, command := range []string{"reconcile", "verify"} {
		got := axgbindWith(t, vars, "", command, p.path("in.results.unbound.csv"), "--endpoint", p.sim.url).want(t, 10)
		if !strings.Contains(got.stderr, "holds the results of unbind, not those of a bind") {
			t.Errorf("%s", got)
		}
	}
	if n := len(p.sim.bound()); n != 0 {
		t.Errorf("%d live", n)
	}
}

// TestUnbindBegun: a bind that meets only rows whose release was begun says to
// run that again.
func TestUnbindBegun(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 0)
	if err := played.SetFaults(faultList(t, []string{"drop-before@UnbindSubscription=1"})); err != nil {
		t.Fatal(err)
	}
	got := axgbind(t, "unbind", out, "--endpoint", sim.url, "--retries", "0", "--yes").want(t, 5)
	if !strings.Contains(got.atEnd(), "axgbind unbind ") {
		t.Errorf("%s", got)
	}
	mayBeDone(t, got, filepath.Join(dir, "in.results.unbound.csv"))
	got = axgbind(t, sim.bind(in)...).want(t, 4)
	if !strings.Contains(got.atEnd(), "run the unbind that was begun once more") {
		t.Errorf("%s", got)
	}
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	axgbind(t, "unbind", out, "--endpoint", sim.url, "--yes").want(t, 0)
	axgbind(t, sim.bind(in)...).want(t, 0)
	// A page made of older results counts what was released since.
	for _, path := range []string{out, filepath.Join(dir, "in.results.unbound.csv")} {
		if got := axgbind(t, "report", path).want(t, 0); !strings.Contains(got.stdout, "RELEASED 3") || strings.Contains(got.stdout, "BOUND 3") {
			t.Errorf("%s", got)
		}
	}
}

// mayBeDone: nothing says that what got no answer was not executed, or was a bind.
func mayBeDone(t *testing.T, got outcome, path string) {
	t.Helper()
	got.says(t, "PENDING: their change or release may be done already; running again is safe", "3 PENDING client.ConnectionLost: the answer to the call was lost: the change or release may be done already")
	for _, r := range results(t, path) {
		if r["Reason"] != "the answer to the call was lost: the change or release may be done already" || r["Action"] != "run the same command again; doing it twice does no harm" {
			t.Errorf("%v", r)
		}
	}
	page := axgbind(t, "report", path, "-o", "-").want(t, 0).stdout
	if strings.Contains(page, "The row is UNKNOWN") || !strings.Contains(page, "doing it twice does no harm") {
		t.Errorf("the page says something else:\n%s", page)
	}
}

// TestUnbindOtherIDs: a row of a list whose ids are of two bindings says what is wrong
// with it, and what to do.
func TestUnbindOtherIDs(t *testing.T) {
	t.Parallel()
	_, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 1}) // its ids are the same each time; one that ends in two zeros would have another fault
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	axgbind(t, sim.bind(in, "--journal", filepath.Join(dir, "other.journal"))...).want(t, 0)
	rows := results(t, filepath.Join(dir, "in.results.csv"))
	list := table{{"SecretNo", "SubsId", "PhoneNoA", "GroupId"}}
	for i, r := range rows {
		list = append(list, []string{rows[1-i]["SecretNo"], r["SubsId"], r["PhoneNoA"], r["GroupId"]})
	}
	mixed := write(t, filepath.Join(dir, "mixed.csv"), list.String())
	axgbind(t, "unbind", mixed, "--endpoint", sim.url, "--pool-key", testPool, "--foreign", "--yes").want(t, 3).says(t, "see column AxgAction in ")
	for _, r := range results(t, filepath.Join(dir, "mixed.unbound.csv")) {
		if r["AxgCode"] != "client.OtherBinding" || r["AxgReason"] == "" || r["AxgAction"] == "" {
			t.Errorf("%v", r)
		}
	}
	if n := len(sim.bound()); n != 2 {
		t.Errorf("%d bindings live", n)
	}
}

// TestUnbindDuplicates: what reconcile named as one too many stands in a list that
// unbind takes, and is released; reconcile names it no more, and lists none.
func TestUnbindDuplicates(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5, Faults: faultList(t, []string{"drop-after=1"})})
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 4)
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	// Somebody else's loop, which knows nothing of the journal, binds the rows once more.
	loop := filepath.Join(dir, "loop")
	if err := os.Mkdir(loop, 0o700); err != nil {
		t.Fatal(err)
	}
	axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": loop}, "", sim.bind(write(t, filepath.Join(loop, "in.csv"), content(0, 2).String()))...).want(t, 0)
	journal := memoryOf(t)
	writeJournal(t, journal, moved(t, read(t, journal), 2*time.Minute))
	list := write(t, filepath.Join(dir, "numbers.json"), sim.numbers())
	reconcile := []string{"reconcile", out, "--endpoint", sim.url, "--x-numbers", list, "--list-is-complete", "--progress", "none"}
	duplicates := filepath.Join(dir, "in.results.duplicates.csv")
	got := axgbind(t, reconcile...).want(t, 0)
	if !strings.Contains(got.stderr, "2 BINDINGS TOO MANY") || !strings.Contains(got.stderr, "released: axgbind unbind "+duplicates) || len(sim.bound()) != 4 {
		t.Fatalf("%s", got)
	}
	// What somebody noted in the list stays, and another stands beside it.
	named, before := read(t, duplicates), files(t, dir)
	axgbind(t, reconcile...).want(t, 0)
	if after := files(t, dir); !slices.Equal(before, after) {
		t.Errorf("the same list once more: files were %v, are %v", before, after)
	}
	write(t, duplicates, "mine")
	got = axgbind(t, reconcile...).want(t, 0)
	_, other, _ := strings.Cut(got.stderr, "released: axgbind unbind ")
	other, _, _ = strings.Cut(other, " --endpoint")
	if other == duplicates || read(t, duplicates) != "mine" || read(t, other) != named {
		t.Fatalf("%s", got)
	}
	write(t, duplicates, named)
	own := subsIDs(results(t, out))
	got = axgbind(t, "unbind", duplicates, "--endpoint", sim.url, "--pool-key", testPool).want(t, 0)
	if !strings.Contains(got.stdout, "2 bindings of ") || len(sim.bound()) != 4 {
		t.Errorf("%s", got)
	}
	axgbind(t, "unbind", duplicates, "--endpoint", sim.url, "--yes").want(t, 0)
	axgbind(t, "unbind", duplicates, "--endpoint", sim.url, "--yes").want(t, 0) // it is done
	wantCounts(t, results(t, filepath.Join(dir, "in.results.duplicates.unbound.csv")), "RELEASED 2")
	if info, err := os.Stat(duplicates); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" || !strings.Contains(read(t, duplicates), phone(0)) {
		t.Errorf("%v: the page of data says 0600, with full numbers", err) // as TestDataPage has it
	}
	if !slices.Equal(sim.bound(), own) {
		t.Errorf("live %v, want %v", sim.bound(), own)
	}
	axgbind(t, sim.bind(in)...).want(t, 0)
	for _, r := range results(t, out) {
		if r.status() != "BOUND" || strings.Contains(r["Reason"], "TWICE") {
			t.Errorf("%v", r)
		}
	}
	if got := axgbind(t, reconcile...).want(t, 0); strings.Contains(got.stderr, "TOO MANY") {
		t.Errorf("%s", got)
	}
}

// TestUnbindSpreadsheet: results that a spreadsheet program opened and saved, as
// a workbook and as CSV again, still release the right bindings, by their journal;
// without it, rows whose ids are lost are refused. --excel keeps ids whole.
func TestUnbindSpreadsheet(t *testing.T) {
	t.Parallel()
	office := ""
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			office = path
			break
		}
	}
	if office == "" {
		t.Skip("no soffice or libreoffice on the PATH; Debian's package is libreoffice-calc-nogui")
	}
	for _, excel := range []bool{false, true} {
		t.Run(fmt.Sprintf("excel=%v", excel), func(t *testing.T) {
			p := newPlace(t)
			p.write("other.csv", content(100, 5))
			p.bind(0, 5, "other.csv")
			p.write("in.csv", content(0, 30))
			p.bind(0, 30, "in.csv", fmt.Sprintf("--excel=%v", excel))
			out := p.path("in.results.csv")
			resave(t, office, out)
			t.Logf("it saved %.300q", read(t, out)[strings.IndexByte(read(t, out), '\n'):])
			alone := filepath.Join(newFolder(t), "in.results.csv")
			write(t, alone, read(t, out))

			// The journal knows the ids.
			lines := []string{"--lines", "2-16"}
			got := axgbind(t, append([]string{"unbind", out, "--endpoint", p.sim.url, "--yes"}, lines...)...)
			for _, r := range p.results("in.results.unbound.csv") {
				if r.status() != "RELEASED" {
					t.Errorf("%v\n%s", r, got)
				}
			}
			left := p.sim.bindings()
			if len(left) != 20 {
				t.Errorf("%d live, want 20", len(left))
			}
			for _, b := range left {
				if n, err := strconv.Atoi(strings.TrimPrefix(b.OutId, "order-")); err != nil || n < 15 {
					t.Errorf("line %d was selected, and %s lives", n+2, b.SubsId)
				}
			}
			// Without it, a row is its own binding's end or is refused.
			axgbind(t, "unbind", alone, "--endpoint", p.sim.url, "--pool-key", testPool, "--yes")
			after := p.sim.bindings()
			lives := map[string]bool{}
			for _, b := range after {
				lives[b.OutId] = true
			}
			refused := 0
			for _, r := range results(t, strings.TrimSuffix(alone, ".csv")+".unbound.csv") {
				if r.status() == "INVALID" {
					refused++
				}
				if n, _ := strconv.Atoi(strings.TrimPrefix(r["OutId"], "order-")); lives[r["OutId"]] == (r.status() == "RELEASED") && (n >= 15 || lives[r["OutId"]]) {
					t.Errorf("%s is %s, lives: %v", r["OutId"], r.status(), lives[r["OutId"]])
				}
			}
			if excel != (refused == 0) {
				t.Errorf("%d rows were refused", refused)
			}
			others := 0
			for _, b := range after {
				if strings.HasPrefix(b.OutId, "order-10") && len(b.OutId) == len("order-100") {
					others++
				}
			}
			if others != 5 {
				t.Errorf("%d of another job's 5 bindings live", others)
			}
		})
	}
}

// resave opens a CSV in a spreadsheet program, saves it as a workbook, and that
// as CSV in its place.
func resave(t *testing.T, office, path string) {
	t.Helper()
	dir := newFolder(t)
	const utf8 = "44,34,76,1" // comma, quotation mark, UTF-8, from line 1
	convert := func(to, from string, more ...string) {
		t.Helper()
		args := []string{"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(dir, "profile")), "--headless"}
		c := exec.Command(office, append(append(args, more...), "--convert-to", to, "--outdir", dir, from)...)
		if text, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	}
	name := strings.TrimSuffix(filepath.Base(path), ".csv")
	convert("xlsx", path, "--infilter=CSV:"+utf8)
	convert("csv:Text - txt - csv (StarCalc):"+utf8, filepath.Join(dir, name+".xlsx"))
	write(t, path, read(t, filepath.Join(dir, name+".csv")))
}
