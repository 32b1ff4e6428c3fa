package input

import (
	"slices"
	"strings"
	"unicode/utf8"

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
	machineNulls = []string{"NULL", "null", "Null", `\N`, "(null)", "(NULL)", "<null>", "<NULL>", "[null]", "[NULL]", "None", "nan", "NaN", "NAN", "undefined", "#NULL"}

	// humanNulls are what people write into a cell that they do not fill; it may be a word
	// of theirs in a text that is theirs.
	humanNulls = []string{"-", "--", "---", "—", "——", "–", "－", "/", "//", `\`, "无", "無", "空", "没有", "暂无", "未填", "不填", "未知", "n/a", "na", "nil", "none", "null", "undefined", "无数据", "(空)", "（空）", "(blank)"}
)

// nullWord tells the words for no value. Numbers, dates, cities and the API's own words are
// never such a word, so there it stands for nothing; of a yes or no it is not known which is
// meant by 无; and an id may be what it likes.
func nullWord(f field.Field, s string) meaning {
	const longest = len("无数据") + 1 // and of the others
	if s == "" || len(s) > longest || s[0] < utf8.RuneSelf && strings.IndexByte(`NnUu\([<#-/`, s[0]) < 0 {
		return aValue
	}
	machine := slices.Contains(machineNulls, s)
	human := slices.Contains(humanNulls, strings.ToLower(s))
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
