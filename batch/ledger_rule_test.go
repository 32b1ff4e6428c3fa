package batch_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

// The tests of this file are of what keeps the ledger and the service the same:
// when a record counts, and who is asked before a call is made.

// TestCountsOnceDurable: at every sync of a run its rows stand as what a crash
// would leave says, and never a record ahead.
func TestCountsOnceDurable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 100, Latency: 30 * time.Millisecond, Jitter: 20 * time.Millisecond})
		defer n.close()
		n.service.SetFaults(faults(t, "drop-after@BindAxg=0.1", "throttling@BindAxg=0.1", "code:isv.MOBILE_NUMBER_ILLEGAL@BindAxg=0.1"))
		d := &disk{syncTime: time.Millisecond}
		j := newJournal(t, d)
		defer bookstest.Close(t, j)
		plan, run := prepared(t, n, j, nightInput(0, 60, "2099-01-31 23:59:59", "13900000001"))
		seen := map[report.Status]int{}
		d.set(func() {
			d.onSync = func() {
				kept := d.kept()
				read, err := books.Read(bytes.NewReader(kept), int64(len(kept)), nil)
				if err != nil {
					t.Error(err)
					return
				}
				s := read.Standing(time.Now()).Batches[0]
				s.Rows[report.Unknown] += s.Open
				counts := plan.Counts()
				for _, status := range []report.Status{report.Bound, report.Unknown, report.Failed} {
					if seen[status] = max(seen[status], counts[status]); counts[status] != s.Rows[status] {
						t.Errorf("%d rows are %s, and %d in the durable journal", counts[status], status, s.Rows[status])
					}
				}
			}
		})
		if _, err := run.Do(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(seen) != 3 || seen[report.Bound] < 20 || seen[report.Unknown] == 0 || seen[report.Failed] == 0 {
			t.Errorf("too little was seen: %v", seen)
		}
	})
}

// prepared is a run of an input that is about to start, and its plan.
func prepared(t *testing.T, n *night, j *books.Journal, content string) (*plan.Plan, *batch.Run) {
	t.Helper()
	in := bookstest.Input(t, content, input.Options{Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}})
	plan, err := plan.New(in, j, plan.Options{Now: time.Now(), Batch: "r.csv"})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Begin(books.RunStart{Run: "r", Batch: "r.csv"}); err != nil {
		t.Fatal(err)
	}
	run, err := batch.NewRun(plan, batch.Bind{Client: n.client}, batch.Options{Rate: 100, Timeout: aliyun.DefaultTimeout, Retries: 5, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return plan, run
}

// TestLedgerForbids: a plan that is overtaken by another of the same journal has
// no row sent: the ledger is asked again before each call.
func TestLedgerForbids(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 100})
		defer n.close()
		j := newJournal(t, &disk{})
		defer bookstest.Close(t, j)
		input := nightInput(0, 5, "2099-01-31 23:59:59", "13900000001")
		_, first := prepared(t, n, j, input)
		plan, second := prepared(t, n, j, input)
		if _, err := first.Do(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := second.Do(t.Context()); err != nil {
			t.Errorf("the second run ended with %v", err)
		}
		if calls := n.service.Stats().Actions["BindAxg"]; calls != 5 || plan.Counts()[report.Bound] != 5 {
			t.Errorf("%d calls, %v", calls, plan.Counts())
		}
	})
}

// TestIDTwiceAtOnce: of rows that are told one SubsId at the same moment one has
// it, and so has no row that is told it in a later run. Each says whose it is.
func TestIDTwiceAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		id, told, both := "", make(chan struct{}), make(chan struct{})
		n.binder = &mixer{Client: n.client, bind: func(r *aliyun.BindAxgRequest, b *aliyun.BindAxgResult) (*aliyun.BindAxgResult, error) {
			switch r.PhoneNoA {
			case "13800130001":
				id = b.SubsID
				close(told)
				<-both
			case "13800130002":
				<-told
				b.SubsID = id
				close(both)
			case "13800130003":
				b.SubsID = id
			}
			return b, nil
		}}
		rows, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"))
		has, not := rows[1], rows[2]
		if has.Status != report.Bound {
			has, not = not, has
		}
		stands(t, []report.Record{has, not}, "BOUND OK "+id, "UNKNOWN client.IdTwice")
		if !strings.Contains(not.Reason, id) || !strings.Contains(not.Reason, fmt.Sprintf("line %d ", has.Line)) {
			t.Errorf("told at once: %s", not.Reason)
		}
		rows, _, calls := n.run(t, t.Context(), nightInput(0, 4, "2099-01-31 23:59:59", "13900000001"))
		stands(t, rows[3:], "UNKNOWN client.IdTwice")
		if calls != 1 || !strings.Contains(rows[3].Reason, id) || !strings.Contains(rows[3].Reason, fmt.Sprintf("line %d ", has.Line)) {
			t.Errorf("told in a later run: %s, %d calls", rows[3].Reason, calls)
		}
	})
}

