package books_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// nightOf is a journal whose records have particulars of their own.
type nightOf struct {
	*bookstest.Writer
	ends time.Time // Expiration
}

func (s *nightOf) bindAs(n int, v map[string]string) {
	s.Call++
	r := ledger.Record{
		Kind: ledger.Intent, Op: ledger.Bind, Call: s.Call, Row: bookstest.KeyOf(n), Place: ledger.Place(n + 1), Ends: s.ends.Unix(), At: s.Now.UnixMilli(), Due: s.Now.UnixMilli() + 30_000,
	}
	s.Record(r, v)
	s.Subs++
	id := fmt.Sprint("9000000000000", s.Subs)
	s.Record(ledger.Record{Kind: ledger.OK, Call: s.Call, Code: "OK", At: s.Now.UnixMilli(), Binding: ledger.ParseSubsID(id)},
		books.Detail{T: s.Now.UnixMilli(), SecretNo: fmt.Sprintf("170000000%02d", s.Subs), SubsID: id})
}

// change is a call on a binding that was done.
func (s *nightOf) change(n int, op ledger.Op, subs int, v any) {
	s.Call++
	id := fmt.Sprint("9000000000000", subs)
	s.Record(ledger.Record{
		Kind: ledger.Intent, Op: op, Call: s.Call, Row: bookstest.KeyOf(n), Binding: ledger.ParseSubsID(id), Ends: s.ends.Unix(), At: s.Now.UnixMilli(), Due: s.Now.UnixMilli() + 30_000,
	}, v)
	s.Record(ledger.Record{Kind: ledger.OK, Call: s.Call, Code: "OK", At: s.Now.UnixMilli()},
		books.Detail{T: s.Now.UnixMilli(), SecretNo: fmt.Sprintf("170000000%02d", subs), SubsID: id})
}

