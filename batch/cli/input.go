package cli

import (
	"errors"
	"path/filepath"
	"strings"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/batch/input"
	"axgbind/report"
)

// namedBatch is the batch that an argument names which is no file: by its id or, where
// its results are gone or were never written, by their path. The run is its last.
func namedBatch(runs []books.RunStart, arg string) (run books.RunStart, ok bool) {
	if arg == "-" || files.Exists(arg) {
		return run, false
	}
	if run = store.LastRun(runs, arg); run.Batch != "" {
		return run, true
	}
	if at, err := files.Absolute(arg); err == nil {
		if run, ok = books.RunAt(runs, at); ok {
			return store.LastRun(runs, run.Batch), true
		}
	}
	return run, false
}

// openInputOf opens a batch whose results do not stand where its last run
// wrote them, or was to: its input stands for them, if that is as it was. The journal
// knows what became of each row.
func (t *target) openInputOf(runs []books.RunStart, run *books.RunStart) error {
	if !bound(run) {
		return exit.Refuse(exit.Usage, report.ErrNotItsFile, run.Batch, t.Shown(run.Results))
	}
	bind := books.LastBind(runs, run.Batch)
	path, err := t.inputOf(runs, run, &bind)
	if err != nil {
		return err
	}
	if t.results, err = files.Resolve(freeResults(runs, run, path)); err != nil {
		return exit.Refuse(exit.Usage, report.ErrNotItsFile, run.Batch, t.Shown(run.Results))
	}
	if err := t.readAs(&bind); err != nil {
		return err
	}
	if t.source, err = t.openSource(path); err != nil {
		return err
	}
	t.later(t.source.Close)
	if err := t.openInput(); err != nil {
		return err
	}
	t.batch = run.Batch
	t.Say(report.SayFromInput, run.Batch, t.Shown(run.Results), t.Shown(path))
	return nil
}

// noCells says that an update of a batch has no file whose cells it could take, and how
// that comes back.
func (p *paths) noCells(runs []books.RunStart, run *books.RunStart) error {
	if !bound(run) {
		return exit.Refuse(exit.Usage, report.ErrNotItsFile, run.Batch, p.Shown(run.Results))
	}
	bind := books.LastBind(runs, run.Batch)
	if _, err := p.inputOf(runs, run, &bind); err != nil {
		return err
	}
	return exit.Refuse(exit.Usage, report.ErrNoCells, run.Batch, p.Shown(run.Results), p.commands().ReconcileBatch(run.Batch))
}

// inputOf is where the input of a batch stands as it was bound. If it does not, the
// fault says what is known of it and how the results come back.
func (p *paths) inputOf(runs []books.RunStart, run, bind *books.RunStart) (string, error) {
	why := report.Say(report.WhyInputGone, p.Shown(bind.Input))
	for _, path := range store.Unmasked(bind.Input) {
		if path == "-" || !files.Exists(path) {
			continue
		}
		if digest, err := files.Digest(path); err == nil && digest == bind.Digest {
			return path, nil
		}
		why = report.Say(report.WhyInputChanged, p.Shown(path))
	}
	if bind.Input == "-" {
		why = report.Say(report.WhyInputPiped)
	}
	cures := []string{}
	if bind.Input != "-" {
		cures = append(cures, report.CureInputBack.In(p.Lang, bind.Digest[:min(len(bind.Digest), 16)], p.commands().ReconcileBatch(run.Batch)))
	}
	if at := run.Results; freePath(runs, run, at) {
		t := flags.Line{}
		var ok bool
		t.Words, ok = bind.BindWords(bind.Input, at)
		t.Hidden = !ok
		t.OfBatch(p.set)
		cures = append(cures, report.CureInputAgain.In(p.Lang, t.Or(report.Say(report.WordsBindAgain))))
	} else if len(cures) == 0 {
		cures = append(cures, report.CureInputNone.In(p.Lang))
	}
	text := report.ErrNoResults.In(p.Lang, run.Batch, p.Shown(run.Results), why)
	return "", &exit.Fault{Status: exit.Usage, Text: strings.Join(append([]string{text}, cures...), "\n")}
}

// freeResults is where a batch's results go that do not stand where they were: there
// or, if another batch's do, beside that.
func freeResults(runs []books.RunStart, run *books.RunStart, input string) string {
	at := run.Results
	if report.Masked(at) { // nobody knows the path
		at = strings.TrimSuffix(input, filepath.Ext(input)) + resultsEnding
	}
	if freePath(runs, run, at) {
		return at
	}
	ext := filepath.Ext(at)
	return strings.TrimSuffix(at, ext) + "." + run.Batch + ext
}

// freePath reports whether nothing stands at a path, and no other batch wrote there.
func freePath(runs []books.RunStart, run *books.RunStart, path string) bool {
	at, err := files.Absolute(path)
	if err != nil || files.Exists(at) {
		return false
	}
	last, known := books.RunAt(runs, at)
	return !known || last.Batch == run.Batch
}

// openInput reads the input's header.
func (p *paths) openInput() error {
	var err error
	p.input, err = input.Open(p.source, p.source.Size, p.settings.Input)
	if refused, ok := errors.AsType[*input.Error](err); ok {
		if refused.Kind == "header-only" && p.flags.AllowEmpty && p.flags.Trial == 0 {
			p.vacant = true
			return nil
		}
	}
	if err != nil {
		return p.unreadable(err)
	}
	return nil
}

// unreadable is the fault of an input that is refused as a whole, or cannot be read.
func (p *paths) unreadable(err error) error {
	refused, ok := errors.AsType[*input.Error](err)
	if !ok {
		return exit.Refuse(exit.Input, report.ErrInputRead, p.source.Path, exit.Reason(err))
	}
	cure := refused.Cure(p.Lang)
	if refused.Kind == "header-only" && p.set.Lookup("allow-empty") != nil {
		cure += report.Between.In(p.Lang) + report.CureAllowEmpty.In(p.Lang)
	}
	return &exit.Fault{Status: exit.Input, Text: report.Shown(p.source.Path) + ": " + refused.Reason(p.Lang) + "\n" + cure}
}

// openSource opens the input.
func (a *app) openSource(path string) (*files.Source, error) {
	s, err := files.OpenSource(path, a.Stdin)
	return s, sourceFault(path, err)
}

// sourceFault is why there is no input at path; nil: there is one.
func sourceFault(path string, err error) error {
	wrong, ok := errors.AsType[*files.SourceError](err)
	switch {
	case !ok:
		return err
	case wrong.NoCopy:
		return exit.Refuse(exit.Error, wrong.Why, path, exit.Reason(wrong.Err))
	case wrong.Err == nil:
		return exit.Refuse(exit.Input, wrong.Why, path)
	}
	return exit.Refuse(exit.Input, wrong.Why, path, exit.Reason(wrong.Err))
}
