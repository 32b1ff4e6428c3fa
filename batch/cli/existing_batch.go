package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"
)

// newJobOf opens a batch that was begun: its results file is the input, read as
// its last run read its own. Flags of this command count more.
func (a *app) newJobOf(c *cobra.Command, v *flags.Values, args []string, d duty) (*job, error) {
	if len(args) > 1 || len(args) == 0 && !d.seeks {
		return nil, exit.Refuse(exit.Usage, report.ErrArgsBatch, c.Name(), len(args))
	}
	j, err := a.flagged(c, v)
	if err != nil {
		return nil, err
	}
	j.duty = d
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
	} else if path, err = j.unsettled(); err != nil {
		return nil, err
	} else if path == "" {
		j.nothing = report.SayNoUnknown
		return j, nil
	}
	if err := j.openBatch(runs, path); err != nil {
		j.close()
		return nil, err
	}
	return j, nil
}

// openBatch opens what stands for the rows of a batch: its results or, where those are
// gone, its input.
func (t *target) openBatch(runs []books.RunStart, path string) error {
	if run, ok := namedBatch(runs, path); ok {
		if !stands(runs, &run) {
			return t.openInputOf(runs, &run)
		}
		path = run.Results
	}
	run, err := t.openResultsOf(runs, path)
	if err != nil {
		return err
	}
	if !t.takes(&run) {
		return exit.Refuse(exit.Usage, report.ErrNotBind, t.Shown(t.results), run.Command)
	}
	t.batch = run.Batch
	return nil
}

// openResultsOf opens the results of a batch at a path, and finds its last run.
func (p *paths) openResultsOf(runs []books.RunStart, path string) (run books.RunStart, err error) {
	if p.results, err = files.Resolve(path); err != nil || !files.Exists(p.results) {
		return run, exit.Refuse(exit.Usage, report.ErrNoBatch, path, p.Shown(p.journalPath))
	}
	run, known := books.RunAt(runs, p.resultsPath())
	if known {
		if err := p.readAs(&run); err != nil {
			return run, err
		}
	}
	if p.source, err = p.openSource(p.results); err != nil {
		return run, err
	}
	p.later(p.source.Close)
	if err := p.openInput(); err != nil {
		return run, err
	}
	if !p.input.IsResults() {
		return run, exit.Refuse(exit.Usage, report.ErrNotResults, path)
	}
	if !known {
		return p.recognise(runs)
	}
	return run, nil
}

// unsettled is the id of the one batch of the journal that has UNKNOWN rows; blank if
// none has.
func (p *paths) unsettled() (id string, err error) {
	known, err := p.lookIntoJournal()
	if err != nil {
		return "", err
	}
	var commands []string
	stands := known.Stands()
	for _, b := range known.Batches() {
		if bound(&b.First) && stands[b.ID][report.Unknown] > 0 {
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
func (p *paths) recognise(runs []books.RunStart) (run books.RunStart, err error) {
	journal, err := p.lookIntoJournal()
	if err != nil {
		return run, err
	}
	id, err := journal.BatchOfResults(p.input)
	if err != nil {
		return run, exit.Refuse(exit.Input, report.ErrInputRead, p.source.Path, exit.Reason(err))
	}
	if id == "" {
		return run, exit.Refuse(exit.Usage, report.ErrNotItsJournal, p.Shown(p.journalPath), p.Shown(p.results))
	}
	run = store.LastRun(runs, id)
	p.Say(report.SayRecognised, p.Shown(p.results), id, report.Shown(run.Results))
	if err := p.readAs(&run); err != nil {
		return run, err
	}
	return run, p.openInput()
}

// readRuns reads the runs of the journal; there has to be one.
func (p *paths) readRuns() ([]books.RunStart, error) {
	f, err := files.OpenRegular(p.journalPath)
	if errors.Is(err, fs.ErrNotExist) && p.instance != "" { // a simulator's is begun by bind
		return nil, exit.Refuse(exit.Usage, report.ErrNoBatch, cmp.Or(p.set.Arg(0), p.verb), p.Shown(p.journalPath))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, p.place.None()
	}
	if err != nil {
		return nil, exit.Refuse(exit.Usage, report.ErrJournal, p.journalPath, exit.Reason(err))
	}
	defer f.Close()
	_, runs, err := books.ReadRuns(f)
	if err != nil {
		return nil, store.Unread(p.journalPath, err)
	}
	return runs, nil
}

// findPlace finds out which journal this command uses: that of the real service, or
// that of the simulator which answers at the endpoint.
func (p *paths) findPlace() (err error) {
	if p.place, err = p.Places().Find(p.flags.Journal); err != nil {
		return err
	}
	if p.instance, err = p.InstanceOf(context.Background(), p.settings.Endpoint); err != nil {
		return err
	}
	if p.instance != "" {
		if err := p.place.ForSimulator(); err != nil {
			return err
		}
		p.simulated = true
		if p.place, err = p.place.Simulator(p.instance, p.start); err != nil {
			return err
		}
	}
	p.journalPath = p.place.Path
	return nil
}

// readAs takes over defaults and column names of a run, where no flag says
// otherwise.
func (p *paths) readAs(run *books.RunStart) error {
	in := &p.settings.Input
	if err := readAlike(run, in); err != nil {
		return err
	}
	for name, value := range run.Fields {
		f, err := field.Parse(name)
		if err != nil {
			return exit.Refuse(exit.Usage, report.ErrNewer, p.journalPath, err.Error())
		}
		if _, given := in.Defaults[f]; given {
			continue
		}
		if in.Defaults[f] = value; f == field.Expiration {
			p.settings.SetExpiration(value)
		}
	}
	for column, name := range run.Columns {
		f, err := field.Parse(name)
		if err != nil {
			return exit.Refuse(exit.Usage, report.ErrNewer, p.journalPath, err.Error())
		}
		if _, given := in.Map[column]; !given && !report.Masked(column) {
			in.Map[column] = f
		}
	}
	p.settings.PoolOption = in.Defaults[field.PoolKey]
	return nil
}

// readAlike refuses a run whose rows cannot be read as they were, for a default or the
// name of a column held a phone number, unless this command gives it again.
func readAlike(run *books.RunStart, in *input.Options) error {
	for name, value := range run.Fields {
		f, err := field.Parse(name)
		phone := f == field.PhoneNoA || f == field.PhoneNoB || f == field.PhoneNoX
		if _, given := in.Defaults[f]; err == nil && !given && (phone || report.Masked(value)) {
			return exit.Refuse(exit.Usage, report.ErrReadMasked, value, report.Whole("--default "+name+"=VALUE"))
		}
	}
	for column, name := range run.Columns {
		f, err := field.Parse(name)
		if err == nil && report.Masked(column) && !slices.Contains(slices.Collect(maps.Values(in.Map)), f) {
			return exit.Refuse(exit.Usage, report.ErrReadMasked, column, report.Whole("--map COLUMN="+name))
		}
	}
	return nil
}
