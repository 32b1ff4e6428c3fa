package batch_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
	"axgbind/report"
)

// pinned makes an input of n rows that each name their X.
func pinned(n int) string {
	b := &strings.Builder{}
	fmt.Fprintln(b, "PhoneNoA,PhoneNoX,GroupId,Expiration")
	for i := range n {
		fmt.Fprintf(b, "1380013%04d,1710000%04d,2000000000001,2099-01-31 23:59:59\n", i, i)
	}
	return b.String()
}

func count(records []report.Record) map[report.Status]int {
	m := map[report.Status]int{}
	for _, r := range records {
		m[r.Status]++
	}
	return m
}

// TestSettlePinned loses the answers of rows that name their X, in every way
// the simulator knows: each row must end BOUND, exactly once.
func TestSettlePinned(t *testing.T) {
	for _, faults := range []string{
		"drop-before=0.3", "drop-after=0.3", "drop-late=0.3", "system-error=0.3", "system-error-executed=0.3",
		"http-503=0.3", "http-503-executed=0.3", "slow=0.1",
		"drop-before=0.1 drop-after=0.1 drop-late=0.05 http-503-executed=0.1 throttling=0.1",
		"drop-after=0.3 drop-before@QuerySubsId=0.3 http-503@QuerySubscriptionDetail=0.3 flow-limit@QuerySubsId=0.2",
	} {
		t.Run(faults, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := simulator.Options{Numbers: 1000, Latency: 80 * time.Millisecond, Jitter: 40 * time.Millisecond, Seed: 7}
				for text := range strings.FieldsSeq(faults) {
					f, err := simulator.ParseFault(text)
					if err != nil {
						t.Fatal(err)
					}
					o.Faults = append(o.Faults, f)
				}
				n := newNight(t, o)
				defer n.close()
				const rows = 60
				records, _, _ := n.run(t, t.Context(), pinned(rows))
				if got := count(records)[report.Bound]; got != rows {
					t.Errorf("%d of %d rows BOUND: %v", got, rows, count(records))
				}
				assertOnce(t, n.service, records)
				if _, _, calls := n.run(t, t.Context(), pinned(rows)); calls != 0 {
					t.Errorf("a further run made %d calls", calls)
				}
			})
		})
	}
}

// assertOnce checks that bindings and BOUND rows are the same, and that no A
// is bound twice.
func assertOnce(t *testing.T, s *simulator.Service, records []report.Record) {
	t.Helper()
	live := map[string]simulator.Binding{}
	phones := map[string]int{}
	for _, b := range s.Bindings() {
		live[b.SubsId] = b
		if phones[b.PhoneNoA]++; phones[b.PhoneNoA] > 1 {
			t.Errorf("%s is bound twice", report.Mask(b.PhoneNoA))
		}
	}
	for _, r := range records {
		if r.Status != report.Bound {
			continue
		}
		if b, ok := live[r.SubsID]; !ok || b.PhoneNoA != r.Input[0] || b.SecretNo != r.SecretNo {
			t.Errorf("line %d is BOUND, but the service has %+v", r.Line, b)
		}
		delete(live, r.SubsID)
	}
	if len(live) > 0 {
		t.Errorf("%d bindings belong to no BOUND row", len(live))
	}
}

// TestLookForeign looks at an X that somebody else has, at the real client
// and simulator.
func TestLookForeign(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		_, err := n.client.BindAxg(t.Context(), &aliyun.BindAxgRequest{
			PoolKey: simulator.PoolKey, PhoneNoA: "13900009999", PhoneNoX: "17100000000", GroupID: 5, Expiration: time.Now().Add(time.Hour),
		})
		if err != nil {
			t.Fatal(err)
		}
		f := batch.Bind{Client: n.client}.Look(t.Context(), row(t, pinned(1)), lookup.Question{Left: time.Now()}, func(context.Context) error { return nil })
		if f.Proof != books.Foreign || f.SubsID == "" {
			t.Errorf("finding %+v, want foreign with a SubsId", f)
		}
	})
}

