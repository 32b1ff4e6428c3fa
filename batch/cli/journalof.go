package cli

import (
	"context"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/store"
	"axgbind/batch/journal"
	"axgbind/report"
)

// restoreJournal restores the journal and says so, once.
func (j *job) restoreJournal() {
	switch path, first, err := j.journal.Restore(); {
	case err != nil:
		j.SayFault(report.ErrLostJournal, j.Shown(j.journalPath), exit.Reason(err))
	case path == "" || !first:
	case path == j.journalPath:
		j.SayFault(report.ErrRestored, j.Shown(path))
	default:
		j.SayFault(report.ErrRestoredBeside, j.Shown(j.journalPath), j.Shown(path))
	}
}

// waitJournal takes the lock of the job's journal, and waits for it as long as it may.
func (j *job) waitJournal(ctx context.Context) (*journal.File, error) {
	f, err := store.Wait(ctx, j.place, j.flags.Wait, j.resultsPath(), func(holder report.Said) {
		j.Say(report.SayWaiting, j.Shown(j.place.Path), holder, j.flags.Wait.String())
	})
	if err != nil {
		return nil, exit.OrStopped(ctx, err)
	}
	return f, nil
}
