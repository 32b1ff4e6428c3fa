package page

import (
	"time"

	"axgbind/report"
)

// An axis puts the runs of a batch on one line of time. Each run is as wide as it
// was long, and pauses between runs, which may take days, are narrowed to a gap
// that a reader sees: minutes of work would else be a hair between nights.
type axis struct {
	parts  []part
	points []placed // of all parts
	seen   bool     // a run lasted long enough to be drawn
}

// part is one run on the axis, from x0 to x1 in percent of its width.
type part struct {
	from, to time.Time
	x0, x1   float64
}

// placed is a point of a run on the axis.
type placed struct {
	Point
	part *part
}

// Widths in percent of the axis: of a pause, the least of a run, and what a
// label needs on a phone.
const (
	gapWidth   = 1.6
	partLeast  = 2.5
	labelWidth = 30.0
)

// dated is a moment below a chart and in its table.
const dated = "01-02 15:04:05"

func newAxis(runs []Run) (a axis) {
	total := time.Duration(0)
	a.parts = make([]part, 0, len(runs)) // points keep where they are
	for i := range runs {
		points := runs[i].Points
		if len(points) == 0 {
			continue
		}
		last := points[len(points)-1]
		a.parts = append(a.parts, part{from: points[0].At, to: last.At.Add(last.Span)})
		p := &a.parts[len(a.parts)-1]
		length := p.to.Sub(p.from)
		total += length
		a.seen = a.seen || length >= shortest
		for _, q := range points {
			a.points = append(a.points, placed{q, p})
		}
	}
	free := 100 - gapWidth*float64(len(a.parts)-1) - partLeast*float64(len(a.parts))
	x := 0.0
	for i := range a.parts {
		p := &a.parts[i]
		p.x0 = x
		p.x1 = x + partLeast + free*p.to.Sub(p.from).Seconds()/total.Seconds()
		x = p.x1 + gapWidth
	}
	return a
}

// x is where a moment of a run stands, in percent.
func (p *part) x(t time.Time) float64 {
	share := t.Sub(p.from).Seconds() / p.to.Sub(p.from).Seconds()
	return p.x0 + min(max(share, 0), 1)*(p.x1-p.x0)
}

// label is one time below a chart.
type label struct{ X, Anchor, Text string }

// labels are the times to write, as far as there is room: where runs begin, moments
// within the long ones, and the end of the last.
func (a *axis) labels() []label {
	var list []label
	right := 0.0
	put := func(x float64, t time.Time, anchor string) {
		list = append(list, label{percentOf(x), anchor, t.In(report.Beijing).Format(dated)})
		right = x + labelWidth
	}
	for i := range a.parts {
		p := &a.parts[i]
		for x := max(p.x0, right); x < p.x1 && x+labelWidth <= 100-labelWidth; x = right {
			share := (x - p.x0) / (p.x1 - p.x0)
			put(x, p.from.Add(time.Duration(share*float64(p.to.Sub(p.from)))), "start")
		}
	}
	put(100, a.parts[len(a.parts)-1].to, "end")
	return list
}
