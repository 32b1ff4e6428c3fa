package batch_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/batch/plan"
	"axgbind/report"
)

// More cases of safety_test.go: bindings that were changed, and rows that may or
// may not be theirs.

func personB(b string) string { return "13800138000,1,2099-01-31 23:59:59,139" + b + ",,\n" }

// agrees compares rows that are BOUND with the service: each has a binding, no
// other row has it, and it is what the row says.
func (n *night) agrees(t *testing.T, rows []report.Record) {
	t.Helper()
	has := map[string]string{}
	for _, b := range n.service.Bindings() {
		has[b.SubsId] = b.PhoneNoB + " until " + b.Expiration
	}
	for _, r := range rows {
		if r.Status != report.Bound || r.Code != "OK" {
			continue
		}
		if want := r.Input[3] + " until " + r.Input[2]; has[r.SubsID] != want {
			t.Errorf("BOUND %s: %s, the service has %q for it", r.SubsID, want, has[r.SubsID])
		}
		delete(has, r.SubsID)
	}
}

// TestSafetyReverted: a change was begun, and lost; the row is put back to what it was before.
func TestSafetyReverted(t *testing.T) {
	for _, three := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.whenBound = plan.RenewWhenBound
			n.run(t, t.Context(), safetyHead+personB("00000001"))
			first := personB("00000001")
			if three {
				n.run(t, t.Context(), safetyHead+personB("00000002"))
				first = personB("00000002")
				time.Sleep(time.Minute)
			}
			rows := n.stopped(t, "system-error-executed@UpdateSubscription=1", safetyHead+personB("00000003"))
			n.agrees(t, rows)
			time.Sleep(time.Minute)
			rows, _, _ = n.run(t, t.Context(), safetyHead+first)
			n.agrees(t, rows)
			if rows[0].Status == report.Bound && n.service.Bindings()[0].PhoneNoB != rows[0].Input[3] {
				t.Errorf("BOUND %s, is %s", rows[0].Input[3], n.service.Bindings()[0].PhoneNoB)
			}
		})
	}
}

// TestSafetyBothRows: the row that a binding was made for, and the one it was changed to, stand in one file.
func TestSafetyBothRows(t *testing.T) {
	for _, order := range []string{personB("00000001") + personB("00000002"), personB("00000002") + personB("00000001")} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.whenBound = plan.RenewWhenBound
			n.run(t, t.Context(), safetyHead+personB("00000001"))
			n.run(t, t.Context(), safetyHead+personB("00000002"))
			for range 3 {
				rows, _, _ := n.run(t, t.Context(), safetyHead+order)
				n.agrees(t, rows)
				for _, r := range rows {
					if r.Status == report.Bound && n.service.Bindings()[0].PhoneNoB != r.Input[3] {
						t.Errorf("BOUND %s, is %s", r.Input[3], n.service.Bindings()[0].PhoneNoB)
					}
				}
			}
		})
	}
}

// TestSafetyBothUnfinished: two changes of one binding were begun, and both rows stand in one file.
func TestSafetyBothUnfinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		n.run(t, t.Context(), safetyHead+personB("00000001"))
		n.stopped(t, "system-error@UpdateSubscription=1", safetyHead+personB("00000002"))
		time.Sleep(time.Minute)
		n.stopped(t, "throttling@UpdateSubscription=1", safetyHead+personB("00000003"))
		time.Sleep(time.Minute)
		n.stopped(t, "throttling@UpdateSubscription=1", safetyHead+personB("00000003"))
		time.Sleep(2 * time.Minute)
		for range 3 {
			rows, _, _ := n.run(t, t.Context(), safetyHead+personB("00000002")+personB("00000003"))
			n.agrees(t, rows)
			for _, r := range rows {
				if r.Status == report.Bound && n.service.Bindings()[0].PhoneNoB != r.Input[3] {
					t.Errorf("BOUND %s, is %s", r.Input[3], n.service.Bindings()[0].PhoneNoB)
				}
			}
		}
	})
}

