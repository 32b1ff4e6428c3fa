package batch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"axgbind/aliyun"
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
	Header Header
	Runs   []RunStart // of the job
	Ends   []*RunEnd  // of Runs; nil if it goes on or was killed
	Jobs   []string   // results files of all runs in the journal, each once

	job     string
	alive   bool // the last run of the job goes on
	courses []*course
	course  *course  // that records belong to; nil while another job runs
	mine    *journey // of the job
	before  *journey // of the job before it
	cur     *journey // that records belong to; nil if they do not matter
	open    map[Key][]byte
	update  map[Key]bool
	release map[Key]Key     // releases begun, by their key: whose binding
	gone    map[Key]bool    // rows that were bound and released, and not bound again
	subs    map[string]bool // SubsIds that were released, by whichever job
	codes   []string
	codeOf  map[string]uint16
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

// journey is a job: where each row stands that is not bound.
type journey struct {
	results string
	first   time.Time
	tally   report.Tally
	rows    map[Key]unbound
	shown   map[standing][]shownRow
	last    *course
	end     *RunEnd // of last; nil if it goes on or was killed
	paced   *course // the last that made calls
	pacedBy *RunEnd
}

// standing is a status and a code, of History.codes.
type standing struct {
	status report.Status
	code   uint16
}

// unbound is a row that is FAILED or UNKNOWN. who is what a binding occupies.
type unbound struct {
	standing
	line int32
	who  holder
}

type shownRow struct {
	key Key
	row report.PageRow
}

// shownRows is how many rows of each code a page lists.
const shownRows = 10

// ReadHistory reads the course of a job from a journal of the given size, which
// another process may be writing to. Memory grows with the rows that are FAILED
// or UNKNOWN, not with those that are bound. The job is named by its results
// file, without folder. If the journal has no run of it, the error is ErrNoRun
// and the History tells which jobs there are.
// alive says that the last run of the journal goes on: its calls under way are
// not lost.
func ReadHistory(r io.ReaderAt, size int64, job string, alive bool) (*History, error) {
	h := &History{job: job, open: map[Key][]byte{}, update: map[Key]bool{}, release: map[Key]Key{}, gone: map[Key]bool{}, subs: map[string]bool{}, codes: []string{""}, codeOf: map[string]uint16{"": 0}}
	j := newJournal(nil, nil)
	_, _, err := j.replay(io.NewSectionReader(r, 0, size), func(n int, at int64, l *line) error {
		if l.kind == kindHeader {
			return j.apply(n, at, l)
		}
		return h.take(l)
	})
	if err != nil {
		return nil, err
	}
	h.Header = j.Header
	if h.alive = alive && h.cur != nil && h.cur.end == nil; h.alive {
		clear(h.open)
	}
	h.endRun()
	if len(h.Runs) == 0 {
		return h, ErrNoRun
	}
	h.alive = h.alive && h.course != nil
	return h, nil
}

// take reads one record.
func (h *History) take(l *line) error {
	switch l.kind {
	case kindRun:
		var r RunStart
		if err := json.Unmarshal(l.detail, &r); err != nil {
			return err
		}
		h.endRun()
		h.beginRun(r)
		return nil
	case kindEnd:
		var e RunEnd
		if err := json.Unmarshal(l.detail, &e); err != nil {
			return err
		}
		if h.cur != nil {
			h.cur.end = &e
		}
		if h.course != nil {
			h.Ends[len(h.Ends)-1] = &e
		}
		return nil
	}
	if err := h.released(l); err != nil || h.cur == nil {
		return err
	}
	switch l.kind {
	case kindIntent, kindUpdate, kindRelease:
		h.open[l.key] = slices.Clone(l.detail)
		if l.kind != kindIntent {
			h.update[l.key] = true
		}
	case kindWithdrawn:
		delete(h.open, l.key)
	case kindOutcome, kindLook, kindCarried:
		return h.verdict(l)
	case kindSample:
		var s Sample
		if err := json.Unmarshal(l.detail, &s); err != nil {
			return err
		}
		h.cur.last.series.sample(time.UnixMilli(s.T), s.Rate, s.InFlight)
	}
	return nil
}

