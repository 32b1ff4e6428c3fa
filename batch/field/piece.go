package field

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostPieces is how many pieces a header of several names may have. More are a sentence.
const mostPieces = 8

// fields is a set of them.
type fields uint32

// scripts is where a Chinese name ends and an English one begins, without a break.
var scripts = regexp.MustCompile(`(\p{Han})([a-z]{2})`)

func (f Field) set() fields { return 1 << f }

// only returns the field of a set of one.
func (s fields) only() (Field, bool) {
	for f := range NumFields {
		if s == f.set() {
			return f, true
		}
	}
	return NumFields, false
}

// sameField returns the field that all pieces of a cleaned header mean, as in
// B号码 PhoneNoB: each is a header of it, in one or more words. A Chinese header may have
// beside it an English one that is almost the field's, as in 城市 City, but not if the
// field is Expiration: what is almost that may be a duration.
func sameField(text string) (Field, bool) {
	if strings.ContainsFunc(text, func(r rune) bool { return breaks(r) && r != '\n' && r != '/' }) {
		return NumFields, false
	}
	words := strings.FieldsFunc(scripts.ReplaceAllString(text, "$1\n$2"), func(r rune) bool { return r == '_' || r == '-' || r == ' ' || r == '\t' || breaks(r) })
	if len(words) < 2 || len(words) > mostPieces {
		return NumFields, false
	}
	chinese := chineseNames(words)
	// all has, for the first words, the fields that their pieces may all mean; firm those
	// of which one piece is a known header, and no mere letter.
	all, firm := make([]fields, len(words)+1), make([]fields, len(words)+1)
	all[0] = NumFields.set() - 1
	for end := 1; end <= len(words); end++ {
		for from := range end {
			run := strings.Join(words[from:end], "")
			may, known := namesOf(run, chinese&all[from])
			all[end] |= all[from] & may
			firm[end] |= firm[from] & may
			if known && len(run) > 1 {
				firm[end] |= all[from] & may
			}
		}
	}
	return firm[len(words)].only()
}

// chineseNames returns the fields of which some of the words are a Chinese header, but for
// Expiration.
func chineseNames(words []string) (names fields) {
	for i := range words {
		for j := i + 1; j <= len(words); j++ {
			run := strings.Join(words[i:j], "")
			if f, ok := byKey()[run]; ok && f != Expiration && !ascii(run) {
				names |= f.set()
			}
		}
	}
	return names
}

// namesOf returns the field that a piece is a known header of, or else those of translated
// that it is almost the English header of.
func namesOf(piece string, translated fields) (names fields, known bool) {
	if f, ok := byKey()[piece]; ok {
		return f.set(), true
	}
	if translated == 0 || !ascii(piece) {
		return 0, false
	}
	for f := range NumFields {
		if translated&f.set() != 0 && nearForms[f].MatchString(piece) {
			names |= f.set()
		}
	}
	return names, false
}

// nearPiece returns the field of a cleaned header of which a piece is known, as
// B号码，多个用逗号分隔: what stands between breaks, or between blanks, or between _ and -.
// If the pieces are of several fields the header is none's.
func nearPiece(text string) (Field, bool) {
	known := byKey()
	var found, letters fields
	look := func(piece string, word bool) {
		key := Key(piece)
		f, ok := known[key]
		switch {
		case !ok || word && (key == "expiration" || key == "gid"): // a word of any header
		case len(key) == 1:
			letters |= f.set()
		default:
			found |= f.set()
		}
	}
	for piece := range strings.FieldsFuncSeq(strings.ReplaceAll(text, " - ", "\n"), breaks) {
		look(piece, false)
		for word := range strings.FieldsSeq(piece) {
			look(word, true)
			for part := range strings.FieldsFuncSeq(word, func(r rune) bool { return r == '_' || r == '-' }) {
				look(part, true)
			}
		}
	}
	if numbers := PhoneNoA.set() | PhoneNoB.set() | PhoneNoX.set(); found&numbers != 0 {
		found |= letters // A、B号码 are two
	}
	return found.only()
}

// breaks tells what separates the names of a header most surely: all but letters, digits,
// and what may stand within a name.
func breaks(r rune) bool {
	return r != ' ' && r != '\t' && r != '_' && r != '-' && !unicode.In(r, unicode.L, unicode.Nd, unicode.Mn)
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
