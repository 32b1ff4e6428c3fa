package books_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// begun is a journal of a batch in which a run goes on.
func begun(t *testing.T, batch string) (*books.Journal, *bookstest.Memory) {
	t.Helper()
	j, m := bookstest.Create(t)
	if err := j.Begin(books.RunStart{Run: "r", Batch: batch, Timeout: 20}); err != nil {
		t.Fatal(err)
	}
	return j, m
}

// calls has a call made for row n, and returns its number.
func calls(t *testing.T, j *books.Journal, n int, r ledger.Record) uint64 {
	t.Helper()
	r.Row, r.Place = bookstest.KeyOf(n), ledger.Place(n+1)
	r.Row.Batch = j.Ledger.BatchNumber("a")
	call, err := j.Intend(r, time.Minute, &books.Detail{T: time.Now().UnixMilli(), Line: n})
	if err != nil {
		t.Fatal(err)
	}
	return call
}

// bound has row n bound.
func bound(t *testing.T, j *books.Journal, n int, subsID string) {
	t.Helper()
	call := calls(t, j, n, ledger.Record{Op: ledger.Bind})
	if err := j.EndCall(ledger.Record{Kind: ledger.OK, Call: call, Code: "OK", Binding: ledger.ParseSubsID(subsID)}, &books.Detail{SubsID: subsID}); err != nil {
		t.Fatal(err)
	}
}

// TestIntend: calls have numbers of their own, also once the journal was opened again; one
// that the ledger forbids has none.
func TestIntend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, m := begun(t, "a")
		first, second := calls(t, j, 1, ledger.Record{Op: ledger.Bind}), calls(t, j, 2, ledger.Record{Op: ledger.Bind})
		if first != 1 || second != 2 {
			t.Errorf("calls %d and %d", first, second)
		}
		_, err := j.Intend(ledger.Record{Op: ledger.Bind, Row: bookstest.KeyOf(3), Place: 2}, time.Minute, &books.Detail{T: time.Now().UnixMilli()})
		forbidden, is := errors.AsType[*books.ForbiddenError](err)
		if !is || forbidden.Reason != ledger.BindThere || err.Error() != "the ledger forbids this call: "+ledger.BindThere.String() {
			t.Errorf("a second bind at a place: %v", err)
		}
		if third := calls(t, j, 4, ledger.Record{Op: ledger.Bind}); third != 3 {
			t.Errorf("the next call is %d", third)
		}
		bookstest.Close(t, j)
		j, _ = bookstest.Open(t, m.Text())
		defer bookstest.Close(t, j)
		if err := j.Begin(books.RunStart{Run: "s", Batch: "a"}); err != nil {
			t.Fatal(err)
		}
		if err := j.Carry(ledger.Record{Kind: ledger.Doubt, Op: ledger.Bind, Row: bookstest.KeyOf(7), Place: 8, At: 1, Due: 2}, &books.Detail{T: 1}).Wait(); err != nil {
			t.Fatal(err)
		}
		if next := calls(t, j, 5, ledger.Record{Op: ledger.Bind}); next != 5 {
			t.Errorf("behind one that was carried in, call %d", next)
		}
	})
}

// TestDues: a call that is in doubt can be executed for as long as it is waited for, from
// when it was given up and by this process's clock, and look-ups may settle it from then
// on.
func TestDues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, _ := begun(t, "a")
		defer bookstest.Close(t, j)
		call := calls(t, j, 1, ledger.Record{Op: ledger.Bind})
		time.Sleep(10 * time.Second)
		if err := j.EndCall(ledger.Record{Kind: ledger.Lost, Call: call, Code: "client.Timeout"}, nil); err != nil {
			t.Fatal(err)
		}
		c, lost := j.Calls(0)[0], time.Now()
		if books.WaitedFor(c) != time.Minute || books.WaitedFor(ledger.CallInfo{At: 2, Due: 1}) != 0 {
			t.Errorf("it is waited %v for", books.WaitedFor(c))
		}
		if at, from := j.DueOf(c), j.SettleableFrom(c); !at.Equal(lost.Add(time.Minute)) || !from.Equal(at) {
			t.Errorf("due %v, settleable from %v after it was lost", at.Sub(lost), from.Sub(lost))
		}
		time.Sleep(time.Minute - time.Millisecond)
		if j.Settleable(c) {
			t.Error("it is settleable before it is due")
		}
		if time.Sleep(time.Millisecond); !j.Settleable(c) {
			t.Error("it is not settleable when it is due")
		}
		now := time.Now()
		if got := j.Past(now.UnixMilli()); !got.Equal(now) {
			t.Errorf("now is %v", got)
		}
		if got := j.Past(now.Add(time.Hour).UnixMilli()); !got.Before(lost) {
			t.Errorf("an hour ahead is %v", got)
		}
	})
}

