package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// module is what is measured.
type module struct {
	packages []*pkg // by name
	commands map[string]bool
}

// pkg is a package without its tests.
type pkg struct {
	*packages.Package
	name  string // its folder from the top, or "." for the top
	files []*file
}

// file is one of its files. Those of other systems have no types.
type file struct {
	name        string // in its folder
	syntax      *ast.File
	fset        *token.FileSet
	lines, code int
}

// load reads the module in dir.
func load(dir string) (*module, error) {
	found, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir}, "./...")
	if err != nil {
		return nil, err
	}
	m := &module{commands: map[string]bool{}}
	for _, f := range found {
		if len(f.Errors) > 0 {
			return nil, f.Errors[0]
		}
		p := &pkg{Package: f, name: "."}
		if f.Module != nil && f.PkgPath != f.Module.Path {
			p.name = strings.TrimPrefix(f.PkgPath, f.Module.Path+"/")
		}
		for _, s := range f.Syntax {
			if err := p.add(f.Fset.Position(s.FileStart).Filename, s); err != nil {
				return nil, err
			}
		}
		for _, path := range f.IgnoredFiles {
			base := filepath.Base(path)
			if filepath.Ext(base) != ".go" || strings.HasSuffix(base, "_test.go") || base[0] == '_' || base[0] == '.' {
				continue
			}
			if err := p.add(path, nil); err != nil {
				return nil, err
			}
		}
		slices.SortFunc(p.files, func(a, b *file) int { return strings.Compare(a.name, b.name) })
		m.packages = append(m.packages, p)
		p.commandsInto(m.commands)
	}
	if len(m.packages) == 0 {
		return nil, fmt.Errorf("no packages")
	}
	slices.SortFunc(m.packages, func(a, b *pkg) int { return strings.Compare(a.name, b.name) })
	return m, nil
}

// add takes a file, and parses it unless that was done.
func (p *pkg) add(path string, syntax *ast.File) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	f := &file{name: filepath.Base(path), syntax: syntax, fset: p.Fset, lines: bytes.Count(text, []byte("\n")), code: codeLines(text)}
	if syntax == nil {
		if f.syntax, err = parser.ParseFile(p.Fset, path, text, parser.SkipObjectResolution); err != nil {
			return err
		}
	}
	p.files = append(p.files, f)
	return nil
}

// codeLines counts lines that have a part of something besides blanks and comments.
func codeLines(text []byte) int {
	files := token.NewFileSet()
	f := files.AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(f, text, nil, 0)
	count, last := 0, 0
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return count
		}
		if tok == token.SEMICOLON && lit != ";" {
			continue // put in by the scanner
		}
		first := f.Line(pos)
		end := first + strings.Count(lit, "\n")
		count += max(0, end-max(first, last+1)+1)
		last = max(last, end)
	}
}

// functions calls do with every function and method, by file and place.
func (p *pkg) functions(do func(*file, *ast.FuncDecl)) {
	for _, f := range p.files {
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				do(f, fn)
			}
		}
	}
}

// funcName is a function's name with its package's and its receiver's.
func (p *pkg) funcName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return p.name + "." + d.Name.Name
	}
	form := "%s.%s.%s"
	recv := d.Recv.List[0].Type
	if star, ok := recv.(*ast.StarExpr); ok {
		form, recv = "%s.(*%s).%s", star.X
	}
	switch x := recv.(type) { // of a type with parameters
	case *ast.IndexExpr:
		recv = x.X
	case *ast.IndexListExpr:
		recv = x.X
	}
	name := "?"
	if id, ok := recv.(*ast.Ident); ok {
		name = id.Name
	}
	return fmt.Sprintf(form, p.name, name, d.Name.Name)
}
