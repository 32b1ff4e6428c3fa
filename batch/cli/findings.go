package cli

import (
	"bufio"
	"io"
	"strings"

	"axgbind/batch/books"
	"axgbind/batch/cli/about"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/batch/cli/terminal"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/batch/rules"
	"axgbind/report"
)

// listedNear is how many near duplicates a list of findings names: a file can
// have as many as rows.
const listedNear = 1000

// findings gathers what a plan finds: by problem for a person, one by one for
// --findings.
type findings struct {
	*request
	tally   input.Findings
	writer  report.FindingWriter // nil without --findings
	err     error                // of writer
	written int
	path    string // of what was written
	near    int    // near duplicates found
	reading *reading

	invalid *report.Summary // counts the rows with errors
	rows    int             // of those
	last    int             // row that was counted last
}

// match makes the plan of the batch, against a journal or none, and gathers what
// is found in the input on the way.
func (j *job) match(journal *books.Journal) (*findings, error) {
	f := &findings{request: j.request, invalid: report.NewSummary()}
	options := j.settings.Plan
	remarks := j.input.Remarks()
	if j.release() == nil && !options.LookOnly { // else only bindings are named by columns
		remarks = append(remarks, j.input.Unread()...)
	}
	f.remark(remarks...)
	options.Batch = j.batch
	if path, err := files.Absolute(j.source.Path); err == nil && j.source.Path != "-" {
		options.Path = report.Shown(path)
	}
	options.Rate = j.settings.Run.Rate
	options.Finding = f.add
	var err error
	reading := j.watchReading(1)
	defer reading.stop()
	f.reading = reading
	plan := func() error {
		defer reading.stop()
		if j.plan, err = plan.New(j.input, journal, options); err != nil {
			return err
		}
		if blank, ok := j.plan.Blank.Remark(); ok {
			f.remark(blank)
			f.list(blank)
		}
		return nil
	}
	out := j.output(output.Findings)
	if out.Path == "" {
		if plan() != nil {
			return nil, j.unreadable(err)
		}
		return f, nil
	}
	var werr error
	f.path, werr = j.Write(out, func(w io.Writer) error {
		buffered := bufio.NewWriterSize(w, 64<<10)
		f.writer, _ = report.NewFindingWriter(buffered, out.Path, out.Stamp())
		f.list(remarks...)
		if err := plan(); err != nil {
			return err
		}
		if f.err == nil {
			f.err = f.writer.Flush()
		}
		if f.err == nil {
			f.err = buffered.Flush()
		}
		return f.err
	})
	switch {
	case err != nil:
		return nil, j.unreadable(err)
	case werr != nil:
		return nil, exit.Refuse(exit.Error, report.ErrWrite, out.Path, exit.Reason(werr))
	}
	j.found = f.path
	return f, nil
}

// remark tells a person what is to be said of the file as a whole.
func (f *findings) remark(remarks ...input.Remark) {
	for i := range remarks {
		f.Console.Println(remarks[i].Sentence(f.Lang))
	}
}

// list adds it to the list of findings, if there is one.
func (f *findings) list(remarks ...input.Remark) {
	for i := range remarks {
		if f.writer != nil {
			f.enlist(remarks[i].Finding(f.Lang))
		}
	}
}

// add takes one finding of a data row.
func (f *findings) add(row, line int, fault *input.Fault) {
	f.tally.Add(row, line, fault)
	f.reading.findings.Add(1)
	if fault.Severity == report.Error && f.last != row {
		f.last = row
		f.rows++
		f.invalid.Add(&report.Record{Line: line, Status: report.Invalid, Code: fault.Code()}, about.Code(f.Lang))
	}
	if fault.Rule == rules.NearDuplicate {
		if f.near++; f.near > listedNear {
			return
		}
	}
	if f.writer != nil {
		f.enlist(fault.Finding(row, line, f.Lang))
	}
}

func (f *findings) enlist(finding report.Finding) {
	if f.err == nil {
		f.err = f.writer.Write(&finding)
		f.written++
	}
}

// count puts the rows of an input that no journal and no earlier results know
// into a summary: those with errors are INVALID, the rest would be sent.
func (f *findings) count(s *report.Summary) {
	s.Failures = f.invalid.Failures
	s.Counts[report.Invalid.String()] = f.rows
	s.Counts[report.Pending.String()] = s.Rows - f.rows
}

// print writes the problems on standard output, which may be a terminal.
func (f *findings) print(valid, invalid int, plan *plan.Plan) error {
	return f.write(f.Products(), terminal.Size(f.Stdout), valid, invalid, plan)
}

// write writes the problems for a person, as the screen has room, and counts that add up;
// nothing if nothing was found.
func (f *findings) write(w io.Writer, on report.TerminalSize, valid, invalid int, plan *plan.Plan) error {
	lang := f.Lang
	if groups := f.tally.Groups(lang); len(groups) > 0 {
		if err := report.WriteFindings(w, lang, groups, on); err != nil {
			return err
		}
		line := report.FindingCounts.In(lang, plan.Rows, valid, invalid, plan.Repaired, plan.Warnings)
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			return err
		}
	}
	if f.path != "" {
		f.Say(report.FindingTotal, f.written, f.path)
		if f.near > listedNear {
			f.Say(report.FindingListed, f.path, listedNear, f.near, rules.NearDuplicate)
		}
	}
	return nil
}

// say prints the problems on standard error, as a run does before it sends.
func (f *findings) say(valid, invalid int, plan *plan.Plan) {
	b := &strings.Builder{}
	_ = f.write(b, f.Console.Size(), valid, invalid, plan) // a Builder does not fail
	if b.Len() > 0 {
		f.Console.Println(strings.TrimRight(b.String(), "\n"))
	}
}
