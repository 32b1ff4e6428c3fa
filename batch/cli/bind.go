package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

func (a *app) bindCommand() *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:         "bind INPUT.csv",
		Short:       report.HelpBind.In(a.Lang),
		Long:        report.HelpBindLong.In(a.Lang),
		Example:     report.HelpBindExample.In(a.Lang),
		Annotations: ending.TellsRefusal,
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

// bind runs the main job. Everything that can refuse it comes before the
// journal is touched, and everything before the first call.
func (a *app) bind(c *cobra.Command, v *flags.Values, args []string) error {
	return a.underSignals(func() (*job, error) { return a.newJob(c, v, args) }, (*job).do)
}

// do is the job itself.
func (j *job) do(ctx context.Context) error {
	defer tuneCollecting()()
	if err := exit.OrStopped(ctx, j.prepare(ctx)); err != nil {
		return err
	}
	if j.release() != nil && j.plan.Rows == 0 { // there is nothing to write, either
		j.Say(report.ExitLine, exit.OK, report.Exit0UnbindNone.In(j.Lang))
		return nil
	}
	if j.flags.Simulate {
		if err := j.embedSimulator(ctx); err != nil {
			return err
		}
	}
	if j.plan.ToSend+j.plan.ToLook > 0 && j.asks() {
		if err := j.confirm(ctx); err != nil {
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

// launch records the run. From here on calls may leave: the input is read whatever
// signal comes, and what stands in the journal stays.
func (j *job) launch(ctx context.Context) error {
	if stopped := exit.Unsent(ctx); stopped != nil {
		return stopped
	}
	if !j.flags.Simulate { // it may have come up or gone since: the port is another's
		instance, err := j.InstanceOf(ctx, j.settings.Endpoint)
		if err != nil {
			return err
		}
		if instance != j.instance {
			return exit.Refuse(exit.Usage, report.ErrInstanceChanged, j.settings.Endpoint)
		}
	}
	if err := j.keepOld(); err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, j.Shown(j.keptPath()), exit.Reason(err))
	}
	j.source.Until(context.WithoutCancel(ctx))
	var err error
	if j.spare, err = files.KeepHandles(); err != nil {
		return exit.Refuse(exit.Error, report.ErrHandles, exit.Reason(err))
	}
	j.later(j.spare.Close)
	switch err := j.begin(); {
	case errors.Is(err, plan.ErrInputChanged):
		return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
	case err != nil:
		return exit.Refuse(exit.Error, report.ErrJournal, j.journalPath, exit.Reason(err))
	}
	j.journal.Begun = true
	if err := j.bring(); err != nil {
		f, _ := exit.FaultOf(err)
		return errors.Join(f, j.endUnsent(f.Status))
	}
	return nil
}

// endUnsent records the end of a run that sends nothing: it did not die.
func (j *job) endUnsent(status int) error {
	counts := map[string]int{}
	for s, n := range j.plan.Counts() {
		counts[s.String()] = n
	}
	return j.journal.End(books.RunEnd{Run: j.journal.Runs[len(j.journal.Runs)-1].Run, Status: status, Counts: counts, End: time.Now()})
}

// prepare does all that can refuse the job, in the order of what it costs.
func (j *job) prepare(ctx context.Context) error {
	if !j.input.HasPool() {
		return exit.Refuse(exit.Usage, report.ErrNoPool)
	}
	if err := j.choosePaths(); err != nil {
		return err
	}
	if err := j.readNumbers(); err != nil {
		return err
	}
	if err := j.ready(ctx, j.openJournal); err != nil {
		return err
	}
	return j.makePlan()
}

// ready opens what every run needs besides its input and the paths, in the order of what
// it costs; the journal, which openJournal opens, comes last.
func (j *job) ready(ctx context.Context, openJournal func(context.Context) error) error {
	var err error
	if j.log, err = j.openLog(); err != nil {
		return err
	}
	j.later(j.log.close)
	if err := j.connect(ctx); err != nil {
		return err
	}
	if err := j.replaceable(); err != nil {
		return err
	}
	if err := j.writable(); err != nil {
		return err
	}
	return openJournal(ctx)
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
	if j.release() != nil {
		j.startRelease()
	} else if j.plan.Settled > 0 || j.plan.Gone > 0 {
		j.Say(report.StartResume, j.plan.Settled, j.plan.ToSend, j.plan.Counts()[report.Held], j.plan.Gone)
	} else {
		j.Say(report.StartNew, j.plan.Rows, j.plan.ToSend, j.settings.Run.Rate)
	}
	if j.plan.Taken > 0 {
		j.Say(report.StartTaken, j.plan.Taken)
	}
	if j.plan.Withheld > 0 {
		j.Say(report.StartWithheld, j.plan.Withheld)
	}
	unproven := j.plan.Unproven()
	if unproven > 0 {
		j.Say(report.StartUnproven, unproven)
	}
	if held := j.plan.Counts()[report.Held] - unproven; held > 0 && j.verb == "bind" { // of what the others hold back, they tell the owner
		phrase := report.StartHeld
		if until, all := j.plan.HeldByEnded(); all && until.After(j.start) {
			phrase = report.StartHeldOver
		}
		j.Say(phrase, held)
	}
	if ended := j.plan.Ended(); ended > 0 && j.settings.Plan.Operation == nil {
		j.Say(report.StartEnded, ended)
	}
	if err := j.guardAmount(); err != nil {
		return err
	}
	if invalid := j.plan.Counts()[report.Invalid]; invalid > 0 && j.flags.Strict {
		return exit.Refuse(exit.Input, report.ErrInvalid, invalid, j.plan.Rows)
	}
	if j.plan.Renew > 0 {
		j.Say(report.StartRenew, j.plan.Renew)
	}
	if j.plan.ToLook > 0 {
		j.Say(report.StartLook, j.plan.ToLook)
	}
	if j.plan.ToSend+j.plan.ToLook == 0 {
		j.Say(report.StartNothing)
	}
	return nil
}

// sayJournal says which journal it is, so that a wrong one is seen.
func (j *job) sayJournal() {
	runs := j.journal.Runs
	if len(runs) == 0 || j.flags.Simulate {
		return
	}
	last := runs[len(runs)-1]
	j.Say(report.StartJournal, j.Shown(j.journalPath), last.Start.In(report.Beijing).Format(time.DateTime), j.journal.Live())
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

// begin records the run and what the input carried.
func (j *job) begin() error {
	digest := j.input.SHA256()
	version, commit := command.Version()
	input, path := j.source.Path, j.resultsPath()
	if abs, err := filepath.Abs(input); err == nil && input != "-" && !j.made {
		input = abs
	}
	err := j.journal.Begin(books.RunStart{
		Run:   strconv.FormatInt(j.start.UnixMilli(), 36) + "-" + strconv.Itoa(os.Getpid()),
		Batch: j.batch, Journal: report.Shown(j.journalPath), Version: version, Commit: commit, Endpoint: j.endpoint,
		Input: report.Shown(input), Digest: hex.EncodeToString(digest[:]), Rows: j.plan.Rows,
		Pool: j.settings.PoolOption, Results: report.Shown(path), Path: books.PathID(path), Key: j.keyID, User: command.User(),
		Command: j.verb, Of: j.of, Flags: flags.ShownArgs(j.Args), Start: j.start, Timeout: j.flags.Timeout.Seconds(),
		Fields: flags.ShownFields(j.fields()), Columns: flags.ShownColumns(j.columns()),
	})
	if err != nil {
		return err
	}
	return j.plan.Carry()
}

// fields are the defaults with which the input was read, by the API's names.
func (j *job) fields() map[string]string {
	m := map[string]string{}
	for f, value := range j.settings.Input.Defaults {
		m[f.String()] = value
	}
	if text := j.settings.Input.Relative; text != "" {
		m[input.Expiration.String()] = text
	}
	return m
}

// columns are the columns that --map named.
func (j *job) columns() map[string]string {
	m := map[string]string{}
	for column, f := range j.settings.Input.Map {
		m[column] = f.String()
	}
	return m
}

// send runs the plan under the signals, times and progress of this invocation.
func (j *job) send(ctx context.Context) (batch.Result, batch.Snapshot, error) {
	if !j.settings.StopAt.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadlineCause(ctx, j.settings.StopAt, books.StopUntil)
		defer cancel()
	}
	options := j.settings.Run
	options.Log = j.log.Logger
	options.Explain = j.explain
	options.Rescue = j.rescue
	options.Learned = j.learned(options)
	options.LookOnly = j.settings.Plan.LookOnly
	options.Renew = batch.Renew{Update: batch.Update{Client: j.client}}
	options.Service = j.client.ServiceTime
	options.Probe = func(ctx context.Context, pool, x string) error {
		_, err := j.client.Probe(ctx, pool, x)
		return err
	}
	run, err := batch.NewRun(j.plan, j.operation(), options)
	if err != nil {
		return batch.Result{}, batch.Snapshot{}, err
	}
	stopProgress := j.startProgress(run)
	stopTelling := j.tellOthers(run)
	result, err := run.Do(ctx)
	stopTelling()
	stopProgress()
	return result, run.Status(), err
}

// tellOthers keeps the lock file up with how many rows are left and how fast they
// go, for runs that find the journal taken.
func (j *job) tellOthers(run *batch.Run) (stop func()) {
	j.journal.Left(j.plan.ToSend+j.plan.ToLook, j.settings.Run.Rate)
	ended := make(chan struct{})
	var telling sync.WaitGroup
	telling.Go(func() {
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for {
			select {
			case <-ended:
				return
			case <-every.C:
				s := run.Status()
				j.journal.Left(int(s.Left), min(s.Average, s.Limit))
			}
		}
	})
	return func() {
		close(ended)
		telling.Wait()
	}
}

// explain says what the run tells of while it goes.
func (j *job) explain(m batch.Message) {
	switch m.Event {
	case batch.EventBrake:
		j.Say(report.SayBrake)
	case batch.EventProbeFailed:
		if m.Of == 0 {
			j.Say(report.SayProbeFirst, m.N)
			break
		}
		j.Say(report.SayProbe, m.N, m.Of)
	case batch.EventBrakeFree:
		j.Say(report.SayBrakeFree)
	case batch.EventFirstLost:
		j.Say(report.SayFirstLost, m.Code)
	case batch.EventStale:
		j.Say(report.SayStale, m.Code)
	case batch.EventRate:
		j.Say(report.SayRateCut, m.Rate, 100*m.Share)
	case batch.EventRateBack:
		j.Say(report.SayRateBack, m.Rate, 100*m.Share)
	case batch.EventLookBarred:
		j.Say(report.SayLookBarred, m.Code)
	case batch.EventLookUnproven:
		j.Say(report.SayLookUnproven, m.Place)
	case batch.EventLookDistrusted:
		j.Say(report.SayLookDistrusted, m.Place)
	case batch.EventLookLags:
		j.Say(report.SayLookLags, m.Place, m.Wait.Round(time.Second).String())
	case batch.EventLookMasked:
		j.Say(report.SayLookMasked, m.Place)
	case batch.EventPlaceStopped:
		j.Say(report.SayPlace, strings.TrimSpace(m.Place))
	}
}

// rescueLost prints what the journal had of this run's rows and has no more, if it is so,
// and what can be done: why is how that came out.
func (j *job) rescueLost(why error) {
	first := true
	n := j.plan.Unrecorded(func(line string) {
		if first {
			j.Console.Aloud(report.ErrRescueLost.In(j.Lang))
			first = false
		}
		j.Console.Aloud(line)
	})
	if j.lost = n > 0; j.lost {
		j.SayFault(report.ErrRunLost, exit.WholeReason(why))
	}
}

// rescue prints what the journal could not take.
func (j *job) rescue(line string) {
	j.rescued.Do(func() { j.Console.Aloud(report.ErrRescue.In(j.Lang)) })
	j.Console.Aloud(line)
}
