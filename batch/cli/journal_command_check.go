package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/journal"
	"axgbind/report"
)

// damagedEnding follows the name of a journal that was written anew because of its
// damage.
const damagedEnding = ".damaged"

// mostDamages is how many damaged lines are listed.
const mostDamages = 20

// journalCheckCommand reads the journal from end to end.
func (a *app) journalCheckCommand() *cobra.Command {
	var repair, accept bool
	c := &cobra.Command{
		Use:               "check [PLACE]",
		Short:             report.HelpJournalCheck.In(a.lang),
		Long:              report.HelpJournalCheckLong.In(a.lang),
		Example:           report.HelpJournalCheckExample.In(a.lang),
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: onePlace,
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := a.placeOf(args)
			if err != nil {
				return err
			}
			switch {
			case repair && accept:
				return refuse(statusUsage, report.ErrFlagClash, "repair", "accept")
			case repair:
				return a.repairJournal(p)
			case accept:
				return a.acceptJournal(p)
			}
			return a.checkJournal(p)
		},
	}
	c.Flags().BoolVar(&repair, "repair", false, report.FlagRepair.In(a.lang))
	c.Flags().BoolVar(&accept, "accept", false, report.FlagAccept.In(a.lang))
	a.completeFlags(c)
	return c
}

// checkJournal reads all lines of a journal, without its lock, and prints what it is
// and what is wrong with it.
func (a *app) checkJournal(p place) error {
	known, _ := lockState(p.path) // before the records: a run may be writing them
	said := known
	f, err := files.OpenRegular(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return p.none()
	}
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, p.path, reasonOf(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, p.path, reasonOf(err))
	}
	size := info.Size()
	if empty, err := journal.Empty(f, size); err == nil && empty {
		return p.none()
	}
	trail := journal.NewTrail(known)
	found, err := journal.Examine(f, size, trail)
	if err != nil {
		return journalFault(p.path, err)
	}
	b := &strings.Builder{}
	line := func(label report.Phrase, text string) {
		fmt.Fprintf(b, "  %s%s\n", report.Pad(label.In(a.lang), 10), report.Shown(text))
	}
	fmt.Fprintln(b, report.CheckJournal.In(a.lang, p.path))
	line(report.CheckID, found.Header.ID)
	if found.Header.Simulated {
		fmt.Fprintf(b, "  %s\n", report.SumSimulated.In(a.lang))
	}
	line(report.CheckCreated, beijing(found.Header.Created))
	line(report.CheckSize, report.CheckBytes.In(a.lang, size, found.Lines-1))
	_, runs, runsErr := books.ReadRuns(io.NewSectionReader(f, 0, found.End))
	batches := map[string]bool{}
	for _, r := range runs {
		batches[r.Batch] = true
	}
	line(report.CheckRuns, report.CheckRunsOf.In(a.lang, len(runs), len(batches)))
	if n := len(runs); n > 0 {
		last := &runs[n-1]
		line(report.CheckLast, report.CheckRun.In(a.lang, beijing(last.Start), last.Verb(), report.Whole(last.Batch), last.Results))
	}
	if torn := size - found.End; torn > 0 {
		fmt.Fprintf(b, "  %s\n", report.CheckTorn.In(a.lang, torn))
	}
	var fault *fault
	if len(found.Damages) > 0 {
		a.listDamages(b, found.Damages)
		fault = a.damageFault(p, found, runs)
	} else if j, err := books.Read(f, size, nil); err != nil {
		fault = journalFault(p.path, err)
		fault.status = statusError
	} else {
		rows := 0
		for _, s := range j.Standing(a.began).Batches {
			rows += s.Open
			for _, n := range s.Rows {
				rows += n
			}
		}
		line(report.CheckRows, report.CheckRowsOf.In(a.lang, rows, j.Live()))
		if runsErr != nil {
			fault = refuse(statusError, report.ErrJournal, p.path, reasonOf(runsErr))
		}
	}
	if fault == nil {
		c := looked(p, said, found.Header.ID, runs)
		behind := known.Compare(trail)
		fault, _ = a.refusal(c, behind)
		if fault != nil && behind == nil && said.Moved == "" { // it is good, and not the one in use
			a.warn(fault)
			fault = nil
		}
		if fault == nil {
			fmt.Fprintf(b, "  %s\n", report.CheckGood.In(a.lang))
		} else {
			fault.status = statusError
		}
	}
	if _, err := io.WriteString(a.stdout, b.String()); err != nil {
		return refuse(statusError, report.ErrWrite, "stdout", reasonOf(err))
	}
	if fault != nil {
		return fault
	}
	return nil
}

// listDamages lists damaged lines, and what can be told of each.
func (a *app) listDamages(b *strings.Builder, damages []journal.Damage) {
	for i, d := range damages {
		if i == mostDamages {
			fmt.Fprintf(b, "  %s\n", report.CheckMore.In(a.lang, len(damages)-i))
			break
		}
		lines := strconv.Itoa(d.Line)
		if d.Lines > 1 {
			lines += "-" + strconv.Itoa(d.Line+d.Lines-1)
		}
		told := report.Say(report.DamageUnknown)
		switch {
		case d.Right != nil:
			told = report.Say(report.DamageBit)
		case d.Looks != "":
			told = report.Say(report.DamageLooks, d.Looks)
		}
		fmt.Fprintf(b, "  %s\n", report.CheckDamage.In(a.lang, lines, d.Offset, d.Length, report.Say(report.WhyDamage, d.Err.Error()), told))
	}
}

