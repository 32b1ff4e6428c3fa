package exit

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"axgbind/batch/cli/store"
	"axgbind/batch/plan"
	"axgbind/report"
)

// Reason is an error in words, as files.Reason has it; some errors are ours.
func Reason(err error) report.Said {
	said := store.Reason(err)
	if errors.Is(err, plan.ErrInputChanged) {
		said.Text = report.WhyChanged
	}
	return said
}

// WholeReason is reasonOf for errors whose outer words matter too.
func WholeReason(err error) report.Said {
	s := Reason(err)
	if _, ok := errors.AsType[report.Said](err); !ok {
		s.Args = []any{err.Error()}
	}
	return s
}

// Forms of cobra's own errors, which have no types.
var (
	unknownCommand = regexp.MustCompile(`^unknown command "([^"]*)"`)
	wrongArgs      = regexp.MustCompile(`received (\d+)$`)
)

// UsageReason is what cobra or pflag has against a command line.
func UsageReason(err error) report.Said {
	text := strings.TrimSpace(FirstLine(err.Error()))
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := "--" + e.GetSpecifiedName()
		if e.GetSpecifiedShortnames() != "" {
			name = "-" + e.GetSpecifiedName()
		}
		return report.Say(report.WhyNoFlag, text, name)
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return report.Say(report.WhyNoValue, text, "--"+e.GetFlag().Name)
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		text, _, _ = strings.Cut(text, ": strconv.") // which says the same in Go's words
		return report.Say(report.WhyBadValue, text, "--"+e.GetFlag().Name, e.GetValue())
	}
	if e, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return report.Say(report.WhyBadSyntax, text, e.GetSpecifiedFlag())
	}
	if m := unknownCommand.FindStringSubmatch(text); m != nil {
		return report.Say(report.WhyNoCommand, text, m[1])
	}
	if m := wrongArgs.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return report.Say(report.WhyArgs, text, n)
	}
	return report.Say(report.WhyNone, text)
}
