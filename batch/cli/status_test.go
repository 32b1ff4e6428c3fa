package cli_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"axgbind/batch/cli"
	"axgbind/batch/journal"
)

// nights is a journal with two batches at the simulator: the second renewed a
// binding of the first.
type nights struct {
	dir, journal  string
	first, second string // results
	sim           *service
}

func newNights(t *testing.T) *nights {
	t.Helper()
	dir := newFolder(t)
	n := &nights{dir: dir, sim: simulate(t)}
	bind := func(name string, rows table, status int, flags ...string) string {
		in := write(t, filepath.Join(dir, name), rows.String())
		axgbind(t, n.sim.bind(in, append([]string{"--journal", dir}, flags...)...)...).want(t, status)
		return strings.TrimSuffix(in, ".csv") + ".results.csv"
	}
	rows := content(0, 4)
	rows[4][0] = "12" // INVALID
	n.first = bind("june.csv", rows, 3)
	later := content(0, 1)
	later[1][2] = soon(60 * 24 * time.Hour)
	n.second = bind("july.csv", later, 0, "--when-bound", "renew")
	n.journal = journalIn(t, dir)
	return n
}

// journalIn is the one journal in a folder.
func journalIn(t *testing.T, dir string) string {
	t.Helper()
	journals, err := filepath.Glob(filepath.Join(dir, "*.journal"))
	if err != nil || len(journals) != 1 {
		t.Fatalf("journals %v, %v", journals, err)
	}
	return journals[0]
}

// batchAt is the id of a batch in a journal; 0 is the one that ran last.
func batchAt(t *testing.T, journal string, i int) string {
	t.Helper()
	return (&nights{journal: journal}).json(t).Batches[i].Batch
}

func (n *nights) status(t *testing.T, status int, args ...string) outcome {
	t.Helper()
	return axgbind(t, append([]string{"status", "--journal", n.journal}, args...)...).want(t, status)
}

// standing is what status --json prints, as far as tests look at it.
type standing struct {
	Version int    `json:"version"`
	Journal string `json:"journal"`
	ID      string `json:"id"`
	Running bool   `json:"running"`
	Live    int    `json:"live"`
	Batches []struct {
		Batch   string         `json:"batch"`
		Command string         `json:"command"`
		Results string         `json:"results"`
		State   string         `json:"state"`
		Counts  map[string]int `json:"counts"`
		Lapsed  int            `json:"lapsed"`
		Passed  []struct {
			Batch    string `json:"batch"`
			Bindings int    `json:"bindings"`
		} `json:"passed_on"`
		Runs []struct {
			Run     string    `json:"run"`
			Results string    `json:"results"`
			End     *struct{} `json:"end"`
		} `json:"runs"`
	} `json:"batches"`
}

