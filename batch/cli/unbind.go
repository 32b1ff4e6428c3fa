package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"axgbind/batch"
	"axgbind/report"
)

// unboundEnding and duplicatesEnding follow the input's name without its ending.
const (
	unboundEnding    = ".unbound.csv"
	duplicatesEnding = ".duplicates.csv"
)

// shownGroups is how many combinations of pool, group and day a dry run lists.
const shownGroups = 40

// selection is which of the rows an unbind is about.
type selection struct {
	only       []string
	lines      string
	codes      []string
	duplicates bool
}

func (a *app) unbindCommand() *cobra.Command {
	v := newFlags()
	s := new(selection)
	c := &cobra.Command{
		Use:     "unbind JOB",
		Short:   report.HelpUnbind.In(a.lang),
		Long:    report.HelpUnbindLong.In(a.lang),
		Example: report.HelpUnbindExample.In(a.lang),
		RunE:    func(c *cobra.Command, args []string) error { return a.unbind(c, v, args, s) },
	}
	f := a.flagsOf(c, v)
	f.StringArrayVar(&s.only, "only", nil, f.say(report.FlagOnly))
	f.StringVar(&s.lines, "lines", "", f.say(report.FlagLines))
	f.StringSliceVar(&s.codes, "codes", nil, f.say(report.FlagCodes))
	f.BoolVar(&s.duplicates, "duplicates", false, f.say(report.FlagDuplicates))
	f.results()
	f.Lookup("out").Usage = f.say(report.FlagOutUnbind)
	f.job()
	f.Lookup("journal").Usage = f.say(report.FlagJournalUnbind)
	f.input()
	f.service()
	f.sending()
	f.Lookup("yes").Usage = f.say(report.FlagYesUnbind)
	f.words()
	a.completeBind(c)
	return c
}

// unbind releases the bindings of a job or of any file that names bindings.
// Without --yes it only tells which. It goes the way of bind: rows are matched
// with the journal, paced, journalled and written to results of their own.
func (a *app) unbind(c *cobra.Command, v *flags, args []string, s *selection) error {
	if !v.yes {
		for _, name := range []string{"failed", "summary", "metrics", "html", "log", "notify-on", "limit", "max-duration", "until"} {
			if c.Flags().Changed(name) {
				return refuse(statusUsage, report.ErrFlagNeeds, name, "yes")
			}
		}
	}
	for _, name := range []string{"lines", "codes"} {
		if s.duplicates && c.Flags().Changed(name) {
			return refuse(statusUsage, report.ErrFlagClash, "duplicates", name)
		}
	}
	return a.underSignals(func() (*job, error) {
		j, err := a.newJobWith(c, v, args, func(j *job, path string) error { return j.aboutBindings(path, s) })
		if err != nil || j.nothing {
			return j, err
		}
		if err := j.selects(s); err != nil {
			j.close()
			return nil, err
		}
		return j, nil
	}, func(j *job, ctx context.Context) error {
		if !v.yes {
			return orStopped(ctx, j.foretell())
		}
		return j.do(ctx)
	})
}

// aboutBindings finds the journal that knows the bindings of a file, and takes
// over how the job's last run read its input: the same row must be known again.
func (j *job) aboutBindings(path string, s *selection) error {
	release := &batch.Release{Orphans: s.duplicates}
	j.settings.plan.Release = release
	j.settings.input.Bindings = true
	j.ending = unboundEnding
	runs, err := j.journalBeside(path)
	if err != nil {
		return err
	}
	name := filepath.Base(path)
	if resolved, err := resolve(path); err == nil {
		name = filepath.Base(resolved)
	}
	for i := len(runs) - 1; i >= 0; i-- {
		if runs[i].Results == name {
			j.settings.plan.Results = name
			if err := j.readAs(&runs[i]); err != nil {
				return err
			}
			break
		}
	}
	if !s.duplicates {
		return nil
	}
	j.ending = duplicatesEnding
	if j.flags.journal == "" || j.settings.plan.Results == "" {
		return refuse(statusUsage, report.ErrNoJob, path+journalEnding)
	}
	j.settings.plan.Results = ""
	return j.readDuplicates(path, name)
}

// journalBeside settles --journal: as given, or beside the file, or the one in
// its folder that wrote it. It returns the runs of that journal.
func (j *job) journalBeside(path string) ([]batch.RunStart, error) {
	journal := j.flags.journal
	if journal == "" && path != "-" {
		if resolved, err := resolve(path); err == nil {
			path = resolved
		}
		journal = j.journalOf(path)
	}
	f, err := openRegular(journal)
	if errors.Is(err, fs.ErrNotExist) || journal == "" {
		return nil, nil // it is to be begun, if at all
	}
	if err != nil {
		return nil, refuse(statusUsage, report.ErrJournal, journal, reasonOf(err))
	}
	defer f.Close()
	_, runs, err := batch.ReadRuns(f)
	if err != nil {
		return nil, journalFault(journal, err)
	}
	j.flags.journal = journal
	return runs, nil
}

