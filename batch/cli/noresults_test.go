package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// killedEarly is a batch in.csv of three rows, one of them UNKNOWN, whose run was killed
// before it wrote results.
func killedEarly(t *testing.T, dir string) (sim *service, played *simulator.Service, in, id string) {
	t.Helper()
	played, sim = play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
	in = filepath.Join(dir, "in.csv")
	axgbind(t, sim.bind(write(t, in, content(0, 2).String()))...).want(t, 0)
	if err := played.SetFaults(faultList(t, []string{"drop-after@BindAxg=1"})); err != nil {
		t.Fatal(err)
	}
	axgbind(t, sim.bind(write(t, in, content(0, 3).String()), "--retries", "0")...).want(t, 4)
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	text := read(t, memoryOf(t))
	text = rewrittenWithoutEnds(t, text)
	writeJournal(t, memoryOf(t), text)
	if err := os.Remove(filepath.Join(dir, "in.results.csv")); err != nil {
		t.Fatal(err)
	}
	return sim, played, in, batchOf(t, filepath.Join(dir, "in.results.csv"))
}

// rewrittenWithoutEnds is a journal none of whose runs told its end.
func rewrittenWithoutEnds(t testing.TB, text string) string {
	t.Helper()
	b := &strings.Builder{}
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) < 2 || words[1] != "end" {
			b.WriteString(line)
		}
	}
	return b.String()
}

// TestHeldByKilled: rows that are held back by a batch which was killed before it wrote
// results name a command that works, by the batch's id and by the path of its results.
func TestHeldByKilled(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"id", "path", "row"} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			dir := newFolder(t)
			sim, _, in, id := killedEarly(t, dir)
			out := filepath.Join(dir, "in.results.csv")
			other := write(t, filepath.Join(dir, "other.csv"), read(t, in))
			held := axgbind(t, sim.bind(other)...).want(t, 3).says(t, "held=1", "already=2")
			command := commandIn(t, held.atEnd(), "axgbind ")
			switch by {
			case "path":
				command = []string{"reconcile", out, "--endpoint", sim.url}
			case "row":
				for _, r := range results(t, filepath.Join(dir, "other.results.csv")) {
					if r.status() == "HELD" {
						command = append(commandIn(t, r["Action"], "axgbind "), "--endpoint", sim.url)
					}
				}
			}
			if by != "path" && command[1] != id {
				t.Errorf("%q names a file that was never written", command)
			}
			axgbind(t, command...).want(t, 4).says(t, "batch "+id+" has no results at "+out, "in.csv")
			wantCounts(t, results(t, out), "BOUND 2, UNKNOWN 1")

			// The list of X numbers settles it, and the rows that it held back go on.
			writeJournal(t, memoryOf(t), moved(t, read(t, memoryOf(t)), time.Minute))
			list := write(t, filepath.Join(dir, "numbers.json"), sim.numbers())
			axgbind(t, append(command, "--x-numbers", list, "--list-is-complete")...).want(t, 0)
			axgbind(t, sim.bind(other)...).want(t, 0).says(t, "already=3")
			if n := len(sim.bindings()); n != 3 {
				t.Errorf("%d live", n)
			}
		})
	}
}

