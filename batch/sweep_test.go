package batch_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/lookup"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// sweep settles what a job left UNKNOWN, and returns how the rows stand.
func (n *night) sweep(t *testing.T, input string, list []batch.Number, complete bool) (swept batch.Swept, records []report.Record, asker *batch.Asker) {
	t.Helper()
	s := n.session(input, "r.csv")
	s.plan.LookOnly = true
	records, _, err := s.do(t, func(_ *books.Journal, made *plan.Plan) (_ books.Stop, err error) {
		if made.ToSend != 0 {
			t.Fatalf("%d rows would be sent", made.ToSend)
		}
		if asker, err = batch.NewAsker(pace.MaxRate); err != nil {
			return books.StopNone, err
		}
		w := batch.Sweep{Client: cmp.Or[lookup.Lister](n.lister, n.client), Asker: asker, Numbers: list, Complete: complete, Timeout: aliyun.DefaultTimeout}
		swept, err = w.Do(t.Context(), made)
		return books.StopNone, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return swept, records, asker
}

// everyNumber is the complete list of the simulator's numbers.
func (n *night) everyNumber() (list []batch.Number) {
	for _, x := range n.service.Numbers() {
		list = append(list, batch.Number{SecretNo: x.SecretNo, PoolKey: simulator.PoolKey})
	}
	return list
}

const lossy = "drop-before=0.1 drop-after=0.1 drop-late=0.05 http-503=0.05 http-503-executed=0.05 system-error-executed=0.05"

// TestSweep: rows without X whose answers were lost are found on the complete
// list, or shown not to be bound; the run after binds those, and in the end
// every row is BOUND once.
func TestSweep(t *testing.T) {
	for seed := range int64(4) {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{
				Numbers: 400, Latency: 80 * time.Millisecond, Jitter: 40 * time.Millisecond, Seed: seed, VisibilityLag: 2 * time.Second,
				Faults: append(faults(t, strings.Fields(lossy)...), faults(t, "http-503@QuerySubsId=0.05", "drop-after@QuerySubscriptionDetail=0.05", "flow-limit@QuerySubsId=0.05")...),
			})
			defer n.close()
			const rows = 120
			input := unpinned(rows)
			records, _, _ := n.run(t, t.Context(), input)
			unknown := count(records)[report.Unknown]
			if unknown < 20 {
				t.Fatalf("only %d rows UNKNOWN", unknown)
			}
			list := n.everyNumber()
			swept, after, _ := n.sweep(t, input, list, true)
			got := count(after)
			if got[report.Unknown] != 0 || got[report.Bound]+got[report.Pending] != rows || swept.Duplicates != 0 {
				t.Fatalf("%+v: %v", swept, got)
			}
			assertOnce(t, n.service, after)
			n.service.SetFaults(nil)
			records, _, calls := n.run(t, t.Context(), input)
			if c := count(records); c[report.Bound] != rows || calls != got[report.Pending] {
				t.Errorf("the run after: %v, %d calls for %d rows", c, calls, got[report.Pending])
			}
			assertOnce(t, n.service, records)
		})
	}
}

// TestSweepNeverSure has a row for each reason why a sweep cannot say that a
// row is not bound: it stays UNKNOWN.
func TestSweepNeverSure(t *testing.T) {
	for _, test := range []struct {
		name     string
		complete bool
		faults   string
		cut      bool // the list lacks an X that the job has got
		absent   bool
	}{
		{"complete", true, "", false, true},
		{"not said to be complete", false, "", false, false},
		{"an X of the job is missing", true, "", true, false},
		{"numbers that could not be asked", true, "http-503@QuerySubsId=0.9", false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 30, Faults: faults(t, "drop-before=0.5"), Seed: 3})
				defer n.close()
				input := unpinned(10)
				records, _, _ := n.run(t, t.Context(), input)
				before := count(records)
				if before[report.Bound] == 0 || before[report.Unknown] == 0 {
					t.Fatalf("%v", before)
				}
				list := n.everyNumber()
				if test.cut {
					cut := ""
					for _, r := range records {
						if r.Status == report.Bound {
							cut = r.SecretNo
						}
					}
					kept := list[:0]
					for _, x := range list {
						if x.SecretNo != cut {
							kept = append(kept, x)
						}
					}
					list = kept
				}
				n.service.SetFaults(faultList(t, test.faults))
				swept, after, _ := n.sweep(t, input, list, test.complete)
				want := before
				if test.absent {
					want = map[report.Status]int{report.Bound: before[report.Bound], report.Pending: before[report.Unknown]}
				}
				if got := count(after); got[report.Unknown] != want[report.Unknown] || got[report.Pending] != want[report.Pending] || got[report.Bound] != want[report.Bound] {
					t.Errorf("%+v: %v, want %v", swept, got, want)
				}
				for _, r := range after {
					if r.Status == report.Unknown && !strings.Contains(r.Reason, fmt.Sprint(len(list))) {
						t.Errorf("reason %q does not tell how many numbers were asked", r.Reason)
					}
				}
			})
		})
	}
}

