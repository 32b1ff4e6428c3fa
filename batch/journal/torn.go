package journal

import (
	"bytes"
	"unicode/utf8"
)

// maxTornLook is how much of a torn tail is looked at for a changed bit: more than
// any record takes, but for what a service may answer. It costs 20 ms.
const maxTornLook = 4 << 10

// oneBitOff reports whether a single changed bit explains why the first record
// of a tail does not verify. No crash does that; the record was whole, and a
// call may have been made on its strength.
func oneBitOff(tail []byte) bool {
	for at := range tail {
		for bit := range 8 {
			tail[at] ^= 1 << bit
			body, _, _ := bytes.Cut(tail, []byte{'\n'})
			_, err := verify(body)
			tail[at] ^= 1 << bit
			if err == nil {
				return true
			}
		}
		if tail[at] == '\n' {
			return false // what follows is another record
		}
	}
	return false
}

// looksWhole reports whether a line whose checksum is wrong has all that a record
// with a detail has, its newline included. A crash tears a record off or leaves
// zeros and garbage; this one was written whole and changed later, and it may be
// the intent of a call that was made.
func looksWhole(body []byte) bool {
	const shortest = 43 // of those that matter: checksum, word and key of a row
	if len(body) < shortest || body[len(body)-1] != '}' || !utf8.Valid(body) {
		return false
	}
	control := 0
	for _, c := range body {
		if c < ' ' {
			control++
		}
	}
	return control <= 1
}
