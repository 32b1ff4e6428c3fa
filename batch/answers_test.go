package batch_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/report"
)

// mixer is a service between which and the run somebody changes answers.
type mixer struct {
	*aliyun.Client
	bind func(*aliyun.BindAxgRequest, *aliyun.BindAxgResult) (*aliyun.BindAxgResult, error)
	held func(x string, h aliyun.Held) aliyun.Held
}

func (m *mixer) BindAxg(ctx context.Context, r *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	result, err := m.Client.BindAxg(ctx, r)
	if err == nil && m.bind != nil {
		return m.bind(r, result)
	}
	return result, err
}

func (m *mixer) QuerySubsID(ctx context.Context, pool, x string) (aliyun.Held, error) {
	h, err := m.Client.QuerySubsID(ctx, pool, x)
	if err == nil && m.held != nil {
		h = m.held(x, h)
	}
	return h, err
}

// swapped tells the row of the A number first the SubsId of the binding of the row of
// second, and that row, later, what then says. id is that binding's, once both were
// told. A row before them closes the breaker for both.
func swapped(client *aliyun.Client, first, second string, id *string, then func(*aliyun.BindAxgResult) (*aliyun.BindAxgResult, error)) *mixer {
	others := make(chan string, 1)
	return &mixer{Client: client, bind: func(r *aliyun.BindAxgRequest, b *aliyun.BindAxgResult) (*aliyun.BindAxgResult, error) {
		switch r.PhoneNoA {
		case first:
			*id = <-others
			b.SubsID = *id
		case second:
			others <- b.SubsID
			time.Sleep(time.Second)
			return then(b)
		}
		return b, nil
	}}
}

// TestAnswersElsewhere: an answer that cannot be relied on and names another X
// than the row leaves its binding on that one, for all that is known. That nothing
// is bound to the row's own X then proves nothing, also in later runs.
func TestAnswersElsewhere(t *testing.T) {
	for _, executed := range []bool{true, false} {
		t.Run(fmt.Sprint(executed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := newNight(t, simulator.Options{Numbers: 10})
				defer n.close()
				m := &mixer{Client: n.client}
				m.bind = func(_ *aliyun.BindAxgRequest, b *aliyun.BindAxgResult) (*aliyun.BindAxgResult, error) {
					if !executed {
						n.unbind(t, b.SubsID, b.SecretNo)
					}
					return nil, &aliyun.Error{Code: aliyun.CodeBadAnswer, Written: true, SubsID: b.SubsID, SecretNo: "17100000009"}
				}
				n.binder = m
				input := pinned(1)
				want := "UNKNOWN client.BadAnswer"
				if executed {
					want = "BOUND OK 1000000000000001"
				}
				for again := range 3 {
					rows, _, calls := n.run(t, t.Context(), input)
					if stands(t, rows, want); calls > 1 || again > 0 && calls > 0 {
						t.Errorf("%d calls", calls)
					}
					m.bind = nil
					n.control(t) // that look-ups show what they should is not what keeps the row
					time.Sleep(time.Hour)
				}
			})
		})
	}
}

// TestAnswersLookOwned: a look-up that shows a row the binding which another row
// has settles nothing.
func TestAnswersLookOwned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		id := ""
		n.binder = swapped(n.client, "13800130001", "13800130002", &id, func(*aliyun.BindAxgResult) (*aliyun.BindAxgResult, error) {
			return nil, &aliyun.Error{Code: aliyun.CodeTimeout, Written: true}
		})
		input := pinned(3)
		rows, _, _ := n.run(t, t.Context(), input)
		stands(t, rows[1:], "BOUND OK "+id, "UNKNOWN client.Timeout "+id)
		n.binder = nil
		rows, _, calls := n.run(t, t.Context(), input)
		if stands(t, rows[1:], "BOUND OK "+id, "UNKNOWN client.Timeout "+id); calls != 0 {
			t.Errorf("%d calls", calls)
		}
	})
}

// TestAnswersSweepContradicts: a sweep in which two numbers show the same binding,
// or a binding has ended that was just named, shows no row not to be bound.
func TestAnswersSweepContradicts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		input := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n13800138001,1,2099-01-31 23:59:59\n"
		n.service.SetFaults(faults(t, "system-error-executed@BindAxg=1"))
		n.run(t, t.Context(), input)
		n.service.SetFaults(nil)
		n.lister = blurred{n.client, func(s *aliyun.Subscription) { s.SubsID = "1000000000000001" }}
		swept, rows, _ := n.sweep(t, input, n.everyNumber(), true)
		if c := count(rows); c[report.Pending] != 0 || c[report.Bound] > 1 || swept.Absent != 0 || swept.Lost == 0 {
			t.Errorf("one id on two numbers: %+v, %v", swept, c)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		input := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n"
		n.service.SetFaults(faults(t, "system-error-executed@BindAxg=1"))
		n.run(t, t.Context(), input)
		n.service.SetFaults(nil)
		n.lister = blurred{n.client, func(s *aliyun.Subscription) { s.Live = false }}
		swept, rows, _ := n.sweep(t, input, n.everyNumber(), true)
		if stands(t, rows, "UNKNOWN isp.SYSTEM_ERROR"); swept.Absent != 0 {
			t.Errorf("%+v", swept)
		}
		n.lister = &mixer{Client: n.client, held: func(string, aliyun.Held) aliyun.Held { return aliyun.Held{} }}
		swept, rows, _ = n.sweep(t, input, n.everyNumber(), true)
		if stands(t, rows, "UNKNOWN isp.SYSTEM_ERROR"); swept.Absent != 0 {
			t.Errorf("nothing said: %+v", swept)
		}
	})
}

// TestAnswersSweepToldAnother: the binding of a row whose SubsId another row was
// told is not passed over as that row's: the row is not called not bound.
func TestAnswersSweepToldAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		id := ""
		n.binder = swapped(n.client, "13800138000", "13800138001", &id, func(b *aliyun.BindAxgResult) (*aliyun.BindAxgResult, error) { return b, nil })
		input := "PhoneNoA,GroupId,Expiration\n13800138009,1,2099-01-31 23:59:59\n13800138000,1,2099-01-31 23:59:59\n13800138001,1,2099-01-31 23:59:59\n"
		rows, _, _ := n.run(t, t.Context(), input)
		stands(t, rows[1:], "BOUND OK "+id, "UNKNOWN client.IdTwice")
		swept, rows, _ := n.sweep(t, input, n.everyNumber(), true)
		stands(t, rows[1:], "BOUND OK "+id, "UNKNOWN client.IdTwice")
		if swept.Absent != 0 || !strings.Contains(rows[2].Reason, id+" ") {
			t.Errorf("%+v %s", swept, rows[2].Reason)
		}
		if rows, _, calls := n.run(t, t.Context(), input); calls != 0 {
			t.Errorf("sent again: %+v", rows)
		}
	})
}
