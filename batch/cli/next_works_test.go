package cli_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/report"
)

// trouble is a run that leaves something to do, and how its cause is mended.
type trouble struct {
	name   string
	before func(n *nightly) // what happened earlier
	faults []string         // of the service, until they are mended
	cut    time.Duration    // after the start of the run nobody reaches the service; 0: it does
	args   []string         // of the run; INPUT stands for the file, RESULTS for its results
	rows   int              // of the input
	status int              // of the run
	stop   string           // its stop_reason
	mend   func(n *nightly) // what a person does before the next command, besides
	pick   int              // which of the commands is typed
	steps  int              // how many commands it takes, each as the one before says
	ends   int              // status of the last of them
	live   int              // bindings in the end
}

const later = "2099-06-30 23:59:59"

// bindBefore binds the rows of a file of its own.
func bindBefore(rows int, faults ...string) func(n *nightly) {
	return func(n *nightly) {
		if err := n.service.SetFaults(faultList(n.t, faults)); err != nil {
			n.t.Fatal(err)
		}
		n.run("bind", write(n.t, n.file("before.csv"), content(0, rows).String()), "--pool-key", testPool)
	}
}

// bindTwice binds each row, and a further X number beside it.
func bindTwice(n *nightly) {
	bindBefore(3)(n)
	text := strings.ReplaceAll(content(0, 3).String(), "order-", "second-")
	n.run("bind", write(n.t, n.file("second.csv"), text), "--pool-key", testPool, "--when-bound", "another").want(n.t, 0)
}

// edits writes the input anew with other words in it.
func edits(file, old, with string) func(n *nightly) {
	return func(n *nightly) {
		text := read(n.t, n.file(file))
		if !strings.Contains(text, old) {
			n.t.Fatalf("no %q in %s", old, text)
		}
		write(n.t, n.file(file), strings.ReplaceAll(text, old, with))
	}
}

var bindInput = []string{"bind", "INPUT", "--pool-key", testPool}

func bindWith(flags ...string) []string { return append(append([]string{}, bindInput...), flags...) }

