package aliyun_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/netcause"
)

// dialFunc is how a test makes connections of its own.
type dialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// brokenConn fails to write after so many bytes.
type brokenConn struct {
	net.Conn
	left int
}

func (c *brokenConn) Write(p []byte) (int, error) {
	if len(p) <= c.left {
		c.left -= len(p)
		return c.Conn.Write(p)
	}
	n, _ := c.Conn.Write(p[:c.left])
	c.left = 0
	return n, &net.OpError{Op: "write", Net: "tcp", Err: syscall.ECONNRESET}
}

// TestNoAnswer: how calls end that get no answer, and whether any byte of the
// request went out before.
func TestNoAnswer(t *testing.T) {
	hangUp := func(linger int) func(net.Conn) { // read a whole request, then close
		return func(c net.Conn) {
			http.ReadRequest(bufio.NewReader(c))
			if tcp, ok := c.(*net.TCPConn); ok {
				tcp.SetLinger(linger)
			}
		}
	}
	plain := func(t *testing.T, s *tcpServer) aliyun.Options { return aliyun.Options{Endpoint: "http://" + s.addr} }
	for _, v := range []struct {
		name    string
		server  func(net.Conn)
		options func(t *testing.T, s *tcpServer) aliyun.Options
		code    string
		written bool
		is      error
		network string
	}{
		{"closed after the request", hangUp(-1), plain, "client.ConnectionLost", true, io.EOF, ""},
		{"reset after the request", hangUp(0), plain, "client.ConnectionLost", true, nil, ""},
		{"not HTTP", func(c net.Conn) {
			http.ReadRequest(bufio.NewReader(c))
			io.WriteString(c, "220 mail for 13900001111 ready\r\n")
		}, plain, "client.BadAnswer", true, nil, ""},
		{"cut in the headers", func(c net.Conn) {
			http.ReadRequest(bufio.NewReader(c))
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-")
		}, plain, "client.BadAnswer", true, nil, ""},
		{"refused", nil, func(t *testing.T, s *tcpServer) aliyun.Options {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			l.Close()
			return aliyun.Options{Endpoint: "http://" + l.Addr().String()}
		}, "client.NotSent", false, syscall.ECONNREFUSED, "connection-refused"},
		{"name not found", nil, func(t *testing.T, s *tcpServer) aliyun.Options {
			return aliyun.Options{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: addr, IsNotFound: true}}
			}}
		}, "client.NotSent", false, nil, "name-not-found"},
		{"reset before any byte", hangUp(0), func(t *testing.T, s *tcpServer) aliyun.Options {
			return aliyun.Options{Endpoint: "http://" + s.addr, DialContext: breaking(0)}
		}, "client.NotSent", false, nil, ""}, // the reset may show as a closed connection
		{"reset after one byte", hangUp(0), func(t *testing.T, s *tcpServer) aliyun.Options {
			return aliyun.Options{Endpoint: "http://" + s.addr, DialContext: breaking(1)}
		}, "client.ConnectionLost", true, nil, ""}, // likewise
		{"TLS with a plain server", func(c net.Conn) { io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") },
			func(t *testing.T, s *tcpServer) aliyun.Options { return aliyun.Options{Endpoint: "https://" + s.addr} },
			"client.NotSent", false, nil, "tls-handshake"},
		{"TLS hung up", func(net.Conn) {},
			func(t *testing.T, s *tcpServer) aliyun.Options { return aliyun.Options{Endpoint: "https://" + s.addr} },
			"client.NotSent", false, nil, "connection-cut"},
		{"no credentials", nil, func(t *testing.T, s *tcpServer) aliyun.Options {
			return aliyun.Options{Endpoint: "http://" + s.addr, Credentials: keyless{}}
		}, "client.NotSent", false, aliyun.ErrNoCredentials, ""},
		{"empty key", nil, func(t *testing.T, s *tcpServer) aliyun.Options {
			return aliyun.Options{Endpoint: "http://" + s.addr, Credentials: aliyun.Static(aliyun.Credential{})}
		}, "client.NotSent", false, aliyun.ErrNoCredentials, ""},
		{"key with a line break", nil, func(t *testing.T, s *tcpServer) aliyun.Options {
			return aliyun.Options{Endpoint: "http://" + s.addr, Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: "testid\n", AccessKeySecret: "s"})}
		}, "client.NotSent", false, nil, ""},
	} {
		t.Run(v.name, func(t *testing.T) {
			s := serveTCP(t, v.server)
			c := newClient(t, v.options(t, s))
			result, err := c.BindAxg(context.Background(), fullRequest())
			class := aliyun.Ambiguous
			if !v.written {
				class = aliyun.NotSent
			}
			e := wantError(t, result, err, v.code, class, v.written)
			if v.is != nil && !errors.Is(err, v.is) {
				t.Errorf("cause %v is not %v", e.Err, v.is)
			}
			if e.HTTPStatus != 0 {
				t.Errorf("HTTP status %d", e.HTTPStatus)
			}
			if network := e.Network.Cause.String(); network != v.network || e.Message != e.Network.String() {
				t.Errorf("the network's cause is %q, want %q; message %q", network, v.network, e.Message)
			}
		})
	}
}

