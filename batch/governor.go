package batch

import (
	"time"
)

const (
	minRate = 1.0 // calls/s; adapting never goes below, or it could not learn that it may rise

	judgeEvery = time.Second            // share of throttled answers is judged over calls released within this
	alarmEvery = 200 * time.Millisecond // ... or over this, if most are throttled
	tolerated  = 0.05                   // share of throttled answers that is left alone
	alarming   = 0.5                    // share that cuts at once
	enough     = 20                     // answers without which no share is judged
	patience   = 10 * time.Second       // how long so many are waited for
	forgive    = 30 * time.Second       // how long an undone cut raises what is tolerated

	belowCeiling = 0.95 // share of the last throttled rate up to which recovery is quick
)

// governor finds the rate that the service grants, from its throttling
// answers: cut to what was accepted, recover fast to just below the rate that
// was throttled, then probe slowly. A cut that does not help is undone: such
// throttling does not come from our rate, and cutting for it again and again
// would end near zero. It is a pure function of what it is told, and knows no
// clock. (No library has this: deps.md section 6.)
type governor struct {
	max, limit float64
	ceiling    float64 // the last rate that was throttled; 0 if unknown

	// Time is that of the releases, not of the answers: a latency as long as
	// the period that is judged would otherwise hide half of the calls.
	cutAt               time.Time // answers to calls released before tell nothing of the limit in force
	since, until        time.Time // release of the first and last call that is judged next
	accepted, throttled int

	before      float64 // limit before the last cut on trial; 0 if none is on trial
	beforeShare float64
	pardon      float64 // tolerated share while pardoned
	pardonEnds  time.Time
}

// newGovernor starts at limit, or just below the rate that throttled an earlier
// run, if that is known and lower.
func newGovernor(limit, throttled float64, now time.Time) *governor {
	g := &governor{max: limit, limit: limit, cutAt: now, since: now, until: now}
	if start := belowCeiling * throttled; throttled > 0 && start < limit {
		g.limit, g.ceiling = max(start, min(minRate, limit)), throttled
	}
	return g
}

// observe takes the answer to a call released at a time.
func (g *governor) observe(released time.Time, throttled bool) {
	if released.Before(g.cutAt) {
		return
	}
	if released.After(g.until) {
		g.until = released
	}
	if throttled {
		g.throttled++
	} else {
		g.accepted++
	}
}

// change is a new limit and why.
type change struct {
	limit float64
	cause changeCause
	share float64 // of answers throttled
}

type changeCause uint8

const (
	unchanged changeCause = iota
	cutToAccepted
	cutUndone
	recovering
	probing
)

// tick judges what was observed; call it about every 200 ms.
func (g *governor) tick(now time.Time) change {
	span, answers := g.until.Sub(g.since), g.accepted+g.throttled
	share := 0.0
	if answers > 0 {
		share = float64(g.throttled) / float64(answers)
	}
	switch {
	case span >= alarmEvery && answers >= enough && share > alarming:
		g.before, g.pardonEnds = 0, now
		return g.cut(now, span, share)
	case span < judgeEvery, answers < enough && g.throttled > 0 && span < patience:
		return change{limit: g.limit}
	case answers >= enough && share > g.toleratedAt(now):
		if g.before > 0 && share > 0.75*g.beforeShare {
			g.limit, g.pardon, g.pardonEnds = g.before, 1.5*share, now.Add(forgive)
			g.ceiling, g.before, g.cutAt = 0, 0, now
			g.restart(now)
			return change{g.limit, cutUndone, share}
		}
		g.before, g.beforeShare = g.limit, share
		return g.cut(now, span, share)
	}
	g.before = 0
	g.restart(g.until)
	return g.raise()
}

func (g *governor) toleratedAt(now time.Time) float64 {
	if now.Before(g.pardonEnds) {
		return g.pardon
	}
	return tolerated
}

// cut lowers the limit to what was accepted, but not below half: a pause of
// the run looks like few accepted calls. The first second of the new limit is
// not judged, since the service still counts the calls from before.
func (g *governor) cut(now time.Time, span time.Duration, share float64) change {
	g.ceiling = g.limit
	to := max(g.limit/2, 0.98*float64(g.accepted)/span.Seconds())
	g.limit = max(min(to, 0.95*g.limit), min(minRate, g.max))
	g.cutAt = now.Add(judgeEvery)
	g.restart(g.cutAt)
	return change{g.limit, cutToAccepted, share}
}

func (g *governor) raise() change {
	if g.limit >= g.max {
		return change{limit: g.limit}
	}
	cause := recovering
	switch target := belowCeiling * g.ceiling; {
	case g.ceiling == 0:
		g.limit *= 1.1
	case g.limit < target:
		g.limit = min(1.5*g.limit, target)
	default:
		g.limit += 0.005 * g.ceiling
		cause = probing
		if g.limit > 1.05*g.ceiling {
			g.ceiling = 0 // what throttled us then is gone
		}
	}
	g.limit = min(g.limit, g.max)
	return change{limit: g.limit, cause: cause}
}

// restart judges anew from a time on.
func (g *governor) restart(from time.Time) {
	g.since, g.until, g.accepted, g.throttled = from, from, 0, 0
}
