package flags

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"axgbind/report"
)

// many is from how many flags on a help puts them into groups.
const many = 16

// groups are flags that several commands have, by what they are about, in the order of
// the help. What is in none stands before them: it says what the command does.
var groups = [...]struct {
	heading report.Text
	names   []string
}{
	{report.HelpFlagsInput, []string{"pool-key", "default", "map", "encoding", "delimiter", "strict", "allow-duplicates", "allow-empty"}},
	{report.HelpFlagsFiles, []string{"out", "failed", "findings", "excel", "summary", "metrics", "log", "journal", "wait"}},
	{report.HelpFlagsCalls, []string{"rate", "max-inflight", "adaptive", "retries", "timeout", "endpoint", "max-failures", "until"}},
	{report.HelpFlagsScreen, []string{"progress", "quiet", "verbose"}},
}

// groupOf is the group of a flag; -1: none.
func groupOf(name string) int {
	for i, g := range groups {
		if slices.Contains(g.names, name) {
			return i
		}
	}
	return -1
}

// Help lists flags one a line, as pflag does, but in the run's language
// and with wide characters aligned. Many flags stand in groups.
func Help(set *pflag.FlagSet, lang report.Lang) string {
	type line struct {
		flag, usage string
		group       int
	}
	var lines []line
	width := 0
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		l := line{flag: "      --" + f.Name, group: groupOf(f.Name)}
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
	if len(lines) >= many {
		slices.SortStableFunc(lines, func(a, b line) int { return cmp.Compare(a.group, b.group) })
	}
	b := &strings.Builder{}
	for i, l := range lines {
		if i > 0 && len(lines) >= many && l.group > lines[i-1].group {
			fmt.Fprintf(b, "\n%s\n", groups[l.group].heading.In(lang))
		}
		fmt.Fprintf(b, "%s%s\n", report.Pad(l.flag, width), l.usage)
	}
	return b.String()
}
