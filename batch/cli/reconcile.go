package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/terminal"
	"axgbind/batch/input"
	"axgbind/batch/lookup"
	"axgbind/report"
)

func (a *app) reconcileCommand() *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:     "reconcile [BATCH]",
		Short:   report.HelpReconcile.In(a.Lang),
		Long:    report.HelpReconcileLong.In(a.Lang),
		Example: report.HelpReconcileExample.In(a.Lang),
		RunE:    func(c *cobra.Command, args []string) error { return a.reconcile(c, v, args) },
	}
	c.ValidArgsFunction = flags.OneFile
	flags.Add(c, flags.Reconcile, v, a.Lang)
	return c
}

// reconcile settles the UNKNOWN rows of a batch. It sends nothing.
func (a *app) reconcile(c *cobra.Command, v *flags.Values, args []string) error {
	if v.Complete && v.XNumbers == "" {
		return exit.Refuse(exit.Usage, report.ErrFlagNeeds, "list-is-complete", "x-numbers")
	}
	return a.underSignals(func() (*job, error) { return a.newJobOf(c, v, args, duty{takes: bound, seeks: true}) }, (*job).reconcile)
}

func (j *job) reconcile(ctx context.Context) error {
	if err := j.readNumbers(); err != nil {
		return err
	}
	j.settings.Plan.LookOnly = true
	if err := exit.OrStopped(ctx, j.prepareBegun(ctx)); err != nil {
		return err
	}
	if j.plan.Counts()[report.Unknown] > 0 {
		if err := j.network.reach(ctx); err != nil {
			return err
		}
	}
	if err := j.launch(ctx); err != nil {
		return err
	}
	result, snapshot, err := j.send(ctx)
	if err == nil && result.Stop == books.StopNone {
		result.Stop, result.StopCode, err = j.sweep(ctx)
	}
	if err == nil {
		err = j.listSurplus()
	}
	return j.finish(ctx, result, snapshot, err)
}

// prepareBegun does all that can refuse work on a batch that was begun.
func (j *job) prepareBegun(ctx context.Context) error {
	if !j.input.HasPool() {
		return exit.Refuse(exit.Usage, report.ErrNoPool)
	}
	if err := j.distinctFrom(); err != nil {
		return err
	}
	if err := j.ready(ctx, j.openOwnJournal); err != nil {
		return err
	}
	if err := j.matchInput(); err != nil {
		return err
	}
	only, err := j.plan.CountSuspects()
	if err != nil {
		return exit.Refuse(exit.Error, report.ErrJournal, j.journalPath, exit.Reason(err))
	}
	j.Say(report.StartReconcile, j.plan.Counts()[report.Unknown], j.plan.ToLook, only)
	if only > 0 && len(j.numbers) == 0 {
		j.Say(report.SayNeedsList)
	}
	return nil
}

