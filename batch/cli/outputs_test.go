package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// lastBad is an input of n rows of which the last cannot be sent.
func lastBad(from, n int) table {
	rows := content(from, n)
	rows[n][0] += "1"
	return rows
}

// victims are files that no output may cost, by what they are. Those of another
// batch were made by it, at what passes for the real service: what a simulated run
// wrote, another may replace.
func victims(t *testing.T, sim *service) map[string]string {
	t.Helper()
	dir, journal := newFolder(t), filepath.Join(memory(t), "axgbind.journal")
	named := *sim
	sim = named.real()
	at := func(name string) string { return filepath.Join(dir, name) }
	in := write(t, at("b.csv"), lastBad(500, 3).String())
	axgbind(t, sim.bind(in, "--failed", at("failed.csv"), "--findings", at("findings.csv"), "--summary", at("summary.json"), "--log", at("b.log"))...).want(t, 3)
	failed := read(t, at("failed.csv"))
	return map[string]string{
		"foreign text": "dear diary\n", "foreign table": "Name,Age\nAnn,30\n", "foreign log": "time=now level=INFO msg=hello\n", "foreign bytes": "\x00\x01PK\x03\x04",
		"input": content(600, 3).String(), "chinese input": "A号码,G组ID,过期时间\n13800138000,1,2099-01-01 00:00:00\n",
		"journal": read(t, journal), "results": read(t, at("b.results.csv")), "lock": read(t, journal+".lock"),
		"failed of another batch": failed, "failed that was corrected": strings.Replace(failed, "1,2000", ",2000", 1),
		"findings of another batch": read(t, at("findings.csv")), "summary that was changed": strings.Replace(read(t, at("summary.json")), `"rows": 3`, `"rows": 4`, 1),
		"foreign json": `{"rows": 3}` + "\n", "foreign page": "<html>mine</html>\n", "foreign metrics": "node_load1 0.5\n",
	}
}

// outputFlags are the flags that name an output, with a name that suits it.
var outputFlags = []struct{ flag, name string }{
	{"--failed", "v.csv"}, {"--findings", "v.csv"}, {"--findings", "v.jsonl"}, {"--summary", "v.json"}, {"--log", "v.log"}, {"--metrics", "v.prom"}, {"-o", "v.csv"}, {"--journal", "v.journal"},
}

// innocent runs a command that names a victim as an output, on the journal in a
// folder. Its bytes stay as they are. The command is refused before its first call,
// or says where else the file is.
func innocent(t *testing.T, sim *service, journal, victim, text string, args ...string) {
	t.Helper()
	calls := int64(0)
	if sim != nil {
		calls = sim.calls()
	}
	got := axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": journal}, "", args...)
	if now := read(t, victim); now != text {
		t.Fatalf("%q: the victim was written to: %q\n%s", args, now, got)
	}
	beside := victim + ".new" + filepath.Ext(victim)
	switch said := strings.Contains(got.stderr, filepath.Base(beside)); {
	case got.status == 10:
		if sim != nil && sim.calls() != calls {
			t.Errorf("%q: refused after a call\n%s", args, got)
		}
		if !strings.Contains(got.stderr, filepath.Base(victim)) || !strings.Contains(got.stderr, "cure: ") {
			t.Errorf("%q: does not say what and why\n%s", args, got)
		}
		if _, err := os.Stat(beside); err == nil {
			t.Errorf("%q: refused, and %s is there", args, beside)
		}
	case got.status == 0 || got.status == 3:
		if info, err := os.Stat(beside); err != nil || info.Size() == 0 || !said {
			t.Errorf("%q: wrote nothing beside it, or did not say so: %v\n%s", args, err, got)
		}
	default:
		t.Errorf("%q: %s", args, got)
	}
}

// TestOutputsSpareOthers: no flag that names an output costs a file that is not
// of its kind, or of another batch, or that somebody has worked in.
func TestOutputsSpareOthers(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	for name, text := range victims(t, sim) {
		for i, o := range outputFlags {
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), lastBad(1000*(i+1), 2).String())
			victim := write(t, filepath.Join(dir, o.name), text)
			if o.flag == "--log" && name == "foreign log" || o.flag == "--journal" && name == "journal" {
				continue // see TestLogIsKept; a journal may serve many batches
			}
			t.Run(name+" "+o.flag, func(t *testing.T) {
				innocent(t, sim, memory(t), victim, text, sim.bind(in, o.flag, victim)...)
			})
		}
	}
}

