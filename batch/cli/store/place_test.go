package store_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"axgbind/batch/journal"
)

// TestPlace: which journal is meant, and by what words it is named again.
func TestPlace(t *testing.T) {
	root, err := filepath.EvalSymlinks(newFolder(t))
	if err != nil {
		t.Fatal(err)
	}
	in := func(parts ...string) string { return filepath.Join(append([]string{root}, parts...)...) }
	for _, dir := range []string{"system", "folder", "home", "x.journal"} {
		if err := os.Mkdir(in(dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	file := write(t, in("folder", "mine"), "")
	if err := os.Symlink(in("folder"), in("link")); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(file, in("link.journal")); err != nil {
		t.Skip(err)
	}
	home := map[string]string{"windows": "LOCALAPPDATA", "darwin": "HOME"}[runtime.GOOS]
	if home == "" {
		home = "XDG_STATE_HOME"
	}
	t.Chdir(root)
	state := userFolder(runtime.GOOS, map[string]string{home: in("home")})
	for _, test := range []struct {
		name, system, flag, variable, home string
		want, argument                     string
	}{
		{"a folder", "", in("folder"), "", "", in("folder", "axgbind.journal"), " --journal " + in("folder")},
		{"a folder as seen from here", "", "folder", "", "", in("folder", "axgbind.journal"), " --journal folder"},
		{"a folder that is not there", "", "new/deep", "", "", in("new", "deep", "axgbind.journal"), " --journal new/deep"},
		{"a file", "", "folder/mine", "", "", file, " --journal folder/mine"},
		{"a file that is not there", "", "new/a.journal", "", "", in("new", "a.journal"), " --journal new/a.journal"},
		{"a folder called as a journal", "", "x.journal", "", "", in("x.journal", "axgbind.journal"), " --journal x.journal"},
		{"a link to a folder", "", "link", "", "", in("folder", "axgbind.journal"), " --journal link"},
		{"a link to a file", "", "link.journal", "", "", file, " --journal link.journal"},
		{"below a link", "", "link/new", "", "", in("folder", "new", "axgbind.journal"), " --journal link/new"},
		{"a name with a blank", "", "a b", "", "", in("a b", "axgbind.journal"), " --journal 'a b'"},
		{"the flag before the variable", in("system"), "folder", in("home"), in("home"), in("folder", "axgbind.journal"), " --journal folder"},
		{"the variable before the system", in("system"), "", in("folder"), in("home"), in("folder", "axgbind.journal"), ""},
		{"the variable as the flag's default", in("system"), in("folder"), in("folder"), in("home"), in("folder", "axgbind.journal"), ""},
		{"the system before the user", in("system"), "", "", in("home"), in("system", "axgbind.journal"), ""},
		{"the user", in("none"), "", "", in("home"), filepath.Join(state, "axgbind.journal"), ""},
	} {
		if runtime.GOOS == "windows" && strings.Contains(test.argument, "'") {
			continue
		}
		env := []string{home + "=" + test.home}
		if test.variable != "" {
			env = append(env, "AXGBIND_JOURNAL="+test.variable)
		}
		path, argument, err := placeOf(test.system, test.flag, env...)
		if err != nil || path != test.want || filepath.ToSlash(argument) != filepath.ToSlash(test.argument) {
			t.Errorf("%s: %q, %q, %v; want %q, %q", test.name, path, argument, err, test.want, test.argument)
		}
	}
	for _, test := range []struct {
		name, system, flag string
		env                []string
		says               string
	}{
		{"a relative variable", "", "", []string{"AXGBIND_JOURNAL=folder"}, "absolute"},
		{"a relative variable as the flag's default", "", "folder", []string{"AXGBIND_JOURNAL=folder"}, "absolute"},
		{"no home", "", "", nil, "AXGBIND_JOURNAL"},
		{"a home that is no path", "", "", []string{home + "=home"}, "AXGBIND_JOURNAL"},
		{"a system folder that is a file", file, "", []string{home + "=" + in("home")}, "cannot be used"},
		{"a folder below a file", "", filepath.Join(file, "x"), nil, "folder"},
	} {
		path, _, err := placeOf(test.system, test.flag, test.env...)
		if !refused(err) || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q, %v", test.name, path, err)
		}
	}
}

func TestStateFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths of another form")
	}
	all := map[string]string{"HOME": "/h", "XDG_STATE_HOME": "/x", "LOCALAPPDATA": "/l"}
	for _, test := range []struct {
		system string
		env    map[string]string
		want   string
	}{
		{"linux", all, "/x/axgbind"}, {"linux", map[string]string{"HOME": "/h"}, "/h/.local/state/axgbind"}, {"linux", map[string]string{"HOME": "/h", "XDG_STATE_HOME": "x"}, "/h/.local/state/axgbind"},
		{"linux", nil, ""}, {"linux", map[string]string{"HOME": "h"}, ""}, {"windows", all, "/l/axgbind"}, {"windows", map[string]string{"HOME": "/h"}, ""}, {"darwin", all, "/h/Library/Application Support/axgbind"},
	} {
		if got := userFolder(test.system, test.env); got != test.want {
			t.Errorf("%s %v: %q, want %q", test.system, test.env, got, test.want)
		}
	}
}

// TestSimulatedPlace: each simulator has a journal of its own, and those of
// simulators long gone are removed.
func TestSimulatedPlace(t *testing.T) {
	dir := filepath.Join(newFolder(t), "state", "axgbind")
	const one, two = "0123456789abcdef", "fedcba9876543210"
	now := time.Now()
	begin := func(id string, simulated bool) string {
		path, err := simulatedPlace(dir, id, now)
		if err != nil || path != filepath.Join(dir, "simulated-"+id+".journal") {
			t.Fatalf("%q, %v", path, err)
		}
		j, err := openFor(path, true, simulated, false)
		if err != nil {
			t.Fatal(err)
		}
		j.Begun = true
		j.Close()
		return path
	}
	old, other := begin(one, true), begin(two, true)
	realOne := begin("00000000000000aa", false) // of no simulator, whatever its name says
	held := begin("00000000000000bb", true)
	lock := journal.NewFile(held, nil)
	if ok, err := lock.Lock(); !ok || err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	note := write(t, filepath.Join(dir, "simulated-x.journal"), "note")
	long := now.AddDate(0, 0, -31)
	for _, path := range []string{old, realOne, held, note} {
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := simulatedPlace(dir, "00000000000000cc", now); err != nil {
		t.Fatal(err)
	}
	for path, stays := range map[string]bool{old: false, old + ".lock": false, other: true, realOne: true, held: true, note: true} {
		if _, err := os.Stat(path); (err == nil) != stays {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := os.Chtimes(other, long, long); err != nil {
		t.Fatal(err)
	}
	if begin(two, true); read(t, other) == "" { // its own is kept, however old
		t.Error("the simulator's own journal was removed")
	}
}
