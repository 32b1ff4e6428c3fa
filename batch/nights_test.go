package batch_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/report"
)

// TestNights keeps one journal over three nights with results of their own:
// what is live is not bound again under a new Expiration, what lapsed is, and
// nothing live is ever dropped.
func TestNights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 5000})
		defer n.close()
		at := func(d time.Duration) string { return time.Now().Add(d).In(report.Beijing).Format(time.DateTime) }
		rows := func(from, to int, expires string) string {
			b := &strings.Builder{}
			for i := from; i < to; i++ {
				fmt.Fprintf(b, "138%08d,1,%s\n", i, expires)
			}
			return b.String()
		}
		const header = "PhoneNoA,GroupId,Expiration\n"
		old := at(30 * time.Hour)

		n.results = "night1.csv"
		if records, _, calls := n.run(t, t.Context(), header+rows(0, 1000, old)); calls != 1000 || count(records)[report.Bound] != 1000 {
			t.Fatalf("night 1: %d calls, %v", calls, count(records))
		}
		time.Sleep(24 * time.Hour)

		n.results = "night2.csv"
		later := at(60 * time.Hour)
		second := header + rows(100, 1000, later) + rows(1000, 1100, later)
		records, _, calls := n.run(t, t.Context(), second)
		if c := count(records); calls != 100 || c[report.Bound] != 100 || c[report.Held] != 900 {
			t.Errorf("night 2: %d calls, %v; want 100 calls and 900 rows held back", calls, c)
		}
		for _, r := range records[:900] {
			if r.Code != "client.StillBound" {
				t.Fatalf("line %d: %v %s, want client.StillBound", r.Line, r.Status, r.Code)
			}
		}

		// The old bindings lapse, and a day later the rows they held back go.
		time.Sleep(31 * time.Hour)
		n.results = "night3.csv"
		records, _, calls = n.run(t, t.Context(), second)
		if c := count(records); calls != 900 || c[report.Bound] != 1000 {
			t.Errorf("night 3: %d calls, %v; want 900 calls and all bound", calls, c)
		}

		j, err := books.Open(&n.journal, journal.Options{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		var shorter strings.Builder
		if _, err := j.Compact(&shorter, time.Now(), time.Now()); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		for i := 100; i < 1100; i++ {
			if !strings.Contains(shorter.String(), fmt.Sprintf("138%08d", i)) {
				t.Fatalf("row %d is live and was dropped from the journal", i)
			}
		}
	})
}
