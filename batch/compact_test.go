package batch_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
	"axgbind/report"
)

// month is how long rows that ended are kept.
const month = 30 * 24 * time.Hour

// compacted is a journal compacted now.
func compacted(t *testing.T, text []byte, cutoff time.Time) (shorter []byte, dropped int) {
	t.Helper()
	j, _ := reopen(t, text)
	defer closeJournal(t, j)
	var b bytes.Buffer
	dropped, err := j.Compact(&b, cutoff, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	// Its ID and the number of its last record stay, but for very short ones.
	was, is := marked(t, text), marked(t, b.Bytes())
	if is.ID() != was.ID() || is.Last() != was.Last() {
		t.Errorf("compacted, %s came to %v; want %v of %s", is.ID(), is.Last(), was.Last(), was.ID())
	}
	return b.Bytes(), dropped
}

// marked is the trail of a journal.
func marked(t *testing.T, text []byte) *journal.Trail {
	t.Helper()
	trail := journal.NewTrail()
	if _, _, err := journal.Read(bytes.NewReader(text), int64(len(text)), trail, func(*journal.Line) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return trail
}

// TestCompact drops what lapsed and nothing else: what is live resumes as before.
func TestCompact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{})
		defer n.close()
		soon := time.Now().Add(2 * time.Hour).In(report.Beijing).Format(time.DateTime)
		live := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n13800138001,1,2099-01-31 23:59:59\n"
		lapsing := "PhoneNoA,GroupId,Expiration\n13800138002,1," + soon + "\n13800138003,1," + soon + "\n13800138004,1," + soon + "\n"
		n.run(t, t.Context(), live)
		n.run(t, t.Context(), lapsing)
		time.Sleep(24 * time.Hour)

		shorter, dropped := compacted(t, n.paper.Bytes(), time.Now())
		if dropped != 3 {
			t.Fatalf("dropped %d rows; want 3", dropped)
		}
		for _, number := range []string{"13800138002", "13800138003", "13800138004"} {
			if bytes.Contains(shorter, []byte(number)) {
				t.Errorf("the compacted journal still holds %s", report.Mask(number))
			}
		}
		n.paper.Buffer = *bytes.NewBuffer(shorter)
		records, _, calls := n.run(t, t.Context(), live)
		if calls != 0 || count(records)[report.Bound] != 2 {
			t.Errorf("after compacting: %d calls, %v; want none and 2 BOUND", calls, count(records))
		}
		records, _, calls = n.run(t, t.Context(), lapsing)
		if calls != 0 || count(records)[report.Invalid] != 3 {
			t.Errorf("lapsed rows after compacting: %d calls, %v; want none and 3 INVALID", calls, count(records))
		}
	})
}

