package cli

import (
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/report"
)

// envPrefix begins the environment variable of every flag that has one:
// --max-inflight is AXGBIND_MAX_INFLIGHT.
const envPrefix = "AXGBIND_"

// flagsOnly have no environment variable, so that no profile can set them for
// ever: each of them gives up a guard.
var flagsOnly = map[string]bool{
	"dry-run": true, "resend": true, "allow-duplicates": true, "again": true, "simulate": true, "yes": true, "only": true, "lines": true, "codes": true, "duplicates": true, "online": true, "list-is-complete": true, "help": true, "lang": true,
}

// flags are those of all commands that work on rows, as given. Each is declared
// once, in a group; a command takes the groups that serve it.
type flags struct {
	out, journal, failed, summary string
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
	limit                         int
	resend                        []string
	whenBound, maxFailures        string
	maxDuration                   time.Duration
	until                         string
	encoding, delimiter           string
	allowDuplicates, again        bool
	simulate                      bool
	endpoint                      string
	progress                      string
	log, logFormat                string
	verbose                       bool
	outMode                       string
	yes                           bool
	quiet                         bool
	excel                         bool
	notifyOn, metrics             string
	html                          string
}

// newFlags returns the defaults.
func newFlags() *flags {
	return &flags{
		rate: 100, maxInFlight: "auto", timeout: aliyun.DefaultTimeout, retries: 5, adaptive: true, whenBound: "refuse",
		maxFailures: "50%", endpoint: aliyun.DefaultEndpoint, encoding: "auto", delimiter: "auto", outMode: "0600",
		progress: "auto", logFormat: "text", notifyOn: "problem",
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
	f.StringVar(&f.v.journal, "journal", f.v.journal, f.say(report.FlagJournal))
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
	f.DurationVar(&f.v.maxDuration, "max-duration", f.v.maxDuration, f.say(report.FlagMaxDuration))
	f.StringVar(&f.v.until, "until", f.v.until, f.say(report.FlagUntil))
	f.BoolVar(&f.v.yes, "yes", false, f.say(report.FlagYes))
}

// results adds what is written besides.
func (f flagSet) results() {
	f.StringVarP(&f.v.out, "out", "o", f.v.out, f.say(report.FlagOut))
	f.StringVar(&f.v.failed, "failed", f.v.failed, f.say(report.FlagFailed))
	f.StringVar(&f.v.findings, "findings", f.v.findings, f.say(report.FlagFindings))
	f.BoolVar(&f.v.excel, "excel", false, f.say(report.FlagExcel))
	f.StringVar(&f.v.metrics, "metrics", f.v.metrics, f.say(report.FlagMetrics))
	f.StringVar(&f.v.html, "html", f.v.html, f.say(report.FlagHTML))
	f.StringVar(&f.v.notifyOn, "notify-on", f.v.notifyOn, f.say(report.FlagNotifyOn))
}

// words adds what is said while a command works.
func (f flagSet) words() {
	f.StringVar(&f.v.progress, "progress", f.v.progress, f.say(report.FlagProgress))
	f.StringVar(&f.v.log, "log", f.v.log, f.say(report.FlagLog))
	f.StringVar(&f.v.logFormat, "log-format", f.v.logFormat, f.say(report.FlagLogFormat))
	f.BoolVarP(&f.v.verbose, "verbose", "v", false, f.say(report.FlagVerbose))
	f.BoolVarP(&f.v.quiet, "quiet", "q", false, f.say(report.FlagQuiet))
	f.StringVar(&f.v.outMode, "out-mode", f.v.outMode, f.say(report.FlagOutMode))
}

// numbers adds the operator's list of X numbers.
func (f flagSet) numbers(p report.Phrase) {
	f.StringVar(&f.v.xNumbers, "x-numbers", f.v.xNumbers, f.say(p))
}

// addBindFlags adds all that bind and check take.
func (a *app) addBindFlags(c *cobra.Command, v *flags) {
	f := a.flagsOf(c, v)
	f.results()
	f.job()
	f.input()
	f.BoolVar(&v.simulate, "simulate", false, f.say(report.FlagSimulate))
	f.BoolVar(&v.dryRun, "dry-run", false, f.say(report.FlagDryRun))
	f.BoolVar(&v.strict, "strict", false, f.say(report.FlagStrict))
	f.numbers(report.FlagXNumbers)
	f.StringVar(&v.whenBound, "when-bound", v.whenBound, f.say(report.FlagWhenBound))
	f.BoolVar(&v.allowDuplicates, "allow-duplicates", false, f.say(report.FlagAllowDuplicates))
	f.BoolVar(&v.again, "again", false, f.say(report.FlagAgain))
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
		if serr := c.Flags().Set(f.Name, value); serr != nil {
			err = refuse(statusUsage, report.ErrEnvValue, name, reasonOf(serr))
		}
		f.Changed = false // stays what it says: given on the command line
	})
	return err
}

