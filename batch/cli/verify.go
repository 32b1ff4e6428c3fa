package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/output"
	"axgbind/batch/cli/store"
	"axgbind/batch/field"
	"axgbind/batch/journal"
	"axgbind/batch/plan"
	"axgbind/report"
)

func (a *app) verifyCommand() *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:     "verify BATCH",
		Short:   report.HelpVerify.In(a.Lang),
		Long:    report.HelpVerifyLong.In(a.Lang),
		Example: report.HelpVerifyExample.In(a.Lang),
		RunE:    func(c *cobra.Command, args []string) error { return a.verify(c, v, args) },
	}
	c.ValidArgsFunction = flags.OneFile
	flags.Add(c, flags.Verify, v, a.Lang)
	return c
}

// verify compares the BOUND rows of a batch with the service. It changes nothing,
// neither there nor here.
func (a *app) verify(c *cobra.Command, v *flags.Values, args []string) error {
	return a.underSignals(func() (*job, error) {
		return a.newJobOf(c, v, args, duty{lenient: true, takes: func(run *books.RunStart) bool { return run.Command != "unbind" }})
	}, (*job).verify)
}

func (j *job) verify(ctx context.Context) error {
	j.settings.Plan.LookOnly, j.settings.Plan.AsSent = true, true
	if err := exit.OrStopped(ctx, j.prepareLook(ctx)); err != nil {
		return err
	}
	if j.plan.Counts()[report.Bound] > 0 {
		if err := j.network.reach(ctx); err != nil {
			return err
		}
	}
	asker, err := j.asker()
	if err != nil {
		return err
	}
	d := &differences{paths: &j.paths, products: bufio.NewWriter(j.Products())}
	v := batch.Verify{Client: j.client, Asker: asker, Differs: d.add, Asked: j.countTo(j.plan.Counts()[report.Bound])}
	var result batch.Verified
	run := func() error {
		result, err = v.Do(ctx, j.plan)
		return err
	}
	if werr := d.while(run); err != nil {
		return j.unasked(ctx, err)
	} else if werr != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, j.flags.Findings, exit.Reason(werr))
	}
	if result.NoID > 0 {
		j.Say(report.SayVerifyNoID, result.NoID, result.NoIDAt)
	}
	if result.Unlike > 0 {
		j.Say(report.SayVerifyUnlike, result.Unlike, result.UnlikeAt)
	}
	if lost := result.Lost - result.Unproven; lost > 0 {
		j.Say(report.SayVerifyLost, lost)
	}
	if result.Unproven > 0 {
		j.Say(report.SayVerifyUnproven, result.Unproven)
	}
	if d.written > 0 && j.flags.Findings != "" {
		j.Say(report.FindingTotal, d.written, d.path)
	}
	j.Say(report.SayVerified, result.Rows, result.Equal, result.Differ, result.Lost, result.NoID, result.Lapsed)
	for _, cure := range d.cures {
		j.Say(report.CureLine, report.Whole(cure))
	}
	if unread := unreadFields(&result); len(unread) > 0 {
		j.Say(report.SayVerifyUnread, strings.Join(unread, ", "))
	}
	phrase := report.Exit0Verify
	switch {
	case result.Lost > 0:
		j.Status, phrase = exit.Pending, report.Exit5Verify
	case result.Differ+result.NoID+result.Unlike > 0:
		j.Status, phrase = exit.Rows, report.Exit3Verify
	case result.Rows == 0:
		phrase = report.Exit0VerifyNone
	}
	if j.Status == exit.OK && j.Console.Drop() {
		return nil
	}
	j.Console.Release()
	j.Say(report.ExitLine, j.Status, phrase.In(j.Lang))
	return nil
}

// unreadFields names what could not be compared, and of how many rows.
func unreadFields(v *batch.Verified) (list []string) {
	for f, rows := range v.Unread {
		if rows > 0 {
			list = append(list, fmt.Sprintf("%s (%d)", field.Field(f), rows))
		}
	}
	return list
}

