package ending

import (
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/plan"
	"axgbind/report"
)

// Next is what has to be known of a run to say what a person does next.
type Next struct {
	Commands
	Lang     report.Lang
	Flags    *flags.Values
	Plan     *plan.Plan
	Start    time.Time
	Of       string // the batch that an update or unbind is about; blank: a list
	Bind     any    // the command that binds what is left of the batch that was asked about
	Kept     string // where results are kept whose rows left the input while they were UNKNOWN
	Doubted  int    // UNKNOWN rows of the batch that an unbind is about, which have left its input
	Foreign  int    // X numbers of the batch that the list of a sweep lacked
	Unproven bool   // of some pool no binding is known that proves what a sweep did not see
	Looks    bool   // the run only asked about a batch that was begun
	Releases bool   // it released bindings
	Prefixed bool   // columns of the results have a prefix

	Ahead time.Duration // of the service's clock, by the Date of its latest answer
}

// After is what a person does after a run that ended so, as a sentence with the command
// to type.
func (n *Next) After(s *report.Summary) report.Advice {
	again := n.Again(n.Input, nil)
	if n.Looks {
		return n.nextOf(s)
	}
	if n.Flags.Simulate && s.ExitStatus != exit.OK && s.ExitStatus != exit.Rows && s.ExitStatus != exit.Error {
		return n.say(report.NextRehearse, again)
	}
	switch s.ExitStatus {
	case exit.Rows:
		return n.nextRows(s, again)
	case exit.Unknown:
		if n.Plan.Unsettled()+n.Doubted > 0 {
			return n.say(report.NextUnsettled, n.ReconcileBatch(n.Of), again)
		}
		if s.Count(report.Unknown) == 0 { // those that are have left the input
			return n.nextGone()
		}
		if n.Plan.Releasing() == s.Count(report.Unknown) {
			return n.say(report.NextReleaseAgain, s.Results, n.actionColumn())
		}
		hint := ""
		if n.suspects() > 0 {
			hint = report.NextNeedsList.In(n.Lang)
		}
		next := n.say(report.NextUnknown, n.Reconcile(n.Results), hint)
		if s.Count(report.Pending) > 0 {
			next = next.And(n.Lang, n.say(report.NextPendingToo, again))
		}
		return next
	case exit.Account:
		return n.nextAccount(s, again)
	case exit.Error, exit.Pending, exit.Hangup, exit.Interrupt, exit.Terminated:
		return n.nextAgain(s, again)
	case exit.Failures:
		return n.nextFailures(s)
	}
	return report.Advice{}
}

// say is a phrase as advice.
func (n *Next) say(p report.Text, args ...any) report.Advice {
	return report.Advise(n.Lang, p, args...)
}

// nextAccount is next when the service refuses every call: not its owner mends a clock or
// a key that has expired, but whoever runs this.
func (n *Next) nextAccount(s *report.Summary, again any) report.Advice {
	const agree = time.Minute // a Date has whole seconds, and an answer takes its time
	switch ahead := n.Ahead; {
	case s.StopCode == aliyun.CodeTokenExpired:
		return n.say(report.NextToken, again)
	case !aliyun.ClockRefused(s.StopCode):
		return n.say(report.NextRefused, n.explained(s.StopCode), again)
	case ahead > agree:
		return n.say(report.NextClockSlow, report.Span(ahead, n.Lang), again)
	case ahead < -agree:
		return n.say(report.NextClockFast, report.Span(-ahead, n.Lang), again)
	}
	return n.say(report.NextClock, again)
}

// nextFailures is next when a run stopped at refusals: rows that were refused stay so
// until a person names their code, and the others have not had their turn.
func (n *Next) nextFailures(s *report.Summary) report.Advice {
	const most = 3 // codes to name
	var codes []string
	for _, f := range s.Failures { // most frequent first
		if f.Status == report.Failed.String() {
			codes = append(codes, f.Code)
		}
	}
	if s.StopCode != "" {
		codes = []string{s.StopCode}
	}
	switch {
	case len(codes) == 0:
		return n.nextAgain(s, n.Again(n.Input, nil))
	case len(codes) > most, slices.ContainsFunc(codes, func(code string) bool { return !flags.Resends(code) }):
		codes = []string{"failed"}
	}
	var resend []string
	for _, code := range codes {
		resend = append(resend, "--resend", code)
	}
	return n.say(report.NextResend, s.Results, n.actionColumn(), n.Again(n.Input, nil, resend...))
}

// nextRows is next when only rows are left that want a person: cells to correct
// or, of rows that are held back, a decision about the bindings in their place.
func (n *Next) nextRows(s *report.Summary, again any) report.Advice {
	if s.Count(report.Failed)+s.Count(report.Invalid) == 0 {
		return n.nextHeld(s)
	}
	var next report.Advice
	switch {
	case n.Releases:
		// What is released is known by its binding: a row that was refused is
		// the same row again, wherever it stands.
		if s.Count(report.Failed) > 0 {
			again = n.Again(n.Input, nil, "--resend", "failed")
		}
		next = n.say(report.NextCorrectRows, s.Results, again, n.actionColumn())
	case s.Failed != "":
		own := map[string]bool{"out": true, "failed": true, "summary": true, "resend": true}
		next = n.say(report.NextCorrect, s.Failed, n.Again(s.Failed, own))
	default:
		next = n.say(report.NextCorrectRows, s.Results, again, n.actionColumn())
	}
	if s.Count(report.Held) > 0 {
		next = next.And(n.Lang, n.say(report.NextHeldToo, n.explained(heldCode(s))))
	}
	return next
}