// TestSafetyCarriedLook: FinishedAt of an UNKNOWN row is when it was looked up, not when its call left.
func TestSafetyCarriedLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		input := safetyHead + "13800138000,1,2099-01-31 23:59:59,13900000001,,\n"
		rows := n.stopped(t, "system-error-executed@BindAxg=1", input)
		n.agrees(t, rows)
		time.Sleep(24 * time.Hour)
		_, rows, _ = n.sweep(t, input, []batch.Number{{SecretNo: "17199999999", PoolKey: simulator.PoolKey}}, false)
		n.agrees(t, rows)
		results := resultsOf(t, rows)
		n.journal.Set(nil)
		rows, _, _ = n.run(t, t.Context(), results)
		n.agrees(t, rows)
		_, rows, _ = n.sweep(t, results, n.everyNumber(), true)
		n.agrees(t, rows)
		rows, _, calls := n.run(t, t.Context(), results)
		n.agrees(t, rows)
		if calls != 0 || len(n.service.Bindings()) != 1 {
			t.Errorf("a second X: %d calls", calls)
		}
	})
}

// TestSafetyCarriedTwice: the same, of a row that was sent twice, a day apart.
func TestSafetyCarriedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		input := safetyHead + "13800138000,1,2099-01-31 23:59:59,13900000001,,\n"
		n.stopped(t, "system-error-executed@BindAxg=1", input)
		time.Sleep(24 * time.Hour)
		n.resend.Unknown = true
		rows := n.stopped(t, "drop-before@BindAxg=1", input)
		n.resend.Unknown = false
		n.agrees(t, rows)
		results := resultsOf(t, rows)
		n.journal.Set(nil)
		n.run(t, t.Context(), results)
		_, rows, _ = n.sweep(t, results, n.everyNumber(), true)
		n.agrees(t, rows)
		if rows[0].Status == report.Pending {
			t.Errorf("called not bound")
		}
	})
}

// TestSafetyCarriedTwins: two rows on one X, from results whose journal is gone.
func TestSafetyCarriedTwins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.binder, n.twice = &lostCall{Client: n.client, outID: "o2"}, true
		input := safetyHead +
			"13800138000,1,2099-01-31 23:59:59,13900000001,17100000001,o1\n13800138000,1,2099-01-31 23:59:59,13900000001,17100000001,o2\n"
		rows, _, _ := n.run(t, t.Context(), input)
		n.agrees(t, rows)
		n.binder = nil
		results := resultsOf(t, rows)
		n.journal.Set(nil)
		rows, _, _ = n.run(t, t.Context(), results)
		n.agrees(t, rows)
		if rows[1].Status == report.Bound {
			t.Errorf("one binding, two rows")
		}
	})
}

// TestSafetyLookEnds: a row in doubt that is refused for what its X is does not go round for ever.
func TestSafetyLookEnds(t *testing.T) {
	for _, code := range []string{"code:isv.NO_NOT_EXIST", "code:isv.FORBIDDEN_ACTION", "code:isv.NO_USED_BY_OTHERS", "code:isv.BIND_CONFLICT"} {
		t.Run(code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				n.binder = &lostCall{Client: n.client, outID: "o1"}
				n.service.SetFaults(faults(t, code+"@BindAxg=1"))
				ctx, cancel := context.WithTimeoutCause(t.Context(), time.Hour, books.StopInterrupt)
				defer cancel()
				begin := time.Now()
				rows, _, _ := n.run(t, ctx, safetyHead+"13800138000,1,2099-01-31 23:59:59,13900000001,17100000001,o1\n")
				n.agrees(t, rows)
				if took := time.Since(begin); took > 10*time.Minute {
					t.Errorf("took %v, %d attempts", took, rows[0].Attempts)
				}
			})
		})
	}
}

