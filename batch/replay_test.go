package batch_test

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"axgbind/batch"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
)

// rawLine makes a journal line of text, with its checksum.
func rawLine(text string) string {
	return fmt.Sprintf("%08x %s\n", crc32.Checksum([]byte(text), crc32.MakeTable(crc32.Castagnoli)), text)
}

const rawHeader = `J {"format":"axgbind journal","version":1,"identity":1,"endpoint":"simulator","simulated":true,"created":"2026-11-24T00:00:00Z"}`

// smallJournal is a journal of a few records, as text, and the end of each.
func smallJournal() (text string, ends []int) {
	k := keyOf
	for _, line := range []string{
		rawHeader,
		`R {"run":"r1","sha256":"ab","results":"a.csv"}`,
		`I ` + k(1).String() + ` 1 {"line":2,"a":"13800138000"}`,
		`O ` + k(1).String() + ` 1 BOUND OK {"subs":"1000000000000001"}`,
		`I ` + k(2).String() + ` 1 {"line":3}`,
		`O ` + k(2).String() + ` 1 PENDING isv.FLOW_LIMIT {"req":"R"}`,
		`I ` + k(2).String() + ` 2 {"line":3}`,
		`W ` + k(2).String() + ` 2`,
		`S {"t":1,"calls":2}`,
		`C ` + k(3).String() + ` UNKNOWN - {"tries":1}`,
		`I ` + k(4).String() + ` 1 {"line":5}`,
		`E {"run":"r1","status":4}`,
	} {
		text += rawLine(line)
		ends = append(ends, len(text))
	}
	return text, ends
}

// rowsOf reads a journal that must be readable.
func rowsOf(t testing.TB, text string) (map[batch.Key]batch.RowState, int64) {
	t.Helper()
	j, _ := reopen(t, []byte(text))
	defer closeJournal(t, j)
	rows, err := j.Rows()
	if err != nil {
		t.Fatal(err)
	}
	return rows, j.Torn
}

// A torn tail, wherever a crash tears it and whatever the disk puts behind,
// leaves exactly the records before it, and the journal goes on from there.
func TestTornTail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testTornTail)
}

func testTornTail(t *testing.T) {
	text, ends := smallJournal()
	for n := ends[0]; n <= len(text); n++ {
		whole := 0 // records that are complete, their newline perhaps missing
		for whole < len(ends) && ends[whole]-1 <= n {
			whole++
		}
		want, _ := rowsOf(t, text[:ends[whole-1]])
		for name, tail := range map[string]string{
			"cut": "", "zeros": strings.Repeat("\x00", 4096), "garbage": "\xff\x00garbage\n00000000 I x\n\n\xfe", "newlines": "\n\n\n",
		} {
			if tail != "" && n%5 != 0 { // each costs a millisecond
				continue
			}
			if tail != "" && n == ends[whole-1]-1 {
				continue // a complete record runs into the rubbish: it was not acknowledged
			}
			d := &disk{text: []byte(text[:n] + tail)}
			size := len(d.text)
			j, err := batch.OpenJournal(d, int64(size), nil)
			if err != nil {
				t.Fatalf("%s at %d: %v", name, n, err)
			}
			if got, err := j.Rows(); err != nil || !cmp.Equal(want, got) {
				t.Errorf("%s at %d: %v\n%s", name, n, err, cmp.Diff(want, got))
			}
			if torn := int64(max(size-ends[whole-1], 0)); j.Torn != torn {
				t.Errorf("%s at %d: %d bytes torn, want %d", name, n, j.Torn, torn)
			}
			if string(d.text) != text[:ends[whole-1]] {
				t.Errorf("%s at %d: the file was left as %q", name, n, d.text)
			}
			if d.durable != len(d.text) && (j.Torn > 0 || n < ends[whole-1]) {
				t.Errorf("%s at %d: the repair is not durable", name, n)
			}
			if err := j.Intent(keyOf(9), 1, &batch.Detail{Line: 99}); err != nil {
				t.Fatal(err)
			}
			closeJournal(t, j)
			if rows, torn := rowsOf(t, string(d.kept())); rows[keyOf(9)].Intent.Line != 99 || torn != 0 {
				t.Errorf("%s at %d: after going on: %v, %d bytes torn", name, n, rows, torn)
			}
		}
	}
}

