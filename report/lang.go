package report

import (
	"fmt"
	"strings"
)

// Lang is the language of sentences meant for people. Machine keys stay
// English whatever it is. The zero value is English.
type Lang uint8

const (
	EN Lang = iota // English
	ZH             // Simplified Chinese
)

// Text is one sentence in both languages. A sentence with arguments uses the
// verbs of package fmt, with explicit indexes where the languages order them
// differently.
type Text struct{ EN, ZH string }

// In returns the sentence in lang.
func (t Text) In(lang Lang) string {
	if lang == ZH {
		return t.ZH
	}
	return t.EN
}

// Fill returns the sentence in lang with its arguments put in, as Phrase.In does.
// A sentence that wants none ignores them.
func (t Text) Fill(lang Lang, args ...any) string {
	s := t.In(lang)
	if len(args) == 0 || !strings.Contains(s, "%") {
		return s
	}
	return fmt.Sprintf(s, plainArgs(args, lang)...)
}
