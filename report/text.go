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

// Text is one sentence that the program says to people, or part of one, in both
// languages. One with arguments uses the verbs of package fmt, with explicit indexes
// where the languages order them differently. The zero value says nothing. What is said
// stands in the files words_*.go, a file for each reader; but two kinds stand beside what
// they explain: the service's codes (package aliyun) and the rules for rows (package
// rules).
type Text struct{ EN, ZH string }

// In returns the sentence in lang, with its arguments put in; those that have words of
// their own in each language, such as a Text or Said, in lang too. Every other text goes
// through Shown, so that nothing that is not ours leaves as it came; one that is Whole
// through Plain alone. A sentence that wants no arguments ignores them: a cure may have no
// use for what its reason names.
func (t Text) In(lang Lang, args ...any) string {
	s := t.EN
	if lang == ZH {
		s = t.ZH
	}
	if len(args) == 0 || !strings.Contains(s, "%") {
		return s
	}
	return fmt.Sprintf(s, plainArgs(args, lang)...)
}

// Said is a sentence and its arguments, to be put into another sentence. It is also an
// error that has words in every language.
type Said struct {
	Text Text
	Args []any
}

// Say makes a Said.
func Say(t Text, args ...any) Said { return Said{t, args} }

// In returns the sentence in lang, with its arguments put in.
func (s Said) In(lang Lang) string { return s.Text.In(lang, s.Args...) }

// Error implements error, in English.
func (s Said) Error() string { return s.In(EN) }