// nextHeld is next when nothing is left but rows that are held back. Their cells
// are right: nobody is told to correct them.
func (n *Next) nextHeld(s *report.Summary) report.Advice {
	code := heldCode(s)
	if id, all := n.Plan.HeldByDoubt(); all {
		return n.say(report.NextHeldDoubt, n.ReconcileBatch(id), n.Again(n.Input, nil))
	}
	if until, all := n.Plan.HeldByEnded(); all && n.decides() {
		if !until.After(n.Start) {
			return n.say(report.NextHeldUntold, until.Format(time.DateTime), n.Again(n.Input, nil))
		}
		without := map[string]bool{"when-bound": true, "renew-before": true}
		return n.say(report.NextHeldEnded, until.Format(time.DateTime), n.Again(n.Input, nil),
			n.Again(n.Input, without, "--when-bound", "another"))
	}
	again := func(when string) any {
		return n.Again(n.Input, map[string]bool{"when-bound": true, "renew-before": when != "renew"}, "--when-bound", when)
	}
	switch decides, when := code != aliyun.CodeOtherBatch && code != aliyun.CodeUnproven, n.Flags.WhenBound; {
	case !n.decides(), decides && when != "refuse" && when != "renew": // there is no flag for it, or it was decided
		return n.say(report.NextHeld, s.Results, n.explained(code), n.actionColumn())
	case decides && n.Plan.HeldBeyond(false) && !n.Plan.HeldBeyond(true):
		return n.say(report.NextHeldAnother, s.Results, n.actionColumn(), again("another"))
	case !decides, n.Plan.HeldBeyond(false):
		return n.say(report.NextHeldBeyond, s.Results, n.explained(code), n.actionColumn())
	case n.Flags.WhenBound == "renew":
		return n.say(report.NextHeldRenew, s.Results, n.actionColumn(), again("skip"), again("another"))
	}
	return n.say(report.NextHeldSkip, n.explained(code), again("skip"), again("renew"))
}

// actionColumn is the name that column Action has in the results.
func (n *Next) actionColumn() string {
	if n.Prefixed {
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
func (n *Next) nextOf(s *report.Summary) report.Advice {
	switch s.ExitStatus {
	case exit.Unknown:
		if s.Count(report.Unknown) == 0 {
			return n.nextGone()
		}
		if n.Plan.Releasing() == s.Count(report.Unknown) {
			return n.say(report.NextReleaseAgain, s.Results, n.actionColumn())
		}
		list := "LIST.csv"
		switch given := n.Flags.XNumbers; {
		case n.Unproven && given != "" && n.Flags.Complete && s.Count(report.Pending) > 0:
			return n.say(report.NextProve, n.Bind, n.Again("", nil))
		case n.Unproven && given != "" && n.Flags.Complete:
			return n.say(report.NextProveAny, n.Again("", nil))
		case n.suspects() == 0, given != "" && n.Flags.Complete && n.Foreign == 0: // what was asked got no answer
			return n.nextAgain(s, n.Again("", nil))
		case given != "" && !n.Flags.Complete:
			list = given
		}
		return n.say(report.NextSweep, n.Reconcile(n.Results, "--x-numbers", list, "--list-is-complete"))
	case exit.Pending:
		return n.say(report.NextBind, n.Bind)
	case exit.Account:
		return n.nextAccount(s, n.Again("", nil))
	case exit.OK, exit.Rows:
		return report.Advice{}
	}
	return n.nextAgain(s, n.Again("", nil))
}

// suspects is how many UNKNOWN rows only a list of X numbers can find.
func (n *Next) suspects() int {
	rows, err := n.Plan.CountSuspects()
	if err != nil {
		return 1 // the hint does no harm
	}
	return rows
}

// stopped are the words of next by what stopped a run, where something is to be mended
// or waited for first.
var stopped = map[books.Stop]report.Text{
	books.StopCapacity: report.NextCapacity, books.StopNetwork: report.NextNetwork, books.StopThrottled: report.NextThrottled,
	books.StopTrouble: report.NextTrouble, books.StopLookups: report.NextLookups,
}

// nextAgain tells to run a command again.
func (n *Next) nextAgain(s *report.Summary, command any) report.Advice {
	stop := books.Stop(s.StopReason)
	if stop == books.StopTrouble && s.StopCause != "" { // the service is not what is in trouble
		stop = books.StopNetwork
	}
	if words := stopped[stop]; words != (report.Text{}) {
		return n.say(words, command)
	}
	if _, hidden := command.(report.Said); hidden {
		return n.say(report.NextAgainSame)
	}
	return n.say(report.NextAgain, command)
}

// nextGone is next when the rows that are UNKNOWN have left the input: results that
// still name them are asked about, or have to be made.
func (n *Next) nextGone() report.Advice {
	if !files.Exists(n.Kept) {
		return n.say(report.NextGoneBack, n.Reconcile(n.Results))
	}
	return n.say(report.NextGone, n.Reconcile(n.Kept))
}

// decides reports whether the command has a flag that says what is done about bindings
// that hold rows back.
func (n *Next) decides() bool { return n.Given.Lookup("when-bound") != nil }

// explained is the command that explains a code.
func (n *Next) explained(code string) any {
	line := flags.Begin("explain", code)
	line.InLang(n.Given)
	return line.Or(report.Say(report.WordsSame))
}
