package cli_test

import (
	"bytes"
	"fmt"
	"html"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// pageOf is the page of a batch, its entities as characters.
func pageOf(t *testing.T, args ...string) string {
	t.Helper()
	out := axgbind(t, append(append([]string{"report"}, args...), "-o", "-")...).want(t, 0)
	return html.UnescapeString(out.stdout)
}

var countOnPage = regexp.MustCompile(`</span> ([A-Z]+)</th><td class="n" data-head="[^"]+">([0-9,]+)</td>`)

// countsOn are the counts of a page by state; it leaves out a state without rows.
func countsOn(page string) map[string]int {
	counts := map[string]int{}
	for _, m := range countOnPage.FindAllStringSubmatch(page, -1) {
		counts[m[1]], _ = strconv.Atoi(strings.ReplaceAll(m[2], ",", ""))
	}
	return counts
}

// shorn drops the end record from a journal: its run was killed at the last moment.
func shorn(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(text, []byte(" end {"))
	if at < 0 {
		t.Fatal("no end record")
	}
	writeJournal(t, path, string(text[:bytes.LastIndexByte(text[:at], '\n')+1]))
}

// TestReportAgreesWithSummary: what report prints and draws is what bind said,
// for batches of every kind.
func TestReportAgreesWithSummary(t *testing.T) {
	t.Parallel()
	mixed := content(0, 40)
	mixed[3][0], mixed[4][0], mixed[9] = "12", "1380013800x", mixed[8] // two faults and a duplicate
	for name, c := range map[string]struct {
		rows  table
		flags []string
	}{
		"one row":       {rows: content(0, 1)},
		"all invalid":   {rows: table{content(0, 1)[0], append([]string{"12"}, content(0, 1)[1][1:]...)}},
		"all bound":     {rows: content(0, 60)},
		"mixed":         {rows: mixed},
		"throttled":     {rows: content(0, 60), flags: []string{"flow-limit=0.2"}},
		"all refused":   {rows: content(0, 60), flags: []string{"code:isv.MOBILE_NUMBER_ILLEGAL=1"}},
		"answers lost":  {rows: content(0, 60), flags: []string{"drop-after=0.1"}},
		"no permission": {rows: content(0, 60), flags: []string{"ram-deny=1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := newFolder(t)
			in, sum := write(t, filepath.Join(dir, "in.csv"), c.rows.String()), filepath.Join(dir, "s.json")
			var faults []string
			for _, f := range c.flags {
				faults = append(faults, "--fault", f)
			}
			sim := simulate(t, faults...)
			bound := axgbind(t, sim.bind(in, "--summary", sum, "--rate", "500", "--timeout", "500ms", "--until", "1200ms")...)
			s := summaryOf(t, sum)
			text := axgbind(t, "report", filepath.Join(dir, "in.results.csv")).want(t, 0).stdout
			for line := range strings.Lines(text[strings.Index(text, "  rows "):]) {
				if strings.HasPrefix(line, "  results ") {
					break
				}
				if !strings.Contains(bound.stderr, line) {
					t.Errorf("report prints what bind did not: %s\n%s", line, bound.stderr)
				}
			}
			maps.DeleteFunc(s.Counts, func(_ string, n int) bool { return n == 0 })
			if got := countsOn(pageOf(t, filepath.Join(dir, "in.results.csv"))); fmt.Sprint(got) != fmt.Sprint(s.Counts) {
				t.Errorf("the page counts %v, the summary %v", got, s.Counts)
			}
		})
	}
}

// TestReportOfAKilledBatch resumes a batch five times, each run but the last killed
// before it told its end, and looks in between and after.
func TestReportOfAKilledBatch(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	sim := simulate(t)
	in, results := write(t, filepath.Join(dir, "in.csv"), content(0, 60).String()), filepath.Join(dir, "in.results.csv")
	for run := 1; run <= 5; run++ {
		axgbind(t, sim.bind(in, "--limit", "10", "--journal", dir)...).want(t, 5)
		shorn(t, journalIn(t, dir))
		page := pageOf(t, results, "--journal", dir)
		if got := countsOn(page); got["BOUND"] != 10*run || got["PENDING"] != 60-10*run {
			t.Errorf("after run %d: %v", run, got)
		}
		if !strings.Contains(page, "counts come from the journal") {
			t.Errorf("after run %d: the page does not say where its counts come from", run)
		}
	}
	axgbind(t, sim.bind(in, "--journal", dir)...).want(t, 0)
	page := pageOf(t, results, "--journal", dir)
	if got := countsOn(page); got["BOUND"] != 60 {
		t.Errorf("at the end: %v", got)
	}
	for _, want := range []string{"All 60 rows are bound", "Status 0"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := strings.Count(page, "killed or crashed</td>"); n != 5 {
		t.Errorf("%d runs were killed, want 5", n)
	}
	if n := len(regexp.MustCompile(`data-head="BOUND in it">10</td>`).FindAllString(page, -1)); n != 6 || strings.Contains(page, `class="chart"`) {
		t.Errorf("%d runs bound 10 rows each, want 6; their course is too short to be drawn", n)
	}
}

// TestReportFindsResults: as they were written, edited, moved, by the id of their
// batch, and no results at all.
func TestReportFindsResults(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in, results := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String()), filepath.Join(dir, "in.simulated.results.csv")
	axgbind(t, "bind", "--simulate", in).want(t, 0)
	if page := pageOf(t, results); strings.Contains(page, "was changed") || !strings.Contains(page, "Rehearsal") {
		t.Error("the results are as they were written, by a rehearsal")
	}
	text := read(t, results)
	write(t, results, strings.Replace(text, "BOUND,OK", "FAILED,isv.NO_NOT_EXIST", 1))
	if page := pageOf(t, results); !strings.Contains(page, "was changed after the last run") || countsOn(page)["FAILED"] != 1 {
		t.Error("edited results are not said to be")
	}
	write(t, results, "a,b\n1,2\n")
	if o := axgbind(t, "report", results).want(t, 10); !strings.Contains(o.stderr, "in.simulated.results.csv cannot be read as results") {
		t.Error(o)
	}
	if err := os.Remove(results); err != nil {
		t.Fatal(err)
	}
	journal := results + ".journal"
	other := write(t, filepath.Join(dir, "july.csv"), text)
	if page := pageOf(t, other, "--journal", journal); countsOn(page)["BOUND"] != 3 || !strings.Contains(page, "july.csv") || strings.Contains(page, "not there") {
		t.Error("results that were moved are not recognised")
	}
	for _, name := range []string{results, batchAt(t, journal, 0)} {
		if page := pageOf(t, name, "--journal", journal); countsOn(page)["BOUND"] != 3 || !strings.Contains(page, "results file is not there") {
			t.Errorf("%s: without its results, the batch is not told by what its run recorded", name)
		}
	}
	write(t, other, "a,b\n1,2\n")
	if o := axgbind(t, "report", other, "--journal", journal).want(t, 10); !strings.Contains(o.stderr, "has no such batch") {
		t.Error(o)
	}
}

// TestReportOfNights says which codes the night before at the same path had not, whatever
// was bound in between.
func TestReportOfNights(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	sim := simulate(t)
	night := func(name string, rows table) string {
		in := write(t, filepath.Join(dir, name), rows.String())
		axgbind(t, sim.bind(in, "--journal", dir)...).want(t, 3)
		return strings.TrimSuffix(in, ".csv") + ".results.csv"
	}
	short := func(rows table) table { rows[1][0] = rows[1][0][7:]; return rows }
	nightly := night("nightly.csv", short(content(0, 6)))
	if strings.Contains(pageOf(t, nightly, "--journal", dir), "the night before") {
		t.Error("the first night is compared")
	}
	once := night("once.csv", short(content(100, 2)))
	rows := short(content(200, 5))
	rows[5] = rows[4]
	night("nightly.csv", rows)
	for results, want := range map[string]string{nightly: "New since the batch before (nightly.results.csv, ", once: "No code is new since the batch before (nightly.results.csv, "} {
		if page := pageOf(t, results, "--journal", dir); !strings.Contains(page, want) || strings.Contains(want, "New") != strings.Contains(page, "): client.Duplicate</p>") {
			t.Errorf("%s: the page does not say %q but %q", results, want, regexp.MustCompile("[^>]*the batch before[^<]*").FindString(page))
		}
	}
}

// TestReportSaysWhatIsNext: the commands that the run said, in its language; in another
// the first of them alone; of a killed run the command that was typed, unless it sends
// rows again that may be bound.
func TestReportSaysWhatIsNext(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	sim := simulate(t, "--fault", "drop-after=1")
	in, results := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String()), filepath.Join(dir, "in.results.csv")
	said := axgbind(t, sim.bind(in, "--journal", dir, "--timeout", "300ms")...)
	_, next, _ := strings.Cut(said.stderr, "\nnext: ")
	next = "next: " + next
	lines := func(lang string) string {
		text := axgbind(t, "report", results, "--journal", dir, "--lang", lang).stdout
		return text[strings.LastIndex(text, map[string]string{"en": "next: ", "zh": "下一步"}[lang]):]
	}
	if got := lines("en"); got != next || strings.Count(next, "\n  axgbind ") != 1 {
		t.Errorf("next is\n%s\nthe run said\n%s", got, next)
	}
	first := strings.Split(next, "\n")[1]
	if got := lines("zh"); got != "下一步：先看需要关注的各项，再按该次运行所述执行：\n"+first+"\n" {
		t.Errorf("in another language next is\n%s", got)
	}
	shorn(t, journalIn(t, dir))
	if got := lines("en"); got != "next: it is safe to run the same command again:\n  axgbind "+strings.Join(sim.bind(in, "--journal", dir, "--timeout", "300ms"), " ")+"\n" {
		t.Errorf("of a killed run next is\n%s", got)
	}
	axgbind(t, sim.bind(in, "--journal", dir, "--timeout", "300ms", "--resend", "unknown")...)
	shorn(t, journalIn(t, dir))
	if got := lines("en"); got != "next: it is safe to run the same command again\n" {
		t.Errorf("of a killed run that sent rows again next is\n%s", got)
	}
}

