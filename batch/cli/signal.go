package cli

import (
	"context"
	"os"
	"os/signal"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/terminal"
	"axgbind/report"
)

// underSignals opens a job and does its work. SIGUSR1 asks for a status line from
// before the input is read: unheeded, it would end the process.
func (a *app) underSignals(open func() (*job, error), do func(*job, context.Context) error) error {
	asked := make(chan os.Signal, 1)
	terminal.NotifyStatus(asked)
	defer signal.Stop(asked)
	j, err := open()
	if err != nil {
		return err
	}
	if j.nothing {
		j.close()
		a.say(report.ExitLine, exit.OK, j.nothingTo().In(a.lang))
		return nil
	}
	j.asked = asked
	return a.stopping().Do(func(ctx context.Context) error {
		defer j.close()
		j.source.Until(ctx)
		return do(j, ctx)
	})
}

// nothingTo says why a command has nothing to do.
func (j *job) nothingTo() report.Phrase {
	if j.verb == "reconcile" {
		return report.SayNoUnknown
	}
	return report.SayNoneLive
}

// stopping is what this invocation does as signals come.
func (a *app) stopping() terminal.Stopping {
	return terminal.Stopping{
		First: func() { a.signalled = true },
		Drain: func() {
			if !a.prompt.Waits() { // at a question there is nothing to wait for
				a.say(report.SayDraining)
			}
		},
		Leave: func(stop books.Stop) {
			a.status = exit.OfStop(stop)
			a.console.Leave()
			a.console.Release()
			a.say(report.SayLeaveAtOnce)
		},
	}
}

// unsent is the fault of a command that a signal ends before it has sent
// anything; nil if there was none.
func unsent(ctx context.Context) *exit.Fault {
	if stop, ok := context.Cause(ctx).(books.Stop); ok && exit.OfStop(stop) > 0 {
		return exit.Refuse(exit.OfStop(stop), report.ErrStopped)
	}
	return nil
}

// orStopped is err, unless a signal came before anything was sent.
func orStopped(ctx context.Context, err error) error {
	if stopped := unsent(ctx); stopped != nil {
		return stopped
	}
	return err
}
