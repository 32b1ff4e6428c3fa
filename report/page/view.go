package page

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"axgbind/report"
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
var signs = map[report.Status]string{report.Bound: "●", report.Failed: "✕", report.Invalid: "◇", report.Held: "‖", report.Unknown: "?", report.Pending: "○", report.Released: "◌"}

func class(status report.Status) string { return strings.ToLower(status.String()) }

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
var pageWords = map[string]report.Text{
	"brand": report.PageBrand, "rehearsal": report.PageRehearsal, "states": report.PageStates, "state": report.PageStateHead, "rows": report.PageRowsHead,
	"share": report.PageShare, "meaning": report.PageMeaning, "facts": report.PageFacts, "attention": report.PageAttention, "nothing": report.PageNothing,
	"codesUnit": report.PageCodesUnit, "code": report.PageCode, "who": report.PageWho, "cause": report.PageCause, "cure": report.PageCure, "line": report.PageLine,
	"group": report.PageGroup, "a": report.PageA, "request": report.PageRequest, "reason": report.PageReason, "attempts": report.PageAttempts, "at": report.PageAt,
	"course": report.PageCourse, "nocourse": report.PageNoCourse, "numbers": report.PageShowTable, "where": report.PageWhere, "whereUnit": report.PageWhereUnit,
	"failing": report.PageFailing, "failshare": report.PageFailShare, "before": report.PageBeforeHead, "measure": report.PageMeasure, "runs": report.PageRuns,
	"runsCaption": report.PageRunsCaption, "run": report.PageRunHead, "started": report.PageStarted, "took": report.PageTook, "ended": report.PageHowEnded,
	"calls": report.PageCalls, "throttled": report.PageThrottled, "morecodes": report.PageMoreCodes,
}

func (p *Page) view() *pageView {
	v := &pageView{Page: p, HTMLLang: "en"}
	if p.Lang == report.ZH {
		v.HTMLLang = "zh-CN"
	}
	s := p.Summary
	v.Title = report.PageTitle.In(p.Lang, s.Results)
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
	v.Footer = report.PageMade.In(p.Lang, p.Version, p.Made.In(report.Beijing).Format(time.DateTime), s.Results, s.Journal)
	if s.Simulated {
		v.RehearsalNote = report.PageRehearsed.In(p.Lang)
	}
	return v
}

// headline is the batch in one sentence.
func (p *Page) headline() string {
	rows, bound := p.Summary.Rows, p.Summary.Count(report.Bound)
	switch {
	case rows == 0:
		return report.PageNone.In(p.Lang)
	case p.Summary.Command == report.CommandUnbind:
		return report.PageReleased.In(p.Lang, grouped(p.Summary.Count(report.Released)), grouped(rows))
	case bound == rows && rows == 1:
		return report.PageOneBound.In(p.Lang)
	case bound == rows:
		return report.PageAllBound.In(p.Lang, grouped(rows))
	case bound == 0 && rows == 1:
		return report.PageOneNot.In(p.Lang)
	case bound == 0:
		return report.PageNoneBound.In(p.Lang, grouped(rows))
	}
	return report.PageSomeBound.In(p.Lang, grouped(bound), grouped(rows))
}

func (p *Page) tone() (class, mark string) {
	switch {
	case p.State == Running:
		return "going", "…"
	case p.State == Killed, p.Summary.ExitStatus == 1, p.Summary.ExitStatus == 7, p.Summary.ExitStatus == 8:
		return "bad", "✕"
	case p.Summary.ExitStatus == 0:
		return "good", "✓"
	}
	return "attention", "!"
}

// said is how the last run ended.
func (p *Page) said() string {
	switch p.State {
	case Running:
		return report.PageSayRunning.In(p.Lang)
	case Killed:
		return report.PageSayKilled.In(p.Lang)
	}
	return report.PageStatus.In(p.Lang, p.Summary.ExitStatus, p.Words)
}

func (p *Page) notes() []string {
	var list []string
	s := p.Summary
	if p.Stop != "" && p.State == Ended {
		why := p.Stop
		if s.StopCode != "" {
			why += report.SumCode.In(p.Lang, s.StopCode)
		}
		list = append(list, report.PageStopped.In(p.Lang, why))
	}
	if s.StopCause != "" && p.State == Ended {
		list = append(list, report.SumCause.In(p.Lang, report.Whole(s.StopCause)))
	}
	switch p.Source {
	case FromEdited:
		list = append(list, report.PageFromEdited.In(p.Lang))
	case FromEnd:
		list = append(list, report.PageFromEnd.In(p.Lang))
	case FromJournal:
		list = append(list, report.PageFromJournal.In(p.Lang))
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
		list = append(list, report.PageUnbalanced.In(p.Lang, grouped(sum), grouped(s.Rows)))
	}
	if s.Gone > 0 {
		list = append(list, report.SumGone.In(p.Lang, s.Gone))
	}
	if s.GoneUnknown > 0 {
		list = append(list, report.SumGoneUnknown.In(p.Lang, s.GoneUnknown))
	}
	if s.Already > 0 {
		list = append(list, report.SumAlready.In(p.Lang, s.Already))
	}
	if s.Warnings > 0 {
		list = append(list, report.SumWarnings.In(p.Lang, s.Warnings))
	}
	return list
}

