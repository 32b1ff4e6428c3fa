package batch_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// TestEndsOfRuns: each run of a journal has its own end, and one that was
// killed has none, whatever came before and after it.
func TestEndsOfRuns(t *testing.T) {
	d := &disk{}
	j, err := batch.CreateJournal(placed(d), journal.Header{Endpoint: "https://dyplsapi.aliyuncs.com"}, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	first := batch.RunEnd{Run: "r1", Status: 5, Stop: "limit", Counts: map[string]int{"BOUND": 1}, Digest: "aa", Calls: 1}
	third := batch.RunEnd{Run: "r3", Counts: map[string]int{"BOUND": 2}, Digest: "bb", Calls: 1, Retries: 1}
	if err := errors.Join(
		j.Begin(batch.RunStart{Run: "r1"}), j.End(first),
		j.Begin(batch.RunStart{Run: "r2"}), // killed
		j.Begin(batch.RunStart{Run: "r3"}), j.End(third),
		j.Begin(batch.RunStart{Run: "r4"}), // goes on
	); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	s, err := batch.ReadStanding(bytes.NewReader(d.text), int64(len(d.text)))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Runs) != 4 || s.Ended != nil {
		t.Errorf("%d runs, the last ended %v", len(s.Runs), s.Ended)
	}
	if diff := cmp.Diff([]*batch.RunEnd{&first, nil, &third, nil}, s.Ends); diff != "" {
		t.Errorf("ends (-want +got):\n%s", diff)
	}
}

// TestStandingOfReleases: of a row and the release of its binding one counts, and
// a release of what no row has counts for itself.
func TestStandingOfReleases(t *testing.T) {
	s := newTale(t)
	s.begin("a.csv", 6)
	for n := range 6 {
		s.bind(n, ledger.OK, "OK", 10)
	}
	s.begin("a.unbound.csv", 7)
	release := func(subs int, kind ledger.Kind, code string) {
		s.intend(100+subs, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID(fmt.Sprint(subs))})
		if kind != 0 {
			s.record(ledger.Record{Kind: kind, Call: s.call, Code: code, At: s.now.UnixMilli()}, nil)
		}
	}
	release(1, ledger.OK, "OK")
	release(2, ledger.NotSent, "isv.FLOW_LIMIT")
	release(3, ledger.Refused, "isv.FORBIDDEN_ACTION")
	release(4, ledger.Lost, "client.Timeout")
	release(5, 0, "")
	release(99, ledger.OK, "OK")
	s.sent(7)
	got, err := batch.ReadStanding(bytes.NewReader(s.text), int64(len(s.text)))
	if err != nil {
		t.Fatal(err)
	}
	want := map[report.Status]int{report.Bound: 3, report.Unknown: 2, report.Released: 2}
	if diff := cmp.Diff(want, got.Rows); diff != "" || got.Open != 1 {
		t.Errorf("%d open, rows (-want +got):\n%s", got.Open, diff)
	}
}
