package cli_test

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestResultsBeside: where the journal's folder was put back from a backup, lock file
// and all, results beside the input tell what the journal does not know, whatever -o
// says.
func TestResultsBeside(t *testing.T) {
	t.Parallel()
	s := simulate(t)
	dir := newFolder(t)
	first := write(t, filepath.Join(dir, "first.csv"), content(0, 1).String())
	in := write(t, filepath.Join(dir, "in.csv"), content(1, 4).String())
	axgbind(t, s.bind(first)...).want(t, 0)
	path := memoryOf(t)
	old, lock := read(t, path), read(t, path+".lock")
	axgbind(t, s.bind(in)...).want(t, 0)
	write(t, path, old)
	write(t, path+".lock", lock)
	marks, _ := filepath.Glob(path + ".at-*") // it fails on a bad pattern only
	for _, mark := range marks {
		remove(t, mark)
	}
	before := s.calls()
	axgbind(t, s.bind(in, "-o", filepath.Join(dir, "other.csv"))...).want(t, 10).says(t, "in.results.csv are beside the input")
	if now := s.calls(); now != before {
		t.Errorf("%d calls", now-before)
	}
	axgbind(t, s.bind(filepath.Join(dir, "in.results.csv"))...).want(t, 0)
	axgbind(t, s.bind(in, "-o", filepath.Join(dir, "other.csv"))...).want(t, 0)
	if now := s.calls(); now != before {
		t.Errorf("%d calls", now-before)
	}
}

// TestJournalCopied: a copy of a journal that is still in use is refused, with its lock
// file and without; where the journal was moved, it goes on.
func TestJournalCopied(t *testing.T) {
	t.Parallel()
	s := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	more := write(t, filepath.Join(dir, "more.csv"), content(0, 5).String())
	axgbind(t, s.bind(in)...).want(t, 0)
	path, calls := memoryOf(t), s.calls()
	for _, locked := range []bool{true, false} {
		copied := newFolder(t)
		write(t, filepath.Join(copied, filepath.Base(path)), read(t, path))
		if locked {
			write(t, filepath.Join(copied, filepath.Base(path)+".lock"), read(t, path+".lock"))
		}
		axgbind(t, s.bind(more, "--journal", copied)...).want(t, 10).says(t, "is a copy of the journal "+path)
	}
	if now := s.calls(); now != calls {
		t.Errorf("%d calls", now-calls)
	}
	moved := newFolder(t)
	for _, ending := range []string{"", ".lock"} {
		if err := os.Rename(path+ending, filepath.Join(moved, filepath.Base(path)+ending)); err != nil {
			t.Fatal(err)
		}
	}
	axgbind(t, s.bind(more, "--journal", moved)...).want(t, 0)
	if live := s.bindings(); len(live) != 5 {
		t.Errorf("%d bindings live", len(live))
	}
}

