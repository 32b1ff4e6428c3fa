package history_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/history"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
	"axgbind/report/page"
)

// read is the history of a batch in a journal.
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
		if f.Code != "client.Interrupted" || f.Lines[0] != 4 || f.Cure == "" {
			t.Errorf("alive %v: %+v", alive, f)
		}
		if first := p.Runs[0].Points[0].Calls; first != (page.Tally{report.Bound: 1, report.Failed: 1, report.Pending: 1, report.Unknown: 1}) {
			t.Errorf("alive %v: the calls of the first run ended %v", alive, first)
		}
		point := p.Runs[1].Points[len(p.Runs[1].Points)-1]
		if point.Limit != 80 {
			t.Errorf("alive %v: the sample is lost: %+v", alive, point)
		}
	}
}

// TestHistoryMeasuresKilledRuns: without its end a run lasted until its last call, and its
// calls are those of its command.
func TestHistoryMeasuresKilledRuns(t *testing.T) {
	for _, command := range []string{"bind", "unbind"} {
		s := bookstest.NewWriter()
		began := s.Now
		s.BeginRun(books.RunStart{Batch: "a.csv", Command: command, Results: "/data/a.csv", Path: books.PathID("/data/a.csv"), Rows: 3})
		s.Bind(1, ledger.OK, "OK", 400)
		s.Bind(2, ledger.OK, "OK", 600)
		sum := read(t, s, "a.csv", false).Page(report.EN).Summary
		calls := map[string]int64{"bind": sum.Calls, "unbind": sum.ReleaseCalls}
		if calls[command] != 2 || sum.Calls+sum.ReleaseCalls != 2 || !sum.Started.Equal(began) || !sum.Finished.Equal(s.Now) {
			t.Errorf("%s: %d calls, %d releases, from %v to %v", command, sum.Calls, sum.ReleaseCalls, sum.Started, sum.Finished)
		}
	}
}

// ended records the end of a run with what it says of its failures.
func ended(s *bookstest.Writer, end books.RunEnd, codes ...string) {
	end.End, end.Summary = s.Now, report.NewSummary()
	for i, code := range codes {
		end.Summary.Add(&report.Record{Line: i + 2, Status: report.Failed, Code: code}, func(report.Status, string) (string, string) { return "", "" })
	}
	s.Record(ledger.Record{Kind: ledger.End}, end)
}