// TestTimeouts: what was given up counts as executed late for three timeouts, and half a
// minute at least.
func TestTimeouts(t *testing.T) {
	for timeout, want := range map[time.Duration]time.Duration{0: 30 * time.Second, 10 * time.Second: 30 * time.Second, 11 * time.Second: 33 * time.Second} {
		if got := books.SettledAfter(timeout); got != want {
			t.Errorf("%v: %v, want %v", timeout, got, want)
		}
	}
	s := bookstest.NewWriter()
	if got := bookstest.Read(t, s.Text).Timeout(); got != 0 {
		t.Errorf("of no run: %v", got)
	}
	s.BeginRun(books.RunStart{Batch: "a", Timeout: 20})
	s.BeginRun(books.RunStart{Batch: "b", Timeout: 1.5})
	if got := bookstest.Read(t, s.Text).Timeout(); got != 1500*time.Millisecond {
		t.Errorf("of the last run: %v", got)
	}
}

// TestClaim: of rows that are told one id the first has it, until the ledger knows whose
// it is.
func TestClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, _ := begun(t, "a")
		defer bookstest.Close(t, j)
		bound(t, j, 1, "11")
		id, known := ledger.ParseSubsID("22"), ledger.ParseSubsID("11")
		for i, c := range []struct {
			id        ledger.SubsID
			row, want int32
		}{{0, 5, 5}, {0, 6, 6}, {id, 5, 5}, {id, 6, 5}, {id, 5, 5}, {known, 5, 0}, {known, 0, 0}} {
			if got := j.Claim(c.id, c.row); got != c.want {
				t.Errorf("claim %d: row %d has it, want %d", i, got, c.want)
			}
		}
		for _, c := range []struct {
			row  int32
			id   ledger.SubsID
			want bool
		}{{0, known, true}, {1, known, false}, {0, id, false}} {
			if got := j.Has(c.row, c.id); got != c.want {
				t.Errorf("row %d has %d: %v", c.row, c.id, got)
			}
		}
		if err := j.Vanish(known, "", nil); err != nil {
			t.Fatal(err)
		}
		if j.Has(0, known) {
			t.Error("a row has a binding that is gone")
		}
		if call := calls(t, j, 3, ledger.Record{Op: ledger.Bind}); j.Withdraw(call) != nil || len(j.Calls(1)) > 0 {
			t.Errorf("a call that was withdrawn: %+v", j.Calls(1))
		}
	})
}

// TestRecorded: of a row that is bound, its end and its binding have to be there; of one
// in doubt, its calls.
func TestRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, m := begun(t, "a")
		defer bookstest.Close(t, j)
		bound(t, j, 1, "11")
		call := calls(t, j, 2, ledger.Record{Op: ledger.Bind})
		if err := j.EndCall(ledger.Record{Kind: ledger.Lost, Call: call, Code: "client.Timeout"}, &books.Detail{T: 1}); err != nil {
			t.Fatal(err)
		}
		calls(t, j, 3, ledger.Record{Op: ledger.Bind})
		text := m.Text()
		recorded := func(row int32) bool { info := j.Row(row); return j.Recorded(row, &info) }
		for n := range int32(3) {
			if !recorded(n) {
				t.Errorf("row %d is not there", n)
			}
		}
		spoil := func(ref int64) {
			spoilt := slices.Clone(text)
			spoilt[ref+12] ^= 1
			m.Set(spoilt)
		}
		binding, doubt := j.Row(0), j.Calls(1)[0]
		for _, c := range []struct {
			what string
			ref  int64
			lost int32 // row
		}{{"the end of row 0", binding.Last, 0}, {"the call of row 1", doubt.Ref, 1}, {"the end of row 1", j.Row(1).Last, 1}, {"the call of row 2", j.Calls(2)[0].Ref, 2}} {
			spoil(c.ref)
			for n := range int32(3) {
				if recorded(n) != (n != c.lost) {
					t.Errorf("without %s, row %d is there: %v", c.what, n, recorded(n))
				}
			}
			m.Set(text)
		}
	})
}

