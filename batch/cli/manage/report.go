package manage

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/output"
	"axgbind/batch/cli/store"
	"axgbind/batch/field"
	"axgbind/batch/history"
	"axgbind/batch/input"
	"axgbind/report"
	"axgbind/report/page"
)

// Report is the command that prints a batch, or writes its page.
func Report(a *command.Invocation) *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:     "report BATCH",
		Short:   report.HelpReport.In(a.Lang),
		Long:    report.HelpReportLong.In(a.Lang),
		Example: report.HelpReportExample.In(a.Lang),
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return reportBatch(a, args[0], v.Journal, v.Out) },
	}
	c.ValidArgsFunction = flags.OneFile
	flags.Add(c, flags.Report, v, a.Lang)
	return c
}

// reportBatch prints a batch, or writes its page. It changes nothing, and reads as much of
// the journal as there was when it began: the batch may be running.
func reportBatch(a *command.Invocation, name, journal, out string) error {
	g, err := glanceAt(a, journal, name)
	if err != nil {
		return err
	}
	defer g.Close()
	id, results, runs, err := batchIn(a, g, name)
	if err != nil {
		return err
	}
	if out != "" && out != "-" {
		if err := checkPage(a, out); err != nil {
			return err
		}
		if err := command.Distinct([]command.Named{{"BATCH", results}, {"--journal", g.Place.Path}, {"--out", out}}); err != nil {
			return err
		}
	}
	p, err := makePage(a, g, id, results, time.Now())
	if err != nil {
		return err
	}
	doubt(a, g, runs)
	if out != "" && out != "-" {
		if _, err := a.Write(pageOutput(out), p.WriteHTML); err != nil {
			return exit.Refuse(exit.Error, report.ErrWrite, out, exit.Reason(err))
		}
		return nil
	}
	b := &strings.Builder{}
	write := p.WriteHTML
	if out == "" {
		write = p.WriteText
	}
	if err = write(b); err == nil {
		_, err = io.WriteString(a.Stdout, b.String())
	}
	if err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	return nil
}

// checkPage refuses a path that browsers would not open, or where something
// else stands: an input, say, after a slip of the hand.
func checkPage(a *command.Invocation, path string) error {
	if low := strings.ToLower(filepath.Ext(path)); low != ".html" && low != ".htm" || strings.HasPrefix(filepath.Base(path), ".htm") {
		return exit.Refuse(exit.Usage, report.ErrPageName, path)
	}
	return a.Allow(pageOutput(path))
}

// pageOutput is a page as an output. Its numbers are masked, but it tells of a
// company's business: whoever made it decides who gets it.
func pageOutput(path string) output.File {
	return output.File{Flag: "--out", Path: path, Kind: output.Page, Mode: 0o600}
}

// batchIn is findBatch by the runs of a journal alone, which it returns too. Its rows are read only to
// recognise results that were moved.
func batchIn(a *command.Invocation, g *glance, name string) (id, path string, runs []books.RunStart, err error) {
	_, runs, err = books.ReadRuns(io.NewSectionReader(g.File, 0, g.Size))
	if err != nil {
		return "", "", nil, store.Unread(g.Place.Path, err)
	}
	id, path, err = findBatch(a, g, runs, name, func(in *input.Input) (string, error) {
		known, err := books.Read(g.File, g.Size, nil)
		if err != nil {
			return "", err
		}
		return known.BatchOfResults(in)
	})
	return id, path, runs, err
}

// makePage makes the page of a batch. results is where its results stand; blank, or a
// path where nothing is: the journal alone tells of it.
func makePage(a *command.Invocation, g *glance, id, results string, now time.Time) (*page.Page, error) {
	h, err := history.Read(g.File, g.Size, g.newTrail(), id, g.held)
	if err == nil && !g.held {
		if _, end := h.Last(); end == nil && held(g.Place.Path) { // that run may have begun since
			g.held = true
			h, err = history.Read(g.File, g.Size, g.newTrail(), id, true)
		}
	}
	if err != nil {
		return nil, store.Unread(g.Place.Path, err)
	}
	p := h.Page(a.Lang)
	if err := addResults(a, p, h, results); err != nil {
		return nil, err
	}
	p.Made = now
	p.Version = command.ThisBuild().Version
	run, end := h.Last()
	p.Summary.Results, p.Summary.Journal = filepath.Base(cmp.Or(results, run.Results)), filepath.Base(g.Place.Path)
	for _, path := range []*string{&p.Summary.Input, &p.Summary.Failed, &p.Summary.Findings} {
		if *path != "" { // whoever gets the page has other folders
			*path = filepath.Base(*path)
		}
	}
	for i := range p.Runs {
		if ended := h.Ends[p.Earlier+i]; ended != nil {
			p.Runs[i].Words = endInWords(a, ended)
		}
	}
	if end != nil {
		p.Words = exit.StatusWords(end.Status).In(a.Lang)
		if end.Summary != nil {
			p.Words = exit.Words(end.Summary).In(a.Lang)
		}
		p.Summary.ExitText = p.Words
		if why := books.Stop(end.Stop).After(p.Summary.StopCode); why != (report.Text{}) {
			p.Stop = why.In(a.Lang)
		}
	}
	p.Next = nextAfter(a, p.State, &run, end)
	return p, nil
}

