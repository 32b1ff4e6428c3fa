package cli

import (
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/report"
)

// next is what a person does now, as a sentence with the command to type.
func (j *job) next(s *report.Summary) string {
	again := j.command(j.source.Path, nil, nil)
	if j.settings.Plan.LookOnly {
		return j.nextOf(s)
	}
	switch s.ExitStatus {
	case exit.Rows:
		return j.nextRows(s, again)
	case exit.Unknown:
		if j.plan.Unsettled()+j.doubted > 0 {
			return report.NextUnsettled.In(j.Lang, j.reconcileOf(j.of), again)
		}
		if s.Count(report.Unknown) == 0 { // those that are have left the input
			return j.nextGone()
		}
		if j.plan.Releasing() == s.Count(report.Unknown) {
			return report.NextReleaseAgain.In(j.Lang, s.Results, j.actionColumn())
		}
		hint := ""
		if j.suspects() > 0 {
			hint = report.NextNeedsList.In(j.Lang)
		}
		return report.NextUnknown.In(j.Lang, j.reconcileLine(), hint, j.command(j.source.Path, nil, []string{"--resend", "unknown"}))
	case exit.Account:
		return report.NextOwner.In(j.Lang, again)
	case exit.Error, exit.Pending, exit.Hangup, exit.Interrupt, exit.Terminated, exit.Failures:
		return j.nextAgain(again)
	}
	return ""
}

// nextRows is next when only rows are left that want a person: cells to correct
// or, of rows that are held back, a decision about the bindings in their place.
func (j *job) nextRows(s *report.Summary, again any) string {
	if s.Count(report.Failed)+s.Count(report.Invalid) == 0 {
		return j.nextHeld(s)
	}
	var next string
	switch {
	case j.release() != nil:
		// What is released is known by its binding: a row that was refused is
		// the same row again, wherever it stands.
		if s.Count(report.Failed) > 0 {
			again = j.command(j.source.Path, nil, []string{"--resend", "failed"})
		}
		next = report.NextCorrectRows.In(j.Lang, s.Results, again, j.actionColumn())
	case s.Failed != "":
		own := map[string]bool{"out": true, "failed": true, "summary": true, "resend": true}
		next = report.NextCorrect.In(j.Lang, s.Failed, j.command(s.Failed, own, nil))
	default:
		next = report.NextCorrectRows.In(j.Lang, s.Results, again, j.actionColumn())
	}
	if s.Count(report.Held) > 0 {
		next += report.Between.In(j.Lang) + report.NextHeldToo.In(j.Lang, heldCode(s))
	}
	return next
}

// nextHeld is next when nothing is left but rows that are held back. Their cells
// are right: nobody is told to correct them.
func (j *job) nextHeld(s *report.Summary) string {
	code := heldCode(s)
	if id, all := j.plan.HeldByDoubt(); all {
		return report.NextHeldDoubt.In(j.Lang, j.reconcileOf(id))
	}
	if until, all := j.plan.HeldByEnded(); all && j.verb == "bind" {
		if !until.After(j.start) {
			return report.NextHeldUntold.In(j.Lang, until.Format(time.DateTime), j.command(j.source.Path, nil, nil))
		}
		without := map[string]bool{"when-bound": true, "renew-before": true}
		return report.NextHeldEnded.In(j.Lang, until.Format(time.DateTime), j.command(j.source.Path, nil, nil),
			j.command(j.source.Path, without, []string{"--when-bound", "another"}))
	}
	if j.verb != "bind" || j.flags.WhenBound != "refuse" || code == aliyun.CodeOtherBatch || code == aliyun.CodeUnproven { // it was decided, or there is no flag for it
		return report.NextHeld.In(j.Lang, s.Results, code, j.actionColumn())
	}
	return report.NextHeldSkip.In(j.Lang, code, j.command(j.source.Path, map[string]bool{"when-bound": true}, []string{"--when-bound", "skip"}))
}

