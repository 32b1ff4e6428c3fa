package batch

import (
	"context"
	"time"

	"axgbind/aliyun"
	"axgbind/report"
)

const (
	// maxSettling bounds the rows that wait for their look-ups.
	maxSettling = 8192
	// settleAfter and settleTimeouts: an empty look-up counts as "not bound"
	// only so long after the last call left, and so many timeouts: the call may
	// still be under way, and what it does may show late.
	settleAfter    = 30 * time.Second
	settleTimeouts = 3
	// maxUnclear is how many look-ups in a row may fail before a row is left
	// UNKNOWN for this run.
	maxUnclear = 10
)

// lookable reports whether a row's lost answer can be looked up.
func (r *Run) lookable(row *Row) bool {
	l, ok := r.op.(Looker)
	return ok && l.Lookable(row)
}

// doubtful reports whether row i is to be looked up now.
func (r *Run) doubtful(i int, row *Row) bool {
	e := &r.journal.entries[r.plan.rows[i].entry]
	return e.touched && e.status == report.Unknown && !r.plan.rows[i].odd && r.lookable(row) && !r.barred.Load()
}

// giveUp counts a row that was sent in this run, names its X, and stays
// UNKNOWN all the same.
func (r *Run) giveUp(i int, row *Row, attempts uint16) {
	e := &r.journal.entries[r.plan.rows[i].entry]
	if e.status == report.Unknown && e.attempts > attempts && r.lookable(row) {
		r.settle(e.status, r.journal.codeText(e.code))
	}
}

// resolve looks up what became of a row until that is settled, sending it
// again with the same X when it was shown not to be bound. It returns an error
// only if the run cannot go on.
func (r *Run) resolve(ctx context.Context, i int, row *Row) error {
	e := &r.journal.entries[r.plan.rows[i].entry]
	for tries := 0; tries < maxUnclear && r.doubtful(i, row); tries++ {
		again, err := r.lookUp(ctx, i, row, e)
		if err != nil {
			return err
		}
		if !again || r.opt.LookOnly {
			break
		}
		r.live.retries.Add(1)
		if err := r.carry(ctx, i, row, nil); err != nil {
			return err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil
}

// lookUp looks until there is a verdict, and records it. again is set if the
// row was shown not to be bound.
func (r *Run) lookUp(ctx context.Context, i int, row *Row, e *entry) (again bool, err error) {
	r.live.looking.Add(1)
	defer r.live.looking.Add(-1)
	first, err := r.journal.detailAt(e.intent)
	if err != nil {
		return false, err
	}
	last, err := r.journal.detailAt(e.last)
	if err != nil {
		return false, err
	}
	due := r.settled(time.UnixMilli(last.T))
	since := time.UnixMilli(first.T)
	if first.Undated {
		since = time.Time{}
	}
	looker := r.op.(Looker)
	for failed := 0; ; {
		f, ok := r.look(ctx, func(pay func(context.Context) error) Finding {
			return looker.Look(context.WithoutCancel(ctx), row, since, pay)
		})
		if !ok {
			return false, nil
		}
		switch f.Proof {
		case Unclear:
			if failed++; failed >= maxUnclear {
				return false, nil
			}
			if sleepUntil(ctx, time.Now().Add(r.backoff(throttleBase, failed, 0))) != nil {
				return false, nil
			}
			continue
		case Barred:
			r.bar(f)
			return false, nil
		case Absent, Foreign, Older:
			if f.Proof != Absent && row.chosen == "" {
				break // the row asks for this X and no other
			}
			if time.Now().Before(due) {
				failed = 0
				if sleepUntil(ctx, due) != nil {
					return false, nil
				}
				continue
			}
		}
		return r.recordFinding(i, row, e, f)
	}
}

// settled is when a call that left at a time can no longer be executed late.
func (r *Run) settled(left time.Time) time.Time {
	return settledAt(left, max(r.opt.Timeout, r.journal.longestTimeout()))
}

// longestTimeout is the longest that a call of an earlier run could take; 0 if
// none says.
func (j *Journal) longestTimeout() (longest time.Duration) {
	for i := range j.Runs {
		longest = max(longest, time.Duration(j.Runs[i].Timeout*float64(time.Second)))
	}
	return longest
}

func settledAt(left time.Time, timeout time.Duration) time.Time {
	wait := max(settleAfter, settleTimeouts*timeout)
	due := left.Add(wait)
	if enough := time.Now().Add(wait); due.After(enough) {
		due = enough // the clock was set back since
	}
	return due
}

// recordFinding makes a verdict count. again is set if the row is known not to
// be bound and may be sent again: with the same X, or with another if its own
// was chosen for it and others have it.
func (r *Run) recordFinding(i int, row *Row, e *entry, f Finding) (again bool, err error) {
	status, code := report.Unknown, r.journal.codeText(e.code)
	if at := r.plan.rows[i].entry; f.Proof == Ours && (r.plan.rows[i].twin || r.journal.owners.claim(f.SubsID, at) != at) {
		f.Proof = Odd // it may be the other row's
	}
	if e.is(markBlind) && (f.Proof == Absent || f.Proof == Foreign || f.Proof == Older) {
		f.Proof = Blind
	}
	d := detail{T: time.Now().UnixMilli(), RequestID: f.RequestID, Look: f.Proof.String()}
	if !f.Created.IsZero() {
		d.Created = f.Created.In(report.Beijing).Format(time.DateTime)
	}
	switch f.Proof {
	case Ours:
		status, code = report.Bound, aliyun.CodeOK
		d.SubsID, d.SecretNo = f.SubsID, f.SecretNo
	case Foreign, Older:
		status, code = report.Failed, aliyun.CodeBindConflict
		if row.chosen != "" {
			status, code, again = report.Pending, "", true
		}
		d.SubsID = f.SubsID
	case Absent:
		again = true
		status, code = report.Pending, ""
	case Odd:
		d.SubsID = f.SubsID
	case Blind:
	}
	at, err := r.journal.look(r.plan.key(i), status, code, &d)
	if err != nil {
		return false, err
	}
	if again && f.Proof != Absent {
		row.chosen, e.doubted = "", false
	}
	e.status, e.code, e.outcome = status, r.journal.codeIndex(code), at
	e.looked(status)
	if status == report.Bound || status == report.Failed {
		r.settle(status, code)
	}
	if f.Proof == Odd || f.Proof == Blind {
		// Looking again would show the same; a person has to.
		r.plan.rows[i].odd = true
	}
	return again, nil
}

// String is the verdict's name in the journal.
func (v Proof) String() string {
	switch v {
	case Ours:
		return "ours"
	case Foreign:
		return "foreign"
	case Older:
		return "older"
	case Absent:
		return "absent"
	case Odd:
		return "odd"
	case Barred:
		return "barred"
	case Unfound:
		return "unfound"
	case Blind:
		return "blind"
	}
	return "unclear"
}
