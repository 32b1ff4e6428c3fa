package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/batch/journal"
	"axgbind/report"
)

// journalName is the journal's in its folder.
const journalName = "axgbind" + journalEnding

// envJournal names the journal's place for every command.
const envJournal = envPrefix + "JOURNAL"

// place is where a journal stands, or would.
type place struct {
	path  string // of the journal, absolute, links followed
	named string // what names it: --journal or AXGBIND_JOURNAL; blank: it is the default
	given string // as named
}

// dir is the folder of a place.
func (p place) dir() string { return filepath.Dir(p.path) }

// argument is what stands behind a command to name the place, with the blank before
// it; before is the flag, or blank for an argument. A default needs none, nor does
// what the environment names.
func (p place) argument(before string) string {
	if p.named != "--journal" {
		return ""
	}
	if before != "" {
		before = " " + before
	}
	return before + " " + shellWord(p.given)
}

// isJournal refuses a place that names a file which is no journal, or that of the real
// service. A simulator's journal stands beside it: nothing else would find that out, and
// whoever names a file means that one.
func (p place) isJournal() error {
	if p.given == "" || !namesFile(p.given) {
		return nil
	}
	f, err := files.OpenRegular(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, p.path, reasonOf(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, p.path, reasonOf(err))
	}
	have, err := output.KindOf(f, info.Size())
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, p.path, reasonOf(err))
	}
	if have != output.Journal && have != output.None {
		return refuse(statusUsage, report.ErrNotJournal, p.path)
	}
	if h, err := books.ReadHeader(f); have == output.Journal && err == nil && !h.Simulated {
		return refuse(statusUsage, report.ErrReal, p.path)
	}
	return nil
}

// shellWord is a path as one word of a shell, as far as it may be shown.
func shellWord(path string) string {
	word, ok := report.Word(runtime.GOOS, path)
	if !ok {
		return report.Shown(path)
	}
	return word
}

// place finds the journal: where the flag says, or AXGBIND_JOURNAL, or in the
// system's folder if there is one, or in the user's.
func (a *app) place(flag string) (place, error) {
	env := a.getenv(envJournal)
	p := place{given: flag, named: "--journal"}
	if flag == "" || flag == env { // a flag that was not given has the variable's value
		p = place{given: env, named: envJournal}
	}
	if p.given == "" {
		return a.defaultPlace()
	}
	if p.named == envJournal && !filepath.IsAbs(p.given) {
		return place{}, refuse(statusUsage, report.ErrPlaceRelative, envJournal, strconv.Quote(p.given))
	}
	return p.found(namesFile(p.given))
}

// placeAt is the place that an argument names.
func placeAt(given string) (place, error) {
	return place{given: given, named: "--journal"}.found(namesFile(given))
}

// namesFile reports whether a place is a journal, and not its folder.
func namesFile(given string) bool {
	info, err := os.Stat(given)
	return err == nil && !info.IsDir() || err != nil && strings.HasSuffix(given, journalEnding)
}

// found fills in the path of a place, and refuses a folder that is of no use.
func (p place) found(file bool) (place, error) {
	path := p.given
	if !file {
		path = filepath.Join(path, journalName)
	}
	path, err := filepath.Abs(path)
	if err == nil {
		p.path, err = files.ResolveFar(path)
	}
	if err != nil {
		return place{}, refuse(statusUsage, report.ErrPlaceFolder, p.given, reasonOf(err))
	}
	if err := files.Usable(p.dir()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return place{}, refuse(statusUsage, report.ErrPlaceFolder, p.dir(), reasonOf(err))
	}
	return p, nil
}

// defaultPlace is the place that nobody names.
func (a *app) defaultPlace() (place, error) {
	if a.systemFolder != "" {
		if _, err := os.Lstat(a.systemFolder); err == nil || !errors.Is(err, fs.ErrNotExist) {
			if _, err := os.Stat(a.systemFolder); err != nil { // a link that leads nowhere: its disk is not mounted
				return place{}, refuse(statusUsage, report.ErrPlaceFolder, a.systemFolder, reasonOf(err))
			}
			return place{given: a.systemFolder}.found(false)
		}
	}
	dir := stateFolder(runtime.GOOS, a.getenv)
	if dir == "" {
		return place{}, refuse(statusUsage, report.ErrPlaceHome, envJournal)
	}
	return place{given: dir}.found(false)
}

// systemFolder is where the journal of a whole machine stands.
func systemFolder(system string, getenv func(string) string) string {
	switch system {
	case "windows":
		if data := getenv("PROGRAMDATA"); filepath.IsAbs(data) {
			return filepath.Join(data, "axgbind")
		}
		return ""
	case "darwin":
		return "/Library/Application Support/axgbind"
	}
	return "/var/lib/axgbind"
}

