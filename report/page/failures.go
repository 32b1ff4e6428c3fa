package page

import (
	"strconv"
	"strings"
	"time"

	"axgbind/report"
)

// codes are the failures with what they mean, the most frequent first.
func (p *Page) codes() (title string, list []codeView) {
	all, most := 0, 0
	for _, f := range p.Failures {
		all += f.Count
		most = max(most, f.Count)
	}
	for i, f := range p.Failures {
		if i == shownFailures {
			break
		}
		list = append(list, p.code(i, f, all, most))
	}
	switch {
	case len(p.Failures) == 1 && all == 1:
		title = report.PageCodesOneRow.In(p.Lang, list[0].Code)
	case len(p.Failures) == 1:
		title = report.PageCodesOne.In(p.Lang, list[0].Code, grouped(all))
	case len(p.Failures) > 1:
		title = report.PageCodesTitle.In(p.Lang, list[0].Code, grouped(p.Failures[0].Count), grouped(all))
	}
	return title, list
}

func (p *Page) code(i int, f Failure, all, most int) codeView {
	status, _ := report.ParseStatus(f.Status)
	v := codeView{
		ID: "code-" + strconv.Itoa(i+1), Code: f.Code, Status: f.Status, Class: class(status), Sign: signs[status], Rows: grouped(f.Count),
		Share: report.Share(f.Count, all), W: percentOf(100 * float64(f.Count) / float64(most)),
		Said: report.PageCodeRows.In(p.Lang, grouped(f.Count), f.Status), Meaning: f.Meaning, Cause: f.Cause, Cure: f.Cure, Who: f.Who,
		Caption: report.PageThese.In(p.Lang),
	}
	if f.Code == "" {
		v.Code = "–"
	}
	if f.Count == 1 {
		v.Said = report.PageCodeRow.In(p.Lang, f.Status)
	}
	if len(f.Rows) < f.Count {
		v.Caption = report.PageFirst.In(p.Lang, grouped(len(f.Rows)), grouped(f.Count))
	}
	for _, r := range f.Rows {
		v.Reasons = v.Reasons || r.Reason != ""
	}
	for _, r := range f.Rows {
		at := "–"
		if !r.Finished.IsZero() && r.Attempts > 0 {
			at = r.Finished.In(report.Beijing).Format(time.DateTime)
		}
		row := []string{strconv.Itoa(r.Line), dash(r.A), dash(r.Group), dash(r.RequestID), strconv.Itoa(r.Attempts), at}
		if v.Reasons {
			row = append(row, dash(r.Reason))
		}
		v.List = append(v.List, row)
	}
	if len(f.Rows) == 0 && len(f.Failure.Lines) > 0 {
		v.Lines = report.PageUnseen.In(p.Lang, p.lines(f.Failure.Lines, f.Count))
	}
	return v
}

// lines lists line numbers, and says if there are more.
func (p *Page) lines(lines []int, all int) string {
	words := make([]string, len(lines))
	for i, n := range lines {
		words[i] = strconv.Itoa(n)
	}
	list := strings.Join(words, report.PageListAnd.In(p.Lang))
	if all > len(lines) {
		list += "…"
	}
	return list
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// places are the tables of pools, groups and cities in which rows failed.
func (p *Page) places() []placesView {
	var list []placesView
	for _, of := range []struct {
		id          string
		places      Places
		title, head report.Text
	}{
		{"pool", p.Pools, report.PageByPool, report.PagePool}, {"group", p.Groups, report.PageByGroup, report.PageGroup}, {"city", p.Cities, report.PageByCity, report.PageCity},
	} {
		if of.places.Known {
			if v, ok := p.place(of.places, of.title); ok {
				v.ID, v.Head = of.id, of.head.In(p.Lang)
				list = append(list, v)
			}
		}
	}
	return list
}

func (p *Page) place(of Places, title report.Text) (v placesView, any bool) {
	all := of.Rest.Failures()
	for _, place := range of.Top {
		all += place.Failures()
	}
	if all == 0 {
		return v, false
	}
	add := func(name string, place Place) {
		n, rows := place.Failures(), place.Rows()
		v.Rows = append(v.Rows, placeView{
			Name: name, Rows: grouped(rows), Failed: grouped(place.Counts[report.Failed]), Invalid: grouped(place.Counts[report.Invalid]),
			Held: grouped(place.Counts[report.Held]), Unknown: grouped(place.Counts[report.Unknown]), Failing: grouped(n), Share: report.Share(n, rows), W: percentOf(100 * float64(n) / float64(rows)),
		})
	}
	for _, place := range of.Top {
		if place.Failures() > 0 {
			add(p.placeName(place), place)
		}
	}
	if of.Rest.Failures() > 0 {
		add(report.PagePlaceRest.In(p.Lang, grouped(of.More)), of.Rest)
	}
	v.Title = title.In(p.Lang)
	v.Caption = report.PagePlaceTitle.In(p.Lang, p.placeName(of.Top[0]), grouped(of.Top[0].Failures()), grouped(all))
	return v, true
}

func (p *Page) placeName(place Place) string {
	if place.Name == "" {
		return report.PagePlaceBlank.In(p.Lang)
	}
	return place.Name
}

// compareView sets the last night beside this one.
func (p *Page) compareView(v *pageView) {
	b := p.Before
	if b == nil {
		return
	}
	v.BeforeUnit = report.PageBeforeUnit.In(p.Lang, b.Then.Results, b.Now.Results)
	day := func(n Night) string { return n.Start.In(report.Beijing).Format("2006-01-02 15:04") }
	v.BeforeThen, v.BeforeNow = report.PageThen.In(p.Lang, day(b.Then)), report.PageNow.In(p.Lang, day(b.Now))
	put := func(name string, value func(Night) string) {
		v.BeforeRows = append(v.BeforeRows, []string{name, value(b.Then), value(b.Now)})
	}
	put("BOUND", func(n Night) string { return grouped(n.Bound) })
	put("FAILED", func(n Night) string { return grouped(n.Failed) })
	put("UNKNOWN", func(n Night) string { return grouped(n.Unknown) })
	put(report.PageCalls.In(p.Lang), func(n Night) string { return grouped(n.Calls) })
	put(report.PageThrottled.In(p.Lang), func(n Night) string { return grouped(n.Throttled) })
	put(report.PageAverage.In(p.Lang), func(n Night) string { return report.PagePerSecond.In(p.Lang, rounded(n.Average)) })
	put(report.PageLatency.In(p.Lang)+" p50", func(n Night) string { return latency(n.P50) })
	put(report.PageLatency.In(p.Lang)+" p99", func(n Night) string { return latency(n.P99) })
	said := func(text string) { v.BeforeSaid = append(v.BeforeSaid, text) }
	and := report.PageListAnd.In(p.Lang)
	if len(b.NewCodes) > 0 {
		said(report.PageNewCodes.In(p.Lang, strings.Join(b.NewCodes, and)))
	} else {
		said(report.PageNoNewCodes.In(p.Lang))
	}
	if len(b.Gone) > 0 {
		said(report.PageGoneCodes.In(p.Lang, strings.Join(b.Gone, and)))
	}
	switch {
	case b.Again == 0:
		said(report.PageAgainNone.In(p.Lang))
	case b.Again == 1 && len(b.Lines) == 1:
		said(report.PageAgainOne.In(p.Lang, strconv.Itoa(b.Lines[0])))
	default:
		said(report.PageAgain.In(p.Lang, grouped(b.Again), p.lines(b.Lines, b.Again)))
	}
}
