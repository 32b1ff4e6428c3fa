package batch_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

// updates makes one run of an update by a list, --foreign, and returns the records.
func (n *night) updates(t *testing.T, ctx context.Context, d *disk, input string, fields ...string) ([]report.Record, error) {
	t.Helper()
	return n.change(t, ctx, d, change{input: input, fields: fields, foreign: true})
}

// change is one update: of what a batch holds, or by a list.
type change struct {
	of      string // the batch; blank: a list
	input   string
	fields  []string
	foreign bool
}

// change makes one run of it.
func (n *night) change(t *testing.T, ctx context.Context, d *disk, c change) ([]report.Record, error) {
	t.Helper()
	changes, required, err := books.ParseChanges(c.fields)
	if err != nil {
		t.Fatal(err)
	}
	s := session{place: placed(d), text: d.kept, input: c.input, read: input.Options{Bindings: true, Required: required}}
	s.plan = plan.Options{Operation: &plan.Update{Changes: changes, Foreign: c.foreign}}
	s.start = books.RunStart{Run: "r", Batch: "u.csv", Of: c.of, Command: "update"}
	records, _, err := s.do(t, func(_ *books.Journal, made *plan.Plan) (books.Stop, error) {
		run, err := batch.NewRun(made, batch.Update{Client: n.client}, batch.Options{Rate: 100, Timeout: aliyun.DefaultTimeout, Retries: 5})
		if err == nil {
			_, err = run.Do(ctx)
		}
		return books.StopNone, err
	})
	return records, err
}

// TestUpdate has a row for each way in which a row of an update can end.
func TestUpdate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 6, "2099-01-31 23:59:59", "13900000001"))
		n.unbind(t, bound[5].SubsID, bound[5].SecretNo)
		head := "SecretNo,SubsId,Expiration,PhoneNoB,IsRecordingEnabled\n"
		row := func(i int, rest string) string { return bound[i].SecretNo + "," + bound[i].SubsID + "," + rest + "\n" }
		input := head +
			row(0, "2099-12-31 23:59:59,13900000002,true") + // three calls
			row(1, "2099-12-31 23:59:59,,true") + // a blank B is left alone
			row(2, "1999-01-01 00:00:00,13900000002,") + // over
			"1.71E+10,1E+15,2099-12-31 23:59:59,,\n" +
			",,2099-12-31 23:59:59,,\n" +
			row(5, "2099-12-31 23:59:59,,") // gone
		d := &disk{}
		records, err := n.updates(t, t.Context(), d, input, "Expiration", "PhoneNoB", "IsRecordingEnabled")
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []struct {
			status   report.Status
			code     string
			attempts int
		}{
			{report.Bound, "OK", 3}, {report.Bound, "OK", 2}, {report.Invalid, "isv.EXPIRE_DATE_ILLEGAL", 0},
			{report.Invalid, "client.NoBinding", 0}, {report.Invalid, "client.NoBinding", 0}, {report.Failed, "isv.FORBIDDEN_ACTION", 1},
		} {
			r := records[i]
			if r.Status != want.status || r.Code != want.code || r.Attempts != want.attempts || r.Reason == "" {
				t.Errorf("row %d: %s %s after %d calls: %s", i, r.Status, r.Code, r.Attempts, r.Reason)
			}
			if i != 4 && r.SubsID == "" {
				t.Errorf("row %d has lost its SubsId", i)
			}
		}
		for _, b := range n.service.Bindings() {
			want := map[string]string{
				bound[0].SubsID: "2099-12-31 23:59:59 13900000002", bound[1].SubsID: "2099-12-31 23:59:59 13900000001", bound[2].SubsID: "2099-01-31 23:59:59 13900000001",
			}[b.SubsId]
			if got := b.Expiration + " " + b.PhoneNoB; want != "" && got != want {
				t.Errorf("%s has %s, want %s", b.SubsId, got, want)
			}
		}
		calls := n.service.Stats().Actions["UpdateSubscription"]
		if _, err := n.updates(t, t.Context(), d, input, "Expiration", "PhoneNoB", "IsRecordingEnabled"); err != nil {
			t.Fatal(err)
		}
		if again := n.service.Stats().Actions["UpdateSubscription"] - calls; again != 0 {
			t.Errorf("a further run made %d calls", again)
		}
	})
}

