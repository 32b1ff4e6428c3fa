package cli

import (
	"errors"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/batch/trial"
	"axgbind/report"
)

// job is one run of bind, update, unbind or reconcile, or a check, from the command
// line to the exit status.
type job struct {
	*app
	verb string // the command
	duty
	flags    *flags.Values
	settings *flags.Settings
	set      *pflag.FlagSet // as given
	source   *files.Source
	made     bool // the source was made of what the journal knows of a batch; its path is the batch's id
	input    *input.Input

	results     string           // resolved
	place       store.Place      // of the journal
	journalPath string           // of its file, or of the simulator's beside it
	simulated   bool             // nothing is bound at the real service
	instance    string           // of the simulator that answers; blank: none, or the embedded one
	batch       string           // id of the batch that this run works on
	of          string           // of the batch that an update or unbind is about; blank: a list
	subject     string           // the batch of an unbind or update, as it was named by its id
	left        int              // UNKNOWN rows of the batch whose results stood at the path, when a new batch began there
	leftOf      string           // that batch
	vacant      bool             // the input has a header and no rows, which is allowed; input is nil
	nothing     report.Phrase    // why there is no input: the work is done
	warned      bool             // of the journal that is looked at
	moved       []books.RunStart // of the journal, if none of them wrote to the path of the input
	endpoint    string
	client      *aliyun.Client
	credentials aliyun.Credentials
	witness     *trial.Witness // of the answers, for a trial; nil: none
	keyID       string         // masked
	untold      bool           // the service was asked for its time, and did not tell it
	journal     *store.Journal
	plan        *plan.Plan
	numbers     []batch.Number // of --x-numbers
	looks       int64          // requests besides those of the run
	found       string         // the file of findings that was written
	doubted     int            // UNKNOWN rows of the batch that an unbind is about, which have left its input
	network     *network       // what keeps calls from the service
	lost        bool           // of what this run did, the journal has not all: rescue lines tell
	unproven    bool           // of some pool no binding is known that proves what a sweep did not see
	foreign     int            // X numbers of the batch that the list of a sweep lacked
	log         *command.Log
	spare       files.Handles
	start       time.Time
	rescued     sync.Once      // the word that goes before the first rescue line
	asked       chan os.Signal // SIGUSR1
	cleanup     []func()
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

func (j *job) later(f func()) { j.cleanup = append(j.cleanup, f) }

func (j *job) close() {
	for i := len(j.cleanup) - 1; i >= 0; i-- {
		j.cleanup[i]()
	}
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
	j := &job{app: a, verb: c.Name(), flags: v, set: c.Flags(), start: time.Now()}
	j.network = &network{job: j}
	var err error
	if j.settings, err = v.Settings(c, j.start); err != nil {
		return nil, err
	}
	if v.Quiet {
		a.Console.Hold()
	}
	return j, nil
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
	if err := more(j, args[0]); err != nil || j.nothing != report.NoPhrase {
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

// openInput reads the input's header.
func (j *job) openInput() error {
	var err error
	j.input, err = input.Open(j.source, j.source.Size, j.settings.Input)
	if refused, ok := errors.AsType[*input.Error](err); ok {
		if refused.Kind == "header-only" && j.flags.AllowEmpty && j.flags.Trial == 0 {
			j.vacant = true
			return nil
		}
	}
	if err != nil {
		return j.unreadable(err)
	}
	return nil
}

// unreadable is the fault of an input that is refused as a whole, or cannot be read.
func (j *job) unreadable(err error) error {
	refused, ok := errors.AsType[*input.Error](err)
	if !ok {
		return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
	}
	cure := refused.Cure(j.Lang)
	if refused.Kind == "header-only" && j.set.Lookup("allow-empty") != nil {
		cure += report.Between.In(j.Lang) + report.CureAllowEmpty.In(j.Lang)
	}
	return &exit.Fault{Status: exit.Input, Text: report.Shown(j.source.Path) + ": " + refused.Reason(j.Lang) + "\n" + cure}
}
