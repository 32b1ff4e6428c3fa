package cli_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"axgbind/aliyun/simulator"
	"axgbind/batch/cli"
)

// TestInstanceOf: a simulator on loopback is known by its name, and nothing else is
// taken for one.
func TestInstanceOf(t *testing.T) {
	t.Parallel()
	const id = "0123456789abcdef"
	served := func(useTLS bool) string {
		s, err := simulator.New(simulator.Options{Instance: id})
		if err != nil {
			t.Fatal(err)
		}
		server, err := simulator.Listen(s, "127.0.0.1:0", useTLS)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { server.Close(); s.Close() })
		return server.URL()
	}
	answering := func(h http.HandlerFunc) string {
		server := httptest.NewServer(h)
		t.Cleanup(server.Close)
		return server.URL
	}
	plain, secure := served(false), served(true)
	asked := make(chan *http.Request, 1)
	for _, test := range []struct{ name, endpoint, want string }{
		{"a simulator", plain, id},
		{"by name", strings.Replace(plain, "127.0.0.1", "localhost", 1), id},
		{"with TLS", secure, id},
		{"a tunnel", answering(func(w http.ResponseWriter, r *http.Request) {
			asked <- r
			w.WriteHeader(http.StatusForbidden)
		}), ""},
		{"a name of another form", answering(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(simulator.InstanceHeader, "../../etc") }), ""},
		{"a redirect to a simulator", answering(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, plain, http.StatusFound) }), ""},
		{"cut", answering(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), ""},
		{"nobody", "http://127.0.0.1:" + noDial(t), ""},
		{"the service", "https://dyplsapi.aliyuncs.com", ""},
	} {
		if got, err := cli.InstanceOf(t.Context(), test.endpoint); got != test.want || err != nil {
			t.Errorf("%s: %q, %v, want %q", test.name, got, err, test.want)
		}
	}
	if r := <-asked; r.Method != http.MethodHead || r.URL.RawQuery != "" || r.Header.Get("Authorization") != "" || r.ContentLength > 0 {
		t.Errorf("asked by %s %s", r.Method, r.URL)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := cli.InstanceOf(ended, plain); err == nil {
		t.Error("asked in spite of a signal")
	}
	if got, err := cli.InstanceOf(ended, "https://dyplsapi.aliyuncs.com"); got != "" || err != nil { // nothing is asked there
		t.Errorf("the service: %q, %v", got, err)
	}
}

// TestInstanceSilent: who accepts and never answers may be a simulator that stands
// still, so it is not taken for the service.
func TestInstanceSilent(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-done }))
	defer server.Close()
	defer close(done)
	if got, err := cli.InstanceOf(t.Context(), server.URL); got != "" || cli.StatusOf(err) != 10 {
		t.Errorf("%q, %v", got, err)
	}
}
