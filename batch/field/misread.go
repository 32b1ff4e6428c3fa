package field

import (
	"regexp"
	"slices"
)

// Misread reports whether the cells under a header would be read for what they are not: a
// time of another zone, or a yes for a no.
func Misread(f Field, header string) bool {
	switch f {
	case Expiration:
		return ZoneOf(header)
	case IsRecordingEnabled, ASRStatus:
		return contrary(header)
	}
	return false
}

var (
	// digitFirst and wordFirst are the two ways in which a header says what 0 and 1 mean,
	// as in 0-是 and 是:0.
	digitFirst = regexp.MustCompile(`([01])[\s=:.-]*(?:为|表示|代表)?\s*(` + truthWords + `)`)
	wordFirst  = regexp.MustCompile(`(` + truthWords + `)[\s=:.-]*(?:为|填|用)?\s*([01])`)
)

const truthWords = `不录音|录音|不需要|需要|开启|关闭|是|否|yes|no|true|false`

// contrary reports whether a header says that 1 is no, or 0 is yes: 是否录音（0是 1否）. Of
// the two ways to read it the one that finds more counts.
func contrary(header string) bool {
	if len(header) > longest {
		return false
	}
	text := narrowed(header)
	judge := func(way *regexp.Regexp, digit, word int) (pairs int, against bool) {
		for _, m := range way.FindAllStringSubmatch(text, -1) {
			yes := !slices.Contains([]string{"不录音", "不需要", "关闭", "否", "no", "false"}, m[word])
			pairs, against = pairs+1, against || yes != (m[digit] == "1")
		}
		return pairs, against
	}
	some, against := judge(digitFirst, 1, 2)
	if more, other := judge(wordFirst, 2, 1); more > some {
		return other
	}
	return against
}
