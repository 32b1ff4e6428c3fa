package cli_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli"
	"axgbind/batch/journal"
)

// begun makes a journal with a run of each batch, and returns its path.
func begun(t testing.TB, dir string, batches ...string) string {
	t.Helper()
	path := filepath.Join(dir, "axgbind.journal")
	for _, b := range batches {
		runOf(t, path, b)
	}
	return path
}

// runOf records a run of a batch.
func runOf(t testing.TB, path, name string) {
	t.Helper()
	j, err := cli.OpenFor(path, true, false, true)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, j, name)
	if err := j.End(runEnd(name)); err != nil {
		t.Fatal(err)
	}
	j.Shut()
}

// runEnd is the end of a run that wrote results.
func runEnd(of string) books.RunEnd { return books.RunEnd{Run: "r", Digest: "results of " + of} }

func begin(t testing.TB, j *cli.Opened, name string) {
	t.Helper()
	if err := j.Begin(books.RunStart{Run: "r", Batch: name, Input: "/in/" + name + ".csv", Results: "/in/" + name + ".results.csv", Rows: 400, Start: time.Now()}); err != nil {
		t.Fatal(err)
	}
	j.Recorded()
}

// TestNoJournal: no run begins the journal of the real service by itself, and a lost
// one is told from one that never was.
func TestNoJournal(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	path := filepath.Join(dir, "axgbind.journal")
	want := func(says ...string) {
		t.Helper()
		before := photograph(t, dir)
		_, err := cli.OpenFor(path, false, false, true)
		if cli.StatusOf(err) != 10 {
			t.Fatalf("%v", err)
		}
		for _, text := range says {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("no %q in %v", text, err)
			}
		}
		if after := photograph(t, dir); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("it left %v", after)
		}
	}
	want("there is no journal at", "axgbind journal init")
	write(t, path, strings.Repeat("\x00", 300)) // begun when the power went
	want("there is no journal at", "axgbind journal init")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	begun(t, dir, "b1")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	want("is gone", "2 records", "axgbind journal init --another")
	write(t, path, "")
	want("is gone", "2 records", "axgbind journal init --another")
}

// TestOldCopy: an old copy of the journal is refused with the batches that it lacks,
// and taken again when the results of each were brought.
func TestOldCopy(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	path := begun(t, dir, "b1")
	old := read(t, path)
	runOf(t, path, "b2")
	runOf(t, path, "b3")
	write(t, path, old)
	_, err := cli.OpenFor(path, false, false, false)
	if cli.StatusOf(err) != 10 {
		t.Fatalf("%v", err)
	}
	for _, text := range []string{"has 2 records, and once had 6", "b2", "b3", "axgbind bind /in/b2.results.csv; axgbind bind /in/b3.results.csv"} {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("no %q in %v", text, err)
		}
	}
	if strings.Contains(err.Error(), "b1") {
		t.Errorf("it names a batch that is there: %v", err)
	}
	j, err := cli.OpenFor(path, false, false, true)
	if err != nil || len(j.Missing()) != 2 {
		t.Fatalf("with results as input: %v", err)
	}
	j.Shut() // refused for another reason
	if j, err = cli.OpenFor(path, false, false, true); err != nil || len(j.Missing()) != 2 {
		t.Fatalf("the second time: %v", err)
	}
	begin(t, j, "b2")
	if was, err := j.BroughtBy("results of b2"); !was || err != nil {
		t.Errorf("%v, %v", was, err)
	}
	if err := j.End(runEnd("b2")); err != nil {
		t.Fatal(err)
	}
	j.Shut()
	if _, err = cli.OpenFor(path, false, false, false); cli.StatusOf(err) != 10 || strings.Contains(err.Error(), "b2") || !strings.Contains(err.Error(), "b3") {
		t.Fatalf("one of two was brought: %v", err)
	}
	if j, err = cli.OpenFor(path, false, false, true); err != nil {
		t.Fatal(err)
	}
	begin(t, j, "b3")
	if was, err := j.BroughtBy("results of b3"); !was || err != nil || len(j.Missing()) > 0 {
		t.Errorf("%v, %v", was, err)
	}
	j.Shut()
	if j, err = cli.OpenFor(path, false, false, false); err != nil {
		t.Fatalf("all were brought: %v", err)
	}
	j.Shut()

	other := begun(t, newFolder(t), "x1")
	write(t, path, read(t, other))
	if _, err = cli.OpenFor(path, false, false, false); cli.StatusOf(err) != 10 || !strings.Contains(err.Error(), "not the one") || !strings.Contains(err.Error(), "b3") {
		t.Errorf("another journal: %v", err)
	}
}

