package csvtext

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// The encodings an input can have, by the names that --encoding takes and
// Input.Encoding reports.
const (
	EncodingUTF8    = "utf-8"
	EncodingGB18030 = "gb18030"
	EncodingUTF16LE = "utf-16le"
	EncodingUTF16BE = "utf-16be"

	encodingUTF16 = "utf-16" // --encoding only: byte order as found
)

// LineEnds says what ends a line of an input.
type LineEnds uint8

const (
	endsLF    LineEnds = iota // LF or CRLF; a CR alone is part of a cell
	endsCR                    // CR and nothing else, as on old Macs
	endsMixed                 // any of the three
)

// Survey is what one pass over the whole input tells before a record is read.
type Survey struct {
	Encoding string
	Skip     int64 // length of the byte order mark
	Ends     LineEnds
	Lines    int  // line ends: no fewer than there are rows, but for the last
	Clean    bool // all is text in UTF-8, and no earlier conversion lost a character
}

// ParseEncoding returns the name that input.Input.Encoding and input.Options use for a
// spelling of --encoding: auto, utf-8, gb18030 (also for gbk and gb2312), utf-16,
// utf-16le or utf-16be.
func ParseEncoding(name string) (string, bool) {
	switch strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), "_", "-")) {
	case "", "auto":
		return "auto", true
	case "utf-8", "utf8":
		return EncodingUTF8, true
	case "gb18030", "gb-18030", "gbk", "gb2312":
		return EncodingGB18030, true
	case "utf-16", "utf16":
		return encodingUTF16, true
	case "utf-16le", "utf16le", "utf-16-le":
		return EncodingUTF16LE, true
	case "utf-16be", "utf16be", "utf-16-be":
		return EncodingUTF16BE, true
	}
	return "", false
}

// damage is what speaks for UTF-8 and for GB18030 in a stretch of a file that is
// not all UTF-8.
type damage struct {
	invalid    int // bytes that are no UTF-8
	three      int // UTF-8 characters of three bytes: Chinese is made of them
	unreadable int // bytes that are no GB18030
}

func (d *damage) add(e damage) {
	d.invalid, d.three, d.unreadable = d.invalid+e.invalid, d.three+e.three, d.unreadable+e.unreadable
}

func assess(b []byte) (d damage) {
	for rest := b; len(rest) > 0; {
		if rest[0] < utf8.RuneSelf {
			rest = rest[1:]
			continue
		}
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			d.invalid++
		case n == 3:
			d.three++
		}
		rest = rest[n:]
	}
	for i := 0; i < len(b); {
		n := gb18030Length(b[i:])
		if n == 0 {
			d.unreadable++
			n = 1
		}
		i += n
	}
	return d
}

// gb18030Length returns how many bytes the character takes that b begins with,
// or 0 if it can be none.
func gb18030Length(b []byte) int {
	in := func(i int, lo, hi byte) bool { return len(b) > i && lo <= b[i] && b[i] <= hi }
	switch {
	case b[0] < utf8.RuneSelf:
		return 1
	case !in(0, 0x81, 0xFE):
		return 0
	case in(1, 0x40, 0xFE) && b[1] != 0x7F:
		return 2
	case in(1, 0x30, 0x39) && in(2, 0x81, 0xFE) && in(3, 0x30, 0x39):
		return 4
	}
	return 0
}

