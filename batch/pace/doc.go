// Package pace says when a call may leave.
//
// It promises: never more calls than the limit in any second, wherever that second
// begins, whatever the scheduler, the machine or a SIGSTOP does (Pace); never more
// calls on the wire than the bound, first come, first served (Gate); a bound that
// follows rate and latency but not a service that answers later the more it is asked
// (Flight); a rate that gives way to throttling and comes back (Governor); no
// call while the service asks for that (Throttling), and a pause once too many answers are
// lost (Losses); waits between the attempts of one call that grow and are spread by
// chance (Backoff).
//
// It knows no call, no row and no journal: what it needs to know of them it is told
// in numbers and times. It writes nothing, and whoever wants a wait to end early
// cancels the context.
package pace
