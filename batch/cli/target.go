package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/output"
	"axgbind/report"
)

// target is the batch that a run works on.
type target struct {
	paths
	batch   string           // its id
	of      string           // of the batch that an update or unbind is about; blank: a list
	subject string           // the batch of an unbind or update, as it was named by its id
	left    int              // UNKNOWN rows of the batch whose results stood at the path, when a new batch began there
	leftOf  string           // that batch
	moved   []books.RunStart // of the journal, if none of them wrote to the path of the input
	doubted int              // UNKNOWN rows of the batch that an unbind is about, which have left its input
	nothing report.Text      // why there is no input: the work is done
}

// chooseBatch finds out which batch this run works on. A path proposes a batch: the
// one whose results stand there, or whose results are the input. Its rows confirm
// it: if the input has none of them, a new batch begins.
func (t *target) chooseBatch(journal *books.Journal) error {
	at, known := journal.BatchAt(t.resultsPath())
	if known && at.First.Command != t.verb {
		return exit.Refuse(exit.Usage, report.ErrOutOther, t.Shown(t.results), at.First.Command)
	}
	if t.settings.Input.Bindings {
		if t.batch = at.ID; !known {
			t.batch = journal.NewBatch(t.start)
		}
		return t.chooseSubject(journal)
	}
	if id, err := t.carriedBatch(journal); err != nil || id != "" {
		t.batch = id
		return err
	}
	if !known {
		var err error
		if at, known, err = t.movedBatch(journal); err != nil {
			return err
		}
	}
	if known {
		shares, err := journal.Shares(t.input, at.ID)
		if err != nil {
			return exit.Refuse(exit.Input, report.ErrInputRead, t.source.Path, exit.Reason(err))
		}
		if shares || t.sharesResults(journal, at.ID) {
			t.batch = at.ID
			return nil
		}
		pending := 0
		if at.End != nil {
			pending = at.End.Counts[report.Pending.String()]
		}
		t.left, t.leftOf = journal.Stands()[at.ID][report.Unknown], at.ID
		t.Say(report.SayNewBatch, t.Shown(t.results), at.ID, pending, t.left)
	}
	t.batch = journal.NewBatch(t.start)
	return nil
}

// carriedBatch is the batch of this command whose results the input is; blank: none.
func (p *paths) carriedBatch(journal *books.Journal) (string, error) {
	if !p.input.IsResults() {
		return "", nil
	}
	id, err := journal.BatchOfResults(p.input)
	if err != nil {
		return "", exit.Refuse(exit.Input, report.ErrInputRead, p.source.Path, exit.Reason(err))
	}
	if b, ok := journal.Batch(id); !ok || b.First.Command != p.verb {
		return "", nil
	}
	return id, nil
}

// movedBatch is the batch of this command whose results stand at their path, though the
// journal knows them at another: they were moved with their folder.
func (p *paths) movedBatch(journal *books.Journal) (b books.BatchInfo, known bool, err error) {
	old, closeOld, err := p.oldResults()
	if err != nil || old == nil {
		return b, false, err
	}
	defer closeOld()
	id, err := journal.BatchOfResults(old)
	if err != nil {
		return b, false, nil // they are none of the journal's
	}
	b, known = journal.Batch(id)
	return b, known && b.First.Command == p.verb, nil
}

// sharesResults reports whether the input has a row of the results of a batch that
// stand at their path: a row that was never sent is in no journal.
func (p *paths) sharesResults(journal *books.Journal, id string) bool {
	old, closeOld, err := p.oldResults()
	if err != nil || old == nil {
		return false
	}
	defer closeOld()
	its, err := journal.BatchOfResults(old)
	shares := err == nil && its == id
	if shares {
		shares, err = books.SharesPlace(p.input, old)
	}
	return shares && err == nil
}

// keptPath is where the results of a batch are kept that had UNKNOWN rows which left
// the input.
func (t *target) keptPath() string {
	id := t.batch
	if t.left > 0 { // of the batch that was there before
		id = t.leftOf
	}
	ending := filepath.Ext(t.results)
	return strings.TrimSuffix(t.results, ending) + output.KeptInfix + id + ending
}

// keepOld copies the results that this run will replace, if rows of them are UNKNOWN
// and not in the input: whoever asks what became of those needs them.
func (j *job) keepOld() error {
	if !j.binds || j.left+j.plan.GoneUnknown == 0 || files.Exists(j.keptPath()) {
		return nil
	}
	old, closeOld, err := j.oldResults()
	if err != nil || old == nil {
		return nil // there are none to keep
	}
	defer closeOld()
	if lacks, err := books.LacksUnknown(j.input, old); err != nil || !lacks {
		return err
	}
	from, err := files.OpenRegular(j.results)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(j.keptPath(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.Copy(to, from); err == nil {
		err = to.Sync()
	}
	if err = errors.Join(err, to.Close()); err != nil {
		_ = os.Remove(j.keptPath()) // a part of it would be taken for all
		return err
	}
	j.Say(report.SayKeptResults, j.Shown(j.keptPath()))
	return nil
}

// chooseSubject finds out whose bindings an update or unbind is about: those of the
// batch whose results the input is; else it is a list.
func (t *target) chooseSubject(journal *books.Journal) error {
	b, known := journal.Batch(t.subject)
	if path, err := files.Absolute(t.source.Path); err == nil && !known && t.source.Path != "-" {
		b, known = journal.BatchAt(path)
	}
	if !known {
		id, err := journal.BatchOfResults(t.input)
		if err != nil {
			return exit.Refuse(exit.Input, report.ErrInputRead, t.source.Path, exit.Reason(err))
		}
		b, known = journal.Batch(id)
	}
	switch {
	case !known:
	case bound(&b.First):
		t.of = b.ID
	default: // results of an update are about what that was about
		t.of = b.Last.Of
	}
	t.settings.Plan.Of = t.of
	return nil
}

// resultsPath is the absolute path of the results, by which runs know them.
func (p *paths) resultsPath() string {
	path, err := files.Absolute(p.results)
	if err != nil {
		return p.results
	}
	return path
}
