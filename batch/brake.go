package batch

import (
	"context"
	"sync"
	"time"
)

const (
	inARow     = 20  // ambiguous ends in a row that pull the brake
	ofTheLast  = 100 // ... or over half of so many
	Probes     = 10  // failed probes that end the run
	firstProbe = time.Second
	lastProbe  = time.Minute
)

// brake stops admission when the service seems to be in trouble, and lets one
// row at a time probe it, until a probe succeeds or ten have failed. Going on
// would turn thousands of rows UNKNOWN in a minute.
type brake struct {
	onPull  func()           // called when admission stops
	onProbe func(failed int) // called when a probe failed
	onFree  func()           // called when a probe succeeded
	onGive  func()           // called when the last probe failed

	mu      sync.Mutex
	streak  int
	ring    [ofTheLast]bool
	n       int // ends seen since the brake was last free
	bad     int // of those in the ring
	pulled  bool
	probing bool
	failed  int
	due     time.Time
	changed chan struct{} // closed when something changes while pulled
}

func newBrake() *brake {
	nothing := func() {}
	return &brake{onPull: nothing, onProbe: func(int) {}, onFree: nothing, onGive: nothing, changed: make(chan struct{})}
}

// enter waits while the brake is pulled. probe is set for the one caller that
// may try; it must call report.
func (b *brake) enter(ctx context.Context) (probe bool, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		b.mu.Lock()
		if !b.pulled {
			b.mu.Unlock()
			return false, nil
		}
		wait := time.Until(b.due)
		if !b.probing && wait <= 0 {
			b.probing = true
			b.mu.Unlock()
			return true, nil
		}
		changed := b.changed
		probing := b.probing
		b.mu.Unlock()
		if probing {
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-changed:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// isPulled reports whether admission is stopped.
func (b *brake) isPulled() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.pulled
}

// pull stops admission, whatever was counted.
func (b *brake) pull() {
	b.mu.Lock()
	pulled := b.pullLocked()
	b.mu.Unlock()
	if pulled {
		b.onPull()
	}
}

func (b *brake) pullLocked() bool {
	if b.pulled {
		return false
	}
	b.pulled, b.probing, b.failed = true, false, 0
	b.due = time.Now().Add(firstProbe)
	return true
}

// report takes the end of an attempt: trouble if nobody knows what became of
// it or it could not be sent.
func (b *brake) report(probe, trouble bool) {
	b.mu.Lock()
	var then func()
	switch {
	case probe && trouble:
		b.failed++
		b.probing = false
		b.due = time.Now().Add(min(firstProbe<<b.failed, lastProbe))
		b.notify()
		failed := b.failed
		if failed >= Probes {
			then = b.onGive
		} else {
			then = func() { b.onProbe(failed) }
		}
	case probe:
		b.pulled, b.probing = false, false
		b.streak, b.n, b.bad = 0, 0, 0
		b.ring = [ofTheLast]bool{}
		b.notify()
		then = b.onFree
	case b.pulled: // calls that were under way say nothing new
	default:
		if b.count(trouble) && b.pullLocked() {
			then = b.onPull
		}
	}
	b.mu.Unlock()
	if then != nil {
		then()
	}
}

// forgo gives a probe back that was never made.
func (b *brake) forgo() {
	b.mu.Lock()
	b.probing = false
	b.notify()
	b.mu.Unlock()
}

// count adds one end and reports whether there are too many bad ones.
func (b *brake) count(trouble bool) bool {
	at := b.n % ofTheLast
	if b.n >= ofTheLast && b.ring[at] {
		b.bad--
	}
	b.ring[at] = trouble
	b.n++
	if !trouble {
		b.streak = 0
		return false
	}
	b.streak++
	b.bad++
	return b.streak >= inARow || b.n >= ofTheLast && b.bad > ofTheLast/2
}

func (b *brake) notify() {
	close(b.changed)
	b.changed = make(chan struct{})
}
