package cli_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
)

// clocks is a machine on whose clock nobody relies: each run may meet the same service,
// which has another time.
type clocks struct {
	*nightly
	t     *testing.T
	group string
}

// meets makes the service's time differ from the machine's from now on. One that is
// strict refuses calls that are off by more than the 15 minutes of the real one.
func (c *clocks) meets(ahead time.Duration, strict bool) {
	o := simulator.Options{Numbers: 600, Instance: instance, Clock: ahead, Seed: 41, SubsIDOffset: uint64(time.Since(time.Unix(0, 0)).Seconds())}
	if !strict {
		o.ClockSkew = 10 * 365 * night
	}
	service, err := simulator.New(o)
	if err != nil {
		c.t.Fatal(err)
	}
	door := simulator.NewInProcess(service)
	c.t.Cleanup(func() {
		door.Close()
		service.Close()
	})
	c.service, c.line.dial = service, door.DialContext
}

// bind binds ten rows of a file that end at a time, and returns how many calls that
// took, and look-ups.
func (c *clocks) bind(name string, ends time.Time, status int, more ...string) (o outcome, binds, looks int64) {
	c.t.Helper()
	text := "PhoneNoA,GroupId,Expiration\n"
	for i := range 10 {
		text += phone(i) + "," + c.group + "," + inBeijing(ends) + "\n"
	}
	write(c.t, c.file(name), text)
	before := c.service.Stats().Actions
	o = c.run(append([]string{"bind", c.file(name), "--pool-key", testPool}, more...)...).want(c.t, status)
	after := c.service.Stats().Actions
	return o, after["BindAxg"] - before["BindAxg"], after["QuerySubsId"] - before["QuerySubsId"]
}

func (c *clocks) knows() bool { return strings.Contains(read(c.t, c.journal()), phone(0)) }

func withClocks(t *testing.T, do func(t *testing.T, c *clocks)) {
	t.Parallel()
	began := make(chan os.Signal, 1) // the runtime's goroutine for signals begins in real time
	signal.Notify(began, os.Interrupt)
	signal.Stop(began)
	synctest.Test(t, func(t *testing.T) {
		c := &clocks{nightly: newNightly(t), t: t, group: "2000000000001"}
		delete(c.env, "AXGBIND_KEEP")
		do(t, c)
	})
}

const left = "10 rows that ended over 30 days ago left the journal"

// TestClockAhead: a run whose clock is far ahead drops nothing from the journal and
// binds nothing twice, whether the service refuses its calls for that or, since the
// clock was set right meanwhile, takes them.
func TestClockAhead(t *testing.T) {
	withClocks(t, func(t *testing.T, c *clocks) {
		ends := time.Now().Add(10 * night)
		c.bind("a.csv", ends, 0)
		time.Sleep(60 * night) // by this machine's clock
		later := time.Now().Add(700 * night)
		for _, strict := range []bool{true, false} {
			c.meets(-60*night, strict)
			if o, binds, looks := c.bind("b.csv", later, 3); binds != 0 || looks != 1 || strings.Contains(o.stderr, "left the journal") || !c.knows() {
				t.Errorf("strict %v: %d calls, %d look-ups, known %v\n%s", strict, binds, looks, c.knows(), o)
			}
		}
		// What a plan alone would do needs no answer, and drops nothing either.
		c.run("bind", c.file("b.csv"), "--pool-key", testPool, "--dry-run")
		c.run("status", "--journal", c.journal())
		if !c.knows() {
			t.Error("a command that only looks dropped rows")
		}
	})
}

// TestClockRight: after a long time without a run, what has lapsed leaves the journal
// and its rows are bound anew by the first run. That asks the service for its time
// once, and later runs need not.
func TestClockRight(t *testing.T) {
	withClocks(t, func(t *testing.T, c *clocks) {
		c.bind("a.csv", time.Now().Add(10*night), 0)
		time.Sleep(20 * night)
		later := time.Now().Add(700 * night)
		if o, binds, looks := c.bind("b.csv", later, 0); binds != 10 || looks != 1 || !strings.Contains(o.stderr, "  1 look-ups\n") || strings.Contains(o.stderr, "left the journal") {
			t.Errorf("%d calls, %d look-ups\n%s", binds, looks, o)
		}
		if o, binds, looks := c.bind("b.csv", later, 0); binds != 0 || looks != 0 {
			t.Errorf("the run after: %d calls, %d look-ups\n%s", binds, looks, o)
		}
		time.Sleep(40 * night)
		if o, binds, looks := c.bind("b.csv", later, 0); binds != 0 || looks != 1 || !strings.Contains(o.stderr, left) {
			t.Errorf("when rows leave: %d calls, %d look-ups\n%s", binds, looks, o)
		}
		if o, _, looks := c.bind("b.csv", later, 0); looks != 0 || !c.knows() {
			t.Errorf("the run after that: %d look-ups\n%s", looks, o)
		}
		c.group = "2000000000002"
		c.bind("c.csv", time.Now().Add(10*night), 0)
		c.group = "2000000000003"
		c.bind("d.csv", time.Now().Add(50*night), 0)
		time.Sleep(60 * night)
		if o, binds, looks := c.bind("e.csv", later, 0); binds != 10 || looks != 1 || !strings.Contains(o.stderr, left) {
			t.Errorf("when some rows leave, and others have lapsed: %d calls, %d look-ups\n%s", binds, looks, o)
		}
	})
}

