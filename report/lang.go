package report

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
