package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// small is a module with two packages, of which one declares commands, and a module
// below that is not its own.
var small = map[string]string{
	"go.mod":             "module small\n\ngo 1.26\n\nrequire github.com/spf13/cobra v1.0.0\n\nreplace github.com/spf13/cobra => ./other\n",
	"other/go.mod":       "module github.com/spf13/cobra\n",
	"other/cobra.go":     "package cobra\n\ntype Command struct{ Use, Short string }\n",
	"main.go":            "package main\n\nimport \"small/in\"\n\nfunc main() { in.Do() }\n",
	"main_test.go":       "package main\n\nfunc more() {}\n",
	"in/a.go":            "package in\n\nimport \"github.com/spf13/cobra\"\n\nvar commands = []*cobra.Command{{Use: \"bind FILE\", Short: \"unbind\"}, {Use: update}}\n\nconst update = \"update\"\n\n// Do does.\nfunc Do() {\n\tvar t T\n\tt.Even(t.n)\n}\n",
	"in/b.go":            "package in\n\n// T is one.\ntype T struct{ n int }\n\n// Even is called by odd.\nfunc (t *T) Even(n int) bool { return n == 0 || t.odd(n-1) }\n\nfunc (t *T) odd(n int) bool {\n\tfound := n > 0 && t.Even(n-1)\n\tDo()\n\treturn found\n}\n",
	"in/c.go":            "package in\n\nfunc verb(name string, t T) bool {\n\tswitch name {\n\tcase \"bind\", update, \"unbind\":\n\t}\n\treturn name != update && t.n == 0\n}\n",
	"in/other_plan9.go":  "package in\n\nfunc other() {\n\tif true {\n\t}\n}\n",
	"in/x_plan9_test.go": "package in\n\nthis is not read\n",
}

func write(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// structure runs the program.
func structure(t *testing.T, args ...string) (status int, out string) {
	t.Helper()
	var o, e strings.Builder
	status = run(args, &o, &e)
	return status, o.String() + e.String()
}

func TestFigures(t *testing.T) {
	status, out := structure(t, write(t, small))
	// Do uses T, Even and n of b.go, odd uses Do; verb uses update twice, T and n.
	want := `  files  lines  code  names  methods  links  both ways  upwards  cycle  package
      1      5     3      0        0      0          0        0      0  .
      4     40    28      2        1      4          1        1      2  in
      5     45    31      2        1      4          1        1      2  in all

references that run upwards between packages: none, the build refuses them
longest file: in/a.go, 13 lines
longest function: in.verb, 6 lines
branches on command names: 3
    3  in.verb
functions of a complexity over 20: 0
all limits kept
`
	if status != kept || out != want {
		t.Errorf("status %d\n%s", status, out)
	}
}

// TestRecursion: functions that call each other each count one more, once.
func TestRecursion(t *testing.T) {
	m, err := load(write(t, small))
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]int{}
	for _, f := range m.measure().functions {
		have[f.name] = f.complexity
	}
	want := map[string]int{"..main": 0, "in.Do": 1, "in.(*T).Even": 2, "in.(*T).odd": 2, "in.verb": 2, "in.other": 1}
	if !maps.Equal(have, want) {
		t.Errorf("%v, want %v", have, want)
	}
}

// TestAgreed: what is too large fails, unless it was agreed; what was agreed may shrink,
// but not grow.
func TestAgreed(t *testing.T) {
	large := maps.Clone(small)
	large["in/d.go"] = "package in\n\nfunc large(a bool) {\n" + strings.Repeat("\tif a {\n\t}\n", 22) + "}\n" + strings.Repeat("\n", 5000)
	for _, c := range []struct {
		name, list string
		status     int
		says       []string
	}{
		{"nothing", "", broken, []string{"TOO LARGE: function in.large: 22, at most 20\n", "TOO LARGE: lines in: 5088, at most 5000\n"}},
		{"less", "lines in 5088\nfunction in.large 21\n", broken, []string{"TOO LARGE: function in.large: 22, agreed 21\n"}},
		{"as much", "# a note\n\nlines in 5088\nfunction in.large 22\n", kept, []string{"all limits kept\n"}},
		{"more", "lines in 6000\nfunction in.large 22\nfiles in 31\nlines gone 9000\n", kept,
			[]string{"can be tightened: files in: needs no agreement\n", "can be tightened: lines gone: needs no agreement\n", "can be tightened: lines in: 5088, agreed 6000\n"}},
		{"no kind", "words in 1\n", unknown, []string{"structure.agreed, line 1: "}},
		{"no figure", "#\nlines in many\n", unknown, []string{"structure.agreed, line 2: "}},
		{"twice", "lines in 1\nlines in 2\n", unknown, []string{"structure.agreed, line 2: "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := maps.Clone(large)
			files[".ci/structure.agreed"] = c.list
			status, out := structure(t, write(t, files))
			if status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			for _, s := range c.says {
				if !strings.Contains(out, s) {
					t.Errorf("does not say %q:\n%s", s, out)
				}
			}
		})
	}
}

// TestTighten: the list gets the smaller figures, and nothing larger or new.
func TestTighten(t *testing.T) {
	files := maps.Clone(small)
	files["in/d.go"] = "package in\n\nfunc large(a bool) {\n" + strings.Repeat("\tif a {\n\t}\n", 22) + "}\n" + strings.Repeat("\n", 5000)
	files[".ci/structure.agreed"] = "lines in 6000\nfunction in.gone 22\n"
	dir := write(t, files)
	if status, out := structure(t, "--tighten", dir); status != broken || !strings.Contains(out, "tightened: 2\n") {
		t.Errorf("status %d\n%s", status, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, ".ci", "structure.agreed"))
	if err != nil {
		t.Fatal(err)
	}
	if _, list, _ := strings.Cut(string(text), "--tighten\n"); list != "lines in 5088\n" {
		t.Errorf("%s", text)
	}
}

// TestWrong: what cannot be read is neither kept nor broken.
func TestWrong(t *testing.T) {
	files := maps.Clone(small)
	files["in/d.go"] = "package in\n\nvar x int = \"\"\n"
	for _, args := range [][]string{{"--no-such"}, {".", "."}, {t.TempDir()}, {write(t, files)}} {
		if status, out := structure(t, args...); status != unknown || out == "" {
			t.Errorf("%q: status %d\n%s", args, status, out)
		}
	}
}
