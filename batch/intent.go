package batch

import (
	"errors"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
)

// before tells what is known of a row before its call.
func (r *Run) before(n int32) past {
	return past{
		absent:  r.journal.Row(n).Absent,
		doubted: slices.ContainsFunc(r.journal.Calls(n), func(c ledger.CallInfo) bool { return !c.Op.MayRepeat() && !c.Passed }),
	}
}

// intend makes the next attempt of row i known before its call may leave. ok is false if
// it may not: the ledger forbids it, or err says why the run cannot go on.
func (r *Run) intend(i int, op Operation, c *call) (ok bool, err error) {
	d := plan.DetailOf(&c.row.Row)
	d.PhoneNoX = c.row.X()
	d.T = time.Now().UnixMilli()
	record := op.intent(c.row, &d)
	record.Row, record.Consent = r.plan.Key(i), r.plan.Entries[i].Consent(r.plan.Second)
	c.op = record.Op
	c.number, err = r.journal.Intend(record, books.SettledAfter(r.opt.Timeout), &d)
	c.row.Intent = aliyun.Intend(time.UnixMilli(d.T))
	if forbidden, is := errors.AsType[*books.ForbiddenError](err); is { // the others go on; the next plan says what becomes of it
		r.opt.Log.Error("call not made", "line", c.row.Line, "reason", forbidden.Reason.String())
		return false, nil
	}
	return err == nil, err
}

// past is what is known of a row before its call.
type past struct {
	absent  bool // a look-up showed that an earlier call was not executed
	doubted bool // an earlier call is in doubt
}
