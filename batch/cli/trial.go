package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/batch/trial"
	"axgbind/report"
)

// trialEnding follows the input's name without its ending: a trial is a batch of its
// own, so that afterwards the file is bound as if there had been none.
const trialEnding = ".trial.csv"

// trialProlongs is how much later the binding of a trial ends after its change.
const trialProlongs = time.Hour

// trial is bind --trial: one row is bound, its binding is looked up, changed and
// released again, and what was seen is told. The three steps are runs of a bind, an
// update and an unbind as any others, in one hold of the journal: wherever the command
// dies, the next one finds what that of a bind, update or unbind would have left.
func (a *app) trial(c *cobra.Command, v *flags.Values, args []string) error {
	if v.Trial < 1 {
		return exit.Refuse(exit.Usage, report.ErrFlagValue, "trial", report.Say(report.WhyRange, fmt.Sprint(v.Trial), ">= 1"))
	}
	return a.underSignals(func() (*job, error) {
		return a.newJobWith(c, v, args, duty{binds: true, rewrite: true, ending: trialEnding}, func(j *job, _ string) error {
			for _, f := range [...]struct { // what says which rows go, or may take a binding that is not the trial's
				name  string
				given bool
			}{
				{"dry-run", v.DryRun}, {"limit", v.Limit > 0}, {"resend", len(v.Resend) > 0}, {"allow-duplicates", v.AllowDuplicates},
				{"when-bound", v.WhenBound != "refuse"},
			} {
				if f.given {
					return exit.Refuse(exit.Usage, report.ErrFlagClash, "trial", f.name)
				}
			}
			j.witness = new(trial.Witness)
			j.settings.Progress = "none"
			j.settings.Plan.Select = input.Lines{{v.Trial, v.Trial}}.Has
			j.settings.Plan.Resend = plan.Resend{Failed: true, Released: true} // of an earlier trial
			return nil
		})
	}, (*job).doTrial)
}

// doTrial is the trial itself.
func (j *job) doTrial(ctx context.Context) error {
	if err := exit.OrStopped(ctx, j.prepare(ctx)); err != nil {
		return err
	}
	if err := j.triable(); err != nil {
		return err
	}
	asks := !j.simulated && !j.flags.Yes
	if asks && !j.Prompt.Attended() {
		return exit.Refuse(exit.Usage, report.ErrTrialAsk)
	}
	if j.flags.Simulate {
		if err := j.embedSimulator(ctx, j.plan.ToSend+j.plan.ToLook); err != nil {
			return err
		}
	}
	if asks {
		if err := j.confirm(ctx); err != nil {
			return err
		}
		if err := j.triable(); err != nil { // another run may have bound it
			return err
		}
	}
	if err := j.network.reach(ctx); err != nil {
		return err
	}
	var err error
	if j.settings.Run.Numbers, err = j.chooseNumbers(ctx); err != nil {
		return err
	}
	if err := j.launch(ctx); err != nil {
		return err
	}
	pace, err := pace.New(min(j.settings.Run.Rate, aliyun.LookupRate))
	if err != nil {
		return err
	}
	if err := j.act(ctx); err != nil {
		return err
	}
	b, err := j.tried()
	if err != nil || b.SubsID == "" {
		return err
	}
	return j.tryOut(ctx, b, pace)
}

// tryOut looks at the binding of the trial, changes it and releases it, and tells what
// was seen. Once it is there it is released, whatever happened and whoever stops this.
func (j *job) tryOut(ctx context.Context, b books.LiveBinding, pace *pace.Pace) error {
	ends, _ := time.ParseInLocation(time.DateTime, b.Expiration, report.Beijing) // the journal has no other form
	t := &trial.Trial{
		Client: j.client, Witness: j.witness, UnknownX: anyX,
		Of: trial.Binding{
			PoolKey: b.PoolKey, PhoneNoA: b.PhoneNoA, PhoneNoB: b.PhoneNoB, GroupID: b.GroupID, Expiration: ends,
			SecretNo: b.SecretNo, SubsID: b.SubsID,
		},
		Pay: func(ctx context.Context) error {
			turn, err := pace.Turn(ctx)
			if err != nil {
				return err
			}
			return turn.Release(ctx)
		},
	}
	if !j.flags.Quiet {
		j.Say(report.SayTrialLooks, j.flags.Trial)
	}
	t.Bound(ctx)
	if ctx.Err() == nil {
		later := b
		later.Expiration = ends.Add(trialProlongs).In(report.Beijing).Format(time.DateTime)
		code, err := j.step(ctx, "update", later, plan.Options{Operation: &plan.Update{Changes: []aliyun.Operate{aliyun.UpdateExpire}}})
		if err != nil {
			j.SayFault(report.ErrRun, exit.WholeReason(err))
		}
		t.Updated(ctx, ends.Add(trialProlongs), code)
	}
	if ctx.Err() != nil {
		j.Say(report.SayTrialStopped)
	}
	code, err := j.step(context.WithoutCancel(ctx), "unbind", b, plan.Options{Operation: &plan.Release{}})
	if err != nil {
		j.SayFault(report.ErrRun, exit.WholeReason(err))
	}
	status := j.Status
	t.Released(ctx, code)
	return j.concludeTrial(ctx, t, status, code)
}

