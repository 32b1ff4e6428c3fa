package batch_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/batch/plan"
	"axgbind/report"

	"pgregory.net/rapid"
)

func faults(t testing.TB, specs ...string) (list []simulator.Fault) {
	t.Helper()
	for _, s := range specs {
		f, err := simulator.ParseFault(s)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	return list
}

// within is a number of rows or calls, both ends included.
type within struct{ low, high int }

func (w within) holds(n int) bool { return w.low <= n && n <= w.high }

// Each kind of trouble for every call, or every so many: how rows end, how
// many calls are made, why the run stops; and that the next run, of a service
// in good health, binds all that is known not to have been bound, and nothing
// else.
func TestFaults(t *testing.T) {
	t.Parallel()
	const rows = 300
	none, all := within{0, 0}, within{rows, rows}
	first := within{3, 3}       // one row at a time, until it is clear that the service does not answer
	ambiguous := within{30, 65} // 20 ambiguous ends pause the run; calls under way then, and ten probes
	one, two := within{1, 1}, within{2, 2}
	for _, test := range []struct {
		fault                           string
		stop                            books.Stop
		code                            string // of the stop
		bound, failed, unknown, pending within
		calls                           within
		executed                        bool   // UNKNOWN rows are bound in truth
		row                             string // status and code that rows must have
	}{
		{"flow-limit=0.3", "", "", all, none, none, none, within{rows, 2 * rows}, false, "BOUND OK"},
		{"throttling=0.3", "", "", all, none, none, none, within{rows, 2 * rows}, false, "BOUND OK"},
		{"code:Throttling.Api=0.3", "", "", all, none, none, none, within{rows, 2 * rows}, false, "BOUND OK"},
		{"flow-limit=1", books.StopThrottled, "isv.FLOW_LIMIT", none, none, none, all, within{300, 3000}, false, "PENDING isv.FLOW_LIMIT"},
		{"system-error=1", books.StopTrouble, "", none, none, ambiguous, within{200, rows}, ambiguous, false, "UNKNOWN isp.SYSTEM_ERROR"},
		{"system-error-executed=1", books.StopTrouble, "", none, none, ambiguous, within{200, rows}, ambiguous, true, "UNKNOWN isp.SYSTEM_ERROR"},
		{"http-503=1", books.StopTrouble, "", none, none, first, within{297, 297}, first, false, "UNKNOWN client.BadAnswer"},
		{"http-503-executed=1", books.StopTrouble, "", none, none, first, within{297, 297}, first, true, "UNKNOWN client.BadAnswer"},
		{"drop-before=1", books.StopTrouble, "", none, none, first, within{297, 297}, first, false, "UNKNOWN client.ConnectionLost"},
		{"drop-after=1", books.StopTrouble, "", none, none, first, within{297, 297}, first, true, "UNKNOWN client.ConnectionLost"},
		{"drop-late=1", books.StopTrouble, "", none, none, first, within{297, 297}, first, true, "UNKNOWN client.ConnectionLost"},
		{"slow=1", books.StopTrouble, "", none, none, first, within{297, 297}, first, true, "UNKNOWN client.Timeout"},
		{"code-executed:isv.VENDOR_BIND_FAILED=1", books.StopTrouble, "", none, none, ambiguous, within{200, rows}, ambiguous, true, "UNKNOWN isv.VENDOR_BIND_FAILED"},
		{"code:ServiceUnavailable=1", books.StopTrouble, "", none, none, ambiguous, within{200, rows}, ambiguous, false, "UNKNOWN ServiceUnavailable"},
		{"drop-after=0.1", "", "", within{240, 290}, none, within{10, 60}, none, all, true, "UNKNOWN client.ConnectionLost"},
		{"system-error=0.1", "", "", within{240, 290}, none, within{10, 60}, none, all, false, "UNKNOWN isp.SYSTEM_ERROR"},
		{"slow=0.1", "", "", within{240, 290}, none, within{10, 60}, none, all, true, "UNKNOWN client.Timeout"},
		{"drop-late=0.1", "", "", within{240, 290}, none, within{10, 60}, none, all, true, "UNKNOWN client.ConnectionLost"},
		{"ram-deny=1", books.StopAccount, "isp.RAM_PERMISSION_DENY", none, none, none, all, one, false, "PENDING isp.RAM_PERMISSION_DENY"},
		{"code:isv.OUT_OF_SERVICE=1", books.StopAccount, "isv.OUT_OF_SERVICE", none, none, none, all, one, false, "PENDING isv.OUT_OF_SERVICE"},
		{"code:Forbidden.RAM=1", books.StopAccount, "Forbidden.RAM", none, none, none, all, one, false, "PENDING Forbidden.RAM"},
		{"code:SignatureDoesNotMatch=1", books.StopAccount, "SignatureDoesNotMatch", none, none, none, all, one, false, "PENDING SignatureDoesNotMatch"},
		{"code:isv.MOBILE_NUMBER_ILLEGAL=1", books.StopAllAlike, "isv.MOBILE_NUMBER_ILLEGAL", none, within{20, 45}, none, within{255, 280}, within{20, 45}, false, "FAILED isv.MOBILE_NUMBER_ILLEGAL"},
		{"code:isv.MOBILE_NUMBER_ILLEGAL=0.2", "", "", within{200, 270}, within{30, 100}, none, none, all, false, "FAILED isv.MOBILE_NUMBER_ILLEGAL"},
		{"code:isv.NO_AVAILABLE_NUMBER=1", "", "", none, none, none, all, within{20, 45}, false, "PENDING isv.NO_AVAILABLE_NUMBER"},
		{"code:InvalidSecurityToken.Expired:400=1", books.StopAccount, "InvalidSecurityToken.Expired", none, none, none, all, two, false, "PENDING InvalidSecurityToken.Expired"},
		{"code:InvalidTimeStamp.Expired=1", books.StopAccount, "InvalidTimeStamp.Expired", none, none, none, all, two, false, "PENDING InvalidTimeStamp.Expired"},
	} {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			inRig(t, simulator.Options{Latency: 80 * time.Millisecond, Faults: faults(t, test.fault)}, func(t *testing.T, r *rig) {
				ctx, cancel := context.WithDeadlineCause(t.Context(), time.Now().Add(20*time.Minute), books.StopUntil)
				defer cancel()
				text := header + rowsText(0, rows)
				e := r.run(text, job{ctx: ctx, options: batch.Options{Rate: 100, Retries: 5, Adaptive: true}})
				if e.err != nil || e.Stop != test.stop || e.StopCode != test.code {
					t.Errorf("stop %q, %q, %v", e.Stop, e.StopCode, e.err)
				}
				c := e.counts
				if !test.bound.holds(c[report.Bound]) || !test.failed.holds(c[report.Failed]) || !test.unknown.holds(c[report.Unknown]) ||
					!test.pending.holds(c[report.Pending]) || !test.calls.holds(e.calls) {
					t.Errorf("%d calls, %v", e.calls, e.codes())
				}
				if e.codes()[test.row] == 0 {
					t.Errorf("no row is %s: %v", test.row, e.codes())
				}
				time.Sleep(time.Minute) // what comes late has come
				want := c[report.Bound]
				if test.executed {
					want += c[report.Unknown]
				}
				if n := len(r.bindings()); n != want {
					t.Errorf("%d bindings, want %d: %v", n, want, c)
				}

				r.serve(simulator.Options{Latency: 80 * time.Millisecond})
				if failed := c[report.Failed]; failed > 0 {
					e := r.run(text, job{})
					if e.counts[report.Failed] != failed || e.calls != c[report.Pending] {
						t.Errorf("a second run: %d calls, %v", e.calls, e.counts)
					}
				}
				next := r.run(text, job{plan: plan.Options{Resend: plan.Resend{Failed: true}}})
				if next.Stop != books.StopNone || next.counts[report.Bound] != rows-c[report.Unknown] || next.counts[report.Unknown] != c[report.Unknown] {
					t.Errorf("the run after: %q, %v", next.Stop, next.counts)
				}
				if third := r.run(text, job{}); third.calls != 0 {
					t.Errorf("the last run made %d calls", third.calls)
				}
			})
		})
	}
}

