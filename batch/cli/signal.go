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
	if j.nothing != (report.Text{}) {
		j.close()
		a.Say(report.ExitLine, exit.OK, j.nothing.In(a.Lang))
		return nil
	}
	j.asked = asked
	return a.stopping().Do(func(ctx context.Context) error {
		defer j.close()
		ctx, j.network.stop = context.WithCancelCause(ctx)
		defer j.network.stop(nil)
		j.source.Until(ctx)
		return do(j, ctx)
	})
}

// stopping is what this invocation does as signals come.
func (a *app) stopping() terminal.Stopping {
	return terminal.Stopping{
		First: func() { a.Signalled = true },
		Drain: func() {
			if !a.Prompt.Waits() { // at a question there is nothing to wait for
				a.Say(report.SayDraining)
			}
		},
		Leave: func(stop books.Stop) {
			a.Status = exit.OfStop(stop)
			a.Console.Leave()
			a.Console.Release()
			a.Say(report.SayLeaveAtOnce)
		},
	}
}
