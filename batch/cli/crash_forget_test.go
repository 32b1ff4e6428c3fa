package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// TestCrashForgetting kills bind, renewals and unbind at random moments and, between
// them, has numbers forgotten whose bindings were released or have lapsed; some of
// those commands are killed as well. Then all goes on to its end. No place has two
// bindings, every binding is that of its row, every row stands as it should, and no
// file of the journal's folder holds a number that was forgotten.
func TestCrashForgetting(t *testing.T) {
	t.Parallel()
	kills, rows := 9, 80
	switch {
	case *crashKills > 0:
		kills, rows = *crashKills, 120
	case testing.Short() || raced:
		kills, rows = 3, 40
	}
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-crash-seed %d", seed)
	sim := simulate(t, "--latency", "20ms", "--jitter", "20ms", "--numbers", fmt.Sprint(rows*(4+kills/4)), "--seed", fmt.Sprint(seed%1e9)).real()
	f := &forgetting{
		t: t, sim: sim, dir: newFolder(t), random: rand.New(rand.NewPCG(seed, 2)), left: kills,
		ended: map[string]bool{}, perhaps: map[string]bool{}, reused: map[string]bool{}, forgotten: map[string]bool{}, done: map[string]int{},
	}
	f.numbers = write(t, filepath.Join(f.dir, "numbers.json"), sim.numbers())
	f.lapsed(30)
	for from := 0; f.left > 0; from += rows {
		f.job(from, rows)
	}
	for _, what := range []string{"bind", "renew", "unbind", "forget"} {
		if f.done[what+" killed"] == 0 && kills >= 40 {
			t.Errorf("no kill of %s: the suite does not test what it should", what)
		}
	}
	if f.done["forgotten"] == 0 || f.done["needed"] == 0 {
		t.Errorf("%d numbers were forgotten, %d needed: the suite does not test what it should", f.done["forgotten"], f.done["needed"])
	}
	t.Logf("%v", f.done)
}

// forgetting is a folder of jobs that are killed while numbers are forgotten.
type forgetting struct {
	t       *testing.T
	sim     *service
	dir     string
	numbers string // the list of X
	random  *rand.Rand
	left    int // kills to go

	ended     map[string]bool // numbers of bindings that surely ended
	perhaps   map[string]bool // numbers of bindings that are being released
	reused    map[string]bool // X numbers of bindings that ended, which others have now
	forgotten map[string]bool // those of them that are in no file of the journal's folder
	live      []row           // rows of earlier jobs that are bound
	done      map[string]int  // how often what was done
}

