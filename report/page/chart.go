package page

import (
	"math"
	"strings"
	"time"

	"axgbind/report"
)

// chart is one figure: strips above each other on one axis, with the sentence
// that says what they show, and their numbers.
type chart struct {
	ID, Title, Unit string
	Height          int
	Strips          []strip
	Gaps            []span
	AxisY, LabelY   int
	Labels          []label
	Marks           []string // where a call was throttled
	MarkY           int
	Dots            []dot // where the limit changed
	Keys            []key
	Note            string
	Head            []string
	Rows            [][]string // the first cell of each is its head
}

// strip is one plot of a chart. Its paths stand in a square of 1000 that is
// stretched to its place, so that a chart fits any width while its text stays
// as large as the reader's other text.
type strip struct {
	Y, Height          int
	Name, Value, Class string // of a strip with a name above it
	NameY              int
	Lines              []rule
	Paths              []path
}

type rule struct {
	Y, TextY int
	Text     string
}

type path struct{ Class, D string }

type dot struct {
	X string
	Y int
}

type key struct{ Class, Text string }

// plotHeight and others are in CSS pixels.
const (
	plotHeight  = 170
	plotTop     = 20
	axisHeight  = 24
	stripHigh   = 84
	stripLow    = 34
	stripHead   = 22
	marksHeight = 14
)

func (p *Page) charts(a *axis) []chart {
	if len(a.parts) == 0 {
		return nil
	}
	list := []chart{p.rowsChart(a), p.paceChart(a), p.latencyChart(a)}
	for i := range list {
		list[i].Gaps, list[i].Labels = a.gaps(), a.labels()
	}
	if flight := p.flightChart(a); flight.Title != "" {
		flight.Gaps, flight.Labels = a.gaps(), a.labels()
		list = append(list, flight)
	}
	return list
}

// plot is a chart of one strip whose scale ends at most.
func plot(id string, most float64, unit func(float64) string) chart {
	c := chart{ID: id, Height: plotTop + plotHeight + axisHeight, AxisY: plotTop + plotHeight, LabelY: plotTop + plotHeight + 17}
	s := strip{Y: plotTop, Height: plotHeight}
	for _, share := range []float64{1, 0.5} {
		y := plotTop + int(float64(plotHeight)*(1-share))
		s.Lines = append(s.Lines, rule{Y: y, TextY: y + 4, Text: unit(most * share)})
	}
	c.Strips = []strip{s}
	return c
}

// stairs draws a number that holds over each point of every run; area closes it
// down to the base. A negative number leaves a hole.
func (a *axis) stairs(most float64, area bool, value func(*Point) float64) string {
	b := &strings.Builder{}
	for i := range a.parts {
		p := &a.parts[i]
		down := false
		end := 0.0
		flush := func() {
			if down && area {
				b.WriteString("V1000Z")
			}
			down = false
		}
		for k := range p.run.Points {
			point := &p.run.Points[k]
			v := value(point)
			x0, x1 := 10*p.x(point.At), 10*p.x(point.At.Add(point.Span))
			if v < 0 {
				flush()
				continue
			}
			y := coordinate(1000 * (1 - v/most))
			switch {
			case down:
				b.WriteString("V" + y)
			case area:
				b.WriteString("M" + coordinate(x0) + " 1000V" + y)
			default:
				b.WriteString("M" + coordinate(x0) + " " + y)
			}
			down, end = true, x1
			b.WriteString("H" + coordinate(end))
		}
		flush()
	}
	return b.String()
}

// band fills what lies between two numbers.
func (a *axis) band(most float64, low, high func(*Point) float64) string {
	b := &strings.Builder{}
	for i := range a.parts {
		p := &a.parts[i]
		for k := range p.run.Points {
			point := &p.run.Points[k]
			if point.Answers == 0 {
				continue
			}
			x0, x1 := coordinate(10*p.x(point.At)), coordinate(10*p.x(point.At.Add(point.Span)))
			y0, y1 := coordinate(1000*(1-high(point)/most)), coordinate(1000*(1-low(point)/most))
			b.WriteString("M" + x0 + " " + y0 + "H" + x1 + "V" + y1 + "H" + x0 + "Z")
		}
	}
	return b.String()
}

