package cli

import (
	"github.com/spf13/cobra"

	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/batch/plan"
	"axgbind/report"
)

// updatedEnding follows the input's name without its ending.
const updatedEnding = ".updated.csv"

func (a *app) updateCommand() *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:     "update BATCH|FILE",
		Short:   report.HelpUpdate.In(a.Lang),
		Long:    report.HelpUpdateLong.In(a.Lang),
		Example: report.HelpUpdateExample.In(a.Lang),
		RunE:    func(c *cobra.Command, args []string) error { return a.update(c, v, args) },
	}
	c.ValidArgsFunction = flags.OneFile
	flags.Add(c, flags.Update, v, a.Lang)
	return c
}

// update changes the live bindings that the rows of a file name. It goes the
// way of bind: the rows are checked, paced, journalled and written to results of
// their own.
func (a *app) update(c *cobra.Command, v *flags.Values, args []string) error {
	changes, required, err := books.ParseChanges(v.Fields)
	if err != nil {
		return exit.Refuse(exit.Usage, report.ErrFlagValue, "field", exit.Reason(err))
	}
	return a.underSignals(func() (*job, error) {
		return a.newJobWith(c, v, args, duty{rewrite: true, ending: updatedEnding}, func(j *job, path string) error {
			j.settings.Plan.Operation = &plan.Update{Changes: changes, Foreign: v.Foreign}
			j.settings.Input.Required = required
			return j.openSubject(path, j.noCells)
		})
	}, (*job).do)
}

// operation is what the job does with each row.
func (s *service) operation() batch.Operation {
	switch s.settings.Plan.Operation.(type) {
	case *plan.Update:
		return batch.Update{Client: s.client}
	case *plan.Release:
		return batch.Unbind{Client: s.client}
	}
	return batch.Bind{Client: s.client}
}
