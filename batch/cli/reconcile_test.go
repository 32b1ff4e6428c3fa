package cli_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/journal"
)

// moved is a journal whose calls left so much earlier, and were waited for since.
func moved(t testing.TB, text string, earlier time.Duration) string {
	t.Helper()
	return rewritten(t, dated(t, text, earlier), func(l *journal.Line) {
		if l.Record.Due > 0 {
			l.Record.Due -= earlier.Milliseconds()
		}
	})
}

// dated is a journal whose calls left so much earlier by the clock that wrote it.
func dated(t testing.TB, text string, earlier time.Duration) string {
	t.Helper()
	left := regexp.MustCompile(`"t":(\d+)`)
	ms := earlier.Milliseconds()
	return rewritten(t, text, func(l *journal.Line) {
		if l.Record.At > 0 {
			l.Record.At -= ms
		}
		if l.Record.Due > 0 {
			l.Record.Due -= ms
		}
		l.Detail = left.ReplaceAllFunc(l.Detail, func(m []byte) []byte {
			n, err := strconv.ParseInt(string(m[len(`"t":`):]), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Appendf(nil, `"t":%d`, n-ms)
		})
	})
}

// TestReconcile: rows whose answers were lost are found on the list of X
// numbers. A list that is not said to be complete shows no row not to be bound;
// one that is leaves none UNKNOWN, and the bind after it binds the rest.
func TestReconcile(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 500, QPS: 5000, Seed: 5, Faults: faultList(t, []string{"drop-after=0.15", "drop-before=0.15"})})
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 150).String())
	out := filepath.Join(dir, "in.results.csv")
	bind := sim.bind(in, "--rate", "2000", "--max-failures", "100%")
	axgbind(t, bind...).want(t, 4)
	before := count(results(t, out))
	if before["UNKNOWN"] < 20 || before["BOUND"] == 0 {
		t.Fatalf("%v", before)
	}
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	journal := memoryOf(t)
	writeJournal(t, journal, moved(t, read(t, journal), 2*time.Minute))
	list := write(t, filepath.Join(dir, "numbers.json"), sim.numbers())
	reconcile := []string{"reconcile", out, "--endpoint", sim.url, "--progress", "none"}

	calls := sim.stats().Actions["BindAxg"]
	got := axgbind(t, reconcile...).want(t, 4)
	if !strings.Contains(got.stderr, "--x-numbers") || count(results(t, out))["UNKNOWN"] != before["UNKNOWN"] {
		t.Errorf("without a list: %s", got)
	}
	axgbind(t, append(reconcile, "--list-is-complete")...).want(t, 10)
	axgbind(t, append(reconcile, "--x-numbers", filepath.Join(dir, "absent"))...).want(t, 10)
	axgbind(t, append(reconcile, "--x-numbers", in)...).want(t, 10)
	axgbind(t, "reconcile", in, "--endpoint", sim.url).want(t, 10)

	got = axgbind(t, append(reconcile, "--x-numbers", list)...).want(t, 4)
	n := count(results(t, out))
	if n["PENDING"] != 0 || n["UNKNOWN"] == 0 || n["BOUND"] <= before["BOUND"] {
		t.Errorf("a list that may lack some: %v\n%s", n, got)
	}
	got = axgbind(t, append(reconcile, "--x-numbers", list, "--list-is-complete")...).want(t, 5)
	n = count(results(t, out))
	if n["UNKNOWN"] != 0 || n["PENDING"] == 0 || n["BOUND"]+n["PENDING"] != 150 || strings.Contains(got.stderr, "pools ran out") {
		t.Errorf("the complete list: %v\n%s", n, got)
	}
	agree(t, results(t, out), sim.bindings())
	if made := sim.stats().Actions["BindAxg"] - calls; made != 0 {
		t.Errorf("reconcile made %d BindAxg calls", made)
	}
	axgbind(t, bind...).want(t, 0)
	if made := sim.stats().Actions["BindAxg"] - calls; made != int64(n["PENDING"]) {
		t.Errorf("the bind after it made %d calls for %d rows", made, n["PENDING"])
	}
	agree(t, results(t, out), sim.bindings())
	axgbind(t, "verify", out, "--endpoint", sim.url, "--progress", "none").want(t, 0)
}

