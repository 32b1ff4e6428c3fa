package books

import (
	"cmp"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/ledger"
)

// How old a call is, and whether a binding is as old. A call is signed with the time of
// its intent, and the service takes no call whose time is far from its own. So of every
// call that the service may have executed the time of the intent, by whatever clock, is
// the service's time, give or take that distance.

// DueOf is when a call can no longer be executed, by this process's clock.
func (j *Journal) DueOf(c ledger.CallInfo) (at time.Time) {
	j.Asks(func(l *ledger.Ledger) { at = fromNow(l.DueIn(c.Number, j.Clock())) })
	return at
}

// Past is the time of a record in Unix milliseconds, or when this process came to know
// it if that is earlier: the clock was set back.
func (j *Journal) Past(ms int64) time.Time {
	if at := time.UnixMilli(ms); !at.After(time.Now()) {
		return at
	}
	return j.opened
}

// WaitedFor is how long after it left a call may be executed.
func WaitedFor(c ledger.CallInfo) time.Duration {
	return max(time.Duration(c.Due-c.At)*time.Millisecond, 0)
}

// Settleable reports whether look-ups may show now that a bind was not executed.
func (j *Journal) Settleable(c ledger.CallInfo) (yes bool) {
	j.Asks(func(l *ledger.Ledger) { yes = l.Settleable(c.Number, j.Clock()) })
	return yes
}

// SettleableFrom is from when look-ups may show that, by this process's clock.
func (j *Journal) SettleableFrom(c ledger.CallInfo) (at time.Time) {
	j.Asks(func(l *ledger.Ledger) { at = fromNow(l.SettleableIn(c.Number, j.Clock())) })
	return at
}

// fromNow is the time in so many milliseconds.
func fromNow(ms int64) time.Time { return time.Now().Add(time.Duration(ms) * time.Millisecond) }

const (
	// SettleAfter and settleTimeouts: an empty look-up counts as "not bound"
	// only so long after the last call was given up, and so many timeouts: the call
	// may still be under way, and what it does may show late.
	SettleAfter    = 30 * time.Second
	settleTimeouts = 3

	// offBy is how far the service's clock may be from that of an intent of which it
	// made a binding, by most of its documents; offAtMost by all of them.
	offBy     = 15 * time.Minute
	offAtMost = 31 * time.Minute
)

// Era is when a binding was made, compared with a call.
type Era uint8

const (
	eraUnknown Era = iota // it cannot be told
	EraBefore             // before the call
	EraThen               // at the time of the call
	EraAfter              // after the call
)

// EraOf tells when a binding that a look-up shows was made, compared with a call that was
// signed with a time. The documents do not agree: the service may have taken the call
// though the clock was off by more than offBy, up to offAtMost. A binding made that long
// before or after is the call's if the clock is off by as much now, and is not if it is
// off by less and the distance is more than offAtMost. Else it cannot be told, and a
// guess would take another's binding for the call's, or the other way round.
func EraOf(s *aliyun.Subscription, signed time.Time) Era {
	if s.Created.IsZero() {
		return eraUnknown
	}
	by := s.Created.Sub(signed)
	now := by - s.Ahead // what it would be if this machine's clock was off then as it is now
	switch {
	case by.Abs() < offBy, now.Abs() < offBy:
		return EraThen
	case by < -offAtMost && now < -offBy:
		return EraBefore
	case by > offAtMost && now > offBy:
		return EraAfter
	}
	return eraUnknown
}

// Made tells when a binding was made, compared with the call of an intent.
func Made(s *aliyun.Subscription, sent *Detail) Era {
	signed := time.UnixMilli(cmp.Or(sent.Left, sent.T))
	e := EraOf(s, signed)
	if sent.Undated && (e == EraBefore || e == eraUnknown && s.Created.Before(signed)) { // it was carried in later
		return EraThen
	}
	return e
}

// Timeout is that of one call of the latest run; 0 if there is none.
func (j *Journal) Timeout() time.Duration {
	if len(j.Runs) == 0 {
		return 0
	}
	return time.Duration(j.Runs[len(j.Runs)-1].Timeout * float64(time.Second))
}

// SettledAfter is how long after it was given up a call can still be executed. timeout
// is that of one call.
func SettledAfter(timeout time.Duration) time.Duration {
	return max(SettleAfter, settleTimeouts*timeout)
}
