package aliyun

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"time"

	"axgbind/aliyun/netcause"
)

// maxAnswer bounds what is read of an answer; real ones have some 250 bytes.
const maxAnswer = 1 << 20

// scratch holds one call's buffers, reused by later calls.
type scratch struct {
	query     query
	canonical []byte
	small     []byte // date, nonce and Authorization, one after the other
	mac       keyedMAC
	answer    []byte
}

// call sends the query in s as one request and reads its answer. It returns
// an answer whose Code is OK, or the error.
func (c *Client) call(ctx context.Context, action string, s *scratch, intent Intent) (*answer, *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()

	key, err := c.credentials.Credential(ctx)
	if err != nil {
		return nil, &Error{Action: action, Code: CodeNotSent, Err: credentialCause(err)}
	}

	if !intent.none() && intent.left() <= 0 {
		return nil, &Error{Action: action, Code: CodeNotSent, Err: ErrTooOld}
	}

	mark := footprint{intent: intent}
	ctx, done := mark.context(ctx)
	defer done()
	resp, err := c.transport.RoundTrip(c.request(ctx, action, &key, s, intent))
	if err != nil {
		return nil, c.lost(action, err, &mark)
	}
	defer resp.Body.Close()

	a, bad := c.read(action, resp, s)
	if bad != nil {
		return nil, bad
	}
	if err := a.fault(); err != nil {
		return nil, a.bad(action, err)
	}
	c.noteServiceTime(a.header.Get("Date"))
	switch a.code() {
	case CodeOK:
		return a, nil
	case CodeTokenExpired:
		c.credentials.Invalidate(key)
	}
	return nil, a.refusal(action)
}

// request builds the signed request: everything in the URL, nothing in the
// body, so that there is nothing to rewind or to half send.
func (c *Client) request(ctx context.Context, action string, key *Credential, s *scratch, intent Intent) *http.Request {
	var random [16]byte
	rand.Read(random[:]) // never fails since Go 1.24

	signed := intent.signed
	if intent.none() {
		signed = time.Now()
	}
	b := appendDate(s.small[:0], signed)
	date := len(b)
	b = appendNonce(b, random)
	nonce := len(b)
	s.canonical = appendCanonical(s.canonical[:0], &unsigned{
		host:    c.endpoint.Host,
		action:  action,
		version: apiVersion,
		query:   s.query,
		date:    b[:date],
		nonce:   b[date:nonce],
	}, key)
	b = appendAuthorization(b, s.canonical, key, &s.mac)
	s.small = b

	all := string(b)
	own := [...]string{all[:date], all[date:nonce], all[nonce:], action, key.AccessKeyID, key.SecurityToken}
	values := own[:]
	h := make(http.Header, 8)
	h["Accept"] = c.accept
	h["User-Agent"] = c.userAgent
	h["X-Acs-Version"] = c.version
	h["X-Acs-Content-Sha256"] = c.emptyHash
	h["X-Acs-Date"] = values[0:1:1]
	h["X-Acs-Signature-Nonce"] = values[1:2:2]
	h["Authorization"] = values[2:3:3]
	h["X-Acs-Action"] = values[3:4:4]
	if key.SecurityToken != "" {
		h["X-Acs-Accesskey-Id"] = values[4:5:5]
		h["X-Acs-Security-Token"] = values[5:6:6]
	}

	u := new(url.URL)
	*u = c.endpoint
	u.RawQuery = string(s.query)
	return (&http.Request{
		Method:     http.MethodPost,
		URL:        u,
		Host:       u.Host,
		Header:     h,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Body:       http.NoBody,
	}).WithContext(ctx)
}

// read takes the whole body, so that the connection can serve the next call.
func (c *Client) read(action string, resp *http.Response, s *scratch) (*answer, *Error) {
	a := &answer{status: resp.StatusCode, header: resp.Header}
	b, err := readAll(resp.Body, s.answer[:0])
	if cap(b) <= 64<<10 { // do not hoard the buffer of a freak answer
		s.answer = b
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		e := a.bad(action, err)
		e.Code = CodeTimeout
		return nil, e
	case errors.Is(err, context.Canceled):
		e := a.bad(action, err)
		e.Code = CodeConnectionLost
		return nil, e
	case err != nil:
		return nil, a.odd(action, err, b)
	case len(b) > maxAnswer:
		return nil, a.odd(action, errTooLarge, b)
	}
	if c.heard != nil {
		c.heard(Raw{Action: action, HTTPStatus: a.status, Header: a.header, Body: b})
	}
	if err := a.parse(b); err != nil {
		return nil, a.odd(action, err, b)
	}
	return a, nil
}

// readAll appends what r holds to b and stops just above maxAnswer.
func readAll(r io.Reader, b []byte) ([]byte, error) {
	for len(b) <= maxAnswer {
		b = slices.Grow(b, 512)
		n, err := r.Read(b[len(b):min(cap(b), maxAnswer+1)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
	return b, nil
}

// Reach opens a connection to the service, by the way that calls take, and sends nothing
// over it. The error, an [*Error] with its Network, says why there is none.
func (c *Client) Reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	mark := footprint{mute: true}
	ctx, mark.end = context.WithCancelCause(ctx)
	defer mark.end(nil)
	mark.trace.GotConn = mark.gotConn
	u := c.endpoint
	// Were it to leave after all, it would ask for nothing and carry no key.
	r := &http.Request{
		Method: http.MethodHead, URL: &u, Host: u.Host, Header: http.Header{"User-Agent": c.userAgent},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody,
	}
	answer, err := c.transport.RoundTrip(r.WithContext(httptrace.WithClientTrace(ctx, &mark.trace)))
	switch {
	case err == nil:
		answer.Body.Close()
		return nil
	case mark.conn != nil:
		return nil
	}
	return c.lost("", err, &mark)
}

// faultOf is why no connection for a call came about; none if there was one, or if the
// caller ended the call.
func (c *Client) faultOf(err error, mark *footprint) netcause.Fault {
	malformed := strings.HasPrefix(err.Error(), "net/http: invalid ") // it has no type: the request, not the network
	if mark.conn != nil || mark.refused.Load() || malformed {
		return netcause.Fault{}
	}
	path := netcause.Path{Host: c.endpoint.Host, Proxy: c.proxy, OwnRoots: c.ownRoots}
	if errors.Is(err, errUnconnected) || errors.Is(err, context.DeadlineExceeded) {
		err = context.DeadlineExceeded
		if failed := c.dialer.failed.Load(); failed != nil { // it says more than that the call gave up
			if err = failed.err; failed.address == path.Proxy {
				err = &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
			}
		}
	}
	return netcause.Of(err, path)
}

// lost names a call that got no answer, by what is known of its bytes.
func (c *Client) lost(action string, err error, mark *footprint) *Error {
	e := &Error{Action: action, Written: mark.written(), Err: cause(err)}
	var n net.Error
	switch {
	case !e.Written:
		if e.Code = CodeNotSent; mark.refused.Load() {
			e.Err = ErrTooOld
		}
		e.Network = c.faultOf(err, mark)
		if e.Message = e.Network.String(); e.Message != "" && c.unreached != nil {
			c.unreached(e.Network)
		}
	case errors.Is(err, context.Canceled):
		e.Code = CodeConnectionLost
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &n) && n.Timeout():
		e.Code = CodeTimeout
	case mark.answered():
		e.Code = CodeBadAnswer // bytes came back, but no HTTP answer
	default:
		e.Code = CodeConnectionLost
	}
	return e
}