// variable is the environment variable of a flag.
func variable(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// settings are the flags after checking: everything a run needs that is no file.
type settings struct {
	run        batch.Options
	plan       batch.PlanOptions
	input      batch.InputOptions
	outMode    fs.FileMode
	endpoint   string
	relative   map[string]time.Duration // defaults that count from the job's start: "+30d"
	stopAt     time.Time                // --until; zero: never
	logFormat  string
	progress   string
	poolOption string
}

// settings checks the flags. Whatever cannot work is refused here, before
// anything is opened.
func (v *flags) settings(c *cobra.Command, now time.Time) (*settings, error) {
	bad := func(flag string, why any) error { return refuse(statusUsage, report.ErrFlagValue, flag, why) }
	form := func(flag, value, form string) error { return bad(flag, report.Say(report.WhyRange, value, form)) }
	s := &settings{relative: map[string]time.Duration{}, logFormat: v.logFormat, progress: v.progress}
	s.plan = batch.PlanOptions{Now: now, AllowDuplicates: v.allowDuplicates}
	s.run = batch.Options{Rate: v.rate, Timeout: v.timeout, Retries: v.retries, Adaptive: v.adaptive, Limit: v.limit}

	if !(v.rate > 0) || v.rate > batch.MaxRate {
		return nil, form("rate", fmt.Sprintf("%g", v.rate), fmt.Sprintf("0 < N <= %d", batch.MaxRate))
	}
	if v.timeout <= 0 {
		return nil, bad("timeout", report.Say(report.WhyAbove0, v.timeout.String(), "10s"))
	}
	if v.retries < 0 {
		return nil, form("retries", strconv.Itoa(v.retries), ">= 0")
	}
	if v.limit < 0 || v.limit == 0 && c.Flags().Changed("limit") {
		return nil, form("limit", strconv.Itoa(v.limit), ">= 1")
	}
	if v.maxDuration < 0 || v.maxDuration == 0 && c.Flags().Changed("max-duration") {
		return nil, bad("max-duration", report.Say(report.WhyAbove0, v.maxDuration.String(), "2h"))
	}
	if v.maxInFlight != "auto" {
		n, err := strconv.Atoi(v.maxInFlight)
		if err != nil || n < 1 || n > batch.MaxInFlight {
			return nil, form("max-inflight", strconv.Quote(v.maxInFlight), fmt.Sprintf("auto | 1..%d", batch.MaxInFlight))
		}
		s.run.MaxInFlight = n
	}
	var err error
	if s.run.MaxFailures, err = batch.ParseMaxFailures(v.maxFailures); err != nil {
		why := report.WhyCount
		if strings.Contains(v.maxFailures, "%") {
			why = report.WhyShare
		}
		return nil, bad("max-failures", report.Say(why, v.maxFailures))
	}
	if s.plan.Resend, err = parseResend(v.resend); err != nil {
		return nil, bad("resend", reasonOf(err))
	}
	switch v.whenBound {
	case "refuse":
	case "skip":
		s.plan.WhenBound = batch.SkipWhenBound
	case "renew":
		s.plan.WhenBound = batch.RenewWhenBound
	default:
		return nil, form("when-bound", strconv.Quote(v.whenBound), "refuse | skip | renew")
	}
	if s.stopAt, err = parseUntil(v.until, now); err != nil {
		return nil, bad("until", reasonOf(err))
	}
	if s.input.Delimiter, err = parseDelimiter(v.delimiter); err != nil {
		return nil, bad("delimiter", reasonOf(err))
	}
	var ok bool
	if s.input.Encoding, ok = batch.ParseEncoding(v.encoding); !ok {
		return nil, form("encoding", strconv.Quote(v.encoding), "auto | utf-8 | gb18030 | gbk | utf-16 | utf-16le | utf-16be")
	}
	mode, err := strconv.ParseUint(v.outMode, 8, 32)
	if err != nil || mode > 0o777 || mode&0o600 != 0o600 {
		return nil, form("out-mode", strconv.Quote(v.outMode), "0600 .. 0777")
	}
	s.outMode = fs.FileMode(mode)
	if _, ok := report.NewFindingWriter(io.Discard, v.findings); v.findings != "" && !ok {
		return nil, refuse(statusUsage, report.ErrFindingsKind, v.findings)
	}
	switch v.progress {
	case "auto", "bar", "plain", "none":
	default:
		return nil, form("progress", strconv.Quote(v.progress), "auto | bar | plain | none")
	}
	if v.quiet && v.verbose && v.log == "" {
		return nil, refuse(statusUsage, report.ErrFlagClash, "quiet", "verbose")
	}
	if v.quiet && c.Flags().Changed("progress") && v.progress != "none" {
		return nil, refuse(statusUsage, report.ErrFlagClash, "quiet", "progress")
	}
	if v.logFormat != "text" && v.logFormat != "json" {
		return nil, form("log-format", strconv.Quote(v.logFormat), "text | json")
	}
	if v.simulate && c.Flags().Changed("endpoint") {
		return nil, refuse(statusUsage, report.ErrFlagClash, "simulate", "endpoint")
	}
	if s.endpoint, err = aliyun.ParseEndpoint(v.endpoint); err != nil {
		return nil, refuse(statusUsage, report.ErrEndpoint, shownEndpoint(v.endpoint), report.Say(report.WhyEndpoint, reasonOf(err)))
	}
	return s, s.parseFields(v)
}

// shownEndpoint leaves out what an endpoint must not hold, for it may be a
// password or a copied request.
func shownEndpoint(s string) string {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		s = s[:i] + "…"
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = "…" + s[i:]
	}
	return s
}