// later sets faults of the service once the run is under way.
func (r *rig) later(specs ...string) {
	service, list := r.services[len(r.services)-1], faults(r.t, specs...)
	time.AfterFunc(500*time.Millisecond, func() { service.SetFaults(list) })
}

// The same kinds of trouble for every call once the run is under way: 20
// ambiguous ends pause the run; calls on the wire then, and ten probes.
func TestFaultsUnderWay(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{
		"system-error=1", "system-error-executed=1", "http-503=1", "http-503-executed=1", "drop-before=1", "drop-after=1", "drop-late=1",
		"slow=1", "code-executed:isv.VENDOR_BIND_FAILED=1", "code:ServiceUnavailable=1",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			inRig(t, simulator.Options{Latency: 80 * time.Millisecond}, func(t *testing.T, r *rig) {
				r.later(fault)
				text := header + rowsText(0, 300)
				e := r.run(text, job{options: batch.Options{Rate: 100, Retries: 5, Adaptive: true}})
				c := e.counts
				if e.err != nil || e.Stop != books.StopTrouble || c[report.Bound] < 20 || c[report.Unknown] < 30 || c[report.Unknown] > 65 {
					t.Errorf("%v, %q, %v", e.err, e.Stop, e.codes())
				}
				time.Sleep(time.Minute)
				r.serve(simulator.Options{})
				if next := r.run(text, job{}); next.counts[report.Bound] != 300-c[report.Unknown] || next.counts[report.Unknown] != c[report.Unknown] {
					t.Errorf("the run after: %v", next.counts)
				}
			})
		})
	}
}

