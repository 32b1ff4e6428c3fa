// Package store keeps the journal on a disk: where it is (Place), one run at a time
// (Open, Wait), with room for what must still be recorded when the disk is full, and
// with a lock file and marks beside it that know how far it had come. It carries,
// copies, mends and rewrites journals (Move, Backup, Repair, Journal.Rewrite).
//
// It promises that no run goes on with less than the journal once had: an old copy, one
// of two copies, one that is lost or of another kind is refused, by an Error that says
// what it lacks and how that comes back. A journal that was deleted or moved while a run
// wrote to it is put back. It knows neither what records mean nor a flag's value, and prints
// nothing: what a command says of it is the command's.
package store

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

// Ending is what the name of every journal ends in, unless --journal
// says otherwise.
const Ending = ".journal"

// ReserveEnding follows the journal's name.
const ReserveEnding = ".reserve"

// Journal is a journal on disk with its lock and reserve.
type Journal struct {
	*books.Journal
	path    string
	place   *journal.File
	Before  []books.RunStart  // the runs it knew when it was opened
	created bool              // by this run
	lockNew bool              // the lock file was made by this run
	said    journal.LockState // what its lock file said before
	PutBack *Error            // nothing is sent, though it was opened: it may be an old copy
	fresh   bool              // it is thrown away
	first   bool              // this run began it
	Begun   bool              // a run was recorded in it

	reserved bool // the reserve is ours to take away

	restored *os.File // the journal put back; nil: it is where it was
	copied   int64    // bytes of it
}

// Opening says how a journal is opened. The zero value is fit for a real run.
type Opening struct {
	Simulated bool
	Instance  string        // of the simulator; blank if it is embedded
	Begin     bool          // a journal that is not there is begun
	Fresh     bool          // what a simulated journal holds is forgotten
	Results   bool          // the input is a results file: it may bring what the journal lacks
	accept    bool          // a person takes it for whole, whatever it lacks
	Waits     bool          // the command has --wait, and is told so
	Held      *journal.File // the place, locked, as Wait returns it; nil: it is locked here
	Rows      int           // of the input, at most
	Now       time.Time     // when the run began
}

// Open opens the journal of a place for a run. Who lets through one that lacks records
// (Opening.Results) asks Missing before anything is sent.
func Open(p Place, o Opening) (j *Journal, err error) {
	j = &Journal{path: p.Path, place: o.Held, fresh: o.Fresh}
	if o.Held != nil {
		j.said = o.Held.LockFile().State()
	}
	defer func() {
		if err != nil {
			j.Close()
			j = nil
		}
	}()
	if j.place == nil {
		if err := j.lock(p, o.Begin); err != nil {
			if f, ok := errors.AsType[*Error](err); ok && f.Locked && o.Waits {
				err = failLocked(report.ErrLocked, j.path, HolderOf(j.path))
			}
			return j, err
		}
	}
	size, empty, err := j.length()
	switch {
	case err != nil:
		return j, err
	case empty && !o.Begin:
		return j, p.None()
	case !empty:
		if err := CheckHeader(j.path, j.place, o.Simulated, o.Instance); err != nil {
			return j, err
		}
	}
	options, err := j.options()
	if err != nil {
		return j, err
	}
	if empty || o.Fresh {
		if empty {
			size = 0
		}
		return j, j.begin(o, options, size)
	}
	return j, j.goOn(p, o, options)
}

// length is how long the file of the journal is, and whether no journal stands in it.
func (j *Journal) length() (size int64, empty bool, err error) {
	if size, err = j.place.Length(); err == nil {
		empty, err = journal.Empty(j.place, size)
	}
	if err != nil {
		err = fail(report.ErrJournal, j.path, Reason(err))
	}
	return size, empty, err
}

