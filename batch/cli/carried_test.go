package cli_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/batch/journal"
)

// carried is the journal of the real service, known to a batch of two rows, that was
// carried to another folder since. There it knows of more, if the test goes on there.
type carried struct {
	t     *testing.T
	sim   *service
	dir   string // of inputs
	was   string // where the journal stood
	to    string // the folder that it was carried to
	older string // it, before it was carried
	lock  string // its lock file, likewise
}

// newCarried binds rows 0 and 1, and carries the journal away.
func newCarried(t *testing.T, sim *service) *carried {
	t.Helper()
	c := &carried{t: t, sim: sim, dir: newFolder(t), was: memoryOf(t), to: filepath.Join(newFolder(t), "to")}
	axgbind(t, c.bind("first", 0, 2)...).want(t, 0)
	c.older, c.lock = read(t, c.was), read(t, c.was+".lock")
	axgbind(t, "journal", "copy", c.to).want(t, 0)
	return c
}

// bind is the command that binds n rows.
func (c *carried) bind(name string, from, n int, flags ...string) []string {
	c.t.Helper()
	return c.sim.bind(write(c.t, filepath.Join(c.dir, name+".csv"), content(from, n).String()), flags...)
}

// results are those of a batch.
func (c *carried) results(name string) string { return filepath.Join(c.dir, name+".results.csv") }

// path is where the journal stands now.
func (c *carried) path() string { return filepath.Join(c.to, filepath.Base(c.was)) }

// onceEach checks that nobody has two bindings, and that so many live.
func (c *carried) onceEach(n int) {
	c.t.Helper()
	live := c.sim.bindings()
	bound := map[string]int{}
	for _, b := range live {
		if bound[b.PhoneNoA]++; bound[b.PhoneNoA] == 2 {
			c.t.Errorf("A %s is bound twice", b.PhoneNoA)
		}
	}
	if len(live) != n {
		c.t.Errorf("%d bindings live, want %d", len(live), n)
	}
}

// TestStatusCarried: a journal that was carried away is said to be, though a simulator's
// stands in its folder.
func TestStatusCarried(t *testing.T) {
	t.Parallel()
	c := newCarried(t, simulate(t).real())
	axgbind(t, simulate(t).bind(write(t, filepath.Join(c.dir, "rehearsed.csv"), content(5, 1).String()))...).want(t, 0)
	axgbind(t, "status").want(t, 10).says(t, "was carried to")
}

// TestCopyHere: a journal is not copied to where it is, and no run is blamed for that.
func TestCopyHere(t *testing.T) {
	t.Parallel()
	c := newCarried(t, simulate(t).real())
	before := read(t, c.path())
	for _, more := range [][]string{nil, {"--backup"}} {
		axgbind(t, append([]string{"journal", "copy", "--journal", c.to, c.to}, more...)...).want(t, 10).says(t, "nothing was copied")
	}
	if read(t, c.path()) != before {
		t.Error("the journal changed")
	}
}

