package reference_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"axgbind/report"
	"axgbind/report/reference"
)

// TestPages: each page has a title, lines that fit, and tables whose columns are aligned.
func TestPages(t *testing.T) {
	const widest = 104
	for _, topic := range reference.Topics() {
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			page := topic.Page(lang)
			if title := topic.Title(lang); title == "" || !strings.HasPrefix(page, "# "+title+"\n\n") {
				t.Errorf("%s: begins with %.40q", topic.Name, page)
			}
			if strings.Contains(page, "<!--") {
				t.Errorf("%s: a comment is left", topic.Name)
			}
			var bars []int // where the columns of the table begin
			for line := range strings.Lines(page) {
				line = strings.TrimSuffix(line, "\n")
				if n := report.Columns(line); n > widest {
					t.Errorf("%s: %d columns: %s", topic.Name, n, line)
				}
				if !strings.HasPrefix(line, "|") {
					bars = nil
					continue
				}
				at := columnsOf(line)
				if bars != nil && !slices.Equal(at, bars) {
					t.Errorf("%s: not aligned: %s", topic.Name, line)
				}
				bars = at
			}
		}
	}
}

// columnsOf are the columns of a terminal in which a line has its bars.
func columnsOf(line string) (at []int) {
	for i, r := range line {
		if r == '|' && (i == 0 || line[i-1] != '\\') {
			at = append(at, report.Columns(line[:i]))
		}
	}
	return at
}

// TestFind: a page is found by its name and by the other names, none of which is twice.
func TestFind(t *testing.T) {
	seen := map[string]bool{}
	for _, topic := range reference.Topics() {
		for _, name := range append([]string{topic.Name}, topic.Also...) {
			if found, ok := reference.Find(name); !ok || found.Name != topic.Name || seen[name] {
				t.Errorf("%s finds %q, or is there twice", name, found.Name)
			}
			seen[name] = true
		}
	}
	if found, ok := reference.Find("nothing"); ok {
		t.Errorf("nothing finds %s", found.Name)
	}
}

// TestHeldByTests: each test that the source of a page names is there.
func TestHeldByTests(t *testing.T) {
	top := filepath.Join("..", "..")
	tests := map[string]bool{} // package.Test
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			tests[filepath.Base(filepath.Dir(path))+"."+m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\b\w+\.Test\w+`)
	count := 0
	for _, topic := range reference.Topics() {
		text, err := os.ReadFile(topic.Name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range named.FindAllString(string(text), -1) {
			count++
			if !tests[name] {
				t.Errorf("%s: there is no %s", topic.Name, name)
			}
		}
	}
	if count < 100 {
		t.Errorf("%d tests are named", count)
	}
}
