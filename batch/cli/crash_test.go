package cli_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

var (
	crashKills = flag.Int("crash-kills", 0, "kills of the crash suite; 0: a number that takes about 20 s")
	crashSeed  = flag.Uint64("crash-seed", 0, "seed of the crash suite; 0: from the clock")
)

// crashFaults is the weather of the crash suite: every way in which an answer
// can be lost, and throttling.
var crashFaults = []string{
	"drop-before=0.02", "drop-after=0.02", "drop-late=0.02", "system-error-executed=0.02",
	"http-503=0.02", "http-503-executed=0.02", "throttling=0.03",
}

// ambiguousFaults are those that may leave a row UNKNOWN.
var ambiguousFaults = []string{
	"drop-before", "drop-after", "drop-late", "system-error-executed", "http-503", "http-503-executed",
}

// TestCrash kills bind at random moments and starts it again with the same
// command, against one simulator that lives on, until its job is done; then
// the next job begins, until there were kills enough. No row may be lost or
// bound twice, and no more rows may be UNKNOWN than calls were in doubt.
func TestCrash(t *testing.T) {
	t.Parallel()
	kills, rows := 64, 800
	switch {
	case *crashKills > 0:
		kills = *crashKills
	case testing.Short():
		kills, rows = 6, 150
	case raced:
		kills, rows = 14, 300
	}
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-crash-seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))

	flags := []string{"--latency", "30ms", "--jitter", "30ms", "--numbers", "2000000", "--seed", fmt.Sprint(seed % 1e9)}
	for _, f := range crashFaults {
		flags = append(flags, "--fault", f)
	}
	sim := simulate(t, flags...)

	suite := &crashes{t: t, sim: sim, random: random, left: kills}
	for suite.left > 0 {
		suite.job(rows)
	}
	if suite.kills < kills {
		t.Errorf("%d kills, want %d", suite.kills, kills)
	}
	share := float64(suite.withOpen) / float64(max(suite.kills, 1))
	t.Logf("%d kills in %d jobs of %d rows, %.0f%% with an open intent (%d intents open in all); rows UNKNOWN %d, calls %d, faults %v",
		suite.kills, suite.jobs, rows, 100*share, suite.open, suite.unknown, sim.calls(), sim.stats().Faults)
	if share < 0.7 && kills >= 50 { // the first row of each run goes alone
		t.Errorf("only %.0f%% of kills met an open intent: the suite does not test what it should", 100*share)
	}
	if n := sim.stats().NonceReused; n > 0 {
		t.Errorf("%d nonces were used twice", n)
	}
}

type crashes struct {
	t      *testing.T
	sim    *service
	random *rand.Rand
	left   int // kills to go

	kills, withOpen, open, unknown, jobs, from int
	live                                       []row // rows of earlier jobs
}