// Ten probes: 1 s doubling to 60 s, 303 s in all.
func TestTroubleTakesItsTime(t *testing.T) {
	inRig(t, simulator.Options{Latency: 10 * time.Millisecond}, func(t *testing.T, r *rig) {
		r.later("http-503=1")
		e := r.run(header+rowsText(0, 200), job{})
		if e.took < 303*time.Second || e.took > 305*time.Second {
			t.Errorf("it took %v", e.took)
		}
		var events []batch.Event
		for _, m := range r.events {
			events = append(events, m.Event)
		}
		if len(events) != 10 || events[0] != batch.EventPaused || events[9] != batch.EventProbeFailed || r.events[9].N != 9 {
			t.Errorf("events %v", r.events)
		}
	})
}

// When the service recovers, so does the run.
func TestTroubleEnds(t *testing.T) {
	inRig(t, simulator.Options{Latency: 10 * time.Millisecond}, func(t *testing.T, r *rig) {
		good := r.clients[0]
		r.serve(simulator.Options{Faults: faults(t, "drop-before=1")})
		bad := r.clients[1]
		start := time.Now()
		e := r.run(header+rowsText(0, 500), job{binder: binderFunc(func(ctx context.Context, q *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
			if at := time.Since(start); at > 2*time.Second && at < 10*time.Second {
				return bad.BindAxg(ctx, q)
			}
			return good.BindAxg(ctx, q)
		})})
		// Bad from 2 s on, noticed after 20 ends; probes at 3.2, 5.2, 9.2 s fail, the one at 17.2 s succeeds.
		if e.Stop != books.StopNone || e.counts[report.Unknown] < 23 || e.counts[report.Unknown] > 40 || e.counts[report.Bound] != 500-e.counts[report.Unknown] {
			t.Errorf("%q, %v", e.Stop, e.counts)
		}
		if e.took < 19*time.Second || e.took > 21*time.Second {
			t.Errorf("it took %v", e.took)
		}
		if last := r.events[len(r.events)-1]; last.Event != batch.EventResumed {
			t.Errorf("events %v", r.events)
		}
	})
}

// binderFunc is a Binder.
type binderFunc func(ctx context.Context, q *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error)

func (f binderFunc) BindAxg(ctx context.Context, q *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	return f(ctx, q)
}

