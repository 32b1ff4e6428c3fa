package cli

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/cli/exit"
	"axgbind/batch/csvtext"
	"axgbind/batch/input"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// settings are the flags after checking: everything a run needs that is no file.
type settings struct {
	run        batch.Options
	plan       plan.Options
	input      input.Options
	endpoint   string
	start      time.Time
	atMost     batch.MaxFailures // rows that may be sent; the zero value: all
	stopAt     time.Time         // --until; zero: never
	tellAll    bool              // the robot hears of runs that went well too
	progress   string
	poolOption string
}

// settings checks the flags. Whatever cannot work is refused here, before
// anything is opened.
func (v *flags) settings(c *cobra.Command, now time.Time) (*settings, error) {
	bad := func(flag string, why any) error { return exit.Refuse(exit.Usage, report.ErrFlagValue, flag, why) }
	form := func(flag, value, form string) error { return bad(flag, report.Say(report.WhyRange, value, form)) }
	s := &settings{start: now, progress: v.progress}
	s.plan = plan.Options{Now: now, AllowDuplicates: v.allowDuplicates}
	s.run = batch.Options{Rate: v.rate, Timeout: v.timeout, Retries: v.retries, Adaptive: v.adaptive, Limit: v.limit}

	if !(v.rate > 0) || v.rate > pace.MaxRate {
		return nil, form("rate", fmt.Sprintf("%g", v.rate), fmt.Sprintf("0 < N <= %d", pace.MaxRate))
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
	if v.maxInFlight != "auto" {
		n, err := strconv.Atoi(v.maxInFlight)
		if err != nil || n < 1 || n > pace.MaxInFlight {
			return nil, form("max-inflight", strconv.Quote(v.maxInFlight), fmt.Sprintf("auto | 1..%d", pace.MaxInFlight))
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
		return nil, bad("resend", exit.Reason(err))
	}
	switch v.whenBound {
	case "refuse":
	case "skip":
		s.plan.WhenBound = plan.SkipWhenBound
	case "renew":
		s.plan.WhenBound = plan.RenewWhenBound
	case whenAnother:
		s.plan.Another = true
	default:
		return nil, form("when-bound", strconv.Quote(v.whenBound), "refuse | skip | renew | another")
	}
	if v.renewBefore != "" {
		ahead, ok := parseAhead("+" + strings.TrimPrefix(v.renewBefore, "+"))
		if !ok {
			return nil, form("renew-before", strconv.Quote(v.renewBefore), "7d | 12h")
		}
		if s.plan.WhenBound != plan.RenewWhenBound {
			return nil, exit.Refuse(exit.Usage, report.ErrFlagNeeds, "renew-before", "when-bound renew")
		}
		s.plan.RenewBefore = ahead
	}
	if v.atMost != "" {
		if s.atMost, err = batch.ParseMaxFailures(v.atMost); err != nil {
			return nil, form("at-most", strconv.Quote(v.atMost), "N | N%")
		}
	}
	if v.wait < 0 {
		return nil, bad("wait", report.Say(report.WhyAbove0, v.wait.String(), "10m"))
	}
	if s.stopAt, err = parseUntil(v.until, now); err != nil {
		return nil, bad("until", exit.Reason(err))
	}
	if s.input.Delimiter, err = parseDelimiter(v.delimiter); err != nil {
		return nil, bad("delimiter", exit.Reason(err))
	}
	var ok bool
	if s.input.Encoding, ok = csvtext.ParseEncoding(v.encoding); !ok {
		return nil, form("encoding", strconv.Quote(v.encoding), "auto | utf-8 | gb18030 | gbk | utf-16 | utf-16le | utf-16be")
	}
	if _, ok := report.NewFindingWriter(io.Discard, v.findings, ""); v.findings != "" && !ok {
		return nil, exit.Refuse(exit.Usage, report.ErrFindingsKind, v.findings)
	}
	switch v.progress {
	case "auto", "bar", "plain", "none":
	default:
		return nil, form("progress", strconv.Quote(v.progress), "auto | bar | plain | none")
	}
	if v.quiet && v.verbose && v.log == "" {
		return nil, exit.Refuse(exit.Usage, report.ErrFlagClash, "quiet", "verbose")
	}
	if v.quiet && c.Flags().Changed("progress") && v.progress != "none" {
		return nil, exit.Refuse(exit.Usage, report.ErrFlagClash, "quiet", "progress")
	}
	if v.simulate && c.Flags().Changed("endpoint") {
		return nil, exit.Refuse(exit.Usage, report.ErrFlagClash, "simulate", "endpoint")
	}
	if s.endpoint, err = aliyun.ParseEndpoint(v.endpoint); err != nil {
		return nil, exit.Refuse(exit.Usage, report.ErrEndpoint, shownEndpoint(v.endpoint), report.Say(report.WhyEndpoint, exit.Reason(err)))
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
	bad := func(flag string, why any) error { return exit.Refuse(exit.Usage, report.ErrFlagValue, flag, why) }
	form := func(flag, value, form string) error { return bad(flag, report.Say(report.WhyRange, value, form)) }
	s.input.Map = map[string]input.Field{}
	for _, m := range v.mapping {
		i := strings.LastIndexByte(m, '=')
		if i <= 0 {
			return form("map", strconv.Quote(m), "COLUMN=FIELD")
		}
		field, err := input.ParseField(m[i+1:])
		if err != nil {
			return bad("map", noField(m[i+1:]))
		}
		s.input.Map[m[:i]] = field
	}
	s.input.Defaults = map[input.Field]string{}
	for _, d := range v.defaults {
		name, value, ok := strings.Cut(d, "=")
		if !ok || value == "" {
			return bad("default", "FIELD=VALUE") // what was given may be a number
		}
		field, err := input.ParseField(name)
		if err != nil {
			return bad("default", noField(name))
		}
		if old, twice := s.input.Defaults[field]; twice && old != value {
			return bad("default", report.Say(report.WhyTwoValues, field.String()))
		}
		s.input.Defaults[field] = value
		if field == input.Expiration && !s.expires(value) {
			return form("default", "Expiration="+value, "+30d | +12h | yyyy-MM-dd HH:mm:ss")
		}
	}
	if v.poolKey != "" {
		if old, twice := s.input.Defaults[input.PoolKey]; twice && old != v.poolKey {
			return exit.Refuse(exit.Usage, report.ErrFlagClash, "pool-key", "default PoolKey")
		}
		s.input.Defaults[input.PoolKey] = v.poolKey
	}
	s.poolOption = s.input.Defaults[input.PoolKey]
	return nil
}

// expires makes a default Expiration of a text: an instant, or what is so far ahead
// of a row's sending. It reports whether the text can be one of these.
func (s *settings) expires(text string) bool {
	s.input.Defaults[input.Expiration], s.input.Relative = text, ""
	ahead, ok := parseAhead(text)
	if ok {
		s.input.Relative = text
		s.input.Defaults[input.Expiration] = s.start.Add(ahead).In(report.Beijing).Format(time.DateTime)
	}
	return ok || !strings.HasPrefix(text, "+")
}

// noField says which fields there are.
func noField(name string) report.Said {
	var names []string
	for f := range input.NumFields {
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
			return r, report.Say(report.WhyRange, strconv.Quote(kind), "failed | unknown | released | CODE (isv.NO_NOT_EXIST)")
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
		return time.Time{}, report.Say(report.WhyRange, strconv.Quote(s), "HH:MM | +3h | 2026-12-31T06:00:00+08:00")
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
	return 0, report.Say(report.WhyRange, strconv.Quote(s), "auto | comma | tab | semicolon")
}
