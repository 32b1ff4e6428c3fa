package batch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
	"axgbind/report"
)

// The tests of this file are those of cli/ledger_test.go that need long waits.

// ear notes the X of each BindAxg call for an A, and loses the first of them
// before it arrives, if it is told to.
type ear struct {
	*aliyun.Client
	a string

	mu    sync.Mutex
	loses bool
	sent  []string
}

func (e *ear) BindAxg(ctx context.Context, r *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	e.mu.Lock()
	lost := false
	if r.PhoneNoA == e.a {
		lost, e.loses = e.loses, false
		e.sent = append(e.sent, r.PhoneNoX)
	}
	e.mu.Unlock()
	if lost {
		return nil, errors.New("lost before it arrived")
	}
	return e.Client.BindAxg(ctx, r)
}

// looks makes a run that looks up what is in doubt and sends nothing.
func (n *night) looks(t *testing.T, content string) []report.Record {
	t.Helper()
	s := n.session(content, "r.csv")
	s.plan.LookOnly = true
	s.start = books.RunStart{Run: "l", Batch: "r.csv", Command: "reconcile"}
	records, _, err := s.do(t, func(_ *books.Journal, made *plan.Plan) (books.Stop, error) {
		run, err := batch.NewRun(made, batch.Bind{Client: n.client}, batch.Options{Rate: 100, Timeout: aliyun.DefaultTimeout, Retries: 5, LookOnly: true})
		if err == nil {
			_, err = run.Do(t.Context())
		}
		return books.StopNone, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// TestChosenIsAnothers: an X that the program chose, and that a look-up showed to
// be another's since, is not sent again: the row gets another X.
func TestChosenIsAnothers(t *testing.T) {
	for _, listed := range []bool{true, false} {
		t.Run(fmt.Sprintf("list given again %v", listed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				const a = "13800138001"
				input := safetyHead + "13800138000,1,2099-01-31 23:59:59,,,\n" + a + ",1,2099-01-31 23:59:59,,,\n"
				e := &ear{Client: n.client, a: a, loses: true}
				n.binder, n.numbers = e, listOf(5)
				ctx, cancel := context.WithTimeoutCause(t.Context(), 500*time.Millisecond, books.StopInterrupt)
				defer cancel()
				rows, _, _ := n.run(t, ctx, input)
				if rows[0].Status != report.Bound || rows[1].Status != report.Unknown || len(e.sent) != 1 || e.sent[0] == "" {
					t.Fatalf("%+v, sent %v", rows, e.sent)
				}
				x := e.sent[0]
				taken := aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13800138009", PhoneNoX: x, GroupID: 9, Expiration: time.Now().AddDate(1, 0, 0)}
				if _, err := n.client.BindAxg(t.Context(), &taken); err != nil {
					t.Fatal(err)
				}
				if r := n.looks(t, input)[1]; r.Status == report.Bound {
					t.Errorf("shown to be another's: %+v", r)
				}
				if !listed {
					n.numbers = nil
				}
				rows, _, _ = n.run(t, t.Context(), input)
				if slices.Contains(e.sent[1:], x) {
					t.Errorf("X %s is another's, and was sent again: %v", x, e.sent)
				}
				var live []string
				for _, b := range n.service.Bindings() {
					if b.PhoneNoA == a {
						live = append(live, b.SubsId)
					}
				}
				if r := rows[1]; r.Status != report.Bound || len(live) != 1 || live[0] != r.SubsID || r.SecretNo == x {
					t.Errorf("%s %s (%s; %s), bindings %v; want it bound to another X", r.Status, r.Code, r.Reason, r.Action, live)
				}
			})
		})
	}
}

// TestUpdatedThenReleasing: of a row that an update has done, and whose release
// was begun since, no further update says that it is BOUND; and nothing is called
// on its binding as long as that release may be executed.
func TestUpdatedThenReleasing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"))
		input := "SecretNo,SubsId,PhoneNoA,GroupId,Expiration\n"
		for _, b := range bound {
			input += fmt.Sprintf("%s,%s,%s,%s,2099-12-31 23:59:59\n", b.SecretNo, b.SubsID, b.Input[0], b.Input[1])
		}
		for _, r := range n.paperUpdate(t, input, "Expiration") {
			if r.Status != report.Bound {
				t.Fatalf("not updated: %+v", r)
			}
		}
		n.halfReleased(t, "drop-late@UnbindSubscription=1", release{job: "r.csv", input: resultsText(t, nightHead, bound)})
		if len(n.live()) != 3 {
			t.Fatalf("live: %v", n.live())
		}
		calls := n.service.Stats().Actions["UpdateSubscription"]
		ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Second, books.StopInterrupt)
		defer cancel()
		d := &disk{text: n.journal.Text(), durable: n.journal.Len()}
		first, err := n.updates(t, ctx, d, input, "Expiration")
		if err != nil {
			t.Fatal(err)
		}
		if more := n.service.Stats().Actions["UpdateSubscription"] - calls; more != 0 {
			t.Errorf("%d updates while the releases may be executed", more)
		}
		time.Sleep(time.Minute)
		second, err := n.updates(t, t.Context(), d, input, "Expiration")
		if err != nil {
			t.Fatal(err)
		}
		live := n.live()
		for i, rows := range [][]report.Record{first, second} {
			for _, r := range rows {
				if r.Status == report.Bound && !slices.Contains(live, r.SubsID) {
					t.Errorf("update %d: line %d is BOUND %s as %s, and %d bindings live", i+2, r.Line, r.Code, r.SubsID, len(live))
				}
				if r.Status != report.Bound && r.Action == "" {
					t.Errorf("update %d: line %d is %s %s without a cure", i+2, r.Line, r.Status, r.Code)
				}
			}
		}
	})
}

