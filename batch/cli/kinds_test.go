package cli_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// kindsOfFiles are ways in which a file of commas comes. Whatever is read from a file is
// read from it in each of them.
var kindsOfFiles = []struct {
	name   string
	change func(header string, rows []string) string
}{
	{"as it is", func(h string, rows []string) string { return h + "\n" + strings.Join(rows, "\n") + "\n" }},
	{"sep", func(h string, rows []string) string {
		return "sep=;\r\n" + strings.ReplaceAll(h+"\r\n"+strings.Join(rows, "\r\n"), ",", ";")
	}},
	{"bars", func(h string, rows []string) string {
		return strings.ReplaceAll(h+"\n"+strings.Join(rows, "\n"), ",", "|")
	}},
	{"full-width commas", func(h string, rows []string) string {
		return strings.ReplaceAll(h+"\n"+strings.Join(rows, "\n"), ",", "，")
	}},
	{"titles", func(h string, rows []string) string {
		return "2027年1月清单,,\n,,,\n制表人：张三\n" + h + "\n" + strings.Join(rows, "\n")
	}},
	{"empty rows and Ctrl-Z", func(h string, rows []string) string {
		return h + "\n,,,\n" + strings.Join(rows, "\n \"\"\n,\u3000,,\n") + "\n,,,\n\x1a\x1a"
	}},
	{"quotation marks around lines", func(h string, rows []string) string {
		return "\"" + h + "\"\n\"" + strings.Join(rows, "\"\n\"") + "\"\n"
	}},
	{"apostrophes", func(h string, rows []string) string {
		return "'" + strings.ReplaceAll(h+"\n"+strings.Join(rows, "\n'"), ",", ",'")
	}},
	{"characters that cannot be seen", func(h string, rows []string) string {
		return "\u2066" + strings.ReplaceAll(h+"\n\u00ad"+strings.Join(rows, "\n\u061c"), ",", "\ufe0f,\u2068")
	}},
	{"a header again, a hint and a total", func(h string, rows []string) string {
		return h + "\n必填" + strings.Repeat(",", strings.Count(h, ",")) + "\n" + strings.Join(rows, "\n"+h+"\n") + "\n合计" + strings.Repeat(",", strings.Count(h, ","))
	}},
}

// TestKindsOfFiles: every command that reads a file reads it however it comes.
func TestKindsOfFiles(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "first.csv"), content(900, 2).String()))...).want(t, 0)
	listed := strings.TrimPrefix(axgbind(t, "status", "--bindings", "--journal", memoryOf(t)).want(t, 0).stdout, bom)
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(listed, "\r\n", "\n"), "\n"), "\n")
	for i, kind := range kindsOfFiles {
		odd := 0 // lines that are no rows, and are told so
		if strings.HasPrefix(kind.name, "a header again") {
			odd = 3
		}
		put := func(name, header string, rows ...string) string {
			text := kind.change(header, rows)
			if i%2 == 1 {
				if gbk, err := simplifiedchinese.GB18030.NewEncoder().String(text); err == nil {
					text = gbk
				}
			}
			return write(t, filepath.Join(dir, fmt.Sprint(i, name)), text)
		}
		status := map[bool]int{true: 3}[odd > 0]
		in := put("in.csv", "A号码,B号码,分组ID,过期时间", phone(2*i)+",,1,"+expiration, phone(2*i+1)+",,1,"+expiration)
		for _, lang := range []string{"en", "zh"} {
			summary := filepath.Join(dir, "summary.json")
			checked := axgbind(t, "check", in, "--pool-key", testPool, "--lang", lang, "--summary", summary).want(t, status)
			if blank := summaryOf(t, summary).Blank; (blank == 0) != (kind.name != "empty rows and Ctrl-Z") {
				t.Errorf("%s: %v blank records", kind.name, blank)
			}
			checked.says(t, fmt.Sprintf("rows=%d bound=0 failed=0 invalid=%d", 2+odd, odd), "pending=2")
		}
		axgbind(t, sim.bind(in)...).want(t, status).says(t, "bound=2")
		axgbind(t, sim.bind(in)...).want(t, status).says(t, "2 settled, 0 new", "calls=0")
		list := put("list.csv", lines[0], lines[1:]...)
		later := soon(time.Duration(60+i) * 24 * time.Hour)
		axgbind(t, "update", list, "--endpoint", sim.url, "--default", "Expiration="+later, "--progress", "none").want(t, status).says(t, "bound=2")
		if got := axgbind(t, "unbind", list, "--endpoint", sim.url); !strings.Contains(got.stderr, "2 to release") {
			t.Errorf("%s: %s", kind.name, got)
		}
		if odd > 0 {
			continue // a list of numbers has no such lines
		}
		var numbers []struct{ SecretNo, State string }
		sim.get("/simulator/numbers", &numbers)
		free := slices.IndexFunc(numbers, func(n struct{ SecretNo, State string }) bool { return n.State == "free" })
		chosen := put("numbers.csv", "中间号,城市", numbers[free].SecretNo+",NULL")
		more := put("more.csv", "A号码,分组ID,过期时间", phone(700+i)+",1,"+expiration)
		axgbind(t, sim.bind(more, "--x-numbers", chosen)...).want(t, 0)
		if got := results(t, strings.TrimSuffix(more, ".csv")+".results.csv")[0]["SecretNo"]; got != numbers[free].SecretNo {
			t.Errorf("%s: bound to %s, want %s", kind.name, got, numbers[free].SecretNo)
		}
	}
}