// released notes what a record says of bindings that are taken back: by another
// command, and so by another job's run.
func (h *History) released(l *line) error {
	switch {
	case l.kind == kindRelease:
		h.release[l.key] = l.of
	case l.kind == kindOutcome && l.status == report.Released:
		d, err := l.decode()
		if err != nil {
			return err
		}
		h.gone[h.release[l.key]], h.subs[d.SubsID] = true, true
		delete(h.release, l.key)
	case l.kind == kindOutcome && l.status == report.Bound && h.gone[l.key]: // bound again: it was counted before
		delete(h.gone, l.key)
		if h.cur != nil && h.cur.tally[report.Bound] > 0 {
			h.cur.tally[report.Bound]--
		}
	}
	return nil
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

func newJourney(r RunStart) *journey {
	return &journey{results: r.Results, first: r.Start, rows: map[Key]unbound{}, shown: map[standing][]shownRow{}}
}

// endRun settles what a run left open: nobody knows what became of those calls.
func (h *History) endRun() {
	if h.cur != nil {
		for key, text := range h.open {
			if h.update[key] { // it is made again, whatever it did
				continue
			}
			var intent detail
			_ = json.Unmarshal(text, &intent) // it was verified; a blank line number is all there is to lose
			h.cur.stand(key, standing{report.Unknown, h.codeIndex(aliyun.CodeInterrupted)}, &intent, &detail{T: intent.T}, 0)
			h.cur.last.calls++ // as far as anybody knows
			left := time.UnixMilli(intent.T)
			h.cur.last.series.call(left, false)
			h.cur.last.series.answer(left, 0, false, h.cur.tally)
		}
		h.cur.last.after = h.cur.tally
		if h.cur.last.calls > 0 || h.cur.paced == nil {
			h.cur.paced, h.cur.pacedBy = h.cur.last, h.cur.end
		}
	}
	clear(h.open)
	clear(h.update)
}

// verdict reads where a row stands now.
func (h *History) verdict(l *line) error {
	d, quick := timesOf(l)
	if !quick {
		var err error
		if d, err = l.decode(); err != nil {
			return err
		}
	}
	var intent detail
	if text, ok := h.open[l.key]; ok && l.kind == kindOutcome {
		delete(h.open, l.key)
		if l.status == report.Failed || l.status == report.Unknown {
			if err := json.Unmarshal(text, &intent); err != nil {
				return err
			}
		}
	} else if l.kind == kindCarried {
		intent = d
	}
	c := h.cur.last
	h.cur.stand(l.key, standing{l.status, h.codeIndex(l.code)}, &intent, &d, int(l.attempt))
	came := time.UnixMilli(d.T)
	if l.kind == kindCarried || d.T == 0 { // of an earlier time, in another journal
		came = c.series.last
		if came.IsZero() {
			return nil
		}
	}
	counts := false
	if l.kind == kindOutcome {
		class := aliyun.Lookup(l.code).Class
		throttled := class == aliyun.Throttled
		c.calls++
		if throttled {
			c.throttled++
		}
		counts = class != aliyun.NotSent
		c.slowest = max(c.slowest, d.LatencyMs)
		c.series.call(came.Add(-time.Duration(d.LatencyMs)*time.Millisecond), throttled)
	}
	c.series.answer(came, d.LatencyMs, counts, h.cur.tally)
	return nil
}

// timesOf reads, of the outcome of a bound row, when it came and how long it
// took; nothing else is asked of a million of them, and decoding each would
// double the time. What it looks for cannot stand within a text: a quotation
// mark there has a backslash before it.
func timesOf(l *line) (d detail, ok bool) {
	if l.kind != kindOutcome || l.status != report.Bound {
		return d, false
	}
	number := func(key string) int64 {
		i := bytes.Index(l.detail, []byte(key))
		if i < 0 {
			return 0
		}
		n := int64(0)
		for _, c := range l.detail[i+len(key):] {
			if c < '0' || c > '9' {
				break
			}
			n = 10*n + int64(c-'0')
		}
		return n
	}
	d.T, d.LatencyMs = number(`{"t":`), number(`,"ms":`)
	return d, d.T > 0
}

// stand notes where a row stands.
func (j *journey) stand(key Key, s standing, intent, end *detail, attempts int) {
	old, known := j.rows[key]
	if known {
		j.tally[old.status]--
		delete(j.rows, key)
	}
	switch s.status {
	case report.Bound, report.Released:
		j.tally[s.status]++
	case report.Failed, report.Unknown:
		j.tally[s.status]++
		row := unbound{standing: s, line: int32(intent.Line), who: holderOf(intent.PoolKey, intent.PhoneNoA, intent.GroupID)}
		if intent.PhoneNoA == "" && known { // a look-up tells nothing of the row
			row.line, row.who = old.line, old.who
		}
		j.rows[key] = row
		if list := j.shown[s]; len(list) < 2*shownRows && intent.PhoneNoA != "" {
			j.shown[s] = append(list, shownRow{key, report.PageRow{
				Line: intent.Line, A: report.Mask(intent.PhoneNoA), Group: shownPlace(intent.GroupID),
				RequestID: end.RequestID, Attempts: attempts, Finished: time.UnixMilli(end.T),
			}})
		}
	}
}

func (h *History) codeIndex(code string) uint16 {
	if i, ok := h.codeOf[code]; ok {
		return i
	}
	if len(h.codes) == 1<<16-1 {
		return 0
	}
	h.codes = append(h.codes, code)
	h.codeOf[code] = uint16(len(h.codes) - 1)
	return h.codeOf[code]
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
	for i, c := range h.courses {
		start, end := h.Runs[i], h.Ends[i]
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
