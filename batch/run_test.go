package batch_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
	"axgbind/report"
)

// rig is a service behind pipes, a client of it, and a disk for the journal of
// one job; all of it in the fake time of one bubble.
type rig struct {
	t        testing.TB
	disk     *disk
	services []*simulator.Service
	doors    []*simulator.InProcess
	clients  []*aliyun.Client
	calls    map[string]int // by A, over all runs

	mu       sync.Mutex
	read     int            // bytes of the journal that intended covers
	intended map[string]int // durable intents by A
	rescued  []string
	events   []batch.Message
	broken   []string // what the invariants found
}

// inRig runs f in a bubble with a rig for a service with these options.
func inRig(t *testing.T, o simulator.Options, f func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, disk: &disk{syncTime: time.Millisecond}, calls: map[string]int{}}
		defer r.close()
		r.serve(o)
		f(t, r)
		for _, b := range r.broken {
			t.Error(b)
		}
	})
}

// serve makes later runs call another service.
func (r *rig) serve(o simulator.Options) {
	if o.Numbers == 0 && o.Cities == nil {
		o.Numbers = 10_000 // more than any job here has rows; the usual pool costs a millisecond to make
	}
	o.SubsIDOffset = max(o.SubsIDOffset, uint64(len(r.services))*1_000_000)
	s, err := simulator.New(o)
	if err != nil {
		r.t.Fatal(err)
	}
	door := simulator.NewInProcess(s)
	r.services, r.doors = append(r.services, s), append(r.doors, door)
	r.connect(door.URL(), door, 10*time.Second)
}

func (r *rig) connect(url string, door *simulator.InProcess, timeout time.Duration) {
	c, err := aliyun.New(aliyun.Options{
		Endpoint: url, DialContext: door.DialContext, Timeout: timeout,
		Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: simulator.AccessKeyID, AccessKeySecret: simulator.AccessKeySecret}),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.clients = append(r.clients, c)
}

func (r *rig) close() {
	for _, c := range r.clients {
		c.Close()
	}
	for _, d := range r.doors {
		d.Close()
	}
}

func (r *rig) fail(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.broken) < 10 {
		r.broken = append(r.broken, fmt.Sprintf(format, args...))
	}
}

// witness passes calls on, and checks at the time of each that its intent is
// durable.
type witness struct {
	*rig
	batch.Binder
}

func (w witness) BindAxg(ctx context.Context, q *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	w.mu.Lock()
	w.calls[q.PhoneNoA]++
	calls := w.calls[q.PhoneNoA]
	w.mu.Unlock()
	if ctx.Err() != nil {
		w.fail("call for %s under a context that has ended", q.PhoneNoA)
	}
	if n := w.intents(q.PhoneNoA); n < calls {
		w.fail("call %d for %s with %d durable intents", calls, q.PhoneNoA, n)
	}
	return w.Binder.BindAxg(ctx, q)
}

// intents counts the durable intents for a number.
func (r *rig) intents(a string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.disk.kept()
	if len(kept) < r.read || r.intended == nil {
		r.read, r.intended = 0, map[string]int{}
	}
	for l := range bytes.Lines(kept[r.read:]) {
		r.read += len(l)
		if _, rest, ok := bytes.Cut(l, []byte(`"a":"`)); ok && bytes.HasPrefix(l[8:], []byte(" intent ")) {
			r.intended[string(rest[:len(a)])]++
		}
	}
	return r.intended[a]
}

// ended is what a run left behind.
type ended struct {
	batch.Result
	err     error
	plan    *plan.Plan
	counts  map[report.Status]int
	records []report.Record
	calls   int // of this run
	took    time.Duration
	status  batch.Snapshot
}

// codes counts the rows by status and code.
func (e *ended) codes() map[string]int {
	m := map[string]int{}
	for _, rec := range e.records {
		m[strings.TrimSpace(rec.Status.String()+" "+rec.Code)]++
	}
	return m
}

// of returns the record of the row with that A.
func (e *ended) of(a string) report.Record {
	for _, rec := range e.records {
		if rec.Input[0] == a {
			return rec
		}
	}
	return report.Record{}
}