// keyless has no key, wherever it looks.
type keyless struct{ aliyun.Credentials }

func (keyless) Credential(context.Context) (aliyun.Credential, error) {
	return aliyun.Credential{}, aliyun.ErrNoCredentials
}

// TestReach: it opens the connection that calls would have, and nothing is sent over it;
// what is in the way is told, and who listens hears of it.
func TestReach(t *testing.T) {
	var arrived atomic.Int32
	s, pool := secured(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived.Add(1)
		io.WriteString(w, bound)
	}))
	host := s.Listener.Addr().String()
	var heard []string
	o := aliyun.Options{Endpoint: s.URL, RootCAs: pool, Unreached: func(f netcause.Fault) { heard = append(heard, f.String()) }}
	c := newClient(t, o)
	if err := c.Reach(context.Background()); err != nil || len(heard) > 0 {
		t.Errorf("%v, heard %q", err, heard)
	}
	if _, err := c.BindAxg(context.Background(), fullRequest()); err != nil || arrived.Load() != 1 {
		t.Errorf("%v; %d requests arrived, want the one of the call", err, arrived.Load())
	}
	o.RootCAs = x509.NewCertPool()
	c = newClient(t, o)
	err := c.Reach(context.Background())
	want := "certificate-not-trusted at " + host
	var e *aliyun.Error
	if !errors.As(err, &e) || !strings.HasPrefix(e.Network.String(), want) || len(heard) != 1 || !strings.HasPrefix(heard[0], want) {
		t.Errorf("%v, heard %q, want %q", err, heard, want)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if err := c.Reach(ended); err == nil || len(heard) != 1 {
		t.Errorf("ended by its caller: %v, heard %q", err, heard)
	}
	if n := arrived.Load(); n != 1 {
		t.Errorf("%d requests arrived", n)
	}
}

// TestSlowDialNamed: a call that gives up before its connection fails names why an earlier
// one failed, and that none came in time while nothing is known.
func TestSlowDialNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := aliyun.Options{Endpoint: "https://example.com", DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			time.Sleep(1500 * time.Millisecond)
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.EHOSTUNREACH}
		}}
		c := newClient(t, o)
		defer c.Close()
		for _, want := range []string{"connect-timeout at example.com", "no-route at example.com"} {
			r := fullRequest()
			r.Intent = aliyun.Intend(time.Now())
			result, err := c.BindAxg(t.Context(), r)
			if e := wantError(t, result, err, "client.NotSent", aliyun.NotSent, false); e.Network.String() != want {
				t.Errorf("%q, want %q", e.Network, want)
			}
			time.Sleep(2 * time.Second)
		}
	})
}

func breaking(after int) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		return &brokenConn{c, after}, err
	}
}

// tcpServer plays a server that does not speak HTTP properly.
type tcpServer struct{ addr string }