// A connection that is refused is tried --retries times, then the run pauses,
// probes, and stops; every row stays PENDING.
func TestConnectionRefused(t *testing.T) {
	for _, retries := range []int{0, 1, 5} {
		t.Run(fmt.Sprint(retries, " retries"), func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				var back atomic.Bool
				c, err := aliyun.New(aliyun.Options{
					Endpoint:    r.doors[0].URL(),
					Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: simulator.AccessKeyID, AccessKeySecret: simulator.AccessKeySecret}),
					DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
						if !back.Load() {
							return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
						}
						return r.doors[0].DialContext(ctx, network, addr)
					},
				})
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				text := header + rowsText(0, 40)
				e := r.run(text, job{binder: c, options: batch.Options{Retries: retries}})
				if e.err != nil || e.Stop != books.StopTrouble || e.counts[report.Pending] != 40 || e.codes()["PENDING client.NotSent"] == 0 {
					t.Errorf("%v, %q, %v", e.err, e.Stop, e.codes())
				}
				for a, n := range r.calls {
					if n > retries+1+batch.Probes {
						t.Errorf("%d calls for %s", n, a)
					}
				}
				if e.took < 243*time.Second || e.took > 244*time.Second { // 1 s doubling to 60 s
					t.Errorf("it took %v", e.took)
				}
				// Refused at first only: nobody notices.
				time.AfterFunc(500*time.Millisecond, func() { back.Store(true) })
				if e := r.run(text, job{binder: c, options: batch.Options{Retries: 5}}); e.Stop != books.StopNone || e.counts[report.Bound] != 40 {
					t.Errorf("after it came back: %q, %v", e.Stop, e.codes())
				}
			})
		})
	}
}

// keys are a credential whose service calls it expired at times, and which is
// renewed when a call that used it says so.
type keys struct {
	expire []time.Duration // since the start of the run
	start  time.Time
	inUse  atomic.Int64
	stale  atomic.Int32 // answers
	most   int64        // renewals that help
}

// call makes one of 50 ms with the key in use.
func (k *keys) call(_ context.Context, row *plan.Row) batch.Answer {
	mine, good := k.inUse.Load(), int64(0)
	for _, at := range k.expire {
		if time.Since(k.start) >= at {
			good++
		}
	}
	time.Sleep(50 * time.Millisecond)
	if mine < good {
		k.stale.Add(1)
		if mine < k.most {
			k.inUse.CompareAndSwap(mine, mine+1)
		}
		return classAnswer("InvalidSecurityToken.Expired")
	}
	return bound(row)
}

// A credential that expires, at the start or under way, costs the calls that
// are on the wire, and one more if the fresh one is no better.
func TestStale(t *testing.T) {
	for _, test := range []struct {
		name   string
		expire []time.Duration
		most   int64
		stale  within
		stop   books.Stop
	}{
		{"at the start", []time.Duration{0}, 9, within{1, 1}, ""},
		{"at the start, twice", []time.Duration{0, 0}, 9, within{2, 2}, books.StopAccount},
		{"at the start, for good", []time.Duration{0}, 0, within{2, 2}, books.StopAccount},
		{"under way", []time.Duration{700 * time.Millisecond}, 9, within{20, 60}, ""},
		{"under way, twice", []time.Duration{500 * time.Millisecond, 900 * time.Millisecond}, 9, within{40, 120}, ""},
		{"under way, for good", []time.Duration{700 * time.Millisecond}, 0, within{20, 60}, books.StopAccount},
	} {
		t.Run(test.name, func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				k := &keys{expire: test.expire, start: time.Now(), most: test.most}
				e := r.runQuiet(header+rowsText(0, 1000), job{op: operation{call: k.call}, options: batch.Options{Rate: 1000}})
				if e.Stop != test.stop || test.stop == "" && e.counts[report.Bound] != 1000 || e.counts[report.Bound]+e.counts[report.Pending] != 1000 {
					t.Errorf("%q, %v", e.Stop, e.codes())
				}
				if n := int(k.stale.Load()); !test.stale.holds(n) {
					t.Errorf("%d stale answers", n)
				}
			})
		})
	}
}

