package batch_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/plan"
	"axgbind/report"
)

// The tests of this file are of rows whose Expiration counts from when they are
// sent.

const (
	day          = 24 * time.Hour
	relativeHead = "PhoneNoA,GroupId,PhoneNoX,PhoneNoB\n"
)

// relativeRows are rows from..to-1 that have no Expiration of their own. named: each
// names its X.
func relativeRows(from, to int, named bool) string {
	b := &strings.Builder{}
	for i := from; i < to; i++ {
		x := ""
		if named {
			x = fmt.Sprintf("1710000%04d", i)
		}
		fmt.Fprintf(b, "1380013%04d,1,%s,\n", i, x)
	}
	return b.String()
}

// newMonth is a night whose rows end 30 days after they are sent, and that time as
// a cell has it.
func newMonth(t *testing.T, o simulator.Options) (n *night, end func() string) {
	n = newNight(t, o)
	n.ahead = 30 * day
	return n, func() string { return inBeijing(time.Now().Add(n.ahead)) }
}

// ends are the Expirations of the live bindings by A.
func (n *night) ends() map[string]string {
	m := map[string]string{}
	for _, b := range n.service.Bindings() {
		if b.GroupId != controlGroup {
			m[b.PhoneNoA] += b.Expiration
		}
	}
	return m
}

// endsAre compares the Expirations of the live bindings, in the order of their A.
func (n *night) endsAre(t *testing.T, want ...string) {
	t.Helper()
	have := n.ends()
	for i, w := range want {
		if a := fmt.Sprintf("1380013%04d", i); have[a] != w {
			t.Errorf("the binding of %s ends %q, want %q", a, have[a], w)
		}
	}
	if len(have) != len(want) {
		t.Errorf("%d bindings live, want %d", len(have), len(want))
	}
}

// verifies fails unless verify finds the bindings of all rows as they were sent.
func (n *night) verifies(t *testing.T, input string, rows int) {
	t.Helper()
	if got, found := n.verify(t, input); got.Rows != rows || got.Equal != rows {
		t.Errorf("verify: %+v, want %d equal: %q", got, rows, found)
	}
}

// TestRelativeNights: on each of 30 nights one row more; what is bound is known again
// and left alone, the new row gets the end of its own run, and verify agrees.
func TestRelativeNights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, end := newMonth(t, simulator.Options{Numbers: 50})
		defer n.close()
		var want []string
		for i := range 29 {
			input := relativeHead + relativeRows(0, i+1, false)
			want = append(want, end())
			rows, _, calls := n.run(t, t.Context(), input)
			if calls != 1 || count(rows)[report.Bound] != i+1 {
				t.Fatalf("night %d: %d calls, %v", i, calls, count(rows))
			}
			n.endsAre(t, want...)
			n.verifies(t, input, i+1)
			time.Sleep(day)
		}
	})
}

// TestRelativeRenew: a row is renewed on the nights on which its binding ends
// within the time of --renew-before, and on no other; by itself that is every night.
func TestRelativeRenew(t *testing.T) {
	for _, before := range []time.Duration{0, 7 * day, 7*day - time.Second} {
		synctest.Test(t, func(t *testing.T) {
			n, end := newMonth(t, simulator.Options{Numbers: 50})
			defer n.close()
			n.whenBound, n.before = plan.RenewWhenBound, before
			var ends [2]time.Time
			for i := range 60 {
				rows := min(i/10+1, 2) // the second joins later
				input := relativeHead + relativeRows(0, rows, false)
				binds, updates := 0, int64(0)
				for r := range rows {
					switch {
					case ends[r].IsZero():
						binds++
					case before != 0 && ends[r].After(time.Now().Add(before)):
						continue
					default:
						updates++
					}
					ends[r] = time.Now().Add(n.ahead).Truncate(time.Second)
				}
				was := n.service.Stats().Actions["UpdateSubscription"]
				records, _, calls := n.run(t, t.Context(), input)
				if made := n.service.Stats().Actions["UpdateSubscription"] - was; calls != binds || made != updates || count(records)[report.Bound] != rows {
					t.Fatalf("night %d: %d BindAxg calls, want %d; %d updates, want %d; %v", i, calls, binds, made, updates, count(records))
				}
				var want []string
				for _, e := range ends[:rows] {
					want = append(want, inBeijing(e))
				}
				n.endsAre(t, want...)
				if binds+int(updates) > 0 && want[rows-1] > end() {
					t.Fatalf("%v beyond %s", want, end())
				}
				n.verifies(t, input, rows)
				time.Sleep(day)
			}
		})
	}
}

