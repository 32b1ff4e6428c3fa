package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// forgetCommand writes the journal anew without phone numbers.
func (a *app) forgetCommand() *cobra.Command {
	var given string
	var dryRun bool
	c := &cobra.Command{
		Use:     "forget NUMBER [NUMBER...]",
		Short:   report.HelpForget.In(a.lang),
		Long:    report.HelpForgetLong.In(a.lang),
		Example: report.HelpForgetExample.In(a.lang),
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			var numbers []string
			for _, arg := range args {
				number, ok := books.ParseNumber(arg)
				if !ok {
					return refuse(statusUsage, report.ErrForgetNumber, strconv.Quote(arg))
				}
				numbers = append(numbers, number)
			}
			p, err := a.place(given)
			if err != nil {
				return err
			}
			return a.forget(p, numbers, dryRun)
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.Flags().StringVar(&given, "journal", "", report.FlagJournal.In(a.lang))
	c.Flags().BoolVar(&dryRun, "dry-run", false, report.FlagDryRunForget.In(a.lang))
	a.completeFlags(c)
	return c
}

// forget writes the journal at a place anew without the numbers, unless they are
// needed, and what else of axgbind's own in its folder holds one; then it lists the
// files that do. With dryRun it only tells.
func (a *app) forget(p place, numbers []string, dryRun bool) error {
	header, err := headerAt(p)
	if err != nil {
		return err
	}
	var known *books.Journal
	var open *journalFile // nil: nothing is changed
	size := int64(0)
	if dryRun {
		f, err := files.OpenRegular(p.path)
		if err != nil {
			return refuse(statusUsage, report.ErrJournal, p.path, reasonOf(err))
		}
		defer f.Close()
		info, err := f.Stat()
		if err == nil {
			size = info.Size()
			known, err = books.Read(f, size, nil)
		}
		if err != nil {
			return journalFault(p.path, err)
		}
	} else {
		if open, err = a.openJournal(p, opening{simulated: header.Simulated, instance: header.Instance, now: a.began}); err != nil {
			return err
		}
		defer open.close()
		known = open.Journal
		if size, err = open.place.Length(); err != nil {
			return refuse(statusUsage, report.ErrJournal, p.path, reasonOf(err))
		}
	}
	f, err := known.Forget(size, numbers)
	if err != nil {
		return journalFault(p.path, err)
	}
	if len(f.Needed) > 0 {
		return a.needed(p, f.Needed)
	}
	beside := besideOf(p, numbers)
	runs, mended := known.Runs, map[string]bool{p.path: true}
	for _, b := range beside {
		if open != nil {
			defer b.close()
			if err := b.hold(numbers); err != nil {
				return err
			}
		}
		runs = append(slices.Clip(runs), b.runs()...)
	}
	switch {
	case f.Records == 0:
		a.say(report.ForgetNone)
	case dryRun:
		a.say(report.ForgetWould, f.Records)
	default:
		if _, _, err := open.rewrite(0, f.Write); err != nil {
			return refuse(statusError, report.ErrJournal, p.path, reasonOf(err))
		}
		a.say(report.ForgetDone, f.Records)
	}
	if open == nil {
		if len(beside) > 0 {
			a.say(report.ForgetInCopies, len(beside))
		}
		for _, path := range append(files.Temporaries(p.dir()), p.path+journal.LockEnding) {
			mended[path] = true
		}
		for _, b := range beside {
			mended[b.path], mended[b.path+journal.LockEnding] = true, true
		}
		return a.listHolders(p, runs, numbers, mended)
	}
	for _, b := range beside {
		if err := b.forget(numbers); err != nil {
			return refuse(statusError, report.ErrJournal, b.path, reasonOf(err))
		}
	}
	if len(beside) > 0 {
		a.say(report.ForgetCopies, len(beside))
	}
	for _, path := range files.Temporaries(p.dir()) {
		files.SweepOne(path)
	}
	if err := forgetInLock(p.path+journal.LockEnding, numbers); err != nil {
		a.say(report.ForgetUnread, p.path+journal.LockEnding, reasonOf(err))
	}
	return a.listHolders(p, runs, numbers, mended)
}

// headerAt is the header of the journal at a place.
func headerAt(p place) (journal.Header, error) {
	f, err := files.OpenRegular(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return journal.Header{}, p.none()
	}
	if err != nil {
		return journal.Header{}, refuse(statusUsage, report.ErrJournal, p.path, reasonOf(err))
	}
	defer f.Close()
	h, err := books.ReadHeader(f)
	if err != nil {
		return journal.Header{}, journalFault(p.path, err)
	}
	return h, nil
}

// needed says why numbers cannot be forgotten, and what ends that.
func (a *app) needed(p place, needs []books.Need) error {
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
			add("axgbind reconcile " + n.Batch + p.argument("--journal"))
		case n.Batch != "" && n.Line > 0:
			add("axgbind unbind " + n.Batch + " --lines " + strings.Join(lines[n.Batch], ",") + p.argument("--journal"))
		default:
			add(report.ForgetUnnamed.In(a.lang, report.Whole(n.SubsID)))
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
	commands = commands[:min(len(commands), mostNamed)]
	return refuse(statusUsage, report.ErrForgetNeeded, report.Mask(first.Number), why, more, report.Whole(strings.Join(commands, "; ")))
}

// forgetInLock masks numbers in a lock file: paths of results stand in it.
func forgetInLock(path string, numbers []string) error {
	f, err := files.OpenOwn(path, os.O_RDWR)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	masked, changed := books.MaskJSON(text, numbers)
	if !changed {
		return nil
	}
	if _, err := f.WriteAt(masked, 0); err != nil {
		return err
	}
	return errors.Join(f.Truncate(int64(len(masked))), f.Sync())
}

// listHolders lists the files that hold a number: what stands in the journal's folder,
// and what its runs read and wrote, but for those that are mended.
func (a *app) listHolders(p place, runs []books.RunStart, numbers []string, mended map[string]bool) error {
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
		yes, err := holdsNumber(found, numbers)
		switch name := []byte(filepath.Base(found)); {
		case err != nil:
			a.say(report.ForgetUnread, a.shown(found), reasonOf(err))
		case yes, newNumberSearch(numbers).in(name):
			held = append(held, found)
		}
	}
	for _, path := range held {
		if _, err := fmt.Fprintln(a.stdout, report.Shown(path)); err != nil {
			return refuse(statusError, report.ErrWrite, "stdout", reasonOf(err))
		}
	}
	if len(held) == 0 {
		a.say(report.ForgetNoFiles)
		return nil
	}
	a.say(report.ForgetFiles, len(held))
	return nil
}

