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

// Door.

type (
	Door = door
	Pass = pass
)

// NewDoor returns a door at the start of a run. asks: its rows have look-ups made
// before they probe.
func NewDoor(tell func(Message), give func(), asks bool) *Door {
	d := newDoor(tell, give)
	d.asks = func() bool { return asks }
	return d
}

func (p pass) Probes() bool    { return p.probe }
func (p pass) LookFirst() bool { return p.lookFirst }

func (d *door) Enter(ctx context.Context, look bool) (Pass, error) { return d.enter(ctx, look) }
func (d *door) Pull()                                              { d.pull() }
func (d *door) Forgo(p Pass)                                       { d.forgo(p) }
func (d *door) Bars(p Pass) bool                                   { return d.bars(p) }

// Call notes that the call of a pass leaves; asked instead makes a look-up of it.
func (d *door) Call(p Pass) Pass  { p.generation = d.generation.Load(); return p }
func (d *door) Asked(p Pass) Pass { p.look = true; return d.Call(p) }

// Report takes the end of a call with a code.
func (d *door) Report(p Pass, code string) bool {
	return d.report(p, aliyun.Lookup(code).Class, code)
}
