package books

import (
	"axgbind/aliyun"
	"axgbind/report"
)

// Stop is why a run admitted no more rows. As an error it can be the cause
// with which a caller cancels the context of a run. The values are stable:
// they are stop_reason in the summary.
type Stop string

const (
	StopNone        Stop = ""                // every row had its turn
	StopLimit       Stop = "limit"           // --limit rows were admitted
	StopUntil       Stop = "until"           // --until
	StopInterrupt   Stop = "interrupt"       // SIGINT
	StopTerminate   Stop = "terminate"       // SIGTERM
	StopHangup      Stop = "hangup"          // SIGHUP
	StopAccount     Stop = "account"         // a refusal that every row would get
	StopMaxFailures Stop = "max-failures"    // --max-failures
	StopAllAlike    Stop = "all-alike"       // the first rows sent were all refused with the same code
	StopTrouble     Stop = "service-trouble" // the probes failed
	StopJournal     Stop = "journal"         // the journal could not be written
	StopInput       Stop = "input"           // the input could not be read again, or had changed
	StopInternal    Stop = "internal"        // a fault of this program
	StopNetwork     Stop = "network"         // calls do not reach the service, for a reason that lasts
	StopLookups     Stop = "look-ups"        // not a stop of the run: rows are left because look-ups that prove bindings are refused
	StopThrottled   Stop = "throttled"       // every call was throttled, for ten minutes
	StopCapacity    Stop = "capacity"        // not a stop of the run: rows are left because pools ran dry
)

func (s Stop) Error() string { return "stopped: " + string(s) }

// After is the reason in words where the code is known that caused it, if one did;
// zero if there was none.
func (s Stop) After(code string) report.Text {
	switch {
	case s == StopAccount && aliyun.ClockRefused(code):
		return report.StopClock
	case s == StopAccount && code == aliyun.CodeTokenExpired:
		return report.StopToken
	}
	return s.Words()
}

// stopWords are the reasons in words.
var stopWords = map[Stop]report.Text{
	StopLimit:       report.StopLimit,
	StopUntil:       report.StopUntil,
	StopInterrupt:   report.StopInterrupt,
	StopTerminate:   report.StopTerminate,
	StopHangup:      report.StopHangup,
	StopAccount:     report.StopAccount,
	StopMaxFailures: report.StopMaxFailures,
	StopAllAlike:    report.StopAllAlike,
	StopTrouble:     report.StopTrouble,
	StopJournal:     report.StopJournal,
	StopInput:       report.StopInput,
	StopInternal:    report.StopInternal,
	StopCapacity:    report.StopCapacity,
	StopNetwork:     report.StopNetwork,
	StopLookups:     report.StopLookups,
	StopThrottled:   report.StopThrottled,
}

// Words are the reason in words; zero if there was none.
func (s Stop) Words() report.Text { return stopWords[s] }
