package simulator

import "time"

// sliding counts events in the second that ends now, exactly: it remembers the
// time of every one of them in a ring that grows to the busiest second seen.
// The second is half open: events exactly one second apart do not share one.
// Not safe for concurrent use.
type sliding struct {
	ring []time.Duration // a power of two long
	head int
	n    int
}

// count forgets what is older than a second and returns what is left. now
// never goes back between calls.
func (s *sliding) count(now time.Duration) int {
	for s.n > 0 && s.ring[s.head] <= now-time.Second {
		s.head = (s.head + 1) & (len(s.ring) - 1)
		s.n--
	}
	return s.n
}

func (s *sliding) add(now time.Duration) {
	if s.n == len(s.ring) {
		grown := make([]time.Duration, max(64, 2*len(s.ring)))
		m := copy(grown, s.ring[s.head:])
		copy(grown[m:], s.ring[:s.head])
		s.ring, s.head = grown, 0
	}
	s.ring[(s.head+s.n)&(len(s.ring)-1)] = now
	s.n++
}
