package batch_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/history"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
	"axgbind/report/page"
)

// tale is a journal written by hand, at times of its own.
type tale struct {
	t    testing.TB
	text []byte
	now  time.Time
	call uint64 // the latest
	subs int    // the latest SubsId
	x    string // that calls name; blank: none
}

func newTale(t testing.TB) *tale {
	var head bytes.Buffer
	w := journal.Write(&head, journal.Header{Identity: input.IdentityVersion})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return &tale{t: t, text: head.Bytes(), now: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)}
}

func (s *tale) line(l journal.Line, detail any) {
	s.t.Helper()
	var err error
	if detail != nil {
		if l.Detail, err = json.Marshal(detail); err != nil {
			s.t.Fatal(err)
		}
	}
	if s.text, err = journal.Encode(s.text, &l); err != nil {
		s.t.Fatal(err)
	}
}

func (s *tale) record(r ledger.Record, detail any) {
	s.t.Helper()
	s.line(journal.Line{Word: r.Kind.String(), Record: r}, detail)
}

// begin begins a run of a batch, which is called after its results.
func (s *tale) begin(id string, rows int) {
	s.beginRun(books.RunStart{Batch: id, Results: "/data/" + id, Path: books.PathID("/data/" + id), Rows: rows})
}

func (s *tale) beginRun(r books.RunStart) {
	r.Run, r.Start = "r", s.now
	s.record(ledger.Record{Kind: ledger.Run, Batch: r.Batch}, r)
}

func (s *tale) end(status int) {
	s.record(ledger.Record{Kind: ledger.End}, books.RunEnd{Status: status, End: s.now})
}

// sentAs and endedAs are the particulars of an intent and of an end.
type sentAs struct {
	T     int64  `json:"t"`
	Line  int    `json:"line"`
	Pool  string `json:"pool"`
	A     string `json:"a"`
	Group string `json:"g"`
	X     string `json:"x,omitempty"`
}

type endedAs struct {
	T         int64  `json:"t"`
	Message   string `json:"msg,omitempty"`
	SecretNo  string `json:"no,omitempty"`
	SubsID    string `json:"subs,omitempty"`
	RequestID string `json:"req,omitempty"`
	Latency   int64  `json:"ms,omitempty"`
}

