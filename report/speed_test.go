package report_test

import (
	"math"
	"testing"
	"time"

	"axgbind/report"
)

// TestETAConstant: at a constant speed, from the slowest to the fastest and
// whatever the ticks, the estimate is within 10% of the truth from 30 s on, and
// until then no worse than the limit says. A batch that goes on begins as well.
func TestETAConstant(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	for _, tick := range []time.Duration{250 * time.Millisecond, time.Second} {
		for _, perSecond := range []float64{0.1, 0.5, 1, 7.3, 100, 5000} {
			for _, limit := range []float64{perSecond, 2 * perSecond} { // bound by the limit, and by something else
				s := report.Speed{Window: 30 * time.Second}
				total := int64(perSecond * 300)
				s.Observe(start, 0)
				for elapsed := tick; elapsed < 299*time.Second; elapsed += tick {
					now := start.Add(elapsed)
					done := min(int64(perSecond*(elapsed.Seconds()-0.08))+1, total) // the first ends after the latency
					s.Observe(now, done)
					left := total - done
					eta := report.ETA(left, &s, limit, elapsed, now)
					truth := float64(left) / perSecond
					off := math.Abs(eta.Seconds() - truth)
					if elapsed >= 30*time.Second && off > 0.1*truth+0.001 {
						t.Fatalf("%g/s, limit %g, tick %v, after %v: %v, in truth %.1f s", perSecond, limit, tick, elapsed, eta, truth)
					}
					if elapsed < 30*time.Second && limit == perSecond && off > 0.35*truth {
						t.Fatalf("%g/s, tick %v, after %v: %v, in truth %.1f s", perSecond, tick, elapsed, eta, truth)
					}
				}
			}
		}
	}
}

func TestETA(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	at := func(d time.Duration) time.Time { return start.Add(d) }
	fed := func(marks ...int64) *report.Speed { // one a second
		s := &report.Speed{Window: 30 * time.Second}
		for i, n := range marks {
			s.Observe(at(time.Duration(i)*time.Second), n)
		}
		return s
	}
	steady := fed(0, 100, 200, 300, 400, 500)
	for _, c := range []struct {
		name    string
		left    int64
		speed   *report.Speed
		limit   float64
		elapsed time.Duration
		want    time.Duration
	}{
		{"nothing left", 0, steady, 100, 5 * time.Second, 0},
		{"steady", 1000, steady, 200, 5 * time.Second, 10 * time.Second},
		{"the limit was cut just now", 1000, steady, 50, 5 * time.Second, 20 * time.Second},
		{"right at the start", 1000, fed(0), 100, 250 * time.Millisecond, 10 * time.Second},
		{"a resume starts anew", 1000, fed(90000), 100, 250 * time.Millisecond, 10 * time.Second},
		{"nothing ended for long", 1000, fed(0), 100, 11 * time.Second, -1},
		{"slow by design", 10, fed(0), 0.05, 30 * time.Second, 200 * time.Second},
		{"stalled for twenty seconds", 1000, steady, 200, 25 * time.Second, 57500 * time.Millisecond},
		{"beyond all reason", math.MaxInt64, fed(0, 1, 2, 3, 4), 1, 4 * time.Second, -1},
	} {
		if got := report.ETA(c.left, c.speed, c.limit, c.elapsed, at(c.elapsed)); got < 0 != (c.want < 0) || got >= 0 && got.Round(time.Millisecond) != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestSpeedForgets: what was fast before the window does not count.
func TestSpeedForgets(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	s := report.Speed{Window: 10 * time.Second}
	n := int64(0)
	for i := range 60 {
		if n += 1000; i >= 30 {
			n -= 990
		}
		s.Observe(start.Add(time.Duration(i)*time.Second), n)
	}
	if got, over := s.PerSecond(start.Add(59 * time.Second)); math.Abs(got-10) > 0.5 || over > 11*time.Second {
		t.Errorf("%.1f/s over %v, want 10/s over 10s", got, over)
	}
}
