package batch

import (
	"context"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
)

// Updater makes one UpdateSubscription call. *aliyun.Client is one.
type Updater interface {
	UpdateSubscription(ctx context.Context, r *aliyun.UpdateRequest) (*aliyun.UpdateResult, error)
}

// Update is the operation that changes a live binding to what its row says,
// one call for each thing that is to change. The same change made twice is the
// same binding, so a lost answer is no trouble: the call is made again.
type Update struct {
	change
	Client Updater
}

// Call implements Operation: the next of the row's changes.
func (u Update) Call(ctx context.Context, row *plan.Row) Answer {
	t := row.Target
	request := row.Update(t.Changes[t.Done])
	request.Intent = row.Intent
	result, err := u.Client.UpdateSubscription(ctx, &request)
	if err != nil {
		return notDone(err)
	}
	t.Done++
	return Answer{
		Class: aliyun.Done, Code: aliyun.CodeOK, Message: result.Message, RequestID: result.RequestID,
		SecretNo: t.SecretNo, SubsID: t.SubsID, HTTPStatus: 200, More: t.Done < len(t.Changes),
	}
}

// Late implements Operation: a new Expiration must lie ahead as that of a new
// binding must.
func (u Update) Late(row *plan.Row, now time.Time) bool {
	return slices.Contains(row.Target.Changes, aliyun.UpdateExpire) && row.Late(now)
}

func (u Update) aim(p *plan.Plan, i int, row *plan.Row) (err error) {
	row.Target, err = p.UpdateTarget(i, row)
	return err
}

// intent is about the binding, which the row that holds it keeps.
func (u Update) intent(row *plan.Row, d *books.Detail) ledger.Record {
	row.Target.Complete(d)
	if row.Target.Was != nil {
		d.Line = row.Target.Was.Line
	}
	return row.Target.Intent(ledger.Update, row, d)
}

// judge asks whether a binding that one answer calls gone is gone; the answer stays a
// refusal of the row.
func (u Update) judge(ctx context.Context, r *Run, c *call) verdict {
	v := u.verdictOf(c.answer)
	if !u.Questions(c.answer) {
		return v
	}
	f, _, shown := r.proveGone(ctx, u, c.row)
	if unproven(f) {
		r.tells(c.row.Fields[field.PoolKey], f.Proof)
	}
	v.gone = shown && v.kind == ledger.Refused
	return v
}

// Lister implements Operation.
func (u Update) Lister() (lookup.Lister, bool) {
	client, ok := u.Client.(lookup.Lister)
	return client, ok
}

// Doubts implements Prover, as that of Unbind: the service compares X and SubsId
// itself, but not whose binding they name.
func (u Update) Doubts(row *plan.Row) bool { return row.Target.Doubtful() }

// Questions implements Prover: a binding that one answer calls gone may live, and
// whoever believed it would bind its row anew.
func (u Update) Questions(answer Answer) bool { return books.SaysGone(answer.Code) }

// Prove implements Prover, as that of Unbind.
func (u Update) Prove(ctx context.Context, row *plan.Row, pay func(context.Context) error) lookup.Finding {
	client, ok := u.Lister()
	if !ok {
		return lookup.Finding{Proof: books.Unclear, Class: aliyun.NotSent, Code: aliyun.CodeNotSent}
	}
	return proveBinding(ctx, client, row, pay)
}
