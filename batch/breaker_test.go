package batch_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch"
)

// breakerEvents is what a breaker tells.
type breakerEvents struct {
	events []batch.Event
	given  int
}

func newBreaker(asks bool) (*batch.Breaker, *breakerEvents) {
	e := &breakerEvents{}
	return batch.NewBreaker(func(m batch.Message) { e.events = append(e.events, m.Event) }, func() { e.given++ }, asks), e
}

// closedBreaker is a breaker that the answer to a first row has closed.
func closedBreaker(t *testing.T, asks bool) (*batch.Breaker, *breakerEvents) {
	t.Helper()
	d, e := newBreaker(asks)
	d.Report(enters(t, d), "OK")
	if len(e.events) > 0 {
		t.Errorf("told %v", e.events)
	}
	return d, e
}

// enters passes a row through the breaker, at once.
func enters(t *testing.T, d *batch.Breaker) batch.Permit {
	t.Helper()
	p, err := d.Enter(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	return d.Call(p)
}

// waits fails unless whoever comes to the breaker now has to wait.
func waits(t *testing.T, d *batch.Breaker, look bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if p, err := d.Enter(ctx, look); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("admitted (look-up: %t, probe: %t)", look, p.Probes())
	}
}

// The answer to the first row closes the breaker, or keeps the others out.
func TestBreakerStart(t *testing.T) {
	for _, test := range []struct {
		code  string
		opens bool
		event batch.Event // if it does not
	}{
		{"OK", true, 0},
		{"isv.MOBILE_NUMBER_ILLEGAL", true, 0},
		{"isv.FLOW_LIMIT", true, 0},
		{"isv.NO_AVAILABLE_NUMBER", true, 0},
		{"client.Timeout", false, batch.EventFirstLost},
		{"client.BadAnswer", false, batch.EventFirstLost},
		{"client.NotSent", false, batch.EventFirstLost},
		{"isp.SYSTEM_ERROR", true, 0},
		{"isp.NEVER_HEARD_OF", true, 0},
		{"Portal.LoginRequired", false, batch.EventFirstLost},
		{"", false, batch.EventFirstLost},
		{"InvalidTimeStamp.Expired", false, batch.EventStale},
	} {
		t.Run(test.code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, e := newBreaker(false)
				first := enters(t, d)
				if !first.Probes() {
					t.Error("the first is no probe")
				}
				waits(t, d, false)
				waits(t, d, true)
				d.Report(first, test.code)
				if second := enters(t, d); second.Probes() == test.opens {
					t.Errorf("the second probes: %t", second.Probes())
				}
				if !test.opens {
					waits(t, d, false)
				}
				if test.opens != (len(e.events) == 0) || !test.opens && e.events[0] != test.event {
					t.Errorf("told %v", e.events)
				}
			})
		})
	}
}

// At the start, three rows may be lost, or one row and five look-ups; connections
// that are refused lose none, and are tried as often as ever.
func TestBreakerGivesUp(t *testing.T) {
	for _, test := range []struct {
		name        string
		asks        bool
		row, look   string
		rows, looks int
		took        time.Duration
	}{
		{"no look-ups", false, "client.Timeout", "", 3, 0, 3 * time.Second},
		{"silent", true, "client.Timeout", "client.Timeout", 1, 5, 30 * time.Second},
		{"a page in between", true, "client.BadAnswer", "client.BadAnswer", 1, 5, 30 * time.Second},
		{"only look-ups are answered", true, "client.Timeout", "OK", 3, 2, 2 * time.Second},
		{"look-ups are forbidden", true, "client.Timeout", "isp.RAM_PERMISSION_DENY", 3, 2, 2 * time.Second},
		{"look-ups are refused", true, "client.Timeout", "isv.NO_NOT_EXIST", 3, 2, 2 * time.Second},
		{"look-ups fail, but the service is there", true, "client.Timeout", "isp.SYSTEM_ERROR", 3, 2, 2 * time.Second},
		{"an API in between", true, "LOGIN", "LOGIN", 1, 5, 30 * time.Second},
		{"refused connections", true, "client.NotSent", "client.NotSent", 1, 9, 242 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, e := newBreaker(test.asks)
				start, rows, looks := time.Now(), 0, 0
				for e.given == 0 && rows+looks < 50 {
					if p := enters(t, d); p.LookFirst() {
						looks++
						d.Report(d.Asked(p), test.look)
					} else {
						rows++
						d.Report(p, test.row)
					}
				}
				if rows != test.rows || looks != test.looks || time.Since(start) != test.took {
					t.Errorf("%d rows, %d look-ups in %v; want %d, %d, %v", rows, looks, time.Since(start), test.rows, test.looks, test.took)
				}
				waits(t, d, false) // nobody goes any more
			})
		})
	}
}

