package manage

import (
	"fmt"
	"io"
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
	sight, err := store.Look(p)
	if err != nil {
		return err
	}
	defer sight.Close()
	if empty, err := journal.Empty(sight, sight.Size); err == nil && empty {
		return p.None()
	}
	c := &checkup{Invocation: a, Sight: sight, trail: journal.NewTrail(sight.Lock)}
	if c.found, err = journal.Examine(sight, sight.Size, c.trail); err != nil {
		return store.Unread(p.Path, err)
	}
	c.describe()
	fault := c.readable()
	if fault == nil {
		fault = c.used()
	}
	if fault == nil {
		fmt.Fprintf(&c.text, "  %s\n", report.CheckGood.In(a.Lang))
	}
	if _, err := io.WriteString(a.Stdout, c.text.String()); err != nil {
		return exit.Refuse(exit.Error, report.ErrWrite, "stdout", exit.Reason(err))
	}
	if fault != nil {
		return fault
	}
	return nil
}

// checkup is a journal that is read from end to end, and what is told of it.
type checkup struct {
	*command.Invocation
	*store.Sight
	trail   *journal.Trail
	found   *journal.Examined
	runs    []books.RunStart
	runsErr error
	text    strings.Builder
}

func (c *checkup) line(label report.Text, text string) {
	fmt.Fprintf(&c.text, "  %s%s\n", report.Pad(label.In(c.Lang), 10), report.Shown(text))
}

// describe tells what the journal is.
func (c *checkup) describe() {
	fmt.Fprintln(&c.text, report.CheckJournal.In(c.Lang, c.Place.Path))
	c.line(report.CheckID, c.found.Header.ID)
	if c.found.Header.Simulated {
		fmt.Fprintf(&c.text, "  %s\n", report.SumSimulated.In(c.Lang))
	}
	c.line(report.CheckCreated, command.Beijing(c.found.Header.Created))
	c.line(report.CheckSize, report.CheckBytes.In(c.Lang, c.Size, c.found.Lines-1))
	_, c.runs, c.runsErr = books.ReadRuns(io.NewSectionReader(c.File, 0, c.found.End))
	batches := map[string]bool{}
	for _, r := range c.runs {
		batches[r.Batch] = true
	}
	c.line(report.CheckRuns, report.CheckRunsOf.In(c.Lang, len(c.runs), len(batches)))
	if n := len(c.runs); n > 0 {
		last := &c.runs[n-1]
		c.line(report.CheckLast, report.CheckRun.In(c.Lang, command.Beijing(last.Start), last.Command, report.Whole(last.Batch), last.Results))
	}
	if torn := c.Size - c.found.End; torn > 0 {
		fmt.Fprintf(&c.text, "  %s\n", report.CheckTorn.In(c.Lang, torn))
	}
}

// readable tells how many rows the journal knows, or what is wrong with its lines.
func (c *checkup) readable() *exit.Fault {
	if len(c.found.Damages) > 0 {
		listDamages(c.Invocation, &c.text, c.found.Damages)
		return damageFault(c.Place, c.found, c.runs)
	}
	j, err := books.Read(c.File, c.Size, nil)
	if err != nil {
		return broken(store.Unread(c.Place.Path, err))
	}
	rows := 0
	for _, s := range j.Standing(c.Began).Batches {
		rows += s.Open
		for _, n := range s.Rows {
			rows += n
		}
	}
	c.line(report.CheckRows, report.CheckRowsOf.In(c.Lang, rows, j.Live()))
	if c.runsErr != nil {
		return exit.Refuse(exit.Error, report.ErrJournal, c.Place.Path, exit.Reason(c.runsErr))
	}
	return nil
}

// used says why no run would use the journal; nil: one would, or another is in use and
// this one is good.
func (c *checkup) used() *exit.Fault {
	said := c.Lock // once compared, it is of this journal
	behind := c.Lock.Compare(c.trail)
	wrong, _ := store.Refusal(c.Place, said, c.found.Header.ID, c.runs, behind)
	if wrong == nil {
		return nil
	}
	if behind == nil && said.Moved == "" {
		c.Warn(wrong)
		return nil
	}
	return broken(wrong)
}

// broken is the fault of a journal that is not good.
func broken(err error) *exit.Fault {
	fault, _ := exit.FaultOf(err)
	fault.Status = exit.Error
	return fault
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
func damageFault(p store.Place, found *journal.Examined, runs []books.RunStart) *exit.Fault {
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
