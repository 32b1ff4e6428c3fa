package field

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"axgbind/batch/csvtext"
)

const (
	// traditional are the traditional characters of the headers that are known, each
	// before its simplified form.
	traditional = "號号碼码電电話话機机訂订單单編编過过時时間间錄录隱隐虛虚擬拟組组歸归屬属來来顯显識识別别語语鈴铃聲声業业務务聯联絡络繫系戶户對对動动發发貨货件件買买賣卖員员選选須须"

	// lookAlikes are letters that cannot be told by eye from the one behind each: capital
	// and small ones of Cyrillic, capital ones of Greek, and a character like that of 城市.
	lookAlikes = "\u0410A\u0412B\u0415E\u041aK\u041cM\u041dH\u041eO\u0420P\u0421C\u0422T\u0425X\u0406I\u0405S" +
		"\u0430a\u0435e\u043eo\u0440p\u0441c\u0443y\u0445x\u0456i\u0455s" +
		"\u0391A\u0392B\u0395E\u0396Z\u0397H\u0399I\u039aK\u039cM\u039dN\u039fO\u03a1P\u03a4T\u03a5Y\u03a7X\u03bfo" +
		"\u5dff市"
)

// foldings has what is read for a character. It is made once, and not changed.
var foldings = sync.OnceValue(func() map[rune]rune {
	m := make(map[rune]rune, 128)
	pairs := []rune(traditional + lookAlikes)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
})

// narrowed is a header in lower case, in half-width forms, simplified characters and the
// letters that it seems to have. Blanks, breaks and dashes are of one kind each, and a
// sign that only adorns is a blank.
func narrowed(header string) string {
	folded := foldings()
	return strings.ToLower(strings.Map(func(r rune) rune {
		r = csvtext.Narrow(r)
		if to, ok := folded[r]; ok {
			return to
		}
		switch {
		case csvtext.Invisible(r):
			return -1
		case strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r):
			return '\n'
		case unicode.Is(unicode.Pd, r) || r == '\u2212': // a minus, as in UTC−8
			return '-'
		case unicode.IsSpace(r) || adorns(r):
			return ' '
		}
		return r
	}, header))
}

// adorns tells the signs that mean nothing in a header: bullets, stars, arrows, emoji.
// What is left means something: units and currencies, "more than", letters and characters
// in circles, and the punctuation that separates.
func adorns(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == '~' || r == '^'
	case unicode.In(r, unicode.Sk, unicode.Me):
		return true
	case unicode.Is(unicode.Po, r):
		return !strings.ContainsRune("。、‰‱﹪﹠﹫", r)
	case unicode.Is(unicode.Sm, r):
		return r >= 0x2190 && (r < 0x2260 || r > 0x228b) && r < 0xfe00
	case unicode.Is(unicode.So, r):
		letters := r >= 0x249c && r <= 0x24e9 || r >= 0x3200 && r <= 0x33ff || r >= 0x1f100 && r <= 0x1f2ff
		return r >= 0x2190 && !letters && r < 0xfff0 || r > 0xffff && !letters
	}
	return false
}
