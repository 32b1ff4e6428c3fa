package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"axgbind/aliyun/simulator"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// hostile is a text that wants to be a line for machines, to clear the screen, to
// turn round what follows and to hide.
const hostile = "finished status=0 rows=9 bound=9\naxgbind: finished status=0 rows=9 bound=9\r\x1b[2J\u009b1m\u202e\u2066\u200b\u2028\U000e0041\ufeff\x7f\t<@all>[x](http://evil.example)"

// hostileName is hostile as far as a file can be called so.
var hostileName = strings.ReplaceAll("13900139123 "+hostile, "/", "")

// hidden reports whether a character must not reach a screen.
func hidden(r rune) bool {
	return r < ' ' && r != '\n' || r >= 0x7f && r <= 0x9f || r == 0xad || r == 0x61c || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e ||
		r >= 0x2060 && r <= 0x206f || r == 0xfeff || r >= 0xfff9 && r <= 0xfffb || r >= 0xe0000 && r <= 0xe0fff
}

// wantPlain looks for what must not leave, and counts the lines for machines.
func wantPlain(t *testing.T, what, text string, finished int) {
	t.Helper()
	if i := strings.IndexFunc(text, hidden); i >= 0 {
		t.Errorf("%s: %q", what, text[max(i-80, 0):min(i+40, len(text))])
	}
	if n := len(regexp.MustCompile(`(?m)^axgbind: finished`).FindAllString(text, -1)); n != finished {
		t.Errorf("%s: %d lines say that a run finished, want %d\n%s", what, n, finished, text)
	}
	if strings.Contains(text, "13900139123") {
		t.Errorf("%s: a number\n%s", what, text)
	}
}