// A last record that was written whole and changed later is no torn tail: it
// may be the intent of a call that was made.
func TestDamageAtTheEnd(t *testing.T) {
	text, ends := smallJournal()
	for n := 1; n < len(ends); n++ {
		at := ends[n-1] + 20 // within the key of record n+1, the last one left
		b := []byte(text[:ends[n]])
		if b[len(b)-2] != '}' || len(b)-ends[n-1] < 60 {
			continue // a withdrawal is short; losing one costs an UNKNOWN at most
		}
		b[at] ^= 1
		_, err := batch.OpenJournal(&disk{text: b}, int64(len(b)), nil)
		if d, ok := errors.AsType[*batch.DamageError](err); !ok || d.Line != n+1 {
			t.Errorf("record %d: error %v, want damage at line %d", n+1, err, n+1)
		}
	}
}

// Damage that no crash explains, a flipped byte before a record that is good,
// refuses the journal and names the line.
func TestDamage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testDamage)
}

func testDamage(t *testing.T) {
	text, ends := smallJournal()
	lineOf := func(at int) int {
		for i, end := range ends {
			if at < end {
				return i + 1
			}
		}
		panic("behind the end")
	}
	for at := range ends[len(ends)-3] {
		for _, flip := range []byte{1, 0x20, text[at] ^ '\n'} {
			if flip == 0 {
				continue
			}
			b := []byte(text)
			b[at] ^= flip
			line := lineOf(at)
			d := &disk{text: bytes.Clone(b)}
			j, err := batch.OpenJournal(d, int64(len(b)), nil)
			var damage *batch.DamageError
			switch {
			case err == nil:
				// Only a checksum in capitals reads the same.
				if !strings.EqualFold(string(b), text) {
					t.Errorf("byte %d flipped by %#x: accepted", at, flip)
				}
				closeJournal(t, j)
			case line == 1:
				if !errors.Is(err, batch.ErrNotJournal) {
					t.Errorf("byte %d flipped by %#x: %v", at, flip, err)
				}
			case !errors.As(err, &damage) || damage.Line != line:
				t.Errorf("byte %d flipped by %#x: %v, want line %d", at, flip, err, line)
			}
			if !bytes.Equal(d.text, b) {
				t.Errorf("byte %d: a refused journal was changed", at)
			}
		}
	}
}

func TestOpenJournalRefuses(t *testing.T) {
	key := keyOf(1).String()
	header := rawLine(rawHeader)
	for _, test := range []struct {
		name, text string
		want       error // nil: a DamageError at line
		line       int
	}{
		{"empty", "", batch.ErrNotJournal, 0},
		{"a CSV", "PhoneNoA,GroupId\n13800138000,1\n", batch.ErrNotJournal, 0},
		{"no header", rawLine("I " + key + " 1 {}"), batch.ErrNotJournal, 0},
		{"other format", rawLine(strings.Replace(rawHeader, "axgbind journal", "diary", 1)), batch.ErrNotJournal, 0},
		{"header no JSON", rawLine("J {"), batch.ErrNotJournal, 0},
		{"newer format", rawLine(strings.Replace(rawHeader, `"version":1`, `"version":2`, 1)), batch.ErrNewerJournal, 0},
		{"newer identity", rawLine(strings.Replace(rawHeader, `"identity":1`, `"identity":2`, 1)), batch.ErrNewerJournal, 0},
		{"second header", header + header, nil, 2},
		{"unknown kind", header + rawLine("Z "+key), nil, 2},
		{"bad key", header + rawLine("I 12 1 {}"), nil, 2},
		{"bad attempt", header + rawLine("I "+key+" x {}"), nil, 2},
		{"bad status", header + rawLine("I "+key+" 1 {}") + rawLine("O "+key+" 1 GONE OK {}"), nil, 3},
		{"outcome without intent", header + rawLine("O "+key+" 1 BOUND OK {}"), nil, 2},
		{"withdrawn without intent", header + rawLine("W "+key+" 1"), nil, 2},
		{"withdrawn twice", header + rawLine("I "+key+" 1 {}") + rawLine("W "+key+" 1") + rawLine("W "+key+" 1"), nil, 4},
		{"run no JSON", header + rawLine("R {"), nil, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &disk{text: []byte(test.text)}
			j, err := batch.OpenJournal(d, int64(len(test.text)), nil)
			if j != nil || err == nil {
				t.Fatalf("opened: %v", err)
			}
			var damage *batch.DamageError
			if test.want != nil && !errors.Is(err, test.want) || test.want == nil && (!errors.As(err, &damage) || damage.Line != test.line) {
				t.Errorf("error %v, want %v or line %d", err, test.want, test.line)
			}
			if string(d.text) != test.text {
				t.Error("the file was changed")
			}
			if _, _, err := batch.ReadRuns(strings.NewReader(test.text)); test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("ReadRuns: %v", err)
			}
		})
	}
}

