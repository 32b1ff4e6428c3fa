package report_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"axgbind/report"
	"axgbind/report/reporttest"
)

// TestSentences fails for a sentence that one language lacks, or whose languages do not
// take the same arguments, or that has the words of another.
func TestSentences(t *testing.T) {
	all := reporttest.Sentences(t)
	if len(all) < 100 {
		t.Fatalf("only %d sentences", len(all))
	}
	for _, p := range all {
		if p.EN == "" || p.ZH == "" {
			t.Errorf("%s is empty in one language: %q %q", p.Name, p.EN, p.ZH)
		}
		if p.EN == "%s" || p.EN == "%[1]s" {
			continue // words of somebody else, which Chinese says with its own
		}
		if stray := strings.Contains(p.EN, " ;") || strings.Contains(p.EN, " ,") || strings.Contains(p.ZH, " ；") || strings.Contains(p.ZH, " ，"); stray {
			t.Errorf("%s: a blank before a sign: %q %q", p.Name, p.EN, p.ZH)
		}
		if en, zh := verbs(p.EN), verbs(p.ZH); !slices.Equal(en, zh) {
			t.Errorf("%s takes different arguments: %q %v, %q %v", p.Name, p.EN, en, p.ZH, zh)
		}
	}
}

// TestSentencesAreSaid fails for a sentence that nothing says. The list of those by which a
// Reason is recognised, said.go, says none.
func TestSentencesAreSaid(t *testing.T) {
	said := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		base := filepath.Base(path)
		if err != nil || d.IsDir() || !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") || base == "said.go" {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		own := filepath.Dir(path) == filepath.Join("..", "report")
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "report" {
					said[n.Sel.Name] = true
				}
			case *ast.Ident:
				said[n.Name] = said[n.Name] || own
			case *ast.GenDecl:
				return !strings.HasPrefix(base, "words_") // a declaration says nothing
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range reporttest.Sentences(t) {
		if !said[p.Name] {
			t.Errorf("%s: nothing says %s", p.File, p.Name)
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([-+#0-9.]*)([a-zA-Z%])`)

// verbs lists the arguments a sentence takes, by position.
func verbs(s string) []string {
	var list []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(s, -1) {
		if m[3] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		list = append(list, strconv.Itoa(next)+m[3])
		next++
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestTextWithoutUseForArguments(t *testing.T) {
	if got := report.ActionLate.In(report.EN, 7); got != report.ActionLate.In(report.EN) {
		t.Errorf("arguments that a sentence has no use for show: %q", got)
	}
}

// TestTextInText: what has words of its own in each language is put in in
// that of the whole, and the arguments stay what they were.
func TestTextInText(t *testing.T) {
	args := []any{"x.csv", report.Say(report.WhyNotExist, "no such file")}
	for lang, want := range []string{"input x.csv: no such file", "输入文件 x.csv：文件或目录不存在"} {
		if got := report.ErrNoInput.In(report.Lang(lang), args...); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if _, ok := args[1].(report.Said); !ok {
		t.Errorf("the arguments were changed: %v", args)
	}
}

// TestLasts: a further run sends what does not last, if it may. A row that is
// held is judged afresh.
func TestLasts(t *testing.T) {
	lasting := map[report.Status]bool{report.Bound: true, report.Unknown: true, report.Released: true}
	for _, s := range report.Statuses {
		if s.Lasts() != lasting[s] {
			t.Errorf("%v lasts: %v", s, s.Lasts())
		}
	}
}

func TestMask(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"1", "(1)"},
		{"12345678", "(8)"},
		{"123456789", "123****6789"},
		{"13800138000", "138****8000"},
		{"057188992688", "057****2688"},
		{"１３８００１３８０００", "１３８****８０００"},
	} {
		if got := report.Mask(c.in); got != c.want {
			t.Errorf("Mask(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestStatusNames(t *testing.T) {
	for _, s := range report.Statuses {
		if got, ok := report.ParseStatus(s.String()); !ok || got != s {
			t.Errorf("%v reads back as %v, %v", s, got, ok)
		}
	}
	var names []string
	for _, s := range report.Statuses {
		names = append(names, s.String())
	}
	if got := strings.Join(names, " "); got != "BOUND FAILED INVALID HELD UNKNOWN PENDING RELEASED" {
		t.Errorf("the order is %s", got)
	}
	for _, bad := range []string{"", "bound", "BOUND ", "DONE", "held"} {
		if s, ok := report.ParseStatus(bad); ok {
			t.Errorf("ParseStatus(%q) = %v, want none", bad, s)
		}
	}
}
