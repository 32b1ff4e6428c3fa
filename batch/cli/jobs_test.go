package cli_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"axgbind/batch/journal"
)

// place is a folder with a job in it.
type place struct {
	t   *testing.T
	sim *service
	dir string
}

func newPlace(t *testing.T, flags ...string) *place {
	t.Helper()
	return &place{t, simulate(t, flags...), newFolder(t)}
}

func (p *place) path(name string) string { return filepath.Join(p.dir, name) }

func (p *place) write(name string, rows table) string {
	p.t.Helper()
	return write(p.t, p.path(name), rows.String())
}

// bind runs bind on a file of the folder and checks status and calls.
func (p *place) bind(status int, calls int64, name string, flags ...string) outcome {
	p.t.Helper()
	before := p.sim.calls()
	got := axgbind(p.t, p.sim.bind(p.path(name), flags...)...).want(p.t, status)
	if n := p.sim.calls() - before; n != calls {
		p.t.Fatalf("%s %v: %d calls, want %d\n%s", name, flags, n, calls, got)
	}
	return got
}

func (p *place) results(name string) []row { p.t.Helper(); return results(p.t, p.path(name)) }

// TestSimulateThenReal: a rehearsal binds nothing, and the real run after it
// sends every row.
func TestSimulateThenReal(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.sim.real()
	in := p.write("in.csv", content(0, 20))
	sum := p.path("sum.json")
	got := axgbind(t, "bind", "--simulate", in, "--summary", sum).want(t, 0)
	if !strings.Contains(got.stderr, "simulated") || !summaryOf(t, sum).Simulated {
		t.Errorf("a rehearsal that does not say so: %s", got)
	}
	wantCounts(t, p.results("in.simulated.results.csv"), "BOUND 20")
	// It starts afresh every time.
	axgbind(t, "bind", "--simulate", in, "--summary", sum).want(t, 0)
	if s := summaryOf(t, sum); s.Sent != 20 {
		t.Errorf("the second rehearsal sent %d rows", s.Sent)
	}
	p.bind(0, 20, "in.csv", "--rate", "1000")
	agree(t, p.results("in.results.csv"), p.sim.bindings())
	// And a rehearsal after it leaves the real job alone.
	before := read(t, memoryOf(t))
	axgbind(t, "bind", "--simulate", in).want(t, 0)
	if read(t, memoryOf(t)) != before {
		t.Error("a rehearsal wrote to a real journal")
	}
	for _, place := range []string{memory(t), memoryOf(t)} {
		axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": place}, "", "bind", "--simulate", in).want(t, 0)
	}
	axgbind(t, "bind", "--simulate", in, "--journal", memory(t)).want(t, 0)
	folder := p.path("in.simulated.results.csv.journal")
	if _, err := os.Stat(folder); err != nil { // where it stands, whatever folder is named
		t.Error(err)
	}
	for _, path := range []string{folder, folder + ".lock"} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	taken := axgbind(t, "bind", "--simulate", in, "--journal", memory(t)).want(t, 10)
	if !strings.Contains(taken.stderr, folder) || !strings.Contains(taken.stderr, "is a directory") || strings.Contains(taken.stderr, "disk") {
		t.Errorf("a folder stands where the journal is to: %s", taken)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	axgbind(t, "bind", "--simulate", in, "--journal", memoryOf(t)).want(t, 10)
	if read(t, memoryOf(t)) != before {
		t.Error("a rehearsal that was told of the real journal wrote to it")
	}
	p.bind(0, 0, "in.csv")
}

// TestSimulatorWithoutJournal: nobody is told to begin a journal for a simulator that
// knows none of a batch: its own begins with the first bind.
func TestSimulatorWithoutJournal(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("in.csv", content(0, 2))
	p.bind(0, 2, "in.csv")
	another := simulate(t)
	for _, command := range []string{"verify", "reconcile"} {
		got := axgbind(t, command, p.path("in.results.csv"), "--endpoint", another.url).want(t, 10)
		if strings.Contains(got.stderr, "journal init") || !strings.Contains(got.stderr, "simulated-") {
			t.Errorf("%s: %s", command, got)
		}
	}
	if n := another.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// mixed is a job with rows BOUND, FAILED, INVALID, UNKNOWN and PENDING. The
// simulator's faults make it so by chance; the seed keeps it the same.
func mixed(t *testing.T, rows int) *place {
	t.Helper()
	p := newPlace(t, "--fault", "http-503-executed=0.2", "--fault", "http-503=0.1", "--fault", "code:isv.NO_NOT_EXIST=0.2", "--seed", "3")
	in := content(0, rows)
	in[5][0], in[9][2] = "12345", "2020-01-01 00:00:00"
	p.write("in.csv", in)
	axgbind(t, p.sim.bind(p.path("in.csv"), "--rate", "2000", "--max-failures", "100%", "--limit", fmt.Sprint(rows-10))...)
	n := count(p.results("in.results.csv"))
	for _, s := range []string{"BOUND", "FAILED", "INVALID", "UNKNOWN", "PENDING"} {
		if n[s] == 0 {
			t.Fatalf("no row is %s: %v", s, n)
		}
	}
	return p
}

// TestResultsAsInput: a results file fed back sends nothing that was BOUND or
// UNKNOWN, to the journal that knows it, from wherever, or to another.
func TestResultsAsInput(t *testing.T) {
	t.Parallel()
	for _, c := range []string{"in its place", "copied elsewhere", "another journal"} {
		t.Run(c, func(t *testing.T) {
			p := mixed(t, 60)
			before := p.results("in.results.csv")
			n := count(before)
			name, out, vars := "in.results.csv", p.path("second.csv"), map[string]string{}
			switch c {
			case "another journal":
				vars["AXGBIND_JOURNAL"] = newFolder(t)
			case "copied elsewhere":
				elsewhere := newFolder(t)
				write(t, filepath.Join(elsewhere, "back.csv"), read(t, p.path(name)))
				p.dir, name, out = elsewhere, "back.csv", filepath.Join(elsewhere, "second.csv")
			}
			was := p.sim.calls()
			args := p.sim.bind(p.path(name), "-o", out, "--rate", "2000", "--max-failures", "100%")
			axgbindWith(t, vars, "", args...)
			after := results(t, out)
			if len(after) != len(before) {
				t.Fatalf("%d rows, had %d", len(after), len(before))
			}
			for i, r := range before {
				a := after[i]
				if a["PhoneNoA"] != r["PhoneNoA"] || a["Line"] != r["Line"] && r["Line"] == "" {
					t.Fatalf("row %d is another: %v", i, a)
				}
				if s := r.status(); s == "BOUND" || s == "UNKNOWN" {
					for _, column := range []string{"Status", "Code", "SecretNo", "SubsId", "RequestId", "Attempts", "FinishedAt", "LatencyMs"} {
						if a[column] != r[column] {
							t.Errorf("%s row: %s was %q, is %q", s, column, r[column], a[column])
						}
					}
				}
			}
			// Only rows that were PENDING are called, and FAILED ones where no
			// journal remembers the refusal.
			max := int64(n["PENDING"])
			if c == "another journal" {
				max += int64(n["FAILED"])
			}
			if calls := p.sim.calls() - was; calls != max {
				t.Errorf("%d calls, want %d for %v", calls, max, n)
			}
			agree(t, after, p.sim.bindings())
			// And again, also by the results of that run: nothing.
			was = p.sim.calls()
			axgbindWith(t, vars, "", args...)
			axgbindWith(t, vars, "", p.sim.bind(out, "-o", filepath.Join(p.dir, "third.csv"), "--max-failures", "100%")...)
			if calls := p.sim.calls() - was; calls != 0 {
				t.Errorf("%d more calls", calls)
			}
			agree(t, results(t, filepath.Join(p.dir, "third.csv")), p.sim.bindings())
		})
	}
}

// TestInputChanges: an input that was re-sorted, shortened, extended or
// re-encoded goes on with its job; settled rows are not called.
func TestInputChanges(t *testing.T) {
	p := newPlace(t)
	in := content(0, 30)
	p.write("in.csv", in)
	p.bind(0, 30, "in.csv", "--rate", "1000")
	live := p.sim.bindings()

	sorted := in.clone()
	slices.Reverse(sorted[1:])
	p.write("in.csv", sorted)
	p.bind(0, 0, "in.csv")
	rs := p.results("in.results.csv")
	if rs[0]["PhoneNoA"] != phone(29) || rs[0]["Line"] != "2" {
		t.Errorf("the results are not in the input's order: %v", rs[0])
	}
	agree(t, rs, live)

	got := p.shorten(in)
	if !strings.Contains(got.stderr, "10 gone") {
		t.Errorf("10 rows left the input:\n%s", got.stderr)
	}
	wantCounts(t, p.results("in.results.csv"), "BOUND 20")

	// GBK, columns in another order, CRLF, semicolons, a column more.
	other := table{{"备注", "Expiration", "OutId", "A号码", "G组ID"}}
	for _, r := range in[1:] {
		other = append(other, []string{"张三，店", r[2], r[3], r[0], r[1]})
	}
	text := strings.ReplaceAll(strings.ReplaceAll(other.String(), ",", ";"), "\n", "\r\n")
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	write(t, p.path("in.csv"), gbk)
	p.bind(0, 0, "in.csv")
	for _, r := range p.results("in.results.csv") {
		if r["备注"] != "张三，店" || r.status() != "BOUND" {
			t.Fatalf("%v", r)
		}
	}

	// Extended: only what is new is called.
	p.write("in.csv", content(0, 33))
	p.bind(0, 3, "in.csv")
	agree(t, p.results("in.results.csv"), p.sim.bindings())
	if n := len(p.sim.bindings()); n != 33 {
		t.Errorf("%d bindings", n)
	}
}

func (p *place) shorten(in table) outcome {
	p.t.Helper()
	p.write("in.csv", in[:21])
	return p.bind(0, 0, "in.csv")
}

// TestSpellings: one row in many spellings is one row.
func TestSpellings(t *testing.T) {
	p := newPlace(t)
	p.write("in.csv", content(0, 1))
	p.bind(0, 1, "in.csv")
	for i, a := range []string{"'" + phone(0), " " + phone(0) + " ", fullWidth(phone(0)), phone(0) + "\t"} {
		in := content(0, 1)
		in[1][0] = a
		p.write("in.csv", in)
		before := p.sim.calls()
		got := axgbind(t, p.sim.bind(p.path("in.csv"))...)
		if n := p.sim.calls() - before; n != 0 {
			t.Errorf("spelling %d (%q) was sent again\n%s", i, a, got)
		}
	}
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune { return r - '0' + '０' }, s)
}

// TestEditedRow: a row edited after it was bound is held back, and can be
// restored.
func TestEditedRow(t *testing.T) {
	p := newPlace(t)
	in := content(0, 5)
	p.write("in.csv", in)
	p.bind(0, 5, "in.csv")
	edited := in.clone()
	edited[3][2] = soon(60 * 24 * time.Hour)
	edited[4][3] = "another order"
	p.write("in.csv", edited)
	p.bind(3, 0, "in.csv", "--failed", p.path("fix.csv"))
	rs := p.results("in.results.csv")
	wantCounts(t, rs, "BOUND 3, HELD 2")
	subs := map[string]string{}
	for _, b := range p.sim.bindings() {
		subs[b.PhoneNoA] = b.SubsId
	}
	for _, i := range []int{2, 3} {
		r := rs[i]
		if r["Code"] != "client.EditedAfterSend" || !strings.Contains(r["Reason"], fmt.Sprint("line ", i+2)) || !strings.Contains(r["Reason"], subs[r["PhoneNoA"]]) || r["Action"] == "" {
			t.Errorf("%v", r)
		}
	}
	// Edited elsewhere too: another night's file.
	p.write("night2.csv", edited)
	p.bind(3, 0, "night2.csv")
	if r := p.results("night2.results.csv")[2]; r["Code"] != "client.StillBound" {
		t.Errorf("%v", r)
	}
	p.bind(0, 0, "night2.csv", "--when-bound", "skip")
	r := p.results("night2.results.csv")[2]
	if r["Code"] != "client.AlreadyBound" || r.status() != "BOUND" || r["SubsId"] != subs[r["PhoneNoA"]] {
		t.Errorf("%v", r)
	}
	p.write("in.csv", in)
	p.bind(0, 0, "in.csv")
	wantCounts(t, p.results("in.results.csv"), "BOUND 5")
}

// TestEditedUnknownRow: an UNKNOWN row must not be sent by way of an edit.
func TestEditedUnknownRow(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "--fault", "drop-after=1")
	in := content(0, 3)
	p.write("in.csv", in)
	p.bind(4, 3, "in.csv")
	edited := in.clone()
	edited[1][3], edited[2][2] = "x", soon(50*24*time.Hour)
	p.write("in.csv", edited)
	p.bind(4, 0, "in.csv", "--when-bound", "skip")
	wantCounts(t, p.results("in.results.csv"), "HELD 2, UNKNOWN 1")
	p.write("in.csv", in)
	p.bind(4, 0, "in.csv")
	wantCounts(t, p.results("in.results.csv"), "UNKNOWN 3")
	// A person says so: then it is sent, and only then.
	p.bind(4, 3, "in.csv", "--resend", "unknown")
}

