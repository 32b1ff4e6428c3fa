package ledger

import (
	"bytes"
	"fmt"
	"slices"
)

// wishes are what people may want of a row.
func (w *world) wishes(l *Ledger, t task) (list []Wish) {
	for _, consent := range slices.Compact([]Consent{0, w.consents}) {
		for when := RefuseWhenBound; when <= RenewWhenBound; when++ {
			wish := Wish{Key: t.key(), Place: t.place, Consent: consent, WhenBound: when, Relative: w.relative && t.val == 1}
			again := wish
			again.Resend, again.Prolongs = true, wish.Relative
			again.Present = func(row int) bool { return l.Key(row).Batch == t.batch }
			list = append(list, wish, again)
		}
	}
	return list
}

// decided is a decision without numbers of bindings.
type decided struct {
	act     Act
	reason  Reason
	binding SubsID
	call    uint64
	consent Consent
}

func decide(l *Ledger, wish *Wish, clock Clock) decided {
	d := l.Decide(wish, clock)
	id := SubsID(0)
	if d.Binding >= 0 {
		id = l.Binding(d.Binding).ID
	}
	return decided{d.Act, d.Reason, id, d.Call, d.Consent}
}

var decisionNames = func() (names [Holds + 1][reasons]string) {
	for act := range names {
		for reason := range names[act] {
			names[act][reason] = fmt.Sprintf("decide %d for %s", act, reasonNames[reason])
		}
	}
	return names
}()

// held are the words for what may be in a row's place.
var held = [reasons]Consent{BindingThere: Duplicates | Another, BindThere: Duplicates | Another}

// mine reports whether all that may be in a row's place is of other rows of its input.
func (w *world) mine(l *Ledger, wish *Wish, clock Clock) bool {
	bindings, binds := l.Others(wish, clock)
	return wish.Present != nil && len(bindings)+len(binds) == 0
}

// equal reports whether a binding of another batch, alone at a row's place, is just
// what the row asks for, and the ledger can know it.
func (w *world) equal(s *state, wish *Wish, n int) bool {
	bindings, binds := s.l.At(wish.Place, s.clock())
	b, known := s.lives(s.l.Binding(n).ID), &s.l.bindings[n]
	if b == nil || b.others || b.edited || wish.Relative || len(bindings)+len(binds) > 1 || known.place != wish.Place || known.calls >= 0 || known.holder < 0 {
		return false
	}
	holder := s.l.Key(int(known.holder))
	return holder.ID == wish.Key.ID && holder.Batch != wish.Key.Batch
}

// sound is that decisions are ones that can be carried out.
func sound(w *world, s *state) string {
	for _, t := range w.rows {
		for _, wish := range w.wishes(s.l, t) {
			d := s.l.Decide(&wish, s.clock())
			was, fresh := Pending, true // fresh: nothing is unsettled of the row
			if n, ok := s.l.Row(wish.Key); ok {
				was = s.l.State(n)
				fresh = was == Pending && s.l.rows[n].calls < 0
			}
			w.happened(decisionNames[d.Act][d.Reason])
			r := Record{Kind: Intent, Op: Bind, Row: wish.Key, Place: wish.Place, Consent: d.Consent}
			switch d.Act {
			case Sends:
				if reason := s.l.Check(&r, s.clock()); reason != None || d.Consent&^wish.Consent != 0 {
					return fmt.Sprintf("a row is sent with consent %d, but Check says %d", d.Consent, reason)
				}
				if text := w.words(s, &wish, d.Consent); text != "" {
					return text
				}
			case Stands:
				if was == Pending || was == Superseded || was == Failed && wish.Resend {
					return "a row that could be sent stands"
				}
			case Takes, Renews:
				if was == Unknown && wish.Consent&ResendUnknown == 0 {
					return "a row whose call is in doubt is renewed, or takes a binding"
				}
				if d.Binding < 0 || !s.l.MayLive(d.Binding, s.clock()) && s.l.Binding(d.Binding).Life != Bound {
					return "a row takes or renews what does not live"
				}
				if b := s.lives(s.l.Binding(d.Binding).ID); d.Act == Takes && wish.WhenBound != SkipWhenBound && b != nil && !b.others && (b.place != t.place || b.val != t.val || wish.Relative) {
					return fmt.Sprintf("I4: row %s takes binding %d, which has other values, and nobody said so", t.key(), b.id)
				}
			case Holds:
				switch {
				case d.Reason == None || d.Binding < 0 && d.Call == 0:
					return "a row is held, and nothing says why"
				case d.Reason == InDoubt && wish.Consent&ResendUnknown != 0 || d.Reason == WasReleased && wish.Consent&ResendReleased != 0:
					return "I6: a row is held for its own call, though the person said the word"
				case held[d.Reason]&wish.Consent != 0 && fresh && (held[d.Reason]&wish.Consent&Another != 0 || w.mine(s.l, &wish, s.clock())):
					return "I6: a row is held, though the person said the word"
				case d.Binding >= 0 && w.equal(s, &wish, d.Binding):
					return fmt.Sprintf("I6: row %s is held for binding %d, which is equal", t.key(), s.l.Binding(d.Binding).ID)
				case d.Binding >= 0 && s.l.Binding(d.Binding).Life != Bound:
					return "I4: a row is held for a binding that is no more"
				case d.Call > 0 && s.stage(uint32(d.Call)) == settled:
					return "I4: a row is held for a call that is settled"
				}
			}
		}
	}
	return ""
}

