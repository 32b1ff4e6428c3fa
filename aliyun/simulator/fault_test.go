package simulator_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"

	"github.com/google/go-cmp/cmp"
)

// inProcess runs f in fake time with a client of a service behind pipes, and
// fails the test if anything outlives the close.
func inProcess(t *testing.T, o simulator.Options, f func(t *testing.T, s *simulator.Service, c *http.Client, p *simulator.InProcess)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, o)
		p := simulator.NewInProcess(s)
		tr := p.Transport()
		f(t, s, &http.Client{Transport: tr}, p)
		tr.CloseIdleConnections()
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
}

const latency = 80 * time.Millisecond

func TestFaults(t *testing.T) {
	tests := []struct {
		kind     simulator.FaultKind
		status   int    // 0: the connection is cut
		code     string // "" with a status: a page
		min, max time.Duration
		bound    time.Duration // -1: never; else it exists this long after the start, and not just before it was possible
	}{
		{"flow-limit", 200, "isv.FLOW_LIMIT", latency, latency, -1},
		{"throttling", 400, "Throttling.User", latency, latency, -1},
		{"system-error", 200, "isp.SYSTEM_ERROR", latency, latency, -1},
		{"system-error-executed", 200, "isp.SYSTEM_ERROR", latency, latency, latency},
		{"http-503", 503, "", latency, latency, -1},
		{"http-503-executed", 503, "", latency, latency, latency},
		{"drop-before", 0, "", 0, latency, -1},
		{"drop-after", 0, "", latency, latency, latency},
		{"drop-late", 0, "", 0, 0, 12 * time.Second},
		{"slow", 200, "OK", 30 * time.Second, 30 * time.Second, 30 * time.Second},
		{"id-twice", 200, "OK", latency, latency, latency},
		{"id-twice-any", 200, "OK", latency, latency, latency},
		{"ram-deny", 200, "isp.RAM_PERMISSION_DENY", latency, latency, -1},
		{"code:isv.OUT_OF_SERVICE", 200, "isv.OUT_OF_SERVICE", latency, latency, -1},
		{"code-executed:isv.VENDOR_BIND_FAILED", 200, "isv.VENDOR_BIND_FAILED", latency, latency, latency},
		{"code:Throttling.Api", 400, "Throttling.Api", latency, latency, -1},
		{"code:ServiceUnavailable", 503, "ServiceUnavailable", latency, latency, -1},
		{"code:InternalError", 500, "InternalError", latency, latency, -1},
		{"code:Forbidden.RAM", 403, "Forbidden.RAM", latency, latency, -1},
		{"code:InvalidSecurityToken.Expired:401", 401, "InvalidSecurityToken.Expired", latency, latency, -1},
		{"code:isp.GATEWAY_ERROR:500", 500, "isp.GATEWAY_ERROR", latency, latency, -1},
		{"code:FlowLimited:400", 400, "FlowLimited", latency, latency, -1},
		{"code-executed:POOLKEY_NOT_EXIST:200", 200, "POOLKEY_NOT_EXIST", latency, latency, latency},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind), func(t *testing.T) {
			f, err := simulator.ParseFault(string(tt.kind) + "=1")
			if err != nil {
				t.Fatal(err)
			}
			o := simulator.Options{Numbers: 10, Latency: latency, Faults: []simulator.Fault{f}}
			inProcess(t, o, func(t *testing.T, s *simulator.Service, c *http.Client, p *simulator.InProcess) {
				start := time.Now()
				r := bindCall()
				r.URL.Host = "127.0.0.1"
				resp, err := c.Do(r)
				if took := time.Since(start); took < tt.min || took > tt.max {
					t.Errorf("took %v, want %v to %v", took, tt.min, tt.max)
				}
				codes := map[string]int64{}
				switch {
				case tt.status == 0:
					if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
						t.Errorf("err is %v, want EOF", err)
					}
				case err != nil:
					t.Fatal(err)
				case tt.code == "":
					text, _ := io.ReadAll(resp.Body)
					resp.Body.Close()
					if resp.StatusCode != tt.status || !strings.HasPrefix(string(text), "<html>") || resp.Header.Get("Content-Type") != "text/html" {
						t.Errorf("%d %s", resp.StatusCode, text)
					}
				default:
					limits := resp.Header["X-Ratelimit-User"]
					if (len(limits) == 1 && strings.Contains(limits[0], "TimeLeft:1000")) != (tt.kind == "throttling") {
						t.Errorf("X-RateLimit-User: %q", limits)
					}
					codes[tt.code] = 1
					a := decode(t, resp)
					if a.Status != tt.status || a.Code != tt.code || a.Message == "" || (a.HostId != "") != (a.Status != 200) {
						t.Errorf("%+v, want %d %s", a, tt.status, tt.code)
					}
				}
				if tt.kind == "drop-late" {
					time.Sleep(12*time.Second - time.Nanosecond)
					if n := len(s.Bindings()); n != 0 {
						t.Errorf("executed before 12 s were over")
					}
					time.Sleep(time.Nanosecond)
				}
				synctest.Wait()
				want := 0
				if tt.bound >= 0 {
					want = 1
				}
				if n := len(s.Bindings()); n != want {
					t.Errorf("%d bindings, want %d", n, want)
				}
				time.Sleep(time.Hour / 2)
				if n := len(s.Bindings()); n != want {
					t.Errorf("%d bindings half an hour later, want %d", n, want)
				}
				stats := simulator.Stats{Calls: 1, Actions: map[string]int64{"BindAxg": 1}, Codes: codes,
					Faults: map[string]int64{string(tt.kind): 1}, Connections: 1, MaxPerSecond: 1}
				if diff := cmp.Diff(stats, s.Stats()); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// Close ends waits at once and what was to be executed later is not.
func TestCloseEndsWaits(t *testing.T) {
	for _, kind := range []simulator.FaultKind{simulator.Slow, simulator.DropLate, simulator.DropBefore, ""} {
		o := simulator.Options{Numbers: 10, Latency: time.Hour}
		if kind != "" {
			o.Faults = []simulator.Fault{{Kind: kind, P: 1}}
		}
		inProcess(t, o, func(t *testing.T, s *simulator.Service, c *http.Client, p *simulator.InProcess) {
			done := make(chan error)
			go func() {
				_, err := c.Do(bindCall())
				done <- err
			}()
			time.Sleep(time.Millisecond)
			start := time.Now()
			if kind == simulator.DropLate {
				<-done
				p.Close()
			} else {
				p.Close()
				if err := <-done; err == nil {
					t.Error("a call cut by Close has an answer")
				}
			}
			if took := time.Since(start); took != 0 {
				t.Errorf("%s: Close took %v", kind, took)
			}
			time.Sleep(2 * time.Hour)
			if n := len(s.Bindings()); n != 0 {
				t.Errorf("%s: executed after Close", kind)
			}
			if _, err := c.Do(bindCall()); err == nil {
				t.Error("a server that has ended lets a call in")
			}
		})
	}
}

// A caller that gives up does not undo its call.
func TestExecutedWithoutACaller(t *testing.T) {
	o := simulator.Options{Numbers: 10, Latency: 10 * time.Second, Jitter: 5 * time.Second}
	inProcess(t, o, func(t *testing.T, s *simulator.Service, c *http.Client, p *simulator.InProcess) {
		c.Timeout = 100 * time.Millisecond
		if _, err := c.Do(bindCall()); err == nil {
			t.Fatal("no timeout")
		}
		time.Sleep(15 * time.Second)
		if n := len(s.Bindings()); n != 1 {
			t.Errorf("%d bindings, want 1", n)
		}
	})
}

// The moment of execution is spread over the service time, the service time
// over latency and jitter.
func TestMoments(t *testing.T) {
	const n = 400
	o := simulator.Options{Numbers: n, Latency: time.Second, Jitter: time.Second}
	inProcess(t, o, func(t *testing.T, s *simulator.Service, c *http.Client, p *simulator.InProcess) {
		start := time.Now()
		var mu sync.Mutex
		var early, late int
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				resp, err := c.Do(bindCall())
				if err != nil {
					t.Error(err)
					return
				}
				decode(t, resp)
				mu.Lock()
				defer mu.Unlock()
				switch took := time.Since(start); {
				case took < time.Second || took >= 2*time.Second:
					t.Errorf("took %v", took)
				case took < 1500*time.Millisecond:
					early++
				default:
					late++
				}
			})
		}
		time.Sleep(750 * time.Millisecond)
		if done := len(s.Bindings()); done < n*40/100 || done > n*62/100 {
			t.Errorf("%d of %d executed after half the mean service time", done, n)
		}
		wg.Wait()
		if early < n*40/100 || late < n*40/100 {
			t.Errorf("%d early, %d late", early, late)
		}
	})
}

