package manage

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/output"
	"axgbind/batch/cli/store"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/report"
)

// Status is the command that tells how the batches of a journal stand.
func Status(a *command.Invocation) *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:     "status [BATCH]",
		Short:   report.HelpStatus.In(a.Lang),
		Long:    report.HelpStatusLong.In(a.Lang),
		Example: report.HelpStatusExample.In(a.Lang),
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if v.Bindings && v.JSON {
				return exit.Refuse(exit.Usage, report.ErrFlagClash, "bindings", "json")
			}
			return standing(a, v.Journal, strings.Join(args, ""), v.Bindings, v.JSON, time.Now())
		},
	}
	c.ValidArgsFunction = flags.OneFile
	flags.Add(c, flags.Status, v, a.Lang)
	return c
}

// standing prints how the batches of the journal stand, or the one that a name says;
// or it lists the bindings that live.
func standing(a *command.Invocation, flag, name string, bindings, asJSON bool, now time.Time) error {
	g, err := glanceAt(a, flag, name)
	if err != nil {
		return err
	}
	defer g.Close()
	known, err := books.Read(g.File, g.Size, g.newTrail())
	if err != nil {
		return store.Unread(g.Place.Path, err)
	}
	g.look(known)
	doubt(a, g, known.Runs)
	id := ""
	if name != "" {
		if id, _, err = findBatch(a, g, known.Runs, name, known.BatchOfResults); err != nil {
			return err
		}
	}
	if bindings {
		return listBindings(a, g, known, id, now)
	}
	s := known.Standing(now)
	b := &strings.Builder{}
	switch {
	case asJSON:
		err = writeStanding(b, g, known, s, id)
	case id != "":
		oneBatch(a, b, g, known, s, id)
	default:
		allBatches(a, b, g, known, s)
	}
	if err == nil {
		_, err = io.WriteString(a.Stdout, b.String())
	}
	if err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	return nil
}

// glance is a journal that is only looked at, and what is told of it.
type glance struct {
	*store.Sight
	held  bool           // a run has it
	trail *journal.Trail // of the journal as it was read last
}

// newTrail is for whoever reads the journal now.
func (g *glance) newTrail() *journal.Trail {
	g.trail = journal.NewTrail(g.Lock)
	return g.trail
}

// glanceAt opens the journal at the place that a flag names, or else the one that
// every batch uses. A batch that it does not know may be a simulator's, whose journal
// stands in the same folder or beside the results, unless the flag names one file.
// Of several simulators the one that ran last is meant, also where nothing was ever
// bound for real, or the one that answers at AXGBIND_ENDPOINT. A real journal that was
// carried away or lost is said to be, whatever simulators there are.
func glanceAt(a *command.Invocation, flag, name string) (*glance, error) {
	p, err := a.Places().Find(flag)
	if err != nil {
		return nil, err
	}
	if endpoint := a.Getenv(flags.Variable("endpoint")); endpoint != "" && !store.NamesFile(p.Given) {
		instance, err := a.InstanceOf(context.Background(), endpoint)
		if err != nil {
			return nil, err
		}
		if instance != "" {
			p.Path = store.SimulatedPath(p, instance)
		}
	}
	if s, _ := store.LockState(p.Path); name == "" && !files.Exists(p.Path) && s.Moved == "" && s.Had() == 0 && !store.NamesFile(p.Given) {
		if list := newestFirst(store.Simulated(p.Dir())); len(list) > 0 {
			p.Path = list[0]
		}
	}
	if name != "" && !store.NamesFile(p.Given) && !knows(p.Path, name) {
		others := store.Simulated(p.Dir())
		if path, err := files.Absolute(name); err == nil {
			others = append(others, path+store.Ending)
		}
		others = newestFirst(others)
		if i := slices.IndexFunc(others, func(path string) bool { return knows(path, name) }); i >= 0 {
			p = store.Place{Path: others[i]}
		}
	}
	return openGlance(p)
}

// newestFirst sorts journals by when they were written to last.
func newestFirst(paths []string) []string {
	slices.SortStableFunc(paths, func(a, b string) int { return modified(b).Compare(modified(a)) })
	return paths
}