// TestHistoryAgainstTheNightBefore: the codes of the night before are those that it ended
// with, until this batch began.
func TestHistoryAgainstTheNightBefore(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("n0.csv", 1)
	ended(s, books.RunEnd{}, "isv.OLDER")
	s.Begin("n1.csv", 4)
	ended(s, books.RunEnd{}, "isv.FIRST")
	s.Begin("n1.csv", 4)
	ended(s, books.RunEnd{}, "isv.SAME", "client.Duplicate")
	s.Begin("n2.csv", 5)
	s.Bind(2, ledger.Refused, "isv.SAME", 20)
	s.Bind(3, ledger.Refused, "isv.NEW", 20)
	s.End(3)
	s.Begin("n1.csv", 1) // later is not the night before
	ended(s, books.RunEnd{}, "isv.LATER")
	s.Begin("n2.csv", 5)
	s.End(3)
	p := read(t, s, "n2.csv", false).Page(report.EN)
	b := p.Before
	if b == nil || b.Results != "n1.csv" || b.Start.IsZero() || !slices.Equal(b.Codes, []string{"isv.SAME", "client.Duplicate"}) {
		t.Fatalf("the night before: %+v", b)
	}
	text := &strings.Builder{}
	if err := p.WriteText(text); err != nil || !strings.Contains(text.String(), "New since the batch before (n1.csv, "+b.Start.In(report.Beijing).Format(time.DateOnly)+"): isv.NEW\n") {
		t.Errorf("%v: %s", err, text)
	}
	if read(t, s, "n0.csv", false).Page(report.EN).Before != nil {
		t.Error("the first night has one before it")
	}
	s.Begin("n3.csv", 1) // and killed
	s.Begin("n4.csv", 1)
	if b := read(t, s, "n4.csv", false).Page(report.EN).Before; b == nil || !slices.Equal(b.Codes, []string{"isv.LATER"}) {
		t.Errorf("after a night that never told what it came to: %+v", b)
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
		ended(s, books.RunEnd{Status: 3}, "isv.NO_NOT_EXIST")
		s.Now = s.Now.Add(time.Hour)
	}
	start := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for id, want := range map[string]int{ // hours until that run began which it is compared with
		"shanghai-1": -1, "beijing-1": 0, "undone": -1, "shanghai-2": 0, "guangzhou": 3, "beijing-2": 1, "undone-2": 2,
	} {
		got := -1
		if b := read(t, s, id, false).Page(report.EN).Before; b != nil {
			got = int(b.Start.Sub(start).Hours())
			if strings.Contains(b.Results, "/") {
				t.Errorf("%s is compared with %+v", id, b)
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
// each row where it stands, in its own batch. What is run since is a run of it.
func TestHistoryOfCompacted(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("b.csv", 3)
	s.Bind(10, ledger.OK, "OK", 10)
	s.Bind(11, ledger.Refused, "isv.OLD", 10)
	s.Bind(2, ledger.Refused, "isv.OLD", 10)
	ended(s, books.RunEnd{Calls: 3, Counts: map[string]int{"BOUND": 1, "FAILED": 2}}, "isv.OLD")
	s.Now = s.Now.Add(time.Hour)
	s.Begin("a.csv", 6)
	for n := range 4 {
		s.Bind(n, ledger.OK, "OK", 10)
	}
	s.Bind(4, ledger.Lost, "client.Timeout", 5000)
	s.Bind(5, ledger.Refused, "isv.NEW", 10)
	s.Record(ledger.Record{Kind: ledger.End}, books.RunEnd{End: s.Now, Calls: 6, Counts: map[string]int{"BOUND": 4, "FAILED": 1, "UNKNOWN": 1, "INVALID": 7}})
	s.Now = s.Now.Add(time.Hour)
	s.Begin("c.csv", 2)
	s.Bind(20, ledger.OK, "OK", 10)
	s.Bind(21, ledger.Refused, "isv.OTHER", 10)
	ended(s, books.RunEnd{Calls: 2}, "isv.OTHER")
	s.Now = s.Now.Add(time.Hour)

	s.Text, _ = bookstest.Compacted(t, s.Text, s.Now.Add(-bookstest.Month))
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
			if !slices.Equal(f.Lines, []int{map[string]int{"UNKNOWN": 4, "FAILED": 5}[f.Status]}) {
				t.Errorf("more %v: %+v", more, f)
			}
		}
		if b := p.Before; b == nil || b.Results != "b.csv" || !slices.Equal(b.Codes, []string{"isv.OLD"}) {
			t.Errorf("more %v: the night before: %+v", more, b)
		}
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
	sum := page.Tally{}
	at := r.Points[0].At
	for i, q := range r.Points {
		for status, n := range q.Calls {
			sum[status] += n
		}
		if !q.At.Equal(at) || q.Span <= 0 {
			t.Fatalf("point %d begins %v, the one before ends %v", i, q.At, at)
		}
		at = q.At.Add(q.Span)
	}
	if sum != (page.Tally{report.Bound: calls * 9 / 10, report.Pending: calls / 10}) || r.Calls != calls || r.Throttled != calls/10 {
		t.Errorf("calls %v, the run says %d, %d throttled", sum, r.Calls, r.Throttled)
	}
	if d := at.Sub(s.Now); d < 0 || d > time.Minute*10 {
		t.Errorf("the points end %v after the run, which took %v", d, s.Now.Sub(began))
	}
}

// TestHistoryWithResults: results say where rows failed, and where no call was made for them,
// the places with the most failures first. What was released since is.
func TestHistoryWithResults(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 9)
	s.Bind(1, ledger.OK, "OK", 10)
	s.Begin("a.unbound.csv", 1)
	s.Intend(100, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID("1")})
	s.Record(ledger.Record{Kind: ledger.OK, Call: s.Call, Code: "OK", At: s.Now.UnixMilli()}, books.Detail{T: s.Now.UnixMilli()})
	text := "PhoneNoA,GroupId,Expiration,PoolKey,ExpectCity,Line,Status,Code,Reason,SubsId,Attempts\n"
	line := 1
	row := func(a, pool, city, status, code, reason, subs string) {
		line++
		text += fmt.Sprintf("%s,G1,2027-01-01 00:00:00,%s,%s,%d,%s,%s,%s,%s,1\n", a, pool, city, line, status, code, reason, subs)
	}
	row("13800000001", "P1", "北京", "BOUND", "OK", "", "1")
	row("1380", "P1", "北京", "INVALID", "isv.MOBILE_NUMBER_ILLEGAL", "short", "")
	row("13800000003", "P2", "上海", "FAILED", "isv.NO_NOT_EXIST", "", "")
	row("13800000004", "P2", "上海", "PENDING", "isv.FLOW_LIMIT", "", "")
	row("13800000005", "P3", "北京", "PENDING", "", "", "")
	row("13800000006", "P4", "", "BOUND", "OK", "", "77")
	for i := range 12 {
		row(fmt.Sprint(13900000000+i), fmt.Sprint("Q", 10+i), "苏州", "PENDING", "", "", "")
	}
	in, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := read(t, s, "a.csv", false)
	p := h.Page(report.ZH)
	if err := h.AddResults(p, in); err != nil {
		t.Fatal(err)
	}
	if got := p.Summary.Counts; got["BOUND"] != 1 || got["RELEASED"] != 1 || got["FAILED"] != 1 || got["INVALID"] != 1 || got["PENDING"] != 14 || p.Summary.Rows != 18 {
		t.Errorf("counts %v of %d rows", got, p.Summary.Rows)
	}
	if got := p.Cities.Top; len(got) != 3 || got[0].Name != "上海" || got[0].Failures() != 2 || got[0].Never != 0 || got[1].Name != "北京" || got[1].Failures() != 1 || got[1].Never != 1 || got[2].Never != 12 {
		t.Errorf("cities %+v", got)
	}
	if got := p.Pools; len(got.Top) != 10 || got.More != 5 || got.Top[0].Name != "P2" || got.Top[1].Name != "P1" || got.Top[2].Name != "P3" {
		t.Errorf("pools %+v", got)
	}
	if len(p.Groups.Top) != 0 {
		t.Errorf("of the one group there is to tell: %+v", p.Groups)
	}
	for _, f := range p.Failures {
		if len(f.Rows) != 1 || f.Code == "isv.MOBILE_NUMBER_ILLEGAL" && (f.Rows[0].A != "4 位" || f.Rows[0].Reason != "short" || f.Rows[0].Line != 3) {
			t.Errorf("rows of %s: %+v", f.Code, f.Rows)
		}
	}
}

// TestHistoryOfManyRuns: only the latest runs are told of, and what came before counts.
func TestHistoryOfManyRuns(t *testing.T) {
	s := bookstest.NewWriter()
	for n := range 40 {
		s.Begin("a.csv", 40)
		s.Bind(n, ledger.OK, "OK", 10)
		s.End(5)
		s.Now = s.Now.Add(time.Hour)
	}
	p := read(t, s, "a.csv", false).Page(report.EN)
	for i, r := range p.Runs {
		if r.Before[report.Bound] != i+16 || r.Settled[report.Bound] != i+17 || len(r.Points) == 0 {
			t.Errorf("run %d: %v, then %v", i, r.Before, r.Settled)
		}
	}
	if len(p.Runs) != 24 || p.Earlier != 16 {
		t.Errorf("%d runs, %d earlier ones", len(p.Runs), p.Earlier)
	}
	b := &strings.Builder{}
	if err := p.WriteHTML(b); err != nil || !strings.Contains(b.String(), "16 earlier runs are not shown") {
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
