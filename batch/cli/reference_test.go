package cli_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/batch/field"
	"axgbind/batch/rules"
	"axgbind/report"
	"axgbind/report/reference"
)

// pages are the pages of the reference, and of all of them the text, by language.
var pages = map[string]report.Lang{"en": report.EN, "zh": report.ZH}

func reading(lang report.Lang, topics ...string) string {
	b := &strings.Builder{}
	for _, t := range reference.Topics() {
		if len(topics) == 0 || slices.Contains(topics, t.Name) {
			b.WriteString(t.Page(lang))
		}
	}
	return b.String()
}

// findSet is what a pattern finds, each once and in order; of a group, its text.
func findSet(pattern, text string) []string {
	set := map[string]bool{}
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		set[m[len(m)-1]] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// tableFrom is the rest of a table from a row on.
func tableFrom(text, row string) string {
	_, rest, _ := strings.Cut(text, row)
	rest, _, _ = strings.Cut(rest, "\n\n")
	return row + rest
}

// both fails for what the pages name and the program does not know, and for what the
// program has and no page names.
func both(t *testing.T, what string, named, known []string) {
	t.Helper()
	for _, n := range named {
		if !slices.Contains(known, n) {
			t.Errorf("the pages name %s %s, which there is not", what, n)
		}
	}
	for _, k := range known {
		if !slices.Contains(named, k) {
			t.Errorf("no page names %s %s", what, k)
		}
	}
}

// TestPagesKnowFlags: the reference names every command and every flag of every command
// but simulate, and no other.
func TestPagesKnowFlags(t *testing.T) {
	var commands, known []string
	var walk func(path ...string)
	walk = func(path ...string) {
		help := axgbind(t, append(path, "--help")...).want(t, 0).stdout
		known = append(known, findSet(`(?m)^ +(?:-., )?(--[a-z-]+)`, help)...)
		_, list, _ := strings.Cut(help, "\nCommands:\n")
		list, _, _ = strings.Cut(list, "\n\n")
		for _, name := range findSet(`(?m)^  ([a-z]+) `, list) {
			if name != "simulate" && name != "help" {
				commands = append(commands, strings.Join(append(path, name), " "))
				walk(append(slices.Clone(path), name)...)
			}
		}
	}
	walk()
	slices.Sort(known)
	known = slices.Compact(known)
	for name, lang := range pages {
		t.Run(name, func(t *testing.T) {
			text := reading(lang)
			both(t, "flag", append(findSet("[^-a-z](--[a-z][a-z-]*[a-z])", text), "--help"), known)
			for _, c := range commands {
				if c != "version" && c != "journal" && !regexp.MustCompile("(axgbind |`)"+c+"\\b").MatchString(text) {
					t.Errorf("no page names the command %s", c)
				}
			}
			for _, c := range findSet("(?m)(?:`|^)axgbind ([a-z]+)", text) {
				if !slices.Contains(commands, c) && c != "help" {
					t.Errorf("the pages name a command %s", c)
				}
			}
		})
	}
}

// TestPagesKnowCodes: every code of ours, every exit status, every column of the results
// and of an input, and every word for a header stands where the program has it.
func TestPagesKnowCodes(t *testing.T) {
	var codes, ours []string
	for _, e := range aliyun.Entries() {
		codes = append(codes, e.Code)
		if strings.HasPrefix(e.Code, "client.") {
			ours = append(ours, e.Code)
		}
	}
	for _, r := range rules.All() {
		codes = append(codes, r.ID)
	}
	statuses := []int{exit.OK, exit.Error, exit.Rows, exit.Unknown, exit.Pending, exit.Input, exit.Account, exit.Failures, exit.Usage, exit.Locked,
		exit.Hangup, exit.Interrupt, exit.Terminated}
	for name, lang := range pages {
		t.Run(name, func(t *testing.T) {
			both(t, "code", findSet("`(client\\.\\w+)`", reading(lang)), ours)
			for _, c := range findSet("`((?:isv|isp|client|Throttling)\\.[\\w.]+)`", reading(lang)) {
				if !slices.Contains(codes, c) {
					t.Errorf("the pages name a code %s", c)
				}
			}
			results := reading(lang, "results")
			firstCells := func(what, table string, want []string) {
				var got []string
				for _, m := range regexp.MustCompile(`(?m)^\| (\w+(?:[、,] *\w+)*) *\|`).FindAllStringSubmatch(table, -1) {
					got = append(got, regexp.MustCompile(`[、,] *`).Split(m[1], -1)...)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %q, want %q", what, got, want)
				}
			}
			var list []string
			for _, s := range statuses {
				list = append(list, strconv.Itoa(s))
			}
			firstCells("exit statuses", tableFrom(results, "| 0 "), list)
			firstCells("columns", tableFrom(results, "| Line "), report.ResultColumns(false))

			var fields []string
			for _, m := range regexp.MustCompile(`(?m)^\| ([A-Z]\w+) *\| [^|]*\| ([^|]*?) *\|$`).FindAllStringSubmatch(tableFrom(reading(lang, "input"), "| PhoneNoA "), -1) {
				for _, header := range regexp.MustCompile(`[、,] *`).Split(m[2], -1) {
					if f, ok := field.Of(header); ok && f.String() == m[1] {
						continue
					}
					t.Errorf("%s is no header of %s", header, m[1])
				}
				fields = append(fields, m[1])
			}
			var known []string
			for f := range field.NumFields {
				known = append(known, f.String())
			}
			both(t, "field", fields, known)
		})
	}
}

// TestPagesKnowVariables: every variable that the reference names is read, and those that
// are no flag's are named; so are the series of the metrics.
func TestPagesKnowVariables(t *testing.T) {
	own := []string{flags.NotifyURL, flags.NotifySecret, flags.NotifyWhen, flags.KeepVariable, "AXGBIND_JOURNAL", "AXGBIND_POOL_KEY"}
	sources, err := os.ReadFile(filepath.Join("..", "..", "aliyun", "keychain", "sources.go"))
	if err != nil {
		t.Fatal(err)
	}
	b := &strings.Builder{}
	s := report.Summary{Started: time.Unix(1, 0), Finished: time.Unix(2, 0)}
	if err := s.WriteMetrics(b, "task", time.Unix(2, 0)); err != nil {
		t.Fatal(err)
	}
	series := append(findSet(`(?m)^(axgbind_\w+)`, b.String()), "axgbind_refused_exit_status", "axgbind_refused_timestamp_seconds")
	for name, lang := range pages {
		t.Run(name, func(t *testing.T) {
			both(t, "variable", findSet("`(AXGBIND_[A-Z_]+)", reading(lang)), own)
			for _, v := range findSet("`(ALIBABA_CLOUD_[A-Z_]+)", reading(lang)) {
				if !strings.Contains(string(sources), `"`+v+`"`) {
					t.Errorf("nothing reads %s", v)
				}
			}
			both(t, "series", findSet(`(axgbind_[a-z_]+)`, reading(lang)), series)
		})
	}
}

// TestPagesAreChinese: the Chinese pages and README hold no English but names, what is
// typed, and what is shown as it stands.
func TestPagesAreChinese(t *testing.T) {
	shown := regexp.MustCompile("(?s)```.*?```|`[^`]*`|\\]\\([^)]*\\)|Ctrl-C|5xx")
	names := strings.Fields(`GID Phone CLI SIGKILL SIGUSR1 systemd Kubernetes cron crontab Prometheus textfile FUSE FAT SMB
		Go Dyplsapi PHP OIDC SDK loopback CONTRIBUTING CHANGELOG SECURITY input keys rerun results settling changes nights guarantees samples night I O CPU README.md`)
	check := func(name, text string) {
		text = shown.ReplaceAllString(text, " ")
		inChinese(t, name, regexp.MustCompile(`\b(`+strings.Join(names, "|")+`)\b`).ReplaceAllString(text, " "))
	}
	for _, topic := range reference.Topics() {
		check(topic.Name, topic.Page(report.ZH))
	}
	check("README", read(t, filepath.Join("..", "..", "README.zh-CN.md")))
}
