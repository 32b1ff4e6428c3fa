package batch

import (
	"context"
	"errors"
	"slices"
	"time"

	"axgbind/aliyun"
)

// Looker is an Operation that can find out what became of a call whose answer
// was lost, for rows that name what to look for.
type Looker interface {
	// Lookable reports whether the row names what to look for.
	Lookable(row *Row) bool
	// Suspects reports whether an answer to a row of which an earlier answer was
	// lost may come from what that call did.
	Suspects(answer Answer) bool
	// Look asks the service once. since is the time that the call was signed with; zero
	// if that is not known. pay is called before each request and returns an
	// error if the request must not be made.
	Look(ctx context.Context, row *Row, since time.Time, pay func(context.Context) error) Finding
}

// Proof is what a look-up shows of a row whose call may have been executed.
type Proof uint8

const (
	// Unclear is the zero value: the look-up itself failed. It may be repeated.
	Unclear Proof = iota
	// Ours: the binding exists, and it is this row's.
	Ours
	// Foreign: the X belongs to another A or group.
	Foreign
	// Older: the X has this row's binding, but from long before its first call.
	Older
	// Absent: there is no binding now. It says nothing about a call that is
	// still under way.
	Absent
	// Odd: the service shows something that no rule covers.
	Odd
	// Barred: the service does not let us look.
	Barred
	// Unfound: a sweep of a list did not find it, and cannot show that it is
	// not there.
	Unfound
	// Blind: X is not bound to the row, but the lost answer named a binding on
	// another X.
	Blind
)

// Finding is one look-up's verdict and what it rests on.
type Finding struct {
	Proof     Proof
	SubsID    string
	SecretNo  string
	RequestID string
	Created   time.Time    // of the binding found; zero if unknown
	Class     aliyun.Class // of the failure, if Unclear
	Code      string       // likewise
}

// BindLooker makes BindAxg calls and look-ups. *aliyun.Client is one.
type BindLooker interface {
	Binder
	QuerySubsID(ctx context.Context, pool, x string) (aliyun.Held, error)
	QuerySubscriptionDetail(ctx context.Context, pool, subsID, x string) (*aliyun.Subscription, error)
}

// Lookable implements Looker: only the X finds a binding, the service has no
// look-up by A, OutId or RequestId.
func (b Bind) Lookable(row *Row) bool {
	_, ok := b.Client.(BindLooker)
	return ok && row.x() != ""
}

// Suspects implements Looker: what is in the way may be the row's own binding.
func (b Bind) Suspects(answer Answer) bool { return refusesX(answer.Code) }

// Look implements Looker: QuerySubsId, then QuerySubscriptionDetail.
func (b Bind) Look(ctx context.Context, row *Row, since time.Time, pay func(context.Context) error) Finding {
	client, ok := b.Client.(BindLooker)
	if !ok {
		return Finding{Proof: Barred}
	}
	pool, x := row.Fields[PoolKey], row.x()
	if pay(ctx) != nil {
		return Finding{Proof: Unclear, Class: aliyun.NotSent, Code: aliyun.CodeNotSent}
	}
	held, err := client.QuerySubsID(ctx, pool, x)
	if err != nil {
		return unclear(err)
	}
	ids := held.IDs()
	switch {
	case held.Free():
		return Finding{Proof: Absent}
	case len(ids) == 0:
		return unclear(nil)
	case len(ids) > 1: // AXG binds an X once
		return Finding{Proof: Odd, SubsID: ids[0]}
	}
	if pay(ctx) != nil {
		return Finding{Proof: Unclear, Class: aliyun.NotSent, Code: aliyun.CodeNotSent}
	}
	s, err := client.QuerySubscriptionDetail(ctx, pool, ids[0], x)
	if err != nil {
		return unclear(err)
	}
	return compare(row, s, since)
}

// compare judges the live binding of the row's X.
func compare(row *Row, s *aliyun.Subscription, since time.Time) Finding {
	f := Finding{SubsID: s.SubsID, SecretNo: row.x(), RequestID: s.RequestID, Created: s.Created}
	expires, err := parseExpiration(row.Fields[Expiration])
	switch {
	case !s.Live: // and yet it was just named as what X is bound to
		f.Proof = Odd
	case s.PhoneNoA != row.Fields[PhoneNoA] || s.GroupID != row.Fields[GroupID]:
		f.Proof = Foreign
	case s.PhoneNoB != "" && s.PhoneNoB != row.Fields[PhoneNoB]:
		f.Proof = Odd // others' work, or changed since
	case err != nil || !s.Expiration.Equal(expires) || s.Created.IsZero():
		f.Proof = Odd
	case since.IsZero():
		f.Proof = Ours
	default:
		f.Proof = [...]Proof{eraUnknown: Odd, eraBefore: Older, eraThen: Ours, eraAfter: Odd}[eraOf(s, since)]
	}
	return f
}

// refusedLooks are codes by which the service forbids looking, not binding.
var refusedLooks = []string{"isp.RAM_PERMISSION_DENY", "Forbidden.RAM", "NoPermission"}

// unclear is the verdict of a look-up that failed.
func unclear(err error) Finding {
	var e *aliyun.Error
	if !errors.As(err, &e) {
		return Finding{Proof: Unclear, Class: aliyun.Ambiguous, Code: aliyun.CodeBadAnswer}
	}
	f := Finding{Proof: Unclear, Class: e.Class(), Code: e.Code, RequestID: e.RequestID}
	switch {
	case slices.Contains(refusedLooks, e.Code), f.Class == aliyun.AccountRefused:
		f.Proof = Barred
	case f.Class == aliyun.RowRefused:
		f.Proof = Odd
	}
	return f
}
