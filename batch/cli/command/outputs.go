package command

import (
	"errors"
	"io"

	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/report"
)

// Allow refuses an output whose place is not its own.
func (a *Invocation) Allow(o output.File) error {
	why := o.Allowed()
	if why == nil {
		return nil
	}
	if _, judged := errors.AsType[report.Said](why); !judged { // it could not be looked at
		return exit.Refuse(exit.Usage, report.ErrWrite, o.Path, exit.Reason(why))
	}
	return exit.Refuse(exit.Usage, report.ErrOutput, a.Shown(o.Path), exit.Reason(why), o.Flag)
}

// Try is Allow, and tries whether the output can be written.
func (a *Invocation) Try(o output.File) error {
	if err := a.Allow(o); err != nil {
		return err
	}
	if path, err := o.Try(); err != nil {
		return exit.Refuse(exit.Usage, report.ErrWrite, path, exit.Reason(err))
	}
	return nil
}

// Write writes an output, and returns where it is.
func (a *Invocation) Write(o output.File, write func(io.Writer) error) (string, error) {
	to, err := o.Write(write)
	return a.SayKept(to), err
}

// SayKept says if an output stands beside what is kept, and returns where it is.
func (a *Invocation) SayKept(to output.Placed) string {
	if to.Kept == "" {
		return to.Path
	}
	path := a.Shown(to.Path)
	a.Say(report.SayKeptBeside, a.Shown(to.Kept), exit.Reason(to.Why), path)
	return path
}

// Named is a flag or argument, and the path that it names.
type Named [2]string

// Distinct refuses two flags that name one file.
func Distinct(paths []Named) error {
	for i, a := range paths {
		for _, b := range paths[i+1:] {
			if a[1] != "-" && files.Same(a[1], b[1]) {
				return exit.Refuse(exit.Usage, report.ErrSamePath, a[0], b[0], b[1])
			}
		}
	}
	return nil
}
