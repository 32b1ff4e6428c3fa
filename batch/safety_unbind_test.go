package batch_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

// halfReleased makes a release of a job, stopped while a fault keeps its calls
// from ending: one run for each row, since after a call that was lost no other
// goes at once.
func (n *night) halfReleased(t *testing.T, fault string, r release) (records []report.Record) {
	t.Helper()
	n.service.SetFaults(faults(t, fault))
	defer n.service.SetFaults(nil)
	for row := range strings.Count(r.input, "\n") - 1 {
		r.opt.Select = lines(t, fmt.Sprint(row+2))
		ctx, cancel := context.WithTimeoutCause(t.Context(), 500*time.Millisecond, books.StopInterrupt)
		some, _, err := n.releases(t, ctx, r)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, some...)
	}
	return records
}

func lines(t *testing.T, text string) func(*input.Row) bool {
	t.Helper()
	l, err := input.ParseLines(text)
	if err != nil {
		t.Fatal(err)
	}
	return l.Has
}

// TestSafetyUnbindSwept: a row whose release was begun is UNKNOWN, and yet no
// sweep may call it not bound: its binding lives, and it would be bound again.
func TestSafetyUnbindSwept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		input := nightInput(0, 3, "2099-01-31 23:59:59", "13900000001")
		bound, _, _ := n.run(t, t.Context(), input)
		n.halfReleased(t, "drop-before@UnbindSubscription=1", release{job: "r.csv", input: resultsText(t, nightHead, bound)})
		swept, after, _ := n.sweep(t, input, n.everyNumber(), true)
		if got := count(after); swept.Rows != 0 || got[report.Unknown] != 3 {
			t.Errorf("%+v, %v", swept, got)
		}
		if rows, _, calls := n.run(t, t.Context(), input); calls != 0 || count(rows)[report.Unknown] != 3 || len(n.live()) != 3 {
			t.Errorf("%v, %d calls, %d live", count(rows), calls, len(n.live()))
		}
	})
}

// TestSafetyUnbindAlike: rows that name one binding end alike.
func TestSafetyUnbindAlike(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		b, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"))
		input := "SubsId,SecretNo,PhoneNoA\n" + strings.Repeat(b[0].SubsID+","+b[0].SecretNo+",13800138000\n", 2) +
			strings.Repeat(b[1].SubsID+","+b[1].SecretNo+",\n", 2) + strings.Repeat(b[1].SubsID+","+b[2].SecretNo+",\n", 2)
		d := &disk{}
		for range 2 {
			records, _ := n.mustRelease(t, release{input: input, journal: d, opt: plan.Release{Foreign: true}})
			other, done := "INVALID client.OtherBinding ", "RELEASED OK "
			stands(t, records, other+b[0].SubsID, other+b[0].SubsID, done+b[1].SubsID, done+b[1].SubsID, other+b[1].SubsID, other+b[1].SubsID)
			for _, r := range records {
				if r.Status == report.Invalid && (r.Reason == "" || r.Action == "") {
					t.Errorf("%+v", r)
				}
			}
		}
	})
}

// TestSafetyUnbindThenDuplicates: what reconcile named as one too many is not
// forgotten with the row's own binding.
func TestSafetyUnbindThenDuplicates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30, Faults: faults(t, "drop-after@BindAxg=1")})
		defer n.close()
		input := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n"
		n.run(t, t.Context(), input)
		n.service.SetFaults(nil)
		at, _ := time.Parse(time.DateTime, "2099-01-31 15:59:59")
		if _, err := n.client.BindAxg(t.Context(), &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13800138000", GroupID: 1, Expiration: at}); err != nil {
			t.Fatal(err)
		}
		_, after, _ := n.sweep(t, input, n.everyNumber(), false)
		n.mustRelease(t, release{job: "r.csv", input: resultsText(t, "PhoneNoA,GroupId,Expiration", after)})
		j, err := books.Read(&n.journal, int64(n.journal.Len()), nil)
		if err != nil {
			t.Fatal(err)
		}
		list, err := j.Duplicates("r.csv")
		if live := n.live(); err != nil || len(live) != 1 || len(list) != 1 || list[0].SubsID != live[0] {
			t.Errorf("%+v, %v, live %v", list, err, live)
		}
	})
}