// TestLookedAt: a plan over a journal that no run would use ends as the run would, and
// what only looks at it warns and goes on.
func TestLookedAt(t *testing.T) {
	t.Parallel()
	s := simulate(t)
	dir := t.TempDir()
	first := write(t, filepath.Join(dir, "first.csv"), content(0, 2).String())
	second := write(t, filepath.Join(dir, "second.csv"), content(2, 3).String())
	results := func(of string) string { return filepath.Join(dir, of+".results.csv") }
	axgbind(t, s.bind(first)...).want(t, 0)
	path := memoryOf(t)
	old := read(t, path)
	axgbind(t, s.bind(second)...).want(t, 0)
	whole, lock := read(t, path), read(t, path+".lock")
	name := filepath.Base(path)
	moved := strings.Replace(strings.TrimSpace(lock), `"batches"`, `"moved":"/elsewhere","batches"`, 1)
	for _, c := range []struct {
		name, journal, lock string
		copied              bool   // it stands elsewhere, and the first is still in use
		gone                bool   // the first is not there any more
		says                string // blank: a run would use it
	}{
		{name: "in use", journal: whole, lock: lock},
		{name: "old", journal: old, lock: lock, says: "what these batches sent is not certain"},
		{name: "carried away", journal: whole, lock: moved, says: "was carried to /elsewhere"},
		{name: "a copy", journal: whole, lock: lock, copied: true, says: "is a copy of the journal"},
		{name: "without its lock file", journal: whole, copied: true, gone: true, says: "no lock file beside it"},
	} {
		at := path
		write(t, path, whole)
		write(t, path+".lock", lock)
		if c.copied {
			at = filepath.Join(t.TempDir(), name)
		}
		write(t, at, c.journal)
		if c.lock != "" {
			write(t, at+".lock", c.lock)
		}
		if c.gone {
			for _, ending := range []string{"", ".lock"} {
				if err := os.Remove(path + ending); err != nil {
					t.Fatal(err)
				}
			}
		}
		journal := []string{"--journal", at}
		if !c.copied {
			journal = nil
		}
		service := []string{"--endpoint", s.url, "--pool-key", testPool, "--progress", "none"}
		run := func(args ...string) outcome { return axgbind(t, append(args, journal...)...) }
		serve := func(args ...string) outcome { return run(append(args, service...)...) }
		looks := map[string]outcome{
			"status": axgbind(t, "status", "--journal", at), "status --json": axgbind(t, "status", "--json", "--journal", at),
			"status BATCH": run("status", results("first")), "report": run("report", results("first")),
			"verify": serve("verify", results("first")),
		}
		for what, o := range looks {
			if o.want(t, 0); strings.Contains(o.stderr, "warning: ") != (c.says != "") || !strings.Contains(o.stderr, c.says) || strings.Count(o.stderr, "warning: ") > 1 {
				t.Errorf("%s, %s: %s", c.name, what, o)
			}
		}
		calls := s.calls()
		status := 10
		if c.says == "" {
			status = 0
		}
		plans := map[string]outcome{
			"bind": serve("bind", second, "--dry-run"), "unbind": serve("unbind", results("first")),
		}
		for what, o := range plans {
			if o.want(t, status); !strings.Contains(o.stderr, c.says) || strings.Contains(o.stderr, "warning: ") {
				t.Errorf("%s, %s: %s", c.name, what, o)
			}
		}
		if now := s.calls(); now != calls {
			t.Errorf("%s: plans made %d calls", c.name, now-calls)
		}
		if c.says != "" { // as the run ends
			serve("bind", second).want(t, 10).says(t, c.says)
		}
		if c.name == "old" { // the results bring what is missing
			serve("bind", results("second"), "--dry-run").want(t, 0)
			serve("bind", results("first"), "--dry-run").want(t, 10)
		}
	}
}

