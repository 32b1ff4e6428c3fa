package batch

import (
	"context"
	"fmt"
	"time"

	"axgbind/aliyun"
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
func (r *Run) carry(ctx context.Context, i int, row *Row, here *arrival) error {
	var connects, throttles int
	var refreshed bool
	for {
		probe, err := r.brake.enter(ctx)
		if err != nil {
			return nil // stopped: the row stays as it is
		}
		answer, then, err := r.attempt(ctx, i, row, probe, here)
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
		case aliyun.Throttled:
			throttles++
			wait = r.backoff(throttleBase, throttles, answer.RetryAfter)
		case aliyun.NotSent:
			if connects++; connects > r.opt.Retries {
				connects = 0
				r.brake.pull()
				continue // wait there; the row may become the probe
			}
			wait = r.backoff(connectBase, connects, 0)
		case aliyun.Stale:
			if refreshed {
				r.end(StopAccount, answer.Code)
				return nil
			}
			refreshed = true
			r.op.Refresh()
		}
		r.live.retries.Add(1)
		if err := sleepUntil(ctx, time.Now().Add(wait)); err != nil {
			return nil
		}
	}
}

func (r *Run) backoff(base time.Duration, n int, asked time.Duration) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return backoff(base, n, asked, r.jitter)
}

// attempt makes one call of a row, with its intent before and its outcome
// after, both durable.
func (r *Run) attempt(ctx context.Context, i int, row *Row, probe bool, here *arrival) (answer Answer, then next, err error) {
	made := false
	defer func() {
		if probe && !made {
			r.brake.forgo()
		}
	}()
	spot := r.wire.line()
	here.tell()
	if spot.wait(ctx) != nil {
		return answer, leave, nil
	}
	onWire := true
	defer func() {
		if onWire {
			r.wire.leave()
		}
	}()
	if !probe && r.brake.isPulled() { // else the probe would wait for all the turns of those before it
		return answer, notMade, nil
	}
	turn, err := r.pace.Turn(ctx)
	if err != nil {
		return answer, leave, nil
	}
	p := &r.plan.rows[i]
	switch {
	case !probe && r.brake.isPulled():
		turn.Withdraw()
		return answer, notMade, nil
	case r.capacity.stopped(row.Fields[PoolKey], row.Fields[ExpectCity]):
		turn.Withdraw()
		p.fate = fatePoolStop
		return answer, leave, nil
	case r.op.Late(row, time.Now().Add(onTheWay)):
		turn.Withdraw()
		p.fate = fateLate
		r.live.invalid.Add(1)
		return answer, leave, nil
	}

	e := &r.journal.entries[p.entry]
	key, attempt := r.plan.key(i), e.attempts+1
	unresolved := e.touched && e.status == report.Unknown
	d := detailOf(row)
	d.T = time.Now().UnixMilli()
	at, err := r.journal.intent(key, attempt, &d)
	if err != nil {
		turn.Withdraw()
		return answer, leave, err
	}
	if e.intent < 0 {
		e.intent = at
	}
	e.last = at
	e.attempts, e.touched = attempt, true
	if turn.Release(ctx) != nil {
		e.attempts--
		return answer, leave, r.journal.withdraw(key, attempt)
	}

	made = true
	// Until its outcome is durable the row is one whose call may have left.
	e.status, e.code, e.outcome = report.Unknown, r.journal.codeIndex(aliyun.CodeInterrupted), -1
	released := time.Now()
	answer = r.call(ctx, row)
	took := time.Since(released)
	r.wire.leave()
	onWire = false

	if answer.Code == aliyun.CodeBindConflict && e.doubted && r.lookable(row) {
		unresolved = true // may be the binding of the lost call: look again
	}
	status, then := judge(answer.Class, unresolved)
	finished := detail{
		T: time.Now().UnixMilli(), Message: answer.Message, SecretNo: answer.SecretNo, SubsID: answer.SubsID,
		RequestID: answer.RequestID, HTTP: answer.HTTPStatus, LatencyMs: took.Milliseconds(),
	}
	at, err = r.journal.outcome(key, attempt, status, answer.Code, &finished)
	if err != nil {
		r.rescue(row, status, answer)
		return answer, leave, err
	}
	e.status, e.code, e.outcome = status, r.journal.codeIndex(answer.Code), at
	e.doubted = e.doubted || status == report.Unknown
	r.opt.Log.Debug("call", "line", row.Line, "attempt", attempt, "status", status.String(), "code", answer.Code,
		"request_id", answer.RequestID, "ms", took.Milliseconds())

	r.learn(row, answer, released, took, probe)
	if then == leave && (status != report.Unknown || !r.lookable(row)) {
		r.settle(status, answer.Code)
	}
	if answer.Class == aliyun.AccountRefused {
		r.end(StopAccount, answer.Code)
	}
	return answer, then, nil
}

// call makes the call, which keeps its own timeout whatever becomes of the run.
func (r *Run) call(ctx context.Context, row *Row) Answer {
	r.live.calls.Add(1)
	r.live.inFlight.Add(1)
	defer r.live.inFlight.Add(-1) // a panic ends the row, not the process
	return r.op.Call(context.WithoutCancel(ctx), row)
}

// judge says where a row stands after an answer, and what follows. While an
// earlier attempt is unresolved, no refusal of a later one settles the row.
func judge(class aliyun.Class, unresolved bool) (report.Status, next) {
	status, then := report.Pending, leave
	switch class {
	case aliyun.Done:
		return report.Bound, leave
	case aliyun.Ambiguous:
		return report.Unknown, leave
	case aliyun.RowRefused:
		status = report.Failed
	case aliyun.Throttled, aliyun.NotSent, aliyun.Stale:
		then = again
	case aliyun.Capacity, aliyun.AccountRefused:
	}
	if unresolved {
		status = report.Unknown
	}
	return status, then
}

// learn tells an answer to everything that steers the run.
func (r *Run) learn(row *Row, answer Answer, released time.Time, took time.Duration, probe bool) {
	throttled := answer.Class == aliyun.Throttled
	if throttled {
		r.live.throttled.Add(1)
	}
	if answer.Class != aliyun.NotSent {
		r.measure(took)
		r.mu.Lock()
		r.governor.observe(released, throttled)
		r.mu.Unlock()
	}
	if probe || answer.Class != aliyun.NotSent { // a row's own tries come before the brake
		r.brake.report(probe, trouble(answer.Class))
	}
	if answer.Class == aliyun.Capacity || answer.Class == aliyun.Done {
		pool, city := row.Fields[PoolKey], row.Fields[ExpectCity]
		if r.capacity.report(pool, city, row.Fields[PhoneNoA], answer.Class == aliyun.Capacity) {
			r.opt.Explain(Message{Event: EventPlaceStopped, Code: answer.Code, Place: pool + " " + city})
		}
	}
}

// rescue says on the way out what the journal could not take: with it, a
// person can still find and release the binding.
func (r *Run) rescue(row *Row, status report.Status, a Answer) {
	r.opt.Rescue(fmt.Sprintf("rescue: line=%d status=%s code=%s subs_id=%s request_id=%s",
		row.Line, status, codeWord(a.Code), codeWord(a.SubsID), codeWord(a.RequestID)))
}
