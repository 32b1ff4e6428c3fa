package report

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// A sparkline draws numbers with the height of characters: eighths of a block,
// or on terminals without them the ink of ASCII.
var (
	blocks = []rune("▁▂▃▄▅▆▇█")
	inks   = []rune("_.-:=+*#")
)

// sparkWidth is how many columns a small chart takes, beside its label and
// numbers on a terminal of 80.
const sparkWidth = 46

// WriteText writes the page for a terminal: the summary and small charts, one
// line each. unicode says that the terminal shows block characters.
func (p *Page) WriteText(w io.Writer, unicode bool) error {
	p = p.shown()
	b := &strings.Builder{}
	fmt.Fprintf(b, "%s\n", p.headline())
	if p.State != PageEnded {
		fmt.Fprintf(b, "  %s\n", p.said())
	}
	_ = p.Summary.WriteText(b, p.Lang) // a Builder does not fail
	for _, note := range p.notes() {
		fmt.Fprintf(b, "  %s\n", note)
	}
	axis := newAxis(p.Runs)
	if len(axis.parts) > 0 {
		p.sparks(b, &axis, unicode)
	}
	p.textBars(b, unicode)
	if p.Before != nil {
		v := &pageView{}
		p.compareView(v)
		fmt.Fprintf(b, "\n  %s (%s)\n", PageBeforeHead.In(p.Lang), p.Before.Then.Results)
		for _, said := range v.BeforeSaid {
			fmt.Fprintf(b, "    %s\n", said)
		}
	}
	if p.State == PageEnded {
		fmt.Fprintf(b, "%s\n", ExitLine.In(p.Lang, p.Summary.ExitStatus, p.Words))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// sparks are the charts of the course.
func (p *Page) sparks(b *strings.Builder, a *axis, unicode bool) {
	first, last := a.parts[0], a.parts[len(a.parts)-1]
	fmt.Fprintf(b, "\n  %s  %s - %s\n", PageCourse.In(p.Lang), first.from.In(Beijing).Format(time.DateTime), last.to.In(Beijing).Format(time.DateTime))
	s := p.standings(a)
	draw := func(name, value string, of func(*PagePoint) float64) {
		values, most := a.columns(sparkWidth, of)
		if most < 0 {
			return
		}
		fmt.Fprintf(b, "    %s%s  %s\n", Pad(name, 12), spark(values, most, unicode), value)
	}
	bound := p.Summary.Count(Bound)
	draw(Bound.String(), grouped(bound), func(q *PagePoint) float64 { return float64(s.at(q.Stands)[Bound]) })
	most, flight, p99, throttled := 0.0, -1, 0.0, 0
	a.each(func(_ *part, q *PagePoint, _ bool) {
		most, flight, p99, throttled = max(most, perSecond(q.Calls, q.Span)), max(flight, q.InFlight), max(p99, q.P99), throttled+q.Throttled
	})
	draw(PagePaceHead.In(p.Lang), PageMost.In(p.Lang, rounded(most)), func(q *PagePoint) float64 { return perSecond(q.Calls, q.Span) })
	if throttled > 0 {
		draw(PageThrottled.In(p.Lang), grouped(throttled), func(q *PagePoint) float64 { return float64(q.Throttled) })
	}
	draw("p99", PageMost.In(p.Lang, latency(p99)), func(q *PagePoint) float64 {
		if q.Answers == 0 {
			return -1
		}
		return q.P99
	})
	if flight >= 0 {
		draw(PageInFlight.In(p.Lang), PageMost.In(p.Lang, grouped(flight)), func(q *PagePoint) float64 { return float64(q.InFlight) })
	}
	if len(a.parts) > 1 {
		fmt.Fprintf(b, "    %s\n", PageTextRuns.In(p.Lang, len(a.parts)))
	}
}

// columns is the axis in so many columns, each the largest value in it; a pause
// is not a number. most is the largest of all, negative if there is none.
func (a *axis) columns(width int, of func(*PagePoint) float64) (values []float64, most float64) {
	values, most = make([]float64, width), -1
	for i := range values {
		values[i] = math.NaN()
	}
	for i := range a.parts {
		p := &a.parts[i]
		for k := range p.run.Points {
			q := &p.run.Points[k]
			v := of(q)
			if v < 0 {
				continue
			}
			most = max(most, v)
			from, to := p.x(q.At)*float64(width)/100, p.x(q.At.Add(q.Span))*float64(width)/100
			for c := int(from); c < width && (float64(c) < to-0.5 || c == int(from)); c++ {
				if math.IsNaN(values[c]) || v > values[c] {
					values[c] = v
				}
			}
		}
	}
	for i := range a.parts[1:] { // one column at least, or nobody would see it
		values[min(int(a.parts[i].x1*float64(width)/100), width-1)] = math.NaN()
	}
	return values, most
}

func spark(values []float64, most float64, unicode bool) string {
	levels := inks
	if unicode {
		levels = blocks
	}
	out := make([]rune, len(values))
	for i, v := range values {
		out[i] = ' '
		if !math.IsNaN(v) {
			out[i] = levels[min(int(v/max(most, 1e-9)*float64(len(levels))), len(levels)-1)]
		}
	}
	return string(out)
}

// textBars are the codes as bars.
func (p *Page) textBars(b *strings.Builder, unicode bool) {
	if len(p.Failures) == 0 {
		return
	}
	ink := "#"
	if unicode {
		ink = "█"
	}
	const room = 24
	most := p.Failures[0].Count
	fmt.Fprintf(b, "\n  %s\n", PageTextCodes.In(p.Lang))
	for i, f := range p.Failures {
		if i == shownCodes {
			fmt.Fprintf(b, "    %s\n", SumMoreCodes.In(p.Lang, len(p.Failures)-i))
			break
		}
		n := max(f.Count*room/most, 1)
		fmt.Fprintf(b, "    %s%s%s %s\n", Pad(Cut(f.Code, 30), 32), Pad(f.Status, 9), strings.Repeat(ink, n), grouped(f.Count))
	}
}
