package manage

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/report"
)

// shownRuns is how many runs of a batch are listed; --json has all.
const shownRuns = 5

// listRuns lists the latest runs of a batch with all that was recorded of them, oldest
// first.
func listRuns(a *command.Invocation, b *strings.Builder, j *books.Journal, id string) {
	line := func(label report.Text, text string) {
		fmt.Fprintf(b, "  %s%s\n", report.Pad(label.In(a.Lang), 10), report.Shown(text))
	}
	runs, ends := j.RunsOf(id)
	from := max(len(runs)-shownRuns, 0)
	for i, run := range runs[from:] {
		fmt.Fprintf(b, "\n%s\n", report.RunsRun.In(a.Lang, report.Whole(run.Run)))
		end := ends[from+i]
		if end == nil {
			line(report.RunsTime, report.RunsFrom.In(a.Lang, command.Beijing(run.Start)))
			line(report.RunsEnded, report.RunsNoEnd.In(a.Lang))
		} else {
			line(report.RunsTime, report.RunsFromTo.In(a.Lang, command.Beijing(run.Start), command.Beijing(end.End), end.End.Sub(run.Start).Round(time.Second)))
			line(report.RunsEnded, report.ExitLine.In(a.Lang, end.Status, endInWords(a, end)))
		}
		who := run.User
		if run.Key != "" {
			who += report.RunsKey.In(a.Lang, run.Key)
		}
		line(report.RunsWho, who)
		program := "axgbind " + run.Version
		if run.Commit != "" {
			program += " (" + run.Commit + ")"
		}
		line(report.RunsProgram, program)
		line(report.RunsInput, report.RunsFile.In(a.Lang, run.Input, run.Rows, run.Digest))
		switch {
		case end == nil:
			line(report.SumResults, run.Results)
		case end.Digest == "":
			line(report.SumResults, run.Results+report.RunsUnwritten.In(a.Lang))
		default:
			line(report.SumResults, report.RunsDigest.In(a.Lang, run.Results, end.Digest))
		}
		if end != nil {
			states := report.ShownOf(end.Counts)
			counts := make([]string, len(states))
			for k, status := range states {
				counts[k] = fmt.Sprintf("%s %d", status.Label(a.Lang), end.Counts[status.String()])
			}
			line(report.SumRows, strings.Join(counts, " + "))
			line(report.RunsCalls, report.RunsCallsOf.In(a.Lang, end.Calls, end.Retries))
		}
		line(report.RunsCommand, typed(&run))
	}
}