// serveTCP runs handle on each connection and closes it afterwards.
func serveTCP(t *testing.T, handle func(net.Conn)) *tcpServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(all.Wait)
	t.Cleanup(func() { l.Close() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer c.Close()
				if handle != nil {
					handle(c)
				}
			})
		}
	})
	return &tcpServer{l.Addr().String()}
}

// secured starts a TLS server and returns it with a pool that trusts it.
func secured(t *testing.T, h http.Handler) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = quiet()
	s.StartTLS()
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s, pool
}

func TestTLS(t *testing.T) {
	var arrived atomic.Int32
	s, pool := secured(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if arrived.Add(1); r.ProtoMajor != 1 || r.Host == "" {
			t.Errorf("%s to %q", r.Proto, r.Host)
		}
		io.WriteString(w, bound)
	}))
	c := newClient(t, aliyun.Options{Endpoint: s.URL, RootCAs: pool})
	for range 3 {
		if _, err := c.BindAxg(context.Background(), fullRequest()); err != nil {
			t.Fatal(err)
		}
	}
	// A certificate that is not trusted: nothing of the request went out,
	// though the handshake did.
	c = newClient(t, aliyun.Options{Endpoint: s.URL})
	result, err := c.BindAxg(context.Background(), fullRequest())
	if e := wantError(t, result, err, "client.NotSent", aliyun.NotSent, false); !strings.Contains(e.Error(), "not trusted") {
		t.Error(e)
	}
	if n := arrived.Load(); n != 3 {
		t.Errorf("%d requests arrived, want 3", n)
	}
}

// TestNeverSentTwice: a server answers some calls of a connection, reads the
// next one whole and hangs up, or hangs up between calls. Whatever net/http
// makes of its reused connections, each call arrives at most once, a call
// that ends BOUND exactly once, and one that ends NotSent not at all.
func TestNeverSentTwice(t *testing.T) {
	for _, v := range []struct {
		name   string
		secure bool
		answer int  // calls answered on a connection
		read   bool // read one call more before hanging up
	}{
		{"close after reading", false, 1, true},
		{"close after reading the third", false, 2, true},
		{"close when idle", false, 1, false},
		{"TLS, close after reading", true, 1, true},
		{"TLS, close when idle", true, 2, false},
	} {
		t.Run(v.name, func(t *testing.T) {
			var mu sync.Mutex
			arrivals := map[string]int{}
			handle := func(c net.Conn) {
				r := bufio.NewReader(c)
				for n := 0; ; n++ {
					if n == v.answer && !v.read {
						return
					}
					q, err := http.ReadRequest(r)
					if err != nil {
						return
					}
					mu.Lock()
					arrivals[q.URL.Query().Get("OutId")]++
					mu.Unlock()
					if n == v.answer {
						return
					}
					io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: "+strconv.Itoa(len(bound))+"\r\n\r\n"+bound)
				}
			}
			o := aliyun.Options{MaxConns: 4}
			if v.secure {
				// httptest lends its certificate; the connections are ours.
				lender, pool := secured(t, nil)
				config := &tls.Config{Certificates: lender.TLS.Certificates}
				s := serveTCP(t, func(c net.Conn) {
					secure := tls.Server(c, config)
					defer secure.Close()
					handle(secure)
				})
				o.Endpoint, o.RootCAs = "https://"+s.addr, pool
			} else {
				o.Endpoint = "http://" + serveTCP(t, handle).addr
			}
			c := newClient(t, o)

			const workers, each = 4, 60
			ends := make([]error, workers*each)
			var all sync.WaitGroup
			for w := range workers {
				all.Go(func() {
					for i := w * each; i < (w+1)*each; i++ {
						r := fullRequest()
						r.OutID = strconv.Itoa(i)
						_, ends[i] = c.BindAxg(context.Background(), r)
					}
				})
			}
			all.Wait()
			c.Close()
			mu.Lock()
			defer mu.Unlock()
			outcomes := map[string]int{}
			for i, err := range ends {
				n := arrivals[strconv.Itoa(i)]
				var e *aliyun.Error
				switch {
				case err == nil:
					outcomes["bound"]++
					if n != 1 {
						t.Errorf("call %d ended bound but arrived %d times", i, n)
					}
				case !errors.As(err, &e):
					t.Errorf("call %d: %v", i, err)
				case e.Class() == aliyun.NotSent:
					outcomes["not sent"]++
					if n != 0 {
						t.Errorf("call %d ended as not sent but arrived %d times", i, n)
					}
				case e.Class() != aliyun.Ambiguous || n > 1:
					t.Errorf("call %d arrived %d times and ended %v", i, n, err)
				default:
					outcomes["ambiguous"]++
				}
			}
			t.Log(outcomes)
			if outcomes["bound"] == 0 || v.read && outcomes["ambiguous"] == 0 {
				t.Errorf("the server did not play its part: %v", outcomes)
			}
		})
	}
}

