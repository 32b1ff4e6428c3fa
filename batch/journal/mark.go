package journal

import (
	"fmt"
	"slices"
	"strconv"
)

// Mark is a point of a journal's past: how many records there were, samples included,
// and a sum over all of them. Two journals that have one mark have had the same
// records up to it. The zero Mark is before the first record.
type Mark struct {
	Number uint64 `json:"last"` // of the last of the records; it only rises
	Sum    Sum    `json:"sum"`
}

// Sum is a sum over records in their order, made of the checksums of their lines.
type Sum uint64

// next is the sum with one more line. Sums that differ stay different whatever lines
// follow: each step can be undone.
func (s Sum) next(checksum uint32) Sum {
	const odd = 0x9e3779b97f4a7c15
	x := (uint64(s) ^ uint64(checksum)) * odd
	return Sum(x ^ x>>29)
}

func (m Mark) next(checksum uint32) Mark { return Mark{m.Number + 1, m.Sum.next(checksum)} }

// MarshalText implements encoding.TextMarshaler: 16 hexadecimal digits.
func (s Sum) MarshalText() ([]byte, error) { return appendHex(nil, uint64(s)), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Sum) UnmarshalText(text []byte) error {
	n, ok := parseHex(text)
	if !ok {
		return fmt.Errorf("journal: %s is no sum", strconv.Quote(string(text)))
	}
	*s = Sum(n)
	return nil
}

// Trail follows the marks of a journal as it is read, and keeps those that a lock file
// asks about. A nil Trail follows nothing.
type Trail struct {
	id     string
	kept   Mark     // what is before it is not there any more
	lines  int      // that stand for what is before kept, and are still to come
	last   Mark     // so far
	asked  []uint64 // numbers above last, ascending
	passed map[Mark]bool
}

// Last is how far the journal has come that was read.
func (t *Trail) Last() Mark { return t.last }

// ID is that of the journal.
func (t *Trail) ID() string { return t.id }

// begin notes the header.
func (t *Trail) begin(h *Header) {
	if t != nil {
		t.id, t.kept, t.lines, t.last = h.ID, h.Kept, h.Lines, h.Kept
		t.pass()
	}
}

// add notes a line behind the header.
func (t *Trail) add(checksum uint32) {
	switch {
	case t == nil:
	case t.lines > 0:
		t.lines--
	default:
		t.last = t.last.next(checksum)
		t.pass()
	}
}

// pass keeps the mark that is reached, if somebody asks about its number.
func (t *Trail) pass() {
	for len(t.asked) > 0 && t.asked[0] <= t.last.Number {
		if t.asked[0] == t.last.Number {
			t.passed[t.last] = true
		}
		t.asked = t.asked[1:]
	}
}

// has reports whether it is certain that the journal has a mark that was asked about.
// Of the marks before the one where it was written anew nothing is certain.
func (t *Trail) has(m Mark) bool { return m == Mark{} || m == t.last || t.passed[m] }

// NewTrail asks about the marks that lock files know.
func NewTrail(states ...LockState) *Trail {
	t := &Trail{passed: map[Mark]bool{}}
	for i := range states {
		for _, m := range slices.Concat(states[i].marks(), states[i].Seen, []Mark{states[i].Lost}) {
			t.asked = append(t.asked, m.Number)
		}
		for _, b := range states[i].Missing {
			t.asked = append(t.asked, b.Number)
		}
	}
	slices.Sort(t.asked)
	return t
}