// TestNoInputEither: where the input is gone, is another or was standard input, what
// can be done is said, and it works.
func TestNoInputEither(t *testing.T) {
	t.Parallel()
	t.Run("gone", func(t *testing.T) {
		t.Parallel()
		dir := newFolder(t)
		sim, _, in, id := killedEarly(t, dir)
		text := read(t, in)
		if err := os.Remove(in); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"reconcile", "verify", "update"} {
			o := axgbind(t, command, id, "--endpoint", sim.url).want(t, 10).says(t, "its input "+in+" is not there", "SHA-256")
			write(t, in, text)
			axgbind(t, commandIn(t, o.stderr, "and then: axgbind ")...).want(t, 4)
			for _, path := range []string{in, filepath.Join(dir, "in.results.csv")} {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
	t.Run("changed", func(t *testing.T) {
		t.Parallel()
		dir := newFolder(t)
		sim, _, in, id := killedEarly(t, dir)
		write(t, in, content(0, 4).String())
		out := filepath.Join(dir, "in.results.csv")
		o := axgbind(t, "reconcile", id, "--endpoint", sim.url).want(t, 10).says(t, "its input "+in+" is not what it was")
		if _, err := os.Stat(out); err == nil {
			t.Error("it wrote results of another input")
		}
		axgbind(t, commandIn(t, o.stderr, "written anew: axgbind ")...).want(t, 4).says(t, "bound=3", "unknown=1")
		wantCounts(t, results(t, out), "BOUND 3, UNKNOWN 1")
	})
	t.Run("standard input", func(t *testing.T) {
		t.Parallel()
		dir := newFolder(t)
		sim := simulate(t)
		out := filepath.Join(dir, "r.csv")
		rows := content(0, 2).String()
		axgbindWith(t, nil, rows, sim.bind("-", "-o", out)...).want(t, 0)
		id := batchOf(t, out)
		if err := os.Remove(out); err != nil {
			t.Fatal(err)
		}
		o := axgbind(t, "verify", id, "--endpoint", sim.url).want(t, 10).says(t, "standard input")
		if strings.Contains(o.stderr, "put its input back") {
			t.Errorf("nobody can\n%s", o)
		}
		axgbindWith(t, nil, rows, commandIn(t, o.stderr, "written anew: axgbind ")...).want(t, 0)
		axgbind(t, "verify", id, "--endpoint", sim.url).want(t, 0)
		if err := os.Remove(out); err != nil {
			t.Fatal(err)
		}
		axgbind(t, sim.bind(write(t, filepath.Join(dir, "other.csv"), content(9, 1).String()), "-o", out)...).want(t, 0)
		axgbind(t, "verify", id, "--endpoint", sim.url).want(t, 10).says(t, "only the console")
	})
}

// TestPathTaken: a batch to whose results another batch wrote since is reached by its id,
// and gets results of its own beside them.
func TestPathTaken(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	out := filepath.Join(dir, "r.csv")
	in := write(t, filepath.Join(dir, "a.csv"), content(0, 2).String())
	axgbind(t, sim.bind(in, "-o", out)...).want(t, 0)
	id := batchOf(t, out)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "b.csv"), content(10, 3).String()), "-o", out)...).want(t, 0)
	later := read(t, out)
	axgbind(t, "verify", id, "--endpoint", sim.url).want(t, 0).says(t, "2 rows BOUND: 2 equal")
	o := axgbind(t, "update", id, "--pool-key", testPool, "--endpoint", sim.url).want(t, 10).says(t, "has no results at "+out)
	axgbind(t, commandIn(t, o.stderr, "run this again: axgbind ")...).want(t, 0)
	beside := filepath.Join(dir, "r."+id+".csv")
	wantCounts(t, results(t, beside), "BOUND 2")
	if read(t, out) != later {
		t.Error("the results of the later batch were replaced")
	}
	axgbind(t, "update", id, "--pool-key", testPool, "--endpoint", sim.url).want(t, 0)
	axgbind(t, "unbind", id, "--yes", "--endpoint", sim.url).want(t, 0).says(t, "released=2")
	if n := len(sim.bindings()); n != 3 {
		t.Errorf("%d live", n)
	}
}

// TestUnbindOfNoFile: the bindings of a batch whose results are gone are released by its
// id alone: that is what the plan says to type, and a second time there is nothing left.
func TestUnbindOfNoFile(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	sim, _, _, id := killedEarly(t, dir)
	service := []string{"--endpoint", sim.url, "--progress", "none", "-o", filepath.Join(dir, "unbound.csv")}
	unbind := append([]string{"unbind", id}, service...)
	axgbind(t, append(unbind, "--lines", "2", "--yes")...).want(t, 10) // of which file?
	o := axgbind(t, unbind...).want(t, 4).says(t, "2 to release", "1 UNKNOWN rows", "axgbind reconcile "+id)
	command := commandIn(t, o.stderr, "release them:\n  axgbind ")
	if line := strings.Join(command, " "); !strings.Contains(line, " "+id) || strings.Contains(line, id+".csv") {
		t.Errorf("%s", o)
	}
	axgbind(t, command...).want(t, 4).says(t, "released=2", "axgbind reconcile "+id)
	axgbind(t, command...).want(t, 4).says(t, "no known binding", "1 UNKNOWN rows", "axgbind reconcile "+id)

	writeJournal(t, memoryOf(t), moved(t, read(t, memoryOf(t)), time.Minute))
	list := write(t, filepath.Join(dir, "numbers.json"), sim.numbers())
	axgbind(t, "reconcile", id, "--endpoint", sim.url, "--x-numbers", list, "--list-is-complete").want(t, 0)
	axgbind(t, append(unbind, "--yes")...).want(t, 0).says(t, "1 to release", "released=3")
	if live := sim.bound(); len(live) != 0 {
		t.Errorf("live %v", live)
	}
}

