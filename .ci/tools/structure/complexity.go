package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// complexity is the cognitive complexity of a function, by the rule that SonarSource
// published (G. Ann Campbell, Cognitive Complexity, version 1.7):
//
//   - one for each break of the flow: if, else if, else, switch, select, for, a jump
//     to a label, and each sequence of like logical operators
//   - and one more, for if, switch, select and for, for each of them, and each function
//     literal, around it
//   - one for a function that calls itself, directly or by way of others
//
// The last is left out here; see [pkg.recursive].
func complexity(d *ast.FuncDecl) int {
	if d.Body == nil {
		return 0
	}
	var c counter
	c.walk(d.Body, 0)
	return int(c)
}

// counter sums up.
type counter int

// walk adds what stands in n, which has so many structures around it.
func (c *counter) walk(n ast.Node, depth int) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			*c += counter(1 + depth)
			c.branch(n, depth)
		case *ast.ForStmt:
			c.structure(depth, n.Body, n.Init, n.Cond, n.Post)
		case *ast.RangeStmt:
			c.structure(depth, n.Body, n.Key, n.Value, n.X)
		case *ast.SwitchStmt:
			c.structure(depth, n.Body, n.Init, n.Tag)
		case *ast.TypeSwitchStmt:
			c.structure(depth, n.Body, n.Init, n.Assign)
		case *ast.SelectStmt:
			c.structure(depth, n.Body)
		case *ast.FuncLit:
			c.walk(n.Body, depth+1)
		case *ast.BranchStmt:
			if n.Label != nil {
				*c++
			}
			return false
		case *ast.BinaryExpr:
			if !logical(n.Op) {
				return true
			}
			c.sequence(n, depth, token.ILLEGAL)
		default:
			return true
		}
		return false
	})
}

// structure adds a structure whose body is one deeper than its head.
func (c *counter) structure(depth int, body ast.Node, head ...ast.Node) {
	*c += counter(1 + depth)
	c.each(depth, head...)
	c.walk(body, depth+1)
}

// branch adds what stands in an if, and its else without the depth: it was paid for.
func (c *counter) branch(n *ast.IfStmt, depth int) {
	c.each(depth, n.Init, n.Cond)
	c.walk(n.Body, depth+1)
	switch e := n.Else.(type) {
	case *ast.IfStmt:
		*c++
		c.branch(e, depth)
	case *ast.BlockStmt:
		*c++
		c.walk(e, depth+1)
	}
}

func (c *counter) each(depth int, nodes ...ast.Node) {
	for _, n := range nodes {
		if n != nil {
			c.walk(n, depth)
		}
	}
}

// sequence adds logical operators from left to right, one for each that is not as the
// one before it, and what stands between them; parentheses change nothing. It returns
// the last operator.
func (c *counter) sequence(e ast.Expr, depth int, last token.Token) token.Token {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok || !logical(b.Op) {
		c.walk(e, depth)
		return last
	}
	if last = c.sequence(b.X, depth, last); last != b.Op {
		*c++
	}
	return c.sequence(b.Y, depth, b.Op)
}

func logical(op token.Token) bool { return op == token.LAND || op == token.LOR }

// recursive are the functions of a package that call themselves, directly or by way
// of others of the package. A call through an interface or a variable is not seen.
func (p *pkg) recursive() map[*types.Func]bool {
	calls := map[*types.Func][]*types.Func{}
	p.functions(func(_ *file, d *ast.FuncDecl) {
		caller, ok := p.TypesInfo.Defs[d.Name].(*types.Func)
		if !ok || d.Body == nil {
			return
		}
		ast.Inspect(d.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if f := p.called(call.Fun); f != nil && f.Pkg() == p.Types {
					calls[caller] = append(calls[caller], f)
				}
			}
			return true
		})
	})
	found := map[*types.Func]bool{}
	for _, group := range cycles(calls) {
		for _, f := range group {
			found[f] = true
		}
	}
	return found
}

// called is the function or method that an expression names, or nil.
func (p *pkg) called(fun ast.Expr) *types.Func {
	var id *ast.Ident
	switch x := ast.Unparen(fun).(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	case *ast.IndexExpr:
		return p.called(x.X)
	case *ast.IndexListExpr:
		return p.called(x.X)
	default:
		return nil
	}
	if f, ok := p.TypesInfo.Uses[id].(*types.Func); ok {
		return f.Origin()
	}
	return nil
}
