package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// journalCommand is about the journal itself.
func (a *app) journalCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "journal",
		Short:   report.HelpJournal.In(a.lang),
		Long:    report.HelpJournalLong.In(a.lang),
		Example: report.HelpJournalExample.In(a.lang),
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.journalInitCommand(), a.journalCheckCommand(), a.journalCopyCommand(), a.forgetCommand())
	return c
}

// journalInitCommand begins the journal, once.
func (a *app) journalInitCommand() *cobra.Command {
	var another bool
	c := &cobra.Command{
		Use:               "init [PLACE]",
		Short:             report.HelpJournalInit.In(a.lang),
		Long:              report.HelpJournalInitLong.In(a.lang),
		Example:           report.HelpJournalInitExample.In(a.lang),
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: onePlace,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.placeOf(args)
			if err == nil {
				err = a.beginJournal(p, another)
			}
			return err
		},
	}
	c.Flags().BoolVar(&another, "another", false, report.FlagAnother.In(a.lang))
	a.completeFlags(c)
	return c
}

// onePlace offers folders for the one argument of a command.
func onePlace(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
}

// placeOf is the place that a command's only argument names, if there is one.
func (a *app) placeOf(args []string) (place, error) {
	if len(args) == 1 && args[0] != "" {
		return placeAt(args[0])
	}
	return a.place("")
}

// beginJournal begins the journal of the real service at a place, and says so. It
// refuses where a journal is already, and unless it is to be another one, where the
// machine has one in another place, or where it would not last.
func (a *app) beginJournal(p place, another bool) error {
	if f, err := files.OpenRegular(p.path); err == nil {
		empty, err := emptyFile(f)
		_, herr := journal.ReadHeader(f)
		f.Close()
		switch {
		case err == nil && !empty && errors.Is(herr, journal.ErrNotJournal):
			return journalFault(p.path, herr)
		case err == nil && !empty:
			return refuse(statusUsage, report.ErrThere, p.path)
		}
	}
	if s, _ := lockState(p.path); (s.Had() > 0 || s.Moved != "") && !another {
		return p.none()
	}
	if !another {
		if found := a.otherJournal(p); found != "" {
			return refuse(statusUsage, report.ErrElsewhere, found, report.Whole("--journal "+shellWord(found)),
				report.Whole("axgbind journal copy --journal "+shellWord(found)+" "+shellWord(p.given)), report.Whole("axgbind journal init --another"+p.argument("")))
		}
		if kind := a.passing(standing(p.dir())); kind != "" {
			return refuse(statusUsage, report.ErrPassing, p.dir(), kind, report.Whole("axgbind journal init --another"+p.argument("")))
		}
	}
	if err := a.createJournal(p); err != nil {
		return err
	}
	a.say(report.SayBegun, p.path)
	a.sayPlace(p)
	return nil
}

// sayPlace says how commands find a journal that is not where they look by themselves,
// and that its folder is on a network.
func (a *app) sayPlace(p place) {
	if usual, err := a.place(""); err != nil || usual.path != p.path {
		a.say(report.SayPlaceName, report.Whole("--journal "+shellWord(p.path)), report.Whole(envJournal+"="+shellWord(p.path)))
	}
	if files.Network(p.dir()) {
		a.say(report.SayNetworkFS, p.path)
	}
}

// createJournal makes the folder of a place and an empty journal in it, all durable.
func (a *app) createJournal(p place) error {
	if err := makeFolder(p.dir()); err != nil {
		return refuse(statusUsage, report.ErrPlaceFolder, p.dir(), reasonOf(err))
	}
	j := &journalFile{path: p.path}
	defer j.close()
	if err := j.lock(p, true); err != nil {
		return err
	}
	size, err := j.place.Length()
	if err == nil {
		var empty bool
		if empty, err = journal.Empty(j.place, size); err == nil && !empty { // another was quicker
			return refuse(statusUsage, report.ErrThere, p.path)
		}
	}
	if err == nil {
		lock := j.place.LockFile()
		j.Journal, err = books.Create(j.place, journal.Header{Created: a.began}, journal.Options{Lock: lock, Behind: true})
		if err == nil {
			j.use()
			err = errors.Join(files.SyncDir(p.dir()), lock.Keep(), j.bearWitness())
		}
	}
	if err != nil {
		return refuse(statusError, report.ErrJournal, p.path, reasonOf(err))
	}
	j.begun = true
	return nil
}

// makeFolder makes a folder, and those above it, durably.
func makeFolder(dir string) error {
	at := standing(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for ; dir != at; dir = filepath.Dir(dir) {
		if err := files.SyncDir(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	return nil
}

// standing is the part of a folder's path that exists.
func standing(dir string) string {
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		dir = filepath.Dir(dir)
	}
	return dir
}

// emptyFile reports whether a file holds no journal yet.
func emptyFile(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	return journal.Empty(f, info.Size())
}

// otherJournal looks for a journal where another person or another way to start this
// program would have it: what was bound with that is not known in a new one. It
// returns a path; blank: there is none.
func (a *app) otherJournal(p place) string {
	folders := []string{a.systemFolder, stateFolder(runtime.GOOS, a.getenv), stateFolder(runtime.GOOS, func(name string) string {
		if name == "XDG_STATE_HOME" { // a night service may not have what a login shell sets
			return ""
		}
		return a.getenv(name)
	})}
	if home := a.homeOf(a.getenv("SUDO_USER")); home != "" {
		folders = append(folders, stateFolder(runtime.GOOS, func(name string) string {
			switch name {
			case "HOME":
				return home
			case "LOCALAPPDATA":
				return filepath.Join(home, "AppData", "Local")
			}
			return ""
		}))
	}
	var paths []string
	for _, dir := range folders {
		if dir != "" {
			paths = append(paths, filepath.Join(dir, journalName))
		}
	}
	if usual, err := a.place(""); err == nil {
		paths = append(paths, usual.path)
	}
	for _, path := range paths {
		for range mostCarried { // it may have been carried on
			if s, ok := lockState(path); ok && s.Moved != "" {
				path = s.Moved
			}
		}
		if files.Same(path, p.path) {
			continue
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		f, err := files.OpenRegular(path)
		if err != nil {
			return path // it cannot be read, but it is there
		}
		h, err := journal.ReadHeader(io.NewSectionReader(f, 0, info.Size()))
		empty, eerr := emptyFile(f)
		f.Close()
		if err == nil && h.Simulated || eerr == nil && empty {
			continue
		}
		return path
	}
	return ""
}

// homeOf is the home folder of a user; blank if there is none.
func homeOf(name string) string {
	if name == "" {
		return ""
	}
	u, err := user.Lookup(name)
	if err != nil {
		return ""
	}
	return u.HomeDir
}
