package cli

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/batch/journal"
	"axgbind/report"
)

// reserveSize is what stands ready beside a journal, so that outcomes of calls
// under way can still be recorded when the disk is full: 1,024 calls in flight
// take a third of it.
const reserveSize = 1 << 20

// journalEnding is what the name of every journal ends in, unless --journal
// says otherwise.
const journalEnding = ".journal"

// reserveEnding follows the journal's name.
const reserveEnding = ".reserve"

// journalFile is a journal on disk with its lock and reserve.
type journalFile struct {
	*books.Journal
	path    string
	place   *journal.File
	before  []books.RunStart  // the runs it knew when it was opened
	created bool              // by this run
	lockNew bool              // the lock file was made by this run
	said    journal.LockState // what its lock file said before
	putBack *fault            // nothing is sent, though it was opened: it may be an old copy
	fresh   bool              // it is thrown away
	first   bool              // this run began it
	begun   bool              // a run was recorded in it

	reserved bool // the reserve is ours to take away

	restored *os.File // the journal put back; nil: it is where it was
	copied   int64    // bytes of it
}

// opening says how a journal is opened. The zero value is fit for a real run.
type opening struct {
	simulated bool
	instance  string        // of the simulator; blank if it is embedded
	begin     bool          // a journal that is not there is begun
	fresh     bool          // what a simulated journal holds is forgotten
	carries   bool          // the input is a results file: it may bring what the journal lacks
	accept    bool          // a person takes it for whole, whatever it lacks
	held      *journal.File // the place, locked, as waitJournal returns it; nil: it is locked here
	rows      int           // of the input, at most
	now       time.Time     // when the run began
}

// openJournal opens the journal of a place for a run. Whoever lets a journal through
// that lacks something (carries) looks at missing before anything is sent.
func (a *app) openJournal(p place, o opening) (j *journalFile, err error) {
	j = &journalFile{path: p.path, place: o.held, fresh: o.fresh}
	if o.held != nil {
		j.said = o.held.LockFile().State()
	}
	defer func() {
		if err != nil {
			j.close()
			j = nil
		}
	}()
	if j.place == nil {
		if err := j.lock(p, o.begin); err != nil {
			return j, err
		}
	}
	size, err := j.place.Length()
	if err != nil {
		return j, refuse(statusUsage, report.ErrJournal, j.path, reasonOf(err))
	}
	empty, err := journal.Empty(j.place, size)
	switch {
	case err != nil:
		return j, refuse(statusUsage, report.ErrJournal, j.path, reasonOf(err))
	case empty && !o.begin:
		return j, p.none()
	case !empty:
		if err := checkHeader(j.path, j.place, o.simulated, o.instance); err != nil {
			return j, err
		}
	}
	options, err := j.options()
	if err != nil {
		return j, err
	}
	if !empty && !o.fresh {
		options.Behind = o.carries || o.accept
		if j.Journal, err = books.Open(j.place, options, o.rows); err != nil {
			return j, a.journalFault(p, err)
		}
		if behind := options.Lock.Behind(); behind != nil && len(behind.Batches) == 0 && !o.accept { // nobody knows when all is brought
			if j.putBack = a.behindFault(p, behind); !o.carries {
				return j, j.putBack
			}
		}
		j.before = j.Runs
		return j, nil
	}
	if !empty {
		_, j.before, _ = books.ReadRuns(io.NewSectionReader(j.place, 0, size))
		err = j.place.Cut(0)
	}
	if err == nil {
		j.first = true
		h := journal.Header{Simulated: o.simulated, Instance: o.instance, Created: o.now}
		j.Journal, err = books.Create(j.place, h, options)
	}
	if err == nil {
		err = files.SyncDir(filepath.Dir(j.path))
	}
	if err != nil {
		return j, refuse(statusUsage, report.ErrJournal, j.path, reasonOf(err))
	}
	return j, nil
}

