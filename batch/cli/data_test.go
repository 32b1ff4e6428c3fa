package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"axgbind/report"
	"axgbind/report/reference"
)

// kept is what the reference says of a file.
type kept struct {
	numbers bool
	mode    string // blank: not ours to say
}

var dataRow = regexp.MustCompile("(?m)^\\| (`[^|]+?) *\\| (\\S+) *\\| (\\S+) *\\|")

// dataPage reads the table of files of the reference.
func dataPage(lang report.Lang, yes string) map[string]kept {
	topic, _ := reference.Find("keys")
	files := map[string]kept{}
	for _, m := range dataRow.FindAllStringSubmatch(topic.Page(lang), -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(m[1], -1) {
			words := strings.Fields(name[1]) // a flag may stand before the name
			k := kept{numbers: m[2] == yes}
			if strings.HasPrefix(m[3], "0") {
				k.mode = m[3]
			}
			files[words[len(words)-1]] = k
		}
	}
	return files
}

// TestDataPage: every file that a job leaves stands on the page of keys and
// privacy, with its mode, and with whether it holds full numbers. The Chinese
// page says the same.
func TestDataPage(t *testing.T) {
	page := dataPage(report.EN, "yes")
	if diff := cmp.Diff(page, dataPage(report.ZH, "有"), cmp.AllowUnexported(kept{})); diff != "" {
		t.Errorf("the pages differ (-en +zh):\n%s", diff)
	}
	p := newPlace(t)
	p.sim.real()
	rows := content(8000, 4)
	rows[4][0] += "1" // a number of 12 digits, to be corrected
	p.write("july.csv", rows)
	axgbind(t, p.sim.bind(p.path("july.csv"), "--trial", "3", "--yes")...).want(t, 0)
	axgbind(t, p.sim.bind(p.path("july.csv"), "--failed", p.path("fix.csv"), "--summary", p.path("july.json"),
		"--log", p.path("july.log"), "-v", "--metrics", p.path("axgbind.prom"))...).want(t, 3)
	axgbind(t, "report", p.path("july.results.csv"), "-o", p.path("july.html")).want(t, 0)
	axgbind(t, "bind", "--simulate", p.path("july.csv")).want(t, 3)
	axgbind(t, "unbind", p.path("july.results.csv"), "--endpoint", p.sim.url, "--lines", "2", "--yes").want(t, 0)

	var list []string
	for _, dir := range []string{p.dir, memory(t)} {
		for _, name := range files(t, dir) {
			list = append(list, filepath.Join(dir, name))
		}
	}
	for _, path := range list {
		name := filepath.Base(path)
		if journal, _, mark := strings.Cut(name, ".at-"); mark {
			name = journal + ".at-N-SUM"
		}
		said, ok := page[name]
		if !ok {
			if strings.Contains(name, "simulated") && (strings.HasSuffix(name, ".lock") || strings.HasSuffix(name, ".at-N-SUM")) {
				continue // as of the real journal
			}
			t.Errorf("%s is not on the page", name)
			continue
		}
		delete(page, name)
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if mode := fmt.Sprintf("%04o", info.Mode().Perm()); said.mode != "" && mode != said.mode && runtime.GOOS != "windows" {
			t.Errorf("%s has mode %s, the page says %s", name, mode, said.mode)
		}
		text, full := read(t, path), false
		for _, r := range rows[1:] {
			full = full || strings.Contains(text, r[0])
		}
		if full != said.numbers {
			t.Errorf("%s holds full numbers: %v, the page says %v", name, full, said.numbers)
		}
	}
	// What is there only for a time, or only after reconcile: TestUnbindDuplicates; or
	// where UNKNOWN rows left the input: TestUnknownLeaves.
	delete(page, "july.results.duplicates.csv")
	delete(page, "july.results.kept-BATCH.csv")
	delete(page, "july.results.csv.new.csv")
	delete(page, "axgbind.journal.reserve")
	if len(page) > 0 {
		t.Errorf("on the page, and not left by a job: %v", page)
	}
}
