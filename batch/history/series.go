package history

import (
	"math"
	"time"

	"axgbind/report/page"
)

// A series keeps one run in a fixed number of lapses of equal length, which
// double when it outgrows them: a night of a million calls takes as much memory
// as a minute.
const (
	seriesMost  = 256 // lapses
	seriesFirst = time.Second
)

// Latencies fall into bins, each 8% wider than the one before, from 1 ms to
// three minutes: a quantile is right to within 4%.
const (
	latencyBins  = 160
	latencyRatio = 1.08
)

type series struct {
	start  time.Time // of the first lapse; zero before anything happened
	width  time.Duration
	last   time.Time // of anything
	lapses []lapse
}

type lapse struct {
	calls, throttled, answers int
	bins                      [latencyBins]uint32
	limit                     float64
	inFlight                  int
	looked                    bool // inFlight and limit were sampled
	stands                    page.Tally
	moved                     bool // stands is of this lapse
}

// at returns the lapse of a moment. What lies before the first is of the first.
func (s *series) at(t time.Time) *lapse {
	if s.start.IsZero() {
		s.start, s.last, s.width = t, t, seriesFirst
	}
	if t.After(s.last) {
		s.last = t
	}
	for t.Sub(s.start) >= seriesMost*s.width {
		s.coarsen()
	}
	i := int(max(t.Sub(s.start), 0) / s.width)
	for len(s.lapses) <= i {
		s.lapses = append(s.lapses, lapse{})
	}
	return &s.lapses[i]
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
	a.calls += b.calls
	a.throttled += b.throttled
	a.answers += b.answers
	for i, n := range b.bins {
		a.bins[i] += n
	}
	a.inFlight = max(a.inFlight, b.inFlight)
	if b.looked {
		a.limit, a.looked = b.limit, true
	}
	if b.moved {
		a.stands, a.moved = b.stands, true
	}
}

// call adds a call by when it left.
func (s *series) call(left time.Time, throttled bool) {
	at := s.at(left)
	at.calls++
	if throttled {
		at.throttled++
	}
}

// answer adds an answer by when it came, and where the rows stand after it.
func (s *series) answer(came time.Time, ms int64, counts bool, stands page.Tally) {
	at := s.at(came)
	if counts {
		at.answers++
		at.bins[latencyBin(ms)]++
	}
	at.stands, at.moved = stands, true
}

// sample adds what was seen at a moment.
func (s *series) sample(t time.Time, limit float64, inFlight int) {
	at := s.at(t)
	at.limit, at.looked = limit, true
	at.inFlight = max(at.inFlight, inFlight)
}

func latencyBin(ms int64) int {
	if ms <= 1 {
		return 0
	}
	return min(int(math.Log(float64(ms))/math.Log(latencyRatio)), latencyBins-1)
}

// quantile is the latency below which a share of the answers lies, in ms.
func quantile(bins *[latencyBins]uint32, answers int, share float64) float64 {
	if answers == 0 {
		return 0
	}
	rest := int(math.Ceil(share * float64(answers)))
	for i, n := range bins {
		if rest -= int(n); rest <= 0 {
			return math.Pow(latencyRatio, float64(i)+0.5)
		}
	}
	return math.Pow(latencyRatio, latencyBins)
}

// total is the whole run as one lapse.
func (s *series) total() lapse {
	var all lapse
	for i := range s.lapses {
		all.take(&s.lapses[i])
	}
	return all
}

// peak is the most calls a second, as near as the lapses tell.
func (s *series) peak() int {
	most := 0
	for i := range s.lapses {
		most = max(most, s.lapses[i].calls)
	}
	return int(math.Ceil(float64(most) / max(s.width, seriesFirst).Seconds()))
}

// points returns the run in at most so many points. before is where the rows
// stood before it.
func (s *series) points(most int, before page.Tally) []page.Point {
	for len(s.lapses) > most {
		s.coarsen()
	}
	list := make([]page.Point, 0, len(s.lapses))
	stands, limit := before, 0.0
	for i := range s.lapses {
		b := &s.lapses[i]
		if b.moved {
			stands = b.stands
		}
		if b.looked {
			limit = b.limit
		}
		p := page.Point{
			At: s.start.Add(time.Duration(i) * s.width), Span: s.width, Calls: b.calls, Throttled: b.throttled, Answers: b.answers,
			P50: quantile(&b.bins, b.answers, 0.5), P99: quantile(&b.bins, b.answers, 0.99), Limit: limit, InFlight: -1, Stands: stands,
		}
		if b.looked {
			p.InFlight = b.inFlight
		}
		list = append(list, p)
	}
	return s.trim(list)
}

// trim shortens the last point to where the run ended. One that is shorter than
// half its length says little of a rate and joins the one before.
func (s *series) trim(list []page.Point) []page.Point {
	n := len(list)
	if n < 2 {
		return list
	}
	last, prev := &list[n-1], &list[n-2]
	if left := s.last.Sub(last.At); left*2 > s.width {
		last.Span = min(left, s.width)
		return list
	}
	if prev.Answers < last.Answers {
		prev.P50, prev.P99 = last.P50, last.P99
	}
	prev.Span += max(s.last.Sub(last.At), 0)
	prev.Calls, prev.Throttled, prev.Answers = prev.Calls+last.Calls, prev.Throttled+last.Throttled, prev.Answers+last.Answers
	prev.InFlight, prev.Limit, prev.Stands = max(prev.InFlight, last.InFlight), last.Limit, last.Stands
	return list[:n-1]
}