// each calls do with every point, and whether it begins a run.
func (a *axis) each(do func(part *part, point *Point, first bool)) {
	for i := range a.parts {
		for k := range a.parts[i].run.Points {
			do(&a.parts[i], &a.parts[i].run.Points[k], k == 0)
		}
	}
}

// numbers are the rows of the table of a chart.
func (p *Page) numbers(a *axis, head []report.Text, cells func(*Point) []string) (heads []string, rows [][]string) {
	for _, h := range append([]report.Text{report.PageTime, report.PageSpan}, head...) {
		heads = append(heads, h.In(p.Lang))
	}
	a.each(func(_ *part, point *Point, _ bool) {
		row := []string{clock(point.At, true), report.Short(point.Span.Round(time.Second), p.Lang)}
		rows = append(rows, append(row, cells(point)...))
	})
	return heads, rows
}

func perSecond(n int, span time.Duration) float64 {
	if span <= 0 {
		return 0
	}
	return float64(n) / span.Seconds()
}

// peak is the most calls in one second: as the run measured it, or, if it was
// killed, as the journal tells. That one knows when answers came and how long
// they took, which is off by a few milliseconds; so a second that seems to be
// just above the limit was at it.
func (r *Run) peak() int {
	if r.Peak > 0 {
		return r.Peak
	}
	most, limit := 0.0, r.Limit
	for _, q := range r.Points {
		most, limit = max(most, perSecond(q.Calls, q.Span)), max(limit, q.Limit)
	}
	const jitter = 1.04
	if limit > 0 && most > limit && most <= limit*jitter {
		most = limit
	}
	return int(math.Ceil(most))
}

func (p *Page) paceChart(a *axis) chart {
	calls, throttled, most, top, peak, limit := 0, 0, 0.0, 0.0, 0, 0.0
	running := time.Duration(0)
	a.each(func(part *part, point *Point, first bool) {
		calls, throttled = calls+point.Calls, throttled+point.Throttled
		running += point.Span
		most = max(most, perSecond(point.Calls, point.Span))
		top = max(top, point.Limit)
		if first {
			peak, limit = max(peak, part.run.peak()), max(limit, part.run.Limit)
		}
	})
	average := perSecond(calls, running)
	if p.Summary.AverageRate > 0 && len(p.Runs) == 1 {
		average = p.Summary.AverageRate
	}
	scale := niceAbove(max(most, top) * 1.04)
	c := plot("pace", scale, func(v float64) string { return report.PagePerSecond.In(p.Lang, rounded(v)) })
	c.MarkY, c.AxisY, c.LabelY, c.Height = c.AxisY+4, c.AxisY+marksHeight, c.LabelY+marksHeight, c.Height+marksHeight
	was := -1.0
	a.each(func(part *part, point *Point, first bool) {
		middle := percentOf(part.x(point.At.Add(point.Span / 2)))
		if point.Throttled > 0 {
			c.Marks = append(c.Marks, middle)
		}
		if !first && was > 0 && point.Limit > 0 && math.Abs(point.Limit-was) > 0.005*was {
			c.Dots = append(c.Dots, dot{percentOf(part.x(point.At)), plotTop + int(plotHeight*(1-point.Limit/scale))})
		}
		was = point.Limit
	})
	c.Strips[0].Paths = []path{
		{"calls", a.stairs(scale, true, func(q *Point) float64 { return perSecond(q.Calls, q.Span) })},
		{"limit", a.stairs(scale, false, func(q *Point) float64 {
			if q.Limit == 0 {
				return -1
			}
			return q.Limit
		})},
	}
	switch {
	case limit == 0:
		c.Title = report.PagePaceTitle.In(p.Lang, rounded(average), grouped(peak))
	case float64(peak) <= limit+1: // a fraction of a call cannot be made
		c.Title = report.PagePaceUnder.In(p.Lang, rounded(average), grouped(peak), rounded(limit))
	default:
		c.Title = report.PagePaceOver.In(p.Lang, rounded(average), grouped(peak), rounded(limit))
	}
	said := report.PageThrottledNone.In(p.Lang)
	if throttled > 0 {
		said = report.PageThrottledSome.In(p.Lang, report.Share(throttled, calls))
	}
	c.Title += report.Between.In(p.Lang) + said
	c.Unit = report.PagePaceUnit.In(p.Lang)
	c.Keys = []key{{"k-calls", report.PageKeyCalls.In(p.Lang)}}
	if top > 0 {
		c.Keys = append(c.Keys, key{"k-limit", report.PageKeyLimit.In(p.Lang)})
	}
	if len(c.Marks) > 0 {
		c.Keys = append(c.Keys, key{"k-mark", report.PageKeyThrottled.In(p.Lang)})
	}
	if len(c.Dots) > 0 {
		c.Keys = append(c.Keys, key{"k-dot", report.PageKeyChange.In(p.Lang)})
	}
	c.Head, c.Rows = p.numbers(a, []report.Text{report.PageCalls, report.PagePaceHead, report.PageThrottled, report.PageLimit}, func(q *Point) []string {
		limit := "–"
		if q.Limit > 0 {
			limit = rounded(q.Limit)
		}
		return []string{grouped(q.Calls), rounded(perSecond(q.Calls, q.Span)), grouped(q.Throttled), limit}
	})
	return c
}

