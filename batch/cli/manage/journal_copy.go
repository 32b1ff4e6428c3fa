package manage

import (
	"github.com/spf13/cobra"

	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/report"
)

// journalCopyCommand carries the journal to a place that has none.
func journalCopyCommand(a *command.Invocation) *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:               "copy PLACE",
		Short:             report.HelpJournalCopy.In(a.Lang),
		Long:              report.HelpJournalCopyLong.In(a.Lang),
		Example:           report.HelpJournalCopyExample.In(a.Lang),
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: flags.OnePlace,
		RunE: func(_ *cobra.Command, args []string) error {
			source, err := a.Places().Find(v.Journal)
			if err != nil {
				return err
			}
			to, err := store.PlaceAt(args[0])
			if err != nil {
				return err
			}
			return copyJournal(a, source, to, v.Backup)
		},
	}
	flags.Add(c, flags.JournalCopy, v, a.Lang)
	return c
}

// copyJournal carries a journal over, or makes a backup of it, and says so.
func copyJournal(a *command.Invocation, from, to store.Place, backup bool) error {
	if files.Same(from.Path, to.Path) {
		return exit.Refuse(exit.Usage, report.ErrCopyHere, from.Path)
	}
	if s, _ := store.LockState(from.Path); !files.Exists(from.Path) && s.Number == 0 && s.Moved == "" {
		return noSource(a, from, to, backup)
	}
	copied := func(records int, held bool) {
		a.Say(report.SayCopied, records, from.Path, to.Path)
		if held {
			a.Say(report.SayCopyHeld, store.HolderOf(from.Path))
		}
	}
	if backup {
		if err := store.Backup(from, to, copied); err != nil {
			return err
		}
		a.Say(report.SayBackup, to.Path)
		return nil
	}
	retired, err := store.Move(from, to, copied)
	if err != nil {
		return err
	}
	a.Say(report.SayRetired, retired)
	if kind := a.Passing(to.Dir()); kind != "" {
		a.Say(report.SayPassing, to.Dir(), kind)
	}
	sayPlace(a, to)
	return nil
}

// noSource says that there is no journal to be copied, and which one there is.
func noSource(a *command.Invocation, from, to store.Place, backup bool) error {
	usual, err := a.Places().Find("")
	if err != nil || usual.Path == from.Path || !files.Exists(usual.Path) {
		return exit.Refuse(exit.Usage, report.ErrNoSourceFound, from.Path)
	}
	command := "axgbind journal copy "
	if backup {
		command += "--backup "
	}
	return exit.Refuse(exit.Usage, report.ErrNoSource, from.Path, usual.Path, report.Whole(command+files.Word(to.Given)))
}
