package cli

import (
	"context"
	"encoding/hex"
	"time"

	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/about"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/report"

	"github.com/spf13/cobra"
)

// binding is the duty of bind.
var binding = duty{binds: true, rewrite: true, ending: resultsEnding}

// bound reports whether a run is one of a batch of bind: it bound rows, or asked what
// became of them. The others change or release bindings.
func bound(run *books.RunStart) bool { return run.Command == "bind" || run.Command == "reconcile" }

func (a *app) bindCommand() *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:         "bind INPUT.csv",
		Short:       report.HelpBind.In(a.Lang),
		Long:        report.HelpBindLong.In(a.Lang),
		Example:     report.HelpBindExample.In(a.Lang),
		Annotations: map[string]string{ending.TellsRefusal: "", about.ListsStatuses: ""},
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("trial") {
				return a.trial(c, v, args)
			}
			if v.DryRun {
				return a.dryRun(c, v, args)
			}
			return a.bind(c, v, args)
		},
	}
	c.ValidArgsFunction = flags.OneFile
	flags.Add(c, flags.Bind, v, a.Lang)
	return c
}

// bind runs a batch. Everything that can refuse it comes before the
// journal is touched, and everything before the first call.
func (a *app) bind(c *cobra.Command, v *flags.Values, args []string) error {
	return a.underSignals(func() (*job, error) { return a.newJob(c, v, args, binding) }, (*job).do)
}

// do is a run of a batch.
func (j *job) do(ctx context.Context) error {
	if j.vacant {
		return j.endVacant()
	}
	defer command.TuneCollecting()()
	if err := exit.OrStopped(ctx, j.prepare(ctx)); err != nil {
		return err
	}
	if j.release() != nil && j.plan.Rows == 0 { // there is nothing to write, either
		j.Say(report.ExitLine, exit.OK, report.Exit0UnbindNone.In(j.Lang))
		return nil
	}
	if j.flags.Simulate {
		if err := j.embedSimulator(ctx, j.plan.ToSend+j.plan.ToLook); err != nil {
			return err
		}
	}
	if j.plan.ToSend+j.plan.ToLook > 0 && j.asks() && !j.over() {
		if err := j.confirm(ctx); err != nil {
			return err
		}
	}
	if j.plan.ToSend+j.plan.ToLook > 0 {
		if err := j.network.reach(ctx); err != nil {
			return err
		}
	}
	var err error
	if j.settings.Run.Numbers, err = j.chooseNumbers(ctx); err != nil {
		return err
	}
	if err := j.launch(ctx); err != nil {
		return err
	}
	result, snapshot, err := j.send(ctx)
	return j.finish(ctx, result, snapshot, err)
}

// endVacant ends a run or a check of an input without rows. It opens no journal and leaves
// all results as they are; summary, metrics and robot hear of it as of any other end.
func (j *job) endVacant() error {
	choose := j.choosePaths
	if !j.binds {
		choose = j.chooseCheckPaths
	}
	if err := choose(); err != nil {
		return err
	}
	if err := j.writable(); err != nil {
		return err
	}
	s := report.NewSummary()
	s.Program, s.Command, s.Simulated, s.User = command.Program(), j.verb, j.simulated, command.User()
	s.Started, s.Finished, s.Input = j.start, time.Now(), j.source.Path
	j.settle(s)
	j.writeSummary(s)
	if j.binds {
		told := j.Status
		if j.writeMetrics(s); j.Status != told {
			j.writeSummary(s)
		}
		ending.Notify(j.Invocation, s, j.settings.TellAll)
	}
	ending.Conclude(j.Invocation, s)
	return nil
}

// matchInput matches the input against the journal and says what is found in
// its rows.
func (j *job) matchInput() error {
	findings, err := j.match(j.journal.Journal)
	if err != nil {
		return err
	}
	invalid := j.plan.Counts()[report.Invalid]
	findings.say(j.plan.Rows-invalid, invalid, j.plan)
	if j.journal.Torn > 0 {
		j.Say(report.StartTorn, j.journal.Torn)
	}
	return nil
}

