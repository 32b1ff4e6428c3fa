package simulator_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func listen(t *testing.T, s *simulator.Service, useTLS bool) (*simulator.Server, *http.Client) {
	t.Helper()
	srv, err := simulator.Listen(s, "127.0.0.1:0", useTLS)
	if err != nil {
		t.Fatal(err)
	}
	client := clientOf(t, srv)
	t.Cleanup(func() {
		client.CloseIdleConnections()
		if err := srv.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		if err := srv.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
		if useTLS {
			if _, err := os.Stat(srv.CertFile()); !os.IsNotExist(err) {
				t.Errorf("the certificate is still there: %v", err)
			}
		}
	})
	return srv, client
}

func clientOf(tb testing.TB, srv *simulator.Server) *http.Client {
	tb.Helper()
	tr := &http.Transport{MaxIdleConnsPerHost: 256}
	if srv.CertFile() != "" {
		pem, err := os.ReadFile(srv.CertFile())
		if err != nil {
			tb.Fatal(err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			tb.Fatal("the certificate file holds none")
		}
		tr.TLSClientConfig = &tls.Config{RootCAs: roots}
		tr.ForceAttemptHTTP2 = true
	}
	return &http.Client{Transport: tr, Timeout: 20 * time.Second}
}

// to sends a request to a server; what is signed is the host in its URL.
func to(srv *simulator.Server, r *http.Request) *http.Request {
	r.Host = r.URL.Host
	scheme, host, _ := strings.Cut(srv.URL(), "://")
	r.URL.Scheme, r.URL.Host = scheme, host
	return r
}

func TestServer(t *testing.T) {
	for _, useTLS := range []bool{false, true} {
		name := map[bool]string{false: "http", true: "https"}[useTLS]
		t.Run(name, func(t *testing.T) {
			s := newService(t, simulator.Options{Numbers: 10, Faults: []simulator.Fault{{Kind: simulator.DropAfter, Action: "UnbindSubscription", P: 1}}})
			srv, client := listen(t, s, useTLS)
			if !strings.HasPrefix(srv.URL(), name+"://127.0.0.1:") || (srv.CertFile() != "") != useTLS {
				t.Errorf("URL %s, certificate %q", srv.URL(), srv.CertFile())
			}
			resp, err := client.Do(to(srv, bindCall()))
			if err != nil {
				t.Fatal(err)
			}
			if resp.ProtoMajor != 1 || resp.Header.Get("Content-Type") != "application/json;charset=utf-8" {
				t.Errorf("%s, %v", resp.Proto, resp.Header)
			}
			a := decode(t, resp)
			if a.Code != "OK" {
				t.Fatalf("%+v", a)
			}
			if id := resp.Header.Get("x-acs-request-id"); id != a.RequestId {
				t.Errorf("x-acs-request-id %q, RequestId %q", id, a.RequestId)
			}
			get := func(path string, v any) {
				t.Helper()
				resp, err := client.Get(srv.URL() + path)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				if err := json.NewDecoder(resp.Body).Decode(v); err != nil || resp.StatusCode != 200 {
					t.Fatalf("%s: %d %v", path, resp.StatusCode, err)
				}
			}
			var bindings []simulator.Binding
			get("/simulator/bindings", &bindings)
			if diff := cmp.Diff(s.Bindings(), bindings); diff != "" || len(bindings) != 1 {
				t.Error(diff)
			}
			var numbers []simulator.Number
			get("/simulator/numbers", &numbers)
			if diff := cmp.Diff(s.Numbers(), numbers); diff != "" || len(numbers) != 10 {
				t.Error(diff)
			}
			cut := look("UnbindSubscription", "SubsId", a.SecretBindDTO.SubsId, "SecretNo", a.SecretBindDTO.SecretNo)
			if _, err := client.Do(to(srv, cut)); err == nil {
				t.Error("drop-after gave an answer")
			}
			if n := len(s.Bindings()); n != 0 {
				t.Errorf("drop-after did not execute: %d bindings", n)
			}
			var stats simulator.Stats
			get("/simulator/stats", &stats)
			if diff := cmp.Diff(s.Stats(), stats); diff != "" || stats.Connections != 2 || stats.Calls != 2 {
				t.Errorf("%+v %s", stats, diff)
			}
		})
	}
}

func TestInspectIsJSONOfTheContract(t *testing.T) {
	s := newService(t, simulator.Options{Cities: []simulator.CityNumbers{{City: "北京", N: 1}}})
	get := func(method, path string) string {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		text, _ := io.ReadAll(w.Result().Body)
		return strings.TrimSpace(string(text))
	}
	if got := get("GET", "/simulator/bindings"); got != "[]" {
		t.Errorf("bindings: %s", got)
	}
	if got := get("GET", "/simulator/numbers"); got != `[{"SecretNo":"17100000000","City":"北京","State":"free"}`+"\n]" {
		t.Errorf("numbers: %s", got)
	}
	if got := get("GET", "/simulator/stats"); got != `{"calls":0,"actions":{},"codes":{},"faults":{},"connections":0,"max_per_second":0,"nonce_reused":0}` {
		t.Errorf("stats: %s", got)
	}
	a := serve(t, s, bindCall("Expiration", "2099-01-31 00:00:00", "OutId", "<&>"))
	want := `[{"SubsId":"1000000000000001","SecretNo":"17100000000","PhoneNoA":"13800138000","PhoneNoB":"","GroupId":"2000000000001",` +
		`"Expiration":"2099-01-31 00:00:00","OutId":"<&>","RequestId":"` + a.RequestId + `"}` + "\n]"
	if got := get("GET", "/simulator/bindings"); got != want {
		t.Errorf("bindings: %s, want %s", got, want)
	}
	if got := get("POST", "/simulator/bindings"); got != "only GET" {
		t.Errorf("POST: %s", got)
	}
	if got := get("GET", "/simulator/"); !strings.Contains(got, "stats") {
		t.Errorf("no such path: %s", got)
	}
}

func TestListenRefusesTheWorld(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 1})
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:0", "127.0.0.1", ""} {
		if srv, err := simulator.Listen(s, addr, false); err == nil {
			srv.Close()
			t.Errorf("%q: listening on %s", addr, srv.URL())
		}
	}
	srv, err := simulator.Listen(s, "localhost:0", false)
	if err != nil {
		t.Fatal(err)
	}
	srv.Close()
}

// A server of the caller's own has its waits ended by the service's Close.
func TestForeignServer(t *testing.T) {
	s := newService(t, simulator.Options{Numbers: 10, Latency: time.Hour})
	srv := httptest.NewUnstartedServer(s)
	srv.Config.ConnState = s.ConnState
	srv.Start()
	done := make(chan error)
	go func() {
		r := bindCall()
		r.Host = r.URL.Host
		r.URL.Host = srv.Listener.Addr().String()
		_, err := srv.Client().Do(r)
		done <- err
	}()
	for s.Stats().Calls == 0 {
		runtime.Gosched()
	}
	s.Close()
	if err := <-done; err == nil {
		t.Error("a call cut by Close has an answer")
	}
	srv.Close()
	if st := s.Stats(); st.Connections != 1 {
		t.Errorf("%d connections", st.Connections)
	}
}