// TestCopyOntoNewer: an old copy of a journal that is carried to where the journal
// itself was lost does not make its lock file forget what the lost one knew.
func TestCopyOntoNewer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		backup bool // the copy stays in use
		alone  bool // the copy has no lock file
		killed bool // the last run
		cure   string
	}{
		{name: "carried", cure: "results"},
		{name: "carried, and the newest copy is found", cure: "newest copy"},
		{name: "as a backup", backup: true, cure: "results"},
		{name: "without its lock file", alone: true, cure: "results"},
		{name: "the last run was killed", killed: true, cure: "newest copy"},
		{name: "the last run was killed, a backup", killed: true, backup: true, cure: "newest copy"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "20ms").real()
			c := newCarried(t, sim)
			rows := 3
			if test.killed {
				rows = 400
				p := spawn(t, c.dir, c.bind("second", 2, rows, "--rate", "20", "--journal", c.to)...)
				p.eventually("calls were made", func() bool { _, ended, _ := journalCalls(t, c.path()); return ended > 4 })
				p.kill()
				p.wait()
			} else {
				axgbind(t, c.bind("second", 2, rows, "--journal", c.to)...).want(t, 0)
			}
			newest := read(t, c.path())
			calls := int64(-1)
			more := c.bind("more", 2, rows+1, "--journal", c.to)
			for range 2 { // as a person might who does not see why it is refused
				if err := os.Remove(c.path()); err != nil {
					t.Fatal(err)
				}
				found := filepath.Join(newFolder(t), filepath.Base(c.was))
				write(t, found, c.older)
				if !test.alone {
					write(t, found+".lock", c.lock)
				}
				args := []string{"journal", "copy", "--journal", found, c.to}
				if test.backup {
					args = append(args, "--backup")
				} else {
					axgbind(t, "journal", "check", "--accept", found).want(t, 0) // a person is wrong about it
				}
				axgbind(t, args...).want(t, 0)
				if calls < 0 { // by now those of the killed run have arrived
					calls = sim.calls()
				}
				for range 2 { // a refusal changes nothing
					axgbind(t, more...).want(t, 10).says(t, "second.results.csv")
					axgbind(t, "journal", "check", c.to).want(t, 1).says(t, "second.results.csv")
					axgbind(t, "status", "--journal", c.to).want(t, 0).says(t, "warning: ", "second.results.csv")
				}
			}
			if now := sim.calls(); now != calls {
				t.Fatalf("%d calls", now-calls)
			}
			if test.cure == "newest copy" {
				write(t, c.path(), newest)
			}
			if test.backup && test.cure == "results" { // a backup is not used but by somebody's word
				axgbind(t, more...).want(t, 10)
				axgbind(t, "journal", "check", "--accept", c.to).want(t, 0)
			}
			if test.cure == "results" {
				axgbind(t, sim.bind(c.results("second"), "--journal", c.to)...).want(t, 0)
			}
			if test.killed { // what was on its way then is in doubt
				axgbind(t, "journal", "check", c.to).want(t, 0)
				return
			}
			axgbind(t, more...).want(t, 0)
			c.onceEach(2 + rows + 1)
		})
	}
}

// TestCopyMissing: what one of two journals lacks, for it was put back from an old copy,
// is lacking when one is carried to where the other was lost, whichever knows of more.
func TestCopyMissing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		onto string // of the two
		lost string // the batch that one lacks
	}{
		{"the one that lacks it", "second"},
		{"the other one", "second"},
		{"the one that lacks it", "first"}, // but for how it began
		{"the other one", "first"},
	} {
		t.Run(test.onto+"/"+test.lost, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t).real()
			c := &carried{t: t, sim: sim, dir: newFolder(t), was: memoryOf(t), to: filepath.Join(newFolder(t), "to")}
			axgbind(t, c.bind("first", 0, 2)...).want(t, 0)
			axgbind(t, c.bind("zero", 14, 1)...).want(t, 0)
			axgbind(t, "journal", "copy", "--backup", c.to).want(t, 0)
			old := read(t, c.was)
			from, rows := 2, 3
			if test.lost == "first" {
				from, rows = 0, 5
			}
			axgbind(t, c.bind(test.lost, from, rows)...).want(t, 0)
			write(t, c.was, old)
			axgbind(t, sim.bind(c.results("zero"))...).want(t, 10).says(t, test.lost+".results.csv") // its lock file says now what is missing
			aside := c.was + ".aside"
			if err := os.Rename(c.was, aside); err != nil {
				t.Fatal(err)
			}
			axgbind(t, c.bind("third", 5, 9, "--journal", c.to)...).want(t, 10)
			axgbind(t, "journal", "check", "--accept", c.to).want(t, 0) // a person is wrong about it
			axgbind(t, c.bind("third", 5, 9, "--journal", c.to)...).want(t, 0)
			at, lacks := c.was, []string{test.lost}
			if test.onto == "the other one" {
				at = c.path()
				if err := errors.Join(os.Rename(aside, c.was), os.Remove(at)); err != nil {
					t.Fatal(err)
				}
				axgbind(t, "journal", "copy", c.to).want(t, 10).says(t, "was carried to") // by that word
				return
			} else {
				axgbind(t, "journal", "copy", "--journal", c.to, filepath.Dir(at)).want(t, 0)
			}
			calls := sim.calls()
			all := c.bind("all", 0, 15, "--journal", at)
			for i, batch := range lacks {
				status := 10
				for _, name := range lacks[i:] {
					axgbind(t, all...).want(t, 10).says(t, name+".results.csv")
				}
				if i == len(lacks)-1 {
					status = 0
				}
				axgbind(t, sim.bind(c.results(batch), "--journal", at)...).want(t, status)
			}
			axgbind(t, all...).want(t, 0)
			if now := sim.calls(); now != calls {
				t.Errorf("%d calls", now-calls)
			}
			c.onceEach(15)
		})
	}
}

