package plan

import (
	"hash/maphash"
	"math/bits"
	"time"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/rules"
	"axgbind/report"
)

// sharing finds rows that have something in common with an earlier row: pool, A and
// group, or pool and X. A Go map of such texts would take more memory than the
// rest of a plan; this takes 18 bytes a row. It compares 64-bit hashes
// under a key that nobody can know. In ten million rows, one of them is held back, or
// warned of, wrongly once in several hundred thousand files; the next run has
// another key.
type sharing struct {
	seed   maphash.Seed
	places firstRows // of pool, A and group
	xs     firstRows // of pool and X
}

// newSharing makes room for that many rows; it grows if there are more. Few inputs
// name their X, so there is room for those only when they come.
func newSharing(rows int) sharing {
	return sharing{seed: maphash.MakeSeed(), places: newFirstRows(rows)}
}

func (k *sharing) hash(texts ...string) (h uint64) {
	for _, s := range texts {
		// A multiplication by an odd number keeps the order of texts apart.
		h = bits.RotateLeft64(h, 29)*0x9e3779b97f4a7c15 + maphash.String(k.seed, s)
	}
	return h
}

// beside tells what only the rows before it show of a row that is to be sent.
// again says that one of them equals it, and is to be sent too.
func (m *matcher) beside(t *told, index int32, again bool) {
	p, row := t.p, t.row
	if first := m.share(p, row, index); first != index {
		if !m.opt.AllowDuplicates {
			p.Fate, p.other = fateSamePlace, first
			fault := input.RowFault(rules.SamePlace, m.Entries[first].line)
			t.tell(&fault)
			return
		}
		if !again {
			fault := input.RowFault(rules.NearDuplicate, m.Entries[first].line)
			t.tell(&fault)
		}
	}
	if row.x != "" {
		if first := m.pin(p, row, index); first != index {
			fault := m.input.FieldFault(rules.PinnedTwice, field.PhoneNoX, row.x, m.Entries[first].line)
			t.tell(&fault)
		}
	}
	if m.opt.Rate > 0 {
		m.tellSoon(t)
	}
}

// share returns the first row with the pool, A and group of a row, or the row
// itself. If a person allowed two, both have that word: either may go first.
func (m *matcher) share(p *Entry, row *judged, index int32) int32 {
	first := m.shared.places.add(row.placeHash, index)
	if first != index && m.opt.AllowDuplicates {
		p.allow(ledger.Duplicates)
		m.Entries[first].allow(ledger.Duplicates)
	}
	return first
}

// pin returns the first row that names the X of a row, or the row itself.
func (m *matcher) pin(p *Entry, row *judged, index int32) int32 {
	first := m.shared.xs.add(row.xHash, index)
	if first != index {
		p.Marks |= MarkSameX
		m.Entries[first].Marks |= MarkSameX
	}
	return first
}

// tellSoon warns of an Expiration that comes before the row's turn.
func (m *matcher) tellSoon(t *told) {
	row := t.row
	wait := float64(m.turn) / m.opt.Rate // seconds
	if float64(row.expires-m.Now.Unix())-wait > input.SendAhead.Seconds() {
		return
	}
	turn := m.Now.Add(time.Duration(wait * float64(time.Second)))
	fault := m.input.FieldFault(rules.ExpirySoon, field.Expiration, row.expiration, m.opt.Rate, turn.In(report.Beijing).Format(time.DateTime))
	t.tell(&fault)
}

// duplicateOf is the fault of a row that equals the one at line.
func duplicateOf(line uint32) input.Fault { return input.RowFault(rules.Duplicate, line) }

// firstRows maps hashes to the first row that has them: a table with open addressing,
// since it only grows. It takes the hashes for what they are of; see sharing.
type firstRows struct {
	slots   []hashed
	n       int
	touched uint32 // keeps touch from being optimised away
}

// hashed is empty if row is 0. The hash is in halves, for a slot of 12 bytes.
type hashed struct {
	row    int32 // its number + 1
	lo, hi uint32
}

// newFirstRows makes room for rows rows; it grows if there are more.
func newFirstRows(rows int) firstRows { return firstRows{slots: make([]hashed, rows+rows/2+64)} }

// add returns the first row with the hash: row itself, if there is none before.
func (x *firstRows) add(hash uint64, row int32) (first int32) {
	if 4*(x.n+1) > 3*len(x.slots) {
		old := x.slots
		*x = newFirstRows(2 * x.n)
		for _, s := range old {
			if s.row > 0 {
				x.add(uint64(s.hi)<<32|uint64(s.lo), s.row-1)
			}
		}
	}
	for at := x.home(hash); ; at++ {
		if at == len(x.slots) {
			at = 0
		}
		switch s := &x.slots[at]; {
		case s.row == 0:
			*s = hashed{row + 1, uint32(hash), uint32(hash >> 32)}
			x.n++
			return row
		case s.lo == uint32(hash) && s.hi == uint32(hash>>32):
			return s.row - 1
		}
	}
}

// touch brings the place of a hash near, before add needs it.
func (x *firstRows) touch(hash uint64) {
	if len(x.slots) > 0 {
		x.touched += x.slots[x.home(hash)].lo
	}
}

// home is where a hash belongs: as far along the table as it is along all
// numbers.
func (x *firstRows) home(hash uint64) int {
	at, _ := bits.Mul64(hash, uint64(len(x.slots)))
	return int(at)
}