// TestLiveBindings: a binding has the values that were written last, belongs to
// the batch that renewed it last, and is left out once it was released or has
// expired.
func TestLiveBindings(t *testing.T) {
	s := &nightOf{bookstest.NewWriter(), time.Date(2026, 12, 1, 0, 0, 0, 0, report.Beijing)}
	row := func(n int, exp string, more ...string) map[string]string {
		v := map[string]string{"pool": "FC1", "a": fmt.Sprintf("138%08d", n), "g": "7", "exp": exp}
		for i := 0; i < len(more); i += 2 {
			v[more[i]] = more[i+1]
		}
		return v
	}
	december, january := "2026-12-01 00:00:00", "2027-01-01 00:00:00"
	s.Begin("n1.csv", 5)
	for n := 1; n <= 5; n++ {
		s.bindAs(n, row(n, december, "b", "13900000001", "rec", "true", "cr", "CONTROL_CLEAR_DISABLE", "out", "=order,1"))
	}
	s.ends = time.Date(2027, 1, 1, 0, 0, 0, 0, report.Beijing)
	s.Begin("n2.csv", 3)
	s.change(1, ledger.Renew, 1, row(1, january))
	s.change(2, ledger.Renew, 2, row(2, january))
	s.Begin("moved.csv", 1)
	s.change(50, ledger.Update, 3, row(3, january, "g", "8")) // by a list: it changes no owner
	s.Call++                                                  // one of which no answer told
	s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Call: s.Call, Row: bookstest.KeyOf(51), Binding: ledger.ParseSubsID("90000000000006"), At: s.Now.UnixMilli(), Due: s.Now.UnixMilli() + 30_000}, nil)
	s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call, Code: "client.Timeout", At: s.Now.UnixMilli()}, nil)
	s.Begin("undone.csv", 1)
	s.change(60, ledger.Release, 4, nil)
	s.Begin("n3.csv", 1)
	s.change(1, ledger.Renew, 1, row(1, january, "out", "o3"))

	j := bookstest.Read(t, s.Text)
	before, on := s.ends.AddDate(0, -1, 0).Add(-time.Second), s.ends.AddDate(0, -1, 0)
	id := func(n int) (x, subs string) { return fmt.Sprintf("170000000%02d", n), fmt.Sprint("9000000000000", n) }
	made := func(n int, holder string, b books.LiveBinding) books.LiveBinding {
		b.PoolKey, b.PhoneNoA, b.Batch = "FC1", fmt.Sprintf("138%08d", n), holder
		b.SecretNo, b.SubsID = id(n)
		return b
	}
	first := made(1, "n3.csv", books.LiveBinding{GroupID: "7", Expiration: january, OutID: "o3"})
	second := made(2, "n2.csv", books.LiveBinding{GroupID: "7", Expiration: january})
	third := made(3, "n1.csv", books.LiveBinding{GroupID: "8", Expiration: january})
	fifth := made(5, "n1.csv", books.LiveBinding{GroupID: "7", Expiration: december, PhoneNoB: "13900000001", IsRecordingEnabled: "true", OutID: "=order,1"})
	for _, c := range []struct {
		of   string
		at   time.Time
		want []books.LiveBinding
	}{
		{"", before, []books.LiveBinding{first, second, third, fifth}},
		{"", on, []books.LiveBinding{first, second, third}},
		{"n1.csv", before, []books.LiveBinding{third, fifth}},
		{"n2.csv", before, []books.LiveBinding{second}},
		{"n3.csv", before, []books.LiveBinding{first}},
		{"undone.csv", before, nil},
		{"n9.csv", before, nil},
	} {
		if diff := cmp.Diff(c.want, bookstest.Live(t, j, c.of, c.at)); diff != "" {
			t.Errorf("of %q (-want +got):\n%s", c.of, diff)
		}
	}
	var ever []books.LiveBinding // that a batch made or holds
	for b, err := range j.LiveBindings("n1.csv", true, before) {
		if err != nil {
			t.Fatal(err)
		}
		ever = append(ever, b)
	}
	if diff := cmp.Diff([]books.LiveBinding{first, second, third, fifth}, ever); diff != "" {
		t.Errorf("that n1.csv made (-want +got):\n%s", diff)
	}
	if got := j.Standing(before).Live; got != 4 {
		t.Errorf("%d live, want 4", got)
	}
	if got := j.Standing(on).Live; got != 3 {
		t.Errorf("%d live once the fifth has expired, want 3", got)
	}

	shorter, _ := bookstest.Compacted(t, s.Text, s.Now)
	for name, read := range map[string]*books.Journal{"as it was written": j, "compacted": bookstest.Read(t, shorter)} {
		if diff := cmp.Diff([]books.Passed{{To: "n2.csv", Bindings: 1}, {To: "n3.csv", Bindings: 1}}, read.Passed("n1.csv")); diff != "" {
			t.Errorf("%s: of the first night (-want +got):\n%s", name, diff)
		}
		if got := read.Passed("n3.csv"); len(got) > 0 {
			t.Errorf("%s: of the last night %v", name, got)
		}
	}
	if diff := cmp.Diff([]books.Passed{{To: "n3.csv", Bindings: 1}}, j.Passed("n2.csv")); diff != "" {
		t.Errorf("of the second night (-want +got):\n%s", diff)
	}
	rows := map[string]books.BatchStanding{}
	for _, b := range j.Standing(on).Batches {
		rows[b.ID] = b
	}
	if b := rows["n1.csv"]; b.Rows[report.Bound] != 2 || b.Lapsed != 1 || b.Rows[report.Released] != 1 {
		t.Errorf("the first night: %+v", b)
	}
	if b := rows["n3.csv"]; b.Rows[report.Bound] != 1 || b.Lapsed != 0 {
		t.Errorf("the last night: %+v", b)
	}
}

// TestLiveBindingsOfDamage: a binding whose record cannot be read ends the list
// with an error.
func TestLiveBindingsOfDamage(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 3)
	for n := range 3 {
		s.Bind(n, ledger.OK, "OK", 10)
	}
	text := bytes.Clone(s.Text)
	j := bookstest.Read(t, text)
	text[bytes.Index(text, []byte(`"R-1"`))] ^= 1 // since it was read
	got, failed := 0, error(nil)
	for _, err := range j.LiveBindings("", false, s.Now) {
		if got++; err != nil {
			failed = errors.Join(failed, err)
		}
	}
	if got != 2 || failed == nil {
		t.Errorf("%d bindings, %v; want one and an error", got, failed)
	}
}

// BenchmarkLiveBindings lists a million bindings. Their list keeps nothing: what is
// in use behind it is what was before.
func BenchmarkLiveBindings(b *testing.B) {
	s := bookstest.NewWriter()
	const rows = 1_000_000
	s.Begin("a.csv", rows)
	for n := range rows {
		s.Sent(n)
		s.Ends(ledger.OK, "OK", books.Detail{T: s.Now.UnixMilli(), SecretNo: "17000000001"})
	}
	s.End(0)
	j := bookstest.Read(b, s.Text)
	var was, is runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&was)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range j.LiveBindings("", false, s.Now) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != rows {
			b.Fatalf("%d bindings", n)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&is)
	b.ReportMetric((float64(is.HeapInuse)-float64(was.HeapInuse))/1e6, "kept-MB")
	runtime.KeepAlive(j)
}
