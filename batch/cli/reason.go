package cli

import (
	"errors"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"axgbind/batch/journal"
	"axgbind/batch/plan"
	"axgbind/report"
)

// reasonOf is an error in words: in English its own, in Chinese those that say
// the same, as far as it is known what it says. It leaves out what was being
// done, for the sentence around it tells.
func reasonOf(err error) report.Said {
	if said, ok := errors.AsType[report.Said](err); ok {
		return said
	}
	inner := err
	for next := errors.Unwrap(inner); next != nil; next = errors.Unwrap(inner) {
		inner = next
	}
	why := report.WhyNone
	for _, known := range []struct {
		err error
		why report.Phrase
	}{
		{plan.ErrInputChanged, report.WhyChanged},
		{syscall.ENOSPC, report.WhyFull},
		{syscall.EDQUOT, report.WhyQuota},
		{syscall.EMFILE, report.WhyHandles},
		{syscall.ENFILE, report.WhyHandles},
		{syscall.EROFS, report.WhyReadOnly},
		{syscall.EISDIR, report.WhyDirectory},
		{syscall.ENOTDIR, report.WhyNotDirectory},
		{syscall.ENAMETOOLONG, report.WhyLongName},
		{syscall.EIO, report.WhyIO},
		{syscall.EBUSY, report.WhyBusy},
		{fs.ErrNotExist, report.WhyNotExist},
		{fs.ErrPermission, report.WhyForbidden},
		{fs.ErrExist, report.WhyExists},
		{journal.ErrJournal, report.WhyJournal},
	} {
		if errors.Is(err, known.err) {
			why = known.why
			break
		}
	}
	return report.Say(why, inner.Error())
}

// wholeReason is reasonOf for errors whose outer words matter too.
func wholeReason(err error) report.Said {
	s := reasonOf(err)
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

// usageReason is what cobra or pflag has against a command line.
func usageReason(err error) report.Said {
	text := strings.TrimSpace(firstLine(err.Error()))
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