// TestSafetyUnbindWithdrawn: a row whose binding a later night had renewed, and
// that is sent again after its release, is not BOUND because that call was
// withdrawn.
func TestSafetyUnbindWithdrawn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 100})
		defer n.close()
		const rows = 20
		n.results = "1.csv"
		n.run(t, t.Context(), nightInput(0, rows, "2099-01-31 23:59:59", "13900000001"))
		n.results, n.whenBound = "2.csv", plan.RenewWhenBound
		later := nightInput(0, rows, "2099-12-31 23:59:59", "13900000001")
		second, _, _ := n.run(t, t.Context(), later)
		n.mustRelease(t, release{job: "2.csv", input: resultsText(t, nightHead, second), opt: plan.Release{Renewed: true}})
		n.whenBound, n.resend = plan.RefuseWhenBound, plan.Resend{Released: true}
		ctx, cancel := context.WithTimeoutCause(t.Context(), 55*time.Millisecond, books.StopInterrupt)
		defer cancel()
		n.run(t, ctx, later)
		if !strings.Contains(string(n.journal.Text()), " withdrawn ") {
			t.Fatal("no call was withdrawn")
		}
		n.resend = plan.Resend{}
		after, _, _ := n.run(t, t.Context(), later)
		live := n.live()
		for _, r := range after {
			if r.Status == report.Bound && !slices.Contains(live, r.SubsID) {
				t.Errorf("line %d: %s %s %s, which is gone", r.Line, r.Status, r.Code, r.SubsID)
			}
		}
		if got := count(after); got[report.Bound] != len(live) || got[report.Bound]+got[report.Released] != rows {
			t.Errorf("%v, %d live", got, len(live))
		}
	})
}

// TestSafetyUnbindUnproven: as long as nobody could look whether a binding is
// really gone, its row is not BOUND, in later runs neither.
func TestSafetyUnbindUnproven(t *testing.T) {
	for _, old := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 20, OldUnbind: old})
			defer n.close()
			input := nightInput(0, 1, "2099-01-31 23:59:59", "13900000001")
			bound, _, _ := n.run(t, t.Context(), input)
			n.unbind(t, bound[0].SubsID, bound[0].SecretNo)
			file := resultsText(t, nightHead, bound)
			half := n.halfReleased(t, "drop-before@QuerySubscriptionDetail=1", release{job: "r.csv", input: file})
			if half[0].Status != report.Pending {
				t.Fatalf("%+v", half)
			}
			rows, _, calls := n.run(t, t.Context(), input)
			if calls != 0 || rows[0].Status != report.Unknown {
				t.Errorf("%+v, %d calls", rows[0], calls)
			}
			n.results, n.whenBound = "2.csv", plan.SkipWhenBound
			rows, _, calls = n.run(t, t.Context(), nightInput(0, 1, "2099-12-31 23:59:59", "13900000001"))
			if calls != 0 || rows[0].Status == report.Bound {
				t.Errorf("a later night: %+v, %d calls", rows[0], calls)
			}
		})
	}
}

// TestSafetyUnbindEvidence: the SubsId of a row that is not BOUND is what a
// look-up found on its X, and another row's binding.
func TestSafetyUnbindEvidence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		n.twice = true
		x := n.everyNumber()[7].SecretNo
		first := "13800138000,1,2099-01-31 23:59:59,13900000001," + x + ",\n"
		second := "13800138000,1,2099-12-31 23:59:59,13900000001," + x + ",\n"
		own, _, _ := n.run(t, t.Context(), safetyHead+first)
		n.service.SetFaults(faults(t, "drop-before@BindAxg=1"))
		both, _, _ := n.run(t, t.Context(), safetyHead+first+second)
		n.service.SetFaults(nil)
		if both[1].Status == report.Bound || both[1].SubsID != own[0].SubsID {
			t.Fatalf("%+v", both[1])
		}
		file := resultsText(t, strings.TrimSpace(safetyHead), both)
		records, plan := n.mustRelease(t, release{job: "r.csv", input: file, opt: plan.Release{Select: lines(t, "3")}})
		if len(n.live()) != 1 || plan.Left != 2 {
			t.Errorf("%+v, %d left, live %v", records, plan.Left, n.live())
		}
	})
}

