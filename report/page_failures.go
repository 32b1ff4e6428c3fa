package report

import (
	"strconv"
	"strings"
	"time"
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
		title = PageCodesOneRow.In(p.Lang, list[0].Code)
	case len(p.Failures) == 1:
		title = PageCodesOne.In(p.Lang, list[0].Code, grouped(all))
	case len(p.Failures) > 1:
		title = PageCodesTitle.In(p.Lang, list[0].Code, grouped(p.Failures[0].Count), grouped(all))
	}
	return title, list
}

func (p *Page) code(i int, f PageFailure, all, most int) codeView {
	status, _ := ParseStatus(f.Status)
	v := codeView{
		ID: "code-" + strconv.Itoa(i+1), Code: f.Code, Status: f.Status, Class: class(status), Sign: signs[status], Rows: grouped(f.Count),
		Share: share(f.Count, all), W: percentOf(100 * float64(f.Count) / float64(most)),
		Said: PageCodeRows.In(p.Lang, grouped(f.Count), f.Status), Meaning: f.Meaning, Cause: f.Cause, Cure: f.Cure, Who: f.Who,
		Caption: PageThese.In(p.Lang),
	}
	if f.Code == "" {
		v.Code = "–"
	}
	if f.Count == 1 {
		v.Said = PageCodeRow.In(p.Lang, f.Status)
	}
	if len(f.Rows) < f.Count {
		v.Caption = PageFirst.In(p.Lang, grouped(len(f.Rows)), grouped(f.Count))
	}
	for _, r := range f.Rows {
		v.Reasons = v.Reasons || r.Reason != ""
	}
	for _, r := range f.Rows {
		at := "–"
		if !r.Finished.IsZero() && r.Attempts > 0 {
			at = r.Finished.In(Beijing).Format(time.DateTime)
		}
		row := []string{strconv.Itoa(r.Line), dash(r.A), dash(r.Group), dash(r.RequestID), strconv.Itoa(r.Attempts), at}
		if v.Reasons {
			row = append(row, dash(r.Reason))
		}
		v.List = append(v.List, row)
	}
	if len(f.Rows) == 0 && len(f.Failure.Lines) > 0 {
		v.Lines = PageUnseen.In(p.Lang, p.lines(f.Failure.Lines, f.Count))
	}
	return v
}

// lines lists line numbers, and says if there are more.
func (p *Page) lines(lines []int, all int) string {
	words := make([]string, len(lines))
	for i, n := range lines {
		words[i] = strconv.Itoa(n)
	}
	list := strings.Join(words, PageListAnd.In(p.Lang))
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
		places      PagePlaces
		title, head Phrase
	}{
		{"pool", p.Pools, PageByPool, PagePool}, {"group", p.Groups, PageByGroup, PageGroup}, {"city", p.Cities, PageByCity, PageCity},
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

func (p *Page) place(of PagePlaces, title Phrase) (v placesView, any bool) {
	all := of.Rest.Failures()
	for _, place := range of.Top {
		all += place.Failures()
	}
	if all == 0 {
		return v, false
	}
	add := func(name string, place PagePlace) {
		n, rows := place.Failures(), place.Rows()
		v.Rows = append(v.Rows, placeView{
			Name: name, Rows: grouped(rows), Failed: grouped(place.Counts[Failed]), Invalid: grouped(place.Counts[Invalid]),
			Held: grouped(place.Counts[Held]), Unknown: grouped(place.Counts[Unknown]), Failing: grouped(n), Share: share(n, rows), W: percentOf(100 * float64(n) / float64(rows)),
		})
	}
	for _, place := range of.Top {
		if place.Failures() > 0 {
			add(p.placeName(place), place)
		}
	}
	if of.Rest.Failures() > 0 {
		add(PagePlaceRest.In(p.Lang, grouped(of.More)), of.Rest)
	}
	v.Title = title.In(p.Lang)
	v.Caption = PagePlaceTitle.In(p.Lang, p.placeName(of.Top[0]), grouped(of.Top[0].Failures()), grouped(all))
	return v, true
}

func (p *Page) placeName(place PagePlace) string {
	if place.Name == "" {
		return PagePlaceBlank.In(p.Lang)
	}
	return place.Name
}

// compareView sets the last night beside this one.
func (p *Page) compareView(v *pageView) {
	b := p.Before
	if b == nil {
		return
	}
	v.BeforeUnit = PageBeforeUnit.In(p.Lang, b.Then.Results, b.Now.Results)
	day := func(n PageNight) string { return n.Start.In(Beijing).Format("2006-01-02 15:04") }
	v.BeforeThen, v.BeforeNow = PageThen.In(p.Lang, day(b.Then)), PageNow.In(p.Lang, day(b.Now))
	put := func(name string, value func(PageNight) string) {
		v.BeforeRows = append(v.BeforeRows, []string{name, value(b.Then), value(b.Now)})
	}
	put("BOUND", func(n PageNight) string { return grouped(n.Bound) })
	put("FAILED", func(n PageNight) string { return grouped(n.Failed) })
	put("UNKNOWN", func(n PageNight) string { return grouped(n.Unknown) })
	put(PageCalls.In(p.Lang), func(n PageNight) string { return grouped(n.Calls) })
	put(PageThrottled.In(p.Lang), func(n PageNight) string { return grouped(n.Throttled) })
	put(PageAverage.In(p.Lang), func(n PageNight) string { return PagePerSecond.In(p.Lang, rounded(n.Average)) })
	put(PageLatency.In(p.Lang)+" p50", func(n PageNight) string { return latency(n.P50) })
	put(PageLatency.In(p.Lang)+" p99", func(n PageNight) string { return latency(n.P99) })
	said := func(text string) { v.BeforeSaid = append(v.BeforeSaid, text) }
	and := PageListAnd.In(p.Lang)
	if len(b.NewCodes) > 0 {
		said(PageNewCodes.In(p.Lang, strings.Join(b.NewCodes, and)))
	} else {
		said(PageNoNewCodes.In(p.Lang))
	}
	if len(b.Gone) > 0 {
		said(PageGoneCodes.In(p.Lang, strings.Join(b.Gone, and)))
	}
	switch {
	case b.Again == 0:
		said(PageAgainNone.In(p.Lang))
	case b.Again == 1 && len(b.Lines) == 1:
		said(PageAgainOne.In(p.Lang, strconv.Itoa(b.Lines[0])))
	default:
		said(PageAgain.In(p.Lang, grouped(b.Again), p.lines(b.Lines, b.Again)))
	}
}
