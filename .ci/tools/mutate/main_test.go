package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// treeOf makes a repository of files, and returns its top.
func treeOf(t *testing.T, files map[string]string) string {
	t.Helper()
	t.Setenv("GOFLAGS", "")
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("git", "init", "-q")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git init: %v: %s", err, out)
	}
	return root
}

// watched is a module of a package that is tested well, one that is not, and one
// whose tests fail.
var watched = map[string]string{
	"go.mod":         "module example\n\ngo 1.26.0\n",
	"well/well.go":   "package well\n\nfunc Less(a, b int) bool { return a < b }\n",
	"well/words.txt": "words",
	"well/well_test.go": `package well

import (
	"os"
	"testing"
)

// Files of tests have no mutants.
func equal(a, b bool) bool { return a == b && b == a || a != b == (a != b) }

func TestLess(t *testing.T) {
	if !equal(Less(1, 2), true) || Less(2, 2) || Less(3, 2) {
		t.Fail()
	}
	if text, err := os.ReadFile("words.txt"); err != nil || len(text) != 5 {
		t.Fatal("the tests before damaged what they read")
	}
	if err := os.WriteFile("words.txt", []byte("these words are changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(os.Getenv("HOME")+"/litter", nil, 0o400); err != nil {
		t.Fatal(err)
	}
}
`,
	"badly/badly.go": "package badly\n\nfunc Less(a, b int) bool { return a < b }\n",
	"badly/badly_test.go": `package badly

import "testing"

func TestLess(t *testing.T) {
	if !Less(1, 2) {
		t.Fail()
	}
}
`,
	"above/above.go":      "package above\n\nimport \"example/badly\"\n\nfunc Min(a, b int) int {\n\tif badly.Less(a, b) {\n\t\treturn a\n\t}\n\treturn b\n}\n",
	"above/above_test.go": "package above\n\nimport (\n\t\"testing\"\n\n\t\"example/badly\"\n)\n\nfunc TestMin(t *testing.T) {\n\tif Min(2, 1) != 1 || badly.Less(1, 1) {\n\t\tt.Fail()\n\t}\n}\n",
	"red/red.go":          "package red\n\nfunc Less(a, b int) bool { return a < b }\n",
	"red/red_test.go":     "package red\n\nimport \"testing\"\n\nfunc TestRed(t *testing.T) { t.Error(\"it is red\") }\n",
	"bare/bare.go":        "package bare\n\nfunc Less(a, b int) bool { return a < b }\n",
	"words/words.go":      "package words\n\n// Seven needs its only statement: n is used nowhere else.\nfunc Seven(b *[1]int) { n := 0; b[n] = 7 }\n",
	"words/words_test.go": "package words\n\nimport \"testing\"\n\nfunc TestWords(*testing.T) {}\n",
}

func TestRun(t *testing.T) {
	root := treeOf(t, watched)
	for _, c := range []struct {
		name, args string
		status     int
		out        []string // its lines, those of mutants sorted
		errs       string   // what is among the errors
	}{
		{"all killed", "--random 9 --seed 1 ./well", reached, []string{
			"killed   well/well.go:3  a < b -> a <= b",
			"killed   well/well.go:3  a < b -> a >= b",
			"example/well: 2 of 2 killed, 100%"}, ""},
		{"one alive", "--random 2 --seed 1 ./badly", missed, []string{
			"ALIVE    badly/badly.go:3  a < b -> a <= b",
			"killed   badly/badly.go:3  a < b -> a >= b",
			"example/badly: 1 of 2 killed, 50%"}, ""},
		{"half is enough", "--random 2 --least 50 ./badly", reached, []string{
			"ALIVE    badly/badly.go:3  a < b -> a <= b",
			"killed   badly/badly.go:3  a < b -> a >= b",
			"example/badly: 1 of 2 killed, 50%"}, ""},
		{"half is not enough", "--random 2 --least 51 ./badly", missed, []string{
			"ALIVE    badly/badly.go:3  a < b -> a <= b",
			"killed   badly/badly.go:3  a < b -> a >= b",
			"example/badly: 1 of 2 killed, 50%"}, ""},
		{"the package above sees it", "--random 2 --by ./above --timeout 1m ./badly", reached, []string{
			"killed   badly/badly.go:3  a < b -> a <= b",
			"killed   badly/badly.go:3  a < b -> a >= b",
			"example/badly: 2 of 2 killed, 100%"}, ""},
		{"no mutant that compiles", "--random 2 ./words", reached, []string{"example/words: no mutants"}, ""},
		{"tests that fail", "--random 2 ./red", unknown, nil, "it is red"},
		{"no tests", "--random 2 ./bare", unknown, nil, "example/bare: it has no tests"},
		{"no such package", "--random 2 ./gone", unknown, nil, "gone"},
		{"no package", "--random 2", unknown, nil, "usage: "},
		{"none asked for", "./well", unknown, nil, "usage: "},
		{"more than all", "--random 2 --least 101 ./well", unknown, nil, "usage: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			if status := run(t.Context(), strings.Fields(c.args), root, &out, &errs); status != c.status {
				t.Errorf("status %d, want %d: %s", status, c.status, &errs)
			}
			got := strings.FieldsFunc(out.String(), func(r rune) bool { return r == '\n' })
			if len(got) > 0 {
				slices.Sort(got[:len(got)-1])
			}
			if !slices.Equal(got, c.out) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(c.out, "\n\t"))
			}
			if !strings.Contains(errs.String(), c.errs) || c.errs == "" && errs.Len() > 0 {
				t.Errorf("errors are %q, want %q among them", &errs, c.errs)
			}
		})
	}
	if text, err := os.ReadFile(filepath.Join(root, "well/words.txt")); string(text) != "words" {
		t.Errorf("the tree was changed: %q, %v", text, err)
	}
}

