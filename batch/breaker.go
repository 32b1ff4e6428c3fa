package batch

import (
	"context"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/pace"
)

const (
	// Probes is how many failed probes end the run.
	Probes     = 10
	firstProbe = time.Second
	lastProbe  = time.Minute

	// Of a run whose calls the service has never answered: rows that may be lost
	// before it gives up, and calls and look-ups without an answer.
	startRows = 3
	startMute = 6
)

// forEver is longer than any run.
const forEver = math.MaxInt64 * time.Nanosecond

// breaker is a circuit breaker: it admits calls to the service while it is closed; while
// it is tripped, one caller at a time may try, a probe, and the others wait. It is tripped
// in three cases:
//
//   - At the start. The answer to the first row closes it, whatever the service
//     says: one that is silent, or a page of a network in between, costs one row
//     and not all that would be in flight.
//   - Held, because the service called the credential or the clock out of date.
//     The client has dropped that credential; a probe with a fresh one shows
//     whether that helps. Answers to calls that left before say nothing new.
//   - Troubled, because too many calls were lost, or connections are refused.
//
// A probe that is lost costs a row. So after one was, the next probe is a
// look-up, which changes nothing; only when that is answered a row tries. The
// breaker closes only for the answer to a row: look-ups may be answered where calls
// are not.
type breaker struct {
	asks func() bool // whether a look-up can be made in place of a row that probes
	tell func(Message)
	give func() // called when the last probe failed

	tripped    atomic.Bool   // what most callers need to know, without the lock
	generation atomic.Uint32 // how often a credential was called out of date

	mu       sync.Mutex
	state    breakerState
	held     bool
	heard    bool // a look-up was answered since the last probe was lost
	probing  bool
	failed   int // probes in a row
	lostRows int // before the breaker first closed
	mute     int // likewise, calls and look-ups without an answer
	due      time.Time
	renewed  [2]bool // of rows and of look-ups: no good answer since the credential was called out of date
	losses   pace.Losses
	changed  chan struct{} // closed when something changes while the breaker is tripped
}

type breakerState uint8

const (
	atStart breakerState = iota
	closed
	troubled
)

// newBreaker returns a breaker at the start of a run. tell is told of what a person
// should hear.
func newBreaker(tell func(Message), give func()) *breaker {
	b := &breaker{asks: func() bool { return false }, tell: tell, give: give, changed: make(chan struct{})}
	b.tripped.Store(true)
	return b
}

// permit is the right to make one call or look-up. That of a probe must end in
// report or forgo.
type permit struct {
	probe      bool
	look       bool
	lookFirst  bool   // of a row's probe: a look-up is to be made in its place
	harmless   bool   // of a row: its call may be repeated
	generation uint32 // of the credential, at the call
}

func (p permit) kind() int {
	if p.look {
		return 1
	}
	return 0
}

