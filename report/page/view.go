package page

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"axgbind/report"
)

// nextLine is a line of what to do now.
type nextLine struct {
	Text    string
	Command []string // its words, if it is to be typed
}

// stretch is the part of all rows that are in a state.
type stretch struct{ Class, X, W string }

func (p *Page) functions() template.FuncMap {
	return template.FuncMap{
		"say": func(name string, args ...any) (string, error) {
			phrase, ok := pageWords[name]
			if !ok {
				return "", &template.Error{Description: "no phrase is called " + name}
			}
			return phrase.In(p.Lang, args...), nil
		},
		"breaks":      breaks,
		"plotHeight":  func() int { return plotHeight },
		"chartHeight": func() int { return chartHeight },
	}
}

// pageWords are the phrases that the form asks for by name.
var pageWords = map[string]report.Text{
	"brand": report.PageBrand, "rehearsal": report.PageRehearsal, "rehearsed": report.PageRehearsed,
	"attention": report.PageAttention, "nothing": report.PageNothing, "numbers": report.PageShowTable, "where": report.PageWhere,
	"whereUnit": report.PageWhereUnit, "runs": report.PageRuns, "next": report.PageNext,
}

// view is a Page as its form wants it: sentences, positions, tables.
func (p *Page) view() map[string]any {
	s := p.Summary
	v := map[string]any{
		"HTMLLang": "en", "Version": p.Version, "Simulated": s.Simulated, "Results": s.Results, "Headline": p.headline(),
		"Notes": p.notes(true), "NewCodes": p.newCodes(), "Places": p.places(), "Chart": p.chart(),
		"Footer": report.PageMade.In(p.Lang, p.Version, p.Made.In(report.Beijing).Format(time.DateTime), s.Results, s.Journal),
	}
	if p.Lang == report.ZH {
		v["HTMLLang"] = "zh-CN"
	}
	v["Next"], v["Typed"] = p.next()
	v["Said"], v["Tone"], v["Mark"] = p.said()
	v["Bar"], v["States"] = p.states()
	v["Attention"], v["Codes"] = p.attention()
	v["RunNotes"], v["Runs"] = p.runs()
	return v
}

// next are the lines of what to do now, and whether one is a command.
func (p *Page) next() (list []nextLine, typed bool) {
	for _, line := range p.Next.Lines(p.Lang) {
		next := nextLine{Text: report.Plain(line)}
		if command, ok := strings.CutPrefix(next.Text, "  "); ok {
			next.Command, typed = strings.Split(command, " "), true
		}
		list = append(list, next)
	}
	return list, typed
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
	}
	return report.PageSomeBound.In(p.Lang, grouped(bound), grouped(rows))
}

// said is how the last run ended, with a tone and a mark that says the same without colour.
func (p *Page) said() (words, tone, mark string) {
	words = report.PageStatus.In(p.Lang, p.Summary.ExitStatus, p.Words)
	switch status := p.Summary.ExitStatus; {
	case p.State == Running:
		return report.PageSayRunning.In(p.Lang), "going", "…"
	case p.State == Killed:
		return report.PageSayKilled.In(p.Lang), "bad", "✕"
	case status == 1 || status == 7 || status == 8:
		return words, "bad", "✕"
	case status == 0:
		return words, "good", "✓"
	}
	return words, "attention", "!"
}

// notes are what else is to be known of the last run and of the counts. A summary on a
// terminal has those of the counts itself.
func (p *Page) notes(counts bool) (list []string) {
	note := func(told bool, text report.Text, args ...any) {
		if told {
			list = append(list, text.In(p.Lang, args...))
		}
	}
	s := p.Summary
	why := p.Stop
	if s.StopCode != "" {
		why += report.SumCode.In(p.Lang, s.StopCode)
	}
	note(p.Stop != "" && p.State == Ended, report.PageStopped, why)
	note(s.StopCause != "" && p.State == Ended, report.SumCause, report.Whole(s.StopCause))
	note(p.Source == FromEdited, report.PageFromEdited)
	note(p.Source == FromEnd, report.PageFromEnd)
	note(p.Source == FromJournal, report.PageFromJournal)
	if !counts {
		return list
	}
	sum := 0
	for _, n := range s.Counts {
		sum += n
	}
	note(!s.Balanced(), report.SumUnbalanced, sum, s.Rows)
	note(s.Gone > 0, report.SumGone, s.Gone)
	note(s.GoneUnknown > 0, report.SumGoneUnknown, s.GoneUnknown)
	note(s.Already > 0, report.SumAlready, s.Already)
	note(s.Ended > 0, report.SumEnded, s.Ended)
	note(s.Warnings > 0, report.SumWarnings, s.Warnings)
	return list
}

