package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// allowed is which of our packages each imports. It may import no other, and a line that
// allows more than is imported fails as well.
var allowed = map[string][]string{
	".":                     {"batch/cli"},
	"batch/cli":             {"aliyun", "aliyun/keychain", "aliyun/netcause", "aliyun/simulator", "batch", "batch/books", "batch/cli/about", "batch/cli/command", "batch/cli/ending", "batch/cli/exit", "batch/cli/files", "batch/cli/flags", "batch/cli/manage", "batch/cli/output", "batch/cli/store", "batch/cli/terminal", "batch/field", "batch/input", "batch/journal", "batch/lookup", "batch/pace", "batch/plan", "batch/rules", "batch/trial", "report"},
	"batch/cli/manage":      {"batch/books", "batch/cli/command", "batch/cli/exit", "batch/cli/files", "batch/cli/flags", "batch/cli/output", "batch/cli/store", "batch/field", "batch/history", "batch/input", "batch/journal", "report", "report/page"},
	"batch/cli/ending":      {"aliyun", "batch/books", "batch/cli/command", "batch/cli/exit", "batch/cli/files", "batch/cli/flags", "batch/cli/output", "batch/plan", "report", "report/chat"},
	"batch/cli/about":       {"aliyun", "aliyun/netcause", "batch/books", "batch/cli/command", "batch/cli/exit", "batch/cli/flags", "batch/input", "batch/plan", "batch/rules", "report", "report/reference"},
	"batch/cli/command":     {"aliyun/simulator", "batch/cli/exit", "batch/cli/files", "batch/cli/flags", "batch/cli/output", "batch/cli/store", "batch/cli/terminal", "report"},
	"batch/cli/flags":       {"aliyun", "aliyun/simulator", "batch", "batch/cli/exit", "batch/cli/terminal", "batch/csvtext", "batch/field", "batch/input", "batch/pace", "batch/plan", "report"},
	"batch/cli/exit":        {"batch/books", "batch/cli/store", "batch/plan", "report"},
	"batch/cli/terminal":    {"batch/books", "report"},
	"batch/cli/store":       {"batch/books", "batch/cli/files", "batch/cli/output", "batch/journal", "report"},
	"batch/cli/output":      {"aliyun/keychain", "batch/books", "batch/cli/files", "batch/input", "report", "report/page"},
	"batch/cli/files":       {"report"},
	"batch/trial":           {"aliyun", "report"},
	"batch":                 {"aliyun", "batch/books", "batch/field", "batch/input", "batch/journal", "batch/ledger", "batch/lookup", "batch/pace", "batch/plan", "report"},
	"batch/plan":            {"aliyun", "aliyun/netcause", "batch/books", "batch/field", "batch/input", "batch/journal", "batch/ledger", "batch/rules", "report"},
	"batch/lookup":          {"aliyun", "batch/books", "batch/field", "batch/input", "batch/ledger", "batch/pace", "report"},
	"batch/history":         {"aliyun", "batch/books", "batch/field", "batch/input", "batch/journal", "batch/ledger", "report", "report/page"},
	"batch/books":           {"aliyun", "aliyun/netcause", "batch/field", "batch/input", "batch/journal", "batch/ledger", "batch/rules", "report"},
	"batch/books/bookstest": {"batch/books", "batch/input", "batch/journal", "batch/ledger"},
	"batch/input":           {"aliyun", "batch/city", "batch/csvtext", "batch/field", "batch/ledger", "batch/rules", "report"},
	"batch/field":           {"batch/csvtext"},
	"batch/rules":           {"aliyun", "report"},
	"batch/journal":         {"batch/ledger"},
	"batch/csvtext":         nil,
	"batch/city":            nil,
	"batch/ledger":          nil,
	"batch/pace":            nil,
	"report/page":           {"report"},
	"report/reference":      {"report"},
	"report/chat":           {"report"},
	"report/reporttest":     {"report"},
	"report":                nil,
	"aliyun":                {"aliyun/netcause"},
	"aliyun/netcause":       nil,
	"aliyun/simulator":      nil,
	"aliyun/keychain":       {"aliyun"},
}