// TestOutputsSpareOthersElsewhere: the same of the commands besides bind.
func TestOutputsSpareOthersElsewhere(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir, journal := newFolder(t), memory(t)
	in := write(t, filepath.Join(dir, "in.csv"), lastBad(0, 3).String())
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 3)
	for name, text := range victims(t, sim) {
		for _, c := range []struct {
			name string
			args []string
		}{
			{"v.csv", []string{"check", in, "--failed"}},
			{"v.csv", []string{"check", in, "--findings"}},
			{"v.json", []string{"check", in, "--summary"}},
			{"v.csv", []string{"bind", "--dry-run", in, "--pool-key", testPool, "--findings"}},
			{"v.csv", []string{"bind", "--simulate", in, "-o"}},
			{"v.csv", []string{"bind", "--simulate", in, "--failed"}},
			{"v.log", []string{"bind", "--simulate", in, "--log"}},
			{"v.html", []string{"report", out, "-o"}},
			{"v.csv", []string{"template", "-o"}},
			{"v.csv", []string{"unbind", out, "--endpoint", sim.url, "--findings"}},
			{"v.csv", []string{"unbind", out, "--endpoint", sim.url, "--yes", "-o"}},
			{"v.json", []string{"reconcile", out, "--endpoint", sim.url, "--summary"}},
			{"v.log", []string{"reconcile", out, "--endpoint", sim.url, "--log"}},
			{"v.csv", []string{"update", out, "--endpoint", sim.url, "--pool-key", testPool, "-o"}},
		} {
			if c.name == "v.log" && name == "foreign log" || c.args[0] == "update" && name == "results" {
				continue
			}
			t.Run(name+" "+c.args[0]+" "+c.args[len(c.args)-1], func(t *testing.T) {
				victim := write(t, filepath.Join(newFolder(t), c.name), text)
				innocent(t, nil, journal, victim, text, append(slices.Clone(c.args), victim)...)
			})
		}
	}
	// verify looks for differences first, so it is asked with none and with all.
	for name, text := range victims(t, sim) {
		victim := write(t, filepath.Join(newFolder(t), "v.csv"), text)
		got := axgbind(t, "verify", out, "--endpoint", sim.url, "--findings", victim)
		if read(t, victim) != text {
			t.Errorf("verify, %s: written to\n%s", name, got)
		}
	}
}

// TestResultsOfAnotherBatch: where the results of a batch stand, an input without
// one of its rows begins a new batch, which is said. A run whose journal does not
// know the bindings in them leaves them.
func TestResultsOfAnotherBatch(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.sim.real()
	p.write("a.csv", content(0, 2))
	p.write("b.csv", content(10, 3))
	p.bind(0, 2, "a.csv")
	out, elsewhere := p.path("a.results.csv"), newFolder(t)
	beginMemory(t, elsewhere)
	before := read(t, out)
	got := p.bind(10, 0, "b.csv", "--journal", elsewhere, "-o", out)
	if !strings.Contains(got.stderr, "bindings that the journal does not know") || read(t, out) != before {
		t.Errorf("%s", got)
	}
	if got := p.bind(0, 3, "b.csv", "-o", out); !strings.Contains(got.stderr, "a new batch begins") {
		t.Errorf("%s", got)
	}
	wantCounts(t, p.results("a.results.csv"), "BOUND 3")
	// The old one is known all the same.
	p.bind(0, 0, "a.csv", "-o", p.path("a2.results.csv"))
	wantCounts(t, p.results("a2.results.csv"), "BOUND 2")
}