// TestRelativeUnknown: a row whose answer was lost keeps the end that it was sent
// with: look-ups compare with that, and whoever only looks sees that. A row that is
// sent again gets a new one.
func TestRelativeUnknown(t *testing.T) {
	for name, c := range map[string]struct {
		named  bool
		fault  string
		resend bool
		want   string
		anew   bool // it was sent again
		wait   time.Duration
	}{
		"looked up, bound":     {true, "drop-after@BindAxg=1", false, "BOUND OK", false, day},
		"looked up, not bound": {true, "drop-before@BindAxg=1", false, "BOUND OK", true, day},
		"looked up, lapsed":    {true, "drop-after@BindAxg=1", false, "BOUND OK", true, 40 * day},
		"nothing to look for":  {false, "drop-after@BindAxg=1", false, "UNKNOWN client.ConnectionLost", false, day},
		"sent again":           {false, "drop-before@BindAxg=1", true, "BOUND OK", true, day},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, end := newMonth(t, simulator.Options{Numbers: 50})
				defer n.close()
				input := relativeHead + relativeRows(0, 1, c.named)
				sent := end()
				rows := n.stopped(t, c.fault, input)
				if rows[0].Status != report.Unknown {
					t.Fatalf("%+v", rows[0])
				}
				time.Sleep(c.wait)
				n.control(t)
				n.resend.Unknown = c.resend
				again := end()
				rows, _, calls := n.run(t, t.Context(), input)
				if got := rows[0].Status.String() + " " + rows[0].Code; got != c.want || (calls == 1) != c.anew {
					t.Errorf("the next night: %s, want %s; %d calls", got, c.want, calls)
				}
				if c.anew {
					sent = again
				}
				n.endsAre(t, sent)
				if c.want == "BOUND OK" {
					n.verifies(t, input, 1)
					n.resend = plan.Resend{}
					n.unmoved(t, input, "BOUND OK")
				}
			})
		})
	}
}

// unmoved runs an input once more and fails if a call is made, or if its rows stand
// otherwise.
func (n *night) unmoved(t *testing.T, input string, want ...string) {
	t.Helper()
	before := n.service.Stats().Actions["UpdateSubscription"]
	rows, _, calls := n.run(t, t.Context(), input)
	for i := range rows {
		rows[i].SubsID = ""
	}
	stands(t, rows, want...)
	if made := n.service.Stats().Actions["UpdateSubscription"] - before; calls != 0 || made != 0 {
		t.Errorf("%d BindAxg calls, %d updates", calls, made)
	}
}

// TestRelativeSwept: a sweep finds the binding of a lost answer by the end that the
// row was sent with.
func TestRelativeSwept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := newMonth(t, simulator.Options{Numbers: 20})
		defer n.close()
		input := relativeHead + relativeRows(0, 1, false)
		n.stopped(t, "drop-after@BindAxg=1", input)
		time.Sleep(3 * day)
		swept, rows, _ := n.sweep(t, input, n.everyNumber(), true)
		if swept.Bound != 1 {
			t.Errorf("%+v", swept)
		}
		stands(t, rows, "BOUND OK 1000000000000001")
		n.verifies(t, input, 1)
	})
}

