package journal_test

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file anew")

// golden are the lines of testdata/journal: of each kind one as it may look.
func golden() []journal.Line {
	row, other := keyOf(0xabc), ledger.Key{ID: keyOf(0xdef).ID, Occurrence: 2}
	call := ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 1, Row: row, Place: 0x1a2b3c4d5e6f7081, Ends: 1801411199, At: 1795485600000, Due: 1795486500000}
	update := ledger.Record{Kind: ledger.Intent, Op: ledger.Update, Call: 3, Row: row, Binding: 1000000000000002, Place: call.Place, From: 0x1122334455667788, Ends: 1801411199, At: 1795485601000, Due: 1795486501000, Named: true}
	again := ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: 2, Row: other, Place: call.Place, At: 1795485600010, Due: 1795486500010, Named: true, Consent: ledger.ResendUnknown | ledger.Duplicates}
	doubt := again
	doubt.Kind, doubt.Call, doubt.Attempts, doubt.Code = ledger.Doubt, 10, 3, "client.Timeout"
	list := []journal.Line{
		{Record: ledger.Record{Kind: ledger.Run, At: 1795485599000, Batch: "客户 A.results"}, Detail: []byte(`{"run":"r1","version":"1.0"}`)},
		{Record: call, Detail: []byte(`{"line":2,"pool":"FC1","a":"13800138000"}`)},
		{Record: again, Detail: []byte(`{"line":3,"a":"13800138001"}`)},
		{Record: ledger.Record{Kind: ledger.OK, Call: 1, Binding: 1000000000000002, At: 1795485600080, Code: "OK"}, Detail: []byte(`{"subs":"1000000000000001"}`)},
		{Record: ledger.Record{Kind: ledger.Lost, Call: 2, At: 1795485660010, Code: "client.Timeout"}},
		{Record: update, Detail: []byte(`{"line":2}`)},
		{Record: ledger.Record{Kind: ledger.Part, Call: 3, At: 1795485601080}},
		{Record: ledger.Record{Kind: ledger.Refused, Call: 4, At: 1795485601080, Code: "isv.NO_AVAILABLE_NUMBER"}},
		{Record: ledger.Record{Kind: ledger.NotSent, Call: 5, At: 1795485601081, Code: "Throttling.User"}},
		{Record: ledger.Record{Kind: ledger.Withdrawn, Call: 6}},
		{Word: journal.Sample, Detail: []byte(`{"t":1795485602000,"calls":6}`)},
		{Record: ledger.Record{Kind: ledger.Looked, Call: 2, At: 1795485700000, Code: "client.NoControl"}},
		{Record: ledger.Record{Kind: ledger.Found, Call: 2, Binding: 1<<63 | 0x5b1d, At: 1795487000000}, Detail: []byte(`{"subs":"S-17"}`)},
		{Record: ledger.Record{Kind: ledger.Absent, Call: 7, At: 1795487000001}},
		{Record: ledger.Record{Kind: ledger.Taken, Call: 8, At: 1795487000002}},
		{Record: ledger.Record{Kind: ledger.Gone, Binding: 1, At: 1795487000003}},
		{Record: ledger.Record{Kind: ledger.Known, Op: ledger.Release, Row: other, Binding: 78, Place: 9, Ends: 1, State: ledger.Released, Attempts: 2, Code: "OK", Last: true, Maker: -1, Holder: 4}, Detail: []byte(`{}`)},
		{Record: doubt, Detail: []byte(`{"line":3}`)},
		{Record: ledger.Record{Kind: ledger.End, At: 1795487100000}, Detail: []byte(`{"status":4}`)},
	}
	for i := range list {
		list[i] = withWord(list[i])
	}
	return list
}

// The golden file shows what the text looks like. If it changes, so must the
// version in the header.
func TestGolden(t *testing.T) {
	const path = "testdata/journal"
	var text bytes.Buffer
	w := journal.Write(&text, journal.Header{Identity: 3, ID: "0123456789abcdef", Instance: "fedcba9876543210", Simulated: true, Kept: journal.Mark{Number: 40, Sum: 0xfedcba9876543210}, Lines: 3, Created: time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC), Compacted: time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)})
	list := golden()
	for i := range list {
		l := &list[i]
		note := func() error { return w.Record(&l.Record, l.Detail) }
		if l.Word == journal.Sample {
			note = func() error { return w.Note(l.Detail) }
		}
		if err := note(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	kinds := map[ledger.Kind]bool{}
	lines := read(t, want)
	for i := range lines {
		if i > 0 && lines[i].Record.Ref <= lines[i-1].Record.Ref {
			t.Errorf("line %d stands at %d", i, lines[i].Record.Ref)
		}
		kinds[lines[i].Record.Kind] = true
		lines[i].Record.Ref = 0
	}
	if diff := cmp.Diff(list, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if len(kinds) != 17 {
		t.Errorf("%d kinds, want all 16 and sample", len(kinds))
	}
}