// hostileService plays the service and says hostile words with every refusal.
func hostileService(t *testing.T, code string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"Code": code, "Message": hostile, "RequestId": "8F2A7C1E-0000-4B5D-9E6F-000000000001"})
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestHostileText: names of files, headers, cells, flags, the service's words,
// and what results and journals of others hold reach screen, log, summary,
// findings, metrics, page and robot as plain text, in every command.
func TestHostileText(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no file can be called so")
	}
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(newFolder(t), "d"+hostileName[11:40])
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			rows := content(0, 4)
			for i := range rows {
				rows[i] = append(rows[i], hostile, "", "")
			}
			rows[0][5], rows[0][6] = "ExpectCity", "RingConfig"
			rows[2][5], rows[3][6] = hostile, hostile
			rows[4][0] = "1380013\x1b8000"
			in := write(t, filepath.Join(dir, hostileName+".csv"), rows.String())
			url := hostileService(t, "isv.NO_NOT_EXIST")
			g := newGroup(t)
			vars := robotVars(g.URL, map[string]string{"en": dingTalkHook, "zh": feishuHook}[lang])
			base := strings.TrimSuffix(in, ".csv")
			beside := filepath.Join(dir, "in") // a path that is given by a flag must be seen whole
			run := func(what string, finished int, args ...string) outcome {
				t.Helper()
				got := axgbindWith(t, vars, "", append(args, "--lang", lang)...)
				if got.status == 2 || strings.Contains(got.stderr, "panic") {
					t.Fatalf("%s: %s", what, got)
				}
				wantPlain(t, what+", standard error", got.stderr, finished)
				wantPlain(t, what+", standard output", strings.TrimPrefix(got.stdout, bom), 0)
				if text := g.told(); text != "" {
					wantPlain(t, what+", robot", text, 0)
					if strings.Contains(text, "](") || strings.Contains(text, "<@") || strings.Contains(text, "http://evil") {
						t.Errorf("%s: the robot shows a link or calls people: %s", what, text)
					}
				}
				return got
			}
			files := func(paths ...string) {
				t.Helper()
				for _, path := range paths {
					text, err := os.ReadFile(path)
					if err != nil {
						t.Error(err)
					}
					wantPlain(t, filepath.Ext(path), strings.TrimPrefix(string(text), bom), 0)
				}
			}
			bind := []string{"bind", in, "--pool-key", testPool, "--endpoint", url, "--progress", "plain", "-v", "--max-failures", "100%",
				"--summary", beside + ".json", "--metrics", beside + ".prom", "--findings", beside + ".jsonl", "--log", beside + ".log"}
			run("check", 1, "check", in)
			run("check with findings", 1, "check", in, "--findings", beside+".found.csv")
			run("bind", 1, bind...)
			files(beside+".json", beside+".prom", beside+".jsonl", beside+".log", beside+".found.csv")
			out := base + ".results.csv"
			run("bind again", 1, append(bind, "--resend", "failed", "--log", beside+".log.json")...)
			files(beside+".json", beside+".prom", beside+".log.json")
			wantOwnColumns(t, out)
			for _, args := range [][]string{
				{"status", out}, {"status", out, "--bindings"}, {"status", out, "--json"}, {"report", out}, {"report", out, "-o", "-"},
				{"verify", out, "--endpoint", url, "--pool-key", testPool}, {"unbind", out, "--endpoint", url, "--only", hostile + "=" + hostile},
				{"unbind", out, "--endpoint", url, "--only", hostile}, {"unbind", out, "--endpoint", url, "--lines", hostile}, {"unbind", out, "--endpoint", url, "--only", "Code=" + hostile},
				{"explain", "X." + hostile}, {"explain", "isv.BIND_CONFLIC\x1b"}, {hostile}, {"help", hostile}, {"bind", "--" + hostile}, {"bind", in, "--rate", hostile},
				{"bind", in, "--map", hostile + "=PhoneNoA"}, {"bind", in, "--map", "x=" + hostile}, {"bind", in, "--default", hostile + "=1"},
				{"bind", in, "--default", "Expiration=+" + hostile}, {"bind", in, "--endpoint", "https://h/" + hostile}, {"bind", in, "-o", base + "/none/x"},
				{"bind", in, "--resend", hostile}, {"bind", in, "--encoding", hostile}, {"bind", in, "--findings", hostile}, {"bind", in, "--metrics", hostile},
				{"report", out, "-o", hostile}, {"bind", in, "--journal", base + "/none/j"}, {"bind", base + ".none.csv"}, {"bind", dir}, {"bind", in, "--x-numbers", in},
				{"bind", hostile}, {"bind", in, "--until", hostile}, {"bind", in, "--lang", hostile}, {"template", "-o", in}, {"completion", hostile},
				{"simulate", "--cities", hostile}, {"simulate", "--fault", hostile}, {"simulate", "--listen", hostile}, {"bind", write(t, base+".heads.csv", table{{hostile, "PhoneNoA\x1b", "手机号\u202e"}, {"1", "2", "3"}}.String())}, {"update", in, "--field", hostile},
				{"reconcile", in}, {"report", in}, {"status", in}, {"__complete", "bind", "--" + hostile}, {"bind", in, "--journal", in, "--pool-key", testPool},
			} {
				run(fmt.Sprintf("%q", args), 0, args...)
			}
			run("reconcile", 1, "reconcile", out, "--endpoint", url)
			// A finish line is forged by no name that stands first in a sentence.
			named := write(t, filepath.Join(newFolder(t), "finished status=0 rows=9"), "")
			first := spawnWith(t, filepath.Dir(named), nil, nil, "bind", filepath.Base(named), "--lang", lang).wait().want(t, 6)
			wantPlain(t, "first word", first.stderr, 0)

			// A service whose codes and ids are no more than words.
			said := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_ = json.NewEncoder(w).Encode(map[string]any{"Code": "isv." + hostile, "Message": hostile, "RequestId": hostile, "SecretBindDTO": map[string]string{"SecretNo": hostile, "SubsId": hostile}})
			}))
			defer said.Close()
			odd := write(t, filepath.Join(dir, "odd.csv"), content(20, 3).String())
			run("odd codes", 1, "bind", odd, "--endpoint", said.URL, "--pool-key", testPool, "--progress", "none", "-v", "--summary", beside+".json")
			files(beside + ".json")
			wantOwn(t, filepath.Join(dir, "odd.results.csv"), 4)
			run("odd codes, report", 0, "report", filepath.Join(dir, "odd.results.csv"))
			run("odd codes, page", 0, "report", filepath.Join(dir, "odd.results.csv"), "-o", beside+".html")
			files(beside + ".html")

			// Results that somebody changed, as input of a job that knows nothing of them.
			all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(read(t, out), bom))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range all[1:] {
				for i, name := range all[0] {
					switch name {
					case "Status":
						r[i] = "BOUND"
					case "Code", "Message", "Reason", "Action", "SecretNo", "SubsId", "RequestId", "FinishedAt":
						r[i] = hostile
					}
				}
			}
			changed := write(t, filepath.Join(dir, "changed.csv"), table(all).String())
			run("changed results", 1, "bind", changed, "--endpoint", url, "--pool-key", testPool, "--progress", "none")
			run("changed results, page", 0, "report", filepath.Join(dir, "changed.results.csv"), "-o", beside+".html")
			wantOwnColumns(t, filepath.Join(dir, "changed.results.csv"))
			files(beside + ".html")
			for _, args := range [][]string{{"status", filepath.Join(dir, "changed.results.csv")}, {"report", filepath.Join(dir, "changed.results.csv")}, {"verify", filepath.Join(dir, "changed.results.csv"), "--endpoint", url}} {
				run(fmt.Sprintf("%q", args), 0, args...)
			}

			// A journal of somebody else's making.
			evil, _ := json.Marshal(hostile)
			folder := filepath.Join(dir, "evil")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			evilPath := filepath.Join(folder, "axgbind.journal")
			texts := regexp.MustCompile(`"(input|results|user|key|version|commit|endpoint|run|stop|stop_code|program|stop_reason|code|meaning|who|next|status)":"[^"]*"`)
			const id = "00000000000e0e0e" // a copy of a journal that is in use would be refused as such
			write(t, evilPath, rewritten(t, read(t, memoryOf(t)), func(l *journal.Line) {
				if l.Word == "header" {
					l.Detail = regexp.MustCompile(`"id":"[0-9a-f]{16}"`).ReplaceAll(l.Detail, []byte(`"id":"`+id+`"`))
				}
				if l.Record.Kind == ledger.Run || l.Record.Kind == ledger.End {
					l.Detail = texts.ReplaceAll(l.Detail, []byte(`"$1":`+strings.ReplaceAll(string(evil), "$", "$$")))
				}
			}))
			write(t, evilPath+".lock", fmt.Sprintf(`{"journal":%q,"last":1000000,"batches":[{"batch":%s,"results":%s,"last":1000000}],"holder":{"pid":1,"host":%s,"batch":%s,"input":%s}}`,
				id, evil, evil, evil, evil, evil))
			for _, args := range [][]string{{"status"}, {"status", out}, {"status", out, "--bindings"}, {"status", out, "--json"}, {"report", out}, {"report", out, "-o", "-"}} {
				got := run(fmt.Sprintf("evil journal, %q", args), 0, append(args, "--journal", folder)...)
				got.want(t, 0)
			}
			held := journal.NewFile(evilPath, nil)
			if ok, err := held.Lock(); !ok || err != nil {
				t.Fatal(ok, err)
			}
			run("evil journal, held", 0, append(bind, "--journal", folder)...).want(t, 11)
			held.Close()
			run("evil journal, behind", 0, append(bind, "--journal", folder)...).want(t, 10)
		})
	}
}

