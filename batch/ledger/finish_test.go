package ledger

import (
	"bytes"
	"fmt"
	"slices"
)

// wishes are what people may want of a row.
func (w *world) wishes(t task) (list []Wish) {
	all := func(int) bool { return true }
	for _, consent := range slices.Compact([]Consent{0, w.consents}) {
		for when := RefuseWhenBound; when <= RenewWhenBound; when++ {
			list = append(list,
				Wish{Key: t.key(), Place: t.place, Consent: consent, WhenBound: when},
				Wish{Key: t.key(), Place: t.place, Consent: consent, WhenBound: when, Resend: true, Present: all})
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

// sound is that decisions are ones that can be carried out.
func sound(w *world, s *state) string {
	for _, t := range w.rows {
		for _, wish := range w.wishes(t) {
			d := s.l.Decide(&wish, s.clock())
			was := Pending
			if n, ok := s.l.Row(wish.Key); ok {
				was = s.l.State(n)
			}
			w.happened(decisionNames[d.Act][d.Reason])
			r := Record{Kind: Intent, Op: Bind, Row: wish.Key, Place: wish.Place, Consent: d.Consent}
			switch d.Act {
			case Sends:
				if reason := s.l.Check(&r, s.clock()); reason != None || d.Consent&^wish.Consent != 0 {
					return fmt.Sprintf("a row is sent with consent %d, but Check says %d", d.Consent, reason)
				}
			case Stands:
				if was == Pending || was == Superseded || was == Failed && wish.Resend {
					return "a row that could be sent stands"
				}
			case Takes, Renews:
				if d.Binding < 0 || !s.l.MayLive(d.Binding, s.clock()) && s.l.Binding(d.Binding).Life != Bound {
					return "a row takes or renews what does not live"
				}
			case Holds:
				if d.Reason == None || d.Binding < 0 && d.Call == 0 {
					return "a row is held, and nothing says why"
				}
			}
		}
	}
	return ""
}

// resumed is I8: a crash changes no decision about a row that no open call is of.
func resumed(w *world, s *state) string {
	if !slices.ContainsFunc(s.l.calls, func(c call) bool { return c.stage == open }) {
		return ""
	}
	after := s.l.clone()
	must(after.Apply(&Record{Kind: Run}))
	for _, t := range w.rows {
		if n, ok := s.l.Row(t.key()); ok && s.l.opened(int32(n)) {
			continue
		}
		for _, wish := range w.wishes(t) {
			if a, b := decide(s.l, &wish, s.clock()), decide(after, &wish, s.clock()); a != b {
				return fmt.Sprintf("I8: row %s: %+v, after a crash %+v", t.key(), a, b)
			}
		}
	}
	return ""
}

// compact is the ledger that a compaction leaves.
func (s *state) compact() (*Ledger, error) {
	c := blank()
	c.effects, c.guards = s.l.effects, s.l.guards
	seq := int64(1 << 20)
	for e := range s.l.Snapshot(nil) {
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

// compacted is I7: what a compaction leaves knows the same and decides the same.
func compacted(w *world, s *state) string {
	c, err := s.compact()
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
	for _, t := range w.rows {
		for _, wish := range w.wishes(t) {
			if a, b := decide(before, &wish, s.clock()), decide(c, &wish, s.clock()); a != b {
				return fmt.Sprintf("I7: row %s: %+v, after a compaction %+v", t.key(), a, b)
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
	calm := *w
	calm.calls, calm.lets, calm.world = 1_000, 0, w.world|gones
	s = s.next()
	if slices.ContainsFunc(s.l.calls, func(c call) bool { return c.stage == open }) {
		s.apply(w, Record{Kind: Run})
	}
	for i := range s.facts {
		s.due(i)
	}
	settle := func() {
		for {
			var n *state
			calm.lookUps(s, func(m move, k *state) {
				if n == nil && m.verb != "looked" {
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
		list := calm.begin(s, f, from)
		if len(list) == 0 || list[0].fact(list[0].used).consent != 0 {
			return false
		}
		s = list[0]
		at := len(s.facts) - 1
		s.execute(&s.facts[at], w)
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
			if reason != PlaceTaken && reason != NotLive {
				return fmt.Sprintf("I6: call %d cannot be made again: %d", f.call, reason)
			}
		}
	}
	settle()
	for _, t := range w.rows {
		if s.late && t.val == 1 {
			continue
		}
		for tries := 0; ; tries++ {
			d := s.l.Decide(&Wish{Key: t.key(), Place: t.place, Resend: tries == 0, WhenBound: RenewWhenBound}, s.clock())
			f := fact{op: Bind, row: t.key(), place: t.place, val: t.val, x: t.x}
			from := Place(0)
			if d.Act == Renews {
				b := s.l.Binding(d.Binding)
				f.op, f.binding, f.x, from = Renew, b.ID, 0, b.Place
			} else if d.Act != Sends {
				n, ok := s.l.Row(t.key())
				if d.Act == Stands && (!ok || s.l.State(n) == Pending || s.l.State(n) == Superseded) {
					return fmt.Sprintf("I6: row %s is left undone", t.key())
				}
				if ok && s.l.State(n) == Unknown && d.Act == Stands && !s.l.Releasing(n) && !s.givenUp(&living{place: t.place, val: t.val, x: t.x}) && (t.x > 0 && w.world&looks != 0 || w.world&sweeps != 0) {
					return fmt.Sprintf("I6: row %s stays unknown", t.key())
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
