package batch

import (
	"context"
	"errors"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// next is what follows an attempt.
type next uint8

const (
	leave   next = iota // the row has ended, or stays as it is
	again               // wait, then try again
	notMade             // the attempt was given up before its intent; try again at once
)

// onTheWay is more than a call takes from the last check of its row until the
// service judges it: intent, exact moment, network.
const onTheWay = time.Second

// carry makes the attempts of one row until it ends or the run stops. here is
// told when the row stands in line for the first of them; it may be nil. It
// returns an error only if the run cannot go on.
func (r *Run) carry(ctx context.Context, i int, row *plan.Row, here *arrival) error {
	if t := row.Target; t != nil && time.Until(t.After) > 0 {
		here.tell() // the rows behind need not wait for this one
		if pace.SleepUntil(ctx, t.After.Add(onTheWay)) != nil {
			return nil
		}
	}
	if !r.proves(ctx, i, row, here) {
		return nil
	}
	var connects, throttles, losses int
	for {
		p, err := r.door.enter(ctx, false)
		if err != nil {
			return nil // stopped: the row stays as it is
		}
		if p.lookFirst {
			r.sound(ctx, row, p)
			continue
		}
		answer, then, err := r.attempt(ctx, i, row, p, here)
		if err != nil {
			return err
		}
		switch then {
		case leave:
			return nil
		case notMade:
			continue
		}
		var wait time.Duration
		switch answer.Class {
		case aliyun.Done: // the row takes further calls
			continue
		case aliyun.RowRefused: // not the row but the X chosen for it
		case aliyun.Ambiguous: // of a call that may be repeated
			if losses++; losses > r.opt.Retries {
				return nil
			}
			wait = r.backoff(pace.ThrottleBase, losses, 0)
		case aliyun.Throttled:
			throttles++
			wait = r.backoff(pace.ThrottleBase, throttles, answer.RetryAfter)
		case aliyun.NotSent:
			if connects++; connects > r.opt.Retries {
				connects = 0
				r.door.pull()
				continue // wait there; the row may become the probe
			}
			wait = r.backoff(pace.ConnectBase, connects, 0)
		case aliyun.Stale: // the door tells when it may go again
		}
		r.live.retries.Add(1)
		if err := pace.SleepUntil(ctx, time.Now().Add(wait)); err != nil {
			return nil
		}
	}
}

func (r *Run) backoff(base time.Duration, n int, asked time.Duration) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return pace.Backoff(base, n, asked, r.jitter)
}