// makePlan matches the input against the journal and says how things stand.
func (j *job) makePlan() error {
	if err := j.matchInput(); err != nil {
		return err
	}
	if j.input.Prefixed() {
		j.Say(report.SayPrefixed)
	}
	j.sayJournal()
	j.sayOwners()
	j.sayPlan()
	if err := j.guardAmount(); err != nil {
		return err
	}
	if invalid := j.plan.Counts()[report.Invalid]; invalid > 0 && j.flags.Strict {
		return exit.Refuse(exit.Input, report.ErrInvalid, invalid, j.plan.Rows)
	}
	j.sayOf(report.StartRenew, j.plan.Renew)
	j.sayOf(report.StartLook, j.plan.ToLook)
	if j.plan.ToSend+j.plan.ToLook == 0 {
		j.Say(report.StartNothing)
		j.saySameInput(j.journal.Runs)
	}
	return nil
}

// saySameInput says that the input was bound on an earlier day, as it is.
func (j *job) saySameInput(runs []books.RunStart) {
	if same := j.sameInput(runs); same != nil {
		j.Console.Println(same.In(j.Lang))
	}
}

// sameInput is the latest run of an earlier day that bound an input of the same bytes, if
// this one leaves nothing to do; nil if there is none. Whoever gives yesterday's file again
// sees nothing else that is wrong.
func (j *job) sameInput(runs []books.RunStart) *report.SameInput {
	counts, digest := j.plan.Counts(), j.input.SHA256()
	if j.verb != "bind" || j.plan.Rows == 0 || counts[report.Pending]+counts[report.Unknown]+j.plan.GoneUnknown > 0 {
		return nil
	}
	day := func(t time.Time) string { return t.In(report.Beijing).Format(time.DateOnly) }
	for i := len(runs) - 1; i >= 0; i-- {
		if r := &runs[i]; r.Command == j.verb && r.Digest == hex.EncodeToString(digest[:]) && day(r.Start) < day(j.start) {
			return &report.SameInput{Started: r.Start, Batch: r.Batch, Run: r.Run}
		}
	}
	return nil
}

// sayPlan says what the plan makes of the rows.
func (j *job) sayPlan() {
	if j.release() != nil {
		j.startRelease()
	} else if j.plan.Settled > 0 || j.plan.Gone > 0 {
		j.Say(report.StartResume, j.plan.Settled, j.plan.ToSend, j.plan.Counts()[report.Held], j.plan.Gone)
	} else {
		j.Say(report.StartNew, j.plan.Rows, j.plan.ToSend, j.settings.Run.Rate)
	}
	j.sayOf(report.StartTaken, j.plan.Taken)
	j.sayOf(report.StartWithheld, j.plan.Withheld)
	unproven := j.plan.Unproven()
	j.sayOf(report.StartUnproven, unproven)
	if held := j.plan.Counts()[report.Held] - unproven; held > 0 && j.binds { // of what the others hold back, they tell the owner
		phrase := report.StartHeld
		if until, all := j.plan.HeldByEnded(); all && until.After(j.start) {
			phrase = report.StartHeldOver
		}
		j.Say(phrase, held)
	}
	if j.settings.Plan.Operation == nil {
		j.sayOf(report.StartEnded, j.plan.Ended())
	}
}

// sayJournal says which journal it is, so that a wrong one is seen.
func (j *job) sayJournal() {
	runs := j.journal.Runs
	if len(runs) == 0 || j.flags.Simulate {
		return
	}
	last := runs[len(runs)-1]
	j.Say(report.StartJournal, j.Shown(j.journalPath), last.Start.In(report.Beijing).Format(time.DateTime), j.journal.Live())
	if j.journal.Ended == nil {
		j.Say(report.StartKilled)
	}
}

