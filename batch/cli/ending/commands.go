package ending

import (
	"strings"

	"github.com/spf13/pflag"

	"axgbind/batch/cli/flags"
	"axgbind/report"
)

// Commands are the command lines about a batch that a person may type, with the flags
// that they have to have.
type Commands struct {
	Verb    string         // of this command
	Given   *pflag.FlagSet // its flags
	Input   string
	Piped   bool   // through a pipe came the input, which nobody can type
	Results string // as people see the path
}

// Again is this command for an input, without some of its flags and with more words. A
// blank input stands for the results.
func (c Commands) Again(input string, leftOut map[string]bool, more ...string) any {
	line := flags.Begin(c.Verb)
	line.Hidden = input == c.Input && c.Piped
	line.Again(c.Given, leftOut)
	same := report.Say(report.WordsSame)
	switch {
	case len(more) > 0:
		same = report.Say(report.WordsSameWith, strings.Join(more, " "))
	case input == "":
		input = c.Results
	case input != c.Input:
		same = report.Say(report.WordsSameOn, input)
	}
	line.Add(more...)
	line.AddPath(input)
	return line.Or(same)
}

// Reconcile is the reconcile command about results, with more words at its end.
func (c Commands) Reconcile(results string, more ...string) any {
	return c.about("reconcile", results, report.Say(report.WordsReconcile, strings.Join(append([]string{""}, more...), " ")), more)
}

// ReconcileBatch is the reconcile command about a batch by its id.
func (c Commands) ReconcileBatch(id string) any {
	line := flags.Begin("reconcile", id)
	line.OfBatch(c.Given)
	return line.Or(report.Say(report.WordsReconcile, ""))
}

// Unbind is the unbind command of a file that names bindings.
func (c Commands) Unbind(path string, more ...string) any {
	return c.about("unbind", path, report.Say(report.WordsSame), more)
}

func (c Commands) about(command, path string, words report.Said, more []string) any {
	line := flags.Begin(command)
	line.AddPath(path)
	line.OfBatch(c.Given)
	line.Add(more...)
	return line.Or(words)
}
