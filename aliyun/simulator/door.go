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

// door is one way into the service: it tracks the goroutines that came
// through it, so that closing it ends their waits and leaves none behind.
type door struct {
	closing chan struct{}
	mu      sync.Mutex
	closed  bool
	inside  sync.WaitGroup
}

func newDoor() *door { return &door{closing: make(chan struct{})} }

// enter counts a goroutine in, or reports that the door is closed. Each
// success is followed by inside.Done.
func (d *door) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	d.inside.Add(1)
	return true
}

// wait sleeps, and reports false if the door closed meanwhile.
func (d *door) wait(t time.Duration) bool {
	if t <= 0 {
		return true
	}
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-d.closing:
		return false
	}
}

// close ends all waits; it returns at once.
func (d *door) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		d.closed = true
		close(d.closing)
	}
}

type doorKey struct{}

// doorOf returns the door through which a request came: that of its server,
// or the service's own for a server that is not one of this package's.
func (s *Service) doorOf(r *http.Request) *door {
	if d, ok := r.Context().Value(doorKey{}).(*door); ok {
		return d
	}
	return s.home
}

// house is an http.Server with its listener and its door.
type house struct {
	door   *door
	ln     net.Listener
	server *http.Server
	served chan struct{} // closed when Serve returned
	conns  sync.WaitGroup
	once   sync.Once
	err    error
}

// open starts to serve the listener.
func open(s *Service, ln net.Listener) *house {
	h := &house{door: newDoor(), ln: ln, served: make(chan struct{})}
	h.server = &http.Server{
		Handler:           s,
		ErrorLog:          log.New(io.Discard, "", 0), // cut connections are this server's trade
		ReadHeaderTimeout: time.Minute,
		BaseContext:       func(net.Listener) context.Context { return context.WithValue(context.Background(), doorKey{}, h.door) },
		ConnState: func(c net.Conn, state http.ConnState) {
			s.ConnState(c, state)
			switch state {
			case http.StateNew:
				h.conns.Add(1)
			case http.StateClosed, http.StateHijacked:
				h.conns.Done()
			}
		},
	}
	go func() {
		defer close(h.served)
		h.err = h.server.Serve(ln)
	}()
	return h
}

// close cuts every connection, ends every wait and returns when all
// goroutines of the house have ended. Calls that were still waiting for their
// execution are not executed.
func (h *house) close() error {
	h.once.Do(func() {
		h.door.close()
		err := h.server.Close()
		<-h.served
		h.conns.Wait()
		h.door.inside.Wait()
		if h.err == http.ErrServerClosed {
			h.err = err
		}
	})
	return h.err
}
