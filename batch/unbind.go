package batch

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
)

// Unbinder makes one UnbindSubscription call, and asks what a binding and an X
// number are. *aliyun.Client is one.
type Unbinder interface {
	UnbindSubscription(ctx context.Context, r *aliyun.UnbindRequest) (*aliyun.UnbindResult, error)
	QuerySubsID(ctx context.Context, pool, x string) (aliyun.Held, error)
	QuerySubscriptionDetail(ctx context.Context, pool, subsID, x string) (*aliyun.Subscription, error)
}

// Unbind is the operation that releases the binding of each row. A binding
// released twice is released, so a lost answer is no trouble: the call is made
// again. That a binding is gone already is asked before it is believed.
type Unbind struct {
	change
	Client Unbinder
}

// Call implements Operation.
func (u Unbind) Call(ctx context.Context, row *plan.Row) Answer {
	t := row.Target
	result, err := u.Client.UnbindSubscription(ctx, &aliyun.UnbindRequest{PoolKey: row.Fields[field.PoolKey], SubsID: t.SubsID, SecretNo: t.SecretNo, Intent: row.Intent})
	if err != nil {
		answer := notDone(err)
		answer.SecretNo, answer.SubsID = t.SecretNo, t.SubsID
		return answer
	}
	return Answer{
		Class: aliyun.Done, Code: aliyun.CodeOK, Message: result.Message, RequestID: result.RequestID,
		SecretNo: t.SecretNo, SubsID: t.SubsID, HTTPStatus: 200,
	}
}

// Late implements Operation: it is never too late to release.
func (u Unbind) Late(*plan.Row, time.Time) bool { return false }

func (u Unbind) aim(p *plan.Plan, i int, row *plan.Row) (err error) {
	row.Target, row.Fields[field.PoolKey], err = p.ReleaseTarget(i, row)
	return err
}

func (u Unbind) intent(row *plan.Row, d *books.Detail) ledger.Record {
	row.Target.Complete(d)
	return row.Target.Intent(ledger.Release, row, d)
}

// judge asks whether a binding that an answer calls gone is gone: then it is released.
// An answer that cannot be proven is as good as lost.
func (u Unbind) judge(ctx context.Context, r *Run, c *call) verdict {
	if !u.Questions(c.answer) {
		return u.verdictOf(c.answer)
	}
	f, ok, shown := r.proveGone(ctx, u, c.row)
	answer := c.answer
	switch {
	case shown, f.Ended && f.Proof != books.Distrusted: // a look-up shows its end
		answer.Class = aliyun.Done
	case f.Proof == books.Barred && !f.Forbidden(): // of another account, perhaps, which knows none of these bindings
		answer.Class, answer.Code, answer.Message, answer.RequestID = aliyun.AccountRefused, f.Code, "", f.RequestID
	case ok && (f.Proof == books.Unproven || f.Forbidden()) && r.released(c.row): // two answers say what was to be expected, and nothing could prove it
		answer.Class = aliyun.Done
	default:
		answer.Class = aliyun.Ambiguous
	}
	v := u.verdictOf(answer)
	if (f.Refused() || f.Forbidden()) && answer.Class == aliyun.Ambiguous { // the call would be answered alike, and its answer be as little proven
		r.refuses(f)
		v.then = leave
	}
	return v
}

// Lister implements Operation.
func (u Unbind) Lister() (lookup.Lister, bool) { return u.Client, u.Client != nil }

// Doubts implements Prover: ids that only a file tells may be another binding's,
// whatever damaged them; those that a batch made are the service's own.
func (u Unbind) Doubts(row *plan.Row) bool { return row.Target.Doubtful() }

// Questions implements Prover: a binding that is gone was perhaps released by
// the call whose answer was lost, or perhaps was never named rightly.
func (u Unbind) Questions(answer Answer) bool { return notThere(answer.Code, answer.Message) }

// notThere reports whether the service says that there is no such binding:
// today's code, and the one of 2019.
func notThere(code, message string) bool {
	return code == aliyun.CodeSubsNotExist || code == aliyun.CodeIllegalArgument && strings.Contains(strings.ToLower(message), "subs not exist")
}

// Prove implements Prover: QuerySubscriptionDetail, and QuerySubsId if it knows
// no such binding. The Finding is Ours if the binding lives and is the row's;
// Absent if it has ended, or its X is free; Foreign if A or group are not the row's,
// or X has another binding.
func (u Unbind) Prove(ctx context.Context, row *plan.Row, pay func(context.Context) error) lookup.Finding {
	return proveBinding(ctx, u.Client, row, pay)
}

func proveBinding(ctx context.Context, client lookup.Lister, row *plan.Row, pay func(context.Context) error) lookup.Finding {
	t, f := row.Target, &row.Fields
	unpaid := lookup.Finding{Proof: books.Unclear, Class: aliyun.NotSent, Code: aliyun.CodeNotSent}
	if pay(ctx) != nil {
		return unpaid
	}
	s, err := client.QuerySubscriptionDetail(ctx, f[field.PoolKey], t.SubsID, t.SecretNo)
	if err == nil {
		found := lookup.Finding{Proof: books.Ours, SubsID: s.SubsID, SecretNo: t.SecretNo, RequestID: s.RequestID, Created: s.Created}
		a, group := f[field.PhoneNoA], f[field.GroupID]
		if slices.Contains(t.Changes, aliyun.UpdateGroup) {
			group = "" // where the binding is to be
		}
		if t.Was != nil {
			a, group = cmp.Or(a, t.Was.PhoneNoA), cmp.Or(group, t.Was.GroupID)
		}
		switch {
		case !t.Doubtful():
		case a != "" && aliyun.HidesNumber(s.PhoneNoA):
			found.Proof = books.Masked
			return found
		case a != "" && !aliyun.SameNumber(s.PhoneNoA, a) || group != "" && s.GroupID != group:
			found.Proof = books.Foreign
			return found
		}
		if !s.Live {
			found.Proof, found.Ended = books.Absent, true
		}
		return found
	}
	if e, ok := errors.AsType[*aliyun.Error](err); !ok || !notThere(e.Code, e.Message) {
		return lookup.Unclear(err)
	}
	if pay(ctx) != nil {
		return unpaid
	}
	held, err := client.QuerySubsID(ctx, f[field.PoolKey], t.SecretNo)
	ids := held.IDs()
	switch {
	case err != nil:
		return lookup.Unclear(err)
	case held.Free():
		return lookup.Finding{Proof: books.Absent}
	case len(ids) == 0 || slices.Contains(ids, t.SubsID): // the two look-ups contradict each other
		return lookup.Unclear(nil)
	}
	return lookup.Finding{Proof: books.Foreign, SubsID: ids[0]}
}
