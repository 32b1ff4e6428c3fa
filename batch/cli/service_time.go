package cli

import (
	"context"
	"time"

	"axgbind/batch/lookup"
	"axgbind/report"
)

// hear gives the journal the service's time as the answers of this run told it.
func (j *job) hear() (told bool) {
	if j.client == nil {
		return false
	}
	at := j.client.ServiceTime()
	j.journal.Hear(at)
	return !at.IsZero()
}

// learnTime asks the service for its time, unless an answer of this run told it: by one
// look-up that changes nothing, which is answered whether or not it is let through. The
// first call of a row would tell it too late, when the plan is made and rows have left
// the journal. While nobody tells it, nothing is done on the strength of this machine's
// clock, and a later run does it.
func (j *job) learnTime(ctx context.Context) {
	if j.client == nil || j.untold || j.hear() { // of the embedded simulator nothing is known before
		return
	}
	pool := j.settings.PoolOption
	if pool == "" {
		pool = somePool
	}
	j.looks++
	_, err := j.client.Probe(ctx, pool, anyX)
	if j.untold = !j.hear(); j.untold && ctx.Err() == nil {
		_, code, _ := lookup.ClassOf(err)
		j.Say(report.StartUntold, code)
	}
}

// ended tells whether an Expiration has passed, by the service's time.
func (j *job) ended(ctx context.Context) func(at time.Time) bool {
	return func(at time.Time) bool {
		if !at.Before(j.start) {
			return false
		}
		if !at.Before(j.journal.Sure(j.start)) {
			j.learnTime(ctx)
		}
		return at.Before(j.journal.Sure(j.start))
	}
}
