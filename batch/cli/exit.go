package cli

import (
	"axgbind/batch"
	"axgbind/report"
)

// Exit statuses. They describe the whole job after merging all its runs. 2 is
// never used: it is what a Go program ends with when it panics.
const (
	statusOK         = 0
	statusError      = 1   // internal or I/O error; counts that do not balance
	statusRows       = 3   // finished; some rows FAILED or INVALID
	statusUnknown    = 4   // some rows UNKNOWN
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

// statusOf is the exit status of a job. Of several that apply, the first in
// the order 1, 7, 8, 129/130/143, 4, 5, 3 counts.
func statusOf(s *report.Summary, stop batch.Stop, broken bool) int {
	pending := s.Count(report.Pending)
	switch {
	case broken || !s.Balanced() || stop == batch.StopJournal || stop == batch.StopInput || stop == batch.StopInternal:
		return statusError
	case stop == batch.StopAccount:
		return statusAccount
	case stop == batch.StopMaxFailures || stop == batch.StopAllAlike:
		return statusFailures
	case statusOfStop(stop) > 0 && pending > 0:
		return statusOfStop(stop)
	case s.Count(report.Unknown) > 0:
		return statusUnknown
	case pending > 0:
		return statusPending
	case s.Count(report.Failed)+s.Count(report.Invalid) > 0:
		return statusRows
	}
	return statusOK
}

// endPhrase is the exit status of a summary in words.
func endPhrase(s *report.Summary) report.Phrase {
	switch {
	case s.ExitStatus != statusOK:
	case s.Command != "unbind" && s.Count(report.Released) > 0:
		return report.Exit0Released
	}
	return statusPhrase(s.ExitStatus, s.Command)
}

// statusPhrase is a status in words, with which a command ended; blank for any
// that is not check or unbind.
func statusPhrase(status int, command string) report.Phrase {
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
	case statusRows:
		if check {
			return report.Exit3Check
		}
		return report.Exit3
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