// TestSafetyUpdateTwice: a row that is done, behind one that changes the same binding.
func TestSafetyUpdateTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
		row := func(b string) string { return bound[0].SecretNo + "," + bound[0].SubsID + ",139" + b + "\n" }
		d := &disk{}
		const head = "SecretNo,SubsId,PhoneNoB\n"
		n.updates(t, t.Context(), d, head+row("00000003"), "PhoneNoB")
		rows, err := n.updates(t, t.Context(), d, head+row("00000002")+row("00000003"), "PhoneNoB")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Status == report.Bound && n.service.Bindings()[0].PhoneNoB != r.Input[2] {
				t.Errorf("BOUND %s, is %s", r.Input[2], n.service.Bindings()[0].PhoneNoB)
			}
		}
	})
}

// TestSafetyUpdateReverted: an update was begun, and lost; the row is put back.
func TestSafetyUpdateReverted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
		row := func(b string) string { return bound[0].SecretNo + "," + bound[0].SubsID + ",139" + b + "\n" }
		d := &disk{}
		const head = "SecretNo,SubsId,PhoneNoB\n"
		n.updates(t, t.Context(), d, head+row("00000002"), "PhoneNoB")
		time.Sleep(time.Minute)
		n.service.SetFaults(faults(t, "system-error-executed@UpdateSubscription=1"))
		ctx, cancel := context.WithTimeoutCause(t.Context(), 500*time.Millisecond, books.StopInterrupt)
		defer cancel()
		n.updates(t, ctx, d, head+row("00000003"), "PhoneNoB")
		n.service.SetFaults(nil)
		time.Sleep(time.Minute)
		rows, err := n.updates(t, t.Context(), d, head+row("00000002"), "PhoneNoB")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Status == report.Bound && n.service.Bindings()[0].PhoneNoB != r.Input[2] {
				t.Errorf("BOUND %s, is %s", r.Input[2], n.service.Bindings()[0].PhoneNoB)
			}
		}
	})
}

// TestSafetyBegunB: a change that was begun sets a B, which no later one can take away.
func TestSafetyBegunB(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		n.run(t, t.Context(), safetyHead+"13800138000,1,2099-01-31 23:59:59,,,\n")
		rows := n.stopped(t, "drop-after@UpdateSubscription=1", safetyHead+"13800138000,1,2099-12-31 23:59:59,13900000002,,\n")
		n.agrees(t, rows)
		time.Sleep(time.Minute)
		rows, _, _ = n.run(t, t.Context(), safetyHead+"13800138000,1,2099-01-31 23:59:59,,,new\n")
		n.agrees(t, rows)
		b := n.service.Bindings()[0]
		if rows[0].Status == report.Bound && (b.PhoneNoB != "" || b.Expiration != rows[0].Input[2]) {
			t.Errorf("BOUND %v, is %+v", rows[0].Input, b)
		}
	})
}

// TestSafetyXFirst: a row that names an X is given its binding before rows that have its B.
func TestSafetyXFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		rows, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001")+personB("00000002"))
		n.agrees(t, rows)
		n.results = "2.csv"
		x := rows[0].SecretNo
		rows, _, _ = n.run(t, t.Context(), safetyHead+
			"13800138000,1,2099-12-31 23:59:59,13900000001,,\n13800138000,1,2099-12-31 23:59:59,13900000005,"+x+",\n")
		n.agrees(t, rows)
	})
}

// paperUpdate: an update in the journal of the bind.
func (n *night) paperUpdate(t *testing.T, input string, fields ...string) []report.Record {
	t.Helper()
	d := &disk{text: n.journal.Text(), durable: n.journal.Len()}
	rows, err := n.updates(t, t.Context(), d, input, fields...)
	if err != nil {
		t.Fatal(err)
	}
	n.journal.Set(d.text)
	return rows
}

// TestSafetySharedJournal: an update that names little more than the binding, in the journal of the bind.
func TestSafetySharedJournal(t *testing.T) {
	for _, when := range []plan.WhenBound{plan.RefuseWhenBound, plan.RenewWhenBound} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.whenBound = when
			rows, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
			n.paperUpdate(t, "SecretNo,SubsId,PhoneNoB\n"+rows[0].SecretNo+","+rows[0].SubsID+",13900000002\n", "PhoneNoB")
			n.results = "2.csv"
			rows, _, calls := n.run(t, t.Context(), safetyHead+personB("00000003"))
			n.agrees(t, rows)
			if calls != 0 {
				t.Errorf("a second X")
			}
		})
	}
}