// words is that a row is sent with no more of a person's words than what is in its
// place takes: Duplicates is one for rows of its own input, Another for all.
func (w *world) words(s *state, wish *Wish, used Consent) string {
	bindings, binds := s.l.Others(wish, s.clock())
	there := len(bindings)+len(binds) > 0
	switch {
	case used&Duplicates != 0 && there:
		return "I1: a row is sent for a word about its input, and others are in its place"
	case used&Another != 0 && !there && wish.Consent&Duplicates != 0:
		return "I1: another is sent beside rows of the input that may be there"
	case used&Duplicates != 0 && used&Another != 0:
		return "I1: a row is sent with two words where one suffices"
	}
	return ""
}

// resumed is I8: a crash changes no decision about a row that no open call is of.
func resumed(w *world, s *state) string {
	if !slices.ContainsFunc(s.l.calls, func(c call) bool { return c.stage == open }) {
		return ""
	}
	after := s.l.clone()
	must(after.Apply(&Record{Kind: Run, Batch: batchNames[w.batches]})) // the last one's
	for _, t := range w.rows {
		if n, ok := s.l.Row(t.key()); ok && s.l.opened(int32(n)) {
			continue
		}
		for _, wish := range w.wishes(s.l, t) {
			if a, b := decide(s.l, &wish, s.clock()), decide(after, &wish, s.clock()); a != b {
				return fmt.Sprintf("I8: row %s: %+v, after a crash %+v", t.key(), a, b)
			}
		}
	}
	return ""
}