// concludeTrial prints the table, and how the trial ended. released is the status of
// the release and code how it ended.
func (j *job) concludeTrial(ctx context.Context, t *trial.Trial, released int, code string) error {
	lines := t.Table()
	count := map[trial.Verdict]int{}
	for _, l := range lines {
		count[l.Verdict]++
	}
	b := &strings.Builder{}
	fmt.Fprint(b, report.TrialTitle.In(j.Lang, command.ThisBuild().Version, j.endpoint, j.start.In(report.Beijing).Format(time.RFC3339),
		t.Of.PoolKey, report.Mask(t.Of.SecretNo), report.Whole(t.Of.SubsID)))
	for _, l := range lines {
		fmt.Fprintf(b, "%s%-15s %s\n", padded(l.Verdict.Words().In(j.Lang)), l.Name, report.TrialLine.In(j.Lang, report.Whole(l.Says.In(j.Lang)), l.Seen))
		if l.Means != (report.Text{}) {
			fmt.Fprintf(b, "%26s%s\n", "-> ", l.Means.In(j.Lang))
		}
	}
	fmt.Fprintf(b, "%s\n%s\n", report.TrialTotal.In(j.Lang, count[trial.Holds], count[trial.Differs], count[trial.NotSeen]), report.TrialUntried.In(j.Lang))
	if j.simulated {
		fmt.Fprintln(b, report.TrialSimulated.In(j.Lang))
	}
	_, werr := fmt.Fprint(j.Products(), b.String())

	last, next := report.Say(report.Exit0Trial), report.Advice{}
	stop, _ := context.Cause(ctx).(books.Stop)
	switch j.Status = exit.OK; {
	case code != aliyun.CodeOK:
		j.Status, last = max(released, exit.Error), report.Say(report.ExitTrialBound)
		next = report.Advise(j.Lang, report.NextRelease, j.commands().Unbind(j.Shown(j.results), "--yes"))
	case werr != nil:
		j.Status, last = exit.Error, report.Say(report.ExitTrialWrite, exit.Reason(werr))
	case exit.OfStop(stop) > 0:
		j.Status, last = exit.OfStop(stop), report.Say(report.ExitTrialStopped)
	case count[trial.Differs] > 0:
		j.Status, last = exit.Rows, report.Say(report.Exit3Trial, count[trial.Differs])
	}
	if j.Status == exit.OK && j.flags.Quiet {
		return nil
	}
	if j.Status == exit.OK {
		next = report.Advise(j.Lang, report.NextTried, j.commands().Again(j.source.Path, map[string]bool{"trial": true, "out": true, "yes": true}))
	}
	ending.SayStatus(j.Invocation, last.In(j.Lang), next)
	return nil
}

// padded makes verdicts a column; in Chinese all are as wide.
func padded(verdict string) string { return fmt.Sprintf("%-10s", verdict) }

// triable refuses a row that the plan would not send, a line on which none begins, and a
// trial behind one that was cut short. It also refuses the paths of the steps to come.
func (j *job) triable() error {
	if j.plan.Rows == 0 {
		return exit.Refuse(exit.Usage, report.ErrTrialLine, j.flags.Trial, j.source.Path)
	}
	if j.plan.Gone > 0 {
		return exit.Refuse(exit.Usage, report.ErrTrialOpen, j.Shown(j.results), j.commands().Unbind(j.Shown(j.results), "--yes"), j.commands().Reconcile(j.Shown(j.results)))
	}
	if j.plan.ToSend == 0 {
		var refused *exit.Fault
		err := j.plan.Results(j.Lang, books.StopNone, func(r *report.Record) error {
			if refused = exit.Refuse(exit.Rows, report.ErrTrialRow, r.Line, r.Status.String(), r.Code, report.Whole(r.Reason), report.Whole(r.Action)); r.Status == report.Bound {
				refused = exit.Refuse(exit.Rows, report.ErrTrialBound, r.Line, report.Whole(r.SubsID), j.commands().Unbind(j.Shown(j.results), "--yes"))
			}
			return nil
		})
		if err != nil {
			return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
		}
		return refused
	}
	for _, ending := range []string{updatedEnding, unboundEnding} {
		path := j.stepPath(ending)
		if err := files.Replaceable(path); err != nil {
			return exit.Refuse(exit.Usage, report.ErrOutWrite, j.Shown(path), exit.Reason(err))
		}
		if _, known := books.RunAt(j.journal.Runs, path); files.Exists(path) && !known && !j.flags.Simulate {
			return exit.Refuse(exit.Usage, report.ErrOutOrphan, j.Shown(path))
		}
	}
	return nil
}