// TestMoves: no update moves a binding to where another is, or may be, or to
// where an earlier row of its file moves one.
func TestMoves(t *testing.T) {
	const end = ",2099-01-31 23:59:59,,,\n"
	for name, there := range map[string]struct {
		fault string
		rows  string // of the second batch
		moves int    // rows of the update
		calls int64
	}{
		"where another is":                   {"", "13800138000,2" + end, 1, 0},
		"where a call may have made another": {"drop-before@BindAxg=1", "13800138000,2" + end, 1, 0},
		"two rows to one place":              {"", "13800138000,3" + end, 2, 1},
		"where a call surely made no other":  {"code:isv.MOBILE_NUMBER_ILLEGAL@BindAxg=1", "13800138000,2" + end, 1, 1},
		"where the one of another number is": {"", "13800138001,2" + end, 1, 1},
		"where nothing is":                   {"", "", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				n.results = "1.csv"
				bound, _, _ := n.run(t, t.Context(), safetyHead+"13800138000,1"+end)
				if n.results = "2.csv"; there.rows != "" {
					rows := n.stopped(t, cmp.Or(there.fault, "throttling@QuerySubsId=1"), safetyHead+there.rows)
					bound = append(bound, rows...)
				}
				input := "SecretNo,SubsId,PhoneNoA,GroupId\n"
				for _, b := range bound[:there.moves] {
					input += b.SecretNo + "," + b.SubsID + ",13800138000,2\n"
				}
				rows := n.paperUpdate(t, input, "GroupId")
				last := rows[len(rows)-1]
				if calls := n.service.Stats().Actions["UpdateSubscription"]; calls != there.calls {
					t.Errorf("%d updates, want %d: %s %s", calls, there.calls, last.Status, last.Code)
				}
				if held := last.Status == report.Invalid || last.Status == report.Held; held != (there.calls < int64(there.moves)) || held && last.Action == "" {
					t.Errorf("the last row is %s %s: %s", last.Status, last.Code, last.Action)
				}
			})
		})
	}
}

// TestSuperseded: a call whose answer was lost, and whose row was bound by a later
// one, holds its place until it can no longer be executed, and no longer.
func TestSuperseded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.results = "1.csv"
		const mine, next = "13800138000,1,2099-01-31 23:59:59,,,\n", "13800138000,1,2099-12-31 23:59:59,,,\n"
		stands(t, n.stopped(t, "drop-before@BindAxg=1", safetyHead+mine), "UNKNOWN client.ConnectionLost")
		n.resend = plan.Resend{Unknown: true}
		bound, _, calls := n.run(t, t.Context(), safetyHead+mine)
		if bound[0].Status != report.Bound || calls != 1 {
			t.Fatalf("%+v", bound)
		}
		n.resend = plan.Resend{}
		released, _ := n.mustRelease(t, release{job: "1.csv", input: resultsText(t, strings.TrimSpace(safetyHead), bound)})
		stands(t, released, "RELEASED OK "+bound[0].SubsID)
		n.results = "2.csv"
		rows, _, calls := n.run(t, t.Context(), safetyHead+next)
		if rows[0].Status != report.Held || calls != 0 {
			t.Errorf("while the lost call may be executed: %s %s, %d calls", rows[0].Status, rows[0].Code, calls)
		}
		time.Sleep(time.Hour)
		rows, _, calls = n.run(t, t.Context(), safetyHead+next)
		if rows[0].Status != report.Bound || calls != 1 || len(n.live()) != 1 {
			t.Errorf("later: %s %s, %d calls, live %v", rows[0].Status, rows[0].Code, calls, n.live())
		}
	})
}

// TestReleasedByResults: results that say RELEASED keep their row from being sent
// where no journal knows it, now and in the runs that follow, until a person says
// otherwise.
func TestReleasedByResults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"))
		n.mustRelease(t, release{job: "r.csv", input: resultsText(t, nightHead, bound)})
		released, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"))
		if count(released)[report.Released] != 3 {
			t.Fatalf("%+v", released)
		}
		n.journal.Set(nil) // another machine
		for range 2 {
			rows, _, calls := n.run(t, t.Context(), resultsText(t, nightHead, released))
			if count(rows)[report.Released] != 3 || calls != 0 {
				t.Errorf("%v, %d calls", count(rows), calls)
			}
		}
		n.resend = plan.Resend{Released: true}
		rows, _, calls := n.run(t, t.Context(), resultsText(t, nightHead, released))
		if count(rows)[report.Bound] != 3 || calls != 3 {
			t.Errorf("with a person's word: %v, %d calls", count(rows), calls)
		}
	})
}

