package ledger

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math/bits"
	"slices"
)

// A world is a small service and the people around it: a few rows, a few calls,
// and everything that may happen to them. explore walks through all of it.
type world struct {
	name     string
	calls    int      // how many may be made
	rows     []task   // that can be sent
	changes  []change // that a list can make to any binding
	releases bool     // a list can release any binding
	renews   bool     // a row can renew a binding at its place
	batches  uint32   // whose runs take turns; 0: one without a name
	renewed  bool     // a batch can release what it only renewed
	relative bool     // rows of values 1 ask for an end so long from now: a renewal gives them values 2
	noLists  bool     // what changes or releases a binding does so for a batch, and asks Claim
	consents Consent  // that a person gives
	start    func(*state)
	world    happenings
	lets     breaches
	sample   int            // the dearer invariants are looked at in one of so many states; 0: in all
	counts   map[string]int // what happened how often; may be nil
	checked  int
	most     int                        // states after which to stop; 0: none
	made     uint32                     // calls before the world begins
	breaks   func(*Ledger)              // the rule
	rule     func(Shown, Evidence) Kind // for look-ups; nil: Settles
}

// task is a row of an input.
type task struct {
	place      Place
	val, x     uint8
	occurrence uint32
	batch      uint32
}

// renewal is which values a renewal for a row gives.
func (w *world) renewal(t task) uint8 {
	if w.relative && t.val == 1 {
		return 2
	}
	return t.val
}

// sent is which values a bind of a row gives now; ok is false if it would be refused,
// for its end has passed.
func (w *world) sent(s *state, t task) (val uint8, ok bool) {
	if t.val == 1 && s.clock().Now == t1 {
		return w.renewal(t), w.relative
	}
	return t.val, true
}

// change is what a list makes of a binding: new values, and another place unless
// it is 0.
type change struct {
	place Place
	val   uint8
}

// happenings are what can happen in a world besides calls, answers, lost answers,
// late execution and crashes.
type happenings uint16

const (
	looks     happenings = 1 << iota // an X is looked up
	sweeps                           // the list of all bindings is complete
	gones                            // a binding is looked up
	withdraws                        // a call never leaves
	refusals                         // the service refuses a row
	notsents                         // a call is surely not executed
	parts                            // a change takes two calls
	frees                            // somebody else releases a binding
	binds                            // somebody else makes one
	alters                           // somebody else changes one
	idtwices                         // an answer names the id of another binding
	lapses                           // bindings end by themselves
	aheads                           // this machine's clock goes ahead of the service's, and is set right
	compacts                         // the journal is written anew
	lies                             // look-ups lag, show nothing for a while, or all in another form
)

// breaches are axioms and rules outside the tables that do not hold.
type breaches uint16

const (
	twoAnX       breaches = 1 << iota // the service binds an X twice
	afterDue                          // a call is executed after it is due
	liesBetween                       // a look-up between two controls is not true
	showsLate                         // what a call made may be shown only after all that is waited for
	twoMemories                       // the second half of the rows is checked against another ledger
	settlesEarly                      // look-ups settle a call that may still be executed
	forgets                           // a call made again settles the earlier ones
	unsigned                          // the service takes calls by a clock that is ahead
	clockTells                        // this machine's clock says when a call can no longer be executed
)

// state is one state of a world. It is never changed; a move makes another.
type state struct {
	l      *Ledger
	live   []living
	facts  []fact
	ended  []SubsID // by somebody else, or by themselves
	used   uint32   // calls made
	others uint8    // bindings made by somebody else
	late   bool     // the first values have lapsed
	ahead  bool     // by this machine's clock alone
	fault  string   // what was wrong with the move that led here
}

// living is a binding at the service.
type living struct {
	id     SubsID
	place  Place
	val, x uint8
	call   uint32 // that made it; 0: somebody else did
	by     uint32 // call that put it where it is
	others bool   // somebody else made or changed it
	maker  uint32 // batch that made it
	holder uint32 // batch that bound or renewed it last
	edited bool   // an update changed it since
	hidden bool   // look-ups do not show it yet
}

// fact is what is true of a call, whether anybody knows it or not.
type fact struct {
	call    uint32
	op      Op
	row     Key
	binding SubsID
	place   Place
	val, x  uint8
	consent Consent
	phase   phase
	due     bool
	doubted bool // an earlier bind of its row was in doubt when it was begun
	given   bool // up: a later bind of the row was made with a person's consent, and done
	renewed bool // a release, though the batch only renewed the binding
	before  RowInfo
	at      int64 // of its intent
	early   bool  // by a clock that was ahead: the service does not take it
}

// phase is how far a call came at the service.
type phase uint8

const (
	flying phase = iota // it may be executed
	executed
	spent // it can no longer be executed
)

const (
	t0      = 1_000
	ends1   = 10
	ends2   = 2_000_000
	t1      = ends1*1000 + lapse
	wait    = 30_000 // for a call in doubt
	foreign = 1_000  // ids from here on were given to somebody else
)