// TestUnwrittenOnReusedConnection: net/http tries again when nothing of a
// request could be written on a reused connection. That is safe, and a second
// try that meets no server must not pass for a request that was written.
func TestUnwrittenOnReusedConnection(t *testing.T) {
	for _, again := range []bool{true, false} {
		t.Run("second connection "+strconv.FormatBool(again), func(t *testing.T) {
			var arrived, dials atomic.Int32
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				arrived.Add(1)
				io.WriteString(w, bound)
			})
			first := &onceConn{}
			c := newClient(t, aliyun.Options{Endpoint: s.URL, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				if dials.Add(1) > 1 && !again {
					return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
				}
				conn, err := new(net.Dialer).DialContext(ctx, network, addr)
				if dials.Load() == 1 {
					first.Conn = conn
					conn = first
				}
				return conn, err
			}})
			if _, err := c.BindAxg(context.Background(), fullRequest()); err != nil {
				t.Fatal(err)
			}
			first.broken.Store(true)
			result, err := c.BindAxg(context.Background(), fullRequest())
			if again {
				if err != nil || arrived.Load() != 2 {
					t.Fatalf("%v; %d arrived", err, arrived.Load())
				}
				return
			}
			wantError(t, result, err, "client.NotSent", aliyun.NotSent, false)
			if arrived.Load() != 1 {
				t.Errorf("%d arrived", arrived.Load())
			}
		})
	}
}

// onceConn refuses to write once broken.
type onceConn struct {
	net.Conn
	broken atomic.Bool
}

func (c *onceConn) Write(p []byte) (int, error) {
	if c.broken.Load() {
		return 0, &net.OpError{Op: "write", Net: "tcp", Err: syscall.EPIPE}
	}
	return c.Conn.Write(p)
}

// pipes returns a dialer of in-memory connections and the side of the server,
// so that time can be faked.
func pipes(serve func(net.Conn)) dialFunc {
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() {
			defer theirs.Close()
			serve(theirs)
		}()
		return ours, nil
	}
}

func TestTimeout(t *testing.T) {
	silent := func(c net.Conn) { io.Copy(io.Discard, c) }
	slowBody := func(c net.Conn) {
		http.ReadRequest(bufio.NewReader(c))
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
		io.Copy(io.Discard, c)
	}
	deaf := func(c net.Conn) { // never reads, so nothing can be written
		time.Sleep(time.Minute)
	}
	for _, v := range []struct {
		name     string
		endpoint string
		dial     dialFunc
		timeout  time.Duration
		after    time.Duration
		code     string
		written  bool
	}{
		{"silent", "http://127.0.0.1:1", pipes(silent), 0, 10 * time.Second, "client.Timeout", true},
		{"silent, 3 s", "http://127.0.0.1:1", pipes(silent), 3 * time.Second, 3 * time.Second, "client.Timeout", true},
		{"body never ends", "http://127.0.0.1:1", pipes(slowBody), 0, 10 * time.Second, "client.Timeout", true},
		{"deaf", "http://127.0.0.1:1", pipes(deaf), 0, 10 * time.Second, "client.NotSent", false},
		{"handshake never ends", "https://127.0.0.1:1", pipes(silent), 0, 10 * time.Second, "client.NotSent", false},
		{"no connection", "http://127.0.0.1:1", func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}, 0, 10 * time.Second, "client.NotSent", false},
	} {
		t.Run(v.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t, aliyun.Options{Endpoint: v.endpoint, DialContext: v.dial, Timeout: v.timeout})
				start := time.Now()
				result, err := c.BindAxg(context.Background(), fullRequest())
				class := aliyun.Ambiguous
				if !v.written {
					class = aliyun.NotSent
				}
				wantError(t, result, err, v.code, class, v.written)
				if took := time.Since(start); took != v.after {
					t.Errorf("took %v, want %v", took, v.after)
				}
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v is no deadline", err)
				}
				time.Sleep(time.Hour) // let the other side end
			})
		})
	}
}

