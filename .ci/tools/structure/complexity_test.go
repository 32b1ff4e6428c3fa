package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

// TestComplexity: the figures are those that gocognit gives, but for recursion, which
// needs types.
func TestComplexity(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       int
	}{
		{"nothing", "", 0},
		{"if", "if a {}", 1},
		{"else", "if a {} else {}", 2},
		{"else if", "if a {} else if b {} else {}", 3},
		{"nested", "for { if a { for range l {} } }", 1 + 2 + 3},
		{"else nested", "if a {} else if b { if a {} } else { if a {} }", 3 + 2 + 2},
		{"switch", "switch x { case 1: if a {}; case 2, 3: }", 1 + 2},
		{"type switch", "switch y.(type) { case int: for {} }", 1 + 2},
		{"select", "select { case <-ch: if a {}; default: }", 1 + 2},
		{"literal", "f := func() { if a {} }; f()", 2},
		{"literal in a condition", "if func() bool { if a {}; return b }() {}", 1 + 2},
		{"jumps", "top: for { if a { break }; if b { continue top }; goto top }", 1 + 2 + 2 + 1 + 1},
		{"one sequence", "return a && b && c", 1},
		{"three sequences", "return a && b || c && a", 3},
		{"parentheses", "return (a || b) && (b || c)", 3},
		{"parentheses that change nothing", "return a && (b && c)", 1},
		{"negation begins anew", "return a && !(b && c)", 2},
		{"argument begins anew", "return a && is(b && c)", 2},
		{"condition", "for a && b {}", 2},
		{"assigned first", "if x := a || b; x {}", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := parser.ParseFile(token.NewFileSet(), "", "package p; func f() { "+c.body+" }", 0)
			if err != nil {
				t.Fatal(err)
			}
			if have := complexity(f.Decls[0].(*ast.FuncDecl)); have != c.want {
				t.Errorf("%d, want %d", have, c.want)
			}
		})
	}
}

func TestCodeLines(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"", 0},
		{"// Package p.\npackage p\n\n", 1},
		{"package p // here\n/* there\n\n*/ var x = 1\n", 2},
		{"package p\n\nvar s = `a\n\n// no comment\n` + `b\n`\n", 6},
		{"package p\n\nfunc f() {\n\tg()\n\n}", 4},
	} {
		if have := codeLines([]byte(c.text)); have != c.want {
			t.Errorf("%q: %d, want %d", c.text, have, c.want)
		}
	}
}

func TestCycles(t *testing.T) {
	groups := cycles(map[string][]string{
		"a": {"b", "leaf"}, "b": {"c"}, "c": {"a", "self"}, "self": {"self", "d"}, "d": {"e"}, "e": {"d", "leaf"}, "lone": {"a"},
	})
	sizes := map[int]int{}
	for _, g := range groups {
		sizes[len(g)]++
	}
	if len(groups) != 3 || sizes[3] != 1 || sizes[2] != 1 || sizes[1] != 1 {
		t.Errorf("%v", groups)
	}
}