// TestUpdateResumes: an update under every fault that loses an answer, killed
// again and again, ends with every binding changed.
func TestUpdateResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 200, Latency: 50 * time.Millisecond})
		defer n.close()
		const rows = 60
		bound, _, _ := n.run(t, t.Context(), nightInput(0, rows, "2099-01-31 23:59:59", "13900000001"))
		n.service.SetFaults(faults(t, "drop-before@*=0.1", "drop-after@*=0.1", "http-503-executed@*=0.1", "throttling@*=0.1", "system-error@*=0.05"))
		input := "SecretNo,SubsId,Expiration,PhoneNoB\n"
		for _, r := range bound {
			input += r.SecretNo + "," + r.SubsID + ",2099-12-31 23:59:59,13900000002\n"
		}
		random := rand.New(rand.NewPCG(1, 2))
		d := &disk{}
		for range 8 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(400))*time.Millisecond)
			mine := &disk{text: append([]byte(nil), d.text...), durable: len(d.text), syncTime: time.Millisecond}
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, _ = n.updates(t, ctx, mine, input, "PhoneNoB", "Expiration")
			}()
			<-ctx.Done()
			mine.set(func() {
				mine.badWrite, mine.badSync = errDead, errDead
				d = &disk{text: append([]byte(nil), mine.text[:mine.durable]...)}
			})
			cancel()
			<-done
		}
		for range 10 {
			records, err := n.updates(t, t.Context(), d, input, "PhoneNoB", "Expiration")
			if err != nil {
				t.Fatal(err)
			}
			if count(records)[report.Bound] == rows {
				break
			}
			if c := count(records); c[report.Failed]+c[report.Invalid]+c[report.Unknown] > 0 {
				t.Fatalf("%v", c)
			}
		}
		for _, b := range n.service.Bindings() {
			if b.Expiration != "2099-12-31 23:59:59" || b.PhoneNoB != "13900000002" {
				t.Errorf("%+v", b)
			}
		}
	})
}

// TestUpdateMovesUnknown: bindings that no journal knows are brought to one group
// by a list. Where it names no A, each goes its way; where it does, no two come to
// one place.
func TestUpdateMovesUnknown(t *testing.T) {
	for head, want := range map[string]string{"": "3 moved", ",PhoneNoA": "1 moved"} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 20})
			defer n.close()
			input, a := nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"), ""
			if head != "" {
				input, a = safetyHead, ",13800138000"
				for group := range 3 {
					input += fmt.Sprintf("13800138000,%d,2099-01-31 23:59:59,,,\n", group+1)
				}
			}
			bound, _, _ := n.run(t, t.Context(), input)
			list := "SecretNo,SubsId,GroupId" + head + "\n"
			for _, r := range bound {
				list += r.SecretNo + "," + r.SubsID + ",7" + a + "\n"
			}
			rows, err := n.updates(t, t.Context(), &disk{}, list, "GroupId")
			if err != nil {
				t.Fatal(err)
			}
			moved := 0
			for _, b := range n.service.Bindings() {
				if b.GroupId == "7" {
					moved++
				}
			}
			if got := count(rows); fmt.Sprint(moved, " moved") != want || got[report.Bound] != moved || got[report.Invalid] != 3-moved {
				t.Errorf("%q: %d moved, %v", head, moved, got)
			}
		})
	}
}

// TestUpdateHeldWords: a row that may not move its binding says so in words that
// an update has, with no flag of bind.
func TestUpdateHeldWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		n.twice = true
		bound, _, _ := n.run(t, t.Context(), safetyHead+"13800138000,1,2099-01-31 23:59:59,,,\n13800138000,1,2099-01-31 23:59:59,13900000002,,\n13800138000,7,2099-01-31 23:59:59,,,\n")
		list := "SecretNo,SubsId,GroupId\n"
		for i, group := range []string{"8", "8", "1"} {
			list += bound[i].SecretNo + "," + bound[i].SubsID + "," + group + "\n"
		}
		rows := n.paperUpdate(t, list, "GroupId")
		stands(t, rows, "BOUND OK "+bound[0].SubsID, "INVALID client.SamePlace "+bound[1].SubsID, "HELD client.StillBound "+bound[2].SubsID)
		for _, r := range rows[1:] {
			if r.Reason == "" || !strings.Contains(r.Action, "another GroupId") || strings.Contains(r.Action, "--") {
				t.Errorf("line %d: %s: %s", r.Line, r.Reason, r.Action)
			}
		}
	})
}

