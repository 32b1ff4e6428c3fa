package books

import (
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// Standing is what the journal tells of its batches at a time.
type Standing struct {
	Header  journal.Header
	Batches []BatchStanding // the one that ran last first
	Live    int             // bindings that LiveBindings yields
	Last    Sample          // the zero Sample if there is none
	Torn    int64           // bytes behind the last whole record
}

// BatchStanding is where the rows of a batch stand that were sent at least once,
// whoever changed their bindings since.
type BatchStanding struct {
	BatchInfo
	Rows   map[report.Status]int // without those of Open
	Open   int                   // rows whose call is on its way, or was when the run was killed
	Lapsed int                   // of the BOUND rows: the Expiration of the binding has passed
}

// Standing tells how the journal and its batches stand now.
func (j *Journal) Standing(now time.Time) *Standing {
	s := &Standing{Header: j.Header, Last: j.Last, Torn: j.Torn}
	list := j.Batches()
	index := make(map[string]int, len(list)) // in list
	for i := range list {
		index[list[i].ID] = i
	}
	at := make(map[uint32]int, len(list)) // in s.Batches
	s.Batches = make([]BatchStanding, 0, len(list))
	for i := len(j.Runs) - 1; i >= 0; i-- {
		id := j.Runs[i].Batch
		number := j.Ledger.BatchNumber(id)
		if _, listed := at[number]; listed {
			continue
		}
		at[number] = len(s.Batches)
		s.Batches = append(s.Batches, BatchStanding{BatchInfo: list[index[id]], Rows: map[report.Status]int{}})
	}
	for n := range j.Ledger.Len() {
		info := j.Ledger.Info(n)
		i, known := at[info.Key.Batch]
		if !known || info.Op == 0 || info.State == ledger.Superseded {
			continue
		}
		b := &s.Batches[i]
		if calls := j.Ledger.Calls(n); len(calls) > 0 && calls[0].Open {
			b.Open++
			continue
		}
		status := StandsAt(&info)
		b.Rows[status]++
		if status == report.Bound && Expired(j.Ledger.Binding(info.Binding), now) {
			b.Lapsed++
		}
	}
	s.Live = j.liveAt(now)
	return s
}

// RunsOf are the runs of a batch in their order, and how each ended; nil if it goes
// on or was killed.
func (j *Journal) RunsOf(id string) (runs []RunStart, ends []*RunEnd) {
	for i := range j.Runs {
		if j.Runs[i].Batch == id {
			runs, ends = append(runs, j.Runs[i]), append(ends, j.ends[i])
		}
	}
	return runs, ends
}

// Passed is how many bindings another batch took over: it renewed them.
type Passed struct {
	To       string // id of that batch
	Bindings int
}

// Passed tells which batches hold bindings now that a batch made or held, in the
// order in which they began. Bindings that were ended do not count.
func (j *Journal) Passed(id string) (list []Passed) {
	l := j.Ledger
	batch := l.BatchNumber(id)
	its := make([]bool, l.Bindings())
	for b := range its {
		maker, _ := l.Owners(b)
		its[b] = maker == batch
	}
	for n := range l.Len() { // a batch that only held it has a row of it until the next compaction
		if info := l.Info(n); info.Key.Batch == batch && info.State == ledger.Superseded {
			its[info.Binding] = true
		}
	}
	counts := map[uint32]int{}
	for b := range its {
		if _, holder := l.Owners(b); its[b] && holder != batch && l.Binding(b).Life == ledger.Bound {
			counts[holder]++
		}
	}
	for _, b := range j.Batches() {
		if n := counts[l.BatchNumber(b.ID)]; n > 0 {
			list = append(list, Passed{b.ID, n})
		}
	}
	return list
}

// PassedOn reports whether a row of another batch has the binding of a superseded
// row now.
func PassedOn(l *ledger.Ledger, info *ledger.RowInfo) bool {
	_, holder := l.Owners(info.Binding)
	return holder != 0 && holder != info.Key.Batch
}

// Expired reports whether the Expiration of a binding has passed.
func Expired(b ledger.BindingInfo, now time.Time) bool { return b.Ends != 0 && b.Ends <= now.Unix() }

// StatusOf is the status that a state shows in results. A row whose binding
// another has is one that was never sent.
func StatusOf(s ledger.State) report.Status {
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

// StandsAt is where a row stands in results. One of which a renewal was refused is
// FAILED, though its binding lives on as it was.
func StandsAt(info *ledger.RowInfo) report.Status {
	if info.Refused {
		return report.Failed
	}
	return StatusOf(info.State)
}