func (n *nights) json(t *testing.T, args ...string) (s standing) {
	t.Helper()
	if err := json.Unmarshal([]byte(n.status(t, 0, append(args, "--json")...).stdout), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// unchanged fails the test if do changes a file or leaves one.
func unchanged(t *testing.T, dir string, do func()) {
	t.Helper()
	look := func() string {
		b := &strings.Builder{}
		for _, name := range files(t, dir) {
			fmt.Fprintln(b, name, read(t, filepath.Join(dir, name)))
		}
		return b.String()
	}
	before := look()
	do()
	if look() != before {
		t.Error("files were changed")
	}
}

// TestStatusOfAll: without a batch every one is listed, the last first.
func TestStatusOfAll(t *testing.T) {
	t.Parallel()
	n := newNights(t)
	unchanged(t, n.dir, func() {
		s := n.json(t)
		if s.Version != 2 || len(s.ID) != 16 || s.Running || s.Live != 3 || len(s.Batches) != 2 {
			t.Fatalf("%+v", s)
		}
		july, june := s.Batches[0], s.Batches[1]
		if july.Results != n.second || june.Results != n.first || july.Command != "bind" || july.State != "ended" || len(june.Runs) != 1 {
			t.Errorf("july %+v\njune %+v", july, june)
		}
		if july.Counts["BOUND"] != 1 || june.Counts["BOUND"] != 2 || june.Lapsed != 0 {
			t.Errorf("rows of july %v, of june %v", july.Counts, june.Counts)
		}
		text := n.status(t, 0).stdout
		for _, want := range []string{n.journal, s.ID, "live      3 bindings", "batches   2", july.Batch + "  bind, results " + n.second, june.Batch + "  bind, results " + n.first, "BOUND 2 (live 2, lapsed 0)", "with status 3"} {
			if !strings.Contains(text, want) {
				t.Errorf("the list does not say %q\n%s", want, text)
			}
		}
		if strings.Index(text, n.second) > strings.Index(text, n.first) {
			t.Errorf("the last batch does not stand first\n%s", text)
		}
	})
}

// TestStatusOfOne: a batch is found by its path, its id and its rows.
func TestStatusOfOne(t *testing.T) {
	t.Parallel()
	n := newNights(t)
	all := n.json(t)
	moved := filepath.Join(n.dir, "elsewhere.csv")
	text := read(t, n.first)
	write(t, moved, text)
	edited := filepath.Join(n.dir, "edited.csv")
	write(t, edited, strings.Replace(text, "order-2", "order 2", 1))
	june, july := all.Batches[1], all.Batches[0]
	unchanged(t, n.dir, func() {
		for _, name := range []string{n.first, june.Batch, moved, edited} {
			s := n.json(t, name)
			if len(s.Batches) != 1 || s.Batches[0].Batch != june.Batch {
				t.Errorf("%s is %+v", name, s.Batches)
				continue
			}
			b := s.Batches[0]
			if len(b.Passed) != 1 || b.Passed[0].Batch != july.Batch || b.Passed[0].Bindings != 1 {
				t.Errorf("%s: passed on %+v", name, b.Passed)
			}
		}
		out := n.status(t, 0, june.Batch).stdout
		for _, want := range []string{n.first, n.journal, "1 bindings that batch " + july.Batch + " renewed since, results " + n.second, "BOUND 2 (live 2, lapsed 0)", "input     4 rows", "SHA-256", "INVALID 1"} {
			if !strings.Contains(out, want) {
				t.Errorf("it does not say %q\n%s", want, out)
			}
		}
		if strings.Contains(n.status(t, 0, july.Batch).stdout, "passed on") {
			t.Error("july has passed something on")
		}
		for _, name := range []string{filepath.Join(n.dir, "none.csv"), "b0", filepath.Join(n.dir, "june.csv"), n.dir, n.journal} {
			if o := n.status(t, 10, name); !strings.Contains(o.stderr, "axgbind status") || o.stdout != "" {
				t.Errorf("%s\n%s", name, o)
			}
		}
	})
}

// TestStatusOfRuns: the last five runs are told of, in JSON all.
func TestStatusOfRuns(t *testing.T) {
	t.Parallel()
	n := newNights(t)
	for range 5 {
		axgbind(t, n.sim.bind(filepath.Join(n.dir, "june.csv"), "--journal", n.dir)...).want(t, 3)
	}
	s := n.json(t, n.first).Batches[0]
	out := n.status(t, 0, n.first).stdout
	if len(s.Runs) != 6 || strings.Count(out, "\nrun ") != 5 || strings.Contains(out, s.Runs[0].Run) || !strings.Contains(out, s.Runs[1].Run) {
		t.Errorf("%d runs\n%s", len(s.Runs), out)
	}
	if got := n.json(t).Batches[0]; got.Batch != s.Batch || len(got.Runs) != 1 || got.Runs[0].Run != s.Runs[5].Run {
		t.Errorf("in the list %+v", got)
	}
}

// TestStatusWhileRunning: a run goes on as long as it has the lock, however long
// ago it wrote, and was killed as soon as it has not.
func TestStatusWhileRunning(t *testing.T) {
	t.Parallel()
	n := newNights(t)
	shorn(t, n.journal)
	if s := n.json(t); s.Running || s.Batches[0].State != "killed" || s.Batches[1].State != "ended" {
		t.Errorf("of a killed run %+v", s)
	}
	f := journal.NewFile(n.journal, nil)
	if held, err := f.Lock(); err != nil || !held {
		t.Fatal(held, err)
	}
	s := n.json(t)
	if !s.Running || s.Batches[0].State != "running" || s.Batches[1].State != "ended" {
		t.Errorf("of a run that goes on %+v", s)
	}
	if o := n.status(t, 0); !strings.Contains(o.stdout, "running   since") {
		t.Error(o)
	}
	if page := pageOf(t, s.Batches[0].Batch, "--journal", n.journal); strings.Contains(page, "killed or crashed") {
		t.Error("the page says that the run was killed")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if page := pageOf(t, s.Batches[0].Batch, "--journal", n.journal); !strings.Contains(page, "killed or crashed") {
		t.Error("the page does not say that the run was killed")
	}
}

// TestStatusOfBindings: the list names the bindings that are there, and is what
// unbind takes.
func TestStatusOfBindings(t *testing.T) {
	t.Parallel()
	n := newNights(t)
	all := n.json(t)
	list := func(args ...string) (rows table) {
		t.Helper()
		text, ok := strings.CutPrefix(n.status(t, 0, append([]string{"--bindings"}, args...)...).stdout, bom)
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || !ok {
			t.Fatalf("%q, %v", text, err)
		}
		return rows
	}
	rows := list()
	want := []string{"PoolKey", "PhoneNoA", "PhoneNoB", "GroupId", "Expiration", "IsRecordingEnabled", "CallRestrict", "OutId", "SecretNo", "SubsId", "Batch"}
	if !slices.Equal(rows[0], want) {
		t.Errorf("columns %v", rows[0])
	}
	listed := map[string][]string{}
	for _, r := range rows[1:] {
		listed[r[9]] = r
	}
	live := n.sim.bindings()
	for _, b := range live {
		r := listed[b.SubsId]
		if r == nil || r[0] != testPool || r[1] != b.PhoneNoA || r[3] != b.GroupId || r[4] != b.Expiration || r[8] != b.SecretNo {
			t.Errorf("%+v is listed as %q", b, r)
		}
	}
	if len(live) != 3 || len(rows) != 4 {
		t.Errorf("%d are there, %d listed", len(live), len(rows)-1)
	}
	july, june := list(n.second), list(n.first)
	if len(july) != 2 || july[1][10] != all.Batches[0].Batch || len(june) != 3 || june[1][10] != all.Batches[1].Batch {
		t.Errorf("of july %v\nof june %v", july, june)
	}
	if o := n.status(t, 10, "--bindings", "--json"); !strings.Contains(o.stderr, "--bindings") {
		t.Error(o)
	}
	for _, args := range [][]string{{"status", "--bindings"}, {"status"}, {"status", n.first}, {"status", "--json"}} {
		var stderr bytes.Buffer
		if status := cli.Run(append(args, "--journal", n.journal), environ(t, nil), nil, fullDisk{}, &stderr); status != 1 || !strings.Contains(stderr.String(), "cannot be written") {
			t.Errorf("%v to a full disk: status %d, %s", args, status, &stderr)
		}
	}
	later := june.clone()
	for _, r := range later[1:] {
		r[4] = soon(90 * 24 * time.Hour)
	}
	change := write(t, filepath.Join(n.dir, "change.csv"), bom+later.String())
	axgbind(t, "update", change, "--field", "Expiration", "--endpoint", n.sim.url, "--journal", n.dir, "--yes", "--progress", "none").want(t, 0)
	if got := list(n.first); got[1][4] != later[1][4] || got[2][4] != later[2][4] {
		t.Errorf("after the update %v, want %v", got, later)
	}
	path := write(t, filepath.Join(n.dir, "live.csv"), bom+june.String())
	axgbind(t, "unbind", path, "--endpoint", n.sim.url, "--journal", n.dir, "--yes", "--progress", "none").want(t, 0)
	if left := n.sim.bindings(); len(left) != 1 || len(list()) != 2 {
		t.Errorf("%d are left, %d listed", len(left), len(list())-1)
	}
	if got := n.json(t, n.first).Batches[0].Counts; got["BOUND"] != 0 || got["RELEASED"] != 2 {
		t.Errorf("june stands %v", got)
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestStatusHidesNumbers: what is no list of bindings masks the numbers that
// somebody put into a path.
func TestStatusHidesNumbers(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	sim := simulate(t)
	in := write(t, filepath.Join(dir, "13800138000.csv"), content(0, 1).String())
	axgbind(t, sim.bind(in, "--journal", dir)...).want(t, 0)
	results := filepath.Join(dir, "13800138000.results.csv")
	for _, args := range [][]string{{"status"}, {"status", "--json"}, {"status", results}, {"status", results, "--json"}, {"report", results}} {
		o := axgbind(t, append(args, "--journal", journalIn(t, dir))...).want(t, 0)
		if strings.Contains(o.stdout+o.stderr, "13800138000") || strings.Contains(o.stdout, phone(0)) {
			t.Errorf("%v\n%s", args, o)
		}
	}
}

// TestStatusRefuses: there is no journal, it is damaged, or it is something else.
func TestStatusRefuses(t *testing.T) {
	t.Parallel()
	n := newNights(t)
	text := read(t, n.journal)
	at := strings.Index(text, " intent ") + 20
	damaged := write(t, filepath.Join(n.dir, "damaged.journal"), text[:at]+"#"+text[at+1:])
	for path, want := range map[string]string{
		filepath.Join(n.dir, "none.journal"): "no journal", damaged: "damaged", n.first: "journal",
	} {
		for _, command := range [][]string{{"status"}, {"status", "--bindings"}, {"report", n.first}} {
			o := axgbind(t, append(command, "--journal", path)...)
			if o.status != 10 || !strings.Contains(o.stderr, want) || !strings.Contains(o.stderr, "cure:") || o.stdout != "" {
				t.Errorf("%v of %s\n%s", command, path, o)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(n.dir, "none.journal.lock")); err == nil {
		t.Error("a lock file was made")
	}
}
