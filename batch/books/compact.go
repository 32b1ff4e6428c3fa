package books

import (
	"cmp"
	"io"
	"iter"
	"slices"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// Compact writes the journal anew: every run and its end, and then of each row
// what is known of it, in one line for most. Rows that ended before cutoff are left
// out, and dropped says how many; see Leaves. Of the samples only the last is kept.
// What was written is a journal that Open reads, and that knows the same of
// the others; its ID and its mark stay.
//
// No record may be on its way meanwhile.
func (j *Journal) Compact(w io.Writer, cutoff, now time.Time) (dropped int, err error) {
	c := compaction{journal: j}
	if _, _, err := journal.Read(j.text, j.store.Size(), nil, c.read); err != nil {
		return 0, err
	}
	kept, err := c.sift(cutoff)
	if err != nil {
		return 0, err
	}
	lines := len(c.lines)
	for range c.entries() {
		lines++
	}
	if j.Last != (Sample{}) {
		lines++
	}
	header := j.Header
	header.Compacted, header.Rows = now, kept
	c.out = journal.Rewrite(w, header, j.mark(), lines)
	if err := c.writeRuns(); err != nil { // before the rows, which name runs by their order
		return 0, err
	}
	for e := range c.entries() {
		if err := c.write(&e); err != nil {
			return 0, err
		}
	}
	if j.Last != (Sample{}) { // what was learned of the service
		if err := c.out.Note(j.Last); err != nil {
			return 0, err
		}
	}
	return len(c.keep) - kept, c.out.Flush()
}

// Leaves reports whether a compaction would leave any row out that ended before
// cutoff. It reads little of the journal, mostly nothing.
func (j *Journal) Leaves(cutoff time.Time) (bool, error) {
	r := retention{journal: j, cutoff: cutoff}
	for n := range j.Ledger.Len() {
		if leaves, err := r.leaves(n); leaves || err != nil {
			return leaves, err
		}
	}
	return false, nil
}

// retention says which rows leave a journal.
type retention struct {
	journal *Journal
	cutoff  time.Time
	several map[int]bool    // rows that hold more than one binding, of which one has not lapsed; nil: not looked yet
	again   map[uint32]bool // batches whose released rows may be sent again; nil: not looked yet
}

// leaves reports whether row n ended before the cutoff:
//
//   - it is bound, or was released, and its Expiration lies before: nobody can send
//     it again, since its Expiration is part of its identity, and it holds no other
//     row back. Where it counts from when a row is sent, a released row stays; see
//     comesAgain; or
//   - it holds nothing, since it was refused or not executed, its binding is gone, or
//     another row has that, and the last record about it lies before.
//
// A row stays while a call of it, or on its binding, is in doubt.
func (r *retention) leaves(n int) (bool, error) {
	l := r.journal.Ledger
	info := l.Info(n)
	if info.Op == 0 { // it is in no record
		return false, nil
	}
	calls, lapsed, dated := l.Calls(n), false, false
	if info.Binding >= 0 {
		ends := l.Binding(info.Binding).Ends
		dated, lapsed = ends != 0, ends != 0 && ends < r.cutoff.Unix()
		calls = append(calls, l.CallsOn(info.Binding)...)
	}
	if slices.ContainsFunc(calls, func(c ledger.CallInfo) bool {
		own := c.Row == n && (c.Binding < 0 || c.Binding == info.Binding)
		return !own || !c.Passed || c.Due >= r.cutoff.UnixMilli()
	}) {
		return false, nil
	}
	switch {
	case info.State == ledger.Unknown:
		return false, nil
	case info.State == ledger.Bound, info.State == ledger.Released && (dated || info.Op != ledger.Release):
		return lapsed && !r.holdsMore(n) && !r.comesAgain(&info), nil
	case info.State == ledger.Superseded && lapsed:
		return true, nil
	}
	return r.old(&info)
}

// old reports whether the last record about a row lies before the cutoff.
func (r *retention) old(info *ledger.RowInfo) (bool, error) {
	j, next := r.journal, info.Run+1
	switch {
	case info.Run < 0:
		return false, nil
	case info.Run < len(j.ends) && j.ends[info.Run] != nil:
		if !j.ends[info.Run].End.Before(r.cutoff) {
			return false, nil
		}
	case next >= len(j.Runs) || !j.Runs[next].Start.Before(r.cutoff):
		return false, nil
	}
	// What a later run found out, such as that a binding is gone, touches no row.
	d, err := j.DetailAt(info.Last)
	return err == nil && d.T < r.cutoff.UnixMilli(), err
}

// comesAgain reports whether a released row would be bound again if it left: it has
// no Expiration of its own, and the job that has it in its input each night, or once
// a year, goes on.
func (r *retention) comesAgain(info *ledger.RowInfo) bool {
	if info.State != ledger.Released || info.Op == ledger.Release || info.Op == ledger.Update {
		return false
	}
	if r.again == nil {
		r.again = map[uint32]bool{}
		since := r.cutoff.AddDate(-1, 0, 0)
		for i := range r.journal.Runs {
			if run := &r.journal.Runs[i]; run.relative() && !run.Start.Before(since) {
				r.again[r.journal.Ledger.BatchNumber(run.Batch)] = true
			}
		}
	}
	return r.again[info.Key.Batch]
}

// holdsMore reports whether a row that came to a binding while it had one holds one
// that has not lapsed.
func (r *retention) holdsMore(n int) bool {
	if r.several == nil {
		r.several = map[int]bool{}
		l := r.journal.Ledger
		for at := range l.Bindings() {
			b := l.Binding(at)
			if b.Life == ledger.Bound && b.Holder >= 0 && (b.Ends == 0 || b.Ends >= r.cutoff.Unix()) && l.Info(b.Holder).Binding != at {
				r.several[b.Holder] = true
			}
		}
	}
	return r.several[n]
}

// compaction is a journal being compacted.
type compaction struct {
	journal *Journal
	out     *journal.Writer
	runs    int     // read so far
	lines   []int64 // where the beginnings and ends of runs stand
	sent    []int64 // by row of the ledger: Ref of its last intent, which the ledger does not keep; 0: none
	keep    []bool  // by row of the ledger
}

// read notes the runs and what was sent.
func (c *compaction) read(l *journal.Line) error {
	switch r := &l.Record; r.Kind {
	case ledger.Run, ledger.End:
		c.lines = append(c.lines, r.Ref)
		if r.Kind == ledger.Run {
			c.runs++
		}
	case ledger.Intent, ledger.Doubt, ledger.Known:
		known := c.journal.Ledger
		key := r.Row
		key.Batch = known.BatchNumber(known.Batch(c.runs - 1 - r.Ago))
		n, ok := known.Row(key)
		if !ok {
			break
		}
		if n >= len(c.sent) {
			c.sent = append(c.sent, make([]int64, n+1-len(c.sent))...)
		}
		c.sent[n] = r.Ref
	}
	return nil
}

// sift settles which rows stay, and returns how many do.
func (c *compaction) sift(cutoff time.Time) (kept int, err error) {
	r := retention{journal: c.journal, cutoff: cutoff}
	c.keep = make([]bool, c.journal.Ledger.Len())
	for n := range c.keep {
		leaves, err := r.leaves(n)
		if err != nil {
			return 0, err
		}
		if c.keep[n] = !leaves; !leaves {
			kept++
		}
	}
	return kept, nil
}

// writeRuns takes over the beginnings and ends of runs.
func (c *compaction) writeRuns() error {
	for _, ref := range c.lines {
		l, err := journal.At(c.journal.text, ref)
		if err == nil {
			err = c.out.Record(&l.Record, l.Detail)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// entries are the records of rows that stay. Of the calls of one that leaves none
// counts any more.
func (c *compaction) entries() iter.Seq[ledger.Entry] {
	return func(yield func(ledger.Entry) bool) {
		for e := range c.journal.Ledger.Snapshot(func(n int) bool { return c.keep[n] }) {
			if e.Kind == ledger.Run { // its line is taken over
				continue
			}
			if n, ok := c.journal.Ledger.Row(e.Row); (!ok || c.keep[n]) && !yield(e) {
				return
			}
		}
	}
}

// write writes what stands for other records, with their particulars.
func (c *compaction) write(e *ledger.Entry) error {
	if n, ok := c.journal.Ledger.Row(e.Row); ok && e.Values < 0 && n < len(c.sent) && c.sent[n] > 0 {
		e.Values = c.sent[n]
	}
	d, err := c.merged(e)
	if err != nil {
		return err
	}
	return c.out.Record(&e.Record, d)
}

// merged are the values that one record has, and what others say of how it ended.
func (c *compaction) merged(e *ledger.Entry) (*Detail, error) {
	v, err := c.journal.DetailAt(e.Values)
	if err != nil || e.Values == e.Last {
		return &v, err
	}
	d, err := c.journal.DetailAt(e.Last)
	if err != nil {
		return nil, err
	}
	if e.Kind == ledger.Known && (e.Op == ledger.Bind || e.Op == ledger.Renew) && e.OK != e.Last && d.SubsID == "" { // without them nobody could change or release it
		ok, err := c.journal.DetailAt(e.OK)
		if err != nil {
			return nil, err
		}
		d.SecretNo, d.SubsID = ok.SecretNo, ok.SubsID
	}
	d.Left, d.Undated = cmp.Or(v.Left, v.T), v.Undated
	d.Line, d.PoolKey, d.PhoneNoA, d.PhoneNoB, d.GroupID = v.Line, v.PoolKey, v.PhoneNoA, v.PhoneNoB, v.GroupID
	d.Expiration, d.Recording, d.Restrict, d.OutID, d.Fixed = v.Expiration, v.Recording, v.Restrict, v.OutID, v.Fixed
	if e.Kind == ledger.Doubt || e.Binding != 0 { // else its X is free, unless a look-up let the row keep it
		d.PhoneNoX = v.PhoneNoX
	}
	return &d, nil
}