// A city without numbers stops, the others go on; three stop the pool.
func TestNoAvailableNumber(t *testing.T) {
	cities := func(list string) []simulator.CityNumbers {
		c, err := simulator.ParseCities(list)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, test := range []struct {
		name    string
		numbers string
		want    map[string]int // rows BOUND by city
		stopped int            // places
	}{
		{"one city", "北京=30,上海=500,广州=500,深圳=500", map[string]int{"北京": 30, "上海": 100, "广州": 100, "深圳": 100}, 1},
		{"three cities", "北京=1,上海=1,广州=1,深圳=500", map[string]int{"北京": 1, "上海": 1, "广州": 1}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			inRig(t, simulator.Options{Cities: cities(test.numbers), StrictCity: true, Latency: 10 * time.Millisecond}, func(t *testing.T, r *rig) {
				text := header
				for i := range 400 {
					text += rowText(i, []string{"北京", "上海", "广州", "深圳"}[i%4])
				}
				e := r.run(text, job{})
				if e.err != nil || e.Stop != books.StopNone {
					t.Errorf("%v, %q", e.err, e.Stop)
				}
				bound, dry, stopped := map[string]int{}, map[string]int{}, map[string]int{}
				for _, rec := range e.records {
					switch city := rec.Input[3]; {
					case rec.Status == report.Bound:
						bound[city]++
					case rec.Status == report.Pending && rec.Code == "isv.NO_AVAILABLE_NUMBER":
						dry[city]++
					case rec.Status == report.Pending && rec.Code == "client.PoolStopped" && rec.Attempts == 0:
						stopped[city]++
					default:
						t.Errorf("%+v", rec)
					}
				}
				for city, n := range test.want {
					if bound[city] != n {
						t.Errorf("%s: %d BOUND, want %d", city, bound[city], n)
					}
					if n < 100 && (dry[city] < 20 || dry[city] > 40) {
						t.Errorf("%s: asked in vain %d times", city, dry[city])
					}
				}
				if test.stopped == 3 && (stopped["深圳"] < 50 || e.calls > 200) {
					t.Errorf("the pool went on: %v, %d calls", stopped, e.calls)
				}
				places := 0
				for _, m := range r.events {
					if m.Event == batch.EventPlaceStopped {
						places++
					}
				}
				if places != test.stopped {
					t.Errorf("events %v", r.events)
				}
			})
		})
	}
}

// Cancelled while rows wait in each of the places where rows wait: they become
// PENDING at once, what is under way is recorded, and all of it ends in time.
func TestCancel(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		service simulator.Options
		options batch.Options
		at      time.Duration
		most    time.Duration // from cancelling to the end
		unknown within
		later   string // fault once it is under way; blank: none
	}{
		{"before the first call", simulator.Options{}, batch.Options{Rate: 100}, 0, 10 * time.Millisecond, within{}, ""},
		{"in flight, others at the gate", simulator.Options{Latency: 3 * time.Second}, batch.Options{Rate: 100, MaxInFlight: 5}, 4 * time.Second, 3 * time.Second, within{}, ""},
		{"for their turn", simulator.Options{Latency: time.Millisecond}, batch.Options{Rate: 0.5}, 5 * time.Second, 50 * time.Millisecond, within{}, ""},
		{"for their moment, intents written", simulator.Options{Latency: 30 * time.Millisecond}, batch.Options{Rate: 1000}, 105 * time.Millisecond, 100 * time.Millisecond, within{}, ""},
		{"in backoff", simulator.Options{Faults: faults(t, "flow-limit=1")}, batch.Options{Rate: 1000}, 20 * time.Second, 50 * time.Millisecond, within{}, ""},
		{"while paused", simulator.Options{Latency: time.Millisecond}, batch.Options{Rate: 200}, 30 * time.Second, 50 * time.Millisecond, within{20, 200}, "drop-before=1"},
		{"while a probe is under way", simulator.Options{}, batch.Options{Rate: 200, MaxInFlight: 20}, 12500 * time.Millisecond, 10 * time.Second, within{20, 42}, "slow=1"},
		{"nothing answers", simulator.Options{}, batch.Options{Rate: 100, MaxInFlight: 15}, 2 * time.Second, 9 * time.Second, within{15, 15}, "slow=1"},
		{"while the first call is under way", simulator.Options{Faults: faults(t, "slow=1")}, batch.Options{Rate: 1000}, 2 * time.Second, 9 * time.Second, within{1, 1}, ""},
		{"at the breaker", simulator.Options{Faults: faults(t, "drop-before=1")}, batch.Options{Rate: 1000}, 2500 * time.Millisecond, 10 * time.Millisecond, within{2, 2}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inRig(t, test.service, func(t *testing.T, r *rig) {
				ctx, cancel := context.WithCancelCause(t.Context())
				var cancelled time.Time
				if test.later != "" {
					r.later(test.later)
				}
				time.AfterFunc(test.at, func() { cancelled = time.Now(); cancel(books.StopTerminate) })
				text := header + rowsText(0, 400)
				e := r.run(text, job{ctx: ctx, options: test.options})
				synctest.Wait() // for the timer's goroutine
				if e.err != nil || e.Stop != books.StopTerminate {
					t.Errorf("%v, %q", e.err, e.Stop)
				}
				if took := time.Since(cancelled); took > test.most {
					t.Errorf("it took %v to stop", took)
				}
				if e.counts[report.Pending] == 0 || !test.unknown.holds(e.counts[report.Unknown]) || e.counts[report.Failed]+e.counts[report.Invalid] > 0 {
					t.Errorf("%v", e.codes())
				}
				// Calls that had not left when their wait was cancelled are withdrawn.
				if n := strings.Count(string(r.disk.kept()), " withdrawn "); strings.Contains(test.name, "intents written") && n == 0 {
					t.Error("no intent was withdrawn: calls were made after their wait was cancelled")
				}
				// The journal says the same as the memory, with nothing open.
				time.Sleep(time.Minute)
				if n := openIntents(r.disk.kept()); n != 0 {
					t.Errorf("%d intents are open", n)
				}
				r.serve(simulator.Options{})
				next := r.run(text, job{options: batch.Options{Rate: 1000}})
				if next.counts[report.Unknown] != e.counts[report.Unknown] || next.counts[report.Bound] != 400-e.counts[report.Unknown] {
					t.Errorf("then %v, now %v", e.codes(), next.codes())
				}
			})
		})
	}
}

