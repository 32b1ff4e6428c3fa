package batch

import (
	"context"
	"errors"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/input"
	"axgbind/report"
)

// Operation is what a run does with each row. BindAxg is the first; others are
// a file each, not a fork of the engine.
type Operation interface {
	// Call makes one call for the row and tells what came of it. It neither
	// waits nor retries.
	Call(ctx context.Context, row *Row) Answer
	// Late reports whether the row can no longer be sent at that time.
	Late(row *Row, now time.Time) bool
	// Repeatable reports whether a call whose answer was lost may simply be
	// made again, because twice is the same as once. Such calls take no X
	// number.
	Repeatable() bool
	// Done is where a row stands once its calls are done.
	Done() report.Status
	// Lister makes the look-ups that belong to the calls; ok is false if there are
	// none.
	Lister() (client Lister, ok bool)
}

// Answer is what came of one call.
type Answer struct {
	Class      aliyun.Class
	Code       string // the service's, OK, or client.*
	Message    string // the service's words
	RequestID  string
	SecretNo   string
	SubsID     string
	HTTPStatus int           // 0 if there was no answer
	RetryAfter time.Duration // what the service asked for; 0 if nothing
	More       bool          // done, but the row takes further calls
	TooOld     bool          // the call did not leave: its intent was too old
	Named      Named
}

// Named is a binding that an answer names without being an answer to rely on. The
// zero value is none.
type Named struct {
	SubsID, SecretNo string
	Line             int    // of the row that has a binding of this SubsId already; 0 if none has
	Batch            string // of that row, if it is of another; else blank
}

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
func (b Bind) Lister() (Lister, bool) {
	client, ok := b.Client.(Lister)
	return client, ok
}

// sendAhead is how far ahead Expiration must lie when the call is sent (help
// page of BindAxg: more than 1 minute).
const sendAhead = time.Minute

// Call implements Operation.
func (b Bind) Call(ctx context.Context, row *Row) Answer {
	request := row.Request()
	request.Intent = row.intent
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
		HTTPStatus: e.HTTPStatus, RetryAfter: e.RetryAfter, Named: Named{SubsID: e.SubsID, SecretNo: e.SecretNo},
		TooOld: errors.Is(err, aliyun.ErrTooOld),
	}
}

// Late implements Operation.
func (b Bind) Late(row *Row, now time.Time) bool { return row.late(now) }

// late reports whether the row's Expiration is no longer far enough ahead.
func (r *Row) late(now time.Time) bool {
	at, err := input.ParseExpiration(r.Fields[input.Expiration])
	return err != nil || !at.After(now.Add(sendAhead))
}

// Repeatable implements Operation: BindAxg has no idempotency token.
func (b Bind) Repeatable() bool { return false }

// Done implements Operation.
func (b Bind) Done() report.Status { return report.Bound }