// attempt makes one call of a row, with its intent before and its outcome
// after, both durable.
func (r *Run) attempt(ctx context.Context, i int, row *plan.Row, pass pass, here *arrival) (answer Answer, then next, err error) {
	op := r.opOf(i)
	made := false
	defer func() {
		if !made {
			r.door.forgo(pass)
		}
	}()
	spot := r.wire.Line()
	here.tell()
	if spot.Wait(ctx) != nil {
		return answer, leave, nil
	}
	onWire := true
	defer func() {
		if onWire {
			r.wire.Leave()
		}
	}()
	if r.door.bars(pass) { // else the probe would wait for all the turns of those before it
		return answer, notMade, nil
	}
	turn, err := r.pace.Turn(ctx)
	if err != nil {
		return answer, leave, nil
	}
	p := &r.plan.Entries[i]
	switch {
	case r.door.bars(pass):
		turn.Withdraw()
		return answer, notMade, nil
	case !op.Repeatable() && r.capacity.stopped(row.Fields[input.PoolKey], row.Fields[input.ExpectCity]):
		turn.Withdraw()
		p.Fate = plan.FatePoolStop
		return answer, leave, nil
	case op.Late(row, time.Now().Add(onTheWay)):
		turn.Withdraw()
		p.Fate = plan.FateLate
		r.live.invalid.Add(1)
		return answer, leave, nil
	case !op.Repeatable() && !r.choose(row):
		turn.Withdraw()
		p.Fate = plan.FateNoNumber
		return answer, leave, nil
	}

	absent, doubted := r.before(p.Row)
	call, err := r.intend(i, row, op)
	if err != nil {
		turn.Withdraw()
		if forbidden, ok := errors.AsType[*books.ForbiddenError](err); ok { // the others go on; the next plan says what becomes of it
			r.opt.Log.Error("call not made", "line", row.Line, "reason", forbidden.Reason.String())
			err = nil
		}
		return answer, leave, err
	}
	then = notMade // if the door was shut meanwhile
	if turn.Release(ctx) != nil {
		then = leave
	}
	if then == leave || r.door.bars(pass) {
		return answer, then, r.journal.Withdraw(call)
	}

	made = true
	r.know(numberOf(row))
	pass.harmless, pass.generation = op.Repeatable(), r.door.generation.Load()
	released := time.Now()
	answer = r.call(ctx, op, row)
	took := time.Since(released)
	r.wire.Leave()
	onWire = false

	if answer.TooOld { // the next attempt has another intent
		made = false
		r.uncount(op)
		return answer, again, r.journal.Withdraw(call)
	}
	r.know(number{row.Fields[input.PoolKey], answer.SecretNo})
	answer, isGone := r.proven(ctx, op, row, answer)
	if !op.Repeatable() {
		answer = r.claim(p.Row, answer)
	}
	kind, then := judge(op, answer)
	switch {
	case kind != ledger.Refused || op.Repeatable():
	case (absent || doubted) && r.lookable(row) && r.op.(Looker).Suspects(answer):
		kind = ledger.Lost // what is in the way may be what the lost call made: look again
		if absent && r.controls != nil {
			r.controls.Lie(row.Fields[input.PoolKey]) // they showed nothing there
		}
	case !doubted && r.replace(row, answer.Code):
		kind, then = ledger.NotSent, again
	}
	finished := books.Detail{
		T: time.Now().UnixMilli(), Message: answer.Message, SecretNo: answer.SecretNo, SubsID: answer.SubsID,
		RequestID: answer.RequestID, HTTP: answer.HTTPStatus, LatencyMs: took.Milliseconds(),
	}
	finished.Name(&answer.Named)
	if kind == ledger.NotSent && absent {
		finished.PhoneNoX = row.Chosen // which the row keeps
	}
	binding := ledger.SubsID(0)
	if kind == ledger.OK && !op.Repeatable() {
		binding = ledger.ParseSubsID(answer.SubsID)
	}
	record := ledger.Record{Kind: kind, Call: call, Binding: binding, Code: answer.Code}
	record.Elsewhere = kind == ledger.Lost && answer.Named.SecretNo != "" && row.X() != "" && answer.Named.SecretNo != row.X()
	if err := r.journal.EndCall(record, &finished); err != nil {
		r.rescue(row, kind, answer)
		return answer, leave, err
	}
	if kind == ledger.OK && !op.Repeatable() && r.controls != nil {
		r.controls.Bound(&row.Row, answer.SecretNo, answer.SubsID)
	}
	if isGone && kind == ledger.Refused {
		if err := r.journal.Vanish(row.Target.Binding, answer.Code, &finished); err != nil {
			return answer, leave, err
		}
	}
	status, code := r.plan.Verdict(i)
	r.opt.Log.Debug("call", "line", row.Line, "call", call, "status", status.String(), "code", answer.Code,
		"request_id", answer.RequestID, "ms", took.Milliseconds())

	r.learn(op, row, answer, released, took, pass)
	if status == report.Bound && op.Repeatable() {
		r.live.updated.Add(1) // counted apart from what was bound
	}
	if then == leave && (status != report.Unknown || !r.lookable(row)) {
		r.settle(status, code)
	}
	if answer.Class == aliyun.AccountRefused {
		r.end(books.StopAccount, answer.Code)
	}
	return answer, then, nil
}

// before tells what is known of a row before its call: whether a look-up showed
// that an earlier one was not executed, and whether one is in doubt.
func (r *Run) before(n int32) (shownAbsent, doubted bool) {
	calls := r.journal.Calls(n)
	return r.journal.Row(n).Absent, slices.ContainsFunc(calls, func(c ledger.CallInfo) bool { return c.Op == ledger.Bind && !c.Passed })
}