// A context that ends without a Stop as its cause counts as an interrupt.
func TestCancelWithoutCause(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if e := r.run(header+rowsText(0, 9), job{ctx: ctx}); e.Stop != books.StopInterrupt || e.calls != 0 || e.counts[report.Pending] != 9 {
			t.Errorf("%q, %d calls, %v", e.Stop, e.calls, e.counts)
		}
	})
}

// While any attempt is unresolved, a row can only become BOUND or UNKNOWN.
func TestResendUnknown(t *testing.T) {
	for _, test := range []struct {
		fault   string
		unknown int
		stop    books.Stop
	}{
		{"code:isv.MOBILE_NUMBER_ILLEGAL=1", 10, ""},
		{"code:isv.BIND_CONFLICT=1", 10, ""},
		{"code:isv.NO_AVAILABLE_NUMBER=1", 10, ""},
		{"code:isv.OUT_OF_SERVICE=1", 10, books.StopAccount},
		{"flow-limit=1", 10, books.StopUntil},
		{"drop-before=1", 10, books.StopTrouble},
		{"flow-limit=0.5", 0, ""},
	} {
		t.Run(test.fault, func(t *testing.T) {
			inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
				good := r.clients[0]
				r.serve(simulator.Options{Faults: faults(t, "drop-before=1")})
				bad := r.clients[1]
				text := header + rowsText(0, 10)
				first := job{binder: binderFunc(func(ctx context.Context, q *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
					if q.PhoneNoA == phone(10) { // which the run begins with
						return good.BindAxg(ctx, q)
					}
					return bad.BindAxg(ctx, q)
				})}
				if e := r.run(header+rowText(10, "")+rowsText(0, 10), first); e.counts[report.Unknown] != 10 {
					t.Fatalf("%v", e.codes())
				}
				r.services = r.services[1:]
				if e := r.run(text, job{}); e.calls != 0 || e.counts[report.Unknown] != 10 {
					t.Errorf("without --resend: %d calls, %v", e.calls, e.codes())
				}
				r.serve(simulator.Options{Faults: faults(t, test.fault)})
				for range 2 {
					ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, books.StopUntil)
					e := r.run(text, job{ctx: ctx, options: batch.Options{Retries: 5}, plan: plan.Options{Resend: plan.Resend{Unknown: true}}})
					cancel()
					if e.Stop != test.stop || e.counts[report.Unknown] != test.unknown || e.counts[report.Bound] != 10-test.unknown {
						t.Errorf("%q, %v", e.Stop, e.codes())
					}
				}
				if e := r.run(text, job{plan: plan.Options{Resend: plan.Resend{Failed: true}}}); e.calls != 0 {
					t.Errorf("--resend failed sent %d unresolved rows", e.calls)
				}
			})
		})
	}
}

