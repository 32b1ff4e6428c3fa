package batch_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/plan"
	"axgbind/report"
)

// The cases of this file are those in which a plausible tool loses a binding,
// takes one for another, or binds twice. Each once did here.

const safetyHead = "PhoneNoA,GroupId,Expiration,PhoneNoB,PhoneNoX,OutId\n"

// stands compares what became of rows: status, code and SubsId of each.
func stands(t *testing.T, rows []report.Record, want ...string) {
	t.Helper()
	var got []string
	for _, r := range rows {
		got = append(got, strings.TrimRight(r.Status.String()+" "+r.Code+" "+r.SubsID, " "))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// stopped makes a run that is stopped while a fault keeps its calls from ending.
func (n *night) stopped(t *testing.T, fault, input string) []report.Record {
	t.Helper()
	n.service.SetFaults(faults(t, fault))
	ctx, cancel := context.WithTimeoutCause(t.Context(), 500*time.Millisecond, books.StopInterrupt)
	defer cancel()
	rows, _, _ := n.run(t, ctx, input)
	n.service.SetFaults(nil)
	return rows
}

// TestSafetyOneBindingOneRow: each of several bindings of one A and group is
// renewed by the row that has its B, and none by two rows. A row beside those is
// bound, unless it may be the one that a binding belongs to.
func TestSafetyOneBindingOneRow(t *testing.T) {
	const first = "13800138000,1,2099-01-31 23:59:59,13900000001,,\n"
	const second = "13800138000,1,2099-01-31 23:59:59,13900000002,,\n"
	const third = "13800138000,1,2099-01-31 23:59:59,13900000003,,\n"
	later := strings.NewReplacer("2099-01", "2099-12")
	for _, c := range []struct {
		name  string
		when  plan.WhenBound
		bound string
		again string
		want  []string
		binds int
		calls int
	}{
		{"two for two", plan.RenewWhenBound, first + second, first + second, []string{"BOUND OK", "BOUND OK"}, 0, 2},
		{"one for two, renew", plan.RenewWhenBound, first, first + second, []string{"BOUND OK", "BOUND OK"}, 1, 1},
		{"one for two, skip", plan.SkipWhenBound, first, first + second, []string{"BOUND client.AlreadyBound", "BOUND OK"}, 1, 0},
		{"one for two, refuse", plan.RefuseWhenBound, first, first + second, []string{"HELD client.StillBound", "HELD client.StillBound"}, 0, 0},
		{"one for two of other B", plan.RenewWhenBound, third, first + second, []string{"HELD client.StillBound", "HELD client.StillBound"}, 0, 0},
		{"two for one of other B", plan.RenewWhenBound, first + second, third, []string{"HELD client.StillBound"}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				n.whenBound, n.twice = c.when, true
				n.run(t, t.Context(), safetyHead+c.bound)
				n.results = "2.csv"
				rows, _, calls := n.run(t, t.Context(), safetyHead+later.Replace(c.again))
				b := map[string]string{"": ""}
				for _, s := range n.service.Bindings() {
					b[s.SubsId] = s.PhoneNoB
				}
				for i := range rows {
					if rows[i].Status == report.Bound && b[rows[i].SubsID] != rows[i].Input[3] {
						t.Errorf("%+v has the binding of %s", rows[i], b[rows[i].SubsID])
					}
					rows[i].SubsID = ""
				}
				stands(t, rows, c.want...)
				if updates := n.service.Stats().Actions["UpdateSubscription"]; calls != c.binds || int(updates) != c.calls {
					t.Errorf("%d BindAxg, %d updates", calls, updates)
				}
				if again, _, calls := n.run(t, t.Context(), safetyHead+later.Replace(c.again)); calls != 0 || n.service.Stats().Actions["UpdateSubscription"] != int64(c.calls) {
					t.Errorf("a further run: %d BindAxg, %v", calls, again)
				}
			})
		})
	}
}

// TestSafetyChangedBack: a binding that was changed and is to be what it was is
// changed again, however often, and the results never say what is not so.
func TestSafetyChangedBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		row := func(b string) string { return safetyHead + "13800138000,1,2099-01-31 23:59:59,139" + b + ",,\n" }
		for _, b := range []string{"00000001", "00000002", "00000001", "00000001", "00000002", "00000003", "00000001"} {
			rows, _, _ := n.run(t, t.Context(), row(b))
			stands(t, rows, "BOUND OK 1000000000000001")
			if now := n.service.Bindings(); len(now) != 1 || now[0].PhoneNoB != "139"+b {
				t.Fatalf("after %s: %+v", b, now)
			}
		}
		if calls := n.service.Stats().Actions; calls["BindAxg"] != 1 || calls["UpdateSubscription"] != 5 {
			t.Errorf("%v", calls)
		}
		n.whenBound = plan.RefuseWhenBound
		rows, _, _ := n.run(t, t.Context(), row("00000002"))
		stands(t, rows, "HELD client.EditedAfterSend 1000000000000001")
	})
}

