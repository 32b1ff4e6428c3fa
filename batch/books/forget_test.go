package books_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]string{
		"13800138000": "13800138000", "+86 138 0013 8000": "13800138000", "138-0013-8000": "13800138000", "8613800138000": "13800138000",
		"0571-88992688": "057188992688", "95588": "95588",
		"": "-", "1380013800": "-", "138****8000": "-", "1000000000000001": "-", "x": "-",
	} {
		if got, ok := books.ParseNumber(text); ok != (want != "-") || ok && got != want {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
	}
}

// TestMaskJSON: numbers are masked wherever somebody may have written one, and not in
// ids that happen to have their digits.
func TestMaskJSON(t *testing.T) {
	const number = "13800138000"
	for text, want := range map[string]string{
		`{"out":"13800138000"}`:                               `{"out":"138****8000"}`,
		`{"g":"13800138000","a":"13800138000"}`:               `{"g":"13800138000","a":"138****8000"}`,
		`{"pool":"13800138000","subs":"13800138000"}`:         "",
		`{"named":"13800138000 13800138000"}`:                 `{"named":"13800138000 138****8000"}`,
		`{"more":["7 17100000001","13800138000"]}`:            `{"more":["7 17100000001","138****8000"]}`,
		`{"msg":"say \"138 0013 8000\"","req":"13800138000"}`: `{"msg":"say \"138****8000\"","req":"13800138000"}`,
		`{"13800138000":"OutId"}`:                             `{"138****8000":"OutId"}`,
	} {
		got, changed := books.MaskJSON([]byte(text), []string{number})
		if want == "" {
			want = text
		}
		if string(got) != want || changed != (want != text) {
			t.Errorf("%s: %s, %v; want %s", text, got, changed, want)
		}
	}
}

