package history

import (
	"cmp"
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

// shownRuns is how many runs of a batch a page tells of, the latest.
const shownRuns = 24

// pagePoints is how many points the history of a whole batch has at most, so that
// a page with its charts and their table stays small.
const pagePoints = 160

// ErrNoRun says that a journal has no run of a batch.
var ErrNoRun = errors.New("no run of this batch")

// History is what happened to one batch, as the journal tells it.
type History struct {
	Header journal.Header
	Runs   []books.RunStart // of the batch
	Ends   []*books.RunEnd  // of Runs; nil if it goes on or was killed

	batch  string
	latest books.RunStart          // the run that records belong to, of whatever batch
	nights map[string]*page.Before // what runs before the batch came to: the latest by command, and by command and results
	before *page.Before            // the one of them that the batch is compared with; nil if there is none
	alive  bool                    // the last run of the batch goes on
	ledger *ledger.Ledger
	runs   []*pastRun
	run    *pastRun            // that records belong to; nil while another batch runs
	open   map[uint64]struct{} // calls of the run that goes on
	rows
}

// pastRun is what one run did.
type pastRun struct {
	series    series
	calls     int64
	throttled int64
	before    page.Tally // where the rows of the batch stood
	after     page.Tally
}

// Read reads the history of a batch from a journal of the given size, which
// another process may be writing to. The batch is named by its id. If the journal
// has no run of it, the error is ErrNoRun.
// alive says that the last run of the journal goes on: its calls under way are
// not lost. trail follows; it may be nil.
func Read(r io.ReaderAt, size int64, trail *journal.Trail, batch string, alive bool) (*History, error) {
	h := &History{batch: batch, ledger: ledger.New(0), rows: rows{unbound: map[int32]unbound{}}, open: map[uint64]struct{}{}, nights: map[string]*page.Before{}}
	var err error
	if h.Header, _, err = books.ReadRuns(io.NewSectionReader(r, 0, size)); err != nil {
		return nil, err
	}
	if err := books.Readable(h.Header); err != nil {
		return nil, err
	}
	if _, _, err = journal.Read(r, size, trail, h.take); err != nil {
		return nil, err
	}
	if h.alive = alive && h.run != nil && h.Ends[len(h.Ends)-1] == nil; h.alive {
		clear(h.open)
	}
	h.endRun()
	if len(h.Runs) == 0 {
		return nil, ErrNoRun
	}
	return h, nil
}

// take reads one record. What it does to rows the ledger says, and nobody else.
func (h *History) take(l *journal.Line) error {
	switch l.Record.Kind {
	case ledger.Run:
		var r books.RunStart
		if err := json.Unmarshal(l.Detail, &r); err != nil {
			return err
		}
		h.endRun()
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
		switch r := &h.latest; {
		case h.run != nil:
			h.Ends[len(h.Ends)-1] = e
		case len(h.Runs) == 0 && e.Summary != nil:
			b := &page.Before{Results: filepath.Base(r.Results), Start: r.Start}
			for _, f := range e.Summary.Failures {
				b.Codes = append(b.Codes, f.Code)
			}
			h.nights[r.Command], h.nights[r.Command+r.Path] = b, b
		}
		return h.ledger.Apply(&l.Record)
	case 0:
		if h.run == nil {
			return nil
		}
		var s books.Sample
		if err := json.Unmarshal(l.Detail, &s); err != nil {
			return err
		}
		h.run.series.sample(time.UnixMilli(s.T), s.Rate)
		return nil
	}
	return h.follow(l)
}

// beginRun finds out whose run begins.
func (h *History) beginRun(r books.RunStart) {
	h.run, h.latest = nil, r
	if r.Batch != h.batch {
		return
	}
	if len(h.Runs) == 0 { // what comes later is not of the night before
		h.before = cmp.Or(h.nights[r.Command+r.Path], h.nights[r.Command])
	}
	h.run = &pastRun{before: h.tally}
	h.runs = append(h.runs, h.run)
	h.Runs, h.Ends = append(h.Runs, r), append(h.Ends, nil)
	if old := len(h.runs) - 1 - shownRuns; old >= 0 {
		h.runs[old].series = series{}
	}
}

// endRun notes where the rows stand whose calls a run left open.
func (h *History) endRun() {
	for _, number := range slices.Sorted(maps.Keys(h.open)) {
		call, ok := h.ledger.Call(number)
		if !ok {
			continue
		}
		about := h.aboutCall(&call)
		if h.run != nil {
			h.put(about.row, h.verdict(about.row))
		}
		h.passOn(about.holder)
		if h.run != nil && call.Op == ledger.Bind { // any other is made again, whatever it did
			h.run.calls++ // as far as anybody knows
			h.run.series.call(time.UnixMilli(call.At), report.Unknown)
		}
	}
	clear(h.open)
	if h.run != nil {
		h.run.after = h.tally
	}
}

// Last is the last run of the batch, and its end or nil.
func (h *History) Last() (books.RunStart, *books.RunEnd) {
	n := len(h.Runs) - 1
	return h.Runs[n], h.Ends[n]
}

// Page returns the page of the batch as far as the journal tells: all of it but
// the words of statuses and reasons, and whatever the results add.
func (h *History) Page(lang report.Lang) *page.Page {
	p := &page.Page{Lang: lang, Source: page.FromJournal, Compacted: h.Header.Compacted, Before: h.before, Earlier: max(len(h.runs)-shownRuns, 0)}
	most := max(pagePoints/(len(h.runs)-p.Earlier), 4)
	var stood page.Tally
	for i, c := range h.runs {
		start, end := h.Runs[i], h.Ends[i]
		if start.Start.Before(h.Header.Compacted) { // its records are gone
			c.before, c.after = stood, settledBy(end, stood)
		}
		if stood = c.after; i < p.Earlier {
			continue
		}
		r := page.Run{
			Start: start.Start, End: start.Start, State: page.Killed, Calls: c.calls, Throttled: c.throttled, Before: c.before, Settled: c.after,
			Points: c.series.points(most),
		}
		if c.series.last.After(r.End) {
			r.End = c.series.last
		}
		if end != nil {
			r.State, r.Status, r.End, r.Calls = page.Ended, end.Status, end.End, end.Calls
			if m := end.Summary; m != nil {
				r.Throttled, r.Peak, r.Limit, r.P99 = m.Throttled, m.PeakRate, m.Limit, m.LatencyMs.P99
			}
		}
		if end == nil && h.alive && i == len(h.runs)-1 {
			r.State = page.Running
		}
		p.Runs = append(p.Runs, r)
	}
	p.State = p.Runs[len(p.Runs)-1].State
	if _, end := h.Last(); end != nil && end.Summary != nil {
		p.Source = page.FromEnd
	}
	p.Summary = h.summary(lang)
	p.Failures = explained(p.Summary, lang)
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