// TestClockUntil: a run whose --until has passed does not ask the service for its time.
func TestClockUntil(t *testing.T) {
	withClocks(t, func(t *testing.T, c *clocks) {
		c.bind("a.csv", time.Now().Add(10*night), 0)
		time.Sleep(60 * night)
		past := time.Now().Add(-time.Second).Format(time.RFC3339)
		if o, binds, looks := c.bind("b.csv", time.Now().Add(700*night), 3, "--until", past); binds != 0 || looks != 0 || !c.knows() {
			t.Errorf("%d calls, %d look-ups, known %v\n%s", binds, looks, c.knows(), o)
		}
	})
}

// TestClockBehind: nothing lapses sooner for a clock that is behind, and once that is
// right, all goes on.
func TestClockBehind(t *testing.T) {
	withClocks(t, func(t *testing.T, c *clocks) {
		c.meets(60*night, false)
		c.bind("a.csv", time.Now().Add(70*night), 0)
		time.Sleep(5 * night) // 65 of the service's
		later := time.Now().Add(700 * night)
		if o, binds, _ := c.bind("b.csv", later, 3); binds != 0 {
			t.Errorf("%d calls\n%s", binds, o)
		}
		time.Sleep(67 * night)
		if o, binds, _ := c.bind("b.csv", later, 0); binds != 10 {
			t.Errorf("lapsed by both clocks: %d calls\n%s", binds, o)
		}
	})
}

// TestClockRelative: a row that ends "+10d" is bound anew, in one run, when its binding
// has lapsed by the service's time. While that is so by this machine's clock alone, it is
// held, and is told of the clock and not of a time that has passed; the word for another
// brings it no further where the service refuses the clock.
func TestClockRelative(t *testing.T) {
	withClocks(t, func(t *testing.T, c *clocks) {
		write(t, c.file("r.csv"), "PhoneNoA,GroupId\n13800138000,1\n13800138001,1\n")
		run := func(status int, more ...string) (o outcome, binds, looks int64) {
			t.Helper()
			before := c.service.Stats().Actions
			o = c.run(append([]string{"bind", c.file("r.csv"), "--pool-key", testPool, "--default", "Expiration=+10d"}, more...)...).want(t, status)
			after := c.service.Stats().Actions
			return o, after["BindAxg"] - before["BindAxg"], after["QuerySubsId"] - before["QuerySubsId"]
		}
		run(0)
		free := endsAt(11 * night)
		time.Sleep(60 * night)
		held := func(what string, wantLooks int64) {
			t.Helper()
			for _, when := range []string{"refuse", "skip", "renew"} {
				o, binds, looks := run(3, "--when-bound", when)
				o.says(t, "rows held back because their place is, or may be, taken: 2")
				if !strings.Contains(o.atEnd(), free[:16]) || !strings.Contains(o.atEnd(), "set the clock") || strings.Contains(o.atEnd(), "another") || binds != 0 || looks != wantLooks {
					t.Errorf("%s, %s: %d calls, %d look-ups\n%s", what, when, binds, looks, o)
				}
				for _, r := range c.results("r.results.csv") {
					if r["Status"] != "HELD" || r["SubsId"] == "" || !strings.Contains(r["Action"], free[:16]) || !strings.Contains(r["Action"], "set the clock") {
						t.Errorf("%s: %v", what, r)
					}
				}
			}
		}
		right, dial := c.service, c.line.dial
		for _, strict := range []bool{false, true} {
			c.meets(-60*night, strict)
			held("the clock is ahead", 1)
		}
		if _, binds, _ := run(7, "--when-bound", "another"); binds == 0 {
			t.Error("with a person's word it does not ask")
		}
		c.service, c.line.dial = right, dial
		if err := right.SetFaults(faultList(t, []string{"drop-before@QuerySubsId=1"})); err != nil {
			t.Fatal(err)
		}
		held("the service does not tell its time", 1)
		if err := right.SetFaults(nil); err != nil {
			t.Fatal(err)
		}
		if o, binds, looks := run(0); binds != 2 || looks != 1 || len(right.Bindings()) != 2 {
			t.Errorf("when the service tells: %d calls, %d look-ups\n%s", binds, looks, o)
		}
	})
}

