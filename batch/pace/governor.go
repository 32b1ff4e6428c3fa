package pace

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
	many       = 200                    // answers whose share is known to a few percent
	patience   = 10 * time.Second       // how long so many are waited for
	forgive    = 30 * time.Second       // how long an undone cut raises what is tolerated

	belowCeiling = 0.95 // share of the last throttled rate up to which recovery is quick
	helped       = 0.5  // share of the throttling from before a cut that may be left after it
)

// Governor finds the rate that the service grants, from its throttling
// answers: cut to what was accepted, recover fast to just below the rate that
// was throttled, then probe slowly. A cut that does not help is undone: such
// throttling does not come from our rate, and cutting for it again and again
// would end near zero. It is a pure function of what it is told, and knows no
// clock.
type Governor struct {
	max, Limit float64
	Ceiling    float64 // the rate that was accepted when some was throttled last; 0 if unknown

	// Time is that of the releases, not of the answers: a latency as long as
	// the period that is judged would otherwise hide half of the calls.
	cutAt               time.Time // answers to calls released before tell nothing of the limit in force
	since, until        time.Time // release of the first and last call that is judged next
	accepted, throttled int

	before      float64 // limit before the last cut on trial; 0 if none is on trial
	beforeShare float64
	pardon      float64 // tolerated share while pardoned
	pardonEnds  time.Time
	alarmed     bool // the last cut was an alarm's, and no second was judged since
}

// NewGovernor starts at limit, or just below the rate that throttled an earlier
// run, if that is known and lower.
func NewGovernor(limit, throttled float64, now time.Time) *Governor {
	g := &Governor{max: limit, Limit: limit, cutAt: now, since: now, until: now}
	if start := belowCeiling * throttled; throttled > 0 && start < limit {
		g.Limit, g.Ceiling = max(start, min(minRate, limit)), throttled
	}
	return g
}

// Observe takes the answer to a call released at a time.
func (g *Governor) Observe(released time.Time, throttled bool) {
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

// Change is a new limit and why.
type Change struct {
	Limit float64
	Cause Cause
	Share float64 // of answers throttled
}

// Cause is why a limit changed.
type Cause uint8

const (
	unchanged     Cause = iota
	CutToAccepted       // calls were throttled: no more than was accepted
	CutUndone           // a cut that did not help was taken back
	recovering
	probing
)

// Tick judges what was observed; call it about every 200 ms.
func (g *Governor) Tick(now time.Time) Change {
	span, answers := g.until.Sub(g.since), g.accepted+g.throttled
	share := 0.0
	if answers > 0 {
		share = float64(g.throttled) / float64(answers)
	}
	switch {
	case span >= alarmEvery && answers >= enough && share > alarming && !g.alarmed:
		return g.alarm(now, answers, share)
	case span < judgeEvery, answers < enough && g.throttled > 0 && span < patience:
		return Change{Limit: g.Limit}
	case answers >= enough && g.before > 0 && share > tolerated && share > helped*g.beforeShare:
		g.Limit, g.pardon, g.pardonEnds = g.before, 1.5*max(share, g.beforeShare), now.Add(forgive)
		g.Ceiling, g.before, g.cutAt = 0, 0, now
		g.restart(now)
		return Change{g.Limit, CutUndone, share}
	case answers >= enough && share > g.toleratedAt(now):
		g.before, g.beforeShare, g.alarmed = g.Limit, share, false
		return g.cut(now, float64(g.accepted)/span.Seconds(), share)
	}
	g.before, g.alarmed = 0, false
	g.restart(g.until)
	return g.raise()
}

func (g *Governor) toleratedAt(now time.Time) float64 {
	if now.Before(g.pardonEnds) {
		return g.pardon
	}
	return tolerated
}

// alarm lowers the limit at once, before a second tells what is granted: to half
// or, if many answers say so, to a quarter. It may have been a hiccup, so recovery
// is quick if nothing more is throttled; until a second has told, it does not
// come twice.
func (g *Governor) alarm(now time.Time, answers int, share float64) Change {
	most := 2.0
	if answers >= many {
		most = 4
	}
	g.before, g.pardonEnds, g.alarmed = 0, now, true
	g.Ceiling = g.Limit
	g.lower(now, max(g.Limit/most, float64(g.accepted)))
	return Change{g.Limit, CutToAccepted, share}
}

// cut lowers the limit to what was accepted, calls a second, but not below half: a
// pause of the run looks like few accepted calls. The rate to recover to is that
// one, not what was asked for: that may be seven times what is granted.
func (g *Governor) cut(now time.Time, accepted, share float64) Change {
	was := g.Limit
	g.lower(now, max(was/2, 0.98*accepted))
	g.Ceiling = min(max(accepted, g.Limit/belowCeiling), was)
	return Change{g.Limit, CutToAccepted, share}
}

// lower sets a lower limit. Its first second is not judged, since the service
// still counts the calls from before.
func (g *Governor) lower(now time.Time, to float64) {
	g.Limit = max(min(to, 0.95*g.Limit), min(minRate, g.max))
	g.cutAt = now.Add(judgeEvery)
	g.restart(g.cutAt)
}

func (g *Governor) raise() Change {
	if g.Limit >= g.max {
		return Change{Limit: g.Limit}
	}
	cause := recovering
	switch target := belowCeiling * g.Ceiling; {
	case g.Ceiling == 0:
		g.Limit *= 1.1
	case g.Limit < target:
		g.Limit = min(1.5*g.Limit, target)
	default:
		g.Limit += 0.005 * g.Ceiling
		cause = probing
		if g.Limit > 1.05*g.Ceiling {
			g.Ceiling = 0 // what throttled us then is gone
		}
	}
	g.Limit = min(g.Limit, g.max)
	return Change{Limit: g.Limit, Cause: cause}
}

// restart judges anew from a time on.
func (g *Governor) restart(from time.Time) {
	g.since, g.until, g.accepted, g.throttled = from, from, 0, 0
}
