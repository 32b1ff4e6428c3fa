package history

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/report"
	"axgbind/report/page"
)

// summary is the batch after its last run as far as the journal tells. Of a run
// that did not tell its end, rows that were never sent are PENDING: the journal
// does not know which of them are INVALID.
func (h *History) summary(lang report.Lang) *report.Summary {
	s := h.measured(lang)
	run, end := h.Last()
	if end != nil && end.Summary != nil {
		s.Rows, s.Counts, s.Failures = end.Summary.Rows, maps.Clone(end.Summary.Counts), slices.Clone(end.Summary.Failures)
		for i, f := range s.Failures {
			s.Failures[i].Meaning, s.Failures[i].Who = explainIn(lang, f.Code)
		}
		return s
	}
	s.Rows = run.Rows
	rest := s.Rows
	for _, status := range []report.Status{report.Bound, report.Failed, report.Unknown, report.Released} {
		s.Counts[status.String()] = h.mine.tally[status]
		rest -= h.mine.tally[status]
	}
	s.Rows += max(-rest, 0) // rows of an earlier run that left the input
	s.Counts[report.Pending.String()] = max(rest, 0)
	for _, row := range h.unboundByLine() {
		i := slices.IndexFunc(s.Failures, func(f report.Failure) bool {
			return f.Code == h.ledger.Text(row.code) && f.Status == row.status.String()
		})
		if i < 0 {
			i = len(s.Failures)
			f := report.Failure{Status: row.status.String(), Code: h.ledger.Text(row.code)}
			f.Meaning, f.Who = explainIn(lang, f.Code)
			s.Failures = append(s.Failures, f)
		}
		f := &s.Failures[i]
		if f.Count++; len(f.Lines) < 5 {
			f.Lines = append(f.Lines, int(row.line))
		}
	}
	s.Sort()
	return s
}

// explainIn is what a code means and who must act.
func explainIn(lang report.Lang, code string) (meaning, who string) {
	e := aliyun.Lookup(code)
	return books.Sentence(lang, e.Meaning), books.Sentence(lang, e.Actor.Text())
}

func (h *History) unboundByLine() []unbound {
	return slices.SortedFunc(maps.Values(h.mine.rows), func(a, b unbound) int { return cmp.Compare(a.line, b.line) })
}

// measured is the summary without rows: what the last run's end says of it, or
// what its records come to if it was killed or goes on.
func (h *History) measured(lang report.Lang) *report.Summary {
	run, end := h.Last()
	if end != nil && end.Summary != nil {
		s := end.Summary.Empty()
		if s.StopCause = ""; end.Cause != "" { // in the language of who reads it
			s.StopCause = books.Message(lang, aliyun.CodeNotSent, end.Cause)
		}
		return s
	}
	s := report.NewSummary()
	c := h.courses[len(h.courses)-1]
	s.Program, s.Command, s.Simulated = "axgbind "+run.Version, cmp.Or(run.Verb(), "bind"), h.Header.Simulated
	s.Started, s.Finished = run.Start, run.Start
	s.Input, s.Run, s.Commit, s.User, s.Key, s.InputSHA256 = run.Input, run.Run, run.Commit, run.User, run.Key, run.Digest
	if s.Throttled = c.throttled; s.Command == "unbind" {
		s.ReleaseCalls = c.calls
	} else {
		s.Calls = c.calls
	}
	all := c.series.total()
	if span := c.series.last.Sub(c.series.start); span > 0 && c.calls > 1 {
		s.AverageRate = float64(c.calls-1) / span.Seconds()
	}
	s.Limit, s.PeakRate = all.limit, c.series.peak()
	at := func(share float64) float64 { return min(quantile(&all.bins, all.answers, share), float64(c.slowest)) }
	s.LatencyMs.P50, s.LatencyMs.P95, s.LatencyMs.P99, s.LatencyMs.Max = at(0.5), at(0.95), at(0.99), float64(c.slowest)
	if c.series.last.After(s.Finished) {
		s.Finished = c.series.last
	}
	if end != nil {
		s.Finished, s.ExitStatus, s.StopReason, s.ResultsSHA256 = end.End, end.Status, end.Stop, end.Digest
		s.Calls, s.Retries = end.Calls, end.Retries
	}
	return s
}

