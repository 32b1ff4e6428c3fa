package history

import (
	"cmp"
	"maps"
	"slices"

	"axgbind/aliyun"
	"axgbind/batch/books"
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
		s.Counts[status.String()] = h.tally[status]
		rest -= h.tally[status]
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
	return slices.SortedFunc(maps.Values(h.unbound), func(a, b unbound) int { return cmp.Compare(a.line, b.line) })
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
	c := h.runs[len(h.runs)-1]
	s.Program, s.Command, s.Simulated = "axgbind "+run.Version, cmp.Or(run.Command, "bind"), h.Header.Simulated
	s.Started, s.Finished = run.Start, run.Start
	s.Input, s.Run, s.Commit, s.User, s.Key, s.InputSHA256 = run.Input, run.Run, run.Commit, run.User, run.Key, run.Digest
	if s.Throttled = c.throttled; s.Command == "unbind" {
		s.ReleaseCalls = c.calls
	} else {
		s.Calls = c.calls
	}
	if span := c.series.last.Sub(c.series.start); span > 0 && c.calls > 1 {
		s.AverageRate = float64(c.calls-1) / span.Seconds()
	}
	s.PeakRate, s.Limit = c.series.peak()
	if c.series.last.After(s.Finished) {
		s.Finished = c.series.last
	}
	if end != nil {
		s.Finished, s.ExitStatus, s.StopReason, s.ResultsSHA256 = end.End, end.Status, end.Stop, end.Digest
		s.Calls, s.Retries = end.Calls, end.Retries
	}
	return s
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
