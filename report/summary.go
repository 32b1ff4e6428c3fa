package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// SummaryVersion is the version of the summary's JSON. Fields may be added
// within a version; none changes its meaning or leaves.
const SummaryVersion = 1

// Summary is a run and the state of its batch after it. Written as JSON by
// --summary; keys are stable and English.
type Summary struct {
	Version    int       `json:"version"`         // SummaryVersion
	Program    string    `json:"program"`         // axgbind and its version
	Stamp      string    `json:"stamp,omitempty"` // of the file: Stamp
	Command    string    `json:"command"`         // bind, check, reconcile, update or unbind
	Simulated  bool      `json:"simulated"`       // nothing was bound at the real service
	Started    time.Time `json:"started"`
	Finished   time.Time `json:"finished"`
	ExitStatus int       `json:"exit_status"`
	ExitText   string    `json:"exit_text"`   // the same in words, in the run's language
	StopReason string    `json:"stop_reason"` // blank: every row had its turn
	StopCode   string    `json:"stop_code,omitempty"`
	StopCause  string    `json:"stop_cause,omitempty"` // what kept the last calls from the service, in the run's language

	Rows    int            `json:"rows"`            // read from the input
	Counts  map[string]int `json:"counts"`          // by status, every status present but RELEASED if there is none; they add up to Rows
	Already int            `json:"already"`         // of the rows BOUND, those that take a binding of another row or batch as theirs
	Ended   int            `json:"ended,omitempty"` // of the rows BOUND, those whose binding has ended at its Expiration
	Gone    int            `json:"gone"`            // settled rows of the journal that left the input
	// GoneUnknown counts the rows that left the input while they were UNKNOWN. They
	// are no rows of the input, so they stand outside Counts.
	GoneUnknown int `json:"gone_unknown"`
	Sent        int `json:"sent"` // rows admitted to sending in this run

	Warnings int `json:"warnings"`                // rows without error that have warnings
	Repaired int `json:"repaired"`                // rows without error that have repaired values
	Blank    int `json:"blank_records,omitempty"` // records of the input with nothing in any cell: no rows

	Renewed      int   `json:"renewed"`                 // rows that this run made BOUND by changing a live binding
	UpdateCalls  int64 `json:"update_calls"`            // UpdateSubscription calls of this run
	ReleaseCalls int64 `json:"release_calls,omitempty"` // UnbindSubscription calls of this run; absent: none
	Looks        int64 `json:"lookups"`                 // requests of this run that changed nothing

	Calls       int64   `json:"calls"`        // BindAxg calls of this run
	Retries     int64   `json:"retries"`      // of these, calls for a row that had been tried in this run
	Throttled   int64   `json:"throttled"`    // answers that refused a call for its rate
	Limit       float64 `json:"rate_limit"`   // --rate, calls a second
	AverageRate float64 `json:"average_rate"` // calls a second over the run
	PeakRate    int     `json:"peak_rate"`    // most releases in any sliding second
	LatencyMs   struct {
		P50 float64 `json:"p50"`
		P95 float64 `json:"p95"`
		P99 float64 `json:"p99"`
		Max float64 `json:"max"`
	} `json:"latency_ms"`

	Failures []Failure `json:"failures"` // by status and code, most frequent first

	Input    string `json:"input"`
	Results  string `json:"results,omitempty"`
	Journal  string `json:"journal,omitempty"`
	Failed   string `json:"failed,omitempty"`
	Findings string `json:"findings,omitempty"`
	Next     string `json:"next,omitempty"` // what to do now, in the run's language

	NextCommands []string `json:"next_commands,omitempty"` // the command lines in Next, to type as they stand

	SameInput *SameInput `json:"same_input,omitempty"` // an earlier run of another day had an input of the same bytes, and nothing of it was to be sent; absent: none

	// What an auditor asks for later; blank in the summary of a check.
	Run           string `json:"run,omitempty"`            // id of the run in the journal
	Commit        string `json:"commit,omitempty"`         // of the program, if its build knows it
	User          string `json:"user,omitempty"`           // user@host
	Key           string `json:"key,omitempty"`            // AccessKeyId, masked
	InputSHA256   string `json:"input_sha256,omitempty"`   // of the input's bytes, hexadecimal
	ResultsSHA256 string `json:"results_sha256,omitempty"` // of the results file; blank if it could not be written

	index map[failureKey]int
}

