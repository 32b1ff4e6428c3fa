package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/plan"
	"axgbind/report"
)

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

// prepare does all that can refuse the run, in the order of what it costs.
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
	if j.log, err = command.OpenLog(j.Invocation, j.verb, j.flags.Log, j.flags.Verbose); err != nil {
		return err
	}
	j.later(j.log.Close)
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

// begin records the run and what the input carried.
func (j *job) begin() error {
	digest := j.input.SHA256()
	build := command.ThisBuild()
	input, path := j.source.Path, j.resultsPath()
	if abs, err := filepath.Abs(input); err == nil && input != "-" && !j.made {
		input = abs
	}
	err := j.journal.Begin(books.RunStart{
		Run:   strconv.FormatInt(j.start.UnixMilli(), 36) + "-" + strconv.Itoa(os.Getpid()),
		Batch: j.batch, Journal: report.Shown(j.journalPath), Version: build.Version, Commit: build.Commit, Endpoint: j.endpoint,
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
