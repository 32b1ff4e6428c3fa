package batch_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/batch"
	"axgbind/report"
)

// tale is a journal written by hand, at times of its own.
type tale struct {
	t    testing.TB
	text []byte
	now  time.Time
}

func newTale(t testing.TB) *tale {
	return &tale{t, batch.HeaderRecord(batch.Header{Endpoint: "https://dyplsapi.aliyuncs.com"}), time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)}
}

func (s *tale) add(text []byte) { s.text = append(s.text, text...) }

func (s *tale) begin(results string, rows int) {
	s.add(batch.RunRecord(batch.RunStart{Run: "r", Results: results, Rows: rows, Start: s.now}))
}

func (s *tale) end(status int) { s.add(batch.EndRecord(batch.RunEnd{Status: status, End: s.now})) }

// sent is the intent of a row's call.
func (s *tale) sent(n, attempt int) {
	s.add(batch.IntentRecord(keyOf(n), uint16(attempt), &batch.Detail{
		T: s.now.UnixMilli(), Line: n, PoolKey: "FC1", PhoneNoA: fmt.Sprintf("138%08d", n), GroupID: "7",
	}))
}

// call is a call with its end, so many milliseconds later.
func (s *tale) call(n, attempt int, status report.Status, code string, ms int64) {
	s.sent(n, attempt)
	s.now = s.now.Add(time.Duration(ms) * time.Millisecond)
	s.add(batch.OutcomeRecord(keyOf(n), uint16(attempt), status, code, &batch.Detail{T: s.now.UnixMilli(), LatencyMs: ms, RequestID: fmt.Sprint("R-", n)}))
}

