package pace_test

import (
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/pace"
)

// TestThrottlingOver: a run is over when every answer for ten minutes was that it is
// throttled, and there were five at least; one answer of another kind begins anew.
func TestThrottlingOver(t *testing.T) {
	now := time.Now()
	const answered = -1
	for name, test := range map[string]struct {
		after []time.Duration // since the first answer; answered: one of another kind
		over  bool            // at the last
	}{
		"five within ten minutes":     {[]time.Duration{0, 1, 2, 3, 10*time.Minute - 1}, false},
		"five in ten minutes":         {[]time.Duration{0, 1, 2, 3, 10 * time.Minute}, true},
		"four in ten minutes":         {[]time.Duration{0, 1, 2, 10 * time.Minute}, false},
		"another answer in between":   {[]time.Duration{0, 1, answered, 2, 3, 4, 5, 10 * time.Minute}, false},
		"ten minutes after the other": {[]time.Duration{0, answered, 2, 3, 4, 5, 10*time.Minute + 2}, true},
	} {
		t.Run(name, func(t *testing.T) {
			var r pace.Throttling
			over := false
			for _, d := range test.after {
				if d == answered {
					r.Answered()
					continue
				}
				if over {
					t.Errorf("over before %v", d)
				}
				_, over = r.Throttled(0, now.Add(d))
			}
			if over != test.over {
				t.Errorf("over: %v", over)
			}
		})
	}
}

// TestThrottlingHolds: from two seconds on, what the service asks for holds every call,
// for a minute at most; the longest wait counts, and only the first of one is news.
func TestThrottlingHolds(t *testing.T) {
	type answer struct{ at, asked, news, until time.Duration } // since the first; until 0: no wait
	const s, m = time.Second, time.Minute
	for name, answers := range map[string][]answer{
		"nothing":   {{0, 0, 0, 0}},
		"too short": {{0, 2*s - 1, 0, 0}},
		"two":       {{0, 2 * s, 2 * s, 2 * s}},
		"an hour":   {{0, time.Hour, m, m}},
		"shorter":   {{0, 20 * s, 20 * s, 20 * s}, {5 * s, 5 * s, 0, 20 * s}},
		"longer":    {{0, 20 * s, 20 * s, 20 * s}, {5 * s, 30 * s, 0, 35 * s}},
		"at once":   {{0, 20 * s, 20 * s, 20 * s}, {20 * s, 3 * s, 3 * s, 23 * s}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var r pace.Throttling
				start := time.Now()
				last := answers[len(answers)-1]
				for _, a := range answers {
					time.Sleep(time.Until(start.Add(a.at)))
					if news, _ := r.Throttled(a.asked, time.Now()); news != a.news {
						t.Errorf("at %v news of %v, want %v", a.at, news, a.news)
					}
				}
				if holds := r.Holds(); holds != (last.until > 0) {
					t.Errorf("holds: %v", holds)
				}
				if err := r.Wait(t.Context()); err != nil || time.Since(start) != max(last.until, last.at) || r.Holds() {
					t.Errorf("waited until %v, want %v: %v", time.Since(start), last.until, err)
				}
			})
		})
	}
}