// sweep looks for the rows that name no X on the list, if there is one. A
// refusal of the account stops it, as it stops every run.
func (j *job) sweep(ctx context.Context) (books.Stop, string, error) {
	if len(j.numbers) == 0 {
		return books.StopNone, "", nil
	}
	only, err := j.plan.CountSuspects()
	if err != nil || only == 0 {
		return books.StopNone, "", err
	}
	// A sweep may wait a minute before it asks anything: whether the account may
	// ask at all is found out first.
	first := j.numbers[0]
	_, err = j.client.Probe(ctx, first.PoolKey, first.SecretNo)
	j.looks++
	j.hear()
	if class, code, ok := lookup.ClassOf(err); ok && class == aliyun.AccountRefused {
		return books.StopAccount, code, nil
	}
	asker, err := j.asker()
	if err != nil {
		return books.StopNone, "", err
	}
	s := batch.Sweep{
		Client: j.client, Asker: asker, Numbers: j.numbers, Complete: j.flags.Complete, Timeout: j.flags.Timeout,
		Waits: func(until time.Time) {
			j.Say(report.SaySweepWaits, time.Until(until).Round(time.Second))
		},
		Asked: j.countTo(len(j.numbers)),
	}
	found, err := s.Do(ctx, j.plan)
	asked, _ := asker.Asked()
	j.looks += asked
	if err != nil {
		if stop, ok := context.Cause(ctx).(books.Stop); ok {
			return stop, "", nil
		}
		if lookup.RefusesAll(err) {
			_, code, _ := lookup.ClassOf(err)
			return books.StopAccount, code, nil
		}
		return books.StopNone, "", err
	}
	j.foreign, j.unproven = found.Foreign, len(found.Unproven) > 0
	if found.Rows > 0 {
		j.Say(report.SaySwept, found.Rows, found.Bound, found.Absent, found.Rows-found.Bound-found.Absent)
	}
	if found.Lost > 0 {
		j.Say(report.SaySweptLost, found.Lost)
	}
	if len(found.Unlisted) > 0 {
		j.Say(report.SaySweptUnlisted, strings.Join(found.Unlisted, ", "))
	}
	if len(found.Unproven) > 0 && j.flags.Complete {
		j.Say(report.SaySweptUnproven, strings.Join(found.Unproven, ", "))
	}
	if len(found.Distrusted) > 0 && j.flags.Complete {
		j.Say(report.SaySweptDistrusted, strings.Join(found.Distrusted, ", "))
	}
	if found.Foreign > 0 && j.flags.Complete {
		j.Say(report.SaySweptForeign, found.Foreign)
	}
	return books.StopNone, "", nil
}

// countTo returns what says every ten seconds how much of a long list was asked;
// nil if no progress is wanted.
func (r *request) countTo(all int) func(int) {
	if r.settings.Progress == "none" {
		return nil
	}
	var mu sync.Mutex
	var last time.Time
	return func(n int) {
		mu.Lock()
		defer mu.Unlock()
		switch now := time.Now(); {
		case last.IsZero():
			last = now
		case now.Sub(last) >= terminal.LineEvery:
			last = now
			r.Say(report.SayAsked, n, all)
		}
	}
}

// surplusEnding follows the results' name without its ending.
const surplusEnding = ".duplicates.csv"

// listSurplus writes a list, which unbind takes, of the bindings that are one too many
// for rows of the batch, and still there. One that stands there and says something else
// stays, for somebody may have worked in it.
func (j *job) listSurplus() error {
	list, err := j.journal.Duplicates(j.batch)
	if err != nil || len(list) == 0 {
		return err
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.Write([]string{"PoolKey", "PhoneNoA", "GroupId", "SecretNo", "SubsId", input.SurplusColumn, "OfLine"}) // a Buffer does not fail
	for _, d := range list {
		_ = w.Write([]string{d.PoolKey, d.PhoneNoA, d.GroupID, d.SecretNo, d.SubsID, d.Beside, strconv.Itoa(d.Line)})
	}
	w.Flush()
	base := strings.TrimSuffix(j.results, filepath.Ext(j.results))
	path := base + surplusEnding
	if files.Exists(path) && !holds(path, text.Bytes()) {
		path = base + "." + j.journal.Runs[len(j.journal.Runs)-1].Run + surplusEnding
	}
	if !files.Exists(path) {
		if err := writeOnce(path, text.Bytes()); err != nil {
			return err
		}
	}
	j.Say(report.SaySweptTwice, len(list), j.Shown(path), j.commands().Unbind(j.Shown(path)))
	return nil
}

// holds reports whether a file holds a text and nothing else.
func holds(path string, text []byte) bool {
	f, err := files.OpenRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	old, err := io.ReadAll(io.LimitReader(f, int64(len(text))+1))
	return err == nil && bytes.Equal(old, text)
}

// writeOnce writes a file of numbers that is not there yet.
func writeOnce(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(files.ModeIn(filepath.Dir(path))), f.Sync(), f.Close()); err != nil {
		_ = os.Remove(path) // a part of it would be taken for all
	}
	return err
}
