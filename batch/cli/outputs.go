package cli

import (
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/report"
)

// allow refuses an output whose place is not its own.
func (a *app) allow(o output.File) error {
	why := o.Allowed()
	if why == nil {
		return nil
	}
	if _, judged := errors.AsType[report.Said](why); !judged { // it could not be looked at
		return exit.Refuse(exit.Usage, report.ErrWrite, o.Path, exit.Reason(why))
	}
	return exit.Refuse(exit.Usage, report.ErrOutput, a.shown(o.Path), exit.Reason(why), o.Flag)
}

// try is allow, and tries whether the output can be written.
func (a *app) try(o output.File) error {
	if err := a.allow(o); err != nil {
		return err
	}
	if path, err := o.Try(); err != nil {
		return exit.Refuse(exit.Usage, report.ErrWrite, path, exit.Reason(err))
	}
	return nil
}

// write writes an output, and returns where it is.
func (a *app) write(o output.File, write func(io.Writer) error) (string, error) {
	to, err := o.Write(write)
	return a.sayKept(to), err
}

// sayKept says if an output stands beside what is kept, and returns where it is.
func (a *app) sayKept(to output.Placed) string {
	if to.Kept == "" {
		return to.Path
	}
	path := a.shown(to.Path)
	a.say(report.SayKeptBeside, a.shown(to.Kept), exit.Reason(to.Why), path)
	return path
}

// outputs are those of a job besides its results and its log.
func (j *job) outputs() []output.File {
	v, of := j.flags, j.about()
	return []output.File{
		{Flag: "--failed", Path: v.Failed, Kind: output.Failed, Mode: files.ModeIn(filepath.Dir(v.Failed)), Of: fromFolderOf(v.Failed, of)},
		{Flag: "--findings", Path: v.Findings, Kind: output.Findings, Mode: 0o600, Of: fromFolderOf(v.Findings, of)},
		{Flag: "--summary", Path: v.Summary, Kind: output.Summary, Mode: 0o600}, // of the last run, whichever batch it was of
		metricsOutput(v.Metrics),
	}
}

// output is the one of that kind.
func (j *job) output(kind output.Kind) output.File {
	all := j.outputs()
	return all[slices.IndexFunc(all, func(o output.File) bool { return o.Kind == kind })]
}

// resultsOutput is the results as an output.
func (j *job) resultsOutput() output.File {
	return output.File{Flag: "--out", Path: j.results, Kind: output.Results, Mode: files.ModeIn(filepath.Dir(j.results))}
}

// about names what the rows to correct and the findings are about: the input,
// whether it or a file made of it is given. A pipe has no name that lasts, so
// there the results name it.
func (j *job) about() string {
	path := j.source.Path
	if path == "-" || files.IsDevice(path) {
		path = j.results
	}
	if resolved, err := files.Resolve(path); err == nil {
		path = resolved
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	endings := []string{".csv", ".results", ".updated", ".unbound", ".duplicates"}
	for again := true; again; {
		again = false
		for _, ending := range endings {
			if short, cut := strings.CutSuffix(path, ending); cut {
				path, again = short, true
			}
		}
	}
	return path
}

// fromFolderOf is a batch as seen from the folder of a file about it, so that
// both can be moved.
func fromFolderOf(path, batch string) string {
	if path, err := files.Resolve(path); err == nil {
		if abs, err := filepath.Abs(path); err == nil {
			if rel, err := filepath.Rel(filepath.Dir(abs), batch); err == nil {
				return filepath.ToSlash(rel)
			}
		}
	}
	return batch
}
