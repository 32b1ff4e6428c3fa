package cli

import (
	"context"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/field"
	"axgbind/batch/plan"
	"axgbind/report"
)

// request is what was asked for: a command and its flags, and how it tells how it goes.
type request struct {
	*app
	duty
	verb     string // the command
	flags    *flags.Values
	settings *flags.Settings
	set      *pflag.FlagSet // as given
	start    time.Time
	log      *command.Log
	asked    chan os.Signal // SIGUSR1
	cleanup  []func()
}

// duty is what a command's batches are like, whatever they are told to do.
type duty struct {
	binds   bool                           // rows become bindings: verdicts that the input has count, and a journal may be begun
	rewrite bool                           // results are made of the input, under its name with an ending
	ending  string                         // that ending
	lenient bool                           // a journal that no run would use is told of, and used
	seeks   bool                           // without a name, the one batch with rows UNKNOWN is meant
	takes   func(run *books.RunStart) bool // of work on a batch that was begun: whether it is about one that this run was the last of
}

func (r *request) later(f func()) { r.cleanup = append(r.cleanup, f) }

func (r *request) close() {
	for i := len(r.cleanup) - 1; i >= 0; i-- {
		r.cleanup[i]()
	}
}

// over reports whether the time has come that --until says: nothing is sent any more, so
// nothing is asked or waited for either.
func (r *request) over() bool {
	return !r.settings.StopAt.IsZero() && !time.Now().Before(r.settings.StopAt)
}

// fields are the defaults with which the input was read, by the API's names.
func (r *request) fields() map[string]string {
	m := map[string]string{}
	for f, value := range r.settings.Input.Defaults {
		m[f.String()] = value
	}
	if text := r.settings.Input.Relative; text != "" {
		m[field.Expiration.String()] = text
	}
	return m
}

// columns are the columns that --map named.
func (r *request) columns() map[string]string {
	m := map[string]string{}
	for column, f := range r.settings.Input.Map {
		m[column] = f.String()
	}
	return m
}

// patience is how long this run waits for the journal: as --wait says, and not for longer
// than it may send.
func (r *request) patience() time.Duration {
	if at := r.settings.StopAt; !at.IsZero() {
		return min(r.flags.Wait, max(time.Until(at), 0))
	}
	return r.flags.Wait
}

// sayOf says how many rows something is true of, if there are any.
func (r *request) sayOf(p report.Text, rows int) {
	if rows > 0 {
		r.Say(p, rows)
	}
}

// yes waits for a person to say so.
func (r *request) yes(ctx context.Context) error {
	switch strings.ToLower(r.Prompt.Ask(ctx, report.AskGo.In(r.Lang))) {
	case "y", "yes", "是":
		return nil
	}
	if stopped := exit.Unsent(ctx); stopped != nil {
		r.Console.Println("") // behind the question
		return exit.Refuse(stopped.Status, report.AskStopped)
	}
	return exit.Refuse(exit.Usage, report.AskRefused)
}

// sayUnwritten says that a file could not be written, and its cure. What the run
// did is known all the same.
func (r *request) sayUnwritten(path string, err error) {
	r.SayFault(report.ErrUnwritten, path, exit.Reason(err), files.Cure(err).In(r.Lang))
}

// release is what the job releases; nil if it releases nothing.
func (r *request) release() *plan.Release {
	released, _ := r.settings.Plan.Operation.(*plan.Release)
	return released
}