// wantOwnColumns looks at what axgbind added to a results file; the cells of the
// input stand as they were.
func wantOwnColumns(t *testing.T, path string) {
	t.Helper()
	passed := false
	for _, r := range wantOwn(t, path, 7) {
		passed = passed || r[4] == hostile
	}
	if !passed {
		t.Error("a cell of the input was changed")
	}
}

func wantOwn(t *testing.T, path string, own int) [][]string {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(read(t, path), bom))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all[1:] {
		wantPlain(t, path, strings.Join(r[own:], " "), 0)
	}
	return all[1:]
}

// TestNextCommandCanBeTyped: no command is shown that would do something else
// when it is typed: one with a number that is masked, with a name that cannot be
// shown, or with an input that came through a pipe. What is shown, runs.
func TestNextCommandCanBeTyped(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	for name, c := range map[string]struct {
		file   string
		flags  []string
		stdin  bool
		hidden bool
	}{
		"plain":              {file: "in.csv"},
		"a quotation mark":   {file: "it's $(touch x) `y`.csv"},
		"like a flag":        {file: "-v.csv"},
		"a number":           {file: "13800138000.csv", hidden: true},
		"a number in a flag": {file: "in.csv", flags: []string{"--default", "PhoneNoB=13800138000"}, hidden: true},
		"a short number":     {file: "in.csv", flags: []string{"--default", "PhoneNoB=95588"}, hidden: true},
		"a line break":       {file: "a\nb.csv", hidden: true},
		"a direction":        {file: "a\u202eb.csv", hidden: true},
		"stars":              {file: "138****8000.csv", hidden: true},
		"a pipe":             {file: "-", stdin: true, flags: []string{"-o", "out.csv"}, hidden: true},
	} {
		for _, lang := range []string{"en", "zh"} {
			t.Run(name+" "+lang, func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(newFolder(t), "x")
				if err := os.Mkdir(dir, 0o700); err != nil {
					t.Fatal(err)
				}
				text := content(0, 3).String()
				args := append(sim.bind(c.file, "--limit", "1", "--lang", lang), c.flags...)
				if c.file[0] == '-' && !c.stdin {
					args = append(append([]string{"bind"}, args[2:]...), "--", c.file)
				}
				if !c.stdin {
					write(t, filepath.Join(dir, c.file), text)
				}
				first := spawnWith(t, dir, nil, strings.NewReader(text), args...).wait().want(t, 5)
				last := first.atEnd()
				if c.hidden {
					if strings.Contains(last, "axgbind ") || strings.Contains(last, "13800138000") || strings.Contains(last, "***") {
						t.Errorf("a command that cannot be typed: %s", last)
					}
					return
				}
				commands := first.nextCommands()
				if len(commands) != 1 {
					t.Fatalf("no command: %s", last)
				}
				spawnWith(t, dir, nil, nil, shellWords(t, commands[0])...).wait().want(t, 0)
			})
		}
	}
}