// parseFields reads --map, --default and --pool-key.
func (s *settings) parseFields(v *flags) error {
	bad := func(flag string, why any) error { return refuse(statusUsage, report.ErrFlagValue, flag, why) }
	form := func(flag, value, form string) error { return bad(flag, report.Say(report.WhyRange, value, form)) }
	s.input.Map = map[string]batch.Field{}
	for _, m := range v.mapping {
		i := strings.LastIndexByte(m, '=')
		if i <= 0 {
			return form("map", strconv.Quote(m), "COLUMN=FIELD")
		}
		field, err := batch.ParseField(m[i+1:])
		if err != nil {
			return bad("map", noField(m[i+1:]))
		}
		s.input.Map[m[:i]] = field
	}
	s.input.Defaults = map[batch.Field]string{}
	for _, d := range v.defaults {
		name, value, ok := strings.Cut(d, "=")
		if !ok || value == "" {
			return bad("default", "FIELD=VALUE") // what was given may be a number
		}
		field, err := batch.ParseField(name)
		if err != nil {
			return bad("default", noField(name))
		}
		if old, twice := s.input.Defaults[field]; twice && old != value {
			return bad("default", report.Say(report.WhyTwoValues, field.String()))
		}
		s.input.Defaults[field] = value
		if field == batch.Expiration {
			if ahead, ok := parseAhead(value); ok {
				s.relative[value] = ahead
			} else if strings.HasPrefix(value, "+") {
				return form("default", "Expiration="+value, "+30d | +12h | yyyy-MM-dd HH:mm:ss")
			}
		}
	}
	if v.poolKey != "" {
		if old, twice := s.input.Defaults[batch.PoolKey]; twice && old != v.poolKey {
			return refuse(statusUsage, report.ErrFlagClash, "pool-key", "default PoolKey")
		}
		s.input.Defaults[batch.PoolKey] = v.poolKey
	}
	s.poolOption = s.input.Defaults[batch.PoolKey]
	return nil
}

// noField says which fields there are.
func noField(name string) report.Said {
	var names []string
	for f := range batch.NumFields {
		names = append(names, f.String())
	}
	return report.Say(report.WhyField, name, strings.Join(names, ", "))
}

var aheadForm = regexp.MustCompile(`^\+([0-9]{1,5})([dh])$`)

// parseAhead reads a relative Expiration: +30d or +12h.
func parseAhead(s string) (time.Duration, bool) {
	m := aheadForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n == 0 {
		return 0, false
	}
	unit := time.Hour
	if m[2] == "d" {
		unit = 24 * time.Hour
	}
	return time.Duration(n) * unit, true
}

func parseResend(kinds []string) (batch.Resend, error) {
	r := batch.Resend{Codes: map[string]bool{}}
	for _, kind := range kinds {
		switch {
		case kind == "failed":
			r.Failed = true
		case kind == "unknown":
			r.Unknown = true
		case kind == "released":
			r.Released = true
		case isStatus(kind), kind == aliyun.CodeOK, !strings.ContainsAny(kind, ".ABCDEFGHIJKLMNOPQRSTUVWXYZ"), strings.ContainsAny(kind, " ,"):
			return r, worded{report.Say(report.WhyRange, strconv.Quote(kind), "failed | unknown | released | CODE (isv.NO_NOT_EXIST)")}
		default:
			r.Codes[kind] = true
		}
	}
	return r, nil
}

// isStatus tells the name of a status from a code: BOUND is never sent again.
func isStatus(kind string) bool {
	_, ok := report.ParseStatus(kind)
	return ok
}

// parseUntil finds the next moment at which clocks in Beijing show HH:MM.
func parseUntil(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	clock, err := time.Parse("15:04", s)
	if err != nil {
		return time.Time{}, worded{report.Say(report.WhyRange, strconv.Quote(s), "HH:MM")}
	}
	local := now.In(report.Beijing)
	at := time.Date(local.Year(), local.Month(), local.Day(), clock.Hour(), clock.Minute(), 0, 0, report.Beijing)
	if !at.After(now) {
		at = at.AddDate(0, 0, 1)
	}
	return at, nil
}

func parseDelimiter(s string) (rune, error) {
	switch s {
	case "auto":
		return 0, nil
	case "comma", ",":
		return ',', nil
	case "tab", "\t", `\t`:
		return '\t', nil
	case "semicolon", ";":
		return ';', nil
	}
	return 0, worded{report.Say(report.WhyRange, strconv.Quote(s), "auto | comma | tab | semicolon")}
}
