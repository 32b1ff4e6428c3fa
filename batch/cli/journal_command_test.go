package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"axgbind/batch/cli"
	"axgbind/batch/cli/store"
	"axgbind/batch/journal"
)

// machine is a computer of its own: its folders, and who is asking.
type machine struct {
	t      testing.TB
	system string            // folder for the journal of all; need not exist
	home   string            // of the user
	env    map[string]string // besides
	passes func(dir string) string
	homes  map[string]string // of other users
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
}

func newMachine(t testing.TB) *machine {
	t.Helper()
	root, err := filepath.EvalSymlinks(newFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	return &machine{t: t, system: filepath.Join(root, "system"), home: filepath.Join(root, "home"), env: map[string]string{}, passes: func(string) string { return "" }}
}

// run runs a command there.
func (m *machine) run(args ...string) outcome {
	m.t.Helper()
	vars := map[string]string{"HOME": m.home, "LOCALAPPDATA": m.home, "AXGBIND_JOURNAL": ""}
	for name, value := range m.env {
		vars[name] = value
	}
	var stdout, stderr bytes.Buffer
	status := cli.RunOn(cli.Machine{System: m.system, Passes: m.passes, HomeOf: func(user string) string { return m.homes[user] }, Dial: m.dial}, args, environ(m.t, vars), &stdout, &stderr)
	return outcome{status, stdout.String(), stderr.String()}
}

// usual is where the user's journal stands.
func (m *machine) usual() string {
	env := map[string]string{"HOME": m.home, "LOCALAPPDATA": m.home}
	return filepath.Join(store.UserFolder(runtime.GOOS, func(name string) string { return env[name] }), "axgbind.journal")
}

func (o outcome) says(t testing.TB, texts ...string) outcome {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(o.stdout+o.stderr, text) {
			t.Errorf("no %q in\n%s", text, o)
		}
	}
	return o
}

// TestJournalInit: the journal is begun once, where every command will find it.
func TestJournalInit(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	path := m.usual()
	m.run("journal", "check").want(t, 10).says(t, "there is no journal at "+path, "axgbind journal init")
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("looking made the folder")
	}
	if got := m.run("journal", "init").want(t, 0).says(t, "journal begun at "+path); strings.Contains(got.stderr, "--journal") || got.stdout != "" {
		t.Errorf("%s", got)
	}
	if runtime.GOOS != "windows" {
		for name, want := range map[string]os.FileMode{filepath.Dir(path): 0o700, path: 0o600, path + ".lock": 0o600} {
			if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %v, want %v (%v)", name, info.Mode(), want, err)
			}
		}
	}
	f, err := os.Open(path + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if s, ok := journal.ReadLock(f); !ok || s.Number != 0 {
		t.Errorf("lock file %+v, %v", s, ok)
	}
	before := photograph(t, m.home)
	for _, more := range []string{"", "--another"} { // there is one, whatever a person says
		m.run(slicesWithout("journal", "init", more)...).want(t, 10).says(t, "already", path)
	}
	if after := photograph(t, m.home); len(after) != len(before) || after[relative(t, m.home, path)] != before[relative(t, m.home, path)] {
		t.Error("it was changed")
	}
	m.run("journal", "check").want(t, 0).says(t, path, "it is whole", "0 records")
}

// slicesWithout are words without the empty ones.
func slicesWithout(words ...string) (list []string) {
	for _, w := range words {
		if w != "" {
			list = append(list, w)
		}
	}
	return list
}

func relative(t testing.TB, dir, path string) string {
	t.Helper()
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		t.Fatal(err)
	}
	return rel
}

// command is what a cure says to type, behind a text.
func command(t *testing.T, o outcome, behind string) []string {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta(behind) + `(axgbind [^;\n]+)`).FindStringSubmatch(o.stderr)
	if m == nil {
		t.Fatalf("no command behind %q in\n%s", behind, o)
	}
	return shellWords(t, strings.TrimSpace(m[1]))[1:]
}

