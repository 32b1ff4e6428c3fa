package cli

import (
	"slices"

	"axgbind/batch/books"
	"axgbind/report"
)

// Exit statuses. They describe the whole batch after merging all its runs. 2 is
// never used: it is what a Go program ends with when it panics.
const (
	statusOK         = 0
	statusError      = 1   // internal or I/O error; counts that do not balance
	statusRows       = 3   // finished; some rows FAILED, INVALID or HELD
	statusUnknown    = 4   // some rows UNKNOWN, of the input or gone from it
	statusPending    = 5   // rows PENDING; run again
	statusInput      = 6   // input refused; nothing was sent
	statusAccount    = 7   // account-level refusal
	statusFailures   = 8   // too many failures
	statusUsage      = 10  // usage or configuration error; nothing was sent
	statusLocked     = 11  // another run holds the journal
	statusHangup     = 129 // SIGHUP, after draining
	statusInterrupt  = 130 // SIGINT, after draining
	statusTerminated = 143 // SIGTERM, after draining
)

// statusOf is the exit status of a batch. Of several that apply, the first in
// the order 1, 7, 8, 129/130/143, 4, 5, 3 counts.
func statusOf(s *report.Summary, stop books.Stop, broken bool) int {
	pending := s.Count(report.Pending)
	switch {
	case broken || !s.Balanced() || stop == books.StopJournal || stop == books.StopInput || stop == books.StopInternal:
		return statusError
	case stop == books.StopAccount:
		return statusAccount
	case stop == books.StopMaxFailures || stop == books.StopAllAlike:
		return statusFailures
	case statusOfStop(stop) > 0 && pending > 0:
		return statusOfStop(stop)
	case s.Count(report.Unknown)+s.GoneUnknown > 0:
		return statusUnknown
	case pending > 0:
		return statusPending
	case s.Count(report.Failed)+s.Count(report.Invalid)+s.Count(report.Held) > 0:
		return statusRows
	}
	return statusOK
}

// endPhrase is the exit status of a summary in words.
func endPhrase(s *report.Summary) report.Said {
	switch {
	case s.ExitStatus == statusRows && s.Command == "check":
		return report.Say(report.Exit3Check, kinds(s))
	case s.ExitStatus == statusRows:
		return report.Say(report.Exit3, kinds(s))
	case s.ExitStatus == statusUnknown && s.Count(report.Unknown) == 0 && s.GoneUnknown > 0:
		return report.Say(report.Exit4Gone, s.GoneUnknown)
	case s.ExitStatus == statusPending && slices.ContainsFunc(s.Failures, mayBeDone):
		return report.Say(report.Exit5Begun)
	case s.ExitStatus == statusOK && s.Ended > 0:
		return report.Say(report.Exit0Ended, s.Ended)
	case s.ExitStatus == statusOK && s.Command != "unbind" && s.Count(report.Released) > 0:
		return report.Say(report.Exit0Released)
	}
	return statusPhrase(s.ExitStatus, s.Command)
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
		phrase report.Phrase
	}{{report.Failed, report.Exit3Failed}, {report.Invalid, report.Exit3Invalid}, {report.Held, report.Exit3Held}} {
		switch {
		case s.Count(kind.status) == 0:
		case said.Phrase == report.NoPhrase:
			said = report.Say(kind.phrase)
		default:
			said = report.Say(report.Exit3And, said, report.Say(kind.phrase))
		}
	}
	if said.Phrase == report.NoPhrase {
		return report.Say(report.Exit3Any)
	}
	return said
}

// statusPhrase is a status in words, with which a command ended; command is
// blank for any that is not check or unbind.
func statusPhrase(status int, command string) report.Said {
	if status == statusRows { // of which kind the rows are is not known here
		return report.Say(report.Exit3, report.Say(report.Exit3Any))
	}
	return report.Say(plainPhrase(status, command))
}

// plainPhrase is the phrase of a status that needs no arguments.
func plainPhrase(status int, command string) report.Phrase {
	check := command == "check"
	switch status {
	case statusOK:
		switch command {
		case "check":
			return report.Exit0Check
		case "unbind":
			return report.Exit0Unbind
		}
		return report.Exit0
	case statusUnknown:
		return report.Exit4
	case statusPending:
		if check {
			return report.Exit5Check
		}
		return report.Exit5
	case statusInput:
		return report.Exit6
	case statusAccount:
		return report.Exit7
	case statusFailures:
		return report.Exit8
	case statusUsage:
		return report.Exit10
	case statusLocked:
		return report.Exit11
	case statusHangup:
		return report.Exit129
	case statusInterrupt:
		return report.Exit130
	case statusTerminated:
		return report.Exit143
	}
	return report.Exit1
}

// statusOfStop is the exit status of a run that a signal ended; 0 if it was none.
func statusOfStop(stop books.Stop) int {
	switch stop {
	case books.StopHangup:
		return statusHangup
	case books.StopInterrupt:
		return statusInterrupt
	case books.StopTerminate:
		return statusTerminated
	}
	return 0
}
