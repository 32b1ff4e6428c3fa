package batch

import (
	"io"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// Standing is what a journal tells of its rows, read without changing it.
type Standing struct {
	Header journal.Header
	Runs   []RunStart
	Ends   []*RunEnd             // how each of Runs ended; nil if it goes on or was killed
	Last   Sample                // the zero Sample if there is none
	Ended  *RunEnd               // of the last run; nil if it goes on or was killed
	Rows   map[report.Status]int // that were sent at least once, where they stand; open intents apart
	Open   int                   // rows whose call is on its way, or was when the run was killed
	Torn   int64                 // bytes behind the last whole record
}

// ReadStanding reads a journal that another process may be writing to.
func ReadStanding(r io.ReaderAt, size int64) (*Standing, error) {
	j, err := ReadJournal(r, size)
	if err != nil {
		return nil, err
	}
	s := &Standing{Header: j.Header, Runs: j.Runs, Ends: j.ends, Last: j.Last, Ended: j.Ended, Rows: map[report.Status]int{}, Torn: j.Torn}
	for n := range j.ledger.Len() {
		info := j.ledger.Info(n)
		switch calls := j.ledger.Calls(n); {
		case info.Op == 0 || info.State == ledger.Superseded:
		case info.Op == ledger.Release && j.spokenFor(info.Binding):
		case len(calls) > 0 && calls[0].Open:
			s.Open++
		default:
			s.Rows[statusOf(info.State)]++
		}
	}
	return s, nil
}

// spokenFor reports whether the row that has, or had, a binding tells what became
// of it, so that a row of its release need not.
func (j *Journal) spokenFor(binding int) bool {
	if binding < 0 {
		return false
	}
	h := j.ledger.Binding(binding).Holder
	return h >= 0 && j.ledger.Info(h).Binding == binding
}

// statusOf is the status that a state shows in results. A row whose binding
// another has is one that was never sent.
func statusOf(s ledger.State) report.Status {
	switch s {
	case ledger.Failed:
		return report.Failed
	case ledger.Unknown:
		return report.Unknown
	case ledger.Bound:
		return report.Bound
	case ledger.Released:
		return report.Released
	}
	return report.Pending
}