// Kinds of rows, the first byte of their keys.
const (
	bindRow = iota + 1
	updateRow
	releaseRow
)

func (t task) key() Key {
	k := Key{Occurrence: t.occurrence, Batch: t.batch}
	k.ID[0], k.ID[1], k.ID[2], k.ID[3] = bindRow, byte(t.place), t.val, t.x
	return k
}

func updateKey(batch uint32, b SubsID, c change) Key {
	k := Key{Batch: batch}
	k.ID[0], k.ID[1], k.ID[2] = updateRow, byte(c.place), c.val
	binary.BigEndian.PutUint64(k.ID[8:], uint64(b))
	return k
}

func releaseKey(batch uint32, b SubsID) Key {
	k := Key{Batch: batch}
	k.ID[0] = releaseRow
	binary.BigEndian.PutUint64(k.ID[8:], uint64(b))
	return k
}

// blank is an empty ledger that knows all codes and batches already: clones share
// their tables.
func (w *world) blank() *Ledger {
	l := New(0)
	for _, code := range []string{"ok", "part", "refused", "notsent", "lost", "found", "absent", "taken", "gone", "looked", "known", CodeInterrupted, CodeIDTwice} {
		l.Code(code)
	}
	for b := range w.batches {
		l.BatchNumber(batchNames[b+1])
	}
	if w.breaks != nil {
		w.breaks(l)
	}
	return l
}

var batchNames = [...]string{"", "one", "two"}

// batch is the batch of the run.
func (s *state) batch() uint32 { return s.l.runs[len(s.l.runs)-1] }