// SameInput is an earlier run whose input had the same bytes.
type SameInput struct {
	Started time.Time `json:"started"`
	Batch   string    `json:"batch"` // its id
	Run     string    `json:"run"`   // its id in the journal
}

// In says which run that was.
func (s *SameInput) In(lang Lang) string {
	return SumSameInput.In(lang, s.Started.In(Beijing).Format("2006-01-02 15:04"), Whole(s.Batch))
}

// Failure is all rows of one status that share a code.
type Failure struct {
	Status  string `json:"status"`
	Code    string `json:"code"`
	Count   int    `json:"count"`
	Lines   []int  `json:"first_lines"` // at most firstLines
	Meaning string `json:"meaning"`
	Who     string `json:"who"` // must act
}

type failureKey struct {
	status Status
	code   string
}

// firstLines is how many lines of a failure the summary names.
const firstLines = 5

// NewSummary returns a summary without rows.
func NewSummary() *Summary {
	s := &Summary{Version: SummaryVersion, Counts: map[string]int{}, Failures: []Failure{}, index: map[failureKey]int{}}
	for _, status := range Statuses {
		if status != Released {
			s.Counts[status.String()] = 0
		}
	}
	return s
}

// Shown are the states that a summary shows: all but RELEASED where nobody took
// bindings back.
func (s *Summary) Shown() []Status { return shown(s.Counts, s.Command == CommandUnbind) }

// ShownOf is Shown of counts by status.
func ShownOf(counts map[string]int) []Status { return shown(counts, false) }

func shown(counts map[string]int, all bool) []Status {
	if all || counts[Released.String()] > 0 {
		return Statuses[:]
	}
	return Statuses[:len(Statuses)-1]
}

// CommandUnbind is the command whose rows end RELEASED.
const CommandUnbind = "unbind"

// commandUpdate is the one that only changes bindings.
const commandUpdate = "update"

// Empty returns the summary of the same run without rows, to count them anew.
func (s *Summary) Empty() *Summary {
	fresh, same := NewSummary(), *s
	same.Rows, same.Counts, same.Already, same.Failures, same.index = 0, fresh.Counts, 0, fresh.Failures, fresh.index
	return &same
}

// alreadyBound is the code of a BOUND row that takes a binding of an earlier
// batch as its own. Package aliyun, which report does not import, defines it.
const alreadyBound = "client.AlreadyBound"

// Add counts one row. explain tells what a code means and who must act; it is
// asked once per code.
func (s *Summary) Add(r *Record, explain func(Status, string) (meaning, who string)) {
	s.Counts[r.Status.String()]++
	if r.Status == Bound && r.Code == alreadyBound {
		s.Already++
	}
	if r.Status == Bound || r.Status == Released || r.Status == Pending && r.Code == "" {
		return
	}
	key := failureKey{r.Status, r.Code}
	i, ok := s.index[key]
	if !ok {
		meaning, who := explain(r.Status, r.Code)
		i = len(s.Failures)
		s.index[key] = i
		s.Failures = append(s.Failures, Failure{Status: r.Status.String(), Code: r.Code, Meaning: meaning, Who: who})
	}
	f := &s.Failures[i]
	f.Count++
	if len(f.Lines) < firstLines {
		f.Lines = append(f.Lines, r.Line)
	}
}

// Made is how many calls this run made of the kind that its command is for: BindAxg,
// UpdateSubscription of update, UnbindSubscription of unbind.
func (s *Summary) Made() int64 {
	if s.Command == commandUpdate {
		return s.UpdateCalls
	}
	return s.Calls + s.ReleaseCalls
}

// Count returns how many rows have a status.
func (s *Summary) Count(status Status) int { return s.Counts[status.String()] }

// Balanced reports whether the counts add up to the rows read.
func (s *Summary) Balanced() bool {
	sum := 0
	for _, n := range s.Counts {
		sum += n
	}
	return sum == s.Rows
}