// wouldBe is what a run of a batch on a journal would say of each row before it
// made a call, and how many it would send, renew and look up.
func wouldBe(t *testing.T, text []byte, content string, opt plan.Options) []report.Record {
	t.Helper()
	j, _ := reopen(t, text)
	defer closeJournal(t, j)
	in, err := input.Open(strings.NewReader(content), int64(len(content)), input.Options{
		Defaults: map[input.Field]string{input.PoolKey: simulator.PoolKey}, Bindings: opt.Operation != nil,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Begin(books.RunStart{Run: "next", Batch: opt.Batch}); err != nil { // no call goes on
		t.Fatal(err)
	}
	opt.Now = time.Now()
	plan, err := plan.New(in, j, opt)
	if err != nil {
		t.Fatal(err)
	}
	records := []report.Record{{Message: fmt.Sprintf("%d to send, %d to renew, %d to look up", plan.ToSend, plan.Renew, plan.ToLook)}}
	if err := plan.Results(report.EN, books.StopNone, func(r *report.Record) error {
		records = append(records, *r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return records
}

// dump is what a journal knows, once its calls go on no more.
func dump(t *testing.T, text []byte) []string {
	t.Helper()
	j, _ := reopen(t, text)
	defer closeJournal(t, j)
	if err := j.Begin(books.RunStart{Run: "next"}); err != nil {
		t.Fatal(err)
	}
	list, err := j.Dump()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestCompactedResumes takes a journal through nights with lost answers, refusals,
// renewals and releases. Whatever is run next, it does and says the same on the
// journal as it is and compacted, once and twice.
func TestCompactedResumes(t *testing.T) {
	if raced {
		t.Skip("it runs without the race detector")
	}
	for seed := range int64(4) {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{
				Numbers: 200, Latency: 80 * time.Millisecond, Jitter: 60 * time.Millisecond, Seed: seed,
				Faults: faults(t, "drop-after@*=0.1", "drop-before@*=0.1", "flow-limit@*=0.05", "code:isv.MOBILE_NUMBER_ILLEGAL=0.1", "http-503-executed@*=0.05"),
			})
			defer n.close()
			day := func(d int) string { return time.Now().AddDate(0, 0, d).In(report.Beijing).Format(time.DateTime) }
			named, first := pinned(30), nightInput(100, 140, day(30), "13900000001")
			second := nightInput(110, 150, day(60), "13900000001")
			n.results = "named.csv"
			n.run(t, t.Context(), named)
			n.results, n.numbers = "chosen.csv", listOf(200)[100:]
			n.run(t, t.Context(), nightInput(200, 220, day(30), "13900000001"))
			n.results, n.numbers, n.resend.Unknown = "unnamed.csv", nil, true
			for range 4 {
				n.run(t, t.Context(), nightInput(220, 240, day(30), "13900000001"))
			}
			n.results, n.resend.Unknown = "1.csv", false
			bound, _, _ := n.run(t, t.Context(), first)
			n.results, n.whenBound = "2.csv", plan.RenewWhenBound
			n.run(t, t.Context(), second)
			results := resultsText(t, nightHead, bound)
			half := plan.Release{Select: func(r *input.Row) bool { return r.Line%2 == 0 }}
			if _, _, err := n.releases(t, t.Context(), release{job: "1.csv", input: results, opt: half}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Duration(seed) * 20 * time.Second) // until the calls in doubt can no longer be executed

			lines := bytes.SplitAfter(n.paper.Bytes(), []byte{'\n'})
			var once []byte
			for _, kept := range []float64{0.3, 0.6, 0.8, 0.97, 1} { // killed there
				whole := bytes.Join(lines[:int(kept*float64(len(lines)))], nil)
				var dropped int
				if once, dropped = compacted(t, whole, time.Now().Add(-month)); dropped != 0 {
					t.Errorf("%d rows dropped, none has lapsed", dropped)
				}
				calls, runs := bytes.Count(whole, []byte(" intent ")), bytes.Count(whole, []byte(" run "))
				doubts, ends := bytes.Count(once, []byte(" doubt ")), bytes.Count(whole, []byte(" end "))
				if n := bytes.Count(once, []byte{'\n'}); n > 2+runs+ends+calls+doubts { // header and sample
					t.Errorf("seed %d, %v: %d lines of %d runs and %d calls, %d in doubt", seed, kept, n, runs, calls, doubts)
				}
				twice, _ := compacted(t, once, time.Now().Add(-month))
				known := dump(t, whole)
				if diff := cmp.Diff(known, dump(t, once)); diff != "" {
					t.Errorf("seed %d, %v: what is known once compacted (-want +got):\n%.6000s", seed, kept, diff)
				}
				if diff := cmp.Diff(known, dump(t, twice)); diff != "" {
					t.Errorf("seed %d, %v: what is known compacted twice (-want +got):\n%.6000s", seed, kept, diff)
				}
				for what, next := range map[string]struct {
					input string
					opt   plan.Options
				}{
					"named":     {named, plan.Options{Batch: "named.csv"}},
					"first":     {first, plan.Options{Batch: "1.csv"}},
					"resent":    {first, plan.Options{Batch: "1.csv", Resend: plan.Resend{Failed: true, Unknown: true}}},
					"renewed":   {second, plan.Options{Batch: "2.csv", WhenBound: plan.RenewWhenBound}},
					"refused":   {second, plan.Options{Batch: "2.csv"}},
					"another":   {second, plan.Options{Batch: "3.csv"}},
					"release":   {results, plan.Options{Of: "1.csv", Operation: &plan.Release{}}},
					"releasing": {results, plan.Options{Operation: &plan.Release{}}},
				} {
					want := wouldBe(t, whole, next.input, next.opt)
					if diff := cmp.Diff(want, wouldBe(t, once, next.input, next.opt)); diff != "" {
						t.Errorf("seed %d, %v, %s, compacted (-want +got):\n%.3000s", seed, kept, what, diff)
					}
					if diff := cmp.Diff(want, wouldBe(t, twice, next.input, next.opt)); diff != "" {
						t.Errorf("seed %d, %v, %s, compacted twice (-want +got):\n%.3000s", seed, kept, what, diff)
					}
				}
			}

			n.paper.Buffer = *bytes.NewBuffer(once)
			n.results, n.whenBound = "named.csv", plan.RefuseWhenBound
			n.run(t, t.Context(), named)
			at := map[string]int{}
			for _, b := range n.service.Bindings() {
				if at[b.PhoneNoA]++; strings.Contains(named, b.PhoneNoA) && at[b.PhoneNoA] > 1 {
					t.Errorf("seed %d: %s is bound twice", seed, report.Mask(b.PhoneNoA))
				}
			}
		})
	}
}

// TestCompactedDoubts keeps what only some calls in doubt have: an answer that
// named another X, and an X that a row keeps though its call was not executed.
func TestCompactedDoubts(t *testing.T) {
	s := newTale(t)
	s.begin("a.csv", 4)
	s.sent(1)
	s.record(ledger.Record{Kind: ledger.Lost, Call: s.call, Code: "client.BadAnswer", Elsewhere: true, At: s.now.UnixMilli()}, nil)
	s.x = "17100000001"
	for n, look := range []string{`{"t":1,"look":"absent","x":"17100000001"}`, `{"t":1,"look":"foreign"}`} {
		s.intend(10+n, ledger.Record{Op: ledger.Bind, Named: true})
		s.record(ledger.Record{Kind: ledger.Lost, Call: s.call, Code: "client.Timeout", At: s.now.UnixMilli()}, nil)
		s.record(ledger.Record{Kind: ledger.Absent, Call: s.call, At: s.now.UnixMilli()}, json.RawMessage(look))
	}
	known := dump(t, s.text)
	if len(known) != 4 {
		t.Fatalf("%d things are known, want 3 rows and a call", len(known))
	}
	short, _ := compacted(t, s.text, s.now.Add(-month))
	if diff := cmp.Diff(known, dump(t, short)); diff != "" {
		t.Errorf("what is known once compacted (-want +got):\n%s", diff)
	}
}

// TestLeaves says which rows leave a journal 30 days after they ended, and which
// never. Once they left, nothing leaves.
func TestLeaves(t *testing.T) {
	const day = 24 * time.Hour
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.Add(-time.Duration(days) * day) }
	// bound binds row 1 in a run that began so many days ago, until so many days ago.
	bind := func(s *tale, ended int) {
		s.intend(1, ledger.Record{Op: ledger.Bind, Ends: ago(ended).Unix()})
		s.ends(ledger.OK, "OK", endedAs{T: s.now.UnixMilli()})
	}
	bound := func(s *tale, days, ended int) {
		s.now = ago(days)
		s.begin("1.csv", 1)
		bind(s, ended)
	}
	counted := func(s *tale, days, ended int) { // its end counted from when it was sent
		s.now = ago(days)
		s.beginRun(books.RunStart{Batch: "1.csv", Rows: 1, Fields: map[string]string{"Expiration": "+59d"}})
		bind(s, ended)
	}
	once := func(days int, kind ledger.Kind) func(*tale) {
		return func(s *tale) {
			s.now = ago(days)
			s.begin("1.csv", 1)
			s.bind(1, kind, "isv.X", 40)
			s.end(3)
		}
	}
	later := func(s *tale, days int, batch string) { // another run
		s.now = ago(days)
		s.begin(batch, 1)
	}
	release := func(s *tale) {
		later(s, 60, "undo")
		s.intend(1, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID("1")})
		s.record(ledger.Record{Kind: ledger.OK, Call: s.call, Code: "OK", At: s.now.UnixMilli()}, endedAs{T: s.now.UnixMilli()})
	}
	gone := func(s *tale) {
		s.record(ledger.Record{Kind: ledger.Gone, Binding: ledger.ParseSubsID("1"), At: s.now.UnixMilli()}, endedAs{T: s.now.UnixMilli()})
	}
	const undone = "released, its end counted, lapsed 31 days ago" // the row of the undo leaves
	for name, c := range map[string]struct {
		tell   func(s *tale)
		leaves int
	}{
		"bound, lapsed 31 days ago": {func(s *tale) { bound(s, 90, 31) }, 1},
		"bound, lapsed 29 days ago": {func(s *tale) { bound(s, 90, 29) }, 0},
		"bound, until tomorrow":     {func(s *tale) { bound(s, 90, -1) }, 0},
		"bound, nobody knows until when": {func(s *tale) {
			s.now = ago(90)
			s.begin("1.csv", 1)
			s.bind(1, ledger.OK, "OK", 40)
		}, 0},
		"refused long ago":      {once(31, ledger.Refused), 1},
		"refused of late":       {once(29, ledger.Refused), 0},
		"not executed long ago": {once(31, ledger.NotSent), 1},
		"in doubt":              {once(400, ledger.Lost), 0},
		"refused in a run that was killed": {func(s *tale) {
			s.now = ago(90)
			s.begin("1.csv", 1)
			s.bind(1, ledger.Refused, "isv.X", 40)
		}, 0},
		"refused in a run that was killed before another": {func(s *tale) {
			s.now = ago(90)
			s.begin("1.csv", 1)
			s.bind(1, ledger.Refused, "isv.X", 40)
			later(s, 40, "2.csv")
		}, 1},
		"released, until tomorrow":     {func(s *tale) { bound(s, 90, -1); release(s) }, 0}, // an old file would bind it again
		"released, lapsed 31 days ago": {func(s *tale) { bound(s, 90, 31); release(s) }, 2},
		undone:                         {func(s *tale) { counted(s, 90, 31); release(s) }, 1},
		"released, of a batch that ended more than a year ago": {func(s *tale) { counted(s, 30+367, 31); release(s) }, 2},
		"released, its end not reached":                        {func(s *tale) { counted(s, 30+367, 29); release(s) }, 0},
		"bound, its end counted, lapsed 31 days ago":           {func(s *tale) { counted(s, 90, 31) }, 1},
		"gone long ago": {func(s *tale) { bound(s, 90, -1); s.end(0); later(s, 50, "1.csv"); gone(s); s.end(0) }, 1},
		"gone of late":  {func(s *tale) { bound(s, 90, -1); s.end(0); later(s, 5, "1.csv"); gone(s); s.end(0) }, 0},
		"renewed by another batch": {func(s *tale) {
			bound(s, 90, 20)
			s.end(0)
			later(s, 50, "2.csv")
			s.intend(2, ledger.Record{Op: ledger.Renew, Binding: ledger.ParseSubsID("1"), Ends: ago(-9).Unix()})
			s.record(ledger.Record{Kind: ledger.OK, Call: s.call, Code: "OK", At: s.now.UnixMilli()}, endedAs{T: s.now.UnixMilli(), SubsID: "1"})
		}, 1},
		"a release in doubt, lapsed": {func(s *tale) {
			bound(s, 90, 31)
			later(s, 60, "undo")
			s.intend(1, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID("1")})
			s.record(ledger.Record{Kind: ledger.Lost, Call: s.call, Code: "client.Timeout", At: s.now.UnixMilli()}, nil)
		}, 0},
		"sent again after a doubt, lapsed": {func(s *tale) {
			s.now = ago(90)
			s.begin("1.csv", 1)
			s.intend(1, ledger.Record{Op: ledger.Bind, Ends: ago(31).Unix()})
			s.record(ledger.Record{Kind: ledger.Lost, Call: s.call, Code: "client.Timeout", At: s.now.UnixMilli()}, nil)
			s.intend(1, ledger.Record{Op: ledger.Bind, Ends: ago(31).Unix(), Consent: ledger.ResendUnknown})
			s.ends(ledger.OK, "OK", endedAs{T: s.now.UnixMilli()})
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTale(t)
			c.tell(s)
			leaves := func(text []byte) bool {
				j, _ := reopen(t, text)
				defer closeJournal(t, j)
				yes, err := j.Leaves(now.Add(-month))
				if err != nil {
					t.Fatal(err)
				}
				return yes
			}
			if got := leaves(s.text); got != (c.leaves > 0) {
				t.Errorf("something leaves: %v, want %d rows to", got, c.leaves)
			}
			short, dropped := compacted(t, s.text, now.Add(-month))
			if dropped != c.leaves {
				t.Errorf("%d rows left, want %d", dropped, c.leaves)
			}
			if leaves(short) {
				t.Errorf("something leaves what was compacted:\n%s", short)
			}
			if held := bytes.Contains(short, []byte("13800000001")); held != (c.leaves == 0 || name == undone) {
				t.Errorf("%d rows left, and the number is there: %v\n%s", c.leaves, held, short)
			}
		})
	}
}
