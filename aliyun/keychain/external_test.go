package keychain_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/keychain"
)

// TestSplitCommand: a command of a profile has the words that the vendor's own
// programs see.
func TestSplitCommand(t *testing.T) {
	for _, c := range []struct {
		command       string
		unix, windows string // words, separated by |; "-": none
	}{
		{"tool", "tool", "tool"},
		{" tool\ta  b\n", "tool|a|b", "tool|a|b"},
		{`"C:\Program Files\tool.exe" -x`, `C:\Program Files\tool.exe|-x`, `C:\Program Files\tool.exe|-x`},
		{`C:\bin\tool -x`, `C:bintool|-x`, `C:\bin\tool|-x`},
		{`tool 'a "b" \c' "d 'e'"`, `tool|a "b" \c|d 'e'`, `tool|a "b" \c|d 'e'`},
		{`tool "" ''`, "tool||", "tool||"},
		{`tool "a\"b" "\$\x"`, `tool|a"b|$\x`, `tool|a"b|\$\x`},
		{`tool a\ b`, "tool|a b", `tool|a\|b`},
		{"tool a\\\nb", "tool|ab", `tool|a\|b`},
		{"工具 \u3000甲", "工具|甲", "工具|甲"},
		{"", "-", "-"},
		{" \n", "-", "-"},
		{`""`, "-", "-"},
		{`tool "a`, "-", "-"},
		{`tool 'a`, "-", "-"},
		{`tool a\`, "-", `tool|a\`},
	} {
		for i, want := range []string{c.unix, c.windows} {
			words, ok := keychain.SplitCommand(c.command, i == 1)
			if !ok && want != "-" || ok && !slices.Equal(words, strings.Split(want, "|")) {
				t.Errorf("%q, windows %v: %q, %v; want %q", c.command, i == 1, words, ok, want)
			}
		}
	}
}

// TestAskCommand: what a command does and what is said of it.
func TestAskCommand(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("no shell")
	}
	const key = `{"mode":"AK","access_key_id":"id","access_key_secret":"hush","expiration":"2099-01-01T00:00:00Z"}`
	for _, c := range []struct {
		name, script string
		within       time.Duration
		want         string
	}{
		{"a key", "echo '" + key + "'", time.Minute, "id"},
		{"a key, and something that stays and holds the output open", "sleep 1000 & echo '" + key + "'; echo $! >$0.pid", time.Minute, "id"},
		{"hangs", "exec sleep 1000", 10 * time.Millisecond, "did not end within 10ms"},
		{"leaves a child that hangs", "sleep 1000; true", 10 * time.Millisecond, "did not end within 10ms"},
		{"a token is wanted", `echo '{"mode":"StsToken","access_key_id":"id","access_key_secret":"hush"}'`, time.Minute, "no sts_token"},
		{"a key twice", "echo '" + key + key + "'", time.Minute, "something else than one JSON object"},
		{"nothing", "true", time.Minute, "something else than one JSON object"},
		{"killed", "kill -9 $$", time.Minute, "could not be run, or was killed"},
	} {
		path := filepath.Join(t.TempDir(), "tool")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+c.script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		if got := keychain.AskCommand(path, c.within); !strings.Contains(got, c.want) || strings.Contains(got, "hush") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if pid, err := os.ReadFile(path + ".pid"); err == nil {
			kill(t, strings.TrimSpace(string(pid)))
		}
	}
}

func kill(t *testing.T, pid string) {
	t.Helper()
	if got := keychain.AskCommand("/bin/sh -c 'kill "+pid+"'", time.Minute); !strings.Contains(got, "JSON") {
		t.Error(got)
	}
}
