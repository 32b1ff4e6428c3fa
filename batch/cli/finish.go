package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/about"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/output"
	"axgbind/batch/journal"
	"axgbind/batch/plan"
	"axgbind/report"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
		s.Add(&report.Record{Line: line, Status: status, Code: code}, about.Row(j.Lang, j.release() != nil))
	})
	s.Sort()
	if s.Count(report.Pending)+s.Count(report.Unknown) > 0 {
		s.StopCause = j.network.line()
	}
	j.restoreJournal()
	j.plan.StopCode = result.StopCode
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
		j.SayFault(report.ErrRun, exit.WholeReason(runErr))
	case w.err == nil: // what is wrong with the input is said once
		j.sayInputLost(runErr)
	}
	digest, ok := j.sayRows(s, w)
	s.Finished = time.Now()
	if result.Stop == books.StopNone && j.binds && slices.ContainsFunc(s.Failures, ranDry) {
		s.StopReason = string(books.StopCapacity)
	}
	j.Status = exit.Status(s, result.Stop, runErr != nil || !ok)
	j.settle(s)
	if s.Advise(j.nextOf(s)); j.lost {
		s.Advise(report.Advise(j.Lang, report.NextRescued))
	}
	j.identify(s, digest)

	end := books.RunEnd{
		Run: j.journal.Runs[len(j.journal.Runs)-1].Run, Status: s.ExitStatus, Stop: s.StopReason,
		Cause: j.network.cause(s), Counts: s.Counts, Digest: digest, End: s.Finished, Calls: s.Made(), Retries: s.Retries,
		Summary: ending.Masked(s),
	}
	if err := j.journal.End(end); err != nil && j.Status != exit.Error && !errors.Is(runErr, journal.ErrJournal) {
		j.fail(s)
		j.Say(report.ErrLine, exit.WholeReason(err))
	}
	j.journal.GiveReserve() // it was for outcomes
	j.writeSummary(s)
	told := j.Status
	if j.writeMetrics(s); j.Status != told && !files.IsDevice(j.flags.Summary) {
		j.writeSummary(s) // it says how the run ended
	}
	if end.Status != j.Status {
		end.Status = j.Status
		_ = j.journal.End(end) // the later one counts; the first holds all but this failure
	}
	j.restoreJournal()
	j.log.Info("finished", "status", j.Status, "stop_reason", s.StopReason, "rows", s.Rows, "counts", s.Counts, "calls", s.Calls)
	ending.Notify(j.Invocation, s, j.settings.TellAll)
	ending.Conclude(j.Invocation, s)
	return nil
}

// ranDry reports whether rows are PENDING because their pool, or its city, had no X
// number for them.
func ranDry(f report.Failure) bool {
	return f.Status == report.Pending.String() && aliyun.Lookup(f.Code).Class == aliyun.Capacity
}

// fail makes a run that went as far as its end one with an I/O error.
func (j *job) fail(s *report.Summary) {
	j.Status = exit.Error
	j.settle(s)
}

// settle puts the exit status into the summary.
func (j *job) settle(s *report.Summary) {
	s.ExitStatus = j.Status
	s.ExitText = exit.Words(s).In(j.Lang)
	if j.lost && j.Status == exit.Error {
		s.ExitText = report.Exit1Lost.In(j.Lang)
	}
}

// writeSummary writes the summary of a run that went as far as its end.
func (j *job) writeSummary(s *report.Summary) {
	if err := j.putSummary(s); err != nil {
		j.fail(s)
		j.sayUnwritten(j.flags.Summary, err)
	}
}

// putSummary writes the summary, if it is wanted.
func (p *paths) putSummary(s *report.Summary) error {
	out := p.output(output.Summary)
	if out.Path == "" {
		return nil
	}
	s.Stamp = out.Stamp()
	_, err := p.Write(out, s.WriteJSON)
	return err
}

// writeMetrics writes the metrics of a run that went as far as its end. Its
// failure is an I/O error of the run, as that of every file asked for.
func (j *job) writeMetrics(s *report.Summary) {
	if err := ending.WriteMetrics(j.Invocation, j.flags.Metrics, s); err != nil {
		j.fail(s)
		j.sayUnwritten(j.flags.Metrics, err)
	}
}