// claim gives the binding of an answer to a row. One whose SubsId another row was
// told cannot be relied on: it may be that row's, and what this call made has a
// name that nobody knows.
func (r *Run) claim(row int32, answer Answer) Answer {
	if answer.Class != aliyun.Done {
		return answer
	}
	owner := r.journal.Claim(ledger.ParseSubsID(answer.SubsID), row)
	if owner == row {
		return answer
	}
	answer.Class, answer.Code = aliyun.Ambiguous, aliyun.CodeIDTwice
	answer.Named = books.Named{SubsID: answer.SubsID, SecretNo: answer.SecretNo}
	answer.Named.Line, answer.Named.Batch = r.plan.Whose(owner)
	answer.SubsID, answer.SecretNo = "", ""
	return answer
}

// intend makes the next attempt of a row known before its call may leave.
func (r *Run) intend(i int, row *plan.Row, op Operation) (call uint64, err error) {
	d, p := plan.DetailOf(&row.Row), &r.plan.Entries[i]
	d.PhoneNoX = row.X()
	d.T = time.Now().UnixMilli()
	record := ledger.Record{
		Op: ledger.Bind, Place: input.PlaceOf(d.PoolKey, d.PhoneNoA, d.GroupID), Ends: plan.EndOf(d.Expiration), Named: d.PhoneNoX != "",
	}
	if op.Repeatable() {
		kind := ledger.Update
		switch {
		case op.Done() == report.Released:
			kind = ledger.Release
		case p.Fate == plan.FateRenew:
			kind = ledger.Renew
		}
		row.Target.Complete(&d)
		if kind == ledger.Update && row.Target.Was != nil {
			d.Line = row.Target.Was.Line // of the row that holds the binding, not of the list
		}
		record = row.Target.Intent(kind, row, &d)
	}
	record.Row, record.Consent = r.plan.Key(i), p.Consent(r.plan.Second)
	call, err = r.journal.Intend(record, books.SettledAfter(r.opt.Timeout), &d)
	row.Intent = aliyun.Intend(time.UnixMilli(d.T))
	return call, err
}

// call makes the call, which keeps its own timeout whatever becomes of the run.
func (r *Run) call(ctx context.Context, op Operation, row *plan.Row) Answer {
	r.live.calls.Add(1)
	if op.Repeatable() {
		r.live.updates.Add(1)
	}
	r.live.inFlight.Add(1)
	defer r.live.inFlight.Add(-1) // a panic ends the row, not the process
	return op.Call(context.WithoutCancel(ctx), row)
}

// uncount takes back that a call was made.
func (r *Run) uncount(op Operation) {
	r.live.calls.Add(-1)
	if op.Repeatable() {
		r.live.updates.Add(-1)
	}
}

// judge says what an answer makes known, and what follows.
func judge(op Operation, answer Answer) (ledger.Kind, next) {
	switch answer.Class {
	case aliyun.Done:
		if answer.More {
			return ledger.Part, again
		}
		return ledger.OK, leave
	case aliyun.Ambiguous:
		if op.Repeatable() {
			return ledger.Lost, again
		}
		return ledger.Lost, leave
	case aliyun.RowRefused:
		return ledger.Refused, leave
	case aliyun.Throttled, aliyun.NotSent, aliyun.Stale:
		return ledger.NotSent, again
	}
	return ledger.NotSent, leave // capacity, account
}

// learn tells an answer to everything that steers the run.
func (r *Run) learn(op Operation, row *plan.Row, answer Answer, released time.Time, took time.Duration, pass pass) {
	throttled := answer.Class == aliyun.Throttled
	if throttled {
		r.live.throttled.Add(1)
	}
	if answer.Class != aliyun.NotSent {
		r.measure(took)
		r.mu.Lock()
		r.governor.Observe(released, throttled)
		r.mu.Unlock()
	}
	if pass.probe || answer.Class != aliyun.NotSent { // a row's own tries come before the brake
		if r.door.report(pass, answer.Class, answer.Code) {
			r.end(books.StopAccount, answer.Code)
		}
	}
	if !op.Repeatable() && (answer.Class == aliyun.Capacity || answer.Class == aliyun.Done) {
		pool, city := row.Fields[input.PoolKey], row.Fields[input.ExpectCity]
		if r.capacity.report(pool, city, row.Fields[input.PhoneNoA], answer.Class == aliyun.Capacity) {
			r.opt.Explain(Message{Event: EventPlaceStopped, Code: answer.Code, Place: pool + " " + city})
		}
	}
}
