package page_test

import (
	"fmt"
	"strings"
	"time"

	"axgbind/report"
	"axgbind/report/page"
)

// A page of two rows. What a service says is text, whatever it says.
func Example() {
	s := report.NewSummary()
	s.Command, s.Rows, s.Input = "bind", 2, "monday.csv"
	said := func(report.Status, string) (meaning, who string) { return "no such <script>", "you" }
	s.Add(&report.Record{Line: 2, Status: report.Bound, Code: "OK"}, said)
	s.Add(&report.Record{Line: 3, Status: report.Failed, Code: "isv.NO_NOT_EXIST"}, said)
	start := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	p := page.Page{
		Lang: report.EN, Summary: s, Made: start.Add(time.Hour), Version: "1.0",
		Runs:     []page.Run{{Start: start, End: start.Add(time.Minute), Calls: 2}},
		Failures: []page.Failure{{Failure: s.Failures[0], Rows: []page.Row{{Line: 3, A: "138****8001"}}}},
	}
	html := new(strings.Builder)
	if err := p.WriteHTML(html); err != nil {
		fmt.Println(err)
		return
	}
	has := func(text string) bool { return strings.Contains(html.String(), text) }
	fmt.Println("ours:", has(page.Mark), "a row:", has("138****8001"))
	fmt.Println("scripts:", has("<script"), "as text:", has("&lt;script&gt;"), "addresses:", has("http://") || has("https://"))
	// Output:
	// ours: true a row: true
	// scripts: false as text: true addresses: false
}
