package batch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
	"axgbind/report"
)

const header = "PhoneNoA,GroupId,Expiration,ExpectCity,OutId\n"

// phone is the A of row i.
func phone(i int) string { return fmt.Sprintf("138%08d", i) }

// rowText is row i. It expires long after the year 2000, where bubbles begin.
func rowText(i int, city string) string {
	return phone(i) + ",1,2001-01-01 00:00:00," + city + ",\n"
}

func rowsText(from, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(rowText(from+i, ""))
	}
	return b.String()
}

// operation is a bind of a test.
type operation struct {
	batch.Bind
	call func(ctx context.Context, row *plan.Row) batch.Answer
	late func(row *plan.Row, now time.Time) bool
}

func (o operation) Call(ctx context.Context, row *plan.Row) batch.Answer { return o.call(ctx, row) }
func (o operation) Late(row *plan.Row, now time.Time) bool {
	return o.late != nil && o.late(row, now)
}
func (o operation) Lister() (lookup.Lister, bool) { return nil, false }

// classAnswer is the answer of a code in the table.
// bound is the answer that a row was bound.
func bound(row *plan.Row) batch.Answer {
	return batch.Answer{Class: aliyun.Done, Code: "OK", SubsID: row.Fields[field.PhoneNoA]}
}

func classAnswer(code string) batch.Answer {
	return batch.Answer{Class: aliyun.Lookup(code).Class, Code: code}
}

func TestRunAllBound(t *testing.T) {
	inRig(t, simulator.Options{Latency: 80 * time.Millisecond, Jitter: 40 * time.Millisecond}, func(t *testing.T, r *rig) {
		text := header + rowsText(0, 500)
		e := r.run(text, job{options: batch.Options{Rate: 100, Adaptive: true}})
		if e.err != nil || e.Stop != books.StopNone || e.counts[report.Bound] != 500 || e.calls != 500 || e.Admitted != 500 {
			t.Errorf("%v, %v, %v, %d calls", e.err, e.Result, e.counts, e.calls)
		}
		if e.took < 4900*time.Millisecond || e.took > 5300*time.Millisecond {
			t.Errorf("500 calls at 100/s took %v", e.took)
		}
		rec := e.records[7]
		if rec.Code != "OK" || rec.Attempts != 1 || rec.LatencyMs < 80 || rec.LatencyMs > 120 || rec.RequestID == "" || rec.FinishedAt.IsZero() || rec.Reason != "" || rec.Line != 9 {
			t.Errorf("record %+v", rec)
		}
		again := r.run(text, job{})
		if again.calls != 0 || again.counts[report.Bound] != 500 || again.plan.Settled != 500 || again.plan.ToSend != 0 || again.took > 20*time.Millisecond {
			t.Errorf("the second run made %d calls: %v", again.calls, again.counts)
		}
	})
}

// An operation that panics ends the run as an error, and its row as UNKNOWN.
func TestRunPanic(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		op := operation{call: func(_ context.Context, row *plan.Row) batch.Answer {
			if row.Fields[field.PhoneNoA] == phone(30) {
				panic("of the test")
			}
			return classAnswer("isv.X" + row.Fields[field.PhoneNoA])
		}}
		e := r.run(header+rowsText(0, 200), job{op: op})
		if e.err == nil || !strings.Contains(e.err.Error(), "panic: of the test") || e.Stop != books.StopInternal {
			t.Errorf("%v, %v", e.err, e.Result)
		}
		if got := e.of(phone(30)); got.Status != report.Unknown || got.Code != "client.Interrupted" || e.counts[report.Unknown] != 1 || e.counts[report.Pending] == 0 {
			t.Errorf("%+v, %v", got, e.counts)
		}
		again := r.run(header+rowsText(0, 200), job{op: operation{call: func(context.Context, *plan.Row) batch.Answer { return classAnswer("isv.Y") }}})
		if got := again.of(phone(30)); got.Status != report.Unknown || got.Attempts != 1 {
			t.Errorf("in the next run %+v", got)
		}
	})
}

