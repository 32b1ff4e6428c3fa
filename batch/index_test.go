package batch

import (
	"encoding/binary"
	"testing"
)

// TestIdentityIndex grows an index from nothing, with identities that share
// their home slot, and compares it with a map.
func TestIdentityIndex(t *testing.T) {
	x := newIdentityIndex(0)
	var rows []planned
	first := map[Identity]int32{}
	for i := range int32(5000) {
		var id Identity
		binary.LittleEndian.PutUint64(id[:8], uint64(i%7)) // seven homes
		binary.LittleEndian.PutUint64(id[8:], uint64(i%1000))
		rows = append(rows, planned{id: id})
		want, ok := first[id]
		if !ok {
			want, first[id] = i, i
		}
		if got := x.add(rows, i); got != want {
			t.Fatalf("row %d: first row of its identity is %d, want %d", i, got, want)
		}
	}
}
