//go:build unix

package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// heedHangup has the processes that a test starts heed SIGHUP, should the test
// itself run under nohup.
func heedHangup(t *testing.T) {
	t.Helper()
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(c) })
}

// TestHangupTwice: kernel and shell both tell of one lost connection, and systemd
// tells of it behind SIGTERM. The run drains all the same.
func TestHangupTwice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signals []syscall.Signal
		status  int
	}{
		"kernel and shell": {[]syscall.Signal{syscall.SIGHUP, syscall.SIGHUP, syscall.SIGHUP}, 129},
		"systemd":          {[]syscall.Signal{syscall.SIGTERM, syscall.SIGHUP}, 143},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "600ms")
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 400).String())
			heedHangup(t)
			p := spawn(t, dir, sim.bind(in, "--rate", "100")...)
			p.eventually("calls are under way", func() bool { _, ended, open := journalCalls(t, memoryOf(t)); return ended > 5 && open > 0 })
			for i, s := range c.signals {
				if p.signal(s); i == 0 {
					p.until(p.stderr, "second signal")
				}
			}
			got := p.wait().want(t, c.status)
			rs := results(t, filepath.Join(dir, "in.results.csv"))
			if n := count(rs); n["UNKNOWN"] > 0 || n["BOUND"]+n["PENDING"] != 400 {
				t.Errorf("%v\n%s", n, got)
			}
			agree(t, rs, sim.bindings())
		})
	}
}

// TestHangupThenTerminate: a signal behind a hang-up still leaves at once.
func TestHangupThenTerminate(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{})
	dir := newFolder(t)
	heedHangup(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 400).String())
	p := spawn(t, dir, sim.bind(in, "--rate", "100", "--timeout", "25s")...)
	p.eventually("the first calls are answered", func() bool { return sim.stats().Actions["BindAxg"] > 3 })
	if err := played.SetFaults(faultList(t, []string{"slow=1"})); err != nil {
		t.Fatal(err)
	}
	p.eventually("calls are under way", func() bool {
		_, _, open := journalCalls(t, memoryOf(t))
		return open > 3
	})
	p.signal(syscall.SIGHUP)
	p.until(p.stderr, "second signal")
	began := time.Now()
	p.signal(syscall.SIGTERM)
	if got := p.wait().want(t, 143); !strings.Contains(got.stderr, "journal has all that was sent") || time.Since(began) > 5*time.Second {
		t.Errorf("after %v: %s", time.Since(began), got)
	}
}

// TestNohup: whoever is told to ignore hang-ups goes on.
func TestNohup(t *testing.T) {
	t.Parallel()
	sim := simulate(t, "--latency", "50ms")
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 100).String())
	p := prepare(t, dir, nil, nil, sim.bind(in, "--rate", "100")...)
	inShell(t, p, `trap "" HUP; exec "$0" "$@"`)
	p.start()
	p.eventually("calls", func() bool {
		_, ended, _ := journalCalls(t, memoryOf(t))
		return ended > 5
	})
	p.signal(syscall.SIGHUP)
	p.wait().want(t, 0)
	wantCounts(t, results(t, filepath.Join(dir, "in.results.csv")), "BOUND 100")
}

// inShell has a shell do something before it becomes axgbind.
func inShell(t *testing.T, p *process, script string) {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	p.cmd.Args = append([]string{sh, "-c", script, p.cmd.Path}, p.cmd.Args[1:]...)
	p.cmd.Path = sh
}

