package journal_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"

	"github.com/google/go-cmp/cmp"
)

func TestRoundTrip(t *testing.T) {
	d := &disk{}
	created := time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)
	j, err := journal.Create(d, journal.Header{Identity: 3, ID: "00000000000000a1", Created: created}, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	header := journal.Header{Format: "axgbind journal", Version: 3, Identity: 3, ID: "00000000000000a1", Created: created}
	if j.Header() != header || j.Torn() != 0 {
		t.Errorf("begun as %+v", j.Header())
	}
	refused := ledger.Record{Kind: ledger.Refused, Call: 2, Code: "odd code\n-"}
	commits := []*journal.Commit{
		j.Append(ledger.Record{Kind: ledger.Run, Batch: "b 1"}, struct{ Run int }{1}),
		j.Append(intent(0), detail{A: "13800138000"}), j.Append(ok(0), nil),
		j.Append(intent(1), detail{A: "好"}), j.Append(refused, detail{}),
		j.Note(detail{Line: 1}),
		j.Append(ledger.Record{Kind: ledger.End}, nil),
	}
	for i, c := range commits {
		if err := c.Wait(); err != nil {
			t.Errorf("record %d: %v", i, err)
		}
	}
	shut(t, j)
	if !bytes.Equal(d.kept(), d.text) || bytes.Count(d.text, []byte("\n")) != len(commits)+1 || j.Size() != int64(len(d.text)) {
		t.Errorf("%d of %d bytes durable, %d thought to be", d.durable, len(d.text), j.Size())
	}

	refused.Code = "odd_code_-"
	want := []journal.Line{
		{Record: ledger.Record{Kind: ledger.Run, Batch: "b 1"}, Detail: []byte(`{"Run":1}`)},
		{Record: intent(0), Detail: []byte(`{"a":"13800138000"}`)}, {Record: ok(0)},
		{Record: intent(1), Detail: []byte(`{"a":"好"}`)}, {Record: refused, Detail: []byte(`{}`)},
		{Word: journal.Sample, Detail: []byte(`{"line":1}`)},
		{Record: ledger.Record{Kind: ledger.End}},
	}
	at := bytes.IndexByte(d.text, '\n') + 1
	for i := range want {
		want[i] = withWord(want[i])
		want[i].Record.Ref = int64(at)
		at += bytes.IndexByte(d.text[at:], '\n') + 1
	}
	take, got := collect()
	j, err = journal.Open(d, take, journal.Options{Identity: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, j)
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if j.Header() != header || j.Torn() != 0 || j.Size() != int64(len(d.text)) || d.cuts != 0 {
		t.Errorf("header %+v, %d bytes torn, %d cuts", j.Header(), j.Torn(), d.cuts)
	}
	for i := range want {
		if l, err := journal.At(d, want[i].Record.Ref); err != nil || !cmp.Equal(*l, want[i]) {
			t.Errorf("line %d: %v, %v", i, l, err)
		}
	}
	for _, ref := range []int64{want[1].Record.Ref + 1, int64(len(d.text)), int64(len(d.text)) + 5, 1} {
		if l, err := journal.At(d, ref); err == nil {
			t.Errorf("at %d: %v", ref, l)
		}
	}
	if l, err := journal.At(d, 0); err != nil || l.Record.Kind != 0 || l.Word == journal.Sample {
		t.Errorf("the header: %v, %v", l, err)
	}
	if h, err := journal.ReadHeader(bytes.NewReader(d.text)); h != header || err != nil {
		t.Errorf("ReadHeader: %v, %v", h, err)
	}
	var runs []string
	if h, err := journal.ReadRuns(bytes.NewReader(d.text), func(batch string, text []byte) { runs = append(runs, batch+string(text)) }); h != header || err != nil || !cmp.Equal(runs, []string{`b 1{"Run":1}`}) {
		t.Errorf("ReadRuns: %v, %v, %v", h, runs, err)
	}
}

func TestRefuses(t *testing.T) {
	header := raw(rawHeader)
	changed := func(from, to string) string { return raw(strings.Replace(rawHeader, from, to, 1)) }
	for _, test := range []struct {
		name, text string
		want       error // nil: damage at line
		line       int
	}{
		{"empty", "", journal.ErrNotJournal, 0},
		{"a CSV", "PhoneNoA,GroupId\n13800138000,1\n", journal.ErrNotJournal, 0},
		{"no header", raw("intent 1 {}"), journal.ErrNotJournal, 0},
		{"no lines at all", strings.Repeat("x", 3<<20), journal.ErrNotJournal, 0},
		{"a header of another word", raw(strings.Replace(rawHeader, "header", "sample", 1)), journal.ErrNotJournal, 0},
		{"other format", changed("axgbind journal", "diary"), journal.ErrNotJournal, 0},
		{"old and of other format", raw(`J {"format":"diary","version":1}`), journal.ErrNotJournal, 0},
		{"header no JSON", raw("header {x}"), journal.ErrNotJournal, 0},
		{"header of another checksum", "0" + changed(`{`, `{ `)[1:], journal.ErrNotJournal, 0},
		{"two words in one", raw("J"), journal.ErrNotJournal, 0},
		{"newer format", changed(`"version":3`, `"version":4`), journal.ErrNewerJournal, 0},
		{"older format", changed(`"version":3`, `"version":2`), journal.ErrOlderJournal, 0},
		{"version 1", raw(`J {"format":"axgbind journal","version":1,"identity":3}`), journal.ErrOlderJournal, 0},
		{"no id", changed(`"id":"00000000000000a1",`, ``), journal.ErrNotJournal, 0},
		{"an id that is none", changed(`00a1`, `00A1`), journal.ErrNotJournal, 0},
		{"newer identity", changed(`"identity":3`, `"identity":4`), journal.ErrNewerJournal, 0},
		{"older identity", changed(`"identity":3`, `"identity":2`), journal.ErrOlderJournal, 0},
		{"newer format with older identity", changed(`"version":3,"identity":3`, `"version":4,"identity":2`), journal.ErrNewerJournal, 0},
		{"second header", header + header, nil, 2},
		{"unknown word", header + raw("odd 1"), nil, 2},
		{"unknown field", header + raw("run") + raw("ok x=1"), nil, 3},
		{"bad field at the end", header + raw("ok at=x"), nil, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &disk{text: []byte(test.text)}
			j, err := journal.Open(d, func(*journal.Line) error { return nil }, journal.Options{Identity: 3})
			if j != nil || err == nil {
				t.Fatalf("opened: %v", err)
			}
			damage, damaged := errors.AsType[*journal.DamageError](err)
			if test.want != nil && !errors.Is(err, test.want) || test.want == nil && (!damaged || damage.Line != test.line) {
				t.Errorf("error %v, want %v or line %d", err, test.want, test.line)
			}
			if string(d.text) != test.text || d.cuts != 0 {
				t.Error("the file was changed")
			}
			quick := test.want
			if strings.Contains(test.name, "identity") && test.name != "newer format with older identity" { // who asks for no identity gets any
				quick = nil
			}
			if _, err := journal.ReadHeader(strings.NewReader(test.text)); !errors.Is(err, quick) {
				t.Errorf("ReadHeader: %v", err)
			}
			if _, err := journal.ReadRuns(strings.NewReader(test.text), func(string, []byte) {}); !errors.Is(err, quick) {
				t.Errorf("ReadRuns: %v", err)
			}
		})
	}
}