// troubles are the ways in which runs end with something to do.
var troubles = []trouble{
	{name: "limit", args: bindWith("--limit", "2"), rows: 5, status: 5, stop: "limit", steps: 1, live: 5},
	{name: "until", args: bindWith("--until", "2s", "--rate", "1"), rows: 5, status: 5, stop: "until", steps: 1, live: 5},
	{name: "until, with other flags", args: bindWith("--until", "2s", "--rate", "1", "--failed", "FIX"), rows: 5, status: 5, stop: "until", steps: 1, live: 5},
	{name: "no X numbers", faults: []string{"code:isv.NO_AVAILABLE_NUMBER=1"}, args: bindInput, rows: 30, status: 5, stop: "capacity", steps: 1, live: 30},
	{name: "throttled all night", faults: []string{"flow-limit=1"}, args: bindInput, rows: 5, status: 5, stop: "throttled", steps: 1, live: 5},
	{name: "no way to the service", cut: 3300 * time.Millisecond, args: bindWith("--rate", "2"), rows: 20, status: 5, stop: "service-trouble", steps: 1, live: 20},
	{name: "answers lost", faults: []string{"drop-after=1"}, args: bindInput, rows: 5, status: 4, steps: 3, live: 5},
	{name: "answers lost, not executed", faults: []string{"drop-before=1"}, args: bindInput, rows: 5, status: 4, steps: 6, live: 5},
	{name: "answers lost, the other rows", faults: []string{"drop-after=1"}, args: bindWith("--limit", "2"), rows: 5, status: 4, stop: "limit", pick: 1, steps: 1, ends: 4, live: 5},
	{name: "service in trouble", faults: []string{"http-503=1"}, args: bindInput, rows: 60, status: 4, stop: "service-trouble", steps: 6, live: 60},
	{name: "no permission", faults: []string{"ram-deny=1"}, args: bindInput, rows: 5, status: 7, stop: "account", steps: 1, live: 5},
	{name: "clock", faults: []string{"code:InvalidTimeStamp.Expired=1"}, args: bindInput, rows: 5, status: 7, stop: "account", steps: 1, live: 5},
	{name: "token", faults: []string{"code:InvalidSecurityToken.Expired=1"}, args: bindInput, rows: 5, status: 7, stop: "account", steps: 1, live: 5},
	{name: "all alike", faults: []string{"code:isv.NO_NOT_EXIST=1"}, args: bindInput, rows: 30, status: 8, stop: "all-alike", steps: 1, live: 30},
	{name: "too many failures", faults: []string{"code:isv.NO_NOT_EXIST=0.6"}, args: bindWith("--max-failures", "10"), rows: 60, status: 8, stop: "max-failures", steps: 1, live: 60},
	{name: "cells to correct", before: bindBefore(0), args: bindWith("--failed", "FIX"), rows: 3, faults: []string{"code:isv.NO_NOT_EXIST=1"}, status: 3,
		mend: edits("fix.csv", ",2000000000001,", ",2000000000002,"), steps: 1, live: 3},
	{name: "cells to correct in the input", args: bindInput, rows: 3, faults: []string{"code:isv.NO_NOT_EXIST=1"}, status: 3,
		mend: edits("in.csv", ",2000000000001,", ",2000000000002,"), steps: 1, live: 3},
	{name: "held, taken", before: bindBefore(3), args: bindInput, rows: -3, status: 3, pick: 0, steps: 1, live: 3},
	{name: "held, changed", before: bindBefore(3), args: bindInput, rows: -3, status: 3, pick: 1, steps: 1, live: 3},
	{name: "held, not to be renewed, taken", before: bindBefore(3), args: bindWith("--when-bound", "renew", "--default", "Expiration=2020-01-31 23:59:59"), rows: 0, status: 3, pick: 0, steps: 1, live: 3},
	{name: "held, not to be renewed, another", before: bindBefore(3), args: bindWith("--when-bound", "renew", "--default", "Expiration=2020-01-31 23:59:59"), rows: 0, status: 3, pick: 1, steps: 1, live: 6},
	{name: "held by two each", before: bindTwice, args: bindInput, rows: -3, status: 3, pick: 0, steps: 1, live: 9},
	{name: "held by two each, skip", before: bindTwice, args: bindWith("--when-bound", "skip"), rows: -3, status: 3, live: 6},
	{name: "held by calls in doubt", before: bindBefore(3, "drop-before=1"), args: bindInput, rows: -3, status: 3, pick: 0, steps: 2, ends: 4, live: 0},
	{name: "rehearsal", args: bindWith("--simulate", "--limit", "2"), rows: 5, status: 5, stop: "limit", steps: 1},
	{name: "trial", args: bindWith("--trial", "2", "--yes"), rows: 5, status: 0, steps: 1, live: 5},
	{name: "unbind, asked first", before: bindBefore(3), args: []string{"unbind", "BEFORE"}, status: 0, steps: 1, live: 0},
	{name: "unbind, limit", before: bindBefore(3), args: []string{"unbind", "BEFORE", "--yes", "--limit", "1"}, status: 5, stop: "limit", steps: 1, live: 0},
	{name: "unbind, no permission", before: bindBefore(3), faults: []string{"ram-deny@UnbindSubscription=1"}, args: []string{"unbind", "BEFORE", "--yes"}, status: 7, stop: "account", steps: 1, live: 0},
	{name: "unbind, refused alike", before: bindBefore(25), faults: []string{"code:isv.INVALID_PARAMETERS@UnbindSubscription=1"}, args: []string{"unbind", "BEFORE", "--yes"}, status: 8, stop: "all-alike", steps: 1, live: 0},
	{name: "unbind, answers lost", before: bindBefore(3), faults: []string{"drop-after@UnbindSubscription=1"}, args: []string{"unbind", "BEFORE", "--yes", "--retries", "0"}, status: 5, steps: 1, live: 0},
	{name: "update, limit", before: bindBefore(3), args: []string{"update", "BEFORE", "--field", "OutId", "--default", "OutId=new", "--limit", "1"}, status: 5, stop: "limit", steps: 1, live: 3},
	{name: "update, no permission", before: bindBefore(3), faults: []string{"ram-deny@UpdateSubscription=1"}, args: []string{"update", "BEFORE", "--field", "OutId", "--default", "OutId=new"}, status: 7, stop: "account", steps: 1, live: 3},
}

// TestNextWorks: for each way in which a run ends with something to do, what it says to
// type is typed as it is printed, once the cause is mended, and the batch gets on to its
// end.
func TestNextWorks(t *testing.T) {
	t.Parallel()
	for _, c := range troubles {
		for _, lang := range []string{"en", "zh"} {
			t.Run(c.name+" "+lang, func(t *testing.T) {
				t.Parallel()
				inFakeTime(t, func(n *nightly) { c.run(n, lang) })
			})
		}
	}
}

// typedElsewhere are the stops whose next command is typed by another test, since fake time
// or one process cannot bring them about.
var typedElsewhere = map[books.Stop]string{
	books.StopInterrupt: "TestSignals", books.StopTerminate: "TestSignals", books.StopHangup: "TestSignals",
	books.StopNetwork: "TestNetworkLastsLater", books.StopLookups: "TestUnbindLooksRefused",
	books.StopJournal: "TestFullDisk", books.StopInput: "TestBigInputRewritten", books.StopInternal: "no test makes one",
}

