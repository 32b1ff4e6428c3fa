package aliyun

import (
	"errors"
	"time"
)

// Intent is a caller's note that it makes a call, written down before. The zero value
// is none: such a call may leave at any time.
//
// The signature has the time of the note, so that the service takes no call whose note
// was written long before; and no byte of the call leaves more than maxAge after the
// note was durable. Only between the last look at the clocks and the write nothing can be
// checked: a process that is stopped just then sends when it goes on, however late that
// is. Until then the call has not ended for it either.
type Intent struct {
	signed time.Time
	at     instant
}

// Intend is a note that tells a time and is durable now.
func Intend(told time.Time) Intent { return Intent{told, now()} }

// maxAge is how old a note may be when its call leaves.
const maxAge = time.Second

// ErrTooOld is the cause of an Error of code CodeNotSent whose call did not leave
// because its Intent was too old by then: the machine slept, the process was stopped or
// a credential took too long. A new Intent is all it takes.
var ErrTooOld = errors.New("not sent: its note was written too long before")

// errUnconnected is the cause where there was no connection in that time. One that is
// on its way serves a later call.
var errUnconnected = errors.New("no connection in time")

func (i *Intent) none() bool { return i.signed.IsZero() }

// left is how long a call may wait until it leaves, at most.
func (i *Intent) left() time.Duration { return maxAge - i.at.awake(time.Now()) }

// tooOld reports whether no byte of the call may leave any more.
func (i *Intent) tooOld() bool { return !i.none() && i.at.age() >= maxAge }

// instant is a moment by all clocks of this machine.
type instant struct {
	slept time.Duration // how long it had slept until then
	at    time.Time     // by the wall clock, and by one that nobody sets but that may stand still while it sleeps
}

func now() instant {
	s := slept() // first: what happens between counts
	return instant{s, time.Now()}
}

// age is how long ago an instant was, by the clock that says the most.
func (i instant) age() time.Duration {
	const noise = maxAge / 10
	at, nap := time.Now(), slept()-i.slept
	if nap >= noise { // a thread may have waited that long between two readings
		nap = min(nap, slept()-i.slept)
	}
	if nap < noise {
		nap = 0
	}
	return max(at.Sub(i.at)+nap, i.awake(at))
}

// awake is how long before a time an instant was, by the clocks that cost little: that
// the machine slept only the wall clock shows.
func (i instant) awake(at time.Time) time.Duration {
	return max(at.Sub(i.at), at.Round(0).Sub(i.at.Round(0)))
}
