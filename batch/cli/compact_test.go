package cli_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
	dir := t.TempDir()
	in := write(t, filepath.Join(dir, "in.csv"), input(0, rows).String())
	args := sim.bind(in, "--rate", "1000")
	axgbind(t, args...).want(t, 0)
	journal := filepath.Join(dir, "in.results.csv.journal")
	old := aged(t, read(t, journal))

	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	compacting := func() bool {
		for _, f := range files(t, dir) {
			if strings.HasPrefix(f, ".in.results.csv.journal.") {
				return true
			}
		}
		return size(journal) < int64(len(old))
	}
	write(t, journal, old)
	took := time.Millisecond
	if p := spawn(t, dir, args...); p.sooner(compacting) {
		began := time.Now()
		p.wait().want(t, 0)
		took = time.Since(began)
	}
	kept, replaced := 0, 0
	for range kills {
		write(t, journal, old)
		p := spawn(t, dir, args...)
		if p.sooner(compacting) {
			after(p, time.Duration(random.Int64N(int64(took)*3/2)))
		}
		p.kill()
		p.wait()
		if text := read(t, journal); strings.HasPrefix(text, old) {
			kept++
		} else if replaced++; len(text) > 1<<20 || !strings.HasSuffix(text, "\n") {
			t.Fatalf("the journal is neither the old one nor a new one: %d bytes, had %d", len(text), len(old))
		}
		calls := sim.calls()
		got := spawn(t, dir, args...).wait().want(t, 0)
		if n := sim.calls() - calls; n != 0 {
			t.Fatalf("the run after the kill made %d calls\n%s", n, got)
		}
		if text := read(t, journal); len(text) > 1<<20 || strings.Contains(text, "lapsed") {
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
func aged(t *testing.T, journal string) string {
	t.Helper()
	head, rest, _ := strings.Cut(journal, "\n")
	var header map[string]any
	if err := json.Unmarshal([]byte(head[strings.IndexByte(head, '{'):]), &header); err != nil {
		t.Fatal(err)
	}
	header["created"] = time.Now().AddDate(0, 0, -10)
	text, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	b := &strings.Builder{}
	fmt.Fprintln(b, checksummed("J "+string(text)))
	padding := strings.Repeat("lapsed ", 900)
	for i := 0; b.Len() < 66<<20; i++ {
		key := fmt.Sprintf("%032x", i)
		fmt.Fprintln(b, checksummed(fmt.Sprintf(`I %s 1 {"t":1,"line":%d,"pool":"%s","a":"139%08d","g":"1","exp":"2020-01-01 00:00:00"}`, key, i+2, testPool, i)))
		fmt.Fprintln(b, checksummed(fmt.Sprintf(`O %s 1 BOUND OK {"t":2,"msg":"%s","no":"17100000000","subs":"1"}`, key, padding)))
	}
	b.WriteString(rest)
	return b.String()
}
