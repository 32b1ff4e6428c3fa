package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// offered is what a shell is told to offer for the last of the words, without
// descriptions, and the directive that goes with it.
func offered(t *testing.T, words ...string) (values []string, directive string) {
	t.Helper()
	o := axgbind(t, append([]string{"__complete"}, words...)...).want(t, 0)
	for line := range strings.Lines(o.stdout) {
		value, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		values = append(values, value)
	}
	return values[:len(values)-1], values[len(values)-1]
}

const (
	anyFile = ":0"
	noFiles = ":4"
	byEnd   = ":8" // files by their ending
)

// TestCompletionBehindLang: an alias such as ax='axgbind --lang zh' completes too.
func TestCompletionBehindLang(t *testing.T) {
	if o := axgbind(t, "--lang", "zh", "__complete", "bind", "--progress", "").want(t, 0); !strings.Contains(o.stdout, "plain\n") || !strings.Contains(o.stdout, noFiles) {
		t.Errorf("%s", o.stdout)
	}
}

func TestCompletionOffers(t *testing.T) {
	for _, c := range []struct {
		words     []string
		some      []string
		directive string
	}{
		{[]string{"st"}, []string{"status"}, noFiles},
		{[]string{"bind", ""}, []string{"csv"}, byEnd},
		{[]string{"bind", "in.csv", ""}, nil, noFiles},
		{[]string{"check", ""}, []string{"csv"}, byEnd},
		{[]string{"status", ""}, []string{"csv"}, byEnd},
		{[]string{"report", ""}, []string{"csv"}, byEnd},
		{[]string{"report", "-o", ""}, []string{"html"}, byEnd},
		{[]string{"explain", ""}, []string{"isv.BIND_CONFLICT", "client.Duplicate", "mobile-length"}, noFiles},
		{[]string{"completion", ""}, []string{"bash", "zsh", "fish", "powershell"}, noFiles},
		{[]string{"bind", "--pro"}, []string{"--progress"}, noFiles},
		{[]string{"bind", "--resend", ""}, []string{"failed", "unknown", "isv.NO_NOT_EXIST"}, noFiles},
		{[]string{"bind", "--default", ""}, []string{"Expiration=", "PoolKey="}, ":6"}, // and no blank behind it
		{[]string{"--lang", ""}, []string{"en", "zh"}, noFiles},
	} {
		values, directive := offered(t, c.words...)
		if directive != c.directive {
			t.Errorf("%q: directive %s, want %s", c.words, directive, c.directive)
		}
		for _, want := range c.some {
			if !slices.Contains(values, want) {
				t.Errorf("%q: no %q in %q", c.words, want, values)
			}
		}
	}
	if values, _ := offered(t, "bind", "--resend", ""); slices.Contains(values, "OK") {
		t.Error("what is bound is offered to be sent again")
	}
}

// TestCompletionOfFlags: every flag that takes a value says what it offers, and
// what it offers is accepted.
func TestCompletionOfFlags(t *testing.T) {
	in := write(t, filepath.Join(newFolder(t), "in.csv"), content(0, 1).String())
	flag := regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+) [A-Za-z]`)
	found := 0
	for _, command := range []string{"bind", "simulate", "status", "report", "template"} {
		help, _, _ := strings.Cut(axgbind(t, command, "--help").want(t, 0).stdout, "Global flags:")
		for _, m := range flag.FindAllStringSubmatch(help, -1) {
			found++
			values, directive := offered(t, command, "--"+m[1], "")
			if directive == anyFile && m[1] != "log" {
				t.Errorf("%s --%s: shells offer any file; say what it takes in flags/table.go", command, m[1])
			}
			if command != "bind" || directive != noFiles {
				continue
			}
			for _, value := range values {
				if o := axgbind(t, "bind", "--dry-run", in, "--pool-key", testPool, "--"+m[1], value); o.status != 0 && o.status != 6 { // 6: not that delimiter
					t.Errorf("--%s %s is offered and refused\n%s", m[1], value, o)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d flags", found)
	}
}

func TestCompletionScripts(t *testing.T) {
	if help := axgbind(t, "--help").want(t, 0).stdout; strings.Contains(help, "completion") {
		t.Errorf("what is typed once stands in the list of commands:\n%s", help)
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		script := axgbind(t, "completion", shell, "--lang", "zh").want(t, 0).stdout
		if !strings.Contains(script, "axgbind") || !strings.Contains(script, "__complete") {
			t.Errorf("%s: %.200s", shell, script)
		}
		path, err := exec.LookPath(shell)
		if err != nil || shell == "powershell" {
			continue
		}
		c := exec.Command(path, "-n")
		c.Stdin = strings.NewReader(script)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", shell, err, out)
		}
	}
	for _, args := range [][]string{{}, {"tcsh"}, {"bash", "zsh"}} {
		o := axgbind(t, append([]string{"completion"}, args...)...).want(t, 10)
		if !strings.Contains(o.stderr, "cure: type one of") {
			t.Error(o)
		}
	}
}

// TestCompletionOfHostileWords: what cannot be seen does not come back to the
// terminal from a shell's question either, which cobra answers past the command.
func TestCompletionOfHostileWords(t *testing.T) {
	cmd := exec.Command(os.Args[0], "__complete", "bind", "--x\naxgbind: finished status=0\x1b[2J")
	cmd.Env = append(os.Environ(), actAs+"=1")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || string(out) != ":1\n" || stderr.Len() > 0 {
		t.Errorf("%v: %q, %q", err, out, stderr.String())
	}
}