// stateFolder is where a user's journal stands; blank if the user has no home.
func stateFolder(system string, getenv func(string) string) string {
	in := func(name string, below ...string) string {
		if dir := getenv(name); filepath.IsAbs(dir) {
			return filepath.Join(append([]string{dir}, append(below, "axgbind")...)...)
		}
		return ""
	}
	switch system {
	case "windows":
		return in("LOCALAPPDATA")
	case "darwin":
		return in("HOME", "Library", "Application Support")
	}
	if dir := in("XDG_STATE_HOME"); dir != "" {
		return dir
	}
	return in("HOME", ".local", "state")
}

// none says that there is no journal at a place, and how to begin one. An empty
// memory looks the same whether it is new or lost, so no run begins one by itself.
func (p place) none() *fault {
	s, ok := lockState(p.path)
	if ok && s.Moved != "" {
		return refuse(statusUsage, report.ErrMoved, p.path, s.Moved, report.Whole("--journal "+shellWord(s.Moved)), report.Whole(envJournal+"="+shellWord(s.Moved)))
	}
	if had := s.Had(); had > 0 {
		return refuse(statusUsage, report.ErrGoneJournal, p.path, had, report.Whole("axgbind journal init --another"+p.argument("")))
	}
	return refuse(statusUsage, report.ErrNoJournal, p.path, report.Whole("axgbind journal init"+p.argument("")))
}

// Batches that are named in one sentence.
const mostNamed = 5

// behindFault says which batches a journal has lost, and how they come back.
func (a *app) behindFault(p place, behind *journal.BehindError) *fault {
	why := report.Say(report.WhyBehind, behind.Have, behind.Want)
	switch {
	case behind.Other != "":
		why = report.Say(report.WhyOtherJournal)
	case behind.Have >= behind.Want:
		why = report.Say(report.WhyMissing)
	}
	if len(behind.Batches) == 0 {
		return refuse(statusUsage, report.ErrBehindUnnamed, p.path, why, p.accept())
	}
	var names, commands, killed []string
	for _, b := range behind.Batches {
		name := report.LostBatch.In(a.lang, report.Whole(b.Batch), b.Results)
		names = append(names, name)
		if b.Digest == "" { // no results tell what its last run sent
			killed = append(killed, name)
			continue
		}
		commands = append(commands, "axgbind bind "+shellWord(b.Results)+p.argument("--journal"))
	}
	list := func(names []string) report.Whole {
		if len(names) > mostNamed {
			names = append(names[:mostNamed:mostNamed], "…")
		}
		return report.Whole(strings.Join(names, report.PageListAnd.In(a.lang)))
	}
	commands = commands[:min(len(commands), mostNamed)]
	args := []any{p.path, why, list(names), report.Whole(strings.Join(commands, "; ")), list(killed), p.accept()}
	switch {
	case len(commands) == 0:
		return refuse(statusUsage, report.ErrBehindKilled, args...)
	case len(killed) > 0:
		return refuse(statusUsage, report.ErrBehindSome, args...)
	}
	return refuse(statusUsage, report.ErrBehind, args...)
}

// accept is the command by which a person takes a journal for the newest.
func (p place) accept() report.Whole {
	return report.Whole("axgbind journal check --accept " + shellWord(p.path))
}

// keepSimulated is how long the journal of a simulator stays after its last run.
const keepSimulated = 30 * 24 * time.Hour

// simulatedForm is the form of the names of such journals.
var simulatedForm = regexp.MustCompile(`^simulated-[0-9a-f]{16}\.journal$`)

// simulatedPlace is where the journal of a simulator stands: in the folder of the
// real one, which is made. Journals of simulators long gone are removed.
func (a *app) simulatedPlace(p place, instance string, now time.Time) (place, error) {
	dir := p.dir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return place{}, refuse(statusUsage, report.ErrPlaceFolder, dir, reasonOf(err))
	}
	var err error
	if p.path, err = files.ResolveFar(simulatedPath(p, instance)); err != nil {
		return place{}, refuse(statusUsage, report.ErrPlaceFolder, dir, reasonOf(err))
	}
	files, _ := os.ReadDir(dir)
	for _, file := range files {
		name := filepath.Join(dir, file.Name())
		info, err := file.Info()
		if err == nil && simulatedForm.MatchString(file.Name()) && name != p.path && now.Sub(info.ModTime()) > keepSimulated {
			removeSimulated(name)
		}
	}
	return p, nil
}

// simulatedPath is where the journal of a simulator stands.
func simulatedPath(p place, instance string) string {
	return filepath.Join(p.dir(), "simulated-"+instance+journalEnding)
}

// removeSimulated removes the journal of a simulator, if it is one and no run has it.
func removeSimulated(path string) {
	f := journal.NewFile(path, files.OpenOwn)
	held, err := f.Lock()
	if err == nil && held {
		size, _ := f.Length()
		if h, err := journal.ReadHeader(io.NewSectionReader(f, 0, size)); err == nil && h.Simulated {
			defer os.Remove(path + journal.LockEnding)
			defer os.Remove(path + reserveEnding)
			names, _ := witnesses(path)
			for _, name := range names {
				defer os.Remove(name)
			}
			if files.RemovesOpen {
				os.Remove(path)
			} else {
				defer os.Remove(path)
			}
		}
	}
	f.Close()
}
