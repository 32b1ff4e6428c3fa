package cli_test

import (
	"context"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli"
)

// TestSignalsOfOneCause: timeout(1) signals the command and then its group, so one
// end comes twice. The command drains all the same; what comes later, after it was
// said what it does, has it leave at once.
func TestSignalsOfOneCause(t *testing.T) {
	const hangup, interrupt, terminate = syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM
	for _, c := range []struct {
		name    string
		signals []os.Signal
		apart   time.Duration
		drains  bool
		cause   books.Stop
	}{
		{"timeout", []os.Signal{terminate, terminate}, 0, true, books.StopTerminate},
		{"timeout -s INT", []os.Signal{interrupt, interrupt}, time.Millisecond, true, books.StopInterrupt},
		{"timeout -s HUP", []os.Signal{hangup, hangup}, 0, true, books.StopHangup},
		{"session that ends", []os.Signal{hangup, terminate, hangup}, time.Millisecond, true, books.StopHangup},
		{"person", []os.Signal{interrupt, interrupt}, 50 * time.Millisecond, false, books.StopInterrupt},
		{"two commands", []os.Signal{terminate, interrupt}, time.Second, false, books.StopTerminate},
		{"connection, later ended", []os.Signal{hangup, hangup, terminate}, time.Second, false, books.StopHangup},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				signals := make(chan os.Signal, 2)
				var drained atomic.Bool
				cause := make(chan error, 1)
				go func() {
					for _, s := range c.signals {
						signals <- s
						time.Sleep(c.apart)
					}
				}()
				said, status := cli.Heed(signals, func(ctx context.Context) error {
					<-ctx.Done()
					cause <- context.Cause(ctx)
					time.Sleep(10 * time.Second)
					drained.Store(true)
					return nil
				})
				if why := <-cause; drained.Load() != c.drains || why != c.cause || strings.Count(said, "a second signal") != 1 {
					t.Errorf("drained %t, cause %v, said %q", drained.Load(), why, said)
				}
				if left := strings.Contains(said, "journal suffices"); left == c.drains || left != (status > 0) {
					t.Errorf("status %d, said %q", status, said)
				}
				time.Sleep(time.Minute) // what was left goes on to its end
			})
		})
	}
}