// Sort puts the most frequent failures first.
func (s *Summary) Sort() {
	slices.SortStableFunc(s.Failures, func(a, b Failure) int { return b.Count - a.Count })
	s.index = nil
}

// Advice is what to do now.
func (s *Summary) Advice() Advice { return Advice{Text: s.Next, Commands: s.NextCommands} }

// Advise puts into the summary what to do now.
func (s *Summary) Advise(a Advice) { s.Next, s.NextCommands = a.Text, a.Commands }

// Line is the end of the run on one line, for years of grep: keys are English
// whatever the language, always there and always in this order. bound, failed,
// invalid, held, unknown and pending add up to rows, with released, which stands
// before version if bindings were taken back. already says how many of the bound
// rows take a binding of another row or batch as theirs. Of a check, pending counts
// the rows that are valid. version is that of the program: axgbind version names
// its commit.
func (s *Summary) Line() string {
	stop := s.StopReason
	if stop == "" {
		stop = "-"
	}
	service := "real"
	switch {
	case s.Command == "check":
		service = "-"
	case s.Simulated:
		service = "simulated"
	}
	more := ""
	if len(s.Shown()) == len(Statuses) {
		more = fmt.Sprintf(" released=%d", s.Count(Released))
	}
	return fmt.Sprintf("axgbind: "+finished+"status=%d rows=%d bound=%d failed=%d invalid=%d held=%d unknown=%d pending=%d "+
		"already=%d calls=%d retries=%d throttled=%d seconds=%.1f stop=%s command=%s service=%s",
		s.ExitStatus, s.Rows, s.Count(Bound), s.Count(Failed), s.Count(Invalid), s.Count(Held), s.Count(Unknown), s.Count(Pending),
		s.Already, s.Made(), s.Retries, s.Throttled, s.Finished.Sub(s.Started).Seconds(), stop, s.Command, service) + more +
		" version=" + cmp.Or(strings.TrimPrefix(s.Program, "axgbind "), "-")
}

// finished is what the line for machines has behind the program's name.
const finished = "finished "

// WriteJSON writes the summary as indented JSON.
func (s *Summary) WriteJSON(w io.Writer) error { return WriteJSON(w, s.Masked()) }

// WriteJSON writes a value as indented JSON in which every character can be
// seen: encoding/json leaves those alone that turn the order of letters round,
// and a JSON file is looked at in a terminal, too. What is read back is v.
func WriteJSON(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(seenJSON(append(text, '\n')))
	return err
}

// seenJSON escapes in JSON what cannot be seen.
func seenJSON(text []byte) []byte {
	if !bytes.ContainsFunc(text, func(r rune) bool { return r != '\n' && !seen(r) }) {
		return text
	}
	b := make([]byte, 0, len(text)+64)
	for _, r := range string(text) {
		switch {
		case r == '\n' || seen(r):
			b = utf8.AppendRune(b, r)
		case r < 0x10000:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x\u%04x`, high, low)
		}
	}
	return b
}

// Masked is the summary for whoever reads it outside the journal: text that is
// not ours is plain, and numbers in the names of files are masked.
func (s *Summary) Masked() *Summary {
	p := *s
	for _, text := range []*string{&p.Program, &p.Command, &p.ExitText, &p.StopReason, &p.StopCode, &p.Input, &p.Results, &p.Journal, &p.Failed, &p.Findings, &p.User, &p.Key} {
		*text = Shown(*text)
	}
	for _, text := range []*string{&p.Next, &p.Run, &p.Commit, &p.InputSHA256, &p.ResultsSHA256} {
		*text = Plain(*text)
	}
	p.NextCommands = slices.Clone(s.NextCommands)
	for i, line := range p.NextCommands {
		p.NextCommands[i] = Plain(line)
	}
	p.Failures = slices.Clone(s.Failures)
	for i := range p.Failures {
		p.Failures[i] = p.Failures[i].Masked()
	}
	return &p
}

func (f Failure) Masked() Failure {
	f.Status, f.Code, f.Meaning, f.Who = Shown(f.Status), Shown(f.Code), Shown(f.Meaning), Shown(f.Who)
	return f
}
