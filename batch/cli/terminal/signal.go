package terminal

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"axgbind/batch/books"
)

// Stopping is what a command does as signals come that end it.
type Stopping struct {
	First func()           // the first has come
	Drain func()           // so has all that comes of its cause: the context ends next
	Leave func(books.Stop) // a further one has come: the command ends at once
}

// Do runs do under the signals of this process, as Heed says. A reader of standard error
// that goes away ends nothing.
func (s Stopping) Do(do func(context.Context) error) error {
	ignorePipe()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, Endings()...)
	defer signal.Stop(signals)
	return s.Heed(signals, do)
}

// oneCause is how far apart signals may come of one cause: timeout(1) sends its
// signal to the command and then to its group.
const oneCause = 20 * time.Millisecond

// Heed runs do. The first SIGINT, SIGTERM or SIGHUP, with what comes of its cause,
// cancels its context, so that it drains and writes results. A further SIGINT or
// SIGTERM makes the command leave at once, without waiting for do: the journal
// suffices. A further SIGHUP does not: when a connection is lost, kernel and shell
// both send one, and systemd sends one after SIGTERM.
func (s Stopping) Heed(signals <-chan os.Signal, do func(context.Context) error) error {
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
			s.Drain()
			cancel(first)
		case got := <-signals:
			switch stop := stopOf(got); {
			case first == "":
				s.First()
				first, all = stop, time.After(oneCause)
			case all == nil && stop != books.StopHangup:
				s.Leave(stop)
				return nil
			}
		}
	}
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

// Endings are the signals that end a command in good order. One that was to
// ignore hang-ups when it began, as under nohup, goes on to ignore them.
func Endings() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}
