package batch

import (
	"bytes"
	"crypto/sha256"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// The encodings an input can have, by the names that --encoding takes and
// Input.Encoding reports.
const (
	encodingUTF8    = "utf-8"
	encodingGB18030 = "gb18030"
)

// survey is what one pass over the whole input tells before a record is read.
type survey struct {
	sum      [sha256.Size]byte
	encoding string
	skip     int64 // length of the byte order mark
	lines    int   // newlines: no fewer than there are rows, but for the last
	suspect  bool  // some bytes may not be readable: cells have to be looked at
}

// encodingNamed maps a spelling of --encoding to an encoding; "" is auto.
func encodingNamed(name string) (string, bool) {
	switch strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), "_", "-")) {
	case "", "auto":
		return "", true
	case "utf-8", "utf8":
		return encodingUTF8, true
	case "gb18030", "gbk", "gb2312", "gb-18030":
		return encodingGB18030, true
	}
	return "", false
}

// surveyInput hashes the input and settles its encoding: a byte order mark
// first, then NUL bytes (UTF-16, or no text at all), then UTF-8 if the whole
// file is valid, then GB18030. It looks at every byte, since a file can keep
// its only Chinese cell for the last line, and holds a constant amount of
// memory. Detectors that guess by letter frequency call mostly-ASCII files
// with three Chinese cells Latin-1 or EUC-KR, hence this rule.
func surveyInput(r io.ReaderAt, size int64, want string) (survey, error) {
	s := survey{encoding: want}
	var (
		sum      = sha256.New()
		buf      = make([]byte, 256<<10)
		from     = 0 // bytes of an unfinished character kept at the front of buf
		offset   int64
		valid    = true
		replaced bool
		nul      [2]int64 // NUL bytes at even and odd offsets
		bom      string
	)
	src := io.NewSectionReader(r, 0, size)
	for {
		n, err := io.ReadFull(src, buf[from:])
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return s, err
		}
		chunk := buf[from : from+n]
		sum.Write(chunk)
		s.lines += bytes.Count(chunk, []byte{'\n'})
		if offset == 0 {
			if kind := binaryKind(chunk); kind != "" {
				return s, &InputError{Kind: kind}
			}
			bom, s.skip = byteOrderMark(chunk)
			if bom == "utf-16" {
				return s, &InputError{Kind: "utf-16"}
			}
		}
		if bytes.IndexByte(chunk, 0) >= 0 {
			for i, b := range chunk {
				if b == 0 {
					nul[(offset+int64(i))&1]++
				}
			}
		}
		offset += int64(n)
		whole := buf[:from+n]
		tail := 0
		if err == nil {
			tail = unfinished(whole)
		}
		whole = whole[:len(whole)-tail]
		valid = valid && utf8.Valid(whole)
		replaced = replaced || bytes.Contains(whole, []byte("\uFFFD"))
		from = copy(buf, buf[len(whole):len(whole)+tail])
		if err != nil {
			break
		}
	}
	sum.Sum(s.sum[:0])
	if nul[0]+nul[1] > 0 {
		// Text in UTF-16 has its NULs almost all on one side.
		if lone := min(nul[0], nul[1]); nul[0]+nul[1] > size/8 && lone*10 <= nul[0]+nul[1] {
			return s, &InputError{Kind: "utf-16"}
		}
		return s, &InputError{Kind: "nul-bytes"}
	}
	switch {
	case s.encoding == "" && (bom == encodingUTF8 || valid):
		s.encoding = encodingUTF8
	case s.encoding == "" && bom == encodingGB18030:
		s.encoding = encodingGB18030
	case s.encoding == "":
		var err error
		if s.encoding, err = likelierEncoding(r, size); err != nil {
			return s, err
		}
	}
	s.suspect = s.encoding != encodingUTF8 || !valid || replaced
	return s, nil
}

// byteOrderMark names the encoding that the first bytes declare and says how
// long the declaration is.
func byteOrderMark(b []byte) (encoding string, length int64) {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return encodingUTF8, 3
	case bytes.HasPrefix(b, []byte("\x84\x31\x95\x33")):
		return encodingGB18030, 4
	case bytes.HasPrefix(b, []byte("\xFF\xFE")), bytes.HasPrefix(b, []byte("\xFE\xFF")):
		return "utf-16", 2
	}
	return "", 0
}

// binaryKind recognises files that are often mistaken for a CSV by their first
// bytes and names the refusal.
func binaryKind(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return "xlsx"
	case bytes.HasPrefix(b, []byte("\xD0\xCF\x11\xE0")):
		return "xls"
	case bytes.HasPrefix(b, []byte("\x1F\x8B")):
		return "gzip"
	case bytes.HasPrefix(b, []byte("%PDF")):
		return "pdf"
	}
	return ""
}

// unfinished returns how many bytes at the end of b begin a UTF-8 character
// that b cuts short, 0 to 3.
func unfinished(b []byte) int {
	for n := 1; n <= 3 && n <= len(b); n++ {
		c := b[len(b)-n]
		if utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// likelierEncoding decides about a file that is not valid UTF-8. One damaged
// byte must not turn a UTF-8 file into GB18030, which can read almost anything:
// Chinese in UTF-8 is made of three-byte characters, and GB18030 text hardly
// ever forms one by chance. Otherwise the encoding that leaves fewer characters
// unreadable wins, GB18030 on a tie.
func likelierEncoding(r io.ReaderAt, size int64) (string, error) {
	var bad8, three, badGB int64
	src := io.NewSectionReader(r, 0, size)
	if err := eachRune(src, func(c rune, n int) {
		switch {
		case c == utf8.RuneError && n == 1:
			bad8++
		case n == 3:
			three++
		}
	}); err != nil {
		return "", err
	}
	if three > bad8 {
		return encodingUTF8, nil
	}
	src = io.NewSectionReader(r, 0, size)
	if err := eachRune(transform.NewReader(src, simplifiedchinese.GB18030.NewDecoder()), func(c rune, _ int) {
		if c == utf8.RuneError {
			badGB++
		}
	}); err != nil {
		return "", err
	}
	if bad8 < badGB {
		return encodingUTF8, nil
	}
	return encodingGB18030, nil
}

// eachRune calls f for every character of r, with its length in bytes; a byte
// that belongs to no character is a utf8.RuneError of length 1.
func eachRune(r io.Reader, f func(c rune, n int)) error {
	buf := make([]byte, 64<<10)
	from := 0
	for {
		n, err := io.ReadFull(r, buf[from:])
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return err
		}
		b := buf[:from+n]
		for len(b) > 0 && (last || utf8.FullRune(b)) {
			c, n := utf8.DecodeRune(b)
			f(c, n)
			b = b[n:]
		}
		if last {
			return nil
		}
		from = copy(buf, b)
	}
}

// text returns the input as UTF-8 from the first character after the byte
// order mark. Undecodable bytes arrive as U+FFFD from GB18030 and as they are
// from UTF-8.
func (s *survey) text(r io.ReaderAt, size int64) io.Reader {
	src := io.NewSectionReader(r, s.skip, size-s.skip)
	if s.encoding == encodingGB18030 {
		return transform.NewReader(src, simplifiedchinese.GB18030.NewDecoder())
	}
	return src
}
