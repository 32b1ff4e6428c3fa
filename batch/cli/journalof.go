package cli

import (
	"context"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/store"
	"axgbind/batch/journal"
	"axgbind/report"
)

// doubt warns that no run would use the journal that is looked at.
func (a *app) doubt(g *glance, runs []books.RunStart) {
	said := g.lock // once compared, it is of this journal
	behind := g.lock.Compare(g.trail)
	if wrong, _ := store.Refusal(g.place, said, g.trail.ID(), runs, behind); wrong != nil {
		a.warn(wrong)
	}
}

// warn says what is wrong, and its cure, and the command goes on.
func (a *app) warn(wrong *store.Error) {
	f, _ := exit.FaultOf(wrong)
	what, cure := exit.CutCure(f.In(a.lang))
	a.say(report.WarnLine, report.Whole(what))
	a.sayCure(cure)
}

// restoreJournal restores the journal and says so, once.
func (j *job) restoreJournal() {
	switch path, first, err := j.journal.Restore(); {
	case err != nil:
		j.sayFault(report.ErrLostJournal, j.shown(j.journalPath), exit.Reason(err))
	case path == "" || !first:
	case path == j.journalPath:
		j.sayFault(report.ErrRestored, j.shown(path))
	default:
		j.sayFault(report.ErrRestoredBeside, j.shown(j.journalPath), j.shown(path))
	}
}

// places is where this invocation looks for journals.
func (a *app) places() store.Places { return store.Places{System: a.systemFolder, Getenv: a.Getenv} }

// waitJournal takes the lock of the job's journal, and waits for it as long as it may.
func (j *job) waitJournal(ctx context.Context) (*journal.File, error) {
	f, err := store.Wait(ctx, j.place, j.flags.Wait, j.resultsPath(), func(holder report.Said) {
		j.say(report.SayWaiting, j.shown(j.place.Path), holder, j.flags.Wait.String())
	})
	if err != nil {
		return nil, orStopped(ctx, err)
	}
	return f, nil
}
