package flags

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"axgbind/report"
)

// Help lists flags one a line, as pflag does, but in the run's language
// and with wide characters aligned.
func Help(set *pflag.FlagSet, lang report.Lang) string {
	type line struct{ flag, usage string }
	var lines []line
	width := 0
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		l := line{flag: "      --" + f.Name}
		if f.Shorthand != "" {
			l.flag = "  -" + f.Shorthand + ", --" + f.Name
		}
		var kind string
		kind, l.usage = pflag.UnquoteUsage(f)
		switch kind {
		case "":
		case "string", "stringArray":
			kind = report.HelpText.In(lang)
		case "float":
			kind = report.HelpNumber.In(lang)
		case "int":
			kind = report.HelpInteger.In(lang)
		case "duration":
			kind = report.HelpDuration.In(lang)
		}
		if kind != "" {
			l.flag += " " + kind
		}
		switch f.DefValue {
		case "", "false", "0", "0s", "[]":
		default:
			l.usage += report.HelpDefault.In(lang, f.DefValue)
		}
		width = max(width, report.Columns(l.flag)+3)
		lines = append(lines, l)
	})
	b := &strings.Builder{}
	for _, l := range lines {
		fmt.Fprintf(b, "%s%s\n", report.Pad(l.flag, width), l.usage)
	}
	return b.String()
}