// guardAmount refuses a run that would make more calls than --at-most allows: at
// night that is a wrong file.
func (j *job) guardAmount() error {
	most := j.settings.AtMost
	allowed := most.Count
	if most.Percent > 0 {
		allowed = int(most.Percent / 100 * float64(j.plan.Rows))
	}
	if most == (batch.MaxFailures{}) || j.plan.ToSend <= allowed {
		return nil
	}
	return exit.Refuse(exit.Input, report.ErrAtMost, j.plan.ToSend, j.plan.Rows, j.flags.AtMost)
}

// dryRun tells what bind would do: the input against the journal, read without its
// lock. Nothing is written but what --findings names.
func (a *app) dryRun(c *cobra.Command, v *flags.Values, args []string) error {
	j, err := a.newJob(c, v, args, binding)
	if err != nil {
		return err
	}
	defer j.close()
	if j.vacant {
		a.Say(report.ExitLine, exit.OK, report.Exit0Empty.In(a.Lang))
		return nil
	}
	if !j.input.HasPool() {
		return exit.Refuse(exit.Usage, report.ErrNoPool)
	}
	if j.results = v.Out; v.Out == "" {
		j.results = j.source.Base() + resultsEnding
	}
	if err := j.choosePaths(); err != nil {
		return err
	}
	if err := j.writable(); err != nil {
		return err
	}
	defer command.TuneCollecting()()
	journal, err := j.lookForDryRun()
	if err != nil {
		return err
	}
	findings, err := j.match(journal)
	if err != nil {
		return err
	}
	counts := j.plan.Counts()
	invalid, held := counts[report.Invalid], counts[report.Held]
	if err := findings.print(j.plan.Rows-invalid, invalid, j.plan); err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	a.Say(report.SayPlan, j.plan.Rows, j.plan.ToSend-j.plan.Renew, counts[report.Bound], held, j.plan.Renew, counts[report.Unknown], j.plan.Gone)
	if ended := j.plan.Ended(); ended > 0 {
		a.Say(report.StartEnded, ended)
	}
	if j.plan.ToSend+j.plan.ToLook == 0 && journal != nil {
		j.saySameInput(journal.Runs)
	}
	var phrase report.Text
	a.Status, phrase = j.planned()
	if err := j.guardAmount(); err != nil {
		return err
	}
	if a.Status == exit.OK && a.Console.Drop() {
		return nil
	}
	a.Console.Release()
	a.Say(report.ExitLine, a.Status, phrase.In(a.Lang))
	return nil
}

// lookForDryRun reads the journal without its lock, and chooses the batch; nil: there is
// none yet.
func (t *target) lookForDryRun() (*books.Journal, error) {
	if t.flags.Simulate {
		return nil, nil
	}
	if files.Exists(t.journalPath) {
		journal, err := t.lookIntoJournal()
		if err != nil {
			return nil, err
		}
		return journal, t.chooseBatch(journal)
	}
	if s, _ := store.LockState(t.journalPath); !t.simulated && (s.Moved != "" || s.Had() > 0) {
		return nil, t.place.None() // it is elsewhere, or lost
	}
	t.Say(report.SayNoJournal, t.Shown(t.journalPath))
	return nil, nil
}

// planned is the exit status of a plan that is not sent, and its words.
func (j *job) planned() (int, report.Text) {
	counts := j.plan.Counts()
	switch invalid := counts[report.Invalid]; {
	case invalid > 0 && j.flags.Strict:
		return exit.Input, report.Exit3Plan
	case invalid+counts[report.Held]+counts[report.Failed] > 0:
		return exit.Rows, report.Exit3Plan
	case counts[report.Unknown] > 0:
		return exit.Unknown, report.Exit4Plan
	case j.plan.GoneUnknown+j.left > 0:
		return exit.Unknown, report.Exit4PlanGone
	}
	return exit.OK, report.Exit0Plan
}
