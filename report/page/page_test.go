package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"html"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"axgbind/report"
	"axgbind/report/page"

	"github.com/google/go-cmp/cmp"
)

var night = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC) // 23:00 in Beijing

// runOf is one run of so many points.
func runOf(start time.Time, points, rate int, span time.Duration, throttled int, before page.Tally) page.Run {
	r := page.Run{Start: start, State: page.Ended, Words: "every row is bound", Before: before, Settled: before, Limit: float64(rate), Peak: rate, P99: 120}
	for i := range points {
		calls := rate * int(span/time.Second)
		r.Points = append(r.Points, page.Point{
			At: start.Add(time.Duration(i) * span), Span: span, Limit: float64(rate - 10*(i%3)), Calls: page.Tally{report.Bound: calls - throttled, report.Pending: throttled},
		})
		r.Calls, r.Throttled = r.Calls+int64(calls), r.Throttled+int64(throttled)
		r.Settled[report.Bound] += calls - throttled
	}
	r.End = start.Add(time.Duration(points) * span)
	return r
}

// pageOf is a page about rows that stand so.
func pageOf(lang report.Lang, counts map[report.Status]int) *page.Page {
	s := report.NewSummary()
	s.Command, s.Program = "bind", "axgbind test"
	s.Started, s.Finished = night, night.Add(time.Minute)
	line := 2
	for _, status := range report.Statuses {
		for range counts[status] {
			code := map[report.Status]string{report.Bound: "OK", report.Failed: "isv.NO_NOT_EXIST", report.Invalid: "client.Duplicate", report.Held: "client.StillBound", report.Unknown: "client.Timeout"}[status]
			s.Rows++
			s.Add(&report.Record{Line: line, Status: status, Code: code}, meaning)
			line++
		}
	}
	s.Sort()
	s.Input, s.Results, s.Journal = "in.csv", "in.results.csv", "in.results.csv.journal"
	p := &page.Page{Lang: lang, Summary: s, Words: "every row is bound", Made: night.Add(time.Hour), Version: "test"}
	for _, f := range s.Failures {
		p.Failures = append(p.Failures, page.Failure{Failure: f, Cause: "a cause", Cure: "a cure",
			Rows: []page.Row{{Line: f.Lines[0], A: "138****0000", Group: "1", RequestID: "R-1", Attempts: 1, Finished: night}}})
	}
	return p
}

func written(t testing.TB, p *page.Page) string {
	t.Helper()
	b := &strings.Builder{}
	if err := p.WriteHTML(b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pages are batches of every kind.
func pages() map[string]func(report.Lang) *page.Page {
	return map[string]func(report.Lang) *page.Page{
		"no row": func(l report.Lang) *page.Page { return pageOf(l, nil) },
		"no row sent": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Invalid: 3})
			p.Runs = []page.Run{{Start: night, End: night, State: page.Ended, Status: 3}}
			return p
		},
		"one row": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 1})
			p.Runs = []page.Run{runOf(night, 1, 1, time.Second, 0, page.Tally{})}
			return p
		},
		"all failed": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Failed: 40})
			r := runOf(night, 2, 20, time.Second, 0, page.Tally{})
			r.Points[0].Calls, r.Points[1].Calls = page.Tally{report.Failed: 20}, page.Tally{report.Failed: 20}
			p.Runs = []page.Run{r}
			p.Summary.ExitStatus = 8
			return p
		},
		"held back": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 8, report.Held: 4})
			p.Summary.ExitStatus, p.Summary.Already, p.Summary.GoneUnknown = 3, 3, 2
			p.Runs = []page.Run{runOf(night, 1, 8, time.Second, 0, page.Tally{})}
			var in page.Tally
			in[report.Bound], in[report.Held] = 8, 4
			p.Groups = page.Places{Top: []page.Place{{Name: "2000000000001", Counts: in}}}
			return p
		},
		"killed and resumed": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 600, report.Unknown: 5})
			var before page.Tally
			for i := range 6 {
				r := runOf(night.Add(time.Duration(i)*7*time.Hour), 10, 10, time.Second, 0, before)
				if i < 5 {
					r.State, r.Limit, r.Peak, r.P99 = page.Killed, 0, 0, 0
					r.Settled[report.Unknown]++
				}
				before = r.Settled
				p.Runs = append(p.Runs, r)
			}
			return p
		},
		"throttled, no answer for a while": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 100, report.Pending: 7})
			r := runOf(night, 20, 10, time.Second, 5, page.Tally{})
			r.Points[7].Calls, r.Points[8].Limit = page.Tally{}, 0
			p.Runs = []page.Run{r}
			return p
		},
		"running": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 3, report.Pending: 9})
			p.State, p.Source = page.Running, page.FromJournal
			p.Runs = []page.Run{runOf(night, 3, 1, time.Second, 0, page.Tally{})}
			p.Runs[0].State = page.Running
			return p
		},
		"against the last night": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 2, report.Failed: 2})
			p.Before = &page.Before{Results: "n1.csv", Start: night.AddDate(0, 0, -1), Codes: []string{"isv.OLD"}}
			p.Pools = page.Places{Top: []page.Place{{Name: "FC1", Counts: page.Tally{report.Failed: 2, report.Bound: 2}}}}
			p.Cities = page.Places{Top: []page.Place{{Counts: page.Tally{report.Failed: 2, report.Bound: 2}}}, More: 1}
			return p
		},
	}
}