// lapsed puts a batch of long ago into the journal, whose bindings have lapsed; its last
// run ended now, and heard so from the service.
func (f *forgetting) lapsed(rows int) {
	t := f.t
	path := memoryOf(t)
	h, err := journal.ReadHeader(strings.NewReader(read(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	h.Created = time.Now().AddDate(0, 0, -9)
	w := &written{t: t, text: &strings.Builder{}, at: h.Created}
	w.out = journal.Write(w.text, h)
	w.add(ledger.Record{Kind: ledger.Run, Batch: "long-ago"}, books.RunStart{Batch: "long-ago", Command: "bind", Start: w.at, Input: "/in/long-ago.csv", Results: "/in/long-ago.results.csv"})
	for i := range rows {
		number, x, end := fmt.Sprintf("136%08d", i), fmt.Sprintf("170%08d", i), w.at.AddDate(0, 0, 5+i%2)
		w.call++
		at, id := w.at.UnixMilli(), uint64(8_000_000_000_000_001+i)
		key := ledger.Key{ID: ledger.Identity(fmt.Appendf(nil, "%016d", i))}
		w.add(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: w.call, Row: key, Place: ledger.Place(w.call), Ends: end.Unix(), At: at, Due: at + 1},
			fmt.Sprintf(`{"t":%d,"line":%d,"pool":"%s","a":"%s","g":"1","exp":"%s","out":"of %[4]s"}`, at, i+2, testPool+"0", number, end.In(report.Beijing).Format(time.DateTime)))
		w.add(ledger.Record{Kind: ledger.OK, Call: w.call, Binding: ledger.ParseSubsID(fmt.Sprint(id)), Code: "OK", At: at}, fmt.Sprintf(`{"t":%d,"no":"%s","subs":"%d"}`, at, x, id))
		f.ended[number], f.ended[x] = true, true
	}
	w.add(ledger.Record{Kind: ledger.End}, books.RunEnd{End: time.Now(), Service: time.Now()})
	writeJournal(t, path, w.String())
}

// job is the life of a batch: it is bound, a part is released, what lives is renewed,
// another part is released.
func (f *forgetting) job(from, rows int) {
	t := f.t
	name := fmt.Sprint("in", from)
	in := content(from, rows)
	path := write(t, filepath.Join(f.dir, name+".csv"), in.String())
	out := filepath.Join(f.dir, name+".results.csv")
	bind := f.sim.bind(path, "--rate", "600", "--max-failures", "100%", "--when-bound", "renew", "--summary", filepath.Join(f.dir, name+".json"))
	if f.random.IntN(2) == 0 {
		bind = append(bind, "--x-numbers", f.unused(name))
	}
	lines := func() (string, map[string]bool) { // of a random third that is bound
		chosen := map[string]bool{}
		var list []string
		for _, r := range results(t, out) {
			if r.status() == "BOUND" && f.random.IntN(3) == 0 {
				chosen[r["PhoneNoA"]] = true
				f.perhaps[r["PhoneNoA"]], f.perhaps[r["SecretNo"]] = true, true
				list = append(list, r["Line"])
			}
		}
		return strings.Join(list, ","), chosen
	}
	released := map[string]bool{}
	release := func() {
		list, chosen := lines()
		if list == "" {
			return
		}
		f.through("unbind", "unbind", out, "--endpoint", f.sim.url, "--rate", "600", "--lines", list, "--yes", "--progress", "none")
		for _, r := range results(t, filepath.Join(f.dir, name+".results.unbound.csv")) {
			switch a := r["PhoneNoA"]; {
			case r.status() == "RELEASED":
				released[a], f.ended[a] = true, true
				if x := r["SecretNo"]; !report.Masked(x) { // else it was forgotten already
					f.ended[x] = true
				}
			case chosen[a]:
				t.Errorf("line %s was to be released, and is %s %s", r["Line"], r.status(), r["Reason"])
			}
		}
		clear(f.perhaps)
	}
	f.killed("bind", bind...)
	if _, err := os.Stat(out); err != nil { // there are no results to choose from
		f.releaseSome(out, released)
		f.unused(name) // their X would be taken again
	}
	f.through("bind", bind...)
	f.reconcile(out, bind) // a row that is edited while it is UNKNOWN is HELD
	release()
	later := soon(60 * 24 * time.Hour)
	renewed := in[:1:1]
	for _, cells := range in[1:] {
		switch cells = slices.Clone(cells); {
		case !released[cells[0]]:
			cells[2] = later
		case f.random.IntN(2) == 0:
			continue // it left the file
		}
		renewed = append(renewed, cells)
	}
	write(t, path, renewed.String())
	f.through("renew", bind...)
	release()
	f.forget()
	f.through("bind", bind...) // it finds that all is done
	f.ends(name, renewed, bind, released, later)
}

// unused writes a list of the X numbers that no binding had.
func (f *forgetting) unused(name string) string {
	f.t.Helper()
	var all []json.RawMessage
	if err := json.Unmarshal([]byte(f.sim.numbers()), &all); err != nil {
		f.t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(n json.RawMessage) bool {
		for ended := range f.ended {
			if strings.Contains(string(n), ended) {
				return true
			}
		}
		return false
	})
	text, err := json.Marshal(all)
	if err != nil {
		f.t.Fatal(err)
	}
	return write(f.t, filepath.Join(f.dir, name+".numbers.json"), string(text))
}

// bindings are those that live. An X among them that was forgotten came to another row
// since.
func (f *forgetting) bindings() []binding {
	f.t.Helper()
	live := f.sim.bindings()
	clear(f.reused)
	for _, b := range live {
		delete(f.forgotten, b.SecretNo)
		f.reused[b.SecretNo] = f.ended[b.SecretNo]
	}
	return live
}

// releaseSome releases some of what a batch has, by its id, before it is done.
func (f *forgetting) releaseSome(out string, released map[string]bool) {
	t := f.t
	t.Helper()
	at := axgbind(t, "status", out, "--json")
	if at.status == 10 { // it was killed before it began
		return
	}
	var known struct {
		Batches []struct {
			Batch string
		}
	}
	if err := json.Unmarshal([]byte(at.want(t, 0).stdout), &known); err != nil || len(known.Batches) != 1 {
		t.Fatalf("%v\n%s", err, at)
	}
	before := f.bindings()
	o := spawn(t, f.dir, "unbind", known.Batches[0].Batch, "--endpoint", f.sim.url, "--limit", "8", "--yes", "--progress", "none").wait()
	if !slices.Contains([]int{0, 4, 5}, o.status) { // more than 8, or in doubt
		t.Fatalf("%s", o)
	}
	after := f.sim.bound()
	for _, b := range before {
		if !slices.Contains(after, b.SubsId) {
			released[b.PhoneNoA] = true
			f.ended[b.PhoneNoA], f.ended[b.SecretNo] = true, true
			f.done["released early"]++
		}
	}
	if len(before)-len(after) > 8 {
		t.Fatalf("%d bindings were released\n%s", len(before)-len(after), o)
	}
	f.forget()
}

// through runs a command to its end through kills, and has numbers forgotten between
// them.
func (f *forgetting) through(what string, args ...string) {
	t := f.t
	t.Helper()
	f.killed(what, args...)
	f.settled()
	if last := spawn(t, f.dir, args...).wait(); last.status != 0 && last.status != 4 {
		t.Fatalf("unexpected end\n%s", last)
	}
	f.bindings()
}

// killed runs a command and kills it, up to three times.
func (f *forgetting) killed(what string, args ...string) {
	t := f.t
	t.Helper()
	path := memoryOf(t)
	for range 1 + f.random.IntN(3) {
		before, more := wholeLines(path), int64(1+f.random.IntN(12_000))
		p := spawn(t, f.dir, args...)
		if f.random.IntN(4) == 0 { // beside it: one of both is told that the other has the journal
			f.forget()
		}
		if f.left == 0 || !p.sooner(func() bool { return wholeLines(path) >= before+more }) {
			p.wait()
			break
		}
		p.kill()
		if p.wait().status == -1 {
			f.left--
			f.done[what+" killed"]++
		}
		f.settled()
		f.forget()
	}
}

// reconcile finds out what became of the rows of a batch whose answers a kill lost, and
// sends again what was not executed.
func (f *forgetting) reconcile(out string, bind []string) {
	t := f.t
	t.Helper()
	unknown := count(results(t, out))["UNKNOWN"]
	if unknown == 0 {
		return
	}
	f.done["unknown"] += unknown
	args := []string{"reconcile", out, "--endpoint", f.sim.url, "--rate", "5000", "--x-numbers", f.numbers, "--list-is-complete", "--progress", "none"}
	o := spawn(t, f.dir, args...).wait()
	if o.status == 4 && strings.Contains(o.stderr, "bind one row of this pool") { // nothing bound lately can be a control
		f.bindOne()
		o = spawn(t, f.dir, args...).wait()
	}
	if o.status != 0 && o.status != 5 {
		t.Fatalf("reconcile\n%s", o)
	}
	spawn(t, f.dir, bind...).wait().want(t, 0)
	f.bindings()
}

// bindOne binds a row of no other batch, as reconcile asks for.
func (f *forgetting) bindOne() {
	t := f.t
	t.Helper()
	f.done["bound for reconcile"]++
	n := f.done["bound for reconcile"]
	path := write(t, filepath.Join(f.dir, fmt.Sprintf("one%d.csv", n)), content(900_000+n, 1).String())
	spawn(t, f.dir, f.sim.bind(path)...).wait().want(t, 0)
	f.live = append(f.live, results(t, filepath.Join(f.dir, fmt.Sprintf("one%d.results.csv", n)))...)
}

// settled takes the half minute as over after which the service is believed to be done
// with a call. It takes 40 ms.
func (f *forgetting) settled() {
	f.t.Helper()
	path := memoryOf(f.t)
	writeJournal(f.t, path, moved(f.t, read(f.t, path), time.Minute))
}

// forget has a few numbers forgotten that may be, and one that may not.
func (f *forgetting) forget() {
	t := f.t
	t.Helper()
	live := map[string]bool{}
	var needed []string
	for _, b := range f.bindings() {
		live[b.PhoneNoA], live[b.SecretNo] = true, true
		needed = append(needed, b.PhoneNoA)
	}
	var may []string
	for _, n := range slices.Concat(slices.Sorted(maps.Keys(f.ended)), slices.Sorted(maps.Keys(f.perhaps))) {
		if !f.forgotten[n] && !live[n] {
			may = append(may, n)
		}
	}
	f.random.Shuffle(len(may), func(i, j int) { may[i], may[j] = may[j], may[i] })
	next := func() (some []string) {
		n := min(len(may), 1+f.random.IntN(9))
		some, may = may[:n], may[n:]
		return some
	}
	if f.attempt(next(), f.left > 0 && f.random.IntN(3) == 0) == -1 { // others, at once
		f.attempt(next(), false)
	}
	if len(needed) > 0 {
		n := needed[f.random.IntN(len(needed))]
		switch o := axgbind(t, "journal", "forget", n); o.status {
		case 10:
			f.done["needed"]++
			o.says(t, "is still needed")
		case 11:
		default:
			still := slices.ContainsFunc(f.bindings(), func(b binding) bool { return b.PhoneNoA == n })
			if still || o.status != 0 { // else the unbind beside it has released it meanwhile
				t.Fatalf("%s is bound\n%s", n, o)
			}
			f.forgotten[n] = true
		}
	}
}

// attempt has numbers forgotten, or kills what does it, and returns how that ended.
func (f *forgetting) attempt(may []string, kill bool) (status int) {
	t := f.t
	t.Helper()
	if len(may) == 0 {
		return 0
	}
	p := spawn(t, f.dir, append([]string{"journal", "forget"}, may...)...)
	if kill && p.sooner(func() bool { return len(f.temporary()) > 0 }) {
		after(p, time.Duration(f.random.IntN(3000))*time.Microsecond)
		p.kill()
	}
	o := p.wait()
	switch o.status {
	case 0:
		for _, n := range may {
			f.forgotten[n], f.ended[n] = true, true
		}
		f.done["forgotten"] += len(may)
		f.gone()
	case -1:
		f.left--
		f.done["forget killed"]++
		f.done["temporary files left"] += len(f.temporary())
	case 11:
		f.done["locked"]++
	default:
		f.bindings()
		if o.status != 10 || !slices.ContainsFunc(may, func(n string) bool { return f.perhaps[n] || f.reused[n] }) {
			t.Fatalf("numbers of bindings that ended cannot be forgotten\n%s", o)
		}
		f.done["perhaps"]++
	}
	return o.status
}

// temporary are the files that a journal is written anew to.
func (f *forgetting) temporary() []string {
	return slices.DeleteFunc(files(f.t, memory(f.t)), func(name string) bool { return !strings.HasSuffix(name, ".tmp") })
}

// gone looks for the forgotten numbers in each file of the journal's folder.
func (f *forgetting) gone() {
	t := f.t
	t.Helper()
	f.bindings()
	for _, name := range files(t, memory(t)) {
		text, err := os.ReadFile(filepath.Join(memory(t), name))
		if err != nil { // of a run that has ended meanwhile
			continue
		}
		for n := range f.forgotten {
			if at := strings.Index(string(text), n); at >= 0 {
				if f.bindings(); !f.forgotten[n] { // another row has got it at this moment
					continue
				}
				t.Fatalf("%s holds %s: …%.200s…", name, n, text[max(at-100, 0):])
			}
		}
	}
}

// ends brings a batch to its end and looks at everything that was left.
func (f *forgetting) ends(name string, in table, bind []string, released map[string]bool, later string) {
	t := f.t
	t.Helper()
	out := filepath.Join(f.dir, name+".results.csv")
	last := spawn(t, f.dir, bind...).wait().want(t, 0)
	calls := f.sim.calls()
	spawn(t, f.dir, bind...).wait().want(t, 0)
	if n := f.sim.calls() - calls; n != 0 {
		t.Errorf("a further run made %d calls", n)
	}
	got := results(t, out)
	if len(got) != len(in)-1 {
		t.Fatalf("%d rows in the results, %d in the input", len(got), len(in)-1)
	}
	live := f.sim.bindings()
	lives := map[string]binding{}
	for _, b := range live {
		lives[b.SubsId] = b
	}
	var bound []row
	for i, r := range got {
		want := "BOUND"
		if released[r["PhoneNoA"]] {
			want = "RELEASED"
		}
		b, is := lives[r["SubsId"]]
		switch {
		case r["PhoneNoA"] != in[i+1][0] || r["OutId"] != in[i+1][3] || r["Expiration"] != in[i+1][2]:
			t.Fatalf("row %d of the results is another row of the input: %v", i+1, r)
		case r.status() != want || is != (want == "BOUND"):
			t.Errorf("line %s is %s %s, want %s; the service has %+v", r["Line"], r.status(), r["Reason"], want, b)
		case is && b.Expiration != later:
			t.Errorf("line %s was renewed to %s; the service has %+v", r["Line"], later, b)
		}
		if r.status() == "BOUND" {
			bound = append(bound, r)
		}
	}
	s := summaryOf(t, filepath.Join(f.dir, name+".json"))
	if s.Rows != len(got) || s.Counts["BOUND"] != len(bound) || s.Counts["RELEASED"] != len(got)-len(bound) {
		t.Errorf("summary %+v, %d rows, %d of them BOUND\n%s", s, len(got), len(bound), last)
	}
	f.live = append(f.live, bound...)
	agree(t, f.live, live)
	axgbind(t, "journal", "check").want(t, 0)
	f.gone()
}
