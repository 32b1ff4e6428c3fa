package store

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

// Name is the journal's in its folder.
const Name = "axgbind" + Ending

// Variable names the journal's place for every command.
const Variable = "AXGBIND_JOURNAL"

// Places is where journals are looked for.
type Places struct {
	System string                   // the folder of the whole machine's; blank: there is none
	Getenv func(name string) string // of the environment
}

// Place is where a journal stands, or would.
type Place struct {
	Path  string // of the journal, absolute, links followed
	named string // what names it: --journal or AXGBIND_JOURNAL; blank: it is the default
	Given string // as named
}

// Dir is the folder of a place.
func (p Place) Dir() string { return filepath.Dir(p.Path) }

// Argument is what stands behind a command to name the place, with the blank before
// it; before is the flag, or blank for an argument. A default needs none, nor does
// what the environment names.
func (p Place) Argument(before string) string {
	if p.named != "--journal" {
		return ""
	}
	if before != "" {
		before = " " + before
	}
	return before + " " + files.Word(p.Given)
}

// ForSimulator refuses a place that names a file which is no journal, or that of the real
// service. A simulator's journal stands beside it: nothing else would find that out, and
// whoever names a file means that one.
func (p Place) ForSimulator() error {
	if p.Given == "" || !NamesFile(p.Given) {
		return nil
	}
	f, err := files.OpenRegular(p.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fail(report.ErrJournal, p.Path, Reason(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fail(report.ErrJournal, p.Path, Reason(err))
	}
	have, err := output.KindOf(f, info.Size())
	if err != nil {
		return fail(report.ErrJournal, p.Path, Reason(err))
	}
	if have != output.Journal && have != output.None {
		return fail(report.ErrNotJournal, p.Path)
	}
	if h, err := books.ReadHeader(f); have == output.Journal && err == nil && !h.Simulated {
		return fail(report.ErrReal, p.Path)
	}
	return nil
}

// Find finds the journal: where the flag says, or AXGBIND_JOURNAL, or in the
// system's folder if there is one, or in the user's.
func (s Places) Find(flag string) (Place, error) {
	env := s.Getenv(Variable)
	p := Place{Given: flag, named: "--journal"}
	if flag == "" || flag == env { // a flag that was not given has the variable's value
		p = Place{Given: env, named: Variable}
	}
	if p.Given == "" {
		return s.usual()
	}
	if p.named == Variable && !filepath.IsAbs(p.Given) {
		return Place{}, fail(report.ErrPlaceRelative, Variable, strconv.Quote(p.Given))
	}
	return p.found(NamesFile(p.Given))
}

// PlaceAt is the place that an argument names.
func PlaceAt(given string) (Place, error) {
	return Place{Given: given, named: "--journal"}.found(NamesFile(given))
}

// NamesFile reports whether a place is a journal, and not its folder.
func NamesFile(given string) bool {
	info, err := os.Stat(given)
	return err == nil && !info.IsDir() || err != nil && strings.HasSuffix(given, Ending)
}

// found fills in the path of a place, and refuses a folder that is of no use.
func (p Place) found(file bool) (Place, error) {
	path := p.Given
	if !file {
		path = filepath.Join(path, Name)
	}
	path, err := filepath.Abs(path)
	if err == nil {
		p.Path, err = files.ResolveFar(path)
	}
	if err != nil {
		return Place{}, fail(report.ErrPlaceFolder, p.Given, Reason(err))
	}
	if err := files.Usable(p.Dir()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Place{}, fail(report.ErrPlaceFolder, p.Dir(), Reason(err))
	}
	return p, nil
}

// usual is the place that nobody names.
func (s Places) usual() (Place, error) {
	if s.System != "" {
		if _, err := os.Lstat(s.System); err == nil || !errors.Is(err, fs.ErrNotExist) {
			if _, err := os.Stat(s.System); err != nil { // a link that leads nowhere: its disk is not mounted
				return Place{}, fail(report.ErrPlaceFolder, s.System, Reason(err))
			}
			return Place{Given: s.System}.found(false)
		}
	}
	dir := UserFolder(runtime.GOOS, s.Getenv)
	if dir == "" {
		return Place{}, fail(report.ErrPlaceHome, Variable)
	}
	return Place{Given: dir}.found(false)
}

// SystemFolder is where the journal of a whole machine stands.
func SystemFolder(system string, getenv func(string) string) string {
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

// UserFolder is where a user's journal stands; blank if the user has no home.
func UserFolder(system string, getenv func(string) string) string {
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

// None says that there is no journal at a place, and how to begin one. An empty
// memory looks the same whether it is new or lost, so no run begins one by itself.
func (p Place) None() *Error {
	s, ok := LockState(p.Path)
	if ok && s.Moved != "" {
		return fail(report.ErrMoved, p.Path, s.Moved, report.Whole("--journal "+files.Word(s.Moved)), report.Whole(Variable+"="+files.Word(s.Moved)))
	}
	if had := s.Had(); had > 0 {
		return fail(report.ErrGoneJournal, p.Path, had, report.Whole("axgbind journal init --another"+p.Argument("")))
	}
	return fail(report.ErrNoJournal, p.Path, report.Whole("axgbind journal init"+p.Argument("")))
}

// MostNamed is how many batches are named in one sentence.
const MostNamed = 5

// listed is an enumeration in words, of the first few.
type listed []report.Said

// In returns it in lang.
func (l listed) In(lang report.Lang) string {
	var words []string
	for _, said := range l[:min(len(l), MostNamed)] {
		words = append(words, said.In(lang))
	}
	if len(l) > MostNamed {
		words = append(words, "…")
	}
	return strings.Join(words, report.Among.In(lang))
}

// Behind says which batches a journal has lost, and how they come back.
func Behind(p Place, behind *journal.BehindError) *Error {
	why := report.Say(report.WhyBehind, behind.Have, behind.Want)
	switch {
	case behind.Other != "":
		why = report.Say(report.WhyOtherJournal)
	case behind.Have >= behind.Want:
		why = report.Say(report.WhyMissing)
	}
	if len(behind.Batches) == 0 {
		return fail(report.ErrBehindUnnamed, p.Path, why, p.Accept())
	}
	var names, killed listed
	var commands []string
	for _, b := range behind.Batches {
		name := report.Say(report.LostBatch, report.Whole(b.Batch), b.Results)
		names = append(names, name)
		if b.Digest == "" { // no results tell what its last run sent
			killed = append(killed, name)
			continue
		}
		commands = append(commands, "axgbind bind "+files.Word(b.Results)+p.Argument("--journal"))
	}
	commands = commands[:min(len(commands), MostNamed)]
	args := []any{p.Path, why, names, report.Whole(strings.Join(commands, "; ")), killed, p.Accept()}
	switch {
	case len(commands) == 0:
		return fail(report.ErrBehindKilled, args...)
	case len(killed) > 0:
		return fail(report.ErrBehindSome, args...)
	}
	return fail(report.ErrBehind, args...)
}

// Accept is the command by which a person takes a journal for the newest.
func (p Place) Accept() report.Whole {
	return report.Whole("axgbind journal check --accept " + files.Word(p.Path))
}

// keepSimulated is how long the journal of a simulator stays after its last run.
const keepSimulated = 30 * 24 * time.Hour

// simulatedForm is the form of the names of such journals.
var simulatedForm = regexp.MustCompile(`^simulated-[0-9a-f]{16}\.journal$`)

// Simulator is where the journal of a simulator stands: in the folder of the
// real one, which is made. Journals of simulators long gone are removed.
func (p Place) Simulator(instance string, now time.Time) (Place, error) {
	dir := p.Dir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Place{}, fail(report.ErrPlaceFolder, dir, Reason(err))
	}
	var err error
	if p.Path, err = files.ResolveFar(SimulatedPath(p, instance)); err != nil {
		return Place{}, fail(report.ErrPlaceFolder, dir, Reason(err))
	}
	files, _ := os.ReadDir(dir)
	for _, file := range files {
		name := filepath.Join(dir, file.Name())
		info, err := file.Info()
		if err == nil && simulatedForm.MatchString(file.Name()) && name != p.Path && now.Sub(info.ModTime()) > keepSimulated {
			removeSimulated(name)
		}
	}
	return p, nil
}

// SimulatedPath is where the journal of a simulator stands.
func SimulatedPath(p Place, instance string) string {
	return filepath.Join(p.Dir(), "simulated-"+instance+Ending)
}

// removeSimulated removes the journal of a simulator, if it is one and no run has it.
func removeSimulated(path string) {
	f := journal.NewFile(path, files.OpenOwn)
	held, err := f.Lock()
	if err == nil && held {
		size, _ := f.Length()
		if h, err := journal.ReadHeader(io.NewSectionReader(f, 0, size)); err == nil && h.Simulated {
			defer os.Remove(path + journal.LockEnding)
			defer os.Remove(path + ReserveEnding)
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

// Simulated are the journals of simulators in a folder.
func Simulated(dir string) (list []string) {
	found, _ := os.ReadDir(dir)
	for _, f := range found {
		if simulatedForm.MatchString(f.Name()) {
			list = append(list, filepath.Join(dir, f.Name()))
		}
	}
	return list
}
