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
	"strconv"
	"strings"
	"testing"
	"time"

	"axgbind/report"
	"axgbind/report/page"

	"github.com/google/go-cmp/cmp"
)

var night = time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC) // 23:00 in Beijing

// course is one run of so many points.
func course(start time.Time, points, rate int, span time.Duration, throttled int, before page.Tally) page.Run {
	r := page.Run{ID: "r", Start: start, State: page.Ended, Words: "every row is bound", User: "ops@night", Before: before, Limit: float64(rate), Peak: rate}
	stands := before
	for i := range points {
		calls := rate * int(span/time.Second)
		stands[report.Bound] += calls - throttled
		r.Points = append(r.Points, page.Point{
			At: start.Add(time.Duration(i) * span), Span: span, Calls: calls, Throttled: throttled, Answers: calls, P50: 80, P99: 120 + float64(i%7),
			Limit: float64(rate - 10*(i%3)), InFlight: 40, Stands: stands,
		})
		r.Calls, r.Throttled = r.Calls+int64(calls), r.Throttled+int64(throttled)
	}
	r.Settled, r.End = stands, start.Add(time.Duration(points)*span)
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
			p.Runs = []page.Run{course(night, 1, 1, time.Second, 0, page.Tally{})}
			return p
		},
		"all failed": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Failed: 40})
			r := course(night, 2, 20, time.Second, 20, page.Tally{})
			r.Points[1].Stands[report.Failed] = 40
			p.Runs = []page.Run{r}
			p.Summary.ExitStatus = 8
			return p
		},
		"held back": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 8, report.Held: 4})
			p.Summary.ExitStatus, p.Summary.Already, p.Summary.GoneUnknown = 3, 3, 2
			p.Runs = []page.Run{course(night, 1, 8, time.Second, 0, page.Tally{})}
			var in page.Tally
			in[report.Bound], in[report.Held] = 8, 4
			p.Groups = page.Places{Known: true, Top: []page.Place{{Name: "2000000000001", Counts: in}}}
			return p
		},
		"killed and resumed": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 600, report.Unknown: 5})
			var before page.Tally
			for i := range 6 {
				r := course(night.Add(time.Duration(i)*7*time.Hour), 10, 10, time.Second, 0, before)
				if i < 5 {
					r.State, r.Peak, r.Limit = page.Killed, 0, 0
					r.Settled[report.Unknown]++
				}
				before = r.Settled
				p.Runs = append(p.Runs, r)
			}
			return p
		},
		"throttled, no answer for a while": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 100, report.Pending: 7})
			r := course(night, 20, 10, time.Second, 5, page.Tally{})
			r.Points[7].Answers, r.Points[7].P50, r.Points[7].P99, r.Points[8].InFlight = 0, 0, 0, -1
			p.Runs = []page.Run{r}
			return p
		},
		"running": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 3, report.Pending: 9})
			p.State, p.Source = page.Running, page.FromJournal
			p.Runs = []page.Run{course(night, 3, 1, time.Second, 0, page.Tally{})}
			p.Runs[0].State = page.Running
			return p
		},
		"against the last night": func(l report.Lang) *page.Page {
			p := pageOf(l, map[report.Status]int{report.Bound: 2, report.Failed: 2})
			p.Before = &page.Before{
				Then: page.Night{Results: "n1.csv", Start: night, Bound: 7}, Now: page.Night{Results: "n2.csv", Start: night.AddDate(0, 0, 1), Failed: 2},
				NewCodes: []string{"isv.NEW"}, Gone: []string{"isv.OLD"}, Again: 2, Lines: []int{4, 5},
			}
			p.Pools = page.Places{Known: true, Top: []page.Place{{Name: "FC1", Counts: page.Tally{report.Failed: 2, report.Bound: 2}}}}
			p.Cities = page.Places{Known: true, Top: []page.Place{{Counts: page.Tally{report.Failed: 2, report.Bound: 2}}}, Rest: page.Place{Counts: page.Tally{report.Unknown: 1}}, More: 1}
			return p
		},
	}
}