// TestRelativeInterrupted: a renewal of its own binding that was begun and not seen
// to end is finished by the next run, whatever that is told, and makes no other
// binding.
func TestRelativeInterrupted(t *testing.T) {
	for _, fault := range []string{"drop-before@UpdateSubscription=1", "drop-after@UpdateSubscription=1"} {
		for _, when := range []plan.WhenBound{plan.RefuseWhenBound, plan.SkipWhenBound, plan.RenewWhenBound} {
			synctest.Test(t, func(t *testing.T) {
				n, end := newMonth(t, simulator.Options{Numbers: 20})
				defer n.close()
				input := relativeHead + relativeRows(0, 1, false)
				n.run(t, t.Context(), input)
				time.Sleep(day)
				n.whenBound = plan.RenewWhenBound
				stands(t, n.stopped(t, fault, input), "PENDING client.ConnectionLost")
				time.Sleep(day)
				n.whenBound = when
				want := end()
				rows, _, calls := n.run(t, t.Context(), input)
				stands(t, rows, "BOUND OK 1000000000000001")
				if calls != 0 {
					t.Errorf("%d BindAxg calls", calls)
				}
				n.endsAre(t, want)
				n.verifies(t, input, 1)
			})
		}
	}
}

// TestRelativeKilled: likewise of a run that was killed with the intent written.
func TestRelativeKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, end := newMonth(t, simulator.Options{Numbers: 20, Latency: 100 * time.Millisecond})
		defer n.close()
		input := relativeHead + relativeRows(0, 1, false)
		n.run(t, t.Context(), input)
		time.Sleep(day)
		n.whenBound = plan.RenewWhenBound
		taken := make(chan []byte, 1)
		time.AfterFunc(50*time.Millisecond, func() { taken <- n.journal.Text() })
		n.run(t, t.Context(), input)
		kept := <-taken
		if open := openIntents(kept); open != 1 {
			t.Fatalf("%d calls under way", open)
		}
		n.journal.Set(kept)
		time.Sleep(day)
		n.whenBound = plan.RefuseWhenBound
		want := end()
		rows, _, calls := n.run(t, t.Context(), input)
		stands(t, rows, "BOUND OK 1000000000000001")
		if calls != 0 {
			t.Errorf("%d BindAxg calls", calls)
		}
		n.endsAre(t, want)
	})
}

// TestRelativeRefused: a row whose renewal the service refuses is FAILED with the
// service's code and its SubsId; the binding goes on, verify finds it as it was, and
// the next night that renews tries again.
func TestRelativeRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, end := newMonth(t, simulator.Options{Numbers: 20})
		defer n.close()
		input := relativeHead + relativeRows(0, 2, false)
		old := end()
		n.run(t, t.Context(), input)
		time.Sleep(day)
		n.whenBound = plan.RenewWhenBound
		n.service.SetFaults(faults(t, "code:isv.UPDATE_CONFLICT@UpdateSubscription=1"))
		for range 2 {
			rows, _, calls := n.run(t, t.Context(), input)
			stands(t, rows, "FAILED isv.UPDATE_CONFLICT 1000000000000001", "FAILED isv.UPDATE_CONFLICT 1000000000000002")
			if r := rows[0]; calls != 0 || r.SecretNo == "" || !strings.Contains(r.Reason, old) || r.Action == "" {
				t.Errorf("%d BindAxg calls, %+v", calls, r)
			}
			n.endsAre(t, old, old)
			n.verifies(t, input, 2)
			time.Sleep(time.Hour)
		}
		shorter, _ := bookstest.Compacted(t, n.journal.Text(), time.Now())
		n.journal.Set(shorter)
		n.service.SetFaults(nil)
		n.whenBound = plan.RefuseWhenBound
		n.unmoved(t, input, "FAILED isv.UPDATE_CONFLICT", "FAILED isv.UPDATE_CONFLICT")
		time.Sleep(day)
		n.whenBound = plan.RenewWhenBound
		want := end()
		rows, _, calls := n.run(t, t.Context(), input)
		stands(t, rows, "BOUND OK 1000000000000001", "BOUND OK 1000000000000002")
		if calls != 0 {
			t.Errorf("%d BindAxg calls", calls)
		}
		n.endsAre(t, want, want)
	})
}

