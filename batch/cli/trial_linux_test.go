package cli_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestTrialQuestion: the question says what a trial will do at the real service, and
// nothing is done without a yes.
func TestTrialQuestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key    string
		status int
		binds  int64
	}{{"n\n", 10, 0}, {"y\n", 0, 1}} {
		t.Run(strings.TrimSpace(c.key), func(t *testing.T) {
			t.Parallel()
			sim := simulate(t).real()
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
			term := openPTY(t, 200, 60)
			p := term.ask(dir, sim.bind(in, "--trial", "2")...)
			term.shows(`real service with the row on line 2: 1 BindAxg [^?]*2 UpdateSubscription [^?]*1 UnbindSubscription `)
			if n := sim.stats().Actions["BindAxg"]; n != 0 {
				t.Fatalf("%d calls before the answer", n)
			}
			term.press(c.key)
			p.wait()
			screen, _ := term.screen()
			if n := sim.stats().Actions["BindAxg"]; p.status != c.status || n != c.binds || len(sim.bindings()) != 0 {
				t.Errorf("status %d, %d calls, live %v\n%s", p.status, n, sim.bindings(), screen)
			}
		})
	}
}

// TestTrialStopped: a signal ends the looking, not before the binding is released.
func TestTrialStopped(t *testing.T) {
	t.Parallel()
	sim := simulate(t, "--visibility-lag", "1h")
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
	p := spawn(t, "", sim.bind(in, "--trial", "2")...)
	p.eventually("it looked", func() bool { return sim.stats().Actions["QuerySubsId"] > 2 })
	p.signal(syscall.SIGINT)
	got := p.wait().want(t, 130).says(t, "X is released", "not seen  update")
	if live := sim.bindings(); len(live) != 0 || sim.stats().Actions["UpdateSubscription"] != 0 {
		t.Errorf("live %v\n%s", live, got)
	}
	wantCounts(t, results(t, filepath.Join(dir, "in.trial.unbound.csv")), "RELEASED 1")
}
