package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/report"
)

func (a *app) checkCommand() *cobra.Command {
	v := newFlags()
	c := &cobra.Command{
		Use:     "check INPUT.csv",
		Short:   report.HelpCheck.In(a.lang),
		Long:    report.HelpCheckLong.In(a.lang),
		Example: report.HelpCheckExample.In(a.lang),
		RunE:    func(c *cobra.Command, args []string) error { return a.check(c, v, args) },
	}
	a.addBindFlags(c, v)
	a.completeBind(c)
	return c
}

// check judges every row and sends nothing. bind --dry-run is the same.
func (a *app) check(c *cobra.Command, v *flags, args []string) error {
	j, err := a.newJob(c, v, args)
	if err != nil {
		return err
	}
	defer j.close()
	if err := j.chooseCheckPaths(); err != nil {
		return err
	}
	reading := j.watchReading(2)
	defer reading.stop()
	findings := &findings{app: a, w: a.products(), reading: reading}
	options := j.settings.plan
	options.Results = filepath.Base(j.results)
	options.Finding = findings.add
	if j.plan, err = batch.NewPlan(j.input, nil, options); err != nil {
		return refuse(statusInput, report.ErrInputRead, j.source.path, reasonOf(err))
	}
	s := report.NewSummary()
	version, _ := programVersion()
	s.Program, s.Command, s.Started, s.Input = "axgbind "+version, "check", j.start, j.source.path
	s.Rows, s.Warnings = j.plan.Rows, j.plan.Warnings
	reading.next()
	if err := j.checked(s, findings); err != nil {
		return err
	}
	reading.stop()
	s.Sort()
	s.Finished = time.Now()
	a.say(report.SayInput, j.input.Encoding(), delimiterName(j.input.Delimiter()))
	if !j.input.HasPool() {
		a.say(report.SayNoPool)
	}
	a.status = statusOK
	if s.Count(report.Invalid) > 0 {
		a.status = statusRows
		if v.strict {
			a.status = statusInput
		}
	}
	s.ExitStatus = a.status
	s.ExitText = statusPhrase(a.status, true).In(a.lang)
	if v.summary != "" {
		if err := writeFile(v.summary, 0o600, s.WriteJSON); err != nil {
			return refuse(statusError, report.ErrWrite, v.summary, reasonOf(err))
		}
	}
	a.conclude(s)
	return nil
}

// chooseCheckPaths finds where bind would write, which --failed and --summary
// must not hit.
func (j *job) chooseCheckPaths() error {
	v := j.flags
	if j.results = v.out; v.out == "" {
		j.results = j.source.base() + resultsEnding
	}
	if j.journalPath = v.journal; v.journal == "" {
		j.journalPath = j.results + journalEnding
	}
	if err := j.distinct(); err != nil {
		return err
	}
	return j.writable()
}

// checked counts the rows, lists duplicates, which no single row shows, and
// writes the rows to correct if that is wanted.
func (j *job) checked(s *report.Summary, findings *findings) error {
	count := func(write func(*report.Record) error) error {
		return j.plan.Results(j.lang, batch.StopNone, func(r *report.Record) error {
			if r.Status == report.Pending {
				r.Code = "" // valid: it would be sent
			}
			s.Add(r, j.explainCode)
			if r.Status != report.Invalid {
				return nil
			}
			findings.duplicate(r)
			return write(r)
		})
	}
	var err error
	if j.flags.failed == "" {
		err = count(func(*report.Record) error { return nil })
	} else {
		s.Failed = j.flags.failed
		err = writeFile(j.flags.failed, j.settings.outMode, func(out io.Writer) error {
			w := report.NewFailedWriter(out, j.input.Header(), j.lang)
			w.Excel = j.flags.excel
			if err := count(w.Write); err != nil {
				return err
			}
			return w.Flush()
		})
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, batch.ErrInputChanged):
		return refuse(statusInput, report.ErrInputRead, j.source.path, reasonOf(err))
	}
	return refuse(statusError, report.ErrWrite, j.flags.failed, reasonOf(err))
}

// findings prints what is wrong with rows, one a line.
type findings struct {
	app  *app
	w    io.Writer
	most int // 0: all
	n    int

	reading *reading // counts them; may be nil
}

func (f *findings) add(line int, fault batch.Fault) {
	phrase := report.SayLine
	if fault.Warning {
		phrase = report.SayWarning
	}
	f.print(phrase.In(f.app.lang, line, fault.Reason(f.app.lang)+report.Between.In(f.app.lang)+fault.Action(f.app.lang)))
}

// duplicate prints the finding of a row that equals an earlier one.
func (f *findings) duplicate(r *report.Record) {
	if r.Code == aliyun.CodeDuplicate {
		f.print(report.SayLine.In(f.app.lang, r.Line, r.Reason+report.Between.In(f.app.lang)+r.Action))
	}
}

func (f *findings) print(line string) {
	f.n++
	if f.reading != nil {
		f.reading.findings.Add(1)
	}
	if f.most == 0 || f.n <= f.most {
		fmt.Fprintln(f.w, line)
	}
}

// end says how many findings were not shown.
func (f *findings) end() {
	if f.most > 0 && f.n > f.most {
		f.app.say(report.SayMoreFaults, f.n-f.most)
	}
}

func delimiterName(r rune) any {
	switch r {
	case ',':
		return report.Say(report.DelimiterComma)
	case '\t':
		return report.Say(report.DelimiterTab)
	case ';':
		return report.Say(report.DelimiterSemicolon)
	}
	return string(r)
}