// actionColumn is the name that column Action has in the results.
func (j *job) actionColumn() string {
	if j.input != nil && j.input.Prefixed() {
		return report.Prefix + "Action"
	}
	return "Action"
}

// heldCode is the code of most of the rows that are held back.
func heldCode(s *report.Summary) string {
	for _, f := range s.Failures { // most frequent first
		if f.Status == report.Held.String() {
			return f.Code
		}
	}
	return aliyun.CodeStillBound
}

// nextOf is next after work on a batch that was begun.
func (j *job) nextOf(s *report.Summary) string {
	switch s.ExitStatus {
	case exit.Unknown:
		if s.Count(report.Unknown) == 0 {
			return j.nextGone()
		}
		if j.plan.Releasing() == s.Count(report.Unknown) {
			return report.NextReleaseAgain.In(j.Lang, s.Results, j.actionColumn())
		}
		list := "LIST.csv"
		switch given := j.flags.XNumbers; {
		case j.suspects() == 0, given != "" && j.flags.Complete && j.foreign == 0: // what was asked got no answer
			return j.nextAgain(j.command("", nil, nil))
		case given != "" && !j.flags.Complete:
			list = given
		}
		return report.NextSweep.In(j.Lang, j.reconcileLine("--x-numbers", list, "--list-is-complete"))
	case exit.Pending:
		return report.NextBind.In(j.Lang)
	case exit.Account:
		return report.NextOwner.In(j.Lang, j.command("", nil, nil))
	case exit.OK, exit.Rows:
		return ""
	}
	return j.nextAgain(j.command("", nil, nil))
}

// suspects is how many UNKNOWN rows only a list of X numbers can find.
func (j *job) suspects() int {
	n, err := j.plan.CountSuspects()
	if err != nil {
		return 1 // the hint does no harm
	}
	return n
}

// nextAgain tells to run a command again.
func (j *job) nextAgain(command any) string {
	if _, hidden := command.(report.Said); hidden {
		return report.NextAgainSame.In(j.Lang)
	}
	return report.NextAgain.In(j.Lang, command)
}

// reconcileLine is the reconcile command of the batch, with more words at its end.
func (j *job) reconcileLine(more ...string) any {
	t := flags.Begin("reconcile")
	t.AddPath(j.Shown(j.results))
	t.OfBatch(j.set)
	t.Add(more...)
	return t.Or(report.Say(report.WordsReconcile, strings.Join(append([]string{""}, more...), " ")))
}

// reconcileOf is the reconcile command of a batch by its id.
func (j *job) reconcileOf(id string) any {
	t := flags.Begin("reconcile", id)
	t.OfBatch(j.set)
	return t.Or(report.Say(report.WordsReconcile, ""))
}

// nextGone is next when the rows that are UNKNOWN have left the input: results that
// still name them are asked about, or have to be made.
func (j *job) nextGone() string {
	old := j.keptPath()
	if !files.Exists(old) {
		return report.NextGoneBack.In(j.Lang, j.reconcileLine())
	}
	t := flags.Begin("reconcile")
	t.AddPath(j.Shown(old))
	t.OfBatch(j.set)
	return report.NextGone.In(j.Lang, t.Or(report.Say(report.WordsReconcile, "")))
}

// command is a command line for the input with the flags of this one, but those
// left out, and with more of them.
func (j *job) command(input string, leftOut map[string]bool, more []string) any {
	t := flags.Begin(j.verb)
	t.Hidden = input == j.source.Path && j.source.Piped
	t.Again(j.set, leftOut)
	same := report.Say(report.WordsSame)
	switch {
	case len(more) > 0:
		same = report.Say(report.WordsSameWith, strings.Join(more, " "))
	case input == "":
		input = j.Shown(j.results)
	case input != j.source.Path:
		same = report.Say(report.WordsSameOn, input)
	}
	t.Add(more...)
	t.AddPath(input)
	return t.Or(same)
}