// incomplete are the packages that have no package comment yet, or no Example that
// runs. Nothing may be added.
var incomplete []string

// built is a package as the build knows it.
type built struct {
	ImportPath, Dir, Name, Doc string
	Imports                    []string // not those of tests
	TestGoFiles, XTestGoFiles  []string
	Module                     struct{ Path string }
}

// name is the package's folder from the top, or "." for the top.
func (b *built) name() string { return ours(b.Module.Path, b.ImportPath) }

// ours is the folder of an import path of ours, or empty.
func ours(module, path string) string {
	if path == module {
		return "."
	}
	name, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	return name
}

// packages asks the build for all packages of this module on a system.
func packages(t *testing.T, system string) (list []*built) {
	t.Helper()
	c := exec.Command("go", "list", "-json=ImportPath,Dir,Name,Doc,Imports,TestGoFiles,XTestGoFiles,Module", "./...")
	c.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		b := &built{}
		if err := d.Decode(b); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, b)
	}
}

// TestImports: imports of ours point one way, on every system, and the table allows no
// others. Tests import what they need.
func TestImports(t *testing.T) {
	unused := map[string][]string{}
	for name, imports := range allowed {
		unused[name] = slices.Clone(imports)
	}
	for _, system := range []string{"linux", "windows", "darwin"} {
		for _, b := range packages(t, system) {
			may, listed := allowed[b.name()]
			if !listed {
				t.Errorf("%s: package %s stands in no line of the table", system, b.name())
				continue
			}
			for _, i := range b.Imports {
				name := ours(b.Module.Path, i)
				if name != "" && !slices.Contains(may, name) {
					t.Errorf("%s: %s imports %s", system, b.name(), name)
				}
				unused[b.name()] = slices.DeleteFunc(unused[b.name()], func(n string) bool { return n == name })
			}
		}
	}
	for name, imports := range unused {
		for _, i := range imports {
			t.Errorf("%s may import %s, and does not", name, i)
		}
	}
}

// TestImportsOrder: the table has an order, and names no package that it does not list.
func TestImportsOrder(t *testing.T) {
	left := maps.Clone(allowed)
	for len(left) > 0 {
		placed := len(left)
		for name, imports := range left {
			if !slices.ContainsFunc(imports, func(i string) bool { _, waits := left[i]; return waits }) {
				delete(left, name)
			}
		}
		if len(left) == placed {
			t.Fatalf("these import each other: %v", slices.Sorted(maps.Keys(left)))
		}
	}
	for name, imports := range allowed {
		for _, i := range imports {
			if _, listed := allowed[i]; !listed {
				t.Errorf("%s may import %s, which stands in no line", name, i)
			}
		}
	}
}

// TestIntroduced: each package opens with a comment that says what it is, and shows its
// use in an Example whose output is compared. A program has no use but by its command,
// which samples shows.
func TestIntroduced(t *testing.T) {
	for _, b := range packages(t, "linux") {
		var lacks []string
		if b.Doc == "" {
			lacks = append(lacks, "a package comment")
		}
		if b.Name != "main" && !b.hasExample(t) {
			lacks = append(lacks, "an Example with output")
		}
		switch listed := slices.Contains(incomplete, b.name()); {
		case listed && len(lacks) == 0:
			t.Errorf("%s lacks nothing any more: take it out of the table", b.name())
		case listed:
			t.Logf("%s still lacks %s", b.name(), strings.Join(lacks, " and "))
		case len(lacks) > 0:
			t.Errorf("%s lacks %s", b.name(), strings.Join(lacks, " and "))
		}
	}
}

func (b *built) hasExample(t *testing.T) bool {
	t.Helper()
	var files []*ast.File
	for _, name := range slices.Concat(b.TestGoFiles, b.XTestGoFiles) {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(b.Dir, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return slices.ContainsFunc(doc.Examples(files...), func(e *doc.Example) bool { return e.Output != "" })
}
