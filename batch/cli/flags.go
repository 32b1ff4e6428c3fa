package cli

import (
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"axgbind/aliyun"
	"axgbind/batch/cli/exit"
	"axgbind/report"
)

// flagsOnly have no environment variable: those that give up a guard, so that no
// profile can set them for ever, and those that say what one command is to print.
var flagsOnly = map[string]bool{
	"another": true, "repair": true, "dry-run": true, "resend": true, "allow-duplicates": true, "renewed": true, "foreign": true, "simulate": true, "yes": true, "only": true, "lines": true, "online": true, "list-is-complete": true, "help": true, "lang": true, "json": true, "trial": true,
}

// flags are those of all commands that work on rows, as given. Each is declared
// once, in a group; a command takes the groups that serve it.
type flags struct {
	out, journal, failed, summary string
	wait                          time.Duration
	findings                      string
	poolKey                       string
	defaults, mapping             []string
	xNumbers                      string
	complete, online              bool
	rate                          float64
	maxInFlight                   string
	timeout                       time.Duration
	retries                       int
	adaptive, strict, dryRun      bool
	limit, trial                  int
	resend                        []string
	whenBound, maxFailures        string
	atMost, renewBefore           string
	renewed, foreign              bool
	until                         string
	encoding, delimiter           string
	allowDuplicates               bool
	simulate                      bool
	endpoint                      string
	progress                      string
	log                           string
	verbose                       bool
	yes                           bool
	quiet                         bool
	excel                         bool
	metrics                       string
}

// whenAnother is the word of --when-bound for a second X number on purpose.
const whenAnother = "another"

// newFlags returns the defaults.
func newFlags() *flags {
	return &flags{
		rate: 100, maxInFlight: "auto", timeout: aliyun.DefaultTimeout, retries: 5, adaptive: true, whenBound: "refuse",
		maxFailures: "50%", endpoint: aliyun.DefaultEndpoint, encoding: "auto", delimiter: "auto",
		progress: "auto",
	}
}

// flagSet adds flags to a command, in the order of the calls.
type flagSet struct {
	*pflag.FlagSet
	v   *flags
	say func(report.Phrase) string
}

func (a *app) flagsOf(c *cobra.Command, v *flags) flagSet {
	c.Flags().SortFlags = false
	return flagSet{c.Flags(), v, func(p report.Phrase) string { return p.In(a.lang) }}
}

// job adds what every command about a job takes: its journal and its summary.
func (f flagSet) job() {
	f.place()
	f.DurationVar(&f.v.wait, "wait", 0, f.say(report.FlagWait))
	f.summary()
}

// place adds where the journal is.
func (f flagSet) place() {
	f.StringVar(&f.v.journal, "journal", f.v.journal, f.say(report.FlagJournal))
}

// summary adds the summary for machines.
func (f flagSet) summary() {
	f.StringVar(&f.v.summary, "summary", f.v.summary, f.say(report.FlagSummary))
}

// input adds how an input is read.
func (f flagSet) input() {
	f.StringVar(&f.v.poolKey, "pool-key", f.v.poolKey, f.say(report.FlagPoolKey))
	f.StringArrayVar(&f.v.defaults, "default", nil, f.say(report.FlagDefault))
	f.StringArrayVar(&f.v.mapping, "map", nil, f.say(report.FlagMap))
	f.StringVar(&f.v.encoding, "encoding", f.v.encoding, f.say(report.FlagEncoding))
	f.StringVar(&f.v.delimiter, "delimiter", f.v.delimiter, f.say(report.FlagDelimiter))
}

// service adds how the service is called.
func (f flagSet) service() {
	f.Float64Var(&f.v.rate, "rate", f.v.rate, f.say(report.FlagRate))
	f.DurationVar(&f.v.timeout, "timeout", f.v.timeout, f.say(report.FlagTimeout))
	f.StringVar(&f.v.endpoint, "endpoint", f.v.endpoint, f.say(report.FlagEndpoint))
}

// sending adds how far and how fast rows are sent.
func (f flagSet) sending() {
	f.IntVar(&f.v.limit, "limit", f.v.limit, f.say(report.FlagLimit))
	f.StringArrayVar(&f.v.resend, "resend", nil, f.say(report.FlagResend))
	f.StringVar(&f.v.maxInFlight, "max-inflight", f.v.maxInFlight, f.say(report.FlagMaxInFlight))
	f.IntVar(&f.v.retries, "retries", f.v.retries, f.say(report.FlagRetries))
	f.BoolVar(&f.v.adaptive, "adaptive", f.v.adaptive, f.say(report.FlagAdaptive))
	f.StringVar(&f.v.maxFailures, "max-failures", f.v.maxFailures, f.say(report.FlagMaxFailures))
	f.StringVar(&f.v.until, "until", f.v.until, f.say(report.FlagUntil))
	f.BoolVar(&f.v.yes, "yes", false, f.say(report.FlagYes))
}

