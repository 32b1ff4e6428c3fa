package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/batch/input"
	"axgbind/report"
)

// newJobOf opens a batch that was begun: its results file is the input, read as
// its last run read its own. Flags of this command count more.
func (a *app) newJobOf(c *cobra.Command, v *flags.Values, args []string) (*job, error) {
	if len(args) > 1 || len(args) == 0 && c.Name() != "reconcile" {
		return nil, exit.Refuse(exit.Usage, report.ErrArgs, c.Name(), len(args))
	}
	j, err := a.flagged(c, v)
	if err != nil {
		return nil, err
	}
	if err := j.findPlace(); err != nil {
		return nil, err
	}
	runs, err := j.readRuns()
	if err != nil {
		return nil, err
	}
	path := ""
	if len(args) > 0 {
		path = args[0]
	} else if path, err = j.unsettled(); err != nil || path == "" {
		j.nothing = err == nil
		return j, err
	}
	if run, ok := namedBatch(runs, path); ok {
		if !j.stands(runs, &run) {
			if err := j.openInputOf(runs, &run); err != nil {
				j.close()
				return nil, err
			}
			return j, nil
		}
		path = run.Results
	}
	if j.results, err = files.Resolve(path); err != nil || !files.Exists(j.results) {
		return nil, exit.Refuse(exit.Usage, report.ErrNoBatch, path, j.Shown(j.journalPath))
	}
	run, known := books.RunAt(runs, j.resultsPath())
	if known {
		if err := j.readAs(&run); err != nil {
			return nil, err
		}
	}
	if j.source, err = a.openSource(j.results); err != nil {
		return nil, err
	}
	j.later(j.source.Close)
	err = j.openInput()
	if err == nil && !j.input.Carries() {
		err = exit.Refuse(exit.Usage, report.ErrNotResults, path)
	}
	if err == nil && !known {
		run, err = j.recognise(runs)
	}
	if err == nil && (run.Command == "unbind" || run.Command == "update" && j.verb == "reconcile") {
		err = exit.Refuse(exit.Usage, report.ErrNotBind, j.Shown(j.results), run.Command)
	}
	if err != nil {
		j.close()
		return nil, err
	}
	j.batch = run.Batch
	return j, nil
}

// unsettled is the id of the one batch of the journal that has UNKNOWN rows; blank if
// none has.
func (j *job) unsettled() (id string, err error) {
	known, err := j.lookIntoJournal()
	if err != nil {
		return "", err
	}
	var commands []string
	stands := known.Stands()
	for _, b := range known.Batches() {
		if b.First.Command == "bind" && stands[b.ID][report.Unknown] > 0 {
			id, commands = b.ID, append(commands, "axgbind reconcile "+b.ID)
		}
	}
	if len(commands) > 1 {
		return "", exit.Refuse(exit.Usage, report.ErrManyUnknown, len(commands), report.Whole(strings.Join(commands, "; ")))
	}
	return id, nil
}

// recognise finds the batch of results that were moved or renamed, and reads them
// as its last run did.
func (j *job) recognise(runs []books.RunStart) (run books.RunStart, err error) {
	journal, err := j.lookIntoJournal()
	if err != nil {
		return run, err
	}
	id, err := journal.Recognise(j.input)
	if err != nil {
		return run, exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
	}
	if id == "" {
		return run, exit.Refuse(exit.Usage, report.ErrNotItsJournal, j.Shown(j.journalPath), j.Shown(j.results))
	}
	run = store.LastRun(runs, id)
	j.Say(report.SayRecognised, j.Shown(j.results), id, report.Shown(run.Results))
	if err := j.readAs(&run); err != nil {
		return run, err
	}
	return run, j.openInput()
}

// readRuns reads the runs of the journal; there has to be one.
func (j *job) readRuns() ([]books.RunStart, error) {
	f, err := files.OpenRegular(j.journalPath)
	if errors.Is(err, fs.ErrNotExist) && j.instance != "" { // a simulator's is begun by bind
		return nil, exit.Refuse(exit.Usage, report.ErrNoBatch, cmp.Or(j.set.Arg(0), j.verb), j.Shown(j.journalPath))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, j.place.None()
	}
	if err != nil {
		return nil, exit.Refuse(exit.Usage, report.ErrJournal, j.journalPath, exit.Reason(err))
	}
	defer f.Close()
	_, runs, err := books.ReadRuns(f)
	if err != nil {
		return nil, store.Unread(j.journalPath, err)
	}
	return runs, nil
}

// findPlace finds out which journal this command uses: that of the real service, or
// that of the simulator which answers at the endpoint.
func (j *job) findPlace() (err error) {
	if j.place, err = j.Places().Find(j.flags.Journal); err != nil {
		return err
	}
	if j.instance, err = j.InstanceOf(context.Background(), j.settings.Endpoint); err != nil {
		return err
	}
	if j.instance != "" {
		if err := j.place.ForSimulator(); err != nil {
			return err
		}
		j.simulated = true
		if j.place, err = j.place.Simulator(j.instance, j.start); err != nil {
			return err
		}
	}
	j.journalPath = j.place.Path
	return nil
}

// readAs takes over defaults and column names of a run, where no flag says
// otherwise.
func (j *job) readAs(run *books.RunStart) error {
	in := &j.settings.Input
	if err := readAlike(run, in); err != nil {
		return err
	}
	for name, value := range run.Fields {
		field, err := input.ParseField(name)
		if err != nil {
			return exit.Refuse(exit.Usage, report.ErrNewer, j.journalPath, err.Error())
		}
		if _, given := in.Defaults[field]; given {
			continue
		}
		if in.Defaults[field] = value; field == input.Expiration {
			j.settings.SetExpiration(value)
		}
	}
	for column, name := range run.Columns {
		field, err := input.ParseField(name)
		if err != nil {
			return exit.Refuse(exit.Usage, report.ErrNewer, j.journalPath, err.Error())
		}
		if _, given := in.Map[column]; !given && !report.Masked(column) {
			in.Map[column] = field
		}
	}
	j.settings.PoolOption = in.Defaults[input.PoolKey]
	return nil
}
