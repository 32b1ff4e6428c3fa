//go:build unix

package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"axgbind/batch/ledger"
)

// under starts a run whose service holds calls back, and waits until some are answered
// and some are under way.
func under(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	heedHangup(t)
	p := spawn(t, dir, args...)
	p.eventually("calls are under way", func() bool { _, ended, open := journalCalls(t, memoryOf(t)); return ended > 5 && open > 0 })
	return p
}

// TestSignals: the first SIGTERM, SIGINT or SIGHUP drains, and the same command
// then finishes the job.
func TestSignals(t *testing.T) {
	t.Parallel()
	for sig, status := range map[syscall.Signal]int{syscall.SIGTERM: 143, syscall.SIGINT: 130, syscall.SIGHUP: 129} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "100ms")
			dir := newFolder(t)
			const rows = 400
			in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
			letGo := sim.hold(8)
			out, sum := filepath.Join(dir, "in.results.csv"), filepath.Join(dir, "sum.json")
			args := sim.bind(in, "--rate", "100", "--timeout", "2s", "--summary", sum)
			p := under(t, dir, args...)
			began := time.Now()
			if err := p.cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			letGo()
			got := p.wait().want(t, status)
			if took := time.Since(began); took > 7*time.Second {
				t.Errorf("draining took %v, want at most --timeout and 5 s", took)
			}
			if !strings.HasPrefix(got.atEnd(), fmt.Sprintf("status %d: ", status)) || !strings.Contains(got.atEnd(), "axgbind bind") {
				t.Errorf("at the end %q", got.atEnd())
			}
			rs := results(t, out)
			n := count(rs)
			if len(rs) != rows || n["BOUND"] == 0 || n["PENDING"] == 0 || n["BOUND"]+n["PENDING"] != rows {
				t.Errorf("after the signal: %v", n)
			}
			agree(t, rs, sim.bindings())
			if _, _, open := journalCalls(t, memoryOf(t)); open != 0 {
				t.Errorf("%d intents are open after draining", open)
			}
			s := summaryOf(t, sum)
			if want := map[int]string{143: "terminate", 130: "interrupt", 129: "hangup"}[status]; s.StopReason != want || s.ExitStatus != status {
				t.Errorf("summary: %q, status %d", s.StopReason, s.ExitStatus)
			}
			spawn(t, dir, append(typed(t, got, "")[0], "--rate", "1000")...).wait().want(t, 0)
			rs = results(t, out)
			wantCounts(t, rs, fmt.Sprintf("BOUND %d", rows))
			agree(t, rs, sim.bindings())
			if c := sim.calls(); c != rows {
				t.Errorf("%d calls, want %d", c, rows)
			}
		})
	}
}

// TestSecondSignal leaves at once, whatever is under way, and says that the
// journal suffices.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	sim := simulate(t, "--latency", "30s")
	dir := newFolder(t)
	const rows = 40
	in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
	args := sim.bind(in, "--rate", "100", "--timeout", "25s")
	p := spawn(t, dir, args...)
	p.eventually("calls are under way", func() bool { _, _, open := journalCalls(t, memoryOf(t)); return open > 0 }) // the first goes alone
	p.signal(syscall.SIGINT)
	p.until(p.stderr, "second signal")
	began := time.Now()
	p.signal(syscall.SIGTERM)
	got := p.wait()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("leaving at once took %v", took)
	}
	if got.status != 143 && got.status != 130 {
		t.Errorf("%s", got)
	}
	if !strings.Contains(got.stderr, "journal has all that was sent") {
		t.Errorf("%s", got)
	}
	_, _, open := journalCalls(t, memoryOf(t))
	// What was under way is UNKNOWN, the rest is sent now.
	spawn(t, dir, sim.bind(in, "--rate", "100", "--timeout", "100ms", "--limit", "1")...).wait().want(t, 4)
	n := count(results(t, filepath.Join(dir, "in.results.csv")))
	if n["UNKNOWN"] < open || n["UNKNOWN"] > open+1 || n["UNKNOWN"]+n["PENDING"] != rows {
		t.Errorf("%d intents were open, rows are %v", open, n)
	}
}