// TestFailedHalfCorrected: rows that somebody is correcting are kept, and the new
// ones stand beside them until somebody corrects those too.
func TestFailedHalfCorrected(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	rows := lastBad(0, 3)
	p.write("in.csv", rows)
	fix := p.path("fix.csv")
	check := func(more ...string) []string {
		return append([]string{"check", p.path("in.csv"), "--failed", fix, "--findings", p.path("found.csv")}, more...)
	}
	for name, args := range map[string][]string{
		"bind": p.sim.bind(p.path("in.csv"), "--failed", fix, "--findings", p.path("found.csv")), "check": check(),
		"rehearsal": {"bind", "--simulate", p.path("in.csv"), "--failed", fix, "--findings", p.path("found.csv")},
	} {
		for _, f := range []string{"fix.csv", "fix.csv.new.csv", "fix.csv.new2.csv", "found.csv", "found.csv.new.csv"} {
			os.Remove(p.path(f))
		}
		axgbind(t, args...).want(t, 3)
		first := read(t, fix)
		if got := axgbind(t, args...).want(t, 3); strings.Contains(got.stderr, ".new") { // nobody has touched it
			t.Errorf("%s: %s", name, got)
		}
		corrected := write(t, fix, strings.Replace(first, rows[3][0], phone(2), 1))
		half := read(t, corrected)
		annotated := read(t, write(t, p.path("found.csv"), read(t, p.path("found.csv"))+"done,,,,,,,,,,,,\n"))
		got := axgbind(t, args...).want(t, 3)
		if read(t, fix) != half || read(t, p.path("found.csv")) != annotated {
			t.Fatalf("%s: corrections were lost", name)
		}
		if !strings.Contains(got.stderr, "was changed") || !strings.Contains(got.stderr, "fix.csv.new.csv") || !strings.Contains(got.stderr, "found.csv.new.csv") {
			t.Errorf("%s: not said\n%s", name, got)
		}
		if name == "bind" && !strings.Contains(got.atEnd(), "fix.csv.new.csv") {
			t.Errorf("the next command names other rows\n%s", got)
		}
		// The new one is replaced as long as nobody has worked in it either.
		axgbind(t, args...).want(t, 3)
		if _, err := os.Stat(p.path("fix.csv.new2.csv")); err == nil {
			t.Errorf("%s: new files gather though nothing changed", name)
		}
		write(t, p.path("fix.csv.new.csv"), half)
		axgbind(t, args...).want(t, 3)
		if read(t, p.path("fix.csv.new.csv")) != half {
			t.Errorf("%s: corrections in the new file were lost", name)
		}
		if fresh := read(t, p.path("fix.csv.new2.csv")); !strings.Contains(fresh, rows[3][0]) {
			t.Errorf("%s: the third file has other rows: %s", name, fresh)
		}
	}
	// What was corrected goes its way, its stamp and all.
	write(t, fix, strings.Replace(read(t, fix), rows[3][0], phone(2), 1))
	p.bind(0, 1, "fix.csv")
	if r := p.results("fix.results.csv"); len(r) != 1 || len(r[0]) != len(rows[0])+12 {
		t.Errorf("the rows that were corrected end as %v", r)
	}
}

// TestTwoBatchesOneFailed: two jobs that name one file of rows to correct: the
// second is refused, the rows of the first stay.
func TestTwoBatchesOneFailed(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("a.csv", lastBad(0, 2))
	p.write("b.csv", lastBad(10, 2))
	shared := p.path("fix.csv")
	p.bind(3, 1, "a.csv", "--failed", shared)
	before := read(t, shared)
	for _, args := range [][]string{p.sim.bind(p.path("b.csv"), "--failed", shared), {"check", p.path("b.csv"), "--failed", shared}} {
		got := axgbind(t, args...).want(t, 10)
		if !strings.Contains(got.stderr, "another batch") || read(t, shared) != before {
			t.Errorf("%s", got)
		}
	}
	// Its own batch goes on with it, by whatever command, and wherever both are moved.
	axgbind(t, "check", p.path("a.csv"), "--failed", shared).want(t, 3)
	moved := filepath.Join(newFolder(t), "moved")
	if err := os.Rename(p.dir, moved); err != nil {
		t.Fatal(err)
	}
	got := axgbind(t, "check", filepath.Join(moved, "a.csv"), "--failed", filepath.Join(moved, "fix.csv")).want(t, 3)
	if strings.Contains(got.stderr, ".new") {
		t.Errorf("%s", got)
	}
}

// TestNightAfterNight: the same command again replaces its own files and says
// nothing of it, also when its results were opened and saved in between.
func TestNightAfterNight(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("in.csv", lastBad(0, 3))
	flags := []string{"--failed", p.path("fix.csv"), "--findings", p.path("found.csv"), "--summary", p.path("sum.json"), "--log", p.path("run.log"),
		"--metrics", p.path("night.prom")}
	p.bind(3, 2, "in.csv", flags...)
	logs := []string{"run.log", "run.jsonl"}
	p.bind(3, 0, "in.csv", append(flags, "--log", p.path(logs[1]))...)
	want := files(t, p.dir)
	for night, saved := range []func(string) string{
		func(s string) string { return s },
		func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		func(s string) string { return strings.TrimPrefix(s, bom) },
		func(s string) string { return strings.ReplaceAll(s, ",", "\t") },
	} {
		write(t, p.path("in.results.csv"), saved(read(t, p.path("in.results.csv"))))
		got := p.bind(3, 0, "in.csv", append(flags, "--log", p.path(logs[night%2]))...)
		if strings.Contains(got.stderr, ".new") || strings.Contains(got.stderr, "kept") {
			t.Errorf("night %d: %s", night, got)
		}
		if have := files(t, p.dir); !slices.Equal(have, want) {
			t.Errorf("night %d: files were %v, are %v", night, want, have)
		}
		wantCounts(t, p.results("in.results.csv"), "BOUND 2, INVALID 1")
	}
	for i, form := range []string{"msg=finished", `"msg":"finished"`} {
		if n := strings.Count(read(t, p.path(logs[i])), form); n != 3 {
			t.Errorf("%s tells of %d runs", logs[i], n)
		}
	}
}

