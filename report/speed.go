package report

import "time"

// Speed follows how fast a counter grows. It is told the counter now and then,
// and knows no clock. The zero value forgets nothing; set Window first.
//
// It measures from change to change, not from tick to tick: so it is exact for
// one row every ten seconds as for five thousand in one, and a batch that goes on
// with half of its rows done does not start with a leap.
type Speed struct {
	Window time.Duration // how far back it looks, or as far as the last two changes

	begun bool
	last  int64
	marks []mark // the counter where it changed, oldest first
}

type mark struct {
	at time.Time
	n  int64
}

// Observe takes the counter as it stands.
func (s *Speed) Observe(at time.Time, n int64) {
	if !s.begun {
		s.begun, s.last = true, n
		return
	}
	if n == s.last {
		return
	}
	s.last = n
	s.marks = append(s.marks, mark{at, n})
	old := 0
	for len(s.marks)-old > 2 && at.Sub(s.marks[old+1].at) >= s.Window {
		old++
	}
	s.marks = append(s.marks[:0], s.marks[old:]...)
}

// PerSecond is the recent speed. over is the time it rests on, 0 if the counter
// has not yet changed twice. A counter that stands still longer than its own
// rhythm slows down.
func (s *Speed) PerSecond(now time.Time) (speed float64, over time.Duration) {
	if len(s.marks) < 2 {
		return 0, 0
	}
	first, last := s.marks[0], s.marks[len(s.marks)-1]
	over = last.at.Sub(first.at)
	rhythm := over / time.Duration(len(s.marks)-1)
	if idle := now.Sub(last.at); idle > rhythm {
		over += idle - rhythm
	}
	if over <= 0 {
		return 0, 0
	}
	return float64(last.n-first.n) / over.Seconds(), over
}

// Times of an estimate.
const (
	steady  = 2 * time.Second  // speeds over less are not trusted
	waiting = 10 * time.Second // how long the limit stands in for a speed that is not known yet
)

// ETA is how long the rows left will take, at their recent speed and never
// faster than the limit, both in rows a second. As long as the speed is not
// known, right at the start, the limit stands in for it. It is negative if
// nothing can be said.
func ETA(left int64, rows *Speed, limit float64, elapsed time.Duration, now time.Time) time.Duration {
	if left <= 0 {
		return 0
	}
	speed, over := rows.PerSecond(now)
	if over < steady {
		speed = limit
		if over == 0 && elapsed > waiting && elapsed.Seconds() > 3/limit {
			return -1
		}
	}
	speed = min(speed, limit)
	seconds := float64(left) / speed
	if !(speed > 0) || seconds > (10000*time.Hour).Seconds() {
		return -1
	}
	return time.Duration(seconds * float64(time.Second))
}