// A look-up that comes first lets other look-ups go, and rows one at a time.
func TestBreakerLookFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := newBreaker(true)
		look, err := d.Enter(t.Context(), true)
		if err != nil || !look.Probes() {
			t.Fatalf("%+v, %v", look, err)
		}
		waits(t, d, true)
		waits(t, d, false)
		d.Report(d.Call(look), "OK")
		if p, err := d.Enter(t.Context(), true); err != nil || p.Probes() || d.Bars(p) {
			t.Errorf("a second look-up: %+v, %v", p, err)
		}
		row := enters(t, d)
		if !row.Probes() || row.LookFirst() {
			t.Errorf("a row: %+v", row)
		}
		waits(t, d, false)
		d.Report(row, "OK")
		if enters(t, d).Probes() {
			t.Error("not open")
		}
	})
}

// A credential that is out of date is renewed once, whatever comes back late,
// and once more after a good answer.
func TestBreakerStale(t *testing.T) {
	const stale = "InvalidSecurityToken.Expired"
	synctest.Test(t, func(t *testing.T) {
		d, e := closedBreaker(t, true)
		var wire []batch.Permit
		for range 100 {
			wire = append(wire, enters(t, d))
		}
		prepared, _ := d.Enter(t.Context(), false) // waits for its turn
		look, _ := d.Enter(t.Context(), true)
		for i, p := range wire[:50] {
			if d.Report(p, stale) {
				t.Errorf("report %d ends the run", i)
			}
		}
		if !slices.Equal(e.events, []batch.Event{batch.EventStale}) || !d.Bars(prepared) || !d.Bars(look) {
			t.Errorf("told %v; admitted: %t, %t", e.events, !d.Bars(prepared), !d.Bars(look))
		}
		probe := enters(t, d)
		waits(t, d, false)
		waits(t, d, true)
		if !probe.Probes() || probe.LookFirst() {
			t.Errorf("%+v", probe)
		}
		d.Report(wire[50], "OK") // left before: it says nothing of the new one
		waits(t, d, false)
		d.Report(probe, "isv.FLOW_LIMIT") // nor does this
		waits(t, d, false)
		probe = enters(t, d) // after a second
		d.Report(probe, "OK")
		for i, p := range wire[51:] {
			if d.Report(p, stale) || enters(t, d).Probes() {
				t.Fatalf("late report %d trips the breaker", i)
			}
		}
		if d.Report(enters(t, d), stale) { // hours later
			t.Error("the second expiry ends the run")
		}
		probe = enters(t, d)
		if !probe.Probes() || !d.Report(probe, stale) {
			t.Error("a fresh credential that is out of date, too, does not end the run")
		}
		waits(t, d, false)
		waits(t, d, true)
	})
}

// It does not matter whether a row or a look-up shows that the fresh credential
// is no better.
func TestBreakerStaleOnceForAll(t *testing.T) {
	for _, firstLook := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			d, _ := newBreaker(true)
			first, _ := d.Enter(t.Context(), firstLook)
			if d.Report(d.Call(first), "InvalidTimeStamp.Expired") {
				t.Error("the first answer ends the run")
			}
			second, _ := d.Enter(t.Context(), !firstLook)
			if !d.Report(d.Call(second), "InvalidTimeStamp.Expired") {
				t.Error("the second answer does not")
			}
		})
	}
}