// TestMarkedResults: results whose headers a form marked are results: no row is sent again,
// and no binding of another batch is released.
func TestMarkedResults(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	first := write(t, filepath.Join(dir, "first.csv"), content(0, 2).String())
	axgbind(t, sim.bind(first)...).want(t, 0)
	later := strings.ReplaceAll(content(0, 2).String(), expiration, soon(60*24*time.Hour))
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "second.csv"), later), "--when-bound", "renew")...).want(t, 0)
	for i, mark := range []string{"%s*", "*%s", "%s（必填）", "'%s", "%s\n(optional)"} {
		text := strings.TrimPrefix(read(t, filepath.Join(dir, "first.results.csv")), bom)
		header, rows, _ := strings.Cut(text, "\n")
		names := strings.Split(strings.TrimRight(header, "\r"), ",")
		for j, n := range names {
			names[j] = `"` + fmt.Sprintf(mark, n) + `"`
		}
		marked := write(t, filepath.Join(dir, fmt.Sprintf("marked%d.csv", i)), strings.Join(names, ",")+"\n"+rows)
		if got := axgbind(t, "unbind", marked, "--endpoint", sim.url, "--yes"); len(sim.bound()) != 2 {
			t.Fatalf("%s: %s", mark, got)
		}
		unknown := write(t, filepath.Join(dir, fmt.Sprintf("unknown%d.csv", i)), fmt.Sprintf("\"%s\",\"%s\",\"%s\",\"%s\",\"%s\"\n",
			fmt.Sprintf(mark, "PhoneNoA"), fmt.Sprintf(mark, "GroupId"), fmt.Sprintf(mark, "Expiration"), fmt.Sprintf(mark, "Status"), fmt.Sprintf(mark, "SubsId"))+
			phone(50+i)+",1,"+expiration+",UNKNOWN,\n")
		axgbind(t, sim.bind(unknown)...).want(t, 4).says(t, "unknown=1", "calls=0")
	}
}

// TestOtherEncodingFedBack: a line in another encoding is refused, and goes as it is meant
// when the rows to correct are given as input.
func TestOtherEncodingFedBack(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("A号码,分组ID,过期时间,外部ID\n" + phone(0) + ",1," + expiration + ",订单一\n")
	if err != nil {
		t.Fatal(err)
	}
	in, fix := write(t, filepath.Join(dir, "in.csv"), gbk+phone(1)+",1,"+expiration+",你好\n"), filepath.Join(dir, "fix.csv")
	axgbind(t, sim.bind(in, "--failed", fix)...).want(t, 3).says(t, "encoding-mixed")
	axgbind(t, sim.bind(fix)...).want(t, 0)
	if !slices.ContainsFunc(sim.bindings(), func(b binding) bool { return b.PhoneNoA == phone(1) && b.OutId == "你好" }) {
		t.Errorf("%+v", sim.bindings())
	}
}

// TestAnotherHeaderBelow: rows of a file that was joined below, whose header orders the
// columns otherwise, are never read by the first header: nothing is sent.
func TestAnotherHeaderBelow(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	text := "A号码,B号码,分组ID,过期时间\n"
	for i := range 3000 {
		text += phone(i) + "," + phone(9000+i) + ",1," + expiration + "\n"
	}
	text += "B号码,A号码,分组ID,过期时间\n" + phone(8001) + "," + phone(8000) + ",1," + expiration + "\n"
	in := write(t, filepath.Join(dir, "in.csv"), text)
	for _, args := range [][]string{{"check", in}, sim.bind(in), sim.bind(in, "--dry-run")} {
		axgbind(t, args...).want(t, 6).says(t, "line 1 and line 3002 are both headers", "cure: keep one header")
	}
	if n := sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestVerifyComparesNothing: rows that somebody changed since are no proof that all is well.
func TestVerifyComparesNothing(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	rows := content(0, 1)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), rows.String()))...).want(t, 0)
	out := filepath.Join(dir, "in.results.csv")
	write(t, out, strings.ReplaceAll(read(t, out), expiration, soon(90*24*time.Hour)))
	axgbind(t, "verify", out, "--endpoint", sim.url).want(t, 3).says(t, "1 rows that are BOUND in these results are not compared")
}