// TestJournalInitAnother: where the machine has a journal already, none is begun by
// accident, and the command that is told carries it over.
func TestJournalInitAnother(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		have func(m *machine) string // makes a journal, returns its path
	}{
		{"of the user", func(m *machine) string { return begunAt(m, m.usual()) }},
		{"of the machine", func(m *machine) string { return begunAt(m, filepath.Join(m.system, "axgbind.journal")) }},
		{"of the person behind sudo", func(m *machine) string {
			person := filepath.Join(filepath.Dir(m.home), "li")
			m.env["SUDO_USER"], m.homes = "li", map[string]string{"li": person}
			env := map[string]string{"HOME": person, "LOCALAPPDATA": filepath.Join(person, "AppData", "Local")}
			return begunAt(m, filepath.Join(store.UserFolder(runtime.GOOS, func(name string) string { return env[name] }), "axgbind.journal"))
		}},
		{"that a variable names", func(m *machine) string {
			m.env["AXGBIND_JOURNAL"] = filepath.Join(filepath.Dir(m.home), "named")
			return begunAt(m, filepath.Join(m.env["AXGBIND_JOURNAL"], "axgbind.journal"))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			m.t = t
			found := test.have(m)
			to := filepath.Join(filepath.Dir(m.home), "to")
			refused := m.run("journal", "init", to).want(t, 10).says(t, found)
			if _, err := os.Stat(to); err == nil {
				t.Error("the folder was made")
			}
			m.run(command(t, refused, "carry it over, for all who use it: ")...).want(t, 0).says(t, "copied", "no longer used", "AXGBIND_JOURNAL=")
			if read(t, filepath.Join(to, "axgbind.journal")) != read(t, found+".moved") {
				t.Error("the copy differs")
			}
			other := filepath.Join(filepath.Dir(m.home), "other")
			refused = m.run("journal", "init", other).want(t, 10).says(t, filepath.Join(to, "axgbind.journal"))
			m.run(command(t, refused, "nothing to do with its bindings: ")...).want(t, 0).says(t, "journal begun at")
			m.run("journal", "check", other).want(t, 0).says(t, "0 records")
		})
	}
}

// begunAt makes a journal with a run in it.
func begunAt(m *machine, path string) string {
	m.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		m.t.Fatal(err)
	}
	runOf(m.t, path, "b1")
	return path
}

// TestJournalInitPassing: a folder that does not last takes no journal by accident.
func TestJournalInitPassing(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	asked := ""
	m.passes = func(dir string) string { asked = dir; return "overlay" }
	refused := m.run("journal", "init").want(t, 10).says(t, "overlay", "mounted volume")
	if asked != filepath.Dir(m.home) { // the folder that is there
		t.Errorf("asked about %s", asked)
	}
	m.run(command(t, refused, "for a trial: ")...).want(t, 0)
	m.run("journal", "check").want(t, 0)
}

// TestJournalInitLost: where a journal was lost, none takes its place unasked; the
// new one lacks what the lost one knew until that is brought.
func TestJournalInitLost(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	path := begunAt(m, m.usual())
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	refused := m.run("journal", "init").want(t, 10).says(t, "is gone", "2 records")
	m.run(command(t, refused, "results of its batches: ")...).want(t, 0)
	if _, err := openFor(path, false, false, false); cli.StatusOf(err) != 10 || !strings.Contains(err.Error(), "axgbind bind /in/b1.results.csv") {
		t.Errorf("%v", err)
	}
	m.run("journal", "check").want(t, 1).says(t, "lacks what some batches sent", "b1")
}

