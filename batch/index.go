package batch

import "encoding/binary"

// identityIndex finds the first row of an identity. It keeps row numbers only,
// 4 bytes a slot; the identities stay where they are. A Go map of identities
// takes about ten times that, which counts at ten million rows.
type identityIndex struct {
	slots []int32 // row number + 1; 0 is empty
	n     int
}

// newIdentityIndex makes room for rows rows; it grows if there are more.
func newIdentityIndex(rows int) *identityIndex {
	x := &identityIndex{}
	x.resize(rows)
	return x
}

func (x *identityIndex) resize(rows int) {
	size := 64
	for size < 2*rows {
		size *= 2
	}
	x.slots = make([]int32, size)
}

// add returns the first row of row's identity: row itself, if it is the first.
// rows holds every row added before, and row.
func (x *identityIndex) add(rows []planned, row int32) (first int32) {
	if 4*(x.n+1) > 3*len(x.slots) {
		x.resize(2 * (x.n + 1))
		x.n = 0
		for i := range rows[:row] {
			x.add(rows, int32(i))
		}
	}
	mask := uint64(len(x.slots) - 1)
	for at := x.home(&rows[row].id) & mask; ; at = (at + 1) & mask {
		switch old := x.slots[at]; {
		case old == 0:
			x.slots[at] = row + 1
			x.n++
			return row
		case rows[old-1].id == rows[row].id:
			return old - 1
		}
	}
}

// home is where an identity belongs. It is a hash already.
func (x *identityIndex) home(id *Identity) uint64 { return binary.LittleEndian.Uint64(id[:8]) }
