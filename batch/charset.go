package batch

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// The encodings an input can have, by the names that --encoding takes and
// Input.Encoding reports.
const (
	encodingUTF8    = "utf-8"
	encodingGB18030 = "gb18030"
	encodingUTF16LE = "utf-16le"
	encodingUTF16BE = "utf-16be"

	encodingUTF16 = "utf-16" // --encoding only: byte order as found
)

// lineEnds says what ends a line of an input.
type lineEnds uint8

const (
	endsLF    lineEnds = iota // LF or CRLF; a CR alone is part of a cell
	endsCR                    // CR and nothing else, as on old Macs
	endsMixed                 // any of the three
)

// survey is what one pass over the whole input tells before a record is read.
type survey struct {
	encoding string
	skip     int64 // length of the byte order mark
	ends     lineEnds
	lines    int // line ends: no fewer than there are rows, but for the last
}

// ParseEncoding returns the name that Input.Encoding and InputOptions use for a
// spelling of --encoding: auto, utf-8, gb18030 (also for gbk and gb2312), utf-16,
// utf-16le or utf-16be.
func ParseEncoding(name string) (string, bool) {
	switch strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), "_", "-")) {
	case "", "auto":
		return "auto", true
	case "utf-8", "utf8":
		return encodingUTF8, true
	case "gb18030", "gb-18030", "gbk", "gb2312":
		return encodingGB18030, true
	case "utf-16", "utf16":
		return encodingUTF16, true
	case "utf-16le", "utf16le", "utf-16-le":
		return encodingUTF16LE, true
	case "utf-16be", "utf16be", "utf-16-be":
		return encodingUTF16BE, true
	}
	return "", false
}

// counts is what a stretch of bytes holds.
type counts struct {
	lf, cr, crlf int
	nul          [2]int // at even and odd offsets of the file
	invalid      int    // bytes that are no UTF-8
	three        int    // UTF-8 characters of three bytes: Chinese is made of them
	unreadable   int    // characters that are no GB18030, where the text is no UTF-8
}

func (c *counts) add(d counts) {
	c.lf, c.cr, c.crlf = c.lf+d.lf, c.cr+d.cr, c.crlf+d.crlf
	c.nul[0], c.nul[1] = c.nul[0]+d.nul[0], c.nul[1]+d.nul[1]
	c.invalid, c.three, c.unreadable = c.invalid+d.invalid, c.three+d.three, c.unreadable+d.unreadable
}

// count looks at one stretch, which begins at an offset of the file.
func count(b []byte, offset int64) (c counts) {
	c.lf, c.cr = bytes.Count(b, []byte{'\n'}), bytes.Count(b, []byte{'\r'})
	if c.cr > 0 {
		c.crlf = bytes.Count(b, []byte("\r\n"))
	}
	if bytes.IndexByte(b, 0) >= 0 {
		for i, v := range b {
			if v == 0 {
				c.nul[(offset+int64(i))&1]++
			}
		}
	}
	if utf8.Valid(b) {
		c.three = (len(b) - utf8.RuneCount(b)) / 2 // others are rare
		return c
	}
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			c.invalid++
		case n == 3:
			c.three++
		}
		rest = rest[n:]
	}
	c.unreadable = unreadable(b)
	return c
}

// unreadable counts the characters of b that are no GB18030.
func unreadable(b []byte) (n int) {
	d := simplifiedchinese.GB18030.NewDecoder()
	room := make([]byte, 32<<10)
	for {
		wrote, read, err := d.Transform(room, b, true)
		n += bytes.Count(room[:wrote], []byte("\uFFFD"))
		if b = b[read:]; !errors.Is(err, transform.ErrShortDst) {
			return n
		}
	}
}

// stretch is how much of the input one goroutine counts at a time, in bytes.
const stretch = 512 << 10

