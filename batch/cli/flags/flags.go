package flags

import (
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch/field"
	"axgbind/batch/pace"
	"axgbind/report"
)

// Command is a command that has flags, or several.
type Command uint32

// The commands. Root has the flags of all.
const (
	Root Command = 1 << iota
	Bind
	Check
	Update
	Unbind
	Reconcile
	Verify
	Status
	Report
	Simulate
	Template
	JournalInit
	JournalCheck
	JournalCopy
	Forget

	sends = Bind | Update | Unbind
	works = sends | Reconcile
)

// flag is one row of the table: all that is known of a flag. One that reads otherwise
// for some commands has a row for those.
type flag struct {
	name, short string
	of          Command                // who has it
	words       report.Text            // in the help
	at          func(v *Values) any    // a pointer to where its value goes
	start       any                    // its default; nil: the zero value. Where a name has several rows, commands without it go by the first
	values      []string               // what shells offer
	choice      bool                   // it takes these and no other
	typed       bool                   // it gives up a guard, or says what one command prints: no variable sets it
	typedValue  string                 // likewise of one value
	file        string                 // it names a file; the endings that shells offer, or *
	cell        bool                   // it says FIELD=VALUE, and the value may be somebody's number
	batch       bool                   // any command about the batch needs it as the batch's last run had it
	once        bool                   // what it asks for was decided for one run: it is not suggested again
	offer       offer                  // instead of values: what shells offer
	check       func(c *checked) error // whether its value can work; what it says goes into the settings
}

