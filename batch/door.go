package batch

import (
	"context"
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

// door admits calls to the service. It stands open, or one caller at a time may
// try it, a probe, while the others wait. It is shut in three cases:
//
//   - At the start. The answer to the first row opens it, whatever the service
//     says: one that is silent, or a page of a network in between, costs one row
//     and not all that would be in flight.
//   - Held, because the service called the credential or the clock out of date.
//     The client has dropped that credential; a probe with a fresh one shows
//     whether that helps. Answers to calls that left before say nothing new.
//   - Troubled, because the brake was pulled or connections are refused.
//
// A probe that is lost costs a row. So after one was, the next probe is a
// look-up, which changes nothing; only when that is answered a row tries. The
// door opens only for the answer to a row: look-ups may be answered where calls
// are not.
type door struct {
	asks func() bool // whether a look-up can be made in place of a row that probes
	tell func(Message)
	give func() // called when the last probe failed

	shut       atomic.Bool   // what most callers need to know, without the lock
	generation atomic.Uint32 // how often a credential was called out of date

	mu       sync.Mutex
	state    doorState
	held     bool
	heard    bool // a look-up was answered since the last probe was lost
	probing  bool
	failed   int // probes in a row
	lostRows int // before the door first opened
	mute     int // likewise, calls and look-ups without an answer
	due      time.Time
	renewed  [2]bool // of rows and of look-ups: no good answer since the credential was called out of date
	brake    pace.Brake
	changed  chan struct{} // closed when something changes while the door is shut
}

type doorState uint8

const (
	atStart doorState = iota
	open
	troubled
)

// newDoor returns a door at the start of a run. tell is told of what a person
// should hear.
func newDoor(tell func(Message), give func()) *door {
	d := &door{asks: func() bool { return false }, tell: tell, give: give, changed: make(chan struct{})}
	d.shut.Store(true)
	return d
}

// pass is the right to make one call or look-up. That of a probe must end in
// report or forgo.
type pass struct {
	probe      bool
	look       bool
	lookFirst  bool   // of a row's probe: a look-up is to be made in its place
	harmless   bool   // of a row: its call may be repeated
	generation uint32 // of the credential, at the call
}

func (p pass) kind() int {
	if p.look {
		return 1
	}
	return 0
}

// enter waits while the door is shut, unless the caller may probe.
func (d *door) enter(ctx context.Context, look bool) (pass, error) {
	for {
		if err := ctx.Err(); err != nil {
			return pass{}, err
		}
		if !d.shut.Load() {
			return pass{look: look}, nil
		}
		d.mu.Lock()
		if !d.shut.Load() || look && d.letsLook() {
			d.mu.Unlock()
			return pass{look: look}, nil
		}
		wait := time.Until(d.due)
		if !d.probing && wait <= 0 {
			d.probing = true
			first := !look && d.asks() && !d.heard && (d.failed > 0 || d.state == troubled)
			d.mu.Unlock()
			return pass{probe: true, look: look, lookFirst: first}, nil
		}
		changed, probing := d.changed, d.probing
		d.mu.Unlock()
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

// letsLook reports whether look-ups pass. They change nothing, and each row's are
// few: trouble does not hold them.
func (d *door) letsLook() bool { return !d.held && (d.state != atStart || d.heard) }

// bars reports whether a caller who had passed may not make its call any more.
func (d *door) bars(p pass) bool {
	if p.probe || !d.shut.Load() {
		return false
	}
	if !p.look {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shut.Load() && !d.letsLook()
}

// paused reports whether the service is in trouble, as far as is known.
func (d *door) paused() bool {
	if !d.shut.Load() {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.held || d.state == troubled || d.failed > 0 && !d.heard
}

// pull shuts an open door, whatever the brake has counted.
func (d *door) pull() {
	d.mu.Lock()
	pulled := !d.shut.Load()
	if pulled {
		d.trouble()
	}
	d.mu.Unlock()
	if pulled {
		d.tell(Message{Event: EventBrake})
	}
}

func (d *door) trouble() {
	d.state, d.probing, d.heard, d.failed = troubled, false, false, 0
	d.due = time.Now().Add(firstProbe)
	d.shut.Store(true)
}

// report takes the end of a call or look-up. It returns true if the service
// called a fresh credential out of date, too: every call would get that.
func (d *door) report(p pass, class aliyun.Class, code string) (refused bool) {
	if p.look && class == aliyun.Ambiguous && !strange(code) {
		class = aliyun.Throttled // the service is there
	}
	d.mu.Lock()
	var then func()
	switch {
	case class == aliyun.Stale:
		then, refused = d.stale(p, code)
	case class == aliyun.AccountRefused && !p.look: // the caller ends the run: nobody else is to go
		d.held, d.probing = true, true
		d.shut.Store(true)
	case class == aliyun.AccountRefused: // says nothing of what rows may do
		if p.probe {
			d.answered()
		}
	case class == aliyun.Ambiguous, class == aliyun.NotSent:
		then = d.lost(p, class, code)
	default:
		then = d.good(p, class)
	}
	d.mu.Unlock()
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

func (d *door) stale(p pass, code string) (then func(), refused bool) {
	switch {
	case p.generation != d.generation.Load(): // it left before
		if p.probe {
			d.free()
		}
		return nil, false
	case d.renewed[p.kind()], d.held && p.probe:
		d.held, d.probing = true, true
		d.shut.Store(true)
		return nil, true
	}
	d.renewed[p.kind()] = true
	d.generation.Add(1)
	d.held, d.due = true, time.Time{}
	d.shut.Store(true)
	d.free()
	return func() { d.tell(Message{Event: EventStale, Code: code}) }, false
}

func (d *door) lost(p pass, class aliyun.Class, code string) (then func()) {
	if d.state == atStart && p.probe && !p.look && !d.held && !strange(code) {
		// The service is there, and in trouble: from here on the brake counts.
		d.open()
		d.brake.Count(true)
		return nil
	}
	if !p.probe {
		// Once the door is shut, calls that were under way say nothing new.
		if p.look || d.shut.Load() || !d.brake.Count(true) {
			return nil
		}
		d.trouble()
		return func() { d.tell(Message{Event: EventBrake}) }
	}
	d.failed++
	d.heard = false
	d.due = time.Now().Add(min(firstProbe<<(d.failed-1), lastProbe))
	if d.state == troubled { // the first probe came after that time already
		d.due = time.Now().Add(min(firstProbe<<d.failed, lastProbe))
	}
	if d.state == atStart && d.failed == 1 && d.asks() {
		d.due = time.Time{} // the look-up need not wait
	}
	give := d.failed >= Probes
	if d.state == atStart && class == aliyun.Ambiguous {
		d.mute++
		if !p.look && !p.harmless {
			d.lostRows++
		}
		give = give || d.mute >= startMute || d.lostRows >= startRows
	}
	m, first := Message{Event: EventProbeFailed, N: d.failed, Of: Probes}, d.state == atStart && d.failed == 1 && !d.held
	if d.state == atStart {
		m.Of = 0 // what was lost counts, too
	}
	if give {
		return d.give // and nobody goes: the caller ends the run
	}
	d.free()
	if first {
		return func() { d.tell(Message{Event: EventFirstLost, Code: code}) }
	}
	return func() { d.tell(m) }
}

func (d *door) good(p pass, class aliyun.Class) (then func()) {
	if class != aliyun.Throttled && p.generation == d.generation.Load() {
		d.renewed[p.kind()] = false
	}
	switch {
	case !p.probe:
		if !p.look && d.state == open {
			d.brake.Count(false)
		}
	case d.held && class == aliyun.Throttled: // before the credential was judged, perhaps
		d.due = time.Now().Add(firstProbe)
		d.free()
	case p.look:
		d.held = false
		if d.state == open {
			d.failed = 0
			d.shut.Store(false)
		}
		d.answered()
	default:
		said := d.failed > 0 || d.held || d.state == troubled
		d.open()
		if said {
			return func() { d.tell(Message{Event: EventBrakeFree}) }
		}
	}
	return nil
}

// open admits everybody.
func (d *door) open() {
	d.state, d.held, d.failed, d.brake = open, false, 0, pace.Brake{}
	d.shut.Store(false)
	d.free()
}

// answered ends a look-up that probed: a row may try at once.
func (d *door) answered() {
	d.heard, d.due = true, time.Time{}
	d.free()
}

// forgo gives the right up. It does nothing but for a probe.
func (d *door) forgo(p pass) {
	if !p.probe {
		return
	}
	d.mu.Lock()
	d.free()
	d.mu.Unlock()
}

// free lets the next one probe.
func (d *door) free() {
	d.probing = false
	close(d.changed)
	d.changed = make(chan struct{})
}
