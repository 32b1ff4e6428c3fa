package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"axgbind/report"
	"axgbind/report/reference"
)

var update = flag.Bool("update", false, "rewrite the transcripts of the READMEs")

// patience bounds what a script waits for. It passes only when something is
// broken.
const patience = 30 * time.Second

// TestMain lets the test binary be the program: scripts and transcripts run it
// as axgbind.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"axgbind": main})
}

// TestSamples runs every script in samples: each is an example of the README
// and a test of it.
func TestSamples(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "samples",
		Setup: func(e *testscript.Env) error {
			for _, v := range environment(e.WorkDir) {
				name, value, _ := strings.Cut(v, "=")
				e.Setenv(name, value)
			}
			return copySamples(e.WorkDir)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await":  await,
			"exits":  exits,
			"get":    get,
			"header": header,
			"night":  night,
			"serve":  serve,
		},
	})
}

// environment is what a run sees besides PATH: no keys, no metadata service of
// a cloud, no settings of the person who runs the tests, no journal of theirs. Under
// go test -cover it also sees where what it covers is gathered.
func environment(dir string) []string {
	list := []string{
		"AXGBIND_JOURNAL=" + filepath.Join(dir, "journal"),
		"HOME=" + dir, "USERPROFILE=" + dir, "LC_ALL=C", "LANG=C", "TERM=dumb",
		"ALIBABA_CLOUD_ECS_METADATA_DISABLED=true",
	}
	if gathered := os.Getenv("GOCOVERDIR"); gathered != "" {
		list = append(list, "GOCOVERDIR="+gathered)
	}
	return list
}

// copySamples puts the inputs in a folder samples of dir, so that commands read
// as they do in the README.
func copySamples(dir string) error {
	inputs, err := filepath.Glob("samples/*.csv")
	if err != nil {
		return err
	}
	nights, err := filepath.Glob("samples/night/*")
	if err != nil {
		return err
	}
	inputs = append(inputs, nights...)
	if err := os.MkdirAll(filepath.Join(dir, "samples", "night"), 0o700); err != nil {
		return err
	}
	for _, path := range inputs {
		if strings.Contains(path, ".results.") {
			continue // somebody tried the samples where they are
		}
		text, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, path), text, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// serve NAME COMMAND ARG... starts a command in the background, waits for the
// line with which it says where it listens, and puts the URL in $NAME.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: serve NAME COMMAND ARG...")
	}
	c := exec.Command(args[1], args[2:]...)
	c.Dir = ts.MkAbs(".")
	c.Env = append(environment(ts.Getenv("WORK")), "PATH="+ts.Getenv("PATH"))
	out, err := c.StdoutPipe()
	ts.Check(err)
	ts.Check(c.Start())
	ts.Defer(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	ready := make(chan string, 1)
	go func() {
		line := make([]byte, 256)
		n, _ := out.Read(line)
		ready <- string(line[:n])
	}()
	select {
	case line := <-ready:
		url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
		if !ok {
			ts.Fatalf("%s said %q", args[1], line)
		}
		ts.Setenv(args[0], url)
	case <-time.After(patience):
		ts.Fatalf("%s did not say where it listens", args[1])
	}
}

// get URL FILE stores what a loopback URL answers.
func get(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: get URL FILE")
	}
	text, err := fetch(args[0])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o600))
}

// await URL PATTERN asks a loopback URL until its answer matches.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await URL PATTERN")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		text, err := fetch(args[0])
		ts.Check(err)
		if pattern.Match(text) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s never answered %s, but %s", args[0], args[1], text)
		}
	}
}

func fetch(url string) ([]byte, error) {
	client := http.Client{Timeout: patience}
	r, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// exits STATUS COMMAND ARG... runs a command and wants that exit status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND ARG...")
	}
	have := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		have = exit.ExitCode()
	}
	if want, err := strconv.Atoi(args[0]); err != nil || have != want {
		ts.Fatalf("exit status %d, want %s", have, args[0])
	}
}

// header FILE wants FILE to begin with a byte order mark and to have the
// results columns last.
func header(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: header FILE")
	}
	const columns = "Line,Status,Code,Message,Reason,Action,SecretNo,SubsId,RequestId,Attempts,LatencyMs,FinishedAt"
	first, _, _ := strings.Cut(ts.ReadFile(args[0]), "\n")
	if !strings.HasPrefix(first, "\ufeff") || !strings.HasSuffix(first, ","+columns) {
		ts.Fatalf("%s begins with %q", args[0], first)
	}
}

