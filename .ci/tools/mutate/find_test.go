package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// packageOf makes a package of one file, whose text may leave the package clause out.
func packageOf(t *testing.T, text string) *pkg {
	t.Helper()
	p := &pkg{path: "example/p", dir: "p", fset: token.NewFileSet()}
	if !strings.Contains(text, "package p\n") {
		text = "package p\n" + text
	}
	src := []byte(text + "\n")
	file, err := parser.ParseFile(p.fset, "p.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	p.files = []source{{"p/p.go", "p.go", src, file}}
	if err := p.resolve(importer.ForCompiler(p.fset, "source", nil), ""); err != nil {
		t.Fatal(err)
	}
	return p
}

// shown are the mutants of a text that compile, as a person sees them.
func shown(t *testing.T, text string) []string {
	t.Helper()
	p := packageOf(t, text)
	var all []string
	for _, m := range p.mutants() {
		if p.compiles(m) {
			_, what, _ := strings.Cut(m.String(), "  ")
			all = append(all, what)
		}
	}
	return all
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"less", `func f(a, b int) bool { return a < b }`, []string{"a < b -> a <= b", "a < b -> a >= b"}},
		{"at most", `func f(a, b int) bool { return a <= b }`, []string{"a <= b -> a < b", "a <= b -> a > b"}},
		{"more", `func f(a, b int) bool { return a > b }`, []string{"a > b -> a <= b", "a > b -> a >= b"}},
		{"at least", `func f(a, b int) bool { return a >= b }`, []string{"a >= b -> a < b", "a >= b -> a > b"}},
		{"equal", `func f(a, b string) bool { return a == b }`, []string{"a == b -> a != b"}},
		{"unequal", `func f(a, b string) bool { return a != b }`, []string{"a != b -> a == b"}},
		{"if", `func f(ok bool) { if ok { f(true) } }`, []string{"if ok -> if !ok", "f(true) -> (nothing)"}},
		{"if not", `func f(ok bool) { if !ok { _ = 1 } }`, []string{"if !ok -> if ok"}},
		{"if of a comparison", `func f(a int) { if a == 3 { _ = 1 } }`, []string{"a == 3 -> a != 3"}},
		{"for", `func f(ok bool) { for ok { _ = 1 } }`, []string{"for ok -> for !ok"}},
		{"for ever", `func f() { for { _ = 1 } }`, nil},
		{"case", `func f(ok bool) { switch { case ok: } }`, []string{"case ok -> case !ok"}},
		{"case of a value", `func f(ok, a bool) { switch ok { case a: } }`, nil},
		{"and", `func f(a, b bool) bool { x := a && b; return !x }`, []string{"a && b -> a || b", "return !x -> return x"}},
		{"or", `func f(a, b bool) { if a || b { _ = 1 } }`, []string{"if a || b -> if !(a || b)", "a || b -> a && b"}},
		{"truth", `func f() bool { return true }`, []string{"return true -> return false"}},
		{"untruth", `func f() (int, bool) { return 0, false }`, []string{"return 0, false -> return 0, true"}},
		{"truth called", `func f() bool { return f() }`, []string{"return f() -> return !f()"}},
		{"result of another type", `type yes bool; func f(y yes) yes { return y }`, []string{"return y -> return !y"}},
		{"error", `func f(e error) (string, error) { return "", e }`, []string{`return "", e -> return "", nil`}},
		{"no error", `func f() (string, error) { return "", nil }`, nil},
		{"results of one call", `func f() (int, error) { return f() }`, nil},
		{"integer", `func f(n int64) int64 { return n }`, []string{"return n -> return 0"}},
		{"integer 0", `func f() int { return 0 }`, nil},
		{"duration", `import "time"; func f() time.Duration { return time.Second }`, []string{"return time.Second -> return 0"}},
		{"a function in a function", `func f() string { g := func() int { return 7 }; _ = g; return "" }`, []string{"return 7 -> return 0"}},
		{"counter", `func f(n int) { n++; n--; n += 2; n -= 2 }`, []string{"n++ -> n--", "n-- -> n++",
			"n += 2 -> (nothing)", "n += 2 -> n -= 2", "n -= 2 -> (nothing)", "n -= 2 -> n += 2"}},
		{"text is no counter", `func f(s string) { s += "a" }`, []string{`s += "a" -> (nothing)`}},
		{"one", `func f(n int) { _, _, _ = n, f, func() { g(n + 1); g(n - 1); g(n + 2) } }; func g(int) {}`,
			[]string{"g(n + 1) -> (nothing)", "n + 1 -> n - 1", "g(n - 1) -> (nothing)", "n - 1 -> n + 1", "g(n + 2) -> (nothing)"}},
		{"statements", `type t struct{ a int }; func f(v *t, m map[int]int) { v.a = 3; m[1], m[2] = 1, 2; delete(m, 1) }`,
			[]string{"v.a = 3 -> (nothing)", "m[1], m[2] = 1, 2 -> (nothing)", "delete(m, 1) -> (nothing)"}},
		{"a new variable stays", `func f(int) { n := 3; f(n); f(n) }`, []string{"f(n) -> (nothing)", "f(n) -> (nothing)"}},
		{"what is then unused does not compile", `import "strings"; func f(b *strings.Builder) { e := 1; strings.Contains("", ""); b.Len(); _ = e }`,
			[]string{`strings.Contains("", "") -> (nothing)`, "b.Len() -> (nothing)"}},
		{"an assignment that nothing but it needs", `import "strings"; func f(s string) { s = strings.ToUpper(s) }`, nil},
		{"select", `func f(c chan int, n int) { select { case n = <-c: n = 3 } }`, []string{"n = 3 -> (nothing)"}},
		{"a loop counts", `func f(n int) { for ; ; n += 2 { } }`, []string{"n += 2 -> n -= 2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shown(t, c.text); !slices.Equal(got, c.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
			}
		})
	}
}

