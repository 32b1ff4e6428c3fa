package batch

import (
	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
	"axgbind/report"
	"context"
	"errors"
	"time"
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

// Repeatable implements Operation: BindAxg has no idempotency token.
func (b Bind) Repeatable() bool { return false }

// Done implements Operation.
func (b Bind) Done() report.Status { return report.Bound }

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
	pool, x := row.Fields[input.PoolKey], row.X()
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