func (p *Page) states() []pageState {
	means := map[report.Status]report.Text{report.Bound: report.PageMeansBound, report.Failed: report.PageMeansFailed, report.Invalid: report.PageMeansInvalid, report.Held: report.PageMeansHeld, report.Unknown: report.PageMeansUnknown, report.Pending: report.PageMeansPending, report.Released: report.PageMeansReleased}
	var list []pageState
	x := 0.0
	for _, status := range p.Summary.Shown() {
		n, rows := p.Summary.Count(status), max(p.Summary.Rows, 1)
		w := 100 * float64(n) / float64(rows)
		list = append(list, pageState{
			Name: status.String(), Class: class(status), Sign: signs[status], Rows: grouped(n), Share: report.Share(n, rows),
			Meaning: means[status].In(p.Lang), X: percentOf(x), W: percentOf(w), Some: n > 0,
		})
		x += w
	}
	return list
}

func (p *Page) facts() []fact {
	s := p.Summary
	var list []fact
	put := func(name report.Text, value string) { list = append(list, fact{Name: name.In(p.Lang), Value: value}) }
	rate := func(x float64) string { return report.PagePerSecond.In(p.Lang, rounded(x)) }
	put(report.PageInput, s.Input)
	put(report.PageStarted, s.Started.In(report.Beijing).Format(time.DateTime))
	put(report.PageTook, report.Short(s.Finished.Sub(s.Started), p.Lang))
	put(report.PageCalls, grouped(s.Made()))
	if p.State == Ended {
		put(report.PageRetries, grouped(s.Retries))
	}
	put(report.PageThrottled, grouped(s.Throttled))
	if s.Made() > 0 {
		put(report.PageAverage, rate(s.AverageRate))
		if s.PeakRate > 0 {
			put(report.PagePeak, rate(float64(s.PeakRate)))
		}
	}
	if s.Limit > 0 {
		put(report.PageLimit, rate(s.Limit))
	}
	if s.LatencyMs.Max > 0 {
		put(report.PageLatency, report.SumLatency.In(p.Lang, report.Millis(s.LatencyMs.P50, p.Lang), report.Millis(s.LatencyMs.P95, p.Lang), report.Millis(s.LatencyMs.P99, p.Lang), report.Millis(s.LatencyMs.Max, p.Lang)))
		list[len(list)-1].Wide = true
	}
	if s.User != "" {
		put(report.PageBy, s.User)
	}
	return list
}

func (p *Page) courseNotes(a *axis) []string {
	var list []string
	if len(a.parts) > 1 {
		list = append(list, report.PageCourseRuns.In(p.Lang, grouped(len(a.parts))))
	}
	if slices.ContainsFunc(p.Runs, func(r Run) bool { return r.PointsBefore }) {
		list = append(list, report.PageCourseOld.In(p.Lang, grouped(len(a.parts))))
	}
	if len(p.Runs) > 0 && p.Runs[0].Start.Before(p.Compacted) {
		list = append(list, report.PageCompacted.In(p.Lang, p.Compacted.In(report.Beijing).Format(time.DateOnly)))
	}
	flight := false
	a.each(func(_ *part, q *Point, _ bool) { flight = flight || q.InFlight >= 0 })
	if len(a.parts) > 0 && !flight {
		list = append(list, report.PageNoFlight.In(p.Lang))
	}
	return list
}

func (p *Page) runRows() [][]string {
	var rows [][]string
	for i, r := range p.Runs {
		words := strconv.Itoa(r.Status) + " · " + r.Words
		switch r.State {
		case Killed:
			words = report.PageRunKilled.In(p.Lang)
		case Running:
			words = report.PageRunOn.In(p.Lang)
		}
		rows = append(rows, []string{
			strconv.Itoa(i + 1), r.Start.In(report.Beijing).Format(time.DateTime), report.Short(max(r.End.Sub(r.Start), 0), p.Lang), words, grouped(r.Calls), grouped(r.Throttled),
			grouped(r.Settled[report.Bound]), grouped(r.Settled[report.Failed]), grouped(r.Settled[report.Unknown]),
		})
	}
	return rows
}
