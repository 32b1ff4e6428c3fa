package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"strings"
)

// commandsInto adds the names of the commands that the package declares: the first
// words of Use in literals of cobra's Command.
func (p *pkg) commandsInto(names map[string]bool) {
	for _, f := range p.Syntax {
		ast.Inspect(f, func(n ast.Node) bool {
			literal, ok := n.(*ast.CompositeLit)
			if !ok || strings.TrimPrefix(p.TypesInfo.TypeOf(literal).String(), "*") != "github.com/spf13/cobra.Command" {
				return true
			}
			for _, e := range literal.Elts {
				field, ok := e.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				if key, ok := field.Key.(*ast.Ident); ok && key.Name == "Use" {
					name, _, _ := strings.Cut(p.text(field.Value), " ")
					names[name] = name != ""
				}
			}
			return true
		})
	}
}

// text is the value of a constant string, or empty.
func (p *pkg) text(e ast.Expr) string {
	if v := p.TypesInfo.Types[e].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v)
	}
	return ""
}

// branches counts the comparisons with a command's name in a function: == and !=, and
// each name of a case.
func (p *pkg) branches(d *ast.FuncDecl, commands map[string]bool) (count int) {
	ast.Inspect(d, func(n ast.Node) bool {
		var operands []ast.Expr
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.EQL || n.Op == token.NEQ {
				operands = []ast.Expr{n.X, n.Y}
			}
		case *ast.CaseClause:
			operands = n.List
		}
		for _, e := range operands {
			if commands[p.text(e)] {
				count++
			}
		}
		return true
	})
	return count
}