// TestRelativeGone: a row whose binding turns out to be no more, when it is to be
// renewed, is a row of nothing: the next run binds it.
func TestRelativeGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, end := newMonth(t, simulator.Options{Numbers: 20})
		defer n.close()
		input := relativeHead + relativeRows(0, 1, false)
		rows, _, _ := n.run(t, t.Context(), input)
		n.unbind(t, rows[0].SubsID, rows[0].SecretNo)
		time.Sleep(day)
		n.control(t)
		n.whenBound = plan.RenewWhenBound
		rows, _, calls := n.run(t, t.Context(), input)
		if r := rows[0]; r.Status != report.Pending || calls != 0 || r.Reason == "" || r.Action == "" {
			t.Errorf("%s %s: %q %q; %d calls", r.Status, r.Code, r.Reason, r.Action, calls)
		}
		want := end()
		rows, _, calls = n.run(t, t.Context(), input)
		if calls != 1 || rows[0].Status != report.Bound {
			t.Errorf("%s %s, %d calls", rows[0].Status, rows[0].Code, calls)
		}
		n.endsAre(t, want)
	})
}

// TestRelativeLapsed: a row whose binding has lapsed is bound again in one run,
// without a word, a day after the end: until then the service's clock may see it
// differently, and it is held back, whatever the user says of bindings that live.
func TestRelativeLapsed(t *testing.T) {
	for _, c := range []struct {
		name string
		when plan.WhenBound
	}{{"refuse", plan.RefuseWhenBound}, {"skip", plan.SkipWhenBound}, {"renew", plan.RenewWhenBound}} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, end := newMonth(t, simulator.Options{Numbers: 20})
				defer n.close()
				n.whenBound = c.when
				input := relativeHead + relativeRows(0, 1, false)
				last := end()
				n.run(t, t.Context(), input)
				at, err := time.ParseInLocation(time.DateTime, last, report.Beijing)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Until(at.Add(-time.Second)))
				if c.when != plan.RenewWhenBound {
					n.unmoved(t, input, "BOUND OK")
				}
				for _, wait := range []time.Duration{0, day - time.Second} {
					time.Sleep(time.Until(at.Add(wait)))
					rows, _, calls := n.run(t, t.Context(), input)
					r := rows[0]
					if calls != 0 || n.service.Stats().Actions["UpdateSubscription"] != 0 || r.Status != report.Held || r.Code != "client.StillBound" || r.SubsID != "1000000000000001" || r.SecretNo == "" {
						t.Errorf("%v after its end: %+v", wait, r)
					}
					if !strings.Contains(r.Reason, last) || !strings.Contains(r.Action, inBeijing(at.Add(day))) || !strings.Contains(r.Action, "--when-bound another") {
						t.Errorf("%v after its end it says %q: %q", wait, r.Reason, r.Action)
					}
				}
				time.Sleep(time.Second)
				want := end()
				rows, _, calls := n.run(t, t.Context(), input)
				stands(t, rows, "BOUND OK 1000000000000002")
				if calls != 1 || n.plan.ToSend != 1 || n.plan.Renew != 0 || n.service.Stats().Actions["UpdateSubscription"] != 0 {
					t.Errorf("%d BindAxg calls, %d updates; %d to send, %d to renew", calls, n.service.Stats().Actions["UpdateSubscription"], n.plan.ToSend, n.plan.Renew)
				}
				n.endsAre(t, want)
				n.verifies(t, input, 1)
				n.whenBound = plan.RefuseWhenBound
				n.unmoved(t, input, "BOUND OK")
			})
		})
	}
}