// prepareLook is prepareBegun for a command that writes nothing of the batch.
func (j *job) prepareLook(ctx context.Context) error {
	if !j.input.HasPool() {
		return exit.Refuse(exit.Usage, report.ErrNoPool)
	}
	if err := j.distinctFrom(); err != nil {
		return err
	}
	if err := j.writable(); err != nil {
		return err
	}
	if err := j.connect(ctx); err != nil {
		return err
	}
	journal, err := j.lookIntoJournal()
	if err != nil {
		return err
	}
	// What is wrong with rows that are not bound is check's to tell.
	options := j.settings.Plan
	options.Batch = j.batch
	if j.plan, err = plan.New(j.input, journal, options); err != nil {
		return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
	}
	return nil
}

// lookIntoJournal reads the journal as it stands, without its lock: a bind may
// go on meanwhile, and a torn tail is the next run's to drop. One that no run would
// use is refused as a run would refuse it; verify, which sends nothing, warns.
func (p *paths) lookIntoJournal() (*books.Journal, error) {
	f, err := store.Look(p.place)
	if err != nil {
		return nil, err
	}
	p.later(func() { f.Close() })
	if err := store.CheckHeader(p.journalPath, f, p.simulated, p.instance); err != nil {
		return nil, err
	}
	lock := f.Lock
	trail := journal.NewTrail(lock)
	known, err := books.Read(f, f.Size, trail)
	if err != nil {
		return nil, store.Unread(p.journalPath, err)
	}
	said := lock // once compared, it is of this journal
	behind := lock.Compare(trail)
	if behind != nil && len(behind.Batches) > 0 && p.brings() { // it may bring what is missing
		p.settings.Plan.Behind = true
		lock.Bring(output.Digest(p.input))
		behind = lock.Compare(trail)
	}
	refused, brings := store.Refusal(p.place, said, known.Header.ID, known.Runs, behind)
	switch {
	case refused == nil:
	case brings && p.brings(): // a run would record what they say, and send nothing
		p.settings.Plan.Behind = true
		p.Warn(refused)
	case !p.lenient:
		return nil, refused
	case !p.warned:
		p.warned = true
		p.Warn(refused)
	}
	return known, nil
}

// differences prints what verify finds, and writes it to --findings.
type differences struct {
	*paths
	products *bufio.Writer
	writer   report.FindingWriter // nil without --findings
	path     string               // of what was written
	written  int
	cures    []string // each once
	err      error
}

// while takes differences as long as do runs. The error is one of writing them.
func (d *differences) while(do func() error) (err error) {
	out := d.output(output.Findings)
	if out.Path == "" {
		_ = do()
		return d.products.Flush()
	}
	d.path, err = d.Write(out, func(w io.Writer) error {
		buffered := bufio.NewWriterSize(w, 64<<10)
		d.writer, _ = report.NewFindingWriter(buffered, out.Path, out.Stamp()) // its ending was judged before
		if err := do(); err != nil {
			return err
		}
		for _, flush := range []func() error{d.writer.Flush, buffered.Flush, d.products.Flush} {
			if err := flush(); d.err == nil {
				d.err = err
			}
		}
		return d.err
	})
	return err
}

func (d *differences) add(x batch.Difference) {
	lang := d.Lang
	rule, reason, action := "binding-differs", report.VerifyDiffers.In(lang, x.Want, x.Have), report.VerifyDiffersCure.In(lang)
	if x.Field == "SubsId" {
		rule, reason, action = "binding-gone", report.VerifyGone.In(lang, report.Whole(x.SubsID), x.SecretNo, x.Have), report.VerifyGoneCure.In(lang)
	}
	d.written++
	if !slices.Contains(d.cures, action) {
		d.cures = append(d.cures, action)
	}
	_, _ = fmt.Fprintln(d.products, report.VerifyLine.In(lang, x.Line, x.Field, report.Whole(reason), report.Whole(x.SubsID))) // Flush tells
	if d.writer == nil || d.err != nil {
		return
	}
	d.err = d.writer.Write(&report.Finding{
		Severity: report.Error.String(), Rule: rule, Row: x.Row, Line: x.Line, Field: x.Field, Value: x.Want,
		Code: x.Code, Reason: reason, Action: action,
	})
}
