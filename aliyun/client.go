// Package aliyun makes one call to Aliyun's number privacy service
// (Dyplsapi, version 2017-05-25) and says what its answer means.
//
// What it promises:
//
//   - One call of [Client.BindAxg] is at most one request that reaches the
//     service. Nothing here waits, retries or paces; that is the caller's.
//   - Every end of a call is either a [BindAxgResult] or an [*Error], and the
//     error's [Class] is [Throttled], [NotSent] or [Stale] only where the
//     service surely did not execute the call. Whatever is in doubt is
//     [Ambiguous]. BindAxg has no idempotency parameter, so a needless second
//     call can take a second paid number.
//   - No error text holds a URL, a key, a signature or a phone number.
//
// What it refuses: plain http to anything but loopback (see
// [ParseEndpoint]), redirects, answers over 1 MiB, HTTP/2.
//
// It stands in for the vendor's Go SDKs (alibabacloud-go/darabonba-openapi
// and aliyun/alibaba-cloud-sdk-go). They cost about three times the CPU of a
// plain call, open a connection for nearly every call unless given a
// transport, are not race-clean when goroutines share a client, and lose the
// HTTP status of an answer that is not JSON, which is the very thing needed
// to tell "refused" from "perhaps executed". The SDKs serve as oracles in the
// conformance tests instead. Credentials do come from the vendor's library,
// see package keychain.
package aliyun

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"axgbind/aliyun/netcause"
)

const (
	// DefaultEndpoint is the one address of the service for every region.
	DefaultEndpoint = "https://dyplsapi.aliyuncs.com"
	// DefaultTimeout bounds one call; the vendor's sample code gives 10 s to
	// connecting and 10 s to reading, its SDK core has no bound at all.
	DefaultTimeout = 10 * time.Second
	// DefaultMaxConns carries 5,000 calls/s, the account's quota for BindAxg,
	// up to a latency of 200 ms.
	DefaultMaxConns = 1024

	defaultUserAgent = "axgbind"
	apiVersion       = "2017-05-25"
)

// Options configures a Client. Only Credentials is required.
type Options struct {
	// Endpoint is scheme://host[:port] as [ParseEndpoint] accepts it; empty
	// means DefaultEndpoint.
	Endpoint string
	// Credentials is asked once a call.
	Credentials Credentials
	// Timeout bounds one call whole: credentials, connection, request and
	// answer. 0 means DefaultTimeout; negative is refused.
	Timeout time.Duration
	// MaxConns is how many connections are opened at most and how many are
	// kept. A call beyond it waits for a connection within its Timeout.
	// 0 means DefaultMaxConns; negative is refused.
	MaxConns int
	// UserAgent is sent with every call; empty means "axgbind".
	UserAgent string
	// RootCAs are the certificate authorities trusted for https; nil means
	// the system's (which on Unix SSL_CERT_FILE and SSL_CERT_DIR replace).
	RootCAs *x509.CertPool
	// DialContext opens connections; nil means a net.Dialer.
	DialContext func(ctx context.Context, network, addr string) (net.Conn, error)
	// Heard is called with each answer whose bytes all arrived, before anything is
	// made of it, by the goroutine that makes the call; nil: nobody listens.
	Heard func(Raw)
	// Unreached is called with the cause when no connection for a call came about,
	// before the call returns, by the goroutine that makes it; nil: nobody listens.
	Unreached func(netcause.Fault)
}

// Raw is an answer as it came. It holds full numbers.
type Raw struct {
	Action     string
	HTTPStatus int
	Header     http.Header
	Body       []byte // valid during the call that gets it
}

// Client calls the service. It is safe for concurrent use; one serves a whole
// process. Close it when done.
type Client struct {
	credentials Credentials
	timeout     time.Duration
	endpoint    url.URL // Scheme and Host as the wire has them, Path "/"
	transport   *http.Transport
	dialer      *dialer
	proxy       string               // host:port of the proxy between; blank: there is none
	ownRoots    bool                 // RootCAs were given
	heard       func(Raw)            // nil: nobody listens
	unreached   func(netcause.Fault) // likewise

	// Header values alike in all calls, shared by them and never written.
	userAgent, accept, version, emptyHash []string

	scratch sync.Pool // *scratch: buffers for building and reading one call

	serviceTime atomic.Pointer[serviceTime]
}

// New checks the options and returns a Client. It opens no connection and
// asks for no credentials.
func New(o Options) (*Client, error) {
	endpoint, err := ParseEndpoint(o.Endpoint)
	if err != nil {
		return nil, err
	}
	switch {
	case o.Credentials == nil:
		return nil, errors.New("aliyun: no credentials given")
	case o.Timeout < 0:
		return nil, fmt.Errorf("aliyun: timeout %v: must not be negative", o.Timeout)
	case o.MaxConns < 0:
		return nil, fmt.Errorf("aliyun: %d connections: must not be negative", o.MaxConns)
	case strings.ContainsAny(o.UserAgent, "\r\n\x00"):
		return nil, errors.New("aliyun: user agent holds a line break")
	}
	o = o.withDefaults()

	scheme, host, _ := strings.Cut(endpoint, "://")
	c := &Client{
		credentials: o.Credentials,
		timeout:     o.Timeout,
		endpoint:    url.URL{Scheme: scheme, Host: host, Path: "/"},
		ownRoots:    o.RootCAs != nil,
		heard:       o.Heard,
		unreached:   o.Unreached,
		userAgent:   []string{o.UserAgent},
		accept:      []string{"application/json"},
		version:     []string{apiVersion},
		emptyHash:   []string{emptyPayloadHash},
	}
	c.scratch.New = func() any { return new(scratch) }
	proxy, perr := proxyOf(&c.endpoint)
	if proxy != nil {
		c.proxy, _ = netcause.ProxyAddress(proxy)
	}
	c.transport, c.dialer = newTransport(o, func(*http.Request) (*url.URL, error) { return proxy, perr })
	return c, nil
}

func (o Options) withDefaults() Options {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxConns == 0 {
		o.MaxConns = DefaultMaxConns
	}
	if o.UserAgent == "" {
		o.UserAgent = defaultUserAgent
	}
	if o.DialContext == nil {
		o.DialContext = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	return o
}

// Close closes the connections that no call is using.
func (c *Client) Close() { c.transport.CloseIdleConnections() }
