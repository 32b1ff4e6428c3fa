package command

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/cli/exit"
	"axgbind/report"
)

// instanceTimeout bounds the question who answers at an endpoint.
const instanceTimeout = 10 * time.Second

var instanceForm = regexp.MustCompile(`^[0-9a-f]{16}$`)

// InstanceOf asks an endpoint which simulator it is; blank: it is the real service,
// or nobody answers. What stands on another machine is the real service whatever it
// says, and so is what answers on loopback without a name: a tunnel, a proxy. A
// simulator that is too slow to answer must not be taken for the real service, so
// that ends the command. The question is not signed and changes nothing.
func (a *Invocation) InstanceOf(ctx context.Context, endpoint string) (instance string, err error) {
	u, err := url.Parse(endpoint)
	if err != nil || !Loopback(u.Hostname()) {
		return "", nil
	}
	ask, cancel := context.WithTimeout(ctx, instanceTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ask, http.MethodHead, u.JoinPath("/simulator/").String(), nil)
	if err != nil {
		return "", nil
	}
	dial := a.Dial
	if dial == nil {
		dial = dialLoopback
	}
	transport := &http.Transport{
		DisableKeepAlives: true, // no proxy either
		DialContext:       dial,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, // a simulator's certificate is its own; nothing is told to it
	}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(r) // a redirect is an answer
	switch {
	case ctx.Err() != nil:
		return "", exit.OrStopped(ctx, ctx.Err())
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded):
		return "", exit.Refuse(exit.Usage, report.ErrInstanceAnswer, endpoint)
	case err != nil:
		return "", nil
	}
	answer.Body.Close()
	if name := answer.Header.Get(simulator.InstanceHeader); instanceForm.MatchString(name) {
		return name, nil
	}
	return "", nil
}

// errNotLoopback says that a name led to another machine.
var errNotLoopback = errors.New("not a loopback address")

// dialLoopback opens a connection to this machine, and to no other whatever the name
// localhost means here.
func dialLoopback(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if to, ok := c.RemoteAddr().(*net.TCPAddr); !ok || !to.IP.IsLoopback() {
		c.Close()
		return nil, errNotLoopback
	}
	return c, nil
}

// Loopback reports whether a host is this machine.
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