func (p *Page) latencyChart(a *axis) chart {
	most, answers := 0.0, 0
	a.each(func(_ *part, q *Point, _ bool) { most, answers = max(most, q.P99), answers+q.Answers })
	scale := niceAbove(most * 1.04)
	c := plot("latency", scale, latency)
	p50 := func(q *Point) float64 { return q.P50 }
	p99 := func(q *Point) float64 { return q.P99 }
	whole := func(of func(*Point) float64) func(*Point) float64 {
		return func(q *Point) float64 {
			if q.Answers == 0 {
				return -1
			}
			return of(q)
		}
	}
	c.Strips[0].Paths = []path{{"band", a.band(scale, p50, p99)}, {"p99", a.stairs(scale, false, whole(p99))}, {"p50", a.stairs(scale, false, whole(p50))}}
	c.Title = report.PageLatencyTitle.In(p.Lang, latency(p.P50), latency(p.P99))
	c.Unit = report.PageLatencyUnit.In(p.Lang)
	c.Keys = []key{{"k-p99", "p99"}, {"k-p50", "p50"}}
	c.Head, c.Rows = p.numbers(a, []report.Text{report.PageAnswers, report.PageP50, report.PageP99}, func(q *Point) []string {
		if q.Answers == 0 {
			return []string{"0", "–", "–"}
		}
		return []string{grouped(q.Answers), latency(q.P50), latency(q.P99)}
	})
	return c
}

// flightChart has no title if nobody looked.
func (p *Page) flightChart(a *axis) chart {
	most := -1
	a.each(func(_ *part, q *Point, _ bool) { most = max(most, q.InFlight) })
	if most < 0 {
		return chart{}
	}
	scale := niceAbove(float64(most) * 1.04)
	c := plot("flight", scale, rounded)
	c.Strips[0].Paths = []path{{"calls", a.stairs(scale, true, func(q *Point) float64 { return float64(q.InFlight) })}}
	c.Title, c.Unit = report.PageFlightTitle.In(p.Lang, grouped(most)), report.PageFlightUnit.In(p.Lang)
	c.Head, c.Rows = p.numbers(a, []report.Text{report.PageInFlight}, func(q *Point) []string {
		if q.InFlight < 0 {
			return []string{"–"}
		}
		return []string{grouped(q.InFlight)}
	})
	return c
}
