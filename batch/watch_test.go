package batch_test

import (
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/report"
)

// seen is what a watcher saw of a run, once a second.
type seen struct {
	list  []*report.Progress
	ended time.Duration
}

// watch looks every second, as the command line does.
func (s *seen) watch(run *batch.Run) (stop func()) {
	began := time.Now()
	w := batch.NewWatch(run, began)
	end, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case now := <-t.C:
				w.Observe(now)
				s.list = append(s.list, w.Progress())
			case <-end:
				return
			}
		}
	}()
	return func() {
		s.ended = time.Since(began)
		close(end)
		<-done
	}
}

// within fails unless every estimate from a time on is that near the truth. As
// near as a row, the last second may be off by what a row takes.
func (s *seen) within(t *testing.T, from time.Duration, share float64, row time.Duration) {
	t.Helper()
	n := 0
	for _, p := range s.list {
		if p.Elapsed < from || p.ETA < 0 && p.Left > 0 && p.Elapsed < from {
			continue
		}
		n++
		truth := s.ended - p.Elapsed
		if off := (p.ETA - truth).Abs(); off > time.Duration(share*float64(truth))+row {
			t.Errorf("after %v: %v, in truth %v", p.Elapsed, p.ETA, truth)
		}
	}
	if n < 5 {
		t.Errorf("only %d estimates in %v", n, s.ended)
	}
}

// TestWatchETA: at a constant rate the estimate is within 10% of the truth from
// 30 s on, whether the limit, the calls in flight or a canary's --limit bounds
// the run.
func TestWatchETA(t *testing.T) {
	const rows = 150
	for _, c := range []struct {
		name    string
		latency time.Duration
		rows    int
		options batch.Options
	}{
		{"by the limit", 80 * time.Millisecond, rows, batch.Options{Rate: 2}},
		{"every ten seconds", 80 * time.Millisecond, 20, batch.Options{Rate: 0.1}},
		{"by calls in flight", 2 * time.Second, rows + 1, // the first goes alone
			batch.Options{Rate: 100, MaxInFlight: 5}},
		{"a canary", 80 * time.Millisecond, 10 * rows, batch.Options{Rate: 2, Limit: rows}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inRig(t, simulator.Options{Latency: c.latency}, func(t *testing.T, r *rig) {
				var s seen
				r.run(header+rowsText(0, c.rows), job{options: c.options, watch: s.watch})
				row := 1100*time.Millisecond + c.latency
				if c.options.Rate < 1 {
					row += time.Duration(float64(time.Second) / c.options.Rate)
				}
				s.within(t, 30*time.Second, 0.1, row)
				last := s.list[len(s.list)-1]
				if slow := strings.Contains(last.Line(), "slow=in-flight"); slow != (c.options.MaxInFlight > 0) {
					t.Errorf("%s", last.Line())
				}
			})
		})
	}
}

// TestWatchResume: a run that goes on with most rows settled foretells its end
// from its first second on, and counts what was before as settled.
func TestWatchResume(t *testing.T) {
	inRig(t, simulator.Options{Latency: 80 * time.Millisecond}, func(t *testing.T, r *rig) {
		text := header + rowsText(0, 400)
		r.run(text, job{options: batch.Options{Rate: 100, Limit: 300}})
		var s seen
		r.run(text, job{options: batch.Options{Rate: 5}, watch: s.watch})
		s.within(t, 0, 0.1, 1200*time.Millisecond)
		if p := s.list[0]; p.Rows != 400 || p.Before != 300 || p.Left < 90 || p.Bound+p.Left != 100 {
			t.Errorf("%+v", p)
		}
	})
}

// TestWatchSlow: why a run is slow is told while it is.
func TestWatchSlow(t *testing.T) {
	keys := func(s *seen) map[string]bool {
		found := map[string]bool{}
		for _, p := range s.list {
			_, key, _ := strings.Cut(p.Line(), "slow=")
			found[key] = true
			if key == "paused" && p.ETA >= 0 {
				t.Errorf("an estimate while nothing goes: %s", p.Line())
			}
		}
		return found
	}
	fault := func(text string) simulator.Options {
		f, err := simulator.ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		return simulator.Options{Latency: 80 * time.Millisecond, Faults: []simulator.Fault{f}}
	}
	t.Run("throttled", func(t *testing.T) {
		inRig(t, simulator.Options{QPS: 20}, func(t *testing.T, r *rig) {
			var s seen
			r.run(header+rowsText(0, 300), job{options: batch.Options{Rate: 40, Adaptive: true}, watch: s.watch})
			if found := keys(&s); !found["throttled"] || found["paused"] {
				t.Errorf("reasons %v", found)
			}
		})
	})
	t.Run("paused", func(t *testing.T) {
		inRig(t, fault("http-503=1"), func(t *testing.T, r *rig) {
			var s seen
			r.run(header+rowsText(0, 40), job{options: batch.Options{Rate: 40}, watch: s.watch})
			if found := keys(&s); !found["paused"] {
				t.Errorf("reasons %v", found)
			}
		})
	})
	t.Run("looking", func(t *testing.T) {
		inRig(t, fault("drop-before=0.5"), func(t *testing.T, r *rig) {
			var s seen
			r.run(pinned(10), job{options: batch.Options{Rate: 40}, op: batch.Bind{Client: r.clients[0]}, watch: s.watch})
			if found := keys(&s); !found["look-ups"] || found["paused"] {
				t.Errorf("reasons %v", found)
			}
		})
	})
}
