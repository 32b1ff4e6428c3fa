package command

import (
	"context"
	"io"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/batch/cli/terminal"
	"axgbind/report"
)

// Invocation is one run of the program: what was typed, and what it has at hand.
type Invocation struct {
	*flags.Environment
	Args      []string
	Stdin     io.Reader
	Stdout    io.Writer
	Console   *terminal.Console
	Lang      report.Lang
	Began     time.Time
	Status    int // of a command that ended without error
	Prompt    *terminal.Prompt
	Signalled bool // a signal has come

	SystemFolder string                         // of the machine's journal; blank: there is none
	Passing      func(dir string) (kind string) // of a folder that goes with the container or the power; blank: it stays
	HomeOf       func(user string) string       // blank: there is none

	Dial func(ctx context.Context, network, address string) (net.Conn, error) // nil: the network of this machine
}

// New is an invocation on this machine. args are those behind the program's
// name, environ is as os.Environ gives it.
func New(args, environ []string, stdin io.Reader, stdout, stderr io.Writer) *Invocation {
	if terminal.Closed(stdout) { // what is said must be read somewhere
		stdout = stderr
	}
	console, environment := terminal.New(stderr), flags.NewEnvironment(environ)
	return &Invocation{
		Environment: environment, Args: args, Stdin: stdin, Stdout: stdout, Console: console, Prompt: terminal.NewPrompt(console, stdin), Began: time.Now(),
		Lang:         terminal.Language(args, environment.Getenv(flags.LangVariable), environment.Getenv),
		SystemFolder: store.SystemFolder(runtime.GOOS, environment.Getenv), Passing: files.Passing, HomeOf: homeOf,
	}
}

// Tell prints a fault: what is wrong, the cure on lines of its own, and the status
// in words.
func (a *Invocation) Tell(f *exit.Fault) {
	a.Console.Release()
	what, cure := exit.CutCure(f.In(a.Lang))
	a.Say(report.ErrLine, report.Whole(what))
	a.sayCure(cure)
	ends := exit.StatusWords(f.Status).In(a.Lang)
	if f.Ends != (report.Text{}) {
		ends = f.Ends.In(a.Lang)
	}
	a.Say(report.ExitLine, f.Status, ends)
}

// sayCure prints each line of a cure: a command stands at its end, to be copied.
func (a *Invocation) sayCure(cure string) {
	if cure == "" {
		return
	}
	for line := range strings.SplitSeq(cure, "\n") {
		a.Say(report.CureLine, report.Whole(line))
	}
}

// Products is standard output; lines for it go past a block that is drawn on
// the same terminal.
func (a *Invocation) Products() io.Writer { return a.Console.Past(a.Stdout) }

// Say prints one sentence on standard error.
func (a *Invocation) Say(p report.Text, args ...any) { a.Console.Println(p.In(a.Lang, args...)) }

// Warn says what is wrong, and its cure, and the command goes on.
func (a *Invocation) Warn(wrong *store.Error) {
	f, _ := exit.FaultOf(wrong)
	what, cure := exit.CutCure(f.In(a.Lang))
	a.Say(report.WarnLine, report.Whole(what))
	a.sayCure(cure)
}

// Places is where this invocation looks for journals.
func (a *Invocation) Places() store.Places {
	return store.Places{System: a.SystemFolder, Getenv: a.Getenv}
}

// Shown is a path as people gave it: relative to the working directory if
// that is shorter.
func (a *Invocation) Shown(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, abs); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return path
}

// SayFault says what is wrong, and its cure on a line of its own, without ending
// the command.
func (a *Invocation) SayFault(p report.Text, args ...any) {
	what, cure := exit.CutCure(p.In(a.Lang, args...))
	a.Say(report.ErrLine, report.Whole(what))
	a.sayCure(cure)
}

// homeOf is the home folder of a user; blank if there is none.
func homeOf(name string) string {
	if name == "" {
		return ""
	}
	u, err := user.Lookup(name)
	if err != nil {
		return ""
	}
	return u.HomeDir
}
