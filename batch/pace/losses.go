package pace

const (
	inARow = 20  // ambiguous ends in a row that are too many
	recent = 100 // ... or over half of the recent ones
)

// Losses counts the ends of calls, and tells when so many of them left open what
// the service did that going on would turn thousands of rows UNKNOWN in a
// minute. The zero value has seen none.
type Losses struct {
	streak int
	ring   [recent]bool
	n      int // ends seen
	bad    int // of those in the ring
}

// Count adds one end and reports whether there are too many bad ones.
func (l *Losses) Count(trouble bool) bool {
	at := l.n % recent
	if l.n >= recent && l.ring[at] {
		l.bad--
	}
	l.ring[at] = trouble
	l.n++
	if !trouble {
		l.streak = 0
		return false
	}
	l.streak++
	l.bad++
	return l.streak >= inARow || l.n >= recent && l.bad > recent/2
}
