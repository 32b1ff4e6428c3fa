package cli_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// TestCrashWhileCompacting kills bind while it replaces a large old journal by
// one without its lapsed rows: what stands at its path is the old journal or
// the new one, whole, and what lives is never sent again.
func TestCrashWhileCompacting(t *testing.T) {
	t.Parallel()
	kills, rows := 6, 20
	if testing.Short() || raced {
		kills = 2
	}
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
	args := sim.bind(in, "--rate", "1000", "--journal", dir)
	axgbind(t, args...).want(t, 0)
	path := simulatedJournal(t, dir)
	old := aged(t, read(t, path))

	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	compacting := func() bool {
		for _, f := range files(t, dir) {
			if strings.HasPrefix(f, "."+filepath.Base(path)+".") {
				return true
			}
		}
		return size(path) < int64(len(old))
	}
	putBack := func() { writeJournal(t, path, old) }
	putBack()
	took := time.Millisecond
	if p := spawn(t, dir, args...); p.sooner(compacting) {
		began := time.Now()
		p.wait().want(t, 0)
		took = time.Since(began)
	}
	kept, replaced := 0, 0
	for range kills {
		putBack()
		p := spawn(t, dir, args...)
		if p.sooner(compacting) {
			after(p, time.Duration(random.Int64N(int64(took)*3/2)))
		}
		p.kill()
		p.wait()
		if text := read(t, path); strings.HasPrefix(text, old) {
			kept++
		} else if replaced++; len(text) > 1<<20 || !strings.HasSuffix(text, "\n") {
			t.Fatalf("the journal is neither the old one nor a new one: %d bytes, had %d", len(text), len(old))
		}
		calls := sim.stats().Actions["BindAxg"]
		got := spawn(t, dir, args...).wait().want(t, 0)
		if n := sim.stats().Actions["BindAxg"] - calls; n != 0 {
			t.Fatalf("the run after the kill made %d calls\n%s", n, got)
		}
		if text := read(t, path); len(text) > 1<<20 || strings.Contains(text, "lapsed") {
			t.Errorf("after a run in good order the journal still has its lapsed rows: %d bytes", len(text))
		}
		for _, f := range files(t, dir) {
			if strings.HasSuffix(f, ".tmp") {
				t.Errorf("%s was left behind", f)
			}
		}
		agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
	}
	t.Logf("%d kills, compacting takes %v: old journal %d, new journal %d", kills, took, kept, replaced)
}

// aged makes a journal as it stands after many nights: begun ten days ago, and
// grown beyond the size at which it is compacted by rows that lapsed.
func aged(t *testing.T, text string) string {
	t.Helper()
	h, err := journal.ReadHeader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	h.Created = time.Now().AddDate(0, 0, -10)
	b := &strings.Builder{}
	w := journal.Write(b, h)
	add := func(r ledger.Record, detail string) {
		if err := w.Record(&r, []byte(detail)); err != nil {
			t.Fatal(err)
		}
	}
	padding, lapsed := strings.Repeat("lapsed ", 900), time.Date(2020, 1, 1, 0, 0, 0, 0, report.Beijing).Unix()
	calls := uint64(0)
	for b.Len() < 66<<20 {
		calls++
		key := ledger.Key{ID: ledger.Identity(binary.BigEndian.AppendUint64(make([]byte, 8), calls))}
		id := fmt.Sprint(9_000_000_000_000_000 + calls)
		add(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: calls, Row: key, Place: ledger.Place(calls), Ends: lapsed, At: 1, Due: 1},
			fmt.Sprintf(`{"t":1,"line":%d,"pool":"%s","a":"139%08d","g":"1","exp":"2020-01-01 00:00:00"}`, calls+1, testPool, calls))
		add(ledger.Record{Kind: ledger.OK, Call: calls, Binding: ledger.ParseSubsID(id), Code: "OK", At: 2},
			fmt.Sprintf(`{"t":2,"msg":"%s","no":"17100000000","subs":"%s"}`, padding, id))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(text, "\n")
	b.WriteString(rewritten(t, rest, func(l *journal.Line) {
		if l.Record.Call > 0 {
			l.Record.Call += calls
		}
	}))
	return b.String()
}

// TestOldCopyIsNotCompacted: a journal that may be an old copy takes what results say, and
// stays as it is otherwise, however large.
func TestOldCopyIsNotCompacted(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir, state := newFolder(t), filepath.Join(newFolder(t), "state")
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 3).String()), "--journal", state)...).want(t, 0)
	path := simulatedJournal(t, state)
	writeJournal(t, path, aged(t, read(t, path)))
	copyFolder(t, state, state+"-2")
	remove(t, state)
	rename(t, state+"-2", state)
	had := size(path)
	axgbind(t, sim.bind(filepath.Join(dir, "in.results.csv"), "--journal", state)...).want(t, 10).says(t, "what these results say is recorded now")
	if now := size(path); now < had {
		t.Errorf("%d bytes became %d", had, now)
	}
}