func TestSpared(t *testing.T) {
	for name, text := range map[string]string{
		"comment":             "// f tells a < b && b++.\nfunc f() { /* a == b */ }",
		"text":                `func f() string { return "a < b" }`,
		"panic":               `func f(a, b int) { panic([]any{a < b, a + 1}) }`,
		"room of a map":       `func f(n int) any { return make(map[int]int, n+1) }`,
		"room of a slice":     `func f(n int) any { return make([]int, 0, n-1) }`,
		"room of a builder":   `import "strings"; func f(b *strings.Builder, n int) { b.Grow(n + 1) }`,
		"room to append":      `import "slices"; func f(s []int) []int { s = slices.Grow(s, len(s)+1); return s }`,
		"room to read":        `import ("bufio"; "io"); func f(r io.Reader, n int) any { return bufio.NewReaderSize(r, n+1) }`,
		"numbered constants":  `const ( a = iota + 1; b )`,
		"words of a String":   `type s int; func (v s) String() string { return [...]string{2 - 1: "one"}[v] }`,
		"assigned to nothing": `func f(a string) { _ = a }`,
		"generated":           "// Code generated by hand. DO NOT EDIT.\npackage p\nfunc f(a, b int) bool { return a < b }",
	} {
		t.Run(name, func(t *testing.T) {
			if got := shown(t, text); len(got) > 0 {
				t.Errorf("got %q, want none", got)
			}
		})
	}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"the largest", `func f(a, m int) { if a > m { m = a } }`, []string{"a > m -> a <= m", "m = a -> (nothing)"}},
		{"not the largest", `func f(a, m int) { if a > m { m = 1 } }`, []string{"a > m -> a <= m", "a > m -> a >= m", "m = 1 -> (nothing)"}},
		{"length of a slice", `func f(n int) any { return make([]int, n+1) }`, []string{"n+1 -> n-1"}},
		{"length of a channel", `func f(n int) any { return make(chan int, n+1) }`, []string{"n+1 -> n-1"}},
		{"constant", `const a = b + 1; const b = 2`, []string{"b + 1 -> b - 1"}},
		{"logic of a String", `type s int; func (v s) String() string { if v > 3 { return "" }; return "a" }`, []string{"v > 3 -> v <= 3", "v > 3 -> v >= 3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shown(t, c.text); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// What stood together stands together when one "and" or "or" has changed: the tree
// is the same but for its operator.
func TestLogicKeepsItsTree(t *testing.T) {
	for text, want := range map[string][]string{
		"a && b || c":   {"((a || b) || c)", "((a && b) && c)"},
		"a || b && c":   {"(a && (b && c))", "(a || (b || c))"},
		"a || b || c":   {"((a && b) || c)", "((a || b) && c)"},
		"a && b && c":   {"((a || b) && c)", "((a && b) || c)"},
		"a && (b || c)": {"(a || (b || c))", "(a && (b && c))"},
	} {
		p := packageOf(t, "func f(a, b, c bool) { g("+text+") }; func g(bool) {}")
		var got []string
		for _, m := range p.mutants() {
			if m.is == nothing {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), "", m.apply(p.files[0].text), 0)
			if err != nil {
				t.Fatal(err)
			}
			call := file.Decls[0].(*ast.FuncDecl).Body.List[0].(*ast.ExprStmt).X.(*ast.CallExpr)
			got = append(got, tree(call.Args[0]))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// tree writes an expression with all its parentheses.
func tree(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return "(" + tree(e.X) + " " + e.Op.String() + " " + tree(e.Y) + ")"
	case *ast.Ident:
		return e.Name
	}
	return "?"
}

func TestAbridged(t *testing.T) {
	long := strings.Repeat("世", 100)
	for _, c := range []struct{ was, is, wantWas, wantIs string }{
		{"a <\n\t\tb", "a <=\n\t\tb", "a < b", "a <= b"},
		{long + " < " + long, long + " >= " + long, "…" + strings.Repeat("世", 12) + " < " + strings.Repeat("世", 11) + "…",
			"…" + strings.Repeat("世", 12) + " >= " + strings.Repeat("世", 11) + "…"},
		{"f(" + long + ")", nothing, "f(" + strings.Repeat("世", 23) + "…", nothing},
		{"for " + long, "for !" + long, "for " + strings.Repeat("世", 12) + "…", "for !" + strings.Repeat("世", 12) + "…"},
	} {
		was, is := abridged(c.was, c.is)
		if was != c.wantWas || is != c.wantIs {
			t.Errorf("%.20q, %.20q: got\n%s -> %s, want\n%s -> %s", c.was, c.is, was, is, c.wantWas, c.wantIs)
		}
	}
}