// TestDuplicates: equal rows are sent once, or as often as asked for.
func TestDuplicates(t *testing.T) {
	p := newPlace(t)
	in := content(0, 3)
	in = append(in, slices.Clone(in[1]), slices.Clone(in[2]), slices.Clone(in[1]))
	p.write("in.csv", in)
	p.bind(3, 3, "in.csv")
	rs := p.results("in.results.csv")
	wantCounts(t, rs, "BOUND 3, INVALID 3")
	if r := rs[3]; r["Code"] != "client.Duplicate" || !strings.Contains(r["Reason"], "line 2") {
		t.Errorf("%v", r)
	}
	p.bind(3, 0, "in.csv")
	p.bind(0, 3, "in.csv", "--allow-duplicates")
	wantCounts(t, p.results("in.results.csv"), "BOUND 6")
	p.bind(0, 0, "in.csv", "--allow-duplicates")
	p.bind(0, 0, "in.csv") // settled, whether allowed now or not
	wantCounts(t, p.results("in.results.csv"), "BOUND 6")
}

// TestSamePlace: of rows that differ, but are to be bound for one A in one group of
// one pool, the first is sent, unless somebody says that all are meant. check says
// what bind does.
func TestSamePlace(t *testing.T) {
	p := newPlace(t)
	in := content(0, 3)
	in = append(in, slices.Clone(in[1]), slices.Clone(in[2]), slices.Clone(in[1]))
	in[4][len(in[4])-1] = "another OutId" // the place of line 2
	in[5][1] = "2000000000002"            // of nobody: another group
	p.write("in.csv", in)
	check := func(status int, says ...string) {
		t.Helper()
		got := axgbind(t, says[1:]...).want(t, status)
		if !strings.Contains(got.stdout, says[0]) {
			t.Errorf("want %q in %s", says[0], got)
		}
	}
	check(3, "error: the row has the pool, A and group of an earlier row, 1 row (line 5) [same-place]\n", "check", p.path("in.csv"))
	check(3, "6 rows read = 4 valid + 2 invalid", "check", p.path("in.csv"))
	p.bind(3, 4, "in.csv")
	rs := p.results("in.results.csv")
	wantCounts(t, rs, "BOUND 4, INVALID 2")
	if r := rs[3]; r["Code"] != "client.SamePlace" || !strings.Contains(r["Reason"], "line 2") || !strings.Contains(r["Action"], "--allow-duplicates") {
		t.Errorf("%v", r)
	}
	if r := rs[5]; r["Code"] != "client.Duplicate" { // which says more
		t.Errorf("%v", r)
	}
	p.bind(3, 0, "in.csv")
	check(0, "warning: the row takes a second X number for the same pool, A and group, 1 row (line 5) [near-duplicate]\n", "check", p.path("in.csv"), "--allow-duplicates")
	p.bind(0, 2, "in.csv", "--allow-duplicates")
	wantCounts(t, p.results("in.results.csv"), "BOUND 6")
	p.bind(0, 0, "in.csv") // settled, whether allowed now or not
	wantCounts(t, p.results("in.results.csv"), "BOUND 6")
	for name, says := range map[string]string{"client.SamePlace": "pool, number A and group of an earlier row", "same-place": "client.SamePlace"} {
		if got := axgbind(t, "explain", name).want(t, 0); !strings.Contains(got.stdout, says) {
			t.Errorf("explain %s: %s", name, got)
		}
	}
}

