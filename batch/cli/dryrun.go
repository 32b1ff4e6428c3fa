package cli

import (
	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/report"
)

// dryRun tells what bind would do: the input against the journal, read without its
// lock. Nothing is written but what --findings names.
func (a *app) dryRun(c *cobra.Command, v *flags.Values, args []string) error {
	j, err := a.newJob(c, v, args)
	if err != nil {
		return err
	}
	defer j.close()
	if !j.input.HasPool() {
		return exit.Refuse(exit.Usage, report.ErrNoPool)
	}
	if j.results = v.Out; v.Out == "" {
		j.results = j.source.Base() + resultsEnding
	}
	if err := j.choosePaths(); err != nil {
		return err
	}
	if err := j.writable(); err != nil {
		return err
	}
	defer tuneCollecting()()
	var journal *books.Journal
	switch {
	case v.Simulate:
	case files.Exists(j.journalPath):
		if journal, err = j.lookIntoJournal(); err != nil {
			return err
		}
		if err := j.chooseBatch(journal); err != nil {
			return err
		}
	default:
		if s, _ := store.LockState(j.journalPath); !j.simulated && (s.Moved != "" || s.Had() > 0) {
			return j.place.None() // it is elsewhere, or lost
		}
		j.Say(report.SayNoJournal, j.Shown(j.journalPath))
	}
	findings, err := j.match(journal)
	if err != nil {
		return err
	}
	counts := j.plan.Counts()
	invalid, held := counts[report.Invalid], counts[report.Held]
	if err := findings.print(a.Products(), j.plan.Rows-invalid, invalid, j.plan); err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	a.Say(report.SayPlan, j.plan.Rows, j.plan.ToSend-j.plan.Renew, counts[report.Bound], held, j.plan.Renew, counts[report.Unknown], j.plan.Gone)
	if ended := j.plan.Ended(); ended > 0 {
		a.Say(report.StartEnded, ended)
	}
	phrase := report.Exit0Plan
	switch {
	case invalid+held+counts[report.Failed] > 0:
		a.Status, phrase = exit.Rows, report.Exit3Plan
		if v.Strict && invalid > 0 {
			a.Status = exit.Input
		}
	case counts[report.Unknown] > 0:
		a.Status, phrase = exit.Unknown, report.Exit4Plan
	case j.plan.GoneUnknown+j.left > 0:
		a.Status, phrase = exit.Unknown, report.Exit4PlanGone
	}
	if err := j.guardAmount(); err != nil {
		return err
	}
	if a.Status == exit.OK && a.Console.Drop() {
		return nil
	}
	a.Console.Release()
	a.Say(report.ExitLine, a.Status, phrase.In(a.Lang))
	return nil
}