// TestCarriedBack: a journal may be carried back to where it stood, a copy of it may
// not; where the journal was lost, an old copy lacks what the first place knew.
func TestCarriedBack(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	c := newCarried(t, sim)
	home := filepath.Dir(c.was)
	copied := newFolder(t)
	lay := func(text string) {
		t.Helper()
		write(t, filepath.Join(copied, filepath.Base(c.was)), text)
		write(t, filepath.Join(copied, filepath.Base(c.was)+".lock"), c.lock)
	}
	more := c.bind("more", 0, 6)
	refused := func() {
		t.Helper()
		lay(c.older)
		axgbind(t, "journal", "check", "--accept", copied) // whatever a person says
		for _, args := range [][]string{{copied, home}, {copied, home, "--backup"}, {c.to, home, "--backup"}} {
			before := photograph(t, home)
			axgbind(t, append([]string{"journal", "copy", "--journal"}, args...)...).want(t, 10)
			if after := photograph(t, home); len(after) != len(before) {
				t.Errorf("%q left %v", args, after)
			}
			axgbind(t, more...).want(t, 10).says(t, "was carried to")
		}
	}
	refused() // no run has used it there yet
	axgbind(t, c.bind("second", 2, 3, "--journal", c.to)...).want(t, 0)
	refused()
	further := filepath.Join(newFolder(t), "further")
	axgbind(t, "journal", "copy", "--journal", c.to, further).want(t, 0)
	c.to = further
	refused()
	axgbind(t, "journal", "copy", "--journal", further, home).want(t, 0)
	axgbind(t, c.bind("third", 5, 1)...).want(t, 0)
	axgbind(t, more...).want(t, 0)
	c.onceEach(6)

	c.to = filepath.Join(newFolder(t), "to")
	axgbind(t, "journal", "copy", c.to).want(t, 0)
	if err := os.Remove(c.path()); err != nil {
		t.Fatal(err)
	}
	axgbind(t, "journal", "copy", "--journal", copied, home).want(t, 10)
	axgbind(t, "journal", "check", "--accept", copied).want(t, 0) // a person is wrong about it
	axgbind(t, "journal", "copy", "--journal", copied, home).want(t, 0)
	axgbind(t, c.bind("more", 0, 7)...).want(t, 10).says(t, "second.results.csv", "third.results.csv", "more.results.csv")
	c.onceEach(6)
}