// TestRelativeExpiration: it is resolved when a row is first sent, and stays as it
// is when the batch goes on.
func TestRelativeExpiration(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	in := content(0, 4)
	for i := range in {
		in[i] = slices.Delete(in[i], 2, 3)
	}
	p.write("in.csv", in)
	p.bind(5, 2, "in.csv", "--default", "Expiration=+30d", "--limit", "2")
	after(p.sim.process, 1100*time.Millisecond) // the present second is over
	p.bind(0, 2, "in.csv", "--default", "Expiration=+30d")
	p.bind(0, 0, "in.csv", "--default", "Expiration=+30d")
	at := map[string]int{}
	for _, b := range p.sim.bindings() {
		at[b.Expiration]++
	}
	if len(at) != 2 {
		t.Errorf("two runs sent rows, with %d Expirations: %v", len(at), at)
	}
	for e, n := range at {
		if n != 2 {
			t.Errorf("%d rows until %s", n, e)
		}
		end, err := time.ParseInLocation(time.DateTime, e, time.FixedZone("", 8*60*60))
		if err != nil || time.Until(end) < 30*24*time.Hour-time.Minute || time.Until(end) > 30*24*time.Hour {
			t.Errorf("Expiration %s is not 30 days ahead (%v)", e, err)
		}
	}
	// The results fed back keep it.
	p.bind(0, 0, "in.results.csv", "--default", "Expiration=+30d")
}

