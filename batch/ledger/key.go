package ledger

import (
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// Identity is what makes a row the same row in every later run, wherever it
// stands in the input: a 128-bit hash of its pool and request fields after
// normalisation. Columns that are only passed through do not count.
type Identity [16]byte

// Key names one row: its batch, its identity and, among rows of the batch that
// are equal in every field, its occurrence (0 for the first).
type Key struct {
	ID         Identity
	Occurrence uint32
	// Batch is the number of the batch in one ledger; see [Ledger.BatchNumber]. The
	// text of a key does not have it: a record is about a row of its run's batch.
	Batch uint32
}

// String returns the form that stands in the journal: 32 hexadecimal digits
// and, behind a point, the occurrence if it is not 0.
func (k Key) String() string { return string(k.Append(nil)) }

// Append adds the form of String to b.
func (k Key) Append(b []byte) []byte {
	b = hex.AppendEncode(b, k.ID[:])
	if k.Occurrence > 0 {
		b = append(b, '.')
		b = strconv.AppendUint(b, uint64(k.Occurrence), 10)
	}
	return b
}

// ParseKey reads what Key.String wrote, and nothing else.
func ParseKey(s string) (Key, error) {
	var k Key
	id, occurrence, more := strings.Cut(s, ".")
	if len(id) != 2*len(k.ID) {
		return Key{}, fmt.Errorf("key has %d hexadecimal digits, want %d", len(id), 2*len(k.ID))
	}
	if _, err := hex.Decode(k.ID[:], []byte(id)); err != nil {
		return Key{}, fmt.Errorf("key: %w", err)
	}
	for _, c := range []byte(id) {
		if 'A' <= c && c <= 'F' { // hex.Decode takes them too
			return Key{}, fmt.Errorf("key has the capital letter %q", c)
		}
	}
	if more {
		n, err := strconv.ParseUint(occurrence, 10, 32)
		if err != nil || n == 0 || occurrence[0] == '0' || occurrence[0] == '+' {
			return Key{}, fmt.Errorf("key has occurrence %q, want a number above 0", occurrence)
		}
		k.Occurrence = uint32(n)
	}
	return k, nil
}

// Place is pool, A and GroupId, as the first 64 bits of a hash. 0 is no place:
// where a binding is, is not known. Two places with one hash would only hold
// back a row that could be sent.
type Place uint64

// SubsID names a binding at the service: its SubsId as a number. 0 is none.
type SubsID uint64

// ParseSubsID is the number of an id. The service's ids are digits; zeros
// before them make no other id. A text that is no number of at most 18 digits
// is hashed into the upper half of the numbers; a blank one is 0.
func ParseSubsID[T string | []byte](id T) SubsID {
	const most = 18 // digits that surely fit
	if len(id) == 0 {
		return 0
	}
	for len(id) > 0 && id[0] == '0' {
		id = id[1:]
	}
	n := uint64(0)
	for i := range len(id) {
		c := id[i]
		if i == most || c < '0' || c > '9' {
			h := fnv.New64a()
			_, _ = h.Write([]byte(id))
			return SubsID(h.Sum64() | 1<<63)
		}
		n = 10*n + uint64(c-'0')
	}
	return SubsID(n + 1)
}