// compact is the ledger that a compaction leaves.
func (w *world) compact(s *state, keep func(int) bool) (*Ledger, error) {
	c := w.blank()
	seq := int64(1 << 20)
	for e := range s.l.Snapshot(keep) {
		kind := int64(Lost)
		if e.Last >= 0 {
			kind = e.Last >> 8 & 0xff
		}
		seq++
		e.Ref = seq<<16 | kind<<8 | int64(valuesOf(e.Values))
		if err := c.Apply(&e.Record); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// waitedAs has a process wait for calls as long as another did.
func (l *Ledger) waitedAs(o *Ledger) {
	for i := range l.calls {
		if at, ok := o.byNumber[l.calls[i].number]; ok {
			l.calls[i].since = o.calls[at].since
		}
	}
}

// compacted is I7: what a compaction leaves knows the same and decides the same.
func compacted(w *world, s *state) string {
	c, err := w.compact(s, nil)
	if err != nil {
		return fmt.Sprintf("I7: a compaction cannot be read: %v", err)
	}
	before := s.l
	if slices.ContainsFunc(s.l.calls, func(c call) bool { return c.stage == open }) {
		before = s.l.clone()
		must(before.Apply(&Record{Kind: End}))
	}
	var a, b bytes.Buffer
	_, _ = before.Dump(&a, true), c.Dump(&b, true)
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		return fmt.Sprintf("I7: a compaction loses something:\n%s\n%s", a.Bytes(), b.Bytes())
	}
	foreign := slices.ContainsFunc(s.l.bindings, func(b binding) bool { return b.life == lives && b.holder < 0 }) // leaves with its list
	fewer, err := w.compact(s, func(n int) bool { return s.l.rows[n].id[0] == bindRow })
	if err != nil {
		return fmt.Sprintf("I7: a compaction without lists that have ended cannot be read: %v", err)
	}
	c.waitedAs(before)
	fewer.waitedAs(before)
	for _, t := range w.rows {
		for _, wish := range w.wishes(before, t) { // of another ledger, whose rows have other numbers
			a := decide(before, &wish, s.clock())
			for _, l := range []*Ledger{c, fewer} {
				if l == fewer && foreign {
					continue
				}
				if wish.Present != nil {
					wish.Present = func(row int) bool { return l.Key(row).Batch == t.batch }
				}
				if b := decide(l, &wish, s.clock()); a != b {
					return fmt.Sprintf("I7: row %s: %+v, after a compaction %+v", t.key(), a, b)
				}
			}
		}
	}
	n := s.next()
	n.l = c
	if text := allKnown(w, n); text != "" {
		return "I7, after a compaction: " + text
	}
	return ""
}

// finishes is I6: without further faults every row comes to an end, or is held
// with a reason.
func finishes(w *world, s *state) string {
	if slices.ContainsFunc(s.live, func(b living) bool { return b.others && b.call != 0 }) {
		return "" // others changed it: nobody promises what becomes of that
	}
	calm := *w
	calm.calls, calm.lets, calm.world = 1_000, 0, (w.world|gones)&^lies // and a control is found
	s = s.next()
	s.ahead = false
	if slices.ContainsFunc(s.l.calls, func(c call) bool { return c.stage == open }) {
		s.apply(w, Record{Kind: Run, Batch: batchNames[s.batch()]})
	}
	for i := range s.facts {
		s.due(&calm, i)
	}
	runOf := func(batch uint32) {
		if batch != s.batch() {
			s = s.next()
			s.apply(w, Record{Kind: Run, Batch: batchNames[batch]})
		}
	}
	lapsed := func(id SubsID) bool { // nobody asks the service about it
		return !s.l.MayLive(int(s.l.bindingFor(id)), s.clock())
	}
	settle := func() {
		for range 100 { // a broken rule may find no end
			var n *state
			calm.lookUps(s, func(m move, k *state) {
				if n == nil && m.verb != "looked" && !(m.verb == "gone" && lapsed(m.binding)) {
					n = k
				}
			})
			if n == nil {
				return
			}
			s = n
			s.tidy()
		}
	}
	settle()
	call := func(f fact, from Place) bool {
		runOf(f.row.Batch)
		list := calm.begin(s, f, from)
		if len(list) == 0 || list[0].fact(list[0].used).consent != 0 {
			return false
		}
		s = list[0]
		at := len(s.facts) - 1
		s.execute(&s.facts[at], &calm)
		k, made := OK, SubsID(0)
		if s.facts[at].phase == spent {
			k = Refused
		} else if f.op == Bind {
			made = SubsID(s.used)
		}
		s.end(&calm, at, k, made)
		s.tidy()
		return true
	}
	for _, f := range slices.Clone(s.facts) { // what is made again
		at, unsettled := s.l.byNumber[uint64(f.call)]
		if !unsettled || f.op == Bind || f.op == Renew || s.l.calls[at].passed {
			continue
		}
		b := s.l.Binding(int(s.l.calls[at].binding))
		if !call(fact{op: f.op, row: f.row, binding: f.binding, place: f.place, val: f.val}, b.Place) {
			reason := s.l.Check(&Record{Op: f.op, Row: f.row, Binding: f.binding, Place: f.place}, s.clock())
			if reason != PlaceTaken && reason != NotLive && !(w.noLists && w.claim(s, &f) != None) {
				return fmt.Sprintf("I6: call %d cannot be made again: %d", f.call, reason)
			}
		}
	}
	settle()
	for _, t := range w.rows {
		val, sendable := w.sent(s, t)
		if !sendable {
			continue
		}
		for tries := 0; ; tries++ {
			wish := Wish{Key: t.key(), Place: t.place, Resend: tries == 0, WhenBound: RenewWhenBound, Relative: w.relative && t.val == 1}
			if n, ok := s.l.Row(wish.Key); ok && wish.Relative && s.l.rows[n].binding >= 0 {
				wish.Prolongs = s.l.bindings[s.l.rows[n].binding].ends < s.endsOf(w.renewal(t))
			}
			d := s.l.Decide(&wish, s.clock())
			f := fact{op: Bind, row: t.key(), place: t.place, val: val, x: t.x}
			from := Place(0)
			if d.Act == Renews {
				b := s.l.Binding(d.Binding)
				f.op, f.binding, f.val, f.x, from = Renew, b.ID, w.renewal(t), 0, b.Place
			} else if d.Act != Sends {
				n, ok := s.l.Row(t.key())
				if d.Act == Stands && (!ok || s.l.State(n) == Pending || s.l.State(n) == Superseded) {
					return fmt.Sprintf("I6: row %s is left undone", t.key())
				}
				if ok && s.l.State(n) == Unknown && d.Act == Stands && !s.l.Releasing(n) && !s.givenUp(&living{place: t.place, val: t.val, x: t.x}) && (t.x > 0 && w.world&looks != 0 || w.world&sweeps != 0) {
					return fmt.Sprintf("I6: row %s stays unknown", t.key())
				}
				if b := s.l.rows; wish.Relative && ok && s.l.State(n) == Bound && d.Act == Stands && s.l.bindings[b[n].binding].ends != s.endsOf(w.renewal(t)) {
					return fmt.Sprintf("I6: row %s does not get its later end", t.key())
				}
				break
			}
			if !call(f, from) {
				if d.Act == Renews { // held: the engine says why
					break
				}
				return fmt.Sprintf("I6: row %s is to be sent, and may not", t.key())
			}
			if tries > 3 {
				return fmt.Sprintf("I6: row %s is sent again and again", t.key())
			}
			settle()
		}
	}
	if s.fault != "" {
		return "I6, at the end: " + s.fault
	}
	return ""
}