// A refusal of the account lets nobody go until the run has ended.
func TestBreakerAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := closedBreaker(t, true)
		prepared, row := enters(t, d), enters(t, d)
		d.Report(row, "isp.RAM_PERMISSION_DENY")
		if !d.Bars(prepared) {
			t.Error("a row that waited for its turn goes")
		}
		waits(t, d, false)
		waits(t, d, true)
	})
}

func TestBreakerProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, e := closedBreaker(t, false)
		d.Trip()
		d.Trip()
		start := time.Now()
		var at []time.Duration
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan bool)
		// Twenty rows wait; one at a time may try.
		probing := 0
		for range 20 {
			go func() {
				defer func() { done <- true }()
				for {
					p, err := d.Enter(ctx, false)
					if err != nil {
						return
					}
					if !p.Probes() {
						t.Error("a row went by while the breaker was tripped")
						return
					}
					if probing++; probing > 1 {
						t.Errorf("%d probes at a time", probing)
					}
					at = append(at, time.Since(start).Round(time.Second))
					time.Sleep(time.Millisecond)
					probing--
					d.Report(p, "client.Timeout")
					if len(at) == batch.Probes {
						cancel()
					}
				}
			}()
		}
		for range 20 {
			<-done
		}
		// 1 s doubling to 60 s
		var want []time.Duration
		var sum time.Duration
		for _, s := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60, 60} {
			sum += s * time.Second
			want = append(want, sum)
		}
		if !slices.Equal(at, want) {
			t.Errorf("probes at %v, want %v", at, want)
		}
		if e.given != 1 || e.events[0] != batch.EventPaused || len(e.events) != batch.Probes {
			t.Errorf("told %v, given up %d times", e.events, e.given)
		}
	})
}

func TestBreakerRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, e := closedBreaker(t, false)
		late := enters(t, d)
		for range 19 {
			d.Report(enters(t, d), "client.Timeout")
		}
		d.Trip()
		passed := make(chan time.Duration, 10)
		start := time.Now()
		for range 10 {
			go func() {
				p, err := d.Enter(t.Context(), false)
				if err != nil {
					t.Error(err)
				}
				if p.Probes() {
					time.Sleep(3 * time.Second)
					d.Report(late, "client.Timeout") // an end of a call from before says nothing new
					d.Report(p, "OK")
				}
				passed <- time.Since(start)
			}()
		}
		for range 10 {
			if at := <-passed; at != 4*time.Second {
				t.Errorf("passed after %v", at)
			}
		}
		// What was counted before is forgotten.
		for range 19 {
			d.Report(enters(t, d), "client.Timeout")
		}
		if want := []batch.Event{batch.EventPaused, batch.EventResumed}; !slices.Equal(e.events, want) {
			t.Errorf("told %v, want %v", e.events, want)
		}
		d.Report(enters(t, d), "client.Timeout")
		waits(t, d, false)
		if p, err := d.Enter(t.Context(), true); err != nil || p.Probes() {
			t.Errorf("look-ups wait: %+v, %v", p, err)
		}
	})
}

func TestBreakerForgoAndCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, _ := closedBreaker(t, false)
		d.Trip()
		p, err := d.Enter(t.Context(), false)
		if !p.Probes() || err != nil {
			t.Fatalf("%+v, %v", p, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := d.Enter(ctx, false); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a second row while one probes: %v", err)
		}
		d.Forgo(p) // its row was late, or its pool dry: the next may probe at once
		start := time.Now()
		if p, err := d.Enter(t.Context(), false); !p.Probes() || err != nil || time.Since(start) > 0 {
			t.Errorf("after a probe that was never made: %+v, %v, %v", p, err, time.Since(start))
		}
		if _, err := d.Enter(ctx, false); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("cancelled: %v", err)
		}
	})
}
