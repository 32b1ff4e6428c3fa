package pace_test

import (
	"math"
	"testing"
	"time"

	"axgbind/batch/pace"
)

// TestFlightOverload: a service that answers later the more calls it has does
// not get ever more of them.
func TestFlightOverload(t *testing.T) {
	f := &pace.Flight{Bound: 50}
	start := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	const limit, capacity = 5000, 400.0
	ended, most := 0.0, 0
	for at := time.Duration(0); at < 5*time.Minute; at += 200 * time.Millisecond {
		bound := float64(f.Bound)
		ended += 0.2 * min(capacity, bound/0.05)
		latency := max(0.05, bound/capacity)
		want := min(int(math.Ceil(1.3*limit*latency))+1, pace.MaxInFlight)
		f.Tick(start.Add(at), want, int64(ended), limit, time.Duration(latency*float64(time.Second)))
		most = max(most, f.Bound)
	}
	if most > 200 || f.Bound > 100 {
		t.Errorf("%d in flight in the end, %d at most; the service takes %v a second", f.Bound, most, capacity)
	}
}

// TestFlightGrows: each growth that adds throughput is followed by another,
// until the limit is reached.
func TestFlightGrows(t *testing.T) {
	f := &pace.Flight{Bound: 10}
	start := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	ended := 0.0
	for at := time.Duration(0); at < 20*time.Second; at += 200 * time.Millisecond {
		ended += 0.2 * min(1000, float64(f.Bound)/0.5)
		f.Tick(start.Add(at), 651, int64(ended), 1000, 500*time.Millisecond)
	}
	if got := f.Bound; got < 500 || got > 651 {
		t.Errorf("%d in flight, want those that 1,000 calls/s of 0.5 s take", got)
	}
}
