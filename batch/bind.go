package batch

import (
	"context"
	"errors"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
)

// Binder makes one BindAxg call. *aliyun.Client is one.
type Binder interface {
	BindAxg(ctx context.Context, r *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error)
}

// Bind is the operation that binds each row. It must never be repeated unless
// the first call is known not to have been executed: BindAxg has no
// idempotency token.
type Bind struct {
	Client Binder
}

// Lister implements Operation.
func (b Bind) Lister() (lookup.Lister, bool) {
	client, ok := b.Client.(lookup.Lister)
	return client, ok
}

// Call implements Operation.
func (b Bind) Call(ctx context.Context, row *plan.Row) Answer {
	request := row.Request()
	request.Intent = row.Intent
	result, err := b.Client.BindAxg(ctx, &request)
	if err == nil {
		return Answer{
			Class: aliyun.Done, Code: aliyun.CodeOK, Message: result.Message, RequestID: result.RequestID,
			SecretNo: result.SecretNo, SubsID: result.SubsID, HTTPStatus: 200,
		}
	}
	return notDone(err)
}

// notDone is the answer that an error of the client stands for.
func notDone(err error) Answer {
	var e *aliyun.Error
	if !errors.As(err, &e) {
		// Not the client's own error: nothing is known, so the cautious class.
		return Answer{Class: aliyun.Ambiguous, Code: aliyun.CodeBadAnswer}
	}
	return Answer{
		Class: e.Class(), Code: e.Code, Message: e.Message, RequestID: e.RequestID,
		HTTPStatus: e.HTTPStatus, RetryAfter: e.RetryAfter, Named: books.Named{SubsID: e.SubsID, SecretNo: e.SecretNo},
		TooOld: errors.Is(err, aliyun.ErrTooOld),
	}
}

// Late implements Operation.
func (b Bind) Late(row *plan.Row, now time.Time) bool { return row.Late(now) }

func (b Bind) aim(p *plan.Plan, i int, row *plan.Row) (err error) {
	row.Chosen, err = p.ChosenBefore(i, row)
	return err
}

func (b Bind) supplied(s *supplies, row *plan.Row) bool {
	return !s.capacity.stopped(row.Fields[field.PoolKey], row.Fields[field.ExpectCity])
}

func (b Bind) choose(s *supplies, row *plan.Row) bool { return s.choose(row) }

func (b Bind) intent(row *plan.Row, d *books.Detail) ledger.Record {
	return ledger.Record{
		Op: ledger.Bind, Place: input.PlaceOf(d.PoolKey, d.PhoneNoA, d.GroupID), Ends: plan.EndOf(d.Expiration), Named: d.PhoneNoX != "",
	}
}

// judge gives the row the binding that the answer names. A refusal for what is in the
// way does not settle a row of which an earlier call is in doubt, and one of a chosen X
// is not about the row.
func (b Bind) judge(_ context.Context, r *Run, c *call) verdict {
	row, past := c.row, c.past
	v := verdictOf(r.claim(c.n, c.answer))
	switch {
	case v.kind == ledger.OK:
		v.binding = ledger.ParseSubsID(v.answer.SubsID)
	case v.kind != ledger.Refused:
	case (past.absent || past.doubted) && b.Lookable(row) && b.Suspects(v.answer):
		v.kind = ledger.Lost // what is in the way may be what the lost call made: look again
		if past.absent && r.controls != nil {
			r.controls.Lie(row.Fields[field.PoolKey]) // they showed nothing there
		}
	case !past.doubted && r.supplies.replace(row, v.answer.Code):
		v.kind, v.then = ledger.NotSent, again
	}
	if v.kind == ledger.NotSent && past.absent {
		v.keeps = row.Chosen
	}
	return v
}

// learned makes a binding a control of look-ups, and tells which pools and cities have
// numbers left.
func (b Bind) learned(r *Run, c *call, v *verdict) {
	pool, city := c.row.Fields[field.PoolKey], c.row.Fields[field.ExpectCity]
	if v.kind == ledger.OK && r.controls != nil {
		r.controls.Bound(&c.row.Row, v.answer.SecretNo, v.answer.SubsID)
	}
	if class := v.answer.Class; class == aliyun.Capacity || class == aliyun.Done {
		if r.supplies.capacity.report(pool, city, c.row.Fields[field.PhoneNoA], class == aliyun.Capacity) {
			r.opt.Explain(Message{Event: EventPlaceStopped, Code: v.answer.Code, Place: pool + " " + city})
		}
	}
}

// BindLooker makes BindAxg calls and look-ups. *aliyun.Client is one.
type BindLooker interface {
	Binder
	lookup.Lister
}

// Lookable implements Looker: only the X finds a binding, the service has no
// look-up by A, OutId or RequestId.
func (b Bind) Lookable(row *plan.Row) bool {
	_, ok := b.Client.(BindLooker)
	return ok && row.X() != ""
}

// Suspects implements Looker: what is in the way may be the row's own binding.
func (b Bind) Suspects(answer Answer) bool { return refusesX(answer.Code) }

// Look implements Looker: QuerySubsId, then QuerySubscriptionDetail.
func (b Bind) Look(ctx context.Context, row *plan.Row, q lookup.Question, pay func(context.Context) error) lookup.Finding {
	client, ok := b.Client.(BindLooker)
	if !ok {
		return lookup.Finding{Proof: books.Barred}
	}
	pool, x := row.Fields[field.PoolKey], row.X()
	if pay(ctx) != nil {
		return lookup.Finding{Proof: books.Unclear, Class: aliyun.NotSent, Code: aliyun.CodeNotSent}
	}
	held, err := client.QuerySubsID(ctx, pool, x)
	if err != nil {
		return lookup.Unclear(err)
	}
	ids := held.IDs()
	switch {
	case held.Free():
		return lookup.Finding{Proof: books.Absent}
	case len(ids) == 0:
		return lookup.Unclear(nil)
	case len(ids) > 1: // AXG binds an X once
		return lookup.Finding{Proof: books.Odd, SubsID: ids[0]}
	}
	if pay(ctx) != nil {
		return lookup.Finding{Proof: books.Unclear, Class: aliyun.NotSent, Code: aliyun.CodeNotSent}
	}
	s, err := client.QuerySubscriptionDetail(ctx, pool, ids[0], x)
	if err != nil {
		return lookup.Unclear(err)
	}
	return lookup.Compare(&row.Row, x, s, q)
}
