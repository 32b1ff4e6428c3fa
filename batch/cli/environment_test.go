package cli_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestVariableNames: a variable that was meant for axgbind and that it does not
// read refuses the run, for the run would not be what its person wanted.
func TestVariableNames(t *testing.T) {
	p := newPlace(t)
	in := p.write("in.csv", content(0, 1))
	for _, c := range []struct{ name, value, near string }{
		{"AXGBIND_SIMULATE", "true", "--simulate"},
		{"AXGBIND_SIMULATE", "false", "--simulate"},
		{"AXGBIND_DRY_RUN", "1", "--dry-run"},
		{"AXGBIND_YES", "yes", "--yes"},
		{"AXGBIND_RESEND", "unknown", "--resend"},
		{"AXGBIND_FORCE", "hush", "AXGBIND_"},
		{"AXGBIND_ALLOW_DUPLICATES", "true", "--allow-duplicates"},
		{"AXGBIND_ONLY", phone(0), "--only"}, // a flag of another command
		{"AXGBIND_JSON", "true", "--json"},
		{"AXGBIND_HELP", "true", "--help"},
		{"AXGBIND_DRYRUN", "true", "--dry-run"},
		{"AXGBIND_DRY-RUN", "true", "--dry-run"},
		{"axgbind_simulate", "true", "--simulate"},
		{"AXGBIND_SIMULAT", "true", "--simulate"},
		{"AXGBIN_SIMULATE", "true", "--simulate"},
		{"AXGBIND_RATEE", "5", "AXGBIND_RATE"},
		{"AXGBIND_MAX_RATE", "5", "AXGBIND_RATE"},
		{"axgbind_rate", "5", "AXGBIND_RATE"},
		{"Axgbind_Rate", "5", "AXGBIND_RATE"},
		{"AXGBIND_RATE ", "5", "AXGBIND_RATE"},
		{" AXGBIND_RATE", "5", "AXGBIND_RATE"},
		{"AXGBIND_RATE\r", "5", "AXGBIND_RATE"},
		{"export AXGBIND_RATE", "5", "AXGBIND_RATE"},
		{bom + "AXGBIND_RATE", "5", "AXGBIND_RATE"},
		{"AXGBIND__RATE", "5", "AXGBIND_RATE"},
		{"AXGBINDRATE", "5", "AXGBIND_RATE"},
		{"AXBGIND_JOURNAL", "x", "AXGBIND_JOURNAL"},
		{"AXGBIND_JORUNAL", "x", "AXGBIND_JOURNAL"},
		{"AXGBIND_MAX_IN_FLIGHT", "5", "AXGBIND_MAX_INFLIGHT"},
		{"AXGBIND_POOLKEY", "5", "AXGBIND_POOL_KEY"},
		{"AXGBIND_NOTIFY_SECRETS", "hush", "AXGBIND_NOTIFY_SECRET"},
		{"AXGBIND_LANGUAGE", "zh", "AXGBIND_LANG"},
		{"AXGBIND_LANG", "fr", "en | zh"},
		{"AXGBIND_VERSION", "hush", "AXGBIND_"}, // near to --json, which nobody meant
		{"AXGBIND_CONFIG", "hush", "AXGBIND_"},
		{"AXGBIND_SERVICE_HOST", "hush", "enableServiceLinks: false"},
		{"AXGBIND_PORT", "tcp://hush", "enableServiceLinks: false"},
		{"AXGBIND_NIGHT_PORT_80_TCP_ADDR", "hush", "enableServiceLinks: false"},
		{"AXGBIND_", "hush", "AXGBIND_"},
		{"AXGBIND_NOBODY_KNOWS_WHAT", "hush", "AXGBIND_"},
	} {
		if runtime.GOOS == "windows" && strings.EqualFold(c.name, "AXGBIND_RATE") {
			continue // one name there
		}
		for lang, says := range map[string]string{"en": "environment variable", "zh": "环境变量"} {
			got := axgbindWith(t, map[string]string{c.name: c.value}, "", append(p.sim.bind(in, "--yes"), "--lang", lang)...)
			if c.value == "hush" && strings.Contains(got.stderr, "--") {
				t.Errorf("%q: a flag is named that was not meant: %s", c.name, got)
			}
			if got.status != 10 || !strings.Contains(got.stderr, c.near) || !strings.Contains(got.stderr, says) || strings.Contains(got.stderr, "hush") {
				t.Errorf("%q: %s", c.name, got)
			}
		}
	}
	if n := p.sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
	if list := files(t, p.dir); len(list) != 1 {
		t.Errorf("files: %q", list)
	}
}