// TestSafetyUpdateToggles is the same of the command that updates.
func TestSafetyUpdateToggles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), safetyHead+"13800138000,1,2099-01-31 23:59:59,13900000001,,\n")
		row := func(b string) string { return bound[0].SecretNo + "," + bound[0].SubsID + ",139" + b + "\n" }
		d := &disk{}
		for _, b := range []string{"00000001", "00000002", "00000002", "00000001"} {
			rows, err := n.updates(t, t.Context(), d, "SecretNo,SubsId,PhoneNoB\n"+row(b), "PhoneNoB")
			if err != nil {
				t.Fatal(err)
			}
			stands(t, rows, "BOUND OK 1000000000000001")
			if now := n.service.Bindings(); now[0].PhoneNoB != "139"+b {
				t.Errorf("after %s: %+v", b, now)
			}
		}
		if calls := n.service.Stats().Actions["UpdateSubscription"]; calls != 3 {
			t.Errorf("%d calls", calls)
		}
		rows, err := n.updates(t, t.Context(), &disk{}, "SecretNo,SubsId,PhoneNoB\n"+row("00000003")+row("00000004"), "PhoneNoB")
		if err != nil {
			t.Fatal(err)
		}
		stands(t, rows, "BOUND OK 1000000000000001", "INVALID client.Duplicate 1000000000000001")
	})
}

// TestSafetySiblings: of two changes that were begun and not known to be done,
// both count: what the last wants is said in full.
func TestSafetySiblings(t *testing.T) {
	for _, third := range []string{"2099-12-31 23:59:59,13900000001,,", "2099-01-31 23:59:59,13900000001,,new"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.whenBound = plan.RenewWhenBound
			n.run(t, t.Context(), safetyHead+"13800138000,1,2099-01-31 23:59:59,13900000001,,\n")
			rows := n.stopped(t, "system-error-executed@UpdateSubscription=1", safetyHead+"13800138000,1,2099-01-31 23:59:59,13900000002,,\n")
			stands(t, rows, "PENDING isp.SYSTEM_ERROR")
			time.Sleep(time.Hour)
			input := safetyHead + "13800138000,1," + third + "\n"
			stands(t, n.stopped(t, "throttling@UpdateSubscription=1", input), "PENDING Throttling.User")
			rows, _, _ = n.run(t, t.Context(), input)
			stands(t, rows, "BOUND OK 1000000000000001")
			if now := n.service.Bindings(); len(now) != 1 || now[0].PhoneNoB != "13900000001" || now[0].Expiration != third[:19] {
				t.Errorf("%+v", now)
			}
		})
	}
}

// lostCall loses the first BindAxg call with an OutId before it arrives.
type lostCall struct {
	*aliyun.Client
	outID string
	once  sync.Once
}

func (l *lostCall) BindAxg(ctx context.Context, r *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	lost := false
	if r.OutID == l.outID {
		l.once.Do(func() { lost = true })
	}
	if lost {
		return nil, errors.New("lost before it arrived")
	}
	return l.Client.BindAxg(ctx, r)
}

// TestSafetyTwins: of two rows on one X, the binding that a look-up shows for
// the one whose answer was lost may be the other's.
func TestSafetyTwins(t *testing.T) {
	for _, b := range []string{"13900000001", "13900000002"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.binder, n.twice = &lostCall{Client: n.client, outID: "o2"}, true
			rows, _, _ := n.run(t, t.Context(), safetyHead+
				"13800138000,1,2099-01-31 23:59:59,13900000001,17100000001,o1\n13800138000,1,2099-01-31 23:59:59,"+b+",17100000001,o2\n")
			stands(t, rows, "BOUND OK 1000000000000001", "UNKNOWN client.BadAnswer 1000000000000001")
		})
	}
}

// TestSafetyCarried: UNKNOWN verdicts of a results file whose journal is gone are
// settled as carefully as if it were there.
func TestSafetyCarried(t *testing.T) {
	for _, x := range []string{"17100000000", ""} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10, VisibilityLag: 5 * time.Second})
			defer n.close()
			input := safetyHead + "13800138000,1,2099-01-31 23:59:59,13900000001," + x + ",\n"
			rows := n.stopped(t, "system-error-executed@BindAxg=1", input)
			stands(t, rows, "UNKNOWN isp.SYSTEM_ERROR")
			rows[0].FinishedAt = time.Time{} // as of a row that was on its way when its run was killed
			results := resultsOf(t, rows)
			n.journal.Set(nil)
			rows, _, calls := n.run(t, t.Context(), results)
			if x == "" {
				stands(t, rows, "UNKNOWN isp.SYSTEM_ERROR")
				_, rows, _ = n.sweep(t, results, n.everyNumber(), true)
			}
			stands(t, rows, "BOUND OK 1000000000000001")
			if calls != 0 || len(n.service.Bindings()) != 1 {
				t.Errorf("%d calls, %+v", calls, n.service.Bindings())
			}
		})
	}
}