// TestRelativeLapsedAnother: a person's word binds a row whose binding has just lapsed.
func TestRelativeLapsedAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, end := newMonth(t, simulator.Options{Numbers: 20})
		defer n.close()
		input := relativeHead + relativeRows(0, 1, false)
		n.run(t, t.Context(), input)
		n.another = true
		n.unmoved(t, input, "BOUND OK") // it lives: the word is for other rows
		time.Sleep(n.ahead)
		want := end()
		rows, _, calls := n.run(t, t.Context(), input)
		stands(t, rows, "BOUND OK 1000000000000002")
		if calls != 1 {
			t.Errorf("%d calls", calls)
		}
		n.endsAre(t, want)
		n.unmoved(t, input, "BOUND OK")
		n.another = false
		n.unmoved(t, input, "BOUND OK")
		shorter, _ := bookstest.Compacted(t, n.journal.Text(), time.Now())
		n.journal.Set(shorter)
		n.unmoved(t, input, "BOUND OK")
	})
}

// TestRelativeLapsedEnds: what becomes of the call for a row whose binding has lapsed
// is what becomes of one that was never bound, in this run and the next, whether the
// journal was compacted meanwhile or not.
func TestRelativeLapsedEnds(t *testing.T) {
	for name, c := range map[string]struct {
		fault string
		want  string
		next  string // in the next run, without faults
		calls int    // of that
	}{
		"refused":    {"code:isv.MOBILE_NUMBER_ILLEGAL@BindAxg=1", "FAILED isv.MOBILE_NUMBER_ILLEGAL", "FAILED isv.MOBILE_NUMBER_ILLEGAL", 0},
		"no number":  {"code:isv.NO_AVAILABLE_NUMBER@BindAxg=1", "PENDING isv.NO_AVAILABLE_NUMBER", "BOUND OK", 1},
		"the answer": {"drop-after@BindAxg=1", "UNKNOWN client.ConnectionLost", "UNKNOWN client.ConnectionLost", 0},
	} {
		for _, compact := range []bool{false, true} {
			t.Run(fmt.Sprint(name, compact), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					n, _ := newMonth(t, simulator.Options{Numbers: 20})
					defer n.close()
					input := relativeHead + relativeRows(0, 1, false)
					n.run(t, t.Context(), input)
					time.Sleep(n.ahead + day)
					rows := n.stopped(t, c.fault, input)
					stands(t, rows, c.want)
					if rows[0].Attempts != 2 {
						t.Errorf("%+v", rows[0])
					}
					if compact {
						shorter, _ := bookstest.Compacted(t, n.journal.Text(), time.Now().Add(-30*day))
						n.journal.Set(shorter)
					}
					n.service.SetFaults(nil)
					rows, _, calls := n.run(t, t.Context(), input)
					if got := rows[0].Status.String() + " " + rows[0].Code; got != c.next || calls != c.calls {
						t.Errorf("the next run: %s, want %s; %d calls", got, c.next, calls)
					}
					if n.resend.Failed = true; strings.HasPrefix(c.next, "FAILED") {
						if rows, _, calls = n.run(t, t.Context(), input); rows[0].Status != report.Bound || calls != 1 {
							t.Errorf("sent again: %+v, %d calls", rows[0], calls)
						}
					}
				})
			})
		}
	}
}

// TestLapsedNotReached: a row whose binding has lapsed and whose turn does not come is
// PENDING: nothing is bound.
func TestLapsedNotReached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _ := newMonth(t, simulator.Options{Numbers: 20})
		defer n.close()
		input := relativeHead + relativeRows(0, 2, false)
		n.run(t, t.Context(), input)
		time.Sleep(n.ahead + day)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		rows, _, calls := n.run(t, ctx, input)
		stands(t, rows, "PENDING", "PENDING")
		if calls != 0 || n.plan.ToSend != 2 {
			t.Errorf("%d calls, %d to send", calls, n.plan.ToSend)
		}
	})
}

