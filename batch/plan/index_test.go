package plan

import "testing"

// TestFirstRows grows a table from nothing, with hashes that share their home.
func TestFirstRows(t *testing.T) {
	for _, room := range []int{0, 10, 10000} {
		x := newFirstRows(room)
		first := map[uint64]int32{}
		for i := range int32(5000) {
			hash := uint64(i%7)<<62 | uint64(i%1000)
			want, ok := first[hash]
			if !ok {
				want, first[hash] = i, i
			}
			x.touch(hash)
			if got := x.add(hash, i); got != want {
				t.Fatalf("room for %d, row %d: first row of its hash is %d, want %d", room, i, got, want)
			}
		}
	}
}
