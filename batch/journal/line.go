package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"

	"axgbind/batch/ledger"
)

// Line is one line of a journal behind its header.
type Line struct {
	Word   string        // the kind's word, or Sample
	Record ledger.Record // Kind is 0 if Word is Sample. Ref is where the line stands
	Detail []byte        // JSON object; nil: none
}

// Words of lines that are no records.
const (
	Sample     = "sample" // of a run, in numbers
	headerWord = "header"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Encode adds a line with its newline to b. It fails, and adds nothing, if the
// line has a value for which there is no text, or a Code that is no word.
func Encode(b []byte, l *Line) ([]byte, error) {
	if bare := l.Word == Sample || l.Word == headerWord; bare != (l.Record.Kind == 0) || !bare && l.Word != l.Record.Kind.String() {
		return b, fmt.Errorf("journal: a record of kind %s in a line %q", l.Record.Kind, l.Word)
	}
	return encode(b, &l.Record, l.Word, l.Detail)
}

// encode is Encode of what Append is given.
func encode(b []byte, r *ledger.Record, word string, detail any) ([]byte, error) {
	start := len(b)
	text, err := detailText(detail)
	if err != nil {
		return b, fmt.Errorf("journal record: %w", err)
	}
	bare := word == Sample || word == headerWord
	if bare && text == nil || !bare && ledger.KindOf([]byte(word)) == 0 {
		return b, fmt.Errorf("journal record: no line is %s with a detail of %d bytes", word, len(text))
	}
	b = append(b, "00000000 "...)
	b = append(b, word...)
	if !bare {
		if b, err = appendFields(b, r); err != nil {
			return b[:start], fmt.Errorf("journal record: %w", err)
		}
	}
	if text != nil {
		b = append(b, ' ')
		b = append(b, text...)
	}
	sum := crc32.Checksum(b[start+9:], castagnoli)
	hex.Encode(b[start:start+8], binary.BigEndian.AppendUint32(nil, sum))
	return append(b, '\n'), nil
}

// detailText is the JSON of a detail; nil if there is none.
func detailText(detail any) (text []byte, err error) {
	switch d := detail.(type) {
	case nil:
		return nil, nil
	case []byte:
		text = d
	case json.RawMessage:
		text = d
	default:
		if text, err = json.Marshal(detail); err != nil {
			return nil, err
		}
		if string(text) == "null" { // a nil pointer
			return nil, nil
		}
	}
	if len(text) == 0 {
		return nil, nil
	}
	if !isDetail(text) || bytes.ContainsRune(text, '\n') {
		return nil, errors.New("its detail is no JSON object in one line")
	}
	return text, nil
}

// isDetail reports whether a text has the ends of a JSON object.
func isDetail(text []byte) bool {
	return len(text) >= 2 && text[0] == '{' && text[len(text)-1] == '}'
}

var (
	errShortLine = errors.New("shorter than a checksum")
	errChecksum  = errors.New("checksum does not match")
)

// verify checks the CRC of a line without its newline and returns what it covers.
func verify(text []byte) ([]byte, error) {
	if len(text) < 10 || text[8] != ' ' {
		return nil, errShortLine
	}
	if want, ok := checksumOf(text); !ok || crc32.Checksum(text[9:], castagnoli) != want {
		return nil, errChecksum
	}
	return text[9:], nil
}

// checksumOf is the CRC with which a line begins, which has 8 bytes at least.
func checksumOf(text []byte) (sum uint32, ok bool) {
	var b [4]byte
	ok = unhex(b[:], text[:8])
	return binary.BigEndian.Uint32(b[:]), ok
}

// Decode reads into l what Encode wrote, without the newline, and nothing else.
// Detail is part of text. Ref is 0. After an error l means nothing.
func Decode(text []byte, l *Line) error {
	if bytes.ContainsRune(text, '\n') {
		return errors.New("a newline in it")
	}
	return new(decoder).line(text, l)
}

// decoder reads lines. The zero value is ready.
type decoder struct {
	words map[string]string // codes met so far: a million records share a few dozen
}

// maxWords bounds the codes that are kept.
const maxWords = 1 << 12

func (d *decoder) line(text []byte, l *Line) error {
	body, err := verify(text)
	if err != nil {
		return err
	}
	return d.parse(body, l)
}

// parse reads what verify returned.
func (d *decoder) parse(body []byte, l *Line) error {
	*l = Line{}
	word, rest := body, []byte(nil)
	if i := bytes.IndexByte(body, ' '); i >= 0 {
		word, rest = body[:i], body[i:]
	}
	switch string(word) {
	case Sample:
		l.Word = Sample
		return l.take(rest)
	case headerWord:
		l.Word = headerWord
		return l.take(rest)
	}
	k := ledger.KindOf(word)
	if k == 0 {
		return fmt.Errorf("a line %q, which this version does not know", word)
	}
	l.Word, l.Record.Kind = k.String(), k
	rest, err := d.fields(rest, &l.Record)
	if err == nil && len(rest) > 0 {
		err = l.take(rest)
	}
	return err
}

// take takes the detail: what stands behind the fields, with the blank before it.
func (l *Line) take(rest []byte) error {
	if len(rest) < 1 || !isDetail(rest[1:]) {
		return errors.New("its detail is no JSON object")
	}
	l.Detail = rest[1:]
	return nil
}

// word is a code as a string, of which one is kept for all; ok is false if it is
// no word.
func (d *decoder) word(b []byte) (s string, ok bool) {
	if s, ok := d.words[string(b)]; ok {
		return s, true
	}
	s = string(b)
	if d.words == nil {
		d.words = map[string]string{}
	}
	if ok = isWord(s); ok && len(d.words) < maxWords {
		d.words[s] = s
	}
	return s, ok
}