// TestReportRefuses: wrong uses, none of which overwrites anything.
func TestReportRefuses(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in, job := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String()), filepath.Join(dir, "in.simulated.results.csv")
	axgbind(t, "bind", "--simulate", in).want(t, 0)
	foreign := write(t, filepath.Join(dir, "foreign.html"), "<html>mine</html>")
	page := filepath.Join(dir, "page.html")
	axgbind(t, "report", job, "-o", page).want(t, 0)
	axgbind(t, "report", job, "-o", page).want(t, 0) // over its own
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"report"}, "arg"},
		{[]string{"report", filepath.Join(dir, "none.csv")}, "has no such batch"},
		{[]string{"report", in}, "has no such batch"},
		{[]string{"report", job, "--journal", in}, "not"},
		{[]string{"report", job, "-o", in}, "ends in .html"},
		{[]string{"report", job, "-o", filepath.Join(dir, ".html")}, "ends in .html"},
		{[]string{"report", job, "-o", foreign}, "no page of axgbind"},
		{[]string{"report", job, "-o", dir}, "ends in .html"},
	} {
		before := files(t, dir)
		o := axgbind(t, c.args...).want(t, 10)
		if !strings.Contains(o.stderr, c.want) || !strings.Contains(o.stderr, "cure:") {
			t.Errorf("%q\n%s", c.args[1:], o)
		}
		if after := files(t, dir); fmt.Sprint(before) != fmt.Sprint(after) {
			t.Errorf("%q: files were %v, are %v", c.args, before, after)
		}
	}
	if read(t, foreign) != "<html>mine</html>" {
		t.Error("somebody else's page was overwritten")
	}
	if o := axgbind(t, "report", job, "-o", filepath.Join(dir, "none", "p.html")); o.status != 1 || !strings.Contains(o.stderr, "cannot be written") {
		t.Error(o)
	}
}

