package ledger

import (
	"encoding/binary"
	"math/bits"
)

// index finds numbers by a hash: a table with open addressing, 4 bytes a slot. A
// Go map takes five times that, which counts for millions of rows. A number may
// stand there under several hashes, and several under one; who looks compares.
type index struct {
	slots []int32 // a number + 1; 0: empty
	n     int
}

// reserve makes room for so many numbers in all.
func (x *index) reserve(total int, hash func(int32) uint64) {
	if want := total + total/2 + 8; want > len(x.slots) {
		old := x.slots
		x.slots, x.n = make([]int32, want), 0
		for _, s := range old {
			if s > 0 {
				x.put(hash(s-1), s-1)
			}
		}
	}
}

// add puts a number under a hash. total is how many numbers there are; hash tells
// under which each belongs, should the table have to grow.
func (x *index) add(h uint64, number int32, total int, hash func(int32) uint64) {
	if 4*(x.n+1) > 3*len(x.slots) {
		x.reserve(2*max(total, x.n), hash)
	}
	x.put(h, number)
}

func (x *index) put(h uint64, number int32) {
	at := x.home(h)
	for x.slots[at] != 0 {
		if at++; at == len(x.slots) {
			at = 0
		}
	}
	x.slots[at] = number + 1
	x.n++
}

// each calls do with the numbers that may stand under a hash until it returns
// false.
func (x *index) each(h uint64, do func(int32) bool) {
	if len(x.slots) == 0 {
		return
	}
	for at := x.home(h); x.slots[at] != 0; {
		if !do(x.slots[at] - 1) {
			return
		}
		if at++; at == len(x.slots) {
			at = 0
		}
	}
}

// home is where a hash belongs: as far along the table as it is along all
// numbers.
func (x *index) home(h uint64) int {
	at, _ := bits.Mul64(h, uint64(len(x.slots)))
	return int(at)
}

// mix spreads numbers that were given one after the other.
func mix(n uint64) uint64 {
	n *= 0x9e3779b97f4a7c15
	return (n ^ n>>32) * 0xbf58476d1ce4e5b9
}

// keyHash is the hash of a key, whose identity is a hash already.
func keyHash(k *Key) uint64 {
	return binary.LittleEndian.Uint64(k.ID[:8]) + uint64(k.Occurrence)*0x9e3779b97f4a7c15 + uint64(k.Batch)*0xbf58476d1ce4e5b9
}

func (l *Ledger) rowHash(i int32) uint64     { k := l.Key(int(i)); return keyHash(&k) }
func (l *Ledger) bindingHash(i int32) uint64 { return mix(uint64(l.bindings[i].id)) }
func (l *Ledger) placeHash(i int32) uint64   { return mix(uint64(l.bindings[i].place)) }