// lock takes the lock of the journal at a place, or says who has it. With begin, a
// journal that is not there is made, empty.
func (j *journalFile) lock(p place, begin bool) error {
	lock := j.path + journal.LockEnding
	if err := notOurs(lock, output.Lock); err != nil {
		return err
	}
	_, err := os.Lstat(lock)
	j.lockNew = errors.Is(err, fs.ErrNotExist)
	j.place = journal.NewFile(j.path, files.OpenIn(filepath.Dir(j.path)))
	if begin {
		file, err := files.OpenIn(filepath.Dir(j.path))(j.path, os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND)
		switch {
		case err == nil:
			j.created = true
			j.place.Use(file)
		case !errors.Is(err, fs.ErrExist):
			return notOpened(j.path, err)
		}
	}
	held, err := j.place.Lock()
	_, linked := errors.AsType[files.HardLinked](err)
	switch {
	case linked || errors.Is(err, journal.ErrLinks):
		return refuse(statusUsage, report.ErrJournalNames, j.path)
	case errors.Is(err, fs.ErrNotExist):
		return p.none()
	case err != nil:
		return notOpened(j.path, err)
	case !held:
		j.created, j.lockNew = false, false // another run has it
		return refuse(statusLocked, report.ErrLocked, j.path, holderOf(j.path))
	}
	_, seen := witnesses(j.path)
	j.place.LockFile().See(seen)
	j.said = j.place.LockFile().State()
	return nil
}

// notOpened says why a journal could not be opened. A folder in its place is no fault of
// the disk.
func notOpened(path string, err error) *fault {
	if info, serr := os.Stat(path); serr == nil && info.IsDir() {
		return refuse(statusUsage, report.ErrTaken, path, reasonOf(err))
	}
	return refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
}

