package pace

import (
	"container/list"
	"context"
	"sync"
)

// Gate admits a bounded number of holders, first come, first served. Unlike
// x/sync/semaphore its bound may change while it is in use; lowering it takes
// effect as holders leave.
type Gate struct {
	mu      sync.Mutex
	limit   int
	held    int
	waiters list.List // of chan struct{}
}

// NewGate returns a Gate of so many places.
func NewGate(limit int) *Gate { return &Gate{limit: limit} }

// Spot is a caller's place in the line before a gate.
type Spot struct {
	g     *Gate
	ready chan struct{}
	at    *list.Element // nil once admitted without waiting
}

// Line takes the last place in the line. It must be waited for.
func (g *Gate) Line() Spot {
	p := Spot{g: g}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held < g.limit && g.waiters.Len() == 0 {
		g.held++
		return p
	}
	p.ready = make(chan struct{})
	p.at = g.waiters.PushBack(p.ready)
	return p
}

// Wait returns when the caller is admitted. On error it is not, and there is
// nothing to leave.
func (p Spot) Wait(ctx context.Context) error {
	if p.at == nil {
		if err := ctx.Err(); err != nil {
			p.g.Leave()
			return err
		}
		return nil
	}
	select {
	case <-p.ready:
		return nil
	case <-ctx.Done():
	}
	g := p.g
	g.mu.Lock()
	select {
	case <-p.ready: // admitted while leaving: give the place on
		g.held--
	default:
		g.waiters.Remove(p.at)
	}
	g.admit()
	g.mu.Unlock()
	return ctx.Err()
}

// Enter takes a place and waits for it.
func (g *Gate) Enter(ctx context.Context) error { return g.Line().Wait(ctx) }

// Leave gives a place back.
func (g *Gate) Leave() {
	g.mu.Lock()
	g.held--
	g.admit()
	g.mu.Unlock()
}

// Resize changes the bound.
func (g *Gate) Resize(limit int) {
	g.mu.Lock()
	g.limit = limit
	g.admit()
	g.mu.Unlock()
}

func (g *Gate) admit() {
	for g.held < g.limit && g.waiters.Len() > 0 {
		g.held++
		close(g.waiters.Remove(g.waiters.Front()).(chan struct{}))
	}
}

// Places returns the bound.
func (g *Gate) Places() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.limit
}

// Holders returns how many are inside.
func (g *Gate) Holders() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.held
}
