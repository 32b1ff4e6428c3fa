package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// errUnbuilt is about a mutant that does not compile.
var errUnbuilt = errors.New("does not build")

// errNoTests is about a package that cannot judge.
var errNoTests = errors.New("it has no tests")

// bench is where mutants are built and tested.
type bench struct {
	root    string        // the tree
	files   []string      // those of the tree that tests may need, from its top
	scratch string        // a folder of its own, absolute; removed by close
	timeout time.Duration // how long tests may take
	by      []*pkg        // whose tests notice mutants of others, too
}

func newBench(ctx context.Context, root string, timeout time.Duration) (*bench, error) {
	cmd := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	scratch, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return nil, err
	}
	files := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	return &bench{root: root, files: files, scratch: scratch, timeout: timeout}, nil
}

func (b *bench) close() { remove(b.scratch) }

// judges are the packages whose tests may notice a mutant of p: its own first.
func (b *bench) judges(p *pkg) []*pkg {
	judges := []*pkg{p}
	for _, by := range b.by {
		if by.path != p.path {
			judges = append(judges, by)
		}
	}
	return judges
}

// sound checks that the tests of a package, and of those that judge it, pass as long as
// nothing is changed.
func (b *bench) sound(ctx context.Context, p *pkg) error {
	for _, judge := range b.judges(p) {
		err := b.build(ctx, judge, nil)
		if errors.Is(err, errNoTests) && len(b.by) > 0 {
			continue
		}
		if err != nil {
			return err
		}
		out, err := b.test(ctx, judge)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("the tests of %s fail without a mutant: %w\n%s", judge.path, err, out)
		}
	}
	return nil
}

// kills reports whether the tests of a package notice a mutant.
func (b *bench) kills(ctx context.Context, p *pkg, m mutant) (bool, error) {
	changed := filepath.Join(b.scratch, "changed.go")
	var src source
	for _, s := range p.files {
		if s.name == m.file {
			src = s
		}
	}
	if err := os.WriteFile(changed, m.apply(src.text), 0o600); err != nil {
		return false, err
	}
	for _, judge := range b.judges(p) {
		err := b.build(ctx, judge, map[string]string{src.disk: changed})
		if errors.Is(err, errNoTests) {
			continue
		}
		if err != nil {
			return false, err
		}
		_, err = b.test(ctx, judge)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		var set *setupError
		if errors.As(err, &set) {
			return false, err
		}
		if err != nil {
			return true, nil
		}
	}
	return false, nil
}

// program is where the tests of a package are built to.
func (b *bench) program() string { return filepath.Join(b.scratch, "package.test") }

// build builds the tests of a package from the tree, with other files in the place
// of some.
func (b *bench) build(ctx context.Context, p *pkg, instead map[string]string) error {
	overlay, err := json.Marshal(map[string]any{"Replace": instead})
	if err != nil {
		return err
	}
	file := filepath.Join(b.scratch, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		return err
	}
	os.Remove(b.program()) // nothing is built of a package without tests
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-ldflags=-s -w", "-overlay", file, "-o", b.program(), p.path)
	cmd.Dir = b.root
	out, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("%w: %s", errUnbuilt, out)
	}
	if _, err := os.Stat(b.program()); err != nil {
		return errNoTests
	}
	return nil
}

// setupError is about what surrounds tests, and says nothing about a mutant.
type setupError struct{ error }

// test runs the tests that were built, in a copy of the tree that is made anew, and
// returns the begin of what they print. They fail if they take too long, too.
func (b *bench) test(ctx context.Context, p *pkg) (string, error) {
	world := filepath.Join(b.scratch, "w") // short: sockets in it have short names
	if err := b.furnish(world); err != nil {
		return "", &setupError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, b.timeout+10*time.Second) // for what does not end by itself
	defer cancel()
	cmd := exec.CommandContext(ctx, b.program(), "-test.short", "-test.failfast", "-test.paniconexit0", "-test.timeout="+b.timeout.String())
	cmd.Dir = filepath.Join(world, "tree", p.dir)
	cmd.Env = append(os.Environ(), "PWD="+cmd.Dir)
	for _, name := range []string{"HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR"} {
		dir := filepath.Join(world, "home")
		if name == "TMPDIR" {
			dir = filepath.Join(world, "tmp")
		}
		cmd.Env = append(cmd.Env, name+"="+dir)
	}
	begin := &head{left: 1 << 13}
	cmd.Stdout, cmd.Stderr = begin, begin
	cmd.WaitDelay = 5 * time.Second
	together(cmd)
	if err := cmd.Start(); err != nil {
		return "", &setupError{err}
	}
	err := cmd.Wait()
	end(cmd)
	return begin.String(), err
}

// furnish makes the folder that tests run in: a copy of the tree, a home, and room
// for temporary files. What an earlier mutant left there goes.
func (b *bench) furnish(world string) error {
	if err := remove(world); err != nil {
		return err
	}
	for _, dir := range []string{"tree", "home", "tmp"} {
		if err := os.MkdirAll(filepath.Join(world, dir), 0o700); err != nil {
			return err
		}
	}
	for _, name := range b.files {
		from, to := filepath.Join(b.root, name), filepath.Join(world, "tree", name)
		info, err := os.Stat(from)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			continue // deleted and not yet committed, or a folder of another repository
		} else if err != nil {
			return err
		}
		text, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(to, text, info.Mode().Perm()); err != nil {
			return err
		}
	}
	return nil
}

// remove removes a folder, folders in it that tests took rights from as well.
func remove(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// head keeps the begin of what is written to it.
type head struct {
	strings.Builder
	left int
}

func (h *head) Write(p []byte) (int, error) {
	n := min(len(p), h.left)
	h.left -= n
	h.Builder.Write(p[:n])
	return len(p), nil
}
