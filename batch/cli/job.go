package cli

import (
	"sync"
	"time"

	"github.com/spf13/cobra"

	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/batch/field"
	"axgbind/batch/plan"
	"axgbind/report"
)

// job is one run of bind, update, unbind or reconcile, or a check, from the command
// line to the exit status. What it works with has types of its own: what was asked for
// (request), the files (paths), the batch (target) and the service.
type job struct {
	*request
	target
	service

	journal  *store.Journal
	plan     *plan.Plan
	numbers  []batch.Number // of --x-numbers
	found    string         // the file of findings that was written
	lost     bool           // of what this run did, the journal has not all: rescue lines tell
	unproven bool           // of some pool no binding is known that proves what a sweep did not see
	foreign  int            // X numbers of the batch that the list of a sweep lacked
	spare    files.Handles
	rescued  sync.Once // the word that goes before the first rescue line
}

// newJobOn is a job of which nothing is known but what was asked for.
func newJobOn(r *request) *job {
	j := &job{request: r, target: target{paths: paths{request: r}}, service: service{request: r}}
	j.network = &network{of: &j.service}
	return j
}

// newJob checks flags and input, in that order.
func (a *app) newJob(c *cobra.Command, v *flags.Values, args []string, d duty) (*job, error) {
	return a.newJobWith(c, v, args, d, func(*job, string) error { return nil })
}

// flagged is a job of which nothing is known but its flags.
func (a *app) flagged(c *cobra.Command, v *flags.Values) (*job, error) {
	if err := flags.FromEnvironment(c, a.Getenv); err != nil {
		return nil, err
	}
	r := &request{app: a, verb: c.Name(), flags: v, set: c.Flags(), start: time.Now()}
	var err error
	if r.settings, err = v.Settings(c, r.start); err != nil {
		return nil, err
	}
	if v.Quiet {
		a.Console.Hold()
	}
	return newJobOn(r), nil
}

// newJobWith is newJob with settings that no flag of its own makes; more makes
// them, for the input of that path, and may open a source in its place.
func (a *app) newJobWith(c *cobra.Command, v *flags.Values, args []string, d duty, more func(j *job, path string) error) (*job, error) {
	if len(args) != 1 {
		return nil, exit.Refuse(exit.Usage, report.ErrArgs, c.Name(), len(args))
	}
	j, err := a.flagged(c, v)
	if err != nil {
		return nil, err
	}
	j.duty = d
	if j.settings.TellAll, err = ending.CheckOutside(a.Invocation, v.Metrics); err != nil {
		return nil, err
	}
	if v.Simulate && j.settings.PoolOption == "" {
		j.settings.Input.Defaults[field.PoolKey] = simulator.PoolKey
		j.settings.PoolOption = simulator.PoolKey
	}
	if args[0] == "-" && v.Out == "" && !v.DryRun && d.rewrite {
		return nil, exit.Refuse(exit.Usage, report.ErrStdinOut)
	}
	if err := more(j, args[0]); err != nil || j.nothing != (report.Text{}) {
		return j, err
	}
	if j.source == nil {
		if j.source, err = a.openSource(args[0]); err != nil {
			return nil, err
		}
	}
	j.later(j.source.Close)
	err = j.openInput()
	if err == nil && !j.vacant {
		err = j.recogniseSubject()
	}
	if err != nil {
		j.close()
		return nil, err
	}
	return j, nil
}