var (
	rowOf  = regexp.MustCompile(`</span> (?:\p{Han}+ )?([A-Z]+)</th><td class="n" data-head="[^"]+">([0-9,]+)</td>`)
	pathOf = regexp.MustCompile(` d="([^"]*)"`)
	number = regexp.MustCompile(`-?[0-9.]+`)
	tags   = regexp.MustCompile(`<(/?)([a-z0-9]+)[^>]*?(/?)>`)
	ids    = regexp.MustCompile(` id="([^"]+)"`)
	refs   = regexp.MustCompile(`(?:aria-labelledby="([^"]+)"|href="#([^"]+)"|url\(#([^)]+)\))`)
)

// TestPages looks at pages of every kind: the counts are the summary's, every
// tag is closed, every name refers to something, and no chart leaves its place.
func TestPages(t *testing.T) {
	for name, make := range pages() {
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			p := make(lang)
			text := written(t, p)
			for _, bad := range []string{"NaN", "Inf", "%!", "ZgotmplZ", "<no value>", "0001-01-01", " style="} {
				if strings.Contains(text, bad) {
					t.Errorf("%s: %q is on the page", name, bad)
				}
			}
			found := 0
			for _, m := range rowOf.FindAllStringSubmatch(text, -1) {
				found++
				status, _ := report.ParseStatus(m[1])
				if n, _ := strconv.Atoi(strings.ReplaceAll(m[2], ",", "")); n != p.Summary.Count(status) {
					t.Errorf("%s: %s %d, the summary says %d", name, m[1], n, p.Summary.Count(status))
				}
			}
			if some := slices.DeleteFunc(slices.Clone(report.Statuses[:]), func(s report.Status) bool { return p.Summary.Count(s) == 0 }); found != len(some) {
				t.Errorf("%s: %d states are counted, rows are in %v", name, found, some)
			}
			closed(t, name, text)
			known := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(text, -1) {
				if known[m[1]] {
					t.Errorf("%s: two things are called %s", name, m[1])
				}
				known[m[1]] = true
			}
			for _, m := range refs.FindAllStringSubmatch(text, -1) {
				for _, id := range strings.Fields(m[1] + " " + m[2] + " " + m[3]) {
					if !known[id] {
						t.Errorf("%s: nothing is called %s", name, id)
					}
				}
			}
			for _, m := range pathOf.FindAllStringSubmatch(text, -1) {
				for _, n := range number.FindAllString(m[1], -1) {
					if x, err := strconv.ParseFloat(n, 64); err != nil || x < 0 || x > 1000 {
						t.Fatalf("%s: %s is outside of its chart, in %.80s", name, n, m[1])
					}
				}
			}
		}
	}
}

// closed fails unless the tags of a page nest.
func closed(t *testing.T, name, text string) {
	t.Helper()
	var open []string
	for _, m := range tags.FindAllStringSubmatch(text, -1) {
		switch tag := m[2]; {
		case m[3] == "/" || tag == "meta" || tag == "wbr":
		case m[1] == "":
			open = append(open, tag)
		case len(open) == 0 || open[len(open)-1] != tag:
			t.Fatalf("%s: </%s> closes %v", name, tag, open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: never closed: %v", name, open)
	}
}

// TestPageIsAlone: the page asks for nothing, its policy allows nothing, and
// its one style is the one that the policy names.
func TestPageIsAlone(t *testing.T) {
	for name, make := range pages() {
		text := written(t, make(report.EN))
		_, rest, _ := strings.Cut(text, "<style>")
		style, _, _ := strings.Cut(rest, "</style>")
		sum := sha256.Sum256([]byte(style))
		policy := "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if !strings.Contains(html.UnescapeString(text), `content="`+policy+`"`) {
			t.Errorf("%s: the policy does not name the style", name)
		}
		for _, bad := range []string{"<script", "<link", "<img", "<iframe", "src=", "://", "@import", "javascript:"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q is on the page", name, bad)
			}
		}
		if n, local := strings.Count(text, "url("), strings.Count(text, "url(#"); n != local {
			t.Errorf("%s: %d addresses, %d of them within the page", name, n, local)
		}
		if !strings.Contains(text[:1200], page.Mark) {
			t.Errorf("%s: the mark of a page is not near its beginning", name)
		}
	}
}

