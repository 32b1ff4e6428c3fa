package input

import (
	"crypto/sha256"
	"encoding/binary"
	"hash/maphash"
	"strings"

	"axgbind/batch/field"
	"axgbind/batch/ledger"
)

// IdentityVersion names the way in which Identify computes identities. Every journal has
// it in its header; a program that cannot compute a journal's version must refuse the
// journal, for it could not tell which rows were sent.
const IdentityVersion = 1

// identityV1 lists the fields in the order in which version 1 hashes them.
// Neither order nor content may ever change: journals of years ago stand on it.
var identityV1 = [...]field.Field{
	field.PoolKey, field.PhoneNoA, field.PhoneNoB, field.PhoneNoX, field.GroupID, field.Expiration, field.ExpectCity, field.IsRecordingEnabled,
	field.OutID, field.OutOrderID, field.CallDisplayType, field.CallRestrict, field.ASRStatus, field.ASRModelID, field.RingConfig,
}

// Identify returns the identity of a row's normalised fields. An empty field differs from
// every value.
func Identify(fields *[field.NumFields]string) ledger.Identity {
	var texts [len(identityV1)]string
	for i, f := range identityV1 {
		texts[i] = fields[f]
	}
	sum := Digest("axgbind identity v1", texts[:]...)
	return ledger.Identity(sum[:16])
}

// Digest is a hash of texts and of what they are. Each has its length before it, so that
// no two lists of texts make the same bytes.
func Digest(what string, texts ...string) [sha256.Size]byte {
	var room [512]byte
	b := append(room[:0], what...)
	for _, s := range texts {
		b = appendPrefixed(b, s)
	}
	return sha256.Sum256(b)
}

// quickIdentity tells rows apart as Identify does, in a tenth of its time, but
// within this process only: two keyed 64-bit hashes, under keys that nobody can
// know. It serves where no journal has to be matched.
type quickIdentity struct {
	seeds  [2]maphash.Seed
	fields []field.Field // those that can differ from row to row
}

// NewQuickIdentity returns what tells the rows of the input apart where no journal has to
// be matched.
func (in *Input) NewQuickIdentity() *quickIdentity {
	return newQuickIdentity(in.layout.order[:in.layout.filled])
}

func newQuickIdentity(fields []field.Field) *quickIdentity {
	return &quickIdentity{[2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, fields}
}

func (q *quickIdentity) Of(row *Row) (id ledger.Identity) {
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

// Identity is Identify for a row as it was read. An Expiration that counts from
// when the row is sent counts as its text.
func (row *Row) Identity() ledger.Identity {
	if !row.Relative {
		return Identify(&row.Fields)
	}
	fields := row.Fields
	fields[field.Expiration] = row.layout.relative
	return Identify(&fields)
}

// Place is where the binding is that a row names; 0 if the row does not say it.
func (row *Row) Place() ledger.Place {
	if row.Fields[field.PhoneNoA] == "" || row.Fields[field.GroupID] == "" {
		return 0
	}
	return PlaceOf(row.Fields[field.PoolKey], row.Fields[field.PhoneNoA], row.Fields[field.GroupID])
}

// PlaceOf is the place of a binding: pool, A and group. X is left out, since the
// service may have picked it. Keys of pools that differ in case only are one: no account
// has two such pools, and nobody knows whether the service takes one for the other.
func PlaceOf(pool, a, group string) ledger.Place {
	sum := Digest("", strings.ToUpper(pool), a, group)
	return ledger.Place(max(binary.BigEndian.Uint64(sum[:8]), 1)) // 0 is no place
}

// appendPrefixed appends a text with its length before it.
func appendPrefixed(b []byte, s string) []byte {
	if len(s) < 0x80 {
		return append(append(b, byte(len(s))), s...) // the same, and quicker
	}
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