// results adds what is written besides.
func (f flagSet) results() {
	f.StringVarP(&f.v.out, "out", "o", f.v.out, f.say(report.FlagOut))
	f.faults()
	f.StringVar(&f.v.metrics, "metrics", f.v.metrics, f.say(report.FlagMetrics))
}

// faults adds where the rows to correct and the findings go.
func (f flagSet) faults() {
	f.StringVar(&f.v.failed, "failed", f.v.failed, f.say(report.FlagFailed))
	f.StringVar(&f.v.findings, "findings", f.v.findings, f.say(report.FlagFindings))
	f.BoolVar(&f.v.excel, "excel", false, f.say(report.FlagExcel))
}

// words adds what is said while a command works.
func (f flagSet) words() {
	f.progress()
	f.StringVar(&f.v.log, "log", f.v.log, f.say(report.FlagLog))
	f.BoolVarP(&f.v.verbose, "verbose", "v", false, f.say(report.FlagVerbose))
}

// progress adds how much is said of what goes on.
func (f flagSet) progress() {
	f.StringVar(&f.v.progress, "progress", f.v.progress, f.say(report.FlagProgress))
	f.BoolVarP(&f.v.quiet, "quiet", "q", false, f.say(report.FlagQuiet))
}

// valid adds what makes rows, or a whole file, invalid.
func (f flagSet) valid() {
	f.BoolVar(&f.v.strict, "strict", false, f.say(report.FlagStrict))
	f.BoolVar(&f.v.allowDuplicates, "allow-duplicates", false, f.say(report.FlagAllowDuplicates))
}

// numbers adds the operator's list of X numbers.
func (f flagSet) numbers(p report.Phrase) {
	f.StringVar(&f.v.xNumbers, "x-numbers", f.v.xNumbers, f.say(p))
}

// addBindFlags adds all that bind takes.
func (a *app) addBindFlags(c *cobra.Command, v *flags) {
	f := a.flagsOf(c, v)
	f.results()
	f.job()
	f.input()
	f.BoolVar(&v.simulate, "simulate", false, f.say(report.FlagSimulate))
	f.BoolVar(&v.dryRun, "dry-run", false, f.say(report.FlagDryRun))
	f.valid()
	f.numbers(report.FlagXNumbers)
	f.StringVar(&v.whenBound, "when-bound", v.whenBound, f.say(report.FlagWhenBound))
	f.StringVar(&v.renewBefore, "renew-before", "", f.say(report.FlagRenewBefore))
	f.StringVar(&v.atMost, "at-most", "", f.say(report.FlagAtMost))
	f.service()
	f.sending()
	f.words()
}

// fromEnvironment sets every flag that was not given and has a variable.
func fromEnvironment(c *cobra.Command, getenv func(string) string) error {
	var err error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if err != nil || f.Changed || flagsOnly[f.Name] {
			return
		}
		name := variable(f.Name)
		value := getenv(name)
		if value == "" {
			return
		}
		if maskedValue(f.Name, value) {
			err = exit.Refuse(exit.Usage, report.ErrMasked, name, value)
			return
		}
		if f.Name == "when-bound" && value == whenAnother { // no profile may say so for ever
			err = exit.Refuse(exit.Usage, report.ErrEnvValue, name, report.Say(report.WhyRange, value, "refuse | skip | renew"))
			return
		}
		if serr := c.Flags().Set(f.Name, value); serr != nil {
			err = exit.Refuse(exit.Usage, report.ErrEnvValue, name, exit.Reason(serr))
		}
		f.Changed = false // stays what it says: given on the command line
	})
	return err
}

// refuseMasked refuses values that were copied from where axgbind masked them:
// nobody can tell what they were, and a row with one would be another row.
func refuseMasked(c *cobra.Command, args []string) error {
	var err error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			if err == nil && f.Changed && maskedValue(f.Name, value) {
				err = exit.Refuse(exit.Usage, report.ErrMasked, "--"+f.Name, value)
			}
		}
	})
	for _, arg := range args {
		if err == nil && maskedValue("", arg) {
			err = exit.Refuse(exit.Usage, report.ErrMasked, "INPUT", arg)
		}
	}
	return err
}

// maskedValue reports whether the value of a flag, or an argument, is masked. A
// file may be called so.
func maskedValue(flag, value string) bool {
	if !report.Masked(value) {
		return false
	}
	if _, isFile := fileFlags[flag]; isFile || flag == "" {
		_, err := os.Lstat(value)
		return err != nil
	}
	return true
}
