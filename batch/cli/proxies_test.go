package cli_test

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"axgbind/aliyun/simulator"
)

// real makes a simulator answer as the real service: through a tunnel that does not
// tell what is at its end. The journal of such runs is the real one.
func (s *service) real() *service {
	s.t.Helper()
	server := s.tunnel("127.0.0.1:0")
	s.url = server.URL
	return s
}

// proxy passes requests on to a simulator.
func (s *service) proxy() *httputil.ReverseProxy {
	s.t.Helper()
	to, err := url.Parse(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to) // the host that was signed stays
	proxy.ErrorLog = log.New(io.Discard, "", 0)     // of callers that were killed
	return proxy
}

// hold lets n calls through to the service and keeps those after them waiting until
// letGo, so that a test finds them under way however busy the machine is.
func (s *service) hold(n int64) (letGo func()) {
	s.t.Helper()
	proxy, open := s.proxy(), make(chan struct{})
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/simulator/") && calls.Add(1) > n {
			select {
			case <-open:
			case <-r.Context().Done():
			}
		}
		proxy.ServeHTTP(w, r)
	}))
	s.url = server.URL
	letGo = sync.OnceFunc(func() { close(open) })
	s.t.Cleanup(func() {
		letGo()
		server.Close()
	})
	return letGo
}

// tunnel leads from an address to a simulator, and does not tell that it is one.
func (s *service) tunnel(address string) *httptest.Server {
	s.t.Helper()
	proxy := s.proxy()
	proxy.ModifyResponse = func(r *http.Response) error {
		r.Header.Del(simulator.InstanceHeader)
		return nil
	}
	server := httptest.NewUnstartedServer(proxy)
	server.Listener.Close()
	var err error
	if server.Listener, err = net.Listen("tcp", address); err != nil {
		s.t.Fatal(err)
	}
	server.Start()
	s.t.Cleanup(server.Close)
	return server
}