// TestCancel: cancelled before, while and after sending.
func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, aliyun.Options{Endpoint: "http://127.0.0.1:1", DialContext: pipes(func(c net.Conn) { io.Copy(io.Discard, c) })})
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		result, err := c.BindAxg(ctx, fullRequest())
		wantError(t, result, err, "client.NotSent", aliyun.NotSent, false)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}

		ctx, cancel = context.WithCancel(context.Background())
		time.AfterFunc(time.Second, cancel)
		result, err = c.BindAxg(ctx, fullRequest())
		wantError(t, result, err, "client.ConnectionLost", aliyun.Ambiguous, true)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}

		ctx, cancel = context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		result, err = c.BindAxg(ctx, fullRequest())
		wantError(t, result, err, "client.Timeout", aliyun.Ambiguous, true)
	})
}

// TestWaitingForAConnection: more calls than connections; the surplus waits,
// and one whose time runs out meanwhile was not sent.
func TestWaitingForAConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, aliyun.Options{Endpoint: "http://127.0.0.1:1", MaxConns: 1, DialContext: pipes(func(c net.Conn) { io.Copy(io.Discard, c) })})
		var all sync.WaitGroup
		all.Go(func() {
			result, err := c.BindAxg(context.Background(), fullRequest())
			wantError(t, result, err, "client.Timeout", aliyun.Ambiguous, true)
		})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		result, err := c.BindAxg(ctx, fullRequest())
		wantError(t, result, err, "client.NotSent", aliyun.NotSent, false)
		all.Wait()
	})
}

// TestConnectionsAreKept: as many as allowed are opened and then reused, also
// after refusals.
func TestConnectionsAreKept(t *testing.T) {
	var dials atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Query().Get("OutId"), "3") {
			w.WriteHeader(503)
			io.WriteString(w, "<html>")
			return
		}
		io.WriteString(w, bound)
	})
	c := newClient(t, aliyun.Options{Endpoint: s.URL, MaxConns: 8, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		dials.Add(1)
		return new(net.Dialer).DialContext(ctx, network, addr)
	}})
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for i := range 50 {
				r := fullRequest()
				r.OutID = strconv.Itoa(i)
				c.BindAxg(context.Background(), r)
			}
		})
	}
	all.Wait()
	if n := dials.Load(); n > 8 {
		t.Errorf("%d connections for 1600 calls, 8 allowed", n)
	}
}

// TestNothingLingers: a connection that is closed is reset, so that the system does not go
// on sending what had not left, to a service that would execute it late.
func TestNothingLingers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	closed := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			closed <- err
			return
		}
		defer conn.Close()
		request, err := http.ReadRequest(bufio.NewReader(conn))
		if err == nil {
			request.Body.Close()
			_, err = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: "+strconv.Itoa(len(bound))+"\r\n\r\n"+bound)
		}
		if err == nil {
			_, err = conn.Read(make([]byte, 1))
		}
		closed <- err
	}()
	c := newClient(t, aliyun.Options{Endpoint: "http://" + l.Addr().String()})
	if _, err := c.BindAxg(t.Context(), fullRequest()); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if err := <-closed; !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the service sees %v, want a reset", err)
	}
}