func (w *world) first() *state {
	l := w.blank()
	s := &state{l: l}
	must(l.Apply(&Record{Kind: Run, Batch: batchNames[min(w.batches, 1)]}))
	if w.start != nil {
		w.start(s)
	}
	w.made = s.used
	return s
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func (s *state) clock() Clock {
	c := Clock{Now: t0, Service: t0}
	if s.late || s.ahead {
		c.Now = t1
	}
	if s.late {
		c.Service = t1
	}
	return c
}

// clone copies a ledger; tables that do not change are shared.
func (l *Ledger) clone() *Ledger {
	c := *l
	c.runs = slices.Clone(l.runs)
	c.rows, c.bindings, c.calls, c.free = slices.Clone(l.rows), slices.Clone(l.bindings), slices.Clone(l.calls), slices.Clone(l.free)
	c.byNumber, c.targets = maps.Clone(l.byNumber), make(map[Place][]int32, len(l.targets))
	for p, list := range l.targets {
		c.targets[p] = slices.Clone(list)
	}
	c.rowOf.slots, c.bindingOf.slots, c.livesAt.slots = slices.Clone(l.rowOf.slots), slices.Clone(l.bindingOf.slots), slices.Clone(l.livesAt.slots)
	return &c
}

// next is a copy of a state; its ledger is still that of the other.
func (s *state) next() *state {
	n := *s
	n.live, n.facts, n.ended = slices.Clone(s.live), slices.Clone(s.facts), slices.Clone(s.ended)
	return &n
}

func (s *state) failf(format string, args ...any) {
	if s.fault == "" {
		s.fault = fmt.Sprintf(format, args...)
	}
}

func (s *state) fact(call uint32) *fact {
	for i := range s.facts {
		if s.facts[i].call == call {
			return &s.facts[i]
		}
	}
	return nil
}

func (s *state) lives(id SubsID) *living {
	for i := range s.live {
		if s.live[i].id == id {
			return &s.live[i]
		}
	}
	return nil
}

// stage is where the ledger has a call.
func (s *state) stage(call uint32) stage {
	if at, ok := s.l.byNumber[uint64(call)]; ok {
		return s.l.calls[at].stage
	}
	return settled
}

// tidy forgets what no longer matters.
func (s *state) tidy() {
	s.facts = slices.DeleteFunc(s.facts, func(f fact) bool {
		return s.stage(f.call) == settled && f.phase != flying && !f.given && !slices.ContainsFunc(s.live, func(b living) bool { return b.call == f.call || b.by == f.call })
	})
	s.ended = slices.DeleteFunc(s.ended, func(id SubsID) bool {
		if b := s.l.bindingFor(id); b >= 0 {
			return s.l.bindings[b].life != lives
		}
		return s.stage(uint32(id)) == settled
	})
}

// ref is where a record of a call stands: it tells the values that the call has.
func ref(f *fact, k Kind) int64 { return int64(f.call)<<16 | int64(k)<<8 | int64(f.val) }

func valuesOf(ref int64) uint8 { return uint8(ref) }

func (s *state) endsOf(val uint8) int64 {
	if val == 1 {
		return ends1
	}
	return ends2
}

// apply has the ledger apply a record.
func (s *state) apply(w *world, r Record) {
	r.At = s.clock().Now
	s.l = s.l.clone()
	if err := s.l.Apply(&r); err != nil {
		s.failf("the ledger refuses what happened: %v", err)
	}
}

// claim is what Claim says of a change or release of a batch.
func (w *world) claim(s *state, f *fact) Reason {
	b := s.l.bindingFor(f.binding)
	if b < 0 {
		return NotHeld
	}
	reason := s.l.Claim(int(b), f.op, f.row.Batch, f.renewed)
	w.happened(claimNames[reason])
	return reason
}

var claimNames = func() (names [reasons]string) {
	for reason := range names {
		names[reason] = "claim: " + reasonNames[reason]
	}
	return names
}()

// begin writes the intent of a call, if it may be made; it says whether it may.
// The least consents that allow it are used.
func (w *world) begin(s *state, f fact, from Place) []*state {
	var list []*state
	var used []Consent
	if s.used-w.made >= uint32(w.calls) || f.row.Batch != s.batch() {
		return nil
	}
	if w.noLists && (f.op == Update || f.op == Release) {
		reason := w.claim(s, &f)
		if reason == NotMade && w.renewed {
			f.renewed = true
			reason = w.claim(s, &f)
		}
		if reason != None {
			return nil
		}
	}
	for _, consent := range consentsBySize {
		if consent&^w.consents != 0 || slices.ContainsFunc(used, func(c Consent) bool { return c&consent == c }) {
			continue
		}
		r := Record{
			Kind: Intent, Op: f.op, Call: uint64(s.used) + 1, Row: f.row, Binding: f.binding, Place: f.place, From: from,
			Ends: s.endsOf(f.val), At: 1, Consent: consent, Named: f.x > 0,
		}
		if s.clock().Now == t1 {
			r.At = t1
		}
		r.Due = r.At + wait
		f.at, f.early = r.At, s.ahead
		if reason := w.asked(s, &f).Check(&r, s.clock()); reason != None {
			continue
		}
		used = append(used, consent)
		n := s.next()
		n.used++
		f.call, f.consent = n.used, consent
		f.before = RowInfo{}
		at, known := s.l.Row(f.row)
		if known {
			f.before = s.l.Info(at)
			f.doubted = slices.ContainsFunc(s.l.Calls(at), func(c CallInfo) bool { return c.Op == Bind && !(c.Passed && s.l.DueIn(c.Number, s.clock()) <= 0) })
		}
		r.Ref = ref(&f, Intent)
		switch {
		case f.op == Bind && f.before.State == Bound && s.l.MayLive(f.before.Binding, s.clock()) && !(consent&Another != 0 && s.l.Over(f.before.Binding, s.clock())):
			n.failf("I3: a row that is bound is sent")
		case f.doubted && (f.op == Bind || f.op == Renew) && consent&ResendUnknown == 0:
			n.failf("I3: a row of which a bind is in doubt is sent, and nobody said so")
		case f.op == Bind && f.before.State == Released && consent&ResendReleased == 0:
			n.failf("I3: a row that was released is sent, and nobody said so")
		case f.op != Bind && s.l.bindingFor(f.binding) >= 0 && s.l.bindings[s.l.bindingFor(f.binding)].life != lives:
			n.failf("I3: a call on a binding that is known to be no more")
		case f.op == Renew && s.l.bindingFor(f.binding) >= 0 && !s.l.MayLive(int(s.l.bindingFor(f.binding)), s.clock()):
			n.failf("I3: a binding that has lapsed is renewed")
		}
		if b := s.lives(f.binding); w.noLists && b != nil && !b.others {
			switch {
			case f.op != Renew && b.holder != f.row.Batch:
				n.failf("I3: batch %d changes or releases what batch %d holds", f.row.Batch, b.holder)
			case f.op == Release && b.maker != f.row.Batch && !f.renewed:
				n.failf("I3: batch %d releases what batch %d made, and nobody said so", f.row.Batch, b.maker)
			}
		}
		if w.lets&forgets != 0 && f.op != Bind {
			n.l = n.l.clone()
			if b := n.l.bindingFor(f.binding); b >= 0 {
				for _, i := range n.l.callsOn(b) {
					n.l.dropCall(i)
				}
			}
		}
		n.l = n.l.clone()
		if err := n.l.Apply(&r); err != nil {
			n.failf("the ledger refuses an intent: %v", err)
		}
		if at, ok := n.l.Row(f.row); !ok || n.l.Info(at).Attempts != f.before.Attempts+1 {
			n.failf("I10: an intent does not count as an attempt")
		}
		n.facts = append(n.facts, f)
		list = append(list, n)
	}
	return list
}

// consentsBySize are all of them, fewer words first.
var consentsBySize = func() (list []Consent) {
	for c := range Another << 1 {
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b Consent) int { return cmp.Compare(bits.OnesCount8(uint8(a)), bits.OnesCount8(uint8(b))) })
	return list
}()
