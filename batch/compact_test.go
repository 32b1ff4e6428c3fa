package batch_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

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

		shorter, dropped := bookstest.Compacted(t, n.journal.Text(), time.Now())
		if dropped != 3 {
			t.Fatalf("dropped %d rows; want 3", dropped)
		}
		for _, number := range []string{"13800138002", "13800138003", "13800138004"} {
			if bytes.Contains(shorter, []byte(number)) {
				t.Errorf("the compacted journal still holds %s", report.Mask(number))
			}
		}
		n.journal.Set(shorter)
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
	j, _ := bookstest.Open(t, text)
	defer bookstest.Close(t, j)
	in, err := input.Open(strings.NewReader(content), int64(len(content)), input.Options{
		Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}, Bindings: opt.Operation != nil,
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

			lines := bytes.SplitAfter(n.journal.Text(), []byte{'\n'})
			var once []byte
			for _, kept := range []float64{0.3, 0.6, 0.8, 0.97, 1} { // killed there
				whole := bytes.Join(lines[:int(kept*float64(len(lines)))], nil)
				var dropped int
				if once, dropped = bookstest.Compacted(t, whole, time.Now().Add(-bookstest.Month)); dropped != 0 {
					t.Errorf("%d rows dropped, none has lapsed", dropped)
				}
				calls, runs := bytes.Count(whole, []byte(" intent ")), bytes.Count(whole, []byte(" run "))
				doubts, ends := bytes.Count(once, []byte(" doubt ")), bytes.Count(whole, []byte(" end "))
				if n := bytes.Count(once, []byte{'\n'}); n > 2+runs+ends+calls+doubts { // header and sample
					t.Errorf("seed %d, %v: %d lines of %d runs and %d calls, %d in doubt", seed, kept, n, runs, calls, doubts)
				}
				twice, _ := bookstest.Compacted(t, once, time.Now().Add(-bookstest.Month))
				known := bookstest.Dump(t, whole)
				if diff := cmp.Diff(known, bookstest.Dump(t, once)); diff != "" {
					t.Errorf("seed %d, %v: what is known once compacted (-want +got):\n%.6000s", seed, kept, diff)
				}
				if diff := cmp.Diff(known, bookstest.Dump(t, twice)); diff != "" {
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

			n.journal.Set(once)
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
