package books

import (
	"cmp"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// Shares reports whether an input has a row of a batch: one that the batch sent, or
// one in whose place the batch has a binding, or may have one. A batch that sent
// nothing shares whatever there is.
func (j *Journal) Shares(in *input.Input, id string) (yes bool, err error) {
	batch := j.Ledger.BatchNumber(id)
	sent := false
	for n := range j.Ledger.Len() {
		if sent = j.Ledger.Key(n).Batch == batch && j.Ledger.Info(n).Op != 0; sent {
			break
		}
	}
	if !sent {
		return true, nil
	}
	clock := j.Clock()
	return in.Any(func(row *input.Row) bool {
		return j.sent(batch, row.Identity()) || j.stands(batch, row.Place(), clock)
	})
}

// SharesPlace reports whether an input has a row with the pool, A and group of one of
// a results file. A journal does not know rows that were never sent.
func SharesPlace(in, results *input.Input) (yes bool, err error) {
	places := map[ledger.Place]bool{0: false}
	err = results.EachRow(func(row *input.Row) error {
		if at := row.Place(); at != 0 {
			places[at] = true
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	return in.Any(func(row *input.Row) bool { return places[row.Place()] })
}

// LacksUnknown reports whether a results file has an UNKNOWN row with whose pool, A
// and group no row of the input is.
func LacksUnknown(in, results *input.Input) (lacks bool, err error) {
	places := map[ledger.Place]bool{}
	err = results.EachRow(func(row *input.Row) error {
		if v := row.Verdict; v != nil && v.Status == report.Unknown.String() {
			places[row.Place()] = true
		}
		return nil
	})
	if err != nil || len(places) == 0 {
		return false, err
	}
	all, err := in.Any(func(row *input.Row) bool {
		delete(places, row.Place())
		return len(places) == 0
	})
	return !all, err
}

// BatchOfResults tells which batch a results file is of, wherever it stands now: a run
// wrote these bytes; else most of its rows have the ids that the service told rows
// of the batch; else the batch sent most of them; else it holds most of the bindings
// that they name. Rows that took the binding of another batch tell nothing. Blank:
// no batch of this journal.
func (j *Journal) BatchOfResults(in *input.Input) (id string, err error) {
	if !in.IsResults() {
		return "", nil
	}
	if i := j.writer(in); i >= 0 {
		return j.Runs[i].Batch, nil
	}
	asked, err := told(in)
	if err != nil {
		return "", err
	}
	owns, sent, holds := map[string]int{}, map[string]int{}, map[string]int{}
	for n := range j.Ledger.Len() {
		key, info := j.Ledger.Key(n), j.Ledger.Info(n)
		v, ok := asked[key.ID]
		if !ok || info.Op == 0 {
			continue
		}
		name := j.Ledger.BatchName(key.Batch)
		sent[name]++
		last, err := j.DetailAt(info.Last)
		if err != nil {
			return "", err
		}
		if v.subsID != "" && v.subsID == last.SubsID || v.requestID != "" && v.requestID == last.RequestID {
			owns[name]++
		}
	}
	for _, v := range asked {
		if n, ok := j.Ledger.BindingOf(ledger.ParseSubsID(v.subsID)); ok && v.subsID != "" {
			_, holder := j.Ledger.Owners(n)
			holds[j.Ledger.BatchName(holder)]++
		}
	}
	delete(holds, "")
	return cmp.Or(most(owns), most(sent), most(holds)), nil
}

// toldIDs are what the service told a row.
type toldIDs struct{ subsID, requestID string }

// mostAsked is by how many rows of a results file its batch is recognised, equal ones
// counted once.
const mostAsked = 2000

// told are the ids that a results file has of its rows, of mostAsked at most.
func told(in *input.Input) (map[ledger.Identity]toldIDs, error) {
	asked := map[ledger.Identity]toldIDs{}
	err := in.EachRow(func(row *input.Row) error {
		v := row.Verdict
		if v == nil || v.Attempts == 0 || v.Code == aliyun.CodeAlreadyBound {
			return nil
		}
		if asked[row.Identity()] = (toldIDs{v.SubsID, v.RequestID}); len(asked) == mostAsked {
			return io.EOF
		}
		return nil
	})
	return asked, err
}

// Wrote reports whether a run of the journal wrote a results file, as it stands, and
// whether rows were held back in it.
func (j *Journal) Wrote(in *input.Input) (wrote, held bool) {
	i := j.writer(in)
	return i >= 0, i >= 0 && j.ends[i].Counts[report.Held.String()] > 0
}

// writer is the last run that wrote a results file, as it stands; -1: none.
func (j *Journal) writer(in *input.Input) int {
	digest := in.SHA256()
	text := hex.EncodeToString(digest[:])
	for i := len(j.ends) - 1; i >= 0; i-- {
		if j.ends[i] != nil && j.ends[i].Digest == text {
			return i
		}
	}
	return -1
}

// most is the name with the highest count, the later one of two alike.
func most(counts map[string]int) (name string) {
	for n, count := range counts {
		if count > counts[name] || count == counts[name] && n > name {
			name = n
		}
	}
	return name
}

// Loses reports whether an input carries verdicts that must not get lost and that
// the journal does not know: a binding that may live, a row that may have been sent and
// that no batch sent, or one that was held back for what is not known here. What a
// spreadsheet did to an id does not count against a row that is known. What brings
// carries, the input of the run, counts as known; it may be nil. ended tells of an
// Expiration that what had it has ended.
func (j *Journal) Loses(in, brings *input.Input, ended func(at time.Time) bool) (unknown bool, err error) {
	brought, rows, err := verdictsOf(brings)
	if err != nil {
		return false, err
	}
	doubtful := map[ledger.Identity]bool{} // rows that only a batch which sent them vouches for
	unknown, err = in.Any(func(row *input.Row) bool {
		if !j.matters(row, brought, ended) {
			return false
		}
		v := row.Verdict
		if _, damaged := in.DamagedVerdict(v); v.SubsID == "" || damaged {
			if id := row.Identity(); !rows[id] {
				doubtful[id] = true
			}
			return false
		}
		return true
	})
	if unknown || err != nil || len(doubtful) == 0 {
		return unknown, err
	}
	for n := range j.Ledger.Len() {
		if key := j.Ledger.Key(n); doubtful[key.ID] && j.Ledger.Info(n).Op != 0 {
			delete(doubtful, key.ID)
		}
	}
	return len(doubtful) > 0, nil
}

// matters reports whether what a results file says of a row must not get lost, and its
// binding is not known, here or by what was brought.
func (j *Journal) matters(row *input.Row, brought map[ledger.SubsID]bool, ended func(at time.Time) bool) bool {
	v := row.Verdict
	if v == nil || v.Code == aliyun.CodeBindConflict || !j.Header.Simulated && strings.HasPrefix(v.Message, input.SimulatedMark) {
		return false
	}
	held := v.SubsID == "" && v.HeldBack() && !j.Ledger.Knows(row.Place())
	if !v.Counts() && !held {
		return false
	}
	id := ledger.ParseSubsID(v.SubsID)
	if _, known := j.Ledger.BindingOf(id); v.SubsID != "" && (known || brought[id]) {
		return false
	}
	at, rule := input.ExpirationUnix(row.Fields[field.Expiration])
	return rule != "" || !ended(time.Unix(at, 0))
}

// Unproven reports whether an input is results with rows that were held back since
// only the file before them told of a call, and nothing else is known in their place.
func (j *Journal) Unproven(in *input.Input) (yes bool, err error) {
	if !in.IsResults() {
		return false, nil
	}
	return in.Any(func(row *input.Row) bool {
		if v := row.Verdict; v == nil || v.Status != report.Held.String() || v.Code != aliyun.CodeUnproven {
			return false
		}
		bindings, binds := j.Ledger.At(row.Place(), j.Clock())
		return len(bindings)+len(binds) == 0
	})
}

// verdictsOf are the ids and rows of which a results file says something that must not
// get lost; none if it is nil, or no results file.
func verdictsOf(in *input.Input) (ids map[ledger.SubsID]bool, rows map[ledger.Identity]bool, err error) {
	if in == nil || !in.IsResults() {
		return nil, nil, nil
	}
	ids, rows = map[ledger.SubsID]bool{}, map[ledger.Identity]bool{}
	err = in.EachRow(func(row *input.Row) error {
		if v := row.Verdict; v != nil && v.SubsID != "" {
			ids[ledger.ParseSubsID(v.SubsID)] = true
		} else if v != nil && (v.Counts() || v.HeldBack()) {
			rows[row.Identity()] = true
		}
		return nil
	})
	return ids, rows, err
}
