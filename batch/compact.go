package batch

import (
	"cmp"
	"io"
	"slices"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// Compact writes the journal anew: every run and its end, and then of each row
// what is known of it, in one line for most. Rows whose Expiration lies before
// cutoff are left out, and dropped says how many: such a row can neither be sent
// again, since its Expiration is part of its identity, nor hold another back. One
// of which a call is in doubt stays. Of the samples only the last is kept. What
// was written is a journal that OpenJournal reads, and that knows the same.
//
// No record may be on its way meanwhile.
func (j *Journal) Compact(w io.Writer, cutoff, now time.Time) (dropped int, err error) {
	c := compaction{journal: j, cutoff: cutoff.Unix()}
	header := j.Header
	header.Compacted = now
	c.out = journal.Write(w, header)
	// Runs stand before the rows, which name them by their order.
	if _, _, err := journal.Read(j.text, j.store.Size(), c.read); err != nil {
		return 0, err
	}
	keep := make([]bool, j.ledger.Len())
	for n := range keep {
		if keep[n] = c.keeps(n); !keep[n] {
			dropped++
		}
	}
	for e := range j.ledger.Snapshot(func(n int) bool { return keep[n] }) {
		if err := c.write(&e); err != nil {
			return 0, err
		}
	}
	if j.Last != (Sample{}) { // what was learned of the service
		if err := c.out.Note(journal.Sample, j.Last); err != nil {
			return 0, err
		}
	}
	return dropped, c.out.Flush()
}

// compaction is a journal being compacted.
type compaction struct {
	journal *Journal
	out     *journal.Writer
	cutoff  int64        // Unix seconds
	sent    []lastIntent // by row of the ledger
}

// lastIntent is what the last intent of a row tells that the ledger does not
// keep. The zero value is none.
type lastIntent struct {
	ends int64 // Unix seconds
	ref  int64
}

// read takes over the runs and notes what was sent.
func (c *compaction) read(l *journal.Line) error {
	switch r := &l.Record; r.Kind {
	case ledger.Run, ledger.End:
		return c.out.Record(r, l.Detail)
	case ledger.Intent, ledger.Doubt, ledger.Known:
		n, ok := c.journal.ledger.Row(r.Row)
		if !ok {
			break
		}
		if n >= len(c.sent) {
			c.sent = append(c.sent, make([]lastIntent, n+1-len(c.sent))...)
		}
		c.sent[n] = lastIntent{r.Ends, r.Ref}
	}
	return nil
}

// keeps reports whether a row stays: it has not lapsed, or a call of it, or on its
// binding, is in doubt.
func (c *compaction) keeps(n int) bool {
	l := c.journal.ledger
	info, ends := l.Info(n), int64(0)
	if n < len(c.sent) {
		ends = c.sent[n].ends
	}
	calls := l.Calls(n)
	if info.Binding >= 0 {
		ends = l.Binding(info.Binding).Ends
		calls = append(calls, l.CallsOn(info.Binding)...)
	}
	return ends == 0 || ends >= c.cutoff || slices.ContainsFunc(calls, func(c ledger.CallInfo) bool { return !c.Passed })
}

// write writes what stands for other records, with their particulars.
func (c *compaction) write(e *ledger.Entry) error {
	if e.Kind == ledger.Run { // its line was taken over
		return nil
	}
	if n, ok := c.journal.ledger.Row(e.Row); ok && e.Values < 0 && n < len(c.sent) {
		e.Values = c.sent[n].ref
	}
	d, err := c.merged(e)
	if err != nil {
		return err
	}
	return c.out.Record(&e.Record, d)
}

// merged are the values that one record has, and what others say of how it ended.
func (c *compaction) merged(e *ledger.Entry) (*detail, error) {
	v, err := c.journal.detailAt(e.Values)
	if err != nil || e.Values == e.Last {
		return &v, err
	}
	d, err := c.journal.detailAt(e.Last)
	if err != nil {
		return nil, err
	}
	if e.Kind == ledger.Known && (e.Op == ledger.Bind || e.Op == ledger.Renew) && e.OK != e.Last && d.SubsID == "" { // without them nobody could change or release it
		ok, err := c.journal.detailAt(e.OK)
		if err != nil {
			return nil, err
		}
		d.SecretNo, d.SubsID = ok.SecretNo, ok.SubsID
	}
	d.Left, d.Undated = cmp.Or(v.Left, v.T), v.Undated
	d.Line, d.PoolKey, d.PhoneNoA, d.PhoneNoB, d.GroupID = v.Line, v.PoolKey, v.PhoneNoA, v.PhoneNoB, v.GroupID
	d.Expiration, d.Recording, d.Restrict, d.OutID = v.Expiration, v.Recording, v.Restrict, v.OutID
	if e.Kind == ledger.Doubt || e.Binding != 0 { // else its X is free, unless a look-up let the row keep it
		d.PhoneNoX = v.PhoneNoX
	}
	return &d, nil
}
