package cli

import (
	"context"
	"errors"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/batch/plan"
	"axgbind/report"
)

// rowsFile is a CSV of rows on its way to its place. Its error is its own: what
// cannot be written spoils nothing else.
type rowsFile struct {
	out  *files.Replacement
	rows *report.Writer
	kept string // where it is instead
	err  error
}

func (r *request) newRowsFile(o output.File, writer func(*files.Replacement) *report.Writer) *rowsFile {
	f := &rowsFile{}
	if f.out, f.err = files.Replace(o.Path, o.Mode); f.err == nil {
		f.rows = writer(f.out)
		f.rows.Excel, f.rows.Stamp = r.flags.Excel, o.Stamp()
	}
	return f
}

func (f *rowsFile) write(r *report.Record) {
	if f.err == nil {
		f.err = f.rows.Write(r)
	}
}

// flush ends the writing: all is with the file, or the file is gone.
func (f *rowsFile) flush() {
	if f.err == nil {
		f.err = f.rows.Flush()
	}
	if f.err != nil && f.out != nil {
		f.out.Discard()
	}
}

// written are the files of rows that a run leaves.
type written struct {
	results *rowsFile
	failed  *rowsFile // nil without --failed
	at      string    // where the rows to correct are
	err     error     // of reading input or journal: there are neither results nor rows to correct
}

// full reports whether a disk had no room for one of them.
func (w written) full() bool {
	return files.Full(w.results.err) || w.failed != nil && files.Full(w.failed.err)
}

// writeRows writes the results, and the rows to correct if they are wanted. A
// signal ends the waiting for results that another program holds open.
func (j *job) writeRows(ctx context.Context, stop books.Stop) written {
	w := written{results: j.newRowsFile(j.resultsOutput(), func(out *files.Replacement) *report.Writer {
		return report.NewWriter(out, j.input.Header(), j.input.Prefixed())
	})}
	correct := j.output(output.Failed)
	if correct.Path != "" {
		w.failed = j.newRowsFile(correct, func(out *files.Replacement) *report.Writer {
			rows := report.NewFailedWriter(out, j.input.Header(), j.Lang)
			rows.Bindings = j.settings.Input.Bindings && j.input.IsResults() // its own header does not show them
			return rows
		})
	}
	w.err = j.plan.Results(j.Lang, stop, func(r *report.Record) error {
		w.results.write(r)
		if w.failed != nil && (r.Status == report.Failed || r.Status == report.Invalid) {
			w.failed.write(r)
		}
		return nil
	})
	if w.err != nil {
		for _, f := range []*rowsFile{w.results, w.failed} {
			if f != nil && f.out != nil {
				f.out.Discard()
			}
		}
		return w
	}
	if w.results.flush(); w.results.err == nil {
		w.results.err = w.results.out.Seal()
	}
	if results := j.resultsOutput(); w.results.err == nil {
		w.results.kept, w.results.err = results.Commit(w.results.out, ctx.Done(), func() { j.Say(report.SayResultsBusy, j.Shown(j.results)) })
	}
	if w.failed != nil {
		if w.failed.flush(); w.failed.err == nil {
			var to output.Placed
			to, w.failed.err = correct.Put(w.failed.out)
			w.at = j.SayKept(to)
		}
	}
	return w
}

// sayRows says what could not be written and why, takes what could into the
// summary, and reports whether all is there.
func (j *job) sayRows(s *report.Summary, w written) (digest string, ok bool) {
	switch {
	case j.lost && errors.Is(w.err, plan.ErrUnread): // it was said, with more
	case errors.Is(w.err, plan.ErrUnread):
		j.SayFault(report.ErrJournal, j.Shown(j.journalPath), exit.Reason(w.err))
	case w.err != nil:
		j.sayInputLost(w.err)
	case w.results.err == nil:
		digest = w.results.out.Digest()
	case w.results.kept != "":
		cure := files.Cure(w.results.err)
		if !files.Hopeless(w.results.err) {
			cure = report.CureBusy // Windows calls it forbidden
		}
		j.SayFault(report.ErrUnwritten, j.Shown(j.results), exit.Reason(w.results.err), cure.In(j.Lang))
		j.Say(report.SayKeptNew, j.Shown(w.results.kept))
	default:
		j.sayUnwritten(j.Shown(j.results), w.results.err)
	}
	if digest == "" {
		s.Results = "" // what stands there is older, if anything does
	}
	if w.failed != nil && w.err == nil {
		if w.failed.err != nil {
			j.sayUnwritten(j.flags.Failed, w.failed.err)
		} else if s.Count(report.Failed)+s.Count(report.Invalid) > 0 { // else there is nothing to correct in it
			s.Failed = w.at
		}
	}
	return digest, digest != "" && (w.failed == nil || w.failed.err == nil)
}

// sayInputLost says that the input is not what it was when it was matched. The
// results hold its columns, so there are none without it.
func (p *paths) sayInputLost(err error) {
	p.SayFault(report.ErrInputLost, p.source.Path, exit.Reason(err), output.Digest(p.input)[:16])
}
