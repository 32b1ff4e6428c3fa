package plan

import (
	"encoding/binary"
	"testing"

	"axgbind/batch/input"
)

// TestIdentityIndex grows an index from nothing, with identities that share
// their home slot, and compares it with a map.
func TestIdentityIndex(t *testing.T) {
	x := newIdentityIndex(0)
	var ids []input.Identity
	first := map[input.Identity]int32{}
	for i := range int32(5000) {
		var id input.Identity
		binary.LittleEndian.PutUint64(id[:8], uint64(i%7)) // seven homes
		binary.LittleEndian.PutUint64(id[8:], uint64(i%1000))
		ids = append(ids, id)
		want, ok := first[id]
		if !ok {
			want, first[id] = i, i
		}
		if got := x.add(ids, i); got != want {
			t.Fatalf("row %d: first row of its identity is %d, want %d", i, got, want)
		}
	}
}

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
