package flags

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/cli/exit"
	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// Settings are the flags after checking: everything a run needs that is no file.
type Settings struct {
	Run        batch.Options
	Plan       plan.Options
	Input      input.Options
	Endpoint   string
	start      time.Time
	AtMost     batch.MaxFailures // rows that may be sent; the zero value: all
	StopAt     time.Time         // --until; zero: never
	TellAll    bool              // the robot hears of runs that went well too
	Progress   string
	PoolOption string
}

// checked is a command line whose flags are judged.
type checked struct {
	*Values
	settings *Settings
	given    func(flag string) bool // on the command line
	row      *flag                  // that is judged
}

// Settings checks the flags. Whatever cannot work is refused here, before
// anything is opened.
func (v *Values) Settings(c *cobra.Command, now time.Time) (*Settings, error) {
	s := &Settings{start: now, Progress: v.Progress}
	s.Plan = plan.Options{Now: now, AllowDuplicates: v.AllowDuplicates}
	s.Run = batch.Options{Rate: v.Rate, Timeout: v.Timeout, Retries: v.Retries, Adaptive: v.Adaptive, Limit: v.Limit}
	s.Input = input.Options{Map: map[string]field.Field{}, Defaults: map[field.Field]string{}}
	line := &checked{Values: v, settings: s, given: c.Flags().Changed}
	for i := range table {
		if err := table[i].judge(line); err != nil {
			return nil, err
		}
	}
	s.PoolOption = s.Input.Defaults[field.PoolKey]
	return s, nil
}

// judge judges the value of a flag.
func (f *flag) judge(c *checked) (err error) {
	c.row = f
	if text, ok := f.at(c.Values).(*string); ok && f.choice && !slices.Contains(f.values, *text) {
		err = form(strconv.Quote(*text), strings.Join(f.values, " | "))
	} else if f.check != nil {
		err = f.check(c)
	}
	if _, refused := exit.FaultOf(err); err == nil || refused {
		return err
	}
	return exit.Refuse(exit.Usage, report.ErrFlagValue, f.name, exit.Reason(err))
}

// form says of a value which form it has to have.
func form(value, form string) error { return report.Say(report.WhyRange, value, form) }

// clash refuses two flags together.
func clash(one, other string) error {
	return exit.Refuse(exit.Usage, report.ErrFlagClash, one, other)
}

func checkRate(c *checked) error {
	if !(c.Rate > 0) || c.Rate > pace.MaxRate {
		return form(fmt.Sprintf("%g", c.Rate), fmt.Sprintf("0 < N <= %d", pace.MaxRate))
	}
	return nil
}

func checkTimeout(c *checked) error {
	if c.Timeout <= 0 {
		return report.Say(report.WhyAbove0, c.Timeout.String(), "10s")
	}
	return nil
}

func checkWait(c *checked) error {
	if c.Wait < 0 {
		return report.Say(report.WhyAbove0, c.Wait.String(), "10m")
	}
	return nil
}

func checkRetries(c *checked) error {
	if c.Retries < 0 {
		return form(strconv.Itoa(c.Retries), ">= 0")
	}
	return nil
}

func checkLimit(c *checked) error {
	if c.Limit < 0 || c.Limit == 0 && c.given("limit") {
		return form(strconv.Itoa(c.Limit), ">= 1")
	}
	return nil
}

func checkMaxInFlight(c *checked) error {
	if c.MaxInFlight == "auto" {
		return nil
	}
	n, err := strconv.Atoi(c.MaxInFlight)
	if err != nil || n < 1 || n > pace.MaxInFlight {
		return form(strconv.Quote(c.MaxInFlight), fmt.Sprintf("auto | 1..%d", pace.MaxInFlight))
	}
	c.settings.Run.MaxInFlight = n
	return nil
}

