package batch

import (
	"context"
	"log/slog"
	"time"

	"axgbind/batch/books"
)

// Options says how fast and how long a run goes. The zero value of a field is
// what its comment says.
type Options struct {
	Rate        float64       // calls a second, above 0 and at most MaxRate; 0: refused
	MaxInFlight int           // calls on the wire; 0: follows rate x latency
	Timeout     time.Duration // of one call, as the client keeps it: look-ups wait for three of them
	Retries     int           // further tries of a row that did not reach the service
	Adaptive    bool          // slow down when throttled
	Learned     float64       // calls a second that an earlier run was throttled at: where an adaptive run starts; 0: not known
	Limit       int           // rows admitted to sending; 0: all
	MaxFailures MaxFailures
	LookOnly    bool     // look up lost answers, and send nothing, not even what was shown not to be bound
	Numbers     *Numbers // X numbers for rows that name none; nil: the service picks
	// Probe asks the service what an X of a pool is bound to, only to see whether it
	// answers; nil: rows alone find out.
	Probe func(ctx context.Context, pool, x string) error
	// Service is what the service's time has come to by its answers, zero while none has
	// told it; nil: nobody knows.
	Service func() time.Time
	Renew   Operation            // carries the rows that change a live binding; nil: the plan has none
	Log     *slog.Logger         // nil: silent
	Rescue  func(string)         // takes what the journal could not record; nil: dropped
	Explain func(format Message) // nil: silent; events a person should see
	Seed    uint64               // of the waits' jitter; 0: from the system
}

// Message is an event of a run that a person should hear of, without words:
// report has those.
type Message struct {
	Event Event
	Code  string  // of the answer that caused it
	N     int     // of probes, of rows
	Of    int     // how many there may be; 0: not told
	Rate  float64 // calls a second, after the change
	Share float64 // of throttled answers
	Place string  // pool and city
	Wait  time.Duration
}

// Event is what a Message tells of.
type Event uint8

const (
	EventPaused         Event = iota // admission stopped: the service is in trouble
	EventProbeFailed                 // the Nth probe failed
	EventResumed                     // a probe succeeded; going on
	EventFirstLost                   // the first call of the run got no answer that can be read: Code
	EventStale                       // the service calls the credential or the clock out of date: Code
	EventRate                        // slowed to Rate, for Share of the answers were throttled
	EventRateBack                    // back to Rate: slowing did not help
	EventPlaceStopped                // no numbers left in Place
	EventLookBarred                  // the service does not let us look up lost answers
	EventLookUnproven                // look-ups of pool Place are not believed: there is no control
	EventLookDistrusted              // look-ups of pool Place are not believed: no control is shown as it is known
	EventLookLags                    // look-ups of pool Place lag, and are waited for, at most so long
	EventLookRefused                 // the service refuses look-ups without which nothing is done to a binding: Code
	EventRetryAfter                  // the service asks that no call be made for Wait: Code
	EventWaits                       // rows wait, at most so long, until earlier calls on their bindings cannot be executed any more
	EventLookMasked                  // look-ups of pool Place hide A, and settle nothing
)

// Result is what a run did. How the rows stand is the plan's to tell.
type Result struct {
	Stop     books.Stop
	StopCode string // the code that caused StopAccount, StopAllAlike
	Admitted int    // rows admitted to sending
}