// TestTorn counts what was torn off; the next run ends what was under way.
func TestTorn(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a", 1)
	s.Sent(1)
	torn := append(slices.Clone(s.Text), "0000"...)
	if j := bookstest.Read(t, torn); j.Torn != 4 || !j.Calls(0)[0].Open {
		t.Errorf("looked at: %d bytes torn off, %+v", j.Torn, j.Calls(0))
	}
	j, _ := bookstest.Open(t, torn)
	defer bookstest.Close(t, j)
	if j.Torn != 4 || j.Calls(0)[0].Open || j.Header.Identity != input.IdentityVersion {
		t.Errorf("opened: %d bytes torn off, %+v, header %+v", j.Torn, j.Calls(0), j.Header)
	}
	if _, err := books.Open(bookstest.NewMemory([]byte("nothing\n")), journal.Options{}, 0); err == nil {
		t.Error("no journal is opened")
	}
}

// TestLeavesOfRun: what the run that goes on has touched stays, however old it is.
func TestLeavesOfRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, m := begun(t, "a")
		call := calls(t, j, 1, ledger.Record{Op: ledger.Bind})
		if err := j.EndCall(ledger.Record{Kind: ledger.Refused, Call: call, Code: "isv.X"}, &books.Detail{T: time.Now().UnixMilli()}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		leaves := func(what string, want bool) {
			t.Helper()
			if got, err := j.Leaves(time.Now()); got != want || err != nil {
				t.Errorf("%s: it leaves: %v, %v", what, got, err)
			}
		}
		leaves("it goes on", false)
		if err := j.End(books.RunEnd{Run: "r", End: time.Now()}); err != nil {
			t.Fatal(err)
		}
		bookstest.Close(t, j)
		j, _ = bookstest.Open(t, m.Text())
		defer bookstest.Close(t, j)
		leaves("as it ended", false)
		time.Sleep(time.Second)
		leaves("it has ended", true)
	})
}

// TestRecogniseVotes: of a results file that nobody's bytes are, the batch is that which was
// told its ids; of two the one with more, and the later one of two alike.
func TestRecogniseVotes(t *testing.T) {
	s := bookstest.NewWriter()
	told := func(batch string, rows ...int) string {
		text := ""
		s.Begin(batch, len(rows))
		for _, a := range rows {
			in := bookstest.Input(t, rowHead+row(a), input.Options{})
			var key ledger.Key
			if err := in.EachRow(func(r *input.Row) error { key.ID = r.Identity(); return nil }); err != nil {
				t.Fatal(err)
			}
			s.Call++
			s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: s.Call, Row: key, Place: ledger.Place(s.Call)}, nil)
			s.Ends(ledger.OK, "OK", books.Detail{RequestID: fmt.Sprint(batch, a)})
			text += strings.TrimSuffix(row(a), "\n") + fmt.Sprintf(",BOUND,OK,17100000001,%d,%s%d,1\n", s.Subs, batch, a)
		}
		return text
	}
	const head = "PhoneNoA,GroupId,Expiration,PoolKey,Status,Code,SecretNo,SubsId,RequestId,Attempts\n"
	a, b, c := told("a", 1, 2), told("b", 2, 3), told("c", 1, 2, 3)
	first := func(text string) string { line, _, _ := strings.Cut(text, "\n"); return line + "\n" }
	j := bookstest.Read(t, s.Text)
	for _, test := range []struct{ name, text, want string }{
		{"a's", a, "a"}, {"b's", b, "b"}, {"c's", c, "c"},
		{"one of a and one of b", first(a) + b[len(first(b)):], "b"},
		{"two of a and one of b", a + b[len(first(b)):], "a"},
		{"what a took", strings.ReplaceAll(a, "BOUND,OK", "BOUND,"+aliyun.CodeAlreadyBound), ""},
		{"what was not sent", strings.ReplaceAll(a, ",1\n", ",0\n"), ""},
	} {
		if got, err := j.BatchOfResults(bookstest.Input(t, head+test.text, input.Options{})); got != test.want || err != nil {
			t.Errorf("%s: %q, want %q; %v", test.name, got, test.want, err)
		}
	}
}