func checkMaxFailures(c *checked) (err error) {
	if c.settings.Run.MaxFailures, err = batch.ParseMaxFailures(c.MaxFailures); err == nil {
		return nil
	}
	why := report.WhyCount
	if strings.Contains(c.MaxFailures, "%") {
		why = report.WhyShare
	}
	return report.Say(why, c.MaxFailures)
}

func checkAtMost(c *checked) (err error) {
	if c.AtMost == "" {
		return nil
	}
	if c.settings.AtMost, err = batch.ParseMaxFailures(c.AtMost); err != nil {
		return form(strconv.Quote(c.AtMost), "N | N%")
	}
	return nil
}

func checkResend(c *checked) (err error) {
	c.settings.Plan.Resend, err = parseResend(c.Resend)
	return err
}

func checkWhenBound(c *checked) error {
	switch c.WhenBound {
	case "skip":
		c.settings.Plan.WhenBound = plan.SkipWhenBound
	case "renew":
		c.settings.Plan.WhenBound = plan.RenewWhenBound
	case whenAnother:
		c.settings.Plan.Another = true
	}
	return nil
}

func checkRenewBefore(c *checked) error {
	if c.RenewBefore == "" {
		return nil
	}
	ahead, ok := parseAhead("+" + strings.TrimPrefix(c.RenewBefore, "+"))
	if !ok {
		return form(strconv.Quote(c.RenewBefore), "7d | 12h")
	}
	if c.settings.Plan.WhenBound != plan.RenewWhenBound {
		return exit.Refuse(exit.Usage, report.ErrFlagNeeds, "renew-before", "when-bound renew")
	}
	c.settings.Plan.RenewBefore = ahead
	return nil
}

func checkUntil(c *checked) (err error) {
	c.settings.StopAt, err = parseUntil(c.Until, c.settings.start)
	return err
}

func checkDelimiter(c *checked) (err error) {
	c.settings.Input.Delimiter, err = parseDelimiter(c.Delimiter)
	return err
}

func checkEncoding(c *checked) error {
	var ok bool
	if c.settings.Input.Encoding, ok = csvtext.ParseEncoding(c.Encoding); !ok {
		return form(strconv.Quote(c.Encoding), strings.Join(c.row.values, " | "))
	}
	return nil
}

func checkFindings(c *checked) error {
	if _, ok := report.NewFindingWriter(io.Discard, c.Findings, ""); c.Findings != "" && !ok {
		return exit.Refuse(exit.Usage, report.ErrFindingsKind, c.Findings)
	}
	return nil
}

func checkQuiet(c *checked) error {
	switch {
	case c.Quiet && c.Verbose && c.Log == "":
		return clash("quiet", "verbose")
	case c.Quiet && c.given("progress") && c.Progress != "none":
		return clash("quiet", "progress")
	}
	return nil
}

func checkSimulate(c *checked) error {
	if c.Simulate && c.given("endpoint") {
		return clash("simulate", "endpoint")
	}
	return nil
}

