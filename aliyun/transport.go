package aliyun

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"axgbind/aliyun/netcause"
)

// newTransport returns a transport whose every setting guards money or speed.
//
// No request of ours is ever sent twice by net/http. Its Transport retries on
// its own account only on a reused connection, and then only (a) requests it
// takes for idempotent (GET and the like, or with a header Idempotency-Key),
// which a POST without that header is not, or (b) requests of which it wrote
// no byte at all (net/http.persistConn.shouldRetryRequest; Go 1.26). Over TLS
// "no byte" may hide the beginning of a record, but never a whole one, and
// the peer cannot open a part. So calls are POST, and nothing here may set
// that header. Redirects are the business of http.Client, which is not used:
// RoundTrip hands them back as the answers they are.
func newTransport(o Options, proxy func(*http.Request) (*url.URL, error)) (*http.Transport, *dialer) {
	secure := &tls.Config{
		RootCAs:    o.RootCAs,
		MinVersion: tls.VersionTLS12,
		// HTTP/1.1 only: one HTTP/2 connection carries 0.77 of the calls, and
		// its loss would leave all calls on it ambiguous at once.
		NextProtos: []string{"http/1.1"},
		// Reopened connections resume instead of repeating the key exchange.
		ClientSessionCache: tls.NewLRUClientSessionCache(64),
	}
	d := &dialer{dial: o.DialContext, secure: secure, timeout: o.Timeout}
	return &http.Transport{
		Proxy:           proxy,
		DialContext:     d.plain,
		DialTLSContext:  d.tls,
		TLSClientConfig: secure, // used through a proxy only

		// Both "per host" numbers alike, or a start opens far more
		// connections than are kept.
		MaxIdleConns:        o.MaxConns,
		MaxIdleConnsPerHost: o.MaxConns,
		MaxConnsPerHost:     o.MaxConns,
		// Short: a call that meets a connection the peer has just closed ends
		// ambiguous, so none is kept until the peer tires of it.
		IdleConnTimeout: 5 * time.Second,

		TLSHandshakeTimeout:    o.Timeout, // through a proxy only
		MaxResponseHeaderBytes: 64 << 10,
		// Answers are some 250 bytes; and the bound on them counts what comes.
		DisableCompression: true,
		Protocols:          http1(),
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return &netcause.RefusedError{Status: answer.StatusCode}
			}
			return nil
		},
	}, d
}

// proxyOf is the proxy of the environment for an endpoint, never for loopback. An address
// that is none is refused, where net/http would go without a proxy; the error does not
// repeat it, for it may hold a password.
func proxyOf(endpoint *url.URL) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(&http.Request{URL: endpoint})
	if u == nil && err == nil && endpoint.Scheme == "https" && !loopback(endpoint.Hostname()) && !unproxied(endpoint.Hostname()) {
		text := cmp.Or(os.Getenv("HTTPS_PROXY"), os.Getenv("https_proxy"))
		if _, err = url.Parse(text); err != nil {
			_, err = url.Parse("http://" + text) // which net/http takes for meant
		}
	}
	if u != nil {
		if _, ok := netcause.ProxyAddress(u); !ok {
			return nil, netcause.ErrProxyURL
		}
	}
	if err != nil {
		return nil, netcause.ErrProxyURL
	}
	return u, nil
}

// unproxied reports whether NO_PROXY names a host, or all.
func unproxied(host string) bool {
	for name := range strings.SplitSeq(cmp.Or(os.Getenv("NO_PROXY"), os.Getenv("no_proxy")), ",") {
		name = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "*."))
		if name == "*" || name != "" && (host == name || strings.HasSuffix(host, "."+strings.TrimPrefix(name, "."))) {
			return true
		}
	}
	return false
}

func http1() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	return p
}

// dialer opens counted connections. net/http detaches connecting from the
// call that asked for it, so it is bounded here.
type dialer struct {
	dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	secure  *tls.Config
	timeout time.Duration
	failed  atomic.Pointer[failedDial] // the latest, if none has succeeded since
}

// failedDial is why no connection to an address came about.
type failedDial struct {
	address string
	err     error
}

// note keeps why a connection failed: the call that asked for it may have given up before.
func (d *dialer) note(address string, err error) {
	if err != nil {
		d.failed.Store(&failedDial{address, err})
	} else if d.failed.Load() != nil {
		d.failed.Store(nil)
	}
}

