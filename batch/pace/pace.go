package pace

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Prepare is how far ahead of its release a call may be prepared, that is, how
// old the intent of a call can be that never left. A crash leaves at most
// rate x Prepare + 1 such intents.
const Prepare = 50 * time.Millisecond

// MaxRate is the most calls a second that the service grants an account for
// BindAxg (help page "quota").
const MaxRate = 5000

// Pace spaces calls evenly and never releases more than the limit in any
// sliding second, whatever the scheduler, the machine or a SIGSTOP does.
//
// A rate.Limiter alone does not promise that: waiters that oversleep are all
// released at once. So the limiter plans, and a ring of the last release times
// has the last word.
type Pace struct {
	ahead *Gate // those between Turn and Release: a bounded number prepares at a time
	plan  *rate.Limiter

	mu     sync.Mutex
	max    float64
	limit  float64
	window time.Duration // the ring's oldest must be older than this
	ring   []time.Time   // the last releases, oldest at next
	next   int
	oldest int // first release of the ring that is within a second of the last; for peak
	recent int
	peak   int
	count  int64
	first  time.Time // when the pace was made
	last   time.Time
}

// New returns a Pace of at most limit releases a second, 0 < limit <=
// MaxRate, which may be a fraction: 0.5 is one every two seconds.
func New(limit float64) (*Pace, error) {
	if !(limit > 0) || limit > MaxRate {
		return nil, fmt.Errorf("rate %v: want above 0 and at most %d calls a second", limit, MaxRate)
	}
	// n releases within n/limit seconds: exactly a second if the limit is
	// whole, else the shortest span of at least a second that holds whole calls.
	n := max(1, int(math.Ceil(limit)))
	p := &Pace{
		ahead:  NewGate(aheadOf(limit)),
		plan:   rate.NewLimiter(rate.Limit(limit), 1),
		max:    limit,
		limit:  limit,
		window: time.Duration(float64(n) / limit * float64(time.Second)),
		ring:   make([]time.Time, n),
		first:  time.Now(),
	}
	return p, nil
}

func aheadOf(limit float64) int { return int(limit*Prepare.Seconds()) + 1 }

// Turn is the right to prepare one call. It must end in Release or Withdraw.
type Turn struct {
	p  *Pace
	at time.Time
}

// Turn waits until at most 50 ms lie before the caller's release.
func (p *Pace) Turn(ctx context.Context) (Turn, error) {
	if err := p.ahead.Enter(ctx); err != nil {
		return Turn{}, err
	}
	now := time.Now()
	at := now.Add(p.plan.ReserveN(now, 1).DelayFrom(now))
	if err := SleepUntil(ctx, at.Add(-Prepare)); err != nil {
		p.ahead.Leave()
		return Turn{}, err
	}
	return Turn{p, at}, nil
}

// Release waits for the exact moment. After an error no call may be made; the
// turn is over in either case.
func (t Turn) Release(ctx context.Context) error {
	defer t.p.ahead.Leave()
	if err := SleepUntil(ctx, t.at); err != nil {
		return err
	}
	for {
		wait := t.p.take()
		if wait <= 0 {
			return nil
		}
		if err := SleepUntil(ctx, time.Now().Add(wait)); err != nil {
			return err
		}
	}
}

// Withdraw gives the turn up. Its slot is lost, which only makes the run slower.
func (t Turn) Withdraw() { t.p.ahead.Leave() }

// take releases a call now if the ring allows it; otherwise it returns how
// long to wait before asking again.
func (p *Pace) take() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if old := p.ring[p.next]; !old.IsZero() {
		if wait := p.window - now.Sub(old); wait >= 0 {
			return wait + 1
		}
	}
	// The releases of the last second are a stretch of the ring that ends here.
	for p.recent > 0 && (p.recent == len(p.ring) || now.Sub(p.ring[p.oldest]) >= time.Second) {
		p.oldest = (p.oldest + 1) % len(p.ring)
		p.recent--
	}
	if p.recent == 0 {
		p.oldest = p.next
	}
	p.ring[p.next] = now
	p.next = (p.next + 1) % len(p.ring)
	p.recent++
	p.peak = max(p.peak, p.recent)
	p.last = now
	p.count++
	return 0
}

// SetLimit changes the limit, never above the one Pace was made with. Those
// already preparing, 50 ms worth of calls, keep their moment.
func (p *Pace) SetLimit(limit float64) {
	p.mu.Lock()
	p.limit = min(max(limit, minRate), p.max)
	limit = p.limit
	p.mu.Unlock()
	p.plan.SetLimit(rate.Limit(limit))
	p.ahead.Resize(aheadOf(limit))
}

// Limit returns the limit in force, in calls a second.
func (p *Pace) Limit() float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.limit
}

// Releases returns the most releases in any sliding second, and how many a
// second there were on average up to the last.
func (p *Pace) Releases() (peak int, average float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count > 0 { // the last release has its slot too
		average = float64(p.count) / (p.last.Sub(p.first).Seconds() + 1/p.max)
	}
	return p.peak, average
}

// Released is how many calls there were.
func (p *Pace) Released() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}

// SleepUntil sleeps until a time, or until ctx ends: then it returns its error.
func SleepUntil(ctx context.Context, at time.Time) error {
	wait := time.Until(at)
	if wait <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}
