package batch

import (
	"context"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
)

// Operation is what a run does with a row. It says what the row's call is about, whether
// the call may still be made, what is recorded before it, how it is made and what its
// answer means. Each is a file: bind.go, renew.go, update.go, unbind.go. The engine admits
// rows, paces, records and retries them, and never asks which operation it carries.
type Operation interface {
	// Call makes one call for the row and tells what came of it. It neither
	// waits nor retries.
	Call(ctx context.Context, row *plan.Row) Answer
	// Late reports whether the row can no longer be sent at that time.
	Late(row *plan.Row, now time.Time) bool
	// Lister makes the look-ups that belong to the calls; ok is false if there are
	// none.
	Lister() (client lookup.Lister, ok bool)

	// aim sets what the call of row i of a plan is about: the X that it names, or
	// the binding that it changes.
	aim(p *plan.Plan, i int, row *plan.Row) error
	// supplied reports whether there are X numbers for the row's call, if it takes one.
	supplied(s *supplies, row *plan.Row) bool
	// choose gives the row an X number, if its call is to name one. It returns false if
	// none is left.
	choose(s *supplies, row *plan.Row) bool
	// intent is what the call is recorded as before it may leave, without its row. The
	// detail says what the row says; it becomes what the binding will be.
	intent(row *plan.Row, d *books.Detail) ledger.Record
	// judge says what an answer makes known, and what follows.
	judge(ctx context.Context, r *Run, c *call) verdict
	// learned is told of an answer that is durable.
	learned(r *Run, c *call, v *verdict)
}

// call is one call of a row.
type call struct {
	row    *plan.Row
	n      int32  // the row's, in the ledger
	number uint64 // of the call
	op     ledger.Op
	past   past
	answer Answer
}

// verdict is what an answer makes known, and what follows.
type verdict struct {
	answer  Answer // as it counts
	kind    ledger.Kind
	then    next
	binding ledger.SubsID // that the call made; 0: none
	keeps   string        // the X that the row keeps, though its call was not made
	gone    bool          // the binding that the call is about was shown to have ended
}

// verdictOf is the verdict on an answer that needs no proof, of a call that must not be
// made twice.
func verdictOf(answer Answer) verdict {
	v := verdict{answer: answer, kind: ledger.NotSent, then: leave} // capacity, account
	switch answer.Class {
	case aliyun.Done:
		v.kind = ledger.OK
		if answer.More {
			v.kind, v.then = ledger.Part, again
		}
	case aliyun.Ambiguous:
		v.kind = ledger.Lost
	case aliyun.RowRefused:
		v.kind = ledger.Refused
	case aliyun.Throttled, aliyun.NotSent, aliyun.Stale:
		v.then = again
	}
	return v
}

// change is what operations on live bindings have in common: their calls may be made
// twice, since twice is the same as once, and take no X number.
type change struct{}

func (change) supplied(*supplies, *plan.Row) bool { return true }
func (change) choose(*supplies, *plan.Row) bool   { return true }
func (change) learned(*Run, *call, *verdict)      {}

// verdictOf is the verdict on an answer: a lost one is asked for again.
func (change) verdictOf(answer Answer) verdict {
	v := verdictOf(answer)
	if answer.Class == aliyun.Ambiguous {
		v.then = again
	}
	return v
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
