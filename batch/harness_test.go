package batch_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
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
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// session is one command over one input, as the command line carries it out: the journal
// is opened or begun, the input matched with it, the run recorded, the rows worked on, the
// results read. What the rig and the night add is what they count and check.
type session struct {
	place  journal.Place
	header journal.Header // of a journal that is begun
	text   func() []byte  // what is durable of the journal
	hears  bool           // the service told its time just now; else only where that is not known
	input  string
	read   input.Options  // its default of the pool is the simulator's
	plan   plan.Options   // its batch is that of start, and its time now, unless it says otherwise
	start  books.RunStart // without a Run: nothing is recorded, as of a command that only looks
	end    books.RunEnd   // likewise
}

// do carries it out; work is what is done about the plan. Whatever becomes of it, what the
// journal knows at its end is what its text says. No plan is returned where none was made.
func (s session) do(t testing.TB, work func(j *books.Journal, made *plan.Plan) (books.Stop, error)) (records []report.Record, made *plan.Plan, err error) {
	t.Helper()
	if s.read.Defaults == nil {
		s.read.Defaults = map[field.Field]string{field.PoolKey: simulator.PoolKey}
	}
	in, err := input.Open(strings.NewReader(s.input), int64(len(s.input)), s.read)
	if err != nil {
		return nil, nil, err
	}
	var j *books.Journal
	if size, _ := s.place.Length(); size == 0 {
		j, err = books.Create(s.place, s.header, journal.Options{})
	} else {
		j, err = books.Open(s.place, journal.Options{}, 0)
	}
	if err != nil {
		return nil, nil, err
	}
	defer func() { endJournal(t, j, s.text()) }()
	if s.hears || j.NeedsServiceTime(time.Now()) {
		j.Hear(time.Now())
	}
	if s.plan.Now.IsZero() {
		s.plan.Now = time.Now()
	}
	if s.start.Batch != "" {
		s.plan.Batch, s.plan.Of = s.start.Batch, s.start.Of
	}
	if made, err = plan.New(in, j, s.plan); err != nil {
		return nil, nil, err
	}
	if s.start.Run != "" {
		if err := errors.Join(j.Begin(s.start), made.Carry()); err != nil {
			return nil, nil, err
		}
	}
	stop, err := work(j, made)
	if err != nil {
		return nil, made, err
	}
	standsAsWritten(t, made)
	err = made.Results(report.EN, stop, func(r *report.Record) error {
		kept := *r
		kept.Input = append([]string(nil), r.Input...)
		records = append(records, kept)
		return nil
	})
	if err == nil && s.end.Run != "" {
		err = j.End(s.end)
	}
	return records, made, err
}

