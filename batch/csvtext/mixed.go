package csvtext

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// LinesInUTF8 returns the lines of a part of a file in GB18030, by their number from 0, that
// are in UTF-8: those of another file that was joined to it. Chinese in GB18030 hardly ever
// can be read as UTF-8; where it can, the reading with the more everyday characters counts.
func LinesInUTF8(raw []byte) map[int][]byte {
	var lines map[int][]byte
	n := 0
	for line := range bytes.Lines(raw) {
		if utf8.Valid(line) && utf8.RuneCount(line) < len(line) && likelierUTF8(line) {
			if lines == nil {
				lines = map[int][]byte{}
			}
			lines[n] = line
		}
		n++
	}
	return lines
}

// likelierUTF8 decides on a line that can be read both ways. Characters of two bytes in
// UTF-8 tell nothing: a common Chinese one in GB18030 looks like that.
func likelierUTF8(line []byte) bool {
	long := 0
	for _, r := range string(line) {
		if utf8.RuneLen(r) > 2 {
			long++
		}
	}
	if long == 0 {
		return false
	}
	other, err := simplifiedchinese.GB18030.NewDecoder().Bytes(line)
	return err != nil || bytes.ContainsRune(other, utf8.RuneError) || everyday(line) >= everyday(other)
}

// everyday is the share of the Chinese characters of a text that are of the first level of
// GB 2312, the 3,755 in daily use; 0 if there is none.
func everyday(text []byte) float64 {
	all, common := 0, 0
	gbk := simplifiedchinese.GBK.NewEncoder()
	for _, r := range string(text) {
		if !unicode.Is(unicode.Han, r) {
			continue
		}
		all++
		if b, err := gbk.Bytes(utf8.AppendRune(nil, r)); err == nil && len(b) == 2 && b[0] >= 0xB0 && b[0] <= 0xD7 {
			common++
		}
	}
	return float64(common) / float64(max(all, 1))
}