// TestStatusSignal: SIGUSR1 prints a line with stable keys at any time, and
// never ends the run.
func TestStatusSignal(t *testing.T) {
	t.Parallel()
	sim := simulate(t, "--latency", "50ms")
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 60).String())
	letGo := sim.hold(8)
	p := under(t, dir, sim.bind(in, "--rate", "50")...)
	p.signal(syscall.SIGUSR1)
	p.until(p.stderr, "axgbind: progress rows=60 ")
	for _, key := range []string{"failed=", "invalid=", "unknown=", "left=", "calls=", "throttled=", "in_flight=", "rate=", "limit=", "elapsed_s=", "eta_s=", "slow="} {
		if !strings.Contains(p.stderr.String(), key) {
			t.Errorf("no %s in %s", key, p.stderr)
		}
	}
	letGo()
	p.wait().want(t, 0)

	// From the first moment of the run to its last: one signal after the other.
	big := write(t, filepath.Join(dir, "big.csv"), content(100, 300).String())
	before := size(memoryOf(t))
	p = spawn(t, dir, sim.bind(big, "--rate", "1000")...)
	p.eventually("its first record", func() bool { return size(memoryOf(t)) > before })
	for p.running() {
		p.signal(syscall.SIGUSR1)
		after(p, 2*time.Millisecond)
	}
	// The very end of the process, when handlers are gone, is not ours to guard.
	if got := p.wait(); got.status != 0 && !strings.Contains(got.stderr, "status 0") {
		t.Errorf("%s", got)
	}
	wantCounts(t, results(t, filepath.Join(dir, "big.results.csv")), "BOUND 300")
}

func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

func (p *process) running() bool {
	select {
	case <-p.exited:
		return false
	default:
		return true
	}
}

// TestStoppedBetween: calls whose intents are written when a process is stopped do not
// leave when it goes on more than a second later. They are withdrawn and made anew, and
// are not counted.
func TestStoppedBetween(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 400).String())
	sum := filepath.Join(dir, "sum.json")
	p := spawn(t, dir, sim.bind(in, "--rate", "400", "--summary", sum)...)
	for ended := range 3 {
		p.eventually("calls", func() bool { _, n, _ := journalCalls(t, memoryOf(t)); return n > 50*(ended+1) })
		p.signal(syscall.SIGSTOP)
		after(p, 1200*time.Millisecond)
		p.signal(syscall.SIGCONT)
	}
	p.wait().want(t, 0)
	at, ends := intents(t, read(t, memoryOf(t)))
	unconnected := ends[ledger.NotSent] // a stop can come between a call and its connection
	if ends[ledger.Withdrawn] == 0 || ends[ledger.Withdrawn]+ends[ledger.OK]+ends[ledger.Lost]+unconnected != len(at) {
		t.Errorf("%d intents, and %v", len(at), ends)
	}
	if s := summaryOf(t, sum); s.Calls != sim.calls()+int64(unconnected) {
		t.Errorf("%d calls are told of %d, and %d that found no connection", s.Calls, sim.calls(), unconnected)
	}
	agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
}

// TestStopAndContinue: a machine that slept does not release what it missed.
func TestStopAndContinue(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 200).String())
	sum := filepath.Join(dir, "sum.json")
	p := spawn(t, dir, sim.bind(in, "--rate", "100", "--summary", sum)...)
	p.eventually("calls", func() bool { _, ended, _ := journalCalls(t, memoryOf(t)); return ended > 20 })
	p.signal(syscall.SIGSTOP)
	after(p, 700*time.Millisecond)
	p.signal(syscall.SIGCONT)
	p.wait().want(t, 0)
	if s := summaryOf(t, sum); s.PeakRate > 100 {
		t.Errorf("peak %d calls in a sliding second, limit 100", s.PeakRate)
	}
	if n := sim.stats().MaxPerSecond; n > 110 {
		t.Errorf("%d calls arrived in a second, limit 100", n)
	}
	agree(t, results(t, filepath.Join(dir, "in.results.csv")), sim.bindings())
}

// TestClosedPipe: a reader of standard error that goes away does not end a run.
func TestClosedPipe(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 50).String())
	sh := spawnUnread(t, dir, sim.bind(in, "-v")...)
	sh.wait()
	p := filepath.Join(dir, "in.results.csv")
	wantCounts(t, results(t, p), "BOUND 50")
}

// spawnUnread runs axgbind with a standard error that nobody reads.
func spawnUnread(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := prepare(t, dir, nil, nil, args...)
	p.cmd.Stderr = w
	r.Close()
	p.start()
	w.Close()
	return p
}