// TestPageOfHostileWords puts markup wherever words of others stand.
func TestPageOfHostileWords(t *testing.T) {
	evil := []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'><svg/onload=alert(1)>`, `</style><script>1</script>`, `javascript:alert(1)`, "\x00\u202e", `{{.Page}}`}
	for _, word := range evil {
		p := pageOf(report.EN, map[report.Status]int{report.Failed: 1})
		s := p.Summary
		s.Failures[0].Code, s.Input, s.Results, s.Journal, s.User, s.StopCode = word, word, word, word, word, word
		p.Next = report.Advice{Text: "run: " + word, Commands: []string{word}}
		p.Words, p.Stop, p.Version = word, word, word
		f := &p.Failures[0]
		f.Failure, f.Cause, f.Cure = s.Failures[0], word, word
		f.Rows = []page.Row{{Line: 1, A: word, Group: word, RequestID: word, Reason: word, Attempts: 1}}
		p.Runs = []page.Run{runOf(night, 3, 1, time.Second, 0, page.Tally{})}
		p.Runs[0].Words = word
		place := page.Places{Top: []page.Place{{Name: word, Counts: page.Tally{report.Failed: 1}}}}
		p.Pools, p.Groups, p.Cities = place, place, place
		p.Before = &page.Before{Results: word}
		text := written(t, p)
		closed(t, word, text)
		for _, bad := range []string{"<script", "<img", "<svg/", "onerror=alert(1)>", "</style><"} {
			if strings.Contains(text, bad) {
				t.Errorf("%q came through as %q", word, bad)
			}
		}
		if n := strings.Count(text, html.EscapeString(word)); n == 0 && !strings.ContainsAny(word, "\x00'\"") {
			t.Errorf("%q is not shown at all", word)
		}
	}
}

// TestPageMasks: a number that stands where none is looked for is masked all the same.
func TestPageMasks(t *testing.T) {
	const number = "13800138000"
	p := pageOf(report.ZH, map[report.Status]int{report.Failed: 1})
	s := p.Summary
	s.Results, s.Journal = number+".results.csv", number+".journal"
	p.Words, p.Stop = number, number
	f := &p.Failures[0]
	f.Code, f.Meaning, f.Cause, f.Cure, f.Who = number, number, number, number, number
	f.Rows = []page.Row{{Line: 2, A: "138****8000", Group: number, Reason: number, RequestID: number}}
	p.Pools.Top = []page.Place{{Name: number, Counts: page.Tally{report.Failed: 1}}}
	p.Before = &page.Before{Results: number}
	p.Runs = []page.Run{{Start: night, End: night, Words: number}}
	b := &strings.Builder{}
	if err := p.WriteText(b); err != nil {
		t.Fatal(err)
	}
	text := written(t, p)
	if strings.Contains(text+b.String(), number) || strings.Count(text, "138****8000") < 15 {
		t.Errorf("a number is shown:\n%s\n%s", b, text[strings.Index(text, "<body>"):])
	}
	if !strings.Contains(text, `<html lang="zh-CN">`) {
		t.Error("the page does not say that it is in Chinese")
	}
}

// TestPageOfAMillion: however long a batch, its page can be mailed.
func TestPageOfAMillion(t *testing.T) {
	p := pageOf(report.ZH, nil)
	p.Summary.Rows, p.Summary.Counts["BOUND"] = 1_000_000, 1_000_000
	for i := range 24 { // as many points as a page gets, and the most codes and rows
		p.Runs = append(p.Runs, runOf(night.Add(time.Duration(i)*24*time.Hour), 7, 5000, time.Minute, 3, page.Tally{}))
	}
	for i := range 400 {
		f := page.Failure{Failure: report.Failure{Status: "FAILED", Code: fmt.Sprint("isv.CODE_", i), Count: 1000, Meaning: strings.Repeat("说明", 40)},
			Cause: strings.Repeat("原因", 80), Cure: strings.Repeat("办法", 80)}
		for k := range 10 {
			f.Rows = append(f.Rows, page.Row{Line: k, A: "138****0000", Group: "2000000000001", RequestID: strings.Repeat("A", 36), Attempts: 1, Reason: strings.Repeat("情况", 60)})
		}
		p.Failures = append(p.Failures, f)
	}
	text := written(t, p)
	if n := strings.Count(text, "<article"); n != 20 || !strings.Contains(text, "另有 380 个未列出") {
		t.Errorf("%d of 400 codes are told of", n)
	}
	if len(text) > 1<<20 {
		t.Errorf("the page takes %d bytes", len(text))
	}
	t.Logf("%d bytes", len(text))
}