// goOn opens the journal that is there.
func (j *Journal) goOn(p Place, o Opening, options journal.Options) (err error) {
	options.Behind = o.Results || o.accept
	if j.Journal, err = books.Open(j.place, options, o.Rows); err != nil {
		return journalError(p, err)
	}
	if behind := options.Lock.Behind(); behind != nil && len(behind.Batches) == 0 && !o.accept { // nobody knows when all is brought
		if j.PutBack = Behind(p, behind); !o.Results {
			return j.PutBack
		}
	}
	j.Before = j.Runs
	return nil
}

// begin begins a journal where none is, or in place of one of size bytes that is to be
// forgotten.
func (j *Journal) begin(o Opening, options journal.Options, size int64) (err error) {
	if size > 0 {
		_, j.Before, _ = books.ReadRuns(io.NewSectionReader(j.place, 0, size))
		err = j.place.Cut(0)
	}
	if err == nil {
		j.first = true
		h := journal.Header{Simulated: o.Simulated, Instance: o.Instance, Created: o.Now}
		j.Journal, err = books.Create(j.place, h, options)
	}
	if err == nil {
		err = files.SyncDir(filepath.Dir(j.path))
	}
	if err != nil {
		return fail(report.ErrJournal, j.path, Reason(err))
	}
	return nil
}

// lock takes the lock of the journal at a place, or says who has it. With begin, a
// journal that is not there is made, empty.
func (j *Journal) lock(p Place, begin bool) error {
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
		return fail(report.ErrJournalNames, j.path)
	case errors.Is(err, fs.ErrNotExist):
		return p.None()
	case err != nil:
		return notOpened(j.path, err)
	case !held:
		j.created, j.lockNew = false, false // another run has it
		return failLocked(report.ErrLockedNow, j.path, HolderOf(j.path))
	}
	j.place.LockFile().See(readWitnesses(j.path))
	j.said = j.place.LockFile().State()
	return nil
}

// notOpened says why a journal could not be opened. A folder in its place is no fault of
// the disk.
func notOpened(path string, err error) *Error {
	if info, serr := os.Stat(path); serr == nil && info.IsDir() {
		return fail(report.ErrTaken, path, Reason(err))
	}
	return fail(report.ErrJournal, path, Reason(err))
}

