package cli

import (
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"axgbind/batch"
	"axgbind/batch/journal"
	"axgbind/report"
)

// openJournal takes the lock, reads what was sent, and reads the input as the runs
// before did.
func (j *job) openJournal() error {
	want := journal.Header{Endpoint: j.endpoint, Simulated: j.flags.simulate, Created: j.start}
	var err error
	j.journal, err = openJournal(j.journalPath, want, j.flags.simulate, j.input.Lines())
	if err != nil {
		return err
	}
	j.later(j.journal.close)
	if networkFS(filepath.Dir(j.journalPath)) {
		j.say(report.SayNetworkFS, j.shown(j.journalPath))
	}
	j.sweepTemporary()
	if len(j.settings.relative) > 0 {
		if err := j.openInput(j.journal.Runs); err != nil {
			return err
		}
	}
	if err := j.compactIfDue(); err != nil {
		return err
	}
	if err := j.guardOther(); err != nil {
		return err
	}
	if err := j.guardBatch(); err != nil {
		return err
	}
	if err := j.guardOrphan(); err != nil {
		return err
	}
	if !j.flags.simulate && !j.flags.again && !j.settings.input.Bindings { // the same change twice is the same binding
		return j.guardAgain()
	}
	return nil
}

// openOwnJournal is openJournal for a job that was begun: nothing is created,
// and there is nothing to guard against.
func (j *job) openOwnJournal() error {
	want := journal.Header{Endpoint: j.endpoint}
	var err error
	if j.journal, err = openJournal(j.journalPath, want, false, j.input.Lines()); err != nil {
		return err
	}
	j.later(j.journal.close)
	j.sweepTemporary()
	return j.compactIfDue()
}

// sweepTemporary removes what killed runs left half written beside the files of
// the job.
func (j *job) sweepTemporary() {
	sweep(j.results)
	sweep(j.journalPath)
	for _, o := range j.outputs() {
		sweep(o.path)
	}
}

// guardOther refuses to overwrite the results of another command.
func (j *job) guardOther() error {
	for i := range j.journal.before {
		r := &j.journal.before[i]
		if verb := r.Verb(); r.Results == filepath.Base(j.results) && verb != j.verb && (verb == "update" || verb == "unbind" || j.settings.input.Bindings) {
			return refuse(statusUsage, report.ErrOutOther, j.shown(j.results), verb)
		}
	}
	return nil
}

// guardBatch refuses to overwrite the results of a batch whose journal stands
// beside them and is not that of this run.
func (j *job) guardBatch() error {
	beside := j.results + journalEnding
	if j.flags.simulate || sameFile(beside, j.journalPath) {
		return nil
	}
	if !wrote(beside, j.results) {
		return nil
	}
	if old, err := os.Stat(j.results); err != nil || old.Size() == 0 {
		return nil
	}
	return refuse(statusUsage, report.ErrOutBatch, j.shown(j.results), j.shown(beside))
}

// guardAgain refuses an input that another job has already sent.
func (j *job) guardAgain() error {
	digest := j.input.SHA256()
	text := hex.EncodeToString(digest[:])
	for _, r := range j.journal.Runs {
		if r.Digest == text {
			return nil // this job knows it
		}
	}
	if path, run, found := knownElsewhere(j.journalPath, text, j.endpoint, j.settings.poolOption,
		filepath.Dir(j.source.path), filepath.Dir(j.results)); found {
		return refuse(statusUsage, report.ErrAgain, j.shown(path), run.Start.In(report.Beijing).Format(time.DateTime), run.Results)
	}
	return nil
}

// guardOrphan refuses to overwrite results whose journal is missing, and files
// that are no results at all. A name settles nothing: what stands at a path that
// the journal knows may have come from elsewhere since.
func (j *job) guardOrphan() error {
	f, err := openRegular(j.results)
	if err != nil {
		return nil // there are none
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return nil
	}
	if j.settings.input.Bindings && j.knowsResults() {
		return nil // of bindings that others made, the journal may know no more than a name
	}
	old, err := openResults(f, info.Size(), j.readWith)
	if refused, ok := errors.AsType[*batch.InputError](err); ok && refused.Kind == "header-only" {
		return nil
	}
	if err != nil || !old.Carries() {
		return refuse(statusUsage, report.ErrOutput, j.shown(j.results), report.Say(report.WhyNoResults), "--out")
	}
	if simulated, err := old.Simulated(); j.flags.simulate && err == nil && simulated {
		return nil
	}
	strange, err := old.Strange(j.journal.Journal, j.start)
	if err != nil || strange {
		return refuse(statusUsage, report.ErrOutOrphan, j.shown(j.results))
	}
	return nil
}

// openResults opens results that a job like this one wrote, or one whose columns
// have other names: the ids of bindings can be read all the same.
func openResults(r io.ReaderAt, size int64, as batch.InputOptions) (*batch.Input, error) {
	as.Encoding, as.Delimiter = "", 0
	in, err := batch.OpenInput(r, size, as)
	if _, refused := errors.AsType[*batch.InputError](err); refused {
		return batch.OpenInput(r, size, batch.InputOptions{Bindings: true})
	}
	return in, err
}