// TestSafetyUnbindSwapped: where the ids of two rows of one A and group were
// sorted apart from them, a part of them releases no binding of the others.
func TestSafetyUnbindSwapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		n.twice = true
		bound, _, _ := n.run(t, t.Context(), nightHead+"\n13800138000,1,2099-01-31 23:59:59,13900000001\n13800138000,1,2099-01-31 23:59:59,13900000002\n")
		hurt := slices.Clone(bound)
		hurt[0].SubsID, hurt[1].SubsID, hurt[0].SecretNo, hurt[1].SecretNo = bound[1].SubsID, bound[0].SubsID, bound[1].SecretNo, bound[0].SecretNo
		records, _ := n.mustRelease(t, release{job: "r.csv", input: resultsText(t, nightHead, hurt), opt: plan.Release{Select: lines(t, "2")}})
		if !slices.Contains(n.live(), bound[1].SubsID) {
			t.Errorf("line 3 was not selected, and its binding is gone: %+v", records)
		}
	})
}

// TestSafetyUnbindBoundAgain: what a later night had renewed stays RELEASED
// whatever becomes of the row that made the binding.
func TestSafetyUnbindBoundAgain(t *testing.T) {
	for _, fault := range []string{"", "throttling@BindAxg=1", "code:isv.INVALID_PARAMETERS@BindAxg=1"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 100})
			defer n.close()
			n.results = "1.csv"
			input, later := nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"), nightInput(0, 3, "2099-12-31 23:59:59", "13900000001")
			n.run(t, t.Context(), input)
			n.results, n.whenBound = "2.csv", plan.RenewWhenBound
			second, _, _ := n.run(t, t.Context(), later)
			n.mustRelease(t, release{job: "2.csv", input: resultsText(t, nightHead, second), opt: plan.Release{Renewed: true}})
			n.results, n.whenBound, n.resend = "1.csv", plan.RefuseWhenBound, plan.Resend{Released: true}
			if fault != "" {
				n.stopped(t, fault, input)
			} else {
				n.run(t, t.Context(), input)
			}
			n.results, n.resend = "2.csv", plan.Resend{}
			live := len(n.live())
			rows, _, calls := n.run(t, t.Context(), later)
			if calls != 0 || count(rows)[report.Released] != 3 {
				t.Errorf("%s: %v %s, %d calls", fault, count(rows), rows[0].Code, calls)
			}
			if got, found := n.verify(t, later); got.Rows != 0 {
				t.Errorf("%s: %+v %v", fault, got, found)
			}
			if len(n.live()) != live {
				t.Error("live:", n.live())
			}
		})
	}
}

// TestSafetyUnbindRefused: a release that was refused says nothing of whether
// the binding lives.
func TestSafetyUnbindRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 1, "2099-01-31 23:59:59", "13900000001"))
		n.service.SetFaults(faults(t, "code:isv.FORBIDDEN_ACTION@UnbindSubscription=1"))
		n.mustRelease(t, release{job: "r.csv", input: resultsText(t, nightHead, bound)})
		n.service.SetFaults(nil)
		n.results = "2.csv"
		rows, _, calls := n.run(t, t.Context(), nightInput(0, 1, "2099-12-31 23:59:59", "13900000001"))
		if calls != 0 || len(n.live()) != 1 {
			t.Errorf("%+v, %d calls, live %v", rows[0], calls, n.live())
		}
	})
}

// named fails if a call names no binding.
type namedOnly struct {
	batch.Unbinder
	t *testing.T
}

func (c namedOnly) UnbindSubscription(ctx context.Context, r *aliyun.UnbindRequest) (*aliyun.UnbindResult, error) {
	if r.SubsID == "" || r.SecretNo == "" {
		c.t.Errorf("a call for %+v", *r)
	}
	return c.Unbinder.UnbindSubscription(ctx, r)
}

// TestSafetyUnbindNameless: no call leaves for a BOUND row without the id of its
// binding.
func TestSafetyUnbindNameless(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 2, "2099-01-31 23:59:59", "13900000001"))
		bound[0].SubsID, bound[1].SubsID, bound[1].SecretNo = "", "", ""
		n.journal.Set(nil)
		carried, _, _ := n.run(t, t.Context(), resultsText(t, nightHead, bound))
		for _, job := range []string{"r.csv", ""} {
			records, _ := n.mustRelease(t, release{job: job, input: resultsText(t, nightHead, carried), client: namedOnly{n.client, t}})
			if count(records)[report.Invalid] != 2 {
				t.Errorf("%+v", records)
			}
		}
	})
}

