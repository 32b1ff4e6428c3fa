package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// varying is what differs from run to run of the same job.
var varying = []struct {
	form *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`http://127\.0\.0\.1:\d+`), "http://SIMULATOR"},
	{regexp.MustCompile(`(calls in |用时 )[0-9.]+(µs|ms|s| 微秒| 毫秒| 秒)`), "${1}TIME"},
	{regexp.MustCompile(`(average |平均 )[0-9.]+(/s| 次/秒)`), "${1}RATE${2}"},
	{regexp.MustCompile(`(p50|p95|p99|max|最大) [0-9.]+(µs|ms|s| 微秒| 毫秒| 秒)`), "${1} TIME"},
	{regexp.MustCompile(`SubsId [0-9]{16}`), "SubsId SUBSID"},
	{regexp.MustCompile(`seconds=[0-9.]+`), "seconds=S"},
	{regexp.MustCompile(`version=[0-9][^ \n]*`), "version=V"},
	{regexp.MustCompile(`20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8}`), "DATE"},
	{regexp.MustCompile(`axgbind-[0-9a-f]{8}-[0-9a-f]{16}`), "axgbind-STAMP"},
}

func normalise(text, dir string) string {
	text = strings.ReplaceAll(text, dir+string(filepath.Separator), "DIR/")
	if here, err := os.Getwd(); err == nil { // paths below it are shown without it
		if rel, err := filepath.Rel(here, dir); err == nil && !strings.HasPrefix(rel, "..") {
			text = strings.ReplaceAll(text, rel+string(filepath.Separator), "DIR/")
		}
	}
	for _, v := range varying {
		text = v.form.ReplaceAllString(text, v.to)
	}
	return text
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s differs (-want +got); -update rewrites it\n%s", name, diff)
	}
}

// TestSummaryText: what a person reads at the end of a check, a first run, a
// run that goes on after an edit, and one that the account is refused, word
// for word in both languages.
func TestSummaryText(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			p := newPlace(t)
			p.sim.real()
			in := content(0, 6)
			in[2][0], in[5][2] = "1380013800x", "2020-01-01 00:00:00"
			p.write("in.csv", append(in, in[1]))
			b := &strings.Builder{}
			scene := func(title string, got outcome) {
				b.WriteString("== " + title + "\n")
				if got.stdout != "" {
					b.WriteString(got.stdout + "--\n")
				}
				b.WriteString(got.stderr)
			}
			scene("check", axgbind(t, "check", p.path("in.csv"), "--lang", lang).want(t, 3))
			flags := []string{"--lang", lang, "--rate", "50", "--max-inflight", "1", "--failed", p.path("fix.csv")}
			scene("bind --limit 3", p.bind(5, 3, "in.csv", append(flags, "--limit", "3")...))
			in[1][3] = "edited"
			p.write("in.csv", in)
			scene("edited", p.bind(3, 1, "in.csv", flags...))
			scene("simulate", axgbind(t, "bind", "--simulate", p.path("in.csv"), "--lang", lang, "--max-inflight", "1").want(t, 3))

			q := newPlace(t, "--fault", "ram-deny=1")
			q.sim.real()
			q.write("in.csv", content(10, 1))
			got := axgbind(t, q.sim.bind(q.path("in.csv"), "--lang", lang, "--rate", "1", "--max-inflight", "1")...).want(t, 7)
			scene("refused account", outcome{stderr: normalise(got.stderr, q.dir)})
			golden(t, "summary."+lang+".txt", strings.ReplaceAll(normalise(b.String(), p.dir), memory(t), "PLACE"))
		})
	}
}

// TestLanguage: the locale decides unless a flag or variable does, and machine
// keys stay English.
func TestLanguage(t *testing.T) {
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
	for _, c := range []struct {
		vars map[string]string
		flag string
		zh   bool
	}{
		{map[string]string{"LANG": "zh_CN.UTF-8"}, "", true},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "", false},
		{map[string]string{"LANG": "C", "LC_MESSAGES": "zh_TW.UTF-8"}, "", true},
		{map[string]string{"LANG": "fr_FR.UTF-8"}, "", false},
		{map[string]string{"LANG": ""}, "", false},
		{map[string]string{"LANG": "zh_CN.UTF-8"}, "en", false},
		{map[string]string{"LANG": "C", "AXGBIND_LANG": "zh"}, "", true},
		{map[string]string{"LANG": "C", "AXGBIND_LANG": "zh"}, "en", false},
		{map[string]string{"LANG": "C"}, "zh", true},
	} {
		args := []string{"check", in, "--summary", filepath.Join(dir, "sum.json")}
		if c.flag != "" {
			args = append(args, "--lang", c.flag)
		}
		got := axgbindWith(t, c.vars, "", args...).want(t, 0)
		if zh := strings.Contains(got.stderr, "状态 0"); zh != c.zh {
			t.Errorf("%v %q: Chinese %v\n%s", c.vars, c.flag, zh, got)
		}
		if s := summaryOf(t, filepath.Join(dir, "sum.json")); s.Rows != 1 || s.Version != 1 {
			t.Errorf("%+v", s)
		}
	}
}
