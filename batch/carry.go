package batch

import (
	"context"
	"fmt"
	"math"
	"strings"
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
	if t := row.target; t != nil && !t.after.IsZero() {
		here.tell() // the rows behind need not wait for this one
		if sleepUntil(ctx, r.settled(t.after).Add(onTheWay)) != nil {
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
			wait = r.backoff(throttleBase, losses, 0)
		case aliyun.Throttled:
			throttles++
			wait = r.backoff(throttleBase, throttles, answer.RetryAfter)
		case aliyun.NotSent:
			if connects++; connects > r.opt.Retries {
				connects = 0
				r.door.pull()
				continue // wait there; the row may become the probe
			}
			wait = r.backoff(connectBase, connects, 0)
		case aliyun.Stale: // the door tells when it may go again
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
func (r *Run) attempt(ctx context.Context, i int, row *Row, pass pass, here *arrival) (answer Answer, then next, err error) {
	op := r.opOf(i)
	made := false
	defer func() {
		if !made {
			r.door.forgo(pass)
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
	if r.door.bars(pass) { // else the probe would wait for all the turns of those before it
		return answer, notMade, nil
	}
	turn, err := r.pace.Turn(ctx)
	if err != nil {
		return answer, leave, nil
	}
	p := &r.plan.rows[i]
	switch {
	case r.door.bars(pass):
		turn.Withdraw()
		return answer, notMade, nil
	case !op.Repeatable() && r.capacity.stopped(row.Fields[PoolKey], row.Fields[ExpectCity]):
		turn.Withdraw()
		p.fate = fatePoolStop
		return answer, leave, nil
	case op.Late(row, time.Now().Add(onTheWay)):
		turn.Withdraw()
		p.fate = fateLate
		r.live.invalid.Add(1)
		return answer, leave, nil
	case !op.Repeatable() && !r.choose(row):
		turn.Withdraw()
		p.fate = fateNoNumber
		return answer, leave, nil
	}

	e := &r.journal.entries[p.entry]
	was := *e
	unresolved := e.touched && e.status == report.Unknown
	key, attempt, err := r.intend(i, row, e, op)
	if err != nil {
		turn.Withdraw()
		return answer, leave, err
	}
	then = notMade // if the door was shut meanwhile
	if turn.Release(ctx) != nil {
		then = leave
	}
	if then == leave || r.door.bars(pass) {
		*e = was
		e.touched = true
		r.journal.standsAgain(p.entry)
		return answer, then, r.journal.withdraw(key, attempt)
	}

	made = true
	// Until its outcome is durable the row is one whose call may have left.
	e.interrupted(r.journal.codeIndex(aliyun.CodeInterrupted))
	r.know(numberOf(row))
	pass.harmless, pass.generation = op.Repeatable(), r.door.generation.Load()
	released := time.Now()
	answer = r.call(ctx, op, row)
	took := time.Since(released)
	r.wire.leave()
	onWire = false

	r.know(number{row.Fields[PoolKey], answer.SecretNo})
	answer = r.proven(ctx, op, row, answer)
	if !op.Repeatable() {
		answer = r.claim(p.entry, answer)
	}
	if e.doubted && r.lookable(row) && r.op.(Looker).Suspects(answer) {
		unresolved = true // may be the binding of the lost call: look again
	}
	status, then := judge(op, answer, unresolved)
	if status == report.Failed && !op.Repeatable() && r.replace(row, answer.Code) {
		status, then = report.Pending, again
	}
	finished := detail{
		T: time.Now().UnixMilli(), Message: answer.Message, SecretNo: answer.SecretNo, SubsID: answer.SubsID,
		RequestID: answer.RequestID, HTTP: answer.HTTPStatus, LatencyMs: took.Milliseconds(),
	}
	finished.name(row, &answer.Named)
	at, err := r.journal.outcome(key, attempt, status, answer.Code, &finished)
	if err != nil {
		r.rescue(row, status, answer)
		return answer, leave, err
	}
	e.status, e.code, e.outcome = status, r.journal.codeIndex(answer.Code), at
	e.mark(markBlind, e.is(markBlind) || status == report.Unknown && finished.Elsewhere)
	e.doubted = e.doubted || status == report.Unknown || e.is(markRelease) && answer.Class == aliyun.Ambiguous
	r.journal.passOn(p.entry, answer.Code)
	r.opt.Log.Debug("call", "line", row.Line, "attempt", attempt, "status", status.String(), "code", answer.Code,
		"request_id", answer.RequestID, "ms", took.Milliseconds())

	r.learn(op, row, answer, released, took, pass)
	if status == report.Bound && op.Repeatable() {
		r.live.updated.Add(1) // counted apart from what was bound
	}
	if then == leave && (status != report.Unknown || !r.lookable(row)) {
		r.settle(status, answer.Code)
	}
	if answer.Class == aliyun.AccountRefused {
		r.end(StopAccount, answer.Code)
	}
	return answer, then, nil
}

// claim gives the binding of an answer to the row of an entry. One whose SubsId
// another row has cannot be relied on: it may be that row's, and what this call
// made has a name that nobody knows.
func (r *Run) claim(entry int32, answer Answer) Answer {
	if answer.Class != aliyun.Done {
		return answer
	}
	owner := r.journal.owners.claim(answer.SubsID, entry)
	if owner == entry {
		return answer
	}
	answer.Class, answer.Code = aliyun.Ambiguous, aliyun.CodeIDTwice
	answer.Named = Named{SubsID: answer.SubsID, SecretNo: answer.SecretNo}
	answer.Named.Line, answer.Named.Batch = r.plan.whose(owner)
	answer.SubsID, answer.SecretNo = "", ""
	return answer
}

// whose tells the line of the row of an entry, and its batch if that is another.
func (p *Plan) whose(entry int32) (line int, batch string) {
	for i := range p.rows {
		if p.rows[i].entry == entry {
			return int(p.rows[i].line), ""
		}
	}
	e := &p.journal.entries[entry]
	if d, err := p.journal.detailAt(e.intent); err == nil {
		line = d.Line
	}
	if int(e.run) < len(p.journal.Runs) {
		batch = p.journal.Runs[e.run].Results
	}
	return line, batch
}

// name notes the binding that the answer to a row names.
func (d *detail) name(row *Row, n *Named) {
	if n.SubsID == "" && n.SecretNo == "" {
		return
	}
	d.Named, d.Other, d.OtherBatch = strings.TrimSpace(n.SubsID+" "+n.SecretNo), n.Line, n.Batch
	d.Elsewhere = row.x() != "" && n.SecretNo != "" && n.SecretNo != row.x()
}

// intend makes the next attempt of a row known before its call may leave.
func (r *Run) intend(i int, row *Row, e *entry, op Operation) (key Key, attempt uint16, err error) {
	key, attempt = r.plan.key(i), e.attempts+min(1, math.MaxUint16-e.attempts)
	d, k := detailOf(row), kindIntent
	switch {
	case op.Done() == report.Released:
		k, key = kindRelease, releaseKey(row.Fields[PoolKey], row.target.secretNo, row.target.subsID)
	case op.Repeatable():
		k = kindUpdate
	}
	d.T = time.Now().UnixMilli()
	var at int64
	root := int32(-1)
	if op.Repeatable() {
		root = row.target.entry
		row.target.complete(&d)
		at, err = r.journal.intentOn(k, key, attempt, row.target.of, &d)
	} else {
		at, err = r.journal.intent(key, attempt, &d)
	}
	if err != nil {
		return key, attempt, err
	}
	r.journal.changesAgain(r.plan.rows[i].entry, root)
	e.begin(k, at, root, d.PhoneNoX != "")
	return key, attempt, nil
}

// call makes the call, which keeps its own timeout whatever becomes of the run.
func (r *Run) call(ctx context.Context, op Operation, row *Row) Answer {
	r.live.calls.Add(1)
	if op.Repeatable() {
		r.live.updates.Add(1)
	}
	r.live.inFlight.Add(1)
	defer r.live.inFlight.Add(-1) // a panic ends the row, not the process
	return op.Call(context.WithoutCancel(ctx), row)
}

// judge says where a row stands after an answer, and what follows. While an
// earlier attempt is unresolved, no refusal of a later one settles the row.
func judge(op Operation, answer Answer, unresolved bool) (report.Status, next) {
	status, then := report.Pending, leave
	switch answer.Class {
	case aliyun.Done:
		if answer.More {
			return report.Pending, again
		}
		return op.Done(), leave
	case aliyun.Ambiguous:
		if op.Repeatable() {
			return report.Pending, again
		}
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
func (r *Run) learn(op Operation, row *Row, answer Answer, released time.Time, took time.Duration, pass pass) {
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
	if pass.probe || answer.Class != aliyun.NotSent { // a row's own tries come before the brake
		if r.door.report(pass, answer.Class, answer.Code) {
			r.end(StopAccount, answer.Code)
		}
	}
	if !op.Repeatable() && (answer.Class == aliyun.Capacity || answer.Class == aliyun.Done) {
		pool, city := row.Fields[PoolKey], row.Fields[ExpectCity]
		if r.capacity.report(pool, city, row.Fields[PhoneNoA], answer.Class == aliyun.Capacity) {
			r.opt.Explain(Message{Event: EventPlaceStopped, Code: answer.Code, Place: pool + " " + city})
		}
	}
}

// rescue says on the way out what the journal could not take: with it, a
// person can still find and release the binding.
func (r *Run) rescue(row *Row, status report.Status, a Answer) {
	r.opt.Rescue(report.Plain(fmt.Sprintf("rescue: line=%d status=%s code=%s subs_id=%s request_id=%s",
		row.Line, status, codeWord(a.Code), codeWord(a.SubsID), codeWord(a.RequestID))))
}
