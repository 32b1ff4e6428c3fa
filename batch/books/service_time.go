package books

import (
	"time"

	"axgbind/batch/ledger"
)

// What has ended leaves its place, and later the journal, by the service's time and not
// by this machine's clock: one that is ahead would drop what is known of live bindings,
// and they would be bound a second time. That time is known from the service's answers:
// the one heard last, by this process or by the run that ended last, and what has elapsed
// since, so far as this process can tell. It can only be too early, which holds rows back
// for longer. So a caller whose plan depends on it asks the service first; see Untold.

// hearing is the service's time as an answer told it.
type hearing struct {
	service time.Time
	at      time.Time // when this process came to know it
}

// now is what the service's time has come to, at least.
func (h *hearing) now() time.Time { return h.service.Add(time.Since(h.at)) }

// Hear notes the service's time, as an answer told it; a zero time is none.
func (j *Journal) Hear(service time.Time) {
	if !service.IsZero() {
		j.heard.Store(&hearing{service: service, at: time.Now()})
	}
}

// Sure is what the service's time has surely come to, and no later than now, this
// machine's time; zero if no run has heard it. For a journal that is only looked at, it
// is now: nothing is done on its strength.
func (j *Journal) Sure(now time.Time) time.Time {
	if j.store == nil {
		return now
	}
	return j.proven(now)
}

// proven is Sure, whatever is done with the journal.
func (j *Journal) proven(now time.Time) time.Time {
	h := j.heard.Load()
	if h == nil {
		return time.Time{}
	}
	if at := h.now(); at.Before(now) {
		return at
	}
	return now
}

// Untold reports whether anything that the journal knows has lapsed by now, this
// machine's time, or cannot be executed any more, of which the service's time is not
// known to have come so far.
func (j *Journal) Untold(now time.Time) (yes bool) {
	sure := j.ClockAt(now)
	local := sure
	local.Service = local.Now
	j.Asks(func(l *ledger.Ledger) { yes = l.Lapses(sure, local) })
	return yes
}