// runsText is the lines of so many runs of another batch. Written as text, they
// cost a tenth of what as many commits do.
func runsText(t *testing.T, runs int) []byte {
	t.Helper()
	var text bytes.Buffer
	w := journal.Write(&text, journal.Header{Identity: input.IdentityVersion})
	for range runs {
		if err := w.Record(&ledger.Record{Kind: ledger.Run, Batch: "between.csv"}, []byte(`{"run":"b","batch":"between.csv"}`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	_, lines, _ := bytes.Cut(text.Bytes(), []byte("\n")) // behind the header
	return lines
}

// TestManyRuns: after however many runs of one journal, the undo of a batch
// leaves alone what a later one renewed.
func TestManyRuns(t *testing.T) {
	t.Parallel()
	for _, between := range []int{1, 1<<16 - 1} {
		t.Run(fmt.Sprintf("%d runs between", between), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				n.results = "1.csv"
				first, _, _ := n.run(t, t.Context(), nightInput(0, 2, "2099-01-31 23:59:59", "13900000001"))
				n.journal.Set(slices.Concat(n.journal.Text(), runsText(t, between)))
				n.results, n.whenBound = "2.csv", plan.RenewWhenBound
				second, _, calls := n.run(t, t.Context(), nightInput(0, 1, "2099-12-31 23:59:59", "13900000001"))
				if calls != 0 || second[0].Status != report.Bound || second[0].SubsID != first[0].SubsID {
					t.Fatalf("not renewed: %+v", second)
				}
				undone, _ := n.mustRelease(t, release{job: "1.csv", input: resultsText(t, nightHead, first)})
				if live := n.live(); !slices.Contains(live, first[0].SubsID) || slices.Contains(live, first[1].SubsID) {
					t.Errorf("live after the undo of 1.csv: %v, want %s alone, which 2.csv renewed", live, first[0].SubsID)
				}
				var released []string
				for _, r := range undone {
					if r.Status == report.Released {
						released = append(released, r.SubsID)
					}
				}
				if !slices.Equal(released, []string{first[1].SubsID}) {
					t.Errorf("said to be RELEASED: %v, want %s", released, first[1].SubsID)
				}
			})
		})
	}
}
