package plan

import (
	"encoding/binary"
	"strings"
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

// A check tells rows apart as Identify does.
func TestQuickIdentity(t *testing.T) {
	var fields []input.Field
	for f := range input.NumFields {
		fields = append(fields, f)
	}
	q := input.NewQuickIdentity(fields)
	var rows []*input.Row
	for _, texts := range [][2]string{{"", ""}, {"a", ""}, {"", "a"}, {"ab", "c"}, {"a", "bc"}, {"a", "b"}, {"b", "a"}, {"a\x00", ""}, {"a", "\x00"}, {strings.Repeat("a", 130), ""}, {strings.Repeat("a", 131), ""}} {
		for f := range input.NumFields - 1 {
			row := &input.Row{}
			row.Fields[f], row.Fields[f+1] = texts[0], texts[1]
			rows = append(rows, row)
		}
	}
	for i := range rows {
		for j := range rows {
			if quick, slow := q.Of(rows[i]) == q.Of(rows[j]), rows[i].Identity() == rows[j].Identity(); quick != slow {
				t.Errorf("%q and %q: equal %t, by Identify %t", rows[i].Fields, rows[j].Fields, quick, slow)
			}
		}
	}
}
