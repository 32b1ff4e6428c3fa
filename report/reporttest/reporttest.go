// Package reporttest reads the sentences of package report out of its source, for tests
// that hold all of them. Nothing of the program imports it.
package reporttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"axgbind/report"
)

// Sentence is one declaration of a file words_*.go.
type Sentence struct {
	Name string
	File string // its base name, such as words_run.go
	report.Text
}

// Sentences returns all of them, in the order of files and declarations. A declaration
// that is none fails the test.
func Sentences(t testing.TB) (list []Sentence) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(here), "..", "words_*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of words: %v", err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for v := range declared(f) {
			list = append(list, sentence(t, filepath.Base(path), v))
		}
	}
	return list
}

// declared are the variables of a file.
func declared(f *ast.File) iter.Seq[*ast.ValueSpec] {
	return func(yield func(*ast.ValueSpec) bool) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				return false
			case *ast.ValueSpec:
				yield(n)
				return false
			}
			return true
		})
	}
}

// sentence is what a variable is set to.
func sentence(t testing.TB, file string, v *ast.ValueSpec) Sentence {
	t.Helper()
	lit, ok := v.Values[0].(*ast.CompositeLit)
	if !ok || len(lit.Elts) != 2 {
		t.Fatalf("%s: %s is no sentence in two languages", file, v.Names[0].Name)
	}
	return Sentence{v.Names[0].Name, file, report.Text{EN: text(t, lit.Elts[0]), ZH: text(t, lit.Elts[1])}}
}

// text is a string of the source, or several that are put together.
func text(t testing.TB, e ast.Expr) string {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		if err != nil {
			t.Fatal(err)
		}
		return s
	case *ast.BinaryExpr:
		return text(t, e.X) + text(t, e.Y)
	}
	t.Fatalf("a sentence is made of %T", e)
	return ""
}
