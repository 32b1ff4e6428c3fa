package csvtext

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// LinesInUTF8 returns which lines of a part of a file in GB18030, from 0, are Chinese in
// UTF-8: those of another file that was joined to it. Chinese in GB18030 hardly ever can
// be read so; most of the characters must be those that people use.
func LinesInUTF8(raw []byte) (lines []int) {
	n := 0
	for line := range bytes.Lines(raw) {
		if utf8.Valid(line) && utf8.RuneCount(line) < len(line) && everyday(line) {
			lines = append(lines, n)
		}
		n++
	}
	return lines
}

// everyday reports whether a text besides ASCII is Chinese, and at least half of it of the
// first level of GB 2312, the 3,755 characters in daily use, or marks.
func everyday(text []byte) bool {
	others, common := 0, 0
	gbk := simplifiedchinese.GBK.NewEncoder()
	for _, r := range string(text) {
		if r < utf8.RuneSelf {
			continue
		}
		others++
		switch {
		case unicode.Is(unicode.Han, r):
			b, err := gbk.Bytes(utf8.AppendRune(nil, r))
			if err == nil && len(b) == 2 && b[0] >= 0xB0 && b[0] <= 0xD7 {
				common++
			}
		case Narrow(r) != r, unicode.IsPunct(r):
			common++
		default:
			return false
		}
	}
	return 2*common >= others
}
