package batch

import (
	"context"
	"errors"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
)

// look makes one look-up at the breaker, and tells here that it is through. ok is false if it was not made, or says
// nothing because the run has ended.
func (r *Run) look(ctx context.Context, here *arrival, do func(pay func(context.Context) error) lookup.Finding) (f lookup.Finding, ok bool) {
	for {
		p, err := r.breaker.enter(ctx, true)
		here.tell()
		if err != nil {
			return lookup.Finding{}, false
		}
		if r.barred.Load() { // while it waited
			r.breaker.forgo(p)
			return lookup.Finding{Proof: books.Barred}, true
		}
		tripped := false
		f = do(func(context.Context) error {
			if err := r.payLook(ctx); err != nil {
				return err
			}
			if tripped = r.breaker.bars(p); tripped {
				return errTripped
			}
			p.generation = r.breaker.generation.Load()
			return nil
		})
		switch {
		case tripped: // while it waited for its turn
			continue
		case f.Proof == books.Unclear && ctx.Err() != nil:
			r.breaker.forgo(p)
			return f, false
		}
		class := aliyun.Done
		switch f.Proof {
		case books.Unclear:
			class = f.Class
		case books.Barred:
			class = aliyun.AccountRefused
		}
		if r.breaker.report(p, class, f.Code) {
			r.end(books.StopAccount, f.Code)
			return f, false
		}
		return f, true
	}
}

// errTripped keeps a look-up from being made.
var errTripped = errors.New("the breaker is tripped")

// number is an X of a pool.
type number struct{ pool, x string }

func numberOf(row *plan.Row) number {
	if row.Target != nil {
		return number{row.Fields[field.PoolKey], row.Target.SecretNo}
	}
	return number{row.Fields[field.PoolKey], row.X()}
}

// know notes a number to ask about, unless there is one.
func (r *Run) know(n number) {
	if r.known.Load() != nil || n.x == "" || n.pool == "" {
		return
	}
	first := n // only this one goes to the heap
	r.known.CompareAndSwap(nil, &first)
}

// knowJournal takes a number from the first binding of the journal of which that
// has one; a binding that only a list named has none. It is called before the run.
func (r *Run) knowJournal() {
	for b := range r.journal.Ledger.Bindings() {
		if info := r.journal.Ledger.Binding(b); info.Life != ledger.Bound || info.OK < 0 {
			continue
		}
		if k, err := r.journal.BindingAt(int32(b)); err == nil { // else another's turn is soon enough
			r.know(number{k.Detail.PoolKey, k.SecretNo})
		}
		return
	}
}

// sound asks the service something that changes nothing, in place of a row
// whose turn it is to probe.
func (r *Run) sound(ctx context.Context, row *plan.Row, p permit) {
	p.look = true
	n := numberOf(row)
	if n.x == "" {
		n = *r.known.Load()
	}
	if r.payLook(ctx) != nil {
		r.breaker.forgo(p)
		return
	}
	p.generation = r.breaker.generation.Load()
	err := r.opt.Probe(ctx, n.pool, n.x)
	if ctx.Err() != nil {
		r.breaker.forgo(p)
		return
	}
	class, code, _ := lookup.ClassOf(err)
	if err == nil {
		class = aliyun.Done
	}
	if r.breaker.report(p, class, code) {
		r.end(books.StopAccount, code)
	}
}

// bar notes that the service does not let us look.
func (r *Run) bar(f lookup.Finding) {
	if !r.barred.Swap(true) {
		r.opt.Explain(Message{Event: EventLookBarred, Code: f.Code})
	}
}

// payLook waits for the turn of a look-up: under the service's limit for
// look-ups and, like every request, under the run's own.
func (r *Run) payLook(ctx context.Context) error {
	if err := r.throttling.Wait(ctx); err != nil {
		return err
	}
	for _, p := range []*pace.Pace{r.looks, r.pace} {
		turn, err := p.Turn(ctx)
		if err != nil {
			return err
		}
		if err := turn.Release(ctx); err != nil {
			return err
		}
	}
	r.live.looks.Add(1)
	return nil
}
