package batch_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/plan"
	"axgbind/report"
)

// nightInput is the file of one night: rows from..to-1, all with one end, and B.
func nightInput(from, to int, end, b string) string {
	s := &strings.Builder{}
	fmt.Fprintln(s, "PhoneNoA,GroupId,Expiration,PhoneNoB")
	for i := from; i < to; i++ {
		fmt.Fprintf(s, "1380013%04d,2000000000001,%s,%s\n", i, end, b)
	}
	return s.String()
}

// TestCrashRenew: a night that renews most of the bindings of the night before
// and adds some, killed at random moments under faults. Each binding of the
// night before is changed and none made a second time; then a third night, for
// which a second was begun and never finished.
func TestCrashRenew(t *testing.T) {
	t.Parallel()
	seed := *crashSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-crash-seed %d", seed)
	kills := 0
	for job := range max(*crashJobs/2, 2) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, uint64(job)))
			n := newNight(t, simulator.Options{
				Numbers: 1000, Latency: 80 * time.Millisecond, Jitter: 60 * time.Millisecond, Seed: int64(seed%1e9) + int64(job),
				Faults: faults(t, "drop-before@*=0.03", "drop-after@*=0.03", "http-503@*=0.03", "http-503-executed@*=0.03", "drop-late@UpdateSubscription=0.02", "throttling@*=0.03"),
			})
			defer n.close()
			const old, gone, fresh = 45, 5, 10
			m := mortal{t: t, night: n, results: "1.csv", list: listOf(300), random: random}
			day := func(d int) string {
				return time.Now().AddDate(0, 0, d).In(report.Beijing).Format(time.DateTime)
			}
			m.input = nightInput(0, old, day(2), "13900000001")
			for tries := 0; tries < 3 && len(n.service.Bindings()) < old; tries++ { // where its first calls are all lost, a run stops
				if !m.live(0) {
					t.Fatal("night 1 did not end")
				}
			}
			first := n.service.Bindings()
			if len(first) != old {
				t.Fatalf("%d bindings after night 1", len(first))
			}
			end, b := day(30), "13900000001"
			m.results, m.input = "2.csv", nightInput(gone, old+fresh, end, b)
			if job%2 == 1 {
				m.input = nightInput(gone, old, end, b)
			}
			for range 3 + random.IntN(5) {
				if m.live(m.moment()) {
					break
				}
				kills++
			}
			if job%2 == 1 { // never finished: the third night wants something else
				end, b = day(60), "13900000002"
				m.results, m.input = "3.csv", nightInput(gone, old+fresh, end, b)
			}
			before := n.service.Stats().Actions["BindAxg"]
			for range 5 {
				if m.live(m.moment()) {
					break
				}
				kills++
			}
			for range 2 { // where its first calls are all lost, a run stops
				if !m.live(0) {
					t.Error("the job did not end")
				}
			}
			if made := n.service.Stats().Actions["BindAxg"] - before; made > 4*fresh {
				t.Errorf("%d BindAxg calls for %d new rows", made, fresh)
			}
			n.journal.Set(m.disk.text)
			n.results = m.results
			records, _, calls := n.run(t, t.Context(), m.input)
			if got := count(records); got[report.Bound] != old-gone+fresh || calls != 0 {
				t.Errorf("job %d: %v, and %d calls in a further run", job, got, calls)
			}
			was := map[string]string{}
			for _, b := range first {
				was[b.PhoneNoA] = b.SubsId
			}
			live := map[string]simulator.Binding{}
			for _, b := range n.service.Bindings() {
				if _, twice := live[b.PhoneNoA]; twice {
					t.Errorf("%s is bound twice", b.PhoneNoA)
				}
				live[b.PhoneNoA] = b
			}
			for _, r := range records {
				l := live[r.Input[0]]
				if l.SubsId != r.SubsID || l.Expiration != end || l.PhoneNoB != b || was[l.PhoneNoA] != "" && was[l.PhoneNoA] != l.SubsId {
					t.Errorf("%v %s: the service has %+v, was %s", r.Input, r.SubsID, l, was[l.PhoneNoA])
				}
			}
			if len(live) != old+fresh {
				t.Errorf("%d bindings, want %d", len(live), old+fresh)
			}
		})
	}
	t.Logf("%d kills", kills)
}