// TestNextWorksForAll: no reason for a stop is left out.
func TestNextWorksForAll(t *testing.T) {
	for _, stop := range []books.Stop{
		books.StopLimit, books.StopUntil, books.StopInterrupt, books.StopTerminate, books.StopHangup, books.StopAccount, books.StopMaxFailures, books.StopAllAlike,
		books.StopTrouble, books.StopJournal, books.StopInput, books.StopInternal, books.StopCapacity, books.StopNetwork, books.StopLookups, books.StopThrottled,
	} {
		if stop.Words() == (report.Text{}) {
			t.Errorf("%q is no stop", stop)
		}
		if typedElsewhere[stop] == "" && !slices.ContainsFunc(troubles, func(c trouble) bool { return c.stop == string(stop) }) {
			t.Errorf("no next command is typed after a stop for %s", stop)
		}
	}
}

func (c *trouble) run(n *nightly, lang string) {
	t := n.t
	rows := content(0, max(c.rows, -c.rows)).String()
	if c.rows < 0 { // the same rows, but for their end
		rows = strings.ReplaceAll(rows, expiration, later)
	}
	if c.rows == 0 {
		rows = "PhoneNoA,GroupId\n"
		for i := range 3 {
			rows += phone(i) + ",2000000000001\n"
		}
	}
	write(t, n.file("in.csv"), rows)
	if c.before != nil {
		c.before(n)
	}
	if err := n.service.SetFaults(faultList(t, c.faults)); err != nil {
		t.Fatal(err)
	}
	if c.cut > 0 {
		time.AfterFunc(c.cut, n.line.cut)
	}
	names := strings.NewReplacer("INPUT", n.file("in.csv"), "BEFORE", n.file("before.results.csv"), "FIX", n.file("fix.csv"))
	args := []string{"--lang", lang}
	for _, arg := range c.args {
		args = append(args, names.Replace(arg))
	}
	got := n.run(args...).want(t, c.status)
	if stop := "stop=" + c.stop; c.stop != "" && !strings.Contains(got.stderr, stop+" ") {
		t.Errorf("no %s in\n%s", stop, got)
	}
	n.line.mend()
	if err := n.service.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Minute)
	if c.mend != nil {
		c.mend(n)
	}
	list := write(t, n.file("numbers.csv"), allNumbers(n.service))
	said := fmt.Sprint(got)
	for step := range c.steps {
		var commands [][]string
		for _, words := range typed(t, got, list) {
			if words[0] != "explain" {
				commands = append(commands, words)
			}
		}
		pick := 0
		if step == 0 {
			pick = c.pick
		}
		if pick >= len(commands) {
			t.Fatalf("step %d: no command to type in\n%s", step+1, said)
		}
		got = n.run(commands[pick]...)
		said += fmt.Sprintf("$ axgbind %s\n%s", strings.Join(commands[pick], " "), got)
	}
	if got.status != c.ends && c.steps > 0 {
		t.Errorf("it ends %d, want %d:\n%s", got.status, c.ends, said)
	}
	if live := len(n.service.Bindings()); live != c.live {
		t.Errorf("%d bindings live, want %d:\n%s", live, c.live, said)
	}
}

// allNumbers is the list of the pool's X numbers.
func allNumbers(s *simulator.Service) string {
	list := "SecretNo\n"
	for _, x := range s.Numbers() {
		list += x.SecretNo + "\n"
	}
	return list
}

// TestStatusNext: status tells the commands with which the last run of a batch said to go
// on, until there is nothing to do.
func TestStatusNext(t *testing.T) {
	t.Parallel()
	inFakeTime(t, func(n *nightly) {
		write(n.t, n.file("in.csv"), content(0, 5).String())
		got := n.run(bindFile(n, "--limit", "2")...).want(n.t, 5)
		status := func() string { return n.run("status", n.file("in.results.csv")).want(n.t, 0).stdout }
		lines := got.nextCommands()
		if len(lines) != 1 || !strings.Contains(status(), "next, as that run said (relative paths are of the folder in which it ran):\n  axgbind "+lines[0]+"\n") {
			n.t.Errorf("%s\n%s", got, status())
		}
		n.run(wordsOf(n.t, lines[0])...).want(n.t, 0)
		if strings.Contains(status(), "next, as") {
			n.t.Errorf("nothing is left to do: %s", status())
		}
	})
}

func bindFile(n *nightly, flags ...string) []string {
	return append([]string{"bind", n.file("in.csv"), "--pool-key", testPool}, flags...)
}
