package batch

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
)

// Looker is an Operation that can find out what became of a call whose answer
// was lost, for rows that name what to look for.
type Looker interface {
	// Lookable reports whether the row names what to look for.
	Lookable(row *Row) bool
	// Suspects reports whether an answer to a row of which an earlier answer was
	// lost may come from what that call did.
	Suspects(answer Answer) bool
	// Look asks the service once. pay is called before each request and returns an
	// error if the request must not be made.
	Look(ctx context.Context, row *Row, q Question, pay func(context.Context) error) Finding
}

// Question is what a look-up is about, besides its row.
type Question struct {
	Left time.Time // the time that the call in doubt was signed with; zero: not known
	Form form      // in which the service shows times, as controls say
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
	// Masked: the binding of X is shown without its whole A, so nobody can tell whose
	// it is.
	Masked
	// Unproven: what was shown would settle the row if it could be believed, but no
	// binding is known that could be a control (see controls), or none young enough.
	Unproven
	// Distrusted: likewise, but no control was shown as it is known before and after, or
	// the look-ups contradict each other.
	Distrusted
)

// shown is what a finding about a bind's X is to the rule for look-ups.
func (v Proof) shown() ledger.Shown {
	switch v {
	case Ours:
		return ledger.ShownEqual
	case Absent:
		return ledger.ShownNone
	case Foreign, Older:
		return ledger.ShownOther
	}
	return ledger.ShownNothing
}

// Finding is one look-up's verdict and what it rests on.
type Finding struct {
	Proof     Proof
	SubsID    string
	SecretNo  string
	RequestID string
	Created   time.Time // of the binding found; zero if unknown
	Unread    bool      // the service answered, if Unclear, and what it said cannot be read
	Ended     bool      // the binding was shown, as one that has ended
	Shifted   bool      // what was found fits if its times are in UTC
	Evidence  ledger.Evidence
	Class     aliyun.Class // of the failure, if Unclear
	Code      string       // likewise
}

// BindLooker makes BindAxg calls and look-ups. *aliyun.Client is one.
type BindLooker interface {
	Binder
	Lister
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
func (b Bind) Look(ctx context.Context, row *Row, q Question, pay func(context.Context) error) Finding {
	client, ok := b.Client.(BindLooker)
	if !ok {
		return Finding{Proof: Barred}
	}
	pool, x := row.Fields[input.PoolKey], row.x()
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
	return compare(row, s, q)
}

// compare judges the live binding of the row's X. One of the row's A that was made when
// its call was, and yet is not what the call asked for, may be the row's own, changed
// since.
func compare(row *Row, s *aliyun.Subscription, q Question) Finding {
	as := s
	s = q.Form.read(s)
	f := Finding{SubsID: s.SubsID, SecretNo: row.x(), RequestID: s.RequestID, Created: s.Created}
	expires, err := input.ParseExpiration(row.Fields[input.Expiration])
	ours, group := aliyun.SameNumber(s.PhoneNoA, row.Fields[input.PhoneNoA]), s.GroupID == row.Fields[input.GroupID]
	made := eraThen
	if !q.Left.IsZero() {
		made = eraOf(s, q.Left)
	}
	otherB := s.PhoneNoB != "" && !aliyun.SameNumber(s.PhoneNoB, row.Fields[input.PhoneNoB])
	for _, other := range []form{{utc: true, createdUTC: true}, {createdUTC: true}, {utc: true}, {}} {
		read := other.read(as)
		if ours && group && err == nil && read.Expiration.Equal(expires) && (q.Left.IsZero() || eraOf(read, q.Left) == eraThen) {
			f.Shifted = f.Shifted || other.utc != q.Form.utc || other.createdUTC != q.Form.createdUTC
		}
	}
	equal := err == nil && s.Expiration.Equal(expires)
	switch {
	case !s.Live: // and yet it was just named as what X is bound to
		f.Proof = Odd
	case aliyun.HidesNumber(s.PhoneNoA):
		f.Proof = Masked
	case s.Created.IsZero(), f.Shifted && !(equal && made == eraThen):
		f.Proof = Odd
	case ours && made == eraBefore:
		f.Proof = Older
	case !ours, !group && made == eraAfter:
		f.Proof = Foreign
	case !group, otherB, !equal, made != eraThen:
		f.Proof = Odd
	default:
		f.Proof = Ours
	}
	return f
}

// gives reports whether a look-up that said nothing so many times is not made again. An
// answer that cannot be read is likely to come again.
func (f Finding) gives(failed int) bool {
	return f.Proof != Unclear || failed >= maxUnclear || f.Unread && failed >= maxUnread
}

// refusedLooks are codes by which the service forbids looking, not binding.
var refusedLooks = []string{"isp.RAM_PERMISSION_DENY", "Forbidden.RAM", "NoPermission"}

// unread reports whether an error is an answer of the service itself that cannot be read.
func unread(e *aliyun.Error) bool {
	return e.Code == aliyun.CodeBadAnswer && e.HTTPStatus == http.StatusOK
}

// unclear is the verdict of a look-up that failed.
func unclear(err error) Finding {
	var e *aliyun.Error
	if !errors.As(err, &e) {
		return Finding{Proof: Unclear, Class: aliyun.Ambiguous, Code: aliyun.CodeBadAnswer}
	}
	f := Finding{Proof: Unclear, Class: e.Class(), Code: e.Code, RequestID: e.RequestID, Unread: unread(e)}
	switch {
	case slices.Contains(refusedLooks, e.Code), f.Class == aliyun.AccountRefused:
		f.Proof = Barred
	case f.Class == aliyun.RowRefused:
		f.Proof = Odd
	}
	return f
}
