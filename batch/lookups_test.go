package batch_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch/plan"
	"axgbind/report"
)

// lies are look-ups that do not show what is, and what becomes of rows that a look-up
// by X could settle.
var lies = []struct {
	name    string
	form    simulator.LookupForm
	dies    int // after so many look-ups, from the first on if -1
	lag     time.Duration
	settles bool
}{
	{"the truth", "", 0, 0, true},
	{"86 before the numbers", "a86", 0, 0, true},
	{"+86 before the numbers", "plus86", 0, 0, true},
	{"0086 before the numbers", "0086", 0, 0, true},
	{"times in UTC", "utc", 0, 0, true},
	{"86, and UTC", "a86,utc", 0, 0, true},
	{"A hidden", "masked", 0, 0, false},
	{"A hidden, and UTC", "masked,utc", 0, 0, false},
	{"nothing shown", "", -1, 0, false},
	{"nothing shown from some moment on", "", 15, 0, false},
	{"nothing shown from a later moment on", "", 60, 0, false},
	{"a lag of 5 seconds", "", 0, 5 * time.Second, true},
	{"a lag of 25 seconds", "", 0, 25 * time.Second, true},
	{"a lag of 45 seconds", "", 0, 45 * time.Second, true},
	{"a lag of 2 minutes", "", 0, 2 * time.Minute, false},
	{"a lag of 6 minutes, and UTC", "utc", 0, 6 * time.Minute, false},
}

// once fails if any A has more than one binding.
func (n *night) once(t *testing.T, what string) {
	t.Helper()
	have := map[string]int{}
	for _, b := range n.service.Bindings() {
		if have[b.PhoneNoA+" "+b.GroupId]++; have[b.PhoneNoA+" "+b.GroupId] > 1 {
			t.Errorf("%s: %s has %d bindings", what, b.PhoneNoA, have[b.PhoneNoA+" "+b.GroupId])
		}
	}
}

// wantControl counts the rows that stay UNKNOWN because no binding was made after their
// lost call, or shortly before it, by which a look-up could show that it tells the truth:
// that of the last row of a run may be so.
func wantControl(rows []report.Record) (n int) {
	for _, r := range rows {
		if r.Status == report.Unknown && strings.Contains(r.Reason, "bind one row of this pool, then reconcile") {
			n++
		}
	}
	return min(n, 1)
}

// TestLies: whatever look-ups show, no row is bound twice, and those that stay UNKNOWN
// say why. What shows the truth, in a form that is known, settles every row.
func TestLies(t *testing.T) {
	for i, lie := range lies {
		if raced && i%4 != 0 {
			continue
		}
		for _, faulty := range []string{"drop-after=0.4", "drop-before=0.4", "drop-late=0.2 http-503-executed=0.2"} {
			for _, kind := range []string{"named", "chosen"} {
				t.Run(lie.name+", "+kind+", "+faulty, func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						n := newNight(t, simulator.Options{
							Numbers: 200, Latency: 80 * time.Millisecond, Jitter: 40 * time.Millisecond, Seed: 7,
							LookupForm: lie.form, LookupDiesAfter: lie.dies, VisibilityLag: lie.lag, Faults: faults(t, strings.Fields(faulty)...),
						})
						defer n.close()
						input := pinned(40)
						if kind == "chosen" {
							input, n.numbers = unpinned(40), listOf(200)
						}
						n.run(t, t.Context(), input)
						n.once(t, "the first run")
						n.service.SetFaults(nil)
						var rows []report.Record
						for i := range 3 {
							rows, _, _ = n.run(t, t.Context(), input)
							n.once(t, fmt.Sprintf("run %d", i+2))
						}
						got := count(rows)
						if lie.settles && got[report.Bound]+wantControl(rows) != 40 {
							t.Errorf("%v, want all bound", got)
						}
						for _, r := range rows {
							if r.Status == report.Unknown && r.Reason == "" {
								t.Errorf("no reason: %+v", r)
							}
						}
						if got[report.Bound]+got[report.Unknown] != 40 {
							t.Errorf("%v", got)
						}
						// Once it shows the truth, all settles.
						time.Sleep(10 * time.Minute)
						n.service.SetLookups("", 0)
						for range 2 {
							rows, _, _ = n.run(t, t.Context(), input)
						}
						n.once(t, "the truth")
						if got := count(rows); got[report.Bound]+wantControl(rows) != 40 {
							t.Errorf("%v when look-ups show the truth", got)
							for _, r := range rows {
								if r.Status != report.Bound {
									t.Logf("line %d: %s %s: %s %s", r.Line, r.Status, r.Code, r.Message, r.Reason)
								}
							}
						}
					})
				})
			}
		}
	}
}

