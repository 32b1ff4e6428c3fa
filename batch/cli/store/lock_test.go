package store_test

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

	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
)

// TestNoJournal: no run begins the journal of the real service by itself, and a lost
// one is told from one that never was.
func TestNoJournal(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	path := filepath.Join(dir, "axgbind.journal")
	want := func(says ...string) {
		t.Helper()
		before := photograph(dir)
		_, err := openFor(path, false, false, true)
		if !refused(err) {
			t.Fatalf("%v", err)
		}
		for _, text := range says {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("no %q in %v", text, err)
			}
		}
		if after := photograph(dir); fmt.Sprint(after) != fmt.Sprint(before) {
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
	_, err := openFor(path, false, false, false)
	if !refused(err) {
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
	j, err := openFor(path, false, false, true)
	if err != nil || len(j.Missing()) != 2 {
		t.Fatalf("with results as input: %v", err)
	}
	j.Close() // refused for another reason
	if j, err = openFor(path, false, false, true); err != nil || len(j.Missing()) != 2 {
		t.Fatalf("the second time: %v", err)
	}
	begin(t, j, "b2")
	if was, err := j.Brought("results of b2"); !was || err != nil {
		t.Errorf("%v, %v", was, err)
	}
	if err := j.End(runEnd("b2")); err != nil {
		t.Fatal(err)
	}
	j.Close()
	if _, err = openFor(path, false, false, false); !refused(err) || strings.Contains(err.Error(), "b2") || !strings.Contains(err.Error(), "b3") {
		t.Fatalf("one of two was brought: %v", err)
	}
	if j, err = openFor(path, false, false, true); err != nil {
		t.Fatal(err)
	}
	begin(t, j, "b3")
	if was, err := j.Brought("results of b3"); !was || err != nil || len(j.Missing()) > 0 {
		t.Errorf("%v, %v", was, err)
	}
	j.Close()
	if j, err = openFor(path, false, false, false); err != nil {
		t.Fatalf("all were brought: %v", err)
	}
	j.Close()

	other := begun(t, newFolder(t), "x1")
	write(t, path, read(t, other))
	if _, err = openFor(path, false, false, false); !refused(err) || !strings.Contains(err.Error(), "not the one") || !strings.Contains(err.Error(), "b3") {
		t.Errorf("another journal: %v", err)
	}
}

// TestKinds: a real run takes no simulated journal, nor the reverse.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, simulated := range []bool{false, true} {
		path := filepath.Join(newFolder(t), "axgbind.journal")
		j, err := openFor(path, true, simulated, false)
		if err != nil {
			t.Fatal(err)
		}
		j.Begun = true
		j.Close()
		if _, err := openFor(path, true, !simulated, false); !refused(err) {
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
		j, err := openFor(path, false, false, false)
		if err != nil {
			t.Fatal(err)
		}
		want := func(says ...string) {
			t.Helper()
			_, err := openFor(path, false, false, false)
			if !locked(err) {
				t.Fatalf("%v", err)
			}
			for _, text := range says {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("no %q in %v", text, err)
				}
			}
		}
		want("a run that has sent nothing yet", "run the same command again")
		begin(t, j, "b2")
		host, _ := os.Hostname()
		want(fmt.Sprint("pid ", os.Getpid()), host, "batch b2", "input /in/b2.csv", "400 of 400 rows left")
		time.Sleep(time.Minute)
		j.Left(150, 2.5)
		want("150 of 400 rows left, about 1m0s")
		j.Close()
		again, err := openFor(path, false, false, false)
		if err != nil {
			t.Fatalf("after a kill: %v", err)
		}
		again.Close()
	})
}

// TestWaitJournal: a run waits for the journal as long as it was told to, one run of
// each batch, and not beyond a signal.
func TestWaitJournal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir := newFolder(t)
		path := begun(t, dir, "b1")
		if free, said, err := waitFor(t.Context(), path, 0, "x.csv"); err != nil || said != "" {
			t.Fatalf("nobody has it: %q, %v", said, err)
		} else if err := free(); err != nil {
			t.Error(err)
		}
		j, err := openFor(path, false, false, false)
		if err != nil {
			t.Fatal(err)
		}
		begin(t, j, "b2")
		const trying = 100 * time.Millisecond // File.Lock tries for nearly so long
		start := time.Now()
		if _, said, err := waitFor(t.Context(), path, 0, "x.csv"); !locked(err) || said != "" || time.Since(start) > trying {
			t.Errorf("without --wait: %v after %v", err, time.Since(start))
		}
		start = time.Now()
		if _, _, err := waitFor(t.Context(), path, 10*time.Second, "x.csv"); !locked(err) || time.Since(start) < 10*time.Second || time.Since(start) > 10*time.Second+trying {
			t.Errorf("in vain: %v after %v", err, time.Since(start))
		}
		start = time.Now()
		var all sync.WaitGroup
		for _, results := range []string{"x.csv", "y.csv"} {
			all.Go(func() {
				free, said, err := waitFor(t.Context(), path, time.Hour, results)
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
			if _, _, err := waitFor(stopped, path, time.Hour, "z.csv"); err == nil || time.Since(start) > 2*time.Second {
				t.Errorf("after a signal: %v after %v", err, time.Since(start))
			}
		})
		time.Sleep(time.Second)
		if _, _, err := waitFor(t.Context(), path, time.Hour, "x.csv"); !locked(err) || time.Since(start) > time.Second+trying || !strings.Contains(err.Error(), "waits for it already") {
			t.Errorf("a second run of the batch: %v after %v", err, time.Since(start))
		}
		stop()
		time.Sleep(time.Minute - time.Since(start))
		j.Close()
		all.Wait()
		if took := time.Since(start); took < 3*time.Minute || took > 3*time.Minute+2*time.Second {
			t.Errorf("both had it after %v", took)
		}
		for _, name := range files.Names(dir) {
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
				if _, _, err := waitFor(t.Context(), path, time.Millisecond, "x.csv"); !locked(err) {
					t.Errorf("%v", err)
				}
			}
		})
	}
	all.Wait()
	for _, name := range files.Names(dir) {
		if strings.HasPrefix(name, "wait-") {
			t.Errorf("%s was left", name)
		}
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
			refused, err := openFor(path, true, false, false)
			if err != nil {
				t.Fatal(err)
			}
			refused.Close()
			if left := slices.DeleteFunc(files.Names(dir), mark); !slices.Equal(left, test.before) {
				t.Errorf("a run that did nothing left %q, want %q", left, test.before)
			}
			refused.Close() // nobody has it
			another, err := openFor(path, true, false, false)
			if err != nil {
				t.Fatal(err)
			}
			begin(t, another, "b2")
			has := []string{"axgbind.journal", "axgbind.journal.lock", "axgbind.journal.reserve"}
			refused.Close()
			if have := slices.DeleteFunc(files.Names(dir), mark); !slices.Equal(have, has) {
				t.Errorf("the run that has it finds %q, want %q", have, has)
			}
			if _, err := openFor(path, true, false, false); !locked(err) {
				t.Errorf("it is let in beside another: %v", err)
			}
			if err := another.End(runEnd("b2")); err != nil {
				t.Error(err)
			}
			another.Close()
			refused.Close() // what is left
			if have := slices.DeleteFunc(files.Names(dir), mark); !slices.Equal(have, has[:2]) {
				t.Errorf("left: %q, want %q", have, has[:2])
			}
		})
	}
}