// TestSafetySharedRecording: the same: what it did not change is not forgotten.
func TestSafetySharedRecording(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		const head = "PhoneNoA,GroupId,Expiration,PhoneNoB,PhoneNoX,OutId,IsRecordingEnabled\n"
		rows, _, _ := n.run(t, t.Context(), head+"13800138000,1,2099-01-31 23:59:59,13900000001,,,true\n")
		n.paperUpdate(t, "SecretNo,SubsId,PhoneNoB,PhoneNoA,GroupId\n"+rows[0].SecretNo+","+rows[0].SubsID+",13900000002,13800138000,1\n", "PhoneNoB")
		rows, _, _ = n.run(t, t.Context(), head+"13800138000,1,2099-01-31 23:59:59,13900000003,,,false\n")
		n.agrees(t, rows)
		s, err := n.client.QuerySubscriptionDetail(t.Context(), simulator.PoolKey, "1000000000000001", n.service.Bindings()[0].SecretNo)
		t.Logf("%+v %v", s, err)
		if err == nil && s.Recording && rows[0].Status == report.Bound {
			t.Errorf("recording is on")
		}
	})
}

// TestSafetyCompact: a change that lapses before what it changed is not dropped without it.
func TestSafetyCompact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		n.run(t, t.Context(), safetyHead+personB("00000001"))
		short := strings.Replace(personB("00000001"), "2099-01-31", "2000-02-10", 1)
		n.run(t, t.Context(), safetyHead+short)
		time.Sleep(60 * 24 * time.Hour)
		n.whenBound = plan.RefuseWhenBound
		n.run(t, t.Context(), safetyHead+personB("00000001"))
		j, err := books.Open(&n.journal, journal.Options{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		dropped, err := j.Compact(&out, time.Now().Add(-24*time.Hour), time.Now())
		j.Close()
		if err != nil {
			t.Fatal(dropped, err)
		}
		n.journal.Set([]byte(out.String()))
		rows, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
		if rows[0].Status == report.Bound && len(n.service.Bindings()) == 0 {
			t.Errorf("BOUND and no binding")
		}
	})
}

// TestSafetyReconcileAgrees: bind and reconcile say the same of a row whose binding was changed.
func TestSafetyReconcileAgrees(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		n.run(t, t.Context(), safetyHead+personB("00000001"))
		n.run(t, t.Context(), safetyHead+personB("00000002"))
		n.whenBound = plan.RefuseWhenBound
		rows, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
		n.agrees(t, rows)
		_, rows, _ = n.sweep(t, safetyHead+personB("00000001"), n.everyNumber(), true)
		n.agrees(t, rows)
		if rows[0].Status == report.Bound {
			t.Errorf("BOUND to %s", rows[0].Input[3])
		}
	})
}

// TestSafetySkipBoth: one binding is not taken by a row beside the one that has it.
func TestSafetySkipBoth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		n.run(t, t.Context(), safetyHead+personB("00000001"))
		n.run(t, t.Context(), safetyHead+personB("00000002"))
		n.whenBound = plan.SkipWhenBound
		rows, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001")+personB("00000002"))
		n.agrees(t, rows)
		if rows[0].Status == report.Bound && rows[1].Status == report.Bound {
			t.Errorf("one binding, two rows")
		}
	})
}

// TestSafetyOvertaken: a change was begun and lost, and both rows stand in one file.
func TestSafetyOvertaken(t *testing.T) {
	for _, order := range []string{personB("00000001") + personB("00000002"), personB("00000002") + personB("00000001")} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 10})
			defer n.close()
			n.whenBound = plan.RenewWhenBound
			n.run(t, t.Context(), safetyHead+personB("00000001"))
			n.stopped(t, "system-error-executed@UpdateSubscription=1", safetyHead+personB("00000002"))
			time.Sleep(time.Hour)
			for range 3 {
				rows, _, _ := n.run(t, t.Context(), safetyHead+order)
				n.agrees(t, rows)
				for _, r := range rows {
					if r.Status == report.Bound && n.service.Bindings()[0].PhoneNoB != r.Input[3] {
						t.Errorf("BOUND %s, is %s", r.Input[3], n.service.Bindings()[0].PhoneNoB)
					}
				}
			}
			if c := n.service.Stats().Actions["UpdateSubscription"]; c > 3 {
				t.Errorf("%d updates", c)
			}
		})
	}
}