// typed is the command line of a run, numbers masked.
func typed(run *books.RunStart) string {
	words := []string{"axgbind"}
	for _, arg := range flags.ShownArgs(run.Flags) {
		word, _ := report.Word(runtime.GOOS, arg)
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// endInWords is an exit status and the reason for a stop in words.
func endInWords(a *command.Invocation, end *books.RunEnd) string {
	words := exit.StatusWords(end.Status).In(a.Lang)
	code := ""
	if end.Summary != nil {
		words, code = exit.Words(end.Summary).In(a.Lang), end.Summary.StopCode
	}
	if why := books.Stop(end.Stop).After(code); why != (report.Text{}) {
		words += report.Between.In(a.Lang) + why.In(a.Lang)
	}
	return words
}

// standingVersion is the version of status --json. Fields may be added within
// a version; none changes its meaning or leaves.
const standingVersion = 2

// standingJSON is how the journal and its batches stand, for machines.
type standingJSON struct {
	Version   int           `json:"version"`
	Journal   string        `json:"journal"` // its path
	ID        string        `json:"id"`      // of the journal
	Simulated bool          `json:"simulated"`
	Running   bool          `json:"running"` // a run has the journal
	Live      int           `json:"live"`    // bindings that --bindings lists without a BATCH
	Torn      int64         `json:"torn_bytes"`
	Last      *books.Sample `json:"last_sample"` // null if there is none
	Batches   []batchJSON   `json:"batches"`     // the one that ran last first; with a BATCH that alone
}

// batchJSON is how a batch stands; numbers in paths are masked.
type batchJSON struct {
	Batch    string         `json:"batch"`
	Command  string         `json:"command"`      // bind, update or unbind
	Of       string         `json:"of,omitempty"` // the batch that an update or unbind is about
	Results  string         `json:"results"`
	State    string         `json:"state"`  // running, ended or killed: its last run
	Counts   map[string]int `json:"counts"` // rows sent at least once, by status
	Lapsed   int            `json:"lapsed"` // of those BOUND: their Expiration has passed
	InFlight int            `json:"in_flight"`
	Passed   []passedJSON   `json:"passed_on,omitempty"` // with a BATCH: bindings that others renewed since
	Runs     []runJSON      `json:"runs"`                // with a BATCH all, else the last; oldest first
}

// passedJSON is how many bindings another batch renewed, and holds.
type passedJSON struct {
	Batch    string `json:"batch"`
	Bindings int    `json:"bindings"`
}

// runJSON is a run as recorded; numbers in it are masked.
type runJSON struct {
	books.RunStart
	End *books.RunEnd `json:"end"` // null if it goes on or was killed
}

// writeStanding writes how the journal stands as JSON: all batches, or one.
func writeStanding(w io.Writer, g *glance, j *books.Journal, s *books.Standing, id string) error {
	out := standingJSON{
		Version: standingVersion, Journal: report.Shown(g.Place.Path), ID: s.Header.ID, Simulated: s.Header.Simulated,
		Running: g.held, Live: s.Live, Torn: s.Torn, Batches: []batchJSON{},
	}
	if s.Last.T != 0 {
		out.Last = &s.Last
	}
	for i := range s.Batches {
		if c := &s.Batches[i]; id == "" {
			out.Batches = append(out.Batches, batchOf(g, j, c, []books.RunStart{c.Last}, []*books.RunEnd{c.End}))
		} else if c.ID == id {
			runs, ends := j.RunsOf(id)
			b := batchOf(g, j, c, runs, ends)
			for _, to := range j.Passed(id) {
				b.Passed = append(b.Passed, passedJSON{report.Plain(to.To), to.Bindings})
			}
			out.Batches = append(out.Batches, b)
		}
	}
	return report.WriteJSON(w, out)
}

// batchOf is how a batch stands, with these of its runs.
func batchOf(g *glance, j *books.Journal, c *books.BatchStanding, runs []books.RunStart, ends []*books.RunEnd) batchJSON {
	b := batchJSON{
		Batch: report.Plain(c.ID), Command: report.Plain(c.First.Command), Of: report.Plain(c.Last.Of), Results: report.Shown(c.Last.Results), State: g.stateOf(j, &c.BatchInfo),
		Counts: map[string]int{}, Lapsed: c.Lapsed, InFlight: c.Open,
	}
	for _, status := range report.Statuses {
		if status != report.Invalid && status != report.Held { // they are never in a journal
			b.Counts[status.String()] = c.Rows[status]
		}
	}
	for i, run := range runs {
		end := ends[i]
		if end != nil { // its summary says the same again
			short := *end
			short.Summary, short.Stop, end = nil, report.Shown(end.Stop), &short
		}
		b.Runs = append(b.Runs, runJSON{shownRun(run), end})
	}
	return b
}

// shownRun is a run as recorded, for people and for programs that show it to
// some: numbers are masked.
func shownRun(run books.RunStart) books.RunStart {
	run.Flags, run.Fields = flags.ShownArgs(run.Flags), flags.ShownFields(run.Fields)
	for _, text := range []*string{&run.Endpoint, &run.Input, &run.Results, &run.Pool, &run.Key, &run.User, &run.Command} {
		*text = report.Shown(*text)
	}
	shown := func(m map[string]string) map[string]string {
		if m == nil {
			return nil
		}
		c := map[string]string{}
		for name, value := range m {
			c[report.Shown(name)] = report.Shown(value)
		}
		return c
	}
	run.Columns = shown(run.Columns)
	return run
}