// TestPutBack: where a journal was carried away, no copy of it is used again, whatever
// was tried there before.
func TestPutBack(t *testing.T) {
	t.Parallel()
	c := newCarried(t, simulate(t).real())
	sim := c.sim
	axgbind(t, c.bind("second", 2, 3, "--journal", c.to)...).want(t, 0)
	bind := c.bind("more", 0, 6)
	calls := sim.calls()
	service := []string{"--endpoint", sim.url, "--pool-key", testPool, "--progress", "none"}
	serve := func(args ...string) []string { return append(args, service...) }
	const any = -1 // what becomes of it is told elsewhere
	for _, copied := range []struct{ name, text string }{{"as it was", c.older}, {"as it is there", read(t, c.path())}} {
		for _, test := range []struct {
			args   []string
			status int
		}{
			{bind, 10},
			{append(bind, "--wait", "1m"), 10},
			{append(bind, "--dry-run"), 10},
			{serve("bind", c.results("first")), 10},
			{serve("bind", c.results("second")), 10},
			{serve("unbind", c.results("first"), "--yes"), 10},
			{serve("update", c.results("first"), "--field", "OutId"), 10},
			{serve("reconcile", c.results("first")), any},
			{serve("verify", c.results("first")), 0},
			{[]string{"status"}, 0},
			{[]string{"status", c.results("first")}, 0},
			{[]string{"report", c.results("first")}, 0},
			{[]string{"journal", "check"}, 1},
			{[]string{"journal", "check", "--repair"}, 1},
			{[]string{"journal", "check", "--accept"}, 10},
			{[]string{"journal", "init"}, 10},
			{[]string{"journal", "init", "--another"}, 10},
			{[]string{"journal", "copy", filepath.Join(c.dir, "elsewhere")}, 10},
			{[]string{"journal", "copy", "--backup", filepath.Join(c.dir, "elsewhere")}, 10},
			{[]string{"journal", "forget", "13912345678"}, any},
		} {
			write(t, c.was, copied.text)
			got := axgbind(t, test.args...)
			if test.status != any {
				got.want(t, test.status)
			}
			if test.args[0] == "status" || test.args[0] == "verify" || test.args[0] == "report" || test.args[1] == "check" {
				got.says(t, "was carried to "+c.path())
			}
			for _, again := range [][]string{bind, append(bind, "--wait", "1m")} {
				axgbind(t, again...).want(t, 10).says(t, "was carried to "+c.path())
			}
			if now := sim.calls(); now != calls && test.args[0] != "verify" {
				t.Fatalf("%s, %q: %d calls", copied.name, test.args, now-calls)
			}
			calls = sim.calls() // verify looks
		}
	}
	axgbind(t, append(bind, "--journal", c.to)...).want(t, 0)
	c.onceEach(6)
}

// TestCarriedCopied: of a journal that was carried to another place, neither what was
// left behind nor another copy of the new one is used, wherever it is put.
func TestCarriedCopied(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		used bool // a run has used the new one
		lay  func(c *carried, at string)
		says string
	}{
		{"what was left behind", false, func(c *carried, at string) {
			write(c.t, at, read(c.t, c.was+".moved"))
			write(c.t, at+".lock", read(c.t, c.was+".lock"))
		}, "was carried to"},
		{"what was left behind, without its lock file", false, func(c *carried, at string) { write(c.t, at, read(c.t, c.was+".moved")) }, "is a copy of the journal"},
		{"a copy of the new one", true, func(c *carried, at string) {
			write(c.t, at, read(c.t, c.path()))
			write(c.t, at+".lock", read(c.t, c.path()+".lock"))
		}, "is a copy of the journal"},
		{"a copy of the new one, without its lock file", true, func(c *carried, at string) { write(c.t, at, read(c.t, c.path())) }, "is a copy of the journal"},
		{"a copy of the new one, which no run has used", false, func(c *carried, at string) {
			write(c.t, at, read(c.t, c.path()))
			write(c.t, at+".lock", read(c.t, c.path()+".lock"))
		}, "is a copy of the journal"},
		{"a copy of the new one, which no run has used, without its lock file", false, func(c *carried, at string) { write(c.t, at, read(c.t, c.path())) }, "is a copy of the journal"},
		{"a copy made before", true, func(c *carried, at string) {
			write(c.t, at, c.older)
			write(c.t, at+".lock", c.lock)
		}, "is a copy of the journal"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newCarried(t, simulate(t).real())
			n := 2
			if test.used {
				n = 5
				axgbind(t, c.bind("second", 2, 3, "--journal", c.to)...).want(t, 0)
			}
			at := filepath.Join(newFolder(t), filepath.Base(c.was))
			test.lay(c, at)
			calls := c.sim.calls()
			more := c.bind("more", 0, 6)
			for range 2 {
				axgbind(t, append(more, "--journal", at)...).want(t, 10).says(t, test.says)
				axgbind(t, append(more, "--journal", at, "--wait", "1m")...).want(t, 10).says(t, test.says)
				axgbind(t, "status", "--journal", at).want(t, 0).says(t, "warning: ", test.says)
			}
			if now := c.sim.calls(); now != calls {
				t.Errorf("%d calls", now-calls)
			}
			c.onceEach(n)
			axgbind(t, append(more, "--journal", c.to)...).want(t, 0)
			c.onceEach(6)
		})
	}
}

