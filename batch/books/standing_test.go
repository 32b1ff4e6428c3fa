package books_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/history"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// TestEndsOfRuns: each batch has the end of its last run, and one that was killed
// has none, whatever came before and after it.
func TestEndsOfRuns(t *testing.T) {
	j, m := bookstest.Create(t)
	first := books.RunEnd{Run: "r1", Status: 5, Stop: "limit", Counts: map[string]int{"BOUND": 1}, Digest: "aa", Calls: 1}
	third := books.RunEnd{Run: "r3", Counts: map[string]int{"BOUND": 2}, Digest: "bb", Calls: 1, Retries: 1}
	if err := errors.Join(
		j.Begin(books.RunStart{Run: "r1", Batch: "b1"}), j.End(first),
		j.Begin(books.RunStart{Run: "r2", Batch: "b2"}), // killed
		j.Begin(books.RunStart{Run: "r3", Batch: "b2"}), j.End(third),
		j.Begin(books.RunStart{Run: "r4", Batch: "b3"}),
		j.Begin(books.RunStart{Run: "r5", Batch: "b1"}), // goes on
	); err != nil {
		t.Fatal(err)
	}
	bookstest.Close(t, j)
	read := bookstest.Read(t, m.Text())
	type last struct {
		ID, Run string
		Runs    int
		End     *books.RunEnd
	}
	var got []last
	for _, b := range read.Standing(time.Now()).Batches {
		got = append(got, last{b.ID, b.Last.Run, b.Runs, b.End})
	}
	want := []last{{"b1", "r5", 2, nil}, {"b3", "r4", 1, nil}, {"b2", "r3", 2, &third}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("batches, the last first (-want +got):\n%s", diff)
	}
	runs, ends := read.RunsOf("b1")
	if len(runs) != 2 || runs[1].Run != "r5" || !cmp.Equal(ends, []*books.RunEnd{&first, nil}) {
		t.Errorf("runs of b1: %+v, %+v", runs, ends)
	}
}

// TestStandingOfReleases: the rows of a batch tell what became of their bindings,
// whoever released them; the releases are another batch's.
func TestStandingOfReleases(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 6)
	for n := range 6 {
		s.Bind(n, ledger.OK, "OK", 10)
	}
	s.Begin("a.unbound.csv", 7)
	release := func(subs int, kind ledger.Kind, code string) {
		s.Intend(100+subs, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID(fmt.Sprint(subs))})
		if kind != 0 {
			s.Record(ledger.Record{Kind: kind, Call: s.Call, Code: code, At: s.Now.UnixMilli()}, nil)
		}
	}
	release(1, ledger.OK, "OK")
	release(2, ledger.NotSent, "isv.FLOW_LIMIT")
	release(3, ledger.Refused, "isv.FORBIDDEN_ACTION")
	release(4, ledger.Lost, "client.Timeout")
	release(5, 0, "")
	release(99, ledger.OK, "OK")
	s.Sent(7)
	j := bookstest.Read(t, s.Text)
	standing := j.Standing(s.Now)
	for i, want := range []books.BatchStanding{
		{Rows: map[report.Status]int{report.Released: 2, report.Pending: 2, report.Failed: 1}, Open: 2},
		{Rows: map[report.Status]int{report.Bound: 3, report.Unknown: 2, report.Released: 1}},
	} {
		got := standing.Batches[i]
		if diff := cmp.Diff(want.Rows, got.Rows); diff != "" || got.Open != want.Open {
			t.Errorf("%s: %d open, rows (-want +got):\n%s", got.ID, got.Open, diff)
		}
	}
	if n := len(bookstest.Live(t, j, "", s.Now)); n != 5 || standing.Live != n {
		t.Errorf("%d bindings live, and %d are listed; want 5: a release in doubt has ended none", standing.Live, n)
	}
}

// BenchmarkManyBatches tells of a journal of 10,000 batches: how long that takes
// beside reading it.
func BenchmarkManyBatches(b *testing.B) {
	const batches = 10_000
	var text bytes.Buffer
	w := journal.Write(&text, journal.Header{Identity: input.IdentityVersion})
	id := func(i int) string { return fmt.Sprint("b", i) }
	for i := range batches {
		err := errors.Join(
			w.Record(&ledger.Record{Kind: ledger.Run, Batch: id(i)}, books.RunStart{Run: "r", Batch: id(i), Command: "bind", Path: books.PathID(id(i)), Results: id(i)}),
			w.Record(&ledger.Record{Kind: ledger.End}, books.RunEnd{Run: "r"}),
		)
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	var read, standing, summarise time.Duration
	for b.Loop() {
		start := time.Now()
		j, err := books.Read(bytes.NewReader(text.Bytes()), int64(text.Len()), nil)
		if err != nil {
			b.Fatal(err)
		}
		read += time.Since(start)
		start = time.Now()
		if s := j.Standing(start); len(s.Batches) != batches || s.Batches[0].ID != id(batches-1) {
			b.Fatalf("%d batches", len(s.Batches))
		}
		standing += time.Since(start)
		start = time.Now()
		if _, err := history.Read(bytes.NewReader(text.Bytes()), int64(text.Len()), nil, id(batches-1), false); err != nil {
			b.Fatal(err)
		}
		summarise += time.Since(start)
	}
	b.ReportMetric(standing.Seconds()/read.Seconds(), "standing/read")
	b.ReportMetric(summarise.Seconds()/read.Seconds(), "history/read")
}
