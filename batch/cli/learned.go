package cli

import (
	"time"

	"axgbind/batch"
	"axgbind/report"
)

// learnedFor is how long what a run learned of the service's limit is worth
// something to a later one. If the limit has risen since, finding out takes a
// minute; if it has not, not knowing it costs some hundred throttled calls.
const learnedFor = 7 * 24 * time.Hour

// learned is the rate at which the last run of the journal was throttled, if it
// was, lately, and below what is asked for now.
func (j *job) learned(o batch.Options) float64 {
	last := j.journal.Last
	age := j.start.Sub(time.UnixMilli(last.T))
	if !o.Adaptive || last.Ceiling <= 0 || last.Ceiling >= o.Rate || age > learnedFor || age < 0 {
		return 0
	}
	j.Say(report.StartLearned, last.Ceiling)
	return last.Ceiling
}