// TestWaitAdopted: a journal that came from elsewhere without its lock file is refused
// as well by a run that waited for it.
func TestWaitAdopted(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 2).String()))...).want(t, 0)
	was := memoryOf(t)
	at := filepath.Join(newFolder(t), filepath.Base(was))
	if err := os.Rename(was, at); err != nil {
		t.Fatal(err)
	}
	calls := sim.calls()
	more := sim.bind(write(t, filepath.Join(dir, "more.csv"), content(0, 4).String()), "--journal", at)
	wait := append(more, "--wait", patience.String())
	const says = "no lock file beside it"
	for _, empty := range []bool{false, true} { // who has it made a lock file, and wrote none yet
		held := journal.NewFile(at, nil)
		if ok, err := held.Lock(); !ok || err != nil {
			t.Fatal(err)
		}
		if !empty {
			if err := os.Remove(at + ".lock"); err != nil {
				t.Fatal(err)
			}
		}
		p := spawn(t, dir, wait...)
		p.until(p.stderr, "waiting for it")
		if err := held.Close(); err != nil {
			t.Fatal(err)
		}
		p.wait().want(t, 10).says(t, says)
		for _, args := range [][]string{wait, more, wait} { // it waits for nobody; what it left behind lets nobody in
			began := time.Now()
			axgbind(t, args...).want(t, 10).says(t, says)
			if took := time.Since(began); took > patience/2 {
				t.Errorf("refused after %v", took)
			}
		}
	}
	if now := sim.calls(); now != calls {
		t.Errorf("%d calls", now-calls)
	}
	if _, err := os.Stat(was + ".lock"); errors.Is(err, fs.ErrNotExist) {
		t.Fatal("the lock file that was left is gone")
	}
	if err := os.Rename(was+".lock", at+".lock"); err != nil { // the cure
		t.Fatal(err)
	}
	axgbind(t, wait...).want(t, 0)
	if live := sim.bindings(); len(live) != 4 {
		t.Errorf("%d bindings live", len(live))
	}
	if names := strings.Join(files(t, filepath.Dir(at)), " "); strings.Contains(names, "wait-") {
		t.Errorf("left: %s", names)
	}
}

// TestCarriedEmpty: a journal that was carried away before anything was bound has its
// place elsewhere all the same: none is begun at the old one by accident.
func TestCarriedEmpty(t *testing.T) {
	t.Parallel()
	m := newMachine(t) // on which there is no other
	from, to := newFolder(t), newFolder(t)
	m.run("journal", "init", from).want(t, 0)
	m.run("journal", "copy", "--journal", from, to).want(t, 0)
	before := photograph(t, from)
	for range 2 {
		m.run("journal", "init", from).want(t, 10).says(t, "was carried to "+filepath.Join(to, "axgbind.journal"))
	}
	if after := photograph(t, from); !maps.Equal(before, after) {
		t.Errorf("there was %q, and is %q", before, after)
	}
	m.run("journal", "init", "--another", from).want(t, 0) // a person says so
	m.run("journal", "check", from).want(t, 0)
}

// TestCarriedMasked: a run records where its journal stands with stars in the place of
// a phone number; from there, too, a journal is followed to where it was carried.
func TestCarriedMasked(t *testing.T) {
	t.Parallel()
	sim := simulate(t).real()
	dir := newFolder(t)
	from, to, copied := filepath.Join(dir, "13800138000"), filepath.Join(dir, "to"), filepath.Join(dir, "copied")
	axgbind(t, "journal", "init", "--another", from).want(t, 0)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	axgbind(t, sim.bind(in, "--journal", from)...).want(t, 0)
	axgbind(t, "journal", "copy", "--journal", from, to).want(t, 0)
	if err := os.CopyFS(copied, os.DirFS(to)); err != nil {
		t.Fatal(err)
	}
	calls := sim.calls()
	more := sim.bind(write(t, filepath.Join(dir, "more.csv"), content(0, 4).String()), "--journal")
	axgbind(t, append(more, copied)...).want(t, 10).says(t, "is a copy of the journal "+filepath.Join(to, "axgbind.journal"))
	if now := sim.calls(); now != calls {
		t.Errorf("%d calls", now-calls)
	}
	axgbind(t, append(more, to)...).want(t, 0)
}