// TestSweepDuplicates: bindings that an outside hand made of an UNKNOWN row are
// found and named; equal rows that are both wanted get one each.
func TestSweepDuplicates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30, Faults: faults(t, "drop-after=1")})
		defer n.close()
		input := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n"
		n.run(t, t.Context(), input)
		n.service.SetFaults(nil)
		for range 2 {
			at, _ := time.Parse(time.DateTime, "2099-01-31 15:59:59")
			_, err := n.client.BindAxg(t.Context(), &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13800138000", GroupID: 1, Expiration: at})
			if err != nil {
				t.Fatal(err)
			}
		}
		swept, after, _ := n.sweep(t, input, n.everyNumber(), false)
		r := after[0]
		if r.Status != report.Bound || swept.Duplicates != 2 || swept.Bound != 1 {
			t.Fatalf("%+v, %+v", swept, r)
		}
		for _, b := range n.service.Bindings() {
			if b.SubsId != r.SubsID && !strings.Contains(r.Reason, b.SubsId+" "+b.SecretNo) {
				t.Errorf("%s on %s is not named in %q", b.SubsId, b.SecretNo, r.Reason)
			}
		}
		if again, _, calls := n.run(t, t.Context(), input); again[0].Reason != r.Reason || calls != 0 {
			t.Errorf("later the reason is %q", again[0].Reason)
		}
	})
}

// TestSweepForeign: bindings of another A or group are not a row's, and one that was made
// long before is not either.
func TestSweepForeign(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		at, _ := time.Parse(time.DateTime, "2099-01-31 15:59:59")
		bind := func(a, b string, g int64, at time.Time) {
			_, err := n.client.BindAxg(t.Context(), &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: a, PhoneNoB: b, GroupID: g, Expiration: at})
			if err != nil {
				t.Fatal(err)
			}
		}
		bind("13800138000", "", 1, at) // long before
		time.Sleep(40 * time.Minute)
		n.service.SetFaults(faults(t, "drop-before=1"))
		input := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n"
		n.run(t, t.Context(), input)
		n.service.SetFaults(nil)
		bind("13800138001", "", 1, at)
		bind("13800138000", "", 2, at)
		n.control(t)
		// Its place is not free as long as that binding lives, whose ever it is.
		swept, after, _ := n.sweep(t, input, n.everyNumber(), true)
		if after[0].Status != report.Unknown || swept.Bound+swept.Absent != 0 {
			t.Errorf("%+v, %+v", swept, after[0])
		}
		for _, b := range n.service.Bindings() {
			if b.PhoneNoA == "13800138000" && b.GroupId == "1" {
				n.unbind(t, b.SubsId, b.SecretNo)
			}
		}
		swept, after, _ = n.sweep(t, input, n.everyNumber(), true)
		if after[0].Status != report.Pending || swept.Absent != 1 {
			t.Errorf("%+v, %+v", swept, after[0])
		}
	})
}

// TestSweepPace: a long sweep holds 1,000 requests a second, and never exceeds it.
func TestSweepPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const numbers = 8000
		n := newNight(t, simulator.Options{Numbers: numbers, Latency: 60 * time.Millisecond, Jitter: 40 * time.Millisecond, VisibilityLag: time.Second, Faults: faults(t, "drop-before=1")})
		defer n.close()
		input := unpinned(1)
		n.run(t, t.Context(), input)
		n.service.SetFaults(nil)
		time.Sleep(time.Minute)
		n.control(t)
		time.Sleep(time.Hour)
		list := n.everyNumber()
		start := time.Now()
		swept, _, asker := n.sweep(t, input, list, true)
		took := time.Since(start)
		asked, peak := asker.Asked()
		if swept.Absent != 1 || asked < numbers || asked > numbers*101/100 || peak > 1000 || took > numbers*time.Millisecond*101/100+time.Second {
			t.Errorf("%+v: %d requests in %v, %d in the busiest second", swept, asked, took, peak)
		}
	})
}

