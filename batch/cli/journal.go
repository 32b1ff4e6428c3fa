package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"axgbind/batch"
	"axgbind/report"
)

// reserveSize is what stands ready beside a journal, so that outcomes of calls
// under way can still be recorded when the disk is full: 1,024 calls in flight
// take a third of it.
const reserveSize = 1 << 20

// journalEnding is what the name of every journal ends in, unless --journal
// says otherwise.
const journalEnding = ".journal"

// lockEnding and reserveEnding follow the journal's name.
const (
	lockEnding    = ".lock"
	reserveEnding = ".reserve"
)

// journalFile is a journal on disk with its lock and reserve.
type journalFile struct {
	*batch.Journal
	path    string
	file    *os.File
	lock    *flock.Flock
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

// lockTries bounds how often a lock file may be deleted between our opening and
// our locking it.
const lockTries = 10

// lockJournal takes the lock of the journal at path, or says who has it, and
// reports whether there was no lock file. Only a holder whose run sends nothing
// deletes one; whoever had opened it before finds another file of that name, or
// none, and tries again: two runs never hold two files of one name.
func lockJournal(path string) (lock *flock.Flock, created bool, err error) {
	name := path + lockEnding
	for tries := 0; ; tries++ {
		if err := notOurs(name, contentLock); err != nil {
			return nil, false, err
		}
		_, serr := os.Lstat(name)
		created = errors.Is(serr, fs.ErrNotExist)
		lock = flock.New(name, flock.SetFlag(os.O_CREATE|os.O_RDWR|openWithoutWait|openNoLink), flock.SetPermissions(0o600))
		ok, err := lock.TryLock()
		if err != nil {
			return nil, false, refuse(statusUsage, report.ErrJournal, name, reasonOf(err))
		}
		if !ok {
			who := readHolder(path)
			if who == nil {
				return nil, false, refuse(statusLocked, report.ErrLocked, path, "?")
			}
			return nil, false, refuse(statusLocked, report.ErrLocked, path, *who)
		}
		ours, err := tellHolder(name, lock)
		if ours {
			return lock, created, nil
		}
		lock.Close()
		if err != nil && !gone(err) || tries == lockTries {
			return nil, false, refuse(statusUsage, report.ErrTaken, name, reasonOf(cmp.Or(err, fs.ErrExist)))
		}
	}
}

// unlock gives up the lock. The lock file goes too if it was ours and no run was
// recorded: before the lock, or on Windows, which deletes no open file, behind it.
func (j *journalFile) unlock() {
	gone := j.locked && !j.begun
	if gone && runtime.GOOS != "windows" {
		os.Remove(j.lock.Path())
	}
	j.lock.Close()
	if gone && runtime.GOOS == "windows" {
		os.Remove(j.lock.Path()) // fails if another run has opened it
	}
}

// tellHolder writes into the lock file who holds it, for people, and reports
// whether that file is the one that is locked: if not, the lock is of a file that
// was deleted, and holds nobody back.
func tellHolder(name string, lock *flock.Flock) (ours bool, err error) {
	f, err := openOwn(name, os.O_WRONLY)
	if err != nil {
		return false, err
	}
	defer f.Close()
	locked, lerr := lock.Stat()
	there, terr := f.Stat()
	if err := errors.Join(lerr, terr); err != nil || !os.SameFile(locked, there) {
		return false, err
	}
	host, _ := os.Hostname()
	if text, err := json.Marshal(holder{os.Getpid(), host, time.Now()}); err == nil && f.Truncate(0) == nil {
		_, _ = f.Write(append(text, '\n')) // on Windows the lock itself forbids it
	}
	return true, nil
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
// simulated journal holds is forgotten.
func openJournal(path string, want batch.Header, afresh bool) (j *journalFile, err error) {
	lock, created, err := lockJournal(path)
	if err != nil {
		return nil, err
	}
	j = &journalFile{path: path, lock: lock, locked: created}
	defer func() {
		if err != nil {
			j.close()
		}
	}()
	j.file, err = openOwn(path, os.O_RDWR|os.O_APPEND)
	if errors.Is(err, fs.ErrNotExist) {
		j.file, err = openOwn(path, os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND)
		j.created = err == nil
	}
	if _, linked := errors.AsType[hardLinked](err); linked {
		return j, refuse(statusUsage, report.ErrJournalNames, path)
	}
	if err != nil {
		return j, refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	info, err := j.file.Stat()
	if err != nil {
		return j, refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	unborn, err := isUnborn(j.file, info.Size())
	if err != nil {
		return j, refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	if !unborn {
		if err := checkHeader(path, j.file, want); err != nil {
			return j, err
		}
	}
	release, err := j.reserve()
	if err != nil {
		return j, err
	}
	if unborn || afresh {
		if !unborn {
			_, j.before, _ = batch.ReadRuns(io.NewSectionReader(j.file, 0, info.Size()))
		}
		if err = j.file.Truncate(0); err == nil {
			j.Journal, err = batch.CreateJournal(onDisk{j.file, path}, want, release)
		}
		if err == nil {
			err = syncDir(filepath.Dir(path))
		}
		if err != nil {
			return j, refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
		}
		return j, nil
	}
	j.Journal, err = batch.OpenJournal(onDisk{j.file, path}, info.Size(), release)
	if err != nil {
		return j, journalFault(path, err)
	}
	j.before = j.Runs
	return j, nil
}

// isUnborn reports whether a file holds no journal yet: it is empty, or its
// first line was torn by a crash before anything can have been sent.
func isUnborn(f io.ReaderAt, size int64) (bool, error) {
	if size == 0 {
		return true, nil
	}
	if size > 4096 {
		return false, nil
	}
	text := make([]byte, size)
	if _, err := f.ReadAt(text, 0); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	if len(bytes.Trim(text, "\x00")) == 0 {
		return true, nil
	}
	const form = `00000000 J {"format":"axgbind journal"`
	if bytes.IndexByte(text, '\n') >= 0 {
		return false, nil
	}
	for i, c := range text[:min(len(text), len(form))] {
		if i < 8 && !strings.ContainsRune("0123456789abcdef", rune(c)) || i >= 8 && c != form[i] {
			return false, nil
		}
	}
	return true, nil
}

// checkHeader refuses a journal of another endpoint or of the other kind.
func checkHeader(path string, f *os.File, want batch.Header) error {
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
	if d, ok := errors.AsType[*batch.DamageError](err); ok {
		return refuse(statusUsage, report.ErrDamaged, path, d.Line, report.Say(report.WhyDamage, d.Err.Error()))
	}
	switch {
	case errors.Is(err, batch.ErrNotJournal):
		return refuse(statusUsage, report.ErrNotJournal, path)
	case errors.Is(err, batch.ErrNewerJournal):
		return refuse(statusUsage, report.ErrNewer, path, report.Say(report.WhyNewer, err.Error()))
	}
	return refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
}

// reserve allocates the reserve and returns what gives it back. A disk without
// room for it ends the run before a call: it would soon be full, and outcomes
// of calls under way would have no place.
func (j *journalFile) reserve() (release func() error, err error) {
	name := j.path + reserveEnding
	if err := notOurs(name, contentReserve); err != nil {
		return nil, err
	}
	j.reserved = true
	if info, err := os.Lstat(name); err == nil && info.Size() != reserveSize {
		os.Remove(name) // a run was killed as it wrote it
	}
	f, err := openOwn(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
	if errors.Is(err, fs.ErrExist) {
		return func() error { return os.Remove(name) }, nil
	}
	if err == nil {
		_, err = f.Write(reserveBlock(reserveSize))
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}
	if err != nil {
		os.Remove(name)
		return nil, refuse(statusError, report.ErrJournal, name, reasonOf(err))
	}
	return func() error { return os.Remove(name) }, nil
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
	if j.file != nil {
		j.file.Close()
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