// TestStandardInput: resumable like a file.
func TestStandardInput(t *testing.T) {
	p := newPlace(t)
	text := content(0, 8).String()
	out := p.path("out.csv")
	args := p.sim.bind("-", "-o", out)
	axgbindWith(t, nil, text, append(args, "--limit", "3")...).want(t, 5)
	axgbindWith(t, nil, text, args...).want(t, 0)
	axgbindWith(t, nil, text, args...).want(t, 0)
	wantCounts(t, results(t, out), "BOUND 8")
	if n := p.sim.calls(); n != 8 {
		t.Errorf("%d calls, want 8", n)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "axgbind-input-*")); len(left) > 0 {
		t.Errorf("spooled input was left behind: %v", left)
	}
	if got := files(t, p.dir); len(got) != 1 { // the journal is elsewhere
		t.Errorf("files: %v", got)
	}
}

// TestFailedFedBack: the rows to correct, corrected, are a job that sends just
// those.
func TestFailedFedBack(t *testing.T) {
	p := newPlace(t)
	in := content(0, 6)
	in[2][0], in[4][1] = "13x", "zero"
	p.write("in.csv", in)
	got := p.bind(3, 4, "in.csv", "--failed", p.path("fix.csv"))
	if !strings.Contains(got.atEnd(), "fix.csv") {
		t.Errorf("last line: %s", got.atEnd())
	}
	cells, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(read(t, p.path("fix.csv")), bom))).ReadAll()
	if err != nil || len(cells) != 3 {
		t.Fatalf("%v %v", cells, err)
	}
	cells[1][0], cells[2][1] = phone(500), "2000000000001"
	write(t, p.path("fix.csv"), bom+table(cells).String())
	p.bind(0, 2, "fix.csv")
	rs := p.results("fix.results.csv")
	wantCounts(t, rs, "BOUND 2")
	if _, ours := rs[0]["Action"]; !ours || len(rs[0]) != len(in[0])+12 {
		t.Errorf("columns of the file to correct came through: %v", rs[0])
	}
	p.bind(0, 0, "fix.csv")
	if n := len(p.sim.bindings()); n != 6 {
		t.Errorf("%d bindings, want 6", n)
	}
	// The original goes on as it stands: nothing new.
	p.bind(3, 0, "in.csv", "--failed", p.path("fix2.csv"))
}