// job says what is run. Zero values make a plain one.
type job struct {
	ctx     context.Context
	plan    plan.Options
	options batch.Options
	op      batch.Operation // nil: bind through the last client
	binder  batch.Binder    // nil: the last client
	input   input.Options
	watch   func(*batch.Run) (stop func()) // nil: nobody watches
}

// run carries a job through one run, as the command line does: read the
// journal, match, send, read the results. It checks what must hold after every
// run.
func (r *rig) run(text string, b job) *ended {
	r.t.Helper()
	b.ctx = cmp.Or(b.ctx, r.t.Context())
	if b.plan.Now.IsZero() {
		b.plan.Now = time.Now()
	}
	b.plan.Batch = cmp.Or(b.plan.Batch, "a.results.csv")
	if b.options.Rate == 0 {
		b.options.Rate = 100
	}
	if b.input.Defaults == nil {
		b.input.Defaults = map[field.Field]string{field.PoolKey: simulator.PoolKey}
	}
	b.options.Seed = cmp.Or(b.options.Seed, 1)
	b.options.Rescue = func(s string) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.rescued = append(r.rescued, s)
	}
	b.options.Explain = func(m batch.Message) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.events = append(r.events, m)
	}
	if b.binder == nil {
		b.binder = r.clients[len(r.clients)-1]
	}
	if b.op == nil {
		b.op = batch.Bind{Client: witness{r, b.binder}}
	}
	var j *books.Journal
	var err error
	if len(r.disk.text) == 0 {
		j, err = books.Create(placed(r.disk), journal.Header{Simulated: true}, journal.Options{})
	} else {
		j, err = books.Open(placed(r.disk), journal.Options{}, 0)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	told(j)
	defer func() { endJournal(r.t, j, r.disk.kept()) }()
	in := bookstest.Input(r.t, text, b.input)
	plan, err := plan.New(in, j, b.plan)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := errors.Join(j.Begin(books.RunStart{Run: "r", Batch: b.plan.Batch}), plan.Carry()); err != nil {
		r.t.Fatal(err)
	}
	run, err := batch.NewRun(plan, b.op, b.options)
	if err != nil {
		r.t.Fatal(err)
	}
	before, start := r.called(), time.Now()
	e := &ended{plan: plan}
	stop := func() {}
	if b.watch != nil {
		stop = b.watch(run)
	}
	e.Result, e.err = run.Do(b.ctx)
	stop()
	e.took, e.calls, e.counts, e.status = time.Since(start), r.called()-before, plan.Counts(), run.Status()
	sum, counts := 0, map[report.Status]int{}
	for _, n := range e.counts {
		sum += n
	}
	standsAsWritten(r.t, plan)
	err = plan.Results(report.EN, e.Stop, func(rec *report.Record) error {
		kept := *rec
		kept.Input = append([]string(nil), rec.Input...)
		e.records = append(e.records, kept)
		counts[rec.Status]++
		return nil
	})
	if err != nil && e.err == nil {
		r.fail("results: %v", err)
	}
	for s, n := range e.counts {
		if err == nil && counts[s] != n {
			r.fail("%d results are %s, counted %d", counts[s], s, n)
		}
	}
	if sum != plan.Rows {
		r.fail("counts %v add up to %d, read %d", e.counts, sum, plan.Rows)
	}
	if e.status.InFlight != 0 || e.status.Left != 0 && e.Stop == books.StopNone && e.err == nil {
		r.fail("after the run %d calls in flight, %d rows left", e.status.InFlight, e.status.Left)
	}
	if peak := e.status.Peak; peak > int(b.options.Rate)+1 {
		r.fail("%d releases in a second", peak)
	}
	r.once(e)
	return e
}

func (r *rig) called() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.calls {
		n += c
	}
	return n
}

// bindings returns the live bindings of all services by A.
func (r *rig) bindings() map[string][]simulator.Binding {
	m := map[string][]simulator.Binding{}
	for _, s := range r.services {
		for _, b := range s.Bindings() {
			m[b.PhoneNoA] = append(m[b.PhoneNoA], b)
		}
	}
	return m
}

