package books_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/ledger"
)

// TestSure: the service's time is what was heard last and what has elapsed since, never
// later than this machine's; the end of a run keeps it, and time between two processes
// counts for nothing.
func TestSure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, m := bookstest.Create(t)
		is := func(what string, j *books.Journal, want time.Time) {
			t.Helper()
			if got := j.ServiceTime(time.Now()); !got.Equal(want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		is("nobody has told it", j, time.Time{})
		j.Hear(time.Time{})
		is("an answer did not tell it", j, time.Time{})

		start := time.Now()
		j.Hear(start.Add(-time.Hour))
		time.Sleep(10 * time.Minute)
		is("it goes on", j, start.Add(-50*time.Minute))
		if err := j.End(books.RunEnd{Run: "r", End: time.Now()}); err != nil {
			t.Fatal(err)
		}
		bookstest.Close(t, j)

		time.Sleep(60 * 24 * time.Hour)
		j, m = bookstest.Open(t, m.Text())
		is("it was recorded", j, start.Add(-50*time.Minute))
		time.Sleep(time.Minute)
		is("and goes on from there", j, start.Add(-49*time.Minute))
		if err := j.End(books.RunEnd{Run: "s", End: time.Now()}); err != nil { // it heard nothing
			t.Fatal(err)
		}
		j.Hear(time.Now().Add(time.Hour))
		is("the service is ahead of this machine", j, time.Now())
		bookstest.Close(t, j)

		is("of one that is only looked at", bookstest.Read(t, m.Text()), time.Now())
		j, _ = bookstest.Open(t, m.Text())
		defer bookstest.Close(t, j)
		is("a run that heard nothing keeps it", j, start.Add(-49*time.Minute))
		var shorter bytes.Buffer
		if _, err := j.Compact(&shorter, time.Now(), time.Now()); err != nil {
			t.Fatal(err)
		}
		compacted, _ := bookstest.Open(t, shorter.Bytes())
		defer bookstest.Close(t, compacted)
		is("and so does a compaction", compacted, start.Add(-49*time.Minute))
	})
}

// TestUntold: it is worth asking the service for its time when something has lapsed by
// this machine's clock alone.
func TestUntold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bookstest.NewWriter()
		s.Now = time.Now()
		ends := s.Now.Add(time.Hour).Truncate(time.Second)
		s.Begin("1.csv", 1)
		s.Intend(1, ledger.Record{Op: ledger.Bind, Ends: ends.Unix()})
		s.Ends(ledger.OK, "OK", books.Detail{T: s.Now.UnixMilli()})
		s.End(0)
		j, _ := bookstest.Open(t, s.Text)
		defer bookstest.Close(t, j)
		lapses := ends.Add(24 * time.Hour)
		for _, c := range []struct {
			heard, now time.Time
			want       bool
		}{
			{time.Time{}, lapses.Add(-time.Second), false},
			{time.Time{}, lapses, true},
			{lapses.Add(-time.Second), lapses, true},
			{lapses, lapses, false},
			{lapses, lapses.Add(-time.Second), false},
		} {
			j.Hear(c.heard)
			if got := j.NeedsServiceTime(c.now); got != c.want {
				t.Errorf("heard %v, now %v: %v", c.heard, c.now, got)
			}
		}
	})
}

// TestForgetUntold: the number of a binding that has lapsed by this machine's clock alone
// is still needed, and a plan says so too.
func TestForgetUntold(t *testing.T) {
	s := bookstest.NewWriter()
	s.Now = time.Now()
	ends := s.Now.Add(-48 * time.Hour)
	s.Begin("1.csv", 1)
	s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: bookstest.KeyOf(1), Place: 7, Ends: ends.Unix(), At: 1, Due: 2}, json.RawMessage(`{"t":1,"line":5,"a":"13800000001"}`))
	s.Record(ledger.Record{Kind: ledger.OK, Call: 1, Binding: 1, Code: "OK", At: 2}, json.RawMessage(`{"t":2,"subs":"1"}`))
	s.End(0)
	needs := func(what string, j *books.Journal, want bool) {
		t.Helper()
		f, err := j.Forget(int64(len(s.Text)), []string{"13800000001"})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(f.Needed) == 1 && f.Needed[0].Untold; got != want || len(f.Needed) > 0 != want {
			t.Errorf("%s: %+v", what, f.Needed)
		}
	}
	needs("looked at", bookstest.Read(t, s.Text), true)
	j, _ := bookstest.Open(t, s.Text)
	defer bookstest.Close(t, j)
	needs("untold", j, true)
	j.Hear(ends.Add(23 * time.Hour))
	needs("told too little", j, true)
	j.Hear(ends.Add(25 * time.Hour))
	needs("told", j, false)
}
