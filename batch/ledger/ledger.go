// Package ledger is all that is known of rows, calls and bindings, and the one
// rule by which a record changes it. It is pure: no clock, no file, no goroutine.
//
// # Nouns
//
// A batch is what is made of one input, in all its runs. A row is a line of it,
// named by its [Key]. A call is one attempt for a row: a bind makes a binding, a
// renewal or an update changes one, a release ends one. A binding lives at a
// [Place], its pool, A and group, and has a SubsId; it belongs to the batch that
// made it and to the one that holds it, see [Ledger.Owners]. A record is one line
// of the journal.
//
// # Promises
//
// [Ledger.Apply] is the only way to change what is known: a live run applies each
// record once it is durable, and whoever reads the journal back applies the same
// records in the same order, so both know the same. [Ledger.Check] says whether a
// call may be made, [Ledger.Decide] what a bind does with a row; both change
// nothing. What a record does stands in one table, and what keeps a call from
// being made in another (rules.go). The tests explore both to the end: in small
// worlds with a service that loses answers, people who do what people do, and
// crashes everywhere, no place comes to a second binding unless somebody said so.
//
// A record that fits no line of the table is an error: the journal is not one
// that this program wrote, and nothing may be sent on its strength.
//
// A Ledger is not safe for concurrent use.
package ledger

import (
	"fmt"
	"math"
	"slices"
)

// State is where a row stands. See [Ledger.State].
type State uint8

// The states. Superseded is a row whose binding another row, perhaps one of
// another batch, has now: it counts no more.
const (
	Pending  State = iota // no call, or none that was executed
	Failed                // its last call was refused
	Unknown               // a call of it, or a release of its binding, is in doubt
	Bound                 // its binding lives
	Released              // its binding was released
	Superseded
)

// Ledger is what is known. Make one with New.
type Ledger struct {
	effects  []effect
	guards   []guard
	runs     []uint32 // batches, by run
	batches  []string // names, by number; 0 is none
	batchOf  map[string]uint32
	rows     []row
	bindings []binding
	calls    []call           // unsettled ones, and free places in between
	free     []int32          // of calls
	byNumber map[uint64]int32 // unsettled calls
	targets  map[Place][]int32
	last     uint64 // the highest number of a call

	rowOf     index // rows by key
	bindingOf index // bindings by SubsId
	livesAt   index // bindings by the places where they are or were

	codes  []string
	codeOf map[string]uint16
}

// row is what is known of a row: 48 bytes, for there may be millions.
type row struct {
	id      Identity
	nth     uint32 // occurrence
	run     int32  // of its batch that touched it last; below 0: none, and -1-run is the batch
	binding int32  // that it has, had, changed or ended; -1: none
	calls   int32  // the latest of its unsettled calls; -1: none
	last    int64  // Ref of the last record about how it ended; -1: none
	code    uint16
	tries   uint16
	op      Op // of its last call; 0: it was never sent
	verdict verdict
	twice   bool // it came to a binding while it had one
}

// verdict is how the last call of a row that ended did so.
type verdict uint8

const (
	notDone verdict = iota
	refused
	done
	absent // a look-up showed that it was not executed
)

// binding is what is known of a binding: 64 bytes.
type binding struct {
	id        SubsID
	place     Place
	ok        int64 // Ref of the record of the last call on it that was done
	values    int64 // Ref of the intent that has its values
	ends      int64 // Unix seconds; 0: not known
	holder    int32 // row; -1: none
	maker     int32 // run; -1: none of ours
	heldSince int32 // run in which the holder got it; -1 likewise
	calls     int32 // the latest of its unsettled calls; -1: none
	life      life
	edited    bool // an update changed it since its holder got it
}

type life uint8

const (
	lives life = iota
	gone
	released
)