// TestRenewalGoesOn: a renewal that was begun is finished whatever is said of
// bindings in the next run: it may be done already.
func TestRenewalGoesOn(t *testing.T) {
	for _, when := range []plan.WhenBound{plan.RefuseWhenBound, plan.SkipWhenBound, plan.RenewWhenBound} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.run(t, t.Context(), safetyHead+personB("00000001"))
			n.whenBound = plan.RenewWhenBound
			input := safetyHead + personB("00000002")
			stands(t, n.stopped(t, "drop-before@UpdateSubscription=1", input), "PENDING client.ConnectionLost")
			time.Sleep(time.Minute)
			n.whenBound = when
			rows, _, calls := n.run(t, t.Context(), input)
			stands(t, rows, "BOUND OK 1000000000000001")
			if now := n.service.Bindings(); calls != 0 || len(now) != 1 || now[0].PhoneNoB != "13900000002" {
				t.Errorf("%d calls, %+v", calls, now)
			}
		})
	}
}

// deaf loses the answers of all BindAxg calls, and those of one OutId before they
// arrive.
type deaf struct {
	*aliyun.Client
	outID string
}

func (d deaf) BindAxg(ctx context.Context, r *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	if r.OutID != d.outID {
		if _, err := d.Client.BindAxg(ctx, r); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("lost")
}

// TestTwinsBothLost: the binding on the X of two rows whose answers were both lost
// may be that of either, so neither has it.
func TestTwinsBothLost(t *testing.T) {
	for _, lost := range []string{"o1", "o2"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.binder, n.twice = deaf{n.client, lost}, true
			rows, _, _ := n.run(t, t.Context(), safetyHead+
				"13800138000,1,2099-01-31 23:59:59,13900000001,17100000001,o1\n13800138000,1,2099-01-31 23:59:59,13900000001,17100000001,o2\n")
			if count(rows)[report.Bound] != 0 || len(n.service.Bindings()) != 1 {
				t.Errorf("%v, %d bindings", count(rows), len(n.service.Bindings()))
			}
		})
	}
}

// TestTwoCallsOneX: two calls of a row for one X, both in doubt. What a look-up
// finds is of one of them, and shows that the other made nothing.
func TestTwoCallsOneX(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		n.service.SetFaults(faults(t, "ram-deny@QuerySubsId=1")) // nobody may look
		n.binder = deaf{n.client, "none"}
		rows, _, _ := n.run(t, t.Context(), pinned(1))
		stands(t, rows, "UNKNOWN client.BadAnswer")
		n.resend = plan.Resend{Unknown: true}
		rows, _, _ = n.run(t, t.Context(), pinned(1))
		stands(t, rows, "UNKNOWN isv.BIND_CONFLICT")

		n.service.SetFaults(nil)
		n.binder, n.resend = nil, plan.Resend{}
		for _, wait := range []time.Duration{0, time.Hour} {
			time.Sleep(wait)
			rows, _, calls := n.run(t, t.Context(), pinned(1))
			stands(t, rows, "BOUND OK "+n.live()[0])
			if calls != 0 || len(n.live()) != 1 {
				t.Errorf("%d calls, live %v", calls, n.live())
			}
		}
	})
}

// TestGoneByResults: a row of a results file, edited since, whose binding the
// ledger knows to be gone is no row of a binding: it is sent.
func TestGoneByResults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
		x, id := bound[0].SecretNo, bound[0].SubsID
		n.unbind(t, id, x)
		time.Sleep(time.Minute)
		n.control(t)
		stands(t, n.paperUpdate(t, "SecretNo,SubsId,PhoneNoB\n"+x+","+id+",13900000002\n", "PhoneNoB"), "FAILED isv.FORBIDDEN_ACTION "+id)
		edited := strings.Replace(resultsText(t, strings.TrimSpace(safetyHead), bound), "13900000001", "13900000007", 1)
		rows, _, calls := n.run(t, t.Context(), edited)
		if calls != 1 || len(n.live()) != 1 {
			t.Fatalf("%d calls, live %v", calls, n.live())
		}
		stands(t, rows, "BOUND OK "+n.live()[0])
	})
}

