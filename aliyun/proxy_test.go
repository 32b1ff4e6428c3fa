package aliyun_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"axgbind/aliyun"
)

// TestProxy runs itself again under HTTPS_PROXY, because net/http reads that
// variable once a process. The call goes to a name that exists nowhere, by a
// CONNECT proxy on loopback that leads to a TLS server.
func TestProxy(t *testing.T) {
	if os.Getenv("AXGBIND_TEST_PROXIED") != "" {
		proxied(t)
		return
	}
	var arrived atomic.Int32
	s, _ := secured(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if arrived.Add(1); r.URL.Query().Get("OutId") == "hang up" {
			panic(http.ErrAbortHandler)
		}
		io.WriteString(w, bound)
	}))
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "CONNECT" || !strings.HasPrefix(r.Host, "example.com:") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		there, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		defer there.Close()
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer here.Close()
		io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		var both sync.WaitGroup
		both.Go(func() { io.Copy(there, here); there.Close() })
		both.Go(func() { io.Copy(here, there); here.Close() })
		both.Wait()
	})
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0], "-test.run=^TestProxy$", "-test.v")
	child.Env = append(os.Environ(), "AXGBIND_TEST_PROXIED="+root, "AXGBIND_TEST_VIA="+proxy.URL)
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if n := arrived.Load(); n != 2 {
		t.Errorf("%d requests arrived, want 2", n)
	}
}

func proxied(t *testing.T) {
	os.Setenv("HTTPS_PROXY", os.Getenv("AXGBIND_TEST_VIA"))
	o := aliyun.Options{Endpoint: "https://example.com", DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if !strings.HasPrefix(addr, "127.0.0.1:") { // whatever goes wrong, no test leaves this machine
			return nil, errors.New("not loopback")
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}}
	root, err := os.ReadFile(os.Getenv("AXGBIND_TEST_PROXIED"))
	if err != nil {
		t.Fatal(err)
	}
	o.RootCAs = x509.NewCertPool()
	o.RootCAs.AppendCertsFromPEM(root)
	c := newClient(t, o)
	if _, err := c.BindAxg(context.Background(), fullRequest()); err != nil {
		t.Fatal(err)
	}
	r := fullRequest()
	r.OutID = "hang up"
	result, err := c.BindAxg(context.Background(), r)
	wantError(t, result, err, "client.ConnectionLost", aliyun.Ambiguous, true)

	// The proxy refuses this one: CONNECT is no byte of the request.
	through := strings.TrimPrefix(os.Getenv("AXGBIND_TEST_VIA"), "http://")
	o.Endpoint = "https://other.example.com"
	result, err = newClient(t, o).BindAxg(context.Background(), fullRequest())
	refused := wantError(t, result, err, "client.NotSent", aliyun.NotSent, false)
	if want := "proxy-refuses at " + through + ": HTTP 403"; refused.Message != want {
		t.Errorf("%q, want %q", refused.Message, want)
	}

	// Reaching it is one connection of which the service sees no request.
	o.Endpoint = "https://example.com"
	if err := newClient(t, o).Reach(context.Background()); err != nil {
		t.Error(err)
	}

	// Nor are the handshakes, with the proxy's blessing but no trust.
	o.RootCAs = nil
	result, err = newClient(t, o).BindAxg(context.Background(), fullRequest())
	wantError(t, result, err, "client.NotSent", aliyun.NotSent, false)

	var e *aliyun.Error
	if !errors.As(err, &e) || !strings.Contains(e.Err.Error(), "not trusted") || e.Network.Proxy != through || !e.Network.Cause.Lasts() {
		t.Errorf("%v, %q", err, e.Network)
	}
}