// TestUpdateListNights: a row of a list by A and group changes the binding that is
// there, whatever it changed before; a further run comes to the same.
func TestUpdateListNights(t *testing.T) {
	released := func(t *testing.T, n *night, b report.Record) {
		got, _ := n.mustRelease(t, release{input: "SubsId\n" + b.SubsID + "\n"})
		stands(t, got, "RELEASED OK "+b.SubsID)
	}
	moved := func(t *testing.T, n *night, b report.Record) {
		got := n.paperUpdate(t, "SubsId,GroupId\n"+b.SubsID+",7\n", "GroupId")
		stands(t, got, "BOUND OK "+b.SubsID)
	}
	for name, test := range map[string]struct {
		fault   string // of the first update
		first   string // how the row stands after it
		leaves  func(t *testing.T, n *night, b report.Record)
		alone   string // how the row stands once its binding has left; blank: that run is not made
		squeeze bool
	}{
		"released":            {"", "BOUND OK", released, "RELEASED client.Released", false},
		"and not asked since": {"", "BOUND OK", released, "", false},
		"and compacted":       {"", "BOUND OK", released, "RELEASED client.Released", true},
		"moved":               {"", "BOUND OK", moved, "BOUND OK", false},
		"refused, released":   {"code:isv.INVALID_PARAMETERS@UpdateSubscription=1", "FAILED isv.INVALID_PARAMETERS", released, "FAILED isv.INVALID_PARAMETERS", false},
		"in doubt, released":  {"drop-before@UpdateSubscription=1", "PENDING client.ConnectionLost", released, "", false},
		"not made, and moved": {"throttling@UpdateSubscription=1", "PENDING Throttling.User", moved, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 30})
				defer n.close()
				old := n.anew(t, night1, "2099-01-31 23:59:59", "13900000001")
				list := places(",PhoneNoB", ",13900000009", old)
				update := func(fault string) report.Record {
					t.Helper()
					if test.squeeze {
						shorter, _ := bookstest.Compacted(t, n.journal.Text(), time.Now().Add(-bookstest.Month))
						n.journal.Set(shorter)
					}
					if fault != "" {
						n.service.SetFaults(faults(t, fault))
						defer n.service.SetFaults(nil)
					}
					ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, books.StopInterrupt)
					defer cancel()
					d := &disk{text: n.journal.Text(), durable: n.journal.Len()}
					rows, err := n.updates(t, ctx, d, list, "PhoneNoB")
					if err != nil {
						t.Fatal(err)
					}
					n.journal.Set(d.text)
					return rows[0]
				}
				row := update(test.fault)
				if got := row.Status.String() + " " + row.Code; got != test.first {
					t.Errorf("first: %s, want %s: %s", got, test.first, row.Reason)
				}
				test.leaves(t, n, old)
				if test.alone != "" {
					row = update("")
					if got := row.Status.String() + " " + row.Code; got != test.alone {
						t.Errorf("alone: %s, want %s: %s", got, test.alone, row.Reason)
					}
				}
				b := n.anew(t, night2, "2099-12-31 23:59:59", "13900000002")
				if row = update("throttling@UpdateSubscription=1"); row.Status != report.Pending || row.SubsID != b.SubsID {
					t.Errorf("not made yet: %+v", row)
				}
				for _, made := range []int64{1, 0} {
					calls := n.service.Stats().Actions["UpdateSubscription"]
					stands(t, []report.Record{update("")}, "BOUND OK "+b.SubsID)
					if got := n.service.Stats().Actions["UpdateSubscription"] - calls; got != made {
						t.Errorf("%d calls, want %d", got, made)
					}
				}
				if live := n.service.Bindings(); !slices.ContainsFunc(live, func(l simulator.Binding) bool { return l.SubsId == b.SubsID && l.PhoneNoB == "13900000009" }) {
					t.Errorf("%+v", live)
				}
			})
		})
	}
}
