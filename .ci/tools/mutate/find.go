package main

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// mutants returns all that a package offers, by file and place, each once. Some of
// them may not compile.
func (p *pkg) mutants() []mutant {
	var all []mutant
	for _, s := range p.files {
		if ast.IsGenerated(s.file) {
			continue
		}
		f := finder{pkg: p, source: s, exempted: map[ast.Node]bool{}, equal: map[*ast.BinaryExpr]bool{}}
		ast.PreorderStack(s.file, nil, f.visit)
		all = append(all, f.found...)
	}
	slices.SortStableFunc(all, func(a, b mutant) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.text, b.text))
	})
	return slices.CompactFunc(all, func(a, b mutant) bool {
		return a.file == b.file && a.start == b.start && a.end == b.end && a.text == b.text
	})
}

// finder collects the mutants of one file.
type finder struct {
	*pkg
	source
	exempted map[ast.Node]bool        // what is not to be changed, nor anything below it
	equal    map[*ast.BinaryExpr]bool // comparisons of what may as well be equal
	found    []mutant
}

// visit collects what one node offers, and reports whether to look below it.
func (f *finder) visit(n ast.Node, above []ast.Node) bool {
	f.exempt(n, above)
	if f.exempted[n] {
		return false
	}
	switch n := n.(type) {
	case *ast.BinaryExpr:
		f.comparison(n)
		f.logic(n, above[len(above)-1])
		f.one(n)
	case *ast.IfStmt:
		f.condition("if ", n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			f.condition("for ", n.Cond)
		}
	case *ast.CaseClause:
		if s, ok := above[len(above)-2].(*ast.SwitchStmt); ok && s.Tag == nil {
			for _, e := range n.List {
				f.condition("case ", e)
			}
		}
	case *ast.ReturnStmt:
		f.results(n, above)
	case *ast.IncDecStmt:
		f.swap(n, n.TokPos, n.Tok, counters)
	case *ast.AssignStmt:
		f.swap(n, n.TokPos, n.Tok, counters)
		if n.Tok != token.DEFINE {
			f.deletion(n, above[len(above)-1])
		}
	case *ast.ExprStmt:
		if _, ok := n.X.(*ast.CallExpr); ok {
			f.deletion(n, above[len(above)-1])
		}
	}
	return true
}

// add collects one mutant: instead of the node of that place, the text. shown is
// the node that a person is shown, and holds the changed one.
func (f *finder) add(shown, n ast.Node, text string) {
	f.replace(shown, n.Pos(), n.End(), text)
}

// replace is add for what is no node.
func (f *finder) replace(shown ast.Node, from, to token.Pos, text string) {
	was := f.between(shown.Pos(), shown.End())
	is := f.between(shown.Pos(), from) + text + f.between(to, shown.End())
	f.keep(from, to, text, was, is)
}

func (f *finder) keep(from, to token.Pos, text, was, is string) {
	at := f.fset.Position(from)
	f.found = append(f.found, mutant{f.name, at.Line, at.Offset, f.offset(to), text, was, is})
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) between(from, to token.Pos) string {
	return string(f.text[f.offset(from):f.offset(to)])
}

func (f *finder) textOf(n ast.Node) string { return f.between(n.Pos(), n.End()) }

// comparisons say what takes the place of a comparison: the one whose limit is off
// by one, and its contrary.
var comparisons = map[token.Token][]token.Token{
	token.LSS: {token.LEQ, token.GEQ},
	token.LEQ: {token.LSS, token.GTR},
	token.GTR: {token.GEQ, token.LEQ},
	token.GEQ: {token.GTR, token.LSS},
	token.EQL: {token.NEQ},
	token.NEQ: {token.EQL},
}

// counters say which counter runs the other way.
var counters = map[token.Token][]token.Token{
	token.INC:        {token.DEC},
	token.DEC:        {token.INC},
	token.ADD_ASSIGN: {token.SUB_ASSIGN},
	token.SUB_ASSIGN: {token.ADD_ASSIGN},
}

// swap puts other operators in the place of one.
func (f *finder) swap(n ast.Node, at token.Pos, op token.Token, table map[token.Token][]token.Token) {
	for _, other := range table[op] {
		f.replace(n, at, at+token.Pos(len(op.String())), other.String())
	}
}

