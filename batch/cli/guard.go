package cli

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/batch/cli/store"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/report"
)

// openJournal takes the lock, reads what was sent, and finds out which batch the
// input is.
func (j *job) openJournal(ctx context.Context) error {
	if err := j.openStore(ctx); err != nil {
		return err
	}
	if err := j.chooseBatch(j.journal.Journal); err != nil {
		return err
	}
	if err := j.guardOutputs(); err != nil {
		return err
	}
	if err := j.guardResults(ctx); err != nil {
		return err
	}
	return j.guardBeside(ctx)
}

// guardBeside refuses an input beside which results stand, where bind writes them by
// itself, that name bindings which the journal does not know: it was put back from an
// old copy.
func (j *job) guardBeside(ctx context.Context) error {
	usual := j.source.Base() + resultsEnding
	if !j.binds || j.flags.Simulate || j.source.Path == "-" || files.Same(usual, j.results) {
		return nil
	}
	f, err := files.OpenRegular(usual)
	if err != nil {
		return nil // there are none
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	old, err := output.OpenResults(f, info.Size(), j.settings.Input)
	if err != nil || !old.IsResults() || j.knows(old) || j.rehearsed(old) {
		return nil
	}
	if unknown, err := j.journal.Loses(old, j.input, j.ended(ctx)); err == nil && unknown {
		return exit.Refuse(exit.Usage, report.ErrBeside, j.Shown(usual))
	}
	return nil
}

// openOwnJournal is openJournal for a batch that was begun: nothing else is at its
// path.
func (j *job) openOwnJournal(ctx context.Context) error {
	if err := j.openStore(ctx); err != nil {
		return err
	}
	if _, ok := j.journal.Batch(j.batch); !ok {
		return exit.Refuse(exit.Usage, report.ErrNotItsJournal, j.Shown(j.journalPath), j.Shown(j.results))
	}
	return nil
}

// openStore opens the journal, keeps it for this run, and compacts it if it is time.
func (j *job) openStore(ctx context.Context) error {
	opened, err := j.takeJournal(ctx)
	if err != nil {
		return err
	}
	j.journal = opened
	j.settings.Plan.Behind = len(opened.Missing()) > 0 || opened.PutBack != nil
	j.later(func() {
		if j.journal != nil {
			j.journal.Close()
		}
	})
	if files.Network(filepath.Dir(j.journalPath)) {
		j.Say(report.SayNetworkFS, j.Shown(j.journalPath))
	}
	j.sweepTemporary()
	if j.journal.NeedsServiceTime(j.start) {
		j.learnTime(ctx)
	}
	return j.compactIfDue(ctx)
}

// takeJournal takes the lock of the journal, and reads it.
func (p *paths) takeJournal(ctx context.Context) (f *store.Journal, err error) {
	o := store.Opening{
		Simulated: p.simulated, Instance: p.instance, Begin: p.simulated, Fresh: p.flags.Simulate,
		Results: p.brings(), Waits: true, Rows: p.input.Lines(), Now: p.start,
	}
	if wait := p.patience(); wait > 0 && files.Exists(p.journalPath) { // nobody holds one that is not begun
		if o.Held, err = p.waitJournal(ctx, wait); err != nil {
			return nil, err
		}
	}
	if !o.Begin && o.Held == nil && !files.Exists(p.journalPath) && p.asks() && p.binds {
		if err := p.askInit(ctx); err != nil {
			return nil, err
		}
	}
	if s, ok := store.LockState(p.journalPath); ok && s.Moved != "" { // whatever was put back there since
		if o.Held != nil {
			_ = o.Held.Close()
		}
		return nil, p.place.None()
	}
	if f, err = store.Open(p.place, o); err != nil {
		return nil, err
	}
	switch wrong, brings := f.Refusal(p.place, o.Simulated); {
	case wrong == nil:
	case brings && o.Results:
		f.PutBack = wrong
	default:
		f.Close()
		return nil, wrong
	}
	return f, nil
}

// bring notes that the input's verdicts, which are durable now, were what the
// journal lacked of its batch. Nothing is sent while it lacks those of others.
func (j *job) bring() error {
	if len(j.journal.Missing()) > 0 {
		if _, err := j.journal.Brought(output.Digest(j.input)); err != nil {
			return exit.Refuse(exit.Error, report.ErrJournal, j.journalPath, exit.Reason(err))
		}
		if left := j.journal.Missing(); len(left) > 0 {
			return store.Behind(j.place, &journal.BehindError{Batches: left})
		}
	}
	if j.journal.PutBack != nil {
		return exit.Refuse(exit.Usage, report.ErrBrought, j.journalPath, j.place.Accept())
	}
	return nil
}

// sweepTemporary removes what killed runs left half written beside the files of
// the batch.
func (p *paths) sweepTemporary() {
	files.Sweep(p.results)
	files.Sweep(p.journalPath)
	for _, o := range p.outputs() {
		files.Sweep(o.Path)
	}
}

// guardOutputs refuses to write over the results of a batch, though they do not
// stand there now.
func (j *job) guardOutputs() error {
	for _, o := range append(j.outputs(), output.File{Flag: "--log", Path: j.flags.Log}) {
		if o.Path == "" {
			continue
		}
		path, err := files.Absolute(o.Path)
		if err != nil {
			continue // it was tried before
		}
		if _, known := books.RunAt(j.journal.Runs, path); known {
			return exit.Refuse(exit.Usage, report.ErrOutput, j.Shown(o.Path), report.Say(report.WhyIsResults), o.Flag)
		}
	}
	return nil
}

// guardResults refuses to replace what is no results file, and results that know
// bindings which the journal does not. A name settles nothing: what stands at a
// path that the journal knows may have come from elsewhere since.
func (j *job) guardResults(ctx context.Context) error {
	old, closeOld, err := j.oldResults()
	if err != nil || old == nil {
		return err
	}
	defer closeOld()
	if j.knows(old) {
		return nil
	}
	if j.settings.Input.Bindings { // of bindings that others made, the journal may know no more than the run
		if _, known := books.RunAt(j.journal.Runs, j.resultsPath()); known {
			return nil
		}
	}
	if j.rehearsed(old) {
		return nil
	}
	if unknown, err := j.journal.Loses(old, j.input, j.ended(ctx)); err != nil || unknown {
		return exit.Refuse(exit.Usage, report.ErrOutOrphan, j.Shown(j.results))
	}
	return nil
}

// knows reports whether the journal knows all that results tell: it wrote them. Rows
// that it held back only since a file told of a call for them it does not know: if the
// input does not bring them, they would be sent.
func (j *job) knows(old *input.Input) bool {
	wrote, held := j.journal.Wrote(old)
	if !wrote || !held || !j.binds || j.input.IsResults() {
		return wrote
	}
	unproven, err := j.journal.Unproven(old)
	return err == nil && !unproven
}

// rehearsed reports whether results are of a simulator that is gone: this run has
// another, which has done nothing yet.
func (j *job) rehearsed(old *input.Input) bool {
	if !j.flags.Simulate && !(j.simulated && len(j.journal.Before) == 0) {
		return false
	}
	simulated, err := old.Simulated()
	return err == nil && simulated
}

// oldResults opens the results that stand at their path; nil if there are none, or
// none with rows. What is no results file is a fault.
func (p *paths) oldResults() (in *input.Input, closeIt func(), err error) {
	f, err := files.OpenRegular(p.results)
	if err != nil {
		return nil, nil, nil // there are none
	}
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		f.Close()
		return nil, nil, nil
	}
	in, err = output.OpenResults(f, info.Size(), p.settings.Input)
	if refused, ok := errors.AsType[*input.Error](err); ok && refused.Kind == "header-only" {
		f.Close()
		return nil, nil, nil
	}
	if err != nil || !in.IsResults() {
		f.Close()
		return nil, nil, exit.Refuse(exit.Usage, report.ErrOutput, p.Shown(p.results), report.Say(report.WhyNoResults), "--out")
	}
	return in, func() { f.Close() }, nil
}

// brings reports whether the input has verdicts of an earlier run, and they count.
func (p *paths) brings() bool { return p.binds && p.input.IsResults() }

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

// waitJournal takes the lock of the journal, and waits for it so long.
func (p *paths) waitJournal(ctx context.Context, wait time.Duration) (*journal.File, error) {
	f, err := store.Wait(ctx, p.place, wait, p.resultsPath(), func(holder report.Said) {
		p.Say(report.SayWaiting, p.Shown(p.place.Path), holder, wait.Round(time.Second))
	})
	if err != nil {
		return nil, exit.OrStopped(ctx, err)
	}
	return f, nil
}
