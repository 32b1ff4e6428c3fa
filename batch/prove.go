package batch

import (
	"context"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
)

// proves proves, if the operation wants it, that a row's binding is the row's.
// ok is false if no call may be made: the row has its fate then, or stays as it
// is. here is told at once: the rows behind need not wait for this one's proof.
func (r *Run) proves(ctx context.Context, i int, row *plan.Row, here *arrival) (ok bool) {
	op, is := r.opOf(i).(Prover)
	if !is || !op.Doubts(row) {
		return true
	}
	here.tell()
	if r.barred.Load() {
		return false
	}
	for failed := 1; ; failed++ {
		prove := func() (lookup.Finding, bool) {
			return r.look(ctx, nil, func(pay func(context.Context) error) lookup.Finding {
				return op.Prove(context.WithoutCancel(ctx), row, pay)
			})
		}
		f, ok := prove()
		if ok && f.Proof == books.Absent && !f.Ended {
			f, ok = r.between(ctx, row.Fields[field.PoolKey], prove)
		}
		if !ok {
			return false
		}
		if f.Proof != books.Unclear {
			return r.mine(i, row, f)
		}
		if ctx.Err() != nil || f.Gives(failed) {
			return false
		}
		if pace.SleepUntil(ctx, time.Now().Add(r.backoff(pace.ThrottleBase, failed, 0))) != nil {
			return false
		}
	}
}

// mine reports whether a row's binding was shown to be the row's, and gives the row its
// fate if it was not.
func (r *Run) mine(i int, row *plan.Row, f lookup.Finding) bool {
	fate := plan.FateOther
	if f.Refused() { // nothing was shown of the binding
		r.refuses(f)
		return false
	}
	switch f.Proof {
	case books.Ours:
		return true
	case books.Absent:
		if f.Ended || r.released(row) { // gone already, as it is shown or was to be expected: the call says so
			return true
		}
		fate = plan.FateUnshown
	case books.Foreign, books.Odd:
		if input.RoundedDigits(row.Target.SubsID) > 0 {
			fate = plan.FateDamaged
		}
	case books.Barred:
		r.bar(f)
		if f.Class == aliyun.AccountRefused {
			r.end(books.StopAccount, f.Code)
		}
		return false
	default: // it cannot be believed: asking again would show the same
		r.tells(row.Fields[field.PoolKey], f.Proof)
		return false
	}
	r.plan.Entries[i].Fate = fate
	r.live.invalid.Add(1)
	return false
}

// proveGone asks whether the binding of a row is gone, as an answer says. shown is set if
// that is shown: its X is free, or has been given to another.
func (r *Run) proveGone(ctx context.Context, op Prover, row *plan.Row) (f lookup.Finding, ok, shown bool) {
	pool := row.Fields[field.PoolKey]
	f, ok = r.between(ctx, pool, func() (lookup.Finding, bool) {
		return op.Prove(context.WithoutCancel(ctx), row, func(context.Context) error { return r.payLook(ctx) }), true
	})
	if shown = ok && (f.Proof == books.Absent || f.Proof == books.Foreign); shown {
		f.Evidence.Late = r.controls.Unshown(pool, row.Target.Binding, 0)
		shown = ledger.Settles(ledger.ShownEnded, f.Evidence) == ledger.Gone
	}
	return f, ok, shown
}

// refuses notes that look-ups are refused, so that rows stay as they are whose bindings
// cannot be proven.
func (r *Run) refuses(f lookup.Finding) {
	if _, said := r.said.LoadOrStore("refused "+f.Code, true); !said {
		r.opt.Explain(Message{Event: EventLookRefused, Code: f.Code})
	}
	r.noteStop(books.StopLookups, f.Code)
}

// unproven reports whether a finding would count if look-ups could be believed.
func unproven(f lookup.Finding) bool { return f.Proof == books.Unproven || f.Proof == books.Distrusted }

// released reports whether the answer to a release of a row's binding was lost before the
// one under way.
func (r *Run) released(row *plan.Row) bool {
	lost := func(c ledger.CallInfo) bool { // not one of which the answer was not believed
		return c.Op == ledger.Release && !c.Open && c.Code != aliyun.CodeSubsNotExist && c.Code != aliyun.CodeIllegalArgument
	}
	var calls []ledger.CallInfo
	r.journal.Asks(func(l *ledger.Ledger) {
		if b, known := l.BindingOf(row.Target.Binding); known {
			calls = l.CallsOn(b)
		}
	})
	return slices.ContainsFunc(calls, lost)
}

// between looks between two controls of a pool. Where what it shows settles something only
// then, it is Unproven if there is none, and Distrusted if they do not both come back as
// they are known.
func (r *Run) between(ctx context.Context, pool string, look func() (lookup.Finding, bool)) (f lookup.Finding, ok bool) {
	before := r.controls.Before(ctx, pool)
	if f, ok = look(); !ok || !f.Proof.Shown().Controlled() {
		return f, ok
	}
	f.Evidence.Before = before == lookup.Trusted
	f.Evidence.After = f.Evidence.Before && r.controls.After(ctx, pool, r.controls.Mark(pool)) == lookup.Trusted
	switch {
	case before == lookup.NoControl:
		f.Proof = books.Unproven
	case ledger.Settles(f.Proof.Shown(), f.Evidence) == ledger.Looked, f.Proof == books.Older && !r.controls.Form(pool).Dated:
		f.Proof = books.Distrusted
	}
	return f, ctx.Err() == nil || f.Evidence.After
}

// asks makes a look-up until it is answered, for controls. It changes nothing, so it does
// not wait at the breaker, where the row may stand for which it is made.
func (r *Run) asks(ctx context.Context, request func(context.Context) error) (err error) {
	for failed := 1; ; failed++ {
		if err = r.payLook(ctx); err != nil {
			return err
		}
		if err = request(context.WithoutCancel(ctx)); err == nil || lookup.Unclear(err).Gives(failed) {
			return err
		}
		if err := pace.SleepUntil(ctx, time.Now().Add(r.backoff(pace.ThrottleBase, failed, 0))); err != nil {
			return err
		}
	}
}

// tells says, once for each pool, why its look-ups settle nothing.
func (r *Run) tells(pool string, why books.Proof) {
	event := map[books.Proof]Event{books.Unproven: EventLookUnproven, books.Distrusted: EventLookDistrusted, books.Masked: EventLookMasked}[why]
	if _, said := r.said.LoadOrStore(pool+why.String(), true); !said {
		r.opt.Explain(Message{Event: event, Place: pool})
	}
}
