package history

import (
	"math"
	"time"

	"axgbind/report"
	"axgbind/report/page"
)

// A series keeps one run in a fixed number of lapses of equal length, which
// double when it outgrows them: a night of a million calls takes as much memory
// as a minute.
const (
	seriesMost  = 256 // lapses
	seriesFirst = time.Second
)

type series struct {
	start  time.Time // of the first lapse; zero before anything happened
	width  time.Duration
	last   time.Time // of anything
	lapses []lapse
}

type lapse struct {
	calls page.Tally // that left in it, by where their rows stood after them
	limit float64    // 0: it was not looked at
}

// at returns the lapse of a moment. What lies before the first is of the first.
func (s *series) at(t time.Time) *lapse {
	if s.start.IsZero() {
		s.start, s.last, s.width = t, t, seriesFirst
	}
	s.seen(t)
	for t.Sub(s.start) >= seriesMost*s.width {
		s.coarsen()
	}
	i := int(max(t.Sub(s.start), 0) / s.width)
	for len(s.lapses) <= i {
		s.lapses = append(s.lapses, lapse{})
	}
	return &s.lapses[i]
}

// seen notes that the run was alive at a moment.
func (s *series) seen(t time.Time) {
	if t.After(s.last) {
		s.last = t
	}
}

// coarsen makes one lapse of every two.
func (s *series) coarsen() {
	n := 0
	for i := 0; i < len(s.lapses); i += 2 {
		one := s.lapses[i]
		if i+1 < len(s.lapses) {
			one.take(&s.lapses[i+1])
		}
		s.lapses[n] = one
		n++
	}
	s.lapses = s.lapses[:n]
	s.width *= 2
}

// take adds the lapse that follows.
func (a *lapse) take(b *lapse) {
	for status, n := range b.calls {
		a.calls[status] += n
	}
	if b.limit > 0 {
		a.limit = b.limit
	}
}

// call adds a call by when it left, and where its row stood after it.
func (s *series) call(left time.Time, stands report.Status) { s.at(left).calls[stands]++ }

// sample adds the limit in force at a moment.
func (s *series) sample(t time.Time, limit float64) { s.at(t).limit = limit }

// peak is the most calls a second, as near as the lapses tell, and the last limit.
func (s *series) peak() (most int, limit float64) {
	for i := range s.lapses {
		most = max(most, s.lapses[i].calls.Sum())
		if l := s.lapses[i].limit; l > 0 {
			limit = l
		}
	}
	return int(math.Ceil(float64(most) / max(s.width, seriesFirst).Seconds())), limit
}

// points returns the run in at most so many points. The last ends where the run did; what
// is shorter than half a lapse says little of a rate and joins the one before.
func (s *series) points(most int) []page.Point {
	for len(s.lapses) > most {
		s.coarsen()
	}
	n := len(s.lapses)
	rest := s.last.Sub(s.start) - time.Duration(n-1)*s.width // of the last lapse
	if n > 1 && rest*2 <= s.width {
		s.lapses[n-2].take(&s.lapses[n-1])
		n, rest = n-1, rest+s.width
	}
	list := make([]page.Point, n)
	limit := 0.0
	for i := range list {
		if l := s.lapses[i].limit; l > 0 {
			limit = l
		}
		list[i] = page.Point{At: s.start.Add(time.Duration(i) * s.width), Span: s.width, Calls: s.lapses[i].calls, Limit: limit}
	}
	if n > 1 {
		list[n-1].Span = max(rest, 0)
	}
	return list
}
