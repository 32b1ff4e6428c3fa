package cli_test

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/report"
)

// inFakeTime does something in a folder with a simulator where time is not real.
func inFakeTime(t *testing.T, do func(n *nightly)) {
	if raced {
		t.Skip("it runs without the race detector")
	}
	began := make(chan os.Signal, 1) // the runtime's goroutine for signals begins in real time
	signal.Notify(began, os.Interrupt)
	signal.Stop(began)
	synctest.Test(t, func(t *testing.T) { do(newNightly(t)) })
}

// endsAt is an Expiration so far ahead, as people are told it.
func endsAt(ahead time.Duration) string {
	return time.Now().Add(ahead).In(report.Beijing).Format(time.DateTime)
}

// TestLapsedJob: a job of relative rows, stopped until its bindings had lapsed. For a
// day it says what is to be waited for, and with which word not to wait; then one run
// binds every row, whatever it is told of bindings that live.
func TestLapsedJob(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{nil, {"--when-bound", "renew"}, {"--when-bound", "renew", "--renew-before", "7d"}, {"--when-bound", "skip"}} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			inFakeTime(t, func(n *nightly) {
				write(t, n.file("n.csv"), "PhoneNoA,GroupId\n13800138000,1\n13800138001,1\n")
				run := func(more ...string) outcome {
					args := []string{"bind", n.file("n.csv"), "--pool-key", testPool, "--default", "Expiration=+30d", "--summary", n.file("summary.json")}
					return n.run(append(append(args, flags...), more...)...)
				}
				run().want(t, 0)
				ends, free := endsAt(bindFor), endsAt(bindFor+night)
				time.Sleep(bindFor + time.Hour)
				run("--dry-run").want(t, 3).says(t, "new 0, bound already 0, held 2, to renew 0")
				got := run().want(t, 3).says(t, "ended less than 24 hours ago: 2", "free at "+free[:16], "--when-bound another", "stop=-")
				if strings.Contains(got.atEnd(), "renew-before 7d --when-bound another") {
					t.Error(got.atEnd())
				}
				for _, r := range n.results("n.results.csv") {
					if r["Status"] != "HELD" || r["SubsId"] == "" || !strings.Contains(r["Reason"], ends[:16]) || !strings.Contains(r["Action"], free[:16]) {
						t.Errorf("%v", r)
					}
				}
				if s := n.summary(); s.UpdateCalls != 0 || s.Ended != 0 {
					t.Errorf("%+v", s)
				}
				if got := run("--lang", "zh").want(t, 3); !strings.Contains(got.atEnd(), free[:16]) || !strings.Contains(got.atEnd(), "--when-bound another") {
					t.Error(got.atEnd())
				}
				time.Sleep(night)
				run("--dry-run").want(t, 0).says(t, "new 2, bound already 0, held 0, to renew 0")
				run().want(t, 0).says(t, "bound=2", "calls=2")
				if s := n.summary(); s.UpdateCalls != 0 || inOrder(s.Counts) != "BOUND 2" {
					t.Errorf("%+v", s)
				}
				if live := len(n.service.Bindings()); live != 2 {
					t.Errorf("%d bindings live", live)
				}
			})
		})
	}
}

// TestLapsedWord: the command that the last line names binds at once.
func TestLapsedWord(t *testing.T) {
	t.Parallel()
	inFakeTime(t, func(n *nightly) {
		write(t, n.file("n.csv"), "PhoneNoA,GroupId\n13800138000,1\n")
		args := []string{"bind", n.file("n.csv"), "--pool-key", testPool, "--default", "Expiration=+30d"}
		n.run(args...).want(t, 0)
		time.Sleep(bindFor + time.Hour)
		_, command, _ := strings.Cut(n.run(args...).want(t, 3).atEnd(), "another X number for each row:\n  axgbind ")
		n.run(strings.Fields(command)...).want(t, 0).says(t, "calls=1")
		n.run(args...).want(t, 0).says(t, "calls=0")
		n.run("unbind", n.file("n.results.csv"), "--yes").want(t, 0).says(t, "released=1")
		n.run("status", n.file("n.results.csv")).want(t, 0).says(t, "released  1")
		if live := len(n.service.Bindings()); live != 0 {
			t.Errorf("%d bindings live", live)
		}
	})
}

// TestEndedRows: rows that ended when they said are bound as they asked, and nobody
// takes that for bindings that live.
func TestEndedRows(t *testing.T) {
	t.Parallel()
	inFakeTime(t, func(n *nightly) {
		write(t, n.file("n.csv"), fmt.Sprintf("PhoneNoA,GroupId,Expiration\n13800138000,1,%s\n13800138001,1,%s\n", endsAt(night), endsAt(3*night)))
		args := []string{"bind", n.file("n.csv"), "--pool-key", testPool, "--summary", n.file("summary.json")}
		n.run(args...).want(t, 0).says(t, "every row is bound\n")
		time.Sleep(night)
		n.run(append(args, "--dry-run")...).want(t, 0).says(t, "has ended at its Expiration: 1")
		n.run(args...).want(t, 0).says(t, "has ended at its Expiration: 1; they stay as they are", "bound=2", "the bindings of 1 have ended at their Expiration\n")
		n.run(append(args, "--lang", "zh")...).want(t, 0).says(t, "其中 1 行的绑定已到期\n")
		if s := n.summary(); s.Ended != 1 {
			t.Errorf("%+v", s)
		}
	})
}

