// Package trial finds out, with one binding that is made, changed and released for the
// purpose, which of the assumptions about the service hold that the documents leave
// open and axgbind relies on (first contact).
//
// The calls that make, change and release the binding are the caller's: they go the way
// of every other, with intents and outcomes in the journal. This package asks between
// them, and repeats two of them where that changes nothing. It calls BindAxg never.
//
// What an answer looks like counts, not what the client makes of it: a [Witness] keeps
// answers as they came. Nothing that is printed holds a full number.
package trial

import (
	"context"
	"errors"
	"time"

	"axgbind/aliyun"
)

// Client makes the calls. *aliyun.Client is one; its answers must reach the Witness.
type Client interface {
	QuerySubsID(ctx context.Context, pool, x string) (aliyun.Held, error)
	QuerySubscriptionDetail(ctx context.Context, pool, subsID, x string) (*aliyun.Subscription, error)
	QuerySecretNoDetail(ctx context.Context, pool, x string) (*aliyun.Number, error)
	UpdateSubscription(ctx context.Context, r *aliyun.UpdateRequest) (*aliyun.UpdateResult, error)
	UnbindSubscription(ctx context.Context, r *aliyun.UnbindRequest) (*aliyun.UnbindResult, error)
}

// Binding is the one that was made, as it was asked for.
type Binding struct {
	PoolKey, PhoneNoA, PhoneNoB, GroupID string
	Expiration                           time.Time
	SecretNo, SubsID                     string // as BindAxg answered
}

// Trial asks about a binding and keeps what it sees. Bound, Updated and Released are
// called in this order; those that are not leave lines that are not seen. It is not
// safe for concurrent use.
type Trial struct {
	Client   Client
	Witness  *Witness
	Pay      func(context.Context) error // waits for the turn of a request
	Of       Binding
	UnknownX string // an X number that is not the pool's

	seen evidence
}

// shown and Looks bound what a trial costs: how long it waits for a look-up to show
// something, and how many look-ups it makes at most.
const (
	shown = time.Minute
	Looks = 3*(polls+1) + 6

	polls = 60
)

// evidence is what was seen, in the order in which it is asked for. An answer that was
// not asked for is the zero answer.
type evidence struct {
	bind    answer // BindAxg's
	listed  polled // QuerySubsId after it
	detail  answer
	number  answer
	wrongID answer // QuerySubscriptionDetail of an id that is none of X
	foreign answer // QuerySubsId of UnknownX

	update  string // code of the change; blank: it was not tried
	to      time.Time
	changed polled // QuerySubscriptionDetail after it
	again   answer // the same change again

	release     string // code of the release; blank: it was not tried
	freed       polled // QuerySubsId after it
	ended       answer // QuerySubscriptionDetail
	unbindAgain answer
	updateEnded answer
	numberFree  answer
}

// polled is an answer that was waited for.
type polled struct {
	answer               // the last
	came   bool          // it is the one that was waited for
	first  bool          // it came at once
	after  time.Duration // so long after what it tells of
}

// Bound asks about the binding once it was made.
func (t *Trial) Bound(ctx context.Context) {
	e, b := &t.seen, &t.Of
	e.bind = t.Witness.last("BindAxg")
	e.listed = t.poll(ctx, e.bind.at, t.list, func(a answer) bool { return a.named() })
	e.detail = t.detail(ctx, b.SubsID)
	e.number = t.numberOf(ctx)
	e.wrongID = t.detail(ctx, another(b.SubsID))
	e.foreign = t.listOf(ctx, t.UnknownX)
}

// Updated asks about it once its Expiration was changed, or was not: code is how that
// ended.
func (t *Trial) Updated(ctx context.Context, to time.Time, code string) {
	e := &t.seen
	e.update, e.to = code, to
	if code != aliyun.CodeOK {
		return
	}
	before := e.detail.text(detailOf, "ExpireDate")
	if at := t.Witness.last("UpdateSubscription").at; before != "" {
		e.changed = t.poll(ctx, at, func(ctx context.Context) answer { return t.detail(ctx, t.Of.SubsID) },
			func(a answer) bool { return a.text(detailOf, "ExpireDate") != before })
	}
	e.again = t.update(ctx)
}

