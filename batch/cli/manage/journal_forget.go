package manage

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/output"
	"axgbind/batch/cli/store"
	"axgbind/batch/journal"
	"axgbind/report"
)

// forgetCommand writes the journal anew without phone numbers.
func forgetCommand(a *command.Invocation) *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:     "forget NUMBER [NUMBER...]",
		Short:   report.HelpForget.In(a.Lang),
		Long:    report.HelpForgetLong.In(a.Lang),
		Example: report.HelpForgetExample.In(a.Lang),
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var numbers []string
			for _, arg := range args {
				number, ok := books.ParseNumber(arg)
				if !ok {
					return exit.Refuse(exit.Usage, report.ErrForgetNumber, strconv.Quote(arg))
				}
				numbers = append(numbers, number)
			}
			p, err := a.Places().Find(v.Journal)
			if err != nil {
				return err
			}
			return forget(a, p, numbers, v.DryRun)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags.Add(c, flags.Forget, v, a.Lang)
	return c
}

// forget writes the journal at a place anew without the numbers, unless they are
// needed, and what else of axgbind's own in its folder holds one; then it lists the
// files that do. With dryRun it only tells.
func forget(a *command.Invocation, p store.Place, numbers []string, dryRun bool) error {
	header, err := store.HeaderAt(p)
	if err != nil {
		return err
	}
	var known *books.Journal
	var open *store.Journal // nil: nothing is changed
	size := int64(0)
	if dryRun {
		f, err := files.OpenRegular(p.Path)
		if err != nil {
			return exit.Refuse(exit.Usage, report.ErrJournal, p.Path, exit.Reason(err))
		}
		defer f.Close()
		info, err := f.Stat()
		if err == nil {
			size = info.Size()
			known, err = books.Read(f, size, nil)
		}
		if err != nil {
			return store.Unread(p.Path, err)
		}
	} else {
		if open, err = store.Open(p, store.Opening{Simulated: header.Simulated, Instance: header.Instance, Now: a.Began}); err != nil {
			return err
		}
		defer open.Close()
		known = open.Journal
		if size, err = open.Length(); err != nil {
			return exit.Refuse(exit.Usage, report.ErrJournal, p.Path, exit.Reason(err))
		}
	}
	f, err := known.Forget(size, numbers)
	if err != nil {
		return store.Unread(p.Path, err)
	}
	if len(f.Needed) > 0 {
		return needed(a, p, f.Needed)
	}
	beside := store.Beside(p, numbers)
	runs, mended := known.Runs, map[string]bool{p.Path: true}
	for _, b := range beside {
		if open != nil {
			defer b.Close()
			if err := b.Hold(numbers); err != nil {
				return err
			}
		}
		runs = append(slices.Clip(runs), b.Runs()...)
	}
	switch {
	case f.Records == 0:
		a.Say(report.ForgetNone)
	case dryRun:
		a.Say(report.ForgetWould, f.Records)
	default:
		if _, _, err := open.Rewrite(0, f.Write); err != nil {
			return exit.Refuse(exit.Error, report.ErrJournal, p.Path, exit.Reason(err))
		}
		a.Say(report.ForgetDone, f.Records)
	}
	if open == nil {
		if len(beside) > 0 {
			a.Say(report.ForgetInCopies, len(beside))
		}
		for _, path := range append(files.Temporaries(p.Dir()), p.Path+journal.LockEnding) {
			mended[path] = true
		}
		for _, b := range beside {
			mended[b.Path], mended[b.Path+journal.LockEnding] = true, true
		}
		return listHolders(a, p, runs, numbers, mended)
	}
	for _, b := range beside {
		if err := b.Forget(numbers); err != nil {
			return exit.Refuse(exit.Error, report.ErrJournal, b.Path, exit.Reason(err))
		}
	}
	if len(beside) > 0 {
		a.Say(report.ForgetCopies, len(beside))
	}
	for _, path := range files.Temporaries(p.Dir()) {
		files.SweepOne(path)
	}
	if err := store.ForgetInLock(p.Path+journal.LockEnding, numbers); err != nil {
		a.Say(report.ForgetUnread, p.Path+journal.LockEnding, exit.Reason(err))
	}
	return listHolders(a, p, runs, numbers, mended)
}