func (j *job) summarise(result batch.Result, run batch.Snapshot) *report.Summary {
	s := report.NewSummary()
	s.Program, s.Command, s.Simulated = command.Program(), j.verb, j.simulated
	s.Started = j.start
	s.StopReason, s.StopCode = string(result.Stop), result.StopCode
	s.Rows, s.Gone, s.Sent, s.Warnings = j.plan.Rows, j.plan.Gone, result.Admitted, j.plan.Warnings
	s.Gone, s.GoneUnknown = j.plan.Gone+j.doubted, j.plan.GoneUnknown+j.doubted+j.left
	s.Ended = j.plan.Ended()
	s.Repaired, s.Blank, s.Findings = j.plan.Repaired, j.plan.Blank.Records, j.found
	s.Calls, s.Retries, s.Throttled = run.Binds, run.Retries, run.Throttled
	s.Renewed, s.UpdateCalls, s.ReleaseCalls, s.Looks = int(run.Renewed), run.Updates, run.Releases, run.Looks+j.looks
	if result.Admitted == 0 && s.Looks == 0 {
		s.SameInput = j.sameInput(j.journal.Runs)
	}
	s.Limit, s.PeakRate, s.AverageRate = j.settings.Run.Rate, run.Peak, run.Average
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	s.LatencyMs.P50, s.LatencyMs.P95, s.LatencyMs.P99, s.LatencyMs.Max = ms(run.P50), ms(run.P95), ms(run.P99), ms(run.Max)
	s.Input, s.Results, s.Journal = j.source.Path, j.Shown(j.results), j.Shown(j.journalPath)
	return s
}

// identify puts into the summary what an auditor asks for: which run it was,
// who began it with which key, and the digests of what went in and came out.
func (j *job) identify(s *report.Summary, results string) {
	run := j.journal.Runs[len(j.journal.Runs)-1]
	s.Run, s.Commit, s.User, s.Key = run.Run, run.Commit, run.User, j.keyID
	s.InputSHA256, s.ResultsSHA256 = run.Digest, results
}

// commands are the command lines about this batch that a person may type.
func (p *paths) commands() ending.Commands {
	c := ending.Commands{Verb: p.verb, Given: p.set, Results: p.Shown(p.results)}
	if p.source != nil { // else it is not open yet
		c.Input, c.Piped = p.source.Path, p.source.Piped
	}
	return c
}

// bindAgain is the command that binds what is left of a batch that was asked about: its
// last bind, with the flags of that, from wherever it is typed.
func (j *job) bindAgain() any {
	line, ours := flags.Begin("bind"), map[string]bool{"out": true}
	bind := books.LastBind(j.journal.Runs, j.batch)
	c := &cobra.Command{}
	flags.Add(c, flags.Bind, flags.New(), j.Lang)
	flags.Add(c, flags.Root, flags.New(), j.Lang)
	line.Hidden = bind.Run == "" || bind.Input == "-" || c.ParseFlags(bind.Flags) != nil
	c.Flags().VisitAll(func(f *pflag.Flag) { ours[f.Name] = ours[f.Name] || flags.OfBatch(f.Name) })
	line.Again(c.Flags(), ours)
	line.OfBatch(j.set)
	line.AddPath(bind.Input)
	line.Add("-o")
	line.AddPath(j.results)
	return line.Or(report.Say(report.WordsBindAgain))
}

// nextOf is what a person does after this run.
func (j *job) nextOf(s *report.Summary) report.Advice {
	next := ending.Next{
		Commands: j.commands(), Lang: j.Lang, Flags: j.flags, Plan: j.plan, Start: j.start, Of: j.of, Kept: j.Shown(j.keptPath()),
		Doubted: j.doubted, Foreign: j.foreign, Unproven: j.unproven, Looks: j.settings.Plan.LookOnly, Releases: j.release() != nil, Prefixed: j.input.Prefixed(),
	}
	if next.Looks {
		next.Bind = j.bindAgain()
	}
	if at := j.client.ServiceTime(); !at.IsZero() {
		next.Ahead = time.Until(at)
	}
	return next.After(s)
}
