package aliyun_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
)

// late are credentials that take a while.
type late struct {
	aliyun.Credentials
	takes time.Duration
}

func (l *late) Credential(ctx context.Context) (aliyun.Credential, error) {
	time.Sleep(l.takes)
	return l.Credentials.Credential(ctx)
}

// TestIntent: no byte of a call leaves a second or more after its intent was durable,
// whatever it waited for, and a connection that came too late serves the next.
func TestIntent(t *testing.T) {
	for _, c := range []struct {
		name            string
		intent, key     time.Duration // how old the intent is, and how long a key takes
		dial            time.Duration
		sent, tooOld    bool
		took, tookAgain time.Duration
	}{
		{"at once", 0, 0, 0, true, false, 0, 0},
		{"just in time", 0, 500 * time.Millisecond, 499 * time.Millisecond, true, false, 999 * time.Millisecond, 500 * time.Millisecond},
		{"it was written long ago", time.Second, 0, 0, false, true, 0, 0},
		{"the key takes long", 0, time.Second, 0, false, true, time.Second, 0},
		{"the connection takes long", 0, 0, 1500 * time.Millisecond, false, false, time.Second, 500 * time.Millisecond},
		{"both do", 0, 500 * time.Millisecond, 700 * time.Millisecond, false, false, time.Second, 500 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				service, err := simulator.New(simulator.Options{Numbers: 10})
				if err != nil {
					t.Fatal(err)
				}
				defer service.Close()
				door := simulator.NewInProcess(service)
				defer door.Close()
				var dials atomic.Int32
				key := &late{aliyun.Static(aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret"}), c.key}
				client := newClient(t, aliyun.Options{Endpoint: door.URL(), Credentials: key, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
					dials.Add(1)
					time.Sleep(c.dial)
					return door.DialContext(ctx, network, address)
				}})
				defer client.Close()
				r := &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13800138000", GroupID: 1, Expiration: time.Now().Add(time.Hour)}
				began := time.Now()
				r.Intent = aliyun.Intend(began)
				time.Sleep(c.intent)
				began = time.Now()
				_, err = client.BindAxg(t.Context(), r)
				var e *aliyun.Error
				switch took := time.Since(began); {
				case took != c.took:
					t.Errorf("it took %v, want %v", took, c.took)
				case c.sent != (err == nil):
					t.Errorf("the error is %v", err)
				case err != nil && (!errors.As(err, &e) || e.Code != aliyun.CodeNotSent || e.Written || errors.Is(err, aliyun.ErrTooOld) != c.tooOld):
					t.Errorf("the error is %+v", err)
				}
				if n := service.Stats().Calls; n > 0 != c.sent {
					t.Errorf("%d calls arrived", n)
				}
				if c.tooOld {
					return
				}
				r.PhoneNoA, r.Intent, began = "13800138001", aliyun.Intend(time.Now()), time.Now()
				if _, err := client.BindAxg(t.Context(), r); err != nil || time.Since(began) != c.tookAgain {
					t.Errorf("the next took %v: %v", time.Since(began), err)
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

// sink is a connection that takes all.
type sink struct{ net.Conn }

func (sink) Write(p []byte) (int, error) { return len(p), nil }

// TestIntentSigns: the signature has the time of the intent.
func TestIntentSigns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service, err := simulator.New(simulator.Options{Numbers: 10})
		if err != nil {
			t.Fatal(err)
		}
		defer service.Close()
		door := simulator.NewInProcess(service)
		defer door.Close()
		client := newClient(t, aliyun.Options{Endpoint: door.URL(), Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret"}), DialContext: door.DialContext})
		defer client.Close()
		for ago, code := range map[time.Duration]string{14 * time.Minute: "", 16 * time.Minute: "InvalidTimeStamp.Expired"} {
			r := &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13800138000", GroupID: 1, Expiration: time.Now().Add(time.Hour), Intent: aliyun.Intend(time.Now().Add(-ago))}
			_, err := client.BindAxg(t.Context(), r)
			var e *aliyun.Error
			if got := errors.As(err, &e); got != (code != "") || got && e.Code != code {
				t.Errorf("signed %v ago: %v", ago, err)
			}
		}
	})
}

// TestIntentAtTheWrite: the clocks are looked at last when a byte is to be written.
func TestIntentAtTheWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := aliyun.Intend(time.Now())
		time.Sleep(time.Second)
		if n, refused, err := aliyun.WriteOf(sink{}, old); n != 0 || !refused || !errors.Is(err, aliyun.ErrTooOld) {
			t.Errorf("%d bytes, refused %v, %v", n, refused, err)
		}
	})
}