func (f *finder) comparison(n *ast.BinaryExpr) {
	table := comparisons
	if f.equal[n] {
		table = map[token.Token][]token.Token{n.Op: comparisons[n.Op][1:]}
	}
	f.swap(n, n.OpPos, n.Op, table)
}

// logic makes an "or" of an "and", and an "and" of an "or". Parentheses keep
// together what was together.
func (f *finder) logic(n *ast.BinaryExpr, parent ast.Node) {
	var op token.Token
	switch n.Op {
	case token.LAND:
		op = token.LOR
	case token.LOR:
		op = token.LAND
	default:
		return
	}
	side := func(e ast.Expr, binds int) string { // binds at least so strongly
		if b, ok := e.(*ast.BinaryExpr); ok && b.Op.Precedence() < binds {
			return "(" + f.textOf(e) + ")"
		}
		return f.textOf(e)
	}
	text := side(n.X, op.Precedence()) + f.between(n.X.End(), n.OpPos) + op.String() +
		f.between(n.OpPos+2, n.Y.Pos()) + side(n.Y, op.Precedence()+1)
	if b, ok := parent.(*ast.BinaryExpr); ok && (b.Op.Precedence() > op.Precedence() || b.Y == n && b.Op == op) {
		text = "(" + text + ")"
	}
	f.add(n, n, text)
}

// one makes x - 1 of x + 1, and the reverse.
func (f *finder) one(n *ast.BinaryExpr) {
	if y, ok := n.Y.(*ast.BasicLit); ok && y.Value == "1" {
		f.swap(n, n.OpPos, n.Op, map[token.Token][]token.Token{token.ADD: {token.SUB}, token.SUB: {token.ADD}})
	}
}

// condition negates one; what stands before it is for show.
func (f *finder) condition(word string, e ast.Expr) {
	if text, ok := f.negated(e); ok {
		f.keep(e.Pos(), e.End(), text, word+f.textOf(e), word+text)
	}
}

// negated is the contrary of an expression. There is none of a comparison alone:
// that mutant is one of comparisons.
func (f *finder) negated(e ast.Expr) (string, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		if len(comparisons[e.Op]) > 0 {
			return "", false
		}
		return "!(" + f.textOf(e) + ")", true
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return f.textOf(e.X), true
		}
	case *ast.Ident:
		switch f.info.Uses[e] {
		case types.Universe.Lookup("true"):
			return "false", true
		case types.Universe.Lookup("false"):
			return "true", true
		}
	}
	return "!" + f.textOf(e), true
}

// results changes what is returned, one result at a time: a truth to its contrary,
// an error to nil, an integer to 0.
func (f *finder) results(n *ast.ReturnStmt, above []ast.Node) {
	want := f.signature(above).Results()
	if len(n.Results) != want.Len() { // none, or those of one call
		return
	}
	for i, e := range n.Results {
		t := want.At(i).Type()
		basic, _ := t.Underlying().(*types.Basic)
		have := f.info.Types[e]
		switch {
		case types.Identical(t, types.Universe.Lookup("error").Type()):
			if !have.IsNil() {
				f.add(n, e, "nil")
			}
		case basic == nil:
		case basic.Info()&types.IsBoolean != 0:
			if text, ok := f.negated(e); ok {
				f.add(n, e, text)
			}
		case basic.Info()&types.IsInteger != 0:
			if have.Value == nil || have.Value.ExactString() != "0" {
				f.add(n, e, "0")
			}
		}
	}
}

// signature is that of the function which a statement returns from.
func (f *finder) signature(above []ast.Node) *types.Signature {
	for _, n := range slices.Backward(above) {
		switch n := n.(type) {
		case *ast.FuncLit:
			return f.info.TypeOf(n).(*types.Signature)
		case *ast.FuncDecl:
			return f.info.Defs[n.Name].Type().(*types.Signature)
		}
	}
	panic("a return outside of functions")
}

// deletion takes a statement out. What a select waits for is none, what is assigned
// to nothing is for the reader, and a loop that never counts only costs time.
func (f *finder) deletion(n ast.Stmt, parent ast.Node) {
	if a, ok := n.(*ast.AssignStmt); ok && blank(a) {
		return
	}
	switch parent := parent.(type) {
	case *ast.CommClause:
		if parent.Comm == n {
			return
		}
	case *ast.ForStmt:
		if parent.Post == n {
			return
		}
	}
	f.keep(n.Pos(), n.End(), "", f.textOf(n), nothing)
}
