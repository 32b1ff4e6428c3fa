package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch"
	"axgbind/report"
)

// aliveFor is how long after its last sample a run counts as alive: it writes
// one a second.
const aliveFor = 5 * time.Second

func (a *app) statusCommand() *cobra.Command {
	var journal string
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
				path = results + journalEnding
			}
			return a.standing(args[0], path, time.Now())
		},
	}
	c.Flags().StringVar(&journal, "journal", "", report.FlagJournal.In(a.lang))
	return c
}

// standing prints how a job stands. It takes no lock: a lock held for a moment
// could turn a run that starts in it away.
func (a *app) standing(job, path string, now time.Time) error {
	f, err := os.Open(path)
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
	b := &strings.Builder{}
	say := func(p report.Phrase, args ...any) { fmt.Fprintln(b, p.In(a.lang, args...)) }
	say(report.StatusJob, job, filepath.Base(path))
	if s.Header.Simulated {
		fmt.Fprintf(b, "  %s\n", report.SumSimulated.In(a.lang))
	}
	say(report.StatusKnown, s.Rows[report.Bound], s.Rows[report.Failed], s.Rows[report.Unknown], s.Rows[report.Pending], s.Open)
	if len(s.Runs) == 0 {
		say(report.StatusNoRun)
	} else {
		a.lastRun(b, s, path, info.ModTime(), now)
	}
	if _, err := fmt.Fprint(a.stdout, b.String()); err != nil {
		return refuse(statusError, report.ErrWrite, "stdout", reasonOf(err))
	}
	return nil
}

// lastRun says how the last run goes, or went.
func (a *app) lastRun(b *strings.Builder, s *batch.Standing, path string, written, now time.Time) {
	say := func(p report.Phrase, args ...any) { fmt.Fprintln(b, p.In(a.lang, args...)) }
	at := func(t time.Time) string { return t.In(report.Beijing).Format(time.DateTime) }
	run := s.Runs[len(s.Runs)-1]
	say(report.StatusRows, run.Rows, run.Input)
	say(report.StatusRuns, len(s.Runs), at(s.Runs[0].Start))
	if s.Last.T >= run.Start.UnixMilli() {
		say(report.StatusPace, s.Last.Calls, s.Last.Throttled, s.Last.Rate, s.Last.InFlight, s.Last.P50, s.Last.P99)
	}
	age := now.Sub(written).Round(time.Second)
	switch {
	case s.Ended != nil:
		words := statusPhrase(s.Ended.Status, false).In(a.lang)
		if why := batch.Stop(s.Ended.Stop).Phrase(); why != report.NoPhrase {
			words += report.Between.In(a.lang) + why.In(a.lang)
		}
		say(report.StatusEnded, at(s.Ended.End), s.Ended.Status, words)
	case age <= aliveFor:
		say(report.StatusRunning, at(run.Start), age)
		if who := readHolder(path); who != nil {
			say(report.StatusHolder, *who)
		}
	default:
		say(report.StatusDied, at(run.Start), age)
	}
}

// readHolder is who holds, or held, a journal's lock; nil if that cannot be read.
func readHolder(path string) *report.Said {
	var h holder
	text, err := os.ReadFile(path + lockEnding)
	if err != nil || json.Unmarshal(text, &h) != nil {
		return nil
	}
	who := report.Say(report.HolderLine, h.PID, h.Host, h.Start.In(report.Beijing).Format(time.RFC3339))
	return &who
}
