package batch

import (
	"hash/maphash"
	"math/bits"
	"time"
)

// kin finds rows that have something in common with an earlier row: pool, A and
// group, or pool and X. A Go map of such texts would take more memory than the
// rest of a plan; this takes some 20 bytes a row. It compares 64-bit hashes
// under a key that nobody can know, and that suffices for what it decides: a
// warning, for a row that is sent all the same. In ten million rows, one such
// warning is wrong once in several hundred thousand files.
type kin struct {
	seed   maphash.Seed
	owners firstLines // of pool, A and group
	pinned firstLines // of pool and X
}

// newKin makes room for that many rows; it grows if there are more. Few inputs
// name their X, so there is room for those only when they come.
func newKin(rows int) kin {
	size := 64
	for size < 2*rows {
		size *= 2
	}
	return kin{seed: maphash.MakeSeed(), owners: firstLines{
		slots: make([]uint32, size), hashes: make([]uint64, 0, rows), lines: make([]uint32, 0, rows),
	}}
}

func (k *kin) hash(texts ...string) (h uint64) {
	for _, s := range texts {
		// A multiplication by an odd number keeps the order of texts apart.
		h = bits.RotateLeft64(h, 29)*0x9e3779b97f4a7c15 + maphash.String(k.seed, s)
	}
	return h
}

// beside tells what only the rows before it show of a row that is to be sent.
// again says that one of them equals it, and is to be sent too.
func (m *matcher) beside(row *Row, again bool, tell func(*Fault)) {
	f, l := &row.Fields, row.layout
	line := uint32(row.Line)
	if first, known := m.kin.owners.add(m.kin.hash(f[PoolKey], f[PhoneNoA], f[GroupID]), line); known && !again {
		fault := l.rowFault(ruleNearDuplicate, first)
		tell(&fault)
	}
	if f[PhoneNoX] != "" {
		if first, known := m.kin.pinned.add(m.kin.hash(f[PoolKey], f[PhoneNoX]), line); known {
			fault := l.fieldFault(rulePinnedTwice, PhoneNoX, f[PhoneNoX], first)
			tell(&fault)
		}
	}
	if m.opt.Rate > 0 {
		m.tellSoon(row, tell)
	}
}

// tellSoon warns of an Expiration that comes before the row's turn.
func (m *matcher) tellSoon(row *Row, tell func(*Fault)) {
	end, _ := expirationUnix(row.Fields[Expiration])
	wait := float64(m.turn) / m.opt.Rate // seconds
	if float64(end-m.now.Unix())-wait > sendAhead.Seconds() {
		return
	}
	turn := m.now.Add(time.Duration(wait * float64(time.Second)))
	fault := row.layout.fieldFault(ruleExpirySoon, Expiration, row.Fields[Expiration], m.opt.Rate, turn.In(beijingTime()).Format(time.DateTime))
	tell(&fault)
}

// duplicateOf is the fault of a row that equals the one at line.
func duplicateOf(line uint32) Fault { return (*layout)(nil).rowFault(ruleDuplicate, line) }

// damagedVerdict looks whether the ids that a results file brings back are
// whole: a spreadsheet rounds them when it saves.
func (l *layout) damagedVerdict(v *Verdict) (*Fault, bool) {
	for _, id := range []struct {
		at   int // in verdictColumns
		text string
	}{{6, v.SecretNo}, {7, v.SubsID}} {
		kept, all, ok := scientific(id.text)
		if !(ok && kept < all) && roundedDigits(id.text) == 0 {
			continue
		}
		f := l.rowFault(ruleSubsID, verdictColumns[id.at])
		f.Column, f.number = l.header[l.verdict[id.at]], l.verdict[id.at]+1
		return &f, true
	}
	return nil, false
}

// firstLines maps hashes to the line of the first row that has them: a table
// with open addressing, since it only grows.
type firstLines struct {
	slots  []uint32 // number in hashes + 1; 0 is empty
	hashes []uint64
	lines  []uint32
}

// add returns the line of the first row with the hash, and whether that is an
// earlier row.
func (x *firstLines) add(hash uint64, line uint32) (first uint32, known bool) {
	if 4*(len(x.hashes)+1) > 3*len(x.slots) {
		x.grow()
	}
	at := x.find(hash)
	if n := x.slots[at]; n > 0 {
		return x.lines[n-1], true
	}
	x.hashes, x.lines = append(x.hashes, hash), append(x.lines, line)
	x.slots[at] = uint32(len(x.hashes))
	return line, false
}

// find returns the slot that holds the hash, or that waits for it.
func (x *firstLines) find(hash uint64) uint64 {
	mask := uint64(len(x.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		if n := x.slots[at]; n == 0 || x.hashes[n-1] == hash {
			return at
		}
	}
}

func (x *firstLines) grow() {
	x.slots = make([]uint32, max(64, 2*len(x.slots)))
	for i, hash := range x.hashes {
		x.slots[x.find(hash)] = uint32(i + 1)
	}
}