// When the journal fails no further call is made, and what it could not take
// is said.
func TestJournalFailsInRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		fail func(*disk)
	}{
		{"sync", func(d *disk) { d.badSync = syscall.EIO }},
		{"write", func(d *disk) { d.badWrite = syscall.EIO }},
		{"full", func(d *disk) { d.room = len(d.text) + 100 }},
	} {
		t.Run(test.name, func(t *testing.T) {
			inRig(t, simulator.Options{Latency: 200 * time.Millisecond}, func(t *testing.T, r *rig) {
				start := time.Now()
				var failed time.Time
				var calls int
				time.AfterFunc(time.Second, func() {
					r.disk.set(func() { test.fail(r.disk) })
					failed = time.Now()
				})
				time.AfterFunc(1100*time.Millisecond, func() { calls = r.called() })
				text := header + rowsText(0, 1000)
				e := r.run(text, job{options: batch.Options{Rate: 200}})
				time.Sleep(time.Second) // both timers have fired
				synctest.Wait()
				if !errors.Is(e.err, journal.ErrJournal) || e.Stop != books.StopJournal {
					t.Errorf("%v, %q", e.err, e.Stop)
				}
				if took := e.took - failed.Sub(start); took > 500*time.Millisecond {
					t.Errorf("it took %v to stop", took)
				}
				if e.calls != calls {
					t.Errorf("%d calls were made after the failure", e.calls-calls)
				}
				// Nothing is lost: the bindings that are in no outcome are in a rescue line.
				all := strings.Join(r.rescued, "\n") + string(r.disk.kept())
				for _, list := range r.bindings() {
					if !strings.Contains(all, list[0].SubsId) {
						t.Errorf("binding %s is nowhere", list[0].SubsId)
					}
				}
				if len(r.rescued) == 0 || !strings.HasPrefix(r.rescued[0], "rescue: line=") || regexp.MustCompile(`138\d{8}`).MatchString(strings.Join(r.rescued, "\n")) {
					t.Errorf("rescued %v", r.rescued)
				}
				// The next run takes what is open for UNKNOWN, and never sends it.
				r.disk.set(func() {
					r.disk.badSync, r.disk.badWrite, r.disk.room = nil, nil, 0
					r.disk.text = r.disk.text[:r.disk.durable]
				})
				r.serve(simulator.Options{})
				next := r.run(text, job{options: batch.Options{Rate: 1000}})
				if next.counts[report.Bound]+next.counts[report.Unknown] != 1000 || next.counts[report.Unknown] < len(r.rescued) {
					t.Errorf("%d rescued, then %v", len(r.rescued), next.codes())
				}
			})
		})
	}
}

// Crashes at any moment: whatever was durable then, the next run sends no row
// a second time unless its call surely was not executed.
func TestCrash(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Duration{5, 12, 40, 61, 97, 150, 333, 700} {
		inRig(t, simulator.Options{Latency: 50 * time.Millisecond, Jitter: 50 * time.Millisecond, Faults: faults(t, "flow-limit=0.2")}, func(t *testing.T, r *rig) {
			var kept []byte
			time.AfterFunc(at*time.Millisecond, func() { kept = r.disk.kept() })
			text := header + rowsText(0, 200)
			r.run(text, job{options: batch.Options{Rate: 300}})
			time.Sleep(time.Second)
			synctest.Wait()
			// What the first run did after the crash did not happen, as far as the
			// journal knows; rows the service bound until then must not be sent.
			r.disk.text, r.disk.durable = kept, len(kept)
			boundAtCrash := map[string]bool{}
			for l := range strings.Lines(string(kept)) {
				if strings.Contains(l, " intent ") {
					for i := range 200 {
						if strings.Contains(l, phone(i)) {
							boundAtCrash[phone(i)] = true
						}
					}
				}
			}
			r.services, r.calls = nil, map[string]int{}
			r.serve(simulator.Options{SubsIDOffset: 1_000_000})
			next := r.run(text, job{options: batch.Options{Rate: 1000}})
			for _, rec := range next.records {
				if rec.Status == report.Unknown != (rec.Code == "client.Interrupted") || rec.Status == report.Unknown && r.calls[rec.Input[0]] > 0 {
					t.Errorf("at %d ms: %+v, %d calls", at, rec, r.calls[rec.Input[0]])
				}
				if !boundAtCrash[rec.Input[0]] && rec.Status != report.Bound {
					t.Errorf("at %d ms: a row never begun is %+v", at, rec)
				}
			}
			// At most what was on the wire, and 50 ms worth prepared.
			if n, most := next.counts[report.Unknown], 300/10+300/20+1+5; n > most {
				t.Errorf("at %d ms: %d intents open, want at most %d", at, n, most)
			}
			r.broken = nil // the simulated first service is gone: only this run's checks count
		})
	}
}

