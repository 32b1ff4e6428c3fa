package batch

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// detailedRuns is how many runs of a job keep their course; the earlier ones
// keep their sums.
const detailedRuns = 24

// pagePoints is how many points the course of a whole job has at most, so that
// a page with four charts and their tables stays small.
const pagePoints = 160

// ErrNoRun says that a journal has no run of a job.
var ErrNoRun = errors.New("no run of this job")

// History is the course of one job, as its journal tells it.
type History struct {
	Header journal.Header
	Runs   []RunStart // of the job
	Ends   []*RunEnd  // of Runs; nil if it goes on or was killed
	Jobs   []string   // results files of all runs in the journal, each once

	job     string
	alive   bool // the last run of the job goes on
	text    io.ReaderAt
	ledger  *ledger.Ledger
	courses []*course
	course  *course             // that records belong to; nil while another job runs
	mine    *journey            // of the job
	before  *journey            // of the job before it
	cur     *journey            // that records belong to; nil if they do not matter
	open    map[uint64]struct{} // calls of the run that goes on
	lines   []int32             // of rows, by their number in the ledger
}

// course is what one run did.
type course struct {
	series    series
	calls     int64
	throttled int64
	before    report.Tally // where the rows of the job stood
	after     report.Tally
	slowest   int64 // ms
}

// ReadHistory reads the course of a job from a journal of the given size, which
// another process may be writing to. The job is named by its results file,
// without folder. If the journal has no run of it, the error is ErrNoRun and the
// History tells which jobs there are.
// alive says that the last run of the journal goes on: its calls under way are
// not lost.
func ReadHistory(r io.ReaderAt, size int64, job string, alive bool) (*History, error) {
	h := &History{job: job, text: r, ledger: ledger.New(0), open: map[uint64]struct{}{}}
	var err error
	if h.Header, err = ReadHeader(io.NewSectionReader(r, 0, size)); err != nil {
		return nil, err
	}
	if _, _, err = journal.Read(r, size, h.take); err != nil {
		return nil, err
	}
	if h.alive = alive && h.cur != nil && h.cur.end == nil; h.alive {
		clear(h.open)
	}
	if err := h.endRun(); err != nil {
		return nil, err
	}
	h.text = nil
	if len(h.Runs) == 0 {
		return h, ErrNoRun
	}
	h.alive = h.alive && h.course != nil
	return h, nil
}

// take reads one record. What it does to rows the ledger says, and nobody else.
func (h *History) take(l *journal.Line) error {
	switch l.Record.Kind {
	case ledger.Run:
		var r RunStart
		if err := json.Unmarshal(l.Detail, &r); err != nil {
			return err
		}
		if err := h.endRun(); err != nil {
			return err
		}
		if err := h.ledger.Apply(&l.Record); err != nil {
			return err
		}
		h.beginRun(r)
		return nil
	case ledger.End:
		e := new(RunEnd)
		if err := json.Unmarshal(l.Detail, e); err != nil {
			return err
		}
		if h.cur != nil {
			h.cur.end = e
		}
		if h.course != nil {
			h.Ends[len(h.Ends)-1] = e
		}
		return h.ledger.Apply(&l.Record)
	case 0:
		if h.cur == nil {
			return nil
		}
		var s Sample
		if err := json.Unmarshal(l.Detail, &s); err != nil {
			return err
		}
		h.cur.last.series.sample(time.UnixMilli(s.T), s.Rate, s.InFlight)
		return nil
	}
	return h.follow(l)
}

// beginRun finds out whose run begins.
func (h *History) beginRun(r RunStart) {
	if !slices.Contains(h.Jobs, r.Results) {
		h.Jobs = append(h.Jobs, r.Results)
	}
	h.course, h.cur = nil, nil
	switch {
	case r.Results == h.job:
		if h.mine == nil {
			h.mine = newJourney(r)
		}
		h.cur = h.mine
	case h.mine == nil: // the latest that is not ours is the one before
		if h.before == nil || h.before.results != r.Results {
			h.before = newJourney(r)
		}
		h.cur = h.before
	default:
		return
	}
	c := &course{before: h.cur.tally}
	h.cur.last, h.cur.end = c, nil
	if h.cur == h.mine {
		h.course = c
		h.courses = append(h.courses, c)
		h.Runs, h.Ends = append(h.Runs, r), append(h.Ends, nil)
		if old := len(h.courses) - 1 - detailedRuns; old >= 0 {
			h.courses[old].series = series{}
		}
	}
}