// TestPageLinksRows: from a code to its rows, with line, RequestId and cure.
func TestPageLinksRows(t *testing.T) {
	text := written(t, pageOf(report.EN, map[report.Status]int{report.Failed: 3, report.Bound: 1}))
	for _, want := range []string{
		`<a href="#code-1">isv.<wbr>NO_<wbr>NOT_<wbr>EXIST</a>`, `<article id="code-1">`,
		`<th scope="row" class="n" data-head="Line">3</th><td data-head="A number">138****0000</td><td data-head="Group">1</td><td class="id" data-head="RequestId">R-1</td>`,
		"<dd>a cure</dd>", "1 of 4 rows are bound",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

// TestPageHeld: a page tells of rows that are held back wherever it tells of
// states, in a colour of their own.
func TestPageHeld(t *testing.T) {
	for lang, means := range []string{"the journal has, or may have, a binding in its place", "台账里这个位置已有绑定或可能有绑定，等人决定"} {
		text := written(t, pages()["held back"](report.Lang(lang)))
		rows, share, held := report.PageRowsHead.In(report.Lang(lang)), report.PageShare.In(report.Lang(lang)), report.Held.Label(report.Lang(lang))
		for _, want := range []string{
			`<span class="chip held" aria-hidden="true">‖</span> ` + held + `</th><td class="n" data-head="` + rows + `">4</td><td class="n" data-head="` + share + `">33.3%</td><td class="text"`, means,
			`><span class="chip held" aria-hidden="true">‖</span> ` + held + `</td>`, `<svg class="held"`, ".held {",
			`<th scope="row">2000000000001</th><td class="n" data-head="` + held + `">4</td><td class="n" data-head="` + rows + `">12</td>`,
			report.SumAlready.In(report.Lang(lang), 3), report.SumGoneUnknown.In(report.Lang(lang), 2),
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: the page has no %s", report.Lang(lang), want)
			}
		}
	}
}

// TestPageChart: one chart shows the calls over time by what became of their rows, below
// the limit, with its numbers in a table; of a run of less than two seconds there is none.
func TestPageChart(t *testing.T) {
	one := func(points int, change func(*page.Page)) string {
		p := pageOf(report.EN, map[report.Status]int{report.Bound: 100, report.Pending: 7})
		p.Runs = []page.Run{runOf(night, points, 10, time.Second, 0, page.Tally{})}
		change(p)
		return html.UnescapeString(written(t, p))
	}
	again := func(p *page.Page) {
		p.Runs = append(p.Runs, runOf(night.Add(time.Hour), len(p.Runs[0].Points), 10, time.Second, 0, p.Runs[0].Settled))
	}
	const chart = `<svg class="chart"`
	for _, c := range []struct {
		name   string
		points int
		change func(*page.Page)
		want   []string
		not    []string
	}{
		{"a run", 10, func(*page.Page) {}, []string{
			chart, "● BOUND <b>0 to 10/s</b>", `<path class="bound" d="M0 0H100V1000H0ZM100 0`, `<path class="limit" d="M0 0H100M`,
			`<text x="0%" y="100%" text-anchor="start">11-23 23:00:00</text>`, `<text x="30%" y="100%" text-anchor="start">11-23 23:00:03</text>`,
			`<text x="100%" y="100%" text-anchor="end">11-23 23:00:10</text>`, `<th scope="row">11-23 23:00:09</th>`, ">Fastest second</th>",
		}, []string{`class="pending" d=`, "on one time line", ">Throttled</th>"}},
		{"throttled", 10, func(p *page.Page) { p.Runs[0].Points[3].Calls = page.Tally{report.Bound: 7, report.Pending: 3} }, []string{
			"● BOUND ○ PENDING <b>", `<path class="pending" d="M300 0H400V300H300Z"`, `M300 300H400V1000H300Z`, ">PENDING</th>",
		}, nil},
		{"two runs", 10, again, []string{"2 runs on one time line", `<path class="bound" d="M0 0H49.2V1000H0Z`, `M508 0`}, nil},
		{"under two seconds", 1, func(*page.Page) {}, nil, []string{chart, "Fastest second"}},
		{"two seconds", 2, func(*page.Page) {}, []string{chart, "Fastest second"}, nil},
		{"two short runs", 1, again, []string{"BOUND in it"}, []string{chart, "Fastest second"}},
	} {
		text := one(c.points, c.change)
		text = strings.ReplaceAll(regexp.MustCompile(`<span class="chip [a-z]+" aria-hidden="true">(.)</span>`).ReplaceAllString(text, "$1"), "\n", "")
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the page does not say %q", c.name, want)
			}
		}
		for _, not := range c.not {
			if strings.Contains(text, not) {
				t.Errorf("%s: the page says %q", c.name, not)
			}
		}
	}
}