// A mix of everything, interrupted at random: the counts balance, nothing is
// bound twice, and runs that follow end with every row settled.
func TestFaultMix(t *testing.T) {
	if raced {
		t.Skip("it runs without the race detector")
	}
	t.Parallel()
	kinds := []string{"flow-limit", "throttling", "system-error", "system-error-executed", "http-503", "http-503-executed", "drop-before", "drop-after",
		"drop-late", "slow", "ram-deny", "code:isv.MOBILE_NUMBER_ILLEGAL", "code:isv.BIND_CONFLICT", "code:isv.NO_AVAILABLE_NUMBER", "code:InvalidSecurityToken.Expired:400", "code-executed:isv.VENDOR_BIND_FAILED"}
	rapid.Check(t, func(rt *rapid.T) {
		var specs []string
		for _, k := range rapid.SliceOfN(rapid.SampledFrom(kinds), 0, 4).Draw(rt, "faults") {
			specs = append(specs, fmt.Sprintf("%s=%g", k, rapid.SampledFrom([]float64{0.02, 0.1, 0.3, 0.6}).Draw(rt, "p")))
		}
		rows := rapid.IntRange(1, 80).Draw(rt, "rows")
		options := batch.Options{
			Rate:        rapid.SampledFrom([]float64{20, 100, 1000}).Draw(rt, "rate"),
			MaxInFlight: rapid.SampledFrom([]int{0, 1, 10}).Draw(rt, "in flight"),
			Retries:     3, Adaptive: true,
			Limit:       rapid.SampledFrom([]int{0, 0, 30}).Draw(rt, "limit"),
			MaxFailures: batch.MaxFailures{Count: rapid.SampledFrom([]int{0, 0, 10}).Draw(rt, "max failures")},
			Seed:        rapid.Uint64Range(1, 1<<32).Draw(rt, "seed"),
		}
		service := simulator.Options{
			Latency: 40 * time.Millisecond, Jitter: 80 * time.Millisecond, Seed: rapid.Int64Range(1, 1<<32).Draw(rt, "service seed"),
			QPS: rapid.SampledFrom([]int{0, 50}).Draw(rt, "qps"), Numbers: rapid.SampledFrom([]int{1000, 50}).Draw(rt, "numbers"), Faults: faults(t, specs...),
		}
		cancelAt := time.Duration(rapid.IntRange(1, 60000).Draw(rt, "cancel after ms")) * time.Millisecond
		var broken string
		synctest.Test(t, func(t *testing.T) {
			r := &rig{t: t, disk: &disk{syncTime: time.Millisecond}, calls: map[string]int{}}
			defer r.close()
			r.serve(service)
			text := header + rowsText(0, rows)
			settled := 0
			for range 2 {
				ctx, cancel := context.WithTimeoutCause(t.Context(), cancelAt, books.StopInterrupt)
				e := r.run(text, job{ctx: ctx, options: options})
				cancel()
				if e.err != nil {
					r.fail("%v", e.err)
				}
				n := rows - e.counts[report.Pending]
				if n < settled {
					r.fail("%d rows were settled, now %d", settled, n)
				}
				settled = n
				time.Sleep(time.Minute)
				r.once(e)
			}
			r.serve(simulator.Options{})
			last := r.run(text, job{options: batch.Options{Rate: 1000}})
			if last.counts[report.Pending] > 0 || last.err != nil {
				r.fail("in the end %v, %v", last.counts, last.err)
			}
			if again := r.run(text, job{}); again.calls != 0 {
				r.fail("a run of a finished job made %d calls", again.calls)
			}
			broken = strings.Join(r.broken, "\n")
		})
		if broken != "" {
			rt.Fatal(broken)
		}
	})
}
