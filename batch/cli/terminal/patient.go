package terminal

import (
	"io"
	"os"
	"sync"
	"time"
)

// tellWithin bounds how long a run waits for what it says. A terminal that is
// stopped, an ssh that is lost but not yet given up, or a pipe that nobody reads
// takes nothing, and must hold up neither calls nor results.
const tellWithin = 2 * time.Second

// queueMost bounds what waits for such a file, in bytes; more is dropped.
const queueMost = 1 << 20

// patient writes to a file that may block. A write waits for its end, but no
// longer than tellWithin; then it and what follows is queued, in order, and
// written once the file takes it.
type patient struct {
	w io.Writer

	mu      sync.Mutex
	queue   [][]byte
	size    int
	stuck   bool
	written chan struct{} // closed when the queue is empty; nil: nobody writes
}

// newPatient wraps files. Anything else does not block.
func newPatient(w io.Writer) io.Writer {
	if _, ok := w.(*os.File); !ok {
		return w
	}
	return &patient{w: w}
}

// Write implements io.Writer. Errors are nobody's: there is no other place to tell.
func (p *patient) Write(b []byte) (int, error) {
	p.mu.Lock()
	if p.size+len(b) > queueMost && p.stuck {
		p.mu.Unlock()
		return len(b), nil
	}
	p.queue = append(p.queue, append([]byte(nil), b...))
	p.size += len(b)
	if p.written == nil {
		p.written = make(chan struct{})
		go p.writeQueue()
	}
	stuck := p.stuck
	p.mu.Unlock()
	if !stuck && !p.flush(tellWithin) {
		p.mu.Lock()
		p.stuck = p.written != nil
		p.mu.Unlock()
	}
	return len(b), nil
}

// writeQueue writes until nothing is queued.
func (p *patient) writeQueue() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) > 0 {
		next := p.queue[0]
		p.queue = p.queue[1:]
		p.mu.Unlock()
		_, _ = p.w.Write(next)
		p.mu.Lock()
		p.size -= len(next)
	}
	p.stuck = false
	close(p.written)
	p.written = nil
}

// Flush waits until all is written, at most so long; 0: for as long as it takes.
func (p *patient) flush(most time.Duration) bool {
	p.mu.Lock()
	written := p.written
	p.mu.Unlock()
	if written == nil {
		return true
	}
	var late <-chan time.Time
	if most > 0 {
		late = time.After(most)
	}
	select {
	case <-written:
		return true
	case <-late:
		return false
	}
}

// isStuck reports whether writes are queued.
func (p *patient) isStuck() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stuck
}