// Who only looks changes nothing, finds only whole records, and is not disturbed
// by one that is being written.
func TestReadWhileWritten(t *testing.T) {
	text, ends := small()
	for n := ends[0]; n < len(text); n++ {
		whole := 0
		for whole < len(ends) && ends[whole]-1 <= n {
			whole++
		}
		take, got := collect()
		h, end, err := journal.Read(strings.NewReader(text), int64(n), nil, take)
		if err != nil || len(*got) != whole-1 || end != int64(min(ends[whole-1], n)) || h.ID != "00000000000000a1" {
			t.Errorf("%d bytes: %d lines up to %d, %v; want %d", n, len(*got), end, err, whole-1)
		}
	}
	d := &disk{}
	j := create(t, d, journal.Options{})
	defer shut(t, j)
	for i := range 20 {
		last := j.Append(intent(i), detail{Line: i})
		size, _ := d.Length()
		take, got := collect()
		if _, end, err := journal.Read(d, size, nil, take); err != nil || end != size || len(*got) < i || len(*got) > i+1 {
			t.Errorf("after %d records: %d, %v", i, len(*got), err)
		}
		if err := last.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

// A record longer than any buffer is read back whole, wherever it stands.
func TestLongRecord(t *testing.T) {
	d := &disk{}
	j := create(t, d, journal.Options{})
	long := detail{A: strings.Repeat("长", 1<<20)}
	for i := range 2 {
		if err := errors.Join(j.Append(intent(i), nil).Wait(), j.Append(ok(i), long).Wait()); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Append(ledger.Record{Kind: ledger.Run, Batch: "behind"}, long).Wait(); err != nil {
		t.Fatal(err)
	}
	shut(t, j)
	lines := read(t, d.text)
	if len(lines) != 5 || len(lines[3].Detail) != 3<<20+8 || lines[4].Record.Batch != "behind" {
		t.Errorf("%d lines", len(lines))
	}
	if l, err := journal.At(d, lines[3].Record.Ref); err != nil || !bytes.Equal(l.Detail, lines[3].Detail) {
		t.Errorf("At: %v", err)
	}
	runs := 0
	if _, err := journal.ReadRuns(bytes.NewReader(d.text), func(batch string, text []byte) { runs += len(text) }); err != nil || runs != 3<<20+8 {
		t.Errorf("ReadRuns: %d, %v", runs, err)
	}
}

// ReadRuns looks at nothing but runs.
func TestReadRunsIsQuick(t *testing.T) {
	header := raw(rawHeader)
	var got []string
	_, err := journal.ReadRuns(strings.NewReader(header+raw(`run batch="a"`)+"rubbish\n\n00000000 run {}\n"+raw("runs {}")+raw(`run batch="b" {}`)+strings.TrimSuffix(raw(`run batch="c"`), "\n")),
		func(batch string, text []byte) { got = append(got, batch+string(text)) })
	if err != nil || !cmp.Equal(got, []string{"a", "b{}", "c"}) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestReadErrors(t *testing.T) {
	broken := errors.New("I/O error")
	text, ends := small()
	for _, n := range []int{0, 5, ends[0] + 3} {
		r := func() io.Reader { return io.MultiReader(strings.NewReader(text[:n]), failing{broken}) }
		if _, err := journal.ReadRuns(r(), func(string, []byte) {}); !errors.Is(err, broken) {
			t.Errorf("ReadRuns after %d bytes: %v", n, err)
		}
		if n < ends[0] {
			if _, err := journal.ReadHeader(r()); !errors.Is(err, broken) {
				t.Errorf("ReadHeader after %d bytes: %v", n, err)
			}
		}
		if _, _, err := journal.Read(failingAt{text[:n], broken}, int64(len(text)), nil, func(*journal.Line) error { return nil }); !errors.Is(err, broken) {
			t.Errorf("Read after %d bytes: %v", n, err)
		}
	}
	d := &disk{text: []byte(text), badRead: broken}
	if _, err := journal.At(d, 0); !errors.Is(err, broken) {
		t.Errorf("At: %v", err)
	}
	d = &disk{text: []byte(text), badLength: broken}
	if j, err := journal.Open(d, func(*journal.Line) error { return nil }, journal.Options{}); j != nil || !errors.Is(err, broken) {
		t.Errorf("Open without a length: %v", err)
	}
	d = &disk{text: []byte(text[:len(text)-3]), badCut: broken}
	if j, err := journal.Open(d, func(*journal.Line) error { return nil }, journal.Options{}); j != nil || !errors.Is(err, broken) || !errors.Is(err, journal.ErrJournal) {
		t.Errorf("Open with a tail that stays: %v", err)
	}
	d = &disk{text: []byte(text[:len(text)-1]), badWrite: broken}
	if j, err := journal.Open(d, func(*journal.Line) error { return nil }, journal.Options{}); j != nil || !errors.Is(err, broken) || !errors.Is(err, journal.ErrJournal) {
		t.Errorf("Open without the last newline: %v", err)
	}
	tail := text[:len(text)-3]
	if j, err := journal.Open(&once{disk: disk{text: []byte(tail)}, err: broken, from: int64(ends[len(ends)-2])}, func(*journal.Line) error { return nil }, journal.Options{}); j != nil || !errors.Is(err, broken) {
		t.Errorf("Open with a tail that cannot be read: %v", err)
	}
}

// failing is a Reader without anything.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// failingAt has a text and nothing behind it.
type failingAt struct {
	text string
	err  error
}

func (f failingAt) ReadAt(b []byte, at int64) (int, error) {
	n := 0
	if at < int64(len(f.text)) {
		n = copy(b, f.text[at:])
	}
	if n < len(b) {
		return n, f.err
	}
	return n, nil
}

// once is a disk that cannot be read from one place on.
type once struct {
	disk
	from int64
	err  error
}

func (o *once) ReadAt(b []byte, at int64) (int, error) {
	if at == o.from {
		return 0, o.err
	}
	return o.disk.ReadAt(b, at)
}

func TestEmpty(t *testing.T) {
	header := strings.TrimSuffix(raw(rawHeader), "\n")
	for n := range len(header) + 1 {
		if empty, err := journal.Empty(strings.NewReader(header[:n]), int64(n)); !empty || err != nil {
			t.Errorf("%q: %v, %v", header[:n], empty, err)
		}
	}
	for _, test := range []struct {
		text  string
		empty bool
	}{
		{strings.Repeat("\x00", 4096), true}, {strings.Repeat("\x00", 4097), false}, {header + "\n", false}, {"x", false}, {"\n", false}, {"0\n", false}, {"0123456g", false}, {"01234567-", false},
		{"01234567 header {\"format\":\"diary\"", false}, {"01234567 headers", false}, {"01234567 header\x00", false}, {"ABCDEF01 header", false},
	} {
		if empty, err := journal.Empty(strings.NewReader(test.text), int64(len(test.text))); empty != test.empty || err != nil {
			t.Errorf("%.40q: %v, %v", test.text, empty, err)
		}
	}
	broken := errors.New("I/O error")
	if empty, err := journal.Empty(failingAt{"", broken}, 9); empty || !errors.Is(err, broken) {
		t.Errorf("%v, %v", empty, err)
	}
}