// TestReleasedAlready: a second unbind by the id of a batch ends well.
func TestReleasedAlready(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 2).String()))...).want(t, 0)
	id := batchOf(t, out)
	if err := os.Remove(out); err != nil {
		t.Fatal(err)
	}
	unbind := []string{"unbind", id, "--yes", "--endpoint", sim.url, "-o", filepath.Join(dir, "unbound.csv")}
	axgbind(t, unbind...).want(t, 0).says(t, "released=2")
	axgbind(t, unbind...).want(t, 0).says(t, "released already")
	axgbind(t, "unbind", id, "--endpoint", sim.url, "-o", filepath.Join(dir, "unbound.csv")).want(t, 0).says(t, "released already")
}

// TestOwnerWithoutResults: what a batch may have renewed that was killed before it wrote
// results is settled by the command that is shown: the bind of its input. Where another
// batch wrote to the place of its results, the reconcile of its id gives it others first.
func TestOwnerWithoutResults(t *testing.T) {
	t.Parallel()
	for _, taken := range []bool{false, true} {
		t.Run(fmt.Sprintf("taken=%v", taken), func(t *testing.T) {
			t.Parallel()
			played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
			dir := newFolder(t)
			first := write(t, filepath.Join(dir, "first.csv"), content(0, 2).String())
			second := write(t, filepath.Join(dir, "second.csv"), strings.ReplaceAll(content(0, 2).String(), expiration, soon(60*24*time.Hour)))
			out := filepath.Join(dir, "second.results.csv")
			axgbind(t, sim.bind(first)...).want(t, 0)
			if err := played.SetFaults(faultList(t, []string{"drop-before@UpdateSubscription=1"})); err != nil {
				t.Fatal(err)
			}
			axgbind(t, sim.bind(second, "--when-bound", "renew", "--retries", "0")...).want(t, 5)
			if err := played.SetFaults(nil); err != nil {
				t.Fatal(err)
			}
			id := batchOf(t, out)
			writeJournal(t, memoryOf(t), rewrittenWithoutEnds(t, moved(t, read(t, memoryOf(t)), time.Minute)))
			if err := os.Remove(out); err != nil {
				t.Fatal(err)
			}
			if taken {
				axgbind(t, sim.bind(write(t, filepath.Join(dir, "third.csv"), content(9, 1).String()), "-o", out)...).want(t, 0)
			}
			service := []string{"--endpoint", sim.url, "--progress", "none"}
			unbind := append([]string{"unbind", filepath.Join(dir, "first.results.csv")}, service...)
			o := axgbind(t, unbind...).want(t, 3).says(t, "left alone: 2 rows", "batch "+id, "may have renewed")
			command := commandIn(t, o.stderr, "run that batch again first: axgbind ")
			if !taken {
				if line := strings.Join(command, " "); !strings.Contains(line, second+" -o "+out) {
					t.Errorf("%q", line)
				}
				axgbind(t, append(command, service...)...).want(t, 0).says(t, "2 rows renewed")
			} else {
				axgbind(t, append(command, service...)...)
				o := axgbind(t, unbind...).want(t, 3)
				axgbind(t, append(commandIn(t, o.stderr, "run that batch again first: axgbind "), service...)...).want(t, 0).says(t, "2 rows renewed")
			}
			o = axgbind(t, append(unbind, "--yes")...).want(t, 3).says(t, "left alone: 2 rows", "--renewed")
			if strings.Contains(o.stderr, "may have renewed") {
				t.Errorf("it is not settled\n%s", o)
			}
			axgbind(t, append(append(commandIn(t, o.stderr, "): axgbind "), "--yes"), service...)...).want(t, 0).says(t, "released=2")
		})
	}
}
