package journal_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"axgbind/batch/journal"
)

// A single changed bit, wherever it is, is found and put right: the text is what it
// was, byte for byte.
func TestExamineEveryBit(t *testing.T) {
	text, _ := small()
	for at := 0; at < len(text); at += 3 {
		for bit := range 8 {
			changed := []byte(text)
			changed[at] ^= 1 << bit
			x, err := journal.Examine(strings.NewReader(string(changed)), int64(len(changed)), nil)
			if err != nil {
				t.Fatalf("byte %d, bit %d: %v", at, bit, err)
			}
			if len(x.Damages) != 1 {
				t.Fatalf("byte %d, bit %d: %d damages", at, bit, len(x.Damages))
			}
			d := x.Damages[0]
			mended := string(changed[:d.Offset]) + string(d.Right) + string(changed[d.Offset+d.Length:])
			if mended != text || x.Header.ID != "00000000000000a1" || x.End != int64(len(text)) || int(d.Offset) > at || int64(at) >= d.Offset+d.Length {
				t.Fatalf("byte %d, bit %d: %+v", at, bit, d)
			}
			if want := 1 + strings.Count(text[:d.Offset], "\n"); d.Line != want {
				t.Errorf("byte %d: line %d, want %d", at, d.Line, want)
			}
		}
	}
}

func TestExamine(t *testing.T) {
	text, ends := small()
	line := func(n int) string { return text[ends[n-2]:ends[n-1]] } // from 2
	flipped := func(s string) string { return s[:30] + string(s[30]^4) + s[31:] }
	damaged := func(s string) string { return strings.NewReplacer("at=1", "at=2", "op=b", "op=d").Replace(s) }
	for _, test := range []struct {
		name, text string
		lines      []int    // damaged, by their first
		looks      []string // of each
		torn       int
		certain    bool
	}{
		{name: "good", text: text},
		{name: "a line of many changes", text: text[:ends[2]] + damaged(line(4)) + text[ends[3]:], lines: []int{4}, looks: []string{"ok 1"}},
		{name: "a bit in each of two lines", text: text[:ends[1]] + flipped(line(3)) + flipped(line(4)) + text[ends[3]:], lines: []int{3}, looks: []string{"intent 1"}, certain: true},
		{name: "a bit before what was torn off", text: text[:ends[1]] + flipped(line(3)) + line(4)[:40], lines: []int{3}, looks: []string{"intent 1"}},
		{name: "two of them", text: text[:ends[1]] + damaged(line(3)) + damaged(line(4)) + text[ends[3]:], lines: []int{3}, looks: []string{"intent 1"}},
		{name: "rubbish", text: text[:ends[2]] + "rubbish\n" + text[ends[2]:], lines: []int{4}, looks: []string{""}},
		{name: "an empty line", text: text[:ends[2]] + "\n" + text[ends[2]:], lines: []int{4}, looks: []string{""}},
		{name: "two places", text: text[:ends[1]] + "x\n" + text[ends[1]:ends[4]] + "y\n" + text[ends[4]:], lines: []int{3, 7}, looks: []string{"", ""}},
		{name: "torn", text: text + "01234567 intent 9 op=bi", torn: 23},
		{name: "torn before zeros", text: text + "0123" + strings.Repeat("\x00", 300), torn: 304},
		{name: "the last line, whole", text: text[:ends[9]] + damaged(damaged(line(11))), lines: []int{11}, looks: []string{"intent 4"}},
		{name: "without its last newline", text: text[:len(text)-1]},
		{name: "verified, and unknown", text: text + raw("odd 1"), lines: []int{14}, looks: []string{""}},
	} {
		x, err := journal.Examine(strings.NewReader(test.text), int64(len(test.text)), nil)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if len(x.Damages) != len(test.lines) || len(test.text)-int(x.End) != test.torn {
			t.Errorf("%s: %+v", test.name, x)
			continue
		}
		for i, d := range x.Damages {
			if d.Line != test.lines[i] || d.Looks != test.looks[i] && test.looks[i] != "" || d.Err == nil || (d.Right != nil) != test.certain {
				t.Errorf("%s: %+v", test.name, d)
			}
		}
	}
	broken := errors.New("I/O error")
	for _, test := range []struct {
		name string
		r    io.ReaderAt
		size int
		want error
	}{
		{"a CSV", strings.NewReader("PhoneNoA\n13800138000\n"), 21, journal.ErrNotJournal},
		{"nothing", strings.NewReader(""), 0, journal.ErrNotJournal},
		{"an older one", strings.NewReader(raw(strings.Replace(rawHeader, `"version":3`, `"version":2`, 1))), len(raw(rawHeader)), journal.ErrOlderJournal},
		{"unreadable", failingAt{text[:ends[3]], broken}, len(text), broken},
	} {
		if x, err := journal.Examine(test.r, int64(test.size), nil); x != nil || !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
