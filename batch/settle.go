package batch

import (
	"context"
	"errors"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

const (
	// maxSettling bounds the rows that wait for their look-ups.
	maxSettling = 8192
	// sayWait is how long a wait for that is said.
	sayWait = 5 * time.Second
)

// lookable reports whether a row's lost answer can be looked up.
func (r *Run) lookable(row *plan.Row) bool {
	l, ok := r.op.(Looker)
	return ok && l.Lookable(row)
}

// doubtful reports whether row i is to be looked up now.
func (r *Run) doubtful(i int, row *plan.Row) bool {
	return !r.plan.Entries[i].Is(plan.MarkOdd) && !r.barred.Load() && r.lookable(row) && r.inDoubt(i) != nil
}

// inDoubt is the latest call of row i that a look-up by X can settle; nil if
// there is none.
func (r *Run) inDoubt(i int) *ledger.CallInfo {
	for _, c := range r.journal.Calls(r.plan.Entries[i].Row) {
		if plan.InDoubt(c) {
			return &c
		}
	}
	return nil
}

// giveUp counts a row that was sent in this run, names its X, and stays
// UNKNOWN all the same.
func (r *Run) giveUp(i int, row *plan.Row, attempts int) {
	if status, code := r.plan.Verdict(i); status == report.Unknown && r.plan.Info(i).Attempts > attempts && r.lookable(row) {
		r.countEnd(status, code, ledger.Bind)
	}
}

// resolve looks up what became of a row until that is settled, sending it
// again with the same X when it was shown not to be bound. It returns an error
// only if the run cannot go on.
func (r *Run) resolve(ctx context.Context, i int, row *plan.Row, here *arrival) error {
	for tries := 0; tries < lookup.MaxUnclear && r.doubtful(i, row); tries++ {
		settled, err := r.lookUp(ctx, i, row, *r.inDoubt(i), here)
		if err != nil {
			return err
		}
		switch {
		case !settled:
			return nil
		case r.inDoubt(i) != nil:
			continue
		case r.opt.LookOnly || r.plan.Status(i) != report.Pending || !r.mayGo(i, row):
			return nil
		}
		r.live.retries.Add(1)
		row.ResetExpiration()
		if err := r.send(ctx, i, row, nil); err != nil {
			return err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil
}

// mayGo reports whether a row that was found not to be bound may be sent: it was not
// asked as long as it was UNKNOWN, and its place may have another binding. The next
// plan says what becomes of one that may not.
func (r *Run) mayGo(i int, row *plan.Row) (yes bool) {
	f := &row.Fields
	intent := ledger.Record{Op: ledger.Bind, Row: r.plan.Key(i), Place: input.PlaceOf(f[field.PoolKey], f[field.PhoneNoA], f[field.GroupID]), Consent: r.plan.Entries[i].Consent(r.plan.Second)}
	r.journal.Asks(func(l *ledger.Ledger) { yes = l.Check(&intent, r.journal.Clock()) == ledger.None })
	return yes
}

// lookUp looks until there is a verdict on a call of a row, and records it.
// settled is set if the call is in doubt no more.
func (r *Run) lookUp(ctx context.Context, i int, row *plan.Row, c ledger.CallInfo, here *arrival) (settled bool, err error) {
	r.live.looking.Add(1)
	defer r.live.looking.Add(-1)
	sent, err := r.journal.DetailAt(c.Ref)
	if err != nil {
		return false, err
	}
	if row.Fields[field.PhoneNoX] == "" {
		row.Chosen = sent.PhoneNoX
	}
	l := &lostCall{Run: r, i: i, row: row, call: c, undated: sent.Undated, pool: row.Fields[field.PoolKey], here: here}
	for {
		f, until, ok := l.shown(ctx)
		if !ok {
			return false, nil
		}
		if f.Proof == books.Barred {
			r.bar(f)
			return false, nil
		}
		at, err := l.again(ctx, f, until)
		if err != nil {
			return false, err
		}
		if at.IsZero() {
			if unproven(f) || f.Proof == books.Masked {
				r.tells(l.pool, f.Proof)
			}
			return r.recordFinding(i, row, c, f)
		}
		if pace.SleepUntil(ctx, at) != nil {
			return false, nil
		}
	}
}

// lostCall is a call whose answer was lost, while it is looked up.
type lostCall struct {
	*Run
	i       int // of the row
	row     *plan.Row
	call    ledger.CallInfo
	undated bool // nobody knows when it left
	pool    string
	here    *arrival
	failed  int // look-ups in a row that said nothing
}

// look makes one look-up.
func (l *lostCall) look(ctx context.Context) (lookup.Finding, bool) {
	q := lookup.Question{Left: time.UnixMilli(l.call.At), Form: l.controls.Form(l.pool)}
	if l.undated {
		q.Left = time.Time{}
	}
	return l.Run.look(ctx, l.here, func(pay func(context.Context) error) lookup.Finding {
		return l.op.(Looker).Look(context.WithoutCancel(ctx), l.row, q, pay)
	})
}

// shown is what a look-up shows, between two controls where it would settle the call, and
// from when on it may settle it. ok is false if it shows nothing because the run ends.
func (l *lostCall) shown(ctx context.Context) (f lookup.Finding, until time.Time, ok bool) {
	f, ok = l.look(ctx)
	if l.opt.Service != nil {
		l.journal.Hear(l.opt.Service())
	}
	until = l.journal.SettleableFrom(l.call).Add(time.Millisecond) // the ledger counts whole ones
	if controlled := f.Proof.Shown().Controlled(); ok && (controlled && time.Until(until) <= 0 || f.Proof == books.Odd && f.Shifted) {
		f, ok = l.between(ctx, l.pool, func() (lookup.Finding, bool) { return l.look(ctx) })
		if f.Proof.Shown().Controlled() && time.Until(until) <= 0 {
			until = l.unlagged(&f)
		}
	}
	if ok && f.Proof == books.Ours && l.journal.Has(l.plan.Entries[l.i].Row, ledger.ParseSubsID(f.SubsID)) {
		f.Proof = books.Absent // what another call of the row made, which proves itself: no X has two
		f.Evidence = ledger.Evidence{Before: true, After: true}
	}
	return f, until, ok
}

// unlagged is from when on what is shown cannot be late. A finding for which that is not
// known, or too far off, is unproven.
func (l *lostCall) unlagged(f *lookup.Finding) time.Time {
	until, sure := l.controls.From(l.pool, l.journal.Past(l.call.At), books.WaitedFor(l.call))
	if wait := time.Until(until); !sure || wait > lookup.LongestLag {
		f.Proof = books.Unproven
	} else if wait > sayWait {
		l.waits(l.pool, wait)
	}
	return until
}

// again is when the call is to be looked up again; zero: what was shown counts. The error
// is errPostponed if that is once all rows have been sent.
func (l *lostCall) again(ctx context.Context, f lookup.Finding, until time.Time) (at time.Time, err error) {
	switch f.Proof {
	case books.Unclear:
		if l.failed++; !f.Gives(l.failed) {
			at = time.Now().Add(l.backoff(pace.ThrottleBase, l.failed, 0))
		}
	case books.Absent, books.Foreign, books.Older:
		if time.Until(until) > 0 {
			l.controls.Before(ctx, l.pool) // how much look-ups lag at most shows best while the controls are young
			l.failed, at = 0, until
		}
	case books.Unproven, books.Distrusted:
		if l.postpone(l.i) {
			return at, errPostponed
		}
		if wait := l.controls.Awaits(l.pool); wait > 0 { // look-ups may lag
			l.waits(l.pool, lookup.UnseenFor)
			at = time.Now().Add(wait)
		}
	}
	return at, nil
}

// waits says, once for each pool, that look-ups are waited for.
func (r *Run) waits(pool string, wait time.Duration) {
	if _, said := r.said.LoadOrStore(pool+" lags", true); !said {
		r.opt.Explain(Message{Event: EventLookLags, Place: pool, Wait: wait})
	}
}

// errPostponed says that a row is looked up later.
var errPostponed = errors.New("looked up once all rows have been sent")

// recordFinding makes a verdict on a call count. A row that is known not to be
// bound is sent again: with the same X, or with another if its own was chosen for
// it and others have it.
func (r *Run) recordFinding(i int, row *plan.Row, c ledger.CallInfo, f lookup.Finding) (settled bool, err error) {
	p := &r.plan.Entries[i]
	id := ledger.ParseSubsID(f.SubsID)
	e := f.Evidence
	e.Late = !r.journal.Settleable(c)
	if f.Proof == books.Ours {
		if e.Rivals, err = r.rivals(row, c, f); err != nil {
			return false, err
		}
		if e.Rivals = e.Rivals || p.Is(plan.MarkSameX) || r.journal.Claim(id, p.Row) != p.Row; e.Rivals {
			f.Proof = books.Odd // it may be another row's
		}
	}
	if f.Proof == books.Older && row.Chosen != "" {
		f.Proof = books.Odd // its A and group have a binding: another X would be a second one
	}
	if c.Elsewhere && (f.Proof == books.Absent || f.Proof == books.Foreign || f.Proof == books.Older) {
		f.Proof = books.Blind
	}
	d := books.Detail{T: time.Now().UnixMilli(), RequestID: f.RequestID, Look: f.Proof.String(), SubsID: f.SubsID}
	if !f.Created.IsZero() {
		d.Created = f.Created.In(report.Beijing).Format(time.DateTime)
	}
	kind, code, binding := ledger.Settles(f.Proof.Shown(), e), r.plan.Info(i).Code, ledger.SubsID(0)
	switch kind {
	case ledger.Found:
		code, binding = aliyun.CodeOK, id
		d.SecretNo = f.SecretNo
	case ledger.Taken:
		if code = aliyun.CodeBindConflict; row.Chosen != "" {
			kind, code, row.Chosen = ledger.Absent, "", ""
		}
	case ledger.Absent:
		code = ""
		d.PhoneNoX = row.Chosen // which it keeps
	default:
		// Looking again would show the same; a person has to.
		p.Marks |= plan.MarkOdd
	}
	if err := r.journal.EndCall(ledger.Record{Kind: kind, Call: c.Number, Binding: binding, Code: code}, &d); err != nil {
		return false, err
	}
	if status := r.plan.Status(i); status == report.Bound || status == report.Failed {
		r.countEnd(status, code, ledger.Bind)
	}
	return kind != ledger.Looked, nil
}

// rivals reports whether a bind of another row, in doubt as well, may have made the
// binding that was found.
func (r *Run) rivals(row *plan.Row, c ledger.CallInfo, f lookup.Finding) (yes bool, err error) {
	var binds []ledger.CallInfo
	r.journal.Asks(func(l *ledger.Ledger) { _, binds = l.At(c.Place, r.journal.Clock()) })
	for _, other := range binds {
		if other.Row == c.Row {
			continue
		}
		sent, err := r.journal.DetailAt(other.Ref)
		if err != nil {
			return false, err
		}
		if (sent.PhoneNoX == "" || sent.PhoneNoX == f.SecretNo) && sent.PhoneNoB == row.Fields[field.PhoneNoB] && sent.Expiration == row.Fields[field.Expiration] {
			return true, nil
		}
	}
	return false, nil
}