// table is every flag of every command but --help, in the order of the help.
var table = [...]flag{
	{name: "field", of: Update, words: report.FlagField, at: func(v *Values) any { return &v.Fields }, start: []string{field.Expiration.String()},
		values: []string{"Expiration", "PhoneNoB", "GroupId", "IsRecordingEnabled", "CallRestrict", "OutId"}},
	{name: "only", of: Unbind, words: report.FlagOnly, at: func(v *Values) any { return &v.Only }, typed: true, cell: true},
	{name: "lines", of: Unbind, words: report.FlagLines, at: func(v *Values) any { return &v.Lines }, typed: true},
	{name: "renewed", of: Unbind, words: report.FlagRenewed, at: func(v *Values) any { return &v.Renewed }, typed: true},
	{name: "foreign", of: Update | Unbind, words: report.FlagForeign, at: func(v *Values) any { return &v.Foreign }, typed: true},
	{name: "x-numbers", of: Reconcile, words: report.FlagXNumbersSweep, at: func(v *Values) any { return &v.XNumbers }, file: "csv txt json"},
	{name: "list-is-complete", of: Reconcile, words: report.FlagComplete, at: func(v *Values) any { return &v.Complete }, typed: true},

	// What is written, and where the journal is.
	{name: "out", short: "o", of: Bind, words: report.FlagOut, at: func(v *Values) any { return &v.Out }, file: "csv"},
	{name: "out", short: "o", of: Update, words: report.FlagOutUpdate, at: func(v *Values) any { return &v.Out }, file: "csv"},
	{name: "out", short: "o", of: Unbind, words: report.FlagOutUnbind, at: func(v *Values) any { return &v.Out }, file: "csv"},
	{name: "out", short: "o", of: Report, words: report.FlagReportOut, at: func(v *Values) any { return &v.Out }, file: "html"},
	{name: "out", short: "o", of: Template, words: report.FlagTemplateOut, at: func(v *Values) any { return &v.Out }, file: "csv"},
	{name: "failed", of: sends | Check, words: report.FlagFailed, at: func(v *Values) any { return &v.Failed }, file: "csv"},
	{name: "findings", of: sends | Check | Verify, words: report.FlagFindings, at: func(v *Values) any { return &v.Findings }, file: "csv jsonl", check: checkFindings},
	{name: "excel", of: sends | Check, words: report.FlagExcel, at: func(v *Values) any { return &v.Excel }},
	{name: "metrics", of: sends, words: report.FlagMetrics, at: func(v *Values) any { return &v.Metrics }, file: "prom"},
	{name: "journal", of: works | Verify | Status | Report | Forget, words: report.FlagJournal, at: func(v *Values) any { return &v.Journal }, file: "journal", batch: true},
	{name: "journal", of: JournalCopy, words: report.FlagJournalFrom, at: func(v *Values) any { return &v.Journal }, file: "journal"},
	{name: "wait", of: works, words: report.FlagWait, at: func(v *Values) any { return &v.Wait }, check: checkWait},
	{name: "summary", of: works | Check, words: report.FlagSummary, at: func(v *Values) any { return &v.Summary }, file: "json"},

	// How an input is read.
	{name: "pool-key", of: works | Check | Verify, words: report.FlagPoolKey, at: func(v *Values) any { return &v.PoolKey }, check: checkPoolKey},
	{name: "default", of: works | Check | Verify, words: report.FlagDefault, at: func(v *Values) any { return &v.Defaults }, cell: true, offer: offerFields, check: checkDefaults},
	{name: "map", of: works | Check | Verify, words: report.FlagMap, at: func(v *Values) any { return &v.Mapping }, check: checkMapping},
	{name: "encoding", of: works | Check | Verify, words: report.FlagEncoding, at: func(v *Values) any { return &v.Encoding }, start: "auto",
		values: []string{"auto", "utf-8", "gb18030", "gbk", "utf-16", "utf-16le", "utf-16be"}, check: checkEncoding},
	{name: "delimiter", of: works | Check | Verify, words: report.FlagDelimiter, at: func(v *Values) any { return &v.Delimiter }, start: "auto",
		values: []string{"auto", "comma", "tab", "semicolon"}, check: checkDelimiter},

	// What is done with its rows.
	{name: "simulate", of: Bind, words: report.FlagSimulate, at: func(v *Values) any { return &v.Simulate }, typed: true, check: checkSimulate},
	{name: "dry-run", of: Bind, words: report.FlagDryRun, at: func(v *Values) any { return &v.DryRun }, typed: true},
	{name: "dry-run", of: Forget, words: report.FlagDryRunForget, at: func(v *Values) any { return &v.DryRun }, typed: true},
	{name: "strict", of: Bind | Check | Update, words: report.FlagStrict, at: func(v *Values) any { return &v.Strict }},
	{name: "allow-duplicates", of: Bind | Check, words: report.FlagAllowDuplicates, at: func(v *Values) any { return &v.AllowDuplicates }, typed: true},
	{name: "allow-empty", of: Bind | Check, words: report.FlagAllowEmpty, at: func(v *Values) any { return &v.AllowEmpty }},
	{name: "online", of: Check, words: report.FlagOnline, at: func(v *Values) any { return &v.Online }, typed: true},
	{name: "x-numbers", of: Bind, words: report.FlagXNumbers, at: func(v *Values) any { return &v.XNumbers }, file: "csv txt json"},
	{name: "when-bound", of: Bind, words: report.FlagWhenBound, at: func(v *Values) any { return &v.WhenBound }, start: "refuse",
		values: []string{"refuse", "skip", "renew", whenAnother}, choice: true, typedValue: whenAnother, check: checkWhenBound},
	{name: "renew-before", of: Bind, words: report.FlagRenewBefore, at: func(v *Values) any { return &v.RenewBefore }, check: checkRenewBefore},
	{name: "at-most", of: Bind, words: report.FlagAtMost, at: func(v *Values) any { return &v.AtMost }, check: checkAtMost},

	// How the service is called, how far and how fast.
	{name: "rate", of: sends | Check, words: report.FlagRate, at: func(v *Values) any { return &v.Rate }, start: 100.0, check: checkRate},
	{name: "rate", of: Reconcile | Verify, words: report.FlagRate, at: func(v *Values) any { return &v.Rate }, start: float64(aliyun.LookupRate)},
	{name: "timeout", of: works | Check | Verify, words: report.FlagTimeout, at: func(v *Values) any { return &v.Timeout }, start: aliyun.DefaultTimeout, batch: true, check: checkTimeout},
	{name: "endpoint", of: works | Check | Verify, words: report.FlagEndpoint, at: func(v *Values) any { return &v.Endpoint }, start: aliyun.DefaultEndpoint, batch: true, check: checkEndpoint},
	{name: "limit", of: sends, words: report.FlagLimit, at: func(v *Values) any { return &v.Limit }, once: true, check: checkLimit},
	{name: "resend", of: sends, words: report.FlagResend, at: func(v *Values) any { return &v.Resend }, typed: true, once: true, offer: offerResend, check: checkResend},
	{name: "max-inflight", of: sends, words: report.FlagMaxInFlight, at: func(v *Values) any { return &v.MaxInFlight }, start: "auto", values: []string{"auto"}, check: checkMaxInFlight},
	{name: "retries", of: sends, words: report.FlagRetries, at: func(v *Values) any { return &v.Retries }, start: 5, check: checkRetries},
	{name: "adaptive", of: sends, words: report.FlagAdaptive, at: func(v *Values) any { return &v.Adaptive }, start: true, values: []string{"true", "false"}},
	{name: "max-failures", of: sends, words: report.FlagMaxFailures, at: func(v *Values) any { return &v.MaxFailures }, start: "50%", values: []string{"50%"}, check: checkMaxFailures},
	{name: "until", of: sends, words: report.FlagUntil, at: func(v *Values) any { return &v.Until }, once: true, check: checkUntil},
	{name: "yes", of: Bind | Update, words: report.FlagYes, at: func(v *Values) any { return &v.Yes }, typed: true},
	{name: "yes", of: Unbind, words: report.FlagYesUnbind, at: func(v *Values) any { return &v.Yes }, typed: true},

	// What is said meanwhile.
	{name: "progress", of: works | Check | Verify, words: report.FlagProgress, at: func(v *Values) any { return &v.Progress }, start: "auto",
		values: []string{"auto", "bar", "plain", "none"}, choice: true},
	{name: "quiet", short: "q", of: works | Check | Verify, words: report.FlagQuiet, at: func(v *Values) any { return &v.Quiet }, check: checkQuiet},
	{name: "log", of: works, words: report.FlagLog, at: func(v *Values) any { return &v.Log }, file: "*"},
	{name: "verbose", short: "v", of: works, words: report.FlagVerbose, at: func(v *Values) any { return &v.Verbose }},
	{name: "trial", of: Bind, words: report.FlagTrial, at: func(v *Values) any { return &v.Trial }, typed: true},

	// Of commands that look after journals.
	{name: "bindings", of: Status, words: report.FlagBindings, at: func(v *Values) any { return &v.Bindings }, typed: true},
	{name: "json", of: Status, words: report.FlagJSON, at: func(v *Values) any { return &v.JSON }, typed: true},
	{name: "another", of: JournalInit, words: report.FlagAnother, at: func(v *Values) any { return &v.Another }, typed: true},
	{name: "repair", of: JournalCheck, words: report.FlagRepair, at: func(v *Values) any { return &v.Repair }, typed: true},
	{name: "accept", of: JournalCheck, words: report.FlagAccept, at: func(v *Values) any { return &v.Accept }, typed: true},
	{name: "backup", of: JournalCopy, words: report.FlagBackup, at: func(v *Values) any { return &v.Backup }, typed: true},

	// Of the simulated service.
	{name: "listen", of: Simulate, words: report.FlagSimListen, at: func(v *Values) any { return &v.Listen }, start: "127.0.0.1:0"},
	{name: "tls", of: Simulate, words: report.FlagSimTLS, at: func(v *Values) any { return &v.TLS }},
	{name: "numbers", of: Simulate, words: report.FlagSimNumbers, at: func(v *Values) any { return &v.Simulator.Numbers }, start: simulator.DefaultNumbers},
	{name: "cities", of: Simulate, words: report.FlagSimCities, at: func(v *Values) any { return &v.Cities }},
	{name: "strict-city", of: Simulate, words: report.FlagSimStrictCity, at: func(v *Values) any { return &v.Simulator.StrictCity }},
	{name: "latency", of: Simulate, words: report.FlagSimLatency, at: func(v *Values) any { return &v.Simulator.Latency }},
	{name: "jitter", of: Simulate, words: report.FlagSimJitter, at: func(v *Values) any { return &v.Simulator.Jitter }},
	{name: "qps", of: Simulate, words: report.FlagSimQPS, at: func(v *Values) any { return &v.Simulator.QPS }, start: pace.MaxRate},
	{name: "fault", of: Simulate, words: report.FlagSimFault, at: func(v *Values) any { return &v.Faults }},
	{name: "visibility-lag", of: Simulate, words: report.FlagSimLag, at: func(v *Values) any { return &v.Simulator.VisibilityLag }},
	{name: "lookup-form", of: Simulate, words: report.FlagSimForm, at: func(v *Values) any { return &v.LookupForms }, values: []string{"a86", "plus86", "0086", "masked", "utc"}},
	{name: "lookup-dies-after", of: Simulate, words: report.FlagSimDies, at: func(v *Values) any { return &v.LookupDies }},
	{name: "assume", of: Simulate, words: report.FlagSimAssume, at: func(v *Values) any { return &v.Assumes }},
	{name: "clock", of: Simulate, words: report.FlagSimClock, at: func(v *Values) any { return &v.Simulator.Clock }},
	{name: "seed", of: Simulate, words: report.FlagSimSeed, at: func(v *Values) any { return &v.Simulator.Seed }, start: int64(1)},

	// It counts before flags are parsed: see terminal.Language.
	{name: "lang", of: Root, words: report.FlagLang, at: func(v *Values) any { return &v.Lang }, values: []string{"en", "zh"}, typed: true, batch: true},
}

