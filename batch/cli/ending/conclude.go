// Package ending is what is left to say when a run is over: the summary for a person,
// the metrics, a message to a chat robot, and what to do next as a command to type.
//
// It works on values: a summary, the counts of a plan, paths, and the flags as they were
// typed. It changes no row and no status but one: an output that could not be written
// makes the run one with an I/O error, which its caller settles. Whom the robot's
// address lets write is told to nobody, in no error either.
package ending

import (
	"cmp"
	"slices"
	"strings"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/report"
)

// Conclude prints the summary, a line for machines, the status in words and, below
// it, what to do next. With --quiet it prints nothing if all is well.
func Conclude(a *command.Invocation, s *report.Summary) {
	if a.Status == exit.OK && a.Console.Drop() {
		return
	}
	a.Console.Release()
	b := &strings.Builder{}
	_ = s.WriteText(b, a.Lang) // a Builder does not fail
	a.Console.Println(b.String())
	if why := books.Stop(s.StopReason).After(s.StopCode); why != (report.Text{}) {
		line := "  " + report.SumStop.In(a.Lang, why.In(a.Lang))
		if s.StopCode != "" {
			line += report.SumCode.In(a.Lang, s.StopCode)
		}
		a.Console.Println(line)
	}
	if s.StopCause != "" {
		a.Console.Println("  " + report.SumCause.In(a.Lang, report.Whole(s.StopCause)))
	}
	a.Console.Println(s.Line())
	SayStatus(a, cmp.Or(s.ExitText, exit.Words(s).In(a.Lang)), s.Advice())
}

// SayStatus prints the status of a command in words and, on lines of their own below it,
// what to do next.
func SayStatus(a *command.Invocation, words string, next report.Advice) {
	a.Console.Println(report.ExitLine.In(a.Lang, a.Status, words))
	for _, line := range next.Lines(a.Lang) {
		a.Console.Println(line)
	}
}

// Masked is what a run said of itself, as the record of its end holds it.
func Masked(s *report.Summary) *report.Summary {
	masked := *s
	for _, text := range []*string{&masked.Input, &masked.Results, &masked.Journal, &masked.Failed, &masked.Findings, &masked.Next} {
		*text = report.Shown(*text)
	}
	masked.NextCommands = slices.Clone(s.NextCommands)
	for i, line := range masked.NextCommands {
		masked.NextCommands[i] = report.Shown(line)
	}
	return &masked
}
