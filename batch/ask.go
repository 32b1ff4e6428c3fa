package batch

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"axgbind/aliyun"
)

// asking bounds the requests of an Asker under way.
const asking = 256

// Asker makes requests that change nothing: each pays the pace, and is made
// again until the service answers it. It is safe for concurrent use.
type Asker struct {
	pace    *Pace
	refresh func()

	mu     sync.Mutex
	jitter *rand.Rand
}

// NewAsker returns an Asker of at most limit requests a second, and never more
// than [aliyun.LookupRate]. refresh makes the next request fetch its credential
// anew; it may be nil.
func NewAsker(limit float64, refresh func()) (*Asker, error) {
	pace, err := NewPace(min(limit, aliyun.LookupRate))
	if err != nil {
		return nil, err
	}
	if refresh == nil {
		refresh = func() {}
	}
	return &Asker{pace: pace, refresh: refresh, jitter: rand.New(rand.NewPCG(rand.Uint64(), 0))}, nil
}

// Asked is how many requests were made, and the most in any sliding second.
func (a *Asker) Asked() (n int64, peak int) {
	peak, _ = a.pace.Releases()
	return a.pace.released(), peak
}

// ask makes a request until it is answered: with success, or with a refusal
// that asking again would not change, which is returned as an [*aliyun.Error].
// After maxUnclear tries without an answer the last error is returned, and the
// error of ctx when that ends.
func (a *Asker) ask(ctx context.Context, request func(context.Context) error) error {
	for failed := 1; ; failed++ {
		turn, err := a.pace.Turn(ctx)
		if err != nil {
			return err
		}
		if err := turn.Release(ctx); err != nil {
			return err
		}
		err = request(ctx)
		var e *aliyun.Error
		if err == nil || !errors.As(err, &e) || ctx.Err() != nil {
			return err
		}
		switch e.Class() {
		case aliyun.RowRefused, aliyun.AccountRefused, aliyun.Capacity, aliyun.Done:
			return err
		case aliyun.Stale:
			a.refresh()
		}
		if failed == maxUnclear {
			return err
		}
		a.mu.Lock()
		wait := backoff(throttleBase, failed, e.RetryAfter, a.jitter)
		a.mu.Unlock()
		if err := sleepUntil(ctx, time.Now().Add(wait)); err != nil {
			return err
		}
	}
}

// ClassOf is the class and the code of the service's refusal in an error; ok is
// false if it holds none.
func ClassOf(err error) (class aliyun.Class, code string, ok bool) {
	var e *aliyun.Error
	if !errors.As(err, &e) {
		return 0, "", false
	}
	return e.Class(), e.Code, true
}

// unanswered reports whether an error of ask leaves the question open, rather
// than being the service's answer to it.
func unanswered(err error) bool {
	var e *aliyun.Error
	return err != nil && (!errors.As(err, &e) || e.Class() != aliyun.RowRefused)
}

// refusesAll reports whether an error of ask is a refusal that every request
// would get.
func refusesAll(err error) bool {
	var e *aliyun.Error
	return errors.As(err, &e) && e.Class() == aliyun.AccountRefused
}