// TestListsThatLie: likewise for rows that name no X, and a list that holds all numbers.
func TestListsThatLie(t *testing.T) {
	for i, lie := range lies {
		if raced && i%4 != 1 {
			continue
		}
		for _, faulty := range []string{"drop-after=0.4", "drop-before=0.4", "drop-late=0.2 http-503-executed=0.2"} {
			t.Run(lie.name+", "+faulty, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					n := newNight(t, simulator.Options{
						Numbers: 100, Latency: 80 * time.Millisecond, Jitter: 40 * time.Millisecond, Seed: 7,
						LookupForm: lie.form, LookupDiesAfter: lie.dies, VisibilityLag: lie.lag, Faults: faults(t, strings.Fields(faulty)...),
					})
					defer n.close()
					input := unpinned(40)
					n.run(t, t.Context(), input)
					n.service.SetFaults(nil)
					var rows []report.Record
					for i := range 2 {
						n.sweep(t, input, n.everyNumber(), true)
						rows, _, _ = n.run(t, t.Context(), input)
						n.once(t, fmt.Sprintf("run %d", i+2))
					}
					got := count(rows)
					if lie.settles && got[report.Bound] != 40 || got[report.Bound]+got[report.Unknown] != 40 {
						t.Errorf("%v", got)
					}
					time.Sleep(10 * time.Minute)
					n.service.SetLookups("", 0)
					n.sweep(t, input, n.everyNumber(), true)
					rows, _, _ = n.run(t, t.Context(), input)
					n.once(t, "the truth")
					if got := count(rows); got[report.Bound] != 40 {
						t.Errorf("%v when look-ups show the truth", got)
					}
				})
			})
		}
	}
}

// TestRivals: a binding that may as well be what another row's lost call made settles
// neither.
func TestRivals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 1, Faults: faults(t, "drop-after=1")})
		defer n.close()
		const line = "13800130000,2000000000001,2099-01-31 23:59:59"
		n.run(t, t.Context(), "PhoneNoA,GroupId,Expiration\n"+line+"\n")
		n.results, n.another = "other.csv", true
		rows, _, _ := n.run(t, t.Context(), "PhoneNoA,GroupId,Expiration,PhoneNoX\n"+line+",17100000000\n")
		if rows[0].Status != report.Unknown {
			t.Errorf("%+v", rows[0])
		}
	})
}

// TestVerifyLies: look-ups that hide what is there are no differences; a binding that is
// gone is one only where another is shown.
func TestVerifyLies(t *testing.T) {
	for _, lie := range lies {
		if lie.lag > 0 {
			continue
		}
		t.Run(lie.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 60})
				defer n.close()
				input := unpinned(40)
				n.run(t, t.Context(), input)
				time.Sleep(time.Hour)
				if err := n.service.SetLookups(lie.form, lie.dies); err != nil {
					t.Fatal(err)
				}
				got, found := n.verify(t, input)
				if got.Differ > 0 || got.Equal+got.Lost != 40 || (lie.dies == 0 || lie.dies > 42) != (got.Lost == 0) {
					t.Errorf("%+v: %q", got, found)
				}
			})
		})
	}
}

// TestGoneLies: a renewal that the service refuses, for its binding be no more, is
// believed only if look-ups that prove themselves show the same.
func TestGoneLies(t *testing.T) {
	for _, lie := range []struct {
		name string
		dies int
		form simulator.LookupForm
		lag  time.Duration
	}{
		{name: "look-ups show it"}, {name: "look-ups show nothing", dies: -1}, {name: "look-ups show nothing in the end", dies: 3}, {name: "A is hidden", form: "masked"},
		{name: "look-ups lag", lag: time.Hour},
	} {
		for _, code := range []string{"isv.SUBS_NOT_EXIST", "isv.FORBIDDEN_ACTION"} {
			t.Run(lie.name+", "+code, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					n := newNight(t, simulator.Options{Numbers: 20, VisibilityLag: lie.lag})
					defer n.close()
					n.run(t, t.Context(), nightInput(0, 5, "2099-01-31 23:59:59", "13900000001"))
					n.service.SetFaults(faults(t, "code:"+code+"@UpdateSubscription=1"))
					if err := n.service.SetLookups(lie.form, lie.dies); err != nil {
						t.Fatal(err)
					}
					n.whenBound = plan.RenewWhenBound
					later := nightInput(0, 5, "2099-12-31 23:59:59", "13900000001")
					for range 2 {
						n.run(t, t.Context(), later)
						n.once(t, "the run")
						time.Sleep(10 * time.Minute)
					}
					n.service.SetFaults(nil)
					n.service.SetLookups("", 0)
					n.resend = plan.Resend{Codes: map[string]bool{code: true}}
					rows, _, _ := n.run(t, t.Context(), later)
					n.once(t, "the end")
					if got := count(rows); got[report.Bound] != 5 {
						t.Errorf("%v", got)
					}
				})
			})
		}
	}
}

