package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"axgbind/batch"
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
	*batch.Journal
	path    string
	place   *journal.File
	before  []batch.RunStart // the runs it knew when it was opened
	created bool             // by this run
	locked  bool             // the lock file was created by this run
	begun   bool             // a run was recorded in it

	reserved bool // the reserve is ours to take away

	restored *os.File // the journal put back; nil: it is where it was
	copied   int64    // bytes of it
}

// holder is who holds a journal's lock.
type holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Start time.Time `json:"start"`
}

// lockJournal takes the lock of the journal at path, or says who has it. Only a
// holder whose run sends nothing deletes the lock file.
func lockJournal(path string) (*journalFile, error) {
	name := path + journal.LockEnding
	if err := notOurs(name, contentLock); err != nil {
		return nil, err
	}
	j := &journalFile{path: path, place: journal.NewFile(path)}
	_, err := os.Lstat(name)
	j.locked = errors.Is(err, fs.ErrNotExist)
	held, err := j.place.Lock()
	if err == nil && held {
		tellHolder(name)
		return j, nil
	}
	j.place.Close()
	if err != nil {
		return nil, refuse(statusUsage, report.ErrJournal, name, reasonOf(err))
	}
	if who := readHolder(path); who != nil {
		return nil, refuse(statusLocked, report.ErrLocked, path, *who)
	}
	return nil, refuse(statusLocked, report.ErrLocked, path, "?")
}

// unlock closes the journal's file and gives up the lock. The lock file goes too
// if it was ours and no run was recorded: before the lock, or on Windows, which
// deletes no open file, behind it.
func (j *journalFile) unlock() {
	gone := j.locked && !j.begun
	if gone && removeOpen {
		os.Remove(j.path + journal.LockEnding)
	}
	j.place.Close()
	if gone && !removeOpen {
		os.Remove(j.path + journal.LockEnding) // fails if another run has opened it
	}
}

// tellHolder writes into the lock file who holds it, for people.
func tellHolder(name string) {
	f, err := openOwn(name, os.O_WRONLY)
	if err != nil {
		return
	}
	defer f.Close()
	host, _ := os.Hostname()
	if text, err := json.Marshal(holder{os.Getpid(), host, time.Now()}); err == nil && f.Truncate(0) == nil {
		_, _ = f.Write(append(text, '\n')) // on Windows the lock itself forbids it
	}
}

// gone reports whether a file could not be opened because somebody deleted it, or
// put another in its place, at that moment.
func gone(err error) bool {
	_, other := errors.AsType[swapped](err)
	return other || errors.Is(err, fs.ErrNotExist)
}

// notOurs refuses what stands under a name that axgbind gives a file of its own,
// and is not such a file.
func notOurs(name string, want content) error {
	f, err := openOwn(name, os.O_RDONLY)
	if gone(err) {
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
	if have, err := contentOf(f, info.Size()); err == nil && have != want && have != contentNone && !zeros(f, info.Size()) {
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

// openJournal opens the journal at path, or begins it. With afresh, what a
// simulated journal holds is forgotten. rows is how many rows the input has at most.
func openJournal(path string, want journal.Header, afresh bool, rows int) (j *journalFile, err error) {
	if j, err = lockJournal(path); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			j.close()
		}
	}()
	file, err := openOwn(path, os.O_RDWR|os.O_APPEND)
	if errors.Is(err, fs.ErrNotExist) {
		file, err = openOwn(path, os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND)
		j.created = err == nil
	}
	if _, linked := errors.AsType[hardLinked](err); linked {
		return j, refuse(statusUsage, report.ErrJournalNames, path)
	}
	if err != nil {
		return j, refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	j.place.Use(file)
	size, err := j.place.Length()
	if err != nil {
		return j, refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	empty, err := journal.Empty(j.place, size)
	if err != nil {
		return j, refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	if !empty {
		if err := checkHeader(path, j.place, want); err != nil {
			return j, err
		}
	}
	options, err := j.options()
	if err != nil {
		return j, err
	}
	if !empty && !afresh {
		if j.Journal, err = batch.OpenJournal(j.place, options, rows); err != nil {
			return j, journalFault(path, err)
		}
		j.before = j.Runs
		return j, nil
	}
	if !empty {
		_, j.before, _ = batch.ReadRuns(io.NewSectionReader(j.place, 0, size))
		err = j.place.Cut(0)
	}
	if err == nil {
		j.Journal, err = batch.CreateJournal(j.place, want, options)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return j, refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	return j, nil
}

// checkHeader refuses a journal of another endpoint or of the other kind.
func checkHeader(path string, f io.ReaderAt, want journal.Header) error {
	have, err := batch.ReadHeader(io.NewSectionReader(f, 0, 1<<16))
	switch {
	case err != nil:
		return journalFault(path, err)
	case have.Simulated && !want.Simulated:
		return refuse(statusUsage, report.ErrSimulated, path)
	case !have.Simulated && want.Simulated:
		return refuse(statusUsage, report.ErrReal, path)
	case have.Endpoint != want.Endpoint:
		return refuse(statusUsage, report.ErrEndpointOf, path, have.Endpoint, want.Endpoint)
	}
	return nil
}

func journalFault(path string, err error) *fault {
	if d, ok := errors.AsType[*journal.DamageError](err); ok {
		return refuse(statusUsage, report.ErrDamaged, path, d.Line, report.Say(report.WhyDamage, d.Err.Error()))
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
	if err := notOurs(name, contentReserve); err != nil {
		return journal.Options{}, err
	}
	j.reserved = true
	if info, err := os.Lstat(name); err == nil && info.Size() != reserveSize {
		os.Remove(name) // a run was killed as it wrote it
	}
	f, err := openOwn(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
	if err == nil {
		_, err = f.Write(reserveBlock(reserveSize))
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
	return journal.Options{Release: func() error { return os.Remove(name) }}, nil
}

// giveReserve gives back the room that was kept for outcomes, and reports whether
// there was any.
func (j *journalFile) giveReserve() bool { return os.Remove(j.path+reserveEnding) == nil }

// reserveBlock is how a reserve begins. A file of zeros may take no room.
func reserveBlock(size int) []byte {
	block := make([]byte, size)
	for i := range block {
		block[i] = byte(i*31 + i>>8)
	}
	return block
}

// close ends the journal and gives up the lock. What a refused run began for
// nothing is taken away again.
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
	if j.created && !j.begun {
		os.Remove(j.path)
	}
	j.unlock()
}

// knownElsewhere looks in the folders for another journal of the same endpoint
// that already knows the input under the same pool.
func knownElsewhere(own, digest, endpoint, pool string, folders ...string) (path string, run batch.RunStart, found bool) {
	seen := map[string]bool{}
	for _, dir := range folders {
		files, _ := os.ReadDir(dir)
		for _, file := range files {
			m := filepath.Join(dir, file.Name()) // by any name: --journal may have given it one
			if !file.Type().IsRegular() || seen[m] || sameFile(m, own) {
				continue
			}
			seen[m] = true
			f, err := openRegular(m)
			if err != nil {
				continue
			}
			header, runs, err := batch.ReadRuns(f)
			f.Close()
			if err != nil || header.Simulated || header.Endpoint != endpoint {
				continue
			}
			for _, r := range runs {
				if r.Digest == digest && r.Pool == pool {
					return m, r, true
				}
			}
		}
	}
	return "", batch.RunStart{}, false
}
