// Package report is what the reader of an outcome sees: the results file and the file of
// failed rows, findings, the summary in text, JSON and metrics, progress, the page about
// a batch, messages for chat robots, and every sentence of the program in English and
// Chinese.
//
// # Promises
//
//   - A row has one [Status], so the counts of a [Summary] add up to its rows.
//   - Columns and JSON keys are stable and English, for programs read them; sentences
//     are [Text], both languages side by side, for people do ([Text], [Say]).
//   - Text that is not ours is shown without anything that a terminal, a spreadsheet or
//     a browser would act on ([Plain], [ExcelText]).
//   - Phone numbers in what is shown are masked ([Mask], [Shown]); in files of results
//     they are whole.
//
// # Refusals
//
// It opens no file, calls nobody and knows neither HTTP nor the way of a row through a
// run: it is given writers and plain values.
package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Status is the state of a row. A row has exactly one, so the counts of a batch
// add up to its rows after any crash.
type Status uint8

const (
	// Pending is the zero value: known not to have been executed. Never
	// reached, stopped, throttled, not connected, or the pool ran dry.
	Pending Status = iota
	// Bound: the service confirmed the binding.
	Bound
	// Failed: the service refused this row.
	Failed
	// Invalid: never sent, a local check found a fault.
	Invalid
	// Unknown: sent, and nobody knows whether it was executed.
	Unknown
	// Released: the row was bound, and its binding was taken back by unbind.
	Released
	// Held: fit to be sent, but the journal has, or may have, a binding in its
	// place: a person decides.
	Held

	NumStatuses
)

// Statuses lists every status in the order in which summaries show them.
// Released is only where somebody took bindings back, and is shown only then.
var Statuses = [...]Status{Bound, Failed, Invalid, Held, Unknown, Pending, Released}

var statusNames = [NumStatuses]string{"PENDING", "BOUND", "FAILED", "INVALID", "UNKNOWN", "RELEASED", "HELD"}

// String returns the name that stands in results and journals, such as BOUND.
func (s Status) String() string {
	if s < NumStatuses {
		return statusNames[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// Lasts reports whether a row in this state is not sent by a plain further run
// although nothing is wrong with it: it was sent, and may have taken an X number.
// HELD does not last: every run judges the row afresh.
func (s Status) Lasts() bool { return s == Bound || s == Unknown || s == Released }

// ParseStatus reads what String wrote. Case counts.
func ParseStatus(name string) (Status, bool) {
	for s, n := range statusNames {
		if n == name {
			return Status(s), true
		}
	}
	return Pending, false
}

// statusWords are other words for a status: that of our own sentences, and what people
// make of it.
var statusWords = [NumStatuses][]string{
	Pending: {"未发送", "待发送"}, Bound: {"已绑定", "绑定成功"}, Failed: {"失败", "被拒绝", "绑定失败"}, Invalid: {"无效"},
	Unknown: {"结果未知", "未知"}, Released: {"已解绑"}, Held: {"暂不发送", "暂缓"},
}

// Label is the status for people: the name that stands in results, and in Chinese a
// word before it, such as 已绑定 BOUND.
func (s Status) Label(lang Lang) string {
	if lang == EN || s >= NumStatuses {
		return s.String()
	}
	return statusWords[s][0] + " " + s.String()
}

// Meaning is what the state says of a row. The zero Text stands for no state.
func (s Status) Meaning() Text {
	return map[Status]Text{Bound: PageMeansBound, Failed: PageMeansFailed, Invalid: PageMeansInvalid, Held: PageMeansHeld, Unknown: PageMeansUnknown, Pending: PageMeansPending, Released: PageMeansReleased}[s]
}

// ReadStatus reads a status as a cell has it after people and spreadsheets had the
// file: in any case and width, in Chinese, in quotation marks, with blanks in it.
func ReadStatus(cell string) (Status, bool) {
	if s, ok := ParseStatus(cell); ok {
		return s, ok
	}
	word := strings.Map(func(r rune) rune {
		if r >= 0xFF01 && r <= 0xFF5E { // full width
			r -= 0xFF01 - '!'
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, cell)
	for s, name := range statusNames {
		rest := strings.TrimSuffix(word, name) // what we print has both: 结果未知（UNKNOWN）
		if word == name || slices.Contains(statusWords[s], rest) {
			return Status(s), true
		}
	}
	return Pending, false
}

// Record is all that is known of one row at the end of a run.
type Record struct {
	Input      []string  // the input's own cells, as they stood
	Line       int       // the line at which the record starts, from 1
	Status     Status    // where the row stands after all runs
	Code       string    // the service's code, OK, client.*, or blank for a row never reached
	Message    string    // the service's own words
	Reason     string    // the cause, in the run's language
	Action     string    // the cure, in the run's language
	SecretNo   string    // X, if bound
	SubsID     string    // the binding's id, if bound
	RequestID  string    // the service's id of the last call
	Attempts   int       // BindAxg calls over all runs
	LatencyMs  int64     // of the last call, in milliseconds; meaningless if Attempts is 0
	FinishedAt time.Time // of the last call; zero if there was none
}