// A mutant whose tests do not end is killed.
func TestEndless(t *testing.T) {
	root := treeOf(t, map[string]string{
		"go.mod": "module example\n\ngo 1.26.0\n",
		"p/p.go": "package p\n\nfunc Wait(done bool) { for !done { } }\n",
		"p/p_test.go": `package p

import "testing"

func TestWait(*testing.T) { Wait(true) }
`})
	packages, err := load(t.Context(), root, []string{"./p"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBench(t.Context(), root, 500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	all := packages[0].mutants()
	if len(all) != 1 {
		t.Fatalf("got %v, want one mutant", all)
	}
	if killed, err := b.kills(t.Context(), packages[0], all[0]); !killed || err != nil {
		t.Errorf("%v: killed %v, error %v", all[0], killed, err)
	}
}

// The same seed draws the same mutants of a package, whatever else is asked about;
// another seed draws others. None is drawn twice, and none is in a file of tests.
func TestDrawing(t *testing.T) {
	files := map[string]string{
		"go.mod":         "module example\n\ngo 1.26.0\n",
		"a/a_test.go":    "package a\n\nfunc tested(a, b int) bool { return a < b && a > 3 }\n",
		"a/out_test.go":  "package a_test\n\nfunc tested(a, b int) bool { return a < b && a > 3 }\n",
		"a/a_windows.go": "package a\n\nfunc elsewhere(a, b int) bool { return a < b }\n",
		"a/a_linux.go":   "package a\n\nfunc elsewhere(a, b int) bool { return a < b }\n",
		"a/a_darwin.go":  "package a\n\nfunc elsewhere(a, b int) bool { return a < b }\n",
		"b/b.go":         "package b\n\nfunc f(a, b int) bool { return a < b }\n",
	}
	for _, name := range []string{"a", "c", "d"} {
		files["a/"+name+".go"] = "package a\n\nfunc " + name + "(a, b, c int) bool { return a < b && b < c || a == 1 && b == 2 && c == 3 }\n"
	}
	root := treeOf(t, files)
	draw := func(seed uint64, patterns ...string) (order []string) {
		packages, err := load(t.Context(), root, patterns)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range packages {
			if p.path == "example/a" {
				for _, m := range drawn(p, seed) {
					order = append(order, m.String())
				}
			}
		}
		return order
	}
	first := draw(1, "./a")
	if again := draw(1, "./b", "./a"); !slices.Equal(first, again) {
		t.Errorf("the same seed draws\n%s\nand\n%s", first, again)
	}
	other := draw(2, "./a")
	if slices.Equal(first, other) {
		t.Error("two seeds draw alike")
	}
	slices.Sort(first)
	slices.Sort(other)
	if !slices.Equal(first, other) {
		t.Error("two seeds draw from different mutants")
	}
	if len(slices.Compact(first)) != len(other) || len(other) < 30 {
		t.Errorf("%d mutants, want 30 or more and none twice", len(other))
	}
	form := regexp.MustCompile(`^a/(a|c|d|a_linux|a_windows|a_darwin)\.go:3  .+ -> .+$`)
	for _, m := range first {
		if !form.MatchString(m) {
			t.Errorf("drew %s", m)
		}
	}
}
