package history

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
	"axgbind/report/page"
)

// detailedRuns is how many runs of a batch keep their course; the earlier ones
// keep their sums.
const detailedRuns = 24

// pagePoints is how many points the course of a whole batch has at most, so that
// a page with four charts and their tables stays small.
const pagePoints = 160

// ErrNoRun says that a journal has no run of a batch.
var ErrNoRun = errors.New("no run of this batch")

// History is the course of one batch, as the journal tells it.
type History struct {
	Header journal.Header
	Runs   []books.RunStart // of the batch
	Ends   []*books.RunEnd  // of Runs; nil if it goes on or was killed

	batch   string
	earlier string // the batch that it is compared with; blank: none
	alive   bool   // the last run of the batch goes on
	text    io.ReaderAt
	ledger  *ledger.Ledger
	courses []*runCourse
	course  *runCourse          // that records belong to; nil while another batch runs
	mine    *batchCourse        // of the batch
	before  *batchCourse        // of the earlier one
	cur     *batchCourse        // that records belong to; nil if they do not matter
	open    map[uint64]struct{} // calls of the run that goes on
	lines   []int32             // of rows, by their number in the ledger
}

// runCourse is what one run did.
type runCourse struct {
	series    series
	calls     int64
	throttled int64
	before    page.Tally // where the rows of the batch stood
	after     page.Tally
	slowest   int64 // ms
}

// Read reads the course of a batch from a journal of the given size, which
// another process may be writing to. The batch is named by its id. If the journal
// has no run of it, the error is ErrNoRun.
// alive says that the last run of the journal goes on: its calls under way are
// not lost. trail follows; it may be nil.
func Read(r io.ReaderAt, size int64, trail *journal.Trail, batch string, alive bool) (*History, error) {
	h := &History{batch: batch, text: r, ledger: ledger.New(0), open: map[uint64]struct{}{}}
	var runs []books.RunStart
	var err error
	if h.Header, runs, err = books.ReadRuns(io.NewSectionReader(r, 0, size)); err != nil {
		return nil, err
	}
	if err := books.Readable(h.Header); err != nil {
		return nil, err
	}
	h.earlier = batchBefore(runs, batch)
	if _, _, err = journal.Read(r, size, trail, h.take); err != nil {
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
		return nil, ErrNoRun
	}
	h.alive = h.alive && h.course != nil
	return h, nil
}

// batchBefore is the batch of the night before: the latest that wrote its results
// to the same path before a batch began, else the latest before it. Both do the
// same: a bind is not compared with what was released. Blank: there is none.
func batchBefore(runs []books.RunStart, batch string) string {
	firsts := map[string]int{} // the first run of each batch
	for i := range runs {
		if _, later := firsts[runs[i].Batch]; !later {
			firsts[runs[i].Batch] = i
		}
	}
	began, known := firsts[batch]
	if !known {
		return ""
	}
	mine, latest := &runs[began], ""
	for i := began - 1; i >= 0; i-- {
		r := &runs[i]
		first := &runs[firsts[r.Batch]]
		switch {
		case first.Verb() != mine.Verb():
		case r.Path == mine.Path && r.Path != "":
			return r.Batch
		case latest == "":
			latest = r.Batch
		}
	}
	return latest
}

// take reads one record. What it does to rows the ledger says, and nobody else.
func (h *History) take(l *journal.Line) error {
	switch l.Record.Kind {
	case ledger.Run:
		var r books.RunStart
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
		e := new(books.RunEnd)
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
		var s books.Sample
		if err := json.Unmarshal(l.Detail, &s); err != nil {
			return err
		}
		h.cur.last.series.sample(time.UnixMilli(s.T), s.Rate, s.InFlight)
		return nil
	}
	return h.follow(l)
}

// beginRun finds out whose run begins.
func (h *History) beginRun(r books.RunStart) {
	h.course, h.cur = nil, nil
	switch {
	case r.Batch == h.batch:
		if h.mine == nil {
			h.mine = newCourse(r)
		}
		h.cur = h.mine
	case r.Batch == h.earlier && h.mine == nil: // what it came to later is not of the night before
		if h.before == nil {
			h.before = newCourse(r)
		}
		h.cur = h.before
	default:
		return
	}
	c := &runCourse{before: h.cur.tally}
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

// Last is the last run of the batch, and its end or nil.
func (h *History) Last() (books.RunStart, *books.RunEnd) {
	n := len(h.Runs) - 1
	return h.Runs[n], h.Ends[n]
}

// Page returns the page of the batch as far as the journal tells: all of it but
// the words of statuses and reasons, and whatever the results add.
func (h *History) Page(lang report.Lang) *page.Page {
	p := &page.Page{Lang: lang, Source: page.FromJournal, Compacted: h.Header.Compacted}
	most := max(pagePoints/min(len(h.courses), detailedRuns), 4)
	var stood page.Tally
	for i, c := range h.courses {
		start, end := h.Runs[i], h.Ends[i]
		if start.Start.Before(h.Header.Compacted) { // its records are gone
			c.before, c.after = stood, settledBy(end, stood)
		}
		stood = c.after
		r := page.Run{
			ID: start.Run, Start: start.Start, End: start.Start, State: page.Killed, User: start.User, Input: filepath.Base(start.Input), Version: start.Version,
			Calls: c.calls, Throttled: c.throttled, Before: c.before, Settled: c.after, PointsBefore: i < len(h.courses)-detailedRuns,
			Points: c.series.points(most, c.before),
		}
		if c.series.last.After(r.End) {
			r.End = c.series.last
		}
		if end != nil {
			r.State, r.Status, r.End, r.Calls, r.Retries = page.Ended, end.Status, end.End, end.Calls, end.Retries
			if m := end.Summary; m != nil {
				r.Throttled, r.Limit, r.Peak = m.Throttled, m.Limit, m.PeakRate
			}
		}
		if end == nil && h.alive && i == len(h.courses)-1 {
			r.State = page.Running
		}
		p.Runs = append(p.Runs, r)
	}
	p.P50, p.P99 = h.latencies()
	p.State = p.Runs[len(p.Runs)-1].State
	if _, end := h.Last(); end != nil && end.Summary != nil {
		p.Source = page.FromEnd
	}
	p.Summary = h.summary(lang)
	p.Failures = h.failures(p.Summary, lang)
	p.Before = h.compare()
	return p
}

// settledBy is where the rows that were sent stood when a run ended; before is
// where they stood when it began.
func settledBy(end *books.RunEnd, before page.Tally) (t page.Tally) {
	if end == nil {
		return before
	}
	for _, status := range []report.Status{report.Bound, report.Failed, report.Unknown, report.Released} {
		t[status] = end.Counts[status.String()]
	}
	return t
}
