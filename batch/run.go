// Package batch carries the rows of an input to the service and records how
// each ended.
//
// # Order
//
// A row's call leaves only when its intent is durable in the journal, and its
// outcome counts only when it is durable too. So whatever moment a crash
// chooses, a call that may have left is known, and a later run does not repeat
// it. One attempt goes: breaker, place in flight, turn of the pace, intent, exact
// moment, call, outcome. Retry goes around pace around call: each attempt pays
// for its slot. The first row goes alone, and the breaker closes for its answer.
//
// # Ends
//
// A row is BOUND if the service confirmed the binding; FAILED if it refused
// the row; UNKNOWN if nobody knows whether the call was executed, and then it
// is never sent again unless look-ups show that it was not, or a person says so;
// INVALID if it was not sent for what it says or for what has its place; PENDING
// if it is known not to have been executed; RELEASED if its binding was released.
// While any attempt of a row is unresolved, the row can only become BOUND or
// UNKNOWN. Where a row stands the ledger says (package ledger), and nobody else.
//
// # A row's way
//
// Six types stand for a row from the file to the results, each for what the one before
// cannot hold:
//
//	input.Row      what the file says of it: cells, fields, verdict, faults; of the reader
//	plan.Entry     where it stands and why, in 16 bytes: there may be ten million
//	plan.Row       an input.Row on its way, with the X, the binding and the intent of its call
//	ledger.Record  what changes what is known: a line of the journal, without its words
//	books.Detail   the rest of that line: numbers, messages, what a look-up showed
//	report.Record  a line of the results, made of all of these
//
// An Answer is of a call, not of a row; what it makes known of the row is a record.
//
// # Operations
//
// Bind, Renew, Update and Unbind are a file each, here and in package plan. The engine
// admits, paces, records and retries rows and never asks which operation it carries.
//
// # Stopping
//
// Stopping means to admit no more. Rows that wait become PENDING at once; calls
// under way keep their own timeout and are recorded. Run returns after the last
// goroutine has ended.
package batch

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sync/errgroup"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// Periods of a run.
const (
	headroom     = 1.3                    // calls in flight over rate x latency, so that jitter does not starve the pace
	guessLatency = 100 * time.Millisecond // until the first answer
	tickEvery    = 200 * time.Millisecond // rate and bound are looked at so often
	sampleTicks  = 5                      // a sample for the journal every so many ticks: one a second
)

// Run sends the rows of a plan.
type Run struct {
	plan    *plan.Plan
	journal *books.Journal
	op      Operation
	opt     Options

	pace       *pace.Pace
	wire       *pace.Gate
	looks      *pace.Pace // of look-ups, besides pace
	barred     atomic.Bool
	known      atomic.Pointer[number] // an X to ask about; nil: none is known
	controls   *lookup.Controls       // of look-ups; nil: the client makes none
	said       sync.Map               // pools of which it was said that their look-ups settle nothing
	breaker    *breaker
	supplies   supplies
	failures   failures
	throttling pace.Throttling

	cancel context.CancelCauseFunc

	mu       sync.Mutex // guards the rest
	governor *pace.Governor
	flight   pace.Flight
	latency  *hdrhistogram.Histogram // microseconds
	recent   time.Duration           // moving mean of the latency
	jitter   *rand.Rand
	stop     books.Stop
	stopCode string
	late     []int32 // rows in doubt that wait for a control; until allSent
	allSent  bool

	looked bool // a row in doubt was the first of the run; of the feeder alone

	live counters
}