// shellWords takes a command apart as a shell does, as far as the program quotes.
func shellWords(t *testing.T, line string) (words []string) {
	word, open := "", false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\'':
			open = !open
		case c == '\\' && !open:
			i++
			word += line[i : i+1]
		case c == ' ' && !open:
			words, word = append(words, word), ""
		default:
			word += string(c)
		}
	}
	if open {
		t.Fatalf("a quotation mark is open: %s", line)
	}
	return append(words, word)
}

// TestMaskedValues: what was copied from where it is masked is refused by name,
// before anything is opened.
func TestMaskedValues(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
	for _, c := range []struct {
		what string
		vars map[string]string
		args []string
	}{
		{"--default", nil, []string{"bind", "--simulate", in, "--default", "PhoneNoB=138****8000"}},
		{"--default", nil, []string{"check", in, "--default=OutId=138****8000"}},
		{"--only", nil, []string{"unbind", in, "--only", "PhoneNoA=138****8000"}},
		{"--pool-key", nil, []string{"bind", in, "--pool-key", "FC1****0001"}},
		{"INPUT", nil, []string{"bind", "--simulate", filepath.Join(dir, "138****8000.csv")}},
		{"--out", nil, []string{"bind", "--simulate", in, "-o", filepath.Join(dir, "138****8000.csv")}},
		{"INPUT", nil, []string{"status", "138****8000.results.csv"}},
		{"AXGBIND_POOL_KEY", map[string]string{"AXGBIND_POOL_KEY": "FC1****0001"}, []string{"bind", in}},
	} {
		for _, lang := range []string{"en", "zh"} {
			got := axgbindWith(t, c.vars, "", append(c.args, "--lang", lang)...).want(t, 10)
			if !strings.Contains(got.stderr, c.what) || !strings.Contains(got.stderr, map[string]string{"en": "masked value", "zh": "脱敏"}[lang]) {
				t.Errorf("%q: %s", c.args, got)
			}
		}
	}
	if list := files(t, dir); len(list) != 1 {
		t.Errorf("left behind: %q", list)
	}
	rows := content(0, 2)
	rows[1][0], rows[2][1] = "138****8000", "200****0001"
	got := axgbind(t, "check", write(t, in, rows.String())).want(t, 3)
	if !strings.Contains(got.stdout, "phone-masked") || !strings.Contains(got.stdout, "cell-masked") {
		t.Errorf("%s", got)
	}
}

