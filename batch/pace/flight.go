package pace

import "time"

// MaxInFlight bounds the calls on the wire, whatever the latency.
const MaxInFlight = 1024

const (
	growBy      = 2                // factor of one growth
	worthwhile  = 1.05             // by so much a growth must raise the throughput, or it is taken back
	nearlyThere = 0.97             // share of the limit that leaves nothing to gain by more calls in flight
	tryAgain    = 10 * time.Second // how long a growth that was taken back is not tried again
)

// Flight bounds the calls in flight. Little's law says how many a rate and a
// latency take, but not when the latency itself comes from too many calls: then
// more of them only wait longer. So the bound follows the law downwards at once,
// and upwards step by step, each step being kept only if it adds throughput. It
// is a pure function of what it is told, and knows no clock.
type Flight struct {
	Bound int

	since  time.Time // the period that is judged next
	ended  int64     // calls that had ended then
	before float64   // calls a second before the last growth; 0: none is on trial
	prior  int       // the bound before it
	until  time.Time // no growth before
}

// Tick takes what the law wants, the calls that have ended so far, the limit in
// force and the latency, and returns the bound; call it about every 200 ms.
func (f *Flight) Tick(now time.Time, want int, ended int64, limit float64, latency time.Duration) int {
	if f.since.IsZero() {
		f.restart(now, ended)
	}
	if want <= f.Bound {
		f.Bound, f.before = want, 0
		f.restart(now, ended)
		return f.Bound
	}
	// What a growth does shows only after a latency.
	if now.Sub(f.since) < max(time.Second, 2*latency) {
		return f.Bound
	}
	throughput := float64(ended-f.ended) / now.Sub(f.since).Seconds()
	f.restart(now, ended)
	switch {
	case throughput >= nearlyThere*limit:
		f.before = 0
	case f.before > 0 && throughput < worthwhile*f.before:
		f.Bound, f.before, f.until = f.prior, 0, now.Add(tryAgain)
	case now.Before(f.until):
		f.before = 0
	default:
		f.before, f.prior = throughput, f.Bound
		f.Bound = min(want, growBy*f.Bound)
	}
	return f.Bound
}

func (f *Flight) restart(now time.Time, ended int64) { f.since, f.ended = now, ended }
