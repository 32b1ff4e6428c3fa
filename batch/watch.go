package batch

import (
	"time"

	"axgbind/report"
)

const (
	rowsWindow  = 30 * time.Second // over which the rows that ended foretell the rest
	callsWindow = 3 * time.Second
)

// Watch follows a run from outside: it reads the counters now and then, and
// makes of them what people want to see. The rows know nothing of it. It is not
// safe for use by several goroutines.
type Watch struct {
	run         *Run
	began, at   time.Time
	last        Snapshot
	rows, calls report.Speed
}

// NewWatch begins to follow run, which begins now.
func NewWatch(run *Run, now time.Time) *Watch {
	w := &Watch{run: run, began: now, rows: report.Speed{Window: rowsWindow}, calls: report.Speed{Window: callsWindow}}
	w.Observe(now)
	return w
}

// Observe looks at the counters. Speeds are as fine as it is called often:
// between four times a second and once a second is right.
func (w *Watch) Observe(now time.Time) {
	w.last, w.at = w.run.Status(), now
	w.rows.Observe(now, w.last.ended())
	w.calls.Observe(now, w.last.Calls+w.last.Looks)
}

// Progress is how the run stood when Observe was last called.
func (w *Watch) Progress() *report.Progress {
	s, rows := &w.last, int64(w.run.plan.Rows)
	p := &report.Progress{
		Rows: rows, Before: rows - int64(s.ToSend),
		Bound: s.Bound, Failed: s.Failed, Invalid: s.Invalid, Unknown: s.Unknown, Released: s.Released,
		Pending: max(s.ended()-s.Bound-s.Failed-s.Invalid-s.Unknown-s.Released, 0),
		Left:    s.Left, Looking: s.Looking, Waiting: s.Waiting, Asked: s.Asked,
		Calls: s.Calls, Retries: s.Retries, Throttled: s.Throttled, InFlight: s.InFlight, Places: s.Places,
		Limit: s.Limit, Rate: s.Rate, P50: s.P50, P99: s.P99, Elapsed: w.at.Sub(w.began), Paused: s.Paused,
	}
	p.Speed, _ = w.calls.PerSecond(w.at)
	p.ETA = w.eta(p.Elapsed)
	return p
}

// eta is how long this run will take yet; negative if nobody knows.
func (w *Watch) eta(elapsed time.Duration) time.Duration {
	s, left := &w.last, w.last.Left
	if limit := int64(w.run.opt.Limit); limit > 0 { // a canary ends with these
		left = min(left, limit-min(s.ended(), limit))
	}
	switch {
	case s.Paused, s.Asked, left > 0 && left == s.Looking+s.Waiting:
		return -1
	case left > 0 && left <= s.InFlight: // the last calls, or a run that was stopped
		if s.P50 == 0 {
			return -1
		}
		return s.P50
	}
	return report.ETA(left, &w.rows, s.Limit, elapsed, w.at)
}

// ended is how many rows of the run have ended.
func (s *Snapshot) ended() int64 { return int64(s.ToSend) - s.Left }
