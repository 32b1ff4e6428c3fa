package journal_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"

	"github.com/google/go-cmp/cmp"
)

// full is a record with every field.
func full() ledger.Record {
	return ledger.Record{
		Kind: ledger.Known, Op: ledger.Release, Call: math.MaxUint64, Row: ledger.Key{ID: ledger.Identity{0: 0xab, 15: 1}, Occurrence: math.MaxUint32},
		Binding: 1<<63 - 1, Place: 0xfedcba9876543210, From: 1, Ends: 1801411199, At: 1795485600000, Due: 1795485600000 + 300_000,
		Consent: ledger.ResendUnknown | ledger.ResendReleased | ledger.Duplicates, Named: true, Code: "isv.号码-{x=1", State: ledger.Superseded,
		Attempts: 65536, Last: true, Maker: -1, Holder: 12, Batch: "夜 \"1\"\n\xff",
	}
}

// texts are lines and what stands for them behind the checksum.
var texts = []struct {
	name string
	line journal.Line
	text string
}{
	{"only a word", journal.Line{Record: ledger.Record{Kind: ledger.End}}, `end`},
	{"only a detail", journal.Line{Record: ledger.Record{Kind: ledger.End}, Detail: []byte(`{}`)}, `end {}`},
	{"sample", journal.Line{Word: journal.Sample, Detail: []byte(`{"t":1}`)}, `sample {"t":1}`},
	{"every field", journal.Line{Record: full(), Detail: []byte(`{"x":" {} "}`)},
		`known 18446744073709551615 op=release row=ab000000000000000000000000000001.4294967295 subs=9223372036854775806 place=fedcba9876543210 from=0000000000000001` +
			` at=1795485600000 due=+300000 ends=1801411199 consent=unknown+released+duplicates named state=SUPERSEDED tries=65536 code=isv.号码-{x=1 last maker=-1 holder=12` +
			` batch="夜 \"1\"\n\xff" {"x":" {} "}`},
	{"intent", journal.Line{Record: ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: ledger.Key{Occurrence: 1}, Named: true}},
		`intent 1 op=bind row=00000000000000000000000000000000.1 named`},
	{"last alone", journal.Line{Record: ledger.Record{Kind: ledger.Known, Last: true}}, `known last`},
	{"id of no digits", journal.Line{Record: ledger.Record{Kind: ledger.OK, Call: 9, Binding: 1<<63 | 0x2a}}, `ok 9 subs=#800000000000002a`},
	{"least id of no digits", journal.Line{Record: ledger.Record{Kind: ledger.OK, Binding: 1 << 63}}, `ok subs=#8000000000000000`},
	{"id 0", journal.Line{Record: ledger.Record{Kind: ledger.Gone, Binding: 1}}, `gone subs=0`},
	{"due with at", journal.Line{Record: ledger.Record{Kind: ledger.Doubt, At: 5, Due: 5}}, `doubt at=5 due=+0`},
	{"due before at", journal.Line{Record: ledger.Record{Kind: ledger.Doubt, At: 5, Due: 4}}, `doubt at=5 due=4`},
	{"due without at", journal.Line{Record: ledger.Record{Kind: ledger.Doubt, Due: 7}}, `doubt due=7`},
	{"due far behind at", journal.Line{Record: ledger.Record{Kind: ledger.Doubt, At: 1, Due: math.MaxInt64}}, `doubt at=1 due=+9223372036854775806`},
	{"before 1970", journal.Line{Record: ledger.Record{Kind: ledger.Doubt, At: math.MinInt64, Due: -1, Ends: -2}}, `doubt at=-9223372036854775808 due=-1 ends=-2`},
	{"at in 1970", journal.Line{Record: ledger.Record{Kind: ledger.Doubt, At: 1, Due: 2}}, `doubt at=1 due=+1`},
	{"largest number", journal.Line{Record: ledger.Record{Kind: ledger.Lost, At: math.MaxInt64, Attempts: math.MinInt}}, `lost at=9223372036854775807 tries=-9223372036854775808`},
	{"one consent", journal.Line{Record: ledger.Record{Kind: ledger.Intent, Consent: ledger.ResendReleased}}, `intent consent=released`},
	{"two consents", journal.Line{Record: ledger.Record{Kind: ledger.Intent, Consent: ledger.ResendUnknown | ledger.Duplicates}}, `intent consent=unknown+duplicates`},
	{"bound", journal.Line{Record: ledger.Record{Kind: ledger.Known, State: ledger.Bound}}, `known state=BOUND`},
	{"failed", journal.Line{Record: ledger.Record{Kind: ledger.Known, State: ledger.Failed}}, `known state=FAILED`},
	{"unknown", journal.Line{Record: ledger.Record{Kind: ledger.Known, State: ledger.Unknown}}, `known state=UNKNOWN`},
	{"released", journal.Line{Record: ledger.Record{Kind: ledger.Known, State: ledger.Released}}, `known state=RELEASED`},
	{"renew", journal.Line{Record: ledger.Record{Kind: ledger.Intent, Op: ledger.Renew}}, `intent op=renew`},
	{"update", journal.Line{Record: ledger.Record{Kind: ledger.Intent, Op: ledger.Update}}, `intent op=update`},
	{"code of one letter", journal.Line{Record: ledger.Record{Kind: ledger.Refused, Code: "-"}}, `refused code=-`},
	{"code like a field", journal.Line{Record: ledger.Record{Kind: ledger.Refused, Code: "last"}}, `refused code=last`},
	{"batch with a brace", journal.Line{Record: ledger.Record{Kind: ledger.Run, Batch: " {"}}, `run batch=" {"`},
}

