package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestMap: each line of the map in CONTRIBUTING.md names one file, which is there and has
// what the line says to look for. No two lines say the same.
func TestMap(t *testing.T) {
	line := regexp.MustCompile("^\\| ([^|`]+) \\| `([^`]+)` \\| `([^`]+)` \\|$")
	var seen []string
	for l := range strings.Lines(contributing(t)) {
		l = strings.TrimSpace(l)
		if !strings.HasPrefix(l, "| ") || strings.HasPrefix(l, "| to change ") || strings.HasPrefix(l, "| --- ") {
			continue
		}
		m := line.FindStringSubmatch(l)
		if m == nil {
			t.Errorf("not what to change, one file and what to look for: %s", l)
			continue
		}
		what, file, there := m[1], m[2], m[3]
		if slices.Contains(seen, what) {
			t.Errorf("twice: %s", what)
		}
		seen = append(seen, what)
		text, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Errorf("%s: %v", what, err)
		} else if !strings.Contains(string(text), there) {
			t.Errorf("%s: %s has no %s", what, file, there)
		}
	}
	if len(seen) < 12 {
		t.Errorf("the map has %d lines", len(seen))
	}
}

// TestPicture: the packages in CONTRIBUTING.md are ours, and import what is drawn.
func TestPicture(t *testing.T) {
	drawn := 0
	for l := range strings.Lines(contributing(t)) {
		from, to, ok := strings.Cut(l, " -> ")
		if !ok {
			continue
		}
		for _, name := range strings.Fields(from) {
			may, ours := allowed[name]
			switch {
			case !ours:
				t.Errorf("there is no package %s", name)
			case strings.TrimSpace(to) == "nothing of ours":
				if len(may) > 0 {
					t.Errorf("%s imports %v", name, may)
				}
			default:
				for _, i := range strings.Fields(to) {
					if !slices.Contains(may, i) {
						t.Errorf("%s does not import %s", name, i)
					}
				}
			}
			drawn++
		}
	}
	if drawn < 12 {
		t.Errorf("%d packages are drawn", drawn)
	}
}

func contributing(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(".github", "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
