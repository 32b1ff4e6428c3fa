package lookup

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
)

const (
	// MaxUnclear is how many look-ups in a row may fail before a row is left
	// UNKNOWN for this run.
	MaxUnclear = 10
	// MaxUnread is how many whose answer cannot be read.
	MaxUnread = 3
)

// Question is what a look-up is about, besides its row.
type Question struct {
	Left time.Time // the time that the call in doubt was signed with; zero: not known
	Form Form      // in which the service shows times, as controls say
}

// Finding is one look-up's verdict and what it rests on.
type Finding struct {
	Proof     books.Proof
	SubsID    string
	SecretNo  string
	RequestID string
	Created   time.Time // of the binding found; zero if unknown
	Unread    bool      // the service answered, if Unclear, and what it said cannot be read
	Ended     bool      // the binding was shown, as one that has ended
	Shifted   bool      // what was found fits if its times are in UTC
	Evidence  ledger.Evidence
	Class     aliyun.Class // of the failure, if Unclear, Barred or Refused
	Code      string       // likewise
}

// Compare judges the live binding of x, the X that the row's call named. One of the row's A that was made when
// its call was, and yet is not what the call asked for, may be the row's own, changed
// since.
func Compare(row *input.Row, x string, s *aliyun.Subscription, q Question) Finding {
	as := s
	s = q.Form.Read(s)
	f := Finding{SubsID: s.SubsID, SecretNo: x, RequestID: s.RequestID, Created: s.Created}
	expires, err := input.ParseExpiration(row.Fields[field.Expiration])
	ours, group := aliyun.SameNumber(s.PhoneNoA, row.Fields[field.PhoneNoA]), s.GroupID == row.Fields[field.GroupID]
	made := books.EraThen
	if !q.Left.IsZero() {
		made = books.EraOf(s, q.Left)
	}
	otherB := s.PhoneNoB != "" && !aliyun.SameNumber(s.PhoneNoB, row.Fields[field.PhoneNoB])
	for _, other := range []Form{{UTC: true, CreatedUTC: true}, {CreatedUTC: true}, {UTC: true}, {}} {
		read := other.Read(as)
		if ours && group && err == nil && read.Expiration.Equal(expires) && (q.Left.IsZero() || books.EraOf(read, q.Left) == books.EraThen) {
			f.Shifted = f.Shifted || other.UTC != q.Form.UTC || other.CreatedUTC != q.Form.CreatedUTC
		}
	}
	equal := err == nil && s.Expiration.Equal(expires)
	switch {
	case !s.Live: // and yet it was just named as what X is bound to
		f.Proof = books.Odd
	case aliyun.HidesNumber(s.PhoneNoA):
		f.Proof = books.Masked
	case s.Created.IsZero(), f.Shifted && !(equal && made == books.EraThen):
		f.Proof = books.Odd
	case ours && made == books.EraBefore:
		f.Proof = books.Older
	case !ours, !group && made == books.EraAfter:
		f.Proof = books.Foreign
	case !group, otherB, !equal, made != books.EraThen:
		f.Proof = books.Odd
	default:
		f.Proof = books.Ours
	}
	return f
}

// Refused reports whether the service refused the look-up, which says nothing of a binding:
// Code tells why.
func (f Finding) Refused() bool {
	return f.Proof == books.Odd && (f.Class == aliyun.RowRefused || f.Class == aliyun.Capacity)
}

// Forbidden reports whether the key may not look, whatever else it may.
func (f Finding) Forbidden() bool {
	return f.Proof == books.Barred && slices.Contains(refusedLooks, f.Code)
}

// Gives reports whether a look-up that said nothing so many times is not made again. An
// answer that cannot be read is likely to come again.
func (f Finding) Gives(failed int) bool {
	return f.Proof != books.Unclear || failed >= MaxUnclear || f.Unread && failed >= MaxUnread
}

// refusedLooks are codes by which the service forbids looking, not binding.
var refusedLooks = []string{"isp.RAM_PERMISSION_DENY", "Forbidden.RAM", "NoPermission"}

// Unread reports whether an error is an answer of the service itself that cannot be read.
func Unread(e *aliyun.Error) bool {
	return e.Code == aliyun.CodeBadAnswer && e.HTTPStatus == http.StatusOK
}

// Unclear is the verdict of a look-up that failed.
func Unclear(err error) Finding {
	var e *aliyun.Error
	if !errors.As(err, &e) {
		return Finding{Proof: books.Unclear, Class: aliyun.Ambiguous, Code: aliyun.CodeBadAnswer}
	}
	f := Finding{Proof: books.Unclear, Class: e.Class(), Code: e.Code, RequestID: e.RequestID, Unread: Unread(e)}
	switch {
	case slices.Contains(refusedLooks, e.Code), f.Class == aliyun.AccountRefused:
		f.Proof = books.Barred
	case f.Class == aliyun.RowRefused, f.Class == aliyun.Capacity: // asking again would show the same
		f.Proof = books.Odd
	}
	return f
}

// Lister finds what is bound to an X number. *aliyun.Client is one.
type Lister interface {
	QuerySubsID(ctx context.Context, pool, x string) (aliyun.Held, error)
	QuerySubscriptionDetail(ctx context.Context, pool, subsID, x string) (*aliyun.Subscription, error)
}

// RefusesAll reports whether an error of an Asker's request is a refusal that
// every request would get: of the account, or of a credential or clock that is
// out of date and stays so.
func RefusesAll(err error) bool {
	class, _, ok := ClassOf(err)
	return ok && (class == aliyun.AccountRefused || class == aliyun.Stale)
}

// ClassOf is the class and the code of the service's refusal in an error; ok is
// false if it holds none.
func ClassOf(err error) (class aliyun.Class, code string, ok bool) {
	var e *aliyun.Error
	if !errors.As(err, &e) {
		return 0, "", false
	}
	return e.Class(), e.Code, true
}