// TestPrefixedColumns: input columns named like ours keep their place and
// text; ours are called Axg...
func TestPrefixedColumns(t *testing.T) {
	p := newPlace(t)
	in := table{{"Status", "PhoneNoA", "Code", "GroupId", "Expiration"}}
	for i := range 3 {
		in = append(in, []string{"mine", phone(i), "=1+1", "2000000000001", expiration})
	}
	p.write("in.csv", in)
	got := p.bind(0, 3, "in.csv")
	if !strings.Contains(got.stderr, "AxgStatus") {
		t.Errorf("not said: %s", got)
	}
	for _, r := range p.results("in.results.csv") {
		if r["Status"] != "mine" || r["Code"] != "=1+1" || r["AxgStatus"] != "BOUND" || r["AxgCode"] != "OK" || r["AxgSubsId"] == "" {
			t.Errorf("%v", r)
		}
	}
	p.bind(0, 0, "in.csv")
	// Fed back, with its journal and without, the prefixed columns are ours.
	p.bind(0, 0, "in.results.csv", "-o", p.path("second.csv"))
	if err := os.Remove(memoryOf(t)); err != nil {
		t.Fatal(err)
	}
	p.bind(0, 0, "in.results.csv", "-o", p.path("third.csv"))
	for _, r := range p.results("third.csv") {
		if r["Status"] != "mine" || r["AxgStatus"] != "BOUND" || r["AxgSubsId"] == "" {
			t.Errorf("%v", r)
		}
	}
}

// TestSymlinkedResults: the link stays, and its target is replaced.
func TestSymlinkedResults(t *testing.T) {
	p := newPlace(t)
	real := newFolder(t)
	p.write("in.csv", content(0, 4))
	if err := os.Symlink(filepath.Join(real, "there.csv"), p.path("in.results.csv")); err != nil {
		t.Skip(err)
	}
	for i, calls := range []int64{4, 0} {
		p.bind(0, calls, "in.csv")
		if to, err := os.Readlink(p.path("in.results.csv")); err != nil || to != filepath.Join(real, "there.csv") {
			t.Fatalf("run %d: the link is gone: %q %v", i, to, err)
		}
		wantCounts(t, results(t, filepath.Join(real, "there.csv")), "BOUND 4")
	}
	// The same job by the target's own name.
	p.bind(0, 0, "in.csv", "-o", filepath.Join(real, "there.csv"))
	// The other files to write go where links lead, too.
	target := write(t, filepath.Join(real, "sum.json"), "")
	if err := os.Symlink(target, p.path("sum.json")); err != nil {
		t.Fatal(err)
	}
	p.bind(0, 0, "in.csv", "--summary", p.path("sum.json"))
	if summaryOf(t, target).Rows != 4 {
		t.Error("the summary did not go where its link leads")
	}
}

// TestRenamed: results that were renamed go on as their batch, and its input sends
// nothing beside them.
func TestRenamed(t *testing.T) {
	p := newPlace(t)
	p.write("in.csv", content(0, 4))
	p.bind(0, 4, "in.csv")
	if err := os.Rename(p.path("in.results.csv"), p.path("july.csv")); err != nil {
		t.Fatal(err)
	}
	p.bind(0, 0, "in.csv", "-o", p.path("july.csv"))
	wantCounts(t, p.results("july.csv"), "BOUND 4")
	p.bind(0, 0, "in.csv")
	wantCounts(t, p.results("in.results.csv"), "BOUND 4")
}

