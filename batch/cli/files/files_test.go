package files_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"axgbind/batch/cli/files"
	"axgbind/report"
)

// A file is written whole or not at all.
func ExampleReplace() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "results.csv")

	r, err := files.Replace(path, 0o600)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(r, "A,X")
	fmt.Println(files.Exists(path)) // it has another name as yet
	if err := r.Seal(); err != nil {
		panic(err)
	}
	if err := r.Rename(path); err != nil {
		panic(err)
	}
	text, _ := os.ReadFile(path)
	fmt.Printf("%s%t\n", text, len(files.Names(dir)) == 1)
	// Output:
	// false
	// A,X
	// true
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func link(t *testing.T, to, path string) string {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Skip(err)
	}
	return path
}

func says(err error, phrase report.Text) bool {
	said, ok := errors.AsType[report.Said](err)
	return ok && said.Text == phrase
}

func TestSame(t *testing.T) {
	dir := t.TempDir()
	in := write(t, filepath.Join(dir, "in.csv"), "")
	there := link(t, in, filepath.Join(dir, "link.csv"))
	nowhere := link(t, filepath.Join(dir, "none.csv"), filepath.Join(dir, "nowhere.csv"))
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{in, in, true},
		{in, there, true},
		{in, filepath.Join(dir, ".", "in.csv"), true},
		{in, filepath.Join(dir, "other.csv"), false},
		{in, "", false},
		{filepath.Join(dir, "none.csv"), nowhere, true},
		{filepath.Join(dir, "None.csv"), filepath.Join(dir, "none.csv"), true}, // one where case is not told apart
		{filepath.Join(dir, "a", "x"), filepath.Join(dir, "a", ".", "x"), true},
	} {
		if got := files.Same(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %t", c.a, c.b, got)
		}
	}
}

func TestResolve(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	short := link(t, "folder", filepath.Join(dir, "short"))
	link(t, "results.csv", filepath.Join(folder, "last.csv"))
	want := filepath.Join(folder, "results.csv") // which is not there
	if got, err := files.Resolve(filepath.Join(short, "last.csv")); got != want || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	far := filepath.Join(short, "a", "b", "x.journal")
	if _, err := files.Resolve(far); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("folders that are not there: %v", err)
	}
	if got, err := files.ResolveFar(far); got != filepath.Join(folder, "a", "b", "x.journal") || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	loop := link(t, "loop", filepath.Join(dir, "loop"))
	if _, err := files.Resolve(loop); !says(err, report.WhyLinks) {
		t.Errorf("a loop: %v", err)
	}
	if got, err := files.Absolute(filepath.Join(short, "last.csv")); got != want || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// A file of axgbind's own is never one that somebody else put there by a link.
func TestOpenOwn(t *testing.T) {
	dir := t.TempDir()
	theirs := write(t, filepath.Join(dir, "theirs"), "keep")
	if f, err := files.OpenOwn(theirs, os.O_RDWR); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
	if _, err := files.OpenOwn(link(t, theirs, filepath.Join(dir, "link")), os.O_RDWR); !says(err, report.WhyLink) {
		t.Errorf("a link: %v", err)
	}
	if _, err := files.OpenOwn(dir, os.O_RDONLY); !says(err, report.WhyDirectory) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := files.OpenRegular(dir); !says(err, report.WhyDirectory) {
		t.Errorf("a folder to read: %v", err)
	}
	second := filepath.Join(dir, "second")
	if err := os.Link(theirs, second); err != nil {
		t.Skip(err)
	}
	_, err := files.OpenOwn(second, os.O_RDWR)
	if _, linked := errors.AsType[files.HardLinked](err); !linked || !says(err, report.WhyHardLink) {
		t.Errorf("a second name: %v", err)
	}
	if files.Gone(err) {
		t.Error("a second name counts as a file that is gone")
	}
	if _, err := files.OpenOwn(filepath.Join(dir, "none"), os.O_RDWR); !files.Gone(err) {
		t.Errorf("no file: %v", err)
	}
}

