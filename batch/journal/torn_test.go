package journal_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"

	"github.com/google/go-cmp/cmp"
)

// A torn tail, wherever a crash tears it and whatever the disk puts behind,
// leaves exactly the records before it, and the journal goes on from there.
func TestTornTail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testTornTail)
}

func testTornTail(t *testing.T) {
	text, ends := small()
	for n := ends[0]; n <= len(text); n++ {
		whole := 0 // records that are complete, their newline perhaps missing
		for whole < len(ends) && ends[whole]-1 <= n {
			whole++
		}
		if n < ends[len(ends)-4] && n > ends[whole-1] && n%5 != 0 { // each costs a millisecond
			continue
		}
		end := ends[whole-1]
		want := read(t, []byte(text[:end]))
		for name, tail := range map[string]string{
			"cut": "", "zeros": strings.Repeat("\x00", 200), "garbage": "\xff\x00garbage\n00000000 I x\n\n\xfe", "newlines": "\n\n\n",
		} {
			if tail != "" && n%5 != 0 {
				continue
			}
			if tail != "" && n == end-1 {
				continue // a complete record runs into the rubbish: it was not acknowledged
			}
			d := &disk{text: []byte(text[:n] + tail)}
			size := len(d.text)
			take, got := collect()
			j, err := journal.Open(d, take, journal.Options{})
			if err != nil {
				t.Fatalf("%s at %d: %v", name, n, err)
			}
			if !cmp.Equal(want, *got) {
				t.Errorf("%s at %d:\n%s", name, n, cmp.Diff(want, *got))
			}
			if torn := int64(max(size-end, 0)); j.Torn() != torn || j.Size() != int64(end) {
				t.Errorf("%s at %d: %d bytes torn of %d, want %d of %d", name, n, j.Torn(), j.Size(), torn, end)
			}
			if string(d.text) != text[:end] {
				t.Errorf("%s at %d: the file was left as %q", name, n, d.text)
			}
			if size != end && d.durable != len(d.text) {
				t.Errorf("%s at %d: the repair is not durable", name, n)
			}
			if err := j.Append(intent(9), detail{Line: 99}).Wait(); err != nil {
				t.Fatal(err)
			}
			shut(t, j)
			last := read(t, d.kept())
			if l := last[len(last)-1]; len(last) != len(want)+1 || string(l.Detail) != `{"line":99}` || l.Record.Ref != int64(end) {
				t.Errorf("%s at %d: after going on: %v", name, n, last)
			}
		}
	}
}

// A page of zeros behind a torn record is more than is looked at for a changed bit.
func TestTornBeforeZeros(t *testing.T) {
	text, ends := small()
	d := &disk{text: []byte(text[:ends[2]-3] + strings.Repeat("\x00", 8<<10))}
	take, got := collect()
	j, err := journal.Open(d, take, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, j)
	if len(*got) != 1 || j.Torn() != int64(ends[2]-ends[1]-3+(8<<10)) || len(d.text) != ends[1] {
		t.Errorf("%d lines, %d bytes torn, %d left", len(*got), j.Torn(), len(d.text))
	}
}

// Each changed bit of a small journal leaves it as it was or refuses it. A record
// that vanished would be a call made twice.
func TestEveryBit(t *testing.T) {
	t.Parallel()
	text, _ := small()
	for at := range len(text) {
		for bit := range 8 {
			b := []byte(text)
			b[at] ^= 1 << bit
			d := &disk{text: bytes.Clone(b)}
			j, err := journal.Open(d, func(*journal.Line) error { return nil }, journal.Options{})
			if err == nil {
				t.Errorf("byte %d, bit %d of %q: opened", at, bit, text[at])
				shut(t, j)
			}
			if !bytes.Equal(d.text, b) {
				t.Errorf("byte %d, bit %d: a refused journal was changed", at, bit)
			}
			if _, ok := errors.AsType[*journal.DamageError](err); !ok && !errors.Is(err, journal.ErrNotJournal) {
				t.Errorf("byte %d, bit %d: %v", at, bit, err)
			}
		}
	}
}

// So does each changed bit of the only record behind the header, with rubbish
// behind it or without.
func TestEveryBitOfTheLast(t *testing.T) {
	t.Parallel()
	header := raw(rawHeader)
	record := raw(`looked 1 at=17`)
	for at := range record {
		for bit := range 8 {
			for _, tail := range []string{"", "\x00\x00\x00", "ab\n\x00"} {
				b := []byte(header + record + tail)
				b[len(header)+at] ^= 1 << bit
				_, err := journal.Open(&disk{text: b}, func(*journal.Line) error { return nil }, journal.Options{})
				if d, ok := errors.AsType[*journal.DamageError](err); !ok || d.Line != 2 || d.Offset != int64(len(header)) {
					t.Errorf("byte %d, bit %d, behind it %q: %v", at, bit, tail, err)
				}
			}
		}
	}
}