// TestRenew has a row for each way in which a row can differ from the live
// binding of its pool, A and group.
func TestRenew(t *testing.T) {
	const header = "PhoneNoA,GroupId,Expiration,PhoneNoB,PhoneNoX,IsRecordingEnabled,CallRestrict,OutId,ExpectCity\n"
	const first = "13800138000,1,2099-01-31 23:59:59,13900000001,,true,CONTROL_AX_DISABLE,o1,\n"
	for _, test := range []struct {
		name, row string
		status    report.Status
		code      string
		updates   int
	}{
		{"later end", "13800138000,1,2099-12-31 23:59:59,13900000001,,true,CONTROL_AX_DISABLE,o1,", report.Bound, "OK", 1},
		{"another B", "13800138000,1,2099-01-31 23:59:59,13900000002,,true,CONTROL_AX_DISABLE,o1,", report.Bound, "OK", 1},
		{"no recording", "13800138000,1,2099-01-31 23:59:59,13900000001,,,CONTROL_AX_DISABLE,o1,", report.Bound, "OK", 1},
		{"no restriction", "13800138000,1,2099-01-31 23:59:59,13900000001,,true,,o1,", report.Bound, "OK", 1},
		{"another id", "13800138000,1,2099-01-31 23:59:59,13900000001,,true,CONTROL_AX_DISABLE,o2,", report.Bound, "OK", 1},
		{"all of it", "13800138000,1,2099-12-31 23:59:59,13900000002,,false,CONTROL_BX_DISABLE,o2,", report.Bound, "OK", 5},
		{"X named, the same", "13800138000,1,2099-12-31 23:59:59,13900000001,17100000000,true,CONTROL_AX_DISABLE,o1,", report.Bound, "OK", 1},
		{"another X", "13800138000,1,2099-12-31 23:59:59,13900000001,17100000001,true,CONTROL_AX_DISABLE,o1,", report.Held, "client.EditedAfterSend", 0},
		{"no B any more", "13800138000,1,2099-12-31 23:59:59,,,true,CONTROL_AX_DISABLE,o1,", report.Held, "client.EditedAfterSend", 0},
		{"only what cannot be changed", "13800138000,1,2099-01-31 23:59:59,13900000001,,true,CONTROL_AX_DISABLE,o1,杭州", report.Bound, "client.AlreadyBound", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 2})
				defer n.close()
				n.whenBound = plan.RenewWhenBound
				old, _, _ := n.run(t, t.Context(), header+strings.Replace(first, ",,true", ",17100000000,true", 1))
				if old[0].SecretNo != "17100000000" {
					t.Fatalf("%+v", old[0])
				}
				records, _, calls := n.run(t, t.Context(), header+test.row+"\n")
				r := records[0]
				if r.Status != test.status || r.Code != test.code || calls != 0 || r.Status == report.Bound && r.SubsID != old[0].SubsID {
					t.Errorf("%s %s (%s), %d BindAxg calls", r.Status, r.Code, r.Reason, calls)
				}
				if got := int(n.service.Stats().Actions["UpdateSubscription"]); got != test.updates {
					t.Errorf("%d UpdateSubscription calls, want %d", got, test.updates)
				}
				if again, _, _ := n.run(t, t.Context(), header+test.row+"\n"); again[0].Status != r.Status || int(n.service.Stats().Actions["UpdateSubscription"]) != test.updates {
					t.Errorf("a further run: %+v", again[0])
				}
			})
		})
	}
}

// TestRenewGone: a binding that was released behind our back is not renewed,
// and bound anew only if a person says so.
func TestRenewGone(t *testing.T) {
	for _, code := range []string{"isv.SUBS_NOT_EXIST", "isv.FORBIDDEN_ACTION"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10, LapsedUpdate: code})
			defer n.close()
			n.whenBound = plan.RenewWhenBound
			old, _, _ := n.run(t, t.Context(), nightInput(0, 1, "2099-01-31 23:59:59", "13900000001"))
			n.unbind(t, old[0].SubsID, old[0].SecretNo)
			time.Sleep(time.Minute)
			n.control(t)
			later := nightInput(0, 1, "2099-12-31 23:59:59", "13900000001")
			for range 2 {
				records, _, calls := n.run(t, t.Context(), later)
				if r := records[0]; r.Status != report.Failed || r.Code != code || calls != 0 || !strings.Contains(r.Action, "--resend "+code) {
					t.Errorf("%s %s: %s; %d calls", r.Status, r.Code, r.Action, calls)
				}
			}
			n.resend = plan.Resend{Codes: map[string]bool{code: true}}
			records, _, calls := n.run(t, t.Context(), later)
			if r := records[0]; r.Status != report.Bound || calls != 1 || r.SubsID == old[0].SubsID {
				t.Errorf("bound anew: %s %s, %d calls", r.Status, r.Code, calls)
			}
			if n := len(n.live()); n != 1 {
				t.Errorf("%d bindings", n)
			}
		})
	}
}

// TestRenewRefused: a change that the service refuses leaves the row FAILED, and
// the binding as it was: it still holds the row back.
func TestRenewRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10, Faults: faults(t, "code:isv.UPDATE_CONFLICT@UpdateSubscription=1")})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		n.run(t, t.Context(), nightInput(0, 1, "2099-01-31 23:59:59", "13900000001"))
		later := nightInput(0, 1, "2099-12-31 23:59:59", "13900000001")
		records, _, calls := n.run(t, t.Context(), later)
		if r := records[0]; r.Status != report.Failed || r.Code != "isv.UPDATE_CONFLICT" || calls != 0 {
			t.Errorf("%+v, %d BindAxg calls", r, calls)
		}
		n.resend = plan.Resend{Failed: true}
		if err := n.service.SetFaults(nil); err != nil {
			t.Fatal(err)
		}
		records, _, calls = n.run(t, t.Context(), later)
		if r := records[0]; r.Status != report.Bound || calls != 0 || len(n.service.Bindings()) != 1 {
			t.Errorf("sent again: %+v, %d BindAxg calls", r, calls)
		}
	})
}
