package simulator

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// lifetime is how long a server answers. It counts the calls that are carried out, so
// that its end cuts their waits short and leaves no goroutine behind.
type lifetime struct {
	ended chan struct{} // closed by end
	mu    sync.Mutex
	over  bool
	calls sync.WaitGroup
}

func newLifetime() *lifetime { return &lifetime{ended: make(chan struct{})} }

// enter counts a call in, or reports that the server has ended. Each success is followed
// by calls.Done.
func (l *lifetime) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return false
	}
	l.calls.Add(1)
	return true
}

// wait sleeps, and reports false if the server ended meanwhile.
func (l *lifetime) wait(t time.Duration) bool {
	if t <= 0 {
		return true
	}
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.ended:
		return false
	}
}

// end ends all waits; it returns at once.
func (l *lifetime) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over {
		l.over = true
		close(l.ended)
	}
}

type lifetimeKey struct{}

// lifetimeOf returns the lifetime of the server through which a request came, or the
// service's own for a server that is not one of this package's.
func (s *Service) lifetimeOf(r *http.Request) *lifetime {
	if l, ok := r.Context().Value(lifetimeKey{}).(*lifetime); ok {
		return l
	}
	return s.lifetime
}

// running is an http.Server with its listener and its lifetime.
type running struct {
	lifetime *lifetime
	ln       net.Listener
	server   *http.Server
	served   chan struct{} // closed when Serve returned
	conns    sync.WaitGroup
	once     sync.Once
	err      error
}

// open starts to serve the listener.
func open(s *Service, ln net.Listener) *running {
	r := &running{lifetime: newLifetime(), ln: ln, served: make(chan struct{})}
	r.server = &http.Server{
		Handler:           s,
		ErrorLog:          log.New(io.Discard, "", 0), // cut connections are this server's trade
		ReadHeaderTimeout: time.Minute,
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), lifetimeKey{}, r.lifetime)
		},
		ConnState: func(c net.Conn, state http.ConnState) {
			s.ConnState(c, state)
			switch state {
			case http.StateNew:
				r.conns.Add(1)
			case http.StateClosed, http.StateHijacked:
				r.conns.Done()
			}
		},
	}
	go func() {
		defer close(r.served)
		r.err = r.server.Serve(ln)
	}()
	return r
}

// close cuts every connection, ends every wait and returns when all
// goroutines of the server have ended. Calls that were still waiting for their
// execution are not executed.
func (r *running) close() error {
	r.once.Do(func() {
		r.lifetime.end()
		err := r.server.Close()
		<-r.served
		r.conns.Wait()
		r.lifetime.calls.Wait()
		if r.err == http.ErrServerClosed {
			r.err = err
		}
	})
	return r.err
}
