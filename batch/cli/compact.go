package cli

import (
	"context"
	"io"
	"time"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/store"
	"axgbind/report"
)

// compactIfDue compacts the journal and says so. What leaves it did so long ago by the
// service's time: this machine's clock only says when it is worth asking. Where the disk
// has no room for a second journal, the one that is there does.
func (j *job) compactIfDue(ctx context.Context) error {
	keep, err := j.Keep()
	if err != nil || j.journal.PutBack != nil || len(j.journal.Missing()) > 0 { // an old copy is not mended
		return err
	}
	due, err := j.journal.Due(j.start, j.start.Add(-keep))
	if err == nil && due {
		j.learnTime(ctx)
	}
	cutoff := j.journal.Sure(j.start).Add(-keep)
	if err == nil && due {
		due, err = j.journal.Due(j.start, cutoff)
	}
	if err != nil {
		return store.Unread(j.journalPath, err)
	}
	if !due {
		return nil
	}
	dropped := 0
	before, after, err := j.journal.Rewrite(j.input.Lines(), func(w io.Writer) (err error) {
		dropped, err = j.journal.Compact(w, cutoff, j.start)
		return err
	})
	switch {
	case err != nil && files.Full(err) && j.journal.Journal != nil:
		j.Say(report.StartNotCompacted, exit.Reason(err))
		return nil
	case err != nil:
		return store.Unread(j.journalPath, err)
	}
	j.hear() // it was opened anew
	if dropped > 0 {
		j.Say(report.StartLeft, dropped, int(keep/(24*time.Hour)))
	}
	if before >= store.Large {
		j.Say(report.StartCompact, before>>20, after>>20)
	}
	return nil
}
