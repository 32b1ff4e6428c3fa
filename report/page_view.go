package report

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pageView is a Page as its form wants it: sentences, positions, rows of tables.
type pageView struct {
	*Page
	Style         template.CSS
	Policy        string
	HTMLLang      string
	Title         string
	Headline      string
	Tone          string // good, attention, bad or going
	Mark          string // the same without colour
	Said          string // where the batch stands
	Notes         []string
	States        []pageState
	Facts         []fact
	CodesTitle    string
	Codes         []codeView
	MoreCodes     int
	Charts        []chart
	CourseNotes   []string
	Places        []placesView
	BeforeUnit    string
	BeforeRows    [][]string
	BeforeThen    string
	BeforeNow     string
	BeforeSaid    []string
	RunRows       [][]string
	Footer        string
	RehearsalNote string
}

// pageState is one state of the summary. X and W place it in the bar of all rows.
type pageState struct {
	Name, Class, Sign, Rows, Share, Meaning string
	X, W                                    string
	Some                                    bool
}

type fact struct {
	Name, Value string
	Wide        bool
}

type codeView struct {
	ID, Code, Status, Class, Sign, Rows, Share, W string
	Said, Meaning, Cause, Cure, Who, Caption      string
	Lines                                         string // if the rows themselves are not known
	List                                          [][]string
	Reasons                                       bool
}

type placesView struct {
	ID, Title, Head, Caption string
	Rows                     []placeView
}

type placeView struct{ Name, Rows, Failed, Invalid, Held, Unknown, Failing, Share, W string }

// shownFailures is how many codes a page tells of.
const shownFailures = 20

// signs tell states apart without colour.
var signs = map[Status]string{Bound: "●", Failed: "✕", Invalid: "◇", Held: "‖", Unknown: "?", Pending: "○", Released: "◌"}

func class(status Status) string { return strings.ToLower(status.String()) }

func (p *Page) functions() template.FuncMap {
	return template.FuncMap{
		"say": func(name string, args ...any) (string, error) {
			phrase, ok := pageWords[name]
			if !ok {
				return "", &template.Error{Description: "no phrase is called " + name}
			}
			return phrase.In(p.Lang, args...), nil
		},
		"add": func(a, b int) int { return a + b },
	}
}

// pageWords are the phrases that the form asks for by name.
var pageWords = map[string]Phrase{
	"brand": PageBrand, "rehearsal": PageRehearsal, "states": PageStates, "state": PageStateHead, "rows": PageRowsHead,
	"share": PageShare, "meaning": PageMeaning, "facts": PageFacts, "attention": PageAttention, "nothing": PageNothing,
	"codesUnit": PageCodesUnit, "code": PageCode, "who": PageWho, "cause": PageCause, "cure": PageCure, "line": PageLine,
	"group": PageGroup, "a": PageA, "request": PageRequest, "reason": PageReason, "attempts": PageAttempts, "at": PageAt,
	"course": PageCourse, "nocourse": PageNoCourse, "numbers": PageShowTable, "where": PageWhere, "whereUnit": PageWhereUnit,
	"failing": PageFailing, "failshare": PageFailShare, "before": PageBeforeHead, "measure": PageMeasure, "runs": PageRuns,
	"runsCaption": PageRunsCaption, "run": PageRunHead, "started": PageStarted, "took": PageTook, "ended": PageHowEnded,
	"calls": PageCalls, "throttled": PageThrottled, "morecodes": PageMoreCodes,
}

func (p *Page) view() *pageView {
	v := &pageView{Page: p, HTMLLang: "en"}
	if p.Lang == ZH {
		v.HTMLLang = "zh-CN"
	}
	s := p.Summary
	v.Title = PageTitle.In(p.Lang, s.Results)
	v.Headline = p.headline()
	v.Tone, v.Mark = p.tone()
	v.Said = p.said()
	v.Notes = append(p.notes(), p.counted()...)
	v.States, v.Facts = p.states(), p.facts()
	v.CodesTitle, v.Codes = p.codes()
	v.MoreCodes = len(p.Failures) - len(v.Codes)
	axis := newAxis(p.Runs)
	v.Charts = p.charts(&axis)
	v.CourseNotes = p.courseNotes(&axis)
	v.Places = p.places()
	p.compareView(v)
	v.RunRows = p.runRows()
	v.Footer = PageMade.In(p.Lang, p.Version, p.Made.In(Beijing).Format(time.DateTime), s.Results, s.Journal)
	if s.Simulated {
		v.RehearsalNote = PageRehearsed.In(p.Lang)
	}
	return v
}

// headline is the batch in one sentence.
func (p *Page) headline() string {
	rows, bound := p.Summary.Rows, p.Summary.Count(Bound)
	switch {
	case rows == 0:
		return PageNone.In(p.Lang)
	case p.Summary.Command == commandUnbind:
		return PageReleased.In(p.Lang, grouped(p.Summary.Count(Released)), grouped(rows))
	case bound == rows && rows == 1:
		return PageOneBound.In(p.Lang)
	case bound == rows:
		return PageAllBound.In(p.Lang, grouped(rows))
	case bound == 0 && rows == 1:
		return PageOneNot.In(p.Lang)
	case bound == 0:
		return PageNoneBound.In(p.Lang, grouped(rows))
	}
	return PageSomeBound.In(p.Lang, grouped(bound), grouped(rows))
}

func (p *Page) tone() (class, mark string) {
	switch {
	case p.State == PageRunning:
		return "going", "…"
	case p.State == PageKilled, p.Summary.ExitStatus == 1, p.Summary.ExitStatus == 7, p.Summary.ExitStatus == 8:
		return "bad", "✕"
	case p.Summary.ExitStatus == 0:
		return "good", "✓"
	}
	return "attention", "!"
}

