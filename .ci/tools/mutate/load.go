package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// pkg is a package with its types, without its tests.
type pkg struct {
	path   string // what it is imported as
	dir    string // its folder, from the top of the tree
	fset   *token.FileSet
	files  []source
	config types.Config
	info   *types.Info
}

// source is one of its files.
type source struct {
	name string // its path, from the top of the tree
	disk string // its absolute path
	text []byte
	file *ast.File
}

// listed is what go list tells of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, CgoFiles       []string
	ImportMap               map[string]string
	DepOnly                 bool
	Module                  *struct{ GoVersion string }
}

// load reads the packages that the patterns name, with the types of what they
// import. Files of tests and of other systems are not among theirs.
func load(ctx context.Context, root string, patterns []string) ([]*pkg, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	if root, err = filepath.EvalSymlinks(root); err != nil { // as go list shows it
		return nil, err
	}
	args := append([]string{"list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,CgoFiles,ImportMap,DepOnly,Module", "--"}, patterns...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	exports := map[string]string{}
	var asked []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := d.Decode(&l); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		exports[l.ImportPath] = l.Export
		if !l.DepOnly {
			asked = append(asked, l)
		}
	}
	var packages []*pkg
	for _, l := range asked {
		if len(l.CgoFiles) > 0 {
			return nil, fmt.Errorf("%s: packages with cgo are not supported", l.ImportPath)
		}
		p, err := read(root, l, exports)
		if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
	return packages, nil
}

// read parses a package and works out its types.
func read(root string, l listed, exports map[string]string) (*pkg, error) {
	dir, err := filepath.Rel(root, l.Dir)
	if err != nil {
		return nil, err
	}
	p := &pkg{path: l.ImportPath, dir: dir, fset: token.NewFileSet()}
	for _, name := range l.GoFiles {
		disk := filepath.Join(l.Dir, name)
		text, err := os.ReadFile(disk)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(p.fset, disk, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, source{filepath.ToSlash(filepath.Join(dir, name)), disk, text, file})
	}
	lookup := func(path string) (io.ReadCloser, error) {
		if other, ok := l.ImportMap[path]; ok {
			path = other
		}
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	}
	version := ""
	if l.Module != nil && l.Module.GoVersion != "" {
		version = "go" + l.Module.GoVersion
	}
	return p, p.resolve(importer.ForCompiler(p.fset, "gc", lookup), version)
}

// resolve works out the types of a package whose files are parsed. The version of
// the language is as in go1.26, or empty for the newest.
func (p *pkg) resolve(imports types.Importer, version string) error {
	p.config = types.Config{Importer: imports, GoVersion: version, Sizes: types.SizesFor("gc", runtime.GOARCH)}
	p.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	_, err := p.config.Check(p.path, p.fset, p.parsed(), p.info)
	return err
}

func (p *pkg) parsed() []*ast.File {
	files := make([]*ast.File, len(p.files))
	for i, s := range p.files {
		files[i] = s.file
	}
	return files
}

// compiles reports whether the package still compiles with the change in it.
func (p *pkg) compiles(m mutant) bool {
	i := slices.IndexFunc(p.files, func(s source) bool { return s.name == m.file })
	changed, err := parser.ParseFile(p.fset, m.file, m.apply(p.files[i].text), parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	files := p.parsed()
	files[i] = changed
	_, err = p.config.Check(p.path, p.fset, files, nil)
	return err == nil
}