// once checks that nothing was bound twice, that BOUND rows are bound, and
// that rows said not to be executed are not.
func (r *rig) once(e *ended) {
	bound := r.bindings()
	for a, list := range bound {
		if len(list) > 1 {
			r.fail("%s was bound %d times", a, len(list))
		}
	}
	for _, rec := range e.records {
		list := bound[rec.Input[0]]
		switch rec.Status {
		case report.Bound:
			if len(list) != 1 || list[0].SubsId != rec.SubsID || list[0].SecretNo != rec.SecretNo {
				r.fail("line %d is BOUND to %s %s, the service has %v", rec.Line, rec.SubsID, rec.SecretNo, list)
			}
		case report.Unknown:
			if rec.Attempts == 0 {
				r.fail("line %d is UNKNOWN without a call", rec.Line)
			}
		case report.Pending, report.Failed:
			if len(list) > 0 {
				r.fail("line %d is %s %s, but the service has bound it", rec.Line, rec.Status, rec.Code)
			}
		}
		if rec.Reason == "" && rec.Status != report.Bound {
			r.fail("line %d: %s %s has no reason", rec.Line, rec.Status, rec.Code)
		}
	}
}

const header = "PhoneNoA,GroupId,Expiration,ExpectCity,OutId\n"

// phone is the A of row i.
func phone(i int) string { return fmt.Sprintf("138%08d", i) }

// rowText is row i. It expires long after the year 2000, where bubbles begin.
func rowText(i int, city string) string {
	return phone(i) + ",1,2001-01-01 00:00:00," + city + ",\n"
}

func rowsText(from, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(rowText(from+i, ""))
	}
	return b.String()
}

// operation is a bind of a test.
type operation struct {
	batch.Bind
	call func(ctx context.Context, row *plan.Row) batch.Answer
	late func(row *plan.Row, now time.Time) bool
}

func (o operation) Call(ctx context.Context, row *plan.Row) batch.Answer { return o.call(ctx, row) }
func (o operation) Late(row *plan.Row, now time.Time) bool {
	return o.late != nil && o.late(row, now)
}
func (o operation) Lister() (lookup.Lister, bool) { return nil, false }

// classAnswer is the answer of a code in the table.
// bound is the answer that a row was bound.
func bound(row *plan.Row) batch.Answer {
	return batch.Answer{Class: aliyun.Done, Code: "OK", SubsID: row.Fields[field.PhoneNoA]}
}

func classAnswer(code string) batch.Answer {
	return batch.Answer{Class: aliyun.Lookup(code).Class, Code: code}
}

func TestRunAllBound(t *testing.T) {
	inRig(t, simulator.Options{Latency: 80 * time.Millisecond, Jitter: 40 * time.Millisecond}, func(t *testing.T, r *rig) {
		text := header + rowsText(0, 500)
		e := r.run(text, job{options: batch.Options{Rate: 100, Adaptive: true}})
		if e.err != nil || e.Stop != books.StopNone || e.counts[report.Bound] != 500 || e.calls != 500 || e.Admitted != 500 {
			t.Errorf("%v, %v, %v, %d calls", e.err, e.Result, e.counts, e.calls)
		}
		if e.took < 4900*time.Millisecond || e.took > 5300*time.Millisecond {
			t.Errorf("500 calls at 100/s took %v", e.took)
		}
		rec := e.records[7]
		if rec.Code != "OK" || rec.Attempts != 1 || rec.LatencyMs < 80 || rec.LatencyMs > 120 || rec.RequestID == "" || rec.FinishedAt.IsZero() || rec.Reason != "" || rec.Line != 9 {
			t.Errorf("record %+v", rec)
		}
		again := r.run(text, job{})
		if again.calls != 0 || again.counts[report.Bound] != 500 || again.plan.Settled != 500 || again.plan.ToSend != 0 || again.took > 20*time.Millisecond {
			t.Errorf("the second run made %d calls: %v", again.calls, again.counts)
		}
	})
}

