package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// TestClockJumps kills a run of whose calls half are executed only 12 seconds later, and
// sets this machine's clock an hour forwards or back before the next, which begins at
// once. No row is sent that may yet be executed, nothing is bound twice, and every row
// is bound in the end, by its X or by the list of all.
func TestClockJumps(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour} {
		for _, named := range []bool{true, false} {
			t.Run(fmt.Sprintf("%v, named %v", jump, named), func(t *testing.T) {
				withClocks(t, func(t *testing.T, c *clocks) {
					// The service's clock and what the dead run wrote move the other way.
					c.meets(-jump, false)
					const rows = 20
					text := "PhoneNoA,GroupId,Expiration,PhoneNoX\n"
					for i := range rows {
						x := ""
						if named {
							x = c.service.Numbers()[i].SecretNo
						}
						text += fmt.Sprintf("%s,%s,%s,%s\n", phone(i), c.group, endsAt(30*night), x)
					}
					write(t, c.file("a.csv"), text)
					bind := []string{"bind", c.file("a.csv"), "--pool-key", testPool, "--rate", "20", "--max-failures", "100%"}
					c.run("bind", write(t, c.file("first.csv"), "PhoneNoA,GroupId,Expiration\n13900000000,9,"+endsAt(30*night)+"\n"), "--pool-key", testPool).want(t, 0)
					if err := c.service.SetFaults(faultList(t, []string{"drop-late=0.5"})); err != nil {
						t.Fatal(err)
					}
					c.killed("BindAxg", rows/2, bind...)
					if err := c.service.SetFaults(nil); err != nil {
						t.Fatal(err)
					}
					writeJournal(t, c.journal(), dated(t, read(t, c.journal()), jump))
					numbers, err := json.Marshal(c.service.Numbers())
					if err != nil {
						t.Fatal(err)
					}
					write(t, c.file("numbers.json"), string(numbers))
					began, said := time.Now(), ""
					if !named {
						sweep := []string{"reconcile", c.file("a.results.csv"), "--x-numbers", c.file("numbers.json"), "--list-is-complete"}
						for _, args := range [][]string{sweep, bind, sweep} {
							said += fmt.Sprintf("%v\n%s\n", time.Since(began), c.run(args...))
						}
					}
					c.run(bind...).want(t, 0)
					if took := time.Since(began); took > 3*time.Minute {
						t.Errorf("it took %v\n%s", took, said)
					}
					places := map[string]int{}
					for _, b := range c.service.Bindings() {
						places[b.PhoneNoA]++
					}
					for i := range rows {
						if n := places[phone(i)]; n != 1 {
							t.Errorf("%s is bound %d times", phone(i), n)
						}
					}
					if n := c.service.Stats().Codes["isv.BIND_CONFLICT"]; n != 0 {
						t.Errorf("%d rows were sent again whose calls were to be executed", n)
					}
					if n := count(c.results("a.results.csv"))["BOUND"]; n != rows {
						t.Errorf("%d of %d rows are BOUND", n, rows)
					}
				})
			})
		}
	}
}

// dates are the times that requests of an action are signed with, and those at which
// they went by.
type dates struct {
	mu           sync.Mutex
	signed, went []time.Time
}

var dateOf = regexp.MustCompile(`(?i)x-acs-date: (\S+)`)

// watches a connection.
func (d *dates) watches(c net.Conn) net.Conn { return &watchedConn{c, d} }

type watchedConn struct {
	net.Conn
	dates *dates
}

func (c *watchedConn) Write(p []byte) (int, error) {
	if m := dateOf.FindSubmatch(p); m != nil && strings.Contains(strings.ToLower(string(p)), "x-acs-action: bindaxg") {
		if at, err := time.Parse(time.RFC3339, string(m[1])); err == nil {
			c.dates.mu.Lock()
			c.dates.signed, c.dates.went = append(c.dates.signed, at), append(c.dates.went, time.Now())
			c.dates.mu.Unlock()
		}
	}
	return c.Conn.Write(p)
}

// intents are the times of the intents of a journal, in seconds, and how many calls
// ended in each way.
func intents(t *testing.T, text string) (at []time.Time, ends map[ledger.Kind]int) {
	ends = map[ledger.Kind]int{}
	rewritten(t, text, func(l *journal.Line) {
		if l.Record.Kind == ledger.Intent {
			at = append(at, time.UnixMilli(l.Record.At).Truncate(time.Second))
		} else {
			ends[l.Record.Kind]++
		}
	})
	return at, ends
}

// TestIntentSigned: a call is signed with the time of its intent, and leaves at most a
// second later. One that waits longer for a connection does not leave; the next takes
// the connection, and only what left counts as a call.
func TestIntentSigned(t *testing.T) {
	for _, slow := range []time.Duration{900 * time.Millisecond, 2500 * time.Millisecond} {
		t.Run(slow.String(), func(t *testing.T) {
			withClocks(t, func(t *testing.T, c *clocks) {
				var d dates
				c.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
					time.Sleep(slow)
					conn, err := c.line.DialContext(ctx, network, address)
					if err != nil {
						return nil, err
					}
					return d.watches(conn), nil
				}
				_, calls, _ := c.bind("a.csv", time.Now().Add(10*night), 0, "--rate", "20", "--summary", c.file("summary.json"))
				time.Sleep(time.Minute) // connections that nobody waits for any more come, and go
				at, ends := intents(t, read(t, c.journal()))
				var left []time.Time // intents of calls that left
				for i, signed := range d.signed {
					if age := d.went[i].Sub(signed); age > 2*time.Second { // signed with whole seconds
						t.Errorf("a call left %v after its intent", age)
					}
					if !slices.ContainsFunc(at, signed.Equal) {
						t.Errorf("a call is signed with %v, which is of no intent: %v", signed, at)
					}
					left = append(left, signed)
				}
				if n := summaryOf(t, c.file("summary.json")).Calls; calls != 10 || len(left) != 10 || ends[ledger.OK] != 10 || n < 10 {
					t.Errorf("%d calls, %d left, %v, %d told", calls, len(left), ends, n)
				}
				if slow > time.Second && ends[ledger.NotSent] == 0 {
					t.Error("every connection came in time: the test does not test what it should")
				}
			})
		})
	}
}
