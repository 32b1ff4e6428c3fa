package pace_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"axgbind/batch/pace"
)

func TestBackoff(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 1))
	for _, test := range []struct {
		name      string
		base      time.Duration
		n         int
		asked     time.Duration
		low, high time.Duration
	}{
		{"throttled once", pace.ThrottleBase, 1, 0, time.Second, 2 * time.Second},
		{"twice", pace.ThrottleBase, 2, 0, 2 * time.Second, 4 * time.Second},
		{"four times", pace.ThrottleBase, 4, 0, 8 * time.Second, 16 * time.Second},
		{"five times", pace.ThrottleBase, 5, 0, 15 * time.Second, 30 * time.Second},
		{"very often", pace.ThrottleBase, 1 << 30, 0, 15 * time.Second, 30 * time.Second},
		{"not connected once", pace.ConnectBase, 1, 0, 200 * time.Millisecond, 400 * time.Millisecond},
		{"not connected five times", pace.ConnectBase, 5, 0, 3200 * time.Millisecond, 6400 * time.Millisecond},
		{"asked for less", pace.ThrottleBase, 1, time.Millisecond, time.Second, 2 * time.Second},
		{"asked for more", pace.ThrottleBase, 1, 7 * time.Second, 7 * time.Second, 7 * time.Second},
		{"asked for an hour", pace.ThrottleBase, 1, time.Hour, time.Minute, time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			least, most := time.Duration(1<<62), time.Duration(0)
			for range 2000 {
				d := pace.Backoff(test.base, test.n, test.asked, dice)
				least, most = min(least, d), max(most, d)
			}
			if least < test.low || most > test.high {
				t.Errorf("waits from %v to %v, want from %v to %v", least, most, test.low, test.high)
			}
			// The chance is used: rows that failed together do not come back together.
			if spread := test.high - test.low; most-least < spread*9/10 {
				t.Errorf("waits from %v to %v use only part of %v", least, most, spread)
			}
		})
	}
}
