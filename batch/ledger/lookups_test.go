package ledger

import "slices"

// sight is how look-ups show things at a moment.
type sight uint8

const (
	clear   sight = iota
	blind         // everybody is shown nothing
	strange       // everything is shown in a form that nobody knows: as another's
)

// seen is how a look-up comes about: how things are shown then, and whether a control
// came back as it is known before and after.
type seen struct {
	sight
	before, after bool
}

// ways are how a look-up may come about. Between two controls it is true, unless the
// axiom does not hold.
func (w *world) ways(s *state) []seen {
	has := w.world&lies == 0 || s.hasControl()
	list := []seen{{clear, has, has}}
	if w.world&lies != 0 {
		for _, see := range []sight{clear, blind, strange} {
			list = append(list, seen{see, false, has}, seen{see, has, false}, seen{see, false, false})
		}
	}
	if has && w.lets&liesBetween != 0 {
		list = append(list, seen{blind, true, true}, seen{strange, true, true})
	}
	return list
}

// hasControl reports whether a binding is known that the service shows as it is known.
func (s *state) hasControl() bool {
	for i := range s.l.bindings {
		k := &s.l.bindings[i]
		b := s.lives(k.id)
		if b != nil && k.life == lives && k.calls < 0 && !b.hidden && b.place == k.place && b.val == valuesOf(k.values) {
			return true
		}
	}
	return false
}

// lookUps come to what the rule makes of what they show.
func (w *world) lookUps(s *state, do func(move, *state)) {
	for i := range s.facts {
		f := &s.facts[i]
		if at := s.l.byNumber[uint64(f.call)]; f.op != Bind || s.stage(f.call) != doubted || s.l.calls[at].passed {
			continue
		}
		var done []move
		end := func(k Kind, binding SubsID) {
			m := move{k.String(), f.call, binding}
			if slices.Contains(done, m) || k == Looked && w.world&looks == 0 {
				return
			}
			done = append(done, m)
			n := s.next()
			n.end(w, i, k, binding)
			do(m, n)
		}
		late := !s.l.Settleable(uint64(f.call), s.clock()) && w.lets&settlesEarly == 0 && !(w.lets&clockTells != 0 && s.clock().Now >= f.at+wait)
		equal := func(b *living) bool {
			made := s.fact(b.call) // not at another time than the call, by the service's clock
			return b.place == f.place && b.val == f.val && b.x == f.x && (made != nil && made.early) == f.early
		}
		known := func(b *living) bool { return s.l.bindingFor(b.id) >= 0 }
		rivals, opened := 0, false // unsettled calls that such a binding fits as well
		for j := range s.facts {
			o := &s.facts[j]
			if o.op != Bind || o.place != f.place || o.val != f.val || o.x != f.x || o.early != f.early || s.stage(o.call) == settled {
				continue
			}
			opened = opened || s.stage(o.call) == open
			if !s.l.calls[s.l.byNumber[uint64(o.call)]].passed {
				rivals++
			}
		}
		byX, byList := w.world&looks != 0 && f.x > 0, w.world&sweeps != 0
		if !byX && !byList || opened {
			continue
		}
		if w.world&looks != 0 {
			end(Looked, 0)
		}
		for _, way := range w.ways(s) {
			e := Evidence{Before: way.before, After: way.after, Late: late}
			var fitting []SubsID
			taken := false
			for j := range s.live {
				b := &s.live[j]
				switch {
				case b.hidden || way.sight == blind:
				case way.sight == clear && equal(b) && !known(b):
					fitting = append(fitting, b.id)
				case byX && b.x == f.x:
					taken = true
				}
			}
			e.Rivals = len(fitting) > rivals // else nobody can tell which is whose
			for _, id := range fitting {
				end(w.settles(ShownEqual, e), id)
			}
			switch {
			case taken:
				end(w.settles(ShownOther, e), 0)
			case len(fitting) == 0 || byList && len(fitting) < rivals:
				end(w.settles(ShownNone, e), 0)
			}
		}
	}
	if w.world&gones == 0 {
		return
	}
	for i := range s.l.bindings {
		b := &s.l.bindings[i]
		if b.life != lives {
			continue
		}
		gone := slices.ContainsFunc(w.ways(s), func(way seen) bool {
			at := s.lives(b.id)
			ended := at == nil || at.hidden || way.sight == blind
			made := s.fact(uint32(b.id))
			e := Evidence{Before: way.before, After: way.after, Late: made != nil && made.op == Bind && !made.due && w.world&lies != 0}
			return ended && w.settles(ShownEnded, e) == Gone
		})
		if !gone {
			continue
		}
		w.happened("gone")
		if s.l.releaseOn(int32(i)) >= 0 {
			w.happened("gone with a release in doubt")
		}
		n := s.next()
		n.apply(w, Record{Kind: Gone, Binding: b.id, Code: "gone", Ref: int64(b.id) << 16})
		do(move{"gone", 0, b.id}, n)
	}
}

// settles is the rule for look-ups.
func (w *world) settles(s Shown, e Evidence) Kind {
	if w.rule != nil {
		return w.rule(s, e)
	}
	return Settles(s, e)
}