// NewSurvey looks at every byte of the input, since a file can keep its only
// Chinese cell for the last line, and settles its encoding: a byte order mark
// first, then NUL bytes on one side (UTF-16), then UTF-8 if the whole file is
// valid, then what likelier says. Detectors that guess by letter frequency call
// mostly-ASCII files with three Chinese cells Latin-1 or EUC-KR, hence this
// rule. Memory does not grow with the file.
func NewSurvey(r io.ReaderAt, size int64, want string) (Survey, error) {
	head, err := ReadAt(r, make([]byte, 512), 0, size)
	if err != nil {
		return Survey{}, err
	}
	total, err := tally(r, size, count, (*counts).add)
	if err != nil {
		return Survey{}, err
	}
	var s Survey
	marked, skip := byteOrderMark(head)
	wide := wideEncoding(total.nul, size)
	switch {
	case want == encodingUTF16 && width(marked) == 2:
		s.Encoding = marked
	case want == encodingUTF16 && wide != "":
		s.Encoding = wide
	case want == encodingUTF16:
		s.Encoding = EncodingUTF16LE // as Windows writes it
	case want != "auto":
		s.Encoding = want
	case marked != "":
		s.Encoding = marked
	case wide != "":
		s.Encoding = wide
	case !total.invalid:
		s.Encoding = EncodingUTF8
	default:
		d, err := tally(r, size, func(b []byte, _ int64) damage { return assess(b) }, (*damage).add)
		if err != nil {
			return Survey{}, err
		}
		s.Encoding = likelier(&d)
	}
	if marked == s.Encoding {
		s.Skip = skip
	}
	s.Clean = s.Encoding == EncodingUTF8 && !total.invalid && !total.lost && total.nul == [2]int{}
	if width(s.Encoding) == 2 { // bytes that look like line ends can be parts of characters
		if total, err = countUnits(r, size, &s); err != nil {
			return Survey{}, err
		}
	}
	s.Lines = total.lf + total.cr - total.crlf
	switch {
	case total.cr == total.crlf:
	case total.lf == 0:
		s.Ends = endsCR
	default:
		s.Ends = endsMixed
	}
	return s, nil
}

// byteOrderMark names the encoding that the first bytes declare and says how
// long the declaration is.
func byteOrderMark(b []byte) (encoding string, length int64) {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return EncodingUTF8, 3
	case bytes.HasPrefix(b, []byte("\x84\x31\x95\x33")):
		return EncodingGB18030, 4
	case bytes.HasPrefix(b, []byte("\xFF\xFE")):
		return EncodingUTF16LE, 2
	case bytes.HasPrefix(b, []byte("\xFE\xFF")):
		return EncodingUTF16BE, 2
	}
	return "", 0
}

// wideEncoding tells UTF-16 by its NUL bytes, which are many and almost all on
// one side; "" if it is none.
func wideEncoding(nul [2]int, size int64) string {
	all, fewer := nul[0]+nul[1], min(nul[0], nul[1])
	switch {
	case int64(all) <= size/8 || fewer*10 > all:
		return ""
	case nul[0] > nul[1]:
		return EncodingUTF16BE
	}
	return EncodingUTF16LE
}

// likelier decides between UTF-8 and GB18030. One damaged byte must not turn a
// UTF-8 file into GB18030, which can read almost anything: Chinese in UTF-8 is
// made of three-byte characters, and GB18030 text hardly ever forms one by
// chance. Otherwise the encoding that leaves fewer characters unreadable wins,
// GB18030 on a tie.
func likelier(d *damage) string {
	if d.three > d.invalid || d.invalid < d.unreadable {
		return EncodingUTF8
	}
	return EncodingGB18030
}

// Unify makes every line end of a file of an old Mac an LF. Where line ends are
// mixed it takes the scanner to tell them from those inside cells.
func (s *Survey) Unify(text []byte) {
	if s.Ends != endsCR {
		return
	}
	for i := bytes.IndexByte(text, '\r'); i >= 0; {
		text[i] = '\n'
		next := bytes.IndexByte(text[i:], '\r')
		if next < 0 {
			return
		}
		i += next
	}
}

// End returns where the text of the file ends: before a closing Ctrl-Z, which systems of
// old wrote, and the line ends and blanks around it; else at size.
func (s *Survey) End(r io.ReaderAt, size int64) (int64, error) {
	const padding = 512
	w := int64(width(s.Encoding))
	from := max(size-padding, s.Skip)
	from += (size - from) % w
	b, err := ReadAt(r, make([]byte, max(size-from, 0)), from, size)
	if err != nil {
		return 0, err
	}
	end := size
	for at := int64(len(b)) - w; at >= 0; at -= w {
		switch unit(b[at:], s.Encoding) {
		case ctrlZ:
			end = from + at
		case '\r', '\n', ' ', '\t', 0:
		default:
			return end, nil
		}
	}
	return end, nil
}
