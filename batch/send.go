package batch

import (
	"context"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
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

// send makes the attempts of one row until it ends or the run stops. here is
// told when the row stands in line for the first of them; it may be nil. It
// returns an error only if the run cannot go on.
func (r *Run) send(ctx context.Context, i int, row *plan.Row, here *arrival) error {
	if !r.clear(ctx, row, here) || !r.proves(ctx, i, row, here) {
		return nil
	}
	var tried tries
	for {
		if r.throttling.Wait(ctx) != nil {
			return nil
		}
		p, err := r.breaker.enter(ctx, false)
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
		var wait time.Duration
		if then == again {
			wait, then = r.wait(&tried, answer)
		}
		switch then {
		case leave:
			return nil
		case notMade:
			continue
		}
		r.live.retries.Add(1)
		if err := pace.SleepUntil(ctx, time.Now().Add(wait)); err != nil {
			return nil
		}
	}
}

// clear waits until no earlier call on the row's binding can be executed any more.
func (r *Run) clear(ctx context.Context, row *plan.Row, here *arrival) bool {
	t := row.Target
	if t == nil || time.Until(t.After) <= 0 {
		return true
	}
	here.tell() // the rows behind need not wait for this one
	r.live.waiting.Add(1)
	defer r.live.waiting.Add(-1)
	until := t.After.Add(onTheWay)
	if wait := time.Until(until); wait > sayWait {
		if _, said := r.said.LoadOrStore("earlier calls", true); !said {
			r.opt.Explain(Message{Event: EventWaits, Wait: wait})
		}
	}
	return pace.SleepUntil(ctx, until) == nil
}

// tries are the tries of a row that came to nothing, by why.
type tries struct {
	connects, throttles, losses int
}

// wait is how long a row waits after an answer until it is tried again. Other than again,
// the row is left as it is, or goes to the breaker at once, where it may become the probe.
func (r *Run) wait(t *tries, answer Answer) (wait time.Duration, then next) {
	switch answer.Class {
	case aliyun.Done: // the row takes further calls
		return 0, notMade
	case aliyun.RowRefused: // not the row but the X chosen for it
	case aliyun.Ambiguous: // of a call that may be repeated
		if t.losses++; t.losses > r.opt.Retries {
			return 0, leave
		}
		wait = r.backoff(pace.ThrottleBase, t.losses, 0)
	case aliyun.Throttled:
		t.throttles++
		wait = r.backoff(pace.ThrottleBase, t.throttles, answer.RetryAfter)
	case aliyun.NotSent:
		if t.connects++; t.connects > r.opt.Retries {
			t.connects = 0
			r.breaker.trip()
			return 0, notMade
		}
		wait = r.backoff(pace.ConnectBase, t.connects, 0)
	case aliyun.Stale: // the breaker tells when it may go again
	}
	return wait, again
}

func (r *Run) backoff(base time.Duration, n int, asked time.Duration) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return pace.Backoff(base, n, asked, r.jitter)
}

