package batch_test

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch"
)

// TestEveryBit flips each bit of a small journal: it either resumes exactly as
// it stood, or is refused. A record that vanished would be a call made twice.
func TestEveryBit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text, _ := smallJournal()
		want, _ := rowsOf(t, text)
		refused := 0
		for at := range len(text) {
			for bit := range 8 {
				b := []byte(text)
				b[at] ^= 1 << bit
				j, err := batch.OpenJournal(&disk{text: b}, int64(len(b)), nil)
				if err != nil {
					refused++
					continue
				}
				if got, err := j.Rows(); err != nil || !cmp.Equal(want, got) {
					t.Errorf("byte %d, bit %d: %v\n%s", at, bit, err, cmp.Diff(want, got))
				}
				closeJournal(t, j)
			}
		}
		if refused < 7*len(text) {
			t.Errorf("only %d of %d flips were refused", refused, 8*len(text))
		}
	})
}
