package manage

import (
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/report"
)

// Journal is about the journal itself.
func Journal(a *command.Invocation) *cobra.Command {
	c := &cobra.Command{
		Use:     "journal",
		Short:   report.HelpJournal.In(a.Lang),
		Long:    report.HelpJournalLong.In(a.Lang),
		Example: report.HelpJournalExample.In(a.Lang),
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(journalInitCommand(a), journalCheckCommand(a), journalCopyCommand(a), forgetCommand(a))
	return c
}

// journalInitCommand begins the journal, once.
func journalInitCommand(a *command.Invocation) *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:               "init [PLACE]",
		Short:             report.HelpJournalInit.In(a.Lang),
		Long:              report.HelpJournalInitLong.In(a.Lang),
		Example:           report.HelpJournalInitExample.In(a.Lang),
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: flags.OnePlace,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := placeOf(a, args)
			if err == nil {
				err = Begin(a, p, v.Another)
			}
			return err
		},
	}
	flags.Add(c, flags.JournalInit, v, a.Lang)
	return c
}

// placeOf is the place that a command's only argument names, if there is one.
func placeOf(a *command.Invocation, args []string) (store.Place, error) {
	if len(args) == 1 && args[0] != "" {
		return store.PlaceAt(args[0])
	}
	return a.Places().Find("")
}

// Begin begins the journal of the real service at a place, and says so. It
// refuses where a journal is already, and unless it is to be another one, where the
// machine has one in another place, or where it would not last.
func Begin(a *command.Invocation, p store.Place, another bool) error {
	if err := p.Free(); err != nil {
		return err
	}
	if s, _ := store.LockState(p.Path); (s.Had() > 0 || s.Moved != "") && !another {
		return p.None()
	}
	if !another {
		if found := otherJournal(a, p); found != "" {
			return exit.Refuse(exit.Usage, report.ErrElsewhere, found, report.Whole("--journal "+files.Word(found)),
				report.Whole("axgbind journal copy --journal "+files.Word(found)+" "+files.Word(p.Given)), report.Whole("axgbind journal init --another"+p.Argument("")))
		}
		if kind := a.Passing(store.Standing(p.Dir())); kind != "" {
			return exit.Refuse(exit.Usage, report.ErrPassing, p.Dir(), kind, report.Whole("axgbind journal init --another"+p.Argument("")))
		}
	}
	if err := store.Create(p, a.Began); err != nil {
		return err
	}
	a.Say(report.SayBegun, p.Path)
	sayPlace(a, p)
	return nil
}

// sayPlace says how commands find a journal that is not where they look by themselves,
// and that its folder is on a network.
func sayPlace(a *command.Invocation, p store.Place) {
	if usual, err := a.Places().Find(""); err != nil || usual.Path != p.Path {
		a.Say(report.SayPlaceName, report.Whole("--journal "+files.Word(p.Path)), report.Whole(store.Variable+"="+files.Word(p.Path)))
	}
	if files.Network(p.Dir()) {
		a.Say(report.SayNetworkFS, p.Path)
	}
}

// otherJournal looks for a journal where another person or another way to start this
// program would have it: what was bound with that is not known in a new one. It
// returns a path; blank: there is none.
func otherJournal(a *command.Invocation, p store.Place) string {
	folders := []string{a.SystemFolder, store.UserFolder(runtime.GOOS, a.Getenv), store.UserFolder(runtime.GOOS, func(name string) string {
		if name == "XDG_STATE_HOME" { // a night service may not have what a login shell sets
			return ""
		}
		return a.Getenv(name)
	})}
	if home := a.HomeOf(a.Getenv("SUDO_USER")); home != "" {
		folders = append(folders, store.UserFolder(runtime.GOOS, func(name string) string {
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
			paths = append(paths, filepath.Join(dir, store.Name))
		}
	}
	if usual, err := a.Places().Find(""); err == nil {
		paths = append(paths, usual.Path)
	}
	for _, path := range paths {
		if at := store.RealAt(path); at != "" && !files.Same(at, p.Path) {
			return at
		}
	}
	return ""
}
