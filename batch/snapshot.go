package batch

import (
	"sync/atomic"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// counters are what a watcher of the run sees; each is read alone.
type counters struct {
	admitted, calls, retries, throttled atomic.Int64
	looks                               atomic.Int64
	inFlight                            atomic.Int64
	looking                             atomic.Int64 // rows whose lost answer is being looked up
	waiting                             atomic.Int64 // rows that wait until no earlier call on their binding can be executed
	invalid, returned                   atomic.Int64

	callsOf [ledger.Ops]atomic.Int64                     // of calls, by operation
	ended   [report.NumStatuses][ledger.Ops]atomic.Int64 // rows, by how they ended and by the operation of their last call
}

// count counts n calls of an operation.
func (c *counters) count(op ledger.Op, n int64) {
	c.calls.Add(n)
	c.callsOf[op].Add(n)
}

// rows is how many rows ended so.
func (c *counters) rows(status report.Status) (n int64) {
	for op := range c.ended[status] {
		n += c.ended[status][op].Load()
	}
	return n
}

// Snapshot is a run as it stands.
type Snapshot struct {
	ToSend                              int // rows to send or to look up
	Admitted, Calls, Retries, Throttled int64
	Looks                               int64   // requests of look-ups
	Bound, Failed, Unknown, Invalid     int64   // rows that ended so in this run
	Released                            int64   // likewise
	Renewed                             int64   // of Bound: rows whose calls changed a binding
	Binds, Updates, Releases            int64   // of Calls, by what they do
	Left                                int64   // rows of this run that have not ended
	Looking                             int64   // of these, rows whose lost answer is being looked up
	Waiting                             int64   // likewise, rows that wait until no earlier call on their binding can be executed
	Asked                               bool    // the service asked that no call be made now
	InFlight, Places                    int64   // calls on the wire, and how many there may be
	Limit, Rate                         float64 // calls a second: in force now, and asked for
	Average                             float64 // calls a second, first to last
	Peak                                int     // most releases in any sliding second
	P50, P95, P99, Max                  time.Duration
	Paused                              bool // the breaker is tripped, and the service in trouble
	Stop                                books.Stop
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// measure takes the latency of one call.
func (r *Run) measure(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	const weight = 0.05
	if r.recent == 0 {
		r.recent = d
	}
	r.recent += time.Duration(weight * float64(d-r.recent))
	_ = r.latency.RecordValue(min(max(d.Microseconds(), 1), r.latency.HighestTrackableValue()))
}

// Status returns the run as it stands. It may be called at any time.
func (r *Run) Status() Snapshot {
	peak, average := r.pace.Releases()
	limit := r.pace.Limit()
	c := &r.live
	s := Snapshot{
		ToSend: r.plan.ToSend + r.plan.ToLook, Looks: c.looks.Load(), Admitted: c.admitted.Load(), Calls: c.calls.Load(), Retries: c.retries.Load(),
		Throttled: c.throttled.Load(), Bound: c.rows(report.Bound), Failed: c.rows(report.Failed), Unknown: c.rows(report.Unknown),
		Invalid: c.invalid.Load(), Released: c.rows(report.Released), Renewed: c.rows(report.Bound) - c.ended[report.Bound][ledger.Bind].Load(),
		Binds: c.callsOf[ledger.Bind].Load(), Updates: c.callsOf[ledger.Update].Load() + c.callsOf[ledger.Renew].Load(), Releases: c.callsOf[ledger.Release].Load(), InFlight: c.inFlight.Load(), Places: int64(r.wire.Places()), Looking: c.looking.Load(),
		Waiting: c.waiting.Load(), Asked: r.throttling.Holds(),
		Limit: limit, Rate: r.opt.Rate, Peak: peak, Average: average, Paused: r.breaker.paused(),
	}
	s.Left = int64(s.ToSend) - c.returned.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Stop = r.stop
	if r.latency.TotalCount() > 0 {
		at := func(q float64) time.Duration {
			return time.Duration(r.latency.ValueAtQuantile(q)) * time.Microsecond
		}
		s.P50, s.P95, s.P99, s.Max = at(50), at(95), at(99), time.Duration(r.latency.Max())*time.Microsecond
	}
	return s
}
