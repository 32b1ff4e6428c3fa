package cli

import (
	"os"
	"time"

	"axgbind/batch"
	"axgbind/report"
)

// A journal is compacted when it has grown to compactSize and was neither
// begun nor compacted within compactEvery. Rows leave it that lapsed more than
// keepLapsed ago; until then results can still be written anew from it.
const (
	compactSize  = 64 << 20 // bytes
	compactEvery = 7 * 24 * time.Hour
	keepLapsed   = 30 * 24 * time.Hour
)

// due reports whether the journal is to be compacted now.
func (j *journalFile) due(now time.Time) bool {
	size, err := j.place.Length()
	if err != nil || size < compactSize {
		return false
	}
	since := j.Header.Created
	if j.Header.Compacted.After(since) {
		since = j.Header.Compacted
	}
	return now.Sub(since) >= compactEvery
}

// compact replaces the journal by one without its lapsed rows: written beside
// it, synced, renamed, so that a crash leaves either whole. The lock is held
// all the while. It returns how many rows left and the sizes before and after.
func (j *journalFile) compact(now time.Time, rows int) (dropped int, before, after int64, err error) {
	if before, err = j.place.Length(); err != nil {
		return 0, 0, 0, err
	}
	r, err := replace(j.path, 0o600)
	if err != nil {
		return 0, 0, 0, err
	}
	if dropped, err = j.Compact(r, now.Add(-keepLapsed), now); err != nil {
		r.discard()
		return 0, 0, 0, err
	}
	if err := r.seal(); err != nil {
		return 0, 0, 0, err
	}
	// Windows renames onto no open file, so the old one is closed first.
	if err := j.Journal.Close(); err != nil {
		r.discard()
		return 0, 0, 0, err
	}
	j.Journal = nil
	j.place.Use(nil)
	if err := r.rename(j.path); err != nil {
		r.discard()
		return 0, 0, 0, err
	}
	file, err := openOwn(j.path, os.O_RDWR|os.O_APPEND)
	if err != nil {
		return 0, 0, 0, err
	}
	j.place.Use(file)
	if after, err = j.place.Length(); err != nil {
		return 0, 0, 0, err
	}
	options, err := j.options()
	if err != nil {
		return 0, 0, 0, err
	}
	j.Journal, err = batch.OpenJournal(j.place, options, rows)
	return dropped, before, after, err
}

// compactIfDue compacts the journal and says so.
func (j *job) compactIfDue() error {
	if !j.journal.due(j.start) {
		return nil
	}
	dropped, before, after, err := j.journal.compact(j.start, j.input.Lines())
	if err != nil {
		return journalFault(j.journalPath, err)
	}
	j.say(report.StartCompact, dropped, before>>20, after>>20)
	return nil
}
