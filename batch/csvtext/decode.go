package csvtext

import (
	"bytes"
	"errors"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Decode appends raw as UTF-8 to dst. raw holds whole characters, but for
// damage; what cannot be read becomes U+FFFD, except in UTF-8, where it stays
// as it is. Line ends are kept one to one.
func Decode(dst, raw []byte, encoding string) []byte {
	var t transform.Transformer
	switch encoding {
	case EncodingGB18030:
		t = simplifiedchinese.GB18030.NewDecoder()
	case EncodingUTF16LE:
		t = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
	case EncodingUTF16BE:
		t = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
	default:
		return append(dst, raw...)
	}
	for {
		if cap(dst)-len(dst) < len(raw)+len(raw)/2+16 {
			dst = append(make([]byte, 0, len(dst)+2*len(raw)+64), dst...)
		}
		n, used, err := t.Transform(dst[len(dst):cap(dst)], raw, true)
		dst, raw = dst[:len(dst)+n], raw[used:]
		if !errors.Is(err, transform.ErrShortDst) {
			return dst // these decoders have no other error
		}
	}
}

// width returns how many bytes the characters of an encoding have at least.
func width(encoding string) int {
	if encoding == EncodingUTF16LE || encoding == EncodingUTF16BE {
		return 2
	}
	return 1
}

// RawLength returns how many bytes of raw make the first n bytes of text, which
// was decoded from raw; they end with a line, or are all of it. Line ends are
// the same in both, so those behind n tell the place.
func RawLength(raw, text []byte, n int, encoding string) int {
	switch {
	case encoding == EncodingUTF8:
		return n
	case n == 0:
		return 0
	case n == len(text):
		return len(raw)
	}
	behind := lineEndsIn(text[n:])
	w := width(encoding)
	for at := len(raw) - len(raw)%w - w; at >= 0; at -= w {
		if c := unit(raw[at:], encoding); c == '\n' || c == '\r' {
			if behind--; behind < 0 {
				return at + w
			}
		}
	}
	return 0
}

// lineEndsIn counts CR and LF, each by itself.
func lineEndsIn(text []byte) int {
	return bytes.Count(text, []byte{'\n'}) + bytes.Count(text, []byte{'\r'})
}

// unit returns the byte or the UTF-16 unit that b begins with.
func unit(b []byte, encoding string) uint16 {
	switch encoding {
	case EncodingUTF16LE:
		return uint16(b[0]) | uint16(b[1])<<8
	case EncodingUTF16BE:
		return uint16(b[1]) | uint16(b[0])<<8
	}
	return uint16(b[0])
}
