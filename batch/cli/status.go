package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch"
	"axgbind/batch/journal"
	"axgbind/report"
)

// aliveFor is how long after its last sample a run counts as alive: it writes
// one a second.
const aliveFor = 5 * time.Second

func (a *app) statusCommand() *cobra.Command {
	var journal string
	var runs, asJSON bool
	c := &cobra.Command{
		Use:     "status JOB",
		Short:   report.HelpStatus.In(a.lang),
		Long:    report.HelpStatusLong.In(a.lang),
		Example: report.HelpStatusExample.In(a.lang),
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			path := journal
			if path == "" {
				results, err := resolve(args[0])
				if err != nil {
					return refuse(statusUsage, report.ErrNoJob, args[0]+journalEnding)
				}
				path = a.journalOf(results)
			}
			return a.standing(args[0], path, time.Now(), runs, asJSON)
		},
	}
	c.Flags().StringVar(&journal, "journal", "", report.FlagJournal.In(a.lang))
	c.Flags().BoolVar(&runs, "runs", false, report.FlagRuns.In(a.lang))
	c.ValidArgsFunction = oneFile
	c.Flags().BoolVar(&asJSON, "json", false, report.FlagJSON.In(a.lang))
	a.completeFlags(c)
	return c
}

// standing prints how a job stands, with runs every run of it. It takes no lock: a lock held for a moment
// could turn a run that starts in it away.
func (a *app) standing(job, path string, now time.Time, runs, asJSON bool) error {
	f, err := openRegular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return refuse(statusUsage, report.ErrNoJob, path)
	}
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, path, reasonOf(err))
	}
	s, err := batch.ReadStanding(f, info.Size())
	if err != nil {
		return journalFault(path, err)
	}
	if asJSON {
		err := writeStanding(a.stdout, job, path, s, stateOf(s, info.ModTime(), now))
		if err != nil {
			return refuse(statusError, report.ErrWrite, "stdout", reasonOf(err))
		}
		return nil
	}
	b := &strings.Builder{}
	say := func(p report.Phrase, args ...any) { fmt.Fprintln(b, p.In(a.lang, args...)) }
	say(report.StatusJob, job, filepath.Base(path))
	if s.Header.Simulated {
		fmt.Fprintf(b, "  %s\n", report.SumSimulated.In(a.lang))
	}
	say(report.StatusKnown, s.Rows[report.Bound], s.Rows[report.Failed], s.Rows[report.Unknown], s.Rows[report.Pending], s.Open)
	if n := s.Rows[report.Released]; n > 0 {
		say(report.StatusReleased, n)
	}
	if len(s.Runs) == 0 {
		say(report.StatusNoRun)
	} else {
		a.lastRun(b, s, path, info.ModTime(), now)
	}
	if runs {
		a.runs(b, s)
	}
	if _, err := fmt.Fprint(a.stdout, b.String()); err != nil {
		return refuse(statusError, report.ErrWrite, "stdout", reasonOf(err))
	}
	return nil
}

// lastRun says how the last run goes, or went.
func (a *app) lastRun(b *strings.Builder, s *batch.Standing, path string, written, now time.Time) {
	say := func(p report.Phrase, args ...any) { fmt.Fprintln(b, p.In(a.lang, args...)) }
	run := s.Runs[len(s.Runs)-1]
	say(report.StatusRows, run.Rows, run.Input)
	say(report.StatusRuns, len(s.Runs), beijing(s.Runs[0].Start))
	if s.Last.T >= run.Start.UnixMilli() {
		say(report.StatusPace, s.Last.Calls, s.Last.Throttled, s.Last.Rate, s.Last.InFlight, s.Last.P50, s.Last.P99)
	}
	age := now.Sub(written).Round(time.Second)
	switch stateOf(s, written, now) {
	case stateEnded:
		say(report.StatusEnded, beijing(s.Ended.End), s.Ended.Status, a.endInWords(s.Ended))
	case stateRunning:
		say(report.StatusRunning, beijing(run.Start), age)
		if who := readHolder(path); who != nil {
			say(report.StatusHolder, *who)
		}
	default:
		say(report.StatusDied, beijing(run.Start), age)
	}
}

// What the last run of a journal does, in the words of status --json.
const (
	stateNone    = "none" // no run was recorded
	stateRunning = "running"
	stateEnded   = "ended"
	stateKilled  = "killed"
)

// stateOf tells it from the journal and the time it was last written to.
func stateOf(s *batch.Standing, written, now time.Time) string {
	switch {
	case len(s.Runs) == 0:
		return stateNone
	case s.Ended != nil:
		return stateEnded
	case now.Sub(written).Round(time.Second) <= aliveFor:
		return stateRunning
	}
	return stateKilled
}

// readHolder is who holds, or held, a journal's lock; nil if that cannot be read.
func readHolder(path string) *report.Said {
	var h holder
	f, err := openOwn(path+journal.LockEnding, os.O_RDONLY)
	if err != nil {
		return nil
	}
	defer f.Close()
	if json.NewDecoder(io.LimitReader(f, 4<<10)).Decode(&h) != nil {
		return nil
	}
	who := report.Say(report.HolderLine, h.PID, h.Host, h.Start.In(report.Beijing).Format(time.RFC3339))
	return &who
}
