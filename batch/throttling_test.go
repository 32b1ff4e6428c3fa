package batch_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/report"
)

var throttledAnswer = &aliyun.Error{Action: "BindAxg", Code: "Throttling.User", HTTPStatus: 400, Written: true}

// TestRetryAfterObeyed: while the service asks that no call be made none is, of any row,
// but for no longer than a minute; that is told, once a wait. A second or less holds only
// the row that was asked.
func TestRetryAfterObeyed(t *testing.T) {
	for _, test := range []struct {
		asked, silent time.Duration
		told          int
	}{
		{20 * time.Second, 20 * time.Second, 1},
		{2 * time.Second, 2 * time.Second, 1},
		{time.Hour, time.Minute, 1},
		{time.Second, 0, 0},
	} {
		t.Run(test.asked.String(), func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				var mu sync.Mutex
				var calls []time.Time
				binder := binderFunc(func(ctx context.Context, q *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
					mu.Lock()
					calls = append(calls, time.Now())
					n := len(calls)
					mu.Unlock()
					if n == 30 {
						return nil, &aliyun.Error{Action: "BindAxg", Code: "Throttling.User", HTTPStatus: 400, Written: true, RetryAfter: test.asked}
					}
					return r.clients[0].BindAxg(ctx, q)
				})
				e := r.run(header+rowsText(0, 100), job{binder: binder, options: batch.Options{Rate: 100, MaxInFlight: 1}})
				told := slices.DeleteFunc(slices.Clone(r.events), func(m batch.Message) bool { return m.Event != batch.EventRetryAfter })
				if e.err != nil || e.counts[report.Bound] != 100 || len(calls) != 101 {
					t.Fatalf("%v, %v, %d calls", e.err, e.counts, len(calls))
				}
				longest := time.Duration(0)
				for i := range calls[1:] {
					longest = max(longest, calls[i+1].Sub(calls[i]))
				}
				if longest < test.silent || longest > test.silent+2*time.Second {
					t.Errorf("the longest silence was %v, want %v", longest, test.silent)
				}
				if len(told) != test.told || test.told > 0 && (told[0].Wait != test.silent || told[0].Code != "Throttling.User") {
					t.Errorf("told %+v", told)
				}
			})
		})
	}
}

// TestThrottledForEver: ten minutes of nothing but throttled answers end the run; one
// other answer begins them anew. Every row stays as it was, and goes when the service
// lets it.
func TestThrottledForEver(t *testing.T) {
	for _, test := range []struct {
		name        string
		other       time.Duration // when one call is answered otherwise
		least, most time.Duration
		bound       int
	}{
		{"from the start", 0, 10 * time.Minute, 11 * time.Minute, 0},
		{"but for one answer", 8 * time.Minute, 18 * time.Minute, 19 * time.Minute, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				began, answered := time.Now(), false
				var mu sync.Mutex
				binder := binderFunc(func(ctx context.Context, q *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
					mu.Lock()
					defer mu.Unlock()
					if test.other > 0 && !answered && time.Since(began) >= test.other {
						answered = true
						return r.clients[0].BindAxg(ctx, q)
					}
					return nil, throttledAnswer
				})
				text := header + rowsText(0, 40)
				e := r.run(text, job{binder: binder, options: batch.Options{Rate: 20, Adaptive: true}})
				if e.err != nil || e.Stop != books.StopThrottled || e.StopCode != "Throttling.User" || e.took < test.least || e.took > test.most {
					t.Errorf("%v, %q, %q after %v", e.err, e.Stop, e.StopCode, e.took)
				}
				if e.counts[report.Bound] != test.bound || e.counts[report.Pending] != 40-test.bound {
					t.Errorf("%v", e.counts)
				}
				next := r.run(text, job{})
				if next.counts[report.Bound] != 40 {
					t.Errorf("the next run: %v", next.counts)
				}
			})
		})
	}
}

// TestThrottledNow and then for an hour, every other call: that is no reason to end.
func TestThrottledNowAndThen(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		var mu sync.Mutex
		n := 0
		binder := binderFunc(func(ctx context.Context, q *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
			mu.Lock()
			defer mu.Unlock()
			if n++; n%2 == 1 {
				return nil, throttledAnswer
			}
			return r.clients[0].BindAxg(ctx, q)
		})
		e := r.run(header+rowsText(0, 60), job{binder: binder, options: batch.Options{Rate: 0.05}})
		if e.Stop != books.StopNone || e.counts[report.Bound] != 60 || e.took < 30*time.Minute {
			t.Errorf("%q after %v: %v", e.Stop, e.took, e.counts)
		}
	})
}
