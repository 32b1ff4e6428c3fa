package about

import (
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/batch/input"
	"axgbind/report"
)

// Template writes an input to fill in.
func Template(a *command.Invocation) *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:         "template",
		Short:       report.HelpTemplate.In(a.Lang),
		Annotations: flags.Tells,
		Example:     report.HelpTemplateExample.In(a.Lang),
		Args:        cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if v.Out == "" || v.Out == "-" {
				if err := input.WriteTemplate(a.Stdout, a.Lang); err != nil {
					return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
				}
				return nil
			}
			return writeTemplate(a, v.Out)
		},
	}
	flags.Add(c, flags.Template, v, a.Lang)
	return c
}

// writeTemplate never overwrites: the file there may be one that is filled in.
func writeTemplate(a *command.Invocation, out string) error {
	f, err := os.OpenFile(out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return exit.Refuse(exit.Usage, report.ErrTemplate, out)
	}
	if err != nil {
		return exit.Refuse(exit.Usage, report.ErrWrite, out, exit.Reason(err))
	}
	err = input.WriteTemplate(f, a.Lang)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, out, exit.Reason(err))
	}
	return nil
}
