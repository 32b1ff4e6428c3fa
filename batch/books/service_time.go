package books

import (
	"time"

	"axgbind/batch/ledger"
)

// A binding that has ended leaves its place, and later the journal, by the service's time
// and not by this machine's clock: a clock that is ahead would drop what is known of live
// bindings, and their rows would be bound a second time. The service's time is known from
// its answers: the latest one that this process, or the run that ended last, has heard,
// and what has elapsed since. It can only be too early, which holds rows back for longer.
// So a caller whose plan depends on it asks the service first; see NeedsServiceTime.

// heardTime is the service's time as an answer told it.
type heardTime struct {
	service time.Time
	at      time.Time // when this process came to know it
}

// now is what the service's time has come to, at least.
func (h *heardTime) now() time.Time { return h.service.Add(time.Since(h.at)) }

// Hear notes the service's time, as an answer told it; a zero time is none.
func (j *Journal) Hear(service time.Time) {
	if !service.IsZero() {
		j.heard.Store(&heardTime{service: service, at: time.Now()})
	}
}

// ServiceTime is what the service's time has come to at least, and no later than now,
// this machine's time; zero if no run has heard it. For a journal that is only looked at,
// it is now: nothing is done on its strength.
func (j *Journal) ServiceTime(now time.Time) time.Time {
	if j.store == nil {
		return now
	}
	return j.leastServiceTime(now)
}

// leastServiceTime is ServiceTime for a journal that is written to, whether it is or not.
func (j *Journal) leastServiceTime(now time.Time) time.Time {
	h := j.heard.Load()
	if h == nil {
		return time.Time{}
	}
	if at := h.now(); at.Before(now) {
		return at
	}
	return now
}

// NeedsServiceTime reports whether a binding has lapsed by now, this machine's time, or a
// call cannot be executed any more, and the service's time is not known to have come so
// far.
func (j *Journal) NeedsServiceTime(now time.Time) (yes bool) {
	sure := j.ClockAt(now)
	local := sure
	local.Service = local.Now
	j.Asks(func(l *ledger.Ledger) { yes = l.Lapses(sure, local) })
	return yes
}
