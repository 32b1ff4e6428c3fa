package cli

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch"
	"axgbind/report"
)

func (a *app) reportCommand() *cobra.Command {
	var journal, out string
	c := &cobra.Command{
		Use:     "report JOB",
		Short:   report.HelpReport.In(a.lang),
		Long:    report.HelpReportLong.In(a.lang),
		Example: report.HelpReportExample.In(a.lang),
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return a.report(args[0], journal, out) },
	}
	c.Flags().StringVarP(&out, "out", "o", "", report.FlagReportOut.In(a.lang))
	c.Flags().StringVar(&journal, "journal", "", report.FlagJournal.In(a.lang))
	c.ValidArgsFunction = oneFile
	_ = c.RegisterFlagCompletionFunc("out", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"html"}, cobra.ShellCompDirectiveFilterFileExt
	})
	a.completeFlags(c)
	return c
}

// report prints a job, or writes its page. It takes no lock, and reads as much
// of the journal as there was when it began: the job may be running.
func (a *app) report(job, journal, out string) error {
	results, err := resolve(job)
	if err != nil {
		return refuse(statusUsage, report.ErrNoJob, job+journalEnding)
	}
	beside := journal == ""
	if beside {
		journal = a.journalOf(results)
	}
	if out != "" && out != "-" {
		if err := a.checkPage("--out", out); err != nil {
			return err
		}
		if err := distinct([]named{{"JOB", results}, {"--journal", journal}, {"--out", out}}); err != nil {
			return err
		}
	}
	p, err := a.page(job, results, journal, beside, time.Now())
	if err != nil {
		return err
	}
	if out != "" && out != "-" {
		if _, err := a.write(output{flag: "--out", path: out, kind: contentPage, mode: pageMode}, p.WritePage); err != nil {
			return refuse(statusError, report.ErrWrite, out, reasonOf(err))
		}
		return nil
	}
	b := &strings.Builder{}
	write := p.WritePage
	if out == "" {
		write = func(w io.Writer) error { return p.WriteText(w, a.unicode()) }
	}
	if err = write(b); err == nil {
		_, err = io.WriteString(a.stdout, b.String())
	}
	if err != nil {
		return refuse(statusError, report.ErrWrite, "stdout", reasonOf(err))
	}
	return nil
}

// page makes the page of a job. beside says that the journal was found by its
// name: then it is the job's, whatever its results were called when it ran.
func (a *app) page(job, results, journal string, beside bool, now time.Time) (*report.Page, error) {
	f, err := openRegular(journal)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(statusUsage, report.ErrNoJob, journal)
	}
	if err != nil {
		return nil, refuse(statusUsage, report.ErrJournal, journal, reasonOf(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, refuse(statusUsage, report.ErrJournal, journal, reasonOf(err))
	}
	alive := now.Sub(info.ModTime()) <= aliveFor
	h, err := batch.ReadHistory(f, info.Size(), filepath.Base(results), alive)
	if beside && errors.Is(err, batch.ErrNoRun) && len(h.Jobs) > 0 {
		h, err = batch.ReadHistory(f, info.Size(), h.Jobs[len(h.Jobs)-1], alive)
	}
	if errors.Is(err, batch.ErrNoRun) {
		jobs := h.Jobs
		if len(jobs) == 0 {
			jobs = []string{"–"}
		}
		return nil, refuse(statusUsage, report.ErrPageNoRun, journal, filepath.Base(results), strings.Join(jobs[max(len(jobs)-5, 0):], ", "))
	}
	if err != nil {
		return nil, journalFault(journal, err)
	}
	p := h.Page(a.lang)
	if err := a.addResults(p, h, job, results); err != nil {
		return nil, err
	}
	p.Made = now
	p.Version, _ = programVersion()
	p.Summary.Results, p.Summary.Journal = filepath.Base(results), filepath.Base(journal)
	for _, path := range []*string{&p.Summary.Input, &p.Summary.Failed, &p.Summary.Findings} {
		if *path != "" { // whoever gets the page has other folders
			*path = filepath.Base(*path)
		}
	}
	for i := range p.Runs {
		if end := h.Ends[i]; end != nil {
			p.Runs[i].Words = a.endInWords(end)
		}
	}
	if _, end := h.Last(); end != nil {
		p.Words = statusPhrase(end.Status, "").In(a.lang)
		if end.Summary != nil {
			p.Words = endPhrase(end.Summary).In(a.lang)
		}
		p.Summary.ExitText = p.Words
		if why := batch.Stop(end.Stop).Phrase(); why != report.NoPhrase {
			p.Stop = why.In(a.lang)
		}
	}
	return p, nil
}

// addResults reads the results of the last run, if it wrote them. Older ones,
// which stand there while a run goes on or after it was killed, say less than
// the journal.
func (a *app) addResults(p *report.Page, h *batch.History, job, path string) error {
	run, end := h.Last()
	if end == nil || end.Digest == "" {
		return nil
	}
	f, err := openRegular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	bad := func(why any) error { return refuse(statusUsage, report.ErrPageResults, job, why) }
	if err != nil {
		return bad(reasonOf(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return bad(reasonOf(err))
	}
	in, err := batch.OpenInput(f, info.Size(), inputOf(run))
	if refused, ok := errors.AsType[*batch.InputError](err); ok {
		return bad(refused.Reason(a.lang))
	}
	if err != nil {
		return bad(reasonOf(err))
	}
	if !in.Carries() {
		return refuse(statusUsage, report.ErrNotResults, job)
	}
	if err := h.AddResults(p, in); err != nil {
		return bad(reasonOf(err))
	}
	p.Source = report.FromResults
	if digestOf(in) != end.Digest {
		p.Source = report.FromEdited
	}
	return nil
}

// inputOf is how a run read its input: which columns are which field, and what
// fills empty ones. Its results have the same columns.
func inputOf(run batch.RunStart) batch.InputOptions {
	in := batch.InputOptions{Defaults: map[batch.Field]string{}, Map: map[string]batch.Field{}}
	if run.Pool != "" { // the runs of older versions recorded no more than that
		in.Defaults[batch.PoolKey] = run.Pool
	}
	for name, value := range run.Fields {
		if field, err := batch.ParseField(name); err == nil { // what is not known is not shown
			in.Defaults[field] = value
		}
	}
	for column, name := range run.Columns {
		if field, err := batch.ParseField(name); err == nil {
			in.Map[column] = field
		}
	}
	return in
}

// unicode reports whether the terminal's locale has block characters.
func (a *app) unicode() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(a.getenv(name)); value != "" {
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return runtime.GOOS == "windows" && a.getenv("WT_SESSION") != "" // Windows Terminal; older consoles have code pages
}
