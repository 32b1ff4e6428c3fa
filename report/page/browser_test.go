package page_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/report"
)

// TestPageInBrowser opens pages in headless Chromium: no message on the console,
// so no rule of the page's policy is broken, and no request beyond the file. A
// page that does both shows that the test would see it.
func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a browser takes long, and more memory than mutants are given")
	}
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
			break
		}
	}
	if chromium == "" {
		t.Skip("no chromium, chromium-browser or google-chrome on the PATH; Debian's package is chromium")
	}
	bad := browse(t, chromium, `<!doctype html><title>x</title><img src="http://127.0.0.1:9/x.png"><script>console.log("hello")</script>`)
	if len(bad.console) != 1 || len(bad.requests) != 1 {
		t.Fatalf("of a page that says and asks for one thing each, the test sees %q and %q", bad.console, bad.requests)
	}
	all := pages()
	for _, name := range []string{"killed and resumed", "against the last night"} {
		text := written(t, all[name](report.ZH))
		seen := browse(t, chromium, text)
		if len(seen.console) > 0 || len(seen.requests) > 0 {
			t.Errorf("%s: the console says %q, and the page asks for %q", name, seen.console, seen.requests)
		}
		if !strings.Contains(seen.dom, "</footer>") || strings.Count(seen.dom, "<svg") != strings.Count(text, "<svg") {
			t.Errorf("%s: the browser makes something else of it: %.300s", name, seen.dom)
		}
	}
}

// sight is what a browser made of a page.
type sight struct {
	dom      string
	console  []string
	requests []string // that the page asked for; the browser's own are none of ours
}

func browse(t *testing.T, chromium, page string) (s sight) {
	t.Helper()
	dir, err := os.MkdirTemp("", "axgbind-page-*")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir) // not t.TempDir: a child of the browser may write for a moment longer
	file, netlog := filepath.Join(dir, "page.html"), filepath.Join(dir, "net.json")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--log-net-log="+netlog, "--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom", "file://"+filepath.ToSlash(file))
	said := &strings.Builder{}
	c.Stderr = said
	dom, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	s.dom = string(dom)
	for line := range strings.Lines(said.String()) {
		if strings.Contains(line, ":CONSOLE") {
			s.console = append(s.console, strings.TrimSpace(line))
		}
	}
	text, err := os.ReadFile(netlog)
	if err != nil {
		t.Fatal(err)
	}
	var events struct {
		Events []struct {
			Params struct{ URL, Initiator string }
		}
	}
	if err := json.Unmarshal(text, &events); err != nil {
		t.Fatal(err)
	}
	for _, e := range events.Events {
		if p := e.Params; strings.HasPrefix(p.URL, "http") && p.Initiator != "" && p.Initiator != "not an origin" {
			s.requests = append(s.requests, p.URL)
		}
	}
	return s
}
