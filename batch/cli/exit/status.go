// Package exit is how a command ends: its exit status, the status in words, and what
// is said of a command that could not do its work.
//
// A status tells of the whole batch after all its runs, never of one run alone. A Fault
// has a status, a reason and a cure; errors of the layers below become one by FaultOf,
// or words by Reason. Nothing here prints, and nothing ends the process: Run of package
// cli returns the status.
package exit

import (
	"cmp"
	"slices"

	"axgbind/batch/books"
	"axgbind/report"
)

// Exit statuses. They describe the whole batch after merging all its runs. 2 is
// never used: it is what a Go program ends with when it panics.
const (
	OK         = 0
	Error      = 1   // internal or I/O error; counts that do not balance
	Rows       = 3   // finished; some rows FAILED, INVALID or HELD
	Unknown    = 4   // some rows UNKNOWN, of the input or gone from it
	Pending    = 5   // rows PENDING; run again
	Input      = 6   // input refused; nothing was sent
	Account    = 7   // account-level refusal
	Failures   = 8   // too many failures
	Usage      = 10  // usage or configuration error; nothing was sent
	Locked     = 11  // another run holds the journal
	Hangup     = 129 // SIGHUP, after draining
	Interrupt  = 130 // SIGINT, after draining
	Terminated = 143 // SIGTERM, after draining
)

// Status is the exit status of a batch. Of several that apply, the first in
// the order 1, 7, 8, 129/130/143, 4, 5, 3 counts.
func Status(s *report.Summary, stop books.Stop, broken bool) int {
	pending, unknown := s.Count(report.Pending), s.Count(report.Unknown)
	switch {
	case broken || !s.Balanced() || stop == books.StopJournal || stop == books.StopInput || stop == books.StopInternal:
		return Error
	case stop == books.StopAccount:
		return Account
	case stop == books.StopMaxFailures || stop == books.StopAllAlike:
		return Failures
	case OfStop(stop) > 0 && pending+unknown > 0: // rows wait to be sent, or to be looked up
		return OfStop(stop)
	case unknown+s.GoneUnknown > 0:
		return Unknown
	case pending > 0:
		return Pending
	case s.Count(report.Failed)+s.Count(report.Invalid)+s.Count(report.Held) > 0:
		return Rows
	}
	return OK
}

// own are the words of statuses that mean something else for some commands.
var own = map[string]map[int]report.Text{
	"check":  {OK: report.Exit0Check, Rows: report.Exit3Check, Pending: report.Exit5Check},
	"unbind": {OK: report.Exit0Unbind},
}

// plain are the words of statuses; of any other, those of Error.
var plain = map[int]report.Text{
	OK: report.Exit0, Rows: report.Exit3, Unknown: report.Exit4, Pending: report.Exit5, Input: report.Exit6, Account: report.Exit7,
	Failures: report.Exit8, Usage: report.Exit10, Locked: report.Exit11,
	Hangup: report.Exit129, Interrupt: report.Exit130, Terminated: report.Exit143,
}

// ofSignals are the statuses of runs that a signal ended.
var ofSignals = map[books.Stop]int{books.StopHangup: Hangup, books.StopInterrupt: Interrupt, books.StopTerminate: Terminated}

// OfStop is the exit status of a run that a signal ended; 0 if it was none.
func OfStop(stop books.Stop) int { return ofSignals[stop] }

// Words is the exit status of a summary in words.
func Words(s *report.Summary) report.Said {
	switch {
	case s.ExitStatus == Unknown && s.Count(report.Unknown) == 0 && s.GoneUnknown > 0:
		return report.Say(report.Exit4Gone, s.GoneUnknown)
	case s.ExitStatus == Account && books.Stop(s.StopReason).After(s.StopCode) == report.StopClock:
		return report.Say(report.Exit7Clock)
	case s.ExitStatus == Account && books.Stop(s.StopReason).After(s.StopCode) == report.StopToken:
		return report.Say(report.Exit7Token)
	case s.ExitStatus == Pending && slices.ContainsFunc(s.Failures, mayBeDone):
		return report.Say(report.Exit5Begun)
	case s.ExitStatus == OK && s.Rows == 0 && (s.Command == "bind" || s.Command == "check"):
		return report.Say(report.Exit0Empty)
	case s.ExitStatus == OK && s.Ended > 0:
		return report.Say(report.Exit0Ended, s.Ended)
	case s.ExitStatus == OK && own[s.Command][OK] == (report.Text{}) && s.Count(report.Released) > 0:
		return report.Say(report.Exit0Released)
	}
	return words(s.ExitStatus, s.Command, kinds(s))
}

// StatusWords are the words of a status with which a command ended, if no more is known
// of it.
func StatusWords(status int) report.Said { return words(status, "", report.Say(report.Exit3Any)) }

// words are those of a status; of which kind the rows are says what makes it Rows.
func words(status int, command string, kinds report.Said) report.Said {
	phrase := cmp.Or(own[command][status], plain[status], report.Exit1)
	if status == Rows {
		return report.Say(phrase, kinds)
	}
	return report.Say(phrase)
}

// mayBeDone reports whether a change or release of rows that are PENDING may be done.
func mayBeDone(f report.Failure) bool {
	status, _ := report.ParseStatus(f.Status)
	return books.MayBeDone(status, f.Code)
}

// kinds says which kinds of rows make the status 3.
func kinds(s *report.Summary) report.Said {
	var said report.Said
	for _, kind := range []struct {
		status report.Status
		phrase report.Text
	}{{report.Failed, report.Exit3Failed}, {report.Invalid, report.Exit3Invalid}, {report.Held, report.Exit3Held}} {
		switch {
		case s.Count(kind.status) == 0:
		case said.Text == (report.Text{}):
			said = report.Say(kind.phrase)
		default:
			said = report.Say(report.Exit3And, said, report.Say(kind.phrase))
		}
	}
	if said.Text == (report.Text{}) {
		return report.Say(report.Exit3Any)
	}
	return said
}
