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

// chooseBatch finds out which batch this run works on. A path proposes a batch: the
// one whose results stand there, or whose results are the input. Its rows confirm
// it: if the input has none of them, a new batch begins.
func (j *job) chooseBatch(journal *books.Journal) error {
	at, known := journal.BatchAt(j.resultsPath())
	if known && at.First.Command != j.verb {
		return exit.Refuse(exit.Usage, report.ErrOutOther, j.Shown(j.results), at.First.Command)
	}
	if j.settings.Input.Bindings {
		if j.batch = at.ID; !known {
			j.batch = journal.NewBatch(j.start)
		}
		return j.chooseSubject(journal)
	}
	if id, err := j.carriedBatch(journal); err != nil || id != "" {
		j.batch = id
		return err
	}
	if !known {
		var err error
		if at, known, err = j.movedBatch(journal); err != nil {
			return err
		}
	}
	if known {
		shares, err := journal.Shares(j.input, at.ID)
		if err != nil {
			return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
		}
		if shares || j.sharesResults(journal, at.ID) {
			j.batch = at.ID
			return nil
		}
		pending := 0
		if at.End != nil {
			pending = at.End.Counts[report.Pending.String()]
		}
		j.left, j.leftOf = journal.Stands()[at.ID][report.Unknown], at.ID
		j.Say(report.SayNewBatch, j.Shown(j.results), at.ID, pending, j.left)
	}
	j.batch = journal.NewBatch(j.start)
	return nil
}

// carriedBatch is the batch of this command whose results the input is; blank: none.
func (j *job) carriedBatch(journal *books.Journal) (string, error) {
	if !j.input.Carries() {
		return "", nil
	}
	id, err := journal.Recognise(j.input)
	if err != nil {
		return "", exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
	}
	if b, ok := journal.Batch(id); !ok || b.First.Command != j.verb {
		return "", nil
	}
	return id, nil
}

// movedBatch is the batch of this command whose results stand at their path, though the
// journal knows them at another: they were moved with their folder.
func (j *job) movedBatch(journal *books.Journal) (b books.BatchInfo, known bool, err error) {
	old, closeOld, err := j.oldResults()
	if err != nil || old == nil {
		return b, false, err
	}
	defer closeOld()
	id, err := journal.Recognise(old)
	if err != nil {
		return b, false, nil // they are none of the journal's
	}
	b, known = journal.Batch(id)
	return b, known && b.First.Command == j.verb, nil
}

// sharesResults reports whether the input has a row of the results of a batch that
// stand at their path: a row that was never sent is in no journal.
func (j *job) sharesResults(journal *books.Journal, id string) bool {
	old, closeOld, err := j.oldResults()
	if err != nil || old == nil {
		return false
	}
	defer closeOld()
	its, err := journal.Recognise(old)
	shares := err == nil && its == id
	if shares {
		shares, err = books.SharesPlace(j.input, old)
	}
	return shares && err == nil
}

// keptPath is where the results of a batch are kept that had UNKNOWN rows which left
// the input.
func (j *job) keptPath() string {
	id := j.batch
	if j.left > 0 { // of the batch that was there before
		id = j.leftOf
	}
	ending := filepath.Ext(j.results)
	return strings.TrimSuffix(j.results, ending) + output.KeptInfix + id + ending
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
func (j *job) chooseSubject(journal *books.Journal) error {
	b, known := journal.Batch(j.subject)
	if path, err := files.Absolute(j.source.Path); err == nil && !known && j.source.Path != "-" {
		b, known = journal.BatchAt(path)
	}
	if !known {
		id, err := journal.Recognise(j.input)
		if err != nil {
			return exit.Refuse(exit.Input, report.ErrInputRead, j.source.Path, exit.Reason(err))
		}
		b, known = journal.Batch(id)
	}
	switch {
	case !known:
	case bound(&b.First):
		j.of = b.ID
	default: // results of an update are about what that was about
		j.of = b.Last.Of
	}
	j.settings.Plan.Of = j.of
	return nil
}

// resultsPath is the absolute path of the results, by which runs know them.
func (j *job) resultsPath() string {
	path, err := files.Absolute(j.results)
	if err != nil {
		return j.results
	}
	return path
}
