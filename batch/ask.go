package batch

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/lookup"
	"axgbind/batch/pace"
)

// asking bounds the requests of an Asker under way.
const asking = 256

// Asker makes requests that change nothing: each pays the pace, and is made
// again until the service answers it. The first goes alone, and so does the one
// after an answer that the credential or the clock is out of date. It is safe for
// concurrent use.
type Asker struct {
	pace    *pace.Pace
	breaker *breaker

	answers, lost atomic.Int64 // requests that were answered, and that never were

	mu      sync.Mutex
	jitter  *rand.Rand
	refused error // what every request would get; nil: none is known
}

// NewAsker returns an Asker of at most limit requests a second, and never more
// than [aliyun.LookupRate].
func NewAsker(limit float64) (*Asker, error) {
	pace, err := pace.New(min(limit, aliyun.LookupRate))
	if err != nil {
		return nil, err
	}
	return &Asker{
		pace: pace, breaker: newBreaker(func(Message) {}, func() {}), jitter: rand.New(rand.NewPCG(rand.Uint64(), 0)),
	}, nil
}

// Asked is how many requests were made, and the most in any sliding second.
func (a *Asker) Asked() (n int64, peak int) {
	peak, _ = a.pace.Releases()
	return a.pace.Released(), peak
}

// ask makes a request until it is answered: with success, or with a refusal
// that asking again would not change, which is returned as an [*aliyun.Error].
// After lookup.MaxUnclear tries without an answer the last error is returned, and the
// error of ctx when that ends. A refusal that every request would get is the
// answer to all that come after it, and so is that error if no other request was
// answered meanwhile, or that of too many: a list of thousands would take days to
// find out no more.
func (a *Asker) ask(ctx context.Context, request func(context.Context) error) error {
	answers := a.answers.Load()
	for failed := 1; ; {
		p, err := a.turn(ctx)
		if err != nil {
			return err
		}
		if a.breaker.bars(p) {
			continue
		}
		p.generation = a.breaker.generation.Load()
		err = request(ctx)
		var e *aliyun.Error
		known := errors.As(err, &e)
		if err != nil && !known || ctx.Err() != nil {
			a.breaker.forgo(p)
			return err
		}
		class, code, asked := aliyun.Done, "", time.Duration(0)
		if known {
			class, code, asked = e.Class(), e.Code, e.RetryAfter
		}
		if a.judge(p, class, code, err) {
			return err
		}
		if failed++; failed > lookup.MaxUnclear || known && lookup.Unread(e) && failed > lookup.MaxUnread {
			a.giveUp(err, answers)
			return err
		}
		if err := a.wait(ctx, class, failed-1, asked); err != nil {
			return err
		}
	}
}

// giveUp gives up a request that was not answered. If too many were not, or no other was
// since so many answers, the error is the answer to all.
func (a *Asker) giveUp(err error, answers int64) {
	if a.lost.Add(1) >= asking || a.answers.Load() == answers {
		a.refuse(err)
	}
}

// turn admits a request: at the breaker, and when its turn has come.
func (a *Asker) turn(ctx context.Context) (p permit, err error) {
	if err = a.refusal(); err != nil {
		return p, err
	}
	if p, err = a.breaker.enter(ctx, true); err != nil {
		return p, err
	}
	if err = a.pay(ctx); err == nil {
		err = a.refusal() // to another meanwhile
	}
	if err != nil {
		a.breaker.forgo(p)
	}
	return p, err
}

// wait waits after so many tries without an answer, or as long as the service asked. One
// that was refused for an old credential waits at the breaker.
func (a *Asker) wait(ctx context.Context, class aliyun.Class, failed int, asked time.Duration) error {
	if class == aliyun.Stale {
		return nil
	}
	a.mu.Lock()
	wait := pace.Backoff(pace.ThrottleBase, failed, asked, a.jitter)
	a.mu.Unlock()
	return pace.SleepUntil(ctx, time.Now().Add(wait))
}

// pay waits for the turn of a request.
func (a *Asker) pay(ctx context.Context) error {
	turn, err := a.pace.Turn(ctx)
	if err != nil {
		return err
	}
	return turn.Release(ctx)
}

// judge tells an answer to the breaker, and reports whether it is the last.
func (a *Asker) judge(p permit, class aliyun.Class, code string, err error) (last bool) {
	switch class {
	case aliyun.Ambiguous, aliyun.NotSent: // it costs nothing, and each request is repeated as it is
		a.breaker.report(p, aliyun.Throttled, code)
		return false
	case aliyun.Stale:
		if !a.breaker.report(p, class, code) {
			return false
		}
	case aliyun.AccountRefused:
	default:
		a.breaker.report(p, class, code)
		if class == aliyun.Throttled {
			return false
		}
		a.answers.Add(1)
		return true
	}
	a.refuse(err)
	return true
}

// refuse makes an error the answer to every request that is still to be made.
func (a *Asker) refuse(err error) {
	a.mu.Lock()
	a.refused = err
	a.mu.Unlock()
	a.breaker.forgo(permit{probe: true}) // who waits gets the same answer
}

// refusal is what every request would get; nil: nothing is known.
func (a *Asker) refusal() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.refused
}

// unanswered reports whether an error of ask leaves the question open, rather
// than being the service's answer to it.
func unanswered(err error) bool {
	class, _, ok := lookup.ClassOf(err)
	return err != nil && (!ok || class != aliyun.RowRefused)
}