// needed says why numbers cannot be forgotten, and what ends that.
func needed(a *command.Invocation, p store.Place, needs []books.Need) error {
	var commands []string
	lines := map[string][]string{} // of bindings, by batch
	for _, n := range needs {
		if !n.Doubt && !n.Untold && n.Batch != "" && n.Line > 0 {
			lines[n.Batch] = append(lines[n.Batch], strconv.Itoa(n.Line))
		}
	}
	add := func(command string) {
		if !slices.Contains(commands, command) {
			commands = append(commands, command)
		}
	}
	for _, n := range needs {
		switch {
		case n.Doubt, n.Untold && n.Batch != "": // a run hears the service's time
			add("axgbind reconcile " + n.Batch + p.Argument("--journal"))
		case n.Batch != "" && n.Line > 0:
			add("axgbind unbind " + n.Batch + " --lines " + strings.Join(lines[n.Batch], ",") + p.Argument("--journal"))
		default:
			add(report.ForgetUnnamed.In(a.Lang, report.Whole(n.SubsID)))
		}
	}
	first, more := needs[0], any("")
	ends := "?"
	if !first.Ends.IsZero() {
		ends = first.Ends.In(report.Beijing).Format(time.DateTime)
	}
	why := report.Say(report.WhyForgetLives, report.Whole(first.SubsID), report.Whole(first.Batch), ends)
	if first.Untold {
		why = report.Say(report.WhyForgetUntold, report.Whole(first.SubsID), report.Whole(first.Batch), ends)
	}
	if first.Doubt {
		why = report.Say(report.WhyForgetDoubt, report.Whole(first.Batch), first.Line)
	}
	if n := len(needs) - 1; n > 0 {
		more = report.Say(report.ForgetMore, n)
	}
	commands = commands[:min(len(commands), store.MostNamed)]
	return exit.Refuse(exit.Usage, report.ErrForgetNeeded, report.Mask(first.Number), why, more, report.Whole(strings.Join(commands, "; ")))
}

// listHolders lists the files that hold a number: what stands in the journal's folder,
// and what its runs read and wrote, but for those that are mended.
func listHolders(a *command.Invocation, p store.Place, runs []books.RunStart, numbers []string, mended map[string]bool) error {
	var held []string
	seen := map[string]bool{}
	for _, path := range knownFiles(p, runs) {
		found, err := files.Resolve(path)
		if err != nil || seen[found] || mended[found] {
			continue
		}
		seen[found] = true
		info, err := os.Stat(found)
		if err != nil || !info.Mode().IsRegular() {
			continue // it is gone already
		}
		yes, err := store.HoldsNumber(found, numbers)
		switch name := []byte(filepath.Base(found)); {
		case err != nil:
			a.Say(report.ForgetUnread, a.Shown(found), exit.Reason(err))
		case yes, store.NumberIn(name, numbers):
			held = append(held, found)
		}
	}
	for _, path := range held {
		if _, err := fmt.Fprintln(a.Stdout, report.Shown(path)); err != nil {
			return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
		}
	}
	if len(held) == 0 {
		a.Say(report.ForgetNoFiles)
		return nil
	}
	a.Say(report.ForgetFiles, len(held))
	return nil
}

// knownFiles are the paths where a number may stand outside the journal. Not each of
// them exists.
func knownFiles(p store.Place, runs []books.RunStart) (paths []string) {
	add := func(path string) { paths = append(paths, store.Unmasked(path)...) }
	for _, name := range files.Names(p.Dir()) {
		paths = append(paths, filepath.Join(p.Dir(), name))
	}
	for i := range runs {
		r := &runs[i]
		for _, path := range []string{r.Input, r.Results} {
			if !filepath.IsAbs(path) {
				continue // standard input
			}
			for _, path := range store.Unmasked(path) {
				paths = append(paths, path)
				base := filepath.Base(path)
				kept := strings.TrimSuffix(base, filepath.Ext(base)) + output.KeptInfix
				for _, name := range files.Names(filepath.Dir(path)) { // NAME.new.csv, NAME.kept-BATCH.csv, and temporary files
					if strings.HasPrefix(name, kept) || strings.HasPrefix(name, base+".new") || strings.HasPrefix(name, "."+base+".") {
						paths = append(paths, filepath.Join(filepath.Dir(path), name))
					}
				}
			}
		}
		for _, path := range flags.Paths(r.Flags) {
			if filepath.IsAbs(path) {
				add(path)
				continue
			}
			for _, dir := range []string{filepath.Dir(r.Input), filepath.Dir(r.Results), "."} { // where it was typed is not recorded
				add(filepath.Join(dir, path))
			}
		}
	}
	return paths
}
