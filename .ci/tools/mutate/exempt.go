package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// exempt marks what is not to be changed at or below a node: changes that no test can
// notice, because the program does the same, and texts of panics.
func (f *finder) exempt(n ast.Node, above []ast.Node) {
	switch n := n.(type) {
	case *ast.GenDecl:
		f.exempted[n] = n.Tok == token.CONST && f.counts(n)
	case *ast.CompositeLit:
		f.exempted[n] = inString(above)
	case *ast.IfStmt:
		if b := f.best(n); b != nil {
			f.equal[b] = true
		}
	case *ast.AssignStmt:
		f.exempted[n] = f.copies(n)
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok {
			switch f.called(call) {
			case "panic", "method Grow", "runtime.KeepAlive", "runtime.GC", "runtime.Gosched":
				f.exempted[n] = true
			}
		}
	case *ast.CallExpr:
		f.sizes(n)
	}
}

// sizes marks the arguments of a call that say how much room to make.
func (f *finder) sizes(n *ast.CallExpr) {
	from := len(n.Args)
	switch f.called(n) {
	case "panic", "method Grow":
		from = 0
	case "slices.Grow", "bufio.NewReaderSize", "bufio.NewWriterSize":
		from = 1
	case "make":
		from = 2
		if _, ok := f.info.TypeOf(n).Underlying().(*types.Map); ok {
			from = 1
		}
	}
	for _, e := range n.Args[min(from, len(n.Args)):] {
		f.exempted[e] = true
	}
}

// called names what is called: a builtin as itself, a function of a package with
// the package's path, a method after that word; empty for all else.
func (f *finder) called(n *ast.CallExpr) string {
	var id *ast.Ident
	switch fun := ast.Unparen(n.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return ""
	}
	switch o := f.info.Uses[id].(type) {
	case *types.Builtin:
		return o.Name()
	case *types.Func:
		if o.Signature().Recv() != nil {
			return "method " + o.Name()
		}
		return o.Pkg().Path() + "." + o.Name()
	}
	return ""
}

// counts reports whether constants are numbered by iota: others serve as well.
func (f *finder) counts(n *ast.GenDecl) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && f.info.Uses[id] == types.Universe.Lookup("iota")
		return !found
	})
	return found
}

// inString reports whether a node stands in a method String: its tables are words.
func inString(above []ast.Node) bool {
	for _, n := range above {
		if d, ok := n.(*ast.FuncDecl); ok && d.Recv != nil && d.Name.Name == "String" {
			return true
		}
	}
	return false
}

// best returns the comparison of a statement like: if x > most { most = x }. What
// it says of two that are equal changes nothing.
func (f *finder) best(n *ast.IfStmt) *ast.BinaryExpr {
	b, ok := n.Cond.(*ast.BinaryExpr)
	if !ok || n.Else != nil || len(comparisons[b.Op]) < 2 || len(n.Body.List) != 1 {
		return nil
	}
	a, ok := n.Body.List[0].(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 {
		return nil
	}
	x, y, to, from := f.textOf(b.X), f.textOf(b.Y), f.textOf(a.Lhs[0]), f.textOf(a.Rhs[0])
	if x == from && y == to || x == to && y == from {
		return b
	}
	return nil
}

// copies reports whether an assignment changes where a value lies, and not what it is.
func (f *finder) copies(n *ast.AssignStmt) bool {
	if len(n.Lhs) != 1 || len(n.Rhs) != 1 || n.Tok != token.ASSIGN {
		return false
	}
	call, ok := n.Rhs[0].(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || f.textOf(call.Args[0]) != f.textOf(n.Lhs[0]) {
		return false
	}
	switch f.called(call) {
	case "slices.Grow", "slices.Clip", "strings.Clone":
		return true
	}
	return false
}

// blank reports whether an assignment goes nowhere.
func blank(n *ast.AssignStmt) bool {
	for _, e := range n.Lhs {
		if id, ok := e.(*ast.Ident); !ok || id.Name != "_" {
			return false
		}
	}
	return true
}