// call is a call that is not settled.
type call struct {
	number  uint64
	row     int32
	binding int32 // -1: of a bind
	place   Place // where the binding is then
	ends    int64
	at      int64 // with which it is signed, Unix milliseconds
	wait    int64 // after it was given up, until it is due, milliseconds
	since   int64 // Clock.Elapsed when this process gave the call up, or read it back
	ref     int64
	ofRow   int32 // the next of the row's
	ofOther int32 // the next of the binding's
	op      Op
	wasOp   Op    // of the row before the intent
	wasRun  int32 // likewise
	stage   stage
	named   bool
	consent Consent
	sets    uint16
	passed  bool   // a later call of the row was done: it counts until it is due
	code    uint16 // how it came to be in doubt
	end     int64  // Ref of the last record about that; -1: none
	// Its answer named a binding on another X than the call asked for: that there is none
	// on the X of the call says nothing then.
	elsewhere bool
}

type stage uint8

const (
	open    stage = 1 << iota // its process lives
	doubted                   // its answer was lost, or its process died
	settled stage = 0
)

// New returns an empty ledger with room for so many rows; it grows beyond.
func New(room int) *Ledger {
	l := &Ledger{
		effects: effects(), guards: guards(),
		byNumber: map[uint64]int32{}, targets: map[Place][]int32{},
		batches: []string{""}, batchOf: map[string]uint32{"": 0},
		codes: []string{""}, codeOf: map[string]uint16{"": 0},
	}
	l.Reserve(room, 0)
	return l
}

// Reserve makes room for so many more rows and bindings.
func (l *Ledger) Reserve(rows, bindings int) {
	l.rows, l.bindings = slices.Grow(l.rows, rows), slices.Grow(l.bindings, bindings)
	l.rowOf.reserve(len(l.rows)+rows, l.rowHash)
	l.bindingOf.reserve(len(l.bindings)+bindings, l.bindingHash)
	l.livesAt.reserve(len(l.bindings)+bindings, l.placeHash)
}

// Len is how many rows have a number: those that Row and Intern return are below
// it.
func (l *Ledger) Len() int { return len(l.rows) }

// Intern gives a row its number, a new one if it has none. A row that is only
// numbered is not known: it is Pending, and no call was made for it.
func (l *Ledger) Intern(key Key) int {
	if n, ok := l.Row(key); ok {
		return n
	}
	l.rows = append(l.rows, row{id: key.ID, nth: key.Occurrence, run: -1 - int32(key.Batch), binding: -1, calls: -1, last: -1})
	n := len(l.rows) - 1
	l.rowOf.add(keyHash(&key), int32(n), len(l.rows), l.rowHash)
	return n
}

// Row is the number of a row; ok is false if it has none.
func (l *Ledger) Row(key Key) (n int, ok bool) {
	at := int32(-1)
	l.rowOf.each(keyHash(&key), func(i int32) bool {
		if r := &l.rows[i]; r.id == key.ID && r.nth == key.Occurrence && l.batch(r) == key.Batch {
			at = i
		}
		return at < 0
	})
	return int(at), at >= 0
}

// Key is the key of row n.
func (l *Ledger) Key(n int) Key {
	r := &l.rows[n]
	return Key{r.id, r.nth, l.batch(r)}
}

// batch is the batch of a row.
func (l *Ledger) batch(r *row) uint32 {
	if r.run < 0 {
		return uint32(-1 - r.run)
	}
	return l.runs[r.run]
}

// BatchNumber numbers a batch, for keys; a blank name is 0.
func (l *Ledger) BatchNumber(name string) uint32 {
	n, ok := l.batchOf[name]
	if !ok {
		n = uint32(len(l.batches))
		l.batches, l.batchOf[name] = append(l.batches, name), n
	}
	return n
}

// BatchName is the name of a batch by its number.
func (l *Ledger) BatchName(number uint32) string { return l.batches[number] }

// Code numbers a code; Text is the code of a number. A million rows share a few
// dozen. The 65,535th different code and all after it count as blank.
func (l *Ledger) Code(text string) uint16 {
	if i, ok := l.codeOf[text]; ok {
		return i
	}
	if len(l.codes) == math.MaxUint16 {
		return 0
	}
	l.codes = append(l.codes, text)
	l.codeOf[text] = uint16(len(l.codes) - 1)
	return l.codeOf[text]
}

// Text is the code behind a number of Code.
func (l *Ledger) Text(code uint16) string { return l.codes[code] }

// Next is a number for the next call.
func (l *Ledger) Next() uint64 { return l.last + 1 }

