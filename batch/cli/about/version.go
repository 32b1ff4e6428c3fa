package about

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/flags"
	"axgbind/report"
)

// Version is the command that tells which program this is.
func Version(a *command.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:         "version",
		Short:       report.HelpVersion.In(a.Lang),
		Annotations: flags.Tells,
		Args:        cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v, commit := command.Version()
			if commit != "" {
				v += " (" + commit + ")"
			}
			_, err := fmt.Fprintf(a.Stdout, "axgbind %s %s %s/%s\n", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