// nextAfter is what to do after the last run of a batch. A run tells it in its own
// language; in another, the first of its commands stands alone. A command in which a
// number is masked could not be typed.
func nextAfter(a *command.Invocation, state page.State, run *books.RunStart, end *books.RunEnd) report.Advice {
	switch {
	case state == page.Killed:
		if line := typed(run); !report.Masked(line) && !slices.ContainsFunc(run.Flags, resends) {
			return report.Advise(a.Lang, report.NextAgain, report.Command(line))
		}
		return report.Advise(a.Lang, report.NextAgainSame)
	case end == nil || end.Summary == nil || end.Summary.Next == "":
		return report.Advice{}
	}
	next := end.Summary.Advice()
	switch {
	case slices.ContainsFunc(next.Commands, report.Masked):
		return report.Advise(a.Lang, report.PageNextTold)
	case end.Summary.ExitText == exit.Words(end.Summary).In(a.Lang):
		return next
	case len(next.Commands) > 0:
		return report.Advise(a.Lang, report.PageNextSaid, report.Command(next.Commands[0]))
	}
	return report.Advice{}
}

// resends tells the flag that is not to be given twice.
func resends(arg string) bool { return strings.HasPrefix(arg, "--resend") }

// addResults reads the results of the last run, if it wrote them. Older ones,
// which stand there while a run goes on or after it was killed, say less than
// the journal.
func addResults(a *command.Invocation, p *page.Page, h *history.History, path string) error {
	run, end := h.Last()
	if end == nil || end.Digest == "" || path == "" {
		return nil
	}
	f, err := files.OpenRegular(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	bad := func(why any) error { return exit.Refuse(exit.Usage, report.ErrPageResults, path, why) }
	if err != nil {
		return bad(exit.Reason(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return bad(exit.Reason(err))
	}
	as := inputOf(run)
	if old, err := output.OpenResults(f, info.Size(), input.Options{}); err == nil {
		unmaskColumns(as.Map, old.Header())
	}
	in, err := input.Open(f, info.Size(), as)
	if refused, ok := errors.AsType[*input.Error](err); ok {
		return bad(refused.Reason(a.Lang))
	}
	if err != nil {
		return bad(exit.Reason(err))
	}
	if !in.IsResults() {
		return exit.Refuse(exit.Usage, report.ErrNotResults, path)
	}
	if err := h.AddResults(p, in); err != nil {
		return bad(exit.Reason(err))
	}
	p.Source = page.FromResults
	if output.Digest(in) != end.Digest {
		p.Source = page.FromEdited
	}
	return nil
}

// inputOf is how a run read its input: which columns are which field, and what
// fills empty ones. Its results have the same columns.
func inputOf(run books.RunStart) input.Options {
	in := input.Options{Defaults: map[field.Field]string{}, Map: map[string]field.Field{}}
	if run.Pool != "" { // the runs of older versions recorded no more than that
		in.Defaults[field.PoolKey] = run.Pool
	}
	for name, value := range run.Fields {
		if field, err := field.Parse(name); err == nil { // what is not known is not shown
			in.Defaults[field] = value
		}
	}
	for column, name := range run.Columns {
		if field, err := field.Parse(name); err == nil {
			in.Map[column] = field
		}
	}
	return in
}

// unmaskColumns gives columns whose names the record of a run holds with their numbers
// masked the names that they have in a header. What a column filled that is not found
// there is not shown.
func unmaskColumns(columns map[string]field.Field, header []string) {
	for masked, field := range maps.Clone(columns) {
		if !report.Masked(masked) {
			continue
		}
		delete(columns, masked)
		if at := slices.IndexFunc(header, func(name string) bool { return report.Shown(name) == masked }); at >= 0 {
			columns[header[at]] = field
		}
	}
}