func keyOf(n int) (k input.Key) {
	binary.BigEndian.PutUint64(k.ID[:], uint64(n)*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(k.ID[8:], uint64(n+1))
	return k
}

// intend is the intent of a call for a row; r says which.
func (s *tale) intend(n int, r ledger.Record) {
	s.call++
	r.Kind, r.Call, r.Row, r.Place = ledger.Intent, s.call, keyOf(n), ledger.Place(n+1)
	r.At, r.Due = s.now.UnixMilli(), s.now.UnixMilli()+30_000
	s.record(r, sentAs{r.At, n, "FC1", fmt.Sprintf("138%08d", n), "7", s.x})
}

// sent is the intent of a row's bind.
func (s *tale) sent(n int) { s.intend(n, ledger.Record{Op: ledger.Bind}) }

// ends is what became of the latest call.
func (s *tale) ends(kind ledger.Kind, code string, d endedAs) {
	r := ledger.Record{Kind: kind, Call: s.call, Code: code, At: d.T}
	if kind == ledger.OK || kind == ledger.Found {
		s.subs++
		r.Binding = ledger.ParseSubsID(fmt.Sprint(s.subs))
		d.SubsID = fmt.Sprint(s.subs)
	}
	s.record(r, d)
}

// bind is a call of a row with its end, so many milliseconds later.
func (s *tale) bind(n int, kind ledger.Kind, code string, ms int64) {
	s.sent(n)
	s.now = s.now.Add(time.Duration(ms) * time.Millisecond)
	s.ends(kind, code, endedAs{T: s.now.UnixMilli(), Latency: ms, RequestID: fmt.Sprint("R-", n)})
}

func (s *tale) history(id string, alive bool) *history.History {
	s.t.Helper()
	h, err := history.Read(bytes.NewReader(s.text), int64(len(s.text)), nil, id, alive)
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

// TestHistoryOfKilledRuns follows a batch that is killed twice: what was under
// way is UNKNOWN, what was FAILED and sent again is BOUND, and a run that goes
// on has lost nothing.
func TestHistoryOfKilledRuns(t *testing.T) {
	s := newTale(t)
	s.begin("a.csv", 9)
	s.sent(1)
	s.now = s.now.Add(40 * time.Millisecond)
	s.ends(ledger.OK, "OK", endedAs{T: s.now.UnixMilli(), Message: `x","ms":9999,"t":1,\`, Latency: 40})
	s.bind(2, ledger.Refused, "isv.NO_NOT_EXIST", 40)
	s.bind(3, ledger.NotSent, "isv.FLOW_LIMIT", 40)
	s.sent(4) // killed
	s.now = s.now.Add(time.Hour)
	s.begin("a.csv", 9)
	s.bind(2, ledger.OK, "OK", 40)
	s.bind(3, ledger.Lost, "client.Timeout", 5000)
	s.line(journal.Line{Word: journal.Sample}, books.Sample{T: s.now.UnixMilli(), Rate: 80, InFlight: 3})
	s.sent(5)
	for _, alive := range []bool{false, true} {
		h := s.history("a.csv", alive)
		p := h.Page(report.EN)
		want := page.Tally{report.Bound: 2, report.Unknown: 3}
		state := page.Killed
		if alive {
			want[report.Unknown], state = 2, page.Running
		}
		if got := p.Runs[1].Settled; got != want {
			t.Errorf("alive %v: rows stand %v, want %v", alive, got, want)
		}
		if p.State != state || p.Runs[0].State != page.Killed || p.Source != page.FromJournal {
			t.Errorf("alive %v: states %v and %v, from %v", alive, p.State, p.Runs[0].State, p.Source)
		}
		if got := p.Runs[0]; got.Settled != (page.Tally{report.Bound: 1, report.Failed: 1, report.Unknown: 1}) || got.Calls != 4 || got.Throttled != 1 {
			t.Errorf("alive %v: the first run: %+v", alive, got)
		}
		if p.Runs[1].Before != p.Runs[0].Settled {
			t.Errorf("alive %v: the second run begins with %v", alive, p.Runs[1].Before)
		}
		if sum := p.Summary; !sum.Balanced() || sum.Rows != 9 || sum.Count(report.Pending) != 9-2-want[report.Unknown] {
			t.Errorf("alive %v: %v of %d rows", alive, sum.Counts, sum.Rows)
		}
		f := p.Failures[0]
		if alive {
			f = p.Failures[slices.IndexFunc(p.Failures, func(f page.Failure) bool { return f.Code == "client.Interrupted" })]
		}
		if f.Code != "client.Interrupted" || f.Lines[0] != 4 || len(f.Rows) != f.Count || f.Rows[0].A != "138****0004" || f.Cure == "" {
			t.Errorf("alive %v: %+v", alive, f)
		}
		if first := p.Runs[0].Points[0]; math.Abs(first.P99-40) > 2 {
			t.Errorf("alive %v: p99 %v, want about 40", alive, first.P99)
		}
		point := p.Runs[1].Points[len(p.Runs[1].Points)-1]
		if point.Limit != 80 || point.InFlight != 3 {
			t.Errorf("alive %v: the sample is lost: %+v", alive, point)
		}
	}
}

// TestHistoryAgainstTheNightBefore keeps nights apart that share a journal.
func TestHistoryAgainstTheNightBefore(t *testing.T) {
	s := newTale(t)
	s.begin("n0.csv", 1)
	s.bind(9, ledger.Refused, "isv.OLDER", 10)
	s.end(3)
	s.begin("n1.csv", 4)
	for n := range 4 {
		s.bind(n, ledger.Refused, "isv.SAME", 10)
	}
	s.bind(9, ledger.Refused, "isv.GONE", 10)
	s.end(3)
	s.begin("n2.csv", 5)
	s.bind(2, ledger.Refused, "isv.SAME", 20)
	s.bind(3, ledger.Refused, "isv.NEW", 20)
	s.bind(7, ledger.Refused, "isv.NEW", 20)
	s.bind(8, ledger.OK, "OK", 20)
	s.end(3)
	s.begin("n3.csv", 1) // later nights are nobody's before
	s.bind(7, ledger.Refused, "isv.LATER", 10)
	s.end(3)
	b := s.history("n2.csv", false).Page(report.EN).Before
	if b == nil {
		t.Fatal("no night before")
	}
	if b.Then.Results != "n1.csv" || b.Then.Failed != 5 || b.Now.Failed != 3 || b.Now.Bound != 1 {
		t.Errorf("then %+v, now %+v", b.Then, b.Now)
	}
	if !slices.Equal(b.NewCodes, []string{"isv.NEW"}) || !slices.Equal(b.Gone, []string{"isv.GONE"}) {
		t.Errorf("new %v, gone %v", b.NewCodes, b.Gone)
	}
	if b.Again != 2 || !slices.Equal(b.Lines, []int{2, 3}) {
		t.Errorf("%d rows again, lines %v", b.Again, b.Lines)
	}
	if s.history("n0.csv", false).Page(report.EN).Before != nil {
		t.Error("the first night has one before it")
	}
	if _, err := history.Read(bytes.NewReader(s.text), int64(len(s.text)), nil, "n9.csv", false); !errors.Is(err, history.ErrNoRun) {
		t.Errorf("of a batch that is not there: %v", err)
	}
}

// TestHistoryChoosesTheNightBefore: the batch that wrote its results to the same
// path, whatever ran in between, else the last that did the same work.
func TestHistoryChoosesTheNightBefore(t *testing.T) {
	s := newTale(t)
	for i, r := range []books.RunStart{
		{Batch: "shanghai-1", Results: "/sh/r.csv"},
		{Batch: "beijing-1", Results: "/bj/r.csv"},
		{Batch: "undone", Results: "/bj/r.unbound.csv", Command: "unbind", Of: "beijing-1"},
		{Batch: "shanghai-2", Results: "/sh/r.csv"},
		{Batch: "shanghai-1", Results: "/sh/r.csv", Command: "reconcile"},
		{Batch: "guangzhou", Results: "/gz/r.csv"},
		{Batch: "beijing-2", Results: "/bj/r.csv"},
		{Batch: "undone-2", Results: "/sh/r.unbound.csv", Command: "unbind", Of: "shanghai-2"},
		{Batch: "beijing-1", Results: "/bj/r.csv"},
	} {
		if r.Command == "" {
			r.Command = "bind"
		}
		r.Path = books.PathID(r.Results)
		s.beginRun(r)
		s.bind(i, ledger.Refused, "isv.NO_NOT_EXIST", 10)
		s.end(3)
		s.now = s.now.Add(time.Hour)
	}
	start := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for id, want := range map[string]int{ // hours until the batch began that it is compared with
		"shanghai-1": -1, "beijing-1": 0, "undone": -1, "shanghai-2": 0, "guangzhou": 0, "beijing-2": 1, "undone-2": 2,
	} {
		got := -1
		if b := s.history(id, false).Page(report.EN).Before; b != nil {
			got = int(b.Then.Start.Sub(start).Hours())
			if b.Then.Failed == 0 || strings.ContainsAny(b.Then.Results+b.Now.Results, "/") {
				t.Errorf("%s is compared with %+v", id, b.Then)
			}
		}
		if got != want {
			t.Errorf("%s is compared with the batch of hour %d, want %d", id, got, want)
		}
	}
}

// TestHistoryOfRenewed: the rows of a batch are bound all the same once another
// batch has renewed their bindings; a row that took over a binding of its own batch
// counts once.
func TestHistoryOfRenewed(t *testing.T) {
	s := newTale(t)
	renew := func(n int, subs string) {
		s.intend(n, ledger.Record{Op: ledger.Renew, Binding: ledger.ParseSubsID(subs)})
		s.record(ledger.Record{Kind: ledger.OK, Call: s.call, Code: "OK", At: s.now.UnixMilli()}, endedAs{T: s.now.UnixMilli(), Latency: 10})
	}
	s.begin("n1.csv", 3)
	for n := range 3 {
		s.bind(n, ledger.OK, "OK", 10)
	}
	renew(9, "3") // an edited row
	s.begin("n2.csv", 2)
	renew(0, "1")
	renew(1, "2")
	for id, want := range map[string]int{"n1.csv": 3, "n2.csv": 2} {
		if got := s.history(id, false).Page(report.EN).Runs[0].Settled; got != (page.Tally{report.Bound: want}) {
			t.Errorf("%s: %v, want %d BOUND", id, got, want)
		}
	}
}

// TestHistoryOfBindings: what later calls make of a row's binding counts where
// the row does, whichever batch made them.
func TestHistoryOfBindings(t *testing.T) {
	s := newTale(t)
	s.begin("a.csv", 6)
	for n := range 5 {
		s.bind(n, ledger.OK, "OK", 10)
	}
	s.bind(5, ledger.Lost, "client.Timeout", 5000)
	lost := s.call
	s.end(4)
	change := func(n int, op ledger.Op, subs string, kind ledger.Kind, code string) {
		s.intend(n, ledger.Record{Op: op, Binding: ledger.ParseSubsID(subs)})
		if kind != 0 {
			s.record(ledger.Record{Kind: kind, Call: s.call, Code: code, At: s.now.UnixMilli()}, endedAs{T: s.now.UnixMilli(), Latency: 10})
		}
	}
	s.begin("a.unbound.csv", 3)
	change(100, ledger.Release, "1", ledger.OK, "OK")
	change(101, ledger.Release, "2", ledger.Lost, "client.Timeout")
	change(102, ledger.Release, "3", 0, "") // killed
	s.begin("a.csv", 6)
	s.record(ledger.Record{Kind: ledger.Found, Call: lost, Binding: ledger.ParseSubsID("9"), Code: "OK", At: s.now.UnixMilli()}, nil)
	s.bind(0, ledger.OK, "OK", 10) // again, and it counts once
	change(6, ledger.Renew, "4", ledger.OK, "OK")

	p := s.history("a.csv", false).Page(report.EN)
	if got, want := p.Runs[0].Settled, (page.Tally{report.Bound: 5, report.Unknown: 1}); got != want {
		t.Errorf("after the first run %v, want %v", got, want)
	}
	if got, want := p.Runs[1].Before, (page.Tally{report.Bound: 2, report.Released: 1, report.Unknown: 3}); got != want {
		t.Errorf("before the second %v, want %v", got, want)
	}
	if got, want := p.Runs[1].Settled, (page.Tally{report.Bound: 4, report.Unknown: 2}); got != want {
		t.Errorf("after the second %v, want %v", got, want)
	}
	if len(p.Failures) != 1 || p.Failures[0].Code != "client.ReleaseBegun" || !slices.Equal(p.Failures[0].Lines, []int{1, 2}) {
		t.Errorf("failures %+v", p.Failures)
	}
	u := s.history("a.unbound.csv", false).Page(report.EN)
	if got, want := u.Runs[0].Settled, (page.Tally{report.Released: 1}); got != want || u.Runs[0].Calls != 2 {
		t.Errorf("of the releases %v after %d calls, want %v after 2", got, u.Runs[0].Calls, want)
	}
}

// TestHistoryOfCompacted: compaction leaves of a run what its end says, and of
// each row where it stands, in its own batch. What is run since has its course.
func TestHistoryOfCompacted(t *testing.T) {
	s := newTale(t)
	ended := func(calls int64, counts map[string]int) {
		s.record(ledger.Record{Kind: ledger.End}, books.RunEnd{End: s.now, Calls: calls, Counts: counts})
	}
	s.begin("b.csv", 3)
	s.bind(10, ledger.OK, "OK", 10)
	s.bind(11, ledger.Refused, "isv.OLD", 10)
	s.bind(2, ledger.Refused, "isv.OLD", 10)
	ended(3, map[string]int{"BOUND": 1, "FAILED": 2})
	s.now = s.now.Add(time.Hour)
	s.begin("a.csv", 6)
	for n := range 4 {
		s.bind(n, ledger.OK, "OK", 10)
	}
	s.bind(4, ledger.Lost, "client.Timeout", 5000)
	s.bind(5, ledger.Refused, "isv.NEW", 10)
	ended(6, map[string]int{"BOUND": 4, "FAILED": 1, "UNKNOWN": 1, "INVALID": 7})
	s.now = s.now.Add(time.Hour)
	s.begin("c.csv", 2)
	s.bind(20, ledger.OK, "OK", 10)
	s.bind(21, ledger.Refused, "isv.OTHER", 10)
	ended(2, map[string]int{"BOUND": 1, "FAILED": 1})
	s.now = s.now.Add(time.Hour)

	s.text, _ = compacted(t, s.text, s.now.Add(-month))
	short := s.text
	first := page.Tally{report.Bound: 4, report.Failed: 1, report.Unknown: 1}
	for _, more := range []bool{false, true} {
		if more { // and killed
			s.now = time.Now().Add(time.Minute)
			s.begin("a.csv", 6)
			s.bind(5, ledger.OK, "OK", 10)
		}
		p := s.history("a.csv", false).Page(report.EN)
		if got := p.Runs[0]; got.Settled != first || got.Calls != 6 || len(got.Points) > 0 || got.Before != (page.Tally{}) {
			t.Errorf("more %v: of the run before: %+v", more, got)
		}
		want := map[string]int{"BOUND": 4, "FAILED": 1, "UNKNOWN": 1, "PENDING": 0, "RELEASED": 0}
		if more {
			want["BOUND"], want["FAILED"] = 5, 0
			if got := p.Runs[1]; got.Before != first || got.Calls != 1 || len(got.Points) == 0 {
				t.Errorf("of the run since: %+v", got)
			}
		}
		for status, n := range want {
			if p.Summary.Counts[status] != n {
				t.Errorf("more %v: %d %s, want %d", more, p.Summary.Counts[status], status, n)
			}
		}
		for _, f := range p.Failures {
			if len(f.Rows) != 1 || f.Rows[0].Line != map[string]int{"UNKNOWN": 4, "FAILED": 5}[f.Status] || f.Rows[0].A == "" {
				t.Errorf("more %v: %+v", more, f)
			}
		}
		if b := p.Before; b == nil || b.Then.Results != "b.csv" || b.Then.Failed != 2 || b.Then.Calls != 3 { // that this batch bound one of the rows is not the other's doing
			t.Errorf("more %v: against the night before: %+v", more, b)
		}
	}
	s.text = short
	if got := s.history("c.csv", false).Page(report.EN).Before; got.Then.Results != "a.csv" || got.Then.Bound != 4 || got.Then.Unknown != 1 {
		t.Errorf("of the last: against the night before: %+v", got)
	}
}

// TestHistoryIsReduced: a long run keeps its sums in few points, whose times
// cover it without holes.
func TestHistoryIsReduced(t *testing.T) {
	s := newTale(t)
	s.begin("a.csv", 3000)
	began := s.now
	const calls, ms = 3000, 200
	for n := range calls {
		s.now = s.now.Add(10 * time.Second)
		code, kind := "OK", ledger.OK
		if n%10 == 9 {
			code, kind = "isv.FLOW_LIMIT", ledger.NotSent
		}
		s.bind(n, kind, code, ms)
	}
	r := s.history("a.csv", false).Page(report.EN).Runs[0]
	if n := len(r.Points); n > 160 || n < 60 {
		t.Errorf("%d points", n)
	}
	sum, throttled, answers := 0, 0, 0
	at := r.Points[0].At
	for i, q := range r.Points {
		sum, throttled, answers = sum+q.Calls, throttled+q.Throttled, answers+q.Answers
		if !q.At.Equal(at) || q.Span <= 0 {
			t.Fatalf("point %d begins %v, the one before ends %v", i, q.At, at)
		}
		if q.Answers > 0 && (math.Abs(q.P50-ms) > ms*0.04 || math.Abs(q.P99-ms) > ms*0.04) {
			t.Errorf("point %d: p50 %v, p99 %v, want about %d", i, q.P50, q.P99, ms)
		}
		at = q.At.Add(q.Span)
	}
	if sum != calls || throttled != calls/10 || answers != calls || r.Calls != calls {
		t.Errorf("%d calls, %d throttled, %d answers, the run says %d", sum, throttled, answers, r.Calls)
	}
	if last := r.Points[len(r.Points)-1]; last.Stands[report.Bound] != calls*9/10 {
		t.Errorf("rows stand %v at the end", last.Stands)
	}
	if d := at.Sub(s.now); d < 0 || d > time.Minute*10 {
		t.Errorf("the points end %v after the run, which took %v", d, s.now.Sub(began))
	}
}

// TestHistoryOfManyRuns: only the latest runs keep their course, all their sums.
func TestHistoryOfManyRuns(t *testing.T) {
	s := newTale(t)
	for n := range 40 {
		s.begin("a.csv", 40)
		s.bind(n, ledger.OK, "OK", 10)
		s.end(5)
		s.now = s.now.Add(time.Hour)
	}
	p := s.history("a.csv", false).Page(report.EN)
	drawn := 0
	for i, r := range p.Runs {
		if r.Settled[report.Bound] != i+1 {
			t.Errorf("run %d: %v", i, r.Settled)
		}
		if len(r.Points) > 0 {
			drawn++
		} else if !r.PointsBefore {
			t.Errorf("run %d has no course and does not say why", i)
		}
	}
	if drawn != 24 {
		t.Errorf("%d runs have a course, want 24", drawn)
	}
	b := &strings.Builder{}
	if err := p.WriteHTML(b); err != nil || !strings.Contains(b.String(), "latest 24 runs") {
		t.Errorf("the page does not say which runs it shows: %v", err)
	}
}

// TestHistoryOfDamage: what no crash explains is not drawn as if all were well.
func TestHistoryOfDamage(t *testing.T) {
	s := newTale(t)
	s.begin("a.csv", 2)
	s.bind(1, ledger.OK, "OK", 10)
	s.bind(2, ledger.OK, "OK", 10)
	text := bytes.Clone(s.text)
	text[bytes.Index(text, []byte("R-1"))] ^= 1
	var damage *journal.DamageError
	if _, err := history.Read(bytes.NewReader(text), int64(len(text)), nil, "a.csv", false); !errors.As(err, &damage) {
		t.Errorf("a changed bit: %v", err)
	}
	torn := s.text[:len(s.text)-20] // a run may be writing
	h, err := history.Read(bytes.NewReader(torn), int64(len(torn)), nil, "a.csv", true)
	if err != nil || h.Page(report.EN).Runs[0].Settled[report.Bound] != 1 {
		t.Errorf("a torn record: %v", err)
	}
	if _, err := history.Read(strings.NewReader("hello\n"), 6, nil, "a.csv", false); !errors.Is(err, journal.ErrNotJournal) {
		t.Errorf("no journal: %v", err)
	}
}

// BenchmarkReadHistory reads the journal of a million rows, of which one in a
// hundred failed, and makes its page.
func BenchmarkReadHistory(b *testing.B) {
	s := newTale(b)
	const rows = 1_000_000
	s.begin("a.csv", rows)
	for n := range rows {
		s.now = s.now.Add(200 * time.Microsecond)
		kind, code := ledger.OK, "OK"
		if n%100 == 0 {
			kind, code = ledger.Refused, "isv.NO_NOT_EXIST"
		}
		s.sent(n)
		s.ends(kind, code, endedAs{
			T: s.now.UnixMilli(), Latency: 80, SecretNo: "17000000001", RequestID: "8F2A7C1E-0000-4B5D-9E6F-000000000001", Message: "OK",
		})
	}
	s.end(3)
	b.ReportAllocs()
	for b.Loop() {
		h, err := history.Read(bytes.NewReader(s.text), int64(len(s.text)), nil, "a.csv", false)
		if err != nil {
			b.Fatal(err)
		}
		page := &strings.Builder{}
		if err := h.Page(report.EN).WriteHTML(page); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(page.Len()), "page-bytes")
	}
	b.ReportMetric(float64(len(s.text))/1e6, "journal-MB")
}
