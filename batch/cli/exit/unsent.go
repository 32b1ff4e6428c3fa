package exit

import (
	"context"

	"axgbind/batch/books"
	"axgbind/report"
)

// Unsent is the fault of a command that a signal ends before it has sent
// anything; nil if there was none.
func Unsent(ctx context.Context) *Fault {
	if stop, ok := context.Cause(ctx).(books.Stop); ok && OfStop(stop) > 0 {
		return Refuse(OfStop(stop), report.ErrStopped)
	}
	return nil
}

// OrStopped is err, unless a signal came before anything was sent.
func OrStopped(ctx context.Context, err error) error {
	if stopped := Unsent(ctx); stopped != nil {
		return stopped
	}
	return err
}
