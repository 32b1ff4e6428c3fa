package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/ending"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

// unboundEnding follows the input's name without its ending.
const unboundEnding = ".unbound.csv"

// shownGroups is how many combinations of pool, group and day a dry run lists.
const shownGroups = 40

func (a *app) unbindCommand() *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:     "unbind BATCH|FILE",
		Short:   report.HelpUnbind.In(a.Lang),
		Long:    report.HelpUnbindLong.In(a.Lang),
		Example: report.HelpUnbindExample.In(a.Lang),
		RunE:    func(c *cobra.Command, args []string) error { return a.unbind(c, v, args) },
	}
	c.ValidArgsFunction = flags.OneFile
	flags.Add(c, flags.Unbind, v, a.Lang)
	return c
}

// unbind releases the bindings of a batch or of any file that names bindings.
// Without --yes it only tells which. It goes the way of bind: rows are matched
// with the journal, paced, journalled and written to results of their own.
func (a *app) unbind(c *cobra.Command, v *flags.Values, args []string) error {
	if !v.Yes {
		for _, name := range []string{"failed", "summary", "metrics", "log", "limit", "until"} {
			if c.Flags().Changed(name) {
				return exit.Refuse(exit.Usage, report.ErrFlagNeeds, name, "yes")
			}
		}
	}
	return a.underSignals(func() (*job, error) {
		j, err := a.newJobWith(c, v, args, duty{rewrite: true, ending: unboundEnding}, func(j *job, path string) error {
			j.settings.Plan.Operation = &plan.Release{Renewed: v.Renewed, Foreign: v.Foreign}
			return j.openSubject(path, func(_ []books.RunStart, run *books.RunStart) error { return j.spoolBindings(run.Batch) }) // only the journal can tell which are the batch's
		})
		if err != nil || j.nothing != (report.Text{}) {
			return j, err
		}
		if err := j.selects(); err != nil {
			j.close()
			return nil, err
		}
		return j, nil
	}, func(j *job, ctx context.Context) error {
		if !v.Yes {
			return exit.OrStopped(ctx, j.foretell())
		}
		return j.do(ctx)
	})
}

// openSubject opens the file of bindings that an update or unbind is about: the
// results of a batch, by path or id, read as the batch's last run read its input,
// or a list. gone does what can be done about a batch whose results do not stand.
func (t *target) openSubject(path string, gone func([]books.RunStart, *books.RunStart) error) error {
	t.settings.Input.Bindings = true
	if err := t.findPlace(); err != nil {
		return err
	}
	var runs []books.RunStart
	if files.Exists(t.journalPath) || !t.simulated {
		var err error
		if runs, err = t.readRuns(); err != nil {
			return err
		}
	}
	if run := store.LastRun(runs, path); run.Batch != "" && !files.Exists(path) {
		t.subject = run.Batch
		if !stands(runs, &run) {
			return gone(runs, &run)
		}
		path = run.Results
		var err error
		if t.source, err = t.openSource(path); err != nil {
			return err
		}
	}
	at, err := files.Absolute(path)
	if err != nil || path == "-" {
		return nil // opening it will tell
	}
	if run, known := books.RunAt(runs, at); known {
		return t.readAs(&run)
	}
	t.moved = runs
	return nil
}

// stands reports whether the results of a batch stand where its last run wrote them.
func stands(runs []books.RunStart, run *books.RunStart) bool {
	for _, path := range store.Unmasked(run.Results) {
		at, err := files.Absolute(path)
		if err != nil || !files.Exists(at) {
			continue
		}
		if last, known := books.RunAt(runs, at); known && last.Batch == run.Batch {
			run.Results = at
			return true
		}
	}
	return false
}

// spoolBindings makes an input of the live bindings that a batch made or holds. Without
// any, there is no source. Rows UNKNOWN are none of it, and are told of.
func (t *target) spoolBindings(id string) error {
	known, err := t.lookIntoJournal()
	if err != nil {
		return err
	}
	t.doubted = known.Unsettled(id)
	rows, err := t.spoolList(known.LiveBindings(id, true, t.start), id)
	switch {
	case err != nil:
		return err
	case rows == 0 && t.doubted > 0:
		return exit.Refuse(exit.Unknown, report.ErrNoneKnown, id, t.doubted, t.commands().ReconcileBatch(id))
	case rows == 0:
		t.nothing = report.SayNoneLive
	}
	return nil
}

// spoolList makes an input of bindings of a batch, if there are any.
func (p *paths) spoolList(list iter.Seq2[books.LiveBinding, error], id string) (rows int, err error) {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.Write([]string{"PoolKey", "PhoneNoA", "PhoneNoB", "GroupId", "Expiration", "SecretNo", "SubsId"}) // a Buffer takes all
	for b, err := range list {
		if err != nil {
			return rows, exit.Refuse(exit.Error, report.ErrJournal, p.journalPath, exit.Reason(err))
		}
		_ = w.Write([]string{b.PoolKey, b.PhoneNoA, b.PhoneNoB, b.GroupID, b.Expiration, b.SecretNo, b.SubsID})
		rows++
	}
	w.Flush()
	if rows == 0 {
		return 0, nil
	}
	p.made = true
	p.source, err = files.Spool(&text, id)
	return rows, sourceFault(id, err)
}

// recogniseSubject reads results that were moved or renamed as their batch did. A
// list, whose rows are no batch's, is read as the flags say.
func (t *target) recogniseSubject() error {
	if len(t.moved) == 0 || !t.input.IsResults() {
		return nil
	}
	journal, err := t.lookIntoJournal()
	if err != nil {
		return err
	}
	id, err := journal.BatchOfResults(t.input)
	if err != nil || id == "" {
		return err
	}
	run := store.LastRun(t.moved, id)
	t.Say(report.SayRecognised, t.Shown(t.source.Path), id, report.Shown(run.Results))
	if err := t.readAs(&run); err != nil {
		return err
	}
	return t.openInput()
}