// TestHangupEverywhere: every command that asks or changes something ends in good
// order with 129, the simulator with 0.
func TestHangupEverywhere(t *testing.T) {
	t.Parallel()
	heedHangup(t)
	const rows = 120
	for _, c := range []struct {
		name  string
		fault string
		first []string // of the bind before; it is done without faults
		args  func(s *service, dir string) []string
		under string // action of the service
	}{
		{name: "update", args: func(s *service, dir string) []string {
			return []string{"update", filepath.Join(dir, "in.results.csv"), "--endpoint", s.url, "--pool-key", testPool, "--field", "OutId", "--rate", "50"}
		}, under: "UpdateSubscription"},
		{name: "unbind", args: func(s *service, dir string) []string {
			return []string{"unbind", filepath.Join(dir, "in.results.csv"), "--endpoint", s.url, "--yes", "--rate", "50"}
		}, under: "UnbindSubscription"},
		{name: "verify", args: func(s *service, dir string) []string {
			return []string{"verify", filepath.Join(dir, "in.results.csv"), "--endpoint", s.url, "--rate", "50"}
		}, under: "QuerySubscriptionDetail"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "100ms")
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
			spawn(t, dir, sim.bind(in, "--rate", "2000")...).wait().want(t, 0)
			args := c.args(sim, dir)
			p := spawn(t, dir, args...)
			p.eventually("calls", func() bool { return sim.stats().Actions[c.under] > 5 })
			p.signal(syscall.SIGHUP)
			got := p.wait().want(t, 129)
			if n := sim.stats().Actions[c.under]; n == rows {
				t.Fatalf("it had ended before\n%s", got)
			}
			spawn(t, dir, args...).wait().want(t, 0)
			if n := sim.stats().Actions[c.under]; n < rows || c.name != "verify" && n != rows {
				t.Errorf("%d calls, want %d", n, rows)
			}
		})
	}
	t.Run("simulate", func(t *testing.T) {
		t.Parallel()
		sim := simulate(t)
		sim.signal(syscall.SIGHUP)
		sim.wait().want(t, 0)
	})
	t.Run("reconcile", func(t *testing.T) { // it waits until the lost calls can be judged
		t.Parallel()
		sim := simulate(t, "--fault", "drop-late=1", "--numbers", "5")
		dir := newFolder(t)
		in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
		spawn(t, dir, sim.bind(in)...).wait().want(t, 4)
		list := write(t, filepath.Join(dir, "list.json"), sim.numbers())
		p := spawn(t, dir, "reconcile", filepath.Join(dir, "in.results.csv"), "--endpoint", sim.url, "--x-numbers", list, "--list-is-complete")
		p.until(p.stderr, "wait")
		began := time.Now()
		p.signal(syscall.SIGHUP)
		if got := p.wait(); got.status != 4 && got.status != 129 || time.Since(began) > 10*time.Second {
			t.Errorf("after %v: %s", time.Since(began), got)
		}
	})
}

// TestHangupWhileLooking: a look-up that has to wait for half a minute ends with
// the signal; its row is UNKNOWN.
func TestHangupWhileLooking(t *testing.T) {
	t.Parallel()
	heedHangup(t)
	sim := simulate(t, "--fault", "system-error=1", "--numbers", "50")
	dir := newFolder(t)
	var free []struct{ SecretNo string }
	sim.get("/simulator/numbers", &free)
	rows := content(0, 3)
	rows[0] = append(rows[0], "PhoneNoX")
	for i := range rows[1:] {
		rows[i+1] = append(rows[i+1], free[i].SecretNo)
	}
	in := write(t, filepath.Join(dir, "in.csv"), rows.String())
	p := spawn(t, dir, sim.bind(in)...)
	p.eventually("look-ups", func() bool { return sim.stats().Actions["QuerySubsId"] >= 3 })
	began := time.Now()
	p.signal(syscall.SIGHUP)
	got := p.wait()
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("it took %v", took)
	}
	if n := count(results(t, filepath.Join(dir, "in.results.csv"))); n["UNKNOWN"] != 3 || got.status != 4 && got.status != 129 {
		t.Errorf("%v\n%s", n, got)
	}
}

// TestHangupWhileReading: a signal while a big input is read ends the command at
// once, and nothing is left behind.
func TestHangupWhileReading(t *testing.T) {
	t.Parallel()
	heedHangup(t)
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 400000).String())
	before := files(t, memory(t))
	p := spawn(t, dir, sim.bind(in)...)
	p.eventually("its journal", func() bool { return strings.Contains(memoryOf(t), "simulated-") && size(memoryOf(t)) > 0 })
	p.signal(syscall.SIGHUP)
	got := p.wait().want(t, 129)
	if n := sim.calls(); n > 0 {
		t.Skipf("it had begun: %d calls", n)
	}
	if left := files(t, dir); fmt.Sprint(left) != "[in.csv]" {
		t.Errorf("left %v\n%s", left, got)
	}
	if left := files(t, memory(t)); fmt.Sprint(left) != fmt.Sprint(before) {
		t.Errorf("left %v beside the journal\n%s", left, got)
	}
}
