package ledger

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// fired counts over all worlds what happened how often.
type fired struct {
	sync.Mutex
	n map[string]int
}

func (f *fired) add(counts map[string]int) {
	f.Lock()
	defer f.Unlock()
	for name, n := range counts {
		f.n[name] += n
	}
}

// watched has every guard tell whether it bars a call.
func (w *world) watched(l *Ledger) {
	l.guards = slices.Clone(l.guards)
	for i := range l.guards {
		g := &l.guards[i]
		bars, reason := g.bars, reasonNames[g.reason]
		yes, no := reason+" bars", reason+" does not bar"
		g.bars = func(l *Ledger, c *call, clock Clock) bool {
			is := bars(l, c, clock)
			if is {
				w.counts[yes]++
			} else {
				w.counts[no]++
			}
			return is
		}
	}
}

// lineName is how coverage calls a line of the table.
func lineName(e *effect) string { return fmt.Sprintf("%s of %s", e.kind, e.op) }

// seen notes which line of the table a record follows.
func (w *world) seen(s *state, f *fact, r *Record, twice bool) {
	if w.counts == nil {
		return
	}
	if twice {
		w.counts["an id that is known already"]++
	}
	at := s.stage(f.call)
	for i := range s.l.effects {
		if e := &s.l.effects[i]; e.kind == r.Kind && (e.op == 0 || e.op == f.op) && e.from&at != 0 {
			w.counts[lineName(e)]++
		}
	}
}

// everything is what has to happen somewhere.
func everything() (names []string) {
	for _, e := range effects() {
		names = append(names, lineName(&e))
	}
	for _, g := range guards() {
		names = append(names, reasonNames[g.reason]+" bars", reasonNames[g.reason]+" does not bar")
	}
	names = append(names, "an id that is known already", "gone", "gone with a release in doubt", "run with an open call")
	for _, reason := range []Reason{None, NotHeld, NotMade} {
		names = append(names, claimNames[reason])
	}
	for act, why := range map[Act][]Reason{
		Stands: {None}, Sends: {None}, Takes: {BindingThere}, Renews: {None, BindingThere}, Holds: {BindingThere, BindThere},
	} {
		for _, reason := range why {
			names = append(names, fmt.Sprintf("decide %d for %s", act, reasonNames[reason]))
		}
	}
	return names
}

func (f *fired) check(t *testing.T) {
	for _, name := range everything() {
		if f.n[name] == 0 {
			t.Errorf("in no world: %s", name)
		}
	}
	names := make([]string, 0, len(f.n))
	for name := range f.n {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Logf("%9d %s", f.n[name], name)
	}
}
