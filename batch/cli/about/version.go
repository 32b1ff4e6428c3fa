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
			b := command.ThisBuild()
			from := ""
			if b.Commit != "" {
				from = fmt.Sprintf(" (%s, %s)", b.Commit, b.Date)
			}
			_, err := fmt.Fprintf(a.Stdout, "%s%s %s %s/%s\n", command.Program(), from, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
