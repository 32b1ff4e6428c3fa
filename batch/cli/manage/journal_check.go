package manage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/flags"
	"axgbind/batch/cli/store"
	"axgbind/batch/journal"
	"axgbind/report"
)

// mostDamages is how many damaged lines are listed.
const mostDamages = 20

// journalCheckCommand reads the journal from end to end.
func journalCheckCommand(a *command.Invocation) *cobra.Command {
	v := flags.New()
	c := &cobra.Command{
		Use:               "check [PLACE]",
		Short:             report.HelpJournalCheck.In(a.Lang),
		Long:              report.HelpJournalCheckLong.In(a.Lang),
		Example:           report.HelpJournalCheckExample.In(a.Lang),
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: flags.OnePlace,
		RunE: func(_ *cobra.Command, args []string) error {
			err := examineJournal(a, v, args)
			if f, ok := exit.FaultOf(err); ok && f.Status == exit.Error {
				f.Ends = report.Exit1Journal
				return f
			}
			return err
		},
	}
	flags.Add(c, flags.JournalCheck, v, a.Lang)
	return c
}

// examineJournal checks a journal, mends it, or has it count as whole.
func examineJournal(a *command.Invocation, v *flags.Values, args []string) error {
	p, err := placeOf(a, args)
	if err != nil {
		return err
	}
	switch {
	case v.Repair && v.Accept:
		return exit.Refuse(exit.Usage, report.ErrFlagClash, "repair", "accept")
	case v.Repair:
		return repairJournal(a, p)
	case v.Accept:
		return acceptJournal(a, p)
	}
	return checkJournal(a, p)
}

// checkJournal reads all lines of a journal, without its lock, and prints what it is
// and what is wrong with it.
func checkJournal(a *command.Invocation, p store.Place) error {
	known, _ := store.LockState(p.Path) // before the records: a run may be writing them
	said := known
	f, err := files.OpenRegular(p.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return p.None()
	}
	if err != nil {
		return exit.Refuse(exit.Usage, report.ErrJournal, p.Path, exit.Reason(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return exit.Refuse(exit.Usage, report.ErrJournal, p.Path, exit.Reason(err))
	}
	size := info.Size()
	if empty, err := journal.Empty(f, size); err == nil && empty {
		return p.None()
	}
	trail := journal.NewTrail(known)
	found, err := journal.Examine(f, size, trail)
	if err != nil {
		return store.Unread(p.Path, err)
	}
	b := &strings.Builder{}
	line := func(label report.Phrase, text string) {
		fmt.Fprintf(b, "  %s%s\n", report.Pad(label.In(a.Lang), 10), report.Shown(text))
	}
	fmt.Fprintln(b, report.CheckJournal.In(a.Lang, p.Path))
	line(report.CheckID, found.Header.ID)
	if found.Header.Simulated {
		fmt.Fprintf(b, "  %s\n", report.SumSimulated.In(a.Lang))
	}
	line(report.CheckCreated, command.Beijing(found.Header.Created))
	line(report.CheckSize, report.CheckBytes.In(a.Lang, size, found.Lines-1))
	_, runs, runsErr := books.ReadRuns(io.NewSectionReader(f, 0, found.End))
	batches := map[string]bool{}
	for _, r := range runs {
		batches[r.Batch] = true
	}
	line(report.CheckRuns, report.CheckRunsOf.In(a.Lang, len(runs), len(batches)))
	if n := len(runs); n > 0 {
		last := &runs[n-1]
		line(report.CheckLast, report.CheckRun.In(a.Lang, command.Beijing(last.Start), last.Verb(), report.Whole(last.Batch), last.Results))
	}
	if torn := size - found.End; torn > 0 {
		fmt.Fprintf(b, "  %s\n", report.CheckTorn.In(a.Lang, torn))
	}
	var fault *exit.Fault
	if len(found.Damages) > 0 {
		listDamages(a, b, found.Damages)
		fault = damageFault(a, p, found, runs)
	} else if j, err := books.Read(f, size, nil); err != nil {
		fault, _ = exit.FaultOf(store.Unread(p.Path, err))
		fault.Status = exit.Error
	} else {
		rows := 0
		for _, s := range j.Standing(a.Began).Batches {
			rows += s.Open
			for _, n := range s.Rows {
				rows += n
			}
		}
		line(report.CheckRows, report.CheckRowsOf.In(a.Lang, rows, j.Live()))
		if runsErr != nil {
			fault = exit.Refuse(exit.Error, report.ErrJournal, p.Path, exit.Reason(runsErr))
		}
	}
	if fault == nil {
		behind := known.Compare(trail)
		wrong, _ := store.Refusal(p, said, found.Header.ID, runs, behind)
		if wrong != nil && behind == nil && said.Moved == "" { // it is good, and not the one in use
			a.Warn(wrong)
			wrong = nil
		}
		if wrong == nil {
			fmt.Fprintf(b, "  %s\n", report.CheckGood.In(a.Lang))
		} else {
			fault, _ = exit.FaultOf(wrong)
			fault.Status = exit.Error
		}
	}
	if _, err := io.WriteString(a.Stdout, b.String()); err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	if fault != nil {
		return fault
	}
	return nil
}

// listDamages lists damaged lines, and what can be told of each.
func listDamages(a *command.Invocation, b *strings.Builder, damages []journal.Damage) {
	for i, d := range damages {
		if i == mostDamages {
			fmt.Fprintf(b, "  %s\n", report.CheckMore.In(a.Lang, len(damages)-i))
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
		fmt.Fprintf(b, "  %s\n", report.CheckDamage.In(a.Lang, lines, d.Offset, d.Length, report.Say(report.WhyDamage, d.Err.Error()), told))
	}
}

// damageFault says what helps a damaged journal.
func damageFault(a *command.Invocation, p store.Place, found *journal.Examined, runs []books.RunStart) *exit.Fault {
	if store.Repairable(found) {
		return exit.Refuse(exit.Error, report.ErrRepairable, p.Path, len(found.Damages), report.Whole("axgbind journal check --repair"+p.Argument("")))
	}
	anew := files.Word(filepath.Join(p.Dir(), "new"))
	commands := []string{"axgbind journal init --another " + anew}
	results := map[string]bool{}
	for i := len(runs) - 1; i >= 0 && len(results) < store.MostNamed; i-- {
		if r := runs[i].Results; !results[r] && r != "" {
			results[r] = true
			commands = append(commands, "axgbind bind "+files.Word(r)+" --journal "+anew)
		}
	}
	return exit.Refuse(exit.Error, report.ErrUnrepairable, p.Path, len(found.Damages), report.Whole(strings.Join(commands, "; ")))
}

// repairJournal mends a damaged journal where that is certain, and says so.
func repairJournal(a *command.Invocation, p store.Place) error {
	damages, kept, err := store.Repair(p)
	if err != nil {
		return err
	}
	if kept != "" {
		a.Say(report.SayRepaired, damages, a.Shown(p.Path), a.Shown(kept))
	}
	return checkJournal(a, p)
}

// acceptJournal has a journal count as whole, and says so.
func acceptJournal(a *command.Invocation, p store.Place) error {
	if err := store.Accept(p, a.Began); err != nil {
		return err
	}
	a.Say(report.SayAccepted, a.Shown(p.Path))
	return nil
}