// TestLogIsKept: a log goes on; what is no log of axgbind, though of its form, is
// left alone.
func TestLogIsKept(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
	for _, text := range []string{
		"time=2026-01-01T00:00:00Z level=INFO msg=hello\n", `{"time":"2026-01-01T00:00:00Z","level":"INFO","msg":"hello"}` + "\n", "2026-01-01 finished\n",
	} {
		log := write(t, filepath.Join(dir, "other.log"), text)
		axgbind(t, "bind", "--simulate", in, "--log", log).want(t, 10)
		if read(t, log) != text {
			t.Errorf("%q was written to", text)
		}
	}
}

// TestRefusedSparesMetrics: a run that is refused writes metrics, but nowhere
// that it could not have written them otherwise.
func TestRefusedSparesMetrics(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	for _, text := range []string{content(0, 1).String(), "node_load1 0.5\n"} {
		victim := write(t, filepath.Join(dir, "v.prom"), text)
		axgbind(t, "bind", filepath.Join(dir, "none.csv"), "--metrics", victim).want(t, 10)
		axgbind(t, "bind", "--rate", "0", victim, "--metrics", victim).want(t, 10)
		if read(t, victim) != text {
			t.Errorf("%q was replaced", text)
		}
	}
}

// TestSweepTakesItsOwn: what a killed run left half written is removed, and
// nothing that only looks like it.
func TestSweepTakesItsOwn(t *testing.T) {
	t.Parallel()
	const digits = "0123456789abcdef0123456789abcdef"
	p := newPlace(t)
	p.sim.real()
	p.write("in.csv", lastBad(0, 2))
	at := func(name string) string {
		if strings.HasPrefix(name, ".axgbind.journal") {
			return filepath.Join(memory(t), name)
		}
		return p.path(name)
	}
	kept := []string{
		".in.results.csv.backup.tmp", ".in.results.csv.1234567890.tmp", ".in.results.csv.tmp", ".in.results.csv.axgbind-" + digits + ".tmp.old",
		".in.results.csv.axgbind-" + strings.ToUpper(digits) + ".tmp", ".in.results.csv.axgbind-" + digits[1:] + ".tmp", ".in.results.csv.axgbind-.tmp",
		".in.results.csv.more.axgbind-" + digits + ".tmp", "in.results.csv.axgbind-" + digits + ".tmp", ".in.csv.axgbind-" + digits + ".tmp",
		".fix.csv.backup.tmp", ".fix.csv.old.axgbind-" + digits + ".tmp", ".axgbind.journal.bak.tmp", ".sum.json.notes.tmp",
	}
	left := []string{".in.results.csv.axgbind-" + digits + ".tmp", ".fix.csv.axgbind-" + digits + ".tmp", ".axgbind.journal.axgbind-" + digits + ".tmp", ".sum.json.axgbind-" + digits + ".tmp"}
	for _, name := range slices.Concat(kept, left) {
		write(t, at(name), "mine\n")
	}
	folder := ".in.results.csv.axgbind-" + strings.Repeat("f", 32) + ".tmp"
	if err := os.Mkdir(p.path(folder), 0o700); err != nil {
		t.Fatal(err)
	}
	p.bind(3, 1, "in.csv", "--failed", p.path("fix.csv"), "--summary", p.path("sum.json"))
	for _, name := range kept {
		if text, err := os.ReadFile(at(name)); err != nil || string(text) != "mine\n" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	for _, name := range left {
		if _, err := os.Stat(at(name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	if _, err := os.Stat(p.path(folder)); err != nil {
		t.Error("a folder was swept away")
	}
}

// TestForeignBesideJournal: a file of somebody else under the name of the lock or
// the reserve is left alone.
func TestForeignBesideJournal(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.sim.real()
	p.write("in.csv", content(0, 2))
	own := filepath.Join(memory(t), "axgbind.journal")
	lock := read(t, own+".lock")
	for _, ending := range []string{".lock", ".reserve"} {
		for _, text := range []string{"dear diary\n", content(5, 1).String(), "{}", strings.Repeat("x", 1<<20)} {
			victim := write(t, own+ending, text)
			got := p.bind(10, 0, "in.csv")
			if read(t, victim) != text || !strings.Contains(got.stderr, "axgbind.journal"+ending) {
				t.Errorf("%s %.20q: %s", ending, text, got)
			}
		}
		if ending == ".lock" {
			write(t, own+ending, lock)
		} else if err := os.Remove(own + ending); err != nil {
			t.Fatal(err)
		}
	}
	// What is left of a kill or of the power's end is no hindrance.
	for _, torn := range []string{"", "\x00\x00\x00\x00"} {
		write(t, own+".reserve", torn)
		p.bind(0, map[string]int64{"": 2}[torn], "in.csv")
	}
}
