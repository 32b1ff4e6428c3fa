package input

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
)

// meaning is what a word that programs and people write for no value means in a field.
type meaning uint8

const (
	aValue           meaning = iota // it is none of these words
	standsForNothing                // as an empty cell
	mayStandForNothing
)

var (
	// machineNulls are what databases and programs write for no value. Nobody calls a
	// customer so.
	machineNulls = regexp.MustCompile(`^(?:(?i:null|[<({\['"](?:null|nil|na|none)[>)}\]'"]|undefined|-?nan|nat|#null|\[object object\]|__hive_default_partition__)|\\N|None)$`)

	// humanNulls are what people write into a cell that they do not fill; it may be a word
	// of theirs in a text that is theirs. What is yet to be said (待定, TBD) or said above
	// (同上) is not nothing.
	humanNulls = regexp.MustCompile(`^(?:(?i:n/?a|n\.a\.?|nil|none|blank|[<(\[【]?(?:无|無|空|空值|空白|没有|暂无|未填|未填写|不填|无数据|blank|empty)[>)\]】]?)|\p{Pd}+|[-−─~]+|/+|\\|'+|"+)$`)
)

// beginsNull reports whether a text begins as a word for no value does. It spares ids and
// names the expressions.
func beginsNull(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("NnUuEeBb\\([<{#-~/'\"_−─【无無空没暂未不", csvtext.Narrow(r)) || unicode.Is(unicode.Pd, r)
}

// nullWord tells the words for no value. Numbers, dates, cities and the API's own words are
// never such a word, so there it stands for nothing; of a yes or no it is not known which is
// meant by 无; and an id may be what it likes.
func nullWord(f field.Field, s string) meaning {
	const longest = len("__HIVE_DEFAULT_PARTITION__")
	if s == "" || len(s) > longest || !beginsNull(s) { // nearly every text
		return aValue
	}
	s = ascii(s)
	machine, human := machineNulls.MatchString(s), humanNulls.MatchString(s)
	switch f {
	case field.OutID, field.OutOrderID, field.ASRModelID:
		if human && !machine {
			return mayStandForNothing
		}
	case field.IsRecordingEnabled, field.ASRStatus:
		human = human && !strings.ContainsAny(s, "无無没eE")
	}
	if machine || human {
		return standsForNothing
	}
	return aValue
}