// job makes one job to its end through kills.
func (c *crashes) job(rows int) {
	t := c.t
	dir := newFolder(t)
	in := content(c.from, rows)
	c.from += rows
	c.jobs++
	path := write(t, filepath.Join(dir, "in.csv"), in.String())
	out := filepath.Join(dir, "in.results.csv")
	doubt := c.inDoubt()
	open := 0
	// Every other job is held back not by its pace but by the calls in flight:
	// then a call leaves the moment its intent is durable.
	speed := [][]string{{"--rate", "320"}, {"--rate", "5000", "--max-inflight", "16"}}[c.jobs%2]
	args := c.sim.bind(path, append(speed, "--timeout", "4s", "--max-failures", "100%", "--summary", filepath.Join(dir, "sum.json"))...)

	var last outcome
	for c.left > 0 {
		before := wholeLines(memoryOf(t))
		p := spawn(t, dir, args...)
		if !c.reached(p, before) {
			last = p.wait()
			break
		}
		p.kill()
		if last = p.wait(); last.status != -1 {
			break // it was faster
		}
		c.left--
		c.kills++
		if _, _, n := journalCalls(t, memoryOf(t)); n > 0 {
			c.withOpen++
			c.open += n
			open += n
		}
		if text, err := os.ReadFile(out); err == nil && !wholeResults(text, rows) {
			t.Fatalf("results are torn after a kill: %d bytes", len(text))
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	// Throttled rows wait for their turn; a job may end with a few ends of its own.
	for range 5 {
		if last.status == 0 || last.status == 3 || last.status == 4 {
			break
		}
		if last.status > 0 && last.status != 5 {
			t.Fatalf("unexpected end\n%s", last)
		}
		last = spawn(t, dir, args...).wait()
	}

	got := results(t, out)
	n := count(got)
	switch want := map[bool]int{true: 4, false: 0}[n["UNKNOWN"] > 0]; {
	case len(got) != rows:
		t.Fatalf("%d rows in the results, %d in the input", len(got), rows)
	case n["PENDING"]+n["FAILED"]+n["INVALID"] > 0:
		t.Errorf("the job ended with %v\n%s", n, last)
	case last.status != want:
		t.Errorf("status %d, want %d for %v\n%s", last.status, want, n, last)
	}
	for i, r := range got {
		if r["PhoneNoA"] != in[i+1][0] || r["OutId"] != in[i+1][3] {
			t.Fatalf("row %d of the results is another row of the input: %v", i+1, r)
		}
	}
	if s := summaryOf(t, filepath.Join(dir, "sum.json")); s.Rows != rows || s.Counts["BOUND"] != n["BOUND"] || s.Counts["UNKNOWN"] != n["UNKNOWN"] {
		t.Errorf("summary %+v, results %v", s, n)
	}
	late := 0 // answers that this busy machine kept from us
	for _, r := range got {
		if r["Code"] == "client.Timeout" {
			late++
		}
	}
	if bound := int(c.inDoubt()-doubt) + open + late; n["UNKNOWN"] > bound {
		t.Errorf("%d rows UNKNOWN, but only %d calls were in doubt (%d intents open at kills)", n["UNKNOWN"], bound, open)
	}
	c.unknown += n["UNKNOWN"]
	c.live = append(c.live, got...)
	agree(t, c.live, c.sim.bindings())

	// A further run makes no call and gives the same bytes.
	calls, bytesBefore := c.sim.calls(), read(t, out)
	again := spawn(t, dir, args...).wait()
	if again.status != last.status {
		t.Errorf("a further run ended %d, the one before %d\n%s", again.status, last.status, again)
	}
	if n := c.sim.calls() - calls; n != 0 {
		t.Errorf("a further run made %d calls", n)
	}
	if read(t, out) != bytesBefore {
		t.Error("a further run gave other results")
	}
	// Nor does one that was asked to send what failed.
	spawn(t, dir, append(slices.Clone(args), "--resend", "failed")...).wait()
	if n := c.sim.calls() - calls; n != 0 {
		t.Errorf("a run with --resend failed made %d calls", n)
	}
}

// reached waits for the moment of the next kill, most of which lie after the
// first intent of this run. It returns false if the process ended before.
func (c *crashes) reached(p *process, before int64) bool {
	if c.random.IntN(20) == 0 { // while it starts or has just begun
		return after(p, time.Duration(c.random.IntN(60))*time.Millisecond)
	}
	if !p.sooner(func() bool { return hasIntent(memoryOf(c.t), before) }) {
		return false
	}
	return after(p, 15*time.Millisecond+time.Duration(c.random.IntN(170))*time.Millisecond)
}

func after(p *process, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-p.exited:
		return false
	}
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// wholeLines is the size of a file without a torn last line.
func wholeLines(path string) int64 {
	text, _ := os.ReadFile(path)
	return int64(bytes.LastIndexByte(text, '\n') + 1)
}

// hasIntent reports whether a run that began behind an offset has written an
// intent.
func hasIntent(path string, from int64) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	text := make([]byte, 64<<10)
	n, _ := f.ReadAt(text, from)
	run := bytes.Index(text[:n], []byte(" run "))
	return run >= 0 && bytes.Contains(text[run:n], []byte(" intent "))
}

func (c *crashes) inDoubt() (n int64) {
	faults := c.sim.stats().Faults
	for _, kind := range ambiguousFaults {
		n += faults[kind]
	}
	return n
}

// wholeResults reports whether text is a complete results file of that many rows.
func wholeResults(text []byte, rows int) bool {
	return bytes.HasPrefix(text, []byte(bom)) && bytes.Count(text, []byte{'\n'}) == rows+1 && text[len(text)-1] == '\n'
}

// TestCrashNamed is the crash suite for rows that name their X: what a kill or
// a lost answer left open is looked up, and bound again only with that X. In
// the end every row is BOUND: none is UNKNOWN, nor FAILED for a conflict with
// its own binding. (batch.TestCrashPinned does the same thousands of times, by
// a clock that is not real.)
// Beside it, the same for rows that name no X and get one of a list: both wait
// more than they work, and longer than any other test, so they begin before the
// tests that run one after the other have ended.
func TestCrashNamed(t *testing.T) {
	var both sync.WaitGroup
	both.Go(func() { t.Run("named", func(t *testing.T) { crashNamed(t, false) }) })
	both.Go(func() { t.Run("chosen", func(t *testing.T) { crashNamed(t, true) }) })
	t.Parallel()
	both.Wait()
}

// lateCalls is more than the simulator takes to execute a call that it cut
// (drop-late), and less than an absence must stand.
const lateCalls = 15 * time.Second

func crashNamed(t *testing.T, chosen bool) {
	t.Helper()
	kills, rows := 10, 250
	switch {
	case *crashKills > 0:
		kills, rows = *crashKills/10+1, 1500
	case testing.Short() || raced:
		kills, rows = 3, 150
	}
	if chosen && *crashKills == 0 {
		kills = 5 // before each, all that is left asks for a free number
	}
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-crash-seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	weather := append([]string{"http-503@QuerySubsId=0.05", "drop-after@QuerySubscriptionDetail=0.05"}, crashFaults...)
	played, sim := play(t, simulator.Options{
		Numbers: 2 * rows, Latency: 30 * time.Millisecond, Jitter: 30 * time.Millisecond, VisibilityLag: 200 * time.Millisecond,
		QPS: 5000, Seed: int64(seed % 1e9), Faults: faultList(t, weather),
	})
	dir := newFolder(t)
	in := content(0, rows)
	var list []string
	if chosen {
		list = []string{"--x-numbers", write(t, filepath.Join(dir, "numbers.json"), sim.numbers())}
	} else {
		in[0] = append(in[0], "PhoneNoX")
		for i := range rows {
			in[i+1] = append(in[i+1], fmt.Sprint(17100000000+i))
		}
	}
	path := write(t, filepath.Join(dir, "in.csv"), in.String())
	out := filepath.Join(dir, "in.results.csv")
	args := append(sim.bind(path, "--rate", "250", "--timeout", "2s", "--max-failures", "100%"), list...)
	open, aged := 0, false
	for range kills {
		if !aged && *crashKills == 0 && intended(memoryOf(t)) == rows {
			// From here on nothing is sent but rows that were looked up and are
			// not bound. A part of their half minute is taken as over.
			journal := memoryOf(t)
			writeJournal(t, journal, moved(t, read(t, journal), 30*time.Second-lateCalls))
			aged = true
		}
		before := wholeLines(memoryOf(t))
		p := spawn(t, dir, args...)
		if p.sooner(func() bool { return hasIntent(memoryOf(t), before) }) {
			after(p, time.Duration(random.IntN(300))*time.Millisecond)
		}
		p.kill()
		p.wait()
		_, _, n := journalCalls(t, memoryOf(t))
		open += n
	}
	if *crashKills == 0 {
		// An absence must stand half a minute before a row is sent again, and a
		// fault would make it wait again: the weather clears up for the last run.
		if err := played.SetFaults(nil); err != nil {
			t.Fatal(err)
		}
	}
	p := spawn(t, dir, args...)
	p.late = 10 * time.Minute
	got := p.wait()
	rs := results(t, out)
	n := count(rs)
	t.Logf("%d kills (some as rows were sent again: %t), %d intents open at them; %v, %d look-ups and calls", kills, aged, open, n, sim.calls())
	if got.status != 0 || len(rs) != rows || n["BOUND"] != rows {
		t.Errorf("with every X named the job ended with %v\n%s", n, got)
	}
	agree(t, rs, sim.bindings())
	calls := sim.calls()
	if again := spawn(t, dir, args...).wait(); again.status != 0 || sim.calls() != calls {
		t.Errorf("a further run made %d calls\n%s", sim.calls()-calls, again)
	}
}

// intended counts the rows that a journal has an intent of.
func intended(path string) int {
	text, _ := os.ReadFile(path)
	rows := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if row := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "row=") }); row > 0 && words[1] == "intent" {
			rows[words[row]] = true
		}
	}
	return len(rows)
}

