package page

import (
	"strings"
	"time"

	"axgbind/report"
)

// shortest is how long a run has to last to be drawn: of fewer seconds no
// pace can be seen.
const shortest = 2 * time.Second

// Heights in CSS pixels: of the plot, and with the times below it.
const (
	plotHeight  = 170
	chartHeight = plotHeight + 24
)

// chart shows the runs on one line of time: calls a second by what became of
// their rows, one colour above the other, below the limit in force. Its paths stand in a
// square of 1000 that is stretched to its place, so that it fits any width while its text
// stays as large as the reader's other text.
type chart struct {
	Notes   []string
	Keys    []cell
	Scale   string
	Paths   []path
	Labels  []label
	Numbers *table
}

type path struct{ Class, D string }

// chart is nil if there is too little to be seen.
func (p *Page) chart() *chart {
	a := newAxis(p.Runs)
	if !a.seen {
		return nil
	}
	most := 1.0
	for _, q := range a.points {
		most = max(most, q.perSecond(q.Calls.Sum()), q.Limit)
	}
	c := &chart{Notes: []string{report.PageChartUnit.In(p.Lang)}, Scale: report.PagePaceScale.In(p.Lang, rounded(most)), Labels: a.labels()}
	if len(a.parts) > 1 {
		c.Notes = append(c.Notes, report.PageChartRuns.In(p.Lang, grouped(len(a.parts))))
	}
	t, column := newTable("numbers", "numbers", "", a.points)
	column(report.PageTime.In(p.Lang), "", func(q placed) cell { return text(q.At.In(report.Beijing).Format(dated)) })
	column(report.PageTook.In(p.Lang), "n", func(q placed) cell { return text(report.Short(q.Span, p.Lang)) })
	column(report.PageCalls.In(p.Lang), "n", func(q placed) cell { return count(q.Calls.Sum()) })
	below := make([]int, len(a.points))
	for _, status := range report.Statuses {
		b := &strings.Builder{}
		for i, q := range a.points {
			if n := q.Calls[status]; n > 0 {
				high := below[i] + n
				x0, x1 := q.place()
				y := func(n int) string { return coordinate(1000 * (1 - q.perSecond(n)/most)) }
				b.WriteString("M" + x0 + " " + y(high) + "H" + x1 + "V" + y(below[i]) + "H" + x0 + "Z")
				below[i] = high
			}
		}
		if b.Len() > 0 {
			c.Keys = append(c.Keys, p.state(status))
			c.Paths = append(c.Paths, path{class(status), b.String()})
			column(status.Label(p.Lang), "n", func(q placed) cell { return count(q.Calls[status]) })
		}
	}
	limit := &strings.Builder{}
	for _, q := range a.points {
		if q.Limit > 0 {
			x0, x1 := q.place()
			limit.WriteString("M" + x0 + " " + coordinate(1000*(1-q.Limit/most)) + "H" + x1)
		}
	}
	c.Paths = append(c.Paths, path{"base", "M0 1000H1000"}, path{"limit", limit.String()})
	column(report.PageLimit.In(p.Lang), "n", func(q placed) cell { return known(q.Limit) })
	c.Numbers = t
	return c
}

// perSecond is a number of calls of a point as a rate.
func (q *placed) perSecond(n int) float64 { return float64(n) / q.Span.Seconds() }

// place is from where to where a point stands in a path.
func (q *placed) place() (x0, x1 string) {
	return coordinate(10 * q.part.x(q.At)), coordinate(10 * q.part.x(q.At.Add(q.Span)))
}