// said is how the last run ended.
func (p *Page) said() string {
	switch p.State {
	case PageRunning:
		return PageSayRunning.In(p.Lang)
	case PageKilled:
		return PageSayKilled.In(p.Lang)
	}
	return PageStatus.In(p.Lang, p.Summary.ExitStatus, p.Words)
}

func (p *Page) notes() []string {
	var list []string
	s := p.Summary
	if p.Stop != "" && p.State == PageEnded {
		why := p.Stop
		if s.StopCode != "" {
			why += SumCode.In(p.Lang, s.StopCode)
		}
		list = append(list, PageStopped.In(p.Lang, why))
	}
	switch p.Source {
	case FromEdited:
		list = append(list, PageFromEdited.In(p.Lang))
	case FromEnd:
		list = append(list, PageFromEnd.In(p.Lang))
	case FromJournal:
		list = append(list, PageFromJournal.In(p.Lang))
	}
	return list
}

// counted are notes on the counts, which a summary on a terminal has itself.
func (p *Page) counted() []string {
	var list []string
	s := p.Summary
	if !s.Balanced() {
		sum := 0
		for _, n := range s.Counts {
			sum += n
		}
		list = append(list, PageUnbalanced.In(p.Lang, grouped(sum), grouped(s.Rows)))
	}
	if s.Gone > 0 {
		list = append(list, SumGone.In(p.Lang, s.Gone))
	}
	if s.GoneUnknown > 0 {
		list = append(list, SumGoneUnknown.In(p.Lang, s.GoneUnknown))
	}
	if s.Already > 0 {
		list = append(list, SumAlready.In(p.Lang, s.Already))
	}
	if s.Warnings > 0 {
		list = append(list, SumWarnings.In(p.Lang, s.Warnings))
	}
	return list
}

func (p *Page) states() []pageState {
	means := map[Status]Phrase{Bound: PageMeansBound, Failed: PageMeansFailed, Invalid: PageMeansInvalid, Held: PageMeansHeld, Unknown: PageMeansUnknown, Pending: PageMeansPending, Released: PageMeansReleased}
	var list []pageState
	x := 0.0
	for _, status := range p.Summary.Shown() {
		n, rows := p.Summary.Count(status), max(p.Summary.Rows, 1)
		w := 100 * float64(n) / float64(rows)
		list = append(list, pageState{
			Name: status.String(), Class: class(status), Sign: signs[status], Rows: grouped(n), Share: share(n, rows),
			Meaning: means[status].In(p.Lang), X: percentOf(x), W: percentOf(w), Some: n > 0,
		})
		x += w
	}
	return list
}

func (p *Page) facts() []fact {
	s := p.Summary
	var list []fact
	put := func(name Phrase, value string) { list = append(list, fact{Name: name.In(p.Lang), Value: value}) }
	rate := func(x float64) string { return PagePerSecond.In(p.Lang, rounded(x)) }
	put(PageInput, s.Input)
	put(PageStarted, s.Started.In(Beijing).Format(time.DateTime))
	put(PageTook, short(s.Finished.Sub(s.Started)))
	put(PageCalls, grouped(s.Made()))
	if p.State == PageEnded {
		put(PageRetries, grouped(s.Retries))
	}
	put(PageThrottled, grouped(s.Throttled))
	if s.Made() > 0 {
		put(PageAverage, rate(s.AverageRate))
		if s.PeakRate > 0 {
			put(PagePeak, rate(float64(s.PeakRate)))
		}
	}
	if s.Limit > 0 {
		put(PageLimit, rate(s.Limit))
	}
	if s.LatencyMs.Max > 0 {
		put(PageLatency, SumLatency.In(p.Lang, millis(s.LatencyMs.P50), millis(s.LatencyMs.P95), millis(s.LatencyMs.P99), millis(s.LatencyMs.Max)))
		list[len(list)-1].Wide = true
	}
	if s.User != "" {
		put(PageBy, s.User)
	}
	return list
}

func (p *Page) courseNotes(a *axis) []string {
	var list []string
	if len(a.parts) > 1 {
		list = append(list, PageCourseRuns.In(p.Lang, grouped(len(a.parts))))
	}
	if slices.ContainsFunc(p.Runs, func(r PageRun) bool { return r.PointsBefore }) {
		list = append(list, PageCourseOld.In(p.Lang, grouped(len(a.parts))))
	}
	if len(p.Runs) > 0 && p.Runs[0].Start.Before(p.Compacted) {
		list = append(list, PageCompacted.In(p.Lang, p.Compacted.In(Beijing).Format(time.DateOnly)))
	}
	flight := false
	a.each(func(_ *part, q *PagePoint, _ bool) { flight = flight || q.InFlight >= 0 })
	if len(a.parts) > 0 && !flight {
		list = append(list, PageNoFlight.In(p.Lang))
	}
	return list
}

func (p *Page) runRows() [][]string {
	var rows [][]string
	for i, r := range p.Runs {
		words := strconv.Itoa(r.Status) + " · " + r.Words
		switch r.State {
		case PageKilled:
			words = PageRunKilled.In(p.Lang)
		case PageRunning:
			words = PageRunOn.In(p.Lang)
		}
		rows = append(rows, []string{
			strconv.Itoa(i + 1), r.Start.In(Beijing).Format(time.DateTime), short(max(r.End.Sub(r.Start), 0)), words, grouped(r.Calls), grouped(r.Throttled),
			grouped(r.Settled[Bound]), grouped(r.Settled[Failed]), grouped(r.Settled[Unknown]),
		})
	}
	return rows
}