func TestRunLimit(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		text := header + rowsText(0, 30)
		for i, want := range []struct {
			stop  books.Stop
			bound int
		}{{books.StopLimit, 12}, {books.StopLimit, 24}, {books.StopNone, 30}} {
			e := r.run(text, job{options: batch.Options{Limit: 12}})
			if e.Stop != want.stop || e.counts[report.Bound] != want.bound {
				t.Errorf("run %d: %q, %v", i, e.Stop, e.counts)
			}
		}
		if e := r.run(header+rowsText(0, 42), job{options: batch.Options{Limit: 12}}); e.Stop != books.StopNone || e.counts[report.Bound] != 42 {
			t.Errorf("as many as are left: %q, %v", e.Stop, e.counts)
		}
	})
}

// Rows leave in the order of the input, but for those that prepare at the
// same time: places in flight, and turns of the pace within 50 ms.
func TestRunInOrder(t *testing.T) {
	for _, test := range []struct {
		name     string
		options  batch.Options
		together int // rows that may overtake each other
	}{
		{"one by one", batch.Options{Rate: 100, MaxInFlight: 1}, 0},
		{"four in flight", batch.Options{Rate: 100, MaxInFlight: 4}, 4},
		{"one a second", batch.Options{Rate: 1}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				var mu sync.Mutex
				var order []string
				op := operation{call: func(_ context.Context, row *plan.Row) batch.Answer {
					mu.Lock()
					order = append(order, row.Fields[field.PhoneNoA])
					mu.Unlock()
					return bound(row)
				}}
				r.runQuiet(header+rowsText(0, 100), job{op: op, options: test.options})
				if len(order) != 100 {
					t.Fatalf("%d calls", len(order))
				}
				for at, a := range order {
					var i int
					fmt.Sscanf(a, "138%d", &i)
					if i-at > test.together || at-i > test.together {
						t.Fatalf("row %d left as number %d: %v", i, at, order[:at+1])
					}
				}
			})
		})
	}
}

func TestRunFailuresStop(t *testing.T) {
	// Rows are refused with a code of their own, so that they are not alike.
	refuse := operation{call: func(_ context.Context, row *plan.Row) batch.Answer {
		var i int
		fmt.Sscanf(row.Fields[field.PhoneNoA], "138%d", &i)
		switch {
		case i%2 == 0:
			return bound(row)
		case i%4 == 1:
			return classAnswer("isv.MOBILE_NUMBER_ILLEGAL")
		}
		return classAnswer("client.Timeout")
	}}
	alike := operation{call: func(context.Context, *plan.Row) batch.Answer { return classAnswer("isv.ILLEGAL_ARGUMENT") }}
	for _, test := range []struct {
		name      string
		max       batch.MaxFailures
		op        operation
		stop      books.Stop
		code      string
		low, high int // calls
	}{
		{"none", batch.MaxFailures{}, refuse, books.StopNone, "", 400, 400},
		{"7 rows", batch.MaxFailures{Count: 7}, refuse, books.StopMaxFailures, "?", 7, 60},
		{"50%", batch.MaxFailures{Percent: 50}, refuse, books.StopMaxFailures, "?", 100, 160},
		{"60%", batch.MaxFailures{Percent: 60}, refuse, books.StopNone, "", 400, 400},
		{"all alike", batch.MaxFailures{}, alike, books.StopAllAlike, "isv.ILLEGAL_ARGUMENT", 20, 80},
	} {
		t.Run(test.name, func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				var made atomic.Int32
				op := test.op
				op.call = func(ctx context.Context, row *plan.Row) batch.Answer {
					made.Add(1)
					return test.op.call(ctx, row)
				}
				e := r.runQuiet(header+rowsText(0, 400), job{op: op, options: batch.Options{MaxFailures: test.max}})
				calls := int(made.Load())
				if e.Stop != test.stop || test.code != "?" && e.StopCode != test.code || calls < test.low || calls > test.high || e.counts[report.Pending] != 400-calls {
					t.Errorf("%q (%s) after %d calls: %v", e.Stop, e.StopCode, calls, e.counts)
				}
			})
		})
	}
}

