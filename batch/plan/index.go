package plan

import (
	"encoding/binary"
	"math/bits"

	"axgbind/batch/input"
)

// identityIndex finds the first row of an identity. A slot keeps a row number and
// some bits of its identity, 8 bytes; the identities stay where they are, and are
// compared before anything is called equal. A Go map of identities takes about
// five times that, which counts at ten million rows.
type identityIndex struct {
	slots   []slot
	n       int
	touched uint32 // keeps touch from being optimised away
}

// slot is empty if row is 0. The tag spares most looks at identities, each of
// which waits for memory.
type slot struct {
	row int32 // its number + 1
	tag uint32
}

// newIdentityIndex makes room for rows rows; it grows if there are more.
func newIdentityIndex(rows int) *identityIndex {
	x := &identityIndex{}
	x.resize(rows)
	return x
}

func (x *identityIndex) resize(rows int) { x.slots = make([]slot, rows+rows/2+64) }

// add returns the first row of row's identity: row itself, if it is the first.
// ids holds the identity of every row added before, and of row.
func (x *identityIndex) add(ids []input.Identity, row int32) (first int32) {
	if 4*(x.n+1) > 3*len(x.slots) {
		x.resize(2 * (x.n + 1))
		x.n = 0
		for i := range ids[:row] {
			x.add(ids, int32(i))
		}
	}
	id := &ids[row]
	tag := binary.LittleEndian.Uint32(id[8:])
	for at := x.home(id); ; at++ {
		if at == len(x.slots) {
			at = 0
		}
		switch old := x.slots[at]; {
		case old.row == 0:
			x.slots[at] = slot{row + 1, tag}
			x.n++
			return row
		case old.tag == tag && ids[old.row-1] == *id:
			return old.row - 1
		}
	}
}

// home is where an identity, which is a hash already, belongs: as far along the
// table as it is along all numbers.
func (x *identityIndex) home(id *input.Identity) int {
	at, _ := bits.Mul64(binary.LittleEndian.Uint64(id[:8]), uint64(len(x.slots)))
	return int(at)
}

// touch brings the place of an identity near, before add needs it.
func (x *identityIndex) touch(id *input.Identity) { x.touched += x.slots[x.home(id)].tag }