// stepPath is where the results of a step stand, beside those of the trial.
func (p *paths) stepPath(ending string) string {
	return strings.TrimSuffix(p.resultsPath(), ".csv") + ending
}

// tried is the binding that the trial made; none if its row is not BOUND.
func (j *job) tried() (b books.LiveBinding, err error) {
	id := ""
	err = j.plan.Results(j.Lang, books.StopNone, func(r *report.Record) error {
		if r.Status == report.Bound {
			id = r.SubsID
		}
		return nil
	})
	if err != nil || id == "" {
		return b, err
	}
	for b, err := range j.journal.LiveBindings(j.batch, true, j.start) {
		if err != nil || b.SubsID == id {
			return b, err
		}
	}
	return books.LiveBinding{}, nil
}

// act sends what the plan of a step says and finishes its run. What is said of a run
// that went well is the trial's to say.
func (j *job) act(ctx context.Context) error {
	result, snapshot, err := j.send(ctx)
	if !j.Console.Holding() {
		j.Console.Hold()
	}
	err = j.finish(ctx, result, snapshot, err)
	j.Console.Release() // it has dropped what need not be said
	return err
}

// step is a run of an update or unbind about the binding of the trial, with its
// connection and in its journal. It returns the code with which that ended.
func (j *job) step(ctx context.Context, verb string, b books.LiveBinding, plan plan.Options) (code string, err error) {
	code = aliyun.CodeNotSent
	given, settings := *j.flags, *j.settings
	given.Failed, given.Findings, given.Summary, given.Metrics, given.XNumbers = "", "", "", "", ""
	settings.Plan, settings.Run.Numbers, settings.AtMost, settings.TellAll = plan, nil, batch.MaxFailures{}, false
	settings.Plan.Now = time.Now()
	settings.Input = input.Options{Bindings: true, Defaults: map[field.Field]string{}, Map: map[string]field.Field{}}
	r := &request{
		app: j.app, verb: verb, flags: &given, settings: &settings, set: pflag.NewFlagSet(verb, pflag.ContinueOnError),
		start: settings.Plan.Now, log: j.log, asked: j.asked,
	}
	s := newJobOn(r)
	s.place, s.journalPath, s.journal, s.simulated, s.instance = j.place, j.journalPath, j.journal, j.simulated, j.instance
	s.endpoint, s.network, s.client, s.credentials, s.keyID = j.endpoint, j.network, j.client, j.credentials, j.keyID
	s.subject = j.batch
	if last := j.journal.Runs[len(j.journal.Runs)-1].Start; !s.start.Truncate(time.Millisecond).After(last) { // it names the run
		s.start = last.Add(time.Millisecond)
	}
	j.set.VisitAll(func(f *pflag.Flag) {
		if flags.OfBatch(f.Name) {
			s.set.AddFlag(f)
		}
	})
	defer s.close()
	if _, err := s.spoolList(func(yield func(books.LiveBinding, error) bool) { yield(b, nil) }, j.batch); err != nil {
		return code, err
	}
	s.later(s.source.Close)
	if err := s.openInput(); err != nil {
		return code, err
	}
	s.ending = map[string]string{"update": updatedEnding, "unbind": unboundEnding}[verb]
	s.results = j.stepPath(s.ending)
	if err := j.journal.TakeReserve(); err != nil { // the reserve, which the run before gave back
		return code, err
	}
	if err := s.chooseBatch(j.journal.Journal); err != nil {
		return code, err
	}
	if _, err := s.match(j.journal.Journal); err != nil {
		return code, err
	}
	if err := s.launch(ctx); err != nil {
		return code, err
	}
	err = s.act(ctx)
	s.plan.Standing(func(_ int, status report.Status, c string) {
		if code = c; status == report.Bound || status == report.Released {
			code = aliyun.CodeOK
		}
	})
	return code, err
}
