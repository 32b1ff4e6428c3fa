// Package cli is the command line: the root command, a file for each command that works
// on rows, and the job that each of them is. A job is made of what was asked for
// (request.go), the files (paths.go), the batch (target.go) and the connection to the
// service (service.go); guard.go refuses what must not be, launch.go is what comes before
// the first call, send.go the run, finish.go its end.
//
// What needs no batch has packages of its own: flags, what a command works with
// (command), commands that look after journals (manage) or tell what the program knows
// (about), the words at the end (exit, ending), and files, output, store and terminal.
// Nothing below package cli reads a flag or a variable, opens a file or exits.
package cli

import (
	"errors"
	"fmt"
	"io"
	"log"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/about"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/manage"
	"axgbind/batch/cli/terminal"
	"axgbind/report"
)

// Run runs one command and returns the exit status. args are those behind the
// program's name, environ is as os.Environ gives it. Only products go to stdout;
// everything else to stderr.
func Run(args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	app := newApp(args, environ, stdin, stdout, stderr)
	return app.run()
}

// app is one invocation of the command tree.
type app struct{ *command.Invocation }

func newApp(args, environ []string, stdin io.Reader, stdout, stderr io.Writer) *app {
	return &app{command.New(args, environ, stdin, stdout, stderr)}
}

func (app *app) run() int {
	args, stdout := app.Args, app.Stdout
	// Behind --lang zh, too.
	completes := slices.Contains(args, cobra.ShellCompRequestCmd) || slices.Contains(args, cobra.ShellCompNoDescRequestCmd)
	if completes && slices.ContainsFunc(args, hidesText) { // cobra puts them on the process's standard error as they are
		fmt.Fprintf(stdout, ":%d\n", cobra.ShellCompDirectiveError)
		return exit.OK
	}
	root := app.root()
	if completes {
		flags.Complete(root, app.Lang)
	}
	root.SetArgs(append([]string{}, args...)) // nil would mean those of the process
	root.SetOut(stdout)
	root.SetErr(app.Console)
	log.SetOutput(io.Discard) // net/http prints there what arrives unasked, numbers and all
	defer func() { app.Console.Flush(app.Signalled) }()
	err := errors.Join(flags.CheckEnds(args), flags.CheckDashes(args))
	if err == nil {
		err = root.Execute()
	}
	if err == nil {
		return app.Status
	}
	f, ok := exit.FaultOf(err)
	if !ok { // cobra's own words about flags and arguments
		name := ""
		if c, _, ferr := root.Find(args); ferr == nil && c != root {
			name = strings.TrimPrefix(c.CommandPath(), root.Name())
		}
		f = exit.Refuse(exit.Usage, report.ErrUsage, exit.UsageReason(err), name)
	}
	if c, _, err := root.Find(args); err == nil {
		ending.Refused(app.Invocation, c, f)
	}
	app.Tell(f)
	return f.Status
}

// root builds the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "axgbind",
		Short:         report.HelpRoot.In(a.Lang),
		Long:          report.HelpRootLong.In(a.Lang),
		Example:       report.HelpRootExample.In(a.Lang),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q", args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return exit.Refuse(exit.Usage, report.ErrNoCommand) },
	}
	root.SuggestionsMinimumDistance = 2
	v := flags.New()
	flags.Add(root, flags.Root, v, a.Lang)
	root.PersistentPreRunE = func(c *cobra.Command, args []string) error {
		if err := flags.RefuseMasked(c, args); err != nil {
			return err
		}
		if _, ok := terminal.ParseLanguage(v.Lang); !ok && v.Lang != "" {
			return exit.Refuse(exit.Usage, report.ErrFlagValue, "lang", report.Say(report.WhyRange, strconv.Quote(v.Lang), "en | zh"))
		}
		if flags.OnlyTells(c) {
			return nil
		}
		if err := flags.CheckPaths(c, args); err != nil {
			return err
		}
		return a.CheckVariables()
	}
	root.AddCommand(a.bindCommand(), a.checkCommand(), a.reconcileCommand(), a.verifyCommand(), a.updateCommand(), a.unbindCommand(), manage.Status(a.Invocation), manage.Report(a.Invocation), a.simulateCommand(), about.Explain(a.Invocation), about.Template(a.Invocation), about.Version(a.Invocation),
		manage.Journal(a.Invocation), about.Completion(a.Invocation, root))
	about.Help(a.Invocation, root)
	return root
}

// hidesText reports whether an argument holds what cannot be seen.
func hidesText(arg string) bool { return report.Plain(arg) != arg }