func (s *tale) history(job string, alive bool) *batch.History {
	s.t.Helper()
	h, err := batch.ReadHistory(bytes.NewReader(s.text), int64(len(s.text)), job, alive)
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

// TestHistoryOfKilledRuns follows a job that is killed twice: what was under
// way is UNKNOWN, what was FAILED and sent again is BOUND, and a run that goes
// on has lost nothing.
func TestHistoryOfKilledRuns(t *testing.T) {
	s := newTale(t)
	s.begin("a.csv", 9)
	s.sent(1, 1)
	s.now = s.now.Add(40 * time.Millisecond)
	s.add(batch.OutcomeRecord(keyOf(1), 1, report.Bound, "OK", &batch.Detail{T: s.now.UnixMilli(), Message: `x","ms":9999,"t":1,\`, LatencyMs: 40}))
	s.call(2, 1, report.Failed, "isv.NO_NOT_EXIST", 40)
	s.call(3, 1, report.Pending, "isv.FLOW_LIMIT", 40)
	s.sent(4, 1) // killed
	s.now = s.now.Add(time.Hour)
	s.begin("a.csv", 9)
	s.call(2, 2, report.Bound, "OK", 40)
	s.call(3, 2, report.Unknown, "client.Timeout", 5000)
	s.add(batch.SampleRecord(batch.Sample{T: s.now.UnixMilli(), Rate: 80, InFlight: 3}))
	s.sent(5, 1)
	for _, alive := range []bool{false, true} {
		h := s.history("a.csv", alive)
		p := h.Page(report.EN)
		want := report.Tally{report.Bound: 2, report.Unknown: 3}
		state := report.PageKilled
		if alive {
			want[report.Unknown], state = 2, report.PageRunning
		}
		if got := p.Runs[1].Settled; got != want {
			t.Errorf("alive %v: rows stand %v, want %v", alive, got, want)
		}
		if p.State != state || p.Runs[0].State != report.PageKilled || p.Source != report.FromJournal {
			t.Errorf("alive %v: states %v and %v, from %v", alive, p.State, p.Runs[0].State, p.Source)
		}
		if got := p.Runs[0]; got.Settled != (report.Tally{report.Bound: 1, report.Failed: 1, report.Unknown: 1}) || got.Calls != 4 || got.Throttled != 1 {
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
			f = p.Failures[slices.IndexFunc(p.Failures, func(f report.PageFailure) bool { return f.Code == "client.Interrupted" })]
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
	s.call(9, 1, report.Failed, "isv.OLDER", 10)
	s.end(3)
	s.begin("n1.csv", 4)
	for n := range 4 {
		s.call(n, 1, report.Failed, "isv.SAME", 10)
	}
	s.call(9, 2, report.Failed, "isv.GONE", 10)
	s.end(3)
	s.begin("n2.csv", 5)
	s.call(2, 2, report.Failed, "isv.SAME", 20)
	s.call(3, 2, report.Failed, "isv.NEW", 20)
	s.call(7, 1, report.Failed, "isv.NEW", 20)
	s.call(8, 1, report.Bound, "OK", 20)
	s.end(3)
	s.begin("n3.csv", 1) // later nights are nobody's before
	s.call(7, 2, report.Failed, "isv.LATER", 10)
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
	h, err := batch.ReadHistory(bytes.NewReader(s.text), int64(len(s.text)), "n9.csv", false)
	if !errors.Is(err, batch.ErrNoRun) || !slices.Equal(h.Jobs, []string{"n0.csv", "n1.csv", "n2.csv", "n3.csv"}) {
		t.Errorf("of a job that is not there: %v, %+v", err, h)
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
		code, status := "OK", report.Bound
		if n%10 == 9 {
			code, status = "isv.FLOW_LIMIT", report.Pending
		}
		s.call(n, 1, status, code, ms)
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
		s.call(n, 1, report.Bound, "OK", 10)
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
	if err := p.WritePage(b); err != nil || !strings.Contains(b.String(), "latest 24 runs") {
		t.Errorf("the page does not say which runs it shows: %v", err)
	}
}

// TestHistoryOfDamage: what no crash explains is not drawn as if all were well.
func TestHistoryOfDamage(t *testing.T) {
	s := newTale(t)
	s.begin("a.csv", 2)
	s.call(1, 1, report.Bound, "OK", 10)
	s.call(2, 1, report.Bound, "OK", 10)
	text := bytes.Clone(s.text)
	text[bytes.Index(text, []byte("R-1"))] ^= 1
	var damage *batch.DamageError
	if _, err := batch.ReadHistory(bytes.NewReader(text), int64(len(text)), "a.csv", false); !errors.As(err, &damage) {
		t.Errorf("a changed bit: %v", err)
	}
	torn := s.text[:len(s.text)-20] // a run may be writing
	h, err := batch.ReadHistory(bytes.NewReader(torn), int64(len(torn)), "a.csv", true)
	if err != nil || h.Page(report.EN).Runs[0].Settled[report.Bound] != 1 {
		t.Errorf("a torn record: %v", err)
	}
	if _, err := batch.ReadHistory(strings.NewReader("hello\n"), 6, "a.csv", false); !errors.Is(err, batch.ErrNotJournal) {
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
		status, code := report.Bound, "OK"
		if n%100 == 0 {
			status, code = report.Failed, "isv.NO_NOT_EXIST"
		}
		s.sent(n, 1)
		s.add(batch.OutcomeRecord(keyOf(n), 1, status, code, &batch.Detail{
			T: s.now.UnixMilli(), LatencyMs: 80, SecretNo: "17000000001", SubsID: "1000000000000001", RequestID: "8F2A7C1E-0000-4B5D-9E6F-000000000001", Message: "OK",
		}))
	}
	s.end(3)
	b.ReportAllocs()
	for b.Loop() {
		h, err := batch.ReadHistory(bytes.NewReader(s.text), int64(len(s.text)), "a.csv", false)
		if err != nil {
			b.Fatal(err)
		}
		page := &strings.Builder{}
		if err := h.Page(report.EN).WritePage(page); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(page.Len()), "page-bytes")
	}
	b.ReportMetric(float64(len(s.text))/1e6, "journal-MB")
}