// TestKinds: a real run takes no simulated journal, nor the reverse.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, simulated := range []bool{false, true} {
		path := filepath.Join(newFolder(t), "axgbind.journal")
		j, err := cli.OpenFor(path, true, simulated, false)
		if err != nil {
			t.Fatal(err)
		}
		j.Recorded()
		j.Shut()
		if _, err := cli.OpenFor(path, true, !simulated, false); cli.StatusOf(err) != 10 {
			t.Errorf("simulated %v: %v", simulated, err)
		}
	}
}

// TestHeld: a second run ends at once and says who has the journal, and how long it
// will take.
func TestHeld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := begun(t, newFolder(t), "b1")
		j, err := cli.OpenFor(path, false, false, false)
		if err != nil {
			t.Fatal(err)
		}
		want := func(says ...string) {
			t.Helper()
			_, err := cli.OpenFor(path, false, false, false)
			if cli.StatusOf(err) != 11 {
				t.Fatalf("%v", err)
			}
			for _, text := range says {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("no %q in %v", text, err)
				}
			}
		}
		want("a run that has sent nothing yet", "--wait")
		begin(t, j, "b2")
		host, _ := os.Hostname()
		want(fmt.Sprint("pid ", os.Getpid()), host, "batch b2", "input /in/b2.csv", "400 of 400 rows left")
		time.Sleep(time.Minute)
		j.Left(150, 2.5)
		want("150 of 400 rows left, about 1m0s")
		j.Shut()
		again, err := cli.OpenFor(path, false, false, false)
		if err != nil {
			t.Fatalf("after a kill: %v", err)
		}
		again.Shut()
	})
}

// TestWaitJournal: a run waits for the journal as long as it was told to, one run of
// each batch, and not beyond a signal.
func TestWaitJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir := newFolder(t)
		path := begun(t, dir, "b1")
		if free, said, err := cli.WaitFor(t.Context(), path, 0, "x.csv"); err != nil || said != "" {
			t.Fatalf("nobody has it: %q, %v", said, err)
		} else if err := free(); err != nil {
			t.Error(err)
		}
		j, err := cli.OpenFor(path, false, false, false)
		if err != nil {
			t.Fatal(err)
		}
		begin(t, j, "b2")
		const trying = 100 * time.Millisecond // File.Lock tries for nearly so long
		start := time.Now()
		if _, said, err := cli.WaitFor(t.Context(), path, 0, "x.csv"); cli.StatusOf(err) != 11 || said != "" || time.Since(start) > trying {
			t.Errorf("without --wait: %v after %v", err, time.Since(start))
		}
		start = time.Now()
		if _, _, err := cli.WaitFor(t.Context(), path, 10*time.Second, "x.csv"); cli.StatusOf(err) != 11 || time.Since(start) < 10*time.Second || time.Since(start) > 10*time.Second+trying {
			t.Errorf("in vain: %v after %v", err, time.Since(start))
		}
		start = time.Now()
		var all sync.WaitGroup
		for _, results := range []string{"x.csv", "y.csv"} {
			all.Go(func() {
				free, said, err := cli.WaitFor(t.Context(), path, time.Hour, results)
				if err != nil || !strings.Contains(said, "batch b2") || time.Since(start) < time.Minute {
					t.Errorf("%s: %v after %v, said %q", results, err, time.Since(start), said)
					return
				}
				time.Sleep(time.Minute)
				if err := free(); err != nil {
					t.Error(err)
				}
			})
		}
		stopped, stop := context.WithCancel(t.Context())
		all.Go(func() {
			if _, _, err := cli.WaitFor(stopped, path, time.Hour, "z.csv"); err == nil || time.Since(start) > 2*time.Second {
				t.Errorf("after a signal: %v after %v", err, time.Since(start))
			}
		})
		time.Sleep(time.Second)
		if _, _, err := cli.WaitFor(t.Context(), path, time.Hour, "x.csv"); cli.StatusOf(err) != 11 || time.Since(start) > time.Second+trying || !strings.Contains(err.Error(), "waits for it already") {
			t.Errorf("a second run of the batch: %v after %v", err, time.Since(start))
		}
		stop()
		time.Sleep(time.Minute - time.Since(start))
		j.Shut()
		all.Wait()
		if took := time.Since(start); took < 3*time.Minute || took > 3*time.Minute+2*time.Second {
			t.Errorf("both had it after %v", took)
		}
		for _, name := range files(t, dir) {
			if strings.HasPrefix(name, "wait-") {
				t.Errorf("%s was left", name)
			}
		}
	})
}