// TestCopies: whatever becomes of the folder of the journal, no run goes on with a copy
// unless a person says that it is the newest; then it does. What was only renamed goes on.
func TestCopies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		// do changes the folder once a first batch was bound; at is where the journal is to
		// be used then, blank for where it was. between binds a further batch, where the
		// flags say.
		do     func(t *testing.T, dir string, between func(flags ...string)) (at string)
		says   string // why it is refused; blank: it goes on
		brings bool   // results are recorded all the same
		accept string // what stands before the command of a person's word
		first  bool   // nothing was bound before
	}{
		"the lock file is gone": {do: func(t *testing.T, dir string, _ func(...string)) string {
			remove(t, lockIn(t, dir))
			return ""
		}, says: "no lock file beside it"},
		"the lock file is empty": {do: func(t *testing.T, dir string, _ func(...string)) string {
			write(t, lockIn(t, dir), "")
			return ""
		}, says: "no lock file beside it"},
		"an old journal, and no lock file": {do: func(t *testing.T, dir string, between func(...string)) string {
			path := strings.TrimSuffix(lockIn(t, dir), ".lock")
			old := read(t, path)
			between()
			write(t, path, old)
			remove(t, path+".lock")
			return ""
		}, says: "no lock file beside it"},
		"renamed": {do: func(t *testing.T, dir string, _ func(...string)) string {
			rename(t, dir, dir+"-2")
			return dir + "-2"
		}},
		"renamed, and a link left": {do: func(t *testing.T, dir string, _ func(...string)) string {
			rename(t, dir, dir+"-2")
			if err := os.Symlink(dir+"-2", dir); err != nil {
				t.Skip(err)
			}
			return ""
		}},
		"copied": {do: func(t *testing.T, dir string, _ func(...string)) string {
			copyFolder(t, dir, dir+"-2")
			rename(t, dir, dir+"-old")
			return dir + "-2"
		}, says: "is a copy of the one that was in use at "},
		"copied, and the first one's journal moved away": {do: func(t *testing.T, dir string, between func(...string)) string {
			copyFolder(t, dir, dir+"-2")
			between()
			path := strings.TrimSuffix(lockIn(t, dir), ".lock")
			rename(t, path, path+".away")
			return dir + "-2"
		}, says: "is a copy of the one that was in use at "},
		"copied and renamed, used in turn": {do: func(t *testing.T, dir string, between func(...string)) string {
			copyFolder(t, dir, dir+"-2")
			rename(t, dir, dir+"-3")
			between("--journal", dir+"-3")
			return dir + "-2"
		}, says: "is a copy of the one that was in use at "},
		"put back": {do: func(t *testing.T, dir string, between func(...string)) string {
			copyFolder(t, dir, dir+"-2")
			between()
			remove(t, dir)
			rename(t, dir+"-2", dir)
			return ""
		}, says: "was put back", brings: true},
		"its old contents put back": {do: func(t *testing.T, dir string, between func(...string)) string {
			was := map[string]string{}
			for _, name := range files(t, dir) {
				was[name] = read(t, filepath.Join(dir, name))
			}
			between()
			for name, text := range was {
				write(t, filepath.Join(dir, name), text)
			}
			return ""
		}, says: "what was sent since is not known", brings: true, accept: "then "},
		"its old contents put back, and what came since deleted": {do: func(t *testing.T, dir string, between func(...string)) string {
			was := map[string]string{}
			for _, name := range files(t, dir) {
				was[name] = read(t, filepath.Join(dir, name))
			}
			between()
			for _, name := range files(t, dir) {
				if _, stood := was[name]; !stood {
					remove(t, filepath.Join(dir, name))
				}
			}
			for name, text := range was {
				write(t, filepath.Join(dir, name), text)
			}
			return ""
		}, says: "was put back", brings: true},
		"copied before anything was bound": {do: func(t *testing.T, dir string, between func(...string)) string {
			copyFolder(t, dir, dir+"-2")
			between()
			remove(t, dir)
			rename(t, dir+"-2", dir)
			return ""
		}, says: "was put back", brings: true, first: true},
		"renamed, and a copy put in its place": {do: func(t *testing.T, dir string, _ func(...string)) string {
			rename(t, dir, dir+"-2")
			copyFolder(t, dir+"-2", dir)
			return dir + "-2"
		}},
		"put back from a backup": {do: func(t *testing.T, dir string, between func(...string)) string {
			axgbind(t, "journal", "copy", "--backup", "--journal", strings.TrimSuffix(lockIn(t, dir), ".lock"), dir+"-2").want(t, 0)
			between()
			for _, name := range files(t, dir+"-2") {
				text := read(t, filepath.Join(dir+"-2", name))
				to := filepath.Join(dir, strings.Replace(name, "axgbind.journal", filepath.Base(strings.TrimSuffix(lockIn(t, dir), ".lock")), 1))
				remove(t, to)
				write(t, to, text)
			}
			return ""
		}, says: "what was sent since is not known", brings: true, accept: "then "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := simulate(t)
			if c.first {
				s = s.real()
			}
			dir := newFolder(t)
			var inputs []string
			for i := range 3 {
				inputs = append(inputs, write(t, filepath.Join(dir, string(rune('a'+i))+".csv"), content(3*i, 3).String()))
			}
			state := filepath.Join(newFolder(t), "state")
			bind := func(in string, flags ...string) outcome {
				return axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": state}, "", s.bind(in, flags...)...)
			}
			if c.first {
				axgbind(t, "journal", "init", "--another", state).want(t, 0)
			} else {
				bind(inputs[0]).want(t, 0)
			}
			at := c.do(t, state, func(flags ...string) { bind(inputs[1], flags...).want(t, 0) })
			if at == "" {
				at = state
			}
			calls := s.calls()
			for _, args := range [][]string{s.bind(inputs[2]), s.bind(inputs[2], "--dry-run")} {
				o := axgbind(t, append(args, "--journal", at)...)
				if c.says == "" {
					o.want(t, 0)
				} else {
					o.want(t, 10).says(t, c.says)
				}
			}
			if c.says == "" {
				return
			}
			if now := s.calls(); now != calls {
				t.Fatalf("%d calls", now-calls)
			}
			results := filepath.Join(dir, "a.results.csv")
			if _, err := os.Stat(filepath.Join(dir, "b.results.csv")); err == nil {
				results = filepath.Join(dir, "b.results.csv")
			}
			brought := axgbind(t, s.bind(results, "--journal", at)...).want(t, 10)
			o := axgbind(t, s.bind(inputs[2], "--journal", at)...).want(t, 10).says(t, c.says)
			accept := command(t, o, cmp.Or(c.accept, "confirm it: "))
			if c.brings {
				brought.says(t, "what these results say is recorded now")
			}
			if now := s.calls(); now != calls {
				t.Fatalf("%d calls", now-calls)
			}
			axgbind(t, accept...).want(t, 0)
			axgbind(t, s.bind(inputs[2], "--journal", at)...).want(t, 0)
			if c.brings { // its rows are known, whatever the file
				axgbind(t, s.bind(inputs[1], "--journal", at, "-o", filepath.Join(dir, "other.csv"))...).want(t, 0)
			}
			if n := len(s.bindings()); n != 9 && n != 6 && n != 3 {
				t.Errorf("%d bindings live", n)
			}
		})
	}
}