// TestRenewalRefused: rows whose renewal the service refuses, for their bindings are no
// more, say nothing of the pool's numbers; the next run binds them.
func TestRenewalRefused(t *testing.T) {
	t.Parallel()
	inFakeTime(t, func(n *nightly) {
		rows := &strings.Builder{}
		for i := range 25 { // more than stop a pool
			fmt.Fprintf(rows, "138001380%02d,1\n", i)
		}
		write(t, n.file("n.csv"), "PhoneNoA,GroupId\n"+rows.String())
		args := []string{"bind", n.file("n.csv"), "--pool-key", testPool, "--default", "Expiration=+30d", "--when-bound", "renew", "--summary", n.file("summary.json")}
		n.run(args...).want(t, 0)
		live := table{{"SecretNo", "SubsId", "PhoneNoA", "GroupId"}}
		for _, b := range n.service.Bindings() {
			live = append(live, []string{b.SecretNo, b.SubsId, b.PhoneNoA, b.GroupId})
		}
		write(t, n.file("all.csv"), live.String())
		ours := n.env["XDG_STATE_HOME"]
		n.env["XDG_STATE_HOME"] = n.file("elsewhere") // somebody else releases them
		n.run("unbind", n.file("all.csv"), "--pool-key", testPool, "--foreign", "--yes").want(t, 0)
		n.env["XDG_STATE_HOME"] = ours
		time.Sleep(night)
		// Nothing of the pool is known to live, so nobody can prove that.
		n.run(args...).want(t, 8).says(t, "failed=25", "bind one row of this pool")
		if r := n.results("n.results.csv")[0]; !strings.Contains(r["Action"], "bind one") {
			t.Errorf("%v", r)
		}
		write(t, n.file("one.csv"), "PhoneNoA,GroupId,Expiration\n13800138099,2,"+endsAt(60*night)+"\n")
		n.run("bind", n.file("one.csv"), "--pool-key", testPool).want(t, 0)
		again := append(args, "--resend", "isv.FORBIDDEN_ACTION")
		n.run(again...).want(t, 5).says(t, "pending=25", "stop=-", "25 PENDING isv.FORBIDDEN_ACTION: the binding that was to be renewed has lapsed or was released")
		if s := n.summary(); s.StopReason != "" {
			t.Errorf("%+v", s)
		}
		n.run(args...).want(t, 0).says(t, "bound=25", "calls=25")
	})
}

// TestUnknownLeaves: UNKNOWN rows that leave the input make the status 4, whatever the
// rows that stay are, and the results that name them are there to be asked about.
func TestUnknownLeaves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		left  table // the input then
		fresh bool  // a new batch begins
		calls int64
	}{
		"rows that were never sent stay": {content(3, 7), false, 7},
		"no row stays":                   {content(20, 4), true, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			played, sim := play(t, simulator.Options{Numbers: 50, Faults: faultList(t, []string{"drop-after=1"})})
			p := &place{t, sim, newFolder(t)}
			p.write("in.csv", content(0, 10))
			p.bind(4, 3, "in.csv", "--limit", "3")
			wantCounts(t, p.results("in.results.csv"), "UNKNOWN 3, PENDING 7")
			before := read(t, p.path("in.results.csv"))
			if err := played.SetFaults(nil); err != nil {
				t.Fatal(err)
			}
			p.write("in.csv", c.left)
			p.bind(4, 0, "in.csv", "--dry-run").says(t, "rows that left the input are UNKNOWN; nothing was sent")
			got := p.bind(4, c.calls, "in.csv").says(t, "rows that left the input are UNKNOWN: 3")
			if fresh := strings.Contains(got.stderr, "a new batch begins"); fresh != c.fresh {
				t.Errorf("a new batch: %t\n%s", fresh, got)
			}
			wantCounts(t, p.results("in.results.csv"), fmt.Sprintf("BOUND %d", c.calls))
			kept, err := filepath.Glob(p.path("in.results.kept-*.csv"))
			if err != nil || len(kept) != 1 || read(t, kept[0]) != before {
				t.Fatalf("kept: %v, %v", kept, err)
			}
			if info, err := os.Stat(kept[0]); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info, err)
			}
			command := got.nextCommands()[0]
			axgbind(t, append(wordsOf(t, command), "--progress", "none")...).want(t, 4).says(t, "unknown=3")
			if !c.fresh { // as long as nobody found out
				p.bind(4, 0, "in.csv").says(t, "axgbind "+command)
				again, _ := filepath.Glob(p.path("in.results.kept-*"))
				if len(again) != 1 {
					t.Errorf("kept again: %v", again)
				}
				return
			}
			p.bind(0, 0, "in.csv")
		})
	}
}