// rig is where one batch runs at a service, and on a disk, that make trouble. It checks
// at each call that the intent is durable and, after each run, that the counts balance
// and that nothing is bound twice. All of it is in the fake time of one bubble.
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
	if b.options.Rate == 0 {
		b.options.Rate = 100
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
	s := session{place: placed(r.disk), header: journal.Header{Simulated: true}, text: r.disk.kept, input: text, read: b.input, plan: b.plan}
	s.start = books.RunStart{Run: "r", Batch: cmp.Or(b.plan.Batch, "a.results.csv")}
	e, before := &ended{}, r.called()
	var err error
	e.records, e.plan, err = s.do(r.t, func(_ *books.Journal, made *plan.Plan) (books.Stop, error) {
		run, err := batch.NewRun(made, b.op, b.options)
		if err != nil {
			return books.StopNone, err
		}
		start, stop := time.Now(), func() {}
		if b.watch != nil {
			stop = b.watch(run)
		}
		e.Result, e.err = run.Do(b.ctx)
		stop()
		e.took, e.calls, e.counts, e.status = time.Since(start), r.called()-before, made.Counts(), run.Status()
		return e.Stop, nil
	})
	if e.counts == nil {
		r.t.Fatal(err)
	}
	sum, counts := 0, map[report.Status]int{}
	for _, n := range e.counts {
		sum += n
	}
	for _, rec := range e.records {
		counts[rec.Status]++
	}
	if err != nil && e.err == nil {
		r.fail("results: %v", err)
	}
	for s, n := range e.counts {
		if err == nil && counts[s] != n {
			r.fail("%d results are %s, counted %d", counts[s], s, n)
		}
	}
	if sum != e.plan.Rows {
		r.fail("counts %v add up to %d, read %d", e.counts, sum, e.plan.Rows)
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

// night is where batches meet, night after night: one service, one journal, and the flags
// of the next run. It checks what holds of any run; what became of the rows is for its
// tests to say. It is in fake time, too.
type night struct {
	service *simulator.Service
	door    *simulator.InProcess
	client  *aliyun.Client
	journal bookstest.Memory
	calls   []batch.Message
	results string // the job's name; blank: r.csv

	twice     bool // --allow-duplicates
	whenBound plan.WhenBound
	another   bool          // --when-bound another
	before    time.Duration // --renew-before
	ahead     time.Duration // of a default Expiration that counts from when a row is sent; 0: none
	resend    plan.Resend
	binder    batch.Binder  // nil: client
	lister    lookup.Lister // likewise
	numbers   []batch.Number
	plan      *plan.Plan // of the last run
}

// options are those of the job's input, now.
func (n *night) options() input.Options {
	o := input.Options{Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}}
	if n.ahead != 0 {
		o.Defaults[field.Expiration], o.Relative = inBeijing(time.Now().Add(n.ahead)), "+"+n.ahead.String()
	}
	return o
}

// inBeijing is a time as a cell has it.
func inBeijing(at time.Time) string { return at.In(report.Beijing).Format(time.DateTime) }

func newNight(t *testing.T, o simulator.Options) *night {
	t.Helper()
	service, err := simulator.New(o)
	if err != nil {
		t.Fatal(err)
	}
	n := &night{service: service, door: simulator.NewInProcess(service)}
	n.client, err = aliyun.New(aliyun.Options{
		Endpoint: n.door.URL(), DialContext: n.door.DialContext,
		Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: simulator.AccessKeyID, AccessKeySecret: simulator.AccessKeySecret}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *night) close() {
	n.client.Close()
	n.door.Close()
	n.service.Close()
}

// session is one of the night's batch, in its journal.
func (n *night) session(input, results string) session {
	return session{place: &n.journal, text: n.journal.Text, input: input, read: n.options(), plan: plan.Options{Batch: results}}
}

// run makes one run of the job and returns the records by line.
func (n *night) run(t *testing.T, ctx context.Context, input string) (records []report.Record, result batch.Result, calls int) {
	t.Helper()
	before := n.service.Stats().Actions["BindAxg"]
	results := cmp.Or(n.results, "r.csv")
	path := results
	if !strings.Contains(path, "/") {
		path = "/night/" + results
	}
	s := n.session(input, results)
	s.hears = true
	s.plan = plan.Options{WhenBound: n.whenBound, Another: n.another, RenewBefore: n.before, Resend: n.resend, AllowDuplicates: n.twice}
	s.start = books.RunStart{Run: "r", Batch: results, Results: path, Path: books.PathID(path), Pool: simulator.PoolKey}
	s.end = books.RunEnd{Run: "r", Digest: "of " + path} // it wrote its results
	records, _, err := s.do(t, func(_ *books.Journal, made *plan.Plan) (books.Stop, error) {
		n.plan = made
		var chosen *batch.Numbers
		if n.numbers != nil {
			asker, _ := batch.NewAsker(pace.MaxRate)
			free, err := batch.FindFree(t.Context(), made, n.client, asker, n.numbers)
			if err != nil {
				return books.StopNone, err
			}
			chosen = free.Numbers
		}
		run, err := batch.NewRun(made, batch.Bind{Client: cmp.Or[batch.Binder](n.binder, n.client)}, batch.Options{
			Rate: 100, Timeout: aliyun.DefaultTimeout, Retries: 5, Seed: 1, Renew: batch.Renew{Update: batch.Update{Client: n.client}}, Numbers: chosen,
			Explain: func(m batch.Message) { n.calls = append(n.calls, m) },
		})
		if err != nil {
			return books.StopNone, err
		}
		result, err = run.Do(ctx)
		if s := run.Status(); s.Left != 0 && result.Stop == books.StopNone && err == nil {
			t.Errorf("%d rows left of a run that ended by itself", s.Left)
		}
		return result.Stop, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return records, result, int(n.service.Stats().Actions["BindAxg"] - before)
}

// controlGroup is the group of a control.
const controlGroup = "9"

// control binds a row of another batch, so that look-ups have something to prove
// themselves by.
func (n *night) control(t *testing.T) {
	t.Helper()
	results, resend, binder, numbers, whenBound, another, made := n.results, n.resend, n.binder, n.numbers, n.whenBound, n.another, n.plan
	n.results, n.resend, n.binder, n.numbers, n.whenBound, n.another = "control.csv", plan.Resend{}, nil, nil, plan.RefuseWhenBound, false
	a := 10_000 + time.Now().Unix()%89_999 // another one each time
	rows, _, _ := n.run(t, t.Context(), fmt.Sprintf("PhoneNoA,GroupId,Expiration\n139000%d,%s,2099-01-31 23:59:59\n", a, controlGroup))
	if len(rows) != 1 || rows[0].Status != report.Bound {
		t.Fatalf("no control: %+v", rows)
	}
	n.results, n.resend, n.binder, n.numbers, n.whenBound, n.another, n.plan = results, resend, binder, numbers, whenBound, another, made
}

// unbind releases a binding behind the job's back.
func (n *night) unbind(t *testing.T, subsID, x string) {
	t.Helper()
	if !n.service.Unbind(subsID, x) {
		t.Fatalf("no binding %s", subsID)
	}
}
