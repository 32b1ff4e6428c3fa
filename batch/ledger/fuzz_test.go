package ledger

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// FuzzApply applies records that nobody would write. None makes Apply panic, one
// that is refused changes nothing, and what is known can be compacted.
func FuzzApply(f *testing.F) {
	f.Add([]byte{0, 0, 1, 2, 1, 1, 1, 0, 4, 0, 1, 1, 1, 0, 0})
	f.Add([]byte{2, 1, 1, 1, 0, 1, 0, 8, 0, 1, 0, 0, 0, 0, 9, 0, 1, 1, 2, 0, 0, 13, 0, 0, 0, 1, 0, 0})
	f.Add([]byte{14, 1, 0, 1, 1, 1, 3, 14, 2, 0, 2, 1, 1, 0, 15, 1, 3, 1, 0, 1, 0})
	f.Fuzz(applyAnything)
}

// TestApplyAnything is a little of FuzzApply, always the same.
func TestApplyAnything(t *testing.T) {
	source := rand.NewChaCha8([32]byte{})
	text := make([]byte, 7*40)
	for range 3_000 {
		_, _ = source.Read(text) // never fails
		applyAnything(t, text)
	}
}

func applyAnything(t *testing.T, text []byte) {
	t.Helper()
	l := New(0)
	var before, after bytes.Buffer
	for ; len(text) >= 7; text = text[7:] {
		r := Record{
			Kind: Kind(text[0] % byte(kinds+1)), Op: Op(text[1] % byte(Ops+1)), Call: uint64(text[2] % 8), Row: Key{Occurrence: uint32(text[3] % 4)},
			Binding: SubsID(text[4] % 4), Place: Place(text[5] % 3), From: Place(text[5] / 3 % 3), State: State(text[6] % 7), Maker: int(text[4]>>2%4) - 1, Holder: int(text[4]>>4%4) - 1,
			Ago: int(text[2]>>3%4) - 1, Batch: batchNames[text[3]>>2%3],
			Passed: text[6]&8 != 0, Last: text[6]&16 != 0, Absent: text[6]&32 != 0, Due: int64(text[6] & 64), At: 32, Ref: int64(text[2]),
		}
		if r.Op == Update || r.Op == Release {
			r.Row.Occurrence += 10 * uint32(r.Op) // a row is of one kind
		}
		before.Reset()
		must(l.Dump(&before, true))
		if l.Apply(&r) == nil {
			continue
		}
		after.Reset()
		must(l.Dump(&after, true))
		if !bytes.Equal(before.Bytes(), after.Bytes()) {
			t.Fatalf("%+v is refused and changes\n%s to\n%s", r, before.Bytes(), after.Bytes())
		}
	}
	must(l.Apply(&Record{Kind: End}))
	c := New(0)
	for e := range l.Snapshot(nil) {
		e.Ref = e.Last
		if err := c.Apply(&e.Record); err != nil {
			t.Fatalf("a compaction cannot be read: %v", err)
		}
	}
	for n := range l.Len() {
		for b := range l.Bindings() {
			_ = l.Claim(b, Release, l.Info(n).Key.Batch, false)
		}
		_ = l.Decide(&Wish{Key: l.Info(n).Key, Place: 1, Consent: ResendUnknown}, Clock{Now: 40})
	}
}