// withWord fills in the word of a record.
func withWord(l journal.Line) journal.Line {
	if l.Word == "" {
		l.Word = l.Record.Kind.String()
	}
	return l
}

func TestText(t *testing.T) {
	for _, test := range texts {
		t.Run(test.name, func(t *testing.T) {
			line, want := withWord(test.line), raw(test.text)
			before := []byte("before ")
			got, err := journal.Encode(before, &line)
			if err != nil || string(got) != "before "+want {
				t.Fatalf("encoded, %v:\n%s\nwant\n%s", err, got, want)
			}
			back := journal.Line{Word: "rubbish", Record: full(), Detail: []byte("rubbish")}
			if err := journal.Decode([]byte(strings.TrimSuffix(want, "\n")), &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(line, back); diff != "" {
				t.Errorf("decoded (-want +got):\n%s", diff)
			}
		})
	}
}

// Every kind of record has its word, and every one of those is known.
func TestKinds(t *testing.T) {
	n := 0
	for k := ledger.Run; k.String() != "?"; k++ {
		line := withWord(journal.Line{Record: ledger.Record{Kind: k}})
		text, err := journal.Encode(nil, &line)
		var back journal.Line
		if err == nil {
			err = journal.Decode(bytes.TrimSuffix(text, []byte("\n")), &back)
		}
		if err != nil || back.Record.Kind != k || back.Word != k.String() {
			t.Errorf("%s came back as %s %s: %v", k, back.Word, back.Record.Kind, err)
		}
		n++
	}
	if n != 16 {
		t.Errorf("%d kinds", n)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, text := range []string{
		"", "Intent", "intents", "?", "J {}", "header", "header x", "sample", "sample ", "sample 1 {}", "sample at=1 {}", "header {} ", "sample {", "sample }",
		"ok ", "ok  {}", "ok 1 ", "ok 1  at=1", "ok {}{} ", "ok {", "ok 1 {} x", "ok 1{}",
		"ok 0", "ok 01", "ok +1", "ok -1", "ok 1 2", "ok 18446744073709551616", "ok 28446744073709551615", "ok 99999999999999999999", "ok 1x", "ok 184467440737095516150",
		"ok at=1 1", "ok what=1", "ok at", "ok at=", "ok AT=1", "ok at=1 at=2", "ok at=1 at=1", "ok ends=1 at=1", "ok code=x op=bind", "ok at=1 place=0000000000000001",
		"ok at=0", "ok at=-0", "ok at=01", "ok at=+1", "ok at=1.0", "ok at=1e3", "ok at=--1", "ok at=-", "ok at=9223372036854775808", "ok at=-9223372036854775809", "ok at=１",
		"ok op=", "ok op=-", "ok op=BIND", "ok op=bin",
		"ok row=", "ok row=0", "ok row=00000000000000000000000000000000", "ok row=00000000000000000000000000000000.0", "ok row=0000000000000000000000000000000A",
		"ok row=00000000000000000000000000000001.01", "ok row=1000000000000000000000000000000g", "ok row=100000000000000000000000000000g0", "ok place=100000000000000g", "ok row=0000000000000000000000000000000g", "ok row=g0000000000000000000000000000001", "ok row=0000000000000000000000000000000/",
		"ok subs=", "ok subs=#", "ok subs=-1", "ok subs=01", "ok subs=9223372036854775807", "ok subs=18446744073709551615", "ok subs=#0000000000000001", "ok subs=#7fffffffffffffff",
		"ok subs=#800000000000002A", "ok subs=#80000000000000001", "ok subs=#8000000000000", "ok subs=8000000000000000x",
		"ok place=", "ok place=0000000000000000", "ok place=1", "ok place=00000000000000001", "ok place=000000000000000g", "ok place=000000000000000F", "ok from=0000000000000000",
		"ok due=0", "ok due=+0", "ok due=+1", "ok at=5 due=5", "ok at=5 due=6", "ok at=5 due=+-1", "ok at=5 due=+", "ok at=5 due=++1", "ok at=5 due=+9223372036854775807", "ok at=-5 due=+1", "ok at=-5 due=+10",
		"ok consent=", "ok consent=x", "ok consent=unknown+", "ok consent=+unknown", "ok consent=released+unknown", "ok consent=unknown+unknown", "ok consent=unknown+x",
		"ok named=", "ok named=1", "ok namedx", "ok named named", "ok last=1", "ok lastly",
		"ok state=", "ok state=PENDING", "ok state=bound", "ok tries=0", "ok maker=0", "ok holder=0", "ok maker=x",
		"ok code=", "ok code=a\x7f", "ok code=a\tb", "ok code=\xff",
		`ok batch=`, `ok batch=""`, `ok batch=x`, `ok batch="x`, `ok batch="x"y`, `ok batch="x"{}`, `ok batch='x'`, "ok batch=`x`", `ok batch="\x41"`, `ok batch="a" at=1`, `ok batch="a"  {}`, `ok batch="a" `,
		"ok {\n}", "ok\n",
	} {
		var l journal.Line
		if err := journal.Decode([]byte(strings.TrimSuffix(raw(text), "\n")), &l); err == nil {
			t.Errorf("%q was taken as %+v", text, l)
		}
	}
}

func TestChecksum(t *testing.T) {
	const good = "6ecb6070 ok"
	var l journal.Line
	if err := journal.Decode([]byte(strings.TrimSuffix(raw("ok"), "\n")), &l); err != nil || raw("ok") != good+"\n" {
		t.Fatalf("%s %v", raw("ok"), err)
	}
	for _, text := range []string{"", "6ecb607", "6ecb6070", "6ecb6070 ", "6ecb6070\tok", "6ECB6070 ok", "6ecb6071 ok", "0ecb6070 ok", "6ecb607g ok", "6ecb6070 oj", " 6ecb6070 ok", "6ecb6070-ok"} {
		if err := journal.Decode([]byte(text), &l); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	record := func(change func(*ledger.Record)) journal.Line {
		r := ledger.Record{Kind: ledger.Intent}
		change(&r)
		return withWord(journal.Line{Record: r})
	}
	for name, line := range map[string]journal.Line{
		"no kind":               {},
		"unknown kind":          record(func(r *ledger.Record) { r.Kind = 17 }),
		"word of no kind":       {Word: "?"},
		"another word":          {Word: "ok", Record: ledger.Record{Kind: ledger.Intent}},
		"no word":               {Record: ledger.Record{Kind: ledger.Intent}},
		"sample with a kind":    {Word: journal.Sample, Record: ledger.Record{Kind: ledger.OK}, Detail: []byte("{}")},
		"sample without detail": {Word: journal.Sample},
		"unknown operation":     record(func(r *ledger.Record) { r.Op = 5 }),
		"unknown consent":       record(func(r *ledger.Record) { r.Consent = 16 }),
		"unknown state":         record(func(r *ledger.Record) { r.State = 6 }),
		"code of two words":     record(func(r *ledger.Record) { r.Code = "a b" }),
		"detail no object":      {Word: "ok", Record: ledger.Record{Kind: ledger.OK}, Detail: []byte("1")},
		"half an object":        {Word: "ok", Record: ledger.Record{Kind: ledger.OK}, Detail: []byte("{")},
		"object and more":       {Word: "ok", Record: ledger.Record{Kind: ledger.OK}, Detail: []byte("{} ")},
		"detail of two lines":   {Word: "ok", Record: ledger.Record{Kind: ledger.OK}, Detail: []byte("{\n}")},
	} {
		if b, err := journal.Encode([]byte("x"), &line); err == nil || string(b) != "x" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

// What is given to Append is one object of JSON, or nothing.
func TestDetails(t *testing.T) {
	var none *detail
	for _, test := range []struct {
		detail any
		want   string
		refuse bool
	}{
		{nil, "", false}, {none, "", false}, {json.RawMessage(nil), "", false}, {[]byte{}, "", false},
		{detail{Line: 7}, `{"line":7}`, false}, {&detail{A: "<&>\n"}, `{"a":"\u003c\u0026\u003e\n"}`, false}, {struct{}{}, `{}`, false},
		{[]byte(`{"a":"<"}`), `{"a":"<"}`, false}, {json.RawMessage(`{"a": 1}`), `{"a": 1}`, false},
		{7, "", true}, {"x", "", true}, {[]int{1}, "", true}, {func() {}, "", true}, {[]byte("null"), "", true}, {[]byte("{\n}"), "", true}, {[]byte("{"), "", true}, {[]byte("}"), "", true},
	} {
		d := &disk{}
		j := create(t, d, journal.Options{})
		before := j.Size()
		err := j.Append(ok(1), test.detail).Wait()
		if (err != nil) != test.refuse {
			t.Errorf("%v: %v", test.detail, err)
		}
		if err != nil && (j.Size() != before || j.Err() != nil) {
			t.Errorf("%v: a record that was refused left something: %v", test.detail, j.Err())
		}
		shut(t, j)
		if lines := read(t, d.text); err == nil && (len(lines) != 1 || string(lines[0].Detail) != test.want) {
			t.Errorf("%v came back as %v", test.detail, lines)
		}
	}
}

// FuzzText holds both directions: what can be decoded is encoded alike, and what
// can be encoded is decoded alike.
func FuzzText(f *testing.F) {
	for _, test := range texts {
		f.Add(test.text, test.line.Record.Code, test.line.Record.Batch, int64(test.line.Record.At), test.line.Record.Due, uint64(test.line.Record.Binding), uint64(test.line.Record.Place), uint32(0xffff))
	}
	f.Add("header {}", "", "", int64(0), int64(0), uint64(0), uint64(0), uint32(0))
	f.Fuzz(func(t *testing.T, text, code, batch string, at, due int64, id, place uint64, bits uint32) {
		var line journal.Line
		if err := journal.Decode([]byte(strings.TrimSuffix(raw(text), "\n")), &line); err == nil {
			back, err := journal.Encode(nil, &line)
			if err != nil || string(back) != raw(text) {
				t.Fatalf("%q was decoded, and encoded as %q: %v", raw(text), back, err)
			}
		}
		line = withWord(journal.Line{Record: ledger.Record{
			Kind: ledger.Kind(bits & 31), Op: ledger.Op(bits >> 5 & 7), Call: place, Row: ledger.Key{ID: ledger.Identity{byte(bits)}, Occurrence: uint32(at)}, Binding: ledger.SubsID(id),
			Place: ledger.Place(place), From: ledger.Place(id), Ends: due, At: at, Due: due, Consent: ledger.Consent(bits >> 8 & 15), Named: bits>>12&1 == 1, Code: code,
			State: ledger.State(bits >> 13 & 7), Attempts: int(at), Last: bits>>16&1 == 1, Maker: int(due), Holder: int(bits), Batch: batch,
		}})
		encoded, err := journal.Encode(nil, &line)
		if err != nil {
			return
		}
		var back journal.Line
		if err := journal.Decode(encoded[:len(encoded)-1], &back); err != nil || !cmp.Equal(line, back) {
			t.Fatalf("%q: %v\n%s", encoded, err, cmp.Diff(line, back))
		}
	})
}
