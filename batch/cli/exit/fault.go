package exit

import (
	"errors"
	"strings"

	"axgbind/batch/cli/store"
	"axgbind/report"
)

// Fault ends a command with a status, a reason and a cure.
type Fault struct {
	Status int
	Says   report.Text
	Args   []any
	Text   string      // instead of that: reason and cure, already in the run's language
	Ends   report.Text // the status in words; zero: as StatusWords has it
}

func (f *Fault) Error() string { return f.In(report.EN) }

// In is the reason and, on lines of its own, the cure.
func (f *Fault) In(lang report.Lang) string {
	if f.Text != "" {
		return f.Text
	}
	return f.Says.In(lang, f.Args...)
}

// FaultOf is the fault that an error is: one of the command's own, or that of a journal.
func FaultOf(err error) (f *Fault, ok bool) {
	if f, ok = errors.AsType[*Fault](err); ok {
		return f, true
	}
	wrong, ok := errors.AsType[*store.Error](err)
	if !ok {
		return nil, false
	}
	status := Usage
	switch {
	case wrong.Locked:
		status = Locked
	case wrong.Broken:
		status = Error
	}
	return Refuse(status, wrong.Text, wrong.Args...), true
}

// Refuse makes a fault. Where files could not be opened for want of handles, the
// cure is the same whatever they are.
func Refuse(status int, words report.Text, args ...any) *Fault {
	for _, arg := range args {
		if why, ok := arg.(report.Said); ok && why.Text == report.WhyHandles {
			return &Fault{Status: status, Says: report.ErrHandles, Args: []any{why}}
		}
	}
	return &Fault{Status: status, Says: words, Args: args}
}

// CutCure parts what is wrong from its cure.
func CutCure(text string) (what, cure string) {
	what, cure, _ = strings.Cut(text, "\n")
	return what, strings.TrimSpace(cure)
}

// FirstLine is a text without its cure.
func FirstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