// TestCompactedStatus: a job stands the same after its journal was compacted, also
// where a row was released and bound again.
func TestCompactedStatus(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	bind := sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 3).String()), "--journal", dir)
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, bind...).want(t, 0)
	axgbind(t, "unbind", out, "--yes", "--lines", "2", "--endpoint", sim.url, "--journal", dir).want(t, 0)
	axgbind(t, append(bind, "--resend", "released")...).want(t, 0)
	path := simulatedJournal(t, dir)
	sent := func() string { return axgbind(t, "status", out, "--journal", path).want(t, 0).stdout }
	before := sent()
	writeJournal(t, path, aged(t, read(t, path)))
	axgbind(t, bind...).want(t, 0)
	if n := size(path); n > 1<<20 {
		t.Fatalf("the journal was not compacted: %d bytes", n)
	}
	for line := range strings.Lines(before) {
		if after := sent(); strings.HasPrefix(line, "  sent") && !strings.Contains(after, line) {
			t.Errorf("before %safter %s", line, after)
		}
	}
	if !strings.Contains(before, "BOUND 3 (live 3, ") {
		t.Errorf("before %s", before)
	}
}

// simulatedJournal is the journal of the only simulator that a folder knows.
func simulatedJournal(t testing.TB, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "simulated-*.journal"))
	if err != nil || len(found) != 1 {
		t.Fatalf("journals of simulators: %q %v", found, err)
	}
	return found[0]
}

// TestKeep refuses nonsense, before anything else is done.
func TestKeep(t *testing.T) {
	t.Parallel()
	in := write(t, filepath.Join(newFolder(t), "in.csv"), content(0, 2).String())
	for keep, status := range map[string]int{"": 0, "30d": 0, "2d": 0, "48h": 0, "400d": 0, "47h": 10, "1d": 10, "0d": 10, "30": 10, "-3d": 10, "soon": 10, "999999d": 10} {
		o := axgbindWith(t, map[string]string{"AXGBIND_KEEP": keep}, "", "check", in, "--pool-key", testPool).want(t, status)
		if status != 0 && !strings.Contains(o.stderr, "AXGBIND_KEEP") {
			t.Errorf("%q: %s", keep, o)
		}
	}
}

// TestEndedLeave: what ended long ago leaves a journal of any size, once a day, and
// that is said.
func TestEndedLeave(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	args := sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 3).String()), "--journal", dir)
	axgbind(t, args...).want(t, 0)
	path := simulatedJournal(t, dir)
	at := time.Now().AddDate(0, 0, -40)
	old := func(created time.Time) { // a run of forty days ago, which the service refused a row
		h, err := journal.ReadHeader(strings.NewReader(read(t, path)))
		if err != nil {
			t.Fatal(err)
		}
		h.Created, h.Compacted = created, time.Time{}
		w := &written{t: t, text: &strings.Builder{}, at: at}
		w.out = journal.Write(w.text, h)
		w.add(ledger.Record{Kind: ledger.Run, Batch: "b0"}, books.RunStart{Batch: "b0", Start: at})
		w.sent("13900139000", ledger.Refused, "")
		w.add(ledger.Record{Kind: ledger.End}, books.RunEnd{End: at})
		_, rest, _ := strings.Cut(read(t, path), "\n")
		text := w.String()
		writeJournal(t, path, text+rewritten(t, rest, func(l *journal.Line) {
			if l.Record.Call > 0 {
				l.Record.Call += w.call
			}
		}))
	}
	const number, left = "13900139000", "1 rows that ended over 30 days ago left the journal"
	old(time.Now().Add(-time.Hour))
	if o := axgbind(t, args...).want(t, 0); strings.Contains(o.stderr, left) || !strings.Contains(read(t, path), number) {
		t.Errorf("looked at within a day:\n%s", o)
	}
	old(at)
	if o := axgbindWith(t, map[string]string{"AXGBIND_KEEP": "60d"}, "", args...).want(t, 0); strings.Contains(o.stderr, "left the journal") || !strings.Contains(read(t, path), number) {
		t.Errorf("to be kept for longer:\n%s", o)
	}
	for _, says := range []bool{true, false} {
		if o := axgbind(t, args...).want(t, 0); strings.Contains(o.stderr, left) != says || strings.Contains(read(t, path), number) {
			t.Errorf("says %v:\n%s", says, o)
		}
	}
	old(time.Now().AddDate(1, 0, 0)) // its clock was ahead
	if o := axgbind(t, args...).want(t, 0); !strings.Contains(o.stderr, left) {
		t.Errorf("begun in a time to come:\n%s", o)
	}
	agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
}
