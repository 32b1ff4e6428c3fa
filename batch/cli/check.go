package cli

import (
	"context"
	"errors"
	"io"
	"runtime/debug"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/netcause"
	"axgbind/batch/books"
	"axgbind/batch/cli/about"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/output"
	"axgbind/batch/cli/store"
	"axgbind/batch/plan"
	"axgbind/report"

	"github.com/spf13/cobra"
)

func (a *app) checkCommand() *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:         "check INPUT.csv",
		Short:       report.HelpCheck.In(a.Lang),
		Long:        report.HelpCheckLong.In(a.Lang),
		Example:     report.HelpCheckExample.In(a.Lang),
		Annotations: map[string]string{about.ListsStatuses: ""},
		RunE:        func(c *cobra.Command, args []string) error { return a.check(c, v, args) },
	}
	c.ValidArgsFunction = flags.OneFile
	flags.Add(c, flags.Check, v, a.Lang)
	return c
}

// check judges every row and sends nothing.
func (a *app) check(c *cobra.Command, v *flags.Values, args []string) error {
	j, err := a.newJob(c, v, args, duty{})
	if err != nil {
		return err
	}
	defer j.close()
	if j.vacant {
		return j.endVacant()
	}
	if err := j.chooseCheckPaths(); err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(command.GCPercent)) // less memory, for some percent of a core
	findings, err := j.match(nil)
	if err != nil {
		return err
	}
	s := report.NewSummary()
	s.Program, s.Command, s.Started, s.Input = command.Program(), "check", j.start, j.source.Path
	s.Rows, s.Warnings, s.Repaired, s.Blank = j.plan.Rows, j.plan.Warnings, j.plan.Repaired, j.plan.Blank.Records
	if err := j.checked(s, findings); err != nil {
		return err
	}
	if err := findings.print(j.plan.Rows-s.Count(report.Invalid), s.Count(report.Invalid), j.plan); err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	s.Findings = j.found
	s.Sort()
	s.Finished = time.Now()
	a.Say(report.SayInput, j.input.Encoding(), delimiterName(j.input.Delimiter()))
	if !j.input.HasPool() {
		a.Say(report.SayNoPool)
	}
	a.Status = exit.OK
	if s.Count(report.Invalid) > 0 {
		a.Status = exit.Rows
		if v.Strict {
			a.Status = exit.Input
		}
	}
	if v.Online {
		status, code, err := j.online(context.Background())
		if err != nil {
			return err
		}
		if status != exit.OK {
			a.Status = status
		}
		if status == exit.Account {
			s.StopReason, s.StopCode = string(books.StopAccount), code
		}
	}
	s.ExitStatus = a.Status
	s.ExitText = exit.Words(s).In(a.Lang)
	if err := j.putSummary(s); err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, v.Summary, exit.Reason(err))
	}
	ending.Conclude(a.Invocation, s)
	return nil
}

// chooseCheckPaths finds where bind would write, which --failed and --summary
// must not hit.
func (p *paths) chooseCheckPaths() error {
	p.results = p.source.Base() + resultsEnding
	p.journalPath = p.results + store.Ending
	if err := p.distinct(); err != nil {
		return err
	}
	return p.writable()
}

// checked counts the rows, and writes the rows to correct if that is wanted.
func (j *job) checked(s *report.Summary, findings *findings) error {
	if j.flags.Failed == "" && !j.input.IsResults() { // no need to read the file again
		findings.count(s)
		return nil
	}
	count := func(write func(*report.Record) error) error {
		return j.plan.Results(j.Lang, books.StopNone, func(r *report.Record) error {
			if r.Status == report.Pending {
				r.Code = "" // valid: it would be sent
			}
			s.Add(r, about.Code(j.Lang))
			if r.Status != report.Invalid {
				return nil
			}
			return write(r)
		})
	}
	var err error
	if j.flags.Failed == "" {
		err = count(func(*report.Record) error { return nil })
	} else {
		out := j.output(output.Failed)
		s.Failed, err = j.Write(out, func(to io.Writer) error {
			w := report.NewFailedWriter(to, j.input.Header(), j.Lang)
			w.Excel, w.Stamp = j.flags.Excel, out.Stamp()
			if err := count(w.Write); err != nil {
				return err
			}
			return w.Flush()
		})
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, plan.ErrInputChanged):
		return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
	}
	return exit.Refuse(exit.Error, report.ErrWrite, j.flags.Failed, exit.Reason(err))
}

func delimiterName(r rune) any {
	switch r {
	case ',':
		return report.Say(report.DelimiterComma)
	case '，':
		return report.Say(report.DelimiterWideComma)
	case '\t':
		return report.Say(report.DelimiterTab)
	case ';':
		return report.Say(report.DelimiterSemicolon)
	}
	return string(r)
}

// online asks the service one thing that changes nothing, and says what can be
// told from the answer and what cannot. It returns the status that follows, and the code
// of a refusal.
func (s *service) online(ctx context.Context) (int, string, error) {
	if err := s.connect(ctx); err != nil {
		return 0, "", err
	}
	s.Say(report.OnlineKey, s.settings.Endpoint, s.keyID)
	pool, fine := s.settings.PoolOption, report.OnlinePool
	if pool == "" {
		s.Say(report.OnlineNoPool)
		pool, fine = somePool, report.OnlineFine
	}
	s.network.silence(true)
	probed, err := s.client.Probe(ctx, pool, anyX)
	if probed.Dated {
		ahead := probed.Ahead
		switch {
		case ahead > clockWarn:
			s.Say(report.OnlineAhead, ahead)
		case ahead < -clockWarn:
			s.Say(report.OnlineBehind, -ahead)
		default:
			s.Say(report.OnlineClock)
		}
	}
	e, failed := errors.AsType[*aliyun.Error](err)
	switch {
	case !failed, e.Class() == aliyun.RowRefused,
		s.settings.PoolOption == "" && aliyun.UnknownPool(e.Code): // none was asked about
		s.Say(fine)
		s.Say(report.OnlineUntold)
		return exit.OK, "", nil
	case e.Network.Cause != netcause.None:
		what, cure := books.Network(s.Lang, e.Network)
		if e.Network.Cause.Lasts() {
			return 0, "", exit.Refuse(exit.Usage, report.ErrUnreached, report.Whole(what), report.Whole(cure))
		}
		s.Say(report.OnlineUnreached, report.Whole(what), report.Whole(cure))
	case e.Class() == aliyun.AccountRefused, e.Class() == aliyun.Stale:
		meaning, who := about.Code(s.Lang)(report.Pending, e.Code)
		s.Say(report.OnlineRefused, e.Code, meaning, who)
		s.Say(report.CureLine, report.Whole(about.Text(s.Lang, e.Entry().Cure)))
		return exit.Account, e.Code, nil
	default: // that nobody knows what a look-up changed would say nothing
		s.Say(report.OnlineUnread, e.Code, books.Message(s.Lang, e.Code, e.Message))
	}
	return exit.Pending, "", nil
}