// TestVariableNamesEverywhere: every command that works is refused, every
// command that only tells is not: it may tell what is wrong.
func TestVariableNamesEverywhere(t *testing.T) {
	p := newPlace(t)
	in := p.write("in.csv", content(0, 1))
	wrong := map[string]string{"AXGBIND_SIMULATE": "true", "AXGBIND_RATEE": "1", "AXGBIND_LOG": `"x"`}
	for _, args := range [][]string{
		p.sim.bind(in), {"check", in}, {"reconcile", in}, {"verify", in}, {"update", in}, {"unbind", in}, {"status", in}, {"report", in}, {"simulate"},
	} {
		got := axgbindWith(t, wrong, "", args...)
		if got.status != 10 || !strings.Contains(got.stderr, "AXGBIND_RATEE") && !strings.Contains(got.stderr, "AXGBIND_LOG") {
			t.Errorf("%s: %s", args[0], got)
		}
	}
	for _, args := range [][]string{
		{"--help"}, {"help"}, {"help", "bind"}, {"bind", "--help"}, {"version"}, {"explain", "isv.NO_AVAILABLE_NUMBER"}, {"template"}, {"completion", "bash"}, {"__complete", "bind", "--ra"},
	} {
		if got := axgbindWith(t, wrong, "", args...); got.status != 0 {
			t.Errorf("%q: %s", args, got)
		}
	}
}

// TestVariablesLeftAlone: what is not meant for axgbind, is empty, or belongs to
// another command changes nothing.
func TestVariablesLeftAlone(t *testing.T) {
	p := newPlace(t)
	vars := map[string]string{
		"AXGBIND_SIMULATE": "", "AXGBIND_DRY_RUN": " \r", "AXGBIND_RATE": "", "AXGBIND_NOTIFY_URL": "", "AXGBIND_UNHEARD_OF": "", "axgbind_rate": "",
		"AXGBIND_X_NUMBERS": "", "AXGBIND_LISTEN": "127.0.0.1:1", "AXGBIND_QPS": "1", // of simulate
		"AXGBIND": "/usr/bin/axgbind", "MY_AXGBIND_RATE": "x", "AXGBINDER": "x", "RATE": "x", "ALIBABA_CLOUD_REGION": "x", "AXG_RATE": "x",
	}
	axgbindWith(t, vars, "", p.sim.bind(p.write("in.csv", content(0, 1)))...).want(t, 0)
	if live := p.sim.bindings(); len(live) != 1 {
		t.Errorf("%d bindings: the run was not real", len(live))
	}
}

// TestVariableValues: what files of variables leave around a value is cut, and a
// value in quotation marks is refused: it would name another journal, and the
// next night would bind again.
func TestVariableValues(t *testing.T) {
	p := newPlace(t)
	in := p.write("in.csv", content(0, 3))
	journal := p.path("night.journal")
	// Each run after the first finds the journal of the one before.
	for i, around := range [][2]string{
		{"", ""}, {"", "\r"}, {"", "\r\n"}, {"", " "}, {" ", "\t"}, {"\u00a0", "\u00a0"}, {bom, ""}, {"\u3000", "\u200b"}, {" \ufeff", " \r\n \r\n"},
	} {
		cut := func(s string) string { return around[0] + s + around[1] }
		vars := map[string]string{
			"AXGBIND_JOURNAL": cut(journal), "AXGBIND_OUT": cut(p.path("in.results.csv")), "AXGBIND_RATE": cut("500"), "AXGBIND_STRICT": cut("true"), "AXGBIND_TIMEOUT": cut("5s"),
			"AXGBIND_POOL_KEY": cut(testPool), "AXGBIND_PROGRESS": cut("none"), "AXGBIND_ENDPOINT": cut(p.sim.url), "AXGBIND_SUMMARY": cut(p.path("sum.json")), "AXGBIND_LANG": cut([]string{"zh", "zh_CN.UTF-8"}[i%2]),
			"AXGBIND_DELIMITER": cut("comma"), "AXGBIND_LOG": cut(p.path("run.log")), "AXGBIND_METRICS": cut(p.path("run.prom")),
		}
		got := axgbindWith(t, vars, "", "bind", in).want(t, 0)
		if !strings.Contains(got.atEnd(), "状态") {
			t.Errorf("AXGBIND_LANG: %s", got)
		}
		if n := p.sim.calls(); n != 3 {
			t.Fatalf("run %d, %q: %d calls, want those of the first run alone", i, around, n)
		}
	}
	for _, name := range files(t, p.dir) {
		if strings.TrimSpace(name) != name || strings.ContainsAny(name, "\"'\r\ufeff\u200b") {
			t.Errorf("file %q", name)
		}
	}
	before := files(t, p.dir)
	for _, around := range [][2]string{
		{`"`, `"`}, {"'", "'"}, {"“", "”"}, {"‘", "’"}, {`"`, ""}, {"", `"`}, {"", "'"}, {"”", "”"}, {"`", "`"}, {"＂", "＂"}, {" \"", "\" \r"}, {"«", "»"}, {"„", "“"},
	} {
		for name, value := range map[string]string{
			"AXGBIND_JOURNAL": journal, "AXGBIND_OUT": p.path("in.results.csv"), "AXGBIND_RATE": "5", "AXGBIND_QUIET": "true", "AXGBIND_POOL_KEY": testPool,
			"AXGBIND_NOTIFY_URL": "https://oapi.dingtalk.com/robot/send?access_token=hush", "AXGBIND_NOTIFY_SECRET": "hush", "AXGBIND_LANG": "zh", "AXGBIND_METRICS": "x.prom",
		} {
			got := axgbindWith(t, map[string]string{name: around[0] + value + around[1]}, "", p.sim.bind(in)...)
			if got.status != 10 || !strings.Contains(got.stderr, name+":") || !strings.Contains(got.stderr, "quotation mark") || strings.Contains(got.stderr, "hush") {
				t.Errorf("%s=%s%s%s: %s", name, around[0], value, around[1], got)
			}
		}
	}
	for _, inside := range []string{"\r", "\n", "\x00", "\x1b[2J", "\x7f", "\u202e", "\u200b", "\t", "\u2028", bom} {
		got := axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": p.path("a" + inside + "b")}, "", p.sim.bind(in)...)
		if got.status != 10 || !strings.Contains(got.stderr, "AXGBIND_JOURNAL: ") || !strings.Contains(got.stderr, "cannot be seen") {
			t.Errorf("%q: %s", inside, got)
		}
	}
	if after := files(t, p.dir); strings.Join(before, "\n") != strings.Join(after, "\n") {
		t.Errorf("files were %q, are %q", before, after)
	}
	if n := p.sim.calls(); n != 3 {
		t.Errorf("%d calls", n)
	}
	// A quotation mark within, and one tab as the delimiter, are what they are.
	axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": p.path(`it's.journal`), "AXGBIND_DELIMITER": "\t"}, "", "check", in).want(t, 6)
	axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": p.path(`it's.journal`)}, "", p.sim.bind(p.write("other.csv", content(10, 1)))...).want(t, 0)
}

