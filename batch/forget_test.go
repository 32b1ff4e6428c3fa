package batch_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
	"axgbind/report"
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

// forget is what it takes to forget numbers, and the journal without them.
func forget(t *testing.T, text []byte, numbers ...string) (f *books.Forgetting, without []byte) {
	t.Helper()
	j, _ := reopen(t, text)
	defer closeJournal(t, j)
	j.Hear(time.Now())
	f, err := j.Forget(int64(len(text)), numbers)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return f, b.Bytes()
}

// TestForget takes a journal through nights with lost answers, refusals, renewals and
// releases, and forgets the number of each row in turn. What is known stays the same
// but for that number, of which nothing is left; other lines stay as they are.
func TestForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{
			Numbers: 200, Latency: 80 * time.Millisecond, Jitter: 60 * time.Millisecond, Seed: 3,
			Faults: faults(t, "drop-after@*=0.1", "drop-before@*=0.1", "flow-limit@*=0.05", "code:isv.MOBILE_NUMBER_ILLEGAL=0.1"),
		})
		defer n.close()
		day := func(d int) string { return time.Now().AddDate(0, 0, d).In(report.Beijing).Format(time.DateTime) }
		n.results = "1.csv"
		first := nightInput(100, 130, day(30), "13900000001")
		bound, _, _ := n.run(t, t.Context(), first)
		n.results, n.whenBound = "2.csv", plan.RenewWhenBound
		n.run(t, t.Context(), nightInput(110, 140, day(60), "13900000001"))
		half := plan.Release{Select: func(r *input.Row) bool { return r.Line%2 == 0 }}
		if _, _, err := n.releases(t, t.Context(), release{job: "1.csv", input: resultsText(t, nightHead, bound), opt: half}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		text := bytes.Clone(n.paper.Bytes())
		short, _ := compacted(t, text, time.Now().Add(-month))
		live := map[string]bool{}
		for _, b := range n.service.Bindings() {
			live[b.PhoneNoA], live[b.PhoneNoB], live[b.SecretNo] = true, true, true
		}
		forgotten, needed := 0, 0
		for _, text := range [][]byte{text, short} {
			known := dump(t, text)
			for i := 100; i < 140; i++ {
				number := fmt.Sprintf("1380013%04d", i)
				if !bytes.Contains(text, []byte(number)) {
					continue
				}
				f, without := forget(t, text, number)
				switch held := bytes.Count(text, []byte(number)); {
				case bytes.Contains(without, []byte(number)):
					t.Fatalf("%s is left", report.Mask(number))
				case f.Records == 0 || f.Records > held:
					t.Errorf("%s stands %d times, and in %d records", report.Mask(number), held, f.Records)
				case live[number] && len(f.Needed) == 0:
					t.Errorf("a binding of %s lives, and it may be forgotten", report.Mask(number))
				}
				if len(f.Needed) == 0 {
					forgotten++
				} else {
					needed++
				}
				was, is := bytes.SplitAfter(text, []byte{'\n'}), bytes.SplitAfter(without, []byte{'\n'})
				if len(was) != len(is) {
					t.Fatalf("%d lines become %d", len(was), len(is))
				}
				for at := range was {
					if at == 0 { // it says that the journal was written anew
						continue
					}
					if !bytes.Contains(was[at], []byte(number)) && !bytes.Equal(was[at], is[at]) {
						t.Errorf("line %d changed:\n%s%s", at+1, was[at], is[at])
					}
				}
				want := make([]string, len(known))
				for at := range known {
					want[at] = strings.ReplaceAll(known[at], number, report.Mask(number))
				}
				if diff := cmp.Diff(want, dump(t, without)); diff != "" {
					t.Errorf("without %s (-want +got):\n%.3000s", report.Mask(number), diff)
				}
			}
		}
		if forgotten == 0 || needed == 0 {
			t.Errorf("%d numbers were forgotten, %d needed: the journal is not rich", forgotten, needed)
		}
	})
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
	bind := func(s *tale, ends int64) {
		s.begin("1.csv", 1)
		s.record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: keyOf(1), Place: 7, Ends: ends, At: s.now.UnixMilli(), Due: s.now.UnixMilli() + 1},
			json.RawMessage(`{"t":1,"line":5,"pool":"FC1","a":"`+a+`","b":"`+b+`","g":"7"}`))
	}
	bound := func(s *tale, ends int64) {
		bind(s, ends)
		s.record(ledger.Record{Kind: ledger.OK, Call: 1, Binding: subs, Code: "OK", At: s.now.UnixMilli()}, json.RawMessage(`{"t":2,"no":"`+x+`","subs":"1"}`))
	}
	change := func(s *tale, op ledger.Op, detail string) {
		s.begin("list", 1)
		s.record(ledger.Record{Kind: ledger.Intent, Op: op, Call: 2, Row: keyOf(2), Binding: subs, Place: 7, Ends: ahead, At: s.now.UnixMilli(), Due: s.now.UnixMilli() + 1}, json.RawMessage(detail))
	}
	ok := func(s *tale, detail string) {
		s.record(ledger.Record{Kind: ledger.OK, Call: 2, Code: "OK", At: s.now.UnixMilli()}, json.RawMessage(detail))
	}
	binding := &books.Need{SubsID: "1", Batch: "1.csv", Line: 5, Ends: time.Unix(ahead, 0)}
	doubt := &books.Need{Batch: "1.csv", Line: 5, Ends: time.Unix(ahead, 0), Doubt: true}
	for name, c := range map[string]struct {
		tell    func(s *tale)
		numbers []string
		want    *books.Need // nil: it can be forgotten
	}{
		"A, B or X of a live binding": {func(s *tale) { bound(s, ahead) }, []string{a, b, x}, binding},
		"lapsed an hour ago":          {func(s *tale) { bound(s, now.Add(-time.Hour).Unix()) }, []string{a, b, x}, &books.Need{SubsID: "1", Batch: "1.csv", Line: 5, Ends: time.Unix(now.Add(-time.Hour).Unix(), 0)}},
		"lapsed two days ago":         {func(s *tale) { bound(s, now.Add(-48*time.Hour).Unix()) }, []string{a, b, x}, nil},
		"in doubt":                    {func(s *tale) { bind(s, ahead) }, []string{a, b}, doubt},
		"in doubt, named by its answer": {func(s *tale) {
			bind(s, ahead)
			s.record(ledger.Record{Kind: ledger.Lost, Call: 1, Code: "client.BadAnswer", At: s.now.UnixMilli()}, json.RawMessage(`{"t":2,"named":"9 `+x+`"}`))
		}, []string{a, b, x}, doubt},
		"refused": {func(s *tale) {
			bind(s, ahead)
			s.record(ledger.Record{Kind: ledger.Refused, Call: 1, Code: "isv.X", At: s.now.UnixMilli()}, json.RawMessage(`{"t":2,"msg":"no such number: 138-0000-0001"}`))
		}, []string{a, b}, nil},
		"released": {func(s *tale) {
			bound(s, ahead)
			change(s, ledger.Release, `{"t":3,"line":2,"a":"`+a+`","x":"`+x+`"}`)
			ok(s, `{"t":4,"subs":"1"}`)
		}, []string{a, b, x}, nil},
		"released, and a lost call for it is due": {func(s *tale) {
			bind(s, ahead)
			s.record(ledger.Record{Kind: ledger.Lost, Call: 1, Code: "client.Timeout", At: s.now.UnixMilli()}, nil)
			s.record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 2, Row: keyOf(1), Place: 7, Ends: ahead, At: s.now.UnixMilli(), Due: s.now.UnixMilli() + 1},
				json.RawMessage(`{"t":3,"line":5,"pool":"FC1","a":"`+a+`","b":"`+b+`","g":"7"}`))
			s.record(ledger.Record{Kind: ledger.OK, Call: 2, Binding: subs, Code: "OK", At: s.now.UnixMilli()}, json.RawMessage(`{"t":4,"no":"`+x+`","subs":"1"}`))
			s.begin("list", 1)
			s.record(ledger.Record{Kind: ledger.Intent, Op: ledger.Release, Call: 3, Row: keyOf(2), Binding: subs, At: s.now.UnixMilli(), Due: s.now.UnixMilli() + 1}, json.RawMessage(`{"t":5,"line":2,"a":"`+a+`","x":"`+x+`"}`))
			s.record(ledger.Record{Kind: ledger.OK, Call: 3, Code: "OK", At: s.now.UnixMilli()}, json.RawMessage(`{"t":6,"subs":"1"}`))
		}, []string{a, b, x}, nil},
		"another B since": {func(s *tale) {
			bound(s, ahead)
			change(s, ledger.Update, `{"t":3,"line":2,"a":"`+a+`","b":"13900000002"}`)
			ok(s, `{"t":4,"no":"`+x+`","subs":"1"}`)
		}, []string{b}, nil},
		"A after a list": {func(s *tale) {
			bound(s, ahead)
			change(s, ledger.Update, `{"t":3,"line":2,"a":"`+a+`","b":"13900000002"}`)
			ok(s, `{"t":4,"no":"`+x+`","subs":"1"}`)
		}, []string{a, x}, &books.Need{SubsID: "1", Batch: "1.csv", Ends: time.Unix(ahead, 0)}},
		"new B in doubt": {func(s *tale) {
			bound(s, ahead)
			change(s, ledger.Update, `{"t":3,"line":2,"a":"13800000009","b":"13900000002"}`)
		}, []string{"13900000002"}, &books.Need{Batch: "list", Line: 2, Ends: time.Unix(ahead, 0), Doubt: true}},
		"that nobody knows": {func(s *tale) { bound(s, ahead) }, []string{"13800000002"}, nil},
		"in names of a run": {func(s *tale) {
			s.record(ledger.Record{Kind: ledger.Run, Batch: "b1"}, books.RunStart{Batch: "b1", Input: "/in/" + a + ".csv", Flags: []string{"--only", "A=138 0000 0001"}, Columns: map[string]string{a: "OutId"}, Fields: map[string]string{"PhoneNoB": b}})
		}, []string{a, b}, nil},
		"in another's OutId ": {func(s *tale) {
			s.begin("1.csv", 1)
			s.record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: keyOf(1), Place: 7, Ends: 1, At: 1, Due: 1}, json.RawMessage(`{"t":1,"a":"13800000009","out":"`+a+`"}`))
			s.record(ledger.Record{Kind: ledger.Refused, Call: 1, Code: "isv.X", At: 1}, nil)
		}, []string{a}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTale(t)
			s.now = now.Add(-72 * time.Hour)
			c.tell(s)
			for _, number := range c.numbers {
				f, without := forget(t, s.text, number)
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
				if diff := cmp.Diff(known(t, s.text), known(t, without)); diff != "" {
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
