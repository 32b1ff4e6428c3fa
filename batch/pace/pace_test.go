package pace_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/pace"
)

func newPace(t testing.TB, limit float64) *pace.Pace {
	t.Helper()
	p, err := pace.New(limit)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// releases collects when calls were released.
type releases struct {
	mu sync.Mutex
	at []time.Time
}

func (r *releases) add() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = append(r.at, time.Now())
}

// worst returns the most releases in any closed sliding second.
func (r *releases) worst() (most int) {
	slices.SortFunc(r.at, time.Time.Compare)
	from := 0
	for i, at := range r.at {
		for at.Sub(r.at[from]) > time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

// keepBusy releases calls from many goroutines until ctx ends. delay is what
// each does between its turn and its release.
func keepBusy(ctx context.Context, p *pace.Pace, workers int, delay func() time.Duration, r *releases) {
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				turn, err := p.Turn(ctx)
				if err != nil {
					return
				}
				if delay != nil {
					time.Sleep(delay())
				}
				if turn.Release(ctx) != nil {
					return
				}
				r.add()
			}
		})
	}
	wg.Wait()
}

func TestPace(t *testing.T) {
	for _, limit := range []float64{0.5, 1, 1.5, 7, 100, 500, 5000} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				span := max(10*time.Second, time.Duration(400/limit)*time.Second)
				if limit == 5000 {
					span = 4 * time.Second
				}
				ctx, cancel := context.WithTimeout(t.Context(), span)
				defer cancel()
				var r releases
				p := newPace(t, limit)
				open := 0
				var watcher sync.WaitGroup
				watcher.Go(func() {
					for ctx.Err() == nil {
						open = max(open, p.Preparing())
						time.Sleep(time.Millisecond)
					}
				})
				keepBusy(ctx, p, min(int(limit/4)+4, 400), func() time.Duration { return 12 * time.Millisecond }, &r)
				watcher.Wait()
				if worst, most := r.worst(), int(math.Ceil(limit)); worst > most {
					t.Errorf("%d releases in a closed second", worst)
				}
				// The first release is free of charge.
				if share := float64(len(r.at)) / (limit * span.Seconds()); share < 0.995 {
					t.Errorf("%d releases in %v: %.4f of the rate", len(r.at), span, share)
				}
				if most := int(limit*pace.Prepare.Seconds()) + 1; open > most {
					t.Errorf("%d turns open, want at most %d", open, most)
				}
				peak, average := p.Releases()
				if worst := r.worst(); peak > worst || peak < worst-1 || math.Abs(average/limit-1) > 0.02 {
					t.Errorf("peak %d, average %.3f; really %d", peak, average, worst)
				}
			})
		})
	}
}

// After a stall, a SIGSTOP for instance, everybody who overslept comes at once.
func TestPaceAfterStall(t *testing.T) {
	for _, limit := range []float64{1.5, 7, 500, 5000} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				start := time.Now()
				// Between 1.2 s and 2.7 s nobody runs.
				stall := func() time.Duration {
					if at := time.Since(start); at > 1200*time.Millisecond && at < 2700*time.Millisecond {
						return 2700*time.Millisecond - at
					}
					return time.Millisecond
				}
				var r releases
				p := newPace(t, limit)
				keepBusy(ctx, p, min(int(limit/4)+4, 400), stall, &r)
				if worst, most := r.worst(), int(math.Ceil(limit)); worst > most {
					t.Errorf("%d releases in a closed second", worst)
				}
				if got, want := len(r.at), int(3.3*limit*0.99); got < want {
					t.Errorf("%d releases, want %d", got, want)
				}
			})
		})
	}
}

func TestPaceSetLimit(t *testing.T) {
	for _, test := range []struct{ max, from, to float64 }{
		{1000, 1000, 10}, {5000, 5000, 200}, {5000, 5000, 1}, {1000, 10, 1000}, {5000, 1, 2000},
	} {
		t.Run(fmt.Sprintf("%v to %v", test.from, test.to), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPace(t, test.max)
				p.SetLimit(test.from)
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				var changed time.Time
				time.AfterFunc(2*time.Second, func() {
					changed = time.Now()
					p.SetLimit(test.to)
				})
				var r releases
				keepBusy(ctx, p, 300, nil, &r)
				synctest.Wait() // for the timer's goroutine
				after := 0
				for _, at := range r.at {
					if at.After(changed) {
						after++
					}
				}
				prepared := int(test.from*pace.Prepare.Seconds()) + 1
				if low, high := int(3*test.to*0.99)-1, int(3*test.to)+prepared+1; after < low || after > high {
					t.Errorf("%d releases in the 3 s after, want %d to %d", after, low, high)
				}
				if p.Limit() != test.to {
					t.Errorf("limit %v", p.Limit())
				}
				if worst := r.worst(); worst > int(test.max) {
					t.Errorf("%d releases in a closed second", worst)
				}
			})
		})
	}
}

func TestPaceLimits(t *testing.T) {
	for _, limit := range []float64{0, -1, math.NaN(), math.Inf(1), 5000.5} {
		if p, err := pace.New(limit); p != nil || err == nil {
			t.Errorf("NewPace(%v): %v, %v", limit, p, err)
		}
	}
	p := newPace(t, 100)
	for _, test := range []struct{ set, want float64 }{{1000, 100}, {50, 50}, {0, 1}, {-5, 1}, {0.2, 1}} {
		if p.SetLimit(test.set); p.Limit() != test.want {
			t.Errorf("SetLimit(%v) gives %v, want %v", test.set, p.Limit(), test.want)
		}
	}
	slow := newPace(t, 0.5)
	if slow.SetLimit(0.01); slow.Limit() != 0.5 {
		t.Errorf("a pace of 0.5 was set to %v", slow.Limit())
	}
}

func TestPaceWithdrawAndCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(t, 10) // one turn at a time
		turn, err := p.Turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// Cancelled while waiting for a turn.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.Turn(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("turn while another is open: %v", err)
		}
		turn.Withdraw()
		if p.Preparing() != 0 {
			t.Errorf("%d turns open after Withdraw", p.Preparing())
		}
		turn, err = p.Turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// A cancelled context never releases, whether the moment has come or not.
		time.Sleep(time.Second)
		if err := turn.Release(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("released under a context that had ended: %v", err)
		}
		if _, err := p.Turn(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("turn under a context that had ended: %v", err)
		}
		if turn, err = p.Turn(t.Context()); err != nil || turn.Release(t.Context()) != nil {
			t.Errorf("a turn after those: %v", err)
		}
		if turn, err = p.Turn(t.Context()); err != nil {
			t.Fatal(err)
		}
		soon, cancelSoon := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancelSoon()
		if err := turn.Release(soon); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("released though cancelled before its moment: %v", err)
		}
		if p.Preparing() != 0 {
			t.Errorf("%d turns open", p.Preparing())
		}
		if peak, _ := p.Releases(); peak != 1 {
			t.Errorf("%d releases", peak)
		}
	})
}

func BenchmarkPace(b *testing.B) {
	const limit = 5000
	var reached, above float64
	n := 0
	for b.Loop() {
		p := newPace(b, limit)
		ctx, cancel := context.WithTimeout(b.Context(), time.Second)
		var r releases
		keepBusy(ctx, p, 512, nil, &r)
		cancel()
		reached += float64(len(r.at)) / limit
		above = max(above, float64(r.worst()-limit))
		n++
	}
	b.ReportMetric(100*reached/float64(n), "%reached")
	b.ReportMetric(max(above, 0), "above")
}
