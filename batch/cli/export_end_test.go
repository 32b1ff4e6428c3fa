package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

// EndOf ends a run whose rows stand as the summary says: its exit status, and the
// status in words.
func EndOf(s *report.Summary, stop books.Stop, lang report.Lang) (status int, words string) {
	s.ExitStatus = exit.Status(s, stop, false)
	return s.ExitStatus, exit.Words(s).In(lang)
}

// NextOf is what a person is told to do after the bind of the input at path, with flags,
// that ended as the summary says.
func NextOf(s *report.Summary, lang report.Lang, path string, given ...string) (string, error) {
	a, v := &app{&command.Invocation{Lang: lang}}, flags.New()
	c := &cobra.Command{Use: "bind"}
	flags.Add(c, flags.Bind, v, lang)
	if err := c.ParseFlags(given); err != nil {
		return "", err
	}
	const text = "PhoneNoA,GroupId,Expiration\n1,1,1\n"
	in, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{})
	if err != nil {
		return "", err
	}
	j := &job{app: a, verb: "bind", input: in, flags: v, set: c.Flags(), settings: &flags.Settings{}, plan: &plan.Plan{}, source: &files.Source{Path: path}, results: s.Results}
	return j.next(s), nil
}