func row(t *testing.T, content string) *plan.Row {
	t.Helper()
	in, err := input.Open(strings.NewReader(content), int64(len(content)), input.Options{
		Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := new(plan.Row)
	err = in.EachRow(func(row *input.Row) error {
		r.Row = *row
		return io.EOF
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// services is a service as a script of answers.
type services struct {
	ids []string
	sub *aliyun.Subscription
	err error

	mute bool // no error, and no answer
}

func (s services) BindAxg(context.Context, *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	panic("not asked for")
}
func (s services) QuerySubsID(context.Context, string, string) (aliyun.Held, error) {
	if s.mute || s.err != nil {
		return aliyun.Held{}, s.err
	}
	return aliyun.HeldBy(s.ids...), nil
}
func (s services) QuerySubscriptionDetail(context.Context, string, string, string) (*aliyun.Subscription, error) {
	return s.sub, s.err
}

// TestLook has a row for each thing a look-up can show.
func TestLook(t *testing.T) {
	since := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	expires := time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC)
	ours := func(change func(*aliyun.Subscription)) services {
		s := &aliyun.Subscription{SubsID: "1", PhoneNoA: "13800130000", GroupID: "2000000000001", Expiration: expires, Created: since, Live: true}
		change(s)
		return services{ids: []string{"1"}, sub: s}
	}
	refused := func(code string) services { return services{err: &aliyun.Error{Code: code, Written: true}} }
	for _, c := range []struct {
		name    string
		service services
		want    books.Proof
	}{
		{"ours", ours(func(*aliyun.Subscription) {}), books.Ours},
		{"clock a little off", ours(func(s *aliyun.Subscription) { s.Created = since.Add(-14 * time.Minute) }), books.Ours},
		{"made long before", ours(func(s *aliyun.Subscription) { s.Created = since.Add(-31*time.Minute - time.Second) }), books.Older},
		{"made before, and some documents say that it may be its", ours(func(s *aliyun.Subscription) { s.Created = since.Add(-16 * time.Minute) }), books.Odd},
		{"as a clock that is off by so much has it", ours(func(s *aliyun.Subscription) { s.Created, s.Ahead = since.Add(-16*time.Minute), -16*time.Minute }), books.Ours},
		{"by a clock that is off by so much since", ours(func(s *aliyun.Subscription) { s.Ahead = 2 * time.Hour }), books.Ours},
		{"long before, by a clock that is right again", ours(func(s *aliyun.Subscription) { s.Created, s.Ahead = since.Add(-2*time.Hour), 3*time.Hour }), books.Older},
		{"long after", ours(func(s *aliyun.Subscription) { s.Created = since.Add(32 * time.Minute) }), books.Odd},
		{"service's clock behind", ours(func(s *aliyun.Subscription) { s.Created, s.Ahead = since.Add(-time.Hour), -time.Hour }), books.Ours},
		{"another A", ours(func(s *aliyun.Subscription) { s.PhoneNoA = "13800130009" }), books.Foreign},
		{"another group", ours(func(s *aliyun.Subscription) { s.GroupID = "3" }), books.Odd},
		{"another A and group", ours(func(s *aliyun.Subscription) { s.PhoneNoA, s.GroupID = "13800130009", "3" }), books.Foreign},
		{"A with a country code", ours(func(s *aliyun.Subscription) { s.PhoneNoA = "+8613800130000" }), books.Ours},
		{"A hidden", ours(func(s *aliyun.Subscription) { s.PhoneNoA = "138****0000" }), books.Masked},
		{"made long after", ours(func(s *aliyun.Subscription) { s.Created = since.Add(16 * time.Minute) }), books.Odd},
		{"another end", ours(func(s *aliyun.Subscription) { s.Expiration = expires.Add(time.Second) }), books.Odd},
		{"lapsed", ours(func(s *aliyun.Subscription) { s.Live = false }), books.Odd},
		{"no date", ours(func(s *aliyun.Subscription) { s.Created = time.Time{} }), books.Odd},
		{"two bindings", services{ids: []string{"1", "2"}}, books.Odd},
		{"free", services{}, books.Absent},
		{"nothing said", services{mute: true}, books.Unclear},
		{"another A's, lapsed", ours(func(s *aliyun.Subscription) { s.PhoneNoA, s.Live = "13800130009", false }), books.Odd},
		{"lost", refused(aliyun.CodeTimeout), books.Unclear},
		{"throttled", refused("FlowLimited"), books.Unclear},
		{"forbidden", refused("isp.RAM_PERMISSION_DENY"), books.Barred},
		{"no such X", refused("isv.NO_NOT_EXIST"), books.Odd},
	} {
		t.Run(c.name, func(t *testing.T) {
			paid := 0
			f := batch.Bind{Client: c.service}.Look(t.Context(), row(t, pinned(1)), lookup.Question{Left: since}, func(context.Context) error { paid++; return nil })
			if f.Proof != c.want {
				t.Errorf("finding %+v, want %v", f, c.want)
			}
			if want := 1 + min(len(c.service.ids), 1); paid != want && len(c.service.ids) < 2 {
				t.Errorf("paid for %d requests, want %d", paid, want)
			}
		})
	}
}

// TestSettleBarred leaves rows UNKNOWN, and says so once, if the key may bind
// but not look.
func TestSettleBarred(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o simulator.Options
		for _, text := range []string{"http-503-executed=0.3", "ram-deny@QuerySubsId=1"} {
			f, err := simulator.ParseFault(text)
			if err != nil {
				t.Fatal(err)
			}
			o.Faults = append(o.Faults, f)
		}
		n := newNight(t, o)
		defer n.close()
		records, _, _ := n.run(t, t.Context(), pinned(50))
		c := count(records)
		if c[report.Unknown] == 0 || c[report.Unknown]+c[report.Bound] != 50 {
			t.Errorf("%v, want BOUND and UNKNOWN only", c)
		}
		said := 0
		for _, m := range n.calls {
			if m.Event == batch.EventLookBarred {
				said++
			}
		}
		if said != 1 {
			t.Errorf("said %d times that look-ups are not allowed, want once", said)
		}
	})
}

// TestSettleStop ends look-ups as UNKNOWN when the run is stopped, and the
// next run settles them without a call too many.
func TestSettleStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _ := simulator.ParseFault("drop-before=0.3")
		n := newNight(t, simulator.Options{Faults: []simulator.Fault{f}, Seed: 3})
		defer n.close()
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(5*time.Second, func() { cancel(books.StopTerminate) })
		records, result, _ := n.run(t, ctx, pinned(50))
		if result.Stop != books.StopTerminate || count(records)[report.Unknown] == 0 {
			t.Fatalf("stop %q, %v; want rows waiting for look-ups to be UNKNOWN", result.Stop, count(records))
		}
		records, _, _ = n.run(t, t.Context(), pinned(50))
		if got := count(records)[report.Bound]; got != 50 {
			t.Errorf("after the next run: %v, want all BOUND", count(records))
		}
		assertOnce(t, n.service, records)
	})
}