// TestRelativeUpdated: a renewal of its own binding changes the end, and leaves what
// an update changed since.
func TestRelativeUpdated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, end := newMonth(t, simulator.Options{Numbers: 20})
		defer n.close()
		input := relativeHead + relativeRows(0, 1, false)
		rows, _, _ := n.run(t, t.Context(), input)
		ahead := n.ahead
		n.ahead = 0
		n.paperUpdate(t, "SecretNo,SubsId,PhoneNoB\n"+rows[0].SecretNo+","+rows[0].SubsID+",13900000002\n", "PhoneNoB")
		n.ahead = ahead
		time.Sleep(day)
		n.whenBound = plan.RenewWhenBound
		want := end()
		rows, _, _ = n.run(t, t.Context(), input)
		stands(t, rows, "BOUND OK 1000000000000001")
		n.endsAre(t, want)
		if b := n.service.Bindings()[0]; b.PhoneNoB != "13900000002" {
			t.Errorf("its B is %q again", b.PhoneNoB)
		}
	})
}

// TestRelativeThere: a row that another batch bound with an end of its own is not
// this one's without a word; what it takes, verify finds as it is.
func TestRelativeThere(t *testing.T) {
	for _, c := range []struct {
		when  plan.WhenBound
		wait  time.Duration
		want  string
		moves bool // the end
	}{
		{plan.RefuseWhenBound, 0, "BOUND client.AlreadyBound", false}, // in the same second
		{plan.RefuseWhenBound, day, "HELD client.StillBound", false},
		{plan.SkipWhenBound, day, "BOUND client.AlreadyBound", false},
		{plan.RenewWhenBound, day, "BOUND OK", true},
	} {
		synctest.Test(t, func(t *testing.T) {
			n, end := newMonth(t, simulator.Options{Numbers: 20})
			defer n.close()
			input := relativeHead + relativeRows(0, 1, false)
			n.results = "1.csv"
			want := end()
			n.run(t, t.Context(), input)
			time.Sleep(c.wait)
			if c.moves {
				want = end()
			}
			n.results, n.whenBound = "2.csv", c.when
			rows, _, calls := n.run(t, t.Context(), input)
			if got := rows[0].Status.String() + " " + rows[0].Code; got != c.want || calls != 0 {
				t.Errorf("%s, want %s; %d calls", got, c.want, calls)
			}
			n.endsAre(t, want)
			if rows[0].Status == report.Bound {
				n.verifies(t, resultsText(t, strings.TrimSpace(relativeHead), rows), 1)
			}
		})
	}
}

// TestRelativeCarried: where no journal knows the row, a results file says when it
// was sent, and the end counts from then.
func TestRelativeCarried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, end := newMonth(t, simulator.Options{Numbers: 20})
		defer n.close()
		head := strings.TrimSpace(relativeHead)
		old := end()
		rows, _, _ := n.run(t, t.Context(), relativeHead+relativeRows(0, 1, false))
		file := resultsText(t, head, rows)
		n.journal.Set(nil) // another machine
		time.Sleep(20 * day)
		rows, _, calls := n.run(t, t.Context(), file)
		stands(t, rows, "BOUND OK 1000000000000001")
		if calls != 0 {
			t.Errorf("%d calls", calls)
		}
		n.endsAre(t, old)
		time.Sleep(2 * day)
		n.whenBound, n.before = plan.RenewWhenBound, 7*day
		n.unmoved(t, relativeHead+relativeRows(0, 1, false), "BOUND OK") // 8 days are left
		time.Sleep(2 * day)
		want := end()
		rows, _, _ = n.run(t, t.Context(), relativeHead+relativeRows(0, 1, false))
		stands(t, rows, "BOUND OK 1000000000000001")
		n.endsAre(t, want)
	})
}