// Many callers and every kind of trouble at once: what exists is what was
// answered OK plus what the faults say was executed, each X once.
func TestManyCallers(t *testing.T) {
	const n = 600
	o := simulator.Options{Numbers: 5000, Latency: latency, Jitter: latency, Seed: 5}
	for _, kind := range []simulator.FaultKind{simulator.FlowLimit, simulator.Throttling, simulator.SystemError, simulator.SystemErrorExecuted,
		simulator.HTTP503, simulator.HTTP503Executed, simulator.DropBefore, simulator.DropAfter, simulator.DropLate, simulator.Slow, simulator.RAMDeny} {
		o.Faults = append(o.Faults, simulator.Fault{Kind: kind, P: 0.08})
	}
	inProcess(t, o, func(t *testing.T, s *simulator.Service, c *http.Client, p *simulator.InProcess) {
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				if resp, err := c.Do(bindCall()); err == nil {
					io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
			})
		}
		wg.Wait()
		time.Sleep(12 * time.Second)
		synctest.Wait()
		st := s.Stats()
		want := st.Codes["OK"] // slow ones are among them
		for _, kind := range []string{"system-error-executed", "http-503-executed", "drop-after", "drop-late"} {
			want += st.Faults[kind]
		}
		bindings := s.Bindings()
		xs := map[string]bool{}
		for _, b := range bindings {
			xs[b.SecretNo] = true
		}
		if int64(len(bindings)) != want || len(xs) != len(bindings) || st.Calls != n || len(st.Faults) != 11 {
			t.Errorf("%d bindings on %d numbers, want %d: %+v", len(bindings), len(xs), want, st)
		}
	})
}

func TestFaultProbabilityAndOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 3000, Faults: []simulator.Fault{
			{Kind: simulator.RAMDeny, Action: "QuerySubsId", P: 1},
			{Kind: simulator.Throttling, P: 0.25},
			{Kind: simulator.FlowLimit, Action: "*", P: 0.5},
			{Kind: simulator.SystemError, Action: "BindAxg", P: 0},
		}})
		got := map[string]int{}
		for range 2000 {
			got[serve(t, s, bindCall()).Code]++
		}
		for code, want := range map[string]int{"Throttling.User": 500, "isv.FLOW_LIMIT": 750, "OK": 750} {
			if n := got[code]; n < want-100 || n > want+100 {
				t.Errorf("%s: %d of 2000, want about %d", code, n, want)
			}
		}
		if n := len(s.Bindings()); n != got["OK"] {
			t.Errorf("%d bindings, %d OK", n, got["OK"])
		}
		if code := serve(t, s, look("QuerySubsId", "PhoneNoX", "17100000000")).Code; code != "isp.RAM_PERMISSION_DENY" {
			t.Errorf("look-up: %s", code)
		}
	})
}

func TestQPS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, simulator.Options{Numbers: 1000, QPS: 100, LookupQPS: 3})
		accepted := func(n int) (ok int) {
			for range n {
				switch a := serve(t, s, bindCall()); a.Code {
				case "OK":
					ok++
				case "isv.FLOW_LIMIT":
					if a.Status != 200 {
						t.Errorf("status %d", a.Status)
					}
				default:
					t.Fatal(a.Code)
				}
			}
			return ok
		}
		steps := []struct {
			wait time.Duration
			n    int
			want int
		}{
			{0, 60, 60},
			{500 * time.Millisecond, 60, 40},
			{500*time.Millisecond - time.Nanosecond, 10, 0}, // the first 60 are a nanosecond short of a second old
			{time.Nanosecond, 70, 60},
			{500 * time.Millisecond, 50, 40},
			{time.Second, 200, 100},
		}
		for i, st := range steps {
			time.Sleep(st.wait)
			if got := accepted(st.n); got != st.want {
				t.Errorf("step %d: %d accepted, want %d", i, got, st.want)
			}
		}
		var codes []string
		for range 4 {
			codes = append(codes, serve(t, s, look("QuerySubsId", "PhoneNoX", "17100000000")).Code)
		}
		if diff := cmp.Diff([]string{"OK", "OK", "OK", "isv.FLOW_LIMIT"}, codes); diff != "" {
			t.Error(diff)
		}
		// 200 + 4 arrived at the last moment, refused ones included
		if n := s.Stats().MaxPerSecond; n != 204 {
			t.Errorf("max_per_second is %d, want 204", n)
		}
	})
}

func TestParseFault(t *testing.T) {
	good := map[string]simulator.Fault{
		"throttling=0.1":                          {Kind: simulator.Throttling, P: 0.1},
		"drop-late@BindAxg=1":                     {Kind: simulator.DropLate, Action: "BindAxg", P: 1},
		"slow@*=0":                                {Kind: simulator.Slow, Action: "*"},
		"code:isp.DAO_EXCEPTION=1e-3":             {Kind: "code:isp.DAO_EXCEPTION", P: 0.001},
		"code-executed:X:503@QuerySubsId=0.5":     {Kind: "code-executed:X:503", Action: "QuerySubsId", P: 0.5},
		"http-503-executed@UnbindSubscription=.5": {Kind: simulator.HTTP503Executed, Action: "UnbindSubscription", P: 0.5},
	}
	for text, want := range good {
		got, err := simulator.ParseFault(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		if again, err := simulator.ParseFault(got.String()); err != nil || again != got {
			t.Errorf("%s: printed as %s, read as %+v, %v", text, got, again, err)
		}
	}
	bad := map[string]string{
		"throttling":              "KIND=P",
		"":                        "drop-before, drop-after, drop-late",
		"drop=1":                  "flow-limit, throttling, system-error",
		"slow=1.5":                "0 to 1",
		"slow=-1":                 "0 to 1",
		"slow=NaN":                "0 to 1",
		"slow=often":              "not a number",
		"slow=":                   "not a number",
		"slow@=1":                 "no action",
		"slow@bindaxg=1":          "BindAxg, QuerySubsId, QuerySubscriptionDetail, QuerySecretNoDetail, UnbindSubscription",
		"code:=1":                 "names no code",
		"code:a b=1":              "letters",
		"code:A:99=1":             "200 to 599",
		"code:A:x=1":              "200 to 599",
		"code-executed:A:600=0.1": "200 to 599",
	}
	for text, want := range bad {
		if f, err := simulator.ParseFault(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v, want an error with %q", text, f, err, want)
		}
	}
}
