package cli

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/report"
)

// Rows leave the journal keepDefault after they ended, or what envKeep says: until
// then results can still be written anew from it. It is looked at once leaveEvery.
// A journal that has grown to compactSize is compacted every compactEvery, whether
// rows leave or not, and sooner if it has grown to growth times what its rows take:
// each run reads all of it.
const (
	keepDefault  = 30 * 24 * time.Hour
	keepLeast    = 2 * 24 * time.Hour // 24 h after its Expiration a binding still holds others back
	leaveEvery   = 24 * time.Hour
	compactSize  = 64 << 20 // bytes
	compactEvery = 7 * 24 * time.Hour
	growth       = 4
	rowSize      = 512 // bytes, roughly
)

// envKeep says how long rows that ended are kept: 30d.
const envKeep = envPrefix + "KEEP"

var keepForm = regexp.MustCompile(`^([0-9]{1,5})([dh])$`)

// keep is how long rows that ended are kept.
func (e *environment) keep() (time.Duration, error) {
	text := e.getenv(envKeep)
	if text == "" {
		return keepDefault, nil
	}
	m := keepForm.FindStringSubmatch(text)
	if m == nil {
		return 0, refuse(statusUsage, report.ErrEnvValue, envKeep, report.Say(report.WhyKeepForm, strconv.Quote(text)))
	}
	n, _ := strconv.Atoi(m[1]) // five digits
	keep := time.Duration(n) * time.Hour
	if m[2] == "d" {
		keep *= 24
	}
	if keep < keepLeast {
		return 0, refuse(statusUsage, report.ErrEnvValue, envKeep, report.Say(report.WhyKeep, text))
	}
	return keep, nil
}

// due reports whether the journal is to be compacted now: rows that ended before
// cutoff leave, or it is large.
func (j *journalFile) due(now, cutoff time.Time) (bool, error) {
	since := j.Header.Created
	if j.Header.Compacted.After(since) {
		since = j.Header.Compacted
	}
	age := now.Sub(since)
	if 0 <= age && age < leaveEvery { // less: the clock was ahead then
		return false, nil
	}
	if size, err := j.place.Length(); err == nil && size >= compactSize && (age >= compactEvery || size >= growth*rowSize*int64(j.Header.Rows)) {
		return true, nil
	}
	return j.Leaves(cutoff)
}

// rewrite replaces the journal by what write writes: beside it, synced, renamed, so
// that a crash leaves either whole. The lock is held all the while. rows is how many
// rows the input has at most. It returns the sizes before and after. Unless the old
// journal was closed by then, an error leaves it as it was, to go on with.
func (j *journalFile) rewrite(rows int, write func(io.Writer) error) (before, after int64, err error) {
	if before, err = j.place.Length(); err != nil {
		return 0, 0, err
	}
	r, err := files.ReplaceOwn(j.path)
	if err != nil {
		return 0, 0, err
	}
	if err = write(r); err != nil {
		r.Discard()
		return 0, 0, err
	}
	if err := r.Seal(); err != nil {
		return 0, 0, err
	}
	if err := j.replacing(r); err != nil {
		return 0, 0, err
	}
	if err := j.Journal.Close(); err != nil {
		r.Discard()
		return 0, 0, err
	}
	j.Journal = nil
	if err := j.replaceBy(r); err != nil {
		return 0, 0, err
	}
	if after, err = j.place.Length(); err != nil {
		return 0, 0, err
	}
	options, err := j.options()
	if err != nil {
		return 0, 0, err
	}
	j.Journal, err = books.Open(j.place, options, rows)
	return before, after, err
}

// replacing prepares for a sealed file to be put in the journal's place: a mark of before
// could not be found again in that, so those beside the journal are to say how far it has
// come, durably. A failure leaves the journal as it was.
func (j *journalFile) replacing(r *files.Replacement) error {
	if j.said.Journal == "" { // it must not look as if its lock file had been there
		return nil
	}
	err := j.bearWitness()
	if err == nil {
		err = j.place.LockFile().Keep()
	}
	if err != nil {
		r.Discard()
	}
	return err
}

// replaceBy puts a sealed file in the journal's place, with the lock held all the
// while: the new file was locked under its temporary name. Windows renames onto no
// open file, and its lock is on the lock file.
func (j *journalFile) replaceBy(r *files.Replacement) error {
	if !files.RemovesOpen {
		j.place.Use(nil)
	}
	if err := os.Rename(r.File.Name(), j.path); err != nil {
		r.Discard()
		return err
	}
	if files.RemovesOpen {
		j.place.Use(r.File)
	}
	if err := files.SyncDir(filepath.Dir(j.path)); err != nil {
		return err
	}
	held, err := j.place.Lock()
	if err == nil && !held {
		err = fs.ErrExist
	}
	return err
}

// compactIfDue compacts the journal and says so. What leaves it did so long ago by the
// service's time: this machine's clock only says when it is worth asking. Where the disk
// has no room for a second journal, the one that is there does.
func (j *job) compactIfDue(ctx context.Context) error {
	keep, err := j.keep()
	if err != nil || j.journal.putBack != nil || len(j.journal.missing()) > 0 { // an old copy is not mended
		return err
	}
	due, err := j.journal.due(j.start, j.start.Add(-keep))
	if err == nil && due {
		j.learnTime(ctx)
	}
	cutoff := j.journal.Sure(j.start).Add(-keep)
	if err == nil && due {
		due, err = j.journal.due(j.start, cutoff)
	}
	if err != nil {
		return journalFault(j.journalPath, err)
	}
	if !due {
		return nil
	}
	dropped := 0
	before, after, err := j.journal.rewrite(j.input.Lines(), func(w io.Writer) (err error) {
		dropped, err = j.journal.Compact(w, cutoff, j.start)
		return err
	})
	switch {
	case err != nil && files.Full(err) && j.journal.Journal != nil:
		j.say(report.StartNotCompacted, reasonOf(err))
		return nil
	case err != nil:
		return journalFault(j.journalPath, err)
	}
	j.hear() // it was opened anew
	if dropped > 0 {
		j.say(report.StartLeft, dropped, int(keep/(24*time.Hour)))
	}
	if before >= compactSize {
		j.say(report.StartCompact, before>>20, after>>20)
	}
	return nil
}
