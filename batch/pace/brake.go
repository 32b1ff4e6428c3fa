package pace

const (
	inARow    = 20  // ambiguous ends in a row that pull the brake
	ofTheLast = 100 // ... or over half of so many
)

// Brake counts the ends of calls, and tells when so many of them left open what
// the service did that going on would turn thousands of rows UNKNOWN in a
// minute. The zero value has seen none.
type Brake struct {
	streak int
	ring   [ofTheLast]bool
	n      int // ends seen
	bad    int // of those in the ring
}

// Count adds one end and reports whether there are too many bad ones.
func (b *Brake) Count(trouble bool) bool {
	at := b.n % ofTheLast
	if b.n >= ofTheLast && b.ring[at] {
		b.bad--
	}
	b.ring[at] = trouble
	b.n++
	if !trouble {
		b.streak = 0
		return false
	}
	b.streak++
	b.bad++
	return b.streak >= inARow || b.n >= ofTheLast && b.bad > ofTheLast/2
}
