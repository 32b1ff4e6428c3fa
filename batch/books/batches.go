package books

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"time"

	"axgbind/batch/field"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// BatchInfo is a batch as the records of its runs tell of it.
type BatchInfo struct {
	ID    string
	Runs  int
	First RunStart // its first run: Command says what the batch is
	Last  RunStart // its last run
	End   *RunEnd  // of that; nil if it goes on or was killed
}

// Batches are the batches of the journal, in the order of their first runs.
func (j *Journal) Batches() []BatchInfo {
	var list []BatchInfo
	at := map[string]int{}
	for i := range j.Runs {
		id := j.Runs[i].Batch
		n, ok := at[id]
		if !ok {
			n = len(list)
			at[id] = n
			list = append(list, BatchInfo{})
		}
		j.addRun(&list[n], i)
	}
	return list
}

// addRun adds a run to its batch; the zero BatchInfo is one without runs.
func (j *Journal) addRun(b *BatchInfo, i int) {
	if b.Runs == 0 {
		b.ID, b.First = j.Runs[i].Batch, j.Runs[i]
	}
	b.Runs, b.Last, b.End = b.Runs+1, j.Runs[i], nil
	if i < len(j.ends) {
		b.End = j.ends[i]
	}
}

// Batch is the batch with an id.
func (j *Journal) Batch(id string) (b BatchInfo, ok bool) {
	for i := range j.Runs {
		if j.Runs[i].Batch == id {
			j.addRun(&b, i)
		}
	}
	return b, b.Runs > 0
}

// BatchAt is the batch that wrote last to the results at an absolute path.
func (j *Journal) BatchAt(path string) (b BatchInfo, ok bool) {
	if r, ok := RunAt(j.Runs, path); ok {
		return j.Batch(r.Batch)
	}
	return BatchInfo{}, false
}

// RunAt is the last run whose results go to an absolute path.
func RunAt(runs []RunStart, path string) (r RunStart, ok bool) {
	id := PathID(path)
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].Path == id {
			return runs[i], true
		}
	}
	return RunStart{}, false
}

// PathID names an absolute path in the records of runs, where the path itself
// could tell a phone number: 16 hexadecimal digits.
func PathID(path string) string {
	sum := sha256.Sum256([]byte("axgbind path v1\x00" + path))
	return hex.EncodeToString(sum[:8])
}

// NewBatch is an id that no batch of the journal has, for one that begins now: a b
// and the milliseconds since 1970 in base 36.
func (j *Journal) NewBatch(now time.Time) string {
	for at := now.UnixMilli(); ; at++ {
		id := "b" + strconv.FormatInt(at, 36)
		if !slices.ContainsFunc(j.Runs, func(r RunStart) bool { return r.Batch == id }) {
			return id
		}
	}
}

// WroteResults reports whether a run has written its results, or goes on and will.
func (j *Journal) WroteResults(run int) bool {
	return run >= len(j.ends) || j.ends[run] != nil && j.ends[run].Digest != ""
}

// LastBind is the last bind of a batch that had an input of its own, and not the results
// of one before; the last of all if none had. It is zero if there is none.
func LastBind(runs []RunStart, id string) (last RunStart) {
	for _, r := range runs {
		if own := r.Input != r.Results; r.Batch == id && r.Command == "bind" && (own || last.Input == last.Results) {
			last = r
		}
	}
	return last
}

// BindWords is the command line of a bind of the input at a path to the same batch: as words of a shell, with
// what it takes to read the rows as this run did. ok is false if it cannot be typed so: a
// number in it is masked.
func (r *RunStart) BindWords(path, results string) (words []string, ok bool) {
	words, ok = []string{"axgbind", "bind"}, true
	add := func(args ...string) {
		for _, arg := range args {
			word, can := report.Word(runtime.GOOS, arg)
			words, ok = append(words, word), ok && can
		}
	}
	if r.Pool != "" {
		add("--pool-key", r.Pool)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Fields)) {
		if name != field.PoolKey.String() {
			add("--default", name+"="+r.Fields[name])
		}
	}
	for _, column := range slices.Sorted(maps.Keys(r.Columns)) {
		add("--map", column+"="+r.Columns[column])
	}
	add(path, "-o", results)
	return words, ok
}

// Unsettled is how many rows of a batch are UNKNOWN and have no binding that is known:
// nobody knows whether there is one to be released.
func (j *Journal) Unsettled(id string) (n int) {
	batch := j.Ledger.BatchNumber(id)
	for row := range j.Ledger.Len() {
		info := j.Ledger.Info(row)
		if info.Key.Batch == batch && info.Op != 0 && info.State == ledger.Unknown && !j.Ledger.Holding(row) {
			n++
		}
	}
	return n
}

// sent reports whether a batch sent a row of an identity.
func (j *Journal) sent(batch uint32, id ledger.Identity) bool {
	n, ok := j.Ledger.Row(ledger.Key{ID: id, Batch: batch})
	return ok && j.Ledger.Info(n).Op != 0
}

// stands reports whether a batch has, or may have, a binding at a place.
func (j *Journal) stands(batch uint32, place ledger.Place, clock ledger.Clock) bool {
	bindings, binds := j.Ledger.At(place, clock)
	return slices.ContainsFunc(bindings, func(b int) bool {
		_, holder := j.Ledger.Owners(b)
		return holder == batch
	}) || slices.ContainsFunc(binds, func(c ledger.CallInfo) bool { return j.Ledger.Key(c.Row).Batch == batch })
}

// Stands tells how many rows of each batch stand where, by the batch's id. A batch
// that sent none is not in it.
func (j *Journal) Stands() map[string]map[report.Status]int {
	counts := map[string]map[report.Status]int{}
	for n := range j.Ledger.Len() {
		info := j.Ledger.Info(n)
		if info.Op == 0 || info.State == ledger.Superseded {
			continue
		}
		id := j.Ledger.BatchName(info.Key.Batch)
		if counts[id] == nil {
			counts[id] = map[report.Status]int{}
		}
		counts[id][StandsAt(&info)]++
	}
	return counts
}

// Live is how many bindings live, so far as the journal knows: they were not
// ended, and their Expiration lies ahead.
func (j *Journal) Live() int { return j.liveAt(time.Now()) }

// liveAt is Live at another time.
func (j *Journal) liveAt(now time.Time) (n int) {
	for b := range j.Ledger.Bindings() {
		if j.lives(b, now) {
			n++
		}
	}
	return n
}
