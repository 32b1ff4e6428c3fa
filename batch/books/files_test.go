package books_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

const (
	rowHead = "PhoneNoA,GroupId,Expiration,PoolKey\n"
	toldOf  = "PhoneNoA,GroupId,Expiration,PoolKey,Status,Code,Message,SecretNo,SubsId\n"
	ahead   = "2099-01-31 23:59:59"
)

// row is a row under rowHead, by the last digit of its A; tells is one under toldOf.
func row(a int) string { return fmt.Sprintf("1380013800%d,7,%s,FC1\n", a, ahead) }

func tells(a int, verdict string) string {
	return strings.TrimSuffix(row(a), "\n") + "," + verdict + "\n"
}

// TestRecogniseFile tells a journal from other files, however short they are.
func TestRecogniseFile(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 1)
	for len(s.Text) < 2048 {
		s.Sent(1)
	}
	for _, c := range []struct {
		name string
		text string
		want input.Seen
	}{
		{"a journal", string(s.Text), input.SeenJournal},
		{"its beginning alone", string(bookstest.NewWriter().Text), input.SeenJournal},
		{"nothing", "", input.SeenEmpty},
		{"rows", rowHead + row(1), input.SeenInput},
		{"results", toldOf + tells(1, "BOUND,OK,,17100000001,1"), input.SeenResults},
		{"many rows", rowHead + strings.Repeat(row(1), 50), input.SeenInput},
		{"a text", "nothing of ours\n", input.SeenOther},
	} {
		got, err := books.Recognise(strings.NewReader(c.text), int64(len(c.text)))
		if got != c.want || err != nil {
			t.Errorf("%s: %v, want %v; %v", c.name, got, c.want, err)
		}
		if got, err := books.Recognise(broken{}, int64(len(c.text))); c.text != "" && err == nil {
			t.Errorf("%s, and it cannot be read: %v", c.name, got)
		}
	}
}

// broken is a file that cannot be read.
type broken struct{}

var errBroken = errors.New("broken")

func (broken) ReadAt([]byte, int64) (int, error) { return 0, errBroken }

// TestSharesPlace: an input shares a place with results that have a row with its pool, A
// and group, whatever else those say; rows that do not say those share nothing.
func TestSharesPlace(t *testing.T) {
	for _, c := range []struct {
		name, input, results string
		want                 bool
	}{
		{"none", row(1), tells(2, "BOUND,OK,,17100000001,1"), false},
		{"the last", row(1) + row(2), tells(3, "PENDING,,,,") + tells(2, "PENDING,,,,"), true},
		{"the first", row(2) + row(1), tells(2, "BOUND,OK,,17100000001,1"), true},
		{"another end", strings.Replace(row(1), ahead, "2098-01-31 23:59:59", 1), tells(1, "BOUND,OK,,17100000001,1"), true},
		{"another group", strings.Replace(row(1), ",7,", ",8,", 1), tells(1, "BOUND,OK,,17100000001,1"), false},
		{"without a group", strings.Replace(row(1), ",7,", ",,", 1), strings.Replace(tells(1, "INVALID,,,,"), ",7,", ",,", 1), false},
	} {
		got, err := books.SharesPlace(bookstest.Input(t, rowHead+c.input, input.Options{}), bookstest.Input(t, toldOf+c.results, input.Options{}))
		if got != c.want || err != nil {
			t.Errorf("%s: %v, want %v; %v", c.name, got, c.want, err)
		}
	}
}

// TestLacksUnknown: an input lacks what nobody knows the outcome of, if a row with its
// pool, A and group is not there.
func TestLacksUnknown(t *testing.T) {
	const unknown, bound = "UNKNOWN,client.Timeout,,,", "BOUND,OK,,17100000001,1"
	for _, c := range []struct {
		name, input, results string
		want                 bool
	}{
		{"nothing is unknown", row(1), tells(2, bound), false},
		{"it is there", row(2) + row(1), tells(1, unknown) + tells(3, bound), false},
		{"it is there with another end", strings.Replace(row(1), ahead, "2098-01-31 23:59:59", 1), tells(1, unknown), false},
		{"it is not", row(2), tells(1, unknown), true},
		{"one of two is not", row(1) + row(3), tells(1, unknown) + tells(2, unknown), true},
		{"both are", row(1) + row(3) + row(2), tells(1, unknown) + tells(2, unknown), false},
	} {
		got, err := books.LacksUnknown(bookstest.Input(t, rowHead+c.input, input.Options{}), bookstest.Input(t, toldOf+c.results, input.Options{}))
		if got != c.want || err != nil {
			t.Errorf("%s: %v, want %v; %v", c.name, got, c.want, err)
		}
	}
}

