package batch

import (
	"container/list"
	"context"
	"sync"
)

// gate admits a bounded number of holders, first come, first served. Unlike
// x/sync/semaphore its bound may change while it is in use; lowering it takes
// effect as holders leave.
type gate struct {
	mu      sync.Mutex
	limit   int
	held    int
	waiters list.List // of chan struct{}
}

func newGate(limit int) *gate { return &gate{limit: limit} }

// enter waits for a place. On error there is none to leave.
func (g *gate) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	if g.held < g.limit && g.waiters.Len() == 0 {
		g.held++
		g.mu.Unlock()
		return nil
	}
	ready := make(chan struct{})
	place := g.waiters.PushBack(ready)
	g.mu.Unlock()
	select {
	case <-ready:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	select {
	case <-ready: // admitted while leaving: give the place on
		g.held--
	default:
		g.waiters.Remove(place)
	}
	g.admit()
	g.mu.Unlock()
	return ctx.Err()
}

// leave gives a place back.
func (g *gate) leave() {
	g.mu.Lock()
	g.held--
	g.admit()
	g.mu.Unlock()
}

// resize changes the bound.
func (g *gate) resize(limit int) {
	g.mu.Lock()
	g.limit = limit
	g.admit()
	g.mu.Unlock()
}

func (g *gate) admit() {
	for g.held < g.limit && g.waiters.Len() > 0 {
		g.held++
		close(g.waiters.Remove(g.waiters.Front()).(chan struct{}))
	}
}

// holders returns how many are inside.
func (g *gate) holders() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.held
}