// TestBoundRowKeepsIDs: whatever the cells of a bound row say now, its ids stay in
// the results, also when those are the input, and nothing is sent for it.
func TestBoundRowKeepsIDs(t *testing.T) {
	t.Parallel()
	_, sim := play(t, simulator.Options{Numbers: 500, QPS: 5000, Seed: 5})
	for name, damage := range map[string]func(row []string){
		"masked A":       func(r []string) { r[0] = r[0][:3] + "****" + r[0][7:] },
		"empty A":        func(r []string) { r[0] = "" },
		"A with a slip":  func(r []string) { r[0] += "x" },
		"A from a sheet": func(r []string) { r[0] = "1.38E+10" },
		"no Expiration":  func(r []string) { r[2] = "soon" },
		"Expiration off": func(r []string) { r[2] = "2020-01-01 00:00:00" },
		"masked group":   func(r []string) { r[1] = "200****0001" },
		"edited OutId":   func(r []string) { r[3] = "edited" },
		"all of it":      func(r []string) { r[0], r[1], r[2] = "138****0001", "", "" },
	} {
		for _, fed := range []bool{false, true} {
			t.Run(fmt.Sprint(name, fed), func(t *testing.T) {
				dir := newFolder(t)
				from := int(sim.calls()) * 10
				in := write(t, filepath.Join(dir, "in.csv"), content(from, 3).String())
				out := filepath.Join(dir, "in.results.csv")
				axgbind(t, sim.bind(in)...).want(t, 0)
				was, calls := results(t, out)[1], sim.calls()
				again := in
				if fed {
					again = out
				}
				all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(read(t, again), bom))).ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				damage(all[2])
				write(t, again, table(all).String())
				args := sim.bind(again)
				if fed {
					args = append(args, "-o", filepath.Join(dir, "again.csv"))
					out = filepath.Join(dir, "again.csv")
				}
				for range 2 { // and it is no less so the next time
					got := axgbind(t, args...)
					now := results(t, out)[1]
					if name == "all of it" && !fed { // nothing says that it is the row
						if sim.calls() != calls {
							t.Errorf("it was sent")
						}
						return
					}
					for _, column := range []string{"SecretNo", "SubsId", "RequestId"} {
						if now[column] != was[column] {
							t.Errorf("%s is %q, was %q\n%s", column, now[column], was[column], got)
						}
					}
					if sim.calls() != calls {
						t.Errorf("it was sent\n%s", got)
					}
				}
				// Without the journal, the results are all there is.
				alone := newFolder(t)
				copied := write(t, filepath.Join(alone, "fed.csv"), read(t, out))
				axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": alone}, "", sim.bind(copied)...)
				now := results(t, filepath.Join(alone, "fed.results.csv"))[1]
				if !(name == "all of it" && !fed) && (now["SubsId"] != was["SubsId"] || now["SecretNo"] != was["SecretNo"] || now["RequestId"] != was["RequestId"]) || sim.calls() != calls {
					t.Errorf("without its journal: %v, was %v", now, was)
				}
			})
		}
	}
}

// TestRowThatNamesABinding: a row of a results file that names a binding which
// lives is not sent, whatever else it says and whatever the user wants of rows
// that have one; when that binding is released, it is a row like any other.
func TestRowThatNamesABinding(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	rows := content(0, 3)
	in := write(t, filepath.Join(dir, "in.csv"), rows.String())
	out := filepath.Join(dir, "in.results.csv")
	axgbind(t, sim.bind(in)...).want(t, 0)
	was := results(t, out)[1]
	rows[2][3] = "edited"
	write(t, in, rows.String())
	axgbind(t, sim.bind(in)...).want(t, 3)
	if now := results(t, out)[1]; now["Code"] != "client.EditedAfterSend" || now["SubsId"] != was["SubsId"] {
		t.Fatalf("%v", now)
	}
	other := phone(77)
	write(t, out, strings.Replace(read(t, out), rows[2][0], other, 1))
	again := filepath.Join(dir, "again.csv")
	for _, flags := range [][]string{nil, {"--when-bound", "skip"}, {"--when-bound", "renew"}, {"--resend", "failed"}} {
		got := axgbind(t, append(sim.bind(out, "-o", again), flags...)...).want(t, 3)
		now := results(t, again)[1]
		if len(sim.bindings()) != 3 || now.status() != "HELD" || now["SubsId"] != was["SubsId"] || now["SecretNo"] != was["SecretNo"] || now["RequestId"] != was["RequestId"] {
			t.Errorf("%q: %v\n%s", flags, now, got)
		}
	}
	// Nor is a journal that does not know it a reason to send it, or to lose it.
	alone := filepath.Join(newFolder(t), "alone.csv")
	write(t, alone, read(t, again))
	axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": filepath.Dir(alone)}, "", sim.bind(alone)...).want(t, 3)
	if now := results(t, strings.TrimSuffix(alone, ".csv")+".results.csv")[1]; len(sim.bindings()) != 3 || now["SubsId"] != was["SubsId"] {
		t.Errorf("%v", now)
	}

	binding := write(t, filepath.Join(dir, "one.csv"), "PoolKey,SecretNo,SubsId\n"+testPool+","+was["SecretNo"]+","+was["SubsId"]+"\n")
	axgbind(t, "unbind", binding, "--yes", "--endpoint", sim.url, "--progress", "none").want(t, 0)
	axgbind(t, sim.bind(out, "-o", again)...).want(t, 0)
	if now := results(t, again)[1]; now.status() != "BOUND" || now["SubsId"] == was["SubsId"] {
		t.Errorf("after its release: %v", now)
	}
}
