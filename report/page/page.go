package page

import (
	"crypto/sha256"
	_ "embed" // the page's form and dress
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"axgbind/report"
)

// Page is all that the page of a batch shows, as plain values. Whoever fills it
// has masked the numbers in it already. The zero Page but for Summary is a batch
// without a run.
type Page struct {
	Lang    report.Lang
	Summary *report.Summary // of the batch after its last run
	Words   string          // where the batch stands, in words: the exit status, running, killed
	Stop    string          // why the last run stopped, in words; blank if every row had its turn
	State   State           // of the last run
	Source  Source
	Made    time.Time // when the page was made
	Version string    // of the program that made it

	Runs      []Run     // oldest first
	P50, P99  float64   // latency of the answers in Runs, in milliseconds; 0: there were none
	Compacted time.Time // what was sent before may be missing from Runs; zero: never
	Failures  []Failure // one for each of Summary.Failures, in its order
	Pools     Places
	Groups    Places
	Cities    Places
	Before    *Before // the last night; nil if the journal knows none
}

// State is what the last run of a batch does.
type State uint8

const (
	Ended   State = iota // in good order
	Running              // while the page was made
	Killed               // it did not tell its end
)

// Source is where the counts of a page come from.
type Source uint8

const (
	FromResults Source = iota // the results file that the last run wrote
	FromEdited                // a results file that somebody changed since
	FromEnd                   // what the last run said of itself; its results are not there
	FromJournal               // the records of the journal: the last run has not told its end
)

// Tally counts rows by their Status.
type Tally [report.NumStatuses]int

// Run is one run of a batch.
type Run struct {
	ID           string
	Start        time.Time
	End          time.Time // of the last sign of life if it was killed or goes on
	State        State
	Status       int    // exit status, if it ended
	Words        string // how it ended
	User, Input  string
	Version      string
	Calls        int64
	Retries      int64 // meaningful only if it ended
	Throttled    int64
	Limit        float64 // --rate, calls/s; 0: not known
	Peak         int     // most releases in any sliding second; 0: not known
	Before       Tally   // where the rows that were sent stood when it began
	Settled      Tally   // and when it was over
	Points       []Point // in order of time, without holes; none if nothing was sent
	PointsBefore bool    // Points were left out: only the latest runs have them
}

// Point is a stretch of a run.
type Point struct {
	At        time.Time // where it begins
	Span      time.Duration
	Calls     int     // that left in it
	Throttled int     // of the answers that came to them
	Answers   int     // that came; of those are the latencies
	P50, P99  float64 // in milliseconds, within 4%; 0 without answers
	Limit     float64 // calls/s in force at its end; 0: not known
	InFlight  int     // most that were seen, once a second; -1: nobody looked
	Stands    Tally
}

// Failure is a code that rows ended with: what it means, what helps, and
// the first of the rows.
type Failure struct {
	report.Failure
	Cause, Cure string
	Rows        []Row
}

// Row is one row as the results have it.
type Row struct {
	Line      int
	A         string // masked
	Group     string
	RequestID string
	Attempts  int
	Finished  time.Time // zero if no call was made
	Reason    string    // what the code's meaning does not say; blank if nothing
}

// Places are the rows of a batch by pool, group or city.
type Places struct {
	Known bool // the results have such a column
	Top   []Place
	Rest  Place // all others, as one; its Name is blank
	More  int   // how many others there are with failures
}

// Place is one pool, group or city. Name is blank for rows without one.
type Place struct {
	Name   string
	Counts Tally
}

// Failures counts the rows that somebody has to look at.
func (p Place) Failures() int {
	return p.Counts[report.Failed] + p.Counts[report.Invalid] + p.Counts[report.Held] + p.Counts[report.Unknown]
}

// Rows counts all rows.
func (p Place) Rows() int {
	n := 0
	for _, c := range p.Counts {
		n += c
	}
	return n
}

// Before compares a batch with the one before it in the same journal: the
// last night.
type Before struct {
	Then, Now Night
	NewCodes  []string // that rows end with now and did not then, most frequent first
	Gone      []string // that they do not end with any more
	Again     int      // rows of the same pool, A and group that are FAILED or UNKNOWN in both
	Lines     []int    // where the first of them stand now
}

// Night is one side of a comparison. Rows that were never sent do not count.
type Night struct {
	Results                string
	Start                  time.Time
	Bound, Failed, Unknown int
	Calls, Throttled       int64
	Average                float64 // calls/s of the last run
	P50, P99               float64 // ms, of the last run
}

//go:embed page.css
var pageStyle string

//go:embed page.html
var pageForm string

// Mark stands near the beginning of every page, for whoever is about to
// overwrite one.
const Mark = `<meta name="generator" content="axgbind`

// WriteHTML writes the page as one HTML file that loads nothing: no script, no
// font, no picture from elsewhere, which its policy tells the browser too.
// html/template escapes whatever a service or a file's name brings along, and
// what cannot be seen is left out.
func (p *Page) WriteHTML(w io.Writer) error {
	p = p.shown()
	form, err := template.New("page").Funcs(p.functions()).Parse(pageForm)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(pageStyle))
	view := p.view()
	view.Style = template.CSS(pageStyle)
	view.Policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	b := &strings.Builder{}
	if err := form.Execute(b, view); err != nil {
		return err
	}
	_, err = io.WriteString(w, report.PlainLines(b.String()))
	return err
}

// shown is the page with every text in it that may not be ours as it may leave,
// whatever journal or results it was read from.
func (p *Page) shown() *Page {
	q := *p
	q.Summary = p.Summary.Masked()
	q.Words, q.Stop, q.Version = report.Shown(p.Words), report.Shown(p.Stop), report.Shown(p.Version)
	q.Runs = slices.Clone(p.Runs)
	for i := range q.Runs {
		r := &q.Runs[i]
		r.ID, r.Words, r.User, r.Input, r.Version = report.Plain(r.ID), report.Shown(r.Words), report.Shown(r.User), report.Shown(r.Input), report.Shown(r.Version)
	}
	q.Failures = slices.Clone(p.Failures)
	for i := range q.Failures {
		f := &q.Failures[i]
		f.Failure, f.Cause, f.Cure, f.Rows = f.Failure.Masked(), report.Shown(f.Cause), report.Shown(f.Cure), slices.Clone(f.Rows)
		for k := range f.Rows {
			r := &f.Rows[k]
			r.A, r.Group, r.RequestID, r.Reason = report.Shown(r.A), report.Shown(r.Group), report.Shown(r.RequestID), report.Shown(r.Reason)
		}
	}
	q.Pools, q.Groups, q.Cities = p.Pools.shown(), p.Groups.shown(), p.Cities.shown()
	if p.Before != nil {
		b := *p.Before
		b.Then.Results, b.Now.Results = report.Shown(b.Then.Results), report.Shown(b.Now.Results)
		b.NewCodes, b.Gone = shownAll(b.NewCodes), shownAll(b.Gone)
		q.Before = &b
	}
	return &q
}

func (p Places) shown() Places {
	p.Top = slices.Clone(p.Top)
	for i := range p.Top {
		p.Top[i].Name = report.Shown(p.Top[i].Name)
	}
	return p
}

func shownAll(texts []string) []string {
	all := slices.Clone(texts)
	for i, s := range all {
		all[i] = report.Shown(s)
	}
	return all
}
