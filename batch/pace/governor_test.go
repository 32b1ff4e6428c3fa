package pace_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"axgbind/batch/pace"
)

// grant is the service as a governor sees it, in virtual time.
type grant struct {
	quota  func(at time.Duration) float64 // calls in any sliding second; 0: none
	random float64                        // share refused whatever the rate

	learned float64 // rate that throttled an earlier run; 0: not known
	dice    *rand.Rand
	taken   []time.Duration // accepted calls of the last second
}

func (g *grant) accept(at time.Duration) bool {
	if g.dice.Float64() < g.random {
		return false
	}
	quota := g.quota(at)
	if quota == 0 {
		return true
	}
	for len(g.taken) > 0 && at-g.taken[0] >= time.Second {
		g.taken = g.taken[1:]
	}
	if float64(len(g.taken)) >= quota {
		return false
	}
	g.taken = append(g.taken, at)
	return true
}

// governed plays a run of a constant supply of work and returns, for each
// second, the calls accepted and throttled.
func governed(limit float64, span time.Duration, latency time.Duration, service *grant) (accepted, throttled []int) {
	start := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	g := pace.NewGovernor(limit, service.learned, start)
	accepted, throttled = make([]int, span/time.Second), make([]int, span/time.Second)
	type answer struct {
		released  time.Duration
		throttled bool
	}
	var under []answer
	now := g.Tick(start).Limit
	const tick = 200 * time.Millisecond
	next, due := tick, 0.0
	for at := time.Duration(0); at < span; at = time.Duration(due) {
		for next <= at {
			for len(under) > 0 && under[0].released+latency <= next {
				g.Observe(start.Add(under[0].released), under[0].throttled)
				under = under[1:]
			}
			now = g.Tick(start.Add(next)).Limit
			next += tick
		}
		ok := service.accept(at)
		under = append(under, answer{at, !ok})
		if ok {
			accepted[at/time.Second]++
		} else {
			throttled[at/time.Second]++
		}
		due += float64(time.Second) / now
	}
	return accepted, throttled
}

func sum(n []int) (total int) {
	for _, x := range n {
		total += x
	}
	return total
}

func TestGovernor(t *testing.T) {
	always := func(q float64) func(time.Duration) float64 {
		return func(time.Duration) float64 { return q }
	}
	for _, test := range []struct {
		name      string
		limit     float64
		quota     func(time.Duration) float64
		random    float64
		after     time.Duration // from when on it is judged, for a minute
		possible  float64       // calls a second that would be accepted
		used      float64       // share of these at least
		throttled float64       // share of all calls at most
	}{
		{"nothing throttled", 1000, always(0), 0, 0, 1000, 0.999, 0},
		{"200 under 1000", 1000, always(200), 0, 5 * time.Second, 200, 0.9, 0.05},
		{"200 under 1000 and the search for it", 1000, always(200), 0, 0, 200, 0.9, 0.13},
		{"700 under 5000", 5000, always(700), 0, 5 * time.Second, 700, 0.93, 0.03},
		{"700 under 5000 and the search for it", 5000, always(700), 0, 0, 700, 0.93, 0.13},
		{"10% at random, 400/s", 400, always(0), 0.1, 0, 360, 0.93, 1},
		{"a hiccup", 5000, func(at time.Duration) float64 {
			if at > 10*time.Second && at < 11*time.Second {
				return 50
			}
			return 0
		}, 0, 17 * time.Second, 5000, 0.95, 0},
		{"950 under 1000", 1000, always(950), 0, 5 * time.Second, 950, 0.9, 0.05},
		{"20 under 100", 100, always(20), 0, 5 * time.Second, 20, 0.85, 0.08},
		{"2% at random", 1000, always(0), 0.02, 0, 980, 0.85, 1},
		{"10% at random", 1000, always(0), 0.1, 0, 900, 0.93, 1},
		{"2% at random, 100/s", 100, always(0), 0.02, 0, 98, 0.85, 1},
		{"10% at random, 100/s", 100, always(0), 0.1, 0, 90, 0.85, 1},
		{"30% at random", 1000, always(0), 0.3, 0, 700, 0.8, 1},
		{"10% at random, 5000/s", 5000, always(0), 0.1, 0, 4500, 0.85, 1},
		{"raised from 200 to 600", 1000, func(at time.Duration) float64 {
			if at < 60*time.Second {
				return 200
			}
			return 600
		}, 0, 100 * time.Second, 600, 0.9, 0.05},
		{"raised beyond the limit", 1000, func(at time.Duration) float64 {
			if at < 60*time.Second {
				return 200
			}
			return 5000
		}, 0, 105 * time.Second, 1000, 0.99, 0},
		{"lowered from 600 to 200", 1000, func(at time.Duration) float64 {
			if at < 60*time.Second {
				return 600
			}
			return 200
		}, 0, 65 * time.Second, 200, 0.9, 0.05},
		{"a shorter quota within 2% noise", 1000, always(300), 0.02, 5 * time.Second, 300, 0.85, 0.08},
		{"quota known from before", 1000, always(200), 0, 0, 200, 0.9, 0.04},
		{"quota known from before, and gone", 1000, always(0), 0, 45 * time.Second, 1000, 0.99, 0},
	} {
		for _, latency := range []time.Duration{10 * time.Millisecond, 80 * time.Millisecond, 400 * time.Millisecond} {
			t.Run(fmt.Sprintf("%s/%v", test.name, latency), func(t *testing.T) {
				service := &grant{quota: test.quota, random: test.random, dice: rand.New(rand.NewPCG(1, 2))}
				if strings.Contains(test.name, "known from before") {
					service.learned = 210
				}
				accepted, throttled := governed(test.limit, test.after+time.Minute, latency, service)
				from := int(test.after / time.Second)
				ok, no := sum(accepted[from:]), sum(throttled[from:])
				used, share := float64(ok)/60/test.possible, float64(no)/float64(ok+no)
				t.Logf("used %.1f%%, throttled %.1f%%", 100*used, 100*share)
				if used < test.used || share > test.throttled {
					t.Errorf("used %.3f of what is granted, want %.3f; throttled %.3f, want at most %.3f", used, test.used, share, test.throttled)
					t.Logf("accepted each second: %v\nthrottled: %v", accepted, throttled)
				}
			})
		}
	}
}
