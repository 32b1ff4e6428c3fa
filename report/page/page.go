package page

import (
	"crypto/sha256"
	_ "embed" // the page's form and dress
	"encoding/base64"
	"html/template"
	"io"
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

	Next      report.Advice // what to do now
	Runs      []Run         // oldest first
	Earlier   int           // how many runs came before Runs
	Compacted time.Time     // what was sent before may be missing from Runs; zero: never
	Failures  []Failure     // one for each of Summary.Failures, in its order
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

// Sum counts all.
func (t Tally) Sum() (n int) {
	for _, c := range t {
		n += c
	}
	return n
}

// Run is one run of a batch.
type Run struct {
	Start     time.Time
	End       time.Time // of the last sign of life if it was killed or goes on
	State     State
	Status    int    // exit status, if it ended
	Words     string // how it ended
	Calls     int64
	Throttled int64
	Peak      int     // most releases in any sliding second; 0: not known, as Limit and P99
	Limit     float64 // --rate, calls/s
	P99       float64 // latency in milliseconds
	Before    Tally   // where the rows that were sent stood when it began
	Settled   Tally   // and when it was over
	Points    []Point // in order of time, without holes; none if nothing was sent
}

// Point is a stretch of a run.
type Point struct {
	At    time.Time     // where it begins
	Span  time.Duration // more than none
	Calls Tally         // that left in it, by where their rows stood after them
	Limit float64       // calls/s in force at its end; 0: not known
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
	A         string // masked, in words
	Group     string
	RequestID string
	Attempts  int
	Finished  time.Time // zero if no call was made
	Reason    string    // what the code's meaning does not say; blank if nothing
}

// Places are the pools, groups or cities in which rows failed or were never reached, those
// with the most failures first. The zero Places is that of a batch with only one.
type Places struct {
	Top  []Place
	More int // how many others there are
}

// Place is one pool, group or city. Name is blank for rows without one.
type Place struct {
	Name   string
	Counts Tally
	Never  int // of the rows PENDING, those without a code: no call was made for them
}

// Failures counts the rows with a code that somebody has to look at.
func (p *Place) Failures() int {
	return p.Counts[report.Failed] + p.Counts[report.Invalid] + p.Counts[report.Held] + p.Counts[report.Unknown] + p.Counts[report.Pending] - p.Never
}

// Before is what the batch before in the same journal came to: the last night.
type Before struct {
	Results string
	Start   time.Time
	Codes   []string // that its rows ended with
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
	form, err := template.New("page").Funcs(p.functions()).Option("missingkey=error").Parse(pageForm)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(pageStyle))
	view := p.view()
	view["Style"] = template.CSS(pageStyle)
	view["Policy"] = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	b := &strings.Builder{}
	if err := form.Execute(b, view); err != nil {
		return err
	}
	_, err = io.WriteString(w, report.PlainLines(b.String()))
	return err
}

// shown is the page with what no table shows as it may leave, whatever journal or results
// it was read from.
func (p *Page) shown() *Page {
	q := *p
	q.Summary = p.Summary.Masked()
	q.Words, q.Stop, q.Version = report.Shown(p.Words), report.Shown(p.Stop), report.Shown(p.Version)
	return &q
}
