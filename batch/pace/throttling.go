package pace

import (
	"context"
	"sync"
	"time"
)

const (
	// longestAsked is the longest wait that the service is granted where it asks for one.
	longestAsked = time.Minute
	// NoSuccess is how long every call may be throttled, without one answer of another
	// kind, until the run ends.
	NoSuccess = 10 * time.Minute
	// leastThrottled is how many answers that takes at least.
	leastThrottled = 5
	// holdsFrom is from which wait on, as the service asks for it, no call of the run is
	// made until then. Limits that are counted by the second ask for less, and the rate
	// follows those.
	holdsFrom = 2 * time.Second
)

// Throttling is what throttled answers ask of a run. The zero value is ready, and it is
// safe for concurrent use.
type Throttling struct {
	mu    sync.Mutex
	since time.Time // the first throttled answer, if no other has come since
	count int       // of those
	until time.Time // no call is made before
}

// Throttled takes an answer that refuses a call for its rate, with what the service asked
// to wait. held is how long no call is made from now on, if that is news; over is set if
// there was no success for too long.
func (t *Throttling) Throttled(asked time.Duration, now time.Time) (held time.Duration, over bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count == 0 {
		t.since = now
	}
	t.count++
	over = t.count >= leastThrottled && now.Sub(t.since) >= NoSuccess
	asked = min(asked, longestAsked)
	if asked < holdsFrom {
		return 0, over
	}
	if news := !now.Before(t.until); news {
		held = asked
	}
	if until := now.Add(asked); until.After(t.until) {
		t.until = until
	}
	return held, over
}

// Answered takes an answer of another kind.
func (t *Throttling) Answered() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count = 0
}

// Holds reports whether no call is to be made now.
func (t *Throttling) Holds() bool { return time.Until(t.end()) > 0 }

func (t *Throttling) end() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.until
}

// Wait waits until calls may be made.
func (t *Throttling) Wait(ctx context.Context) error {
	for t.Holds() {
		if err := SleepUntil(ctx, t.end()); err != nil {
			return err
		}
	}
	return ctx.Err()
}
