package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strconv"
)

// A number has one form in a line. What reads it takes that and nothing else: no sign or
// zero before it that need not be there, no capital letter.

// parseUint reads what strconv.AppendUint writes in base 10.
func parseUint(b []byte) (uint64, bool) {
	var form [20]byte
	n, err := strconv.ParseUint(string(b), 10, 64)
	return n, err == nil && bytes.Equal(strconv.AppendUint(form[:0], n, 10), b)
}

// parseInt reads what strconv.AppendInt writes in base 10.
func parseInt(b []byte) (int64, bool) {
	var form [20]byte
	n, err := strconv.ParseInt(string(b), 10, 64)
	return n, err == nil && bytes.Equal(strconv.AppendInt(form[:0], n, 10), b)
}

// appendHex adds 16 hexadecimal digits.
func appendHex(b []byte, n uint64) []byte {
	var digits [8]byte
	binary.BigEndian.PutUint64(digits[:], n)
	return hex.AppendEncode(b, digits[:])
}

// parseHex reads what appendHex adds.
func parseHex(b []byte) (uint64, bool) {
	var digits [8]byte
	ok := unhex(digits[:], b)
	return binary.BigEndian.Uint64(digits[:]), ok
}

// unhex reads into all of to what hex.Encode writes of it; to is 16 bytes at most.
func unhex(to, b []byte) bool {
	if len(b) != hex.EncodedLen(len(to)) {
		return false
	}
	var form [32]byte
	_, err := hex.Decode(to, b)
	return err == nil && bytes.Equal(hex.AppendEncode(form[:0], to), b)
}
