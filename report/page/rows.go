package page

import (
	"strings"

	"axgbind/report"
)

// standing is where the rows stand after a point, so that the last one agrees
// with the summary: rows that this journal's records do not move, since an
// earlier batch or a check settled them, stand so from the beginning. PENDING is
// what is left.
type standings struct {
	base Tally
	rows int
	gone bool // the journal counts more rows of a state than the summary
}

func (p *Page) standings(a *axis) standings {
	s := standings{rows: p.Summary.Rows}
	if len(a.parts) == 0 {
		return s
	}
	points := a.parts[len(a.parts)-1].run.Points
	end := points[len(points)-1].Stands
	for _, status := range []report.Status{report.Bound, report.Failed, report.Invalid, report.Held, report.Unknown, report.Released} {
		s.base[status] = max(p.Summary.Count(status)-end[status], 0)
		s.gone = s.gone || end[status] > p.Summary.Count(status)
	}
	return s
}

func (s *standings) at(t Tally) Tally {
	left := s.rows
	for i := range t {
		if report.Status(i) != report.Pending {
			t[i] += s.base[i]
			left -= t[i]
		}
	}
	t[report.Pending] = max(left, 0)
	return t
}

// rowsChart has a strip for each state that any row was in.
func (p *Page) rowsChart(a *axis) chart {
	s := p.standings(a)
	var most, end Tally
	for i := range a.parts {
		most = maxTally(most, s.at(a.parts[i].run.Before))
	}
	a.each(func(_ *part, q *Point, _ bool) {
		end = s.at(q.Stands)
		most = maxTally(most, end)
	})
	c := chart{ID: "rows", Unit: report.PageRowsUnit.In(p.Lang)}
	y := 0
	var shown []report.Status
	for _, status := range report.Statuses {
		if most[status] == 0 {
			continue
		}
		shown = append(shown, status)
		height := stripLow
		if status == report.Bound || status == report.Released {
			height = stripHigh
		}
		class := class(status)
		line, area := s.slope(a, status, float64(most[status]))
		c.Strips = append(c.Strips, strip{
			Y: y + stripHead, Height: height, NameY: y + 16, Name: status.String(), Value: grouped(end[status]), Class: class,
			Paths: []path{{"area " + class, area}, {"line " + class, line}},
		})
		y += stripHead + height
	}
	c.AxisY, c.LabelY, c.Height = y, y+17, y+axisHeight
	running := a.running()
	c.Title = report.PageRowsTitle.In(p.Lang, grouped(end[report.Bound]), report.Short(running, p.Lang))
	if s.gone {
		c.Note = report.PageRowsGone.In(p.Lang)
	}
	c.Head, c.Rows = p.numbers(a, nil, func(q *Point) []string {
		var cells []string
		t := s.at(q.Stands)
		for _, status := range shown {
			cells = append(cells, grouped(t[status]))
		}
		return cells
	})
	for _, status := range shown {
		c.Head = append(c.Head, status.String())
	}
	return c
}

// slope draws how many rows stand in a state, and the area below.
func (s *standings) slope(a *axis, status report.Status, most float64) (line, area string) {
	l, f := &strings.Builder{}, &strings.Builder{}
	for i := range a.parts {
		p := &a.parts[i]
		at := func(x float64, t Tally) string {
			return coordinate(x) + " " + coordinate(1000*(1-float64(s.at(t)[status])/most))
		}
		start := at(10*p.x0, p.run.Before)
		l.WriteString("M" + start)
		f.WriteString("M" + coordinate(10*p.x0) + " 1000L" + start)
		for k := range p.run.Points {
			q := &p.run.Points[k]
			to := "L" + at(10*p.x(q.At.Add(q.Span)), q.Stands)
			l.WriteString(to)
			f.WriteString(to)
		}
		f.WriteString("V1000Z")
	}
	return l.String(), f.String()
}

func maxTally(a, b Tally) Tally {
	for i := range a {
		a[i] = max(a[i], b[i])
	}
	return a
}