// bindingFor is the place in bindings of an id; -1 if it is not known.
func (l *Ledger) bindingFor(id SubsID) int32 {
	at := int32(-1)
	if id == 0 {
		return at
	}
	l.bindingOf.each(mix(uint64(id)), func(i int32) bool {
		if l.bindings[i].id == id {
			at = i
		}
		return at < 0
	})
	return at
}

// addBinding makes a binding known.
func (l *Ledger) addBinding(b binding) int32 {
	b.calls = -1
	l.bindings = append(l.bindings, b)
	at := int32(len(l.bindings) - 1)
	l.bindingOf.add(mix(uint64(b.id)), at, len(l.bindings), l.bindingHash)
	l.settleAt(at, b.place)
	return at
}

// settleAt notes that a binding is at a place now.
func (l *Ledger) settleAt(at int32, place Place) {
	l.bindings[at].place = place
	if place == 0 {
		return
	}
	was := false
	l.livesAt.each(mix(uint64(place)), func(i int32) bool { was = i == at; return !was })
	if !was {
		l.livesAt.add(mix(uint64(place)), at, len(l.bindings), l.placeHash)
	}
}

// addCall makes an unsettled call known.
func (l *Ledger) addCall(c call) {
	at := int32(len(l.calls))
	if n := len(l.free) - 1; n >= 0 {
		at, l.free = l.free[n], l.free[:n]
	} else {
		l.calls = append(l.calls, call{})
	}
	c.ofRow, c.ofOther = l.rows[c.row].calls, -1
	l.rows[c.row].calls = at
	if c.binding >= 0 {
		c.ofOther = l.bindings[c.binding].calls
		l.bindings[c.binding].calls = at
	}
	if c.place != 0 && (c.binding < 0 || c.place != l.bindings[c.binding].place) {
		l.targets[c.place] = append(l.targets[c.place], at)
	}
	l.calls[at] = c
	l.byNumber[c.number] = at
	l.last = max(l.last, c.number)
}

// dropCall forgets a call that is settled.
func (l *Ledger) dropCall(at int32) {
	c := &l.calls[at]
	unlink := func(head *int32, next func(*call) *int32) {
		for p := head; *p >= 0; p = next(&l.calls[*p]) {
			if *p == at {
				*p = *next(c)
				return
			}
		}
	}
	unlink(&l.rows[c.row].calls, func(c *call) *int32 { return &c.ofRow })
	if c.binding >= 0 {
		unlink(&l.bindings[c.binding].calls, func(c *call) *int32 { return &c.ofOther })
	}
	if list, ok := l.targets[c.place]; ok {
		if list = slices.DeleteFunc(list, func(i int32) bool { return i == at }); len(list) == 0 {
			delete(l.targets, c.place)
		} else {
			l.targets[c.place] = list
		}
	}
	delete(l.byNumber, c.number)
	*c = call{}
	l.free = append(l.free, at)
}

// callsOf are the unsettled calls of a row, the latest first.
func (l *Ledger) callsOf(r int32) (list []int32) {
	for at := l.rows[r].calls; at >= 0; at = l.calls[at].ofRow {
		list = append(list, at)
	}
	return list
}

// callsOn are the unsettled calls on a binding, the latest first.
func (l *Ledger) callsOn(b int32) (list []int32) {
	for at := l.bindings[b].calls; at >= 0; at = l.calls[at].ofOther {
		list = append(list, at)
	}
	return list
}

func (l *Ledger) run() int32 { return int32(len(l.runs)) - 1 }

// batchAt is the batch of a run; 0 if there is no such run.
func (l *Ledger) batchAt(run int32) uint32 {
	if run < 0 || int(run) >= len(l.runs) {
		return 0
	}
	return l.runs[run]
}

// KeyOf is the key of the row that a record is about: one of the batch of its run.
func (l *Ledger) KeyOf(r *Record) Key {
	return Key{r.Row.ID, r.Row.Occurrence, l.batchAt(l.run() - int32(r.Ago))}
}

// errorf is an error that says what does not fit in a record.
func (r *Record) errorf(format string, args ...any) error {
	return fmt.Errorf("a record of kind %s: %s", r.Kind, fmt.Sprintf(format, args...))
}
