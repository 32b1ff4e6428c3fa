package cli

import (
	"context"
	"time"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/manage"
	"axgbind/batch/plan"
	"axgbind/batch/trial"
	"axgbind/report"
)

// asks reports whether a person is asked before a run: it is a real one, and
// standard input and standard error are terminals.
func (p *paths) asks() bool { return !p.flags.Yes && !p.simulated && p.Prompt.Attended() }

// confirm asks whether the run may go. Nobody waits for a person with the lock
// held: the journal is given up for the question and opened again behind it, and
// the plan made anew.
func (j *job) confirm(ctx context.Context) error {
	for agreed := -1; j.plan.ToSend+j.plan.ToLook > agreed; {
		agreed = j.plan.ToSend + j.plan.ToLook
		before, err := j.source.Stat()
		if err != nil {
			return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
		}
		j.journal.Close()
		j.journal = nil
		if err := j.ask(ctx); err != nil {
			return err
		}
		after, err := j.source.Stat()
		if err == nil && (after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())) {
			err = plan.ErrInputChanged
		}
		if err != nil {
			return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
		}
		if err := j.openJournal(ctx); err != nil {
			return err
		}
		if _, err := j.match(j.journal.Journal); err != nil {
			return err
		}
	}
	return j.guardAmount()
}

// askInit asks whether a journal is to be begun, where there is none.
func (p *paths) askInit(ctx context.Context) error {
	if p.Console.Holding() {
		p.Console.Release()
		defer p.Console.Hold()
	}
	p.Say(report.AskInit, p.Shown(p.journalPath))
	if err := p.yes(ctx); err != nil {
		return err
	}
	return manage.Begin(p.Invocation, p.place, false)
}

// ask has a person say yes.
func (j *job) ask(ctx context.Context) error {
	if j.Console.Holding() { // a question has to be heard
		j.Console.Release()
		defer j.Console.Hold()
	}
	calls := j.plan.ToSend + j.plan.ToLook
	if limit := j.flags.Limit; limit > 0 {
		calls = min(calls, limit)
	}
	duration := max(time.Duration(float64(calls)/j.flags.Rate*float64(time.Second)).Round(time.Second), time.Second)
	if j.flags.Trial > 0 {
		j.Say(report.AskTrial, j.flags.Trial, trial.Looks)
	} else {
		j.Say(report.AskRun, calls, duration)
	}
	if soonest := j.plan.Soonest; !soonest.IsZero() && soonest.Before(time.Now().Add(duration+time.Minute)) {
		j.Say(report.AskLate, soonest.In(report.Beijing).Format(time.DateTime))
	}
	return j.yes(ctx)
}