// TestSweepStops: a sweep that is stopped settles nothing.
func TestSweepStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 3000, Faults: faults(t, "drop-before=1")})
		defer n.close()
		content := unpinned(3)
		n.run(t, t.Context(), content)
		before := n.journal.Text()
		j, err := books.Open(&n.journal, journal.Options{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { endJournal(t, j, n.journal.Text()) }()
		in := bookstest.Input(t, content, input.Options{Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}})
		plan, err := plan.New(in, j, plan.Options{Now: time.Now(), Batch: "r.csv", LookOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		asker, err := batch.NewAsker(100)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 35*time.Second)
		defer cancel()
		s := batch.Sweep{Client: n.client, Asker: asker, Numbers: n.everyNumber(), Complete: true, Timeout: aliyun.DefaultTimeout}
		if _, err := s.Do(ctx, plan); err == nil || plan.Counts()[report.Unknown] != 3 || !bytes.Equal(n.journal.Text(), before) {
			t.Errorf("error %v, %v", err, plan.Counts())
		}
	})
}

// TestSweepUnanswered: where the service answers no look-up, or none of one kind, a
// long list is not asked to its end: that would take days.
func TestSweepUnanswered(t *testing.T) {
	if raced {
		t.Skip("it runs without the race detector")
	}
	for fault, most := range map[string]time.Duration{
		"http-503@QuerySubsId=1":             6 * time.Minute,
		"drop-before@QuerySubsId=1":          6 * time.Minute,
		"http-503@QuerySubscriptionDetail=1": 12 * time.Minute,
	} {
		t.Run(fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const numbers = 20_000
				n := newNight(t, simulator.Options{Numbers: numbers})
				defer n.close()
				n.run(t, t.Context(), unpinned(2000))
				n.service.SetFaults(faults(t, "drop-after=1"))
				input := strings.ReplaceAll(unpinned(1), "1380", "1390")
				n.run(t, t.Context(), input)
				n.service.SetFaults(faults(t, fault))
				start := time.Now()
				swept, after, _ := n.sweep(t, input, n.everyNumber(), true)
				if took := time.Since(start); swept.Rows != 1 || swept.Lost < 2000 || after[0].Status != report.Unknown || took > most {
					t.Errorf("%+v in %v: %+v", swept, took, after[0])
				}
			})
		})
	}
}

// TestSweepStrange: look-ups that deny this job's own bindings, or show them all
// otherwise than they were made, show no row not to be bound. One that is shown as it
// is known suffices.
func TestSweepStrange(t *testing.T) {
	for _, test := range []struct {
		name  string
		shows func(n int, s *aliyun.Subscription) *aliyun.Subscription // nil: X is called free
		sure  bool
	}{
		{"denied", func(int, *aliyun.Subscription) *aliyun.Subscription { return nil }, false},
		{"in no group", func(_ int, s *aliyun.Subscription) *aliyun.Subscription { s.GroupID = "0"; return s }, false},
		{"of others", func(_ int, s *aliyun.Subscription) *aliyun.Subscription { s.PhoneNoA = "13999999999"; return s }, false},
		{"made long ago", func(_ int, s *aliyun.Subscription) *aliyun.Subscription {
			s.Created = s.Created.AddDate(-20, 0, 0)
			return s
		}, false},
		{"one moved", func(n int, s *aliyun.Subscription) *aliyun.Subscription {
			if n == 1 {
				s.GroupID = "0"
			}
			return s
		}, true},
		{"the truth", func(_ int, s *aliyun.Subscription) *aliyun.Subscription { return s }, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 30})
				defer n.close()
				n.run(t, t.Context(), unpinned(4))
				n.service.SetFaults(faults(t, map[bool]string{false: "drop-after=1", true: "drop-before=1"}[test.sure]))
				n.run(t, t.Context(), unpinned(5))
				n.service.SetFaults(nil)
				n.lister = &showing{Lister: n.client, shows: test.shows}
				swept, after, _ := n.sweep(t, unpinned(5), n.everyNumber(), true)
				want := report.Unknown
				if test.sure {
					want = report.Pending
				}
				if after[4].Status != want || (swept.Unproven == nil && swept.Distrusted == nil) != test.sure || swept.Lost > 0 {
					t.Errorf("%+v: %+v", swept, after[4])
				}
			})
		})
	}
}

// showing is a service whose look-ups show what shows makes of the nth binding.
type showing struct {
	lookup.Lister
	shows func(n int, s *aliyun.Subscription) *aliyun.Subscription

	mu sync.Mutex
	n  int
}

func (s *showing) QuerySubsID(ctx context.Context, pool, x string) (aliyun.Held, error) {
	held, err := s.Lister.QuerySubsID(ctx, pool, x)
	if err == nil && !held.Free() && s.shows(0, &aliyun.Subscription{}) == nil {
		held = aliyun.HeldBy()
	}
	return held, err
}

func (s *showing) QuerySubscriptionDetail(ctx context.Context, pool, subsID, x string) (*aliyun.Subscription, error) {
	d, err := s.Lister.QuerySubscriptionDetail(ctx, pool, subsID, x)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	return s.shows(s.n, d), nil
}