// TestLookedUpBeside: an UNKNOWN row that has its place with another row, by a
// person's word. Should look-ups show that it is not bound, it is sent again if
// that word is given again, and is held back otherwise; no run breaks.
func TestLookedUpBeside(t *testing.T) {
	const one = "13800138000,1,2099-01-31 23:59:59,,17100000001,\n"
	const two = "13800138000,1,2099-01-31 23:59:59,,17100000002,none\n"
	for _, c := range []struct {
		name  string
		again bool
		input string // of the second and third run
		want  []string
	}{
		{"the word again", true, one + two, []string{"BOUND OK", "BOUND OK"}},
		{"and a row to be sent", true, two + one + "13800138000,1,2099-01-31 23:59:59,,17100000003,\n", []string{"BOUND OK", "BOUND OK", "BOUND OK"}},
		{"no word", false, one + two, []string{"BOUND OK", "INVALID client.SamePlace"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				n.twice = true
				n.run(t, t.Context(), safetyHead+one)
				n.service.SetFaults(faults(t, "ram-deny@QuerySubsId=1")) // nobody may look
				n.binder = deaf{n.client, "none"}
				rows, _, _ := n.run(t, t.Context(), safetyHead+one+two)
				if count(rows)[report.Unknown] != 1 {
					t.Fatalf("%+v", rows)
				}
				n.service.SetFaults(nil)
				n.binder, n.twice = nil, c.again
				n.run(t, t.Context(), safetyHead+c.input)
				rows, _, _ = n.run(t, t.Context(), safetyHead+c.input)
				for i := range rows {
					rows[i].SubsID = ""
				}
				stands(t, rows, c.want...)
			})
		})
	}
}

// TestCheckOfResults: a check of results that need a look-up knows no journal.
func TestCheckOfResults(t *testing.T) {
	file := safetyHead[:len(safetyHead)-1] + ",Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt\n" +
		"13800138000,1,2099-01-31 23:59:59,,17100000001,,2,UNKNOWN,client.Timeout,,,,,,,1,5,2026-01-01T08:00:00+08:00\n"
	in, err := input.Open(strings.NewReader(file), int64(len(file)), input.Options{Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := plan.New(in, nil, plan.Options{Now: time.Now(), AllowDuplicates: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := plan.Counts(); got[report.Unknown] != 1 || plan.ToLook != 1 {
		t.Errorf("%v, %d to look up", got, plan.ToLook)
	}
}

// TestReleasedHoldsNothing: a row that results call RELEASED keeps no other from
// its place, whether a journal knows it or not.
func TestReleasedHoldsNothing(t *testing.T) {
	for _, lost := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			bound, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
			n.mustRelease(t, release{job: "r.csv", input: resultsText(t, strings.TrimSpace(safetyHead), bound)})
			rows, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
			if lost {
				n.journal.Set(nil)
			}
			more := report.Record{Input: []string{"13800138000", "1", "2099-12-31 23:59:59", "13900000002", "", ""}, Line: 3}
			rows, _, _ = n.run(t, t.Context(), resultsText(t, strings.TrimSpace(safetyHead), append(rows, more)))
			stands(t, rows, "RELEASED client.Released "+bound[0].SubsID, "BOUND OK 1000000000000002")
		})
	}
}

// TestRoundedByResults: a spreadsheet makes one id of many. Rows that results call
// BOUND stay so, whatever became of their ids, and keep their places in every
// later batch.
func TestRoundedByResults(t *testing.T) {
	for _, id := range []string{"1E+15", "1000000000000000"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			bound, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"))
			for i := range bound {
				bound[i].SubsID = id
			}
			n.journal.Set(nil) // another machine
			for range 2 {
				rows, _, calls := n.run(t, t.Context(), resultsText(t, nightHead, bound))
				if count(rows)[report.Bound] != 3 || calls != 0 {
					t.Errorf("%v, %d calls", count(rows), calls)
				}
			}
			n.results = "2.csv"
			rows, _, calls := n.run(t, t.Context(), nightInput(0, 3, "2099-12-31 23:59:59", "13900000001"))
			if count(rows)[report.Held] != 3 || calls != 0 {
				t.Errorf("the next batch: %v, %d calls", count(rows), calls)
			}
		})
	}
}

// TestMovedWhileRenewed: a row whose binding another batch may have renewed, and an
// update moved since, is held back for that binding.
func TestMovedWhileRenewed(t *testing.T) {
	for _, twice := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.results = "1.csv"
			bound, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
			n.results, n.whenBound = "2.csv", plan.RenewWhenBound
			stands(t, n.stopped(t, "drop-before@UpdateSubscription=1", safetyHead+"13800138000,1,2099-12-31 23:59:59,13900000001,,\n"), "PENDING client.ConnectionLost")
			time.Sleep(time.Minute)
			id := bound[0].SubsID
			stands(t, n.paperUpdate(t, "SecretNo,SubsId,GroupId\n"+bound[0].SecretNo+","+id+",7\n", "GroupId"), "BOUND OK "+id)
			n.results, n.whenBound, n.twice = "1.csv", plan.RefuseWhenBound, twice
			rows, _, calls := n.run(t, t.Context(), safetyHead+personB("00000001"))
			stands(t, rows, "HELD client.StillBound "+id)
			if calls != 0 {
				t.Errorf("%d calls", calls)
			}
		})
	}
}