// TestPermissions: results, journal and the rest are for their owner only; for
// the group, too, where the folder hands down its own.
func TestPermissions(t *testing.T) {
	p := newPlace(t)
	in := content(0, 3)
	in[1][0] = "1"
	p.write("in.csv", in)
	p.bind(3, 2, "in.csv", "--failed", p.path("fix.csv"), "--summary", p.path("sum.json"), "--log", p.path("log"))
	mode := func(path string) os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if mode(p.path("in.csv")) != 0o600 {
		t.Skip("no permissions here")
	}
	journal := memoryOf(t)
	for _, path := range []string{p.path("in.results.csv"), journal, journal + ".lock", p.path("fix.csv"), p.path("sum.json"), p.path("log")} {
		if m := mode(path); m != 0o600 {
			t.Errorf("%s has mode %o", path, m)
		}
	}
	if err := os.Chmod(filepath.Dir(p.path("in.csv")), 0o770|os.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	p.bind(3, 0, "in.csv", "--failed", p.path("fix.csv"), "--summary", p.path("sum.json"))
	for name, want := range map[string]os.FileMode{"in.results.csv": 0o660, "fix.csv": 0o660, "sum.json": 0o600} {
		if m := mode(p.path(name)); m != want {
			t.Errorf("%s has mode %o where the folder hands down its group, want %o", name, m, want)
		}
	}
}

// TestNightJobs: one journal, a results file each night. What an earlier night
// bound is taken as it is, and not sent again.
func TestNightJobs(t *testing.T) {
	p := newPlace(t)
	p.write("monday.csv", content(0, 10))
	p.bind(0, 10, "monday.csv", "--rate", "1000")
	p.write("tuesday.csv", content(5, 10)) // five of yesterday's rows are in it again
	got := p.bind(0, 5, "tuesday.csv", "--rate", "1000")
	if !strings.Contains(got.stderr, "rows that use a live binding: 5\n") || !strings.Contains(got.stderr, " already=5 ") {
		t.Errorf("%s", got)
	}
	agree(t, append(p.results("monday.results.csv"), p.results("tuesday.results.csv")[5:]...), p.sim.bindings())
	p.bind(0, 0, "monday.csv")
	wantCounts(t, p.results("monday.results.csv"), "BOUND 10")
	// A copy of a night's input, by whatever name, sends nothing either.
	p.write("copy.csv", content(0, 10))
	p.bind(0, 0, "copy.csv")
	for i, r := range p.results("copy.results.csv") {
		if r.status() != "BOUND" || r["Code"] != "client.AlreadyBound" || r["SubsId"] != p.results("monday.results.csv")[i]["SubsId"] {
			t.Errorf("%v", r)
		}
	}
}

// TestEnvironment: a flag wins over its variable.
func TestEnvironment(t *testing.T) {
	p := newPlace(t)
	p.write("in.csv", append(content(0, 2), content(0, 1)[1]))
	vars := map[string]string{
		"AXGBIND_LIMIT": "1", "AXGBIND_SUMMARY": p.path("sum.json"), "AXGBIND_POOL_KEY": testPool,
		"AXGBIND_LANG": "zh",
	}
	args := []string{"bind", p.path("in.csv"), "--endpoint", p.sim.url}
	got := axgbindWith(t, vars, "", args...).want(t, 5)
	if !strings.Contains(got.stderr, "状态 5") {
		t.Errorf("AXGBIND_LANG: %s", got)
	}
	if s := summaryOf(t, p.path("sum.json")); s.Sent != 1 || !s.Simulated {
		t.Errorf("%+v", s)
	}
	axgbindWith(t, vars, "", append(args, "--limit", "5", "--lang", "en")...).want(t, 3)
	wantCounts(t, p.results("in.results.csv"), "BOUND 2, INVALID 1")
	if n := p.sim.calls(); n != 2 {
		t.Errorf("%d calls", n)
	}
}

// TestRAMDeny: a refusal of the account stops admission at once.
func TestRAMDeny(t *testing.T) {
	p := newPlace(t, "--latency", "40ms", "--fault", "ram-deny=1")
	p.write("in.csv", content(0, 500))
	sum := p.path("sum.json")
	got := axgbind(t, p.sim.bind(p.path("in.csv"), "--rate", "200", "--summary", sum)...).want(t, 7)
	// In flight: 1.3 x 200 x (40 ms + 50 ms), and a guess of 100 ms until the first answer.
	if n := p.sim.calls(); n == 0 || n > 42 {
		t.Errorf("%d calls, want at most those in flight", n)
	}
	wantCounts(t, p.results("in.results.csv"), "PENDING 500")
	s := summaryOf(t, sum)
	if s.StopReason != "account" || s.StopCode != "isp.RAM_PERMISSION_DENY" || s.ExitStatus != 7 {
		t.Errorf("%+v", s)
	}
	if !strings.Contains(got.atEnd(), "status 7") || !strings.Contains(got.stderr, "isp.RAM_PERMISSION_DENY") {
		t.Errorf("%s", got)
	}
	if len(p.sim.bindings()) != 0 {
		t.Error("something was bound")
	}
}

// TestServiceGone: a service that vanishes leaves rows PENDING, and the job
// goes on when it is back.
func TestServiceGone(t *testing.T) {
	t.Parallel()
	sim := simulate(t, "--latency", "20ms")
	dir := newFolder(t)
	const rows = 200
	in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
	out := filepath.Join(dir, "in.results.csv")
	door := sim.tunnel("127.0.0.1:0")
	args := (&service{url: door.URL}).bind(in, "--rate", "100", "--timeout", "2s", "--retries", "0", "--until", "6s", "--max-failures", "100%")
	p := spawn(t, dir, args...)
	p.eventually("calls", func() bool { _, ended, _ := journalCalls(t, memoryOf(t)); return ended > 20 })
	live := len(sim.bindings())
	door.Close()
	sim.kill()
	sim.wait()
	got := p.wait()
	rs := results(t, out)
	n := count(rs)
	if len(rs) != rows || n["FAILED"]+n["INVALID"] > 0 || n["PENDING"] == 0 || n["BOUND"] == 0 {
		t.Errorf("the service vanished with %d bindings: rows are %v\n%s", live, n, got)
	}
	if got.status != 5 && got.status != 4 {
		t.Errorf("%s", got)
	}
	// Back at the same address, with all its bindings lost: what is BOUND stays so.
	back := simulate(t)
	back.tunnel(door.Listener.Addr().String())
	spawn(t, dir, append(args, "--rate", "1000", "--until", "60s")...).wait()
	m := count(results(t, out))
	if m["BOUND"] != n["BOUND"]+n["PENDING"] || m["UNKNOWN"] != n["UNKNOWN"] || back.calls() != int64(n["PENDING"]) {
		t.Errorf("was %v, is %v after %d calls", n, m, back.calls())
	}
}

// TestConnectionRefused from the first call on: nothing is lost, nothing FAILED.
func TestConnectionRefused(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 30).String())
	port := noDial(t)
	args := []string{"bind", in, "--pool-key", testPool, "--endpoint", "http://127.0.0.1:" + port, "--until", "1500ms", "--retries", "1"}
	got := spawn(t, dir, args...).wait().want(t, 5)
	rs := results(t, filepath.Join(dir, "in.results.csv"))
	wantCounts(t, rs, "PENDING 30")
	if !strings.Contains(got.atEnd(), "axgbind bind") {
		t.Errorf("no next command: %s", got.atEnd())
	}
	sim := simulate(t, "--listen", "127.0.0.1:"+port)
	spawn(t, dir, sim.bind(in, "--rate", "1000")...).wait().want(t, 0)
	rs = results(t, filepath.Join(dir, "in.results.csv"))
	wantCounts(t, rs, "BOUND 30")
	agree(t, rs, sim.bindings())
}

