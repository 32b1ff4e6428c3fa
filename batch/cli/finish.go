package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/report"
)

// finish writes results and summary and settles the exit status. Whatever went
// wrong before, it writes what it can: a person needs it most then.
func (j *job) finish(result batch.Result, run batch.Snapshot, runErr error) error {
	s := j.summarise(result, run)
	broken := runErr != nil
	digest, err := j.writeResults(s, result.Stop)
	if err != nil {
		broken = true
		j.say(report.ErrLine, firstLine(report.ErrWrite.In(j.lang, j.shown(j.results), reasonOf(err))))
	}
	s.Sort()
	s.Finished = time.Now()
	if result.Stop == batch.StopNone && s.Count(report.Pending) > 0 && !j.settings.plan.LookOnly {
		s.StopReason = string(batch.StopCapacity)
	}
	s.ExitStatus = statusOf(s, result.Stop, broken)
	s.ExitText = endPhrase(s).In(j.lang)
	s.Next = j.next(s)
	j.identify(s, digest)
	j.status = s.ExitStatus

	if runErr != nil {
		what, cure, _ := strings.Cut(report.ErrRun.In(j.lang, wholeReason(runErr)), "\n")
		j.say(report.ErrLine, report.Whole(what))
		j.say(report.CureLine, report.Whole(cure))
	}
	end := batch.RunEnd{
		Run: j.journal.Runs[len(j.journal.Runs)-1].Run, Status: s.ExitStatus, Stop: s.StopReason,
		Counts: s.Counts, Digest: digest, End: s.Finished, Calls: s.Made(), Retries: s.Retries,
		Summary: s,
	}
	if err := j.journal.End(end); err != nil && j.status != statusError && !errors.Is(runErr, batch.ErrJournal) {
		j.status, s.ExitStatus, s.ExitText = statusError, statusError, statusPhrase(statusError, "").In(j.lang)
		j.say(report.ErrLine, wholeReason(err))
	}
	if j.flags.summary != "" {
		if err := writeFile(j.flags.summary, 0o600, func(w io.Writer) error { return s.WriteJSON(w) }); err != nil {
			j.status, s.ExitStatus = statusError, statusError
			j.say(report.ErrLine, firstLine(report.ErrWrite.In(j.lang, j.flags.summary, reasonOf(err))))
		}
	}
	j.writePage(s)
	j.writeMetrics(s)
	j.log.Info("finished", "status", j.status, "stop_reason", s.StopReason, "rows", s.Rows, "counts", s.Counts, "calls", s.Calls)
	j.notify(s)
	j.conclude(s)
	return nil
}

// conclude prints the summary, its last line being the status in words and
// what to do next, the one before it being for machines. With --quiet it prints
// nothing if all is well.
func (a *app) conclude(s *report.Summary) {
	if a.status == statusOK && a.console.drop() {
		return
	}
	a.console.release()
	b := &strings.Builder{}
	_ = s.WriteText(b, a.lang) // a Builder does not fail
	a.console.println(b.String())
	if why := batch.Stop(s.StopReason).Phrase(); why != report.NoPhrase {
		line := "  " + report.SumStop.In(a.lang, why.In(a.lang))
		if s.StopCode != "" {
			line += report.SumCode.In(a.lang, s.StopCode)
		}
		a.console.println(line)
	}
	a.console.println(s.Line())
	last := report.ExitLine.In(a.lang, a.status, endPhrase(s).In(a.lang))
	if s.Next != "" {
		last += report.Between.In(a.lang) + report.NextLine.In(a.lang, report.Whole(s.Next))
	}
	a.console.println(last)
}

func (j *job) summarise(result batch.Result, run batch.Snapshot) *report.Summary {
	s := report.NewSummary()
	version, _ := programVersion()
	s.Program, s.Command, s.Simulated = "axgbind "+version, j.verb, j.flags.simulate
	s.Started = j.start
	s.StopReason, s.StopCode = string(result.Stop), result.StopCode
	s.Rows, s.Gone, s.Sent, s.Warnings = j.plan.Rows, j.plan.Gone, result.Admitted, j.plan.Warnings
	s.Repaired, s.Findings = j.plan.Repaired, j.flags.findings
	s.Calls, s.Retries, s.Throttled = run.Calls-run.Updates, run.Retries, run.Throttled
	s.Renewed, s.UpdateCalls, s.Looks = int(run.Updated), run.Updates, run.Looks+j.looks
	if j.settings.plan.Release != nil {
		s.UpdateCalls, s.ReleaseCalls = 0, run.Updates
	}
	s.Limit, s.PeakRate, s.AverageRate = j.settings.run.Rate, run.Peak, run.Average
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	s.LatencyMs.P50, s.LatencyMs.P95, s.LatencyMs.P99, s.LatencyMs.Max = ms(run.P50), ms(run.P95), ms(run.P99), ms(run.Max)
	s.Input, s.Results, s.Journal = j.source.path, j.shown(j.results), j.shown(j.journalPath)
	return s
}

// writeResults writes the results, and the rows to correct if they are wanted,
// and counts every row into the summary on the way: what is counted is what is
// written.
func (j *job) writeResults(s *report.Summary, stop batch.Stop) (digest string, err error) {
	out, err := replace(j.results, j.settings.outMode)
	if err != nil {
		return "", err
	}
	w := report.NewWriter(out, j.input.Header(), j.input.Prefixed())
	w.Excel = j.flags.excel
	var failedOut *replacement
	var failed *report.Writer
	if j.flags.failed != "" {
		if failedOut, err = replace(j.flags.failed, j.settings.outMode); err != nil {
			out.discard()
			return "", err
		}
		failed = report.NewFailedWriter(failedOut, j.input.Header(), j.lang)
		failed.Excel = j.flags.excel
		failed.Bindings = j.settings.input.Bindings && j.input.Carries() // its own header does not show them
	}
	err = j.plan.Results(j.lang, stop, func(r *report.Record) error {
		s.Add(r, j.explainCode)
		if failed != nil && (r.Status == report.Failed || r.Status == report.Invalid) {
			if err := failed.Write(r); err != nil {
				return err
			}
		}
		return w.Write(r)
	})
	if ferr := w.Flush(); err == nil {
		err = ferr
	}
	if err != nil {
		out.discard()
		if failedOut != nil {
			failedOut.discard()
		}
		return "", err
	}
	if err := out.seal(); err != nil {
		return "", err
	}
	kept, err := out.commit(func() { j.say(report.SayResultsBusy, j.shown(j.results)) })
	if err != nil {
		if kept != "" {
			j.say(report.SayKeptNew, j.shown(kept))
		}
		return "", err
	}
	if failedOut == nil {
		return out.digest(), nil
	}
	s.Failed = j.flags.failed
	if err = failed.Flush(); err == nil {
		err = failedOut.seal()
	}
	if err == nil {
		err = os.Rename(failedOut.file.Name(), failedOut.path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(failedOut.path))
	}
	return out.digest(), err
}

// explainCode is what a code means and who must act.
func (a *app) explainCode(status report.Status, code string) (meaning, who string) {
	e := aliyun.Lookup(code)
	return textIn(a.lang, e.Meaning), textIn(a.lang, e.Actor.Text())
}

func textIn(lang report.Lang, t aliyun.Text) string {
	return report.Text{EN: t.EN, ZH: t.ZH}.In(lang)
}