// Damage that no crash explains, before a record that is good, names its line.
func TestDamage(t *testing.T) {
	t.Parallel()
	text, ends := small()
	line := 2
	for at := ends[0]; at < ends[len(ends)-3]; at++ {
		if at == ends[line-1] {
			line++
		}
		for _, flip := range []byte{1, 0x20, 0xff, text[at] ^ '\n'} {
			if flip == 0 {
				continue
			}
			b := []byte(text)
			b[at] ^= flip
			take, got := collect()
			_, _, err := journal.Read(bytes.NewReader(b), int64(len(b)), nil, take)
			if d, ok := errors.AsType[*journal.DamageError](err); !ok || d.Line != line || d.Offset != int64(ends[line-2]) {
				t.Errorf("byte %d changed by %#x: %v, want line %d", at, flip, err, line)
			}
			if len(*got) != line-2 {
				t.Errorf("byte %d changed by %#x: %d lines were given before", at, flip, len(*got))
			}
		}
	}
}

// A last record that was written whole and changed later is no torn tail: it may
// be the intent of a call that was made.
func TestChangedAtTheEnd(t *testing.T) {
	header := raw(rawHeader)
	key := "00000000000000000000000000000001"
	long := `{"a":"` + strings.Repeat("长", 4<<10) + `"}`
	for _, test := range []struct {
		name, text string
		damage     bool
	}{
		{"an intent", "00000000 intent 1 op=bind row=" + key + " {}\n", true},
		{"a long one", "00000000 intent 1 op=bind row=" + key + " " + long + "\n", true},
		{"another checksum", "zzzzzzzz intent 1 op=bind row=" + key + " {}\n", true},
		{"another word", "00000000 Intent 1 op=bind row=" + key + " {}\n", true},
		{"a control character", "00000000 intent 1 op=bind row=" + key + " {\x01 }\n", true},
		{"shortest", "00000000 intent 1 {" + strings.Repeat("x", 23) + "}\n", true},
		{"without newline", "00000000 intent 1 op=bind row=" + key + " {}", false},
		{"short", "00000000 intent 1 {" + strings.Repeat("x", 22) + "}\n", false},
		{"without detail", "00000000 intent 1 op=bind row=" + key + "\n", false},
		{"two control characters", "00000000 intent 1 op=bind row=" + key + " {\x01\x1f}\n", false},
		{"no text", "00000000 intent 1 op=bind row=" + key + " {\xff}\n", false},
	} {
		text := header + test.text
		d := &disk{text: []byte(text)}
		j, err := journal.Open(d, func(*journal.Line) error { return nil }, journal.Options{})
		if _, ok := errors.AsType[*journal.DamageError](err); ok != test.damage || !ok && err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if err == nil {
			shut(t, j)
		}
	}
}

// FuzzOpen feeds a journal followed by anything: if it is opened, all of what was
// durable is there and stays there.
func FuzzOpen(f *testing.F) {
	text, ends := small()
	f.Add([]byte(text), 3)
	f.Add([]byte("00000000 "), 12)
	f.Add([]byte(raw("intent 8 op=bind {}")), 5)
	f.Add(bytes.Repeat([]byte("\n"), 30), 1)
	f.Fuzz(func(t *testing.T, tail []byte, records int) {
		prefix := text[:ends[min(max(records, 0), len(ends)-1)]]
		b := append([]byte(prefix), tail...)
		_, _ = journal.ReadRuns(bytes.NewReader(b), func(string, []byte) {})
		_, _ = journal.ReadHeader(bytes.NewReader(tail))
		_, _ = journal.Empty(bytes.NewReader(tail), int64(len(tail)))
		d := &disk{text: bytes.Clone(b)}
		take, one := collect()
		j, err := journal.Open(d, take, journal.Options{})
		if err != nil {
			if j != nil || !bytes.Equal(d.text, b) {
				t.Fatalf("refused with %v, but changed", err)
			}
			return
		}
		shut(t, j)
		if !strings.HasPrefix(string(d.text), prefix) {
			t.Fatal("what was durable was lost")
		}
		if again := read(t, d.text); !cmp.Equal(*one, again) {
			t.Fatalf("opened again it reads differently\n%s", cmp.Diff(*one, again))
		}
		var anew bytes.Buffer
		w := journal.Write(&anew, j.Header())
		for i := range *one {
			if l := &(*one)[i]; l.Word == journal.Sample {
				_ = w.Note(l.Detail) // told by Flush
			} else {
				_ = w.Record(&l.Record, l.Detail)
			}
		}
		if err := w.Flush(); err != nil || anew.String() != string(d.text) {
			t.Fatalf("written anew, %v:\n%s\nwas\n%s", err, anew.Bytes(), d.text)
		}
	})
}

// A record that is refused by whoever takes it is damage, at its place.
func TestTakeRefuses(t *testing.T) {
	text, ends := small()
	no := errors.New("it does not follow")
	d := &disk{text: []byte(text)}
	j, err := journal.Open(d, func(l *journal.Line) error {
		if l.Record.Kind == ledger.Withdrawn {
			return no
		}
		return nil
	}, journal.Options{})
	damage, ok := errors.AsType[*journal.DamageError](err)
	if j != nil || !ok || damage.Line != 8 || damage.Offset != int64(ends[6]) || !errors.Is(err, no) || !strings.Contains(err.Error(), "line 8 (byte") {
		t.Errorf("%v", err)
	}
}
