package main

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Source is one commit, in a clone of its own.
type Source struct {
	Folder  string
	Version string // without a v
	Commit  string
	Date    time.Time // of the commit, and of everything that is made from it
}

// Clone clones the commit that is checked out in a repository, and tags it in the clone.
// A version that the repository has at another commit is refused.
func Clone(repository, folder, version string) (*Source, error) {
	git := func(args ...string) (string, error) {
		out, err := run(repository, nil, "git", args...)
		return strings.TrimSpace(out), err
	}
	commit, err := git("rev-parse", "--verify", "HEAD^{commit}")
	if err != nil {
		return nil, err
	}
	tag := "v" + version
	if there, err := git("rev-parse", "--verify", "--quiet", "refs/tags/"+tag+"^{commit}"); err == nil && there != commit {
		return nil, fmt.Errorf("%s is %s; checked out is %s", tag, there, commit)
	}
	stamp, err := git("show", "-s", "--format=%ct", commit)
	if err != nil {
		return nil, err
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return nil, err
	}
	if _, err := git("clone", "--quiet", "--no-checkout", "--no-tags", ".", folder); err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"-c", "core.autocrlf=false", "-c", "advice.detachedHead=false", "checkout", "--quiet", commit},
		{"-c", "tag.gpgSign=false", "tag", tag},
	} {
		if _, err := run(folder, nil, "git", args...); err != nil {
			return nil, err
		}
	}
	return &Source{Folder: folder, Version: version, Commit: commit, Date: time.Unix(seconds, 0).UTC()}, nil
}

// FS is the clone.
func (s *Source) FS() fs.FS { return os.DirFS(s.Folder) }

// File reads a file of the source.
func (s *Source) File(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(s.Folder, filepath.FromSlash(name)))
}

// Target is a system that a program is built for.
type Target struct{ OS, Arch string }

func (t Target) String() string { return t.OS + "/" + t.Arch }

// Targets are all that a release has a program for.
var Targets = []Target{{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "arm64"}, {"windows", "amd64"}}

// programName is the name of the program's file.
func programName(t Target) string {
	if t.OS == "windows" {
		return "axgbind.exe"
	}
	return "axgbind"
}

// Program is axgbind for one target.
type Program struct {
	Path  string
	Bytes []byte
	Info  *debug.BuildInfo
}

// Build builds the program for a target, and makes sure that it knows what it is.
func (s *Source) Build(t Target, folder string) (*Program, error) {
	p := &Program{Path: filepath.Join(folder, t.OS+"-"+t.Arch, programName(t))}
	// What a person has set for builds of their own is not for this one.
	env := []string{"CGO_ENABLED=0", "GOOS=" + t.OS, "GOARCH=" + t.Arch, "GOAMD64=v1", "GOARM64=v8.0",
		"GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=", "GODEBUG=", "GOFIPS140=off"}
	_, err := run(s.Folder, env, "go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-o", p.Path, ".")
	if err != nil {
		return nil, err
	}
	if p.Bytes, err = os.ReadFile(p.Path); err != nil {
		return nil, err
	}
	if p.Info, err = buildinfo.Read(bytes.NewReader(p.Bytes)); err != nil {
		return nil, err
	}
	return p, s.check(p.Info)
}

// check refuses a build that is not of this source.
func (s *Source) check(info *debug.BuildInfo) error {
	if info.Main.Version != "v"+s.Version {
		return fmt.Errorf("the build says version %s, not v%s", info.Main.Version, s.Version)
	}
	for key, want := range map[string]string{"vcs.revision": s.Commit, "vcs.modified": "false", "vcs.time": s.Date.Format(time.RFC3339)} {
		if !slices.Contains(info.Settings, debug.BuildSetting{Key: key, Value: want}) {
			return fmt.Errorf("the build does not say %s=%s", key, want)
		}
	}
	return nil
}

// Say is what the program prints, which must be able to run here.
func (p *Program) Say(args ...string) (string, error) { return run("", nil, p.Path, args...) }

// run runs a command in a folder and returns its standard output.
func run(folder string, env []string, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Dir, c.Env = folder, append(os.Environ(), env...)
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("%s: %w", strings.Join(c.Args, " "), err)
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = fmt.Errorf("%w\n%s", err, exit.Stderr)
		}
	}
	return string(out), err
}
