package batch

import (
	"context"

	"axgbind/aliyun"
	"axgbind/batch/books"
)

// What the tests of the engine see of its inside.

func (f *failures) Add(bad, refused bool, c string) books.Stop { return f.add(bad, refused, c) }

func NewFailures(max MaxFailures) interface {
	Add(bad, refused bool, code string) books.Stop
} {
	return &failures{max: max}
}

// Capacity.

type Capacity = capacity

func NewCapacity() *Capacity                                   { return newCapacity() }
func (c *capacity) Stopped(pool, city string) bool             { return c.stopped(pool, city) }
func (c *capacity) Report(pool, city, a string, dry bool) bool { return c.report(pool, city, a, dry) }

// Breaker.

type (
	Breaker = breaker
	Permit  = permit
)

// NewBreaker returns a breaker at the start of a run. asks: its rows have look-ups made
// before they probe.
func NewBreaker(tell func(Message), give func(), asks bool) *Breaker {
	d := newBreaker(tell, give)
	d.asks = func() bool { return asks }
	return d
}

func (p permit) Probes() bool    { return p.probe }
func (p permit) LookFirst() bool { return p.lookFirst }

func (d *breaker) Enter(ctx context.Context, look bool) (Permit, error) { return d.enter(ctx, look) }
func (d *breaker) Trip()                                                { d.trip() }
func (d *breaker) Forgo(p Permit)                                       { d.forgo(p) }
func (d *breaker) Bars(p Permit) bool                                   { return d.bars(p) }

// Call notes that the call of a pass leaves; asked instead makes a look-up of it.
func (d *breaker) Call(p Permit) Permit  { p.generation = d.generation.Load(); return p }
func (d *breaker) Asked(p Permit) Permit { p.look = true; return d.Call(p) }

// Report takes the end of a call with a code.
func (d *breaker) Report(p Permit, code string) bool {
	return d.report(p, aliyun.Lookup(code).Class, code)
}
