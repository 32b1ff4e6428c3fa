package about

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/report"
)

// Completion writes what makes a shell complete commands, flags and
// their values. cobra has such a command of its own, in English only.
func Completion(a *command.Invocation, root *cobra.Command) *cobra.Command {
	scripts := map[string]func(io.Writer) error{
		"bash":       func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"zsh":        root.GenZshCompletion,
		"fish":       func(w io.Writer) error { return root.GenFishCompletion(w, true) },
		"powershell": root.GenPowerShellCompletionWithDesc,
	}
	return &cobra.Command{
		Use:         "completion bash|zsh|fish|powershell",
		Hidden:      true, // it is typed once, and stands in the README
		Short:       report.HelpCompletion.In(a.Lang),
		Annotations: flags.Tells,
		Long:        report.HelpCompletionLong.In(a.Lang),
		Example:     report.HelpCompletionExample.In(a.Lang),
		ValidArgs:   []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(_ *cobra.Command, args []string) error {
			script, ok := scripts[strings.Join(args, " ")]
			if !ok {
				return exit.Refuse(exit.Usage, report.ErrShell, strings.Join(args, " "))
			}
			b := &strings.Builder{}
			err := script(b)
			if err == nil {
				_, err = io.WriteString(a.Stdout, b.String())
			}
			if err != nil {
				return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
			}
			return nil
		},
	}
}