// notOurs refuses what stands under a name that axgbind gives a file of its own,
// and is not such a file.
func notOurs(name string, want output.Kind) error {
	f, err := files.OpenOwn(name, os.O_RDONLY)
	if files.Gone(err) {
		return nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return fail(report.ErrJournal, name, Reason(err))
	}
	if err != nil {
		return fail(report.ErrTaken, name, Reason(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fail(report.ErrTaken, name, Reason(err))
	}
	// A lock that another run holds cannot be read on Windows, and what was being
	// written when the power went may be zeros.
	if have, err := output.KindOf(f, info.Size()); err == nil && have != want && have != output.None && !zeros(f, info.Size()) {
		return fail(report.ErrTaken, name, report.Say(report.WhyForeign))
	}
	return nil
}

// zeros reports whether a file of ours, which is small, holds nothing but them.
func zeros(f io.ReaderAt, size int64) bool {
	text := make([]byte, min(size, reserveSize))
	n, _ := f.ReadAt(text, 0)
	return size <= reserveSize && int64(n) == size && len(bytes.Trim(text, "\x00")) == 0
}

// CheckHeader refuses a journal of the other kind, or of another simulator.
func CheckHeader(path string, f io.ReaderAt, simulated bool, instance string) error {
	have, err := books.ReadHeader(io.NewSectionReader(f, 0, 1<<16))
	switch {
	case err != nil:
		return Unread(path, err)
	case have.Simulated && !simulated:
		return fail(report.ErrSimulated, path)
	case !have.Simulated && simulated:
		return fail(report.ErrReal, path)
	case have.Instance != instance:
		return fail(report.ErrInstance, path)
	}
	return nil
}

// options allocates the reserve and returns what gives it back. A disk without
// room for it ends the run before a call: it would soon be full, and outcomes
// of calls under way would have no place.
func (j *Journal) options() (journal.Options, error) {
	name := j.path + ReserveEnding
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
		return journal.Options{}, failBroken(report.ErrJournal, name, Reason(err))
	}
	return journal.Options{Release: func() error { return os.Remove(name) }, Lock: j.place.LockFile()}, nil
}

// TakeReserve keeps room for outcomes anew, when a run before has given it back.
func (j *Journal) TakeReserve() error {
	_, err := j.options()
	return err
}

// GiveReserve gives back the room that was kept for outcomes, and reports whether
// there was any.
func (j *Journal) GiveReserve() bool { return os.Remove(j.path+ReserveEnding) == nil }

// Begin records that a run starts, in the lock file too: from now on others see who
// has the journal, and how far it goes.
func (j *Journal) Begin(r books.RunStart) error {
	if j.PutBack == nil {
		j.use()
	}
	host, _ := os.Hostname()
	h := journal.Holder{PID: os.Getpid(), Host: host, Start: r.Start, Batch: cmp.Or(r.Batch, r.Results), Input: r.Input, Rows: r.Rows, Left: r.Rows}
	if err := j.place.LockFile().Hold(h, r.Results); err != nil {
		return err
	}
	if j.PutBack == nil {
		_ = j.writeWitness() // without it the lock file tells enough
	}
	return j.Journal.Begin(r)
}

// use says that the journal is in use where it stands.
func (j *Journal) use() {
	j.place.LockFile().Use(report.Shown(j.path))
}

// End records that a run ended.
func (j *Journal) End(r books.RunEnd) error {
	if err := j.Journal.End(r); err != nil {
		return err
	}
	j.keepLock()
	_ = j.place.LockFile().Release(r.Digest) // for people; who opens the journal next knows better
	if j.PutBack == nil {
		_ = j.writeWitness()
	}
	return nil
}

// Left tells others how many rows this run still has to send, and how many it sends
// in a second.
func (j *Journal) Left(rows int, rate float64) { j.place.LockFile().Left(rows, rate) }

// Missing are the batches of which the journal has lost records. Nothing may be sent
// while there are any.
func (j *Journal) Missing() []journal.LockBatch { return j.place.LockFile().Missing() }

// Brought notes that all rows of a results file with a digest stand in the journal,
// durably. It reports whether its batch was missing.
func (j *Journal) Brought(digest string) (bool, error) { return j.place.LockFile().Brought(digest) }

// Close ends the journal and gives up the lock. What a refused run began for
// nothing is taken away again: before the lock is given up or, on Windows, which
// removes no open file, behind it.
func (j *Journal) Close() {
	if j.Journal != nil {
		_ = j.Journal.Close() // its failure is the run's, reported there
	}
	if j.restored != nil {
		j.restored.Close()
	}
	if j.reserved {
		os.Remove(j.path + ReserveEnding)
	}
	remove := func() {
		if j.created && !j.Begun {
			os.Remove(j.path)
		}
		if j.lockNew && !j.Begun {
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

// journalError says why a journal of a place was not opened.
func journalError(p Place, err error) *Error {
	if behind, ok := errors.AsType[*journal.BehindError](err); ok {
		return Behind(p, behind)
	}
	return Unread(p.Path, err)
}

// Unread says why a journal was not read.
func Unread(path string, err error) *Error {
	if d, ok := errors.AsType[*journal.DamageError](err); ok {
		return fail(report.ErrDamaged, path, d.Line, report.Say(report.WhyDamage, d.Err.Error()), report.Whole("axgbind journal check "+files.Word(path)))
	}
	switch {
	case errors.Is(err, journal.ErrNotJournal):
		return fail(report.ErrNotJournal, path)
	case errors.Is(err, journal.ErrOlderJournal):
		return fail(report.ErrOlder, path)
	case errors.Is(err, journal.ErrNewerJournal):
		return fail(report.ErrNewer, path, report.Say(report.WhyNewer, err.Error()))
	}
	return fail(report.ErrJournal, path, Reason(err))
}

// Length is the size of the journal.
func (j *Journal) Length() (int64, error) { return j.place.Length() }