// TestVariablesOfProcess: the same through the environment of a real process, a
// file of variables with Windows line ends read by a shell.
func TestVariablesOfProcess(t *testing.T) {
	p := newPlace(t)
	in := p.write("in.csv", content(0, 2))
	vars := map[string]string{"AXGBIND_JOURNAL": p.path("j") + "\r"}
	spawnWith(t, p.dir, vars, nil, p.sim.bind(in)...).wait().want(t, 0)
	if _, err := os.Stat(p.path("j")); err != nil {
		t.Error(err)
	}
	vars["AXGBIND_DRY_RUN"] = "true\r"
	spawnWith(t, p.dir, vars, nil, p.sim.bind(in)...).wait().want(t, 10)
	if n := p.sim.calls(); n != 2 {
		t.Errorf("%d calls", n)
	}
}

// TestArgumentEnds: a script with Windows line ends puts a carriage return behind
// the last argument of each line, a chat a blank without a look of its own. Either
// would name another file, another journal among them.
func TestArgumentEnds(t *testing.T) {
	p := newPlace(t)
	in := p.write("in.csv", content(0, 1))
	if err := os.WriteFile(in+"\r", []byte(content(5, 1).String()), 0o600); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	before := files(t, p.dir)
	for _, end := range []string{"\r", "\r\n", "\n", "\u00a0", bom, "\u200b", "\x00", "\u202c", "\u3000"} {
		for _, args := range [][]string{
			p.sim.bind(in + end), p.sim.bind(in, "--journal", p.path("j")+end), p.sim.bind(in, "--journal="+p.path("j")+end), p.sim.bind(in, "-o", p.path("o.csv")+end),
			p.sim.bind(in, "--summary", p.path("s.json")+end), p.sim.bind(in, "--log", p.path("l")+end), p.sim.bind(in, "--failed", p.path("f.csv")+end),
			p.sim.bind(in, "--pool-key", testPool+end), p.sim.bind(in, "--yes"+end), {"status", p.path("in.results.csv") + end}, {"template", "-o", p.path("t.csv") + end},
			{"unbind", in, "--only", phone(1) + end}, {"bind" + end, in},
		} {
			got := axgbind(t, args...)
			if got.status != 10 || !strings.Contains(got.stderr, "ends with") || strings.Contains(got.stderr, phone(1)) {
				t.Errorf("%q: %s", args, got)
			}
		}
	}
	for _, path := range []string{"", " j", "j ", `"j"`, "'j'", "“j”", "\u00a0j", "j\nk", "a\x1b[2J", bom + "j"} {
		for _, flag := range []string{"--journal", "-o", "--log", "--summary", "--findings", "--failed", "--metrics"} {
			got := axgbind(t, p.sim.bind(in, flag, path)...)
			if got.status != 10 || strings.Contains(got.stderr, "\x1b") {
				t.Errorf("%s %q: %s", flag, path, got)
			}
		}
	}
	axgbind(t, p.sim.bind(" "+in)...).want(t, 10)
	if after := files(t, p.dir); strings.Join(before, "\n") != strings.Join(after, "\n") {
		t.Errorf("files were %q, are %q", before, after)
	}
	if n := p.sim.calls(); n != 0 {
		t.Errorf("%d calls", n)
	}
	// A file may be called so all the same: with its folder before it.
	odd := filepath.Join(p.dir, "'j'")
	axgbind(t, p.sim.bind(in, "--journal", odd)...).want(t, 0)
	if _, err := os.Stat(odd); err != nil {
		t.Error(err)
	}
	axgbind(t, "check", in, "--delimiter", "\t").want(t, 6)
}