// TestPageSays: what happened is said in words, whatever it was.
func TestPageSays(t *testing.T) {
	for _, c := range []struct {
		counts map[report.Status]int
		change func(*page.Page)
		want   []string
	}{
		{nil, func(*page.Page) {}, []string{"<h1>No row</h1>", `class="said good"`, "Nothing: no row was refused"}},
		{map[report.Status]int{report.Bound: 1}, func(*page.Page) {}, []string{"<h1>The one row is bound</h1>"}},
		{map[report.Status]int{report.Bound: 3, report.Failed: 1}, func(*page.Page) {}, []string{`<rect class="bound" x="0%" width="75%" height="22"/><rect class="failed" x="75%" width="25%" height="22"/>`}},
		{map[report.Status]int{report.Bound: 1200}, func(*page.Page) {}, []string{"<h1>All 1,200 rows are bound</h1>", ">100.0%</td>"}},
		{map[report.Status]int{report.Failed: 2}, func(p *page.Page) { p.Summary.ExitStatus = 8 }, []string{"<h1>0 of 2 rows are bound</h1>", `class="said bad"`, "Status 8: every row is bound"}},
		{map[report.Status]int{report.Released: 2, report.Failed: 1}, func(p *page.Page) { p.Summary.Command, p.Summary.ExitStatus = report.CommandUnbind, 3 },
			[]string{"<h1>2 of 3 bindings are released</h1>", `class="said attention"`}},
		{map[report.Status]int{report.Bound: 1}, func(p *page.Page) { p.State = page.Killed }, []string{"The last run ended without a word (killed or crashed)", `class="said bad"`}},
		{map[report.Status]int{report.Bound: 1}, func(p *page.Page) { p.State = page.Running }, []string{"The run goes on", `class="said going"`}},
		{map[report.Status]int{report.Pending: 1}, func(p *page.Page) { p.Stop, p.Summary.StopCode, p.Summary.StopCause = "too many", "isv.A", "no route" },
			[]string{"It stopped: too many (isv.A)", report.SumCause.In(report.EN, report.Whole("no route"))}},
		{map[report.Status]int{report.Bound: 1}, func(p *page.Page) { p.Source = page.FromEdited }, []string{"The results file was changed"}},
		{map[report.Status]int{report.Bound: 1}, func(p *page.Page) { p.Source = page.FromEnd }, []string{"The results file is not there"}},
		{map[report.Status]int{report.Bound: 1}, func(p *page.Page) { p.Source = page.FromJournal }, []string{"the counts come from the journal"}},
		{map[report.Status]int{report.Bound: 1}, func(p *page.Page) {
			s := p.Summary
			s.Rows, s.Gone, s.GoneUnknown, s.Already, s.Ended, s.Warnings = 2, 3, 4, 5, 6, 7
		}, []string{
			report.SumUnbalanced.In(report.EN, 1, 2), report.SumGone.In(report.EN, 3), report.SumGoneUnknown.In(report.EN, 4), report.SumAlready.In(report.EN, 5),
			report.SumEnded.In(report.EN, 6), report.SumWarnings.In(report.EN, 7),
		}},
		{map[report.Status]int{report.Failed: 2}, func(p *page.Page) { p.Failures[0].Rows, p.Failures[0].Code = nil, "" }, []string{"Lines 2, 3<", ">–</a>"}},
		{map[report.Status]int{report.Failed: 6}, func(p *page.Page) { p.Failures[0].Rows = nil }, []string{"Lines 2, 3, 4, 5, 6…"}},
		{map[report.Status]int{report.Bound: 1}, func(p *page.Page) {
			p.Compacted, p.Earlier = night.Add(time.Hour), 30
			for i, took := range []time.Duration{10 * time.Second, 80 * time.Second, 3720 * time.Second, 9940 * time.Millisecond} {
				p.Runs = append(p.Runs, page.Run{Start: night, End: night.Add(took), State: page.State(i % 3), Peak: 1000, Limit: 12.5, P99: 0.25})
			}
		}, []string{"30 earlier runs are not shown", "compacted on 2026-11-24", ">10s<", ">1m20s<", ">1h2m0s<", ">10s<", ">1,000<", ">12.5<", ">0.25<", ">goes on<", ">killed or crashed<"}},
		{map[report.Status]int{report.Failed: 1}, func(p *page.Page) {
			p.Before = &page.Before{Results: "n1.csv", Start: night, Codes: []string{"isv.NO_NOT_EXIST"}}
		}, []string{"No code is new since the batch before (n1.csv, 2026-11-23)."}},
	} {
		p := pageOf(report.EN, c.counts)
		c.change(p)
		text := html.UnescapeString(written(t, p))
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%v: the page does not say %q", c.counts, want)
			}
		}
	}
	p := pageOf(report.ZH, map[report.Status]int{report.Bound: 1})
	p.Runs = []page.Run{{Start: night, End: night.Add(26 * time.Second)}, {Start: night, End: night.Add(80 * time.Second)}}
	if text := written(t, p); !strings.Contains(text, ">26 秒<") || !strings.Contains(text, ">1 分 20 秒<") {
		t.Error("in Chinese the runs did not take 26 秒 and 1 分 20 秒")
	}
}

