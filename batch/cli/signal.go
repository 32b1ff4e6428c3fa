package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"axgbind/batch/books"
	"axgbind/report"
)

// statusOfStop is the exit status of a run that a signal ended; 0 if it was none.
func statusOfStop(stop books.Stop) int {
	switch stop {
	case books.StopHangup:
		return statusHangup
	case books.StopInterrupt:
		return statusInterrupt
	case books.StopTerminate:
		return statusTerminated
	}
	return 0
}

// stopOf is why a run ends that gets a signal.
func stopOf(s os.Signal) books.Stop {
	switch s {
	case syscall.SIGHUP:
		return books.StopHangup
	case syscall.SIGTERM:
		return books.StopTerminate
	}
	return books.StopInterrupt
}

// endings are the signals that end a command in good order. One that was to
// ignore hang-ups when it began, as under nohup, goes on to ignore them.
func endings() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}

// underSignals opens a job and does its work. SIGUSR1 asks for a status line from
// before the input is read: unheeded, it would end the process.
func (a *app) underSignals(open func() (*job, error), do func(*job, context.Context) error) error {
	asked := make(chan os.Signal, 1)
	notifyStatus(asked)
	defer signal.Stop(asked)
	j, err := open()
	if err != nil {
		return err
	}
	if j.nothing {
		j.close()
		a.say(report.ExitLine, statusOK, j.nothingTo().In(a.lang))
		return nil
	}
	j.asked = asked
	return a.untilSecondSignal(func(ctx context.Context) error {
		defer j.close()
		j.source.counted.until(ctx)
		return do(j, ctx)
	})
}

// nothingTo says why a command has nothing to do.
func (j *job) nothingTo() report.Phrase {
	switch {
	case j.verb == "reconcile":
		return report.SayNoUnknown
	case j.settings.plan.Release != nil && !j.settings.plan.Release.Orphans:
		return report.SayNoneLive
	}
	return report.SayNoDuplicates
}

// oneCause is how far apart signals may come of one cause: timeout(1) sends its
// signal to the command and then to its group.
const oneCause = 20 * time.Millisecond

// untilSecondSignal runs do until it ends or signals have it left.
func (a *app) untilSecondSignal(do func(context.Context) error) error {
	ignorePipe()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, endings()...)
	defer signal.Stop(signals)
	return a.heed(signals, do)
}

// heed runs do. The first SIGINT, SIGTERM or SIGHUP, with what comes of its cause,
// cancels its context, so that it drains and writes results. A further SIGINT or
// SIGTERM makes the command leave at once, without waiting for do: the journal
// suffices. A further SIGHUP does not: when a connection is lost, kernel and shell
// both send one, and systemd sends one after SIGTERM.
func (a *app) heed(signals <-chan os.Signal, do func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	done := make(chan error, 1)
	go func() { done <- do(ctx) }()
	var first books.Stop     // blank: none has come
	var all <-chan time.Time // when all of the first one's cause are there
	for {
		select {
		case err := <-done:
			return err
		case <-all:
			all = nil
			if !a.asking.Load() { // at a question there is nothing to wait for
				a.say(report.SayDraining)
			}
			cancel(first)
		case s := <-signals:
			switch stop := stopOf(s); {
			case first == "":
				a.signalled, first, all = true, stop, time.After(oneCause)
			case all == nil && stop != books.StopHangup:
				a.status = statusOfStop(stop)
				a.console.leave()
				a.console.release()
				a.say(report.SayLeaveAtOnce)
				return nil
			}
		}
	}
}

// unsent is the fault of a command that a signal ends before it has sent
// anything; nil if there was none.
func unsent(ctx context.Context) *fault {
	if stop, ok := context.Cause(ctx).(books.Stop); ok && statusOfStop(stop) > 0 {
		return refuse(statusOfStop(stop), report.ErrStopped)
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
