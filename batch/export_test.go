package batch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"axgbind/aliyun"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
)

// What the tests of the engine see of its inside.

func (f *failures) Add(bad, refused bool, c string) Stop { return f.add(bad, refused, c) }

func NewFailures(max MaxFailures) interface {
	Add(bad, refused bool, code string) Stop
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

// Keys returns the name of every row in the journal, in input order.
func (p *Plan) Keys() []input.Key {
	keys := make([]input.Key, len(p.rows))
	for i := range keys {
		keys[i] = p.key(i)
	}
	return keys
}

// Known is what a journal knows of what has not ended, in short.
func (j *Journal) Known() string {
	var b strings.Builder
	_ = j.ledger.Dump(&b, false) // a Builder takes all
	return b.String()
}

// Dump is all that a journal knows of what has not ended, in words: rows, bindings
// and calls, each with its particulars.
func (j *Journal) Dump() (list []string, err error) {
	sent := func(ref int64) detail {
		d, derr := j.detailAt(ref)
		err = errors.Join(err, derr)
		return detail{
			Left: cmp.Or(d.Left, d.T), Undated: d.Undated, Line: d.Line, PoolKey: d.PoolKey, PhoneNoA: d.PhoneNoA, PhoneNoB: d.PhoneNoB, PhoneNoX: d.PhoneNoX,
			GroupID: d.GroupID, Expiration: d.Expiration, Recording: d.Recording, Restrict: d.Restrict, OutID: d.OutID, Fixed: d.Fixed,
		}
	}
	said := func(ref int64) detail {
		d, derr := j.detailAt(ref)
		err = errors.Join(err, derr)
		d.Left, d.Undated, d.Line, d.PoolKey, d.PhoneNoA, d.PhoneNoB, d.PhoneNoX = 0, false, 0, "", "", "", ""
		d.GroupID, d.Expiration, d.Recording, d.Restrict, d.OutID, d.Fixed = "", "", "", "", "", ""
		return d
	}
	l := j.ledger
	for n := range l.Len() {
		info := l.Info(n)
		if info.Op == 0 || info.State == ledger.Superseded {
			continue
		}
		keeps := ""
		if info.Absent {
			d, derr := j.detailAt(info.Last)
			keeps, err = d.PhoneNoX, errors.Join(err, derr)
		}
		list = append(list, fmt.Sprintf("row %s: keeps X %q, %s %d, op %s, code %q, run %d, %d calls, absent %v, current %v, releasing %v: %+v", info.Key, keeps, statusOf(info.State),
			j.idOf(info.Binding), info.Op, info.Code, info.Run, info.Attempts, info.Absent, l.Current(n), l.Releasing(n), said(info.Last)))
		for _, c := range l.Calls(n) {
			ref, binding := c.Ref, c.Binding
			c.Ref, c.Row, c.Binding = 0, 0, 0
			list = append(list, fmt.Sprintf("call of row %s on %d: %+v: %+v", info.Key, j.idOf(binding), c, sent(ref)))
		}
	}
	for n := range l.Bindings() {
		b := l.Binding(n)
		holder := "nobody"
		if b.Holder >= 0 {
			holder = l.Key(b.Holder).String()
		}
		list = append(list, fmt.Sprintf("binding %d: place %x, ends %d, life %d, of %s, made in %d, held since %d: %+v; %+v", b.ID, b.Place, b.Ends, b.Life, holder, b.Maker, b.Held,
			sent(b.Values), said(b.OK)))
	}
	slices.Sort(list)
	return list, err
}

func (j *Journal) idOf(binding int) ledger.SubsID {
	if binding < 0 {
		return 0
	}
	return j.ledger.Binding(binding).ID
}