// damageFault says what helps a damaged journal.
func (a *app) damageFault(p place, found *journal.Examined, runs []books.RunStart) *fault {
	if repairable(found) {
		return refuse(statusError, report.ErrRepairable, p.path, len(found.Damages), report.Whole("axgbind journal check --repair"+p.argument("")))
	}
	anew := shellWord(filepath.Join(p.dir(), "new"))
	commands := []string{"axgbind journal init --another " + anew}
	results := map[string]bool{}
	for i := len(runs) - 1; i >= 0 && len(results) < mostNamed; i-- {
		if r := runs[i].Results; !results[r] && r != "" {
			results[r] = true
			commands = append(commands, "axgbind bind "+shellWord(r)+" --journal "+anew)
		}
	}
	return refuse(statusError, report.ErrUnrepairable, p.path, len(found.Damages), report.Whole(strings.Join(commands, "; ")))
}

// repairable reports whether it is certain what all damaged lines were.
func repairable(found *journal.Examined) bool {
	for _, d := range found.Damages {
		if d.Right == nil {
			return false
		}
	}
	return true
}

// repairJournal writes a damaged journal anew as it was, where that is certain, and
// keeps the old one beside it.
func (a *app) repairJournal(p place) error {
	if _, err := os.Stat(p.path); errors.Is(err, fs.ErrNotExist) {
		return p.none()
	}
	j := &journalFile{path: p.path}
	defer j.close()
	if err := j.lock(p, false); err != nil {
		return err
	}
	size, err := j.place.Length()
	if err != nil {
		return refuse(statusUsage, report.ErrJournal, p.path, reasonOf(err))
	}
	found, err := journal.Examine(j.place, size, nil)
	if err != nil {
		return journalFault(p.path, err)
	}
	if len(found.Damages) == 0 || !repairable(found) {
		j.close() // what follows only looks
		return a.checkJournal(p)
	}
	kept, err := keepDamaged(j, size)
	if err != nil {
		return refuse(statusError, report.ErrWrite, p.path+damagedEnding, reasonOf(err))
	}
	r, err := files.ReplaceOwn(p.path)
	if err != nil {
		return refuse(statusError, report.ErrJournal, p.path, reasonOf(err))
	}
	if err := writeRight(r, j.place, size, found.Damages); err != nil {
		r.Discard()
		return refuse(statusError, report.ErrJournal, p.path, reasonOf(err))
	}
	if info, err := r.File.Stat(); err != nil {
		r.Discard()
		return refuse(statusError, report.ErrJournal, p.path, reasonOf(err))
	} else if _, err := books.Read(r.File, info.Size(), nil); err != nil {
		r.Discard()
		f := journalFault(p.path, err)
		f.status = statusError
		return f
	}
	if err := r.Seal(); err != nil {
		return refuse(statusError, report.ErrJournal, p.path, reasonOf(err))
	}
	if err := j.replaceBy(r); err != nil {
		return refuse(statusError, report.ErrJournal, p.path, reasonOf(err))
	}
	j.close()
	a.say(report.SayRepaired, len(found.Damages), a.shown(p.path), a.shown(kept))
	return a.checkJournal(p)
}

// keepDamaged copies a journal to a name beside it that is free, durably.
func keepDamaged(j *journalFile, size int64) (string, error) {
	const most = 99 // copies
	for n := 1; ; n++ {
		name := j.path + damagedEnding
		if n > 1 {
			name += strconv.Itoa(n)
		}
		f, err := files.OpenIn(filepath.Dir(name))(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY)
		if errors.Is(err, fs.ErrExist) && n < most {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = io.Copy(f, io.NewSectionReader(j.place, 0, size))
		if err == nil {
			err = f.Sync()
		}
		err = errors.Join(err, f.Close())
		if err == nil {
			err = files.SyncDir(filepath.Dir(name))
		}
		if err != nil {
			os.Remove(name)
			return "", err
		}
		return name, nil
	}
}

// writeRight writes a journal with its damaged lines as they were.
func writeRight(w io.Writer, r io.ReaderAt, size int64, damages []journal.Damage) error {
	at := int64(0)
	for _, d := range damages {
		if _, err := io.Copy(w, io.NewSectionReader(r, at, d.Offset-at)); err != nil {
			return err
		}
		if _, err := w.Write(d.Right); err != nil {
			return err
		}
		at = d.Offset + d.Length
	}
	_, err := io.Copy(w, io.NewSectionReader(r, at, size-at))
	return err
}

// acceptJournal lets a journal count as whole that lacks what some batches sent: a
// person says so, who knows what became of that.
func (a *app) acceptJournal(p place) error {
	if s, ok := lockState(p.path); ok && s.Moved != "" { // no run uses it, whatever it has
		return p.none()
	}
	header, err := headerAt(p)
	if err != nil {
		return err
	}
	j, err := a.openJournal(p, opening{accept: true, simulated: header.Simulated, instance: header.Instance, now: a.began})
	if err != nil {
		return err
	}
	defer j.close()
	c := candidate{place: p, lock: &j.said, id: j.Header.ID, runs: j.Runs}
	if original := c.original(); original != "" {
		if wrong, _ := c.fault(); wrong != nil {
			return wrong
		}
	}
	j.begun = true // the lock file stays
	j.use()
	if err := j.place.LockFile().Accept(); err != nil {
		return refuse(statusError, report.ErrJournal, p.path, reasonOf(err))
	}
	if err := j.bearWitness(); err != nil {
		return refuse(statusError, report.ErrJournal, p.path, reasonOf(err))
	}
	c.retireOthers()
	a.say(report.SayAccepted, a.shown(p.path))
	return nil
}