// endRun notes where the rows stand whose calls a run left open.
func (h *History) endRun() error {
	for _, number := range slices.Sorted(maps.Keys(h.open)) {
		call, ok := h.ledger.Call(number)
		if !ok {
			continue
		}
		about := h.aboutCall(&call)
		if h.cur != nil {
			if err := h.stand(h.cur, &about, nil); err != nil {
				return err
			}
		}
		h.passOn(about.holder)
		if h.cur != nil && call.Op == ledger.Bind { // any other is made again, whatever it did
			h.cur.last.calls++ // as far as anybody knows
			left := time.UnixMilli(call.At)
			h.cur.last.series.call(left, false)
			h.cur.last.series.answer(left, 0, false, h.cur.tally)
		}
	}
	clear(h.open)
	if h.cur != nil {
		c := h.cur.last
		c.after = h.cur.tally
		if c.calls > 0 || h.cur.end != nil && h.cur.end.Calls > 0 || h.cur.paced == nil {
			h.cur.paced, h.cur.pacedBy = c, h.cur.end
		}
	}
	return nil
}

// Last is the last run of the job, and its end or nil.
func (h *History) Last() (RunStart, *RunEnd) {
	n := len(h.Runs) - 1
	return h.Runs[n], h.Ends[n]
}

// Page returns the page of the job as far as the journal tells: all of it but
// the words of statuses and reasons, and whatever the results add.
func (h *History) Page(lang report.Lang) *report.Page {
	p := &report.Page{Lang: lang, Source: report.FromJournal, Compacted: h.Header.Compacted}
	most := max(pagePoints/min(len(h.courses), detailedRuns), 4)
	var stood report.Tally
	for i, c := range h.courses {
		start, end := h.Runs[i], h.Ends[i]
		if start.Start.Before(h.Header.Compacted) { // its records are gone
			c.before, c.after = stood, settledBy(end, stood)
		}
		stood = c.after
		r := report.PageRun{
			ID: start.Run, Start: start.Start, End: start.Start, State: report.PageKilled, User: start.User, Input: start.Input, Version: start.Version,
			Calls: c.calls, Throttled: c.throttled, Before: c.before, Settled: c.after, PointsBefore: i < len(h.courses)-detailedRuns,
			Points: c.series.points(most, c.before),
		}
		if c.series.last.After(r.End) {
			r.End = c.series.last
		}
		if end != nil {
			r.State, r.Status, r.End, r.Calls, r.Retries = report.PageEnded, end.Status, end.End, end.Calls, end.Retries
			if m := end.Summary; m != nil {
				r.Throttled, r.Limit, r.Peak = m.Throttled, m.Limit, m.PeakRate
			}
		}
		if end == nil && h.alive && i == len(h.courses)-1 {
			r.State = report.PageRunning
		}
		p.Runs = append(p.Runs, r)
	}
	p.P50, p.P99 = h.latencies()
	p.State = p.Runs[len(p.Runs)-1].State
	if _, end := h.Last(); end != nil && end.Summary != nil {
		p.Source = report.FromEnd
	}
	p.Summary = h.summary(lang)
	p.Failures = h.failures(p.Summary, lang)
	p.Before = h.compare()
	return p
}

// settledBy is where the rows that were sent stood when a run ended; before is
// where they stood when it began.
func settledBy(end *RunEnd, before report.Tally) (t report.Tally) {
	if end == nil {
		return before
	}
	for _, status := range []report.Status{report.Bound, report.Failed, report.Unknown, report.Released} {
		t[status] = end.Counts[status.String()]
	}
	return t
}