func checkEndpoint(c *checked) (err error) {
	if c.settings.Endpoint, err = aliyun.ParseEndpoint(c.Endpoint); err != nil {
		return exit.Refuse(exit.Usage, report.ErrEndpoint, shownEndpoint(c.Endpoint), report.Say(report.WhyEndpoint, exit.Reason(err)))
	}
	return nil
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

func checkMapping(c *checked) error {
	for _, m := range c.Mapping {
		i := strings.LastIndexByte(m, '=')
		if i <= 0 {
			return form(strconv.Quote(m), "COLUMN=FIELD")
		}
		f, err := field.Parse(m[i+1:])
		if err != nil {
			return noField(m[i+1:])
		}
		c.settings.Input.Map[m[:i]] = f
	}
	return nil
}

func checkPoolKey(c *checked) error {
	if c.PoolKey != "" {
		c.settings.Input.Defaults[field.PoolKey] = c.PoolKey
	}
	return nil
}

func checkDefaults(c *checked) error {
	for _, d := range c.Defaults {
		name, value, ok := strings.Cut(d, "=")
		if !ok || value == "" {
			return exit.Refuse(exit.Usage, report.ErrFlagValue, "default", "FIELD=VALUE") // what was given may be a number
		}
		f, err := field.Parse(name)
		if err != nil {
			return noField(name)
		}
		switch old, twice := c.settings.Input.Defaults[f]; {
		case twice && old != value && f == field.PoolKey && c.PoolKey != "":
			return clash("pool-key", "default PoolKey")
		case twice && old != value:
			return report.Say(report.WhyTwoValues, f.String())
		}
		c.settings.Input.Defaults[f] = value
		if f == field.Expiration && !c.settings.SetExpiration(value) {
			return form("Expiration="+value, "+30d | +12h | yyyy-MM-dd HH:mm:ss")
		}
	}
	return nil
}

// SetExpiration makes a default Expiration of a text: an instant, or what is so far ahead
// of a row's sending. It reports whether the text can be one of these.
func (s *Settings) SetExpiration(text string) bool {
	s.Input.Defaults[field.Expiration], s.Input.Relative = text, ""
	ahead, ok := parseAhead(text)
	if ok {
		s.Input.Relative = text
		s.Input.Defaults[field.Expiration] = s.start.Add(ahead).In(report.Beijing).Format(time.DateTime)
	}
	return ok || !strings.HasPrefix(text, "+")
}

// noField says which fields there are.
func noField(name string) report.Said {
	var names []string
	for f := range field.NumFields {
		names = append(names, f.String())
	}
	return report.Say(report.WhyField, name, strings.Join(names, ", "))
}

var aheadForm = regexp.MustCompile(`^\+([0-9]{1,5})([dh])$`)

// whenAnother is the word of --when-bound for a second X number on purpose.
const whenAnother = "another"

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

// Resends reports whether --resend takes a code.
func Resends(code string) bool {
	_, err := parseResend([]string{code})
	return err == nil
}

func parseResend(kinds []string) (plan.Resend, error) {
	r := plan.Resend{Codes: map[string]bool{}}
	for _, kind := range kinds {
		switch {
		case kind == "failed":
			r.Failed = true
		case kind == "unknown":
			r.Unknown = true
		case kind == "released":
			r.Released = true
		case codeLike(kind) && aliyun.Lookup(kind).Class == aliyun.Ambiguous:
			return r, report.Say(report.WhyLostCode, strconv.Quote(kind))
		case !codeLike(kind), kind == aliyun.CodeOK, strings.HasPrefix(kind, "client."): // no code of a FAILED row
			return r, form(strconv.Quote(kind), "failed | unknown | released | CODE (isv.NO_NOT_EXIST)")
		default:
			r.Codes[kind] = true
		}
	}
	return r, nil
}

// codeLike reports whether a word has the form of a code.
func codeLike(kind string) bool {
	return strings.ContainsAny(kind, ".ABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strings.ContainsAny(kind, " ,") && !isStatus(kind)
}

// isStatus tells the name of a status from a code: BOUND is never sent again.
func isStatus(kind string) bool {
	_, ok := report.ParseStatus(kind)
	return ok
}

// parseUntil finds the moment that --until says: an instant, the next at which clocks
// in Beijing show HH:MM, or so long from now.
func parseUntil(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at, nil
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return now.Add(d), nil
	}
	clock, err := time.Parse("15:04", s)
	if err != nil {
		return time.Time{}, form(strconv.Quote(s), "HH:MM | +3h | 2026-12-31T06:00:00+08:00")
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
	if d, n := utf8.DecodeRuneInString(s); n == len(s) && (unicode.IsPunct(d) || unicode.IsSymbol(d)) && d != '"' && d != '\'' {
		return d, nil
	}
	return 0, form(strconv.Quote(s), "auto | comma | tab | semicolon | '|'")
}