// TestReconcileRefused: a refusal of the account ends a sweep as it ends a
// bind, before the wait and in its midst.
func TestReconcileRefused(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5, Faults: faultList(t, []string{"drop-after=1"})})
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	out, sum := filepath.Join(dir, "in.results.csv"), filepath.Join(dir, "sum.json")
	axgbind(t, sim.bind(in)...).want(t, 4)
	list := write(t, filepath.Join(dir, "numbers.json"), sim.numbers())
	reconcile := []string{"reconcile", out, "--endpoint", sim.url, "--progress", "none", "--x-numbers", list, "--list-is-complete", "--summary", sum}
	refused := func(fault string) outcome {
		t.Helper()
		if err := played.SetFaults(faultList(t, []string{fault})); err != nil {
			t.Fatal(err)
		}
		got := axgbind(t, reconcile...).want(t, 7)
		s := summaryOf(t, sum)
		if s.StopReason != "account" || s.StopCode != "isp.RAM_PERMISSION_DENY" || s.ExitStatus != 7 || s.Counts["UNKNOWN"] != 3 {
			t.Errorf("%+v", s)
		}
		if strings.Contains(got.stderr, "error:") || !strings.Contains(got.stderr, "isp.RAM_PERMISSION_DENY") ||
			!strings.Contains(got.atEnd(), "axgbind explain isp.RAM_PERMISSION_DENY") {
			t.Errorf("%s", got)
		}
		wantCounts(t, results(t, out), "UNKNOWN 3")
		return got
	}
	if got := refused("ram-deny@QuerySubsId=1"); strings.Contains(got.stderr, "waiting") {
		t.Errorf("it waited to be refused: %s", got)
	}
	journal := memoryOf(t)
	writeJournal(t, journal, moved(t, read(t, journal), 2*time.Minute))
	refused("ram-deny@QuerySubscriptionDetail=1")
}

// TestNightRenews: night 2 renews 900 of the bindings of night 1 and adds 100,
// in just so many calls; night 3 does it again and is killed at random moments.
func TestNightRenews(t *testing.T) {
	t.Parallel()
	old, gone, fresh := 1000, 100, 100
	if testing.Short() || raced {
		old, gone, fresh = 200, 20, 20
	}
	sim := simulate(t, "--latency", "10ms")
	dir := newFolder(t)
	night := func(name string, from, to int, days int) []string {
		in := content(from, to-from)
		for _, r := range in[1:] {
			r[2] = soon(time.Duration(days) * 24 * time.Hour)
		}
		path := write(t, filepath.Join(dir, name+".csv"), in.String())
		return sim.bind(path, "--rate", "4000", "--when-bound", "renew")
	}
	made := func() (bind, update int64) {
		a := sim.stats().Actions
		return a["BindAxg"], a["UpdateSubscription"]
	}
	axgbind(t, night("1", 0, old, 5)...).want(t, 0)
	second := night("2", gone, old+fresh, 40)
	sum := filepath.Join(dir, "sum.json")
	got := axgbind(t, append(second, "--summary", sum)...).want(t, 0)
	renewed := old - gone
	if bind, update := made(); bind != int64(old+fresh) || update != int64(renewed) {
		t.Errorf("night 2 made %d BindAxg and %d UpdateSubscription calls, want %d and %d\n%s", bind-int64(old), update, fresh, renewed, got)
	}
	if s := summaryOf(t, sum); s.Calls != int64(fresh) || !strings.Contains(got.stderr, fmt.Sprintf("%d rows renewed", renewed)) {
		t.Errorf("the summary does not tell renewals apart: %+v\n%s", s, got)
	}

	third := night("3", gone, old+fresh, 80)
	journal := memoryOf(t)
	writeJournal(t, journal, moved(t, read(t, journal), 24*time.Hour)) // a night later, no call of night 2 can come late
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	kills := 0
	for range 5 {
		before := size(journal)
		p := spawn(t, dir, third...)
		if !p.sooner(func() bool { return size(journal) > before+4096 }) || !after(p, time.Duration(random.IntN(120))*time.Millisecond) {
			break
		}
		p.kill()
		p.wait()
		kills++
	}
	axgbind(t, third...).want(t, 0)
	t.Logf("%d kills", kills)
	if bind, _ := made(); bind != int64(old+fresh) {
		t.Errorf("night 3 made %d BindAxg calls", bind-int64(old+fresh))
	}
	live := map[string]string{}
	for _, b := range sim.bindings() {
		if live[b.PhoneNoA] != "" {
			t.Errorf("%s is bound twice", b.PhoneNoA)
		}
		live[b.PhoneNoA] = b.SubsId + " " + b.Expiration
	}
	if len(live) != old+fresh {
		t.Errorf("%d bindings, want %d", len(live), old+fresh)
	}
	out := filepath.Join(dir, "3.results.csv")
	for _, r := range results(t, out) {
		if live[r["PhoneNoA"]] != r["SubsId"]+" "+r["Expiration"] {
			t.Fatalf("%v: the service has %s", r, live[r["PhoneNoA"]])
		}
	}
	axgbind(t, "verify", out, "--endpoint", sim.url, "--progress", "none").want(t, 0)
}
