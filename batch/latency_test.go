package batch_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/plan"
)

// stepping answers with a latency that changes with time.
type stepping struct {
	start   time.Time
	latency func(since time.Duration) time.Duration
	made    []atomic.Int64 // calls by the second in which they ended
}

func (s *stepping) call(_ context.Context, row *plan.Row) batch.Answer {
	time.Sleep(s.latency(time.Since(s.start)))
	if at := int(time.Since(s.start) / time.Second); at < len(s.made) {
		s.made[at].Add(1)
	}
	return bound(row)
}

// TestRunFollowsLatency: the latency steps up and down, and the rate is held
// where 1,024 in flight allow it.
func TestRunFollowsLatency(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		s := &stepping{start: time.Now(), made: make([]atomic.Int64, 60), latency: func(at time.Duration) time.Duration {
			if at > 15*time.Second && at < 35*time.Second {
				return 500 * time.Millisecond
			}
			return 20 * time.Millisecond
		}}
		const rate = 400
		ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Second, books.StopUntil)
		defer cancel()
		r.runQuiet(header+rowsText(0, 20_000), job{ctx: ctx, op: operation{call: s.call}, options: batch.Options{Rate: rate}})
		for from, to := range map[int]int{2: 15, 22: 35, 38: 49} { // some seconds after each step
			for at := from; at < to; at++ {
				if n := s.made[at].Load(); n < rate*95/100 {
					t.Errorf("%d calls in second %d, want %d", n, at, rate)
				}
			}
		}
	})
}

// TestLearned: what throttled one run is in its journal, and a run that is told
// of it starts below.
func TestLearned(t *testing.T) {
	inRig(t, simulator.Options{QPS: 100}, func(t *testing.T, r *rig) {
		r.run(header+rowsText(0, 2000), job{options: batch.Options{Rate: 500, Adaptive: true}})
		j, _ := bookstest.Open(t, r.disk.text)
		learned := j.Last.Ceiling
		bookstest.Close(t, j)
		if learned < 90 || learned > 150 {
			t.Fatalf("learned %v calls/s of a quota of 100", learned)
		}
		throttled := func(options batch.Options) (n int64) {
			r.disk = &disk{syncTime: time.Millisecond}
			e := r.run(header+rowsText(3000, 500), job{options: options})
			return e.status.Throttled
		}
		if n := throttled(batch.Options{Rate: 500, Adaptive: true, Learned: learned}); n > 50 {
			t.Errorf("%d calls throttled by a quota that was known", n)
		}
	})
}
