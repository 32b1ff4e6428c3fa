package simulator

import (
	"container/heap"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// firstNumber is the lowest X number; number i of the pool is firstNumber + i.
const firstNumber = 17100000000

// binding is one A-X-G binding. It does not change once it is in the pool,
// but for at, which belongs to the pool's lock; an update puts a changed copy
// in its place.
type binding struct {
	number    int32
	subs      uint64
	a, b      string
	group     int64
	expires   time.Time
	created   time.Time
	outID     string
	requestID string
	record    bool
	asr       bool
	asrModel  string
	restrict  string

	at int // index in pool.lapse
}

func secretNo(number int32) string { return strconv.FormatInt(firstNumber+int64(number), 10) }

// subsID renders the binding id as the service does, 16 digits.
func subsID(subs uint64) string { return strconv.FormatUint(firstSubs+subs, 10) }

// firstSubs lies before the first id, which has 16 digits.
const firstSubs = 1_000_000_000_000_000

// pool is the account's one number pool. Every operation first lets the
// expired bindings lapse, and costs O(log live bindings) at most, but for grouped.
type pool struct {
	cities map[string]int
	names  []string // city index to name
	strict bool
	sameA  SameA

	mu     sync.Mutex
	cityOf []uint16
	bound  []*binding         // by number: the live binding
	last   map[int32]*binding // by number: the latest ended binding, for QuerySubscriptionDetail
	free   freeSet
	byCity []freeSet
	lapse  lapseQueue
	subs   uint64
	holds  map[string]int32 // by A: live bindings; only kept if sameA asks for it
}

func newPool(o Options) *pool {
	p := &pool{
		subs: o.SubsIDOffset, cities: map[string]int{}, strict: o.StrictCity, sameA: o.SameA, holds: map[string]int32{},
		cityOf: make([]uint16, o.Numbers), bound: make([]*binding, o.Numbers), last: map[int32]*binding{},
	}
	if len(o.Cities) == 0 {
		p.names = defaultCities[:]
		for i := range p.cityOf {
			p.cityOf[i] = uint16(i % len(p.names))
		}
	} else {
		i := 0
		for c, city := range o.Cities {
			p.names = append(p.names, city.City)
			for range city.N {
				p.cityOf[i] = uint16(c)
				i++
			}
		}
	}
	for c, name := range p.names {
		p.cities[name] = c
	}
	p.free = freeSet{list: make([]int32, 0, o.Numbers), place: make([]int32, o.Numbers)}
	p.byCity = make([]freeSet, len(p.names))
	place := make([]int32, o.Numbers) // a number is in one city only: they can share
	for c := range p.byCity {
		p.byCity[c].place = place
	}
	for i := range p.cityOf {
		p.release(int32(i))
	}
	return p
}

// numberOf reads a SecretNo; false if the pool does not own it.
func (p *pool) numberOf(x string) (int32, bool) {
	n, err := strconv.ParseInt(x, 10, 64)
	if err != nil || n < firstNumber || n >= firstNumber+int64(len(p.bound)) || len(x) != 11 {
		return 0, false
	}
	return int32(n - firstNumber), true
}

func (p *pool) release(n int32) {
	p.free.add(n)
	p.byCity[p.cityOf[n]].add(n)
}

func (p *pool) take(n int32) {
	p.free.remove(n)
	p.byCity[p.cityOf[n]].remove(n)
}

// bind makes the binding b on the wanted number, or with none wanted (-1) on a
// random free one, of the city if it names one. It returns "OK" or the code of
// the refusal.
func (p *pool) bind(b *binding, wanted int32, city string, d *random) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire(b.created)
	if wanted >= 0 {
		if p.bound[wanted] != nil || p.holding(b.a) {
			return codeBindConflict
		}
		b.number = wanted
	} else {
		if p.holding(b.a) {
			if p.sameA == SameAConflict {
				return codeBindConflict
			}
			return codeNoAvailableNumber
		}
		from := &p.free
		if city != "" {
			if c, ok := p.cities[city]; ok && len(p.byCity[c].list) > 0 {
				from = &p.byCity[c]
			} else if p.strict {
				return codeNoAvailableNumber
			}
		}
		if len(from.list) == 0 {
			return codeNoAvailableNumber
		}
		b.number = from.list[d.below(len(from.list))]
	}
	p.subs++
	b.subs = p.subs
	p.take(b.number)
	p.bound[b.number] = b
	heap.Push(&p.lapse, b)
	p.hold(b.a, 1)
	return codeOK
}