// enter waits while the breaker is tripped, unless the caller may probe.
func (b *breaker) enter(ctx context.Context, look bool) (permit, error) {
	for {
		if err := ctx.Err(); err != nil {
			return permit{}, err
		}
		if !b.tripped.Load() {
			return permit{look: look}, nil
		}
		p, ok, changed, wait := b.try(look)
		if ok {
			return p, nil
		}
		if wait == 0 { // another probes: until it tells
			wait = forEver
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

// try admits a caller, perhaps as the probe. If it may not go, changed is closed when
// that may be otherwise, and wait is how long until the next probe; 0: one is under way.
func (b *breaker) try(look bool) (p permit, ok bool, changed <-chan struct{}, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.tripped.Load() || look && b.letsLook() {
		return permit{look: look}, true, nil, 0
	}
	if b.probing {
		return p, false, b.changed, 0
	}
	if wait = time.Until(b.due); wait <= 0 {
		b.probing = true
		first := !look && b.asks() && !b.heard && (b.failed > 0 || b.state == troubled)
		return permit{probe: true, look: look, lookFirst: first}, true, nil, 0
	}
	return p, false, b.changed, wait
}

// letsLook reports whether look-ups pass. They change nothing, and each row's are
// few: trouble does not hold them.
func (b *breaker) letsLook() bool { return !b.held && (b.state != atStart || b.heard) }

// bars reports whether a caller who had passed may not make its call any more.
func (b *breaker) bars(p permit) bool {
	if p.probe || !b.tripped.Load() {
		return false
	}
	if !p.look {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.tripped.Load() && !b.letsLook()
}

// paused reports whether the service is in trouble, as far as is known.
func (b *breaker) paused() bool {
	if !b.tripped.Load() {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held || b.state == troubled || b.failed > 0 && !b.heard
}

// trip trips a closed breaker, whatever was lost.
func (b *breaker) trip() {
	b.mu.Lock()
	first := !b.tripped.Load()
	if first {
		b.trouble()
	}
	b.mu.Unlock()
	if first {
		b.tell(Message{Event: EventPaused})
	}
}

func (b *breaker) trouble() {
	b.state, b.probing, b.heard, b.failed = troubled, false, false, 0
	b.due = time.Now().Add(firstProbe)
	b.tripped.Store(true)
}

// report takes the end of a call or look-up. It returns true if the service
// called a fresh credential out of date, too: every call would get that.
func (b *breaker) report(p permit, class aliyun.Class, code string) (refused bool) {
	if p.look && class == aliyun.Ambiguous && !strange(code) {
		class = aliyun.Throttled // the service is there
	}
	b.mu.Lock()
	var then func()
	switch {
	case class == aliyun.Stale:
		then, refused = b.stale(p, code)
	case class == aliyun.AccountRefused && !p.look: // the caller ends the run: nobody else is to go
		b.held, b.probing = true, true
		b.tripped.Store(true)
	case class == aliyun.AccountRefused: // says nothing of what rows may do
		if p.probe {
			b.answered()
		}
	case class == aliyun.Ambiguous, class == aliyun.NotSent:
		then = b.lost(p, class, code)
	default:
		then = b.good(p, class)
	}
	b.mu.Unlock()
	if then != nil {
		then()
	}
	return refused
}

// strange reports whether a code is none of the service's: ours, or one that nothing
// is known of, such as that of a network in between.
func strange(code string) bool {
	return strings.HasPrefix(code, "client.") || !aliyun.Known(code)
}

func (b *breaker) stale(p permit, code string) (then func(), refused bool) {
	switch {
	case p.generation != b.generation.Load(): // it left before
		if p.probe {
			b.free()
		}
		return nil, false
	case b.renewed[p.kind()], b.held && p.probe:
		b.held, b.probing = true, true
		b.tripped.Store(true)
		return nil, true
	}
	b.renewed[p.kind()] = true
	b.generation.Add(1)
	b.held, b.due = true, time.Time{}
	b.tripped.Store(true)
	b.free()
	return func() { b.tell(Message{Event: EventStale, Code: code}) }, false
}

func (b *breaker) lost(p permit, class aliyun.Class, code string) (then func()) {
	if b.state == atStart && p.probe && !p.look && !b.held && !strange(code) {
		// The service is there, and in trouble: from here on losses count.
		b.close()
		b.losses.Count(true)
		return nil
	}
	if !p.probe {
		// Once the breaker is tripped, calls that were under way say nothing new.
		if p.look || b.tripped.Load() || !b.losses.Count(true) {
			return nil
		}
		b.trouble()
		return func() { b.tell(Message{Event: EventPaused}) }
	}
	b.failed++
	b.heard = false
	b.due = time.Now().Add(min(firstProbe<<(b.failed-1), lastProbe))
	if b.state == troubled { // the first probe came after that time already
		b.due = time.Now().Add(min(firstProbe<<b.failed, lastProbe))
	}
	if b.state == atStart && b.failed == 1 && b.asks() {
		b.due = time.Time{} // the look-up need not wait
	}
	give := b.failed >= Probes
	if b.state == atStart && class == aliyun.Ambiguous {
		b.mute++
		if !p.look && !p.harmless {
			b.lostRows++
		}
		give = give || b.mute >= startMute || b.lostRows >= startRows
	}
	m, first := Message{Event: EventProbeFailed, N: b.failed, Of: Probes}, b.state == atStart && b.failed == 1 && !b.held
	if b.state == atStart {
		m.Of = 0 // what was lost counts, too
	}
	if give {
		return b.give // and nobody goes: the caller ends the run
	}
	b.free()
	if first {
		return func() { b.tell(Message{Event: EventFirstLost, Code: code}) }
	}
	return func() { b.tell(m) }
}

func (b *breaker) good(p permit, class aliyun.Class) (then func()) {
	if class != aliyun.Throttled && p.generation == b.generation.Load() {
		b.renewed[p.kind()] = false
	}
	switch {
	case !p.probe:
		if !p.look && b.state == closed {
			b.losses.Count(false)
		}
	case b.held && class == aliyun.Throttled: // before the credential was judged, perhaps
		b.due = time.Now().Add(firstProbe)
		b.free()
	case p.look:
		b.held = false
		if b.state == closed {
			b.failed = 0
			b.tripped.Store(false)
		}
		b.answered()
	default:
		said := b.failed > 0 || b.held || b.state == troubled
		b.close()
		if said {
			return func() { b.tell(Message{Event: EventResumed}) }
		}
	}
	return nil
}

// close admits everybody.
func (b *breaker) close() {
	b.state, b.held, b.failed, b.losses = closed, false, 0, pace.Losses{}
	b.tripped.Store(false)
	b.free()
}

// answered ends a look-up that probed: a row may try at once.
func (b *breaker) answered() {
	b.heard, b.due = true, time.Time{}
	b.free()
}

// forgo gives the right up. It does nothing but for a probe.
func (b *breaker) forgo(p permit) {
	if !p.probe {
		return
	}
	b.mu.Lock()
	b.free()
	b.mu.Unlock()
}

// free lets the next one probe.
func (b *breaker) free() {
	b.probing = false
	close(b.changed)
	b.changed = make(chan struct{})
}