// Values are what the flags of a command say, as given.
type Values struct {
	Out, Journal, Failed, Summary string
	Findings, Metrics             string
	Wait                          time.Duration
	Excel                         bool
	PoolKey                       string
	Defaults, Mapping             []string
	Encoding, Delimiter           string

	Fields           []string // of update
	Only             []string // of unbind
	Lines            string
	Renewed, Foreign bool
	XNumbers         string
	Complete, Online bool
	Simulate, DryRun bool
	Strict           bool
	AllowDuplicates  bool
	AllowEmpty       bool
	WhenBound        string
	RenewBefore      string
	AtMost           string
	Trial            int
	Rate             float64
	Timeout          time.Duration
	Endpoint         string
	Limit            int
	Resend           []string
	MaxInFlight      string
	Retries          int
	Adaptive         bool
	MaxFailures      string
	Until            string
	Yes              bool
	Progress         string
	Quiet, Verbose   bool
	Log              string

	Bindings, JSON         bool // of status
	Another                bool // of journal init
	Repair, Accept, Backup bool // of journal check and copy
	Lang                   string

	Simulator       simulator.Options // of simulate; the rest of it has to be parsed
	Listen, Cities  string
	TLS             bool
	Faults, Assumes []string
	LookupForms     []string
	LookupDies      int
}