// TestJournalCarried: of two journals, one is in use: the old one is set aside, and
// refused though somebody puts it back.
func TestJournalCarried(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	path := begunAt(m, m.usual())
	runOf(t, path, "b2")
	whole := read(t, path)
	to := filepath.Join(filepath.Dir(m.home), "to")
	m.run("journal", "copy", to).want(t, 0).says(t, "4 records copied", "no longer used", "--journal "+filepath.Join(to, "axgbind.journal"))
	if read(t, filepath.Join(to, "axgbind.journal")) != whole || read(t, path+".moved") != whole {
		t.Error("not all was carried over")
	}
	in := write(t, filepath.Join(m.home, "in.csv"), content(0, 1).String())
	bind := []string{"bind", in, "--pool-key", testPool, "--endpoint", "http://127.0.0.1:1"}
	m.run(bind...).want(t, 10).says(t, "was carried to "+filepath.Join(to, "axgbind.journal"))
	write(t, path, whole)
	m.run(bind...).want(t, 10).says(t, "was carried to")
	m.run("journal", "init").want(t, 10)
}

// TestJournalCopy: whole records are copied, with what the lock file knows; an old
// copy stays one.
func TestJournalCopy(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	path := begunAt(m, m.usual())
	old := read(t, path)
	runOf(t, path, "b2")
	whole := read(t, path)
	write(t, path, whole+"0123abcd intent 7 op=bi") // on its way
	to := filepath.Join(filepath.Dir(m.home), "a b")
	m.run("journal", "copy", "--backup", to).want(t, 0).says(t, "4 records copied", "is a backup")
	copied := filepath.Join(to, "axgbind.journal")
	if read(t, copied) != whole || read(t, path) == whole {
		t.Error("the copy is not what was whole")
	}
	if left := files(t, to); len(left) != 2 {
		t.Errorf("beside the copy: %v", left)
	}
	m.run("journal", "copy", to).want(t, 10).says(t, "already")
	m.run("journal", "copy", "--journal", filepath.Join(to, "none"), to+"2").want(t, 10).says(t, "no journal")

	// What a run was killed over is known to the lock file too.
	j, err := openFor(path, false, false, false)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, j, "b3")
	j.Close()
	killed := read(t, path)
	write(t, path, whole)
	m.run("journal", "check").want(t, 1).says(t, "has 4 records, and once had 5", "b3")
	write(t, path, killed)
	m.run("journal", "check").want(t, 0)

	// The copy's lock file knows what the first one's knew.
	write(t, copied, old)
	m.run("journal", "check", to).want(t, 1).says(t, "has 2 records, and once had 4", "b2")
	m.run("journal", "copy", "--backup", "--journal", to, to+"3").want(t, 0)
	m.run("journal", "check", to+"3").want(t, 1).says(t, "b2")

	damaged := strings.Replace(whole, `"b2"`, `"b7"`, 1)
	write(t, path, damaged)
	m.run("journal", "copy", to+"4").want(t, 10).says(t, "damaged at line 4", "axgbind journal check "+path)
	if _, err := os.Stat(to + "4"); err == nil {
		t.Error("a damaged journal was copied")
	}
}

// TestJournalCopyNothing: who names a place that has no journal is told which place has
// one, and not to begin another.
func TestJournalCopyNothing(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	none, to := filepath.Join(filepath.Dir(m.home), "none"), filepath.Join(filepath.Dir(m.home), "a b")
	missing := "there is no journal at " + filepath.Join(none, "axgbind.journal") + ", so nothing was copied"
	for _, command := range []string{"journal copy", "journal copy --backup"} {
		args := append(strings.Fields(command), "--journal", none, to)
		cure := "find the journal"
		for range 2 { // without another and with one
			o := m.run(args...).want(t, 10).says(t, missing, cure)
			if strings.Contains(o.String(), "init") {
				t.Errorf("it is to begin another:\n%s", o)
			}
			path := begunAt(m, m.usual())
			cure = "the journal is " + path + ": to copy that one, type axgbind " + command + " '" + to + "'"
		}
		if names := files(t, filepath.Dir(m.home)); slices.ContainsFunc(names, func(name string) bool { return !strings.HasPrefix(name, "home/") }) {
			t.Errorf("it made something: %q", names)
		}
		if err := os.RemoveAll(m.home); err != nil {
			t.Fatal(err)
		}
	}
}