// TestCrashWhileWriting kills bind while it writes results: what stands at
// their path is the old file or the new one, whole. Nothing is sent here, so
// that writing is most of what a run does.
func TestCrashWhileWriting(t *testing.T) {
	t.Parallel()
	kills, rows := 16, 8_000
	if testing.Short() || raced {
		kills, rows = 4, 3_000
	}
	sim := simulate(t)
	dir := newFolder(t)
	in := content(0, rows)
	for i := range in[1:] {
		in[i+1][2] = "2020-01-01 00:00:00" // long over: every row is INVALID
	}
	path := write(t, filepath.Join(dir, "in.csv"), in.String())
	out := filepath.Join(dir, "in.results.csv")
	args := func(lang string) []string { return sim.bind(path, "--lang", lang) }

	writing := func() bool {
		for _, f := range files(t, dir) {
			if strings.HasPrefix(f, ".in.results.csv.") && size(filepath.Join(dir, f)) > 0 {
				return true
			}
		}
		return false
	}
	spawn(t, dir, args("en")...).wait().want(t, 3)
	p := spawn(t, dir, args("zh")...)
	took := time.Millisecond
	if p.sooner(writing) {
		began := time.Now()
		p.wait().want(t, 3)
		took = time.Since(began)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, writing takes %v", seed, took)
	random := rand.New(rand.NewPCG(seed, 0))
	old, fresh := 0, 0
	for i := range kills {
		for _, f := range files(t, dir) {
			if strings.HasSuffix(f, ".tmp") {
				os.Remove(filepath.Join(dir, f)) // of the kill before
			}
		}
		before := read(t, out)
		p := spawn(t, dir, args([]string{"en", "zh"}[i%2])...)
		if p.sooner(writing) {
			after(p, time.Duration(random.Int64N(int64(took)*5/4)))
			p.kill()
		}
		p.wait()
		switch text := read(t, out); {
		case text == before:
			old++
		case wholeResults([]byte(text), rows):
			fresh++
		default:
			t.Fatalf("results are neither the old file nor a new one: %d bytes", len(text))
		}
	}
	t.Logf("%d kills: old file %d, new file %d", kills, old, fresh)
	if n := sim.calls(); n != 0 {
		t.Errorf("%d calls for rows that are all INVALID", n)
	}
	spawn(t, dir, args("en")...).wait().want(t, 3)
	wantCounts(t, results(t, out), fmt.Sprintf("INVALID %d", rows))
}
