package cli

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/cli/terminal"
	"axgbind/batch/lookup"
	"axgbind/report"
)

func (a *app) reconcileCommand() *cobra.Command {
	v := newFlags()
	v.rate = aliyun.LookupRate
	c := &cobra.Command{
		Use:     "reconcile [BATCH]",
		Short:   report.HelpReconcile.In(a.lang),
		Long:    report.HelpReconcileLong.In(a.lang),
		Example: report.HelpReconcileExample.In(a.lang),
		RunE:    func(c *cobra.Command, args []string) error { return a.reconcile(c, v, args) },
	}
	f := a.flagsOf(c, v)
	f.numbers(report.FlagXNumbersSweep)
	f.BoolVar(&v.complete, "list-is-complete", false, report.FlagComplete.In(a.lang))
	f.job()
	f.input()
	f.service()
	f.words()
	a.completeBind(c)
	return c
}

// reconcile settles the UNKNOWN rows of a job. It sends nothing.
func (a *app) reconcile(c *cobra.Command, v *flags, args []string) error {
	if v.complete && v.xNumbers == "" {
		return refuse(statusUsage, report.ErrFlagNeeds, "list-is-complete", "x-numbers")
	}
	return a.underSignals(func() (*job, error) { return a.newJobOf(c, v, args) }, (*job).reconcile)
}

func (j *job) reconcile(ctx context.Context) error {
	if err := j.readNumbers(); err != nil {
		return err
	}
	j.settings.plan.LookOnly = true
	if err := orStopped(ctx, j.prepareJob(ctx)); err != nil {
		return err
	}
	if err := j.launch(ctx); err != nil {
		return err
	}
	result, snapshot, err := j.send(ctx)
	if err == nil && result.Stop == books.StopNone {
		result.Stop, result.StopCode, err = j.sweep(ctx)
	}
	return j.finish(ctx, result, snapshot, err)
}

// prepareJob does all that can refuse work on a job that was begun.
func (j *job) prepareJob(ctx context.Context) error {
	if !j.input.HasPool() {
		return refuse(statusUsage, report.ErrNoPool)
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
		return refuse(statusError, report.ErrJournal, j.journalPath, reasonOf(err))
	}
	j.say(report.StartReconcile, j.plan.Counts()[report.Unknown], j.plan.ToLook, only)
	if only > 0 && len(j.numbers) == 0 {
		j.say(report.SayNeedsList)
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
		Client: j.client, Asker: asker, Numbers: j.numbers, Complete: j.flags.complete, Timeout: j.flags.timeout,
		Waits: func(until time.Time) {
			j.say(report.SaySweepWaits, time.Until(until).Round(time.Second).String())
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
	j.foreign = found.Foreign
	if found.Rows > 0 {
		j.say(report.SaySwept, found.Rows, found.Bound, found.Absent, found.Rows-found.Bound-found.Absent)
	}
	if found.Duplicates > 0 {
		j.say(report.SaySweptTwice, found.Duplicates)
	}
	if found.Lost > 0 {
		j.say(report.SaySweptLost, found.Lost)
	}
	if len(found.Unlisted) > 0 {
		j.say(report.SaySweptUnlisted, strings.Join(found.Unlisted, ", "))
	}
	if len(found.Unproven) > 0 && j.flags.complete {
		j.say(report.SaySweptUnproven, strings.Join(found.Unproven, ", "))
	}
	if len(found.Distrusted) > 0 && j.flags.complete {
		j.say(report.SaySweptDistrusted, strings.Join(found.Distrusted, ", "))
	}
	if found.Foreign > 0 && j.flags.complete {
		j.say(report.SaySweptForeign, found.Foreign)
	}
	return books.StopNone, "", nil
}

// countTo returns what says every ten seconds how much of a long list was asked;
// nil if no progress is wanted.
func (j *job) countTo(all int) func(int) {
	if j.settings.progress == "none" {
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
			j.say(report.SayAsked, n, all)
		}
	}
}
