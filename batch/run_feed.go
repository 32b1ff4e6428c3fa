package batch

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"golang.org/x/sync/errgroup"

	"axgbind/batch/books"
	"axgbind/batch/plan"
)

// errStopFeeding ends a reading of the input early, without fault.
var errStopFeeding = errors.New("no more rows are admitted")

// feed hands each row that is to be sent to a worker, as places allow.
// Rows whose answer was lost move on to doubts, where they wait for look-ups
// without taking a place from others.
func (r *Run) feed(ctx context.Context, workers *workers, doubts *errgroup.Group) error {
	left := r.plan.ToSend + r.plan.ToLook
	if left == 0 {
		return nil
	}
	lined := make(chan struct{}, 1)
	return r.plan.EachRow(func(i int, row *plan.Row) (err error) {
		if left == 0 || ctx.Err() != nil {
			return errStopFeeding
		}
		mine := row.ForKeeps()
		fate := r.plan.Entries[i].Fate
		if fate != plan.FateLook && !fate.Goes() {
			return nil
		}
		if err := r.opOf(i).aim(r.plan, i, mine); err != nil {
			return err
		}
		if fate == plan.FateLook {
			left--
			r.lookFirst(ctx, doubts, i, mine, lined)
			return nil
		}
		if r.opt.Limit > 0 && r.live.admitted.Load() >= int64(r.opt.Limit) {
			r.noteStop(books.StopLimit, "")
			return errStopFeeding
		}
		if !r.opOf(i).supplied(&r.supplies, mine) {
			r.plan.Entries[i].Fate = plan.FatePoolStop
			left--
			r.live.returned.Add(1)
			return nil
		}
		left--
		r.live.admitted.Add(1)
		here := &arrival{heard: lined}
		workers.do(func() error {
			defer here.tell() // whatever became of it
			return r.guard(mine, func() error { return r.sendOrDoubt(ctx, doubts, i, mine, here) })
		})
		<-lined
		return nil
	})
}

// sendOrDoubt sends row i, and has it looked up if its answer was lost.
func (r *Run) sendOrDoubt(ctx context.Context, doubts *errgroup.Group, i int, row *plan.Row, here *arrival) error {
	if err := r.send(ctx, i, row, here); err != nil {
		return err
	}
	if ctx.Err() == nil && r.doubtful(i, row) {
		r.doubt(ctx, doubts, i, row, true, nil)
		return nil
	}
	r.giveUp(i, row, 0)
	r.live.returned.Add(1)
	return nil
}

// lookFirst has row i looked up, which waits in doubt. A look-up changes nothing, so the
// first thing of a run is one, if there is one: its answer is waited for.
func (r *Run) lookFirst(ctx context.Context, doubts *errgroup.Group, i int, row *plan.Row, lined chan struct{}) {
	var here *arrival
	if !r.looked && r.live.admitted.Load() == 0 {
		here = &arrival{heard: lined}
	}
	r.looked = true
	r.doubt(ctx, doubts, i, row, false, here)
	if here != nil {
		<-lined
	}
}

// postpone has row i looked up once all rows have been sent, for it needs a control and
// their bindings can be that. It returns false once they have.
func (r *Run) postpone(i int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.allSent {
		r.late = append(r.late, int32(i))
	}
	return !r.allSent
}

// feedLate has the rows looked up that were postponed.
func (r *Run) feedLate(ctx context.Context, late *errgroup.Group) error {
	r.mu.Lock()
	rows := r.late
	r.allSent, r.late = true, nil
	r.mu.Unlock()
	if len(rows) == 0 || ctx.Err() != nil {
		return nil
	}
	slices.Sort(rows)
	return r.plan.EachRow(func(i int, row *plan.Row) (err error) {
		if len(rows) == 0 || ctx.Err() != nil {
			return errStopFeeding
		}
		if i != int(rows[0]) {
			return nil
		}
		rows = rows[1:]
		mine := row.ForKeeps()
		if err := r.op.aim(r.plan, i, mine); err != nil {
			return err
		}
		r.doubt(ctx, late, i, mine, r.plan.Entries[i].Fate != plan.FateLook, nil)
		return nil
	})
}

// arrival lets a row tell the feeder, once, that it stands in line for its
// call. The next row starts only then: goroutines go on in no certain order,
// and rows should leave in the order of the input. A row that waits at the
// breaker tells nothing, which stops admission, as the breaker should.
type arrival struct {
	heard chan<- struct{}
	told  bool
}

func (a *arrival) tell() {
	if a != nil && !a.told {
		a.told = true
		a.heard <- struct{}{}
	}
}

// opOf is the operation that carries row i.
func (r *Run) opOf(i int) Operation {
	if r.plan.Entries[i].Fate == plan.FateRenew {
		return r.opt.Renew
	}
	return r.op
}

// doubt has a row's lost answer looked up. sent tells that it was lost in this run.
// here is told when the first look-up stands at the breaker; it may be nil.
func (r *Run) doubt(ctx context.Context, doubts *errgroup.Group, i int, row *plan.Row, sent bool, here *arrival) {
	before := r.plan.Info(i).Attempts
	if sent {
		before--
	}
	doubts.Go(func() error {
		defer here.tell() // whatever became of it
		return r.guard(row, func() error {
			err := r.resolve(ctx, i, row, here)
			if errors.Is(err, errPostponed) {
				return nil
			}
			r.giveUp(i, row, before)
			r.live.returned.Add(1)
			return err
		})
	})
}

// guard runs what a row's goroutine does. An error or a panic stops the run.
func (r *Run) guard(row *plan.Row, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.end(books.StopInternal, "")
			err = fmt.Errorf("line %d: panic: %v\n%s", row.Line, p, debug.Stack())
		}
		if err != nil {
			r.cancel(err)
		}
	}()
	return do()
}
