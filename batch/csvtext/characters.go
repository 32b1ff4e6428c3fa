package csvtext

import "unicode"

// Narrow turns a full-width form of an ASCII character into that character.
func Narrow(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFF01 + '!'
	case r == 0x3000:
		return ' '
	}
	return r
}

// Invisible tells characters that are not to be seen and mean nothing by themselves,
// which come along when texts are copied from web pages and chats: Unicode's
// Default_Ignorable_Code_Point, which is derived so (DerivedCoreProperties.txt), and
// Ctrl-Z, which ended a file once.
func Invisible(r rune) bool {
	switch {
	case r < 0xAD:
		return r == ctrlZ
	case r >= 0xFFF9 && r <= 0xFFFB, unicode.In(r, unicode.White_Space, unicode.Prepended_Concatenation_Mark):
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Joins tells the invisible characters that change how their neighbours look in some
// scripts and in emoji: within a text for people they are part of it.
func Joins(r rune) bool {
	return r == 0x200C || r == 0x200D || unicode.Is(unicode.Variation_Selector, r)
}

// Blank tells characters that mean nothing around a value.
func Blank(r rune) bool { return unicode.IsSpace(r) || Invisible(r) }

const ctrlZ = 0x1A
