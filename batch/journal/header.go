package journal

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"axgbind/batch/ledger"
)

// Header is the first line of a journal. It is pinned, but for what compaction sets:
// a journal serves the real service or one simulator.
type Header struct {
	Format    string    `json:"format"`   // always "axgbind journal"
	Version   int       `json:"version"`  // of the lines' syntax: 3
	Identity  int       `json:"identity"` // version of the keys
	ID        string    `json:"id"`       // 16 hexadecimal digits by chance; a copy and a compacted journal keep it
	Simulated bool      `json:"simulated"`
	Instance  string    `json:"instance,omitempty"` // of the simulator
	Created   time.Time `json:"created"`
	Compacted time.Time `json:"compacted,omitzero"` // zero: never
	// Kept is how far the journal had come when it was written anew, and Lines is how
	// many lines behind the header say what is still of interest of that.
	Kept  Mark `json:"kept,omitzero"`
	Lines int  `json:"lines,omitempty"`
	Rows  int  `json:"rows,omitempty"` // that compaction kept: readers make room for them
}

const (
	format  = "axgbind journal"
	version = 3
)

// complete sets what every header has.
func (h *Header) complete() {
	h.Format, h.Version = format, version
	if h.ID == "" {
		h.ID = newID()
	}
}

// newID is an id that no other journal has.
func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return string(appendHex(nil, binary.BigEndian.Uint64(b[:])))
}

// isID reports whether a text can be an id of a journal.
func isID(id string) bool {
	_, ok := parseHex([]byte(id))
	return ok
}

// What keeps a file from being read at all.
var (
	ErrNotJournal   = errors.New("not an axgbind journal")
	ErrNewerJournal = errors.New("journal of a newer axgbind") // whose lines or keys this one does not understand
	ErrOlderJournal = errors.New("journal of an older axgbind")
)

// encodeHeader is the first line.
func encodeHeader(h Header) ([]byte, error) {
	return encode(nil, &ledger.Record{}, headerWord, h)
}

// parseHeader reads the first line. identity is the version of keys that the
// reader computes; 0: any.
func parseHeader(text []byte, identity int) (h Header, err error) {
	body, err := verify(text)
	if err != nil {
		return Header{}, ErrNotJournal
	}
	var l Line
	old := len(body) > 2 && string(body[:2]) == "J " // until version 1 a letter stood for the word
	if old {
		l.Detail = body[2:]
	} else if err := new(decoder).parse(body, &l); err != nil || l.Word != headerWord {
		return Header{}, ErrNotJournal
	}
	if err := json.Unmarshal(l.Detail, &h); err != nil || h.Format != format {
		return Header{}, ErrNotJournal
	}
	if identity == 0 {
		identity = h.Identity
	}
	switch {
	case h.Version == version && !isID(h.ID):
		return Header{}, ErrNotJournal
	case old || h.Version < version || h.Version == version && h.Identity < identity:
		err = ErrOlderJournal
	case h.Version > version || h.Identity > identity:
		err = ErrNewerJournal
	default:
		return h, nil
	}
	return Header{}, fmt.Errorf("%w: format %d, identity %d; this version writes %d and %d", err, h.Version, h.Identity, version, identity)
}

// Begins reports whether a text begins as every journal does, whatever its
// version.
func Begins(text []byte) bool {
	const sum = 8 // digits
	for _, word := range []string{" header ", " J "} {
		if len(text) > sum && bytes.HasPrefix(text[sum:], []byte(word+`{"format":"`+format+`"`)) {
			return true
		}
	}
	return false
}