// NewRun makes a run of plan. Journal and input must be those of the plan.
func NewRun(plan *plan.Plan, op Operation, opt Options) (*Run, error) {
	calls, err := pace.New(opt.Rate)
	if err != nil {
		return nil, err
	}
	looks, err := pace.New(min(opt.Rate, aliyun.LookupRate))
	if err != nil {
		return nil, err
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	if opt.Explain == nil {
		opt.Explain = func(Message) {}
	}
	if opt.Rescue == nil {
		opt.Rescue = func(string) {}
	}
	if opt.Seed == 0 {
		opt.Seed = rand.Uint64()
	}
	r := &Run{
		plan: plan, journal: plan.Journal, op: op, opt: opt,
		pace: calls, looks: looks, supplies: supplies{newCapacity(), opt.Numbers}, failures: failures{max: opt.MaxFailures},
		latency: hdrhistogram.New(1, (5 * time.Minute).Microseconds(), 3),
		jitter:  rand.New(rand.NewPCG(opt.Seed, 0)),
	}
	r.flight.Bound, _ = r.littlesLaw(opt.Rate)
	r.wire = pace.NewGate(r.flight.Bound)
	if client, ok := op.Lister(); ok {
		r.controls = lookup.NewControls(client, plan.Journal, r.asks)
	}
	r.breaker = newBreaker(opt.Explain, func() { r.end(books.StopTrouble, "") })
	if opt.Probe != nil {
		r.knowJournal()
		r.breaker.asks = func() bool { return r.known.Load() != nil }
	}
	return r, nil
}

// motion bounds the rows that are under way: those in flight and those that
// wait to go again.
func (r *Run) motion() int {
	if n := r.opt.MaxInFlight; n > 0 {
		return 2 * n
	}
	return 2 * pace.MaxInFlight
}

// Do sends what the plan says and returns when the last call has been
// recorded. Cancelling ctx, with a Stop as cause, stops admission. The error
// is nil unless the run itself broke; what it did until then is recorded.
func (r *Run) Do(ctx context.Context) (Result, error) {
	ctx, r.cancel = context.WithCancelCause(ctx)
	defer r.cancel(nil)
	r.mu.Lock()
	r.governor = pace.NewGovernor(r.opt.Rate, 0, time.Now())
	if r.opt.Adaptive {
		r.governor = pace.NewGovernor(r.opt.Rate, r.opt.Learned, time.Now())
		r.pace.SetLimit(r.governor.Limit)
	}
	r.mu.Unlock()

	ticking, stopTicking := context.WithCancel(context.WithoutCancel(ctx))
	var ticker sync.WaitGroup
	ticker.Go(func() { r.tick(ticking) })
	if r.controls != nil {
		ticker.Go(func() { r.controls.Poll(ticking) })
	}

	var rows, doubts, late errgroup.Group
	doubts.SetLimit(maxSettling)
	late.SetLimit(maxSettling)
	workers := newWorkers(&rows, r.motion())
	err := r.feed(ctx, workers, &doubts)
	workers.rest()
	for _, g := range []*errgroup.Group{&rows, &doubts} { // rows may add to doubts until they have ended
		if gerr := g.Wait(); gerr != nil {
			err = gerr
		}
	}
	if err == nil || errors.Is(err, errStopFeeding) {
		err = r.feedLate(ctx, &late)
	}
	if errors.Is(err, errStopFeeding) {
		err = nil
	} else if err != nil {
		r.end(books.StopInput, "")
	}
	if gerr := late.Wait(); gerr != nil {
		err = gerr
	}
	stopTicking()
	ticker.Wait()

	r.mu.Lock()
	defer r.mu.Unlock()
	result := Result{Stop: r.stop, StopCode: r.stopCode, Admitted: int(r.live.admitted.Load())}
	if cause, ok := errors.AsType[books.Stop](context.Cause(ctx)); ok && yields(result.Stop) {
		result.Stop = cause
	} else if ctx.Err() != nil && result.Stop == books.StopNone && err == nil {
		result.Stop = books.StopInterrupt
	}
	if err == nil {
		err = r.journal.Err()
	}
	switch {
	case err == nil:
	case errors.Is(err, journal.ErrJournal):
		result.Stop = books.StopJournal
	case result.Stop == books.StopNone:
		result.Stop = books.StopInternal
	}
	return result, err
}

// end stops admission for a reason. The first reason stands.
func (r *Run) end(why books.Stop, code string) {
	r.noteStop(why, code)
	r.cancel(why)
}

func (r *Run) noteStop(why books.Stop, code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if yields(r.stop) { // what stops the last rows says more
		r.stop, r.stopCode = why, code
	}
}

// yields reports whether a reason, that rows were left and not that the run was stopped,
// gives way to another.
func yields(why books.Stop) bool {
	return why == books.StopNone || why == books.StopLimit || why == books.StopLookups
}

// tick adapts the limit and the bound of calls in flight, and samples the run
// once a second, until ctx ends.
func (r *Run) tick(ctx context.Context) {
	t := time.NewTicker(tickEvery)
	defer t.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			limit := r.pace.Limit()
			if r.opt.Adaptive {
				r.mu.Lock()
				c := r.governor.Tick(now)
				r.mu.Unlock()
				if c.Limit != limit {
					limit = c.Limit
					r.pace.SetLimit(limit)
					switch c.Cause {
					case pace.CutToAccepted:
						r.opt.Explain(Message{Event: EventRate, Rate: limit, Share: c.Share})
					case pace.CutUndone:
						r.opt.Explain(Message{Event: EventRateBack, Rate: limit, Share: c.Share})
					}
					r.opt.Log.Debug("limit changed", "rate", limit, "throttled_share", c.Share)
				}
			}
			r.wire.Resize(r.inFlightBound(now, limit))
			if n%sampleTicks == 0 {
				s := r.Status()
				r.journal.Record(books.Sample{
					T: now.UnixMilli(), Calls: s.Calls, Rate: s.Limit, Throttled: s.Throttled,
					InFlight: int(s.InFlight), P50: ms(s.P50), P99: ms(s.P99),
					Ceiling: r.ceiling(),
				})
			}
		}
	}
}

// ceiling is the rate that was throttled last; 0 if none was, or if the run has
// long gone beyond it.
func (r *Run) ceiling() float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.governor.Ceiling
}

// inFlightBound is how many calls may be in flight from now on.
func (r *Run) inFlightBound(now time.Time, limit float64) int {
	if r.opt.MaxInFlight > 0 {
		return r.opt.MaxInFlight
	}
	want, latency := r.littlesLaw(limit)
	return r.flight.Tick(now, want, r.live.calls.Load()-r.live.inFlight.Load(), limit, latency)
}

// littlesLaw is what Little's law says that a limit takes: rate x time in the
// system, and some more. The time includes the preparation of a call.
func (r *Run) littlesLaw(limit float64) (calls int, latency time.Duration) {
	if r.opt.MaxInFlight > 0 {
		return r.opt.MaxInFlight, 0
	}
	r.mu.Lock()
	latency = r.recent
	r.mu.Unlock()
	if latency == 0 {
		latency = guessLatency
	}
	n := int(math.Ceil(headroom*limit*(latency+pace.Prepare).Seconds())) + 1
	return min(max(n, 2), pace.MaxInFlight), latency
}

// countEnd counts how a row ended that a call of an operation settled, and stops the run
// if too many ended badly.
func (r *Run) countEnd(status report.Status, code string, op ledger.Op) {
	if status == report.Held || status == report.Invalid || status == report.Pending {
		return
	}
	r.live.ended[status][op].Add(1)
	if why := r.failures.add(status == report.Failed || status == report.Unknown, status == report.Failed, code); why != books.StopNone {
		r.end(why, code)
	}
}
