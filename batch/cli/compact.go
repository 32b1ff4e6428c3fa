package cli

import (
	"context"
	"io"
	"time"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/store"
	"axgbind/batch/lookup"
	"axgbind/report"
)

// compactIfDue compacts the journal and says so. What leaves it did so long ago by the
// service's time: this machine's clock only says when it is worth asking. Where the disk
// has no room for a second journal, the one that is there does.
func (j *job) compactIfDue(ctx context.Context) error {
	keep, err := j.Keep()
	if err != nil || j.journal.PutBack != nil || len(j.journal.Missing()) > 0 { // an old copy is not mended
		return err
	}
	due, err := j.journal.Due(j.start, j.start.Add(-keep))
	if err == nil && due {
		j.learnTime(ctx)
	}
	cutoff := j.journal.ServiceTime(j.start).Add(-keep)
	if err == nil && due {
		due, err = j.journal.Due(j.start, cutoff)
	}
	if err != nil {
		return store.Unread(j.journalPath, err)
	}
	if !due {
		return nil
	}
	dropped := 0
	before, after, err := j.journal.Rewrite(j.input.Lines(), func(w io.Writer) (err error) {
		dropped, err = j.journal.Compact(w, cutoff, j.start)
		return err
	})
	switch {
	case err != nil && files.Full(err) && j.journal.Journal != nil:
		j.Say(report.StartNotCompacted, exit.Reason(err))
		return nil
	case err != nil:
		return store.Unread(j.journalPath, err)
	}
	j.hear() // it was opened anew
	if dropped > 0 {
		j.Say(report.StartLeft, dropped, int(keep/(24*time.Hour)))
	}
	if before >= store.Large {
		j.Say(report.StartCompact, before>>20, after>>20)
	}
	return nil
}

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
	if j.client == nil || j.untold || j.over() || j.hear() { // of the embedded simulator nothing is known before
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
		if !at.Before(j.journal.ServiceTime(j.start)) {
			j.learnTime(ctx)
		}
		return at.Before(j.journal.ServiceTime(j.start))
	}
}

const (
	// anyX is asked about when a file names no X. Whatever the service says of
	// it, it says after it has judged key, clock and pool.
	anyX = "17000000000"
	// somePool is named where none is known; it is none.
	somePool = "FC"
	// clockWarn is from when on a difference of clocks is worth a word: the
	// service refuses 15 minutes.
	clockWarn = time.Minute
)