// TestStops: the stops that people ask for, each resumable.
func TestStops(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "--latency", "10ms")
	p.write("in.csv", content(0, 40))
	sum := p.path("sum.json")
	flags := []string{"--summary", sum, "--rate", "100"}
	p.bind(5, 7, "in.csv", append(flags, "--limit", "7")...)
	if s := summaryOf(t, sum); s.StopReason != "limit" || s.Counts["PENDING"] != 33 {
		t.Errorf("%+v", s)
	}
	now := time.Now()
	for _, until := range []string{"2020-01-31T06:00:00+08:00", now.UTC().Add(-time.Second).Format(time.RFC3339)} {
		p.bind(5, 0, "in.csv", append(flags, "--until", until)...)
		if s := summaryOf(t, sum); s.StopReason != "until" || s.Counts["PENDING"] != 33 {
			t.Errorf("until %s: %+v", until, s)
		}
	}
	for _, sign := range []string{"", "+"} {
		// A busy machine may spend a short time before its first call.
		before := p.sim.calls()
		for span := 1; p.sim.calls() == before && span < 30; span *= 3 {
			until := fmt.Sprintf("%s%ds", sign, span)
			axgbind(t, p.sim.bind(p.path("in.csv"), append(flags, "--until", until, "--rate", "1")...)...).want(t, 5)
			if s := summaryOf(t, sum); s.StopReason != "until" {
				t.Errorf("until %s: %+v", until, s)
			}
		}
		if p.sim.calls() == before {
			t.Error("no run called anything before its end")
		}
	}
	agree(t, p.results("in.results.csv"), p.sim.bindings())
	axgbind(t, p.sim.bind(p.path("in.csv"), flags...)...).want(t, 0)
	agree(t, p.results("in.results.csv"), p.sim.bindings())
	if n := p.sim.calls(); n != 40 {
		t.Errorf("%d calls, want 40", n)
	}
}