// lying is a service whose look-ups go through a person who lies.
type lying struct {
	*aliyun.Client
	held   func(x string, h aliyun.Held) aliyun.Held
	detail func(s *aliyun.Subscription) *aliyun.Subscription
}

func (l *lying) QuerySubsID(ctx context.Context, pool, x string) (aliyun.Held, error) {
	h, err := l.Client.QuerySubsID(ctx, pool, x)
	if err == nil && l.held != nil {
		h = l.held(x, h)
	}
	return h, err
}

func (l *lying) QuerySubscriptionDetail(ctx context.Context, pool, id, x string) (*aliyun.Subscription, error) {
	s, err := l.Client.QuerySubscriptionDetail(ctx, pool, id, x)
	if err == nil && l.detail != nil {
		s = l.detail(s)
	}
	return s, err
}

// TestLookUpsThatMislead has ways in which a service with several faces may show things.
// Rows lost before and after what it shows last are looked up by X, by a chosen X and on a
// complete list; a second file asks for their places. Nothing is bound twice.
func TestLookUpsThatMislead(t *testing.T) {
	var turn atomic.Int64
	every := func(n int64) bool { return turn.Add(1)%n == 0 }
	for name, lie := range map[string]func(n *night) *lying{
		"shows nothing made after some moment": func(n *night) *lying {
			old := map[string]bool{}
			for _, b := range n.service.Bindings() {
				old[b.SecretNo] = true
			}
			return &lying{held: func(x string, h aliyun.Held) aliyun.Held {
				if old[x] {
					return h
				}
				return aliyun.HeldBy()
			}}
		},
		"every second look-up shows nothing": func(n *night) *lying {
			return &lying{held: func(_ string, h aliyun.Held) aliyun.Held {
				if every(2) {
					return aliyun.HeldBy()
				}
				return h
			}}
		},
		"every third look-up shows nothing": func(n *night) *lying {
			return &lying{held: func(_ string, h aliyun.Held) aliyun.Held {
				if every(3) {
					return aliyun.HeldBy()
				}
				return h
			}}
		},
		"every second detail is in UTC": func(n *night) *lying {
			return &lying{detail: func(s *aliyun.Subscription) *aliyun.Subscription {
				if every(2) {
					s.Created, s.Expiration = s.Created.Add(-8*time.Hour), s.Expiration.Add(-8*time.Hour)
				}
				return s
			}}
		},
		"every second answer has a wrong Date": func(n *night) *lying {
			return &lying{detail: func(s *aliyun.Subscription) *aliyun.Subscription {
				if every(2) {
					s.Ahead = time.Hour
				}
				return s
			}}
		},
		"GmtCreate is of another time": func(n *night) *lying {
			return &lying{detail: func(s *aliyun.Subscription) *aliyun.Subscription {
				s.Created = s.Created.AddDate(0, -1, 0)
				return s
			}}
		},
	} {
		for _, kind := range []string{"named", "chosen", "listed"} {
			for apart, lost := range map[time.Duration]string{time.Second: "drop-after=0.7", time.Minute: "drop-after=0.7", time.Hour: "drop-after=0.7", 2 * time.Hour: "drop-after=1"} {
				if raced && apart != time.Minute {
					continue
				}
				t.Run(fmt.Sprintf("%s, %s, %v", name, kind, apart), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						turn.Store(0)
						n := newNight(t, simulator.Options{Numbers: 100, Latency: 50 * time.Millisecond})
						defer n.close()
						for range 4 {
							n.control(t)
							time.Sleep(apart)
						}
						l := lie(n)
						l.Client = n.client
						n.binder, n.lister = l, l
						input := pinned(12)
						switch kind {
						case "chosen":
							input, n.numbers = unpinned(12), listOf(100)
						case "listed":
							input = unpinned(12)
						}
						n.service.SetFaults(faults(t, lost))
						n.run(t, t.Context(), input)
						n.service.SetFaults(nil)
						n.once(t, "the first run")
						for i := range 3 {
							time.Sleep(apart)
							if kind == "listed" {
								n.sweep(t, input, n.everyNumber(), true)
							}
							n.run(t, t.Context(), input)
							n.once(t, fmt.Sprintf("run %d", i+2))
						}
						n.results, n.numbers = "second.csv", nil
						n.run(t, t.Context(), strings.ReplaceAll(unpinned(12), "2099-01-31", "2098-01-31"))
						n.once(t, "a second file")
					})
				})
			}
		}
	}
}