// An operation that panics ends the run as an error, and its row as UNKNOWN.
func TestRunPanic(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		op := operation{call: func(_ context.Context, row *plan.Row) batch.Answer {
			if row.Fields[field.PhoneNoA] == phone(30) {
				panic("of the test")
			}
			return classAnswer("isv.X" + row.Fields[field.PhoneNoA])
		}}
		e := r.run(header+rowsText(0, 200), job{op: op})
		if e.err == nil || !strings.Contains(e.err.Error(), "panic: of the test") || e.Stop != books.StopInternal {
			t.Errorf("%v, %v", e.err, e.Result)
		}
		if got := e.of(phone(30)); got.Status != report.Unknown || got.Code != "client.Interrupted" || e.counts[report.Unknown] != 1 || e.counts[report.Pending] == 0 {
			t.Errorf("%+v, %v", got, e.counts)
		}
		again := r.run(header+rowsText(0, 200), job{op: operation{call: func(context.Context, *plan.Row) batch.Answer { return classAnswer("isv.Y") }}})
		if got := again.of(phone(30)); got.Status != report.Unknown || got.Attempts != 1 {
			t.Errorf("in the next run %+v", got)
		}
	})
}

func TestRunLimit(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		text := header + rowsText(0, 30)
		for i, want := range []struct {
			stop  books.Stop
			bound int
		}{{books.StopLimit, 12}, {books.StopLimit, 24}, {books.StopNone, 30}} {
			e := r.run(text, job{options: batch.Options{Limit: 12}})
			if e.Stop != want.stop || e.counts[report.Bound] != want.bound {
				t.Errorf("run %d: %q, %v", i, e.Stop, e.counts)
			}
		}
		if e := r.run(header+rowsText(0, 42), job{options: batch.Options{Limit: 12}}); e.Stop != books.StopNone || e.counts[report.Bound] != 42 {
			t.Errorf("as many as are left: %q, %v", e.Stop, e.counts)
		}
	})
}

// Rows leave in the order of the input, but for those that prepare at the
// same time: places in flight, and turns of the pace within 50 ms.
func TestRunInOrder(t *testing.T) {
	for _, test := range []struct {
		name     string
		options  batch.Options
		together int // rows that may overtake each other
	}{
		{"one by one", batch.Options{Rate: 100, MaxInFlight: 1}, 0},
		{"four in flight", batch.Options{Rate: 100, MaxInFlight: 4}, 4},
		{"one a second", batch.Options{Rate: 1}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				var mu sync.Mutex
				var order []string
				op := operation{call: func(_ context.Context, row *plan.Row) batch.Answer {
					mu.Lock()
					order = append(order, row.Fields[field.PhoneNoA])
					mu.Unlock()
					return bound(row)
				}}
				r.runQuiet(header+rowsText(0, 100), job{op: op, options: test.options})
				if len(order) != 100 {
					t.Fatalf("%d calls", len(order))
				}
				for at, a := range order {
					var i int
					fmt.Sscanf(a, "138%d", &i)
					if i-at > test.together || at-i > test.together {
						t.Fatalf("row %d left as number %d: %v", i, at, order[:at+1])
					}
				}
			})
		})
	}
}

func TestRunFailuresStop(t *testing.T) {
	// Rows are refused with a code of their own, so that they are not alike.
	refuse := operation{call: func(_ context.Context, row *plan.Row) batch.Answer {
		var i int
		fmt.Sscanf(row.Fields[field.PhoneNoA], "138%d", &i)
		switch {
		case i%2 == 0:
			return bound(row)
		case i%4 == 1:
			return classAnswer("isv.MOBILE_NUMBER_ILLEGAL")
		}
		return classAnswer("client.Timeout")
	}}
	alike := operation{call: func(context.Context, *plan.Row) batch.Answer { return classAnswer("isv.ILLEGAL_ARGUMENT") }}
	for _, test := range []struct {
		name      string
		max       batch.MaxFailures
		op        operation
		stop      books.Stop
		code      string
		low, high int // calls
	}{
		{"none", batch.MaxFailures{}, refuse, books.StopNone, "", 400, 400},
		{"7 rows", batch.MaxFailures{Count: 7}, refuse, books.StopMaxFailures, "?", 7, 60},
		{"50%", batch.MaxFailures{Percent: 50}, refuse, books.StopMaxFailures, "?", 100, 160},
		{"60%", batch.MaxFailures{Percent: 60}, refuse, books.StopNone, "", 400, 400},
		{"all alike", batch.MaxFailures{}, alike, books.StopAllAlike, "isv.ILLEGAL_ARGUMENT", 20, 80},
	} {
		t.Run(test.name, func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				var made atomic.Int32
				op := test.op
				op.call = func(ctx context.Context, row *plan.Row) batch.Answer {
					made.Add(1)
					return test.op.call(ctx, row)
				}
				e := r.runQuiet(header+rowsText(0, 400), job{op: op, options: batch.Options{MaxFailures: test.max}})
				calls := int(made.Load())
				if e.Stop != test.stop || test.code != "?" && e.StopCode != test.code || calls < test.low || calls > test.high || e.counts[report.Pending] != 400-calls {
					t.Errorf("%q (%s) after %d calls: %v", e.Stop, e.StopCode, calls, e.counts)
				}
			})
		})
	}
}

