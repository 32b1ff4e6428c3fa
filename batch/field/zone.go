package field

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	utcOffset = regexp.MustCompile(`(?:utc|gmt)\s*([+-]?\s*[0-9]{1,2}(?:[:.]?[0-9]{2})?)?`)

	// offsets are those without a name, as in (+09:00). A time of a day has no sign.
	offsets = regexp.MustCompile(`(?:^|[^0-9])([+-](?:0[0-9]|1[0-4]):[0-5][0-9])`)

	zoneNames = regexp.MustCompile(`(?:^|[^a-z])(?:` +
		`[pmce]dt|[pme]st|a[ke]st|aedt|hst|cet|cest|wet|eet|eest|bst|ist|jst|kst|msk|nzst|nzdt|zulu|` +
		`(?:universal|eastern|pacific|mountain|central|european|london|new ?york|los ?angeles|tokyo|japan|korea|seoul|moscow|paris|berlin|sydney|dubai)[ _-]?(?:standard|daylight)?[ _-]?time` +
		`)(?:[^a-z]|$)` +
		`|(?:东[一二两三四五六七九十]{1,2}|西[一二两三四五六七八九十]{1,2}|零|中)(?:时)?区|(?:^|[^0-9])0时区|世界(?:标准|协调)?时|格林[威尼]治|` +
		`(?:美国|美东|美西|东部|西部|太平洋|纽约|洛杉矶|伦敦|英国|巴黎|柏林|欧洲|中欧|东京|日本|首尔|韩国|莫斯科|俄罗斯|悉尼|澳洲|印度|迪拜|泰国|曼谷|越南)(?:标准|夏令)?时间`)

	places      = regexp.MustCompile(`(?:africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific)/[a-z]+(?:_[a-z]+)*`)
	beijingTime = regexp.MustCompile(`^asia/(?:shanghai|beijing|chongqing|harbin|hong_kong|macau|macao|taipei|singapore|kuala_lumpur|manila)$`)
)

// ZoneOf reports whether a header names another time zone than Beijing's, as Expiration
// (UTC) does. Its times would be read as Beijing's, hours off, so nobody should be told to
// have the column read as it is. CST is taken for China's.
func ZoneOf(header string) bool {
	if len(header) > longest {
		return false
	}
	text := narrowed(header)
	for _, at := range utcOffset.FindAllStringSubmatchIndex(text, -1) {
		before, after := text[:at[0]], text[at[0]+len("utc"):]
		if endsInLetter(before) && after != "" && isLatin(rune(after[0])) {
			continue // of another word, as in outcome
		}
		if at[2] < 0 || !eastEight(text[at[2]:at[3]]) {
			return true
		}
	}
	for _, is := range offsets.FindAllStringSubmatch(text, -1) {
		if !eastEight(is[1]) {
			return true
		}
	}
	for _, place := range places.FindAllString(text, -1) {
		if !beijingTime.MatchString(place) {
			return true
		}
	}
	return zoneNames.MatchString(text)
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }

func endsInLetter(s string) bool { return s != "" && isLatin(rune(s[len(s)-1])) }

// eastEight reports whether an offset, such as +08:00, is Beijing's.
func eastEight(offset string) bool {
	digits := strings.Map(func(r rune) rune {
		if r == '-' || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, offset)
	return digits == "8" || digits == "08" || digits == "800" || digits == "0800"
}
