package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestImports: imports of ours point one way. Tests import what they need.
func TestImports(t *testing.T) {
	want := map[string][]string{
		"axgbind":                  {"axgbind/batch/cli"},
		"axgbind/aliyun":           nil,
		"axgbind/aliyun/simulator": nil,
		"axgbind/batch":            {"axgbind/aliyun", "axgbind/batch/journal", "axgbind/batch/ledger", "axgbind/report"},
		"axgbind/batch/cli":        {"axgbind/aliyun", "axgbind/aliyun/simulator", "axgbind/batch", "axgbind/batch/journal", "axgbind/batch/trial", "axgbind/report"},
		"axgbind/batch/journal":    {"axgbind/batch/ledger"},
		"axgbind/batch/ledger":     nil,
		"axgbind/batch/trial":      {"axgbind/aliyun", "axgbind/report"},
		"axgbind/report":           nil,
	}
	have := map[string][]string{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && otherModule(file) {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name := path.Join("axgbind", filepath.ToSlash(filepath.Dir(file)))
		if _, seen := have[name]; !seen {
			have[name] = nil
		}
		for _, i := range f.Imports {
			ours, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if (ours == "axgbind" || strings.HasPrefix(ours, "axgbind/")) && !slices.Contains(have[name], ours) {
				have[name] = append(have[name], ours)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range have {
		slices.Sort(list)
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("imports of ours (-want +have):\n%s", diff)
	}
}

// otherModule reports whether a folder is no part of this module: it has one of
// its own, or go passes it over.
func otherModule(dir string) bool {
	if dir == "." {
		return false
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil || strings.HasPrefix(filepath.Base(dir), ".") || filepath.Base(dir) == "testdata"
}