var (
	rowOf  = regexp.MustCompile(`</span> ([A-Z]+)</th><td class="n">([0-9,]+)</td>`)
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
			if found != len(p.Summary.Shown()) {
				t.Errorf("%s: %d states are counted", name, found)
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
		case m[3] == "/" || tag == "meta":
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
		p.Words, p.Stop, p.Version = word, word, word
		f := &p.Failures[0]
		f.Failure, f.Cause, f.Cure = s.Failures[0], word, word
		f.Rows = []page.Row{{Line: 1, A: word, Group: word, RequestID: word, Reason: word, Attempts: 1}}
		p.Runs = []page.Run{course(night, 3, 1, time.Second, 0, page.Tally{})}
		p.Runs[0].Words = word
		place := page.Places{Known: true, Top: []page.Place{{Name: word, Counts: page.Tally{report.Failed: 1}}}}
		p.Pools, p.Groups, p.Cities = place, place, place
		p.Before = &page.Before{Then: page.Night{Results: word}, Now: page.Night{Results: word}, NewCodes: []string{word}, Gone: []string{word}}
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

// TestPageOfAMillion: however long a batch, its page can be mailed.
func TestPageOfAMillion(t *testing.T) {
	p := pageOf(report.ZH, nil)
	p.Summary.Rows, p.Summary.Counts["BOUND"] = 1_000_000, 1_000_000
	for i := range 24 { // as many points as a page gets, and the most codes, rows and places
		p.Runs = append(p.Runs, course(night.Add(time.Duration(i)*24*time.Hour), 7, 5000, time.Minute, 3, page.Tally{}))
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
	if len(text) > 1<<20 {
		t.Errorf("the page takes %d bytes", len(text))
	}
	t.Logf("%d bytes", len(text))
}

// TestPageLinksRows: from a code to its rows, with line, RequestId and cure.
func TestPageLinksRows(t *testing.T) {
	text := written(t, pageOf(report.EN, map[report.Status]int{report.Failed: 3, report.Bound: 1}))
	for _, want := range []string{
		`<a href="#code-1">isv.NO_NOT_EXIST</a>`, `<article id="code-1">`, `<th scope="row" class="n">3</th><td>138****0000</td><td>1</td><td class="id">R-1</td>`,
		"<dd>a cure</dd>", "isv.NO_NOT_EXIST is the only reason, for 3 rows", "1 of 4 rows are bound",
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
		for _, want := range []string{
			`<span class="chip held" aria-hidden="true">‖</span> HELD</th><td class="n">4</td><td class="n">33.3%</td><td class="text">`, means,
			`<td class="state"><span class="chip held"`, `<path class="area held"`, "rect.held {", ".chip.held {", ".chart path.line.held {",
			`<th scope="row">2000000000001</th><td class="n">12</td><td class="n">0</td><td class="n">0</td><td class="n">4</td><td class="n">0</td><td class="n">33.3%</td>`,
			report.SumAlready.In(report.Lang(lang), 3), report.SumGoneUnknown.In(report.Lang(lang), 2),
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: the page has no %s", report.Lang(lang), want)
			}
		}
	}
}

// TestPageSaysWhatChartsShow holds the sentences above the charts to the numbers.
func TestPageSaysWhatChartsShow(t *testing.T) {
	one := func(change func(*page.Page)) string {
		p := pageOf(report.EN, map[report.Status]int{report.Bound: 100})
		p.Runs = []page.Run{course(night, 10, 10, time.Second, 0, page.Tally{})}
		p.P50, p.P99 = 80, 1234
		change(p)
		return html.UnescapeString(written(t, p))
	}
	for _, c := range []struct {
		change func(*page.Page)
		want   string
	}{
		{func(*page.Page) {}, "On average 10 calls/s, at most 10, which is within the limit of 10; none was throttled"},
		{func(p *page.Page) { p.Runs[0].Points[3].Throttled = 3 }, "at most 10, which is within the limit of 10; 3.0% were throttled"},
		{func(p *page.Page) { p.Runs[0].Peak = 14 }, "On average 10 calls/s; 14 in one second, above the limit of 10; none was throttled"},
		{func(p *page.Page) { p.Runs[0].Peak, p.Runs[0].Limit = 0, 0 }, "On average 10 calls/s, at most 10; none was throttled"},
		{func(*page.Page) {}, "Half of the answers came within 80 ms, 99 of 100 within 1.2 s"},
		{func(*page.Page) {}, "Calls under way at once: at most 40"},
		{func(*page.Page) {}, "100 bound in 10s of running"},
		{func(p *page.Page) { p.Runs[0].Points[9].Stands[report.Bound] = 130 }, "rows that have left the input since"},
	} {
		if text := one(c.change); !strings.Contains(text, c.want) {
			i := strings.Index(text, "<h2>The course")
			t.Errorf("the page does not say %q\n%.900s", c.want, regexp.MustCompile(`<svg(?s).*?</details>`).ReplaceAllString(text[i:], ""))
		}
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
	if len(themes) != 2 {
		t.Fatalf("%d themes", len(themes))
	}
	for i, set := range themes {
		for _, m := range colour.FindAllStringSubmatch(set, -1) {
			colours[m[1]] = m[2] // what the dark theme does not say stays
		}
		for _, name := range []string{"ink", "soft", "bound", "failed", "invalid", "held", "unknown", "pending", "calls", "limit", "good"} {
			if c := contrast(colours[name], colours["paper"]); c < 4.5 {
				t.Errorf("theme %d: %s has a contrast of %.2f", i, name, c)
			}
		}
		if c := contrast(colours["calls"], colours["calls-fill"]); c < 3 {
			t.Errorf("theme %d: the line of p50 has a contrast of %.2f in its band", i, c)
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
