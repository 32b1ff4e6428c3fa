package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"axgbind/batch"
	"axgbind/report"
)

// untilSecondSignal runs do. The first SIGINT or SIGTERM cancels its context,
// so that it drains and writes results; the second makes the command leave at
// once, without waiting for do: the journal suffices.
func (a *app) untilSecondSignal(do func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	ignorePipe()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	done := make(chan error, 1)
	go func() { done <- do(ctx) }()
	stopping := false
	for {
		select {
		case err := <-done:
			return err
		case s := <-signals:
			stop, status := batch.StopInterrupt, statusInterrupt
			if s == syscall.SIGTERM {
				stop, status = batch.StopTerminate, statusTerminated
			}
			if stopping {
				a.console.leave()
				a.console.release()
				a.say(report.SayLeaveAtOnce)
				a.status = status
				return nil
			}
			stopping = true
			a.say(report.SayDraining)
			cancel(stop)
		}
	}
}

// untilSignal runs do until a SIGINT or SIGTERM ends its context.
func (a *app) untilSignal(do func(context.Context)) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	do(ctx)
	return nil
}
