package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/cli"
)

// TestWatch: without a terminal a line comes every 10 s, none with none, and
// one at once whenever somebody asks; the counters are looked at once a second
// in any case, for the estimate.
func TestWatch(t *testing.T) {
	for _, c := range []struct {
		kind string
		ask  bool
		want string
	}{
		{"plain", false, "10 at 10s\n20 at 20s\n30 at 30s\n"},
		{"plain", true, "10 at 10s\n16 at 15s\n21 at 20s\n31 at 30s\n"},
		{"none", false, ""},
		{"none", true, "16 at 15s\n"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			began, looks := time.Now(), 0
			end, asked := make(chan struct{}), make(chan os.Signal, 1)
			wait := cli.Watch(&out, c.kind, end, asked, func() { looks++ },
				func() string { return fmt.Sprintf("%d at %v", looks, time.Since(began)) })
			time.Sleep(15*time.Second + time.Millisecond)
			if c.ask {
				asked <- os.Interrupt
			}
			synctest.Wait()
			time.Sleep(20 * time.Second)
			close(end)
			wait()
			got := out.String()
			if c.ask {
				got = string(bytes.ReplaceAll(out.Bytes(), []byte("at 15.001s"), []byte("at 15s")))
			}
			if got != c.want {
				t.Errorf("%s, asked %v: %q, want %q", c.kind, c.ask, got, c.want)
			}
		})
	}
}
