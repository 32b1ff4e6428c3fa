package terminal_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/terminal"
	"axgbind/report"
)

// What is said is held back until it is wanted after all.
func ExampleConsole() {
	c := terminal.New(os.Stdout)
	c.Hold()
	c.Println("12 rows, 12 to send")
	c.Aloud("somebody asked for this line")
	c.Println("3 of 12")
	c.Release()
	c.Flush(false)
	// Output:
	// somebody asked for this line
	// 12 rows, 12 to send
	// 3 of 12
}

func noEnvironment(string) string { return "" }

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
		{"auto", false, "10 at 10s\n20 at 20s\n30 at 30s\n"},
		{"bar", false, "10 at 10s\n20 at 20s\n30 at 30s\n"},
		{"plain", true, "10 at 10s\n16 at 15s\n21 at 20s\n31 at 30s\n"},
		{"none", false, ""},
		{"none", true, "16 at 15s\n"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			began, looks := time.Now(), 0
			end, asked := make(chan struct{}), make(chan os.Signal, 1)
			s := terminal.NewScreen(terminal.New(&out), c.kind, report.EN, noEnvironment)
			wait := s.Watch(end, asked, func() { looks++ }, nil,
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
		leaves  books.Stop
	}{
		{"timeout", []os.Signal{terminate, terminate}, 0, true, books.StopTerminate, ""},
		{"timeout -s INT", []os.Signal{interrupt, interrupt}, time.Millisecond, true, books.StopInterrupt, ""},
		{"timeout -s HUP", []os.Signal{hangup, hangup}, 0, true, books.StopHangup, ""},
		{"session that ends", []os.Signal{hangup, terminate, hangup}, time.Millisecond, true, books.StopHangup, ""},
		{"person", []os.Signal{interrupt, interrupt}, 50 * time.Millisecond, false, books.StopInterrupt, books.StopInterrupt},
		{"two commands", []os.Signal{terminate, interrupt}, time.Second, false, books.StopTerminate, books.StopInterrupt},
		{"connection, later ended", []os.Signal{hangup, hangup, terminate}, time.Second, false, books.StopHangup, books.StopTerminate},
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
				said, left := []string{}, books.Stop("")
				s := terminal.Stopping{
					First: func() { said = append(said, "first") },
					Drain: func() { said = append(said, "drain") },
					Leave: func(stop books.Stop) { left = stop },
				}
				if err := s.Heed(signals, func(ctx context.Context) error {
					<-ctx.Done()
					cause <- context.Cause(ctx)
					time.Sleep(10 * time.Second)
					drained.Store(true)
					return nil
				}); err != nil {
					t.Error(err)
				}
				if why := <-cause; drained.Load() != c.drains || why != c.cause || strings.Join(said, " ") != "first drain" {
					t.Errorf("drained %t, cause %v, said %q", drained.Load(), why, said)
				}
				if left != c.leaves {
					t.Errorf("it left for %q, want %q", left, c.leaves)
				}
				time.Sleep(time.Minute) // what was left goes on to its end
			})
		})
	}
}

// A question is answered by a line, and by nothing else.
func TestPrompt(t *testing.T) {
	for typed, want := range map[string]string{"yes\n": "yes", "  Y \nmore\n": "Y", "yes": "", "": ""} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			p := terminal.NewPrompt(terminal.New(&out), strings.NewReader(typed))
			if got := p.Ask(t.Context(), "go on?"); got != want || !strings.HasPrefix(out.String(), "go on?") {
				t.Errorf("%q: %q behind %q", typed, got, out.String())
			}
			if p.Waits() || p.Attended() {
				t.Error("somebody is there")
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		p := terminal.NewPrompt(terminal.New(io.Discard), r)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		time.AfterFunc(time.Second/2, func() {
			if !p.Waits() {
				t.Error("nobody is asked")
			}
		})
		if got := p.Ask(ctx, "go on?"); got != "" || p.Waits() {
			t.Errorf("%q from nobody", got)
		}
		w.Close() // the reading, which was left, ends
	})
}

func TestHold(t *testing.T) {
	var out bytes.Buffer
	c := terminal.New(&out)
	c.Hold()
	c.Println("well")
	if !c.Holding() || !c.Drop() || c.Drop() || c.Holding() {
		t.Error("it holds nothing, or something for ever")
	}
	c.Hold()
	c.Println("bad")
	c.Release()
	c.Release()
	c.Println("end")
	if got := out.String(); got != "bad\nend\n" {
		t.Errorf("%q", got)
	}
	if w := c.Past(&out); w != io.Writer(&out) {
		t.Error("what is no terminal goes through the console")
	}
}

// A pipe that nobody reads holds nobody up; what is said waits for its reader.
func TestNobodyReads(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c := terminal.New(w)
	lines := 200
	for i := range lines {
		c.Println(fmt.Sprintf("%3d %s", i, strings.Repeat("x", 1<<10)))
	}
	c.Flush(true)
	go func() {
		c.Flush(false)
		w.Close()
	}()
	text, err := io.ReadAll(r)
	if got := strings.Split(strings.TrimSpace(string(text)), "\n"); err != nil || len(got) != lines || !strings.HasPrefix(got[lines-1], "199 ") {
		t.Errorf("%d lines of %d, %v", len(got), lines, err)
	}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		args    []string
		setting string
		locale  string
		want    report.Lang
	}{
		{nil, "", "", report.EN},
		{nil, "", "zh_CN.UTF-8", report.ZH},
		{nil, "", "de_DE.UTF-8", report.EN},
		{nil, "en", "zh_CN.UTF-8", report.EN},
		{nil, "zh-Hans", "", report.ZH},
		{[]string{"--lang", "zh"}, "en", "", report.ZH},
		{[]string{"bind", "--lang=en"}, "zh", "zh_CN", report.EN},
		{[]string{"--", "--lang=en"}, "zh", "", report.ZH},
		{[]string{"--lang=fr"}, "", "zh_CN", report.ZH},
	} {
		getenv := func(name string) string { return map[string]string{"LANG": c.locale}[name] }
		if got := terminal.Language(c.args, c.setting, getenv); got != c.want {
			t.Errorf("%q, setting %q, locale %q: %v", c.args, c.setting, c.locale, got)
		}
	}
}