// TestPageNext: under the status stands what to do now, each command on a line of its own,
// broken at its blanks alone. A batch that is done needs nothing.
func TestPageNext(t *testing.T) {
	p := pageOf(report.EN, map[report.Status]int{report.Bound: 1, report.Unknown: 1})
	if text := written(t, p); strings.Contains(text, `class="next"`) {
		t.Error("a page without advice has a place for it")
	}
	p.Next = report.Advise(report.EN, report.NextUnsettled, report.Command("axgbind reconcile b1"), report.Command("axgbind bind 'a b.csv'"))
	text := html.UnescapeString(written(t, p))
	said, rest, _ := strings.Cut(text, `<div class="next">`)
	next, _, _ := strings.Cut(rest, "</div>")
	if !strings.HasSuffix(strings.TrimSpace(said), "every row is bound</p>") {
		t.Errorf("what is next does not stand under the status, but behind %.100q", said[max(len(said)-100, 0):])
	}
	want := `<p>next: find out what became of the UNKNOWN rows:</p><pre><span>axgbind</span> <span>reconcile</span> <span>b1</span> </pre>` +
		`<p>then again:</p><pre><span>axgbind</span> <span>bind</span> <span>'a</span> <span>b.csv'</span> </pre>` +
		`<p class="unit">Relative paths are those of the folder where that run was started.</p>`
	if got := strings.ReplaceAll(next, "\n", ""); got != want {
		t.Errorf("what is next:\n%s\nwant\n%s", got, want)
	}
	b := &strings.Builder{}
	if err := p.WriteText(b); err != nil || !strings.HasSuffix(b.String(), "status 0: every row is bound\nnext: find out what became of the UNKNOWN rows:\n  axgbind reconcile b1\nthen again:\n  axgbind bind 'a b.csv'\n") {
		t.Errorf("%v on a terminal:\n%s", err, b)
	}
}

// tableOn are the heads and the rows of a table of a page, tags left out.
func tableOn(t *testing.T, text, id string) (heads []string, rows [][]string) {
	t.Helper()
	_, rest, ok := strings.Cut(text, `<table id="`+id+`"`)
	if !ok {
		return nil, nil
	}
	inside, _, _ := strings.Cut(rest, "</table>")
	for i, line := range strings.Split(inside, "<tr>")[1:] {
		var cells []string
		for _, m := range cellOf.FindAllStringSubmatch(line, -1) {
			cells = append(cells, html.UnescapeString(anyTag.ReplaceAllString(m[1], "")))
		}
		if i == 0 {
			heads = cells
		} else {
			rows = append(rows, cells)
		}
	}
	return heads, rows
}

