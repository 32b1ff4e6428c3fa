package batch

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"strconv"
	"strings"
)

// IdentityVersion names the way in which Identity is computed. A journal pins
// it; a program that cannot compute a journal's version must refuse the
// journal, for it could not tell which rows were sent.
const IdentityVersion = 1

// Identity is what makes a row the same row in every later run, wherever it
// stands in the input: a 128-bit hash of its pool and request fields after
// normalisation. Columns that are only passed through do not count.
type Identity [16]byte

// identityV1 lists the fields in the order in which version 1 hashes them.
// Neither order nor content may ever change: journals of years ago stand on it.
var identityV1 = [...]struct {
	name  string
	field Field
}{
	{"PoolKey", PoolKey}, {"PhoneNoA", PhoneNoA}, {"PhoneNoB", PhoneNoB}, {"PhoneNoX", PhoneNoX},
	{"GroupId", GroupID}, {"Expiration", Expiration}, {"ExpectCity", ExpectCity},
	{"IsRecordingEnabled", IsRecordingEnabled}, {"OutId", OutID}, {"OutOrderId", OutOrderID},
	{"CallDisplayType", CallDisplayType}, {"CallRestrict", CallRestrict}, {"ASRStatus", ASRStatus},
	{"ASRModelId", ASRModelID}, {"RingConfig", RingConfig},
}

// Identify returns the identity of a row's normalised fields. Each field is
// prefixed with its length, so no two different rows share a byte sequence; an
// empty field differs from every value.
func Identify(fields *[NumFields]string) Identity {
	var room [512]byte
	b := append(room[:0], "axgbind identity v1"...)
	for i := range identityV1 {
		if s := fields[identityV1[i].field]; s == "" {
			b = append(b, 0)
		} else {
			b = appendPrefixed(b, s)
		}
	}
	sum := sha256.Sum256(b)
	return Identity(sum[:16])
}

// quickIdentity tells rows apart as Identify does, in a tenth of its time, but
// within this process only: two keyed 64-bit hashes, under keys that nobody can
// know. It serves where no journal has to be matched.
type quickIdentity struct {
	seeds  [2]maphash.Seed
	fields []Field // those that can differ from row to row
}

func newQuickIdentity(fields []Field) *quickIdentity {
	return &quickIdentity{[2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, fields}
}

func (q *quickIdentity) of(row *Row) (id Identity) {
	fields := &row.Fields
	var room [512]byte
	b := room[:0]
	for _, f := range q.fields {
		b = appendPrefixed(b, fields[f])
	}
	binary.LittleEndian.PutUint64(id[:8], maphash.Bytes(q.seeds[0], b))
	binary.LittleEndian.PutUint64(id[8:], maphash.Bytes(q.seeds[1], b))
	return id
}

func identifyRow(row *Row) Identity { return Identify(&row.Fields) }

// holder is a hash of what a binding occupies whatever else the row says:
// pool, A and group. X is left out, since the service may have picked it.
type holder uint64

func holderOf(pool, a, group string) holder {
	var room [128]byte
	b := appendPrefixed(room[:0], pool)
	b = appendPrefixed(b, a)
	b = appendPrefixed(b, group)
	sum := sha256.Sum256(b)
	return holder(binary.BigEndian.Uint64(sum[:8]))
}

func appendPrefixed(b []byte, s string) []byte {
	if len(s) < 0x80 {
		return append(append(b, byte(len(s))), s...) // the same, and quicker
	}
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// Key names one row of a job: its identity and, among rows equal in every
// field, its place (0 for the first).
type Key struct {
	ID         Identity
	Occurrence uint32
}

// String returns the form that stands in the journal: 32 hexadecimal digits
// and, behind a point, the occurrence if it is not 0.
func (k Key) String() string { return string(k.append(nil)) }

func (k Key) append(b []byte) []byte {
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