// runQuiet is run for operations that bind nothing: BOUND is only their word.
func (r *rig) runQuiet(text string, b job) *ended {
	before := len(r.broken)
	e := r.run(text, b)
	var kept []string
	for _, s := range r.broken[before:] {
		if !strings.Contains(s, "is BOUND to") {
			kept = append(kept, s)
		}
	}
	r.broken = append(r.broken[:before], kept...)
	return e
}

// A row whose Expiration comes too near before its turn is never sent.
func TestRunLate(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		// Now is 2000-01-01 08:00:00 in Beijing. One call a second.
		text := header
		for i := range 30 {
			text += phone(i) + ",1,2000-01-01 08:01:15,,\n"
		}
		text += rowText(30, "")
		e := r.run(text, job{options: batch.Options{Rate: 1}})
		if e.err != nil || e.Stop != books.StopNone || e.counts[report.Bound] < 14 || e.counts[report.Bound] > 17 || e.counts[report.Invalid] != 31-e.counts[report.Bound] {
			t.Errorf("%v, %q, %v", e.err, e.Stop, e.counts)
		}
		if rec := e.of(phone(29)); rec.Status != report.Invalid || rec.Code != "isv.EXPIRE_DATE_ILLEGAL" || rec.Attempts != 0 || r.calls[phone(29)] != 0 {
			t.Errorf("%+v, %d calls", rec, r.calls[phone(29)])
		}
		if rec := e.of(phone(30)); rec.Status != report.Bound {
			t.Errorf("the row behind: %+v", rec)
		}
		if int64(e.counts[report.Invalid]) != e.status.Invalid {
			t.Errorf("%d live, %v", e.status.Invalid, e.counts)
		}
	})
}

func TestRunInputChanged(t *testing.T) {
	inRig(t, simulator.Options{Latency: time.Second}, func(t *testing.T, r *rig) {
		text := []byte(header + rowsText(0, 50))
		source := &changing{text: text}
		in, err := input.Open(source, int64(len(text)), input.Options{Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}})
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			name   string
			change func()
			want   error
		}{
			{"written to", func() { copy(text[len(text)-40:], "9") }, plan.ErrInputChanged},
			{"unreadable", func() { source.err = errors.New("disk on fire") }, nil},
		} {
			r.disk.text = nil
			j := newJournal(t, r.disk)
			plan, err := plan.New(in, j, plan.Options{Now: time.Now(), Batch: "r"})
			if err != nil {
				t.Fatal(err)
			}
			test.change()
			run, err := batch.NewRun(plan, batch.Bind{Client: r.clients[0]}, batch.Options{Rate: 1000, Retries: 5})
			if err != nil {
				t.Fatal(err)
			}
			result, err := run.Do(t.Context())
			if err == nil || test.want != nil && !errors.Is(err, test.want) || result.Stop != books.StopInput {
				t.Errorf("%s: %v, %v", test.name, result, err)
			}
			counts := plan.Counts()
			if counts[report.Bound]+counts[report.Pending] != 50 {
				t.Errorf("%s: %v", test.name, counts)
			}
			bookstest.Close(t, j)
		}
	})
}

// changing is an input that changes under the reader.
type changing struct {
	text []byte
	err  error
}

func (c *changing) ReadAt(p []byte, at int64) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	return bytes.NewReader(c.text).ReadAt(p, at)
}

func TestNewRunRefuses(t *testing.T) {
	plan, err := plan.New(bookstest.Input(t, header+rowsText(0, 1), input.Options{}), nil, plan.Options{Now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	for _, rate := range []float64{0, -1, 5001} {
		if run, err := batch.NewRun(plan, batch.Bind{}, batch.Options{Rate: rate}); run != nil || err == nil {
			t.Errorf("rate %v was taken", rate)
		}
	}
}
