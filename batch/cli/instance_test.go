package cli_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
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

// TestInstanceChanged: who answers when the first call is to leave has to be who did
// when the journal was chosen: else it would be recorded where nobody looks for it.
func TestInstanceChanged(t *testing.T) {
	t.Parallel()
	const one, other, nameless = "00000000000000a1", "00000000000000b2", ""
	for _, test := range []struct {
		name        string
		first, then string
		status      int
	}{
		{"the same simulator", one, one, 0},
		{"the service", nameless, nameless, 0},
		{"another simulator", one, other, 10},
		{"a simulator in the place of the service", nameless, one, 10},
		{"the service in the place of a simulator", one, nameless, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			played, sim := play(t, simulator.Options{})
			answers := make(chan string, 2)
			answers <- test.first
			answers <- test.then
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodHead {
					played.ServeHTTP(w, r)
					return
				}
				if name := <-answers; name != "" {
					w.Header().Set(simulator.InstanceHeader, name)
				}
			}))
			defer server.Close()
			defer close(answers) // whoever asks once more is told nothing
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
			began := photograph(t, memory(t))
			args := []string{"bind", in, "--endpoint", server.URL, "--pool-key", testPool, "--progress", "none"}
			got := axgbind(t, args...).want(t, test.status)
			if test.status == 0 {
				if n := len(sim.bindings()); n != 3 {
					t.Errorf("%d bindings live", n)
				}
				return
			}
			got.says(t, "nothing was sent", "run the same command again")
			if n := sim.calls(); n > 0 {
				t.Errorf("%d calls", n)
			}
			if left := files(t, dir); len(left) != 1 {
				t.Errorf("left %q", left)
			}
			if after := photograph(t, memory(t)); !maps.Equal(began, after) {
				t.Errorf("the journals' folder had %q, and has %q", slices.Collect(maps.Keys(began)), slices.Collect(maps.Keys(after)))
			}
			answers <- test.then
			answers <- test.then
			axgbind(t, args...).want(t, 0) // the cure
			if n := len(sim.bindings()); n != 3 {
				t.Errorf("%d bindings live", n)
			}
		})
	}
}
