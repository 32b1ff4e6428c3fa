package batch_test

import (
	"testing"

	"axgbind/batch"
)

func TestColumnLetter(t *testing.T) {
	for n, want := range map[int]string{
		-1: "", 0: "", 1: "A", 2: "B", 26: "Z", 27: "AA", 28: "AB", 52: "AZ", 53: "BA", 702: "ZZ", 703: "AAA", 16384: "XFD",
	} {
		if got := batch.ColumnLetter(n); got != want {
			t.Errorf("column %d is %q, want %q", n, got, want)
		}
	}
}
