package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"axgbind/batch/rules"
	"axgbind/report"
)

// flagsIn are the flags of the cures in a text, as a shell reads them: name and value, or
// name. A sentence's mark behind a value is not part of it.
func flagsIn(text string) (list [][]string) {
	for line := range strings.Lines(text) {
		_, cure, ok := strings.Cut(strings.NewReplacer("办法：", "cure: ", "警告：", "cure: ", "warning: ", "cure: ").Replace(line), "cure: ")
		for _, at := range regexp.MustCompile(`(?:^|[\s（(、：，])--[a-z]`).FindAllStringIndex(cure, -1) {
			rest := cure[at[1]-3:]
			name := regexp.MustCompile(`^--[a-z-]+`).FindString(rest)
			rest, spaced := strings.CutPrefix(rest[len(name):], " ")
			if word := shellWord(rest); ok && spaced && word != "" && name != "--allow-duplicates" {
				list = append(list, []string{name, word})
			} else if ok {
				list = append(list, []string{name})
			}
		}
	}
	return list
}

// shellWord is the word that a text begins with.
func shellWord(text string) string {
	word, quoted, escaped := &strings.Builder{}, false, false
	for _, r := range text {
		switch {
		case escaped:
			escaped = false
			word.WriteRune(r)
		case r == '\'':
			quoted = !quoted
		case r == '\\' && !quoted:
			escaped = true
		case !quoted && strings.ContainsRune(" \n;,；，。、)）", r):
			return word.String()
		default:
			word.WriteRune(r)
		}
	}
	return word.String()
}

const cureRow = "13800138000,1,2099-01-31 23:59:59"

// cures are files at fault whose cure holds a command, by the refusal or the rule.
var cures = map[string]struct {
	text  string
	args  []string
	typed map[string]string // what a person writes for what the cure leaves open
	one   bool              // the flags are a choice: each of them cures, but those that say so
	but   []string          // of the choice, those that leave the file refused for another reason
}{
	"missing-columns":     {text: "号码甲A号码,G组编号,结束\n" + cureRow + "\n"},
	"missing-columns 2":   {text: "A号码\n13800138000\n", typed: map[string]string{"GroupId=ID": "GroupId=1", "COLUMN=Field": ""}},
	"missing-columns 3":   {text: "A号码,分组ID,it's the end time\n" + cureRow + "\n", typed: map[string]string{"Expiration=+30d": ""}},
	"ambiguous-number":    {text: "手机号,分组ID,过期时间\n" + cureRow + "\n", one: true, but: []string{"PhoneNoB", "PhoneNoX"}},
	"two-columns":         {text: "A号码,手机号A,分组ID,过期时间\n13800138000," + cureRow + "\n", one: true},
	"two-columns 2":       {text: "A号码,城市,城市*,分组ID,过期时间\n13800138000,北京,上海,1,2099-01-31 23:59:59\n", one: true},
	"map-absent":          {text: "客户A,分组ID,过期时间\n" + cureRow + "\n", args: []string{"--map", "客户 B=PhoneNoA"}},
	"delimiter-wrong":     {text: "A号码|分组ID|过期时间\n" + strings.ReplaceAll(cureRow, ",", "|") + "\n", args: []string{"--delimiter", "tab"}},
	"delimiter-unknown":   {text: "A号码~分组ID~过期时间\n" + strings.ReplaceAll(cureRow, ",", "~") + "\n"},
	"column-not-read":     {text: "A号码,分组ID,过期时间,被叫号码\n" + cureRow + ",13900139000\n"},
	"undecodable-bytes":   {text: "PhoneNoA,GroupId,Expiration,OutId\n" + cureRow + ",客户\n", args: []string{"--encoding", "utf-8"}, typed: map[string]string{"NAME": "gb18030"}},
	"duplicate":           {text: "A号码,分组ID,过期时间\n" + cureRow + "\n" + cureRow + "\n"},
	"same-place":          {text: "A号码,分组ID,过期时间\n" + cureRow + "\n13800138000,1,2099-01-30 23:59:59\n"},
	"expiration-empty":    {text: "A号码,分组ID,过期时间\n13800138000,1,\n"},
	"group-id-empty":      {text: "A号码,分组ID,过期时间\n13800138000,NULL,2099-01-31 23:59:59\n", typed: map[string]string{"GroupId=ID": "GroupId=1"}},
	"pool-key-empty":      {text: "A号码,分组ID,过期时间,号池\n" + cureRow + ",无\n13800138001,1,2099-01-31 23:59:59,FC1\n", typed: map[string]string{"KEY": testPool}},
	"expiration-too-soon": {text: "A号码,分组ID,过期时间\n13800138000,1,SOON\n13800138001,1,SOON\n", args: []string{"--rate", "0.01"}, typed: map[string]string{"": "100"}},
}

// without are cures whose words hold a flag or a command that is no cure of the file by
// itself, and where each is tried.
var without = map[string]string{
	"empty":            "TestCureOfNothing",
	"json":             "TestCureOfNothing",
	"no-binding":       "TestCureOfNothing",
	"column-twice":     "names --map to say that it does not help",
	"too-many-columns": "names --delimiter as a cause",
	"gzip":             "is a command of the system",
}

