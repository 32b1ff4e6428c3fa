package books_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/ledger"
)

// TestCompactedDoubts keeps what only some calls in doubt have: an answer that
// named another X, and an X that a row keeps though its call was not executed.
func TestCompactedDoubts(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 4)
	s.Sent(1)
	s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call, Code: "client.BadAnswer", Elsewhere: true, At: s.Now.UnixMilli()}, nil)
	s.X = "17100000001"
	for n, look := range []string{`{"t":1,"look":"absent","x":"17100000001"}`, `{"t":1,"look":"foreign"}`} {
		s.Intend(10+n, ledger.Record{Op: ledger.Bind, Named: true})
		s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call, Code: "client.Timeout", At: s.Now.UnixMilli()}, nil)
		s.Record(ledger.Record{Kind: ledger.Absent, Call: s.Call, At: s.Now.UnixMilli()}, json.RawMessage(look))
	}
	known := bookstest.Dump(t, s.Text)
	if len(known) != 4 {
		t.Fatalf("%d things are known, want 3 rows and a call", len(known))
	}
	short, _ := bookstest.Compacted(t, s.Text, s.Now.Add(-bookstest.Month))
	if diff := cmp.Diff(known, bookstest.Dump(t, short)); diff != "" {
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
	bind := func(s *bookstest.Writer, ended int) {
		s.Intend(1, ledger.Record{Op: ledger.Bind, Ends: ago(ended).Unix()})
		s.Ends(ledger.OK, "OK", books.Detail{T: s.Now.UnixMilli()})
	}
	bound := func(s *bookstest.Writer, days, ended int) {
		s.Now = ago(days)
		s.Begin("1.csv", 1)
		bind(s, ended)
	}
	counted := func(s *bookstest.Writer, days, ended int) { // its end counted from when it was sent
		s.Now = ago(days)
		s.BeginRun(books.RunStart{Batch: "1.csv", Rows: 1, Fields: map[string]string{"Expiration": "+59d"}})
		bind(s, ended)
	}
	once := func(days int, kind ledger.Kind) func(*bookstest.Writer) {
		return func(s *bookstest.Writer) {
			s.Now = ago(days)
			s.Begin("1.csv", 1)
			s.Bind(1, kind, "isv.X", 40)
			s.End(3)
		}
	}
	later := func(s *bookstest.Writer, days int, batch string) { // another run
		s.Now = ago(days)
		s.Begin(batch, 1)
	}
	release := func(s *bookstest.Writer) {
		later(s, 60, "undo")
		s.Intend(1, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID("1")})
		s.Record(ledger.Record{Kind: ledger.OK, Call: s.Call, Code: "OK", At: s.Now.UnixMilli()}, books.Detail{T: s.Now.UnixMilli()})
	}
	gone := func(s *bookstest.Writer) {
		s.Record(ledger.Record{Kind: ledger.Gone, Binding: ledger.ParseSubsID("1"), At: s.Now.UnixMilli()}, books.Detail{T: s.Now.UnixMilli()})
	}
	const undone = "released, its end counted, lapsed 31 days ago" // the row of the undo leaves
	for name, c := range map[string]struct {
		tell   func(s *bookstest.Writer)
		leaves int
	}{
		"bound, lapsed 31 days ago": {func(s *bookstest.Writer) { bound(s, 90, 31) }, 1},
		"bound, lapsed 30 days ago": {func(s *bookstest.Writer) { bound(s, 90, 30) }, 0}, // to the second
		"bound, lapsed 29 days ago": {func(s *bookstest.Writer) { bound(s, 90, 29) }, 0},
		"bound, until tomorrow":     {func(s *bookstest.Writer) { bound(s, 90, -1) }, 0},
		"bound, nobody knows until when": {func(s *bookstest.Writer) {
			s.Now = ago(90)
			s.Begin("1.csv", 1)
			s.Bind(1, ledger.OK, "OK", 40)
		}, 0},
		"refused long ago":      {once(31, ledger.Refused), 1},
		"refused of late":       {once(29, ledger.Refused), 0},
		"not executed long ago": {once(31, ledger.NotSent), 1},
		"in doubt":              {once(400, ledger.Lost), 0},
		"refused in a run that was killed": {func(s *bookstest.Writer) {
			s.Now = ago(90)
			s.Begin("1.csv", 1)
			s.Bind(1, ledger.Refused, "isv.X", 40)
		}, 0},
		"refused in a run that was killed before another": {func(s *bookstest.Writer) {
			s.Now = ago(90)
			s.Begin("1.csv", 1)
			s.Bind(1, ledger.Refused, "isv.X", 40)
			later(s, 40, "2.csv")
		}, 1},
		"released, until tomorrow":     {func(s *bookstest.Writer) { bound(s, 90, -1); release(s) }, 0}, // an old file would bind it again
		"released, lapsed 31 days ago": {func(s *bookstest.Writer) { bound(s, 90, 31); release(s) }, 2},
		undone:                         {func(s *bookstest.Writer) { counted(s, 90, 31); release(s) }, 1},
		"released, of a batch that ended more than a year ago": {func(s *bookstest.Writer) { counted(s, 30+367, 31); release(s) }, 2},
		"released, its end not reached":                        {func(s *bookstest.Writer) { counted(s, 30+367, 29); release(s) }, 0},
		"bound, its end counted, lapsed 31 days ago":           {func(s *bookstest.Writer) { counted(s, 90, 31) }, 1},
		"gone long ago": {func(s *bookstest.Writer) { bound(s, 90, -1); s.End(0); later(s, 50, "1.csv"); gone(s); s.End(0) }, 1},
		"gone of late":  {func(s *bookstest.Writer) { bound(s, 90, -1); s.End(0); later(s, 5, "1.csv"); gone(s); s.End(0) }, 0},
		"renewed by another batch": {func(s *bookstest.Writer) {
			bound(s, 90, 20)
			s.End(0)
			later(s, 50, "2.csv")
			s.Intend(2, ledger.Record{Op: ledger.Renew, Binding: ledger.ParseSubsID("1"), Ends: ago(-9).Unix()})
			s.Record(ledger.Record{Kind: ledger.OK, Call: s.Call, Code: "OK", At: s.Now.UnixMilli()}, books.Detail{T: s.Now.UnixMilli(), SubsID: "1"})
		}, 1},
		"a release in doubt, lapsed": {func(s *bookstest.Writer) {
			bound(s, 90, 31)
			later(s, 60, "undo")
			s.Intend(1, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID("1")})
			s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call, Code: "client.Timeout", At: s.Now.UnixMilli()}, nil)
		}, 0},
		"an update by a list in doubt, lapsed": {func(s *bookstest.Writer) {
			bound(s, 90, 31)
			later(s, 60, "list")
			s.Intend(2, ledger.Record{Op: ledger.Update, Binding: ledger.ParseSubsID("1")})
			s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call, Code: "client.Timeout", At: s.Now.UnixMilli()}, nil)
		}, 0},
		"sent again after a doubt, lapsed": {func(s *bookstest.Writer) {
			s.Now = ago(90)
			s.Begin("1.csv", 1)
			s.Intend(1, ledger.Record{Op: ledger.Bind, Ends: ago(31).Unix()})
			s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call, Code: "client.Timeout", At: s.Now.UnixMilli()}, nil)
			s.Intend(1, ledger.Record{Op: ledger.Bind, Ends: ago(31).Unix(), Consent: ledger.ResendUnknown})
			s.Ends(ledger.OK, "OK", books.Detail{T: s.Now.UnixMilli()})
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := bookstest.NewWriter()
			c.tell(s)
			leaves := func(text []byte) bool {
				j, _ := bookstest.Open(t, text)
				defer bookstest.Close(t, j)
				yes, err := j.Leaves(now.Add(-bookstest.Month))
				if err != nil {
					t.Fatal(err)
				}
				return yes
			}
			if got := leaves(s.Text); got != (c.leaves > 0) {
				t.Errorf("something leaves: %v, want %d rows to", got, c.leaves)
			}
			short, dropped := bookstest.Compacted(t, s.Text, now.Add(-bookstest.Month))
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