func (d *dialer) plain(ctx context.Context, network, addr string) (_ net.Conn, err error) {
	defer func() { d.note(addr, err) }()
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	conn, err := d.connect(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &countedConn{Conn: conn}, nil
}

// connect dials. What has not left when the connection is closed, by a call that ends or
// with the process, is dropped: else the system would go on sending it for minutes, and a
// call that was given up might still be executed.
func (d *dialer) connect(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := d.dial(ctx, network, addr)
	if tcp, ok := conn.(*net.TCPConn); ok && err == nil {
		err = tcp.SetLinger(0)
	}
	return conn, err
}

// tls counts above the encryption, so that neither handshake nor closing
// alert passes for a byte of a request.
func (d *dialer) tls(ctx context.Context, network, addr string) (_ net.Conn, err error) {
	defer func() { d.note(addr, err) }()
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	conn, err := d.connect(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	config := d.secure.Clone()
	config.ServerName, _, err = net.SplitHostPort(addr)
	if err != nil {
		conn.Close()
		return nil, err
	}
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return &countedConn{Conn: secured}, nil
}

// countedConn counts the bytes that went either way, and lets none out of a call
// whose intent is too old.
type countedConn struct {
	net.Conn
	sent, received atomic.Int64
	call           atomic.Pointer[footprint] // that it was given to; nil once that has ended
}

func (c *countedConn) Write(p []byte) (int, error) {
	if f := c.call.Load(); f != nil && (f.mute || f.intent.tooOld()) {
		f.refuse()
		return 0, ErrTooOld
	}
	n, err := c.Conn.Write(p)
	c.sent.Add(int64(n))
	return n, err
}

func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received.Add(int64(n))
	return n, err
}

// footprint tells whether a call left its mark on a connection. httptrace
// only says which connection a call was given: its hooks for written headers
// fire when they are buffered, not when they leave.
//
// net/http gives a connection to one call at a time and returns an error only
// after the goroutine that writes to it has ended, so the counts are final
// when RoundTrip has failed.
type footprint struct {
	conn           *countedConn
	sent, received int64 // the counts when the call was given conn
	earlier        bool  // a connection before conn has, or may have, taken bytes
	veiled         bool  // net/http encrypts above conn, so its bytes include TLS's own
	mute           bool  // no byte is to leave: the call only wants a connection
	trace          httptrace.ClientTrace

	intent  Intent
	end     context.CancelCauseFunc // of the call; nil without an intent
	waits   *time.Timer             // for a connection; likewise
	refused atomic.Bool             // the intent was too old when a byte was to leave
}

// context is that of the call, which ends if there is no connection while its intent
// is fresh. done must be called.
func (f *footprint) context(ctx context.Context) (_ context.Context, done func()) {
	f.trace.GotConn = f.gotConn
	done = func() {}
	if !f.intent.none() {
		ctx, f.end = context.WithCancelCause(ctx)
		f.waits = time.AfterFunc(f.intent.left(), func() { f.end(errUnconnected) })
		done = f.close
	}
	return httptrace.WithClientTrace(ctx, &f.trace), done
}

func (f *footprint) close() {
	f.waits.Stop()
	f.end(nil)
	if f.conn != nil {
		f.conn.call.CompareAndSwap(f, nil)
	}
}

// refuse ends a call of which no byte may leave any more: net/http would try it on
// the next connection.
func (f *footprint) refuse() {
	f.refused.Store(true)
	f.end(ErrTooOld)
}

func (f *footprint) gotConn(info httptrace.GotConnInfo) {
	if f.waits != nil {
		f.waits.Stop()
	}
	f.earlier = f.written()
	conn := info.Conn
	if t, ok := conn.(*tls.Conn); ok {
		// Through a proxy net/http encrypts by itself, above the counter: then
		// a closing alert counts as written, which errs on the safe side, and
		// what comes back may be an alert as well as an answer.
		conn, f.veiled = t.NetConn(), true
	}
	var ok bool
	if f.conn, ok = conn.(*countedConn); !ok {
		f.earlier = true
		return
	}
	f.sent, f.received = f.conn.sent.Load(), f.conn.received.Load()
	f.conn.call.Store(f)
}

// written reports whether a byte of the request went out; true when unsure.
func (f *footprint) written() bool {
	return f.earlier || f.conn != nil && f.conn.sent.Load() != f.sent
}

// answered reports whether a byte of an answer came back on the call's last
// connection; false when unsure.
func (f *footprint) answered() bool {
	return f.conn != nil && !f.veiled && f.conn.received.Load() != f.received
}

// serviceTime is the service's time as an answer told it.
type serviceTime struct {
	text string // its Date header, to the second
	date time.Time
	at   time.Time // when it was read
}

// noteServiceTime notes the Date of an answer that can be relied on. It is called for
// each answer, and most have the Date of the one before.
func (c *Client) noteServiceTime(text string) {
	if last := c.serviceTime.Load(); last != nil && last.text == text {
		return
	}
	if date, err := http.ParseTime(text); err == nil {
		c.serviceTime.Store(&serviceTime{text: text, date: date, at: time.Now()})
	}
}

// ServiceTime is what the service's time has come to: what its latest answer told, which
// is at most a second too early, and what has elapsed since. It is zero while no answer
// that can be relied on has told it; a refusal tells it too.
func (c *Client) ServiceTime() time.Time {
	last := c.serviceTime.Load()
	if last == nil {
		return time.Time{}
	}
	return last.date.Add(time.Since(last.at))
}
