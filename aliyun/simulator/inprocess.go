package simulator

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// InProcess is a Service behind pipes instead of sockets. A real
// http.Transport talks to it through DialContext, and since a pipe blocks as a
// channel does, all of it works in the fake time of testing/synctest when it
// is made, used and closed inside one bubble.
type InProcess struct {
	running *running
	ln      *pipeListener
}

// NewInProcess starts to serve s; Close it.
func NewInProcess(s *Service) *InProcess {
	ln := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	return &InProcess{running: open(s, ln), ln: ln}
}

// URL is an endpoint for requests that go through DialContext. Its host is
// loopback, so that plain HTTP is acceptable to callers who insist on that.
func (p *InProcess) URL() string { return "http://127.0.0.1" }

// DialContext connects to the service whatever network and address say. It
// fails when ctx ends, or with net.ErrClosed after Close.
func (p *InProcess) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	client, server := net.Pipe()
	var err error
	select {
	case p.ln.conns <- server:
		return client, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-p.ln.closed:
		err = net.ErrClosed
	}
	client.Close()
	server.Close()
	return nil, &net.OpError{Op: "dial", Net: "pipe", Addr: pipeAddr{}, Err: err}
}

// Transport returns a new transport that talks to this service only, with no
// limit on connections. Its idle connections end with Close.
func (p *InProcess) Transport() *http.Transport {
	return &http.Transport{DialContext: p.DialContext, MaxIdleConnsPerHost: 1024}
}

// Close cuts every connection and returns when all goroutines of the server have
// ended. Calls not executed by then never are. A second Close does nothing
// more.
func (p *InProcess) Close() error { return p.running.close() }

// pipeListener hands the server's ends of pipes to http.Server.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "127.0.0.1:80" }