var (
	cellOf = regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`)
	anyTag = regexp.MustCompile(`<[^>]*>`)
	barOf  = regexp.MustCompile(`<td class="bar"><svg[^>]*>(?:<rect width="([0-9.]+)%")?`)
)

// TestPageHasNoEmptyColumn: a column without a word is left out, a cell without one shows
// that it has none, and the reason stands second.
func TestPageHasNoEmptyColumn(t *testing.T) {
	p := pageOf(report.EN, map[report.Status]int{report.Failed: 2, report.Bound: 1})
	p.Failures[0].Rows = []page.Row{{Line: 2, A: "4 digits", Group: "1", Finished: night}, {Line: 3, A: "138****0000", Reason: "too short"}} // no call was made
	heads, rows := tableOn(t, written(t, p), "code-1-rows")
	if want := []string{"Line", "Reason", "A number", "Group"}; !slices.Equal(heads, want) {
		t.Errorf("columns %q, want %q", heads, want)
	}
	if want := [][]string{{"2", "–", "4 digits", "1"}, {"3", "too short", "138****0000", "–"}}; !cmp.Equal(rows, want) {
		t.Errorf("rows %q, want %q", rows, want)
	}
	for name, make := range pages() {
		for _, id := range []string{"states", "codes", "code-1-rows", "pool", "group", "city", "numbers", "runs"} {
			heads, rows := tableOn(t, written(t, make(report.ZH)), id)
			for i, head := range heads {
				if head != "" && !slices.ContainsFunc(rows, func(row []string) bool { return row[i] != "" && row[i] != "–" && row[i] != "0" }) {
					t.Errorf("%s: column %s of %s is empty", name, head, id)
				}
			}
		}
	}
	if heads, _ := tableOn(t, written(t, p), "codes"); !slices.Equal(heads, []string{"Code", "Reason", "State", "Rows", ""}) {
		t.Errorf("columns of codes: %q", heads)
	}
}

// TestPageTies: what has as many rows is not told as if one had the most; the bars fall
// in length from row to row.
func TestPageTies(t *testing.T) {
	for _, c := range []struct {
		counts []int
		more   int
		want   string
	}{
		{[]int{3, 2, 2}, 0, "P0 has the most: 3 of 9 rows with a code"},
		{[]int{3, 3, 2}, 0, "P0, P1 have the most: 3 each, of 9 rows with a code"},
		{[]int{3, 3, 3}, 0, "P0, P1, P2 have the most: 3 each, of 9 rows with a code"},
		{[]int{3, 3, 3, 3}, 0, "None stands out: several have 3 each, of 9 rows with a code"},
		{[]int{3, 3}, 30, "None stands out: several have 3 each, of 9 rows with a code; 30 more not shown"}, // there may be some like them
		{[]int{3, 2}, 30, "P0 has the most: 3 of 9 rows with a code; 30 more not shown"},
		{[]int{3}, 0, ""},
		{[]int{0, 0}, 0, ""},
		{[]int{0, 0}, 1, "1 more not shown"},
	} {
		p := pageOf(report.EN, map[report.Status]int{report.Failed: 9})
		for i, n := range c.counts {
			p.Pools.Top = append(p.Pools.Top, page.Place{Name: fmt.Sprint("P", i), Counts: page.Tally{report.Failed: n, report.Pending: 5}, Never: 5})
		}
		p.Pools.More = c.more
		text := written(t, p)
		_, table, _ := strings.Cut(text, `<table id="pool"`)
		table, _, _ = strings.Cut(table, "</table>")
		_, caption, _ := strings.Cut(table, "<caption>")
		if caption, _, _ = strings.Cut(caption, "</caption>"); caption != c.want {
			t.Errorf("%v: the page says %q, want %q", c.counts, caption, c.want)
		}
		last := 100.0
		for _, m := range barOf.FindAllStringSubmatch(table, -1) {
			width, _ := strconv.ParseFloat(m[1], 64)
			if width > last {
				t.Errorf("%v: a bar of %v%% stands below one of %v%%", c.counts, width, last)
			}
			last = width
		}
	}
	if text, want := written(t, pageOf(report.EN, map[report.Status]int{report.Failed: 1, report.Unknown: 1})), "isv.NO_NOT_EXIST, client.Timeout have the most: 1 each, of 2 rows"; !strings.Contains(text, want) {
		t.Errorf("of two rows that tie the page does not say %s", want)
	}
	p := pageOf(report.ZH, map[report.Status]int{report.Failed: 4, report.Unknown: 4, report.Invalid: 2})
	if text, want := written(t, p), "isv.NO_NOT_EXIST、client.Timeout 并列最多，各 4 行，共 10 行有错误码"; !strings.Contains(text, want) {
		t.Errorf("of codes that tie the page does not say %s", want)
	}
}

// TestPageNeverReached: rows that no call was made for stand beside those that failed, by
// code, pool, group and city, and the counts agree.
func TestPageNeverReached(t *testing.T) {
	p := pageOf(report.EN, map[report.Status]int{report.Failed: 3, report.Bound: 1, report.Pending: 20})
	p.Cities.Top = []page.Place{
		{Name: "Beijing", Counts: page.Tally{report.Failed: 3, report.Bound: 1, report.Pending: 8}, Never: 8},
		{Name: "Hangzhou", Counts: page.Tally{report.Pending: 14}, Never: 12},
	}
	text := written(t, p)
	if _, rows := tableOn(t, text, "codes"); !cmp.Equal(rows, [][]string{
		{"isv.NO_NOT_EXIST", "meaning of isv.NO_NOT_EXIST", "✕ FAILED", "3", ""},
		{"–", "never reached: no call was made for these rows", "○ PENDING", "20", ""},
	}) {
		t.Errorf("by code: %q", rows)
	}
	heads, rows := tableOn(t, text, "city")
	if !slices.Equal(heads, []string{"City", "FAILED", "PENDING, tried", "PENDING, never reached", "Rows", ""}) ||
		!cmp.Equal(rows, [][]string{{"Beijing", "3", "0", "8", "12", ""}, {"Hangzhou", "0", "2", "12", "14", ""}}) {
		t.Errorf("by city: %q %q", heads, rows)
	}
	f := p.Failures[0]
	f.Status, f.Code, f.Count, f.Rows = "PENDING", "isv.FLOW_LIMIT", 20, nil
	p.Failures = []page.Failure{f}
	if _, rows := tableOn(t, written(t, p), "codes"); len(rows) != 1 || rows[0][0] != "isv.FLOW_LIMIT" || rows[0][3] != "20" {
		t.Errorf("of rows that were all tried: %q", rows)
	}
	p = pageOf(report.EN, map[report.Status]int{report.Bound: 1})
	text = written(t, p)
	for _, trouble := range []string{"never reached", `class="note"`, "isv.", "Where these rows are"} {
		if strings.Contains(text, trouble) || !strings.Contains(text, "Nothing: no row was refused") {
			t.Errorf("a page where all is well tells of %s", trouble)
		}
	}
}

// TestPageAgreesWithItself: one thing is counted once. The table of runs tells what each
// did, and not where the rows stood: a batch with rows that an earlier one bound would
// else have two numbers of rows BOUND.
func TestPageAgreesWithItself(t *testing.T) {
	p := pageOf(report.EN, map[report.Status]int{report.Bound: 50})
	first := runOf(night, 2, 10, time.Second, 0, page.Tally{})
	second := runOf(night.Add(time.Hour), 2, 10, time.Second, 4, first.Settled)
	p.Runs = []page.Run{first, second}
	text := written(t, p)
	heads, rows := tableOn(t, text, "runs")
	if !slices.Equal(heads, []string{"Started", "How it ended", "Took", "Calls", "Throttled", "BOUND in it", "Limit/s", "Fastest second", "p99 ms"}) ||
		!cmp.Equal(rows[1][2:], []string{"2s", "20", "8", "12", "10", "10", "120"}) {
		t.Errorf("runs: %q %q", heads, rows)
	}
	calls, bound := 0, 0
	heads, rows = tableOn(t, text, "numbers")
	for _, row := range rows {
		n, _ := strconv.Atoi(row[2])
		k, _ := strconv.Atoi(row[3])
		calls, bound = calls+n, bound+k
	}
	if !slices.Equal(heads[2:4], []string{"Calls", "BOUND"}) || calls != 40 || bound != 32 {
		t.Errorf("the chart has %d calls, and %d rows bound: %q %q", calls, bound, heads, rows)
	}
}

// TestPageText prints batches on a terminal.
func TestPageText(t *testing.T) {
	b := &strings.Builder{}
	for _, name := range []string{"killed and resumed", "throttled, no answer for a while", "no row", "against the last night"} {
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			fmt.Fprintf(b, "--- %s\n", name)
			if err := pages()[name](lang).WriteText(b); err != nil {
				t.Fatal(err)
			}
		}
	}
	goldenPage(t, b.String())
}

// TestTextIsASCII: in English the text stays within ASCII.
func TestTextIsASCII(t *testing.T) {
	for name, make := range pages() {
		b := &strings.Builder{}
		if err := make(report.EN).WriteText(b); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			for _, r := range line {
				if r > 0x7e {
					t.Errorf("%s: %q is not ASCII in %q", name, r, line)
				}
			}
		}
	}
}

var (
	colour = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`)
	theme  = regexp.MustCompile(`:root \{[^}]*\}`)
)