func TestReplayStates(t *testing.T) {
	key := keyOf(1).String()
	type state struct {
		Status   report.Status
		Code     string
		Attempts int
	}
	for _, test := range []struct {
		name  string
		lines []string
		want  state
	}{
		{"open", []string{"I 1"}, state{report.Unknown, "client.Interrupted", 1}},
		{"withdrawn", []string{"I 1", "W 1"}, state{report.Pending, "", 0}},
		{"refused, then open", []string{"I 1", "O 1 FAILED isv.X", "I 2"}, state{report.Unknown, "client.Interrupted", 2}},
		{"refused, then withdrawn", []string{"I 1", "O 1 FAILED isv.X", "I 2", "W 2"}, state{report.Failed, "isv.X", 1}},
		{"bound after pending", []string{"I 1", "O 1 PENDING isv.FLOW_LIMIT", "I 2", "O 2 BOUND OK"}, state{report.Bound, "OK", 2}},
		{"second while the first is open", []string{"I 1", "I 2"}, state{report.Unknown, "client.Interrupted", 2}},
		{"second withdrawn while the first is open", []string{"I 1", "I 2", "W 2"}, state{report.Unknown, "client.Interrupted", 1}},
		{"second bound while the first is open", []string{"I 1", "I 2", "O 2 BOUND OK"}, state{report.Bound, "OK", 2}},
		{"carried, then open", []string{"C UNKNOWN client.Timeout", "I 2"}, state{report.Unknown, "client.Interrupted", 4}},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := rawLine(rawHeader)
			for _, l := range test.lines {
				kind, rest, _ := strings.Cut(l, " ")
				tail := " {}"
				if kind == "C" {
					tail = ` {"tries":3}`
				} else if kind == "W" {
					tail = ""
				}
				text += rawLine(kind + " " + key + " " + rest + tail)
			}
			rows, _ := rowsOf(t, text)
			r := rows[keyOf(1)]
			if got := (state{r.Status, r.Code, r.Attempts}); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// FuzzReplay feeds a journal followed by anything: it must not panic, and if
// it is opened, all of what was durable must be there and stay there.
func FuzzReplay(f *testing.F) {
	text, ends := smallJournal()
	f.Add([]byte(text), 3)
	f.Add([]byte("00000000 "), 12)
	f.Add([]byte(rawLine("I "+keyOf(8).String()+" 1 {}")), 5)
	f.Add(bytes.Repeat([]byte("\n"), 30), 1)
	f.Fuzz(func(t *testing.T, tail []byte, records int) {
		prefix := text[:ends[min(max(records, 0), len(ends)-1)]]
		b := append([]byte(prefix), tail...)
		_, _, _ = batch.ReadRuns(bytes.NewReader(b))
		_, _ = batch.ReadHeader(bytes.NewReader(tail))
		d := &disk{text: bytes.Clone(b)}
		j, err := batch.OpenJournal(d, int64(len(b)), nil)
		if err != nil {
			if j != nil || !bytes.Equal(d.text, b) {
				t.Fatalf("refused with %v, but changed", err)
			}
			return
		}
		closeJournal(t, j)
		if !strings.HasPrefix(string(d.text), prefix) {
			t.Fatalf("acknowledged records were lost")
		}
		again, _ := reopen(t, d.text)
		defer closeJournal(t, again)
		one, err1 := j.Rows()
		two, err2 := again.Rows()
		if (err1 == nil) != (err2 == nil) || err1 == nil && !cmp.Equal(one, two) || again.Torn != 0 {
			t.Fatalf("opened again it reads differently: %v, %v\n%s", err1, err2, cmp.Diff(one, two))
		}
	})
}

func BenchmarkReplay(b *testing.B) {
	d := &disk{}
	j := newJournal(b, d, nil)
	closeJournal(b, j)
	var text bytes.Buffer
	text.Write(d.text)
	const rows = 100_000
	for i := range rows {
		key := keyOf(i).String()
		text.WriteString(rawLine("I " + key + ` 1 {"t":1795485600000,"line":123456,"pool":"FC100000000000001","a":"13800138000","g":"123456","exp":"2027-01-31 23:59:59"}`))
		text.WriteString(rawLine("O " + key + ` 1 BOUND OK {"t":1795485600000,"no":"17100000000","subs":"` + strconv.Itoa(1_000_000_000_000_000+i) + `","req":"9297B722-A016-43FB-B51A-E54050D9369D","http":200,"ms":80}`))
	}
	file := &disk{text: text.Bytes()}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		j, err := batch.OpenJournal(file, int64(text.Len()), nil)
		if err != nil {
			b.Fatal(err)
		}
		j.Close()
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
