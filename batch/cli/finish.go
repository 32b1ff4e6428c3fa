package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/batch/plan"
	"axgbind/report"
)

// finish writes results and summary and settles the exit status. Whatever went
// wrong before, it writes what it can: a person needs it most then. How the rows
// stand is told from what is known, so that no file that cannot be written, and
// no input that was changed meanwhile, makes a number wrong.
func (j *job) finish(ctx context.Context, result batch.Result, run batch.Snapshot, runErr error) error {
	j.spare.Close()
	j.client.Close() // its idle connections hold handles
	s := j.summarise(result, run)
	j.plan.Standing(func(line int, status report.Status, code string) {
		s.Add(&report.Record{Line: line, Status: status, Code: code}, j.explainRow)
	})
	s.Sort()
	j.restoreJournal()
	w := j.writeRows(ctx, result.Stop)
	if w.full() && j.journal.GiveReserve() {
		w = j.writeRows(ctx, result.Stop)
	}
	if errors.Is(runErr, journal.ErrChanged) || errors.Is(w.err, plan.ErrUnread) {
		j.rescueLost(cmp.Or(runErr, w.err))
	}
	switch {
	case runErr == nil, j.lost:
	case result.Stop != books.StopInput:
		j.sayFault(report.ErrRun, exit.WholeReason(runErr))
	case w.err == nil: // what is wrong with the input is said once
		j.sayInputLost(runErr)
	}
	digest, ok := j.sayRows(s, w)
	s.Finished = time.Now()
	if result.Stop == books.StopNone && !j.settings.Plan.LookOnly && slices.ContainsFunc(s.Failures, ranDry) {
		s.StopReason = string(books.StopCapacity)
	}
	j.status = exit.Status(s, result.Stop, runErr != nil || !ok)
	j.settle(s)
	if s.Next = j.next(s); j.lost {
		s.Next = report.NextRescued.In(j.lang)
	}
	j.identify(s, digest)

	end := books.RunEnd{
		Run: j.journal.Runs[len(j.journal.Runs)-1].Run, Status: s.ExitStatus, Stop: s.StopReason,
		Counts: s.Counts, Digest: digest, End: s.Finished, Calls: s.Made(), Retries: s.Retries,
		Summary: maskedSummary(s),
	}
	if err := j.journal.End(end); err != nil && j.status != exit.Error && !errors.Is(runErr, journal.ErrJournal) {
		j.fail(s)
		j.say(report.ErrLine, exit.WholeReason(err))
	}
	j.journal.GiveReserve() // it was for outcomes
	j.writeSummary(s)
	told := j.status
	if j.writeMetrics(s); j.status != told && !files.IsDevice(j.flags.Summary) {
		j.writeSummary(s) // it says how the run ended
	}
	if end.Status != j.status {
		end.Status = j.status
		_ = j.journal.End(end) // the later one counts; the first holds all but this failure
	}
	j.restoreJournal()
	j.log.Info("finished", "status", j.status, "stop_reason", s.StopReason, "rows", s.Rows, "counts", s.Counts, "calls", s.Calls)
	j.notify(s)
	j.conclude(s)
	return nil
}

// ranDry reports whether rows are PENDING because their pool, or its city, had no X
// number for them.
func ranDry(f report.Failure) bool {
	return f.Status == report.Pending.String() && aliyun.Lookup(f.Code).Class == aliyun.Capacity
}

// fail makes a run that went as far as its end one with an I/O error.
func (j *job) fail(s *report.Summary) {
	j.status = exit.Error
	j.settle(s)
}

// settle puts the exit status into the summary.
func (j *job) settle(s *report.Summary) {
	s.ExitStatus = j.status
	s.ExitText = exit.Words(s).In(j.lang)
	if j.lost && j.status == exit.Error {
		s.ExitText = report.Exit1Lost.In(j.lang)
	}
}

// conclude prints the summary, its last line being the status in words and
// what to do next, the one before it being for machines. With --quiet it prints
// nothing if all is well.
func (a *app) conclude(s *report.Summary) {
	if a.status == exit.OK && a.console.Drop() {
		return
	}
	a.console.Release()
	b := &strings.Builder{}
	_ = s.WriteText(b, a.lang) // a Builder does not fail
	a.console.Println(b.String())
	if why := books.Stop(s.StopReason).Phrase(); why != report.NoPhrase {
		line := "  " + report.SumStop.In(a.lang, why.In(a.lang))
		if s.StopCode != "" {
			line += report.SumCode.In(a.lang, s.StopCode)
		}
		a.console.Println(line)
	}
	a.console.Println(s.Line())
	last := report.ExitLine.In(a.lang, a.status, cmp.Or(s.ExitText, exit.Words(s).In(a.lang)))
	if s.Next != "" {
		last += report.Between.In(a.lang) + report.NextLine.In(a.lang, report.Whole(s.Next))
	}
	a.console.Println(last)
}

func (j *job) summarise(result batch.Result, run batch.Snapshot) *report.Summary {
	s := report.NewSummary()
	version, _ := programVersion()
	s.Program, s.Command, s.Simulated = "axgbind "+version, j.verb, j.simulated
	s.Started = j.start
	s.StopReason, s.StopCode = string(result.Stop), result.StopCode
	s.Rows, s.Gone, s.Sent, s.Warnings = j.plan.Rows, j.plan.Gone, result.Admitted, j.plan.Warnings
	s.Gone, s.GoneUnknown = j.plan.Gone+j.doubted, j.plan.GoneUnknown+j.doubted+j.left
	s.Ended = j.plan.Ended()
	s.Repaired, s.Findings = j.plan.Repaired, j.found
	s.Calls, s.Retries, s.Throttled = run.Binds, run.Retries, run.Throttled
	s.Renewed, s.UpdateCalls, s.ReleaseCalls, s.Looks = int(run.Renewed), run.Updates, run.Releases, run.Looks+j.looks
	s.Limit, s.PeakRate, s.AverageRate = j.settings.Run.Rate, run.Peak, run.Average
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	s.LatencyMs.P50, s.LatencyMs.P95, s.LatencyMs.P99, s.LatencyMs.Max = ms(run.P50), ms(run.P95), ms(run.P99), ms(run.Max)
	s.Input, s.Results, s.Journal = j.source.Path, j.shown(j.results), j.shown(j.journalPath)
	return s
}

// explainCode is what a code means and who must act.
func (a *app) explainCode(status report.Status, code string) (meaning, who string) {
	e := aliyun.Lookup(code)
	return textIn(a.lang, e.Meaning), textIn(a.lang, e.Actor.Text())
}

// explainRow is explainCode for a row of a run.
func (a *app) explainRow(status report.Status, code string) (meaning, who string) {
	meaning, who = a.explainCode(status, code)
	switch {
	case books.MayBeDone(status, code):
		meaning = report.ReasonMayBeDone.In(a.lang)
	case plan.RenewedNothing(status, code):
		meaning, who = report.ReasonRenewGone.In(a.lang), textIn(a.lang, aliyun.Operator.Text())
	}
	return meaning, who
}

func textIn(lang report.Lang, t aliyun.Text) string {
	return report.Text{EN: t.EN, ZH: t.ZH}.In(lang)
}