// TestSafetyUnbindRenewalRefused: a binding that a later night could not renew is
// still the job's that made it.
func TestSafetyUnbindRenewalRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		n.results = "1.csv"
		first, _, _ := n.run(t, t.Context(), nightInput(0, 2, "2099-01-31 23:59:59", "13900000001"))
		n.service.SetFaults(faults(t, "code:isv.INVALID_PARAMETERS@UpdateSubscription=1"))
		n.results, n.whenBound = "2.csv", plan.RenewWhenBound
		second, _, _ := n.run(t, t.Context(), nightInput(0, 2, "2099-12-31 23:59:59", "13900000001"))
		n.service.SetFaults(nil)
		if count(second)[report.Failed] != 2 {
			t.Fatal(count(second))
		}
		records, plan := n.mustRelease(t, release{job: "1.csv", input: resultsText(t, nightHead, first)})
		if count(records)[report.Released] != 2 || len(n.live()) != 0 {
			t.Errorf("%v, %d left, live %v", count(records), plan.Left, n.live())
		}
	})
}

// TestSafetyUnbindCarried: a results file names bindings that the journal knows
// by other rows: of the same file before it was edited, or of another night. They
// are released for all of these rows.
func TestSafetyUnbindCarried(t *testing.T) {
	for _, begun := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 20})
			defer n.close()
			n.results = "1.csv"
			input := nightInput(0, 2, "2099-01-31 23:59:59", "13900000001")
			bound, _, _ := n.run(t, t.Context(), input)
			edited := "" // in what no call changes
			for line := range strings.Lines(resultsText(t, nightHead, bound)) {
				edited += map[bool]string{true: "ExpectCity,", false: "北京,"}[edited == ""] + line
			}
			n.results = "2.csv"
			again, _, calls := n.run(t, t.Context(), edited)
			if count(again)[report.Bound] != 2 || calls != 0 || !slices.Equal(subsIDs(again), subsIDs(bound)) {
				t.Fatalf("%v, %d calls", again, calls)
			}
			want := report.Released
			r := release{job: "1.csv", input: resultsText(t, nightHead, bound)}
			if begun {
				want = report.Unknown
				n.halfReleased(t, "drop-after@UnbindSubscription=1", r)
			} else {
				n.mustRelease(t, r)
			}
			if len(n.live()) != 0 {
				t.Fatal(n.live())
			}
			for name, text := range map[string]string{"1.csv": input, "2.csv": edited} {
				n.results = name
				if rows, _, calls := n.run(t, t.Context(), text); count(rows)[want] != 2 || calls != 0 {
					t.Errorf("%s: %v, %d calls", name, count(rows), calls)
				}
			}
		})
	}
}

// TestSafetyUnbindOfAnother: a binding that another journal made and a night of
// this one renewed is released by that night, once it is proven.
func TestSafetyUnbindOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 2, "2099-01-31 23:59:59", "13900000001"))
		n.journal.Set(nil)
		changed := "PhoneNoA,GroupId,SecretNo,SubsId,Expiration\n"
		for _, r := range bound {
			changed += r.Input[0] + "," + r.Input[1] + "," + r.SecretNo + "," + r.SubsID + ",2099-06-30 23:59:59\n"
		}
		n.paperUpdate(t, changed, "Expiration")
		n.results, n.whenBound = "2.csv", plan.RenewWhenBound
		later := nightInput(0, 2, "2099-12-31 23:59:59", "13900000001")
		second, _, calls := n.run(t, t.Context(), later)
		t.Log(count(second), calls, len(n.live()), subsIDs(second))
		records, made := n.mustRelease(t, release{job: "2.csv", input: resultsText(t, nightHead, second), opt: plan.Release{Renewed: true, Foreign: true}})
		if count(records)[report.Released] != 2 || len(n.live()) != 0 {
			t.Errorf("%v, %d left, live %v", records, made.Left, n.live())
		}
		n.whenBound = plan.RefuseWhenBound
		if rows, _, calls := n.run(t, t.Context(), later); calls != 0 || count(rows)[report.Released] != 2 {
			t.Errorf("then %v, %d calls", count(rows), calls)
		}
	})
}

// TestSafetyUnbindPace: bindings that only a file names are looked up side by
// side, as fast as the pace allows.
func TestSafetyUnbindPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 200, Latency: 200 * time.Millisecond})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 100, "2099-01-31 23:59:59", "13900000001"))
		start := time.Now()
		n.mustRelease(t, release{input: resultsText(t, nightHead, bound), journal: &disk{}, opt: plan.Release{Foreign: true}})
		if took := time.Since(start); took > 4*time.Second || len(n.live()) != 0 { // 200 requests, 100 a second
			t.Errorf("%v for 100 rows, %d live", took, len(n.live()))
		}
	})
}