// TestUnproven: results have rows that only a file told of, unless something is known in
// their places.
func TestUnproven(t *testing.T) {
	place := input.PlaceOf("FC1", "13800138001", "7")
	held := func(a int, code string) string { return tells(a, "HELD,"+code+",,,") }
	bound := func(s *bookstest.Writer) {
		s.Begin("a.csv", 1)
		s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: bookstest.KeyOf(1), Place: place, At: 1, Due: 2}, nil)
		s.Record(ledger.Record{Kind: ledger.OK, Call: 1, Binding: 1, Code: "OK", At: 2}, nil)
	}
	lost := func(s *bookstest.Writer) {
		s.Begin("a.csv", 1)
		s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: bookstest.KeyOf(1), Place: place, At: 1, Due: 2}, nil)
		s.Record(ledger.Record{Kind: ledger.Lost, Call: 1, At: 2}, nil)
	}
	for _, c := range []struct {
		name  string
		known func(s *bookstest.Writer)
		text  string
		want  bool
	}{
		{"rows", func(*bookstest.Writer) {}, rowHead + row(1), false},
		{"a row that a file told of", func(*bookstest.Writer) {}, toldOf + held(1, aliyun.CodeUnproven), true},
		{"behind others", func(*bookstest.Writer) {}, toldOf + tells(2, "BOUND,OK,,17100000001,1") + held(1, aliyun.CodeUnproven), true},
		{"held for a binding", func(*bookstest.Writer) {}, toldOf + held(1, aliyun.CodeStillBound), false},
		{"not held", func(*bookstest.Writer) {}, toldOf + tells(1, "PENDING,"+aliyun.CodeUnproven+",,,"), false},
		{"a binding is known there", bound, toldOf + held(1, aliyun.CodeUnproven), false},
		{"a call there is in doubt", lost, toldOf + held(1, aliyun.CodeUnproven), false},
		{"a binding is known elsewhere", bound, toldOf + held(2, aliyun.CodeUnproven), true},
		{"one is known, and one is not", bound, toldOf + held(1, aliyun.CodeUnproven) + held(2, aliyun.CodeUnproven), true},
	} {
		s := bookstest.NewWriter()
		c.known(s)
		got, err := bookstest.Read(t, s.Text).Unproven(bookstest.Input(t, c.text, input.Options{}))
		if got != c.want || err != nil {
			t.Errorf("%s: %v, want %v; %v", c.name, got, c.want, err)
		}
	}
}

// TestWrote tells whether a run wrote a file as it stands, and whether rows were held back
// in it: of several that wrote the same, by the last.
func TestWrote(t *testing.T) {
	in := bookstest.Input(t, toldOf+tells(1, "HELD,"+aliyun.CodeStillBound+",,,"), input.Options{})
	digest := fmt.Sprintf("%x", in.SHA256())
	for _, c := range []struct {
		name        string
		ends        []books.RunEnd
		wrote, held bool
	}{
		{"no run", nil, false, false},
		{"another file", []books.RunEnd{{Digest: "aa", Counts: map[string]int{"HELD": 1}}}, false, false},
		{"no file", []books.RunEnd{{Counts: map[string]int{"HELD": 1}}}, false, false},
		{"it", []books.RunEnd{{Digest: "aa"}, {Digest: digest, Counts: map[string]int{"HELD": 1}}, {Digest: "bb"}}, true, true},
		{"it, with nothing held", []books.RunEnd{{Digest: digest, Counts: map[string]int{"BOUND": 1}}}, true, false},
		{"it, twice", []books.RunEnd{{Digest: digest, Counts: map[string]int{"HELD": 1}}, {Digest: digest, Counts: map[string]int{"BOUND": 1}}}, true, false},
	} {
		s := bookstest.NewWriter()
		for i, end := range c.ends {
			s.Begin(fmt.Sprint(i, ".csv"), 1)
			s.Record(ledger.Record{Kind: ledger.End}, end)
		}
		s.Begin("killed.csv", 1)
		j := bookstest.Read(t, s.Text)
		if wrote, held := j.Wrote(in); wrote != c.wrote || held != c.held {
			t.Errorf("%s: wrote %v, held %v; want %v, %v", c.name, wrote, held, c.wrote, c.held)
		}
		for i, end := range append(c.ends, books.RunEnd{}) {
			if got := j.WroteResults(i); got != (end.Digest != "") {
				t.Errorf("%s: run %d wrote results: %v", c.name, i, got)
			}
		}
		if !j.WroteResults(len(c.ends) + 1) {
			t.Errorf("%s: a run that goes on will write none", c.name)
		}
	}
}

