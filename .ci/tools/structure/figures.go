package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// figures are what a module comes to.
type figures struct {
	packages  []row
	functions []function // by name
	files     []row      // of files: name and lines
}

// row is the figures of a package.
type row struct {
	name                           string
	files, lines, code             int
	names, methods                 int
	links, pairs, upwards, inCycle int
}

// function is the figures of one.
type function struct {
	name                        string
	lines, complexity, branches int
}

func (m *module) measure() *figures {
	f := &figures{}
	for _, p := range m.packages {
		r := row{name: p.name, files: len(p.files)}
		for _, file := range p.files {
			r.lines += file.lines
			r.code += file.code
			f.files = append(f.files, row{name: strings.TrimPrefix(p.name+"/"+file.name, "./"), lines: file.lines})
		}
		r.names, r.methods = p.exported()
		l := p.links()
		r.links, r.inCycle = len(l), l.cycle()
		r.pairs, r.upwards = l.upwards()
		f.packages = append(f.packages, r)

		recursive := p.recursive()
		p.functions(func(_ *file, d *ast.FuncDecl) {
			fn := function{name: p.funcName(d), lines: p.lines(d), complexity: complexity(d), branches: p.branches(d, m.commands)}
			if object, ok := p.TypesInfo.Defs[d.Name].(*types.Func); ok && recursive[object] {
				fn.complexity++
			}
			f.functions = append(f.functions, fn)
		})
	}
	slices.SortStableFunc(f.functions, func(a, b function) int { return strings.Compare(a.name, b.name) })
	return f
}

// lines is how many a node has.
func (p *pkg) lines(n ast.Node) int {
	line := func(pos token.Pos) int { return p.Fset.Position(pos).Line }
	return line(n.End()) - line(n.Pos()) + 1
}

// exported counts exported names of the package, and exported methods of its exported
// types.
func (p *pkg) exported() (names, methods int) {
	scope := p.Types.Scope()
	for _, name := range scope.Names() {
		object := scope.Lookup(name)
		if !object.Exported() {
			continue
		}
		names++
		t, ok := object.Type().(*types.Named)
		if _, declares := object.(*types.TypeName); !ok || !declares {
			continue
		}
		for method := range t.Methods() {
			if method.Exported() {
				methods++
			}
		}
	}
	return names, methods
}

// sizes are all sizes that have a limit. Functions of one name, such as those of
// different systems, have the largest size of them.
func (f *figures) sizes() map[thing]int {
	sizes := map[thing]int{}
	for _, p := range f.packages {
		sizes[thing{ofFiles, p.name}] = p.files
		sizes[thing{ofLines, p.name}] = p.lines
	}
	for _, fn := range f.functions {
		t := thing{ofFunction, fn.name}
		sizes[t] = max(sizes[t], fn.complexity)
	}
	return sizes
}

// show writes the figures as tables.
func (f *figures) show(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "files\tlines\tcode\tnames\tmethods\tlinks\tboth ways\tupwards\tcycle\t  package")
	total := row{name: "in all"}
	for _, r := range f.packages {
		r.print(w)
		total.files += r.files
		total.lines += r.lines
		total.code += r.code
		total.names += r.names
		total.methods += r.methods
		total.links += r.links
		total.pairs += r.pairs
		total.upwards += r.upwards
		total.inCycle = max(total.inCycle, r.inCycle)
	}
	total.print(w)
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nreferences that run upwards between packages: none, the build refuses them")
	if len(f.files) > 0 {
		file := slices.MaxFunc(f.files, func(a, b row) int { return cmp.Compare(a.lines, b.lines) })
		fmt.Fprintf(out, "longest file: %s, %d lines\n", file.name, file.lines)
	}
	if len(f.functions) > 0 {
		fn := slices.MaxFunc(f.functions, func(a, b function) int { return cmp.Compare(a.lines, b.lines) })
		fmt.Fprintf(out, "longest function: %s, %d lines\n", fn.name, fn.lines)
	}
	if err := f.list(out, "branches on command names", 0, func(fn function) int { return fn.branches }, sum); err != nil {
		return err
	}
	title := "functions of a complexity over " + strconv.Itoa(limits[ofFunction])
	return f.list(out, title, limits[ofFunction], func(fn function) int { return fn.complexity }, count)
}

func (r row) print(w io.Writer) {
	fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t  %s\n",
		r.files, r.lines, r.code, r.names, r.methods, r.links, r.pairs, r.upwards, r.inCycle, r.name)
}

// list writes the functions whose size is over a limit, the largest first, below a
// title with what they come to.
func (f *figures) list(out io.Writer, title string, limit int, size func(function) int, all func([]int) int) error {
	var over []function
	var sizes []int
	for _, fn := range f.functions {
		if n := size(fn); n > limit {
			over, sizes = append(over, fn), append(sizes, n)
		}
	}
	slices.SortStableFunc(over, func(a, b function) int { return cmp.Compare(size(b), size(a)) })
	fmt.Fprintf(out, "%s: %d\n", title, all(sizes))
	for _, fn := range over {
		if _, err := fmt.Fprintf(out, "%5d  %s\n", size(fn), fn.name); err != nil {
			return err
		}
	}
	return nil
}

func sum(sizes []int) (n int) {
	for _, s := range sizes {
		n += s
	}
	return n
}

func count(sizes []int) int { return len(sizes) }