// modified is when a file was written to last; the zero time if that is not known.
func modified(path string) time.Time {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// openGlance opens the journal at a place.
func openGlance(p store.Place) (*glance, error) {
	sight, err := store.Look(p)
	if err != nil {
		return nil, err
	}
	g := &glance{Sight: sight, held: held(p.Path)}
	if info, err := sight.Stat(); err == nil { // what a run that has ended wrote is read
		sight.Size = info.Size()
	}
	return g, nil
}

// look asks again whether a run has the journal, if the last one in it has no end:
// it may have begun since.
func (g *glance) look(j *books.Journal) {
	if len(j.Runs) > 0 && j.Ended == nil && !g.held {
		g.held = held(g.Place.Path)
	}
}

// held reports whether a run goes on in the journal at path. One whose lock cannot be
// asked for counts as free.
func held(path string) bool {
	yes, err := journal.Running(path)
	return err == nil && yes
}

// findBatch finds the batch that a name says: the path of its results, its id, or
// the path of results that were moved, by their rows. path is where its results
// stand, or stood; blank if that is not known.
func findBatch(a *command.Invocation, g *glance, runs []books.RunStart, name string, recognise func(*input.Input) (string, error)) (id, path string, err error) {
	if id, path = batchNamed(runs, name); id != "" {
		return id, path, nil
	}
	path, _ = files.Absolute(name)
	none := exit.Refuse(exit.Usage, report.ErrNoBatch, name, a.Shown(g.Place.Path))
	f, err := files.OpenRegular(name)
	if err != nil {
		return "", "", none
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", "", none
	}
	in, err := output.OpenResults(f, info.Size(), input.Options{})
	if err != nil || !in.IsResults() {
		return "", "", none
	}
	if id, err = recognise(in); err != nil {
		return "", "", exit.Refuse(exit.Usage, report.ErrPageResults, name, exit.Reason(err))
	}
	if id == "" {
		return "", "", none
	}
	return id, path, nil
}

// batchNamed is the batch whose results stand at a path, or whose id a name is, and
// the path; blank if it is not known.
func batchNamed(runs []books.RunStart, name string) (id, path string) {
	if path, err := files.Absolute(name); err == nil {
		if r, ok := books.RunAt(runs, path); ok {
			return r.Batch, path
		}
	}
	r := store.LastRun(runs, name)
	if path = r.Results; books.PathID(path) != r.Path { // numbers in it are masked
		path = ""
	}
	return r.Batch, path
}

// knows reports whether the journal at a path has a batch of that name.
func knows(path, name string) bool {
	f, err := files.OpenRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	_, runs, err := books.ReadRuns(f)
	id, _ := batchNamed(runs, name)
	return err == nil && id != ""
}

// What the last run of a batch does, in the words of status --json.
const (
	stateRunning = "running"
	stateEnded   = "ended"
	stateKilled  = "killed"
)

// stateOf tells what the last run of a batch does.
func (g *glance) stateOf(j *books.Journal, b *books.BatchInfo) string {
	switch {
	case b.End != nil:
		return stateEnded
	case g.held && b.Last.Run == j.Runs[len(j.Runs)-1].Run:
		return stateRunning
	}
	return stateKilled
}

// allBatches prints how the journal stands and each of its batches.
func allBatches(a *command.Invocation, b *strings.Builder, g *glance, j *books.Journal, s *books.Standing) {
	say := func(p report.Text, args ...any) { fmt.Fprintln(b, p.In(a.Lang, args...)) }
	say(report.StatusJournal, g.Place.Path, report.Whole(s.Header.ID))
	if s.Header.Simulated {
		fmt.Fprintf(b, "  %s\n", report.SumSimulated.In(a.Lang))
	}
	if len(s.Batches) == 0 {
		say(report.StatusNoRun)
		return
	}
	last := &s.Batches[0]
	say(report.StatusLast, command.Beijing(last.Last.Start), cmdOf(&last.Last), report.Whole(last.ID))
	sayLast(a, b, g, j, &last.BatchInfo)
	say(report.StatusLive, s.Live)
	say(report.StatusBatches, len(s.Batches))
	for i := range s.Batches {
		c := &s.Batches[i]
		fmt.Fprintf(b, "\n%s\n", report.StatusBatch.In(a.Lang, report.Whole(c.ID), cmdOf(&c.First), c.Last.Results))
		listRows(a, b, c)
		sayLast(a, b, g, j, &c.BatchInfo)
	}
}

// oneBatch prints how a batch stands.
func oneBatch(a *command.Invocation, b *strings.Builder, g *glance, j *books.Journal, s *books.Standing, id string) {
	say := func(p report.Text, args ...any) { fmt.Fprintln(b, p.In(a.Lang, args...)) }
	var c *books.BatchStanding
	results := make(map[string]string, len(s.Batches)) // where they stand, numbers masked
	for i := range s.Batches {
		b := &s.Batches[i]
		if results[b.ID] = b.Last.Results; b.ID == id {
			c = b
		}
	}
	say(report.StatusBatch, report.Whole(id), cmdOf(&c.First), c.Last.Results)
	if s.Header.Simulated {
		fmt.Fprintf(b, "  %s\n", report.SumSimulated.In(a.Lang))
	}
	say(report.StatusOfJournal, g.Place.Path)
	if of := c.Last.Of; of != "" {
		say(report.StatusOf, report.Whole(of), results[of])
	}
	say(report.StatusRows, c.Last.Rows, c.Last.Input)
	listRows(a, b, c)
	for _, to := range j.Passed(id) {
		say(report.StatusPassed, to.Bindings, report.Whole(to.To), results[to.To])
	}
	say(report.StatusRuns, c.Runs, command.Beijing(c.First.Start))
	if s.Last.T >= c.Last.Start.UnixMilli() && c.ID == s.Batches[0].ID {
		say(report.StatusPace, s.Last.Calls, s.Last.Throttled, s.Last.Rate, s.Last.InFlight, s.Last.P50, s.Last.P99)
	}
	sayLast(a, b, g, j, &c.BatchInfo)
	if g.stateOf(j, &c.BatchInfo) == stateEnded {
		sayNext(a, b, c.End.Summary)
	}
	listRuns(a, b, j, id)
}

// sayNext lists the commands with which the end of a run said to go on. One in which a
// number is masked could not be typed.
func sayNext(a *command.Invocation, b *strings.Builder, s *report.Summary) {
	if s == nil || len(s.NextCommands) == 0 || slices.ContainsFunc(s.NextCommands, report.Masked) {
		return
	}
	fmt.Fprintln(b, report.StatusNext.In(a.Lang))
	for _, line := range s.NextCommands {
		fmt.Fprintf(b, "  %s\n", report.Plain(line))
	}
}

// listRows prints where the rows of a batch stand.
func listRows(a *command.Invocation, b *strings.Builder, c *books.BatchStanding) {
	bound := c.Rows[report.Bound]
	fmt.Fprintln(b, report.StatusKnown.In(a.Lang, bound, bound-c.Lapsed, c.Lapsed, c.Rows[report.Failed], c.Rows[report.Unknown], c.Rows[report.Pending], c.Open))
	if n := c.Rows[report.Released]; n > 0 {
		fmt.Fprintln(b, report.StatusReleased.In(a.Lang, n))
	}
}

// sayLast prints how the last run of a batch goes, or went.
func sayLast(a *command.Invocation, b *strings.Builder, g *glance, j *books.Journal, c *books.BatchInfo) {
	say := func(p report.Text, args ...any) { fmt.Fprintln(b, p.In(a.Lang, args...)) }
	switch g.stateOf(j, c) {
	case stateEnded:
		say(report.StatusEnded, command.Beijing(c.End.End), c.End.Status, endInWords(a, c.End))
	case stateRunning:
		say(report.StatusRunning, command.Beijing(c.Last.Start))
		say(report.StatusHolder, store.HolderOf(g.Place.Path))
	default:
		say(report.StatusDied, command.Beijing(c.Last.Start))
	}
}

// cmdOf is the command of a run.
func cmdOf(r *books.RunStart) report.Whole { return report.Whole(r.Command) }