// surveyInput looks at every byte of the input, since a file can keep its only
// Chinese cell for the last line, and settles its encoding: a byte order mark
// first, then NUL bytes on one side (UTF-16), then UTF-8 if the whole file is
// valid, then what likelier says. Detectors that guess by letter frequency call
// mostly-ASCII files with three Chinese cells Latin-1 or EUC-KR, hence this
// rule. Memory does not grow with the file.
func surveyInput(r io.ReaderAt, size int64, want string) (survey, error) {
	head, err := readAt(r, make([]byte, 512), 0, size)
	if err != nil {
		return survey{}, err
	}
	if kind := fileKind(head); kind != "" {
		return survey{}, &InputError{Kind: kind}
	}
	total, err := countAll(r, size)
	if err != nil {
		return survey{}, err
	}
	s := survey{lines: max(total.lf, total.cr)}
	marked, skip := byteOrderMark(head)
	wide := wideEncoding(total.nul, size)
	switch {
	case want == encodingUTF16 && width(marked) == 2:
		s.encoding = marked
	case want == encodingUTF16 && wide != "":
		s.encoding = wide
	case want == encodingUTF16:
		s.encoding = encodingUTF16LE // as Windows writes it
	case want != "auto":
		s.encoding = want
	case marked != "":
		s.encoding = marked
	case wide != "":
		s.encoding = wide
	default:
		s.encoding = likelier(&total)
	}
	if marked == s.encoding {
		s.skip = skip
	}
	if width(s.encoding) == 2 { // bytes that look like line ends can be parts of characters
		if total, err = countUnits(r, size, &s); err != nil {
			return survey{}, err
		}
		s.lines = max(total.lf, total.cr)
	}
	switch {
	case total.cr == total.crlf:
	case total.lf == 0:
		s.ends = endsCR
	default:
		s.ends = endsMixed
	}
	return s, nil
}

// countAll counts the whole input, several stretches at once.
func countAll(r io.ReaderAt, size int64) (total counts, err error) {
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		free   = make(chan []byte, processors())
		offset int64
	)
	for range cap(free) {
		free <- nil
	}
	for offset < size && err == nil {
		buf := <-free
		if buf == nil {
			buf = make([]byte, min(stretch, size))
		}
		var b []byte
		if b, err = readAt(r, buf[:cap(buf)], offset, size); err != nil || len(b) == 0 {
			break
		}
		if offset+int64(len(b)) < size {
			b = b[:seam(b)]
		}
		from := offset
		offset += int64(len(b))
		wg.Go(func() {
			c := count(b, from)
			mu.Lock()
			total.add(c)
			mu.Unlock()
			free <- buf
		})
	}
	wg.Wait()
	return total, err
}

// seam returns where b can be cut in two without cutting a character or a line
// end, whichever encoding it is in: behind a byte below 0x30, which is no part
// of a longer character.
func seam(b []byte) int {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0x30 && b[i] != '\r' {
			return i + 1
		}
	}
	return len(b)
}

// countUnits counts the line ends of UTF-16.
func countUnits(r io.ReaderAt, size int64, s *survey) (c counts, err error) {
	buf := make([]byte, min(stretch, size+size%2))
	last := uint16(0)
	for offset := s.skip; offset < size; {
		b, err := readAt(r, buf, offset, size)
		if err != nil || len(b) == 0 {
			return c, err
		}
		offset += int64(len(b))
		for ; len(b) > 1; b = b[2:] {
			u := unit(b, s.encoding)
			switch {
			case u == '\r':
				c.cr++
			case u == '\n':
				if c.lf++; last == '\r' {
					c.crlf++
				}
			}
			last = u
		}
	}
	return c, nil
}

// readAt fills buf from offset on, or up to the end of the input. With an error
// it returns what was read before it.
func readAt(r io.ReaderAt, buf []byte, offset, size int64) ([]byte, error) {
	if left := size - offset; int64(len(buf)) > left {
		buf = buf[:max(left, 0)]
	}
	n, err := r.ReadAt(buf, offset)
	if n == len(buf) || errors.Is(err, io.EOF) {
		err = nil
	}
	return buf[:n], err
}

// byteOrderMark names the encoding that the first bytes declare and says how
// long the declaration is.
func byteOrderMark(b []byte) (encoding string, length int64) {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return encodingUTF8, 3
	case bytes.HasPrefix(b, []byte("\x84\x31\x95\x33")):
		return encodingGB18030, 4
	case bytes.HasPrefix(b, []byte("\xFF\xFE")):
		return encodingUTF16LE, 2
	case bytes.HasPrefix(b, []byte("\xFE\xFF")):
		return encodingUTF16BE, 2
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
		return encodingUTF16BE
	}
	return encodingUTF16LE
}

// likelier decides between UTF-8 and GB18030. One damaged byte must not turn a
// UTF-8 file into GB18030, which can read almost anything: Chinese in UTF-8 is
// made of three-byte characters, and GB18030 text hardly ever forms one by
// chance. Otherwise the encoding that leaves fewer characters unreadable wins,
// GB18030 on a tie.
func likelier(c *counts) string {
	if c.invalid == 0 || c.three > c.invalid || c.invalid < c.unreadable {
		return encodingUTF8
	}
	return encodingGB18030
}