// lockIn is the lock file of the only journal in a folder.
func lockIn(t testing.TB, dir string) string {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(dir, "*.journal.lock")) // it fails on a bad pattern only
	if len(found) != 1 {
		t.Fatalf("%d lock files in %q", len(found), files(t, dir))
	}
	return found[0]
}

func remove(t testing.TB, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func rename(t testing.TB, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// copyFolder copies a folder of files.
func copyFolder(t testing.TB, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// TestNumberedCopied: where the folder of a journal has a phone number for its name,
// which the journal keeps only masked, a copy is refused all the same while the first is
// in use; where the journal was moved, it goes on.
func TestNumberedCopied(t *testing.T) {
	t.Parallel()
	for _, name := range numbered {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := simulate(t)
			dir := newFolder(t)
			first := filepath.Join(newFolder(t), name)
			if err := os.Mkdir(first, 0o700); err != nil {
				t.Fatal(err)
			}
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
			more := write(t, filepath.Join(dir, "more.csv"), content(0, 5).String())
			axgbind(t, s.bind(in, "--journal", first)...).want(t, 0)
			base := files(t, first)[0]
			text, lock, calls := read(t, filepath.Join(first, base)), read(t, filepath.Join(first, base+".lock")), s.calls()
			if strings.Contains(text, name) || !strings.Contains(text, "138****8000") {
				t.Fatalf("not masked in the journal:\n%s", text)
			}
			for _, locked := range []bool{true, false} {
				copied := newFolder(t)
				write(t, filepath.Join(copied, base), text)
				if locked {
					write(t, filepath.Join(copied, base+".lock"), lock)
				}
				o := axgbind(t, s.bind(more, "--journal", copied)...).want(t, 10).says(t, "is a copy of the journal "+filepath.Dir(first))
				if !strings.Contains(o.stderr, "138****8000") {
					t.Errorf("%s", o)
				}
			}
			if now := s.calls(); now != calls {
				t.Errorf("%d calls", now-calls)
			}
			moved := filepath.Join(filepath.Dir(first), "moved")
			if err := os.Rename(first, moved); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(first, 0o700); err != nil { // where it was, another one was begun
				t.Fatal(err)
			}
			beginMemory(t, first)
			if err := os.Rename(filepath.Join(first, "axgbind.journal"), filepath.Join(first, base)); err != nil {
				t.Fatal(err)
			}
			axgbind(t, s.bind(more, "--journal", moved)...).want(t, 0)
			if live := s.bindings(); len(live) != 5 {
				t.Errorf("%d bindings live", len(live))
			}
		})
	}
}
