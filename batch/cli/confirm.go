package cli

import (
	"bufio"
	"context"
	"strings"
	"time"

	"axgbind/batch/plan"
	"axgbind/batch/trial"
	"axgbind/report"
)

// asks reports whether a person is asked before a run: it is a real one, and
// standard input and standard error are terminals.
func (j *job) asks() bool { return !j.flags.yes && !j.simulated && j.attended() }

// attended reports whether a person sits there.
func (a *app) attended() bool {
	_, _, in := terminalOf(a.stdin)
	_, _, err := a.console.terminal()
	return in && err
}

// confirm asks whether the run may go. Nobody waits for a person with the lock
// held: the journal is given up for the question and opened again behind it, and
// the plan made anew.
func (j *job) confirm(ctx context.Context) error {
	for agreed := -1; j.plan.ToSend+j.plan.ToLook > agreed; {
		agreed = j.plan.ToSend + j.plan.ToLook
		before, err := j.source.file.Stat()
		if err != nil {
			return refuse(statusInput, report.ErrInputRead, j.source.path, reasonOf(err))
		}
		j.journal.close()
		j.journal = nil
		if err := j.ask(ctx); err != nil {
			return err
		}
		after, err := j.source.file.Stat()
		if err == nil && (after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())) {
			err = plan.ErrInputChanged
		}
		if err != nil {
			return refuse(statusInput, report.ErrInputRead, j.source.path, reasonOf(err))
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
func (j *job) askInit(ctx context.Context) error {
	if j.console.holding() {
		j.console.release()
		defer j.console.hold()
	}
	j.say(report.AskInit, j.shown(j.journalPath))
	if err := j.yes(ctx); err != nil {
		return err
	}
	return j.beginJournal(j.place, false)
}

// ask has a person say yes.
func (j *job) ask(ctx context.Context) error {
	if j.console.holding() { // a question has to be heard
		j.console.release()
		defer j.console.hold()
	}
	calls := j.plan.ToSend + j.plan.ToLook
	if limit := j.flags.limit; limit > 0 {
		calls = min(calls, limit)
	}
	duration := time.Duration(float64(calls) / j.flags.rate * float64(time.Second)).Round(time.Second)
	if j.flags.trial > 0 {
		j.say(report.AskTrial, j.flags.trial, trial.Looks)
	} else {
		j.say(report.AskRun, calls, duration)
	}
	if soonest := j.plan.Soonest; !soonest.IsZero() && soonest.Before(time.Now().Add(duration+time.Minute)) {
		j.say(report.AskLate, soonest.In(report.Beijing).Format(time.DateTime))
	}
	return j.yes(ctx)
}

// yes waits for a person to say so.
func (j *job) yes(ctx context.Context) error {
	j.asking.Store(true)
	defer j.asking.Store(false)
	_, _ = j.console.Write([]byte(report.AskGo.In(j.lang)))
	switch strings.ToLower(strings.TrimSpace(j.answer(ctx))) {
	case "y", "yes", "是":
		return nil
	}
	if stopped := unsent(ctx); stopped != nil {
		j.console.println("") // behind the question
		return refuse(stopped.status, report.AskStopped)
	}
	return refuse(statusUsage, report.AskRefused)
}

// hungUpWithin is how long a signal may be behind the end of input that its cause
// makes: a terminal that hangs up gives both.
const hungUpWithin = 300 * time.Millisecond

// answer reads a line from standard input; it is blank once ctx ends. The reading
// cannot be ended, only left: the process ends soon, and with it the reading.
func (j *job) answer(ctx context.Context) string {
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(j.stdin).ReadString('\n')
		line <- text
	}()
	select {
	case text := <-line:
		if strings.HasSuffix(text, "\n") {
			return text
		}
		select {
		case <-ctx.Done():
		case <-time.After(hungUpWithin):
		}
	case <-ctx.Done():
	}
	return ""
}