// attempt makes one call of a row, with its intent before and its outcome
// after, both durable.
func (r *Run) attempt(ctx context.Context, i int, row *plan.Row, pass permit, here *arrival) (answer Answer, then next, err error) {
	op := r.opOf(i)
	made := false
	defer func() {
		if !made {
			r.breaker.forgo(pass)
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
	if r.breaker.bars(pass) { // else the probe would wait for all the turns of those before it
		return answer, notMade, nil
	}
	turn, err := r.pace.Turn(ctx)
	if err != nil {
		return answer, leave, nil
	}
	if r.breaker.bars(pass) || r.throttling.Holds() {
		turn.Withdraw()
		return answer, notMade, nil
	}
	if !r.ready(op, i, row) {
		turn.Withdraw()
		return answer, leave, nil
	}

	c := &call{row: row, n: r.plan.Entries[i].Row}
	c.past = r.before(c.n)
	if ok, err := r.intend(i, op, c); !ok {
		turn.Withdraw()
		return answer, leave, err
	}
	then = notMade // if the breaker was tripped meanwhile, or the service asked to wait
	if turn.Release(ctx) != nil {
		then = leave
	}
	if then == leave || r.breaker.bars(pass) || r.throttling.Holds() {
		return answer, then, r.journal.Withdraw(c.number)
	}

	made = true
	r.know(numberOf(row))
	pass.harmless, pass.generation = c.op.MayRepeat(), r.breaker.generation.Load()
	released := time.Now()
	c.answer = r.make(ctx, op, c)
	took := time.Since(released)
	r.heed(&c.answer)
	r.wire.Leave()
	onWire = false

	if c.answer.TooOld { // the next attempt has another intent
		made = false
		r.live.count(c.op, -1)
		return c.answer, again, r.journal.Withdraw(c.number)
	}
	r.know(number{row.Fields[field.PoolKey], c.answer.SecretNo})
	v := op.judge(ctx, r, c)
	if err := r.record(c, &v, took); err != nil {
		return v.answer, leave, err
	}
	op.learned(r, c, &v)
	status, code := r.plan.Verdict(i)
	r.opt.Log.Debug("call", "line", row.Line, "call", c.number, "status", status.String(), "code", v.answer.Code,
		"request_id", v.answer.RequestID, "ms", took.Milliseconds())

	r.learn(v.answer, released, took, pass)
	if v.then == leave && (status != report.Unknown || !r.lookable(row)) {
		r.countEnd(status, code, c.op)
	}
	if v.answer.Class == aliyun.AccountRefused {
		r.end(books.StopAccount, v.answer.Code)
	}
	return v.answer, v.then, nil
}

// ready reports whether a call of row i may still be made, and gives the row its fate if
// it may not.
func (r *Run) ready(op Operation, i int, row *plan.Row) bool {
	p := &r.plan.Entries[i]
	switch {
	case !op.supplied(&r.supplies, row):
		p.Fate = plan.FatePoolStop
	case op.Late(row, time.Now().Add(onTheWay)):
		p.Fate = plan.FateLate
		r.live.invalid.Add(1)
	case !op.choose(&r.supplies, row):
		p.Fate = plan.FateNoNumber
	default:
		return true
	}
	return false
}

// make makes the call, which keeps its own timeout whatever becomes of the run.
func (r *Run) make(ctx context.Context, op Operation, c *call) Answer {
	r.live.count(c.op, 1)
	r.live.inFlight.Add(1)
	defer r.live.inFlight.Add(-1) // a panic ends the row, not the process
	return op.Call(context.WithoutCancel(ctx), c.row)
}

// record makes durable what became of a call.
func (r *Run) record(c *call, v *verdict, took time.Duration) error {
	answer, x := &v.answer, c.row.X()
	d := books.Detail{
		T: time.Now().UnixMilli(), Message: answer.Message, SecretNo: answer.SecretNo, SubsID: answer.SubsID, PhoneNoX: v.keeps,
		RequestID: answer.RequestID, HTTP: answer.HTTPStatus, LatencyMs: took.Milliseconds(),
	}
	d.Name(&answer.Named)
	record := ledger.Record{Kind: v.kind, Call: c.number, Binding: v.binding, Code: answer.Code}
	record.Elsewhere = v.kind == ledger.Lost && answer.Named.SecretNo != "" && x != "" && answer.Named.SecretNo != x
	if err := r.journal.EndCall(record, &d); err != nil {
		r.rescue(c.row, v.kind, *answer)
		return err
	}
	if v.gone {
		return r.journal.Vanish(c.row.Target.Binding, answer.Code, &d)
	}
	return nil
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

// heed takes what an answer asks of the whole run, before the next call can leave.
func (r *Run) heed(answer *Answer) {
	switch answer.Class {
	case aliyun.Throttled:
		held, over := r.throttling.Throttled(answer.RetryAfter, time.Now())
		if held > 0 {
			r.opt.Explain(Message{Event: EventRetryAfter, Code: answer.Code, Wait: held})
		}
		if over {
			r.end(books.StopThrottled, answer.Code)
		}
	case aliyun.NotSent:
	default:
		r.throttling.Answered()
	}
}

// learn tells an answer to everything that steers the run.
func (r *Run) learn(answer Answer, released time.Time, took time.Duration, pass permit) {
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
	if pass.probe || answer.Class != aliyun.NotSent { // a row's own tries come before a pause
		if r.breaker.report(pass, answer.Class, answer.Code) {
			r.end(books.StopAccount, answer.Code)
		}
	}
}