// TestSettleStale: look-ups hold back for a stale answer as calls do, and one to a
// fresh credential ends the run.
func TestSettleStale(t *testing.T) {
	for code, most := range map[string]int64{"InvalidSecurityToken.Expired:400": 2, "InvalidTimeStamp.Expired:400": 2} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 1000, Latency: 50 * time.Millisecond})
			defer n.close()
			n.service.SetFaults(faults(t, "drop-after=0.5", "throttling@QuerySubsId=1"))
			ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Second, books.StopUntil)
			records, _, _ := n.run(t, ctx, pinned(200))
			cancel()
			doubtful := count(records)[report.Unknown]
			if doubtful < 20 {
				t.Fatalf("%v", count(records))
			}
			n.service.SetFaults(faults(t, "code:"+code+"@*=1"))
			before := n.service.Stats().Calls
			records, result, _ := n.run(t, t.Context(), pinned(200))
			if calls := n.service.Stats().Calls - before; calls > most || result.Stop != books.StopAccount {
				t.Errorf("%d calls, stop %q", calls, result.Stop)
			}
			if got := count(records)[report.Unknown]; got != doubtful {
				t.Errorf("%v, had %d UNKNOWN", count(records), doubtful)
			}
			n.service.SetFaults(nil)
			records, _, _ = n.run(t, t.Context(), pinned(200))
			if got := count(records)[report.Bound]; got != 200 {
				t.Errorf("in the end %v", count(records))
			}
			assertOnce(t, n.service, records)
		})
	}
}