func TestReplacement(t *testing.T) {
	dir := t.TempDir()
	path := write(t, filepath.Join(dir, "out.csv"), "old")
	begin := func() *files.Replacement {
		t.Helper()
		r, err := files.Replace(path, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(r, "new"); err != nil {
			t.Fatal(err)
		}
		if err := r.Seal(); err != nil {
			t.Fatal(err)
		}
		return r
	}
	want := func(text string, names ...string) {
		t.Helper()
		b, err := os.ReadFile(path)
		if string(b) != text || err != nil {
			t.Errorf("%q, %v, want %q", b, err, text)
		}
		if got := files.Names(dir); strings.Join(got, " ") != strings.Join(names, " ") {
			t.Errorf("%q, want %q", got, names)
		}
	}
	beside := func(path string) (string, error) { return path + ".new", nil }
	keep := func(string) error { return report.Say(report.WhyForeign) }
	fits := func(string) error { return nil }
	busy := func() { t.Error("it waits") }

	r := begin()
	if !files.Temporary(r.File.Name()) || len(files.Temporaries(dir)) != 1 {
		t.Errorf("the temporary name %q", r.File.Name())
	}
	r.Discard()
	want("old", "out.csv")

	if kept, err := begin().Commit(keep, beside, nil, busy); kept != path+".new" || !says(err, report.WhyForeign) {
		t.Errorf("what is to stay: kept %q, %v", kept, err)
	}
	want("old", "out.csv", "out.csv.new")

	r = begin()
	if kept, err := r.Commit(fits, beside, nil, busy); kept != "" || err != nil {
		t.Errorf("kept %q, %v", kept, err)
	}
	want("new", "out.csv", "out.csv.new")
	if digest, err := files.Digest(path); err != nil || digest != r.Digest() {
		t.Errorf("digests %s and %s, %v", digest, r.Digest(), err)
	}
	if err := files.Replaceable(path); err != nil {
		t.Error(err)
	}
	if err := files.Replaceable(dir); !says(err, report.WhyDirectory) {
		t.Errorf("a folder: %v", err)
	}
	want("new", "out.csv", "out.csv.new")
}

// What a killed run left goes; what has another name, or is held, stays.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.csv")
	left := write(t, filepath.Join(dir, ".out.csv.axgbind-0123456789abcdef0123456789abcdef.tmp"), "half")
	other := write(t, filepath.Join(dir, ".in.csv.axgbind-0123456789abcdef0123456789abcdef.tmp"), "half")
	mine := write(t, filepath.Join(dir, ".out.csv.axgbind-0123.tmp"), "whole")
	r, err := files.Replace(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Discard()
	files.Sweep(path)
	for name, stays := range map[string]bool{left: false, other: true, mine: true, r.File.Name(): true} {
		if files.Exists(name) != stays {
			t.Errorf("%s stays: %t", filepath.Base(name), !stays)
		}
	}
}

func TestSource(t *testing.T) {
	dir := t.TempDir()
	in := write(t, filepath.Join(dir, "in.csv"), "A\n1\n")
	for _, path := range []string{in, "-"} {
		s, err := files.OpenSource(path, strings.NewReader("A\n1\n"))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			text, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size))
			if string(text) != "A\n1\n" || err != nil {
				t.Errorf("%s: %q, %v", path, text, err)
			}
		}
		if s.BytesRead() != 8 || s.Piped != (path == "-") {
			t.Errorf("%s: %d bytes read, piped %t", path, s.BytesRead(), s.Piped)
		}
		ctx, cancel := context.WithCancel(t.Context())
		s.Until(ctx)
		cancel()
		if _, err := s.ReadAt(make([]byte, 1), 0); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: behind the end of the context: %v", path, err)
		}
		s.Close()
	}
	for path, why := range map[string]report.Text{dir: report.ErrInputDir, filepath.Join(dir, "none.csv"): report.ErrNoInput} {
		_, err := files.OpenSource(path, nil)
		if wrong, ok := errors.AsType[*files.SourceError](err); !ok || wrong.Why != why || (wrong.Err == nil) != (path == dir) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestHandles(t *testing.T) {
	kept, err := files.KeepHandles()
	if err != nil || len(kept) == 0 {
		t.Fatalf("%d, %v", len(kept), err)
	}
	kept.Close()
	if _, err := kept[0].Stat(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("it is open: %v", err)
	}
}
