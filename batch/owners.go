package batch

import (
	"hash/fnv"
	"math/bits"
	"sync"
)

// owners tells which row has the binding of a SubsId: of two rows that were told
// the same id, one was told another's. A Go map would take five times the memory
// for a million rows; an id is digits, and fits 8 bytes.
type owners struct {
	mu      sync.Mutex
	keys    []uint64 // 0: empty
	entries []int32  // of the journal, alike
	n       int
}

// ownerKey is the id as a number, not 0. Zeros before it make no other id.
func ownerKey[T string | []byte](id T) uint64 {
	const most = 18 // digits that surely fit
	for len(id) > 0 && id[0] == '0' {
		id = id[1:]
	}
	n := uint64(0)
	for i := range len(id) {
		if c := id[i]; i == most || c < '0' || c > '9' {
			h := fnv.New64a()
			_, _ = h.Write([]byte(id))
			return h.Sum64() | 1<<63
		}
		n = 10*n + uint64(id[i]-'0')
	}
	return n + 1
}

// slot is where a key stands, or would stand.
func (o *owners) slot(key uint64) int {
	at, _ := bits.Mul64(key*0x9e3779b97f4a7c15, uint64(len(o.keys))) // ids are numbered one after the other
	for o.keys[at] != 0 && o.keys[at] != key {
		if at++; at == uint64(len(o.keys)) {
			at = 0
		}
	}
	return int(at)
}

// reserve makes room for more ids.
func (o *owners) reserve(more int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.n+more > len(o.keys)/4*3 {
		o.resize(o.n + more)
	}
}

func (o *owners) resize(room int) {
	old := owners{keys: o.keys, entries: o.entries}
	size := room + room/3 + 8
	o.keys, o.entries = make([]uint64, size), make([]int32, size)
	for i, key := range old.keys {
		if key != 0 {
			at := o.slot(key)
			o.keys[at], o.entries[at] = key, old.entries[i]
		}
	}
}

// claim gives an id to an entry, unless another has it: owner is the one that has
// it then. An id that is blank is nobody's.
func (o *owners) claim(id string, entry int32) (owner int32) {
	if id == "" {
		return entry
	}
	return o.claimKey(ownerKey(id), entry)
}

func (o *owners) claimKey(key uint64, entry int32) (owner int32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if 4*(o.n+1) > 3*len(o.keys) {
		o.resize(o.n + o.n/2 + 8)
	}
	at := o.slot(key)
	if o.keys[at] == key {
		return o.entries[at]
	}
	o.keys[at], o.entries[at] = key, entry
	o.n++
	return entry
}

// of tells which entry has the id; ok is false if none has.
func (o *owners) of(id string) (owner int32, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.keys) == 0 {
		return 0, false
	}
	key := ownerKey(id)
	at := o.slot(key)
	return o.entries[at], o.keys[at] == key
}