// night STATUS FILE runs the command that a crontab, a systemd unit or a
// Dockerfile starts at night, with its settings, and wants that exit status. The
// folders that it names are those of the script.
func night(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: night STATUS FILE")
	}
	moved := strings.NewReplacer("/usr/bin/", ts.MkAbs("bin")+"/", "/etc/axgbind/", ts.MkAbs("etc")+"/", "/var/lib/axgbind", ts.MkAbs("var"))
	command, dir := "", ""
	c := exec.Command("sh", "-c", "")
	c.Env = append(environment(ts.Getenv("WORK")), "PATH="+ts.MkAbs("bin")+":"+ts.Getenv("PATH"), "DAY="+ts.Getenv("DAY"))
	for line := range strings.Lines(moved.Replace(ts.ReadFile(args[1]))) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch {
		case name == "ExecStart":
			command = value
		case name == "WorkingDirectory":
			dir = value
		case name == "EnvironmentFile":
			for line := range strings.Lines(ts.ReadFile(value)) {
				if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
					c.Env = append(c.Env, line)
				}
			}
		case strings.HasPrefix(line, "WORKDIR "):
			dir = strings.Fields(line)[1]
		case strings.HasPrefix(line, "ENTRYPOINT "):
			var words []string
			ts.Check(json.Unmarshal([]byte(strings.TrimPrefix(line, "ENTRYPOINT ")), &words))
			command = "set -a; . " + ts.MkAbs("etc/night.env") + "; exec " + strings.Join(words, " ")
		case len(line) > 0 && line[0] >= '0' && line[0] <= '9': // five fields of time and the user
			command = strings.Join(strings.Fields(line)[6:], " ")
		}
	}
	if command == "" {
		ts.Fatalf("%s starts nothing", args[1])
	}
	c.Args[2], c.Dir = command, dir
	out, err := c.CombinedOutput()
	ts.Logf("%s", out)
	ts.Check(os.WriteFile(ts.MkAbs("said"), out, 0o600))
	have := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		have = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if want, err := strconv.Atoi(args[0]); err != nil || have != want {
		ts.Fatalf("exit status %d, want %s", have, args[0])
	}
}

// TestTranscripts runs what the READMEs show, the blocks marked console, and
// compares what it prints. With -update it rewrites them.
func TestTranscripts(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := copySamples(dir); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			shown := 0
			played := block.ReplaceAllFunc(text, func(b []byte) []byte {
				shown++
				return replay(t, dir, b)
			})
			if shown == 0 {
				t.Fatal("no transcript")
			}
			want, got := vary.ReplaceAllString(string(text), "~"), vary.ReplaceAllString(string(played), "~")
			if want == got {
				return
			}
			if *update {
				if err := os.WriteFile(name, played, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("the program prints something else than %s shows; go test . -run TestTranscripts -update\n%s", name, cmp.Diff(want, got))
		})
	}
}

// TestReadmeIsShort: a README is read on a terminal, in one go.
func TestReadmeIsShort(t *testing.T) {
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines, words := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), len(strings.Fields(string(text)))
		if len(lines) > 200 || words > 1900 {
			t.Errorf("%s has %d lines and %d words", name, len(lines), words)
		}
		for _, line := range lines {
			if n := report.Columns(line); n > widest {
				t.Errorf("%s: %d columns: %s", name, n, line)
			}
		}
	}
}

// TestPagesInStep: each page has the same headings and the same commands in both
// languages; comments in the commands are in the page's own.
func TestPagesInStep(t *testing.T) {
	names := []string{"README", "samples/night/README"}
	for _, topic := range reference.Topics() {
		names = append(names, "report/reference/"+topic.Name)
	}
	for _, name := range names {
		en, zh := outline(t, name+".md"), outline(t, name+".zh-CN.md")
		if diff := cmp.Diff(en, zh); diff != "" {
			t.Errorf("%s: the languages differ (-en +zh):\n%s", name, diff)
		}
		if len(en) < 3 {
			t.Errorf("%s: only %d headings and commands", name, len(en))
		}
	}
}

// outline lists the headings of a page by level, and what its code blocks have
// people type.
func outline(t *testing.T, name string) (list []string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	comment := regexp.MustCompile(`(^|\s+)# .*`)
	inBlock, kind := false, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch fence, ok := strings.CutPrefix(line, "```"); {
		case ok && !inBlock:
			inBlock, kind = true, fence
		case ok:
			inBlock = false
		case !inBlock && strings.HasPrefix(line, "#"):
			list = append(list, line[:strings.IndexByte(line, ' ')]+" heading")
		case inBlock && kind == "console":
			if typed, ok := strings.CutPrefix(line, "$ "); ok {
				list = append(list, strings.TrimSuffix(typed, " --lang zh"))
			}
		case inBlock:
			if line = comment.ReplaceAllString(line, ""); line != "" {
				list = append(list, line)
			}
		}
	}
	return list
}

var (
	block = regexp.MustCompile("(?s)```console\n.*?```")
	// vary is what differs from run to run, and from version to version: times,
	// durations, speeds, the version itself.
	vary = regexp.MustCompile(`seconds=[\d.]+|version=\S+|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d|[\d.]+(µs|ms|s)\b|[\d.]+/s|([\d.]+ (微秒|毫秒|秒|分钟|分|小时) ?)+|[\d.]+ 次/秒`)
)

// widest is how many columns a line of a README has, those of the transcripts too: what
// is longer is cut, and … says so.
const widest = 120

// replay runs the commands of one block and returns it with their output.
func replay(t *testing.T, dir string, b []byte) []byte {
	out := &bytes.Buffer{}
	fmt.Fprintln(out, "```console")
	for line := range strings.Lines(string(b)) {
		typed, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		words := strings.Fields(strings.Replace(typed, "go run .", "axgbind", 1))
		if len(words) == 0 || words[0] != "axgbind" {
			t.Fatalf("%q is not ours to run", typed)
		}
		out.WriteString(line)
		c := exec.Command(words[0], words[1:]...)
		c.Dir, c.Env = dir, append(environment(dir), "PATH="+os.Getenv("PATH"))
		said, err := c.CombinedOutput()
		if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(said)) {
			if short := report.Cut(line, widest); short != line {
				line = short[:strings.LastIndexByte(short, ' ')+1] + "…\n"
			}
			out.WriteString(line)
		}
	}
	out.WriteString("```")
	return out.Bytes()
}
