package ledger

import (
	"cmp"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/maphash"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

var moreCalls = flag.Int("explore-calls", 0, "so many calls more in each world of TestExplore")

// explored is what an exploration came to.
type explored struct {
	states, moves, depth int
	fault                string
	trace                []string // the shortest way to the fault
	took                 time.Duration
}

func (e explored) String() string {
	text := fmt.Sprintf("%d states, %d moves, depth %d, %v", e.states, e.moves, e.depth, e.took.Round(time.Millisecond))
	if e.fault != "" {
		text += "\n" + e.fault + "\n    " + strings.Join(e.trace, "\n    ")
	}
	return text
}

type mark [2]uint64

type node struct {
	parent int32
	mark   mark
}

// explore walks a world breadth first, to its end or to the first fault.
func (w *world) explore() explored {
	began := time.Now()
	seeds := [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	type open struct {
		s  *state
		at int32
	}
	var (
		e     explored
		enc   encoder
		nodes []node
		seen  = map[mark]struct{}{}
		level []open
		next  []open
	)
	markOf := func(s *state) mark {
		text := enc.encode(w, s)
		return mark{maphash.Bytes(seeds[0], text), maphash.Bytes(seeds[1], text)}
	}
	first := w.first()
	nodes = append(nodes, node{-1, markOf(first)})
	seen[nodes[0].mark] = struct{}{}
	level = append(level, open{first, 0})
	e.fault = w.check(first)
	bad := int32(0)
	badState := first
	for len(level) > 0 && e.fault == "" && (w.most == 0 || len(nodes) < w.most) {
		for i := range level {
			o := level[i]
			level[i].s = nil
			w.moves(o.s, func(m move, n *state) {
				if e.moves++; e.fault != "" {
					return
				}
				k := markOf(n)
				if n.fault == "" {
					if _, ok := seen[k]; ok {
						return
					}
				}
				seen[k] = struct{}{}
				nodes = append(nodes, node{o.at, k})
				if e.fault = w.check(n); e.fault != "" {
					bad, badState = int32(len(nodes)-1), n
					return
				}
				next = append(next, open{n, int32(len(nodes) - 1)})
			})
			if e.fault != "" {
				break
			}
		}
		level, next = next, level[:0]
		e.depth++
	}
	e.states = len(nodes)
	if e.fault != "" {
		e.trace = w.trace(nodes, bad, badState, markOf)
		e.depth = len(e.trace)
	}
	e.took = time.Since(began)
	return e
}

// trace goes the way to a node again and writes it down.
func (w *world) trace(nodes []node, bad int32, badState *state, markOf func(*state) mark) (lines []string) {
	var way []mark
	for at := bad; nodes[at].parent >= 0; at = nodes[at].parent {
		way = append(way, nodes[at].mark)
	}
	slices.Reverse(way)
	s := w.first()
	for i, k := range way {
		var found *state
		w.moves(s, func(m move, n *state) {
			if found == nil && markOf(n) == k && (i < len(way)-1 || n.fault == badState.fault) {
				found = n
				lines = append(lines, m.tell(n))
			}
		})
		if s = found; s == nil {
			return append(lines, "(the way is lost)")
		}
	}
	return lines
}

// encoder writes down all of a state that decides what may follow, with names of
// calls and bindings that tell only their order.
type encoder struct {
	buf   []byte
	names []uint64
	order []int32
}

func (e *encoder) name(n uint64) {
	at, _ := slices.BinarySearch(e.names, n)
	e.buf = append(e.buf, byte(at))
}

func (e *encoder) encode(w *world, s *state) []byte {
	l := s.l
	e.buf, e.names = e.buf[:0], e.names[:0]
	for i := range l.bindings {
		e.names = append(e.names, uint64(l.bindings[i].id))
	}
	for i := range l.calls {
		if l.calls[i].stage != settled {
			e.names = append(e.names, l.calls[i].number)
		}
	}
	for i := range s.facts {
		e.names = append(e.names, uint64(s.facts[i].call), uint64(s.facts[i].binding))
	}
	for i := range s.live {
		e.names = append(e.names, uint64(s.live[i].id), uint64(s.live[i].by))
	}
	slices.Sort(e.names)
	e.names = slices.Compact(e.names)
	late := byte(0)
	if s.late {
		late = 1
	}
	if s.ahead {
		late |= 2
	}
	e.buf = append(e.buf, byte(s.used-w.made), s.others, late, byte(s.batch()))

	rows := e.sorted(len(l.rows), func(a, b int32) int { return compareKeys(l.Key(int(a)), l.Key(int(b))) })
	for _, i := range rows {
		r := &l.rows[i]
		e.key(l.Key(int(i)))
		current := byte(0)
		if r.binding >= 0 {
			e.name(uint64(l.bindings[r.binding].id))
			if l.bindings[r.binding].ok == r.last {
				current = 1
			}
		} else {
			e.buf = append(e.buf, 255)
		}
		if lostLast(r) {
			current |= 2
		}
		if Kind(r.last>>8&0xff) == Absent {
			current |= 8
		}
		if r.twice {
			current |= 4
		}
		e.buf = append(e.buf, byte(r.op), byte(r.verdict), current)
	}
	e.buf = append(e.buf, 254)
	for _, i := range e.sorted(len(l.bindings), func(a, b int32) int { return cmp.Compare(l.bindings[a].id, l.bindings[b].id) }) {
		b := &l.bindings[i]
		e.name(uint64(b.id))
		edited := byte(0)
		if b.edited {
			edited = 1
		}
		e.buf = append(e.buf, byte(b.life), byte(b.place), byte(b.values), byte(i), byte(l.batchAt(b.maker)), edited)
		if b.ends == ends1 {
			e.buf = append(e.buf, 1)
		}
		if b.holder >= 0 {
			e.key(l.Key(int(b.holder)))
		} else {
			e.buf = append(e.buf, 253)
		}
	}
	e.buf = append(e.buf, 254)
	calls := e.sorted(len(l.calls), func(a, b int32) int { return cmp.Compare(l.calls[a].number, l.calls[b].number) })
	for _, i := range calls {
		c := &l.calls[i]
		if c.stage == settled {
			continue
		}
		e.name(c.number)
		e.key(l.Key(int(c.row)))
		flags := byte(c.stage)
		if c.passed {
			flags |= 8
		}
		if !c.due(s.clock()) {
			flags |= 16
		}
		if c.at == t1 {
			flags |= 32
		}
		e.buf = append(e.buf, byte(c.op), flags, byte(c.place), byte(c.ref), byte(c.consent))
		if c.binding >= 0 {
			e.name(uint64(l.bindings[c.binding].id))
		}
	}
	e.buf = append(e.buf, 254)
	for i := range s.facts { // in the order in which they were made
		f := &s.facts[i]
		e.name(uint64(f.call))
		e.key(f.row)
		flags := byte(f.phase)
		if f.due {
			flags |= 8
		}
		if f.doubted {
			flags |= 16
		}
		if f.given {
			flags |= 32
		}
		if f.renewed {
			flags |= 64
		}
		if f.early {
			flags |= 128
		}
		e.buf = append(e.buf, byte(f.op), flags, byte(f.place), f.val, f.x, byte(f.consent), byte(f.before.State))
		e.name(uint64(f.binding))
	}
	e.buf = append(e.buf, 254)
	slices.SortFunc(s.live, func(a, b living) int { return cmp.Compare(a.id, b.id) })
	for i := range s.live {
		b := &s.live[i]
		e.name(uint64(b.id))
		e.name(uint64(b.by))
		others := byte(0)
		if b.others {
			others = 1
		}
		if b.edited {
			others |= 2
		}
		if b.hidden {
			others |= 4
		}
		e.buf = append(e.buf, byte(b.place), b.val, b.x, others, byte(b.maker), byte(b.holder))
	}
	e.buf = append(e.buf, 254)
	slices.Sort(s.ended)
	for _, id := range s.ended {
		e.name(uint64(id))
	}
	return e.buf
}

func (e *encoder) sorted(n int, less func(a, b int32) int) []int32 {
	e.order = e.order[:0]
	for i := range n {
		e.order = append(e.order, int32(i))
	}
	slices.SortFunc(e.order, less)
	return e.order
}

// key writes a row's key, in which a binding has its order as its name.
func (e *encoder) key(k Key) {
	e.buf = append(e.buf, k.ID[0], k.ID[1], k.ID[2], k.ID[3], byte(k.Occurrence), byte(k.Batch))
	if k.ID[0] != bindRow {
		e.name(binary.BigEndian.Uint64(k.ID[8:]))
	}
}

func compareKeys(a, b Key) int {
	if c := slices.Compare(a.ID[:], b.ID[:]); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.Occurrence, b.Occurrence), cmp.Compare(a.Batch, b.Batch))
}

// TestExplore walks through every world to its end: in no state an invariant is
// broken, and together they use every line of the rule.
func TestExplore(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // a third of the time, else
	all, walked := fired{n: map[string]int{}}, atomic.Int32{}
	t.Run("worlds", func(t *testing.T) {
		for _, w := range worlds() {
			t.Run(w.name, func(t *testing.T) {
				t.Parallel()
				if w.calls += *moreCalls; underRace {
					w.calls--
				}
				w.sample, w.counts, w.breaks = 37, map[string]int{}, w.watched
				if e := w.explore(); e.fault != "" {
					t.Errorf("%v", e)
				} else {
					t.Logf("%v", e)
				}
				all.add(w.counts)
				walked.Add(1)
			})
		}
	})
	if !t.Failed() && !underRace && int(walked.Load()) == len(worlds()) {
		all.check(t)
	}
}