// TestReadHeader refuses a journal whose keys this version cannot compute, and reads the
// runs of any other, to a damage of one of them.
func TestReadHeader(t *testing.T) {
	s := bookstest.NewWriter()
	s.Begin("a.csv", 1)
	s.Sent(1)
	s.End(0)
	s.Begin("b.csv", 2)
	h, err := books.ReadHeader(bytes.NewReader(s.Text))
	if err != nil || h.Identity != input.IdentityVersion {
		t.Errorf("%+v, %v", h, err)
	}
	if _, runs, err := books.ReadRuns(bytes.NewReader(s.Text)); err != nil || len(runs) != 2 || runs[0].Batch != "a.csv" || runs[1].Batch != "b.csv" {
		t.Errorf("%+v, %v", runs, err)
	}
	var newer bytes.Buffer
	w := journal.Write(&newer, journal.Header{Identity: input.IdentityVersion + 1})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if _, err := books.ReadHeader(bytes.NewReader(newer.Bytes())); !errors.Is(err, journal.ErrNewerJournal) {
		t.Errorf("the header of a newer one: %v", err)
	}
	if _, err := books.Read(bytes.NewReader(newer.Bytes()), int64(newer.Len()), nil); !errors.Is(err, journal.ErrNewerJournal) {
		t.Errorf("a newer one: %v", err)
	}
	odd := bookstest.NewWriter()
	odd.Record(ledger.Record{Kind: ledger.Run, Batch: "a.csv"}, map[string]int{"run": 1}) // no text
	if _, _, err := books.ReadRuns(bytes.NewReader(odd.Text)); err == nil {
		t.Error("runs that cannot be read are read")
	}
	for what, tell := range map[string]func(s *bookstest.Writer){
		"run": func(s *bookstest.Writer) {
			s.Record(ledger.Record{Kind: ledger.Run, Batch: "a.csv"}, map[string]int{"run": 1})
		},
		"end": func(s *bookstest.Writer) {
			s.Begin("a.csv", 1)
			s.Record(ledger.Record{Kind: ledger.End}, map[string]int{"run": 1})
		},
		"call": func(s *bookstest.Writer) { s.Record(ledger.Record{Kind: ledger.OK, Call: 7, Binding: 1}, nil) },
	} {
		s := bookstest.NewWriter()
		tell(s)
		if _, err := books.Read(bytes.NewReader(s.Text), int64(len(s.Text)), nil); err == nil {
			t.Errorf("a %s that cannot be read is read", what)
		}
	}
	if _, err := books.ReadHeader(io.LimitReader(bytes.NewReader(s.Text), 0)); err == nil {
		t.Error("no header is read")
	}
}

// TestSharesRows: an input shares a row with a batch that sent one of its rows, or that has or
// may have something in the place of one; any, with a batch that sent nothing.
func TestSharesRows(t *testing.T) {
	keyOf := func(a int) (key ledger.Key, place ledger.Place) {
		in := bookstest.Input(t, rowHead+row(a), input.Options{})
		if err := in.EachRow(func(r *input.Row) error { key.ID, place = r.Identity(), r.Place(); return nil }); err != nil {
			t.Fatal(err)
		}
		return key, place
	}
	s := bookstest.NewWriter()
	call := func(a int, kind ledger.Kind) {
		s.Call++
		key, place := keyOf(a)
		s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: s.Call, Row: key, Place: place}, nil)
		s.Ends(kind, "c", books.Detail{})
	}
	s.Begin("z", 1)
	call(9, ledger.Refused)
	s.Begin("a", 3)
	call(1, ledger.OK)
	call(2, ledger.Lost)
	call(3, ledger.Refused)
	s.Begin("b", 1)
	call(4, ledger.OK)
	s.Begin("idle", 1)
	j := bookstest.Read(t, s.Text)
	other := func(a int) string { return strings.Replace(row(a), ahead, "2098-01-31 23:59:59", 1) }
	for _, c := range []struct {
		name, rows, batch string
		want              bool
	}{
		{"a row", row(8) + row(1), "a", true},
		{"a row that was refused", row(3), "a", true},
		{"the place of what it has", other(1), "a", true},
		{"the place of what it may have", other(2), "a", true},
		{"the place of what it was refused", other(3), "a", false},
		{"another's row", row(4), "a", false},
		{"the place of what another has", other(4), "a", false},
		{"none", row(8), "a", false},
		{"anything, with a batch that sent nothing", row(8), "idle", true},
		{"anything, with no batch", row(8), "none", true},
	} {
		if got, err := j.Shares(bookstest.Input(t, rowHead+c.rows, input.Options{}), c.batch); got != c.want || err != nil {
			t.Errorf("%s: %v, want %v; %v", c.name, got, c.want, err)
		}
	}
}