// TestClockUntold: while the service does not tell its time, what this machine's clock
// calls lapsed holds its rows back and stays in the journal, and that is said.
func TestClockUntold(t *testing.T) {
	withClocks(t, func(t *testing.T, c *clocks) {
		c.bind("a.csv", time.Now().Add(10*night), 0)
		time.Sleep(60 * night)
		later := time.Now().Add(700 * night)
		if err := c.service.SetFaults(faultList(t, []string{"drop-before@QuerySubsId=1"})); err != nil {
			t.Fatal(err)
		}
		o, binds, looks := c.bind("b.csv", later, 3)
		if o.says(t, "did not tell its time"); binds != 0 || looks != 1 || strings.Contains(o.stderr, "left the journal") || !c.knows() {
			t.Errorf("untold: %d calls, %d look-ups, known %v\n%s", binds, looks, c.knows(), o)
		}
		if err := c.service.SetFaults(nil); err != nil {
			t.Fatal(err)
		}
		if o, binds, _ := c.bind("b.csv", later, 0); binds != 10 || !strings.Contains(o.stderr, left) {
			t.Errorf("told: %d calls\n%s", binds, o)
		}
	})
}

// TestClockForgets: no number of a binding that has lapsed by this machine's clock alone
// is forgotten; once a run has heard the service's time, it is. The cure that is printed
// is such a run.
func TestClockForgets(t *testing.T) {
	withClocks(t, func(t *testing.T, c *clocks) {
		c.bind("a.csv", time.Now().Add(10*night), 0)
		time.Sleep(60 * night)
		forget := []string{"journal", "forget", phone(0), "--journal", c.journal()}
		o := c.run(forget...).want(t, 10).says(t, "by this machine's clock")
		if !c.knows() {
			t.Fatal("the number was forgotten")
		}
		_, cure, _ := strings.Cut(o.stderr, "end that first: ")
		cure, _, _ = strings.Cut(cure, "\n")
		if !strings.HasPrefix(cure, "axgbind reconcile ") {
			t.Fatalf("no cure in\n%s", o)
		}
		c.env["AXGBIND_KEEP"] = "400d" // else the cure lets the row leave
		c.run(append(strings.Fields(cure)[1:], "--pool-key", testPool)...).want(t, 0)
		if c.run(forget...).want(t, 0); c.knows() {
			t.Error("the number is still there")
		}
	})
}

// TestClockLostJournal: results that name bindings which the journal does not know are
// not replaced because those have ended by this machine's clock.
func TestClockLostJournal(t *testing.T) {
	withClocks(t, func(t *testing.T, c *clocks) {
		ends := time.Now().Add(10 * night)
		c.bind("a.csv", ends, 0)
		if err := os.RemoveAll(filepath.Dir(c.journal())); err != nil {
			t.Fatal(err)
		}
		later := time.Now().Add(700 * night)
		c.bind("b.csv", later, 0) // begins another
		time.Sleep(5 * night)
		c.bind("a.csv", later, 10)
		time.Sleep(60 * night)
		elsewhere := []string{"-o", c.file("elsewhere.csv")}
		right := c.service
		c.meets(-60*night, false)
		if o, _, _ := c.bind("a.csv", later, 10); !strings.Contains(o.stderr, "a.results.csv") {
			t.Errorf("refused for something else:\n%s", o)
		}
		c.bind("a.csv", later, 10, elsewhere...) // beside the input they count as well
		door := simulator.NewInProcess(right)
		t.Cleanup(func() { door.Close() })
		c.service, c.line.dial = right, door.DialContext
		for i, more := range [][]string{elsewhere, nil} { // the first hears the time for both
			if o, _, looks := c.bind("a.csv", later, 0, more...); looks != int64(1-i) {
				t.Errorf("%q: %d look-ups\n%s", more, looks, o)
			}
		}
	})
}