// selects makes of --only and --lines what tells the rows.
func (p *paths) selects() error {
	var all []func(*input.Row) bool
	for _, only := range p.flags.Only {
		column, value, ok := strings.Cut(only, "=")
		if !ok {
			return exit.Refuse(exit.Usage, report.ErrFlagValue, "only", report.Say(report.WhyRange, strconv.Quote(flags.ShownCell(only)), "COLUMN=VALUE"))
		}
		has, ok := p.input.Cell(column, value)
		if !ok {
			known := append(p.input.Header(), "SecretNo", "SubsId")
			if p.input.IsResults() {
				known = append(known, "Code")
			}
			return exit.Refuse(exit.Usage, report.ErrFlagValue, "only", report.Say(report.WhyRange, strconv.Quote(column), strings.Join(known, " | ")))
		}
		all = append(all, has)
	}
	if p.flags.Lines != "" {
		if p.made { // its lines are not those that anybody has seen
			return exit.Refuse(exit.Usage, report.ErrNotResults, p.source.Path)
		}
		lines, err := input.ParseLines(p.flags.Lines)
		if err != nil {
			return exit.Refuse(exit.Usage, report.ErrFlagValue, "lines", report.Say(report.WhyRange, err.Error(), "2-11,40"))
		}
		all = append(all, lines.Has)
	}
	if len(all) == 0 {
		return nil
	}
	p.release().Select = func(row *input.Row) bool {
		return !slices.ContainsFunc(all, func(has func(*input.Row) bool) bool { return !has(row) })
	}
	return nil
}

// foretell says what would be released, and does nothing.
func (j *job) foretell() error {
	if !j.input.HasPool() {
		return exit.Refuse(exit.Usage, report.ErrNoPool)
	}
	if err := j.choosePaths(); err != nil {
		return err
	}
	if err := j.writable(); err != nil {
		return err
	}
	var journal *books.Journal
	if files.Exists(j.journalPath) {
		var err error
		if journal, err = j.lookIntoJournal(); err != nil {
			return err
		}
		if err := j.chooseBatch(journal); err != nil {
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
		return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
	}
	if len(groups) > 0 {
		if err := j.listGroups(groups); err != nil {
			return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
		}
	}
	j.sayOwners()
	j.startRelease()
	phrase := report.Exit0DryUnbind
	switch {
	case j.plan.Unsettled()+j.doubted > 0:
		j.Status, phrase = exit.Unknown, report.Exit4
	case invalid+j.plan.Counts()[report.Held] > 0:
		j.Status, phrase = exit.Rows, report.Exit3DryUnbind
	case j.plan.Rows == 0:
		phrase = report.Exit0UnbindNone
	}
	if j.Status == exit.OK && j.Console.Drop() {
		return nil
	}
	j.Console.Release()
	if n := j.plan.Unsettled() + j.doubted; n > 0 {
		j.Say(report.StartUnsettled, n, j.commands().ReconcileBatch(j.of))
	}
	var next report.Advice
	if j.plan.ToSend > 0 {
		next = report.Advise(j.Lang, report.NextRelease, j.commands().Again(j.source.Path, nil, "--yes"))
	}
	ending.SayStatus(j.Invocation, phrase.In(j.Lang), next)
	return nil
}

// startRelease says what the plan makes of the file's rows.
func (j *job) startRelease() {
	done := j.plan.Counts()[report.Released]
	j.Say(report.StartRelease, j.plan.Rows+j.plan.Left, j.plan.ToSend, done, j.plan.Rows-j.plan.ToSend-done, j.plan.Left)
	if n := j.plan.Unnamed(); n > 0 && !j.made {
		list := j.of + ".csv"
		j.Say(report.StartUnnamed, n, j.Shown(j.source.Path), report.Whole("axgbind status "+j.of+" --bindings"+j.place.Argument("--journal")+" > "+list), j.commands().Unbind(list))
	}
}

// sayOwners names whose bindings the rows are that are left alone, and what to type.
func (j *job) sayOwners() {
	const most = 5
	for i, o := range j.plan.Owners() {
		if i == most {
			break
		}
		j.Console.Println(o.Say(j.Lang, j.verb))
	}
}

// listGroups prints the bindings by pool, group and day.
func (j *job) listGroups(groups []plan.ReleaseGroup) error {
	b := &strings.Builder{}
	fmt.Fprintln(b, report.ReleaseTitle.In(j.Lang, j.plan.ToSend, j.Shown(j.source.Path)))
	table := [][]string{strings.Split(report.ReleaseHead.In(j.Lang), "\t")}
	for _, g := range groups[:min(len(groups), shownGroups)] {
		table = append(table, []string{
			strconv.Itoa(g.Bindings), cmp.Or(report.Shown(g.PoolKey), "-"), cmp.Or(report.Shown(g.GroupID), "-"), cmp.Or(report.Shown(g.Ends), "-"),
		})
	}
	for _, row := range table {
		line := "  "
		for k, cell := range row {
			width := 0
			for _, other := range table {
				width = max(width, report.Columns(other[k]))
			}
			line += report.Pad(cell, width+2)
		}
		fmt.Fprintln(b, strings.TrimRight(line, " "))
	}
	if more := len(groups) - shownGroups; more > 0 {
		fmt.Fprintf(b, "  %s\n", report.ReleaseMore.In(j.Lang, more))
	}
	_, err := fmt.Fprint(j.Products(), b.String())
	return err
}