// TestUntilHasPassed: a run whose --until has passed when it starts asks nobody and waits
// for nothing, whatever else is wrong: not for the service, a key, the journal or a list of
// numbers. Its rows are PENDING.
func TestUntilHasPassed(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 10).String())
	const past = "2020-01-31T06:00:00+08:00"
	keys := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a key was asked for") }))
	t.Cleanup(keys.Close)
	vars := map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "ALIBABA_CLOUD_CREDENTIALS_URI": keys.URL, "AXGBIND_JOURNAL": memory(t)}
	list := write(t, filepath.Join(dir, "x.csv"), "SecretNo\n17100000000\n17100000001\n")
	for _, more := range [][]string{nil, {"--x-numbers", list}, {"--wait", "1h"}} {
		got := spawnWith(t, dir, vars, nil, sim.bind(in, append(more, "--until", past, "--yes")...)...).wait().want(t, 5)
		wantCounts(t, results(t, filepath.Join(dir, "in.results.csv")), "PENDING 10")
		if !strings.Contains(got.stderr, "stopped: the time of --until has come") {
			t.Errorf("%v: %s", more, got)
		}
	}
	if n := sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
	f := journal.NewFile(filepath.Join(memory(t), "axgbind.journal"), nil)
	if held, err := f.Lock(); err != nil || !held {
		t.Fatalf("held %v, %v", held, err)
	}
	defer f.Close()
	axgbind(t, sim.bind(in, "--wait", "1h", "--until", past)...).want(t, 11)
	axgbind(t, sim.bind(in, "--wait", "1h", "--until", "1s")...).want(t, 11)
}

// TestTooManyFailures: --max-failures and the first 20 alike.
func TestTooManyFailures(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "--fault", "code:isv.NO_NOT_EXIST=1")
	p.write("in.csv", content(0, 200))
	sum := p.path("sum.json")
	axgbind(t, p.sim.bind(p.path("in.csv"), "--summary", sum)...).want(t, 8)
	if s := summaryOf(t, sum); s.StopReason != "all-alike" || s.Counts["FAILED"] < 20 || s.Counts["FAILED"] > 60 || s.Counts["PENDING"] == 0 {
		t.Errorf("%+v", s)
	}
	n := p.sim.calls()
	p.write("other.csv", content(1000, 200))
	axgbind(t, p.sim.bind(p.path("other.csv"), "--summary", sum, "--max-failures", "3", "--max-inflight", "1")...).want(t, 8)
	// The next call may leave while the third refusal is being made durable.
	if s := summaryOf(t, sum); s.StopReason != "max-failures" || s.Counts["FAILED"] < 3 || s.Counts["FAILED"] > 5 || p.sim.calls()-n != int64(s.Counts["FAILED"]) {
		t.Errorf("%+v, %d calls", s, p.sim.calls()-n)
	}
	// FAILED rows are not sent again unless a person says so.
	n = p.sim.calls()
	axgbind(t, p.sim.bind(p.path("other.csv"), "--limit", "1")...)
	if c := p.sim.calls() - n; c != 1 {
		t.Errorf("%d calls, want 1", c)
	}
	axgbind(t, p.sim.bind(p.path("other.csv"), "--limit", "2", "--resend", "isv.NO_NOT_EXIST")...)
	for _, r := range p.results("other.results.csv")[:2] {
		if r["Attempts"] != "2" {
			t.Errorf("%v", r)
		}
	}
}

// TestCheck: no network, no journal, findings on standard output.
func TestCheck(t *testing.T) {
	p := newPlace(t)
	in := content(0, 5)
	in[2][0], in[3][1] = "1380013800x", "-4"
	in = append(in, slices.Clone(in[1]))
	p.write("in.csv", in)
	for _, args := range [][]string{{"check"}, {"bind", "--dry-run", "--pool-key", testPool}} {
		got := axgbind(t, append(args, p.path("in.csv"), "--endpoint", p.sim.url)...).want(t, 3)
		for _, says := range []string{"line 3: ", "line 4: ", "line 7: "} {
			if !strings.Contains(got.stdout, says) {
				t.Errorf("%v: want %q in\n%s", args, says, got)
			}
		}
	}
	axgbind(t, "check", p.path("in.csv"), "--strict").want(t, 6)
	p.write("in.csv", content(0, 5))
	axgbind(t, "check", p.path("in.csv")).want(t, 0)
	if p.sim.calls() != 0 || len(files(t, p.dir)) != 1 {
		t.Errorf("calls %d, files %v", p.sim.calls(), files(t, p.dir))
	}
}
