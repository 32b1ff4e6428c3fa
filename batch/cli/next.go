package cli

import (
	"strings"

	"github.com/spf13/pflag"

	"axgbind/batch"
	"axgbind/report"
)

// next is what a person does now, as a sentence with the command to type.
func (j *job) next(s *report.Summary) string {
	again := j.command(j.source.path, nil)
	if j.settings.plan.LookOnly {
		return j.nextOf(s)
	}
	switch s.ExitStatus {
	case statusRows:
		if j.settings.plan.Release != nil {
			// What is released is known by its binding: a row that was refused is
			// the same row again, wherever it stands.
			if s.Count(report.Failed) > 0 {
				again = j.command(j.source.path, nil, "--resend", "failed")
			}
			return report.NextCorrectRows.In(j.lang, s.Results, again)
		}
		if s.Failed != "" {
			own := map[string]bool{"out": true, "journal": true, "failed": true, "summary": true, "resend": true}
			command := j.command(s.Failed, own)
			if !j.flags.simulate {
				// The same journal knows what is bound already: a duplicate that
				// was left in the file would otherwise be sent.
				command += " --journal " + quoteArg(s.Journal)
			}
			return report.NextCorrect.In(j.lang, s.Failed, command)
		}
		return report.NextCorrectRows.In(j.lang, s.Results, again)
	case statusUnknown:
		if j.plan.Releasing() == s.Count(report.Unknown) {
			return report.NextReleaseAgain.In(j.lang, s.Results)
		}
		hint := ""
		if j.suspects() > 0 {
			hint = report.NextNeedsList.In(j.lang)
		}
		return report.NextUnknown.In(j.lang, j.reconcileLine(), hint, j.command(j.source.path, nil, "--resend", "unknown"))
	case statusAccount:
		return report.NextOwner.In(j.lang, again)
	case statusError, statusPending, statusHangup, statusInterrupt, statusTerminated, statusFailures:
		return report.NextAgain.In(j.lang, again)
	}
	return ""
}

// nextOf is next after work on a job that was begun.
func (j *job) nextOf(s *report.Summary) string {
	switch s.ExitStatus {
	case statusUnknown:
		list := "LIST.csv"
		switch given := j.flags.xNumbers; {
		case j.suspects() == 0, given != "" && j.flags.complete && j.foreign == 0: // what was asked got no answer
			return report.NextAgain.In(j.lang, j.command("", nil))
		case given != "" && !j.flags.complete:
			list = quoteArg(given)
		}
		return report.NextSweep.In(j.lang, j.reconcileLine("--x-numbers", list, "--list-is-complete"))
	case statusPending:
		return report.NextBind.In(j.lang)
	case statusAccount:
		return report.NextOwner.In(j.lang, j.command("", nil))
	case statusOK, statusRows:
		return ""
	}
	return report.NextAgain.In(j.lang, j.command("", nil))
}

// suspects is how many UNKNOWN rows only a list of X numbers can find.
func (j *job) suspects() int {
	n, err := j.plan.Suspects()
	if err != nil {
		return 1 // the hint does no harm
	}
	return n
}

// flagsOfJob are those that any command about the job needs as its last run had
// them: where its journal belongs, and how late a call may be executed. How its
// input was read stands in the journal.
var flagsOfJob = map[string]bool{"endpoint": true, "timeout": true, "lang": true}

// reconcileLine is the reconcile command of the job, with more words at its end.
func (j *job) reconcileLine(more ...string) string {
	words := append([]string{"axgbind", "reconcile", quoteArg(j.shown(j.results))}, j.given(func(name string) bool { return flagsOfJob[name] })...)
	if j.journalPath != j.results+journalEnding {
		words = append(words, "--journal", quoteArg(j.shown(j.journalPath)))
	}
	return strings.Join(append(words, more...), " ")
}

// command is a command line for the input with the flags of this one, but
// those left out, and with more words before the input. Phone numbers in it are
// masked, as everywhere outside files.
func (j *job) command(input string, leftOut map[string]bool, more ...string) string {
	words := append([]string{"axgbind", j.verb}, j.given(func(name string) bool { return !leftOut[name] && !flagsOnce[name] })...)
	if input == "" {
		input = j.shown(j.results)
	}
	return strings.Join(append(append(words, more...), quoteArg(input)), " ")
}

// given are the flags of this command line that are wanted, as words.
func (j *job) given(wanted func(name string) bool) (words []string) {
	j.set.VisitAll(func(f *pflag.Flag) {
		if !f.Changed || !wanted(f.Name) {
			return
		}
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			if f.Name == "default" {
				value = shownDefault(value)
			}
			switch {
			case f.Value.Type() == "bool" && value == "true":
				words = append(words, "--"+f.Name)
			case f.Value.Type() == "bool":
				words = append(words, "--"+f.Name+"="+value)
			default:
				words = append(words, "--"+f.Name, quoteArg(value))
			}
		}
	})
	return words
}

// shownDefault is a FIELD=VALUE of --default for people: a number is masked,
// by whatever name its field goes.
func shownDefault(value string) string {
	name, number, _ := strings.Cut(value, "=")
	switch field, err := batch.ParseField(name); {
	case err != nil:
		return value
	case field == batch.PhoneNoA, field == batch.PhoneNoB, field == batch.PhoneNoX:
		return name + "=" + report.Mask(number)
	}
	return value
}

// shownArgs are the arguments of a command line for people, numbers masked.
func shownArgs(args []string) []string {
	shown := make([]string, len(args))
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--default="); ok {
			arg = "--default=" + shownDefault(value)
		} else if i > 0 && args[i-1] == "--default" {
			arg = shownDefault(arg)
		}
		shown[i] = arg
	}
	return shown
}

// flagsOnce are not suggested again: what they ask for was decided for one run.
var flagsOnce = map[string]bool{"resend": true, "again": true, "limit": true, "until": true, "max-duration": true}

// quoteArg makes an argument one word of a shell.
func quoteArg(s string) string {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f || strings.ContainsRune("-_./=:,+@%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