// TestJournalCheck: damage is listed with its place; what is certain is put right,
// and the old journal is kept.
func TestJournalCheck(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	path := begunAt(m, m.usual())
	runOf(t, path, "b2")
	whole := read(t, path)
	m.run("journal", "check").want(t, 0).says(t, "2, of 2 batches", "4 records", "b2", "/in/b2.results.csv", "it is whole")
	m.run("journal", "check", "--repair").want(t, 0).says(t, "it is whole") // there is nothing to do
	write(t, path, whole+"0123abcd run batch")
	m.run("journal", "check").want(t, 0).says(t, "(18 bytes)", "the next run drops it")

	at := strings.Index(whole, `"b1"`) + 1
	flipped := whole[:at] + string(whole[at]^2) + whole[at+1:]
	write(t, path, flipped)
	got := m.run("journal", "check").want(t, 1).says(t, "line 2 (byte", "one bit was changed", "damaged in 1 places")
	held := journal.NewFile(path, nil)
	if ok, err := held.Lock(); !ok || err != nil {
		t.Fatal(err)
	}
	m.run("journal", "check").want(t, 1) // without the lock
	m.run(command(t, got, "repair it: ")...).want(t, 11)
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	m.run(command(t, got, "repair it: ")...).want(t, 0).says(t, "it is whole", "axgbind.journal.damaged")
	if read(t, path) != whole || read(t, path+".damaged") != flipped {
		t.Error("not what it was")
	}
	write(t, path, flipped)
	m.run("journal", "check", "--repair").want(t, 0).says(t, "axgbind.journal.damaged2")

	lines := strings.SplitAfter(whole, "\n")
	bad := lines[0] + lines[1] + strings.Replace(lines[2], "{", "{ ", 1) + strings.Join(lines[3:], "")
	write(t, path, bad)
	for _, repair := range []string{"", "--repair"} {
		got = m.run(slicesWithout("journal", "check", repair)...).want(t, 1).says(t, "line 3 (byte", `the record "end"`, "axgbind bind /in/b2.results.csv --journal")
		if read(t, path) != bad {
			t.Error("it was changed")
		}
	}
	m.run(command(t, got, "each once: ")...).want(t, 0).says(t, "journal begun at")
	m.run("journal", "check", write(t, filepath.Join(filepath.Dir(m.home), "x.journal"), "PhoneNoA\n")).want(t, 10).says(t, "not an axgbind journal")
	m.run("journal", "check", "--lang", "zh").want(t, 1)
}

// TestJournalHelp: each command below journal has its help, in both languages.
func TestJournalHelp(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "zh"} {
		for _, args := range [][]string{{"journal"}, {"journal", "--help"}, {"journal", "init", "--help"}, {"journal", "check", "--help"}, {"help", "journal", "copy"}} {
			got := axgbind(t, append(args, "--lang", lang)...).want(t, 0)
			if !strings.Contains(got.stdout, "axgbind journal") {
				t.Errorf("%v: %s", args, got)
			}
			if lang == "zh" {
				inChinese(t, strings.Join(args, " "), got.stdout)
			}
		}
	}
	axgbind(t, "journal", "begin").want(t, 10)
	axgbind(t, "journal", "copy").want(t, 10)
	axgbind(t, "journal", "init", "a", "b").want(t, 10)
}

// TestJournalUsage: the help that a wrong command line is sent to exists.
func TestJournalUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"journal", "forget"}, {"journal", "copy"}, {"journal", "init", "a", "b"}, {"journal", "check", "a", "b"}, {"journal", "init", "--nothing"}} {
		refused := axgbind(t, args...).want(t, 10)
		help := command(t, refused, "cure: see ")
		if want := append(args[:2:2], "--help"); fmt.Sprint(help) != fmt.Sprint(want) {
			t.Errorf("%q is sent to %q", args, help)
		}
		axgbind(t, help...).want(t, 0)
	}
}
