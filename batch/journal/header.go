package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"axgbind/batch/ledger"
)

// Header is the first line of a journal. It is pinned: a journal serves one
// endpoint, and is simulated or real.
type Header struct {
	Format    string    `json:"format"`   // always "axgbind journal"
	Version   int       `json:"version"`  // of the lines' syntax: 2
	Identity  int       `json:"identity"` // version of the keys
	Endpoint  string    `json:"endpoint"` // normalised; "simulator" if embedded
	Simulated bool      `json:"simulated"`
	Created   time.Time `json:"created"`
	Compacted time.Time `json:"compacted,omitzero"` // zero: never
}

const (
	format  = "axgbind journal"
	version = 2
)

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
