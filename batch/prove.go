package batch

import (
	"context"
	"time"

	"axgbind/aliyun"
	"axgbind/report"
)

// Prover is an Operation on live bindings that asks the service about one,
// besides its calls: whether it is the row's, and whether it is really gone.
type Prover interface {
	// Doubts reports whether the row's binding must be proven to be the row's
	// before a call for it is made.
	Doubts(row *Row) bool
	// Questions reports whether an answer must be proven before it counts: it says
	// that the binding is gone.
	Questions(answer Answer) bool
	// Prove asks once. pay is called before each request and returns an error if
	// the request must not be made.
	Prove(ctx context.Context, row *Row, pay func(context.Context) error) Finding
}

// proves proves, if the operation wants it, that a row's binding is the row's.
// ok is false if no call may be made: the row has its fate then, or stays as it
// is. here is told at once: the rows behind need not wait for this one's proof.
func (r *Run) proves(ctx context.Context, i int, row *Row, here *arrival) (ok bool) {
	op, is := r.opOf(i).(Prover)
	if !is || !op.Doubts(row) {
		return true
	}
	here.tell()
	if r.barred.Load() {
		return false
	}
	for failed := 1; ; failed++ {
		f, ok := r.look(ctx, nil, func(pay func(context.Context) error) Finding {
			return op.Prove(context.WithoutCancel(ctx), row, pay)
		})
		if !ok {
			return false
		}
		switch f.Proof {
		case Ours, Absent: // gone already: the call says so
			return true
		case Foreign, Odd:
			r.plan.rows[i].fate = fateOther
			if roundedDigits(row.target.subsID) > 0 {
				r.plan.rows[i].fate = fateDamaged
			}
			r.live.invalid.Add(1)
			return false
		case Barred:
			r.bar(f)
			if f.Class == aliyun.AccountRefused {
				r.end(StopAccount, f.Code)
			}
			return false
		}
		if ctx.Err() != nil || failed >= maxUnclear {
			return false
		}
		if sleepUntil(ctx, time.Now().Add(r.backoff(throttleBase, failed, 0))) != nil {
			return false
		}
	}
}

// proven is what an answer means once it was asked whether the binding is gone,
// and whether it was shown to be. An answer to a release that cannot be proven is
// as good as lost; any other that says so stays a refusal.
func (r *Run) proven(ctx context.Context, op Operation, row *Row, answer Answer) (Answer, bool) {
	p, is := op.(Prover)
	if !is || !p.Questions(answer) {
		return answer, false
	}
	f := p.Prove(context.WithoutCancel(ctx), row, func(context.Context) error { return r.payLook(ctx) })
	shown := f.Proof == Absent || f.Proof == Foreign // X is free, or has been given to another
	switch {
	case op.Done() != report.Released:
	case shown, f.Proof == Barred: // only the service's word is left, and it is about its own ids
		answer.Class = aliyun.Done
	default:
		answer.Class = aliyun.Ambiguous
	}
	return answer, shown
}