// TestCures: what a refusal or a finding says to type is typed as it is printed, in both
// languages, and does what is promised: the fault is gone, and the row is good.
func TestCures(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	for name, c := range cures {
		kind, _, _ := strings.Cut(name, " ")
		t.Run(name, func(t *testing.T) {
			text := strings.ReplaceAll(c.text, "SOON", soon(100*time.Second))
			if kind == "undecodable-bytes" {
				gbk, err := simplifiedchinese.GB18030.NewEncoder().String(text)
				if err != nil {
					t.Fatal(err)
				}
				text = gbk
			}
			in := write(t, filepath.Join(dir, strings.ReplaceAll(name, " ", "")+".csv"), text)
			check := []string{"check", in}
			if kind != "pool-key-empty" {
				check = append(check, "--pool-key", testPool)
			}
			check = append(check, c.args...)
			var shown [][]string
			for _, lang := range []string{"en", "zh"} {
				at := append(check, "--lang", lang)
				if kind == "expiration-too-soon" {
					at = append(append([]string{"bind"}, at[1:]...), "--dry-run")
				}
				wrong := axgbind(t, at...)
				if wrong.status == 0 && kind != "column-not-read" && kind != "expiration-too-soon" {
					t.Fatalf("nothing is wrong: %s", wrong)
				}
				flags := flagsIn(wrong.stdout + wrong.stderr)
				if shown != nil && fmt.Sprint(flags) != fmt.Sprint(shown) {
					t.Errorf("in English %q, in Chinese %q", shown, flags)
				}
				shown = flags
			}
			shown = slices.DeleteFunc(shown, func(flag []string) bool { // it is named, and typed with its value
				return len(flag) == 1 && slices.ContainsFunc(shown, func(f []string) bool { return len(f) == 2 && f[0] == flag[0] })
			})
			if len(shown) == 0 {
				t.Fatal("no flag is shown")
			}
			var tries [][]string
			for _, flag := range shown {
				if len(flag) == 1 && c.typed[""] != "" {
					flag = append(flag, c.typed[""])
				} else if other, ok := c.typed[flag[len(flag)-1]]; ok && other == "" {
					continue
				} else if ok {
					flag[1] = other
				}
				if c.one || len(tries) == 0 {
					tries = append(tries, slices.Clone(flag))
				} else {
					tries[0] = append(tries[0], flag...)
				}
			}
			for _, flags := range tries {
				args := slices.Clone(check)
				if len(c.args) > 0 { // what was wrong is typed anew
					args = args[:len(args)-len(c.args)]
				}
				if kind == "expiration-too-soon" {
					args = append(append([]string{"bind"}, args[1:]...), "--dry-run")
				}
				got := axgbind(t, append(args, flags...)...)
				if slices.ContainsFunc(c.but, func(f string) bool { return strings.HasSuffix(flags[1], "="+f) }) {
					if got.status != 6 || strings.Contains(got.stderr, "could be number A, B or X") {
						t.Errorf("%q: %s", flags, got)
					}
					continue
				}
				if got.want(t, 0); strings.Contains(got.stdout+got.stderr, kind) || strings.Contains(got.stderr, "is not read") {
					t.Errorf("%q: the fault is still there: %s", flags, got)
				}
			}
		})
	}
}

// TestCuresAreTried: no refusal and no rule has a command in its cure that TestCures
// leaves out.
func TestCuresAreTried(t *testing.T) {
	command := regexp.MustCompile(`--[a-z]|axgbind (template|status|check|bind|update|unbind|journal) |\bgzip -`)
	tried := func(id string) bool { _, ok := cures[id]; return ok || without[id] != "" }
	for _, rule := range rules.All() {
		if command.MatchString(rule.Cure.In(report.EN)) && !tried(rule.ID) {
			t.Errorf("the cure of the rule %s is not tried: %s", rule.ID, rule.Cure.In(report.EN))
		}
	}
	golden, err := os.ReadFile(filepath.Join("..", "input", "testdata", "input", "refusals.golden"))
	if err != nil {
		t.Fatal(err)
	}
	kind, seen := "", 0
	for line := range strings.Lines(string(golden)) {
		if name := regexp.MustCompile(`^\S.*\[([a-z-]+)\]\n$`).FindStringSubmatch(line); name != nil {
			kind = name[1]
			seen++
		}
		if cure, ok := strings.CutPrefix(line, "  > "); ok && command.MatchString(cure) && !tried(kind) {
			t.Errorf("the cure of the refusal %s is not tried: %s", kind, cure)
		}
	}
	if seen < 30 {
		t.Errorf("%d refusals", seen)
	}
	for id := range without {
		if _, ok := cures[id]; ok {
			t.Errorf("%s is tried and is not", id)
		}
	}
}

// TestCureOfNothing: the commands that an empty file and a file without bindings are sent
// to make files that are read.
func TestCureOfNothing(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	axgbind(t, "check", write(t, filepath.Join(dir, "empty.csv"), "")).want(t, 6).says(t, "axgbind template -o FILE")
	for _, lang := range []string{"en", "zh"} {
		template := filepath.Join(dir, lang+".csv")
		axgbind(t, "template", "-o", template, "--lang", lang).want(t, 0)
		axgbind(t, "check", template).want(t, 0)
	}
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 2).String()))...).want(t, 0)
	wrong := write(t, filepath.Join(dir, "wrong.csv"), "过期时间\n"+expiration+"\n")
	axgbind(t, "unbind", wrong, "--endpoint", sim.url).want(t, 6).says(t, "axgbind status --bindings")
	list := write(t, filepath.Join(dir, "list.csv"), axgbind(t, "status", "--bindings", "--journal", memoryOf(t)).want(t, 0).stdout)
	axgbind(t, "unbind", list, "--endpoint", sim.url).says(t, "2 to release")
}
