package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// journalCopyCommand carries the journal to a place that has none.
func (a *app) journalCopyCommand() *cobra.Command {
	var from string
	var backup bool
	c := &cobra.Command{
		Use:               "copy PLACE",
		Short:             report.HelpJournalCopy.In(a.lang),
		Long:              report.HelpJournalCopyLong.In(a.lang),
		Example:           report.HelpJournalCopyExample.In(a.lang),
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: onePlace,
		RunE: func(_ *cobra.Command, args []string) error {
			source, err := a.place(from)
			if err != nil {
				return err
			}
			to, err := placeAt(args[0])
			if err != nil {
				return err
			}
			return a.copyJournal(source, to, backup)
		},
	}
	c.Flags().StringVar(&from, "journal", "", report.FlagJournalFrom.In(a.lang))
	c.Flags().BoolVar(&backup, "backup", false, report.FlagBackup.In(a.lang))
	a.completeFlags(c)
	return c
}

// movedEnding follows the name of a journal that was carried to another place.
const movedEnding = ".moved"

// copyJournal carries a journal over, with what its lock file knows: of two, each
// would send what the other has sent, so the old one is not used any more. A backup
// leaves the old one in use, also while a run writes to it; then that is what counts.
func (a *app) copyJournal(from, to place, backup bool) error {
	if s, _ := lockState(from.path); !files.Exists(from.path) && s.Number == 0 && s.Moved == "" {
		return a.noSource(from, to, backup)
	}
	if s, ok := lockState(from.path); ok && s.Moved != "" { // whatever was put back there since
		return from.none()
	}
	if s, ok := lockState(to.path); ok && s.Moved != "" { // it may come back, and no copy of it
		if backup {
			return to.none()
		}
		if other := carriedTo(s.Moved, from.path, s.Journal); other != "" {
			return refuseCopy(from.path, other)
		}
	}
	if !backup {
		source := &journalFile{path: from.path}
		defer source.close()
		if err := source.lock(from, false); err != nil {
			return err
		}
		if err := a.copyRecords(from, to, false); err != nil {
			return err
		}
		// The mark stands first: then no run takes the old one for a lost one.
		err := source.place.LockFile().Retire(to.path)
		source.begun = true     // the mark stays
		if !files.RemovesOpen { // that system renames no open file
			source.place.Use(nil)
		}
		if err == nil {
			err = os.Rename(from.path, from.path+movedEnding)
		}
		if err == nil {
			err = files.SyncDir(from.dir())
		}
		if err != nil {
			return refuse(statusError, report.ErrNotRetired, from.path, reasonOf(err))
		}
		a.say(report.SayRetired, from.path+movedEnding)
		if kind := a.passing(to.dir()); kind != "" {
			a.say(report.SayPassing, to.dir(), kind)
		}
		a.sayPlace(to)
		return nil
	}
	if err := a.copyRecords(from, to, true); err != nil {
		return err
	}
	a.say(report.SayBackup, to.path)
	return nil
}

// noSource says that there is no journal to be copied, and which one there is.
func (a *app) noSource(from, to place, backup bool) error {
	usual, err := a.place("")
	if err != nil || usual.path == from.path || !files.Exists(usual.path) {
		return refuse(statusUsage, report.ErrNoSourceFound, from.path)
	}
	command := "axgbind journal copy "
	if backup {
		command += "--backup "
	}
	return refuse(statusUsage, report.ErrNoSource, from.path, usual.path, report.Whole(command+shellWord(to.given)))
}

// inherit puts the sealed copy of a journal in its place, with what the lock file of the
// first one said. A backup is not in use: who puts it somewhere is told that it is a copy.
func (j *journalFile) inherit(r *files.Replacement, from journal.LockState, t *journal.Trail, backup bool) error {
	lock := j.place.LockFile()
	lock.Inherit(from, t)
	if !backup {
		lock.Use(maskedPath(j.path))
	}
	if err := lock.Keep(); err != nil { // before the journal: without it, nobody would use that
		r.Discard()
		return err
	}
	if err := j.replaceBy(r); err != nil {
		return err
	}
	if backup {
		return nil
	}
	return j.bearWitness()
}

// copyRecords copies the whole records of a journal.
func (a *app) copyRecords(from, to place, backup bool) error {
	state, _ := lockState(from.path) // before the records: it must not know more than they tell
	stood, _ := lockState(to.path)
	f, err := files.OpenRegular(from.path)
	if errors.Is(err, fs.ErrNotExist) {
		return from.none()
	}
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, from.path, reasonOf(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, from.path, reasonOf(err))
	}
	records, trail := 0, journal.NewTrail(state, stood)
	h, end, err := journal.Read(f, info.Size(), trail, func(*journal.Line) error { records++; return nil })
	if err != nil {
		return journalFault(from.path, err)
	}
	_, runs, err := books.ReadRuns(io.NewSectionReader(f, 0, end))
	if err != nil {
		return journalFault(from.path, err)
	}
	c := looked(from, state, h.ID, runs)
	if wrong, _ := c.fault(); wrong != nil && (!backup || state.Journal == "") { // nothing would tell that the copy is one
		return wrong
	}
	if err := makeFolder(to.dir()); err != nil {
		return refuse(statusUsage, report.ErrPlaceFolder, to.dir(), reasonOf(err))
	}
	j := &journalFile{path: to.path}
	defer j.close()
	if err := j.lock(to, true); err != nil {
		return err
	}
	size, err := j.place.Length()
	if err == nil {
		var empty bool
		if empty, err = journal.Empty(j.place, size); err == nil && !empty {
			return refuse(statusUsage, report.ErrThere, to.path)
		}
	}
	if s := j.place.LockFile().State(); err == nil && s.Number > 0 && s.Journal != h.ID {
		return to.none() // another one was lost there
	}
	var r *files.Replacement
	if err == nil {
		r, err = files.ReplaceOwn(to.path)
	}
	if err == nil { // whole or not at all: a part would be an old copy
		if _, err = io.Copy(r, io.NewSectionReader(f, 0, end)); err != nil {
			r.Discard()
		} else if err = r.Seal(); err == nil {
			err = j.inherit(r, state, trail, backup)
		}
	}
	if err != nil {
		return refuse(statusError, report.ErrJournal, to.path, reasonOf(err))
	}
	j.begun = true
	a.say(report.SayCopied, records, from.path, to.path)
	if holder := holding(from.path); holder != nil && state.Holder != nil {
		a.say(report.SayCopyHeld, holderOf(from.path))
	}
	return nil
}
