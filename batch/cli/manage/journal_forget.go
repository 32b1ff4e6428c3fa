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
	f := &forgetting{Invocation: a, place: p, numbers: numbers, mended: map[string]bool{p.Path: true}}
	defer f.close()
	if dryRun {
		err = f.look()
	} else {
		err = f.open(store.Opening{Simulated: header.Simulated, Instance: header.Instance, Now: a.Began})
	}
	if err != nil {
		return err
	}
	what, err := f.known.Forget(f.size, numbers)
	if err != nil {
		return store.Unread(p.Path, err)
	}
	if len(what.Needed) > 0 {
		return needed(a, p, what.Needed)
	}
	f.beside, f.runs = store.Beside(p, numbers), f.known.Runs
	for _, b := range f.beside {
		if err := f.hold(b); err != nil {
			return err
		}
	}
	switch {
	case what.Records == 0:
		a.Say(report.ForgetNone)
	case dryRun:
		a.Say(report.ForgetWould, what.Records)
	default:
		if _, _, err := f.held.Rewrite(0, what.Write); err != nil {
			return exit.Refuse(exit.Error, report.ErrJournal, p.Path, exit.Reason(err))
		}
		a.Say(report.ForgetDone, what.Records)
	}
	mend := f.mend
	if dryRun {
		mend = f.wouldMend
	}
	if err := mend(); err != nil {
		return err
	}
	return listHolders(a, p, f.runs, numbers, f.mended)
}

// forgetting is a journal that is to be without numbers.
type forgetting struct {
	*command.Invocation
	place   store.Place
	numbers []string
	known   *books.Journal
	size    int64
	held    *store.Journal // nil: nothing is changed
	beside  []*store.Other // journals in the same folder
	runs    []books.RunStart
	mended  map[string]bool // files that hold none in the end
	closing []func()
}

func (f *forgetting) close() {
	for _, c := range slices.Backward(f.closing) {
		c()
	}
}

// look reads the journal.
func (f *forgetting) look() error {
	sight, err := store.Look(f.place)
	if err != nil {
		return err
	}
	f.closing = append(f.closing, func() { sight.Close() })
	f.size = sight.Size
	if f.known, err = books.Read(sight, f.size, nil); err != nil {
		return store.Unread(f.place.Path, err)
	}
	return nil
}

// open takes the journal's lock, and reads it.
func (f *forgetting) open(o store.Opening) (err error) {
	if f.held, err = store.Open(f.place, o); err != nil {
		return err
	}
	f.closing = append(f.closing, f.held.Close)
	f.known = f.held.Journal
	if f.size, err = f.held.Length(); err != nil {
		return exit.Refuse(exit.Usage, report.ErrJournal, f.place.Path, exit.Reason(err))
	}
	return nil
}

// hold takes the lock of another journal, if it is to be changed.
func (f *forgetting) hold(b *store.Other) error {
	if f.held != nil {
		f.closing = append(f.closing, b.Close)
		if err := b.Hold(f.numbers); err != nil {
			return err
		}
	}
	f.runs = append(slices.Clip(f.runs), b.Runs()...)
	return nil
}

// wouldMend notes what mend would mend.
func (f *forgetting) wouldMend() error {
	if len(f.beside) > 0 {
		f.Say(report.ForgetInCopies, len(f.beside))
	}
	for _, path := range append(files.Temporaries(f.place.Dir()), f.place.Path+journal.LockEnding) {
		f.mended[path] = true
	}
	for _, b := range f.beside {
		f.mended[b.Path], f.mended[b.Path+journal.LockEnding] = true, true
	}
	return nil
}

// mend takes the numbers out of what stands beside the journal.
func (f *forgetting) mend() error {
	for _, b := range f.beside {
		if err := b.Forget(f.numbers); err != nil {
			return exit.Refuse(exit.Error, report.ErrJournal, b.Path, exit.Reason(err))
		}
	}
	if len(f.beside) > 0 {
		f.Say(report.ForgetCopies, len(f.beside))
	}
	for _, path := range files.Temporaries(f.place.Dir()) {
		files.SweepOne(path)
	}
	lock := f.place.Path + journal.LockEnding
	if err := store.ForgetInLock(lock, f.numbers); err != nil {
		f.Say(report.ForgetUnread, lock, exit.Reason(err))
	}
	return nil
}

// needed says why numbers cannot be forgotten, and what ends that.
func needed(a *command.Invocation, p store.Place, needs []books.Need) error {
	var commands []string
	add := func(command string) {
		if !slices.Contains(commands, command) {
			commands = append(commands, command)
		}
	}
	for _, n := range needs {
		switch {
		case n.Doubt, n.Untold && n.Batch != "": // a run hears the service's time
			add("axgbind reconcile " + n.Batch + p.Argument("--journal"))
		case n.Batch != "": // its line in the results may be another row's by now, or nobody's
			list := n.Batch + ".csv"
			add("axgbind status " + n.Batch + " --bindings" + p.Argument("--journal") + " > " + list)
			add("axgbind unbind " + list + " --only " + files.Word("SubsId="+n.SubsID) + p.Argument("--journal"))
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
		found, err := files.Absolute(path)
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
				paths = append(append(paths, path), madeBeside(path)...)
			}
		}
		for _, path := range flags.Paths(r.Flags) {
			if filepath.IsAbs(path) {
				paths = append(paths, store.Unmasked(path)...)
				continue
			}
			for _, dir := range []string{filepath.Dir(r.Input), filepath.Dir(r.Results), "."} { // where it was typed is not recorded
				paths = append(paths, store.Unmasked(filepath.Join(dir, path))...)
			}
		}
	}
	return paths
}

// madeBeside are the files that runs made beside an input or results: NAME.new.csv,
// NAME.kept-BATCH.csv, and temporary files.
func madeBeside(path string) (paths []string) {
	base := filepath.Base(path)
	kept := strings.TrimSuffix(base, filepath.Ext(base)) + output.KeptInfix
	for _, name := range files.Names(filepath.Dir(path)) {
		if strings.HasPrefix(name, kept) || strings.HasPrefix(name, base+".new") || strings.HasPrefix(name, "."+base+".") {
			paths = append(paths, filepath.Join(filepath.Dir(path), name))
		}
	}
	return paths
}