// knownFiles are the paths where a number may stand outside the journal. Not each of
// them exists.
func knownFiles(p place, runs []books.RunStart) (paths []string) {
	add := func(path string) { paths = append(paths, unmasked(path)...) }
	for _, name := range files.Names(p.dir()) {
		paths = append(paths, filepath.Join(p.dir(), name))
	}
	for i := range runs {
		r := &runs[i]
		for _, path := range []string{r.Input, r.Results} {
			if !filepath.IsAbs(path) {
				continue // standard input
			}
			for _, path := range unmasked(path) {
				paths = append(paths, path)
				base := filepath.Base(path)
				kept := strings.TrimSuffix(base, filepath.Ext(base)) + keptInfix
				for _, name := range files.Names(filepath.Dir(path)) { // NAME.new.csv, NAME.kept-BATCH.csv, and temporary files
					if strings.HasPrefix(name, kept) || strings.HasPrefix(name, base+".new") || strings.HasPrefix(name, "."+base+".") {
						paths = append(paths, filepath.Join(filepath.Dir(path), name))
					}
				}
			}
		}
		for _, path := range flagPaths(r.Flags) {
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

// flagPaths are the files that the flags of a run name.
func flagPaths(args []string) (paths []string) {
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		if name == "-o" {
			name = "--out"
		}
		flag, long := strings.CutPrefix(name, "--")
		if _, isPath := fileFlags[flag]; !isPath || !long {
			continue
		}
		if !joined && i+1 < len(args) {
			value = args[i+1]
		}
		paths = append(paths, value)
	}
	return paths
}