// states are the states that any row is in, as parts of one bar and as a table.
func (p *Page) states() (bar []stretch, t *table) {
	var shown []report.Status
	x, rows := 0.0, max(p.Summary.Rows, 1)
	for _, status := range report.Statuses {
		if n := p.Summary.Count(status); n > 0 {
			w := 100 * float64(n) / float64(rows)
			bar, shown = append(bar, stretch{class(status), percentOf(x), percentOf(w)}), append(shown, status)
			x += w
		}
	}
	if len(shown) == 0 {
		return nil, nil
	}
	t, column := newTable("states", "stack", "", shown)
	column(report.PageStateHead.In(p.Lang), "", p.state)
	column(report.PageRowsHead.In(p.Lang), "n", func(s report.Status) cell { return count(p.Summary.Count(s)) })
	column(report.PageShare.In(p.Lang), "n", func(s report.Status) cell { return text(report.Share(p.Summary.Count(s), rows)) })
	column(report.PageMeaning.In(p.Lang), "text", func(s report.Status) cell { return text(s.Meaning().In(p.Lang)) })
	return bar, t
}

// newCodes says which codes the batch before did not have; blank if there is nothing to say.
func (p *Page) newCodes() string {
	if p.Before == nil || len(p.Failures) == 0 {
		return ""
	}
	var list []string
	for _, f := range p.Failures {
		if f.Code != "" && !slices.Contains(p.Before.Codes, f.Code) && !slices.Contains(list, f.Code) {
			list = append(list, f.Code)
		}
	}
	day := p.Before.Start.In(report.Beijing).Format(time.DateOnly)
	if len(list) == 0 {
		return report.PageNoNewCodes.In(p.Lang, p.Before.Results, day)
	}
	return report.PageNewCodes.In(p.Lang, strings.Join(list, report.PageListAnd.In(p.Lang)), p.Before.Results, day)
}

// runs are a table of the runs, and what it lacks. It says what each did; where the rows
// stand now is said of the batch alone.
func (p *Page) runs() (notes []string, t *table) {
	if p.Earlier > 0 {
		notes = append(notes, report.PageEarlier.In(p.Lang, grouped(p.Earlier)))
	}
	if len(p.Runs) > 0 && p.Runs[0].Start.Before(p.Compacted) {
		notes = append(notes, report.PageCompacted.In(p.Lang, p.Compacted.In(report.Beijing).Format(time.DateOnly)))
	}
	if len(p.Runs) == 0 {
		return notes, nil
	}
	t, column := newTable("runs", "stack", "", p.Runs)
	column(report.PageStarted.In(p.Lang), "", func(r Run) cell { return text(r.Start.In(report.Beijing).Format(time.DateTime)) })
	column(report.PageHowEnded.In(p.Lang), "text", func(r Run) cell {
		switch r.State {
		case Killed:
			return text(report.PageRunKilled.In(p.Lang))
		case Running:
			return text(report.PageRunOn.In(p.Lang))
		}
		return text(strconv.Itoa(r.Status) + " · " + r.Words)
	})
	column(report.PageTook.In(p.Lang), "n", func(r Run) cell { return text(report.Short(max(r.End.Sub(r.Start), 0), p.Lang)) })
	column(report.PageCalls.In(p.Lang), "n", func(r Run) cell { return count(r.Calls) })
	column(report.PageThrottled.In(p.Lang), "n", func(r Run) cell { return count(r.Throttled) })
	for _, s := range []report.Status{report.Bound, report.Released} {
		column(report.PageInIt.In(p.Lang, s.Label(p.Lang)), "n", func(r Run) cell { return count(max(r.Settled[s]-r.Before[s], 0)) })
	}
	column(report.PageLimit.In(p.Lang), "n", func(r Run) cell { return known(r.Limit) })
	column(report.PagePeak.In(p.Lang), "n", func(r Run) cell {
		if r.End.Sub(r.Start) < shortest {
			return cell{}
		}
		return known(float64(r.Peak))
	})
	column("p99 ms", "n", func(r Run) cell { return known(r.P99) })
	return notes, t
}