// TestPageContrast: text is readable on the paper in both themes, 4.5 to 1 as
// WCAG 2 AA asks, and lines of charts stand out 3 to 1.
func TestPageContrast(t *testing.T) {
	text := written(t, pageOf(report.EN, nil))
	colours := map[string]string{}
	themes := theme.FindAllString(text, -1)
	if len(themes) != 3 || !strings.Contains(themes[2], "--paper: #ffffff") {
		t.Fatalf("themes of day, night and print: %q", themes)
	}
	for i, set := range themes[:2] {
		for _, m := range colour.FindAllStringSubmatch(set, -1) {
			colours[m[1]] = m[2] // what the dark theme does not say stays
		}
		for _, name := range []string{"ink", "soft", "bound", "failed", "invalid", "held", "unknown", "pending", "released", "good"} {
			if c := contrast(colours[name], colours["paper"]); c < 4.5 {
				t.Errorf("theme %d: %s has a contrast of %.2f", i, name, c)
			}
		}
	}
}

// contrast of two colours, from 1 to 21.
func contrast(a, b string) float64 {
	luminance := func(hex string) float64 {
		n, _ := strconv.ParseUint(hex, 16, 32)
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			c := float64(n>>(16-8*i)&255) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func meaning(_ report.Status, code string) (meaning, who string) {
	return "meaning of " + code, "data owner"
}

var updatePage = flag.Bool("update-page", false, "rewrite the golden file of the page")

func goldenPage(t *testing.T, got string) {
	t.Helper()
	path := filepath.Join("testdata", "page.txt")
	if *updatePage {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); -update-page rewrites it\n%s", path, diff)
	}
}
