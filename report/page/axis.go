package page

import (
	"time"

	"axgbind/report"
)

// An axis puts the runs of a batch on one line of time. Each run is as wide as it
// was long, and pauses between runs, which may take days, are narrowed to a gap
// that a reader sees: minutes of work would else be a hair between nights.
type axis struct {
	parts []part
	dated bool // the runs were on several days
}

// part is one run on the axis, from x0 to x1 in percent of its width.
type part struct {
	run      *Run
	from, to time.Time
	x0, x1   float64
}

// Widths in percent of the axis: of a pause, the least of a run, and what a
// label needs on a phone.
const (
	gapWidth   = 1.6
	partLeast  = 2.5
	labelWidth = 19.0
)

func newAxis(runs []Run) axis {
	var a axis
	total := time.Duration(0)
	for i := range runs {
		points := runs[i].Points
		if len(points) == 0 {
			continue
		}
		last := points[len(points)-1]
		p := part{run: &runs[i], from: points[0].At, to: last.At.Add(last.Span)}
		total += p.to.Sub(p.from)
		a.parts = append(a.parts, p)
	}
	if len(a.parts) == 0 {
		return a
	}
	gaps := float64(len(a.parts)-1) * gapWidth
	free := 100 - gaps - partLeast*float64(len(a.parts))
	x := 0.0
	for i := range a.parts {
		p := &a.parts[i]
		p.x0 = x
		p.x1 = x + partLeast + free*p.to.Sub(p.from).Seconds()/total.Seconds()
		x = p.x1 + gapWidth
	}
	first, last := a.parts[0], a.parts[len(a.parts)-1]
	a.dated = clock(first.from, true)[:5] != clock(last.to, true)[:5]
	return a
}

// x is where a moment of a run stands, in percent.
func (p *part) x(t time.Time) float64 {
	share := t.Sub(p.from).Seconds() / p.to.Sub(p.from).Seconds()
	return p.x0 + min(max(share, 0), 1)*(p.x1-p.x0)
}

// label is one time below a chart.
type label struct{ X, Anchor, Text string }

// steps are the lengths between labels of one run.
var steps = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// labels are the times to write: where each run begins, and round ones in the
// long runs, as far as there is room.
func (a *axis) labels() []label {
	var list []label
	right := -labelWidth
	day := ""
	put := func(x float64, t time.Time) {
		l := label{X: percentOf(x), Anchor: "middle", Text: clock(t, false)}
		if date := clock(t, true)[:5]; a.dated && date != day {
			l.Text, day = clock(t, true)[:11], date
		}
		left := x - labelWidth/2
		switch {
		case x < labelWidth/2:
			l.Anchor, left = "start", x
		case x > 100-labelWidth/2:
			l.Anchor, left = "end", x-labelWidth
		}
		if left >= right && (len(list) == 0 || list[len(list)-1].Text != l.Text) {
			list = append(list, l)
			right = left + labelWidth
		}
	}
	for i := range a.parts {
		p := &a.parts[i]
		put(p.x0, p.from)
		length := p.to.Sub(p.from)
		for _, step := range steps {
			if (p.x1-p.x0)*step.Seconds()/length.Seconds() < labelWidth {
				continue
			}
			_, zone := p.from.In(report.Beijing).Zone()
			shift := time.Duration(zone) * time.Second
			for t := p.from.Add(shift).Truncate(step).Add(step - shift); t.Before(p.to); t = t.Add(step) {
				put(p.x(t), t)
			}
			break
		}
	}
	if n := len(a.parts) - 1; n >= 0 {
		put(a.parts[n].x1, a.parts[n].to)
	}
	return list
}

// span is a stretch of the axis.
type span struct{ X, W string }

// gaps are the pauses between runs.
func (a *axis) gaps() []span {
	var list []span
	for i := 1; i < len(a.parts); i++ {
		list = append(list, span{percentOf(a.parts[i-1].x1), percentOf(a.parts[i].x0 - a.parts[i-1].x1)})
	}
	return list
}

// running is how long the runs took together, pauses apart.
func (a *axis) running() time.Duration {
	total := time.Duration(0)
	for i := range a.parts {
		r := a.parts[i].run
		total += max(r.End.Sub(r.Start), 0)
	}
	return total
}