// readDuplicates makes an input of the bindings that reconcile named as one too
// many. Without any, the job has no source.
func (j *job) readDuplicates(path, name string) error {
	f, err := openRegular(j.flags.journal)
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, j.flags.journal, reasonOf(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, j.flags.journal, reasonOf(err))
	}
	journal, err := batch.ReadJournal(f, info.Size())
	if err != nil {
		return journalFault(j.flags.journal, err)
	}
	list, err := journal.Duplicates(name)
	if err != nil {
		return refuse(statusError, report.ErrJournal, j.flags.journal, reasonOf(err))
	}
	if len(list) == 0 {
		j.nothing = true
		return nil
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.Write([]string{"PoolKey", "PhoneNoA", "GroupId", "SecretNo", "SubsId", "BesideSubsId", "OfLine"}) // a Buffer does not fail
	for _, d := range list {
		_ = w.Write([]string{d.PoolKey, d.PhoneNoA, d.GroupID, d.SecretNo, d.SubsID, d.Beside, strconv.Itoa(d.Line)})
	}
	w.Flush()
	j.source, err = j.spoolFrom(&text, path)
	return err
}

// selects makes of --only, --lines and --codes what tells the rows.
func (j *job) selects(s *selection) error {
	var all []func(*batch.Row) bool
	for _, only := range s.only {
		column, value, ok := strings.Cut(only, "=")
		if !ok {
			return refuse(statusUsage, report.ErrFlagValue, "only", report.Say(report.WhyRange, strconv.Quote(shownDefault(only)), "COLUMN=VALUE"))
		}
		has, ok := j.input.Cell(column, value)
		if !ok {
			return refuse(statusUsage, report.ErrFlagValue, "only", report.Say(report.WhyRange, strconv.Quote(column), strings.Join(append(j.input.Header(), "SecretNo", "SubsId"), " | ")))
		}
		all = append(all, has)
	}
	if s.lines != "" {
		lines, err := batch.ParseLines(s.lines)
		if err != nil {
			return refuse(statusUsage, report.ErrFlagValue, "lines", report.Say(report.WhyRange, err.Error(), "2-11,40"))
		}
		all = append(all, lines.Has)
	}
	if len(s.codes) > 0 {
		if !j.input.Carries() {
			return refuse(statusUsage, report.ErrNotResults, j.source.path)
		}
		all = append(all, func(row *batch.Row) bool { return row.Verdict != nil && slices.Contains(s.codes, row.Verdict.Code) })
	}
	if len(all) == 0 {
		return nil
	}
	j.settings.plan.Release.Select = func(row *batch.Row) bool {
		return !slices.ContainsFunc(all, func(has func(*batch.Row) bool) bool { return !has(row) })
	}
	return nil
}

// foretell says what would be released, and does nothing.
func (j *job) foretell() error {
	if !j.input.HasPool() {
		return refuse(statusUsage, report.ErrNoPool)
	}
	if err := j.choosePaths(); err != nil {
		return err
	}
	if err := j.writable(); err != nil {
		return err
	}
	j.endpoint = j.settings.endpoint
	var journal *batch.Journal
	if _, err := os.Stat(j.journalPath); err == nil {
		if journal, err = j.lookIntoJournal(); err != nil {
			return err
		}
	}
	findings, err := j.match(journal)
	if err != nil {
		return err
	}
	invalid := j.plan.Counts()[report.Invalid]
	findings.say(j.plan.Rows-invalid, invalid, j.plan)
	groups, err := j.plan.Releases()
	if err != nil {
		return refuse(statusInput, report.ErrInputRead, j.source.path, reasonOf(err))
	}
	if len(groups) > 0 {
		if err := j.listGroups(groups); err != nil {
			return refuse(statusError, report.ErrWrite, "stdout", reasonOf(err))
		}
	}
	j.startRelease()
	phrase := report.Exit0DryUnbind
	switch {
	case invalid > 0:
		j.status, phrase = statusRows, report.Exit3DryUnbind
	case j.plan.Rows == 0:
		phrase = report.Exit0UnbindNone
	}
	if j.status == statusOK && j.console.drop() {
		return nil
	}
	j.console.release()
	last := report.ExitLine.In(j.lang, j.status, phrase.In(j.lang))
	if j.plan.ToSend > 0 {
		last += report.Between.In(j.lang) + report.NextRelease.In(j.lang, j.command(j.source.path, nil, []string{"--yes"}))
	}
	j.console.println(last)
	return nil
}

// startRelease says what the plan makes of the file's rows.
func (j *job) startRelease() {
	done := j.plan.Counts()[report.Released]
	j.say(report.StartRelease, j.plan.Rows+j.plan.Left, j.plan.ToSend, done, j.plan.Left)
}

// listGroups prints the bindings by pool, group and day.
func (j *job) listGroups(groups []batch.ReleaseGroup) error {
	b := &strings.Builder{}
	fmt.Fprintln(b, report.ReleaseTitle.In(j.lang, j.plan.ToSend, j.shown(j.source.path)))
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "  %s\n", report.ReleaseHead.In(j.lang))
	for i, g := range groups {
		if i == shownGroups {
			break
		}
		fmt.Fprintf(table, "  %d\t%s\t%s\t%s\n", g.Bindings,
			cmp.Or(report.Shown(g.PoolKey), "-"), cmp.Or(report.Shown(g.GroupID), "-"), cmp.Or(report.Shown(g.Ends), "-"))
	}
	_ = table.Flush() // a Builder does not fail
	if more := len(groups) - shownGroups; more > 0 {
		fmt.Fprintf(b, "  %s\n", report.ReleaseMore.In(j.lang, more))
	}
	_, err := fmt.Fprint(j.products(), b.String())
	return err
}
