package history_test

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/history"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
	"axgbind/report/page"
)

// read is the course of a batch in a journal.
func read(t testing.TB, s *bookstest.Writer, id string, alive bool) *history.History {
	t.Helper()
	h, err := history.Read(bytes.NewReader(s.Text), int64(len(s.Text)), nil, id, alive)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestHistoryOfKilledRuns follows a batch that is killed twice: what was under
// way is UNKNOWN, what was FAILED and sent again is BOUND, and a run that goes
// on has lost nothing.
func TestHistoryOfKilledRuns(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 9)
	s.Sent(1)
	s.Now = s.Now.Add(40 * time.Millisecond)
	s.Ends(ledger.OK, "OK", books.Detail{T: s.Now.UnixMilli(), Message: `x","ms":9999,"t":1,\`, LatencyMs: 40})
	s.Bind(2, ledger.Refused, "isv.NO_NOT_EXIST", 40)
	s.Bind(3, ledger.NotSent, "isv.FLOW_LIMIT", 40)
	s.Sent(4) // killed
	s.Now = s.Now.Add(time.Hour)
	s.Begin("a.csv", 9)
	s.Bind(2, ledger.OK, "OK", 40)
	s.Bind(3, ledger.Lost, "client.Timeout", 5000)
	s.Line(journal.Line{Word: journal.Sample}, books.Sample{T: s.Now.UnixMilli(), Rate: 80, InFlight: 3})
	s.Sent(5)
	for _, alive := range []bool{false, true} {
		h := read(t, s, "a.csv", alive)
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
	s := bookstest.NewWriter()
	s.Begin("n0.csv", 1)
	s.Bind(9, ledger.Refused, "isv.OLDER", 10)
	s.End(3)
	s.Begin("n1.csv", 4)
	for n := range 4 {
		s.Bind(n, ledger.Refused, "isv.SAME", 10)
	}
	s.Bind(9, ledger.Refused, "isv.GONE", 10)
	s.End(3)
	s.Begin("n2.csv", 5)
	s.Bind(2, ledger.Refused, "isv.SAME", 20)
	s.Bind(3, ledger.Refused, "isv.NEW", 20)
	s.Bind(7, ledger.Refused, "isv.NEW", 20)
	s.Bind(8, ledger.OK, "OK", 20)
	s.End(3)
	s.Begin("n3.csv", 1) // later nights are nobody's before
	s.Bind(7, ledger.Refused, "isv.LATER", 10)
	s.End(3)
	b := read(t, s, "n2.csv", false).Page(report.EN).Before
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
	if read(t, s, "n0.csv", false).Page(report.EN).Before != nil {
		t.Error("the first night has one before it")
	}
	if _, err := history.Read(bytes.NewReader(s.Text), int64(len(s.Text)), nil, "n9.csv", false); !errors.Is(err, history.ErrNoRun) {
		t.Errorf("of a batch that is not there: %v", err)
	}
}

// TestHistoryChoosesTheNightBefore: the batch that wrote its results to the same
// path, whatever ran in between, else the last that did the same work.
func TestHistoryChoosesTheNightBefore(t *testing.T) {
	s := bookstest.NewWriter()
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
		s.BeginRun(r)
		s.Bind(i, ledger.Refused, "isv.NO_NOT_EXIST", 10)
		s.End(3)
		s.Now = s.Now.Add(time.Hour)
	}
	start := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for id, want := range map[string]int{ // hours until the batch began that it is compared with
		"shanghai-1": -1, "beijing-1": 0, "undone": -1, "shanghai-2": 0, "guangzhou": 0, "beijing-2": 1, "undone-2": 2,
	} {
		got := -1
		if b := read(t, s, id, false).Page(report.EN).Before; b != nil {
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
	s := bookstest.NewWriter()
	renew := func(n int, subs string) {
		s.Intend(n, ledger.Record{Op: ledger.Renew, Binding: ledger.ParseSubsID(subs)})
		s.Record(ledger.Record{Kind: ledger.OK, Call: s.Call, Code: "OK", At: s.Now.UnixMilli()}, books.Detail{T: s.Now.UnixMilli(), LatencyMs: 10})
	}
	s.Begin("n1.csv", 3)
	for n := range 3 {
		s.Bind(n, ledger.OK, "OK", 10)
	}
	renew(9, "3") // an edited row
	s.Begin("n2.csv", 2)
	renew(0, "1")
	renew(1, "2")
	for id, want := range map[string]int{"n1.csv": 3, "n2.csv": 2} {
		if got := read(t, s, id, false).Page(report.EN).Runs[0].Settled; got != (page.Tally{report.Bound: want}) {
			t.Errorf("%s: %v, want %d BOUND", id, got, want)
		}
	}
}

// TestHistoryOfBindings: what later calls make of a row's binding counts where
// the row does, whichever batch made them.
func TestHistoryOfBindings(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 6)
	for n := range 5 {
		s.Bind(n, ledger.OK, "OK", 10)
	}
	s.Bind(5, ledger.Lost, "client.Timeout", 5000)
	lost := s.Call
	s.End(4)
	change := func(n int, op ledger.Op, subs string, kind ledger.Kind, code string) {
		s.Intend(n, ledger.Record{Op: op, Binding: ledger.ParseSubsID(subs)})
		if kind != 0 {
			s.Record(ledger.Record{Kind: kind, Call: s.Call, Code: code, At: s.Now.UnixMilli()}, books.Detail{T: s.Now.UnixMilli(), LatencyMs: 10})
		}
	}
	s.Begin("a.unbound.csv", 3)
	change(100, ledger.Release, "1", ledger.OK, "OK")
	change(101, ledger.Release, "2", ledger.Lost, "client.Timeout")
	change(102, ledger.Release, "3", 0, "") // killed
	s.Begin("a.csv", 6)
	s.Record(ledger.Record{Kind: ledger.Found, Call: lost, Binding: ledger.ParseSubsID("9"), Code: "OK", At: s.Now.UnixMilli()}, nil)
	s.Bind(0, ledger.OK, "OK", 10) // again, and it counts once
	change(6, ledger.Renew, "4", ledger.OK, "OK")

	p := read(t, s, "a.csv", false).Page(report.EN)
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
	u := read(t, s, "a.unbound.csv", false).Page(report.EN)
	if got, want := u.Runs[0].Settled, (page.Tally{report.Released: 1}); got != want || u.Runs[0].Calls != 2 {
		t.Errorf("of the releases %v after %d calls, want %v after 2", got, u.Runs[0].Calls, want)
	}
}

// TestHistoryOfCompacted: compaction leaves of a run what its end says, and of
// each row where it stands, in its own batch. What is run since has its course.
func TestHistoryOfCompacted(t *testing.T) {
	s := bookstest.NewWriter()
	ended := func(calls int64, counts map[string]int) {
		s.Record(ledger.Record{Kind: ledger.End}, books.RunEnd{End: s.Now, Calls: calls, Counts: counts})
	}
	s.Begin("b.csv", 3)
	s.Bind(10, ledger.OK, "OK", 10)
	s.Bind(11, ledger.Refused, "isv.OLD", 10)
	s.Bind(2, ledger.Refused, "isv.OLD", 10)
	ended(3, map[string]int{"BOUND": 1, "FAILED": 2})
	s.Now = s.Now.Add(time.Hour)
	s.Begin("a.csv", 6)
	for n := range 4 {
		s.Bind(n, ledger.OK, "OK", 10)
	}
	s.Bind(4, ledger.Lost, "client.Timeout", 5000)
	s.Bind(5, ledger.Refused, "isv.NEW", 10)
	ended(6, map[string]int{"BOUND": 4, "FAILED": 1, "UNKNOWN": 1, "INVALID": 7})
	s.Now = s.Now.Add(time.Hour)
	s.Begin("c.csv", 2)
	s.Bind(20, ledger.OK, "OK", 10)
	s.Bind(21, ledger.Refused, "isv.OTHER", 10)
	ended(2, map[string]int{"BOUND": 1, "FAILED": 1})
	s.Now = s.Now.Add(time.Hour)

	s.Text, _ = bookstest.Compacted(t, s.Text, s.Now.Add(-bookstest.Month))
	short := s.Text
	first := page.Tally{report.Bound: 4, report.Failed: 1, report.Unknown: 1}
	for _, more := range []bool{false, true} {
		if more { // and killed
			s.Now = time.Now().Add(time.Minute)
			s.Begin("a.csv", 6)
			s.Bind(5, ledger.OK, "OK", 10)
		}
		p := read(t, s, "a.csv", false).Page(report.EN)
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
	s.Text = short
	if got := read(t, s, "c.csv", false).Page(report.EN).Before; got.Then.Results != "a.csv" || got.Then.Bound != 4 || got.Then.Unknown != 1 {
		t.Errorf("of the last: against the night before: %+v", got)
	}
}

// TestHistoryIsReduced: a long run keeps its sums in few points, whose times
// cover it without holes.
func TestHistoryIsReduced(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 3000)
	began := s.Now
	const calls, ms = 3000, 200
	for n := range calls {
		s.Now = s.Now.Add(10 * time.Second)
		code, kind := "OK", ledger.OK
		if n%10 == 9 {
			code, kind = "isv.FLOW_LIMIT", ledger.NotSent
		}
		s.Bind(n, kind, code, ms)
	}
	r := read(t, s, "a.csv", false).Page(report.EN).Runs[0]
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
	if d := at.Sub(s.Now); d < 0 || d > time.Minute*10 {
		t.Errorf("the points end %v after the run, which took %v", d, s.Now.Sub(began))
	}
}

// TestHistoryOfManyRuns: only the latest runs keep their course, all their sums.
func TestHistoryOfManyRuns(t *testing.T) {
	s := bookstest.NewWriter()
	for n := range 40 {
		s.Begin("a.csv", 40)
		s.Bind(n, ledger.OK, "OK", 10)
		s.End(5)
		s.Now = s.Now.Add(time.Hour)
	}
	p := read(t, s, "a.csv", false).Page(report.EN)
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
	s := bookstest.NewWriter()
	s.Begin("a.csv", 2)
	s.Bind(1, ledger.OK, "OK", 10)
	s.Bind(2, ledger.OK, "OK", 10)
	text := bytes.Clone(s.Text)
	text[bytes.Index(text, []byte("R-1"))] ^= 1
	var damage *journal.DamageError
	if _, err := history.Read(bytes.NewReader(text), int64(len(text)), nil, "a.csv", false); !errors.As(err, &damage) {
		t.Errorf("a changed bit: %v", err)
	}
	torn := s.Text[:len(s.Text)-20] // a run may be writing
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
	s := bookstest.NewWriter()
	const rows = 1_000_000
	s.Begin("a.csv", rows)
	for n := range rows {
		s.Now = s.Now.Add(200 * time.Microsecond)
		kind, code := ledger.OK, "OK"
		if n%100 == 0 {
			kind, code = ledger.Refused, "isv.NO_NOT_EXIST"
		}
		s.Sent(n)
		s.Ends(kind, code, books.Detail{
			T: s.Now.UnixMilli(), LatencyMs: 80, SecretNo: "17000000001", RequestID: "8F2A7C1E-0000-4B5D-9E6F-000000000001", Message: "OK",
		})
	}
	s.End(3)
	b.ReportAllocs()
	for b.Loop() {
		h, err := history.Read(bytes.NewReader(s.Text), int64(len(s.Text)), nil, "a.csv", false)
		if err != nil {
			b.Fatal(err)
		}
		page := &strings.Builder{}
		if err := h.Page(report.EN).WriteHTML(page); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(page.Len()), "page-bytes")
	}
	b.ReportMetric(float64(len(s.Text))/1e6, "journal-MB")
}