// holding reports whether the policy forbids A another binding.
func (p *pool) holding(a string) bool { return p.sameA != SameAAllowed && p.holds[a] > 0 }

func (p *pool) hold(a string, change int32) {
	if p.sameA == SameAAllowed {
		return
	}
	if p.holds[a] += change; p.holds[a] == 0 {
		delete(p.holds, a)
	}
}

// presence is what is known of a binding id on a number.
type presence int

const (
	absent presence = iota // never there, or forgotten
	ended                  // the one that ended last
	live
)

// update lets change alter a copy of the live binding of that id on the number
// and puts it in the binding's place. The code is "OK" or that of a refusal
// when the binding is live, else empty.
func (p *pool) update(n int32, subs string, now time.Time, change func(*binding)) (presence, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire(now)
	old := p.bound[n]
	if old == nil || subsID(old.subs) != subs {
		if l := p.last[n]; l != nil && subsID(l.subs) == subs {
			return ended, ""
		}
		return absent, ""
	}
	b := *old
	change(&b)
	if b.a != old.a && p.holding(b.a) {
		return live, codeUpdateConflict
	}
	p.hold(old.a, -1)
	p.hold(b.a, 1)
	p.bound[n] = &b
	p.lapse[b.at] = &b
	heap.Fix(&p.lapse, b.at)
	return live, codeOK
}

// find returns the live binding of the number, nil if there is none. Bindings
// made after seen are not yet visible.
func (p *pool) find(n int32, now, seen time.Time) *binding {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire(now)
	if b := p.bound[n]; b != nil && !b.created.After(seen) {
		return b
	}
	return nil
}

// ended returns the binding of the number that ended last, nil if none did.
func (p *pool) ended(n int32) *binding {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last[n]
}

// grouped reports whether a live binding names the group. It looks at all of them.
func (p *pool) grouped(id int64, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire(now)
	return slices.ContainsFunc(p.lapse, func(b *binding) bool { return b.group == id })
}

// unbind ends the live binding of that id on the number.
func (p *pool) unbind(n int32, subs string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expire(now)
	b := p.bound[n]
	if b == nil || subsID(b.subs) != subs {
		return false
	}
	heap.Remove(&p.lapse, b.at)
	p.end(b)
	return true
}

func (p *pool) expire(now time.Time) {
	for len(p.lapse) > 0 && !p.lapse[0].expires.After(now) {
		p.end(heap.Pop(&p.lapse).(*binding))
	}
}

func (p *pool) end(b *binding) {
	p.bound[b.number] = nil
	p.last[b.number] = b
	p.hold(b.a, -1)
	p.release(b.number)
}

// freeSet is a set of numbers with O(1) add, remove and random pick.
type freeSet struct {
	list  []int32
	place []int32 // number to its index in list
}

func (f *freeSet) add(n int32) {
	f.place[n] = int32(len(f.list))
	f.list = append(f.list, n)
}

func (f *freeSet) remove(n int32) {
	i, end := f.place[n], len(f.list)-1
	moved := f.list[end]
	f.list[i] = moved
	f.place[moved] = i
	f.list = f.list[:end]
}

// lapseQueue is a heap of the live bindings, the next to expire first.
type lapseQueue []*binding

func (q lapseQueue) Len() int           { return len(q) }
func (q lapseQueue) Less(i, j int) bool { return q[i].expires.Before(q[j].expires) }
func (q lapseQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}
func (q *lapseQueue) Push(x any) {
	b := x.(*binding)
	b.at = len(*q)
	*q = append(*q, b)
}
func (q *lapseQueue) Pop() any {
	end := len(*q) - 1
	b := (*q)[end]
	(*q)[end] = nil
	*q = (*q)[:end]
	return b
}

// china is Beijing time, whatever zone data the machine has.
var china = time.FixedZone("CST", 8*60*60)

const dateTime = "2006-01-02 15:04:05"

func beijing(t time.Time) string { return t.In(china).Format(dateTime) }

// allDigits reports whether s is digits only, lo to hi of them.
func allDigits(s string, lo, hi int) bool {
	return len(s) >= lo && len(s) <= hi && strings.Trim(s, "0123456789") == ""
}