// latencies are p50 and p99 of the answers in all runs, in ms.
func (h *History) latencies() (p50, p99 float64) {
	var all lapse
	asked := 0
	for i, c := range h.courses {
		run := c.series.total()
		all.take(&run)
		end := h.Ends[i]
		if c.calls == 0 && (end == nil || end.Calls == 0) {
			continue
		}
		asked++
		if end != nil && end.Summary != nil {
			p50, p99 = end.Summary.LatencyMs.P50, end.Summary.LatencyMs.P99
		}
	}
	if asked == 1 && p50 > 0 { // measured to the microsecond
		return p50, p99
	}
	return quantile(&all.bins, all.answers, 0.5), quantile(&all.bins, all.answers, 0.99)
}

// failures tells of each failure of the summary what it means, and lists the
// rows that were seen to end so and still do.
func (h *History) failures(s *report.Summary, lang report.Lang) []page.Failure {
	list := explained(s, lang)
	for i := range list {
		status, _ := report.ParseStatus(list[i].Status)
		as := standing{status, h.ledger.Code(list[i].Code)}
		for _, shown := range h.mine.shown[as] {
			if row, ok := h.mine.rows[shown.row]; ok && row.standing == as && len(list[i].Rows) < shownRows {
				list[i].Rows = append(list[i].Rows, shown.page)
			}
		}
		slices.SortFunc(list[i].Rows, func(a, b page.Row) int { return cmp.Compare(a.Line, b.Line) })
		list[i].Rows = slices.CompactFunc(list[i].Rows, func(a, b page.Row) bool { return a.Line == b.Line })
	}
	return list
}

// explained are the failures of a summary with the causes and cures of their codes.
func explained(s *report.Summary, lang report.Lang) []page.Failure {
	list := make([]page.Failure, len(s.Failures))
	for i, f := range s.Failures {
		e := aliyun.Lookup(f.Code)
		list[i] = page.Failure{Failure: f, Cause: books.Sentence(lang, e.Cause), Cure: books.Sentence(lang, e.Cure)}
		if status, _ := report.ParseStatus(f.Status); books.MayBeDone(status, f.Code) {
			list[i].Cure = report.ActionMayBeDone.In(lang)
		}
	}
	return list
}

// compare sets the batch against the one of the night before; nil if there is
// none.
func (h *History) compare() *page.Before {
	if h.before == nil {
		return nil
	}
	then, now := h.codeCounts(h.before), h.codeCounts(h.mine)
	b := &page.Before{Then: h.before.night(), Now: h.mine.night(), NewCodes: without(now, then), Gone: without(then, now)}
	was := map[ledger.Place]bool{}
	for _, row := range h.before.rows {
		was[row.place] = row.place != 0
	}
	for _, row := range h.unboundByLine() {
		if was[row.place] {
			if b.Again++; len(b.Lines) < shownRows {
				b.Lines = append(b.Lines, int(row.line))
			}
		}
	}
	return b
}

func (h *History) codeCounts(j *batchCourse) map[string]int {
	m := map[string]int{}
	for _, row := range j.rows {
		m[h.ledger.Text(row.code)]++
	}
	return m
}

// without lists the codes of a that b has not, most frequent first.
func without(a, b map[string]int) []string {
	var list []string
	for code := range a {
		if b[code] == 0 {
			list = append(list, code)
		}
	}
	slices.SortFunc(list, func(x, y string) int { return cmp.Or(cmp.Compare(a[y], a[x]), cmp.Compare(x, y)) })
	return list
}

func (j *batchCourse) night() page.Night {
	c := j.paced
	all := c.series.total()
	n := page.Night{
		Results: filepath.Base(j.results), Start: j.first, Bound: j.tally[report.Bound], Failed: j.tally[report.Failed], Unknown: j.tally[report.Unknown],
		Calls: c.calls, Throttled: c.throttled,
		P50: quantile(&all.bins, all.answers, 0.5), P99: quantile(&all.bins, all.answers, 0.99),
	}
	if span := c.series.last.Sub(c.series.start); span > 0 && c.calls > 1 {
		n.Average = float64(c.calls-1) / span.Seconds()
	}
	if end := j.pacedBy; end != nil {
		n.Calls = end.Calls
		if m := end.Summary; m != nil {
			n.Throttled, n.Average, n.P50, n.P99 = m.Throttled, m.AverageRate, m.LatencyMs.P50, m.LatencyMs.P99
		}
	}
	return n
}
