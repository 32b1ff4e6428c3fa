package main

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"axgbind/report"
	"axgbind/report/reference"
)

// TestReadmeRuns: whoever types what the README shows, from top to bottom, has a canary,
// the full run, a renewal, a night and an undo. TestPagesRun: so has who knows the help
// pages alone. Each command ends with status 0, or with the one in the comment behind it.
func TestReadmeRuns(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "README.zh-CN.md"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t)
			w.types(string(text))
			w.wants(46, 13)
		})
	}
}

func TestPagesRun(t *testing.T) {
	t.Parallel()
	for name, lang := range map[string]report.Lang{"en": report.EN, "zh": report.ZH} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, topic := range reference.Topics() {
				w.types(topic.Page(lang))
			}
			w.wants(76, 43)
		})
	}
}

// world is a folder with somebody's files, beside a simulated service.
type world struct {
	t           *testing.T
	dir, url    string
	environment []string
	typed       []string
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, dir: t.TempDir()}
	service := exec.Command("axgbind", "simulate", "--numbers", "200")
	service.Env = append(environment(w.dir), "PATH="+os.Getenv("PATH"))
	out, err := service.StdoutPipe()
	if err == nil {
		err = service.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = service.Process.Kill()
		_ = service.Wait()
	})
	line := make([]byte, 256)
	n, _ := out.Read(line)
	w.url = strings.TrimPrefix(strings.TrimSpace(string(line[:n])), "listening on ")
	w.environment = append(service.Env, "AXGBIND_ENDPOINT="+w.url, "ALIBABA_CLOUD_ACCESS_KEY_ID=testid", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=testsecret")

	life, err := txtar.ParseFile(filepath.Join("samples", "life.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range life.Files { // august.csv, and what goes into july.csv
		w.write(f.Name, xNamed.ReplaceAllString(strings.Replace(string(f.Data), ",PhoneNoX", ",城市", 1), ",北京"))
	}
	w.write("crm.csv", "Tel,Expiration\n13500135000,2099-01-31 23:59:59\n")
	w.write("tonight.csv", "PhoneNoA,GroupId\n13900138111,2000000000001\n")
	mixed, err := os.ReadFile(filepath.Join("samples", "mixed.csv"))
	if err != nil {
		t.Fatal(err)
	}
	w.write("export.csv", strings.Replace(string(mixed), "13800138", "13700138", -1))
	text, err := fetch(w.url + "/simulator/numbers")
	var numbers []struct{ SecretNo string }
	if err = cmp.Or(err, json.Unmarshal(text, &numbers)); err != nil {
		t.Fatal(err)
	}
	list := "SecretNo\n"
	for _, n := range numbers {
		list += n.SecretNo + "\n"
	}
	w.write("pool.csv", list)
	return w
}

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

var (
	shBlock  = regexp.MustCompile("(?s)```sh\n(.*?)```")
	endsWith = regexp.MustCompile(`(?:status|状态) (\d+)`)
	behind   = regexp.MustCompile(`\s+# .*`)
	xNamed   = regexp.MustCompile(`(?m),171\d{8}$`)
)

// types runs every command of the blocks of a page that are marked sh.
func (w *world) types(page string) {
	w.t.Helper()
	for _, b := range shBlock.FindAllStringSubmatch(page, -1) {
		for line := range strings.Lines(strings.ReplaceAll(b[1], "\\\n", " ")) {
			if strings.HasPrefix(line, "axgbind ") {
				w.run(line)
			} else if !strings.HasPrefix(line, "go ") {
				w.t.Fatalf("%q is not ours to run", line)
			}
		}
	}
}

func (w *world) run(line string) {
	w.t.Helper()
	want := 0
	if m := endsWith.FindStringSubmatch(line); m != nil {
		want, _ = strconv.Atoi(m[1])
	}
	command := strings.TrimSpace(behind.ReplaceAllString(line, ""))
	if command == "axgbind journal init" { // a test's folder may go with the power
		command += " --another"
	}
	w.person(command)
	command, file, toFile := strings.Cut(command, " > ")
	c := exec.Command("axgbind", strings.Fields(command)[1:]...)
	c.Dir, c.Env = w.dir, w.environment
	out := &strings.Builder{}
	c.Stdout, c.Stderr = out, out
	if toFile {
		f, err := os.Create(filepath.Join(w.dir, file))
		if err != nil {
			w.t.Fatal(err)
		}
		defer f.Close()
		c.Stdout = f
	}
	have := 0
	if err := c.Run(); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			w.t.Fatal(err)
		}
		have = exit.ExitCode()
	}
	if have != want {
		w.t.Errorf("%s\nended with %d, want %d:\n%s", command, have, want, out)
	}
	w.typed = append(w.typed, command)
}

// person does what people do between two commands.
func (w *world) person(next string) {
	w.t.Helper()
	switch {
	case strings.HasPrefix(next, "axgbind check july.csv"): // the template was filled in
		text, err := os.ReadFile(filepath.Join(w.dir, "filled.csv"))
		if err != nil {
			w.t.Fatal(err)
		}
		w.write("july.csv", string(text))
	case strings.HasPrefix(next, "axgbind bind fix.csv"): // the rows were corrected
		text, err := os.ReadFile(filepath.Join(w.dir, "fix.csv"))
		if err != nil {
			w.t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
		if err != nil || len(rows) < 3 {
			w.t.Fatalf("%d rows to correct, %v", len(rows)-1, err)
		}
		b := &strings.Builder{}
		for i, r := range rows[1:] {
			for k, name := range rows[0] {
				switch name {
				case "A号码":
					r[k] = "1360013" + strconv.Itoa(8000+i)
				case "分组ID":
					r[k] = "2000000000001"
				case "过期时间":
					r[k] = "2099-01-31 23:59:59"
				case "中间号":
					r[k] = ""
				}
			}
		}
		if err := csv.NewWriter(b).WriteAll(rows); err != nil {
			w.t.Fatal(err)
		}
		w.write("fix.csv", b.String())
	}
}

// wants checks what the service has seen: a canary and a full run, a renewal and an undo
// were typed, so many BindAxg calls were made for it, each of a row that was to be bound,
// and so many bindings live now.
func (w *world) wants(binds, live int) {
	w.t.Helper()
	all := strings.Join(w.typed, "\n")
	for _, part := range []string{"--limit 10", "bind july.csv --pool-key FC100000000000001\n", "--when-bound renew", "unbind july.results.csv --yes"} {
		if !strings.Contains(all, part) {
			w.t.Errorf("no command has %q", part)
		}
	}
	text, err := fetch(w.url + "/simulator/stats")
	var stats struct{ Actions map[string]int }
	if err = cmp.Or(err, json.Unmarshal(text, &stats)); err != nil {
		w.t.Fatal(err)
	}
	text, err = fetch(w.url + "/simulator/bindings")
	var bindings []struct{}
	if err = cmp.Or(err, json.Unmarshal(text, &bindings)); err != nil {
		w.t.Fatal(err)
	}
	if stats.Actions["BindAxg"] != binds || len(bindings) != live {
		w.t.Errorf("%d BindAxg calls and %d live bindings, want %d and %d", stats.Actions["BindAxg"], len(bindings), binds, live)
	}
}
