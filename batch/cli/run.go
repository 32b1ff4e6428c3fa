// Package cli is the command line: one file a command; flags, environment,
// files, signals and exit statuses. It wires the other packages together, and
// nothing below it reads a flag or a variable, opens a file or exits.
package cli

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/batch/cli/terminal"
	"axgbind/report"
)

// Run runs one command and returns the exit status. args are those behind the
// program's name, environ is as os.Environ gives it. Only products go to stdout;
// everything else to stderr.
func Run(args, environ []string, stdin io.Reader, stdout, stderr io.Writer) int {
	app := newApp(args, environ, stdin, stdout, stderr)
	app.systemFolder = store.SystemFolder(runtime.GOOS, app.Getenv)
	return app.run()
}

func newApp(args, environ []string, stdin io.Reader, stdout, stderr io.Writer) *app {
	console := terminal.New(stderr)
	return &app{
		args: args, Environment: flags.NewEnvironment(environ), stdin: stdin, stdout: stdout, console: console, prompt: terminal.NewPrompt(console, stdin), began: time.Now(),
		passing: files.Passing, homeOf: homeOf,
	}
}

func (app *app) run() int {
	args, stdout := app.args, app.stdout
	if incompletable(args) {
		fmt.Fprintf(stdout, ":%d\n", cobra.ShellCompDirectiveError)
		return exit.OK
	}
	app.lang = terminal.Language(args, app.Getenv(flags.LangVariable), app.Getenv)
	root := app.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(app.console)
	log.SetOutput(io.Discard) // net/http prints there what arrives unasked, numbers and all
	defer func() { app.console.Flush(app.signalled) }()
	err := flags.CheckEnds(args)
	if err == nil {
		err = root.Execute()
	}
	if err == nil {
		return app.status
	}
	f, ok := exit.FaultOf(err)
	if !ok { // cobra's own words about flags and arguments
		name := ""
		if c, _, ferr := root.Find(args); ferr == nil && c != root {
			name = strings.TrimPrefix(c.CommandPath(), root.Name())
		}
		f = exit.Refuse(exit.Usage, report.ErrUsage, exit.UsageReason(err), name)
	}
	app.refused(root, f)
	if c, _, err := root.Find(args); err == nil && f.Status == exit.Error && c.CommandPath() == "axgbind journal check" {
		f.Ends = report.Exit1Journal
	}
	app.tell(f)
	return f.Status
}

// app is one invocation.
type app struct {
	*flags.Environment
	args      []string
	stdin     io.Reader
	stdout    io.Writer
	console   *terminal.Console
	lang      report.Lang
	began     time.Time
	status    int // of a command that ended without error
	prompt    *terminal.Prompt
	signalled bool // a signal has come

	systemFolder string                         // of the machine's journal; blank: there is none
	passing      func(dir string) (kind string) // of a folder that goes with the container or the power; blank: it stays
	homeOf       func(user string) string       // blank: there is none

	dial func(ctx context.Context, network, address string) (net.Conn, error) // nil: the network of this machine
}

// tell prints a fault: what is wrong, the cure on lines of its own, and the status
// in words.
func (a *app) tell(f *exit.Fault) {
	a.console.Release()
	what, cure := exit.CutCure(f.In(a.lang))
	a.say(report.ErrLine, report.Whole(what))
	a.sayCure(cure)
	ends := exit.StatusWords(f.Status).In(a.lang)
	if f.Ends != report.NoPhrase {
		ends = f.Ends.In(a.lang)
	}
	a.say(report.ExitLine, f.Status, ends)
}

// sayCure prints each line of a cure: a command stands at its end, to be copied.
func (a *app) sayCure(cure string) {
	if cure == "" {
		return
	}
	for line := range strings.SplitSeq(cure, "\n") {
		a.say(report.CureLine, report.Whole(line))
	}
}

// products is standard output; lines for it go past a block that is drawn on
// the same terminal.
func (a *app) products() io.Writer { return a.console.Past(a.stdout) }

// say prints one sentence on standard error.
func (a *app) say(p report.Phrase, args ...any) { a.console.Println(p.In(a.lang, args...)) }

// root builds the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "axgbind",
		Short:         report.HelpRoot.In(a.lang),
		Long:          report.HelpRootLong.In(a.lang),
		Example:       report.HelpRootExample.In(a.lang),
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
	flags.Add(root, flags.Root, v, a.lang)
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
	root.AddCommand(a.bindCommand(), a.checkCommand(), a.reconcileCommand(), a.verifyCommand(), a.updateCommand(), a.unbindCommand(), a.statusCommand(), a.reportCommand(), a.simulateCommand(), a.explainCommand(), a.templateCommand(), a.versionCommand(),
		a.journalCommand(), a.completionCommand(root))
	a.dressHelp(root)
	return root
}