// notOurs refuses what stands under a name that axgbind gives a file of its own,
// and is not such a file.
func notOurs(name string, want output.Kind) error {
	f, err := files.OpenOwn(name, os.O_RDONLY)
	if files.Gone(err) {
		return nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return refuse(statusUsage, report.ErrJournal, name, reasonOf(err))
	}
	if err != nil {
		return refuse(statusUsage, report.ErrTaken, name, reasonOf(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return refuse(statusUsage, report.ErrTaken, name, reasonOf(err))
	}
	// A lock that another run holds cannot be read on Windows, and what was being
	// written when the power went may be zeros.
	if have, err := output.KindOf(f, info.Size()); err == nil && have != want && have != output.None && !zeros(f, info.Size()) {
		return refuse(statusUsage, report.ErrTaken, name, report.Say(report.WhyForeign))
	}
	return nil
}

// zeros reports whether a file of ours, which is small, holds nothing but them.
func zeros(f io.ReaderAt, size int64) bool {
	text := make([]byte, min(size, reserveSize))
	n, _ := f.ReadAt(text, 0)
	return size <= reserveSize && int64(n) == size && len(bytes.Trim(text, "\x00")) == 0
}

// checkHeader refuses a journal of the other kind, or of another simulator.
func checkHeader(path string, f io.ReaderAt, simulated bool, instance string) error {
	have, err := books.ReadHeader(io.NewSectionReader(f, 0, 1<<16))
	switch {
	case err != nil:
		return journalFault(path, err)
	case have.Simulated && !simulated:
		return refuse(statusUsage, report.ErrSimulated, path)
	case !have.Simulated && simulated:
		return refuse(statusUsage, report.ErrReal, path)
	case have.Instance != instance:
		return refuse(statusUsage, report.ErrInstance, path)
	}
	return nil
}

// journalFault says why a journal of a place was not opened.
func (a *app) journalFault(p place, err error) *fault {
	if behind, ok := errors.AsType[*journal.BehindError](err); ok {
		return a.behindFault(p, behind)
	}
	return journalFault(p.path, err)
}

func journalFault(path string, err error) *fault {
	if d, ok := errors.AsType[*journal.DamageError](err); ok {
		return refuse(statusUsage, report.ErrDamaged, path, d.Line, report.Say(report.WhyDamage, d.Err.Error()), report.Whole("axgbind journal check "+shellWord(path)))
	}
	switch {
	case errors.Is(err, journal.ErrNotJournal):
		return refuse(statusUsage, report.ErrNotJournal, path)
	case errors.Is(err, journal.ErrOlderJournal):
		return refuse(statusUsage, report.ErrOlder, path)
	case errors.Is(err, journal.ErrNewerJournal):
		return refuse(statusUsage, report.ErrNewer, path, report.Say(report.WhyNewer, err.Error()))
	}
	return refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
}

// options allocates the reserve and returns what gives it back. A disk without
// room for it ends the run before a call: it would soon be full, and outcomes
// of calls under way would have no place.
func (j *journalFile) options() (journal.Options, error) {
	name := j.path + reserveEnding
	if err := notOurs(name, output.Reserve); err != nil {
		return journal.Options{}, err
	}
	j.reserved = true
	if info, err := os.Lstat(name); err == nil && info.Size() != reserveSize {
		os.Remove(name) // a run was killed as it wrote it
	}
	f, err := files.OpenIn(filepath.Dir(name))(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
	if err == nil {
		_, err = f.Write(output.ReserveBlock(reserveSize))
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	} else if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	if err != nil {
		os.Remove(name)
		return journal.Options{}, refuse(statusError, report.ErrJournal, name, reasonOf(err))
	}
	return journal.Options{Release: func() error { return os.Remove(name) }, Lock: j.place.LockFile()}, nil
}

// giveReserve gives back the room that was kept for outcomes, and reports whether
// there was any.
func (j *journalFile) giveReserve() bool { return os.Remove(j.path+reserveEnding) == nil }

// Begin records that a run starts, in the lock file too: from now on others see who
// has the journal, and how far it goes.
func (j *journalFile) Begin(r books.RunStart) error {
	if j.putBack == nil {
		j.use()
	}
	host, _ := os.Hostname()
	h := journal.Holder{PID: os.Getpid(), Host: host, Start: r.Start, Batch: cmp.Or(r.Batch, r.Results), Input: r.Input, Rows: r.Rows, Left: r.Rows}
	if err := j.place.LockFile().Hold(h, r.Results); err != nil {
		return err
	}
	if j.putBack == nil {
		_ = j.bearWitness() // without it the lock file tells enough
	}
	return j.Journal.Begin(r)
}

// use says that the journal is in use where it stands.
func (j *journalFile) use() {
	j.place.LockFile().Use(maskedPath(j.path))
}

// End records that a run ended.
func (j *journalFile) End(r books.RunEnd) error {
	if err := j.Journal.End(r); err != nil {
		return err
	}
	j.keepLock()
	_ = j.place.LockFile().Release(r.Digest) // for people; who opens the journal next knows better
	if j.putBack == nil {
		_ = j.bearWitness()
	}
	return nil
}

// left tells others how many rows this run still has to send, and how many it sends
// in a second.
func (j *journalFile) left(rows int, rate float64) { j.place.LockFile().Left(rows, rate) }

// missing are the batches of which the journal has lost records. Nothing may be sent
// while there are any.
func (j *journalFile) missing() []journal.LockBatch { return j.place.LockFile().Missing() }

// brought notes that all rows of a results file with a digest stand in the journal,
// durably. It reports whether its batch was missing.
func (j *journalFile) brought(digest string) (bool, error) { return j.place.LockFile().Brought(digest) }

// close ends the journal and gives up the lock. What a refused run began for
// nothing is taken away again: before the lock is given up or, on Windows, which
// removes no open file, behind it.
func (j *journalFile) close() {
	if j.Journal != nil {
		_ = j.Journal.Close() // its failure is the run's, reported there
	}
	if j.restored != nil {
		j.restored.Close()
	}
	if j.reserved {
		os.Remove(j.path + reserveEnding)
	}
	remove := func() {
		if j.created && !j.begun {
			os.Remove(j.path)
		}
		if j.lockNew && !j.begun {
			os.Remove(j.path + journal.LockEnding)
		}
	}
	if files.RemovesOpen {
		remove()
	}
	if j.place != nil {
		j.place.Close()
		j.place = nil
	}
	if !files.RemovesOpen {
		remove() // fails if another run has opened it
	}
	j.Journal, j.restored, j.reserved, j.created, j.lockNew = nil, nil, false, false, false // what stands there now is others'
}
