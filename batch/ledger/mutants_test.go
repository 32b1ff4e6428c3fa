package ledger

import (
	"cmp"
	"flag"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// mutant is a rule with one thing broken.
type mutant struct {
	name   string
	breaks func(*Ledger)
	rule   func(Shown, Evidence) Kind // for look-ups
	lets   breaches
	in     string // world in which it is looked for first; blank: noticedIn says, or it is looked for in all
	sample int    // likewise: the dearer invariants are looked at in one of so many states; 0: 1,000
}

// mutants breaks each thing that effects and guards say, one at a time.
func mutants() (list []mutant) {
	for i, e := range effects() {
		name := fmt.Sprintf("%s %s", e.kind, e.op)
		change := func(what string, do func(e *effect)) {
			list = append(list, mutant{name: name + ": " + what, breaks: func(l *Ledger) {
				l.effects = slices.Clone(l.effects)
				do(&l.effects[i])
			}})
		}
		list = append(list, mutant{name: name + ": no line", breaks: func(l *Ledger) { l.effects = slices.Delete(effects(), i, i+1) }})
		change("goes elsewhere", func(e *effect) {
			if e.to == settled {
				e.to = doubted
			} else {
				e.to = settled
			}
		})
		for d := e.does; d != 0; d &= d - 1 {
			bit := d & -d
			change("not "+deedNames[bits.TrailingZeros16(uint16(bit))], func(e *effect) { e.does &^= bit })
		}
	}
	for i, g := range guards() {
		change := func(what string, do func(g *guard)) {
			list = append(list, mutant{name: fmt.Sprintf("guard %s: %s", reasonNames[g.reason], what), breaks: func(l *Ledger) {
				l.guards = slices.Clone(l.guards)
				do(&l.guards[i])
			}})
		}
		for _, op := range g.ops {
			change("not of a "+op.String(), func(g *guard) {
				g.ops = slices.DeleteFunc(slices.Clone(g.ops), func(o Op) bool { return o == op })
			})
		}
		for _, c := range []Consent{ResendUnknown, ResendReleased, Duplicates, Another} {
			if g.lifts&c != 0 {
				change(fmt.Sprintf("not lifted by consent %d", c), func(g *guard) { g.lifts &^= c })
				list[len(list)-1].sample = 10
			} else if slices.Contains(g.ops, Bind) {
				change(fmt.Sprintf("lifted by consent %d", c), func(g *guard) { g.lifts |= c })
			}
		}
	}
	replace := func(name string, reasons []Reason, bars func(l *Ledger, c *call, clock Clock) bool) {
		list = append(list, mutant{name: name, breaks: func(l *Ledger) {
			l.guards = slices.Clone(l.guards)
			for i := range l.guards {
				if slices.Contains(reasons, l.guards[i].reason) {
					l.guards[i].bars = bars
				}
			}
		}})
	}
	at := func(l *Ledger, c *call, clock Clock, counts func(b int32) bool) bool {
		return slices.ContainsFunc(l.bindingsAt(c.place, clock), func(b int32) bool { return b != c.binding && counts(b) })
	}
	replace("a place that a binding may come to is free", []Reason{BindingThere}, func(l *Ledger, c *call, clock Clock) bool {
		return at(l, c, clock, func(b int32) bool { return l.bindings[b].place == c.place })
	})
	replace("a place that a binding may leave is free", []Reason{BindingThere}, func(l *Ledger, c *call, clock Clock) bool {
		return at(l, c, clock, func(b int32) bool {
			return !slices.ContainsFunc(l.callsOn(b), func(i int32) bool { return l.calls[i].place != 0 && l.calls[i].place != c.place })
		})
	})
	replace("a binding whose release is in doubt is gone", []Reason{BindingThere}, func(l *Ledger, c *call, clock Clock) bool {
		return at(l, c, clock, func(b int32) bool { return l.releaseOn(b) < 0 })
	})
	replace("only a row's own bindings and binds count", []Reason{BindingThere, BindThere}, func(l *Ledger, c *call, clock Clock) bool {
		return at(l, c, clock, func(b int32) bool { return l.bindings[b].holder == c.row })
	})
	replace("another change is made at once", []Reason{UnderWay}, func(*Ledger, *call, Clock) bool { return false })
	list = append(list,
		mutant{name: "a call made again settles the earlier ones", lets: forgets},
		mutant{name: "a look-up settles a call that is not due", lets: settlesEarly},
		mutant{name: "this machine's clock says when a call is due", lets: clockTells},
	)
	believes := func(name string, change func(Shown, *Evidence)) {
		list = append(list, mutant{name: "a look-up needs no " + name, rule: func(s Shown, e Evidence) Kind {
			change(s, &e)
			return Settles(s, e)
		}})
	}
	for shown, name := range map[Shown]string{ShownNone: "to show nothing", ShownOther: "to show another's", ShownEnded: "to show an end"} {
		believes("control before it "+name, func(s Shown, e *Evidence) { e.Before = e.Before || s == shown })
		believes("control after it "+name, func(s Shown, e *Evidence) { e.After = e.After || s == shown })
	}
	believes("wait", func(_ Shown, e *Evidence) { e.Late = false })
	return list
}

var deedNames = []string{"makes", "changes", "holds", "ends", "passes", "succeeds", "refuses", "reopens", "unties", "denies", "recalls", "lingers", "untries", "expires", "tells"}

var reasonNames = []string{"None", "IsOpen", "IsBound", "InDoubt", "WasReleased", "BindingThere", "BindThere", "NotLive", "UnderWay", "PlaceTaken", "NotHeld", "NotMade"}

// find says in which world the mutant is noticed, and how; blank if in none. It
// looks around in all of them before it goes far in one.
func (m *mutant) find() string {
	in := cmp.Or(m.in, noticedIn()[m.name])
	for _, most := range []int{1_000, 10_000, 50_000} {
		for _, w := range worlds() {
			if w.name != in && in != "" {
				continue
			}
			w.breaks, w.rule, w.lets, w.most, w.sample = m.breaks, m.rule, m.lets, most, 1_000
			if in != "" {
				w.most = 50_000
			}
			if m.sample > 0 {
				w.sample = m.sample
			}
			if e := w.explore(); e.fault != "" {
				return fmt.Sprintf("in %q: %v", w.name, e)
			}
		}
		in = ""
	}
	return ""
}

var onlyMutants = flag.String("mutants", "", "only those of TestMutants whose name has this text")

// TestMutants breaks the rule in every way in which a line can be broken. The
// exploration alone has to notice.
func TestMutants(t *testing.T) {
	if underRace {
		t.Skip("nothing runs at the same time")
	}
	all := mutants()
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				if found := all[i].find(); found == "" {
					t.Errorf("%s: not found", all[i].name)
				} else {
					t.Logf("%s: %s", all[i].name, found)
				}
			}
		})
	}
	for i := range all {
		if strings.Contains(all[i].name, *onlyMutants) {
			next <- i
		}
	}
	close(next)
	group.Wait()
}