// TestSafetyAgainThenBack: a change that was done is begun again, and lost, and taken back.
func TestSafetyAgainThenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		n.run(t, t.Context(), safetyHead+personB("00000001"))
		n.run(t, t.Context(), safetyHead+personB("00000002"))
		time.Sleep(time.Hour)
		n.stopped(t, "system-error-executed@UpdateSubscription=1", safetyHead+personB("00000003"))
		time.Sleep(time.Hour)
		rows := n.stopped(t, "system-error-executed@UpdateSubscription=1", safetyHead+personB("00000002"))
		n.agrees(t, rows)
		time.Sleep(time.Hour)
		rows, _, _ = n.run(t, t.Context(), safetyHead+personB("00000001"))
		n.agrees(t, rows)
		if rows[0].Status != report.Bound || n.service.Bindings()[0].PhoneNoB != rows[0].Input[3] {
			t.Errorf("%+v, the service has %+v", rows[0], n.service.Bindings())
		}
		n.run(t, t.Context(), safetyHead+personB("00000001"))
		if c := n.service.Stats().Actions["UpdateSubscription"]; c > 5 {
			t.Errorf("%d updates", c)
		}
	})
}

// TestSafetyOldNight: an older night run again does not take back what a later one renewed.
func TestSafetyOldNight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		later := strings.NewReplacer("2099-01", "2099-12")
		n.results = "1.csv"
		n.run(t, t.Context(), safetyHead+personB("00000001"))
		n.results = "2.csv"
		n.run(t, t.Context(), safetyHead+later.Replace(personB("00000001")))
		n.results = "1.csv"
		rows, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
		n.agrees(t, rows)
		if b := n.service.Bindings()[0]; b.Expiration[:7] != "2099-12" {
			t.Errorf("SHORTENED")
		}
		n.whenBound = plan.RefuseWhenBound
		n.results = "2.csv"
		rows, _, _ = n.run(t, t.Context(), safetyHead+later.Replace(personB("00000001")))
		n.agrees(t, rows)
	})
}

// TestSafetyCompactAnothers: changes of what another journal bound are dropped together.
func TestSafetyCompactAnothers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		rows, _, _ := n.run(t, t.Context(), safetyHead+personB("00000001"))
		x, s := rows[0].SecretNo, rows[0].SubsID
		n.journal.Set(nil) // another journal bound it
		j, err := books.Create(&n.journal, journal.Header{}, journal.Options{})
		if err != nil {
			t.Fatal(err)
		}
		j.Close()
		n.paperUpdate(t, "SecretNo,SubsId,PhoneNoA,GroupId,PhoneNoB,Expiration\n"+x+","+s+",13800138000,1,13900000002,2000-02-10 23:59:59\n", "PhoneNoB", "Expiration")
		time.Sleep(time.Minute)
		n.stopped(t, "system-error-executed@UpdateSubscription=1", safetyHead+personB("00000003"))
		time.Sleep(60 * 24 * time.Hour)
		j, err = books.Open(&n.journal, journal.Options{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		dropped, err := j.Compact(&out, time.Now().Add(-24*time.Hour), time.Now())
		j.Close()
		if err != nil {
			t.Fatal(dropped, err)
		}
		n.journal.Set([]byte(out.String()))
		rows, _, calls := n.run(t, t.Context(), safetyHead+personB("00000003"))
		n.agrees(t, rows)
		if calls != 0 || len(n.service.Bindings()) != 1 {
			t.Errorf("%d calls, %+v", calls, n.service.Bindings())
		}
	})
}