// TestForgetNeeded says when a number cannot be forgotten, and why.
func TestForgetNeeded(t *testing.T) {
	const a, b, x = "13800000001", "13900000001", "17100000001"
	now := time.Now()
	ahead := now.Add(48 * time.Hour).Unix()
	subs := ledger.ParseSubsID("1")
	bind := func(s *bookstest.Writer, ends int64) {
		s.Begin("1.csv", 1)
		s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: bookstest.KeyOf(1), Place: 7, Ends: ends, At: s.Now.UnixMilli(), Due: s.Now.UnixMilli() + 1},
			json.RawMessage(`{"t":1,"line":5,"pool":"FC1","a":"`+a+`","b":"`+b+`","g":"7"}`))
	}
	bound := func(s *bookstest.Writer, ends int64) {
		bind(s, ends)
		s.Record(ledger.Record{Kind: ledger.OK, Call: 1, Binding: subs, Code: "OK", At: s.Now.UnixMilli()}, json.RawMessage(`{"t":2,"no":"`+x+`","subs":"1"}`))
	}
	change := func(s *bookstest.Writer, op ledger.Op, detail string) {
		s.Begin("list", 1)
		s.Record(ledger.Record{Kind: ledger.Intent, Op: op, Call: 2, Row: bookstest.KeyOf(2), Binding: subs, Place: 7, Ends: ahead, At: s.Now.UnixMilli(), Due: s.Now.UnixMilli() + 1}, json.RawMessage(detail))
	}
	ok := func(s *bookstest.Writer, detail string) {
		s.Record(ledger.Record{Kind: ledger.OK, Call: 2, Code: "OK", At: s.Now.UnixMilli()}, json.RawMessage(detail))
	}
	binding := &books.Need{SubsID: "1", Batch: "1.csv", Line: 5, Ends: time.Unix(ahead, 0)}
	doubt := &books.Need{Batch: "1.csv", Line: 5, Ends: time.Unix(ahead, 0), Doubt: true}
	for name, c := range map[string]struct {
		tell    func(s *bookstest.Writer)
		numbers []string
		want    *books.Need // nil: it can be forgotten
	}{
		"A, B or X of a live binding": {func(s *bookstest.Writer) { bound(s, ahead) }, []string{a, b, x}, binding},
		"after another row": {func(s *bookstest.Writer) {
			s.Begin("1.csv", 2)
			at := s.Now.UnixMilli()
			s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: bookstest.KeyOf(2), Place: 8, Ends: ahead, At: at, Due: at + 1}, json.RawMessage(`{"t":1,"line":6,"a":"13800000009"}`))
			s.Record(ledger.Record{Kind: ledger.Refused, Call: 1, Code: "isv.X", At: at}, nil)
			s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 2, Row: bookstest.KeyOf(1), Place: 7, Ends: ahead, At: at, Due: at + 1}, json.RawMessage(`{"t":2,"line":5,"a":"`+a+`"}`))
			s.Record(ledger.Record{Kind: ledger.OK, Call: 2, Binding: subs, Code: "OK", At: at}, json.RawMessage(`{"t":3,"no":"`+x+`","subs":"1"}`))
		}, []string{a, x}, binding},
		"lapsed an hour ago":  {func(s *bookstest.Writer) { bound(s, now.Add(-time.Hour).Unix()) }, []string{a, b, x}, &books.Need{SubsID: "1", Batch: "1.csv", Line: 5, Ends: time.Unix(now.Add(-time.Hour).Unix(), 0)}},
		"lapsed two days ago": {func(s *bookstest.Writer) { bound(s, now.Add(-48*time.Hour).Unix()) }, []string{a, b, x}, nil},
		"in doubt":            {func(s *bookstest.Writer) { bind(s, ahead) }, []string{a, b}, doubt},
		"in doubt, named by its answer": {func(s *bookstest.Writer) {
			bind(s, ahead)
			s.Record(ledger.Record{Kind: ledger.Lost, Call: 1, Code: "client.BadAnswer", At: s.Now.UnixMilli()}, json.RawMessage(`{"t":2,"named":"9 `+x+`"}`))
		}, []string{a, b, x}, doubt},
		"refused": {func(s *bookstest.Writer) {
			bind(s, ahead)
			s.Record(ledger.Record{Kind: ledger.Refused, Call: 1, Code: "isv.X", At: s.Now.UnixMilli()}, json.RawMessage(`{"t":2,"msg":"no such number: 138-0000-0001"}`))
		}, []string{a, b}, nil},
		"released": {func(s *bookstest.Writer) {
			bound(s, ahead)
			change(s, ledger.Release, `{"t":3,"line":2,"a":"`+a+`","x":"`+x+`"}`)
			ok(s, `{"t":4,"subs":"1"}`)
		}, []string{a, b, x}, nil},
		"released, and a lost call for it is due": {func(s *bookstest.Writer) {
			bind(s, ahead)
			s.Record(ledger.Record{Kind: ledger.Lost, Call: 1, Code: "client.Timeout", At: s.Now.UnixMilli()}, nil)
			s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 2, Row: bookstest.KeyOf(1), Place: 7, Ends: ahead, At: s.Now.UnixMilli(), Due: s.Now.UnixMilli() + 1},
				json.RawMessage(`{"t":3,"line":5,"pool":"FC1","a":"`+a+`","b":"`+b+`","g":"7"}`))
			s.Record(ledger.Record{Kind: ledger.OK, Call: 2, Binding: subs, Code: "OK", At: s.Now.UnixMilli()}, json.RawMessage(`{"t":4,"no":"`+x+`","subs":"1"}`))
			s.Begin("list", 1)
			s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Release, Call: 3, Row: bookstest.KeyOf(2), Binding: subs, At: s.Now.UnixMilli(), Due: s.Now.UnixMilli() + 1}, json.RawMessage(`{"t":5,"line":2,"a":"`+a+`","x":"`+x+`"}`))
			s.Record(ledger.Record{Kind: ledger.OK, Call: 3, Code: "OK", At: s.Now.UnixMilli()}, json.RawMessage(`{"t":6,"subs":"1"}`))
		}, []string{a, b, x}, nil},
		"another B since": {func(s *bookstest.Writer) {
			bound(s, ahead)
			change(s, ledger.Update, `{"t":3,"line":2,"a":"`+a+`","b":"13900000002"}`)
			ok(s, `{"t":4,"no":"`+x+`","subs":"1"}`)
		}, []string{b}, nil},
		"A after a list": {func(s *bookstest.Writer) {
			bound(s, ahead)
			change(s, ledger.Update, `{"t":3,"line":2,"a":"`+a+`","b":"13900000002"}`)
			ok(s, `{"t":4,"no":"`+x+`","subs":"1"}`)
		}, []string{a, x}, &books.Need{SubsID: "1", Batch: "1.csv", Ends: time.Unix(ahead, 0)}},
		"new B in doubt": {func(s *bookstest.Writer) {
			bound(s, ahead)
			change(s, ledger.Update, `{"t":3,"line":2,"a":"13800000009","b":"13900000002"}`)
		}, []string{"13900000002"}, &books.Need{Batch: "list", Line: 2, Ends: time.Unix(ahead, 0), Doubt: true}},
		"that nobody knows": {func(s *bookstest.Writer) { bound(s, ahead) }, []string{"13800000002"}, nil},
		"in names of a run": {func(s *bookstest.Writer) {
			s.Record(ledger.Record{Kind: ledger.Run, Batch: "b1"}, books.RunStart{Batch: "b1", Input: "/in/" + a + ".csv", Flags: []string{"--only", "A=138 0000 0001"}, Columns: map[string]string{a: "OutId"}, Fields: map[string]string{"PhoneNoB": b}})
		}, []string{a, b}, nil},
		"in the OutId of a live binding": {func(s *bookstest.Writer) {
			s.Begin("1.csv", 1)
			s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: bookstest.KeyOf(1), Place: 7, Ends: ahead, At: 1, Due: 1}, json.RawMessage(`{"t":1,"a":"13800000009","out":"`+a+`"}`))
			s.Record(ledger.Record{Kind: ledger.OK, Call: 1, Binding: subs, Code: "OK", At: 1}, json.RawMessage(`{"t":2,"no":"`+x+`","subs":"1"}`))
		}, []string{a}, nil},
		"in another's OutId ": {func(s *bookstest.Writer) {
			s.Begin("1.csv", 1)
			s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: bookstest.KeyOf(1), Place: 7, Ends: 1, At: 1, Due: 1}, json.RawMessage(`{"t":1,"a":"13800000009","out":"`+a+`"}`))
			s.Record(ledger.Record{Kind: ledger.Refused, Call: 1, Code: "isv.X", At: 1}, nil)
		}, []string{a}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := bookstest.NewWriter()
			s.Now = now.Add(-72 * time.Hour)
			c.tell(s)
			for _, number := range c.numbers {
				f, without := bookstest.Forget(t, s.Text, number)
				for _, form := range []string{number, number[:3] + "-" + number[3:7] + "-" + number[7:], number[:3] + " " + number[3:7] + " " + number[7:]} {
					if bytes.Contains(without, []byte(form)) {
						t.Errorf("%s is left:\n%s", form, without)
					}
				}
				var got *books.Need
				if len(f.Needed) > 0 {
					got = &f.Needed[0]
				}
				want := c.want
				if want != nil {
					copied := *want
					copied.Number, want = number, &copied
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", number, diff)
				}
				if diff := cmp.Diff(known(t, s.Text), known(t, without)); diff != "" {
					t.Errorf("without %s (-want +got):\n%s", number, diff)
				}
			}
		})
	}
}

// known is what a ledger knows after the lines of a journal.
func known(t *testing.T, text []byte) string {
	t.Helper()
	l := ledger.New(0)
	if _, _, err := journal.Read(bytes.NewReader(text), int64(len(text)), nil, func(line *journal.Line) error { return l.Apply(&line.Record) }); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := l.Dump(&b, true); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