// TestWaitLockDeleted: of many runs of one batch one waits, whoever removes the lock
// by which they know of each other.
func TestWaitLockDeleted(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	path := begun(t, dir, "b1")
	held := journal.NewFile(path, nil)
	if ok, err := held.Lock(); !ok || err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for range 30 {
				if _, _, err := cli.WaitFor(t.Context(), path, time.Millisecond, "x.csv"); cli.StatusOf(err) != 11 {
					t.Errorf("%v", err)
				}
			}
		})
	}
	all.Wait()
	for _, name := range files(t, dir) {
		if strings.HasPrefix(name, "wait-") {
			t.Errorf("%s was left", name)
		}
	}
}

// TestHolderLeft: how many rows a run has left is told as it goes.
func TestHolderLeft(t *testing.T) {
	t.Parallel()
	const rows, rate = 150, 50
	sim := simulate(t).real()
	dir := newFolder(t)
	p := spawn(t, dir, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, rows).String()), "--rate", fmt.Sprint(rate))...)
	lock := filepath.Join(memory(t), "axgbind.journal.lock")
	p.eventually("most rows were sent", func() bool {
		sent := int(sim.stats().Actions["BindAxg"]) // of before: the file may say more
		f, err := os.Open(lock)
		if err != nil {
			return false
		}
		defer f.Close()
		s, _ := journal.ReadLock(f)
		if s.Holder == nil {
			return false
		}
		if told := rows - s.Holder.Left; told < sent-2*rate || s.Holder.Rows != rows {
			t.Errorf("%d sent, and %+v", sent, s.Holder)
		}
		return sent > 2*rate+rate/2
	})
	p.kill()
}

// TestBroughtEnds: a run that only brought in what a restored journal lacks, and was
// refused for what is missing besides, did not die.
func TestBroughtEnds(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	path := memoryOf(t)
	old := read(t, path)
	for i, name := range []string{"a", "b"} {
		axgbind(t, sim.bind(write(t, filepath.Join(dir, name+".csv"), content(2*i, 2).String()))...).want(t, 0)
	}
	write(t, path, old)
	axgbind(t, sim.bind(filepath.Join(dir, "a.results.csv"))...).want(t, 10).says(t, "b.results.csv")
	if got := axgbind(t, "status").want(t, 0).says(t, "with status 10"); strings.Contains(got.stdout, "killed") {
		t.Errorf("%s", got)
	}
	axgbind(t, sim.bind(filepath.Join(dir, "b.results.csv"))...).want(t, 0)
	if n := sim.stats().Actions["BindAxg"]; n != 4 {
		t.Errorf("%d calls", n)
	}
}

// TestShutTwice: a journal that was closed is others' from then on: closing it once
// more takes nothing away from the run that has it by now.
func TestShutTwice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		first  func(t *testing.T, path string) // what stands there before
		before []string                        // files that its run leaves
	}{
		{"a journal that it began", func(*testing.T, string) {}, nil},
		{"one without a lock file", func(t *testing.T, path string) {
			runOf(t, path, "b1")
			if err := os.Remove(path + ".lock"); err != nil {
				t.Fatal(err)
			}
		}, []string{"axgbind.journal"}},
		{"one with a lock file", func(t *testing.T, path string) { runOf(t, path, "b1") }, []string{"axgbind.journal", "axgbind.journal.lock"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := newFolder(t)
			path := filepath.Join(dir, "axgbind.journal")
			mark := func(name string) bool { return strings.Contains(name, ".at-") } // how far it had come
			test.first(t, path)
			refused, err := cli.OpenFor(path, true, false, false)
			if err != nil {
				t.Fatal(err)
			}
			refused.Shut()
			if left := slices.DeleteFunc(files(t, dir), mark); !slices.Equal(left, test.before) {
				t.Errorf("a run that did nothing left %q, want %q", left, test.before)
			}
			refused.Shut() // nobody has it
			another, err := cli.OpenFor(path, true, false, false)
			if err != nil {
				t.Fatal(err)
			}
			begin(t, another, "b2")
			has := []string{"axgbind.journal", "axgbind.journal.lock", "axgbind.journal.reserve"}
			refused.Shut()
			if have := slices.DeleteFunc(files(t, dir), mark); !slices.Equal(have, has) {
				t.Errorf("the run that has it finds %q, want %q", have, has)
			}
			if _, err := cli.OpenFor(path, true, false, false); cli.StatusOf(err) != 11 {
				t.Errorf("it is let in beside another: %v", err)
			}
			if err := another.End(runEnd("b2")); err != nil {
				t.Error(err)
			}
			another.Shut()
			refused.Shut() // what is left
			if have := slices.DeleteFunc(files(t, dir), mark); !slices.Equal(have, has[:2]) {
				t.Errorf("left: %q, want %q", have, has[:2])
			}
		})
	}
}