// Released asks about it once it was released, or was not.
func (t *Trial) Released(ctx context.Context, code string) {
	e := &t.seen
	e.release = code
	if code != aliyun.CodeOK {
		return
	}
	e.freed = t.poll(ctx, t.Witness.last("UnbindSubscription").at, t.list, func(a answer) bool { return a.heard() && !a.named() })
	e.ended = t.detail(ctx, t.Of.SubsID)
	e.numberFree = t.numberOf(ctx)
	e.unbindAgain = t.ask(ctx, "UnbindSubscription", func(ctx context.Context) error {
		_, err := t.Client.UnbindSubscription(ctx, &aliyun.UnbindRequest{PoolKey: t.Of.PoolKey, SubsID: t.Of.SubsID, SecretNo: t.Of.SecretNo})
		return err
	})
	if e.to.IsZero() {
		e.to = t.Of.Expiration
	}
	e.updateEnded = t.update(ctx)
}

func (t *Trial) list(ctx context.Context) answer { return t.listOf(ctx, t.Of.SecretNo) }

func (t *Trial) listOf(ctx context.Context, x string) answer {
	return t.ask(ctx, "QuerySubsId", func(ctx context.Context) error {
		_, err := t.Client.QuerySubsID(ctx, t.Of.PoolKey, x)
		return err
	})
}

func (t *Trial) detail(ctx context.Context, subsID string) answer {
	return t.ask(ctx, "QuerySubscriptionDetail", func(ctx context.Context) error {
		_, err := t.Client.QuerySubscriptionDetail(ctx, t.Of.PoolKey, subsID, t.Of.SecretNo)
		return err
	})
}

func (t *Trial) numberOf(ctx context.Context) answer {
	return t.ask(ctx, "QuerySecretNoDetail", func(ctx context.Context) error {
		_, err := t.Client.QuerySecretNoDetail(ctx, t.Of.PoolKey, t.Of.SecretNo)
		return err
	})
}

// update gives the binding the end that it was given before.
func (t *Trial) update(ctx context.Context) answer {
	return t.ask(ctx, "UpdateSubscription", func(ctx context.Context) error {
		_, err := t.Client.UpdateSubscription(ctx, &aliyun.UpdateRequest{
			PoolKey: t.Of.PoolKey, SubsID: t.Of.SubsID, PhoneNoX: t.Of.SecretNo, Operate: aliyun.UpdateExpire, Expiration: t.seen.to,
		})
		return err
	})
}

// another is an id that is not subsID, of the same form.
func another(subsID string) string {
	b := []byte(subsID)
	if n := len(b); n > 0 {
		b[n-1] = '0' + (b[n-1]-'0'+5)%10
	}
	return string(b)
}

// tries is how often a question is asked that gets no answer to judge.
const tries = 4

// ask makes a call that changes nothing and returns its answer as it came: any but one
// of a service that is busy or in trouble, for which it asks again. Without an answer it
// is one with the client's code.
func (t *Trial) ask(ctx context.Context, action string, call func(context.Context) error) answer {
	for try := 1; ; try++ {
		if t.Pay(ctx) != nil {
			return answer{}
		}
		t.Witness.forget(action)
		err := call(ctx)
		a := t.Witness.last(action)
		e, refused := errors.AsType[*aliyun.Error](err)
		switch {
		case !refused, e.Class() == aliyun.RowRefused, e.Class() == aliyun.AccountRefused, e.Code == aliyun.CodeBadAnswer && a.heard():
			return a
		case try == tries:
			return answer{code: e.Code}
		}
		if wait(ctx, time.Duration(try)*time.Second) != nil {
			return answer{}
		}
	}
}

// poll asks until an answer is the one that is waited for, at most a minute. since is
// when that could first be so.
func (t *Trial) poll(ctx context.Context, since time.Time, ask func(context.Context) answer, is func(answer) bool) (p polled) {
	began := time.Now()
	if since.IsZero() {
		since = began
	}
	for n := range polls + 1 {
		if n > 0 && (time.Since(began) >= shown || wait(ctx, shown/polls) != nil) {
			break
		}
		p.answer = ask(ctx)
		if is(p.answer) {
			p.came, p.first, p.after = true, n == 0, time.Since(since)
			break
		}
	}
	return p
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
