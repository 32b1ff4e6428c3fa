package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"axgbind/batch"
	"axgbind/batch/journal"
	"axgbind/report"
)

// openJournal takes the lock, reads what was sent, and finds out which batch the
// input is.
func (j *job) openJournal(ctx context.Context) error {
	if err := j.openStore(ctx); err != nil {
		return err
	}
	if err := j.compactIfDue(ctx); err != nil {
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
	usual := j.source.base() + resultsEnding
	if j.verb != "bind" || j.flags.simulate || j.source.path == "-" || sameFile(usual, j.results) {
		return nil
	}
	f, err := openRegular(usual)
	if err != nil {
		return nil // there are none
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	old, err := openResults(f, info.Size(), j.settings.input)
	if err != nil || !old.Carries() || j.journal.Wrote(old) || j.rehearsed(old) {
		return nil
	}
	if unknown, err := old.Unknown(j.journal.Journal, j.input, j.ended(ctx)); err == nil && unknown {
		return refuse(statusUsage, report.ErrBeside, j.shown(usual))
	}
	return nil
}

// openOwnJournal is openJournal for a batch that was begun: nothing else is at its
// path.
func (j *job) openOwnJournal(ctx context.Context) error {
	if err := j.openStore(ctx); err != nil {
		return err
	}
	if err := j.compactIfDue(ctx); err != nil {
		return err
	}
	if _, ok := j.journal.Batch(j.batch); !ok {
		return refuse(statusUsage, report.ErrNotItsJournal, j.shown(j.journalPath), j.shown(j.results))
	}
	return nil
}

// openStore opens the journal and keeps it for this run.
func (j *job) openStore(ctx context.Context) error {
	opened, err := j.takeJournal(ctx)
	if err != nil {
		return err
	}
	j.journal = opened
	j.settings.plan.Behind = len(opened.missing()) > 0 || opened.putBack != nil
	j.later(func() {
		if j.journal != nil {
			j.journal.close()
		}
	})
	if networkFS(filepath.Dir(j.journalPath)) {
		j.say(report.SayNetworkFS, j.shown(j.journalPath))
	}
	j.sweepTemporary()
	if j.journal.Untold(j.start) {
		j.learnTime(ctx)
	}
	return nil
}

// takeJournal takes the lock of the journal, and reads it.
func (j *job) takeJournal(ctx context.Context) (f *journalFile, err error) {
	o := opening{
		simulated: j.simulated, instance: j.instance, begin: j.simulated, fresh: j.flags.simulate,
		carries: j.verb == "bind" && j.input.Carries(), rows: j.input.Lines(), now: j.start,
	}
	if j.flags.wait > 0 && exists(j.journalPath) { // nobody holds one that is not begun
		if o.held, err = j.waitJournal(ctx, j.place, j.flags.wait, j.resultsPath()); err != nil {
			return nil, err
		}
	}
	if !o.begin && o.held == nil && !exists(j.journalPath) && j.asks() && j.verb == "bind" {
		if err := j.askInit(ctx); err != nil {
			return nil, err
		}
	}
	if s, ok := lockState(j.journalPath); ok && s.Moved != "" { // whatever was put back there since
		if o.held != nil {
			_ = o.held.Close()
		}
		return nil, j.place.none()
	}
	if f, err = j.app.openJournal(j.place, o); err != nil {
		return nil, err
	}
	if f.first {
		return f, nil
	}
	c := candidate{place: j.place, lock: &f.said, id: f.Header.ID, runs: f.Runs, simulated: o.simulated}
	switch wrong, brings := c.fault(); {
	case wrong == nil:
	case brings && o.carries:
		f.putBack = wrong
	default:
		f.close()
		return nil, wrong
	}
	return f, nil
}

// candidate is a journal of which it is asked whether it is the one in use.
type candidate struct {
	place     place
	lock      *journal.LockState // what its lock file said before
	id        string
	runs      []batch.RunStart
	simulated bool
}

// fault is why no run would use it: it was carried away, it is a copy, or nobody knows;
// nil: it is the one. brings says that results may be brought to it, if nothing is sent.
func (c *candidate) fault() (wrong *fault, brings bool) {
	is, known := isFile(c.lock, c.place.dir())
	original := c.original()
	if is && known && original != "" && stale(original) {
		original = ""
	}
	switch {
	case c.lock.Moved != "": // whatever was put back there since
		return c.place.none(), false
	case original != "":
		return refuseCopy(c.place.path, original), false
	case c.lock.Journal == "" && len(c.runs) == 0 && c.simulated: // it was begun by a run that was killed
		return nil, false
	case c.lock.Journal == "":
		return c.refuse(report.ErrNoLock), false
	case is && (known || c.here()):
		return nil, false
	case !c.here():
		return c.refuse(report.ErrCopy, c.lock.Place), false
	}
	return c.refuse(report.ErrPutBack), true
}

// here reports whether the lock file names the place where it stands.
func (c *candidate) here() bool {
	return c.lock.Place == "" || c.lock.Place == maskedPath(c.place.path) || sameFile(c.lock.Place, c.place.path)
}

// original is the journal that it is a copy of, if that is still in use: where its lock
// file or its last run says that it was.
func (c *candidate) original() string {
	if original := originalOf(c.place.path, c.id, c.lock.Place); original != "" || len(c.runs) == 0 {
		return original
	}
	return originalOf(c.place.path, c.id, c.runs[len(c.runs)-1].Journal)
}

// isFile reports whether a lock file in a folder is the one in use; known says that it is
// certain.
func isFile(s *journal.LockState, dir string) (is, known bool) {
	if !steadyFiles(dir) {
		return true, false
	}
	return s.IsFile()
}

// stale reports whether the lock file of a journal is certainly a copy.
func stale(path string) bool {
	s, _ := lockState(path)
	is, _ := isFile(&s, filepath.Dir(path))
	return !is
}

// retireOthers tells the lock file that the first one left behind that this is the
// journal now.
func (c *candidate) retireOthers() {
	if c.here() {
		return
	}
	for _, at := range unmasked(c.lock.Place) {
		if s, ok := lockState(at); !ok || s.Journal != c.id || exists(at) {
			continue
		}
		if f, err := openOwn(at+journal.LockEnding, os.O_RDWR); err == nil {
			l := journal.OpenLock(f)
			_ = l.Retire(c.place.path)
			l.Close()
		}
	}
}

// refuse says what the last run of the journal was, and the words with which a person
// takes it for the newest.
func (c *candidate) refuse(why report.Phrase, more ...any) *fault {
	last := report.Say(report.WhyNoRun)
	if n := len(c.runs); n > 0 {
		r := &c.runs[n-1]
		last = report.Say(report.CheckRun, beijing(r.Start), r.Verb(), report.Whole(r.Batch), r.Results)
	}
	args := []any{c.place.path, last, c.place.accept()}
	return refuse(statusUsage, why, append(args, more...)...)
}

// doubt warns that no run would use the journal that is looked at.
func (a *app) doubt(g *glance, runs []batch.RunStart) {
	c := g.candidate(runs)
	if f, _ := a.refusal(c, g.lock.Compare(g.trail)); f != nil {
		a.warn(f)
	}
}

// looked is a journal that is read without its lock, and what its lock file said before.
func looked(p place, said journal.LockState, id string, runs []batch.RunStart) *candidate {
	return &candidate{place: p, lock: &said, id: id, runs: runs, simulated: filepath.Base(p.path) != journalName}
}

// candidate is the journal that is looked at.
func (g *glance) candidate(runs []batch.RunStart) *candidate {
	return looked(g.place, g.lock, g.trail.ID(), runs)
}

// refusal is why no run would use a journal that was read without its lock, and which
// lacks that of what its lock file says; nil: one would.
func (a *app) refusal(c *candidate, behind *journal.BehindError) (wrong *fault, brings bool) {
	if behind != nil && c.lock.Moved == "" {
		return a.behindFault(c.place, behind), false
	}
	return c.fault()
}

// warn says what is wrong, and its cure, and the command goes on.
func (a *app) warn(f *fault) {
	what, cure := cutCure(f.in(a.lang))
	a.say(report.WarnLine, report.Whole(what))
	a.sayCure(cure)
}

// refuseCopy says that a journal is a copy of another one.
func refuseCopy(path, original string) *fault {
	return refuse(statusUsage, report.ErrCopied, path, original, report.Whole("--journal "+shellWord(original)))
}

// originalOf is the journal that the one at path is a copy of, if it is still in use:
// where the last run found it, or where it was carried to from there, a journal with
// the same id stands. Blank: this is the only one.
func originalOf(path, id, was string) string {
	paths := unmasked(was)
	for _, lock := range unmasked(was + journal.LockEnding) { // it may have been carried away
		paths = append(paths, strings.TrimSuffix(lock, journal.LockEnding))
	}
	for _, at := range paths {
		if other := carriedTo(at, path, id); other != "" {
			return other
		}
	}
	return ""
}

// carriedTo follows a journal with an ID from a place to where it was carried, and
// returns where it stands; blank if that is nowhere, or at path.
func carriedTo(at, path, id string) string {
	for range mostCarried {
		if at == "" || sameFile(at, path) {
			break
		}
		if idAt(at) == id {
			return at
		}
		s, _ := lockState(at)
		at = s.Moved
	}
	return ""
}

// mostCarried is how often a journal is followed to where it was carried.
const mostCarried = 10

// idAt is the ID of the journal at a path; blank if none stands there.
func idAt(path string) string {
	f, err := openRegular(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h, _ := batch.ReadHeader(f) // of what is no journal, nothing
	return h.ID
}

// bring notes that the input's verdicts, which are durable now, were what the
// journal lacked of its batch. Nothing is sent while it lacks those of others.
func (j *job) bring() *fault {
	if len(j.journal.missing()) > 0 {
		if _, err := j.journal.brought(digestOf(j.input)); err != nil {
			return refuse(statusError, report.ErrJournal, j.journalPath, reasonOf(err))
		}
		if left := j.journal.missing(); len(left) > 0 {
			return j.behindFault(j.place, &journal.BehindError{Batches: left})
		}
	}
	if j.journal.putBack != nil {
		return refuse(statusUsage, report.ErrBrought, j.journalPath, j.place.accept())
	}
	return nil
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

// guardOutputs refuses to write over the results of a batch, though they do not
// stand there now.
func (j *job) guardOutputs() error {
	for _, o := range append(j.outputs(), output{flag: "--log", path: j.flags.log}) {
		if o.path == "" {
			continue
		}
		path, err := absolute(o.path)
		if err != nil {
			continue // it was tried before
		}
		if _, known := batch.RunAt(j.journal.Runs, path); known {
			return refuse(statusUsage, report.ErrOutput, j.shown(o.path), report.Say(report.WhyIsResults), o.flag)
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
	if j.journal.Wrote(old) {
		return nil
	}
	if j.settings.input.Bindings { // of bindings that others made, the journal may know no more than the run
		if _, known := batch.RunAt(j.journal.Runs, j.resultsPath()); known {
			return nil
		}
	}
	if j.rehearsed(old) {
		return nil
	}
	if unknown, err := old.Unknown(j.journal.Journal, j.input, j.ended(ctx)); err != nil || unknown {
		return refuse(statusUsage, report.ErrOutOrphan, j.shown(j.results))
	}
	return nil
}

// rehearsed reports whether results are of a simulator that is gone: this run has
// another, which has done nothing yet.
func (j *job) rehearsed(old *batch.Input) bool {
	if !j.flags.simulate && !(j.simulated && len(j.journal.before) == 0) {
		return false
	}
	simulated, err := old.Simulated()
	return err == nil && simulated
}

// oldResults opens the results that stand at their path; nil if there are none, or
// none with rows. What is no results file is a fault.
func (j *job) oldResults() (in *batch.Input, closeIt func(), err error) {
	f, err := openRegular(j.results)
	if err != nil {
		return nil, nil, nil // there are none
	}
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		f.Close()
		return nil, nil, nil
	}
	in, err = openResults(f, info.Size(), j.settings.input)
	if refused, ok := errors.AsType[*batch.InputError](err); ok && refused.Kind == "header-only" {
		f.Close()
		return nil, nil, nil
	}
	if err != nil || !in.Carries() {
		f.Close()
		return nil, nil, refuse(statusUsage, report.ErrOutput, j.shown(j.results), report.Say(report.WhyNoResults), "--out")
	}
	return in, func() { f.Close() }, nil
}

// openResults opens results that a run like this one wrote, or one whose columns
// have other names: the ids of bindings can be read all the same.
func openResults(r io.ReaderAt, size int64, as batch.InputOptions) (*batch.Input, error) {
	as.Encoding, as.Delimiter = "", 0
	in, err := batch.OpenInput(r, size, as)
	if _, refused := errors.AsType[*batch.InputError](err); refused {
		return batch.OpenInput(r, size, batch.InputOptions{Bindings: true})
	}
	return in, err
}