func resultsOf(t *testing.T, rows []report.Record) string {
	t.Helper()
	var b strings.Builder
	w := report.NewWriter(&b, strings.Split(strings.TrimSpace(safetyHead), ","), false)
	for i := range rows {
		if err := w.Write(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSafetyClaimed: a results file whose journal is gone may say, of a row that
// is not BOUND, that a binding is there.
func TestSafetyClaimed(t *testing.T) {
	const head = "PhoneNoA,GroupId,Expiration,PhoneNoB,PhoneNoX,OutId,Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt\n"
	for verdict, want := range map[string]string{
		"INVALID,client.StillBound,,,,,,,0,0,":                        "HELD client.UnprovenVerdict",
		"INVALID,client.EditedAfterSend,,,,,,,0,0,":                   "HELD client.UnprovenVerdict",
		"FAILED,isv.FLOW_LIMIT,,,,17100000001,1000000000000009,,1,1,": "HELD client.UnprovenVerdict 1000000000000009",
		"INVALID,client.Format,,,,,,,0,0,":                            "BOUND OK 1000000000000001",
		"PENDING,,,,,,,,0,0,":                                         "BOUND OK 1000000000000001",
	} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			rows, _, _ := n.run(t, t.Context(), head+"13800138000,1,2099-01-31 23:59:59,,,,2,"+verdict+"\n")
			stands(t, rows, want)
		})
	}
}

// TestSafetyBlind: a row sent again for another X while a call that named none
// is in doubt is settled by no look-up of that X; a sweep can.
func TestSafetyBlind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		input := safetyHead + "13800138000,1,2099-01-31 23:59:59,,,\n"
		n.service.SetFaults(faults(t, "drop-after@BindAxg=1"))
		rows, _, _ := n.run(t, t.Context(), input)
		stands(t, rows, "UNKNOWN client.ConnectionLost")
		n.service.SetFaults(faults(t, "drop-before@BindAxg=1"))
		n.resend.Unknown, n.numbers = true, listOf(10)
		rows, _, _ = n.run(t, t.Context(), input)
		stands(t, rows, "UNKNOWN client.ConnectionLost")
		n.service.SetFaults(nil)
		n.resend.Unknown, n.numbers = false, nil
		n.control(t)
		for range 2 {
			var calls int
			if rows, _, calls = n.run(t, t.Context(), input); calls != 0 {
				t.Fatalf("sent again")
			}
			stands(t, rows, "UNKNOWN client.ConnectionLost")
		}
		swept, rows, _ := n.sweep(t, input, n.everyNumber(), true)
		if stands(t, rows, "BOUND OK 1000000000000001"); swept.Bound != 1 {
			t.Errorf("%+v", swept)
		}
	})
}

// blurred shows bindings otherwise than they were asked for.
type blurred struct {
	*aliyun.Client
	blur func(*aliyun.Subscription)
}

func (b blurred) QuerySubscriptionDetail(ctx context.Context, pool, id, x string) (*aliyun.Subscription, error) {
	s, err := b.Client.QuerySubscriptionDetail(ctx, pool, id, x)
	if err == nil {
		b.blur(s)
	}
	return s, err
}

// TestSafetySweepUnlike: a binding of a row's A and group that differs in what
// can be changed, or in when it seems to have been made, keeps a complete sweep
// from calling the row not bound.
func TestSafetySweepUnlike(t *testing.T) {
	for name, blur := range map[string]func(*aliyun.Subscription){
		"no creation time":   func(s *aliyun.Subscription) { s.Created = time.Time{} },
		"Expiration differs": func(s *aliyun.Subscription) { s.Expiration = s.Expiration.Add(time.Second) },
		"B differs":          func(s *aliyun.Subscription) { s.PhoneNoB = "13900000001" },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				input := safetyHead + "13800138000,1,2099-01-31 23:59:59,,,\n"
				n.service.SetFaults(faults(t, "drop-after@BindAxg=1"))
				n.run(t, t.Context(), input)
				n.service.SetFaults(nil)
				n.lister = blurred{n.client, blur}
				swept, rows, _ := n.sweep(t, input, n.everyNumber(), true)
				if stands(t, rows, "UNKNOWN client.ConnectionLost"); swept.Absent != 0 || !strings.Contains(rows[0].Reason, "1000000000000001 ") {
					t.Errorf("%+v %+v", swept, rows[0])
				}
				if rows, _, calls := n.run(t, t.Context(), input); calls != 0 {
					t.Errorf("sent again: %+v", rows)
				}
			})
		})
	}
}

// TestSafetySweepOwned: a sweep gives the binding of a BOUND row to no other row,
// however alike the two are.
func TestSafetySweepOwned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.binder, n.twice = &lostCall{Client: n.client, outID: "o2"}, true
		input := safetyHead + "13800138000,1,2099-01-31 23:59:59,,,o1\n13800138000,1,2099-01-31 23:59:59,,,o2\n"
		rows, _, _ := n.run(t, t.Context(), input)
		stands(t, rows, "BOUND OK 1000000000000001", "UNKNOWN client.BadAnswer")
		_, rows, _ = n.sweep(t, input, n.everyNumber(), true)
		stands(t, rows, "BOUND OK 1000000000000001", "PENDING")
	})
}
