package batch

import (
	"context"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
	"axgbind/report"
)

// Operation is what a run does with each row. BindAxg is the first; others are
// a file each, not a fork of the engine.
type Operation interface {
	// Call makes one call for the row and tells what came of it. It neither
	// waits nor retries.
	Call(ctx context.Context, row *plan.Row) Answer
	// Late reports whether the row can no longer be sent at that time.
	Late(row *plan.Row, now time.Time) bool
	// Repeatable reports whether a call whose answer was lost may simply be
	// made again, because twice is the same as once. Such calls take no X
	// number.
	Repeatable() bool
	// Done is where a row stands once its calls are done.
	Done() report.Status
	// Lister makes the look-ups that belong to the calls; ok is false if there are
	// none.
	Lister() (client lookup.Lister, ok bool)
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
	Named      books.Named
}

// Looker is an Operation that can find out what became of a call whose answer
// was lost, for rows that name what to look for.
type Looker interface {
	// Lookable reports whether the row names what to look for.
	Lookable(row *plan.Row) bool
	// Suspects reports whether an answer to a row of which an earlier answer was
	// lost may come from what that call did.
	Suspects(answer Answer) bool
	// Look asks the service once. pay is called before each request and returns an
	// error if the request must not be made.
	Look(ctx context.Context, row *plan.Row, q lookup.Question, pay func(context.Context) error) lookup.Finding
}

// Prover is an Operation on live bindings that asks the service about one,
// besides its calls: whether it is the row's, and whether it is really gone.
type Prover interface {
	// Doubts reports whether the row's binding must be proven to be the row's
	// before a call for it is made.
	Doubts(row *plan.Row) bool
	// Questions reports whether an answer must be proven before it counts: it says
	// that the binding is gone.
	Questions(answer Answer) bool
	// Prove asks once. pay is called before each request and returns an error if
	// the request must not be made.
	Prove(ctx context.Context, row *plan.Row, pay func(context.Context) error) lookup.Finding
}