// runQuiet is run for operations that bind nothing: BOUND is only their word.
func (r *rig) runQuiet(text string, b job) *ended {
	before := len(r.broken)
	e := r.run(text, b)
	var kept []string
	for _, s := range r.broken[before:] {
		if !strings.Contains(s, "is BOUND to") {
			kept = append(kept, s)
		}
	}
	r.broken = append(r.broken[:before], kept...)
	return e
}

// A row whose Expiration comes too near before its turn is never sent.
func TestRunLate(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		// Now is 2000-01-01 08:00:00 in Beijing. One call a second.
		text := header
		for i := range 30 {
			text += phone(i) + ",1,2000-01-01 08:01:15,,\n"
		}
		text += rowText(30, "")
		e := r.run(text, job{options: batch.Options{Rate: 1}})
		if e.err != nil || e.Stop != books.StopNone || e.counts[report.Bound] < 14 || e.counts[report.Bound] > 17 || e.counts[report.Invalid] != 31-e.counts[report.Bound] {
			t.Errorf("%v, %q, %v", e.err, e.Stop, e.counts)
		}
		if rec := e.of(phone(29)); rec.Status != report.Invalid || rec.Code != "isv.EXPIRE_DATE_ILLEGAL" || rec.Attempts != 0 || r.calls[phone(29)] != 0 {
			t.Errorf("%+v, %d calls", rec, r.calls[phone(29)])
		}
		if rec := e.of(phone(30)); rec.Status != report.Bound {
			t.Errorf("the row behind: %+v", rec)
		}
		if int64(e.counts[report.Invalid]) != e.status.Invalid {
			t.Errorf("%d live, %v", e.status.Invalid, e.counts)
		}
	})
}

func TestRunInputChanged(t *testing.T) {
	inRig(t, simulator.Options{Latency: time.Second}, func(t *testing.T, r *rig) {
		text := []byte(header + rowsText(0, 50))
		source := &changing{text: text}
		in, err := input.Open(source, int64(len(text)), input.Options{Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}})
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			name   string
			change func()
			want   error
		}{
			{"written to", func() { copy(text[len(text)-40:], "9") }, plan.ErrInputChanged},
			{"unreadable", func() { source.err = errors.New("disk on fire") }, nil},
		} {
			r.disk.text = nil
			j := newJournal(t, r.disk)
			plan, err := plan.New(in, j, plan.Options{Now: time.Now(), Batch: "r"})
			if err != nil {
				t.Fatal(err)
			}
			test.change()
			run, err := batch.NewRun(plan, batch.Bind{Client: r.clients[0]}, batch.Options{Rate: 1000, Retries: 5})
			if err != nil {
				t.Fatal(err)
			}
			result, err := run.Do(t.Context())
			if err == nil || test.want != nil && !errors.Is(err, test.want) || result.Stop != books.StopInput {
				t.Errorf("%s: %v, %v", test.name, result, err)
			}
			counts := plan.Counts()
			if counts[report.Bound]+counts[report.Pending] != 50 {
				t.Errorf("%s: %v", test.name, counts)
			}
			bookstest.Close(t, j)
		}
	})
}

// changing is an input that changes under the reader.
type changing struct {
	text []byte
	err  error
}

func (c *changing) ReadAt(p []byte, at int64) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	return bytes.NewReader(c.text).ReadAt(p, at)
}

func TestNewRunRefuses(t *testing.T) {
	plan, err := plan.New(bookstest.Input(t, header+rowsText(0, 1), input.Options{}), nil, plan.Options{Now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	for _, rate := range []float64{0, -1, 5001} {
		if run, err := batch.NewRun(plan, batch.Bind{}, batch.Options{Rate: rate}); run != nil || err == nil {
			t.Errorf("rate %v was taken", rate)
		}
	}
}
