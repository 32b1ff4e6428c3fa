package cli

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"axgbind/batch"
	"axgbind/report"
)

// identify puts into the summary what an auditor asks for: which run it was,
// who began it with which key, and the digests of what went in and came out.
func (j *job) identify(s *report.Summary, results string) {
	run := j.journal.Runs[len(j.journal.Runs)-1]
	s.Run, s.Commit, s.User, s.Key = run.Run, run.Commit, run.User, j.keyID
	s.InputSHA256, s.ResultsSHA256 = run.Digest, results
}

// runs lists every run of a journal with all that was recorded of it, oldest
// first.
func (a *app) runs(b *strings.Builder, s *batch.Standing) {
	line := func(label report.Phrase, text string) {
		fmt.Fprintf(b, "  %s%s\n", report.Pad(label.In(a.lang), 10), report.Shown(text))
	}
	for i, run := range s.Runs {
		fmt.Fprintf(b, "\n%s\n", report.RunsRun.In(a.lang, report.Whole(run.Run)))
		end := s.Ends[i]
		if end == nil {
			line(report.RunsTime, report.RunsFrom.In(a.lang, beijing(run.Start)))
			line(report.RunsEnded, report.RunsNoEnd.In(a.lang))
		} else {
			line(report.RunsTime, report.RunsFromTo.In(a.lang, beijing(run.Start), beijing(end.End), end.End.Sub(run.Start).Round(time.Second)))
			line(report.RunsEnded, report.ExitLine.In(a.lang, end.Status, a.endInWords(end)))
		}
		who := run.User
		if run.Key != "" {
			who += report.RunsKey.In(a.lang, run.Key)
		}
		line(report.RunsWho, who)
		program := "axgbind " + run.Version
		if run.Commit != "" {
			program += " (" + run.Commit + ")"
		}
		line(report.RunsProgram, program)
		line(report.RunsInput, report.RunsFile.In(a.lang, run.Input, run.Rows, run.Digest))
		switch {
		case end == nil:
			line(report.SumResults, run.Results)
		case end.Digest == "":
			line(report.SumResults, run.Results+report.RunsUnwritten.In(a.lang))
		default:
			line(report.SumResults, report.RunsDigest.In(a.lang, run.Results, end.Digest))
		}
		if end != nil {
			states := report.ShownOf(end.Counts)
			counts := make([]string, len(states))
			for k, status := range states {
				counts[k] = fmt.Sprintf("%s %d", status, end.Counts[status.String()])
			}
			line(report.SumRows, strings.Join(counts, " + "))
			line(report.RunsCalls, report.RunsCallsOf.In(a.lang, end.Calls, end.Retries))
		}
		words := []string{"axgbind"}
		for _, arg := range shownArgs(run.Flags) {
			word, _ := report.Word(runtime.GOOS, arg) // a record of what was typed: numbers in it are masked
			words = append(words, word)
		}
		line(report.RunsCommand, strings.Join(words, " "))
		for _, given := range slices.Sorted(maps.Keys(run.Defaults)) {
			line(report.RunsDefault, given+" -> "+run.Defaults[given])
		}
	}
}

// endInWords is an exit status and the reason for a stop in words.
func (a *app) endInWords(end *batch.RunEnd) string {
	words := statusPhrase(end.Status, "").In(a.lang)
	if end.Summary != nil {
		words = endPhrase(end.Summary).In(a.lang)
	}
	if why := batch.Stop(end.Stop).Phrase(); why != report.NoPhrase {
		words += report.Between.In(a.lang) + why.In(a.lang)
	}
	return words
}

func beijing(t time.Time) string { return t.In(report.Beijing).Format(time.DateTime) }

// standingVersion is the version of status --json. Fields may be added within
// a version; none changes its meaning or leaves.
const standingVersion = 1

// standingJSON is how a job stands, for machines.
type standingJSON struct {
	Version   int            `json:"version"`
	Job       string         `json:"job"`
	Journal   string         `json:"journal"` // file name without folder
	Endpoint  string         `json:"endpoint"`
	Simulated bool           `json:"simulated"`
	State     string         `json:"state"`  // none, running, ended or killed: of the last run
	Counts    map[string]int `json:"counts"` // rows sent at least once, by status
	InFlight  int            `json:"in_flight"`
	Torn      int64          `json:"torn_bytes"`
	Last      *batch.Sample  `json:"last_sample"` // null if there is none
	Runs      []runJSON      `json:"runs"`
}

// runJSON is a run as recorded; numbers in its flags are masked.
type runJSON struct {
	batch.RunStart
	End *batch.RunEnd `json:"end"` // null if it goes on or was killed
}

// shownFields are defaults for people, numbers masked.
func shownFields(fields map[string]string) map[string]string {
	shown := map[string]string{}
	for name, value := range fields {
		_, shown[name], _ = strings.Cut(shownDefault(name+"="+value), "=")
	}
	return shown
}

// writeStanding writes how a job stands as JSON.
func writeStanding(w io.Writer, job, path string, s *batch.Standing, state string) error {
	out := standingJSON{
		Version: standingVersion, Job: report.Shown(job), Journal: report.Shown(filepath.Base(path)), Endpoint: report.Shown(s.Header.Endpoint), Simulated: s.Header.Simulated,
		State: state, Counts: map[string]int{}, InFlight: s.Open, Torn: s.Torn, Runs: []runJSON{},
	}
	for _, status := range report.Statuses {
		if status != report.Invalid && (status != report.Released || s.Rows[status] > 0) { // INVALID is never in a journal
			out.Counts[status.String()] = s.Rows[status]
		}
	}
	if s.Last.T != 0 {
		out.Last = &s.Last
	}
	for i, run := range s.Runs {
		run = shownRun(run)
		end := s.Ends[i]
		if end != nil { // its summary says the same again, with paths
			short := *end
			short.Summary, short.Stop, end = nil, report.Shown(end.Stop), &short
		}
		out.Runs = append(out.Runs, runJSON{run, end})
	}
	return report.WriteJSON(w, out)
}

// shownRun is a run as recorded, for people and for programs that show it to
// some: numbers are masked.
func shownRun(run batch.RunStart) batch.RunStart {
	run.Flags, run.Fields = shownArgs(run.Flags), shownFields(run.Fields)
	for _, text := range []*string{&run.Input, &run.Results, &run.Pool, &run.Key, &run.User, &run.Command} {
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
	run.Defaults, run.Columns = shown(run.Defaults), shown(run.Columns)
	return run
}