// TestReportInChinese: every word of the page and of the summary.
func TestReportInChinese(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	rows := content(0, 12)
	rows[3][0], rows[9] = "12", rows[8]
	sim := simulate(t, "--fault", "drop-after=0.2")
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), rows.String()), "--timeout", "300ms", "--lang", "zh")...)
	job := filepath.Join(dir, "in.results.csv")
	page := pageOf(t, job, "--lang", "zh")
	_, body, _ := strings.Cut(strings.ReplaceAll(page, "<wbr>", ""), "<body>")
	inChinese(t, "page", regexp.MustCompile(`<td class="id">.*?</td>|<dd>[^<]*@[^<]*</dd>|<[^>]*>`).ReplaceAllString(body, " "))
	inChinese(t, "summary", axgbind(t, "report", job, "--lang", "zh").want(t, 0).stdout)
}

// TestReportMaskedColumn: a page can be made where the name of a column that --map
// named holds a phone number, of which the journal keeps the masked form.
func TestReportMaskedColumn(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	rows := table{{"PhoneNoA", "客户13800138006", "Expiration"}, {phone(1), "2000000000077", expiration}, {phone(2) + "1", "2000000000078", expiration}}
	page := filepath.Join(dir, "page.html")
	bind := sim.bind(write(t, filepath.Join(dir, "in.csv"), rows.String()), "--map", "客户13800138006=GroupId")
	out := filepath.Join(dir, "in.results.csv")
	for range 2 {
		axgbind(t, bind...).want(t, 3)
		axgbind(t, "report", out, "-o", page).want(t, 0)
		for _, text := range []string{read(t, page), axgbind(t, "report", out, "-o", "-").want(t, 0).stdout} {
			if !strings.Contains(text, "2000000000078") || strings.Contains(text, "13800138006") {
				t.Errorf("the page lacks a group, or shows a number:\n%s", text[strings.Index(text, "<body"):])
			}
		}
	}
}
